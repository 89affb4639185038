"""What the season does to plants: young leaves, colours of autumn, bare twigs.

Dates are those of the phenological calendar of the German weather service (DWD): oaks unfold their leaves from the last
days of April, colour from early October and are bare by the end of November; half a year later south of the equator.
Within 23.4 degrees of it trees are green all the year.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.world.mesh import Mesh, Model

Floats = NDArray[np.float64]
Season = Literal["spring", "summer", "autumn", "winter"]

_BEGINS: tuple[tuple[int, Season], ...] = (
    (330, "winter"),
    (275, "autumn"),
    (135, "summer"),
    (105, "spring"),
    (0, "winter"),
)
"""Day of the year from which a season lasts in the north."""
_TROPICS = 23.4
_EVERGREEN = ("spruce", "high hedge")
_AUTUMN = np.array([(0.42, 0.26, 0.03), (0.36, 0.15, 0.025), (0.24, 0.09, 0.03), (0.16, 0.15, 0.03)])
"""Birch and lime yellow, maple orange, oak brown, and still green; linear sRGB."""
_TWIGS = np.array((0.085, 0.068, 0.055))
"""Of bare crowns from far away."""


def season_of(date: dt.date, latitude: float) -> Season:
    """The season of plants on a date at a latitude [deg]."""
    if abs(latitude) < _TROPICS:
        return "summer"
    day = date.timetuple().tm_yday if latitude > 0.0 else (date + dt.timedelta(days=182)).timetuple().tm_yday
    return next(season for begin, season in _BEGINS if day >= begin)


def dressed(model: Model, name: str, season: Season, rng: np.random.Generator) -> Model:
    """The model of a kind of plant, such as `near lime 0`, as it looks in a season; all else stays as it is."""
    if season == "summer" or any(word in name for word in _EVERGREEN):
        return model
    tint = _AUTUMN[rng.choice(len(_AUTUMN), p=(0.35, 0.25, 0.2, 0.2))]
    parts = {
        part: tuple(kept for mesh in meshes if (kept := _dressed(mesh, name, season, tint, rng)) is not None)
        for part, meshes in model.parts.items()
    }
    return replace(model, parts=parts)


def _dressed(mesh: Mesh, name: str, season: Season, tint: Floats, rng: np.random.Generator) -> Mesh | None:
    if mesh.material != "leaf" or mesh.semantic != "vegetation":
        return mesh
    if season == "spring":
        return _coloured(mesh, mesh.colors * np.array([1.35, 1.25, 0.95]))
    tone = mesh.colors.mean(axis=1, keepdims=True) / max(float(mesh.colors.mean()), 1e-6)
    if season == "autumn":
        return _coloured(_thinned(mesh, 0.75, rng), tone * tint)
    if "wood" in name or "grove" in name:
        return _coloured(mesh, tone * _TWIGS)
    share = 0.35 if "hedge" in name else 0.12 if "bush" in name or "thicket" in name else 0.0
    return _coloured(_thinned(mesh, share, rng), tone * _TWIGS) if share else None


def _coloured(mesh: Mesh, colors: NDArray[np.floating]) -> Mesh:
    wide = np.broadcast_to(colors, mesh.colors.shape)
    return replace(mesh, colors=np.ascontiguousarray(np.clip(wide, 0.004, 0.6), dtype=np.float32))


def _thinned(mesh: Mesh, share: float, rng: np.random.Generator) -> Mesh:
    """The mesh with this share of its leaves; closed cores, whose triangles share vertices, stay."""
    if len(mesh.vertices) != 3 * len(mesh.faces):
        return mesh
    return replace(mesh, faces=mesh.faces[rng.random(len(mesh.faces)) < share])
