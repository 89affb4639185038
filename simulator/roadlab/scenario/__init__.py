"""The scenario language: files in, decided scenarios out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roadlab.scenario.load import Scenario

__all__ = ["Scenario"]


def __getattr__(name: str) -> Any:
    """`Scenario`, imported on first use: sensors and drivers import the spec and not the loader."""
    if name == "Scenario":
        from roadlab.scenario.load import Scenario

        return Scenario
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
