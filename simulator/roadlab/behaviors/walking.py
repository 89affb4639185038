"""People on foot: along their points with rounded corners, at their own pace, in step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.paths import Path, Paths, resampled

Array = NDArray[np.float64]
Index = NDArray[np.int64]

ACCELERATION = 1.5
"""Of somebody who sets off or stops [m/s²]; SUMO's default for pedestrians."""
TURN_RATE = 3.0
"""How fast somebody turns on the spot [rad/s]."""
TURN_RESPONSE = 0.25
"""Time constant of turning towards the path [s]."""
CORNER_RADIUS = 0.5
SPACING = 0.05
ARRIVED = 0.01


def walking_path(points: Array, radius: float = CORNER_RADIUS) -> Path:
    """The path through `points` (K, 2) [m], K >= 2, with corners rounded to `radius` [m] where there is room.

    Repeated points count once; ValueError when all are one.
    """
    distinct = np.concatenate([[True], np.hypot(*np.diff(points, axis=0).T) > 1e-6])
    points = points[distinct]
    if len(points) < 2:
        raise ValueError("a path needs two different points")
    leg = np.diff(points, axis=0)
    length = np.hypot(*leg.T)
    heading = np.unwrap(np.arctan2(leg[:, 1], leg[:, 0]))
    samples = [_sample(points[0], heading[0], 0.0)]
    for k in range(1, len(leg)):
        samples.append(_corner(points[k], heading[k - 1], heading[k], 0.5 * min(length[k - 1], length[k]), radius))
    samples.append(_sample(points[-1], heading[-1], 0.0))
    x, y, along, curvature = np.concatenate(samples).T
    return resampled(x, y, along, curvature, SPACING)


def _sample(point: Array, heading: float, curvature: float) -> Array:
    return np.array([[point[0], point[1], heading, curvature]])


def _corner(point: Array, arriving: float, leaving: float, room: float, wanted: float) -> Array:
    """(K, 4) x, y, heading, curvature along the arc that replaces a corner and uses at most `room` of either leg."""
    turn = leaving - arriving
    if abs(turn) < 1e-9:
        return _sample(point, arriving, 0.0)
    tangent = min(room, wanted * np.tan(min(abs(turn), 3.0) / 2))
    radius = tangent / np.tan(min(abs(turn), 3.0) / 2) * np.sign(turn)
    heading = arriving + turn * np.linspace(0.0, 1.0, 12)
    start = point - tangent * np.array([np.cos(arriving), np.sin(arriving)])
    x = start[0] + radius * (np.sin(heading) - np.sin(arriving))
    y = start[1] - radius * (np.cos(heading) - np.cos(arriving))
    curvature = np.full(12, 1.0 / radius)
    return np.column_stack([x, y, heading, curvature])


@dataclass(frozen=True)
class Steps:
    """Where people are after a tick; arrays of one length."""

    x: Array
    y: Array
    yaw: Array
    speed: Array
    station: Array


def walk(
    paths: Paths,
    who: Index,
    station: Array,
    yaw: Array,
    speed: Array,
    pace: Array,
    step: float,
    facing: Array | float = np.nan,
) -> Steps:
    """One tick of `step` seconds of the people `who`, who want to go at `pace` [m/s] (0: stand).

    Who stands turns to `facing` [rad], where that is a number.

    They stay on their path, slow down where they must turn sharply, and stop where it ends.
    """
    ahead = paths.length[who] - station
    here = paths.frame(who, station)
    turn = (here.heading - yaw + np.pi) % (2 * np.pi) - np.pi
    wanted = np.where(ahead > ARRIVED, np.minimum(pace, np.sqrt(2 * ACCELERATION * np.maximum(ahead, 0.0))), 0.0)
    wanted = wanted * np.clip(np.cos(turn), 0.0, 1.0)
    faster = np.clip(wanted, speed - 2 * ACCELERATION * step, speed + ACCELERATION * step)
    travelled = np.minimum(0.5 * (speed + faster) * step, np.maximum(ahead, 0.0))
    there = paths.frame(who, station + travelled)
    moving = (pace > 0.0) & (ahead > ARRIVED)
    aside = (np.asarray(facing) - yaw + np.pi) % (2 * np.pi) - np.pi
    turn = np.where(moving, turn, np.where(np.isnan(aside), 0.0, aside))
    turned = np.clip(turn / TURN_RESPONSE, -TURN_RATE, TURN_RATE) * step
    return Steps(there.x, there.y, yaw + turned, faster, station + travelled)
