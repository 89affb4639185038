"""Where actors were, seen from above, over a whole run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.dynamics.footprint import corners
from roadlab.log import SceneLog

Array = NDArray[np.float64]
Index = NDArray[np.int64]

PERSON_LENGTH = 0.30
"""How long a person is on the ground, along the direction of walking [m]: trunk and the middle of a step."""


@dataclass(frozen=True)
class Tracks:
    """The footprints of N actors over T ticks."""

    time: Array
    """(T,) [s]"""
    center: Array
    """(T, N, 2) middles [m]."""
    yaw: Array
    """(T, N) [rad]"""
    size: Array
    """(N, 2) length, width [m]."""
    velocity: Array
    """(T, N, 2) in the world [m/s]."""
    present: NDArray[np.bool_]
    """(T, N) who is there."""
    whole: Index
    """(N,) index of the actor that each belongs to: of who pulls it, or its own."""

    def away(self, actor: int) -> Array:
        """(T, N) between the middles of the actor and of each other one [m]; +inf for itself and the absent.

        What is hitched together is one.
        """
        distance = np.hypot(*np.moveaxis(self.center - self.center[:, [actor]], -1, 0))
        absent = ~(self.present & self.present[:, [actor]])
        absent[:, self.whole == self.whole[actor]] = True
        return np.where(absent, np.inf, distance)

    @property
    def radius(self) -> Array:
        """(N,) of the circles around the footprints [m]."""
        radius: Array = 0.5 * np.hypot(*self.size.T)
        return radius

    def corners(self, tick: Index, who: Index) -> Array:
        """(P, 4, 2) of the actors `who` (P,) at the ticks (P,) [m]."""
        return corners(self.center[tick, who], self.yaw[tick, who], self.size[who])


def tracks(log: SceneLog) -> Tracks:
    """The footprints of a log."""
    people = np.array([actor.kind == "pedestrian" for actor in log.actors])
    size = np.array([actor.size[:2] for actor in log.actors]).reshape(-1, 2)
    size[people, 0] = PERSON_LENGTH
    middle = np.array([0.0 if actor.kind == "pedestrian" else actor.box_center[0] for actor in log.actors])
    yaw = log.attitude[:, :, 0]
    ahead = np.stack([np.cos(yaw), np.sin(yaw)], axis=-1)
    center = log.position[:, :, :2] + middle[:, None] * ahead
    index = {actor.name: k for k, actor in enumerate(log.actors)}
    whole = np.array([index[actor.pulled_by or actor.name] for actor in log.actors], dtype=np.int64)
    return Tracks(log.time / 1e9, center, yaw, size, log.velocity[:, :, :2], log.present, whole)


def distance(first: Array, second: Array) -> Array:
    """(...) shortest distance between rectangles given by their corners (..., 4, 2) [m]; 0 where they overlap.

    Of two convex shapes that are apart the nearest points are a corner of one and a point of an edge of the other.
    """
    nearest = np.minimum(_to_edges(first, second), _to_edges(second, first))
    return np.where(_apart(first, second) > 0.0, nearest, 0.0)


def _to_edges(points: Array, shape: Array) -> Array:
    """(...) from the nearest of the points (..., 4, 2) to the nearest edge of the shape (..., 4, 2)."""
    start, edge = shape[..., None, :, :], (np.roll(shape, -1, axis=-2) - shape)[..., None, :, :]
    away = points[..., :, None, :] - start
    share = np.clip((away * edge).sum(-1) / np.maximum((edge**2).sum(-1), 1e-12), 0.0, 1.0)
    gap = away - share[..., None] * edge
    nearest: Array = np.sqrt((gap**2).sum(-1)).min(axis=(-2, -1))
    return nearest


def normals(first: Array, second: Array) -> Array:
    """(..., 4, 2) unit normals of the two directions of each of two rectangles (..., 4, 2)."""
    edges = np.concatenate([np.diff(first[..., :3, :], axis=-2), np.diff(second[..., :3, :], axis=-2)], axis=-2)
    unit = edges / np.linalg.norm(edges, axis=-1, keepdims=True)
    return np.stack([-unit[..., 1], unit[..., 0]], axis=-1)


def _apart(first: Array, second: Array) -> Array:
    """(...) the widest gap between the shadows of two rectangles on their normals; 0 or less where they overlap."""
    axes = normals(first, second)
    a, b = (np.einsum("...ki,...ci->...kc", axes, shape) for shape in (first, second))
    gap: Array = np.maximum(b.min(-1) - a.max(-1), a.min(-1) - b.max(-1)).max(-1)
    return gap


def time_to_overlap(first: Array, second: Array, approach: Array) -> Array:
    """(...) time until two rectangles (..., 4, 2) overlap if they go on as they do [s]; +inf: never, 0: they do.

    `approach` (..., 2) is the velocity of the first minus that of the second [m/s]; neither turns. On each normal the
    shadows overlap during an interval of time, and the rectangles overlap while all four do.
    """
    axes = normals(first, second)
    a, b = (np.einsum("...ki,...ci->...kc", axes, shape) for shape in (first, second))
    pace = np.einsum("...ki,...i->...k", axes, approach)
    ahead, behind = b.min(-1) - a.max(-1), b.max(-1) - a.min(-1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        one, other = ahead / pace, behind / pace
    still = np.abs(pace) < 1e-9
    within = (ahead < 0.0) & (behind > 0.0)
    enter = np.where(still, np.where(within, -np.inf, np.inf), np.minimum(one, other)).max(-1)
    leave = np.where(still, np.where(within, np.inf, -np.inf), np.maximum(one, other)).min(-1)
    return np.where((enter < leave) & (leave > 0.0), np.maximum(enter, 0.0), np.inf)
