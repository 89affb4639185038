from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from small_scene import DEFAULT

from roadlab_tools.datasets.images import read_color
from roadlab_tools.datasets.kitti import kitti_files
from roadlab_tools.datasets.kitti_frame import read_kitti_frame
from roadlab_tools.palette import class_color
from roadlab_tools.preview.above import AHEAD, BEHIND, points_in_box, sweep_from_above
from roadlab_tools.preview.camera import camera_picture, projected_edges
from roadlab_tools.preview.files import preview_files, preview_picture
from roadlab_tools.preview.truth import depth_colors, instance_colors


@pytest.fixture
def dataset(make_sample, box, tmp_path) -> Path:
    """Frames 0 to 2; in frame 1 a car is near."""
    near = [box("car", 9.0, -1.5), *DEFAULT[1:]]
    for index in range(3):
        for path, content in kitti_files(make_sample(near if index == 1 else None, index), index).items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_bytes(content)
    return tmp_path


def test_the_film_has_every_frame_and_the_same_bytes_each_time(dataset):
    files = preview_files(dataset, [0, 1, 2])
    assert files == preview_files(dataset, [0, 1, 2])
    with av.open(io.BytesIO(files["preview.mp4"])) as film:
        pictures = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
        assert film.streams.video[0].codec_context.name == "h264"
        assert film.streams.video[0].pix_fmt == "yuv420p"
    assert len(pictures) == 3
    drawn = preview_picture(dataset, 2)
    assert pictures[2].shape == drawn.shape
    assert np.abs(pictures[2].astype(int) - drawn).mean() < 6


def test_the_picture_is_of_the_frame_that_shows_most(dataset):
    files = preview_files(dataset, [0, 1, 2])
    np.testing.assert_array_equal(read_color(files["preview.png"]), preview_picture(dataset, 1))


def test_boxes_are_drawn_where_the_labels_say(dataset):
    frame = read_kitti_frame(dataset, 1)
    plain = camera_picture(replace(frame, labels=()))
    np.testing.assert_array_equal(plain, frame.image)
    drawn = camera_picture(frame)
    (car,) = [label for label in frame.labels if label.type == "Car"]
    middles = projected_edges(car, frame.calibration.projection).mean(axis=1)
    height, width = frame.image.shape[:2]
    column, row = (
        np.rint(middles[(middles > 1).all(axis=1) & (middles < (width - 1, height - 1)).all(axis=1)]).astype(int).T
    )
    assert len(row) >= 6
    towards = np.abs(drawn[row, column].astype(int) - class_color("car")).sum(axis=1)
    before = np.abs(plain[row, column].astype(int) - class_color("car")).sum(axis=1)
    assert (towards < before).mean() > 0.8


def test_an_edge_that_passes_the_camera_is_cut_and_not_mirrored(dataset):
    frame = read_kitti_frame(dataset, 1)
    beside = replace(frame.labels[0], location=(2.5, 1.6, 0.5), rotation_y=-np.pi / 2)
    edges = projected_edges(beside, frame.calibration.projection)
    # All of it is to the right of the optical axis.
    assert edges[:, :, 0].min() > frame.calibration.projection[0, 2]
    assert np.isfinite(edges).all()


def test_returns_fall_into_the_labelled_boxes(dataset):
    frame = read_kitti_frame(dataset, 1)
    pose = frame.calibration.rectified_from_lidar
    points = frame.points @ pose[:3, :3].T + pose[:3, 3]
    (car,) = [label for label in frame.labels if label.type == "Car"]
    # Every return of a box lies on its surface, so a box a little larger holds them and one a little smaller none.
    x, y, z = car.location
    larger = replace(
        car, length=car.length + 0.02, width=car.width + 0.02, height=car.height + 0.02, location=(x, y + 0.01, z)
    )
    smaller = replace(
        car, length=car.length - 0.02, width=car.width - 0.02, height=car.height - 0.02, location=(x, y - 0.01, z)
    )
    assert points_in_box(points, larger).sum() > 100
    assert points_in_box(points, smaller).sum() == 0


def test_the_sweep_is_drawn_in_metres_with_the_actors_on_it(dataset):
    frame = read_kitti_frame(dataset, 0)
    width, height = 800, 400
    picture = sweep_from_above(frame, width, height)
    scale = width / (BEHIND + AHEAD)
    # The car stands at (14, -3) in the ego's frame, the lidar at (1.44, 0.06).
    column, row = round((14 - 1.44 + BEHIND) * scale), round(height / 2 + 3.06 * scale)
    window = picture[row - 12 : row + 13, column - 25 : column + 26].reshape(-1, 3)
    assert (np.abs(window.astype(int) - class_color("car")).sum(axis=1) < 60).sum() > 50


def test_colours_of_the_truth():
    depth = np.array([[3.0, 30.0, np.inf]], np.float32)
    near, far, unknown = depth_colors(depth)[0].astype(int)
    assert near.sum() > far.sum() > unknown.sum() == 0
    colors = instance_colors(np.arange(40, dtype=np.uint16)[None])[0]
    assert colors[0].sum() == 0
    assert len(np.unique(colors, axis=0)) == 40
