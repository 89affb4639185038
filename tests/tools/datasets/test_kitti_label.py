from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from roadlab_tools.datasets.kitti_calibration import parse_calibration
from roadlab_tools.datasets.kitti_label import (
    Label,
    clipped,
    label_of,
    occlusion_level,
    parse_label,
    parse_labels,
    wrapped,
)
from roadlab_tools.preview.camera import projected_box

REAL = Path(__file__).parents[4] / "shared" / "real" / "kitti"
WORKED = "Pedestrian 0.00 0 -0.20 712.40 143.00 810.73 307.92 1.89 0.48 1.20 1.84 1.47 8.41 0.01"
"""KITTI object training set, frame 000000."""
WORKED_P2 = np.array([[707.0493, 0, 604.0814, 45.75831], [0, 707.0493, 180.5066, -0.3454157], [0, 0, 1, 0.004981016]])


def iou(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    shared = max(width, 0) * max(height, 0)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def test_worked_line_projects_where_its_published_box_does():
    box = projected_box(parse_label(WORKED), WORKED_P2)
    # Figures of the worked example, computed with KITTI's P2.
    assert box == pytest.approx((710.44, 144.00, 820.29, 307.59), abs=0.01)


def test_worked_line_has_its_observation_angle():
    label = parse_label(WORKED)
    x, _, z = label.location
    assert wrapped(label.rotation_y - math.atan2(x, z)) == pytest.approx(-0.205, abs=5e-4)


def test_a_line_reads_back_as_it_was_written():
    label = parse_label(WORKED)
    assert parse_label(str(label)) == label
    assert len(str(label).split()) == 15


def test_dont_care_carries_the_values_that_the_kit_expects():
    label = replace(parse_label(WORKED), type="DontCare")
    assert str(label) == "DontCare -1 -1 -10 712.40 143.00 810.73 307.92 -1 -1 -1 -1000 -1000 -1000 -10"
    assert parse_label(str(label)).type == "DontCare"


@pytest.mark.parametrize("text", ["", "Car 0 0 0", WORKED.replace("0.48", "wide"), WORKED + " 1 2"])
def test_what_is_no_label_line_is_refused(text):
    with pytest.raises(ValueError, match=r"15 columns|could not convert"):
        parse_label(text)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real KITTI frames are not here")
@pytest.mark.parametrize("index", [0, 1, 2])
def test_real_labels_agree_with_our_reading_of_them(index):
    calibration = parse_calibration((REAL / "calib" / f"{index:06d}.txt").read_text())
    labels = [
        label for label in parse_labels((REAL / "label_2" / f"{index:06d}.txt").read_text()) if label.type != "DontCare"
    ]
    assert labels
    for label in labels:
        box = clipped(projected_box(label, calibration.projection), 1242, 375)
        assert iou(box, label.box) > (0.88 if label.type == "Pedestrian" else 0.93)
        # Alpha is printed with two decimals, and so are the angle and the place that it comes from.
        assert label.alpha == pytest.approx(
            wrapped(label.rotation_y - math.atan2(label.location[0], label.location[2])), abs=0.012
        )


def labelled(make_sample, box) -> Label:
    sample = make_sample([box])
    (view,) = sample.views["camera"]
    return label_of(sample.actors[0], view, sample.cameras["camera"])


@pytest.mark.parametrize(
    ("yaw", "rotation_y"),
    [(-math.pi / 2, 0.0), (0.0, -math.pi / 2), (math.pi / 2, math.pi), (math.pi, math.pi / 2)],
    ids=["to the right", "away", "to the left", "towards us"],
)
def test_heading_becomes_rotation_about_the_cameras_y(make_sample, box, yaw, rotation_y):
    label = labelled(make_sample, box("car", 20.0, 0.06, yaw))
    assert math.cos(label.rotation_y - rotation_y) == pytest.approx(1.0)
    # Straight ahead the observation angle is the rotation.
    assert math.cos(label.alpha - rotation_y) == pytest.approx(1.0)


def test_alpha_turns_with_the_viewing_direction(make_sample, box):
    label = labelled(make_sample, box("car", 11.7, -4.94))
    # 10 m ahead of the camera and 5 m to its right.
    assert label.alpha == pytest.approx(-math.pi / 2 - math.atan2(5.0, 10.0))


def test_location_is_the_middle_of_the_bottom_face(make_sample, box):
    label = labelled(make_sample, box("van", 21.7, 3.06, 0.4, (5.3, 2.2, 2.3)))
    # The camera is 1.65 m above the ground, 1.7 m ahead of the ego's origin and 0.06 m to its left.
    assert label.location == pytest.approx((-3.0, 1.65, 20.0))
    assert (label.height, label.width, label.length) == (2.3, 2.2, 5.3)


def test_front_corners_are_where_the_actor_heads(make_sample, box):
    label = labelled(make_sample, box("car", 20.0, 1.0, math.pi))
    assert label.corners[[0, 1, 4, 5], 2].max() < label.corners[[2, 3, 6, 7], 2].min()


def test_levels_of_occlusion():
    assert [occlusion_level(share) for share in (0.0, 0.099, 0.1, 0.499, 0.5, 1.0)] == [0, 0, 1, 1, 2, 2]


def test_boxes_end_at_the_centres_of_the_outermost_pixels():
    assert clipped((-0.5, 10.0, 1241.5, 374.5), 1242, 375) == (0.0, 10.0, 1241.0, 374.0)


def test_an_actor_of_a_few_pixels_is_a_dont_care_region(make_sample, box):
    assert labelled(make_sample, box("pedestrian", 40.0, 0.0, 0.0, (0.6, 0.5, 1.7))).type == "DontCare"
