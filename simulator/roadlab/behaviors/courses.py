"""Where every actor means to go: its path, and what lies on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.cast import Member
from roadlab.behaviors.facts import Facts, facts_of
from roadlab.behaviors.legs import Lanes, Leg, Rules
from roadlab.behaviors.paths import Path, Paths, standstill
from roadlab.behaviors.routes import Way, usable, way
from roadlab.behaviors.walking import walking_path
from roadlab.roads.network import LaneKey, RoadNetwork
from roadlab.scenario.spec import LanePosition, Position

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True)
class Course:
    """One actor's path: consecutive lanes, or any curve."""

    way: Path | tuple[Path, ...]
    beside: tuple[Leg, ...] = ()
    """The lanes next to its own."""
    change: int = 0
    """So many lanes to the left, or, if negative, to the right it has to be left before it ends."""
    roads: tuple[str, ...] = ()
    """Those to which the route leads after the change."""

    @property
    def path(self) -> Path:
        """The curve, or the first of them."""
        return self.legs[0]

    @property
    def legs(self) -> tuple[Path, ...]:
        """The curves one after the other."""
        return (self.way,) if isinstance(self.way, Path) else self.way

    @cached_property
    def lanes(self) -> tuple[LaneKey, ...]:
        """Empty for those who follow no lanes."""
        return tuple(leg.key for leg in self.legs if isinstance(leg, Leg))

    @cached_property
    def starts(self) -> tuple[float, ...]:
        """Station at which each leg begins [m]."""
        return (0.0, *np.cumsum([leg.length for leg in self.legs])[:-1].tolist())

    def lane_at(self, station: float) -> LaneKey:
        """The lane at `station` [m]; the first or last one beyond the ends."""
        return self.lanes[max(0, int(np.searchsorted(self.starts, station, side="right")) - 1)]


def start_course(member: Member, lanes: Lanes) -> Course:
    """What an actor means to do when the run begins; ValueError when it cannot drive from there."""
    network = lanes.network
    if member.drives:
        return way_course(lanes, way(lanes, *start_lane(member, network)))
    pose = network.pose(member.spec.at)
    if member.info.kind == "pedestrian" and member.spec.walk is not None:
        return on_foot(network, pose, member.spec.walk.path)
    return Course((standstill(*pose),))


def start_lane(member: Member, network: RoadNetwork) -> tuple[LaneKey, list[str] | None]:
    """Where a driver sets off, and its route; ValueError when it stands on no lane or faces against its own."""
    lane, heading = _lane_of(member.spec.at, network)
    if np.cos(network.pose(member.spec.at)[2] - heading) < 0.0:
        raise ValueError("faces against the direction of its lane")
    return lane, member.spec.drive.route if member.spec.drive else None


def way_course(lanes: Lanes, found: Way) -> Course:
    """Along the lanes of a way."""
    course = lane_course(lanes, found.lanes)
    return replace(course, change=found.change, roads=found.roads) if found.change else course


def lane_course(lanes: Lanes, keys: Sequence[LaneKey]) -> Course:
    """Along the centres of consecutive lanes; ValueError when they are not consecutive."""
    for before, after in pairwise(keys):
        if not lanes.network.graph.has_edge(before, after):
            raise ValueError(f"lane {after[1]} of {after[0]} does not follow lane {before[1]} of {before[0]}")
    legs = tuple(lanes.leg(key) for key in keys)
    beside = dict.fromkeys(key for leg in legs for key in (leg.left, leg.right, leg.oncoming) if key is not None)
    return Course(legs, tuple(lanes.leg(key) for key in beside))


def driving_course(network: RoadNetwork, keys: Sequence[LaneKey]) -> Course:
    """Like `lane_course`, without lanes that are known already."""
    return lane_course(Lanes(network), keys)


def on_foot(network: RoadNetwork, pose: tuple[float, float, float], path: Sequence[Position]) -> Course:
    """From where somebody stands through the positions of `path`."""
    points = np.array([pose[:2], *(network.pose(position)[:2] for position in path)])
    if (np.hypot(*(points - points[0]).T) < 1e-6).all():
        return Course((standstill(*pose),))
    return Course((walking_path(points),))


def _lane_of(at: Position, network: RoadNetwork) -> tuple[LaneKey, float]:
    """The lane that a driver is on at the start, and where it leads there [rad]; ValueError beside the lanes."""
    if isinstance(at, LanePosition):
        lane, s = LaneKey(at.road, at.lane, int(network.every_road[at.road].section_at(at.s))), at.s
    else:
        x, y, _ = network.pose(at)
        place = network.locate(np.array([[x, y, network.height_of(at)]]))
        if place.road[0] < 0 or place.lane[0] == 0:
            raise ValueError(f"no lane lies at x {x:.1f} m, y {y:.1f} m")
        name, s = network.road_names[int(place.road[0])], float(place.s[0])
        lane = LaneKey(name, int(place.lane[0]), int(network.every_road[name].section_at(s)))
    along = float(network.every_road[lane.road].point(s)[2])
    return lane, along if network.lane_direction(lane) > 0 else along + np.pi


@dataclass(frozen=True)
class Courses:
    """The courses of N actors, ready to be asked for all of them at once."""

    each: tuple[Course, ...]
    heads: tuple[str, ...]
    """Names of all signal heads."""
    rules: Rules = field(default_factory=Rules)
    """Who goes first at junctions."""

    def changed(self, actor: int, course: Course) -> Courses:
        """The same, with another course for one actor."""
        return self.with_courses({actor: course})

    def with_courses(self, changes: Mapping[int, Course]) -> Courses:
        """The same, with other courses for some actors."""
        each = list(self.each)
        for actor, course in changes.items():
            each[actor] = course
        made = replace(self, each=tuple(each))
        paths = self.paths.with_paths({actor: course.legs for actor, course in changes.items()})
        paths = paths.knowing([leg for course in changes.values() for leg in course.beside])
        made.__dict__["paths"] = paths
        if paths.pieces is self.paths.pieces:
            made.__dict__["facts"] = self.facts
        return made

    @cached_property
    def paths(self) -> Paths:
        """One per actor."""
        paths = Paths.of([course.legs for course in self.each])
        return paths.knowing([leg for course in self.each for leg in course.beside])

    @cached_property
    def facts(self) -> Facts:
        """What is known of every piece of `paths`."""
        return facts_of(self.paths.pieces, self.heads, self.rules)

    @cached_property
    def change(self) -> Index:
        """(N,) how many lanes to the left, or, if negative, to the right each course has to be left before it ends."""
        return np.array([course.change for course in self.each], dtype=np.int64)

    @cached_property
    def last_chance(self) -> Array:
        """(N,) station by which courses with a change have to be left [m], +inf for the others."""
        place = np.full(len(self.each), np.inf)
        for k in np.flatnonzero(self.change):
            last = self.each[k].legs[-1]
            if isinstance(last, Leg):
                place[k] = self.paths.length[k] - last.length + usable(last)
        return place

    @cached_property
    def speed_at_end(self) -> Array:
        """(L,) square of the highest speed at the end of each leg of `paths` from which later bends can be taken."""
        return self._backwards(self.facts.bend_entry, self.facts.bend_slope)

    @cached_property
    def limit_at_end(self) -> Array:
        """(L,) the same for speed limits [m²/s²]."""
        return self._backwards(self.facts.limit**2, self.facts.limit_slope)

    def _backwards(self, entry: Array, slope: float) -> Array:
        """Squares of speeds at the ends of legs, given those that each piece alone allows at its beginning."""
        paths = self.paths
        at_end = np.full(len(paths.piece), np.inf)
        leg, rise = paths.last.copy(), slope * paths.pieces.length
        going = np.flatnonzero(leg > paths.first)
        while len(going):
            here = leg[going]
            piece = paths.piece[here]
            at_end[here - 1] = np.minimum(entry[piece], at_end[here] + rise[piece])
            leg[going] -= 1
            going = going[leg[going] > paths.first[going]]
        return at_end

    def bend_speed(self, leg: Index, station: Array) -> Array:
        """Highest speed [m/s] at `station` of a leg of `paths` from which each later bend can still be taken."""
        paths = self.paths
        own = paths.sample_leg(self.facts.bend, leg, station)
        to_go = paths.start[leg] + paths.pieces.length[paths.piece[leg]] - station
        later = self.speed_at_end[leg] + self.facts.bend_slope * np.maximum(to_go, 0.0)
        speed: Array = np.sqrt(np.minimum(own, later))
        return speed

    def speed_limit(self, leg: Index, station: Array) -> Array:
        """Highest speed [m/s] at `station` of a leg from which each later limit can be met in good time."""
        paths = self.paths
        piece = paths.piece[leg]
        to_go = paths.start[leg] + paths.pieces.length[piece] - station
        later = self.limit_at_end[leg] + self.facts.limit_slope * np.maximum(to_go, 0.0)
        speed: Array = np.sqrt(np.minimum(self.facts.limit[piece] ** 2, later))
        return speed
