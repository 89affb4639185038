"""Flow, normals and keypoints against the geometry that makes them."""

import numpy as np
import pytest
from conftest_pillar import LENS, MIDDLE, PILLAR, TALL, crossing, stage_of

from roadlab.timing import SECOND
from roadlab_sensors.camera.gaze import Gaze
from roadlab_sensors.camera.labels import flows, normals
from roadlab_sensors.camera.shutter import Shutter
from roadlab_sensors.camera.sight import Grid, look
from roadlab_sensors.rays.motion import instants, motion
from roadlab_sensors.rays.poses import poses_at
from roadlab_sensors.truth.flow import Frame

pytestmark = pytest.mark.xdist_group("street")
STEP = SECOND // 10
GLOBAL = Shutter()


def frame_at(log, time, shutter=GLOBAL, ahead=0.0):
    """A frame of a camera that drives ahead at `ahead` [m/s]."""
    half = round(shutter.readout(LENS.width, LENS.height) * SECOND / 2) + 1000
    moments = np.union1d(instants(time - half, time + half), [time])
    poses = np.tile(TALL, (len(moments), 1, 1))
    poses[:, 0, 3] = ahead * (moments - MIDDLE) / SECOND
    return Frame(Gaze(LENS, shutter, time, moments, poses), motion(log, int(moments[0]), int(moments[-1])))


def seen_in(scene, log, frame):
    scene.place({part: pose[0] for part, pose in poses_at(log, np.array([frame.gaze.middle])).items()})
    return look(scene, frame.gaze, frame.motion, Grid.of(LENS))


def labels_of(log, shutter=GLOBAL, ahead=0.0):
    scene = stage_of(log)
    here = frame_at(log, MIDDLE, shutter, ahead)
    seen = seen_in(scene, log, here)
    found = flows(
        scene, here, seen, lambda k: frame_at(log, MIDDLE + k * STEP, shutter, ahead), frozenset({"flow", "scene_flow"})
    )
    mask = (scene.faces.instance[seen.face] == PILLAR).reshape(LENS.height, LENS.width)
    return found, mask, seen.distance.reshape(mask.shape)


def test_what_crosses_flows_by_its_speed_over_its_distance():
    found, mask, _ = labels_of(crossing(15.0))
    # f v / d dt = 100 px * 15 m/s / 20 m * 0.1 s
    assert found["flow_forward"][mask] == pytest.approx(np.tile([7.5, 0.0], (mask.sum(), 1)), abs=1e-3)
    assert found["flow_backward"][mask] == pytest.approx(np.tile([-7.5, 0.0], (mask.sum(), 1)), abs=1e-3)
    assert found["scene_flow"][mask] == pytest.approx(np.tile([1.5, 0.0, 0.0], (mask.sum(), 1)), abs=1e-4)
    assert np.abs(found["flow_forward"][~mask]).max() < 1e-3


def test_the_road_that_is_about_to_be_covered_is_hidden_in_the_next_frame():
    found, mask, distance = labels_of(crossing(15.0))
    soon = np.roll(mask, 8, axis=1) & ~mask & np.isfinite(distance)
    before = np.roll(mask, -8, axis=1) & ~mask & np.isfinite(distance)
    road = ~mask & np.isfinite(distance) & ~soon
    assert found["flow_forward_visible"][soon].mean() < 0.1
    assert found["flow_forward_visible"][road].mean() > 0.999
    assert found["flow_backward_visible"][before].mean() < 0.1
    assert found["flow_forward_visible"][mask].all()


def test_the_road_flows_away_from_where_the_camera_drives_to():
    ahead = 10.0
    found, mask, distance = labels_of(crossing(0.0), ahead=ahead)
    v, u = np.nonzero(~mask & np.isfinite(distance))
    x, y = (u - LENS.cx) / LENS.fx, (v - LENS.cy) / LENS.fy
    depth = 20.0 / y  # the road lies 20 m below the camera
    later = depth - ahead * 0.1
    expected = np.stack([LENS.fx * x * (depth / later - 1.0), LENS.fy * y * (depth / later - 1.0)], axis=1)
    flow = found["flow_forward"][v, u]
    assert np.abs(flow - expected).max() < 0.02


def test_a_rolling_shutter_does_not_change_how_far_a_line_of_the_image_flows():
    found, mask, _ = labels_of(crossing(15.0), Shutter(row_time=300e-6))
    assert found["flow_forward"][mask] == pytest.approx(np.tile([7.5, 0.0], (mask.sum(), 1)), abs=0.02)


def test_surfaces_face_the_camera():
    log = crossing(15.0)
    scene = stage_of(log)
    here = frame_at(log, MIDDLE)
    seen = seen_in(scene, log, here)
    mask = (scene.faces.instance[seen.face] == PILLAR).reshape(LENS.height, LENS.width)
    normal = normals(scene, here, seen)["normal"]
    assert normal[mask] == pytest.approx(np.tile([0.0, 0.0, -1.0], (mask.sum(), 1)), abs=1e-6)
    road = np.isfinite(seen.distance).reshape(mask.shape) & ~mask
    assert normal[road] == pytest.approx(np.tile([0.0, -1.0, 0.0], (road.sum(), 1)), abs=1e-6)
    sky = np.isinf(seen.distance).reshape(mask.shape)
    assert not normal[sky].any()
