"""What the viewer remembers from one time to the next: which panes were open and where. Nothing else, nowhere else."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import platformdirs

from roadlab_tools.viewer.panes.pane import COLORINGS, OVERLAYS, Kind, Orbit, Pane, PaneKey, Panes

VARIABLE = "ROADLAB_VIEWER_SETTINGS"
"""Environment variable that names another settings file."""
_MOST = 64
"""Panes that are remembered, of whatever rigs."""


def settings_file() -> Path:
    """Where the settings are."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else Path(platformdirs.user_config_path("roadlab")) / "viewer.json"


def remembered(file: Path) -> Panes:
    """The panes of the last time; none where the file is missing, and what is broken in it is left out."""
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))["panes"]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    found = [_pane(entry) for entry in entries] if isinstance(entries, list) else []
    panes = {pane.key: pane for pane in found if pane is not None}
    return tuple(panes.values())


def remember(file: Path, panes: Panes, possible: list[PaneKey]) -> None:
    """Keeps the panes; those of sensors that this rig does not have stay as they were. Atomic."""
    others = tuple(pane for pane in remembered(file) if pane.key not in possible)
    kept = (*others, *panes)[-_MOST:]
    if kept == remembered(file):
        return
    text = json.dumps({"panes": [_entry(pane) for pane in kept]}, indent=1)
    temporary = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text + "\n", encoding="utf-8")
        temporary.replace(file)
    except OSError:
        return  # a home that cannot be written to is no reason to lose what was looked at


def _entry(pane: Pane) -> dict[str, Any]:
    return {**asdict(pane), "overlays": [name for name in OVERLAYS if name in pane.overlays]}


def _pane(entry: Any) -> Pane | None:
    try:
        orbit = {key: float(entry["orbit"][key]) for key in ("azimuth", "elevation", "distance")}
        x, y = (float(value) for value in entry["orbit"]["center"])
        left, top, width, height = (min(max(float(value), 0.0), 1.0) for value in entry["place"])
        kind = next(kind for kind in get_args(Kind) if kind == entry["kind"])
        return Pane(
            str(entry["sensor"]),
            kind,
            (left, top, width, height),
            frozenset(name for name in OVERLAYS if name in entry["overlays"]),
            next(name for name in COLORINGS if name == entry["coloring"]),
            Orbit(center=(x, y), **orbit),
        )
    except (KeyError, TypeError, ValueError, StopIteration):
        return None
