"""What is mounted on a bus: mirrors on long arms, wipers, displays, plates, and the units on its roof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import shapely

from roadlab.actors.catalog import VehicleModel
from roadlab_sensors.world.assembly import face
from roadlab_sensors.world.furniture.lettering import digits, lettering, moved
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, box, capsule, cylinder, ellipsoid, loft, smooth
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.skin import Array
from roadlab_sensors.world.vehicles.trim import plate

Screen = Callable[[Array, Array], Array]
"""x of the windscreen at (y, z) [m]."""
AHEAD = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
"""Turns what looks along -y to look along +x."""
BEHIND = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


def trim(
    screen: Screen, nose: float, tail: float, model: VehicleModel, finish: Finish, rng: np.random.Generator
) -> list[Mesh]:
    """All that is mounted on the shell; `screen` tells where the windscreen is."""
    registration = rng.integers(0, 1 << 7, 7)
    return [
        *_mirrors(nose, model.width / 2, finish),
        *_displays(screen, nose, tail, finish, rng),
        *(
            cylinder((nose - 0.03, y, 1.02), (nose - 0.1, y + 0.75, 1.16), 0.014, finish.plastic, segments=6)
            for y in (-0.85, 0.1)
        ),
        *_roof_units(nose, tail, model.height, finish, rng),
        *plate(nose - 0.004, 0.47, 1.0, registration, finish),
        *plate(tail + 0.01, 0.82, -1.0, registration, finish),
        box((tail + 0.006, -1.1, 0.4), (tail + 0.12, 1.1, 0.56), finish.plastic),
        box((nose - 0.1, -0.2, 0.4), (nose, 0.2, 0.44), finish.plastic),
    ]


def _mirrors(nose: float, tip: float, finish: Finish) -> list[Mesh]:
    """One hangs from each upper corner, ahead of the windscreen."""
    meshes: list[Mesh] = []
    for side in (1.0, -1.0):
        root, bend = (nose - 0.42, side * 1.13, 2.62), (nose - 0.16, side * (tip - 0.15), 2.66)
        head = (nose - 0.12, side * (tip - 0.11), 2.34)
        meshes += [
            capsule(root, bend, 0.028, 0.024, finish.plastic, segments=8),
            capsule(bend, head, 0.024, 0.022, finish.plastic, segments=8),
            ellipsoid(
                (nose - 0.13, side * (tip - 0.11), 2.12), (0.075, 0.11, 0.23), finish.black, segments=14, rings=9
            ),
        ]
    return meshes


def _displays(screen: Screen, nose: float, tail: float, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """A line's number and a destination in no language: in front, at the door, behind."""
    amber = Style((0.85, 0.36, 0.03), "plastic", finish.semantic)
    number = digits(str(int(rng.integers(1, 399))), 0.2)
    word = moved(lettering(int(rng.integers(5, 9)), 0.16, rng), -0.2, -0.08)
    sign = shapely.union_all([moved(number, -0.62, 0.0), word])
    flat = face(sign, 0.0, amber).moved(AHEAD, (0.0, 0.0, 2.6))
    _, y, z = flat.vertices.T.astype(np.float64)
    bent = screen(y, z) + 0.006
    front = replace(flat, vertices=np.column_stack([bent, flat.vertices[:, 1:]]).astype(np.float32))
    small = shapely.transform(sign, lambda p: 0.7 * p)
    aside = face(small, 0.0, amber).moved(np.eye(3), (nose - 3.0, -1.247, 2.36))
    behind = face(shapely.transform(number, lambda p: 0.9 * p), 0.0, amber).moved(BEHIND, (tail + 0.068, -0.6, 2.4))
    return [front, aside, behind]


def _roof_units(nose: float, tail: float, height: float, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """The air conditioner in front and the batteries or tanks behind it, with sloped edges."""
    light = replace(finish.paint, color=(0.55, 0.55, 0.54), material="painted_metal")
    first = float(rng.uniform(0.5, 0.62)) * (nose - tail) + tail
    spans = [(first, first + 2.4, height)]
    if rng.random() < 0.6:
        spans.append((tail + 0.9, first - 0.5, height - 0.03))
    return [_hood(start, end, 2.9, top, 0.86, light) for start, end, top in spans]


def _hood(start: float, end: float, low: float, high: float, half: float, style: Style) -> Mesh:
    """A flat box with sloped sides."""
    corners = np.array([(start, -half), (end, -half), (end, half), (start, half)])
    middle = corners.mean(axis=0)
    rings = [
        np.column_stack([middle + (corners - middle) * [1 - 0.12 * s / 1.2, 1 - 0.14 * s], np.full(4, z)])
        for s, z in ((0.0, low), (0.25, high - 0.05), (1.0, high))
    ]
    return smooth(loft(rings, style), crease=0.4)
