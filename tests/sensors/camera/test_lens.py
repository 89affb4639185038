"""The lens against OpenCV's projection of the same points."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlab_sensors.camera.lens import Pinhole, pixel_grid

PLAIN = Pinhole(1242, 375, 721.5377, 721.5377, 609.5593, 172.854)
BROWN_CONRADY = Pinhole(1280, 720, 1000.0, 1000.0, 640.0, 360.0, (-0.28, 0.07, 2e-4, 1e-4, 0.0))


@pytest.mark.parametrize(
    ("point", "pixel"),
    [
        ((0, 0, 10), (640.0, 360.0)),
        ((2, 1, 10), (837.2560, 458.6355)),
        ((-3, 2, 10), (350.5721, 552.9866)),
        ((4, -2, 10), (1018.74, 170.68)),
        ((5, 3, 10), (1096.59, 634.0016)),
    ],
)
def test_brown_conrady_projects_like_opencv(point, pixel):
    # OpenCV 5.0.0 projectPoints
    assert BROWN_CONRADY.project(point) == pytest.approx(pixel, abs=5e-5)


def test_what_is_behind_the_camera_has_no_pixel():
    assert np.isnan(PLAIN.project((1.0, 0.0, -5.0))).all()


@pytest.mark.parametrize("lens", [PLAIN, BROWN_CONRADY])
def test_rays_of_the_whole_image_project_back_onto_their_pixels(lens):
    pixels = pixel_grid(lens)[::5, ::5]
    rays = lens.directions(pixels)
    assert np.linalg.norm(rays, axis=-1) == pytest.approx(1.0, abs=1e-12)
    assert np.abs(lens.project(17.0 * rays) - pixels).max() < 1e-6


@given(st.floats(-0.5, 0.5), st.floats(-0.2, 0.2), st.floats(0.5, 200.0))
def test_a_point_lies_on_the_ray_of_its_pixel(x, y, depth):
    point = np.array([x * depth, y * depth, depth])
    ray = PLAIN.directions(PLAIN.project(point))
    assert np.cross(ray, point / np.linalg.norm(point)) == pytest.approx(np.zeros(3), abs=1e-9)
