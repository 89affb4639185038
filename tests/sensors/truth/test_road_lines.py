"""Lines on the road as a camera sees them, against the plan of the street and against the pixels of the same frame."""

import numpy as np
import pytest

from roadlab.geometry.poses import move
from roadlab_sensors.readings import SEMANTIC_IDS

pytestmark = pytest.mark.xdist_group("street")
INDEX = 5


@pytest.fixture(scope="module")
def taken(observer):
    """A frame, and the lines in it."""
    from roadlab_sensors.camera.expose import Body
    from roadlab_sensors.truth.road_lines import course_of, road_lines

    body = Body.of("camera", observer.rig["camera"], observer.stage)
    frame = body.expose(INDEX).frame
    here = body.frame(INDEX)
    return frame, road_lines(course_of(observer.stage.network), observer.stage.scene, here.motion, here.gaze)


def points_of(lines, kind, type_):
    """Which points belong to lines of this kind and type."""
    wanted = [line.kind == kind and line.type == type_ for line in lines.lines]
    return np.array(wanted)[lines.line]


def classes_at(frame, pixels):
    u, v = np.clip(np.rint(pixels).astype(int), 0, [frame.lens.width - 1, frame.lens.height - 1]).T
    return frame.semantic[v, u]


def depth_at(frame, pixels):
    u, v = np.clip(np.rint(pixels).astype(int), 0, [frame.lens.width - 1, frame.lens.height - 1]).T
    return frame.depth[v, u]


def test_lines_run_where_the_profile_puts_them(taken):
    # Parking lanes of 2.1 m beside lanes of 3.25 m: the solid lines lie 3.25 m and the kerbs 5.35 m off the middle.
    frame, lines = taken
    for kind, type_, aside in (
        ("lane line", "broken", 0.0), ("lane line", "solid", 3.25), ("road edge", "kerb", 5.35),
    ):  # fmt: skip
        own = points_of(lines, kind, type_)
        assert own.sum() > 20
        world = move(frame.world_from_camera, lines.points[own])
        assert np.abs(np.abs(world[:, 1]) - aside).max() < 1e-3
        assert np.abs(world[:, 2]).max() < 1e-3


def test_points_lie_where_the_lens_shows_them(taken):
    frame, lines = taken
    assert np.abs(frame.lens.project(lines.points) - lines.pixels).max() < 0.01
    assert frame.lens.holds(lines.pixels).all()


def test_solid_lines_that_are_seen_are_painted_pixels(taken):
    frame, lines = taken
    near = lines.points[:, 2] < 25.0  # farther away the paint is narrower than a pixel
    own = points_of(lines, "lane line", "solid") & lines.visible & near
    painted = classes_at(frame, lines.pixels[own]) == SEMANTIC_IDS["road marking"]
    assert own.sum() > 10
    assert painted.mean() > 0.95


def test_broken_lines_are_painted_for_a_third_of_their_length(taken):
    # Dashes of 3 m with gaps of 6 m (RMS-1, in towns).
    frame, lines = taken
    own = points_of(lines, "lane line", "broken") & lines.visible & (lines.points[:, 2] < 25.0)
    painted = classes_at(frame, lines.pixels[own]) == SEMANTIC_IDS["road marking"]
    assert painted.mean() == pytest.approx(1 / 3, abs=0.15)


def test_what_hides_a_point_is_nearer_than_it(taken):
    frame, lines = taken
    depth = depth_at(frame, lines.pixels)
    assert 0.05 < (~lines.visible).mean() < 0.9
    near = lines.points[:, 2] < 40.0
    free, hidden = lines.visible & near, ~lines.visible & near
    far = lines.points[:, 2]
    pixel = far**2 / (frame.lens.fy * 1.65)  # so much of the road lies in a row of the image, seen from 1.65 m
    assert (depth[free] > far[free] - pixel[free] - 0.3).mean() > 0.97  # but for the edges of cars
    assert (depth[hidden] < far[hidden]).mean() > 0.97
