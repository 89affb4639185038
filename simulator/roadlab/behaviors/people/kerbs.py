"""When people step onto the road: they wait at the kerb for green, for a gap, or for drivers who give way.

The critical gap is the time that the crossing takes plus a margin for setting off and arriving: Highway Capacity Manual
2010, chapter 19, with 3 s. Who is in a hurry leaves the margin out, also at red. Drivers have to give way on a
crosswalk without signals (Vienna Convention on Road Traffic, article 21), so people step on as soon as everybody who
comes can still stop in comfort.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.people.ways import RoadCrossing
from roadlab.behaviors.storyboard.book import AS_PLANNED
from roadlab.log import SIGNAL_STATES
from roadlab.roads.signals import SignalPlan, WalkHead, walk_state

if TYPE_CHECKING:
    from roadlab.behaviors.paths import Paths
    from roadlab.stage import Scene, Stage

Array = NDArray[np.float64]
Index = NDArray[np.int64]

MARGIN = 3.0
"""Start-up and end clearance time of the critical gap [s]."""
BEFORE_KERB = 0.3
"""Who waits stands so far from the kerb [m]."""
DECIDING = 3.0
"""People decide this far before the kerb, or later [m]."""
COMMITTED = 0.8
"""Nearer to the kerb than this they do not change their minds [m]."""
BRAKING_FOR_PEOPLE = 2.5
"""Deceleration at which a driver stops in comfort before a crosswalk [m/s²]."""
SIGHT = 150.0
"""Vehicles further away do not matter [m]."""
BESIDE = 1.5
"""A vehicle whose middle passes this near to the way across will be in the way [m]."""
STANDS = 0.3
"""Slower vehicles are taken to stand [m/s]."""
LOOKS = 76
"""At so many places of its course each vehicle is looked for."""


@dataclass(frozen=True)
class Kerbs:
    """Where people stop for roads; arrays of N actors."""

    wait: Array
    """Station at which each has to stand still [m]; +inf: nowhere."""
    passed: Array
    """Station at which the road ends that each has decided to cross, or is crossing [m]; -inf: none."""
    facing: Array
    """Where those who wait look: across the road [rad]; NaN for all others."""


def no_kerbs(count: int) -> Kerbs:
    """As the run begins."""
    return Kerbs(np.full(count, np.inf), np.full(count, -np.inf), np.full(count, np.nan))


def mind_roads(stage: Stage, scene: Scene, now: float) -> Scene:
    """The scene once those on foot who come to a road have decided whether to cross it at `now` [s]."""
    crowd, state = stage.crowd, scene.state
    rows = np.flatnonzero(crowd.heeding & scene.book.present[crowd.who] & ~scene.touched[crowd.who])
    if not len(rows):
        return scene
    wait, passed, facing = scene.kerbs.wait.copy(), scene.kerbs.passed.copy(), scene.kerbs.facing.copy()
    wait[crowd.who], facing[crowd.who] = np.inf, np.nan
    ways = crowd.ways
    for row in rows:
        actor = int(crowd.who[row])
        station = float(state.station[actor])
        crossing = next((c for c in ways.way(scene.courses.each[actor].path).crossings if c.enter > station), None)
        if crossing is None or passed[actor] == crossing.leave:
            continue
        to_go = crossing.enter - station
        if to_go > DECIDING or not _may_go(stage, scene, int(row), crossing, now):
            wait[actor] = crossing.enter - BEFORE_KERB
            facing[actor] = _across(crossing)
        elif to_go < COMMITTED:
            passed[actor] = crossing.leave
    return replace(scene, kerbs=Kerbs(wait, passed, facing))


def _across(crossing: RoadCrossing) -> float:
    way = crossing.line[-1] - crossing.line[0]
    return float(np.arctan2(way[1], way[0]))


def _may_go(stage: Stage, scene: Scene, row: int, crossing: RoadCrossing, now: float) -> bool:
    careful, actor = bool(stage.crowd.careful[row]), int(stage.crowd.who[row])
    signal = None if crossing.signal is None else _shown(stage, scene, crossing.signal, now)
    if signal == "green":
        return True
    if signal == "red" and careful:
        return False
    pace = max(float(scene.orders.desired_speed[actor]), 0.1)
    start = max(0.0, crossing.enter - float(scene.state.station[actor])) / pace
    needed = start + critical_gap(crossing.leave - crossing.enter, pace, MARGIN if careful else 0.0)
    arrival, distance, speed = approaching(stage, scene, crossing.line)
    yielding = np.zeros(len(arrival), dtype=bool)
    if crossing.crosswalk is not None and signal is None:
        yielding = speed**2 < 2.0 * BRAKING_FOR_PEOPLE * np.maximum(distance, 0.0)
    return bool((yielding | (arrival > needed)).all())


def _shown(stage: Stage, scene: Scene, signal: tuple[SignalPlan, WalkHead], now: float) -> str | None:
    """What a signal for people shows, as planned or as the story has ordered; None when it is dark."""
    plan, head = signal
    ordered = int(scene.book.signals[stage.setting.heads.index(head.name)])
    state = walk_state(plan, head, now) if ordered == AS_PLANNED else SIGNAL_STATES[ordered]
    return None if state == "off" else state


def critical_gap(width: float, pace: float, margin: float = MARGIN) -> float:
    """The shortest gap [s] in which somebody crosses a road of `width` [m] at `pace` [m/s]."""
    return width / pace + margin


def approaching(stage: Stage, scene: Scene, line: Array) -> tuple[Array, Array, Array]:
    """When vehicles arrive at the way across `line` (K, 2) [s], how far it is [m], and their speeds [m/s]."""
    state, paths = scene.state, scene.courses.paths
    drivers = stage.drivers.who[scene.book.present[stage.drivers.who]]
    middle = line.mean(axis=0)
    gap = np.hypot(state.x[drivers] - middle[0], state.y[drivers] - middle[1])
    near = drivers[(gap < SIGHT) & (state.speed[drivers] > STANDS)]
    if not len(near):
        return np.zeros(0), np.zeros(0), np.zeros(0)
    reached = _reached(paths, near, state.station[near], line)
    front = stage.shapes.middle[near] + 0.5 * stage.shapes.size[near, 0]
    back = front - stage.shapes.lane_size[near, 0]
    distance, speed = reached - state.station[near] - front, state.speed[near]
    coming = np.isfinite(reached) & (reached > state.station[near] + back)
    return (np.maximum(distance, 0.0) / speed)[coming], distance[coming], speed[coming]


def _reached(paths: Paths, who: Index, station: Array, line: Array) -> Array:
    """(D,) station at which each course first comes near to the line [m]; +inf where it does not."""
    ahead = np.linspace(-10.0, SIGHT - 10.0, 2 * LOOKS)
    stations = station[:, None] + ahead
    at = paths.frame(np.broadcast_to(who[:, None], stations.shape), stations)
    apart = np.hypot(at.x[..., None] - line[:, 0], at.y[..., None] - line[:, 1]).min(axis=-1)
    within = (apart < BESIDE) & (stations <= paths.length[who][:, None])
    first: Array = np.where(within, stations, np.inf).min(axis=1)
    return first
