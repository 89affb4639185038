"""Core and plug-in alike are found through entry points; a plug-in that fails to load is an error, never a warning."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import Any

from roadlab.errors import RoadlabError


class PluginError(RoadlabError):
    """An entry point exists but cannot be loaded."""


@cache
def registered(group: str) -> dict[str, Any]:
    """Everything registered under `roadlab.<group>`, by name, in order of name."""
    found: dict[str, Any] = {}
    for entry in sorted(entry_points(group=f"roadlab.{group}"), key=lambda e: e.name):
        try:
            found[entry.name] = entry.load()
        except Exception as error:
            raise PluginError(f"{group} {entry.name!r} ({entry.value}) cannot be loaded: {error}") from error
    return found
