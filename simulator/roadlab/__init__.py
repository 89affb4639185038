"""Driving scenarios in YAML, simulated and rendered into labelled camera and lidar datasets."""

from __future__ import annotations

import importlib
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roadlab.engine import simulate
    from roadlab.scenario.load import Scenario, load, load_samples

__all__ = ["Scenario", "__version__", "load", "load_samples", "simulate"]

_HOMES = {
    "Scenario": "roadlab.scenario.load",
    "load": "roadlab.scenario.load",
    "load_samples": "roadlab.scenario.load",
    "simulate": "roadlab.engine",
}


def __getattr__(name: str) -> Any:
    """What `__all__` lists, imported on first use so that `import roadlab` costs next to nothing."""
    if name == "__version__":
        return version("roadlab")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
