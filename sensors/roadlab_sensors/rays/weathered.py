"""What rain and snow do to the look of surfaces that lie in the open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.world.mesh import Mesh

Floats = NDArray[np.float32]

THIRSTY = ("asphalt", "concrete", "paving", "stone", "brick", "soil", "road_paint")
"""Materials that take up water: it fills their pores, and light that is scattered in it is lost."""
DARKENING = 0.42
"""Share of the diffuse light that a soaked surface loses (Twomey et al. 1986 give 0.3 to 0.5)."""
FILM = 0.2
"""GGX roughness of soaked pavement: the film follows the stones, and drops stir it."""
SNOW = np.array([0.78, 0.8, 0.83], dtype=np.float32)
LYING = (0.45, 0.8)
"""Upward part of the normal from which snow begins to lie, and on which it lies fully."""


@dataclass(frozen=True)
class Weathered:
    """How wet and white what lies in the open is; see `roadlab.weather.Weather`."""

    wetness: float = 0.0
    snow_cover: float = 0.0


DRY = Weathered()


def weathered_colors(mesh: Mesh, colors: Floats, state: Weathered) -> Floats:
    """(F, 3) colours of a mesh's faces, of which `colors` are the dry ones."""
    if state == DRY:
        return colors
    thirst = 1.0 if mesh.material in THIRSTY else 0.0
    wet = colors * np.float32(1.0 - DARKENING * min(2.0 * state.wetness, 1.0) * thirst)
    if state.snow_cover <= 0.0:
        return wet
    corners = mesh.vertices[mesh.faces]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    up = np.abs(cross[:, 2]) / np.maximum(np.linalg.norm(cross, axis=1), 1e-20)
    lying = np.clip((up - LYING[0]) / (LYING[1] - LYING[0]), 0.0, 1.0).astype(np.float32) * np.float32(state.snow_cover)
    return np.asarray(wet + lying[:, None] * (SNOW - wet), dtype=np.float32)


def weathered_roughness(mesh: Mesh, roughness: float, state: Weathered) -> float:
    """GGX roughness of a mesh whose dry one is given; upright and rough things keep theirs."""
    return roughness_of(mesh.material, roughness, state)


def roughness_of(material: str, roughness: float, state: Weathered) -> float:
    """GGX roughness of a material whose dry one is given."""
    if material not in THIRSTY:
        return roughness
    film = min(1.2 * state.wetness, 1.0) * (1.0 - state.snow_cover)
    return roughness + film * (FILM - roughness)
