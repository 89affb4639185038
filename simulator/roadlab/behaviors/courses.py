"""Where every actor means to go: its path, and what lies on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.cast import Member
from roadlab.behaviors.lane_keeping import bend_speeds
from roadlab.behaviors.paths import Path, Paths, resampled, standstill
from roadlab.behaviors.walking import walking_path
from roadlab.roads.network import ConnectingLane, LaneKey, LanePath, RoadNetwork
from roadlab.scenario.spec import LanePosition, Position

Array = NDArray[np.float64]
Index = NDArray[np.int64]

SPACING = 0.25
"""Between the samples of a driver's path [m]."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a path, between two stations [m]."""

    enter: float
    leave: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A junction on a path."""

    stretch: Stretch
    lane: ConnectingLane
    signalled: bool


@dataclass(frozen=True)
class Course:
    """One actor's path, and what lies on it in order of station."""

    path: Path
    lanes: tuple[LaneKey, ...] = ()
    """Empty for those who do not drive."""
    starts: tuple[float, ...] = ()
    """Station at which each lane begins [m]."""
    stops: tuple[tuple[float, str], ...] = ()
    """Station of a stop line [m], name of the signal head that governs it."""
    crosswalks: tuple[Stretch, ...] = ()
    passages: tuple[Passage, ...] = ()

    def lane_at(self, station: float) -> LaneKey:
        """The lane at `station` [m]; the first or last one beyond the ends."""
        return self.lanes[max(0, int(np.searchsorted(self.starts, station, side="right")) - 1)]


def start_course(member: Member, network: RoadNetwork) -> Course:
    """What an actor means to do when the run begins; ValueError when it cannot drive from there."""
    if member.drives:
        return driving_course(network, start_lanes(member, network))
    pose = network.pose(member.spec.at)
    if member.info.kind == "pedestrian" and member.spec.walk is not None:
        return on_foot(network, pose, member.spec.walk.path)
    return Course(standstill(*pose))


def start_lanes(member: Member, network: RoadNetwork) -> list[LaneKey]:
    """The lanes that a driver will follow; ValueError when it stands on none, faces against its own or has no way."""
    lane, heading = _lane_of(member.spec.at, network)
    if np.cos(network.pose(member.spec.at)[2] - heading) < 0.0:
        raise ValueError("faces against the direction of its lane")
    return network.route(lane, member.spec.drive.route if member.spec.drive else None)


def driving_course(network: RoadNetwork, lanes: Sequence[LaneKey]) -> Course:
    """Along the centres of consecutive lanes."""
    line = network.lane_path(lanes)
    return Course(
        path=resampled(line.points[:, 0], line.points[:, 1], line.heading, line.curvature, SPACING),
        lanes=line.keys,
        starts=tuple(float(s) for s in line.key_start),
        stops=tuple((stop.s, stop.signal) for stop in line.stops if stop.signal is not None),
        crosswalks=tuple(Stretch(crossing.enter, crossing.leave) for crossing in line.crosswalks),
        passages=tuple(_passages(network, line)),
    )


def on_foot(network: RoadNetwork, pose: tuple[float, float, float], path: Sequence[Position]) -> Course:
    """From where somebody stands through the positions of `path`."""
    points = np.array([pose[:2], *(network.pose(position)[:2] for position in path)])
    if (np.hypot(*(points - points[0]).T) < 1e-6).all():
        return Course(standstill(*pose))
    return Course(walking_path(points))


def _lane_of(at: Position, network: RoadNetwork) -> tuple[LaneKey, float]:
    """The lane that a driver is on at the start, and where it leads there [rad]; ValueError beside the lanes."""
    if isinstance(at, LanePosition):
        lane, s = LaneKey(at.road, at.lane, int(network.every_road[at.road].section_at(at.s))), at.s
    else:
        x, y, _ = network.pose(at)
        place = network.locate(np.array([[x, y]]))
        if place.road[0] < 0 or place.lane[0] == 0:
            raise ValueError(f"no lane lies at x {x:.1f} m, y {y:.1f} m")
        name, s = network.road_names[int(place.road[0])], float(place.s[0])
        lane = LaneKey(name, int(place.lane[0]), int(network.every_road[name].section_at(s)))
    along = float(network.every_road[lane.road].point(s)[2])
    return lane, along if network.lane_direction(lane) > 0 else along + np.pi


def _passages(network: RoadNetwork, line: LanePath) -> list[Passage]:
    ends = [*line.key_start[1:], line.length]
    found = []
    for key, enter, leave in zip(line.keys, line.key_start, ends, strict=True):
        lane = network.connections.get(key)
        if lane is not None:
            signalled = network.junctions[lane.junction].plan is not None
            found.append(Passage(Stretch(float(enter), float(leave)), lane, signalled))
    return found


@dataclass(frozen=True)
class Along:
    """Things that lie on the paths of many actors: arrays of one length."""

    actor: Index
    enter: Array
    """Station [m]."""
    leave: Array
    value: Index = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """What it is: the index of a signal head, or +1 for a turn to the left and -1 to the right."""


@dataclass(frozen=True)
class Courses:
    """The courses of N actors, ready to be asked for all of them at once."""

    each: tuple[Course, ...]
    heads: tuple[str, ...]
    """Names of all signal heads."""

    def changed(self, actor: int, course: Course) -> Courses:
        """The same, with another course for one actor."""
        each = list(self.each)
        each[actor] = course
        return Courses(tuple(each), self.heads)

    @cached_property
    def paths(self) -> Paths:
        """One per actor."""
        return Paths.of([course.path for course in self.each])

    @cached_property
    def bend_speed(self) -> Array:
        """(K,) per sample of `paths` [m/s]."""
        return bend_speeds(self.paths)

    @cached_property
    def stops(self) -> Along:
        """Stop lines with a signal; `value` is the index of its head."""
        return _along(
            [(i, s, s, self.heads.index(name)) for i, course in enumerate(self.each) for s, name in course.stops]
        )

    @cached_property
    def crosswalks(self) -> Along:
        """Crosswalks that drivers cross."""
        return _along([(i, c.enter, c.leave, 0) for i, course in enumerate(self.each) for c in course.crosswalks])

    @cached_property
    def turns(self) -> Along:
        """Turns in junctions; `value` is +1 to the left, -1 to the right."""
        side = {"left": 1, "right": -1}
        return _along(
            [
                (i, p.stretch.enter, p.stretch.leave, side[p.lane.turn])
                for i, course in enumerate(self.each)
                for p in course.passages
                if p.lane.turn in side
            ]
        )


def _along(rows: list[tuple[int, float, float, int]]) -> Along:
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    return Along(table[:, 0].astype(np.int64), table[:, 1], table[:, 2], table[:, 3].astype(np.int64))
