"""ISO 3888-2: swerve into the lane beside and back, 61 m in all; passed when no part of the car leaves the gates."""

import numpy as np
import pytest

from roadlab.actors.catalog import VEHICLES
from roadlab.dynamics.motion import Commands, Motion
from roadlab.dynamics.specs import KinematicDynamics, LinearDynamics, LoadSensitiveDynamics, vehicles

CAR, BODY = VEHICLES["hatchback"], 1.79
"""The gates are laid out by the width of the body [m], mirrors not included."""
ENDS = np.cumsum([12.0, 13.5, 11.0, 12.5, 12.0])
WIDTHS = np.array([1.1 * BODY + 0.25, BODY + 1.0, max(1.3 * BODY + 0.25, 3.0)])
LEFT = 0.5 * WIDTHS[0]
MIDDLES = np.array([0.0, LEFT + 1.0 + 0.5 * WIDTHS[1], LEFT - 0.5 * WIDTHS[2]])
SECTIONS = [(0.0, ENDS[0]), (ENDS[1], ENDS[2]), (ENDS[3], ENDS[4])]

# The controller: it aims at a point 0.39 s ahead of the front axle on two half cosines (they begin and end at 13.7 and
# 28.1 m, 34.6 and 51.2 m, at 3.70 and -0.57 m), steers 0.18 rad per metre by which it would miss it, minus 0.06 of the
# yaw rate [rad/s], and turns the wheels by a 20th of a second and no faster than the car can. Throttle off.
PREVIEW, GAIN, DAMPING = 0.39, 0.18, 0.062
AWAY, BACK, PEAK, END = (13.744, 28.088), (34.628, 51.238), 3.695, -0.573


def aim(x):
    def half(first, last):
        return 0.5 * (1.0 - np.cos(np.pi * np.clip((x - first) / (last - first), 0.0, 1.0)))

    return PEAK * half(*AWAY) + (END - PEAK) * half(*BACK)


def least_margin(dynamics, speed, step, friction=1.0):
    """Between the body and the gates [m], negative when it has left them; and the speed at the exit [m/s]."""
    fleet, forwards = vehicles([(dynamics, CAR)]), np.zeros(1, dtype=bool)
    m, margin = Motion.rolling(1, x=-25.0, speed=speed), np.inf
    outline = np.array([(0.5 * CAR.length * a, 0.5 * BODY * b) for a in np.linspace(-1, 1, 25) for b in (-1, 1)])
    for _ in range(round(1.5 * (ENDS[-1] + 30.0) / speed / step)):
        ahead = PREVIEW * speed
        miss = aim(m.x + CAR.wheelbase * np.cos(m.yaw) + ahead) - m.y - (CAR.wheelbase + ahead) * np.sin(m.yaw)
        wanted = np.clip(GAIN * miss - DAMPING * m.yaw_rate, -0.5, 0.5)
        m = fleet.advance(
            m, Commands(np.full(1, -0.3), (wanted - m.steer) / 0.05, forwards), np.full(1, friction), step
        )
        c, s = np.cos(m.yaw[0]), np.sin(m.yaw[0])
        place = outline + np.array([CAR.box_center[0], 0.0])
        x, y = m.x + place @ [c, -s], m.y + place @ [s, c]
        for (first, last), middle, width in zip(SECTIONS, MIDDLES, WIDTHS, strict=True):
            inside = (x >= first) & (x <= last)
            if inside.any():
                margin = min(margin, float((0.5 * width - np.abs(y[inside] - middle)).min()))
    return margin, float(m.speed[0])


def test_the_track_is_as_long_as_the_standard_says():
    assert ENDS[-1] == 61.0


@pytest.mark.parametrize("step", [0.01, 0.02])
def test_the_hatchback_passes_at_50_kilometres_an_hour(step):
    margin, exit_speed = least_margin(LoadSensitiveDynamics(), 50 / 3.6, step)
    assert margin > 0.1
    assert exit_speed < 50 / 3.6


def test_it_fails_where_physics_does_not_allow_it():
    assert least_margin(LoadSensitiveDynamics(), 50 / 3.6, 0.01, friction=0.3)[0] < 0.0
    assert least_margin(LoadSensitiveDynamics(), 100 / 3.6, 0.01)[0] < 0.0


def test_the_models_agree_more_the_slower_it_goes():
    margins = np.array(
        [[least_margin(kind(), v / 3.6, 0.02)[0] for kind in (KinematicDynamics, LinearDynamics, LoadSensitiveDynamics)]
         for v in (20, 50)]
    )  # fmt: skip
    spread = np.ptp(margins, axis=1)
    assert spread[0] < 0.12
    assert spread[0] < spread[1]
