"""What pulses meet behind the panes of houses."""

import numpy as np
import pytest

from roadlab.randomness import generator
from roadlab_sensors.lidar.optics import stained
from roadlab_sensors.lidar.rooms import CURTAIN, CURTAINED, ROOM, curtained, room

INWARDS = np.array([[0.0, 1.0, 0.0]])


def facade(count):
    """Points of a facade along x, four storeys high."""
    x, z = np.meshgrid(np.linspace(0.37, 79.3, count), np.linspace(0.4, 11.0, 20))
    return np.column_stack([x.ravel(), np.zeros(x.size), z.ravel()])


def test_pulses_end_at_curtains_or_at_the_far_wall_of_rooms():
    points = facade(200)
    straight = np.broadcast_to(INWARDS, points.shape)
    beyond, cosine = room(points, straight, straight)
    drawn = curtained(points, straight)
    assert beyond[drawn] == pytest.approx(CURTAIN)
    assert beyond[~drawn] == pytest.approx(ROOM[1])
    assert cosine == pytest.approx(1.0)
    assert drawn.mean() == pytest.approx(CURTAINED, abs=0.1)


def test_slanting_pulses_end_at_the_walls_floors_and_ceilings_of_one_room():
    points = facade(200)
    inwards = np.broadcast_to(INWARDS, points.shape)
    towards = np.broadcast_to([np.cos(0.5), np.sin(0.5) * np.cos(0.3), np.sin(0.5) * np.sin(0.3)], points.shape)
    beyond, _ = room(points, towards, inwards)
    ends = points + towards * beyond[:, None]
    assert (ends[:, 1] <= ROOM[1] + 1e-9).all()
    for axis, size in ((0, ROOM[0]), (2, ROOM[2])):
        assert (np.floor(points[:, axis] / size) == np.floor(ends[:, axis] / size - 1e-9)).all()


def test_rooms_stand_still_while_a_sensor_drives_past():
    # The same place on a side wall of the second room, seen through two places of its window
    target = np.array([8.0, 2.0, 1.4])
    points = np.array([[5.0, 0.0, 1.2], [6.5, 0.0, 1.25]])
    offset = target - points
    length = np.linalg.norm(offset, axis=1)
    inwards = np.broadcast_to(INWARDS, points.shape)
    beyond, _ = room(points, offset / length[:, None], inwards)
    open_window = ~curtained(points, inwards)
    assert open_window.any()
    assert beyond[open_window] == pytest.approx(length[open_window])


def test_stains_are_about_standard_normal_and_correlate_over_decimetres():
    # Intensities along a ring on KITTI's roads: correlation falls from 0.5 at neighbours to half of that at 0.5 m
    random = generator(0, "stains")
    points = np.column_stack([random.uniform(-50, 50, (20_000, 2)), np.zeros(20_000)])
    here = stained(points)
    assert here.mean() == pytest.approx(0.0, abs=0.05)
    assert here.std() == pytest.approx(1.0, abs=0.1)

    def alike(step):
        return np.corrcoef(here, stained(points + np.array([step, 0.0, 0.0])))[0, 1]

    assert alike(0.03) > 0.9
    assert 0.2 < alike(0.3) < 0.8
    assert abs(alike(4.0)) < 0.35
