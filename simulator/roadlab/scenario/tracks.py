"""Actors over time, as conditions of a scenario see them: T instants of each, T = 1 at the start."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from roadlab.measures import footprints

Array = NDArray[np.float64]


class Track(Protocol):
    """One actor."""

    @property
    def origin(self) -> Array:
        """(T, 2) [m]"""

    @property
    def center(self) -> Array:
        """(T, 2) middle of its footprint [m]."""

    @property
    def yaw(self) -> Array:
        """(T,) [rad]"""

    @property
    def velocity(self) -> Array:
        """(T, 2) [m/s]"""

    @property
    def speed(self) -> Array:
        """(T,) [m/s]"""

    @property
    def acceleration(self) -> Array:
        """(T,) along its heading [m/s²]."""

    @property
    def size(self) -> tuple[float, float, float]:
        """(length, width, height) [m]."""

    @property
    def corners(self) -> Array:
        """(T, 4, 2) of its footprint [m]."""


class Scene(Protocol):
    """Where conditions look actors up."""

    def knows(self, name: str) -> bool:
        """Whether there is such an actor."""

    def names(self) -> tuple[str, ...]:
        """All actors."""

    def track(self, name: str) -> Track:
        """One of them; KeyError when there is none."""


def distance(a: Track, b: Track) -> Array:
    """(T,) between the reference points of two actors [m]."""
    apart: Array = np.hypot(*(a.origin - b.origin).T)
    return apart


def gap(a: Track, b: Track) -> Array:
    """(T,) free space between two footprints [m]; 0 where they overlap."""
    return footprints.distance(a.corners, b.corners)


def time_to_collision(a: Track, b: Track) -> Array:
    """(T,) until the footprints touch if both keep their velocity [s]; +inf if they never do, 0 where they overlap."""
    return footprints.time_to_overlap(a.corners, b.corners, a.velocity - b.velocity)


def time_headway(a: Track, b: Track) -> Array:
    """(T,) of `a` to `b` ahead of it, in its path: free space along the heading of `a` over its speed [s].

    +inf where `b` is behind or beside the path, or `a` at rest.
    """
    heading = np.stack([np.cos(a.yaw), np.sin(a.yaw)], axis=-1)
    leftward = np.stack([-heading[:, 1], heading[:, 0]], axis=-1)
    front = np.einsum("tkd,td->tk", a.corners, heading).max(axis=1)
    near = np.einsum("tkd,td->tk", b.corners, heading).min(axis=1)
    own, other = (np.einsum("tkd,td->tk", shape, leftward) for shape in (a.corners, b.corners))
    in_path = (own.min(axis=1) < other.max(axis=1)) & (other.min(axis=1) < own.max(axis=1))
    ahead = near - front
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = np.where((ahead >= 0.0) & in_path & (a.speed > 0.01), ahead / a.speed, np.inf)
    return found


def visible(target: Track, eye: Track, others: list[Track]) -> Array:
    """(T,) share of the outline of `target`, seen from `eye`, that none of the `others` hides; all are boxes.

    The outline is an upright screen through the middle of the target, across the line of sight. The eye is over the
    middle of its actor, at 0.85 of its height.
    """
    return np.array([_visible_at(k, target, eye, others) for k in range(len(target.yaw))])


_ROWS = (np.arange(12) + 0.5) / 12


def _visible_at(k: int, target: Track, eye: Track, others: list[Track]) -> float:
    start = np.array([*eye.center[k], 0.85 * eye.size[2]])
    line = target.center[k] - eye.center[k]
    away = float(np.hypot(*line))
    if away < 1e-6:
        return 1.0
    across = np.array([-line[1], line[0]]) / away
    half = float(np.abs((target.corners[k] - target.center[k]) @ across).max())
    u, v = np.meshgrid((2 * _ROWS - 1) * half, _ROWS * target.size[2])
    points = np.column_stack([target.center[k] + u.reshape(-1, 1) * across, v.reshape(-1)])
    hidden = np.zeros(len(points), dtype=bool)
    for other in others:
        hidden |= _box_between(start, points, other, k)
    return float(1.0 - hidden.mean())


def _box_between(start: Array, points: Array, box: Track, k: int) -> NDArray[np.bool_]:
    """(P,) whether the box cuts the segments from `start` to `points` (P, 3), by slabs (Kay and Kajiya 1986)."""
    c, s = np.cos(box.yaw[k]), np.sin(box.yaw[k])
    turn = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    middle = np.array([*box.center[k], box.size[2] / 2])
    origin, ray = turn @ (start - middle), (points - start) @ turn.T
    half = np.array(box.size) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.sort(np.stack([(-half - origin) / ray, (half - origin) / ray]), axis=0)
    enter, leave = np.nanmax(ends[0], axis=1), np.nanmin(ends[1], axis=1)
    cuts: NDArray[np.bool_] = (np.maximum(enter, 0.0) < np.minimum(leave, 1.0)) & (enter < leave)
    return cuts
