"""Exposure, tone and encoding of a picture."""

import numpy as np
import pytest

from roadlab_sensors.camera.denoise import cleaned
from roadlab_sensors.camera.imager import MIDDLE_GREY
from roadlab_sensors.camera.lens import Pinhole
from roadlab_sensors.camera.picture import KNEE, LUMINANCE, Picture, encode, tone
from roadlab_sensors.rays.light import Light, Quality


@pytest.mark.parametrize(("linear", "code"), [(0.0, 0), (0.18, 118), (0.5, 188), (1.0, 255)])
def test_encoding_is_srgb(linear, code):
    # IEC 61966-2-1
    assert encode(np.array([linear], dtype=np.float32))[0] == code


def test_tone_is_linear_in_the_shadows_and_never_reaches_white():
    signal = np.linspace(0, 20, 2000, dtype=np.float32)
    toned = tone(signal)
    assert (toned[signal <= KNEE] == signal[signal <= KNEE]).all()
    assert (np.diff(toned) >= 0).all()
    assert toned.max() <= 1.0
    assert np.diff(toned).max() <= np.diff(signal).max() * 1.001


def test_a_grey_card_on_open_ground_is_neutral_and_well_exposed():
    illuminance = np.array([3.1, 2.9, 2.4])  # warm light
    card = np.broadcast_to(0.18 * illuminance / np.pi, (64, 64, 3)).astype(np.float32)
    flat = np.full((64, 64, 3), 0.18, dtype=np.float32)
    up = np.broadcast_to(np.array([0.0, 0.0, 1.0], dtype=np.float32), (64, 64, 3))
    quality, lens = Quality(1, 1, 1, "fast"), Pinhole(64, 64, 60.0, 60.0, 31.5, 31.5)
    clean = cleaned(Light(card, flat, np.ascontiguousarray(up)), quality, lens)
    way = Picture()
    signal = clean * np.float32(MIDDLE_GREY / (0.18 * illuminance @ LUMINANCE / np.pi))
    balanced = signal * way.balance(illuminance).astype(np.float32)
    picture = way.finished(balanced, way.matrix(np.eye(3), illuminance), float("inf"))
    expected = encode(np.array([MIDDLE_GREY], dtype=np.float32))[0]
    # The denoiser disturbs the outermost pixels of so small a picture.
    assert np.abs(picture[16:-16, 16:-16].astype(int) - int(expected)).max() <= 2
