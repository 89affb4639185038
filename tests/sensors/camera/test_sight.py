"""What each pixel sees, line by line, and that the picture shows the same."""

import numpy as np
import pytest
from conftest_pillar import LENS, MIDDLE, PILLAR, TALL, crossing, gaze_at, seen_by

from roadlab.timing import SECOND
from roadlab_sensors.camera.lens import Pinhole, pixel_grid
from roadlab_sensors.camera.shutter import Shutter
from roadlab_sensors.camera.sight import elements, sightlines
from roadlab_sensors.rays.light import Quality
from roadlab_sensors.rays.picture import PathTracer

pytestmark = pytest.mark.xdist_group("street")


def edges(mask):
    """Of the true run in each row: where it begins and ends, in pixels; NaN where a row has none."""
    found = np.full((len(mask), 2), np.nan)
    for row in np.flatnonzero(mask.any(axis=1)):
        columns = np.flatnonzero(mask[row])
        found[row] = columns[0] - 0.5, columns[-1] + 0.5
    return found


def pillar_mask(scene, seen):
    return (scene.faces.instance[seen.face] == PILLAR).reshape(LENS.height, LENS.width)


@pytest.mark.parametrize(("scan", "sign"), [("top_to_bottom", 1), ("bottom_to_top", -1)])
def test_a_rolling_shutter_shears_what_crosses(scan, sign):
    # f v / d t_line rows: 1000 px, 15 m/s, 20 m, 30 us, 1080 rows give 24.3 px; here all but the angles is a tenth.
    log = crossing(15.0)
    scene, _, seen = seen_by(log, gaze_at(Shutter(row_time=300e-6, scan=scan), 1_000_000))
    left = edges(pillar_mask(scene, seen))[:, 0]
    rows = np.flatnonzero(np.isfinite(left))
    slope = np.polyfit(rows, left[rows], 1)[0] * LENS.height
    assert slope == pytest.approx(sign * 2.43, abs=0.1)


def test_columns_one_after_another_stretch_what_goes_along_with_them():
    speed, line = 15.0, 2e-3
    pixels_a_second = 100.0 * speed / 20.0
    scene, _, seen = seen_by(crossing(speed), gaze_at(Shutter(row_time=line, scan="left_to_right"), 1_000_000))
    width = np.diff(edges(pillar_mask(scene, seen)), axis=1)[LENS.height // 2, 0]
    assert width == pytest.approx(100.0 * 4.0 / 20.0 / (1.0 - pixels_a_second * line), abs=1.0)


def test_a_rolling_shutter_turns_plumb_lines_when_the_camera_yaws():
    # Pure yaw of 0.5 rad/s shifts by f yaw_rate t_line rows: 1000 px, 30 us, 1080 rows give 16.2 px; here 4 rad/s.
    def yawing(times):
        angle = 4.0 * (times - MIDDLE) / SECOND
        turn = np.zeros((len(times), 4, 4))
        turn[:, 0, 0], turn[:, 0, 1], turn[:, 1, 0], turn[:, 1, 1] = (
            np.cos(angle),
            -np.sin(angle),
            np.sin(angle),
            np.cos(angle),
        )
        turn[:, 2, 2] = turn[:, 3, 3] = 1.0
        return turn @ TALL

    scene, _, seen = seen_by(crossing(0.0), gaze_at(Shutter(row_time=300e-6), 1_000_000, yawing))
    left = edges(pillar_mask(scene, seen))[:, 0]
    rows = np.flatnonzero(np.isfinite(left))
    assert np.polyfit(rows, left[rows], 1)[0] * LENS.height == pytest.approx(8 * 1.62, rel=0.03)


def test_without_motion_both_shutters_see_the_same():
    log = crossing(0.0)
    scene, _, at_once = seen_by(log, gaze_at(Shutter(), 1_000_000))
    again, _, in_turn = seen_by(log, gaze_at(Shutter(row_time=300e-6), 1_000_000))
    same = pillar_mask(scene, at_once) == pillar_mask(again, in_turn)
    assert same.mean() > 0.9999
    near = np.isfinite(at_once.distance) & np.isfinite(in_turn.distance) & same.ravel()
    assert np.abs(at_once.distance[near] - in_turn.distance[near]).max() < 1e-3


def albedo_of(log, gaze, exposure, samples=64):
    scene, moving, seen = seen_by(log, gaze)
    local = pixel_grid(LENS)
    rays = np.stack([LENS.directions(local + shift) for shift in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5))])
    tracer = PathTracer(scene, rays, Quality(1, samples, 1, "fast"), 0.0, 1e9)
    sight = sightlines(scene, gaze, moving, seen, exposure, 1)
    light = tracer.trace(sight, np.zeros(len(scene.lamps) + 1, dtype=bool), 7)
    return pillar_mask(scene, seen), light.albedo[..., 1]


def test_the_picture_of_a_rolling_shutter_agrees_with_its_labels():
    mask, albedo = albedo_of(crossing(15.0), gaze_at(Shutter(row_time=900e-6), 1_000), 1_000)
    below = np.arange(LENS.height)[:, None] > 60  # beside the pillar is the dark road, not the sky
    bright = albedo > 0.45
    assert (bright & below)[61:].sum() == pytest.approx(mask[61:].sum(), rel=0.02)
    assert (bright == mask)[61:].mean() > 0.995


def test_what_moves_is_blurred_over_the_way_of_its_image():
    # f v / d t_exp = 100 px * 40 m/s / 20 m * 40 ms = 8 px
    exposure = 40_000_000
    _, albedo = albedo_of(crossing(40.0), gaze_at(Shutter(), exposure), exposure, samples=256)
    row = albedo[70:100].mean(axis=0)
    dark, bright = row.min(), row.max()
    ramp = np.interp([0.1, 0.9], (row[60:96] - dark) / (bright - dark), np.arange(60, 96))
    assert (ramp[1] - ramp[0]) / 0.8 == pytest.approx(8.0, abs=0.8)


def test_elements_of_squares_lie_within_the_image():
    found = elements(Pinhole(7, 5, 1.0, 1.0, 0.0, 0.0), 2)
    assert found.shape == (3, 4, 2)
    assert found.reshape(-1, 2).max(axis=0).tolist() == [6, 4]


def test_passes_add_up_to_as_many_samples():
    log, gaze = crossing(15.0), gaze_at(Shutter(), 1_000)
    scene, moving, seen = seen_by(log, gaze)
    rays = np.stack([LENS.directions(pixel_grid(LENS) + shift) for shift in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5))])
    sight = sightlines(scene, gaze, moving, seen, 1_000, 1)

    def light(samples, passes):
        tracer = PathTracer(scene, rays, Quality(1, samples, 2, "none", passes=passes), 0.0, 1e9)
        return tracer.trace(sight, np.zeros(len(scene.lamps) + 1, dtype=bool), 3).radiance

    def roughness(picture):
        road = picture[80:, :60, 1]
        return np.std(road - road.mean())

    assert light(4, 16).mean() == pytest.approx(light(4, 1).mean(), rel=0.02)
    assert roughness(light(4, 16)) < 0.4 * roughness(light(4, 1))  # a quarter of the noise
