"""What lies ahead of every driver on its own path: the next few legs, all drivers at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.courses import Courses
from roadlab.dynamics.state import State

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Flags = NDArray[np.bool_]

LEGS = 8
"""So many legs are looked at, beginning with the one below the rear end."""


def foreseen(speed: Array) -> Array:
    """How far ahead drivers look for others [m]."""
    reach: Array = np.minimum(30.0 + 6.0 * speed, 260.0)
    return reach


@dataclass(frozen=True)
class Ahead:
    """The legs that D drivers are on and come to: arrays (D, A) in order of station, or (D,)."""

    who: Index
    """(D,) indices of actors."""
    leg: Index
    """(D, A) indices of legs in `Courses.paths`."""
    there: Flags
    """(D, A) whether there is such a leg, within sight."""
    begin: Array
    """(D, A) station at which the leg begins [m]."""
    piece: Index
    """(D, A)"""
    rear: Array
    """(D,) stations of both ends and the middle of the footprint [m]."""
    middle: Array
    front: Array
    speed: Array
    """(D,) [m/s]"""


def look_ahead(courses: Courses, state: State, who: Index, length: Array, middle: Array) -> Ahead:
    """What the drivers `who` (D,) have ahead; `length` and `middle` (N,) measure the actors' footprints [m]."""
    paths = courses.paths
    center = state.station[who] + middle[who]
    half, speed = 0.5 * length[who], state.speed[who]
    leg = paths.leg(who, center - half)[:, None] + np.arange(LEGS)
    last = paths.last[who][:, None]
    legs = np.minimum(leg, last)
    begin = paths.start[legs]
    there = (leg <= last) & (begin < (center + half + foreseen(speed))[:, None])
    most = max(1, int(np.count_nonzero(there.any(axis=0))))
    return Ahead(
        who=who,
        leg=legs[:, :most],
        there=there[:, :most],
        begin=begin[:, :most],
        piece=paths.piece[legs[:, :most]],
        rear=center - half,
        middle=center,
        front=center + half,
        speed=speed,
    )
