"""The lanes of a network as drivers know them: each one's centre line, and what lies on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.paths import Path, resampled
from roadlab.behaviors.speed_bumps import bump_allowance
from roadlab.roads.bumps import bumps_of
from roadlab.roads.lanes import CAR_LANES
from roadlab.roads.network import ConnectingLane, LaneKey, RoadNetwork

Array = NDArray[np.float64]

SPACING = 0.25
"""Between the samples of a driver's path [m]."""

OPEN_TO_ALL = tuple(kind for kind in CAR_LANES if kind not in ("bus", "taxi", "HOV"))
"""Lane types into which every driver may change."""

Control = Literal["signals", "priority", "yield", "stop", "all_way_stop", "right_before_left"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a path, between two stations [m]."""

    enter: float
    leave: float


@dataclass(frozen=True)
class Rule:
    """Who goes first at a junction."""

    control: Control
    priority: tuple[str, ...] = ()
    """Roads that have it."""


@dataclass(frozen=True)
class Rules:
    """Who goes first, for every junction by name; right before left where nothing is said."""

    of: Mapping[str, Rule] = field(default_factory=dict)

    def at(self, junction: str) -> Rule:
        """The rule of a junction."""
        return self.of.get(junction, Rule("right_before_left"))


@dataclass(frozen=True, eq=False)
class Leg(Path):
    """A lane in its direction of travel; stations count from its beginning."""

    key: LaneKey = LaneKey("", 0)  # noqa: RUF009
    width: float = 3.5
    """[m]"""
    limit: float = np.inf
    """[m/s]"""
    stop: tuple[float, str | None] | None = None
    """Station of the stop line [m], name of the signal head that governs it."""
    crosswalks: tuple[Stretch, ...] = ()
    connection: ConnectingLane | None = None
    """Of a lane in a junction."""
    crossings: tuple[tuple[LaneKey, float, float, float, float], ...] = ()
    """Lanes of the junction that this one crosses or joins, and from where to where: on this one, on the other [m]."""
    left: LaneKey | None = None
    """The lane beside it, for the same direction."""
    right: LaneKey | None = None
    leads_on: bool = False
    """Whether another lane begins where it ends."""
    oncoming: LaneKey | None = None
    """The lane to its left, when that is for the other direction."""
    onward: LaneKey | None = None
    """The lane that continues it, if there is only one."""
    closed: float = np.inf
    """Station at which beacons begin to close it [m]."""
    crossable: Array | None = None
    """(K,) whether the line to the oncoming lane may be crossed to its far side; None where there is no such lane."""
    bumpy: Array | None = None
    """(K,) square of the highest speed at which speed bumps are crossed [m²/s²]; None where there are none."""
    ordinary: bool = True
    """Whether it is no additional lane for those who join or leave."""

    @property
    def turn(self) -> str | None:
        """left, straight or right in a junction, None elsewhere."""
        return self.connection.turn if self.connection is not None else None


class Lanes:
    """The lanes of a network, each made when it is first asked for."""

    def __init__(self, network: RoadNetwork) -> None:
        self.network = network
        self._known: dict[LaneKey, Leg] = {}

    def leg(self, key: LaneKey) -> Leg:
        """The same one for the same key; KeyError when there is no such lane."""
        if key not in self._known:
            self._known[key] = self._made(key)
        return self._known[key]

    def _made(self, key: LaneKey) -> Leg:
        network = self.network
        line = network.lane_path([key])
        path = resampled(line.points[:, 0], line.points[:, 1], line.heading, line.curvature, SPACING)
        connection = network.connections.get(key)
        left, right, oncoming = self._beside(key) if connection is None else (None, None, None)
        after = list(network.graph.successors(key))
        return Leg(
            spacing=path.spacing,
            x=path.x,
            y=path.y,
            heading=path.heading,
            curvature=path.curvature,
            key=key,
            width=network.lane_width(key),
            limit=float(line.speed_limit.min()),
            stop=self._stop(key, line.length) if connection is None else None,
            crosswalks=tuple(Stretch(crossing.enter, crossing.leave) for crossing in line.crosswalks),
            connection=connection,
            crossings=self._crossings(connection) if connection is not None else (),
            leads_on=bool(after),
            left=left,
            right=right,
            oncoming=oncoming,
            onward=after[0] if len(after) == 1 else None,
            closed=self._closed(key),
            crossable=None if oncoming is None else self._crossable(key, len(path.x)),
            bumpy=self._bumpy(key, path),
            ordinary=network.every_road[key.road].lane(key.lane, key.section).type == "driving",
        )

    def _crossable(self, key: LaneKey, count: int) -> Array:
        """Of evenly spaced samples; the line nearer to one's own side counts where there are two."""
        road = self.network.every_road[key.road]
        low, high = road.section_range(key.section)
        along = self.network.lane_direction(key) > 0
        stations = np.linspace(low, high, count) if along else np.linspace(high, low, count)
        marks = road.sections[key.section].center_marks
        allowed = np.ones(count)
        for mark in marks:
            lines = mark.lines(0)
            solid = bool(lines) and (min if along else max)(lines, key=lambda line: line.t).length == 0.0
            allowed[stations >= mark.s] = not (solid or mark.type == "curb" or mark.change == "none")
        return allowed

    def _bumpy(self, key: LaneKey, path: Path) -> Array | None:
        bumps = bumps_of([self.network.every_road[key.road]])
        return bump_allowance(path, bumps) if bumps else None

    def _closed(self, key: LaneKey) -> float:
        """Where the first row of beacons begins that slants across a lane [m]."""
        road = self.network.every_road[key.road]
        low, high = road.section_range(key.section)
        rows = [r for o in road.objects if o.subtype == "beacon" for r in o.repeats if abs(r.t[1] - r.t[0]) > 1.0]
        found = [np.inf]
        for row in rows:
            along = self.network.lane_direction(key) > 0
            s = row.s if along else row.s + row.length
            if low <= s <= high:
                right, left = road.lane_edges(s, key.lane, key.section)
                if min(row.t) < 0.5 * (right + left) < max(row.t):
                    found.append(s - low if along else high - s)
        return float(min(found))

    def _stop(self, key: LaneKey, length: float) -> tuple[float, str | None] | None:
        """Where the traffic of a lane of this length [m] waits before the junction to which it leads."""
        onward = [after for after in self.network.graph.successors(key) if after in self.network.connections]
        if not onward:
            return None
        connection = self.network.connections[min(onward)]
        lines = self.network.junctions[connection.junction].stop_lines
        line = next((line for line in lines if line.arm.name == connection.arm), None)
        # So near the road's end that a bend makes the lane longer or shorter than the reference line by millimetres.
        if line is None or length + line.ahead <= 0.0:
            return None
        return length + line.ahead, line.signal

    def _crossings(self, mine: ConnectingLane) -> tuple[tuple[LaneKey, float, float, float, float], ...]:
        junction = self.network.junctions[mine.junction]
        return tuple(
            (other, *found.on_a, *found.on_b) for (a, other), found in junction.crossings.items() if a == mine.key
        )

    def _beside(self, key: LaneKey) -> tuple[LaneKey | None, LaneKey | None, LaneKey | None]:
        """The lanes to the left and to the right of a road's lane, and the oncoming one to its left."""
        road, direction = self.network.every_road[key.road], self.network.lane_direction(key)
        beside = self._siblings[key.road, key.section]
        place = beside.index(key)

        def lane(side: int, way: int) -> LaneKey | None:
            k = place + side * direction
            if not 0 <= k < len(beside):
                return None
            if any(road.lane(one.lane, one.section).type not in OPEN_TO_ALL for one in (key, beside[k])):
                return None
            return beside[k] if self.network.lane_direction(beside[k]) == way else None

        return lane(1, direction), lane(-1, direction), lane(1, -direction)

    @cached_property
    def _siblings(self) -> dict[tuple[str, int], list[LaneKey]]:
        """The lanes of each road's cross-sections, from right to left."""
        found: dict[tuple[str, int], list[LaneKey]] = {}
        for key in sorted(self.network.graph.nodes):
            found.setdefault((key.road, key.section), []).append(key)
        return found
