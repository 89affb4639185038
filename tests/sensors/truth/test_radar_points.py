"""How many detections of a radar lie in an actor's box."""

import numpy as np
import pytest

from roadlab.log import ActorInfo, SceneLog
from roadlab.timing import Interval
from roadlab.weather import Weather
from roadlab_sensors.readings import RADAR_FIELDS, RadarScan
from roadlab_sensors.truth.boxes import actor_truths


@pytest.fixture
def log():
    """A car 20 m ahead of the origin, whose box is 4 x 2 x 1.5 m."""
    ego = ActorInfo("ego", 1, "vehicle", "car", "hatchback", (4.0, 1.8, 1.5), (0, 0, 0.75), (), is_ego=True)
    car = ActorInfo("car", 2, "vehicle", "car", "sedan", (4.0, 2.0, 1.5), (0, 0, 0.75), ())
    position = np.zeros((2, 2, 3))
    position[:, 1, 0] = 20.0
    nothing = np.zeros((2, 2))
    return SceneLog(
        "", "", 0, "", (ego, car), (), (), np.arange(2) * 10_000_000, position, np.zeros((2, 2, 3)),
        np.zeros((2, 2, 3)), nothing, nothing.astype(np.uint8), np.zeros((2, 0)), np.zeros((2, 0), np.uint8),
        np.tile(Weather().row(), (2, 1)), np.ones((2, 2), dtype=bool),
    )  # fmt: skip


def scan(places):
    """Detections at places (x, y) of a radar 2 m before the origin and 0.5 m above the ground, turned to the left."""
    pose = np.array([[0.0, -1.0, 0.0, 2.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.5], [0.0, 0.0, 0.0, 1.0]])
    rows = np.zeros(len(places), np.dtype(list(RADAR_FIELDS.items())))
    # The radar looks along the world's y: what lies ahead of the origin lies to its right.
    rows["x"], rows["y"] = [y for _, y in places], [2.0 - x for x, _ in places]
    rows["invalid_state"] = 1
    numbers = np.zeros(len(places), np.float32)
    return RadarScan(
        "front", Interval(0, 1), 0, pose, rows, numbers, numbers, numbers, numbers,
        np.zeros(len(places), np.uint16), np.zeros(len(places), bool), None,
    )  # fmt: skip


def test_detections_in_the_box_are_counted_whatever_caused_them_and_invalid_ones_too(log):
    """As the table sample_annotation of nuScenes counts (docs/schema_nuscenes.md: without any filtering)."""
    (car,) = actor_truths(log, 0, scans=[scan([(18.1, 0.9), (21.9, -0.9), (20.0, 0.0), (17.9, 0.0), (20.0, 1.1)])])
    assert car.radar_points == {"front": 3}


def test_every_radar_counts_for_itself(log):
    (car,) = actor_truths(log, 0, scans=[scan([])])
    assert car.radar_points == {"front": 0}
    assert actor_truths(log, 0)[0].radar_points == {}
