"""Lenses from other people's files, and what of such files is refused."""

import base64
import io
import zlib

import cv2
import numpy as np
import pytest

from roadlab.errors import ScenarioFileError
from roadlab.scenario.load import Scenario, load
from roadlab_sensors.camera.calibration import lens_of, opencv_yaml, rays_of
from roadlab_sensors.camera.lens import Fisheye, Pinhole, RayTable, pixel_grid

BENT = Pinhole(640, 480, 500.5, 498.25, 321.0, 240.0, (-0.28, 0.07, 2e-4, 1e-4, 0.001))
RATIONAL = Pinhole(640, 480, 500.0, 500.0, 320.0, 240.0, (0.1, -0.2, 0.001, -0.0005, 0.05, 0.02, -0.01, 0.005))
ROUND = Fisheye(640, 480, 200.0, 201.0, 320.0, 240.0, (0.02, -0.005, 0.001, -0.0002))

SCENARIO = """
scenario: A camera from a file
duration: 1 s
map:
  roads: {road: {profile: urban_2x1, path: [{line: 60 m}]}}
  surroundings: {style: none}
actors:
  ego: {model: sedan, at: {road: road, lane: -1, s: 12 m}, parked: true}
sensors:
  camera: {type: camera, CAMERA}
"""


def scenario(folder, camera):
    path = folder / "scenario.yaml"
    path.write_text(SCENARIO.replace("CAMERA", camera))
    return load(path)


def array_file(table):
    file = io.BytesIO()
    np.save(file, table)
    return file.getvalue()


def packed(data):
    return base64.b64encode(zlib.compress(data)).decode()


@pytest.mark.parametrize("lens", [BENT, RATIONAL, ROUND])
def test_opencv_reads_what_we_write(lens, tmp_path):
    (tmp_path / "camera.yaml").write_text(opencv_yaml(lens))
    storage = cv2.FileStorage(str(tmp_path / "camera.yaml"), cv2.FILE_STORAGE_READ)
    np.testing.assert_array_equal(storage.getNode("camera_matrix").mat(), lens.matrix)
    np.testing.assert_array_equal(storage.getNode("distortion_coefficients").mat().ravel(), lens.distortion)
    assert storage.getNode("image_width").real() == lens.width
    assert lens_of(opencv_yaml(lens)) == lens


def test_we_read_what_opencv_writes(tmp_path):
    storage = cv2.FileStorage(str(tmp_path / "camera.yml"), cv2.FILE_STORAGE_WRITE)
    storage.write("image_width", BENT.width)
    storage.write("image_height", BENT.height)
    storage.write("camera_matrix", BENT.matrix)
    storage.write("distortion_coefficients", np.array(BENT.distortion).reshape(-1, 1))
    storage.release()
    assert lens_of((tmp_path / "camera.yml").read_text()) == BENT


def test_a_calibration_of_ros_is_read_too():
    matrix = [float(value) for value in ROUND.matrix.ravel()]
    text = (
        "image_width: 640\nimage_height: 480\ncamera_name: front\n"
        f"camera_matrix: {{rows: 3, cols: 3, data: {matrix}}}\n"
        "distortion_model: equidistant\n"
        f"distortion_coefficients: {{rows: 1, cols: 4, data: {list(ROUND.distortion)}}}\n"
    )
    assert lens_of(text) == ROUND


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "holds no keys"),
        ("- 1", "holds no keys"),
        ("a: [", "is no YAML"),
        ("a: !!python/object/apply:os.system [ls]", "is no YAML"),
        ("image_width: 640", "needs image_height"),
        (opencv_yaml(BENT).replace("image_width: 640", "image_width: 1e9"), "needs image_width"),
        (opencv_yaml(BENT).replace("500.5", "-1.0"), "positive fx"),
        (opencv_yaml(BENT).replace("500.5", ".nan"), "needs camera_matrix"),
        (opencv_yaml(BENT).replace("-0.28, ", ""), None),
        (opencv_yaml(BENT).replace("-0.28, 0.07, 0.0002, ", ""), "needs distortion_coefficients"),
        (opencv_yaml(BENT).replace("plumb_bob", "magic"), "'magic' is not one of"),
    ],
)
def test_what_is_no_calibration_is_refused_with_the_reason(text, reason):
    if reason is None:
        assert len(lens_of(text).distortion) == 5
    else:
        with pytest.raises(ValueError, match=reason):
            lens_of(text)


def test_a_scenario_takes_its_lens_from_a_calibration_file_and_keeps_it(tmp_path):
    (tmp_path / "camera.yaml").write_text(opencv_yaml(BENT))
    found = scenario(tmp_path, "calibration: camera.yaml")
    assert found.spec.sensors["camera"].lens == BENT
    (tmp_path / "camera.yaml").unlink()
    assert Scenario.from_json(found.to_json()).spec.sensors["camera"].lens == BENT


def test_a_scenario_takes_a_table_of_rays(tmp_path):
    lens = Fisheye(64, 48, 40.0, 40.0, 31.5, 23.5)
    (tmp_path / "rays.npy").write_bytes(array_file(lens.directions(pixel_grid(lens)).astype(np.float32) * 3.0))
    found = scenario(tmp_path, "image: {width: 64, height: 48}, ray_table: rays.npy").spec.sensors["camera"].lens
    assert isinstance(found, RayTable)
    points = lens.directions(np.array([[10.0, 20.0], [50.5, 40.25]])) * 7.0
    assert found.project(points) == pytest.approx(lens.project(points), abs=0.02)


@pytest.mark.parametrize(
    ("camera", "reason"),
    [
        ("calibration: ../camera.yaml", "leaves the scenario's folder"),
        ("calibration: /etc/passwd", "leaves the scenario's folder"),
        ("ray_table: ../rays.npy", "leaves the scenario's folder"),
        ("calibration: nowhere.yaml", "there is no file"),
        ("calibration: broken.yaml", "needs image_width"),
        ("calibration: good.yaml, intrinsics: {fx: 300}", "holds image, projection, intrinsics"),
        ("ray_table: small.npy", "375 x 1242 x 3"),
        ("ray_table: small.npy, projection: fisheye", "needs neither projection"),
        ("ray_table: broken.yaml", "no NumPy file"),
    ],
)
def test_what_a_file_must_not_be_is_said_at_its_name(camera, reason, tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    for place in (tmp_path, folder):
        (place / "camera.yaml").write_text(opencv_yaml(BENT))
        (place / "rays.npy").write_bytes(array_file(np.ones((4, 4, 3))))
    (folder / "good.yaml").write_text(opencv_yaml(BENT))
    (folder / "broken.yaml").write_text("model: none")
    (folder / "small.npy").write_bytes(array_file(np.ones((4, 4, 3))))
    with pytest.raises(ScenarioFileError, match=reason):
        scenario(folder, camera)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (array_file(np.array([object()], dtype=object)), "no NumPy file"),
        (array_file(np.zeros((4, 4, 3))), "have a direction"),
        (array_file(np.full((4, 4, 3), np.inf)), "finite"),
        (array_file(np.ones((4, 4))), "height x width x 3"),
    ],
)
def test_what_is_no_table_of_rays_is_refused(data, reason):
    with pytest.raises(ValueError, match=reason):
        rays_of(packed(data))


def test_a_table_that_unpacks_to_more_than_it_may_is_not_unpacked():
    with pytest.raises(ValueError, match="more than"):
        rays_of(packed(bytes(100_000_000)))
