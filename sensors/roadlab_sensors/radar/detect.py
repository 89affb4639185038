"""From scatterers to detections: what falls into one cell of range, azimuth and rate is one, if it is loud enough."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab.log import SceneLog
from roadlab_sensors.radar.scatter import Scatterers
from roadlab_sensors.radar.waveform import Waveform
from roadlab_sensors.readings import RADAR_FIELDS

Floats = NDArray[np.float64]

THRESHOLD = 10.0**1.3
"""Least ratio of signal to noise: 13 dB."""
FALSE_ALARMS = 0.5
"""Noise that passes the threshold, per cycle."""
MOST = 250
"""Detections of a cycle; ARS 408 reports as many clusters."""
VEHICLE_SPREAD = 3.0
"""Standard deviation of the log-normal fluctuation of vehicles [dB]."""
PERSON_SHAPE = 1.5
"""Nakagami's m of pedestrians and cyclists; everything else fades as Swerling I."""
STANDING = 0.5
"""Slower things are called stationary [m/s]."""
RMS_CODES = np.r_[0.005, 0.006, 0.008, 0.011, 0.014, 0.018, 0.023, 0.029, 0.038, 0.049, 0.063, 0.081, 0.105, 0.135,
                  0.174, 0.224, 0.288, 0.371, 0.478, 0.616, 0.794, 1.023, 1.317, 1.697, 2.187, 2.817, 3.630, 4.676,
                  6.025, 7.762, 10.0]  # fmt: skip
"""Upper ends of the classes of deviation that nuScenes' rms fields number (ARS 408 technical documentation)."""


@dataclass(frozen=True)
class Detections:
    """N detections, strongest first."""

    range: Floats
    azimuth: Floats
    range_rate: Floats
    own_rate: Floats
    """(N,) what a standing thing there would have [m/s]."""
    rcs: Floats
    """(N,) [m²]"""
    snr: Floats
    """(N,) as a ratio."""
    instance: NDArray[np.uint16]
    ghost: NDArray[np.bool_]
    folded: NDArray[np.bool_]
    """(N,) the range rate is beyond what the waveform can tell."""

    def __getitem__(self, rows: NDArray[np.int64]) -> Detections:
        return Detections(*(getattr(self, name)[rows] for name in Detections.__dataclass_fields__))


def detect(found: Scatterers, waveform: Waveform, log: SceneLog, random: np.random.Generator) -> Detections:
    """Detections of one cycle."""
    azimuth = np.arctan2(found.direction[:, 1], found.direction[:, 0])
    cells = _cells(found, azimuth, waveform)
    strength = _fluctuating(cells.rcs, cells.instance, log, random)
    snr = waveform.signal_to_noise(strength, cells.range)
    loud = np.flatnonzero(snr > THRESHOLD)
    loud = loud[np.argsort(-snr[loud], kind="stable")]
    chief = _separate(cells, loud, waveform)
    kept, member = np.unique(chief, return_inverse=True)
    whole = np.bincount(member, strength[loud], len(kept)).astype(np.float64)
    louder = np.bincount(member, snr[loud], len(kept)).astype(np.float64)
    real = replace(cells[loud[kept]], rcs=whole, snr=louder)[np.argsort(-louder, kind="stable")[:MOST]]
    return _measured(_with_false_alarms(real, waveform, random), waveform, random)


def _cells(found: Scatterers, azimuth: Floats, waveform: Waveform) -> Detections:
    """All that falls into one cell as one scatterer, where its power is; said to be of whatever is strongest in it."""
    rate = waveform.folded(found.range_rate)
    key = np.stack(
        [
            np.floor(found.distance / waveform.range_resolution),
            np.floor(np.sin(azimuth) * waveform.elements / 2.0),
            np.floor(rate / waveform.speed_resolution),
        ],
        axis=1,
    ).astype(np.int64)
    _, group = np.unique(key, axis=0, return_inverse=True)
    group = group.ravel()
    power = found.rcs / np.maximum(found.distance, 0.1) ** 4
    order = np.lexsort((-power, group))
    chief = order[np.r_[True, group[order][1:] != group[order][:-1]]] if len(order) else order
    total = np.maximum(np.bincount(group, power), 1e-300)

    def mean(values: Floats) -> Floats:
        return np.asarray(np.bincount(group, power * values) / total)

    return Detections(
        mean(found.distance),
        mean(azimuth),
        mean(rate),
        mean(found.own_rate),
        np.bincount(group, found.rcs).astype(np.float64),
        total,
        found.instance[chief],
        found.ghost[chief],
        np.abs(found.range_rate[chief]) > waveform.fastest,
    )


def _fluctuating(rcs: Floats, instance: NDArray[np.uint16], log: SceneLog, random: np.random.Generator) -> Floats:
    """Cross-sections as they happen to be in this cycle."""
    kinds = {actor.instance: actor.kind for actor in log.actors}
    vehicle = np.array([kinds.get(int(i)) == "vehicle" for i in instance], dtype=bool)
    person = np.array([kinds.get(int(i)) in ("pedestrian", "cyclist") for i in instance], dtype=bool)
    logs = VEHICLE_SPREAD / 10.0 * np.log(10.0)
    factors = [
        np.exp(logs * random.standard_normal(len(rcs)) - logs**2 / 2.0),
        random.gamma(PERSON_SHAPE, 1.0 / PERSON_SHAPE, len(rcs)),
        random.exponential(1.0, len(rcs)),
    ]
    changed: Floats = rcs * np.select([vehicle, person], factors[:2], factors[2])
    return changed


def _separate(cells: Detections, loud: NDArray[np.int64], waveform: Waveform) -> NDArray[np.int64]:
    """For each loud cell, strongest first, the stronger one within the resolution whose shoulder it is, or itself."""
    chief = np.arange(len(loud))
    distance, sine = cells.range[loud], np.sin(cells.azimuth[loud])
    rate = cells.range_rate[loud]
    hidden = np.zeros(len(loud), dtype=bool)
    for k in range(len(loud)):
        if hidden[k]:
            continue
        beside = (
            ~hidden
            & (np.abs(distance - distance[k]) < waveform.range_resolution)
            & (np.abs(sine - sine[k]) < waveform.azimuth_resolution)
            & (np.abs(rate - rate[k]) < waveform.speed_resolution)
        )
        chief[beside] = k
        hidden |= beside
    return chief


def _with_false_alarms(real: Detections, waveform: Waveform, random: np.random.Generator) -> Detections:
    count = int(random.poisson(FALSE_ALARMS))
    distance = waveform.farthest * np.sqrt(random.uniform(0.01, 1.0, count))
    snr = THRESHOLD * (1.0 + random.exponential(0.1, count))
    unit = waveform.signal_to_noise(np.ones(count), distance)
    noise = Detections(
        distance,
        random.uniform(-waveform.width, waveform.width, count),
        random.uniform(-waveform.fastest, waveform.fastest, count),
        np.zeros(count),
        snr / unit,
        snr,
        np.zeros(count, dtype=np.uint16),
        np.ones(count, dtype=bool),
        np.zeros(count, dtype=bool),
    )
    return Detections(
        *(np.concatenate([getattr(d, n) for d in (real, noise)]) for n in Detections.__dataclass_fields__)
    )


def _measured(true: Detections, waveform: Waveform, random: np.random.Generator) -> Detections:
    """With errors of resolution / sqrt(2 SNR) [Curry 2005], and no smaller than a twentieth of the resolution."""
    draws = random.standard_normal((3, len(true.range)))
    fine = np.maximum(1.0 / np.sqrt(2.0 * true.snr), 0.05)
    values = dict(true.__dict__)
    values["range"] = np.maximum(true.range + draws[0] * fine * waveform.range_resolution, 0.0)
    values["azimuth"] = true.azimuth + draws[1] * fine * waveform.azimuth_resolution
    values["range_rate"] = waveform.folded(true.range_rate + draws[2] * fine * waveform.speed_resolution)
    return Detections(**values)


def table(found: Detections, waveform: Waveform) -> NDArray[np.void]:
    """The detections in nuScenes' 18 fields."""
    rows = np.zeros(len(found.range), dtype=list(RADAR_FIELDS.items()))
    ahead, left = np.cos(found.azimuth), np.sin(found.azimuth)
    moving = waveform.folded(found.range_rate - found.own_rate)
    fine = np.maximum(1.0 / np.sqrt(2.0 * found.snr), 0.05)
    along, across = fine * waveform.range_resolution, fine * waveform.azimuth_resolution * found.range
    rows["x"], rows["y"] = found.range * ahead, found.range * left
    rows["dyn_prop"] = np.select([np.abs(moving) < STANDING, moving < 0.0], [1, 2], 0)
    rows["id"] = np.arange(len(rows))
    rows["rcs"] = 10.0 * np.log10(np.maximum(found.rcs, 1e-6))
    rows["vx"], rows["vy"] = found.range_rate * ahead, found.range_rate * left
    rows["vx_comp"], rows["vy_comp"] = moving * ahead, moving * left
    rows["is_quality_valid"] = 1
    # 3 is unambiguous, 1 ambiguous; the class of false-alarm probability falls with the signal, 1 is below 25 %.
    rows["ambig_state"] = np.where(found.folded, 1, 3)
    rows["pdh0"] = np.select([found.snr > 2.0 * THRESHOLD, found.snr > 1.3 * THRESHOLD], [1, 2], 3)
    rows["x_rms"] = _rms(np.hypot(along * ahead, across * left))
    rows["y_rms"] = _rms(np.hypot(along * left, across * ahead))
    rows["vx_rms"] = rows["vy_rms"] = _rms(fine * waveform.speed_resolution)
    return rows


def _rms(deviation: Floats) -> NDArray[np.int64]:
    return np.minimum(np.searchsorted(RMS_CODES, deviation), len(RMS_CODES) - 1)
