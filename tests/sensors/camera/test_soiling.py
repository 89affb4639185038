"""Dust and drops on the lens, and the veil of the sun."""

import numpy as np
import pytest

from roadlab.randomness import generator
from roadlab_sensors.rays import engine

engine.start()

from roadlab_sensors.camera.glare import spread  # noqa: E402
from roadlab_sensors.camera.lens import Pinhole  # noqa: E402
from roadlab_sensors.camera.soiling import Soiling  # noqa: E402

pytestmark = pytest.mark.xdist_group("street")

LENS = Pinhole(400, 240, 300.0, 300.0, 199.5, 119.5)


def soiled(dirt=0.0, drops=0, seed=3):
    return Soiling.of(dirt, drops, LENS, generator(seed, "soiling"))


def test_a_clean_lens_changes_nothing():
    picture = generator(1, "picture").uniform(0.0, 2.0, (240, 400, 3)).astype(np.float32)
    np.testing.assert_array_equal(soiled().on(picture), picture)


@pytest.mark.parametrize("dirt", [0.1, 0.4])
def test_dirt_covers_as_much_as_is_said(dirt):
    covered = np.mean([(soiled(dirt, seed=k).cover > 0.0).mean() for k in range(6)])
    # Specks that reach beyond the picture's edge cover a little less of it.
    assert 0.7 * dirt < covered < 1.1 * dirt


def test_specks_keep_light_back_and_lay_haze_over_the_dark():
    black = np.zeros((240, 400, 3), dtype=np.float32)
    black[:, :200] = 1.0
    seen = soiled(0.3).on(black)
    dirty = soiled(0.3).cover > 0.05
    assert (seen[:, :200][dirty[:, :200]] < 1.0).all()
    assert (seen[:, 200:][dirty[:, 200:]] > 0.0).all()
    assert (seen[~dirty & (soiled(0.3).cover == 0.0)] == black[~dirty & (soiled(0.3).cover == 0.0)]).all()


def test_a_drop_shows_the_sky_below():
    picture = np.zeros((240, 400, 3), dtype=np.float32)
    picture[:120] = 1.0
    lens = soiled(drops=40)
    whole = lens.drop > 0.99
    assert whole.any()
    seen, v = lens.on(picture)[..., 0], np.arange(240)[:, None] * np.ones((1, 400))
    upper, lower = whole & (v < 100), whole & (v > 140)
    assert seen[upper].mean() < picture[..., 0][upper].mean()
    assert seen[lower].mean() > picture[..., 0][lower].mean()


def test_the_lens_is_as_dirty_in_every_frame():
    first, again = soiled(0.2, 5), soiled(0.2, 5)
    np.testing.assert_array_equal(first.cover, again.cover)
    np.testing.assert_array_equal(first.where, again.where)


def test_scattered_light_is_lost_nowhere():
    angle = np.linspace(0.0, np.pi / 2, 20_001)
    whole = np.trapezoid(2.0 * np.pi * np.sin(angle) * spread(angle), angle)
    assert whole == pytest.approx(1.0, rel=1e-3)
    # It falls with the square of the angle (CIE 135/1).
    assert spread(np.array([0.2]))[0] / spread(np.array([0.4]))[0] == pytest.approx(4.0, rel=0.02)


def test_the_sun_shines_as_bright_as_through_so_much_air(observer):
    from dataclasses import replace

    from roadlab_sensors.camera.glare import Sunlight
    from roadlab_sensors.camera.picture import LUMINANCE

    stage = observer.stage
    light = Sunlight.of(stage)
    elevation = np.degrees(np.arcsin(stage.sun[2]))
    mass = 1.0 / (stage.sun[2] + 0.50572 * (elevation + 6.07995) ** -1.6364)  # Kasten and Young 1989
    lux = float(light.irradiance @ LUMINANCE) / stage.candela
    assert lux == pytest.approx(128_000.0 * np.exp(-0.21 * mass), rel=0.2)
    assert Sunlight.of(replace(stage, sun=None)) is None


def test_a_lens_that_looks_to_the_sun_is_veiled_and_one_that_looks_away_is_not(observer):
    from roadlab_sensors.camera.gaze import Gaze
    from roadlab_sensors.camera.glare import Sunlight
    from roadlab_sensors.camera.shutter import Shutter
    from roadlab_sensors.camera.sight import Grid

    stage, veils = observer.stage, {}
    light = Sunlight.of(stage)
    for name, towards in (("to", stage.sun), ("away", -stage.sun)):
        side = np.cross(towards, [0.0, 0.0, 1.0])
        side /= np.linalg.norm(side)
        pose = np.eye(4)
        pose[:3, :3] = np.stack([side, np.cross(towards, side), towards], axis=1)
        pose[:3, 3] = [0.0, 0.0, 60.0]
        gaze = Gaze(LENS, Shutter(), 0, np.array([0, 1]), np.stack([pose, pose]))
        veils[name] = light.veil(stage, gaze, Grid.of(LENS).directions)
    assert veils["away"].max() == 0.0
    v, u = np.unravel_index(veils["to"][..., 1].argmax(), veils["to"].shape[:2])
    assert (u, v) == (pytest.approx(199.5, abs=1), pytest.approx(119.5, abs=1))
