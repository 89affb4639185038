"""The imager against EMVA 1288, and the lens against photometry."""

import numpy as np
import pytest

from roadlab.randomness import generator
from roadlab_sensors.camera.imager import MEASURED, Imager, demosaiced, digitised, filtered, merged, pattern
from roadlab_sensors.camera.lens import Pinhole
from roadlab_sensors.camera.optics import Optics, falloff, through

# The worked example of the linear model: K = 0.4 DN/e-, 7 e- of dark noise, a full well of 10,000 e-.
EXAMPLE = Imager(
    quantum_efficiency=0.6, full_well=10_000.0, read_noise=7.0, dark_current=0.0, prnu=0.0, dsnu=0.0, bits=13,
    black_level=64, mosaic="none",
)  # fmt: skip
DECIBEL = 20.0 * np.log10(0.4 / EXAMPLE.gain(0.0))


def flat(photons, imager=EXAMPLE, frames=2, size=(400, 400)):
    chip = pattern(imager, size, generator(1, "chip"))
    return [
        digitised(imager, np.full(size, photons), 0.0, DECIBEL, chip, generator(1, "frame", k, int(photons))).astype(
            float
        )
        for k in range(frames)
    ]


def variance(photons):
    """Of temporal noise: half of that of the difference of two frames, which cancels the fixed pattern."""
    first, second = flat(photons)
    return float(np.var(first.astype(float) - second) / 2.0)


@pytest.mark.parametrize(
    ("photons", "mean", "noise"),
    [(10, 2.4, 8.88333), (100, 24, 17.52333), (1000, 240, 103.92333), (10_000, 2400, 967.92333)],
)
def test_signal_and_noise_are_those_of_the_linear_model(photons, mean, noise):
    # sigma_y² = K² sigma_d² + 1/12 + K (mu_y - mu_dark)
    first, _ = flat(photons)
    assert first.mean() - EXAMPLE.black_level == pytest.approx(mean, abs=0.05, rel=0.002)
    assert variance(photons) == pytest.approx(noise, rel=0.015)


def test_the_photon_transfer_curve_has_the_gain_as_its_slope():
    levels = np.linspace(200, 12_000, 16)
    means = [np.mean(flat(level)) for level in levels]
    slope, intercept = np.polyfit(means, [variance(level) for level in levels], 1)
    assert slope == pytest.approx(0.4, rel=0.01)
    dark = intercept + slope * EXAMPLE.black_level
    assert dark == pytest.approx(0.4**2 * 7.0**2 + 1.0 / 12.0, abs=1.5)


def test_at_saturation_the_noise_collapses():
    assert variance(40_000) < 0.3 * variance(15_000)


def test_the_fixed_pattern_is_the_chips_own():
    imager = EXAMPLE.model_copy(update={"prnu": 0.01})
    mean = np.mean(flat(8000, imager, frames=30), axis=0) - imager.black_level
    noise = np.sqrt(variance(8000) / 30.0)
    assert np.sqrt(mean.std() ** 2 - noise**2) / mean.mean() == pytest.approx(0.01, rel=0.05)


def test_photons_follow_from_the_irradiance():
    # EMVA 1288: 4.5 µm pixel, 10 ms, 1 µW/cm² at 530 nm bring 5402.7 photons; here the light is of 555 nm.
    imager = Imager(pixel_size=4.5e-6)
    lux = 683.0 * 0.01  # 1 µW/cm² = 0.01 W/m²
    assert imager.photons(np.array(lux), 0.01) == pytest.approx(5402.7 * 0.555 / 0.530, rel=1e-4)


@pytest.mark.parametrize("mosaic", ["rggb", "bggr", "grbg", "gbrg"])
def test_a_linear_ramp_survives_the_mosaic(mosaic):
    v, u = np.mgrid[0:20, 0:30].astype(float)
    ramp = np.stack([1.0 + 2.0 * u + v, 5.0 + u - v, 3.0 - u + 4.0 * v], axis=-1)
    again = demosaiced(filtered(ramp, mosaic), mosaic)
    assert again[1:-1, 1:-1] == pytest.approx(ramp[1:-1, 1:-1], abs=1e-9)


@pytest.mark.parametrize(("degrees", "share"), [(10, 0.94060), (20, 0.77973), (30, 0.56250), (35, 0.45025), (45, 0.25)])
def test_natural_vignetting_falls_with_the_fourth_power_of_the_cosine(degrees, share):
    lens = Pinhole(2001, 1, 1000.0, 1000.0, 0.0, 0.0)
    column = 1000.0 * np.tan(np.radians(degrees))
    assert np.interp(column, np.arange(2001), falloff(Optics(vignetting=4.0), lens)[0]) == pytest.approx(
        share, abs=1e-4
    )


def test_a_lens_brings_as_much_light_to_the_chip_as_photometry_says():
    # pi/4 * 2000 cd/m² * 0.9 / 2² = 353.43 lx
    assert Optics(aperture=2.0).sensor_illuminance(np.array(2000.0)) == pytest.approx(353.43, abs=0.01)


@pytest.mark.parametrize("blur", [1.0, 1.5])
def test_a_slanted_edge_is_as_sharp_as_the_blur_and_the_pixels_say(blur):
    # ISO 12233, an edge slanted by 5 degrees; a Gaussian of s px has its MTF50 at 0.18739 / s cycles a pixel, pixels
    # that gather light over their area multiply it by sinc.
    lens = Pinhole(160, 160, 100.0, 100.0, 79.5, 79.5)
    v, u = np.mgrid[0:160, 0:160].astype(float)
    apart = (u - 79.5) * np.cos(np.radians(5.0)) + (v - 79.5) * np.sin(np.radians(5.0))
    gathered = np.clip(apart + 0.5, 0.0, 1.0).astype(np.float32)
    picture = np.repeat(gathered[..., None], 3, axis=2)
    seen, apart = through(Optics(blur=blur), lens, picture)[20:-20, 20:-20, 1].ravel(), apart[20:-20, 20:-20].ravel()
    bins = np.round(apart / 0.25).astype(int)
    near = np.abs(bins) <= 60
    edge = np.bincount(bins[near] + 60, seen[near]) / np.bincount(bins[near] + 60)
    spectrum = np.abs(np.fft.rfft(np.diff(edge), 8192))
    frequency = np.fft.rfftfreq(8192, 0.25)
    half = np.interp(-0.5, -spectrum / spectrum[0], frequency) if np.all(np.diff(spectrum[:600]) < 0) else np.nan
    wanted = np.exp(-2.0 * (np.pi * blur * frequency) ** 2) * np.abs(np.sinc(frequency))
    assert half == pytest.approx(np.interp(-0.5, -wanted[:1500], frequency[:1500]), rel=0.03)


def test_glare_loses_no_light():
    lens = Pinhole(200, 100, 100.0, 100.0, 99.5, 49.5)
    picture = np.zeros((100, 200, 3), dtype=np.float32)
    picture[50, 100] = 1000.0
    veiled = through(Optics(glare=0.1), lens, picture)
    assert veiled.sum() == pytest.approx(picture.sum(), rel=0.01)
    assert veiled[50, 110, 0] > 0.0


def test_red_is_larger_than_blue_where_the_lens_disperses():
    lens = Pinhole(201, 11, 100.0, 100.0, 100.0, 5.0)
    picture = np.zeros((11, 201, 3), dtype=np.float32)
    picture[:, 180] = 1.0
    fringed = through(Optics(chromatic=0.005), lens, picture)[5]
    middle = (fringed * np.arange(201)[:, None]).sum(axis=0) / fringed.sum(axis=0)
    assert middle == pytest.approx([180.4, 180.0, 179.6], abs=0.02)


@pytest.mark.parametrize("model", MEASURED)
def test_a_real_sensor_has_the_ratios_that_were_measured(model):
    # EMVA 1288: SNR² at saturation is the full well; the range begins at sqrt(sigma_d² + sigma_q² / K² + 1/4) + 1/2.
    chip = Imager.model_validate({"model": model})
    _, ratio, dynamic = MEASURED[model]
    step = 1.0 / (12.0 * chip.gain(0.0) ** 2)
    least = np.sqrt(chip.read_noise**2 + step + 0.25) + 0.5
    assert 10.0 * np.log10(chip.full_well) == pytest.approx(ratio, abs=0.01)
    assert 20.0 * np.log10(chip.full_well / least) == pytest.approx(dynamic, abs=0.05)


def test_what_is_said_beside_a_real_sensor_wins():
    chip = Imager.model_validate({"model": "imx250", "read_noise": 4.0})
    assert (chip.read_noise, chip.pixel_size) == (4.0, 3.45e-6)


WIDE = Imager(exposures=3, ratio=16.0, prnu=0.0, dsnu=0.0, dark_current=0.0, mosaic="none")


def wide(photons, frames=4, size=(300, 300)):
    chip = pattern(WIDE, size, generator(1, "chip"))
    taken = [
        merged(WIDE, np.full(size, photons), 0.002, 0.0, chip, generator(1, "wide", k, int(photons)))
        for k in range(frames)
    ]
    return np.array(taken, dtype=np.float64) - WIDE.black_level


def test_merged_exposures_are_linear_across_their_junctions_and_noisier_behind_them():
    well = WIDE.full_well / WIDE.quantum_efficiency
    levels = well * np.array([0.05, 0.5, 0.85, 0.95, 2.0, 10.0, 13.6, 15.2, 50.0, 200.0])
    found = [wide(level) for level in levels]
    means = np.array([numbers.mean() for numbers in found])
    wanted = WIDE.gain(0.0) * WIDE.quantum_efficiency * levels
    assert means == pytest.approx(wanted, rel=0.01)
    ratio = means / np.array([np.sqrt(np.var(numbers[::2] - numbers[1::2]) / 2.0) for numbers in found])
    for before, behind in ((2, 3), (6, 7)):  # 0.9 of the range of one exposure is where the next begins
        assert ratio[behind] < 0.5 * ratio[before]


def test_merged_numbers_end_where_the_shortest_exposure_saturates():
    assert wide(1e7).max() == WIDE.brightest - WIDE.black_level
    assert WIDE.headroom == 256.0
