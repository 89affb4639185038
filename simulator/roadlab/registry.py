"""Core and plug-in alike are found through entry points; a plug-in that fails to load is an error, never a warning."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from roadlab.errors import RoadlabError


class PluginError(RoadlabError):
    """An entry point exists but cannot be loaded."""


def registered_as(group: str, name: str) -> Any:
    """What is registered under `roadlab.<group>` as `name`, without loading the others; KeyError for nothing."""
    return _load(group, entry_points(group=f"roadlab.{group}")[name])


@cache
def registered(group: str) -> dict[str, Any]:
    """Everything registered under `roadlab.<group>`, by name, in order of name."""
    found = sorted(entry_points(group=f"roadlab.{group}"), key=lambda entry: entry.name)
    return {entry.name: _load(group, entry) for entry in found}


def _load(group: str, entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except Exception as error:
        raise PluginError(f"{group} {entry.name!r} ({entry.value}) cannot be loaded: {error}") from error
