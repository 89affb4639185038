"""A road: a reference line with lanes beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from roadlab.roads.profiles import PROFILES, ROAD_LEVEL, Lane, RoadMark
from roadlab.roads.reference_line import Piece, ReferenceLine
from roadlab.scenario.spec import PathPiece, RoadSpec

Floats = NDArray[np.float64]

LaneKey = tuple[str, int]
"""(road, lane id); connecting lanes of a junction have a road name such as `market_cross/south.end-west.end`."""


@dataclass(frozen=True)
class Road:
    """Lanes of constant width along a reference line."""

    name: str
    reference_line: ReferenceLine
    lanes: tuple[Lane, ...]
    """In order of id: from the right edge to the left edge."""
    center_mark: RoadMark
    speed_limit: float
    """[m/s]."""
    one_way: bool = False
    beyond: tuple[float, float] = (0.0, 0.0)
    """How far its surface runs on before its start and after its end [m]."""

    @property
    def length(self) -> float:
        """Along the reference line [m]."""
        return self.reference_line.length

    @property
    def paved(self) -> tuple[float, float]:
        """From and to which s there is a surface [m]."""
        return -self.beyond[0], self.length + self.beyond[1]

    @cached_property
    def lane_ids(self) -> tuple[int, ...]:
        """In ascending order; there is no lane 0."""
        return tuple(lane.id for lane in self.lanes)

    def lane(self, lane_id: int) -> Lane:
        """The lane with this id; KeyError when there is none."""
        for lane in self.lanes:
            if lane.id == lane_id:
                return lane
        raise KeyError(f"lane {lane_id} of {self.name}")

    def lane_bounds(self, lane_id: int) -> tuple[float, float]:
        """T of the lane's right and left edge [m]."""
        self.lane(lane_id)
        side = 1 if lane_id > 0 else -1
        inner = sum(lane.width for lane in self.lanes if 0 < lane.id * side < lane_id * side)
        outer = inner + self.lane(lane_id).width
        return (inner, outer) if side > 0 else (-outer, -inner)

    def lane_center_t(self, lane_id: int) -> float:
        """T of the lane's centre line [m]."""
        right, left = self.lane_bounds(lane_id)
        return 0.5 * (right + left)

    def lane_direction(self, lane_id: int) -> int:
        """+1 when the lane is travelled along s, -1 against it."""
        self.lane(lane_id)
        return 1 if self.one_way or lane_id < 0 else -1

    def lane_at(self, t: ArrayLike) -> NDArray[np.int64]:
        """Id of the lane at each `t`; 0 beyond the edges of the road."""
        t = np.asarray(t, dtype=np.float64)
        bounds = np.array([self.lane_bounds(lane.id) for lane in self.lanes])
        edges = np.append(bounds[:, 0], bounds[-1, 1])
        index = np.searchsorted(edges, t, side="right") - 1
        ids = np.array([*self.lane_ids, 0])
        return np.asarray(ids[np.where((t < edges[0]) | (t > edges[-1]), -1, np.clip(index, 0, len(ids) - 2))])

    @cached_property
    def edges(self) -> tuple[float, float]:
        """T of the right and left edge of the whole road [m]."""
        return self.lane_bounds(self.lane_ids[0])[0], self.lane_bounds(self.lane_ids[-1])[1]

    @cached_property
    def carriageway(self) -> tuple[float, float]:
        """T of the right and left edge of what is paved at road level [m]."""
        bounds = [self.lane_bounds(lane.id) for lane in self.lanes if lane.type in ROAD_LEVEL]
        return bounds[0][0], bounds[-1][1]

    def point(self, s: ArrayLike, t: ArrayLike = 0.0) -> tuple[Floats, Floats, Floats]:
        """World x, y [m] and heading along s [rad] at (s, t), broadcast; straight on beyond the ends."""
        return self.reference_line.point(s, t)

    @cached_property
    def pavements(self) -> tuple[tuple[float, float], ...]:
        """T of the right and left edge of each sidewalk [m]."""
        return tuple(self.lane_bounds(lane.id) for lane in self.lanes if lane.type == "sidewalk")

    @cached_property
    def stations(self) -> Floats:
        """Values of s whose chords stray by at most 5 mm from any line along the road; all its polygons use them."""
        reach = max(abs(t) for t in self.edges)
        return self.reference_line.stations(tolerance=0.005, reach=reach, longest=20.0)

    def patch(self, s: tuple[float, float], t: tuple[float, float]) -> shapely.Polygon:
        """The area between two s and two t, counter-clockwise, in the world [m]."""
        inner = self.stations[(self.stations > s[0] + 1e-3) & (self.stations < s[1] - 1e-3)]
        along = np.concatenate([[s[0]], inner, [s[1]]])
        x, y, _ = self.point(np.concatenate([along, along[::-1]]), np.repeat([t[0], t[1]], len(along)))
        return shapely.Polygon(np.column_stack([x, y]))


def build_road(name: str, spec: RoadSpec) -> Road:
    """The road of a map without problems."""
    profile = PROFILES[spec.profile]
    line = ReferenceLine(tuple(piece_of(piece) for piece in spec.path), spec.start.x, spec.start.y, spec.start.heading)
    return Road(name, line, profile.lanes, profile.center_mark, spec.speed_limit, profile.one_way)


def piece_of(spec: PathPiece) -> Piece:
    """The line, arc or clothoid of the scenario language."""
    if spec.arc is not None:
        return Piece(spec.arc.length, 1.0 / spec.arc.radius, 1.0 / spec.arc.radius)
    if spec.clothoid is not None:
        return Piece(spec.clothoid.length, *spec.clothoid.curvature)
    return Piece(spec.line or 0.0)
