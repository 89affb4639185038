"""Lit windows: by night some of the rooms behind the panes have light."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.rays.gathered import Gathered
from roadlab_sensors.rays.surfaces import MATERIAL_NAMES, Batch, Faces
from roadlab_sensors.world.luminaires import light_of

WIDTH, STOREY = 2.4, 2.9
"""Rooms are told apart on this grid [m]: along a wall, and upwards."""
KINDS = 8
"""Of light behind windows."""
LUMINANCE = (1.5, 12.0)
"""Of panes, between these [cd/m²]."""


def with_lit_windows(gathered: Gathered, share: float, seed: int) -> Gathered:
    """The world with a share of its windows as lamps `window 0` to `window 7`."""
    if share <= 0.0:
        return gathered
    lamp, row = gathered.faces.lamp.copy(), 0
    first, glass = len(gathered.lamps) + 1, MATERIAL_NAMES.index("window_glass")
    for batch in gathered.static:
        rows = row + np.flatnonzero(gathered.faces.material[row : row + len(batch.triangles)] == glass)
        chance = _drawn(batch, rows - row, gathered.faces.normal[rows], seed)
        lit = chance < share
        lamp[rows[lit]] = first + (chance[lit] / share * KINDS).astype(np.uint32)
        row += len(batch.triangles)
    names = tuple(("", f"window {k}") for k in range(KINDS))
    return replace(gathered, lamps=(*gathered.lamps, *names), faces=Faces(**(gathered.faces.__dict__ | {"lamp": lamp})))


def window_glow() -> NDArray[np.float64]:
    """(KINDS, 3) radiance [cd/m²]: lamps of 2700 to 4000 K, a bluish screen, dim and bright rooms."""
    kelvin = np.array([2700.0, 3000.0, 2700.0, 4000.0, 2400.0, 3000.0, 8000.0, 2700.0])
    bright = np.geomspace(*LUMINANCE, KINDS)[[3, 6, 1, 5, 2, 7, 0, 4]]
    return np.stack([b * light_of(k) for b, k in zip(bright, kelvin, strict=True)])


def _drawn(batch: Batch, faces: NDArray[np.int64], normal: NDArray[np.float32], seed: int) -> NDArray[np.float64]:
    """A number from 0 to 1 for each of these faces, the same in the same room."""
    # Both triangles of a pane begin at the same corner.
    middle = batch.vertices[batch.triangles[faces, 0]].astype(np.float64) + np.array([0.013, 0.017, 0.3])
    along = -normal[:, 1] * middle[:, 0] + normal[:, 0] * middle[:, 1]
    out = normal[:, 0] * middle[:, 0] + normal[:, 1] * middle[:, 1]
    key = np.stack(
        [np.floor(along / WIDTH), np.floor(middle[:, 2] / STOREY), np.rint(out / 1.5), np.rint(4 * normal[:, 0])]
    )
    mixed = np.full(len(faces), np.uint64(seed % 2**32) + np.uint64(0x9E3779B9))
    for column in key:
        mixed = (mixed ^ column.astype(np.int64).astype(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53
