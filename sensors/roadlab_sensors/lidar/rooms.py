"""What pulses meet behind the windows of buildings: curtains, and the rooms behind those that have none.

Panes are part of closed meshes. What lies behind is worked out for each ray from a grid of rooms along the facade
(interior mapping, van Dongen 2008), so that walls stand still while a sensor drives past.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.lidar.echoes import NO_ECHOES, Echoes
from roadlab_sensors.lidar.optics import mirrored
from roadlab_sensors.rays.bundles import BundleHits, Bundles
from roadlab_sensors.rays.scene import RayScene
from roadlab_sensors.world.materials import MATERIALS

Floats = NDArray[np.float64]

WINDOW = tuple(MATERIALS).index("window_glass")
ROOM = (4.0, 4.5, 3.0)
"""Width, depth and height [m]; an assumption, as what follows."""
CURTAIN = 0.15
"""Distance of a curtain or blind from the pane [m]."""
CURTAINED = 0.4
"""Share of windows that have one."""
WINDOW_PITCH = (1.5, 3.0)
"""Along a facade and upwards, panes in one cell of this size have the same curtain [m]."""
GLAZING = 0.5
"""Share of near infrared light that two panes of clear glass do not absorb, one way."""
FURNISHED = np.float32(0.45)
"""Mean reflectivity of curtains, walls and furniture in the near infrared."""


def behind_windows(scene: RayScene, bundles: Bundles, hits: BundleHits) -> tuple[NDArray[np.int64], Echoes]:
    """Echoes (N,) from behind windows that sub-rays met, and which sub-ray each is of.

    Their `power` is what returns as a multiple of a white matte surface that faces the light.
    """
    pulse, ray = np.nonzero((scene.faces.material[hits.face] == WINDOW) & (hits.face >= 0) & (hits.part < 0))
    if len(pulse) == 0:
        return ray, NO_ECHOES
    direction = bundles.rays(pulse)[:, np.arange(len(pulse)), ray].T.astype(np.float64)
    distance, face = hits.distance[pulse, ray], hits.face[pulse, ray]
    inwards = -scene.faces.normal[face].astype(np.float64)
    inwards *= np.sign(np.einsum("ij,ij->i", inwards, direction))[:, None]
    beyond, cosine = room(bundles.origins[pulse] + direction * distance[:, None], direction, inwards)
    mirror = float(MATERIALS["window_glass"].mirror)
    through = (1.0 - mirrored(hits.cosine[pulse, ray].astype(np.float64), np.full(len(pulse), mirror))) * GLAZING
    return ray, Echoes(
        pulse,
        distance + beyond,
        FURNISHED * cosine * through**2,
        face,
        np.full(len(pulse), -1),
        cosine.astype(np.float32),
        np.zeros(len(pulse), dtype=np.uint8),
    )


def room(points: Floats, directions: Floats, inwards: Floats) -> tuple[Floats, Floats]:
    """How far rays go on from `points` (N, 3) on panes until they meet something [m], and the cosine of incidence.

    `inwards` (N, 3) are the panes' normals into the building.
    """
    level = np.maximum(np.hypot(inwards[:, 0], inwards[:, 1]), 1e-6)
    along = np.stack([-inwards[:, 1] / level, inwards[:, 0] / level], axis=1)
    place = np.stack([np.einsum("ij,ij->i", points[:, :2], along), points[:, 2]], axis=1)
    slope = np.stack([np.einsum("ij,ij->i", directions[:, :2], along), directions[:, 2]], axis=1)
    depth = np.maximum(np.einsum("ij,ij->i", directions, inwards), 1e-6)
    size = np.array([ROOM[0], ROOM[2]])
    cell = np.floor(place / size)
    ahead = np.where(slope > 0.0, (cell + 1.0) * size - place, place - cell * size)
    sides = ahead / np.maximum(np.abs(slope), 1e-9)
    ways = np.column_stack([sides, ROOM[1] / depth])
    met = ways.argmin(axis=1)
    rows = np.arange(len(met))
    way, cosine = ways[rows, met], np.column_stack([np.abs(slope), depth])[rows, met]
    drawn = curtained(points, inwards)
    return np.where(drawn, np.minimum(CURTAIN / depth, way), way), np.where(drawn, depth, cosine)


def curtained(points: Floats, inwards: Floats) -> NDArray[np.bool_]:
    """Whether the windows at points (N, 3) have curtains: anyhow, but always the same."""
    along = points[:, 1] * inwards[:, 0] - points[:, 0] * inwards[:, 1]
    across = np.rint(np.einsum("ij,ij->i", points, inwards))
    cell = np.floor(along / WINDOW_PITCH[0]) * 127.1 + np.floor(points[:, 2] / WINDOW_PITCH[1]) * 311.7 + across * 74.7
    scattered = np.sin(cell) * 43758.5453
    return np.asarray(scattered - np.floor(scattered) < CURTAINED)
