"""Feet of people who set off, stop, turn and step aside, in the world."""

import numpy as np
import pytest

from roadlab.actors.body import proportions
from roadlab.actors.catalog import PEOPLE
from roadlab.actors.gait import PEDESTRIAN_JOINTS
from roadlab.actors.joints import Motion, joints
from roadlab.actors.skeleton import pedestrian_part_poses

STEP = 0.01


def strolling(speed, turning=0.0, aside=0.0, model="adult"):
    """Slowest point of the soles that carry (T - 1,) [m/s], joints (T, J), of somebody with these speeds (T,)."""
    speed, turning, aside = np.broadcast_arrays(speed, turning, aside)
    time = STEP * np.arange(len(speed))
    yaw = np.concatenate([[0.0], np.cumsum(0.5 * (turning[1:] + turning[:-1]) * STEP)])
    vx, vy = np.cos(yaw) * speed - np.sin(yaw) * aside, np.sin(yaw) * speed + np.cos(yaw) * aside
    x, y = (np.concatenate([[0.0], np.cumsum(0.5 * (v[1:] + v[:-1]) * STEP)]) for v in (vx, vy))
    motion = Motion(time, speed, np.gradient(speed, time), 0 * time, place=np.column_stack([x, y, yaw]))
    values = joints("pedestrian", model, motion, 0.7)
    parts, body = pedestrian_part_poses(model, values), proportions(PEOPLE[model].height)
    points = []
    for side in "lr":
        foot, toes = parts[f"foot_{side}"], parts[f"toes_{side}"]
        points.append(foot @ np.array([-body.heel, 0.0, -body.ankle_height, 1.0]))
        points += [toes @ np.array([along, 0.0, 0.0, 1.0]) for along in (0.0, body.toe - body.ball)]
    c, s = np.cos(yaw)[:, None], np.sin(yaw)[:, None]
    local = np.stack(points, axis=1)
    world = np.stack(
        [x[:, None] + c * local[..., 0] - s * local[..., 1], y[:, None] + s * local[..., 0] + c * local[..., 1]], axis=2
    )
    moved = np.hypot(*np.diff(world, axis=0).transpose(2, 0, 1)) / STEP
    return np.where(local[1:, :, 2] < 0.004, moved, np.inf).min(axis=1), values


SETTING_OFF = np.clip(np.arange(0, 8, STEP) * 0.7 - 0.7, 0.0, 1.34)


# Bound of the slip of a foot that carries: 0.05 m/s, as for steady walking, with one tick in twenty excepted, when
# weight goes from one foot to the other.
@pytest.mark.parametrize("model", ["adult", "child"])
@pytest.mark.parametrize("speed", [SETTING_OFF, SETTING_OFF[::-1].copy()], ids=["setting off", "stopping"])
def test_feet_do_not_slide_when_somebody_sets_off_or_stops(speed, model):
    slip, _ = strolling(speed, model=model)
    assert np.quantile(slip, 0.95) < 0.05


def test_feet_do_not_slide_in_a_bend():
    slip, _ = strolling(np.full(800, 1.2), turning=0.6)
    assert np.quantile(slip, 0.90) < 0.05 + 0.6 * 0.1  # a foot may turn about its ball, 0.1 m from the ankle


def test_somebody_who_turns_on_the_spot_takes_steps():
    turning = np.where((np.arange(400) > 100) & (np.arange(400) < 250), 1.5, 0.0)
    slip, values = strolling(np.zeros(400), turning=turning)
    knees = values[100:250, PEDESTRIAN_JOINTS.index("knee_l")]
    assert np.ptp(knees) > np.radians(10.0)
    assert np.ptp(values[300:, PEDESTRIAN_JOINTS.index("knee_l")]) < 1e-6
    assert np.median(slip[100:250]) < 0.05 + 1.5 * 0.1


def test_somebody_who_steps_aside_puts_the_feet_aside():
    slip, _ = strolling(np.full(800, 1.2), aside=np.where(np.arange(800) % 400 < 200, 0.15, -0.15))
    assert np.quantile(slip, 0.95) < 0.05
