"""A naked motorcycle of the middle class: what it is made of, without its rider."""

from __future__ import annotations

import numpy as np

from roadlab.actors.cycling import RIDDEN
from roadlab_sensors.world.motorcycles.shapes import (
    ALLOY,
    BLACK,
    CHROME,
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
from roadlab_sensors.world.shapes import Style, box, capsule, cylinder, ellipsoid, smooth

RIDE = RIDDEN["motorcycle"]


def motorcycle_parts(lacquer: Style, metal: Style) -> dict[str, Part]:
    """The motorcycle alone; `metal` is the colour of its wheels."""
    return {
        "frame": [*_chassis(), *_engine(), *_exhaust(), *_bodywork(lacquer), *_rear_end()],
        "fork": [m.moved(np.eye(3), -np.array(RIDE.steering_axis)) for m in _fork(lacquer)],
        "wheel_f": wheel(RIDE.wheel_radius, 0.12, 0.222, 5, metal),
        "wheel_r": wheel(RIDE.wheel_radius, 0.18, 0.222, 5, metal),
    }


def _chassis() -> Part:
    """Frame tubes, swing arm, spring, chain and pegs."""
    x, _, z = RIDE.bottom_bracket
    left = [
        *tube([(1.08, 0.02, 0.86), (0.86, 0.13, 0.73), (0.52, 0.13, 0.62), (0.43, 0.12, 0.34)], 0.024, BLACK),
        *tube([(1.07, 0.02, 0.78), (0.93, 0.08, 0.42), (0.80, 0.10, 0.28)], 0.018, BLACK),
        *tube([(0.52, 0.11, 0.64), (0.05, 0.09, 0.78), (-0.22, 0.05, 0.84)], 0.015, BLACK),
        capsule((0.43, 0.12, 0.37), (0.0, 0.115, 0.31), 0.034, 0.022, ALLOY, segments=10),
        capsule((x, 0.11, z), (x, RIDE.pedal_offset + 0.05, z), 0.011, 0.011, BLACK, segments=8),
        capsule((x - 0.02, 0.12, z + 0.03), (x + 0.16, 0.15, z + 0.02), 0.009, 0.009, STEEL, segments=6),
    ]
    chain = [
        smooth(cylinder((0.45, 0.095, 0.40 + s), (0.0, 0.095, 0.31 + 1.4 * s), 0.008, STEEL, segments=6))
        for s in (0.045, -0.045)
    ]
    spring = [smooth(cylinder((0.30, 0.0, 0.42), (0.34, 0.0, 0.68), 0.032, BLACK, segments=12))]
    return [*both(left), *chain, *spring]


def _engine() -> Part:
    """Crankcase with covers, leaning cylinders with fins, radiator."""
    case = hull(
        [(0.42, 0.10, 0.26, 0.44), (0.50, 0.14, 0.23, 0.50), (0.78, 0.15, 0.23, 0.50), (0.92, 0.10, 0.27, 0.44)],
        STEEL,
        power=3.5,
    )
    covers = [
        smooth(cylinder((x, -0.19, z), (x, 0.19, z), r, ALLOY, segments=20), crease=0.6)
        for x, z, r in ((0.58, 0.37, 0.105), (0.80, 0.37, 0.085))
    ]
    fins = [
        hull(
            [
                (0.66 + 0.06 * k, 0.06, 0.47 + 0.03 * k, 0.49 + 0.03 * k),
                (0.74 + 0.03 * k, 0.16, 0.46 + 0.033 * k, 0.482 + 0.033 * k),
                (0.90, 0.13, 0.46 + 0.033 * k, 0.482 + 0.033 * k),
            ],
            BLACK,
            power=4.0,
            rings=6,
            around=12,
        )
        for k in range(3)
    ]
    head = hull(
        [(0.66, 0.10, 0.50, 0.66), (0.72, 0.15, 0.50, 0.69), (0.86, 0.15, 0.52, 0.69), (0.93, 0.10, 0.52, 0.64)],
        BLACK,
        power=4.0,
        rings=10,
    )
    radiator = box((0.955, -0.16, 0.46), (0.99, 0.16, 0.70), BLACK)
    return [case, *covers, *fins, head, radiator]


def _exhaust() -> Part:
    """Two headers that join under the engine, and a silencer on the right."""
    headers = both(tube([(0.92, 0.06, 0.60), (1.0, 0.06, 0.50), (0.98, 0.05, 0.32), (0.84, 0.03, 0.21)], 0.021, CHROME))
    pipe = tube([(0.86, 0.0, 0.21), (0.52, -0.06, 0.20), (0.36, -0.14, 0.24)], 0.026, CHROME)
    silencer = capsule((0.32, -0.165, 0.27), (-0.12, -0.20, 0.42), 0.050, 0.056, ALLOY, segments=16)
    return [*headers, *pipe, silencer]


def _bodywork(lacquer: Style) -> Part:
    """Tank, saddle, side covers and tail."""
    tank = [
        (0.47, 0.07, 0.75, 0.80),
        (0.52, 0.115, 0.73, 0.85),
        (0.62, 0.14, 0.70, 0.92),
        (0.75, 0.158, 0.69, 0.965),
        (0.87, 0.15, 0.70, 0.965),
        (0.96, 0.11, 0.74, 0.93),
        (1.0, 0.05, 0.79, 0.88),
    ]
    saddle = [
        (-0.23, 0.04, 0.88, 0.90),
        (-0.19, 0.10, 0.84, 0.915),
        (-0.02, 0.13, 0.81, 0.90),
        (0.16, 0.14, 0.78, 0.85),
        (0.34, 0.135, 0.755, 0.815),
        (0.47, 0.105, 0.745, 0.82),
        (0.55, 0.07, 0.76, 0.84),
    ]
    tail = [
        (-0.30, 0.03, 0.86, 0.89),
        (-0.22, 0.08, 0.79, 0.88),
        (0.0, 0.105, 0.73, 0.85),
        (0.2, 0.11, 0.69, 0.80),
        (0.40, 0.10, 0.64, 0.78),
    ]
    cover = [(0.22, 0.07, 0.56, 0.68), (0.32, 0.125, 0.50, 0.72), (0.48, 0.13, 0.50, 0.73), (0.60, 0.10, 0.56, 0.72)]
    spoiler = [(0.52, 0.06, 0.17, 0.22), (0.62, 0.11, 0.155, 0.25), (0.84, 0.10, 0.17, 0.30), (0.92, 0.05, 0.24, 0.32)]
    return [
        hull(tank, lacquer, rings=22, around=26),
        hull(saddle, SADDLE, rings=20, power=3.0),
        hull(tail, lacquer, power=3.0),
        hull(cover, BLACK, power=3.4),
        hull(spoiler, lacquer, power=3.0),
    ]


def _rear_end() -> Part:
    """Mudguard, plate, lamps."""
    return [
        guard(RIDE.rear_axle, RIDE.wheel_radius + 0.035, 0.085, (75.0, 150.0), BLACK),
        *plate_holder((-0.24, 0.0, 0.83), -0.389, 0.5, 0.02),
        *rear_lamps(
            ((-0.298, 0.0, 0.868), (0.02, 0.06, 0.018)),
            ((-0.292, 0.0, 0.84), (0.02, 0.045, 0.014)),
        ),
        *indicators([(-0.29, 0.15, 0.80)], 0.03),
    ]


def _fork(lacquer: Style) -> Part:
    """Legs, yokes, bar, lamp, instruments, mudguard and mirrors, in the frame of the motorcycle."""
    axle, palm = np.array(RIDE.front_axle), np.array(RIDE.grip)
    up = np.array([-np.cos(RIDE.head_angle), 0.0, np.sin(RIDE.head_angle)])
    side = np.array([0.0, 0.098, 0.0])
    outer, inner = moved(palm, -0.025, 0.058, -0.004), moved(palm, 0.03, -0.06, 0.006)
    left = [
        capsule(axle + side, axle + 0.34 * up + side, 0.024, 0.022, ALLOY, segments=12),
        capsule(axle + 0.28 * up + side, axle + 0.70 * up + side, 0.029, 0.029, BLACK, segments=12),
        *tube([(1.10, 0.0, 1.0), (1.09, 0.09, 1.01), (1.04, 0.19, 1.05), inner, outer], 0.0125, BLACK, 8),
        *grip(outer, inner),
        *mirror(moved(inner, 0.0, -0.02, 0.02), (0.968, 0.385, 1.25), (0.065, 0.042)),
        box(moved(axle, -0.10, 0.052, 0.06), moved(axle, -0.03, 0.075, 0.15), STEEL),
    ]
    yokes = [
        hull(
            [
                (x - 0.05, 0.09, z - 0.018, z + 0.018),
                (x + 0.0, 0.135, z - 0.02, z + 0.02),
                (x + 0.06, 0.12, z - 0.018, z + 0.018),
            ],
            ALLOY,
            power=4.0,
            rings=6,
            around=16,
        )
        for x, z in ((1.14, 0.955), (1.19, 0.80))
    ]
    lamp = [
        ellipsoid((1.24, 0.0, 0.885), (0.10, 0.088, 0.088), BLACK, segments=20, rings=12),
        ellipsoid((1.295, 0.0, 0.88), (0.052, 0.074, 0.074), lens("head", (0.55, 0.57, 0.6)), segments=20, rings=10),
        hull([(1.14, 0.05, 1.0, 1.03), (1.18, 0.085, 0.98, 1.05), (1.22, 0.07, 0.96, 1.03)], BLACK, rings=8),
    ]
    return [
        *both(left),
        *yokes,
        *lamp,
        guard(axle, RIDE.wheel_radius + 0.022, 0.075, (26.0, 150.0), lacquer),
        *indicators([(1.2, 0.17, 0.86)], 0.06),
    ]
