"""The unit's own tracker: one Kalman filter of constant velocity for each thing that keeps being detected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.radar.detect import Detections
from roadlab_sensors.radar.waveform import Waveform
from roadlab_sensors.readings import RadarTracks

Floats = NDArray[np.float64]

GATE = 9.21
"""Squared Mahalanobis distance of two degrees of freedom within which 99 % of a track's detections lie."""
ACCELERATION = 3.0
"""Standard deviation of what actors do [m/s²]."""
CONFIRMED = 3
"""Detections after which a track is reported."""
MISSES = 4
"""Cycles without a detection after which a track ends."""
JOIN = 4.0
"""Detections this near to a track's are further parts of the same thing [m]."""


@dataclass(frozen=True)
class Track:
    """One thing, in axes that stand still on the ground."""

    id: int
    state: Floats
    """(4,) x, y [m], vx, vy [m/s], world."""
    covariance: Floats
    """(4, 4)"""
    rcs: float
    """[dBsm]"""
    age: int
    hits: int
    misses: int
    instance: int


@dataclass(frozen=True)
class Tracking:
    """All tracks after a cycle."""

    time: int
    tracks: tuple[Track, ...] = ()
    next_id: int = 0


def tracked(before: Tracking, time: int, found: Detections, pose: Floats, waveform: Waveform) -> Tracking:
    """The tracks after another cycle at `time` [ns]; `pose` (4, 4) is the radar in the world."""
    step = (time - before.time) * 1e-9
    predicted = [_predicted(track, step) for track in before.tracks]
    places, noises, rates = _in_world(found, pose, waveform)
    free = np.ones(len(places), dtype=bool)
    after = []
    for track in sorted(predicted, key=lambda t: (-t.hits, t.id)):
        chosen = _nearest(track, places, noises, free)
        if chosen is None:
            after.append(_missed(track))
            continue
        free &= np.hypot(*(places - places[chosen]).T) > JOIN
        free[chosen] = False
        after.append(_updated(track, places[chosen], noises[chosen], found, chosen))
    next_id = before.next_id
    for k in np.flatnonzero(free):
        if free[k] and not found.folded[k]:
            free &= np.hypot(*(places - places[k]).T) > JOIN
            after.append(_born(next_id, places[k], noises[k], rates[k], found, int(k)))
            next_id = (next_id + 1) % 32_768
    alive = tuple(track for track in sorted(after, key=lambda t: t.id) if track.misses <= MISSES)
    return Tracking(time, alive, next_id)


def report(tracking: Tracking, pose: Floats) -> RadarTracks:
    """The confirmed tracks in the radar's frame."""
    tracks = [track for track in tracking.tracks if track.hits >= CONFIRMED]
    turn = pose[:2, :2].T / max(float(np.linalg.norm(pose[:2, 0])), 1e-9)
    both = np.kron(np.eye(2), turn)
    states = np.array([track.state for track in tracks]).reshape(-1, 4)
    return RadarTracks(
        id=np.array([track.id for track in tracks], dtype=np.int16),
        position=((states[:, :2] - pose[:2, 3]) @ turn.T).astype(np.float32),
        velocity=(states[:, 2:] @ turn.T).astype(np.float32),
        covariance=np.array([both @ t.covariance @ both.T for t in tracks], dtype=np.float32).reshape(-1, 4, 4),
        rcs=np.array([track.rcs for track in tracks], dtype=np.float32),
        age=np.array([track.age for track in tracks], dtype=np.uint16),
        instance=np.array([track.instance for track in tracks], dtype=np.uint16),
    )


def _predicted(track: Track, step: float) -> Track:
    move = np.eye(4)
    move[:2, 2:] = step * np.eye(2)
    gain = np.concatenate([0.5 * step**2 * np.eye(2), step * np.eye(2)])
    covariance = move @ track.covariance @ move.T + ACCELERATION**2 * gain @ gain.T
    return Track(
        track.id, move @ track.state, covariance, track.rcs, track.age + 1, track.hits, track.misses, track.instance
    )


def _in_world(found: Detections, pose: Floats, waveform: Waveform) -> tuple[Floats, Floats, Floats]:
    """Places (N, 2), their covariances (N, 2, 2) and velocities over ground along the line of sight (N, 2)."""
    fine = np.maximum(1.0 / np.sqrt(2.0 * found.snr), 0.1)
    heading = np.arctan2(pose[1, 0], pose[0, 0]) + found.azimuth
    ahead = np.stack([np.cos(heading), np.sin(heading)], axis=1)
    left = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    # Half a metre for the size of things: another point of them may be the strongest next time.
    along = (fine * waveform.range_resolution) ** 2 + 0.5**2
    across = (fine * waveform.azimuth_resolution * found.range) ** 2 + 0.5**2
    noise = along[:, None, None] * ahead[:, :, None] * ahead[:, None, :]
    noise = noise + across[:, None, None] * left[:, :, None] * left[:, None, :]
    rate = waveform.folded(found.range_rate - found.own_rate)
    return pose[:2, 3] + found.range[:, None] * ahead, noise, rate[:, None] * ahead


def _nearest(track: Track, places: Floats, noises: Floats, free: NDArray[np.bool_]) -> int | None:
    if not free.any():
        return None
    offset = places - track.state[:2]
    spread = np.linalg.inv(track.covariance[:2, :2] + noises)
    apart = np.where(free, np.einsum("ni,nij,nj->n", offset, spread, offset), np.inf)
    best = int(apart.argmin())
    return best if apart[best] < GATE else None


def _updated(track: Track, place: Floats, noise: Floats, found: Detections, k: int) -> Track:
    gain = track.covariance[:, :2] @ np.linalg.inv(track.covariance[:2, :2] + noise)
    state = track.state + gain @ (place - track.state[:2])
    covariance = track.covariance - gain @ track.covariance[:2]
    rcs = 0.8 * track.rcs + 0.2 * float(10.0 * np.log10(max(found.rcs[k], 1e-6)))
    instance = int(found.instance[k]) or track.instance
    return Track(track.id, state, (covariance + covariance.T) / 2.0, rcs, track.age, track.hits + 1, 0, instance)


def _missed(track: Track) -> Track:
    return Track(
        track.id, track.state, track.covariance, track.rcs, track.age, track.hits, track.misses + 1, track.instance
    )


def _born(number: int, place: Floats, noise: Floats, velocity: Floats, found: Detections, k: int) -> Track:
    covariance = np.zeros((4, 4))
    covariance[:2, :2], covariance[2:, 2:] = noise, 25.0 * np.eye(2)
    rcs = float(10.0 * np.log10(max(found.rcs[k], 1e-6)))
    return Track(number, np.r_[place, velocity], covariance, rcs, 1, 1, 0, int(found.instance[k]))
