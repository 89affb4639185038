"""The lens against OpenCV's projection of the same points."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlab.randomness import generator
from roadlab_sensors.camera.lens import Equirectangular, Fisheye, Pinhole, RayTable, pixel_grid

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


RATIONAL = Pinhole(1280, 720, 1000.0, 1000.0, 640.0, 360.0, (0.1, -0.2, 0.001, -0.0005, 0.05, 0.02, -0.01, 0.005))
FISHEYE = Fisheye(1280, 960, 350.0, 350.0, 640.0, 480.0, (0.02, -0.005, 0.001, -0.0002))
WIDE = Fisheye(900, 900, 250.0, 250.0, 449.5, 449.5)
"""An equidistant lens that sees 206 degrees across the image."""
PANORAMA = Equirectangular(512, 256)


@pytest.mark.parametrize(
    ("point", "pixel"),
    [
        ((2, 1, 10), (840.6804367583, 460.4027183791)),
        ((-3, 2, 10), (337.5439665510, 561.7240222994)),
        ((4, -2, 10), (1043.0712916982, 158.6143541509)),
        ((5, 3, 10), (1143.3620032901, 662.4592019741)),
    ],
)
def test_the_rational_model_projects_like_opencv(point, pixel):
    # OpenCV 5.0.0 projectPoints
    assert RATIONAL.project(point) == pytest.approx(pixel, abs=1e-9)


@pytest.mark.parametrize(
    ("point", "pixel"),
    [
        ((0, 0, 1), (640.0, 480.0)),
        ((1, 0, 1), (917.8142463772, 480.0)),
        ((1, 1, 1), (879.9065528017, 719.9065528017)),
        ((-2, 1, 1), (272.9208650405, 663.5395674798)),
        ((5, 0, 1), (1132.2818980264, 480.0)),
        ((-3, -4, 0.5), (323.1499772101, 57.5333029468)),
    ],
)
def test_a_fisheye_projects_like_opencv(point, pixel):
    # OpenCV 5.0.0 fisheye.projectPoints
    assert FISHEYE.project(point) == pytest.approx(pixel, abs=1e-9)


@pytest.mark.parametrize("lens", [RATIONAL, FISHEYE, WIDE, PANORAMA])
def test_rays_of_other_lenses_project_back_onto_their_pixels(lens):
    pixels = pixel_grid(lens)[::7, ::7]
    rays = lens.directions(pixels)
    inside = np.isfinite(rays[..., 0])
    assert inside.mean() > 0.75
    assert np.linalg.norm(rays[inside], axis=-1) == pytest.approx(1.0, abs=1e-12)
    assert np.abs(lens.project(17.0 * rays[inside]) - pixels[inside]).max() < 1e-6


def test_a_fisheye_sees_behind_itself_but_not_beyond_its_image_circle():
    backwards = np.array([np.sin(np.radians(100.0)), 0.0, np.cos(np.radians(100.0))])
    u, v = WIDE.project(backwards)
    assert (u, v) == pytest.approx((449.5 + 250.0 * np.radians(100.0), 449.5))
    assert WIDE.directions((u, v)) == pytest.approx(backwards, abs=1e-9)
    half = Fisheye(900, 900, 250.0, 250.0, 449.5, 449.5, (0.0, -0.08, 0.0, 0.0))
    assert np.isnan(half.directions((0.0, 0.0))).all()
    assert half.folds_at < 450.0 * np.sqrt(2.0)


def test_the_whole_field_of_view_is_covered():
    across = Pinhole(1000, 10, 500.0, 500.0, 499.5, 4.5)
    left, right = across.directions(np.array([[-0.5, 4.5], [999.5, 4.5]]))
    assert np.degrees(np.arccos(left @ right)) == pytest.approx(90.0, abs=0.01)


def test_a_panorama_looks_right_a_quarter_of_its_width_from_the_middle():
    assert PANORAMA.project((1.0, 0.0, 0.0)) == pytest.approx((0.75 * 512 - 0.5, 127.5))
    assert PANORAMA.project((0.0, 5.0, 0.0))[1] == pytest.approx(255.5)


def test_a_distortion_that_folds_back_is_found_and_where():
    # r (1 - 0.4 r²) grows up to r = sqrt(1 / 1.2), where it is 0.6086.
    lens = Pinhole(1280, 720, 600.0, 600.0, 639.5, 359.5, (-0.4, 0.0, 0.0, 0.0, 0.0))
    assert lens.fold == pytest.approx((0.91287, 0.60858), abs=1e-4)
    assert lens.folds_at == pytest.approx(365.1, abs=0.1)
    assert BROWN_CONRADY.folds_at is None
    assert np.isnan(lens.project((1.0, 0.0, 1.0))).all()


def test_a_table_of_rays_is_as_good_as_the_lens_that_it_was_measured_on():
    lens = Pinhole(96, 64, 90.0, 90.0, 47.5, 31.5, (-0.1, 0.02, 0.0, 0.0, 0.0))
    table = RayTable(96, 64, lens.directions(pixel_grid(lens)))
    points = lens.directions(generator(3, "points").uniform([2.0, 2.0], [93.0, 61.0], (200, 2))) * 12.0
    assert np.abs(table.project(points) - lens.project(points)).max() < 0.01
    assert np.abs(table.project(table.directions([[10.25, 20.75]])) - [10.25, 20.75]).max() < 1e-6
    assert np.isnan(table.project((1.0, 0.0, -1.0))).all()


def test_a_table_of_rays_must_fit_the_image_and_be_numbers():
    with pytest.raises(ValueError, match="64 x 96 x 3"):
        RayTable(96, 64, np.ones((96, 64, 3)))
    with pytest.raises(ValueError, match="finite"):
        RayTable(2, 2, np.full((2, 2, 3), np.nan))
