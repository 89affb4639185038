"""What one sees through a bus's windows: floor, wheel boxes, seats, rails, the driver's place, passengers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, box, capsule, cylinder
from roadlab_sensors.world.vehicles.cabin import occupant, seat, steering_wheel
from roadlab_sensors.world.vehicles.finish import Finish

FLOOR = 0.37
"""Height of the low floor [m]."""
CLOTHS = ((0.02, 0.06, 0.22), (0.16, 0.02, 0.03), (0.03, 0.12, 0.08), (0.06, 0.06, 0.07))
FULL = 5
"""Passengers, at most; those who are on board at other hours of the day are fewer."""


def interior(nose: float, tail: float, finish: Finish, occupants: int, rng: np.random.Generator) -> list[Mesh]:
    """All inside; with a driver there are passengers too."""
    cloth = replace(finish.lining, color=CLOTHS[int(rng.integers(len(CLOTHS)))])
    floor = replace(finish.lining, color=(0.09, 0.09, 0.1))
    meshes = [
        *_floor(nose, tail, floor),
        box((tail + 0.25, -1.18, FLOOR), (tail + 0.95, 1.18, 1.28), finish.lining),
        *_wheel_boxes(nose, floor),
        *_rails(nose, tail, finish),
        *_driver_place(nose, finish),
    ]
    rows = [x for x in np.arange(tail + 1.45, nose - 3.6, 0.78) if abs(x - 2.3) > 0.75]
    places = [(float(x), y, FLOOR + (0.62 if x < 0.8 else 0.5)) for x in rows for y in (0.98, 0.54, -0.54, -0.98)]
    for x, y, hip in places:
        meshes += _bus_seat(x, y, hip, cloth)
    if occupants:
        meshes += occupant(nose - 1.3, 0.62, 1.3, finish.semantic, rng)
        for k in rng.permutation(len(places))[: int(rng.integers(1, FULL + 1))]:
            meshes += occupant(*places[int(k)], finish.semantic, rng)
    return meshes


def _floor(nose: float, tail: float, style: Style) -> list[Mesh]:
    """From side to side, and narrow between the wheels."""
    ends = (tail + 0.3, -0.62, 0.62, nose - 3.32, nose - 2.08, nose - 0.25)
    halves = (1.2, 0.4, 1.2, 0.4, 1.2)
    return [
        box((start, -half, FLOOR - 0.03), (end, half, FLOOR), style)
        for start, end, half in zip(ends[:-1], ends[1:], halves, strict=True)
    ]


def _wheel_boxes(nose: float, style: Style) -> list[Mesh]:
    boxes = []
    for x in (0.0, nose - 2.7):
        for low, high, wall in ((0.4, 1.22, 0.4), (-1.22, -0.4, -0.42)):
            boxes += [
                box((x - 0.62, low, 1.06), (x + 0.62, high, 1.08), style),
                box((x - 0.62, wall, FLOOR), (x + 0.62, wall + 0.02, 1.06), style),
                *(box((x + end, low, FLOOR), (x + end + 0.02, high, 1.06), style) for end in (-0.62, 0.6)),
            ]
    return boxes


def _bus_seat(x: float, y: float, hip: float, style: Style) -> list[Mesh]:
    """A shell on a foot, padded thinly."""
    return [
        box((x - 0.2, y - 0.2, hip - 0.14), (x + 0.26, y + 0.2, hip - 0.08), style),
        box((x - 0.27, y - 0.2, hip - 0.14), (x - 0.2, y + 0.2, hip + 0.48), style),
    ]


def _rails(nose: float, tail: float, finish: Finish) -> list[Mesh]:
    """Handrails below the ceiling and upright poles in a signal colour, as the blind need them."""
    bright = replace(finish.chrome, color=(0.75, 0.42, 0.03), material="painted_metal")
    rails = [cylinder((tail + 1.0, y, 2.05), (nose - 2.2, y, 2.05), 0.017, bright, segments=6) for y in (0.36, -0.36)]
    poles = [
        cylinder((float(x), y, FLOOR), (float(x), y, 2.5), 0.017, bright, segments=6)
        for x in np.linspace(tail + 1.2, nose - 2.3, 6)
        for y in (0.36, -0.36)
    ]
    return rails + poles


def _driver_place(nose: float, finish: Finish) -> list[Mesh]:
    x = nose - 1.3
    dark = finish.plastic
    return [
        *seat(x, 0.62, 1.3, finish.lining),
        box((x - 0.3, 0.1, FLOOR), (x + 0.55, 1.16, 0.86), dark),
        box((nose - 0.72, -1.0, 0.7), (nose - 0.3, 1.06, 1.12), dark),
        box((x - 0.46, 0.12, FLOOR), (x - 0.42, 1.18, 1.75), dark),
        capsule((x - 0.44, 0.12, 1.7), (x - 0.44, 0.12, 2.5), 0.02, 0.02, dark, segments=6),
        steering_wheel(np.array([x + 0.5, 0.62, 1.42]), dark),
    ]
