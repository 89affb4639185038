from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq
import pytest

from roadlab.errors import OutputError
from roadlab_tools.datasets.images import depth_png, read_color, read_depth, read_plane
from roadlab_tools.datasets.kitti import KittiWriter, kitti_files, kitti_paths
from roadlab_tools.datasets.kitti_calibration import parse_calibration, project
from roadlab_tools.datasets.kitti_label import clipped, parse_labels
from roadlab_tools.preview.camera import projected_box

REAL = Path(__file__).parents[4] / "shared" / "real" / "kitti"


def encoded(sample):
    return kitti_files(sample, sample.index)


def iou(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    shared = max(width, 0) * max(height, 0)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def test_a_sample_becomes_the_files_of_the_layout(make_sample):
    files = encoded(make_sample(index=42))
    assert tuple(files) == kitti_paths(42)
    assert {"image_2/000042.png", "velodyne/000042.bin", "label_2/000042.txt", "calib/000042.txt"} <= set(files)
    assert encoded(make_sample(index=42)) == files


def test_pictures_keep_every_value(make_sample):
    sample = make_sample()
    files = encoded(sample)
    camera = sample.cameras["camera"]
    np.testing.assert_array_equal(read_color(files["image_2/000000.png"]), camera.image)
    np.testing.assert_array_equal(read_plane(files["instance/000000.png"]), camera.instance)
    np.testing.assert_array_equal(read_plane(files["semantic/000000.png"]), camera.semantic)
    assert read_plane(files["instance/000000.png"]).dtype == np.uint16
    assert read_plane(files["semantic/000000.png"]).dtype == np.uint8
    depth = read_depth(files["depth/000000.png"])
    near = camera.depth < 255.9
    # Half of a step of 1/256 m.
    assert np.abs(depth[near] - camera.depth[near]).max() <= 0.5 / 256 + 1e-5
    assert np.isinf(depth[~near]).all()


def test_depth_is_256_steps_a_metre_and_zero_is_invalid():
    depth = np.array([[1.0, 10.5, 255.99, 256.1, np.inf]], np.float32)
    assert read_plane(depth_png(depth)).tolist() == [[256, 2688, 65533, 0, 0]]


def test_velodyne_is_four_floats_a_return(make_sample):
    sample = make_sample()
    data = encoded(sample)["velodyne/000000.bin"]
    lidar = sample.lidars["lidar"]
    assert len(data) == 16 * len(lidar.points)
    sweep = np.frombuffer(data, "<f4").reshape(-1, 4)
    np.testing.assert_array_equal(sweep[:, :3], lidar.points)
    np.testing.assert_array_equal(sweep[:, 3], lidar.intensity)


def test_every_return_has_its_truth_in_the_same_order(make_sample):
    sample = make_sample()
    table = pq.read_table(io.BytesIO(encoded(sample)["velodyne_truth/000000.parquet"]))
    lidar = sample.lidars["lidar"]
    for name in ("ring", "time", "range", "instance", "semantic"):
        np.testing.assert_array_equal(table[name].to_numpy(), getattr(lidar, name))


@pytest.mark.skipif(not REAL.is_dir(), reason="the real KITTI frames are not here")
def test_calibration_has_the_keys_and_the_format_of_kittis_own(make_sample):
    ours = encoded(make_sample())["calib/000000.txt"].decode()
    real = (REAL / "calib" / "000000.txt").read_text()
    assert re.sub(r"-?\d\.\d{12}e[+-]\d\d", "#", ours) == re.sub(r"-?\d\.\d{12}e[+-]\d\d", "#", real)


def test_calibration_maps_the_sweep_into_the_picture(make_sample):
    sample = make_sample()
    camera, lidar = sample.cameras["camera"], sample.lidars["lidar"]
    calibration = parse_calibration(encoded(sample)["calib/000000.txt"].decode())
    pose = calibration.rectified_from_lidar
    points = lidar.points @ pose[:3, :3].T + pose[:3, 3]
    pixels = np.rint(project(calibration.projection, points)).astype(int)
    seen = (points[:, 2] > 1) & (pixels >= 0).all(axis=1)
    seen &= (pixels[:, 0] < camera.lens.width) & (pixels[:, 1] < camera.lens.height)
    column, row = pixels[seen].T
    same = camera.instance[row, column] == lidar.instance[seen]
    assert (lidar.instance[seen] > 0).sum() > 100
    # The two sensors are 0.27 m apart, so that a few returns fall beside an edge of the picture's silhouette.
    assert same.mean() > 0.98
    depth = camera.depth[row, column][same]
    assert np.median(np.abs(depth - points[seen][same][:, 2]) / depth) < 0.01


def test_labels_come_in_the_order_of_instances_and_only_for_what_is_seen(make_sample, box):
    hidden = box("car", 40.0, -6.0)
    boxes = [box("truck", 14.0, -3.0, 0.0, (8.4, 2.7, 3.45)), hidden, box("pedestrian", 11.0, 2.5, 0, (0.6, 0.5, 1.7))]
    labels = parse_labels(encoded(make_sample(boxes))["label_2/000000.txt"].decode())
    assert [label.type for label in labels] == ["Truck", "Pedestrian"]


def test_labelled_cuboids_project_onto_the_silhouettes(make_sample):
    sample = make_sample(width=520, height=190, focal=300.0)
    calibration = parse_calibration(encoded(sample)["calib/000000.txt"].decode())
    labels = parse_labels(encoded(sample)["label_2/000000.txt"].decode())
    views = {view.instance: view for view in sample.views["camera"]}
    assert len(labels) == 4
    for label, actor in zip(labels, sample.actors, strict=True):
        projected = clipped(projected_box(label, calibration.projection), 520, 190)
        assert iou(projected, views[actor.instance].amodal_box) > 0.93  # whole pixels, the smallest 20 high
        corners = (
            actor.world_from_box[:3, :3]
            @ (np.array([[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)]) * np.array(actor.size) / 2).T
            + actor.world_from_box[:3, 3:]
        )
        camera_from_world = np.linalg.inv(sample.cameras["camera"].world_from_camera)
        pixels = project(calibration.projection, (camera_from_world[:3, :3] @ corners + camera_from_world[:3, 3:]).T)
        exact = clipped((*pixels.min(axis=0), *pixels.max(axis=0)), 520, 190)
        assert iou(projected, exact) > 0.999


def test_an_unoccluded_label_box_is_the_mask_of_its_pixels(make_sample, box):
    sample = make_sample([box("car", 14.0, -3.0)])
    (label,) = parse_labels(encoded(sample)["label_2/000000.txt"].decode())
    rows, columns = np.nonzero(sample.cameras["camera"].instance == 1)
    assert label.box == (columns.min() - 0.5, rows.min() - 0.5, columns.max() + 0.5, rows.max() + 0.5)
    assert label.occluded == 0
    assert label.truncated == 0.0


@pytest.mark.parametrize(
    "kinds", [("camera",), ("lidar",), ("camera", "camera", "lidar"), (), ("camera", "lidar", "sonar")]
)
def test_a_rig_that_the_layout_cannot_hold_is_refused_before_rendering(kinds):
    sensors = {f"{kind}_{k}": SimpleNamespace(type=kind) for k, kind in enumerate(kinds)}
    with pytest.raises(OutputError, match="the KITTI layout"):
        KittiWriter().check(sensors)


def test_a_camera_that_is_not_synchronised_with_the_labels_is_refused(make_sample):
    sample = make_sample()
    late = replace(sample, time=sample.time + 49_000_000)
    with pytest.raises(OutputError, match=r"change the phase of camera by 49 ms"):
        encoded(late)
