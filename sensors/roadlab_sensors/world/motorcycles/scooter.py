"""A scooter with a step-through frame, without its rider."""

from __future__ import annotations

import numpy as np

from roadlab.actors.cycling import RIDDEN
from roadlab_sensors.world.motorcycles.shapes import (
    ALLOY,
    BLACK,
    SADDLE,
    STEEL,
    Part,
    both,
    grip,
    guard,
    hull,
    indicators,
    lens,
    mirror,
    moved,
    plate_holder,
    rear_lamps,
    tube,
    wheel,
)
from roadlab_sensors.world.people.sections import Section
from roadlab_sensors.world.people.sections import tube as stacked
from roadlab_sensors.world.shapes import Style, capsule, ellipsoid

RIDE = RIDDEN["scooter"]


def scooter_parts(lacquer: Style, case: Style | None) -> dict[str, Part]:
    """The scooter alone; `case` is the colour of a box behind the saddle, None for none."""
    tyre = wheel(RIDE.wheel_radius, 0.115, 0.155, 5, ALLOY)
    return {
        "frame": [*_shell(lacquer), *_drive(), *_rear_end(), *(_case(case) if case else [])],
        "fork": [m.moved(np.eye(3), -np.array(RIDE.steering_axis)) for m in _fork(lacquer)],
        "wheel_f": tyre,
        "wheel_r": tyre,
    }


def _shell(lacquer: Style) -> Part:
    """Tail, saddle, floor and leg shield."""
    tail = [
        (-0.30, 0.04, 0.63, 0.69),
        (-0.24, 0.12, 0.55, 0.735),
        (-0.05, 0.165, 0.50, 0.75),
        (0.18, 0.175, 0.45, 0.745),
        (0.34, 0.16, 0.33, 0.735),
        (0.45, 0.12, 0.25, 0.71),
        (0.49, 0.08, 0.25, 0.62),
    ]
    saddle = [
        (-0.27, 0.04, 0.74, 0.765),
        (-0.22, 0.11, 0.735, 0.815),
        (-0.05, 0.145, 0.73, 0.82),
        (0.12, 0.15, 0.73, 0.785),
        (0.30, 0.145, 0.725, 0.785),
        (0.42, 0.115, 0.715, 0.775),
        (0.48, 0.06, 0.70, 0.74),
    ]
    top = RIDE.bottom_bracket[2] + 0.012
    shield: list[Section] = [
        (0.20, 0.86, 0.0, 0.05, 0.05, 0.13),
        (0.32, 0.895, 0.0, 0.06, 0.05, 0.19),
        (0.50, 0.93, 0.0, 0.07, 0.045, 0.205),
        (0.68, 0.945, 0.0, 0.075, 0.04, 0.19),
        (0.82, 0.95, 0.0, 0.06, 0.035, 0.14),
        (0.92, 0.955, 0.0, 0.045, 0.035, 0.07),
    ]
    return [
        hull(tail, lacquer, rings=24, around=26, power=3.0),
        hull(saddle, SADDLE, rings=20, power=3.2),
        hull(
            [
                (0.40, 0.14, top - 0.06, top),
                (0.46, 0.165, top - 0.07, top),
                (0.84, 0.165, top - 0.07, top),
                (0.92, 0.12, top - 0.05, top),
            ],
            BLACK,
            power=6.0,
            rings=10,
        ),
        stacked(shield, lacquer, around=28, rings=18, low=0.02, high=0.02, power=2.6),
        hull([(0.90, 0.05, 0.50, 0.80), (0.98, 0.10, 0.48, 0.82), (1.04, 0.06, 0.56, 0.78)], lacquer, rings=10),
        ellipsoid((1.02, 0.0, 0.70), (0.045, 0.07, 0.075), BLACK, segments=16, rings=10),
    ]


def _drive() -> Part:
    """The swinging engine on the left, the exhaust on the right, a stand."""
    engine = [(-0.06, 0.02, 0.20, 0.28), (0.0, 0.035, 0.17, 0.32), (0.22, 0.04, 0.19, 0.34), (0.40, 0.03, 0.22, 0.33)]
    case = hull(engine, STEEL, power=3.4, rings=10).moved(np.eye(3), (0.0, 0.115, 0.0))
    silencer = capsule((0.22, -0.14, 0.27), (-0.16, -0.16, 0.36), 0.055, 0.055, BLACK, segments=14)
    stand = both(tube([(0.36, 0.1, 0.22), (0.22, 0.12, 0.12)], 0.010, BLACK, 6))
    return [case, silencer, *stand, capsule((0.3, -0.06, 0.3), (0.3, 0.1, 0.3), 0.05, 0.05, STEEL, segments=10)]


def _rear_end() -> Part:
    return [
        guard(RIDE.rear_axle, RIDE.wheel_radius + 0.03, 0.07, (70.0, 165.0), BLACK),
        *plate_holder((-0.26, 0.0, 0.60), -0.339, 0.34, 0.018),
        *rear_lamps(
            ((-0.285, 0.0, 0.68), (0.03, 0.075, 0.025)),
            ((-0.28, 0.0, 0.635), (0.03, 0.06, 0.018)),
        ),
        *indicators([(-0.25, 0.13, 0.66)], 0.08),
    ]


def _case(style: Style) -> Part:
    """A box for deliveries on a rack behind the saddle."""
    rack = both(tube([(-0.02, 0.1, 0.80), (-0.14, 0.12, 0.835), (-0.30, 0.12, 0.835)], 0.009, BLACK, 6))
    stations = [
        (-0.335, 0.19, 0.85, 1.22),
        (-0.325, 0.205, 0.84, 1.245),
        (0.03, 0.205, 0.84, 1.245),
        (0.04, 0.19, 0.85, 1.22),
    ]
    return [*rack, hull(stations, style, power=9.0, rings=8, around=32)]


def _fork(lacquer: Style) -> Part:
    """Fork, mudguard, covered bar with lamp and mirrors, in the frame of the scooter."""
    axle, palm = np.array(RIDE.front_axle), np.array(RIDE.grip)
    up = np.array([-np.cos(RIDE.head_angle), 0.0, np.sin(RIDE.head_angle)])
    side = np.array([0.0, 0.08, 0.0])
    outer, inner = moved(palm, -0.02, 0.06, -0.002), moved(palm, 0.025, -0.06, 0.004)
    left = [
        capsule(axle + side, axle + 0.36 * up + side, 0.022, 0.024, BLACK, segments=10),
        *grip(outer, inner),
        capsule((0.90, 0.06, 0.985), inner, 0.045, 0.024, lacquer, segments=12),
        *mirror(moved(inner, 0.0, -0.03, 0.03), (0.853, 0.315, 1.2), (0.06, 0.04)),
    ]
    bar = [(0.82, 0.08, 0.95, 1.02), (0.88, 0.13, 0.93, 1.045), (0.96, 0.12, 0.90, 1.04), (1.01, 0.07, 0.91, 1.0)]
    return [
        *both(left),
        capsule(axle + 0.34 * up, axle + 0.74 * up, 0.04, 0.035, BLACK, segments=12),
        hull([(1.12, 0.06, 0.545, 0.585), (1.15, 0.105, 0.55, 0.59), (1.19, 0.09, 0.54, 0.58)], BLACK, rings=6),
        hull(bar, lacquer, rings=12),
        ellipsoid((0.985, 0.0, 0.955), (0.038, 0.068, 0.04), lens("head", (0.55, 0.57, 0.6)), segments=16, rings=10),
        guard(axle, RIDE.wheel_radius + 0.025, 0.075, (28.0, 155.0), lacquer),
        *indicators([(0.965, 0.13, 0.975)], 0.09),
    ]
