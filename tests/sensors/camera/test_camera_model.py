"""What an author may ask of a camera, and what is refused."""

import numpy as np
import pytest
from pydantic import ValidationError

from roadlab_sensors.camera.lens import Equirectangular, Fisheye
from roadlab_sensors.camera.model import Camera


def camera(**keys):
    return Camera.model_validate({"type": "camera", "image": {"width": 1280, "height": 720}, **keys})


def test_a_field_of_view_gives_the_focal_length():
    assert camera(intrinsics={"field_of_view": "90 deg"}).lens.fx == pytest.approx(640.0)
    fisheye = camera(projection="fisheye", intrinsics={"field_of_view": "190 deg"}).lens
    assert isinstance(fisheye, Fisheye)
    edge = fisheye.directions((1279.5, 359.5))
    assert np.degrees(np.arccos(edge[2])) == pytest.approx(95.0)


def test_a_matrix_says_the_same_as_its_entries():
    by_matrix = camera(intrinsics={"matrix": [[900.0, 0.0, 630.0], [0.0, 910.0, 350.0], [0.0, 0.0, 1.0]]})
    assert by_matrix.lens == camera(intrinsics={"fx": 900.0, "fy": 910.0, "cx": 630.0, "cy": 350.0}).lens


def test_a_panorama_needs_no_intrinsics():
    assert isinstance(camera(projection="equirectangular").lens, Equirectangular)


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"exposure": {"time": "150 ms"}}, "longer than the frame period"),
        ({"shutter": {"row_time": "1 ms"}}, "the last line is read"),
        ({"intrinsics": {"fx": 700.0, "field_of_view": "60 deg"}}, "one of fx, field_of_view"),
        ({"intrinsics": {"fy": 700.0}}, "fy needs fx"),
        ({"intrinsics": {"matrix": [[700.0, 1.0, 0.0], [0.0, 700.0, 0.0], [0.0, 0.0, 1.0]]}}, "the matrix must be"),
        ({"intrinsics": {"field_of_view": "185 deg"}}, "a pinhole cannot see 185 degrees"),
        ({"distortion": [0.1, 0.0, 0.0, 0.0]}, "5 or 8 distortion coefficients, not 4"),
        ({"projection": "fisheye", "distortion": [0.1] * 5}, "4 distortion coefficients, not 5"),
        ({"projection": "equirectangular", "intrinsics": {"fx": 700.0}}, "has no intrinsics"),
        (
            {"intrinsics": {"fx": 600.0}, "distortion": [-0.4, 0.0, 0.0, 0.0, 0.0]},
            "folds back inside the image, 365 px",
        ),
        ({"intrinsics": {"fx": 0.0}}, "greater than 0"),
    ],
)
def test_an_impossible_camera_is_refused_with_the_reason(keys, reason):
    with pytest.raises(ValidationError, match=reason):
        camera(**keys)
