"""What a driver of one's own may know, and what it answers.

A driver is any function `decide(view) -> Control`. It is asked whenever drivers look around, ten times a second, and
what it answers holds until then. It knows its own vehicle, the lanes ahead on its route, the others in sight (nobody
behind something higher than they are), the signals ahead and what the built-in driver would do: nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.ahead import foreseen
from roadlab.behaviors.courses import Courses
from roadlab.behaviors.obstacles import Shapes
from roadlab.behaviors.sight import in_sight
from roadlab.dynamics.footprint import corners
from roadlab.dynamics.state import State
from roadlab.log import SIGNAL_STATES, ActorInfo

Array = NDArray[np.float64]

STEP = 2.0
"""Between the points of the path ahead [m]."""
POINTS = 60


@dataclass(frozen=True, slots=True)
class Control:
    """What a driver does until it is asked again."""

    acceleration: float
    """Along the heading [m/s²]; the vehicle does what it can of it."""
    steer: float | None = None
    """Road-wheel angle that is steered to, positive to the left [rad]; None: keeps to the lane."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody in sight, in the frame of one's own vehicle: x ahead of the rear axle, y to the left."""

    name: str
    kind: str
    x: float
    """Middle of the footprint [m]."""
    y: float
    heading: float
    """Relative to one's own [rad]."""
    vx: float
    """Over the ground [m/s]."""
    vy: float
    length: float
    """[m]"""
    width: float


@dataclass(frozen=True, slots=True)
class SignalAhead:
    """A stop line with a signal on one's own way."""

    distance: float
    """From the front end to the line [m]."""
    shows: str
    """One of `roadlab.log.SIGNAL_STATES`."""


@dataclass(frozen=True)
class View:
    """What a driver knows when it decides."""

    time: float
    """[s]"""
    name: str
    speed: float
    """[m/s]"""
    acceleration: float
    """[m/s²]"""
    steer: float
    """Road-wheel angle [rad]."""
    front: float
    """From the rear axle to the front end [m]."""
    width: float
    """Of one's own vehicle [m]."""
    path: Array
    """(K, 3) the middle of one's lanes ahead every 2 m: x ahead, y to the left [m], curvature [1/m]."""
    limit: float
    """Speed limit here [m/s]."""
    neighbours: tuple[Neighbour, ...]
    """In order of distance."""
    signals: tuple[SignalAhead, ...]
    """In order of distance."""
    usual: Control
    """What the built-in driver would do."""


Decide = Callable[[View], Control]


@dataclass(frozen=True)
class Sights:
    """What views are taken of."""

    courses: Courses
    shapes: Shapes
    state: State
    infos: tuple[ActorInfo, ...]
    present: NDArray[np.bool_]
    signals: NDArray[np.uint8]
    """(S,) indices into `SIGNAL_STATES`."""
    time: float
    """[s]"""


def view_of(sights: Sights, actor: int, usual: Control) -> View:
    """What one driver knows now."""
    state, courses, shapes = sights.state, sights.courses, sights.shapes
    who = np.array([actor])
    station = state.station[who]
    leg = courses.paths.leg(who, station)
    return View(
        time=sights.time,
        name=sights.infos[actor].name,
        speed=float(state.speed[actor]),
        acceleration=float(state.acceleration[actor]),
        steer=float(state.steer[actor]),
        front=float(shapes.middle[actor] + 0.5 * shapes.size[actor, 0]),
        width=float(shapes.size[actor, 1]),
        path=_path(courses, state, actor),
        limit=float(courses.speed_limit(leg, station)[0]),
        neighbours=_neighbours(sights, actor),
        signals=_signals(sights, actor),
        usual=usual,
    )


def _path(courses: Courses, state: State, actor: int) -> Array:
    stations = float(state.station[actor]) + STEP * np.arange(POINTS)
    stations = stations[stations <= courses.paths.length[actor]]
    frame = courses.paths.frame(np.full(len(stations), actor), stations)
    x, y = _own(state, actor, frame.x - state.x[actor], frame.y - state.y[actor])
    return np.column_stack([x, y, frame.curvature])


def _own(state: State, actor: int, dx: Array, dy: Array) -> tuple[Array, Array]:
    """A vector of the world in the frame of the actor's vehicle."""
    c, s = np.cos(state.yaw[actor]), np.sin(state.yaw[actor])
    return c * dx + s * dy, c * dy - s * dx


def _neighbours(sights: Sights, actor: int) -> tuple[Neighbour, ...]:
    state, shapes = sights.state, sights.shapes
    center = shapes.centers(state)
    far = np.hypot(center[:, 0] - center[actor, 0], center[:, 1] - center[actor, 1])
    near = sights.present & (far < float(foreseen(state.speed[actor])))
    near[(shapes.tow == actor) | (np.arange(len(far)) == actor)] = False
    others = np.flatnonzero(near)
    others = others[np.argsort(far[others], kind="stable")]
    if not len(others):
        return ()
    hides = shapes.height[others] > shapes.height[others, None]
    outlines = corners(center[others], state.yaw[others], shapes.size[others])
    eye = np.broadcast_to(center[actor], (len(others), 2))
    seen = others[in_sight(eye, center[others], outlines, hides & ~np.eye(len(others), dtype=bool))]
    x, y = _own(state, actor, center[seen, 0] - state.x[actor], center[seen, 1] - state.y[actor])
    heading = (state.yaw[seen] - state.yaw[actor] + np.pi) % (2 * np.pi) - np.pi
    vx, vy = state.speed[seen] * np.cos(heading), state.speed[seen] * np.sin(heading)
    return tuple(
        Neighbour(
            name=sights.infos[j].name,
            kind=sights.infos[j].kind,
            x=float(x[k]),
            y=float(y[k]),
            heading=float(heading[k]),
            vx=float(vx[k]),
            vy=float(vy[k]),
            length=float(shapes.size[j, 0]),
            width=float(shapes.size[j, 1]),
        )
        for k, j in enumerate(seen.tolist())
    )


def _signals(sights: Sights, actor: int) -> tuple[SignalAhead, ...]:
    courses, shapes = sights.courses, sights.shapes
    paths, facts = courses.paths, courses.facts
    legs = np.arange(paths.first[actor], paths.last[actor] + 1)
    piece = paths.piece[legs]
    front = float(sights.state.station[actor] + shapes.middle[actor] + 0.5 * shapes.size[actor, 0])
    distance = paths.start[legs] + facts.stop[piece] - front
    there = (facts.head[piece] >= 0) & (distance > 0.0) & (distance < float(foreseen(sights.state.speed[actor])))
    return tuple(
        SignalAhead(float(distance[k]), SIGNAL_STATES[int(sights.signals[facts.head[piece[k]]])])
        for k in np.flatnonzero(there).tolist()
    )
