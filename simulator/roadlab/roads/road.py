"""A road: a reference line with lanes beside it, on the relief of the land."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from roadlab.roads.cross_section import CrossSections
from roadlab.roads.cubics import ZERO, Cubics, Floats
from roadlab.roads.furniture import RoadObject, RoadSignal
from roadlab.roads.lanes import ROAD_LEVEL, Lane, LaneKey, LaneSection, LaneType, RoadLink
from roadlab.roads.marks import NO_MARK, RoadMark
from roadlab.roads.reference_line import Piece, ReferenceLine
from roadlab.roads.relief import FLAT, Relief
from roadlab.scenario.spec import PathPiece

__all__ = ["Floats", "LaneKey", "Road", "piece_of"]


@dataclass(frozen=True, eq=False)
class Road:
    """Lane sections along a reference line."""

    name: str
    reference_line: ReferenceLine
    sections: tuple[LaneSection, ...]
    """In order of s; the first begins at 0."""
    speed_limit: float
    """Where its start and no lane say otherwise [m/s]."""
    one_way: bool = False
    """All lanes run along s; else those on one side run against it."""
    beyond: tuple[float, float] = (0.0, 0.0)
    """How far its surface runs on before its start and after its end [m]; of a part of a road negative."""
    lane_offset: Cubics = ZERO
    """T of the line between the two sides over s [m]."""
    relief: Relief = FLAT
    left_hand: bool = False
    """Whether traffic keeps to the left."""
    junction: str | None = None
    """The junction that it leads through, as a connecting road."""
    predecessor: RoadLink | None = None
    """What joins its start."""
    successor: RoadLink | None = None
    """What joins its end."""
    limits: tuple[tuple[float, float], ...] = ()
    """(s, speed limit [m/s]) in order of s, where it changes along the road."""
    objects: tuple[RoadObject, ...] = ()
    signals: tuple[RoadSignal, ...] = ()
    kinds: tuple[tuple[float, str], ...] = field(default=())
    """(s, OpenDRIVE road type such as `town` or `motorway`) in order of s."""

    @property
    def length(self) -> float:
        """Along the reference line [m]."""
        return self.reference_line.length

    @property
    def paved(self) -> tuple[float, float]:
        """From and to which s there is a surface [m]."""
        return -self.beyond[0], self.length + self.beyond[1]

    @property
    def extent(self) -> tuple[float, float]:
        """From and to which s there are lanes: all of it, or that of a part [m]."""
        return max(0.0, -self.beyond[0]), min(self.length, self.length + self.beyond[1])

    def part(self, low: float, high: float) -> Road:
        """What lies between two s, in the same coordinates; it keeps its surface beyond ends that belong to it."""
        before = self.beyond[0] if low <= 0.0 else -low
        after = self.beyond[1] if high >= self.length else high - self.length
        return replace(self, beyond=(before, after))

    def paved_range(self, section: int) -> tuple[float, float]:
        """From and to which s a lane section has a surface, beyond open ends too [m]; empty where the first is more."""
        first, last = self.section_range(section)
        low, high = self.paved
        return (
            low if section == 0 else max(first, low),
            high if section == len(self.sections) - 1 else min(last, high),
        )

    # --- lanes -------------------------------------------------------------------------------------------------------

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Those of the first lane section, in order of id: from the right edge to the left edge."""
        return self.sections[0].lanes

    @property
    def center_mark(self) -> RoadMark:
        """What is painted between the two sides where the road begins."""
        marks = self.sections[0].center_marks
        return marks[0] if marks else NO_MARK

    @cached_property
    def lane_ids(self) -> tuple[int, ...]:
        """Of all lane sections, in ascending order; there is no lane 0."""
        return tuple(sorted({lane.id for section in self.sections for lane in section.lanes}))

    @cached_property
    def keys(self) -> tuple[LaneKey, ...]:
        """All lanes of all sections."""
        return tuple(LaneKey(self.name, i, k) for k, section in enumerate(self.sections) for i in section.lane_ids)

    def lane(self, lane_id: int, section: int | None = None) -> Lane:
        """The lane with this id, of the first section that has one or of a given one; KeyError when there is none."""
        for candidate in self.sections if section is None else (self.sections[section],):
            if lane_id in candidate.lane_ids:
                return candidate.lane(lane_id)
        raise KeyError(f"lane {lane_id} of {self.name}")

    def section_range(self, section: int) -> tuple[float, float]:
        """From and to which s a lane section reaches [m]."""
        starts = [*(each.s for each in self.sections), self.length]
        return starts[section], starts[section + 1]

    def section_at(self, s: ArrayLike) -> NDArray[np.int64]:
        """Index of the lane section at each `s`."""
        return self.cross_sections.section[self.cross_sections.interval(self._inside(s))]

    @cached_property
    def cross_sections(self) -> CrossSections:
        """Where the edges of all lanes lie."""
        return CrossSections.of(self.sections, self.lane_offset, self.length)

    def lane_edges(self, s: ArrayLike, lane: ArrayLike, section: int | None = None) -> tuple[Floats, Floats]:
        """T of the right and left edge of lanes at each `s`, broadcast [m]; NaN where there is no such lane."""
        return self.cross_sections.bounds(self._inside(s), lane, section)

    def lane_center(self, s: ArrayLike, lane: ArrayLike, section: int | None = None) -> Floats:
        """T of the middle of lanes at each `s` [m]; NaN where there is no such lane."""
        right, left = self.lane_edges(s, lane, section)
        return np.asarray(0.5 * (right + left))

    def lane_width(self, s: ArrayLike, lane: ArrayLike, section: int | None = None) -> Floats:
        """Width of lanes at each `s` [m]; NaN where there is no such lane."""
        right, left = self.lane_edges(s, lane, section)
        return np.asarray(left - right)

    def lane_bounds(self, lane_id: int, s: float | None = None) -> tuple[float, float]:
        """T of a lane's right and left edge at one `s`, by default where it begins [m]; KeyError: no such lane."""
        where = self._first_s(lane_id) if s is None else s
        right, left = self.lane_edges(where, lane_id)
        if np.isnan(right):
            raise KeyError(f"lane {lane_id} of {self.name} at {where:g} m")
        return float(right), float(left)

    def lane_center_t(self, lane_id: int, s: float | None = None) -> float:
        """T of the lane's middle at one `s`, by default where it begins [m]; KeyError when there is no such lane."""
        right, left = self.lane_bounds(lane_id, s)
        return 0.5 * (right + left)

    def lane_direction(self, lane_id: int, section: int | None = None) -> int:
        """+1 when the lane is travelled along s, -1 against it."""
        lane = self.lane(lane_id, section)
        along = self.one_way or (lane_id < 0) is not self.left_hand
        return 1 if along is not (lane.direction == "reversed") else -1

    def lane_at(self, s: ArrayLike, t: ArrayLike) -> NDArray[np.int64]:
        """Id of the lane at each (s, t); 0 beyond the edges of the road."""
        return self.cross_sections.lane_at(self._inside(s), t)

    def lane_speed_limit(self, s: ArrayLike, lane_id: int) -> Floats:
        """Speed limit of a lane at each `s` [m/s]; +inf where there is none."""
        s = np.asarray(s, dtype=np.float64)
        limit = _held(((-np.inf, self.speed_limit), *self.limits), s)
        section = self.section_at(s)
        for number, candidate in enumerate(self.sections):
            if lane_id in candidate.lane_ids and candidate.lane(lane_id).limits:
                own = _held(((-np.inf, np.nan), *candidate.lane(lane_id).limits), s)
                limit = np.where((section == number) & ~np.isnan(own), own, limit)
        return limit

    def neighbours(self, key: LaneKey) -> tuple[int | None, int | None]:
        """Ids of the lanes to the right and to the left of a lane, seen along s; None at the edge."""
        ids = self.sections[key.section].lane_ids
        place = ids.index(key.lane)
        return ids[place - 1] if place else None, ids[place + 1] if place + 1 < len(ids) else None

    @cached_property
    def edges(self) -> tuple[float, float]:
        """T between which the whole road lies everywhere [m]."""
        return _reach(self, {lane.type for section in self.sections for lane in section.lanes})

    @cached_property
    def carriageway(self) -> tuple[float, float]:
        """T between which all that is paved at road level lies everywhere [m]."""
        return _reach(self, set(ROAD_LEVEL))

    def carriageway_at(self, s: float, kinds: tuple[LaneType, ...] = ROAD_LEVEL) -> tuple[float, float]:
        """T of the right and left edge of the lanes of some types at one `s` [m]; the middle where there is none."""
        section = self.sections[int(self.section_at(s))]
        bounds = [self.lane_bounds(lane.id, s) for lane in section.lanes if lane.type in kinds]
        middle = float(self.lane_offset(s))
        return (bounds[0][0], bounds[-1][1]) if bounds else (middle, middle)

    def edges_of(self, s: ArrayLike, kinds: tuple[LaneType, ...] | None) -> tuple[Floats, Floats]:
        """T of the right and left edge of the lanes of some types, or of all, at each `s` [m]; the middle without."""
        s = self._inside(s)
        table = self.cross_sections
        row = table.interval(s)
        edges = table.edges_at(s, row)
        types = [{lane.id: lane.type for lane in section.lanes} for section in self.sections]
        chosen = np.array(
            [
                [lane != 0 and (kinds is None or types[section][int(lane)] in kinds) for lane in lanes]
                for section, lanes in zip(table.section, table.lanes, strict=True)
            ]
        )[row]
        right = np.where(chosen, edges[..., :-1], np.inf).min(axis=-1)
        left = np.where(chosen, edges[..., 1:], -np.inf).max(axis=-1)
        middle, some = self.lane_offset(s), chosen.any(axis=-1)
        return np.where(some, right, middle), np.where(some, left, middle)

    @cached_property
    def pavements(self) -> tuple[tuple[float, float], ...]:
        """T of the right and left edge of each sidewalk where the road begins [m]."""
        return tuple(self.lane_bounds(lane.id, 0.0) for lane in self.lanes if lane.type == "sidewalk")

    # --- places ------------------------------------------------------------------------------------------------------

    def point(self, s: ArrayLike, t: ArrayLike = 0.0) -> tuple[Floats, Floats, Floats]:
        """World x, y [m] and heading along s [rad] at (s, t), broadcast; straight on beyond the ends."""
        if self.relief.is_level_across:
            return self.reference_line.point(s, t)
        return self.reference_line.point(s, self.relief.section(self._inside(s), t)[0])

    def position(self, s: ArrayLike, t: ArrayLike = 0.0) -> Floats:
        """(..., 3) world x, y, z on the surface at (s, t), broadcast [m]."""
        x, y, _ = self.point(s, t)
        return np.stack([x, y, self.height(s, t)], axis=-1)

    def height(self, s: ArrayLike, t: ArrayLike = 0.0) -> Floats:
        """World z of the surface at (s, t), broadcast [m]; beyond the ends it keeps its slope. Without kerbs."""
        s = np.asarray(s, dtype=np.float64)
        inside = self._inside(s)
        height = self.relief.section(inside, t)[1]
        return height if self.relief.is_flat else height + (s - inside) * self.relief.elevation.slope(inside)

    def normal(self, s: ArrayLike, t: ArrayLike = 0.0) -> Floats:
        """(..., 3) unit vectors that stand on the surface at (s, t), broadcast."""
        s, t = np.broadcast_arrays(np.asarray(s, dtype=np.float64), np.asarray(t, dtype=np.float64))
        inside = self._inside(s)
        aside, _ = self.relief.section(inside, t)
        aside_s, aside_t, height_s, height_t = self.relief.slopes(inside, t)
        along = 1.0 - self.reference_line.curvature(s) * aside
        # in the frame of the reference line: (along, aside_s, height_s) x (0, aside_t, height_t)
        ahead = aside_s * height_t - height_s * aside_t
        left, up = -along * height_t, along * aside_t
        _, _, heading = self.reference_line.point(s)
        cosine, sine = np.cos(heading), np.sin(heading)
        vector = np.stack([ahead * cosine - left * sine, ahead * sine + left * cosine, up], axis=-1)
        return np.asarray(vector / np.linalg.norm(vector, axis=-1, keepdims=True))

    def attitude(self, s: ArrayLike, t: ArrayLike = 0.0) -> Floats:
        """(..., 3) yaw, pitch, roll (ISO 8855) of what stands on the surface at (s, t) and faces along s [rad]."""
        _, _, heading = self.point(s, t)
        return attitude_on(self.normal(s, t), heading)

    def locate(self, points: ArrayLike) -> tuple[Floats, Floats]:
        """(s, t) of `points` (..., 2) [m]; with superelevation, t along the tilted cross-section."""
        s, aside = self.reference_line.locate(points)
        return s, self.tilted(s, aside)

    def tilted(self, s: Floats, aside: Floats) -> Floats:
        """T of what lies `aside` of the reference line in the horizontal [m]."""
        if self.relief.is_level_across:
            return aside
        inside, t = self._inside(s), aside.copy()
        for _ in range(20):
            off = self.relief.section(inside, t)[0] - aside
            t = t - off / np.maximum(self.relief.slopes(inside, t)[1], 0.1)
            if np.max(np.abs(off), initial=0.0) < 1e-12:
                break
        return t

    # --- areas -------------------------------------------------------------------------------------------------------

    @cached_property
    def stations(self) -> Floats:
        """Values of s whose chords stray by at most 5 mm from any line along the road; all its polygons use them."""
        reach = max(abs(t) for t in self.edges)
        plain = self.reference_line.stations(tolerance=0.005, reach=reach, longest=20.0)
        table = self.cross_sections
        starts = table.starts[(table.starts > 0.0) & (table.starts < self.length)]
        flat = np.all(np.where(np.isfinite(table.edges), table.edges, 0.0)[..., 2:] == 0.0, axis=(1, 2))
        if flat.all() and not len(starts):
            return plain
        ends = np.append(table.starts[1:], self.length)
        curved = [np.arange(a, b, 1.0) for a, b, even in zip(table.starts, ends, flat, strict=True) if not even]
        return np.unique(np.concatenate([plain, starts, *curved]))

    def patch(self, s: tuple[float, float], t: tuple[float, float]) -> shapely.Polygon:
        """The area between two s and two t, counter-clockwise, in the world [m]."""
        along = self._along(s)
        return self._ring(along, np.full(len(along), t[0]), np.full(len(along), t[1]))

    def patches(self, spans: Sequence[tuple[float, float]], t: tuple[float, float]) -> NDArray[np.object_]:
        """The areas between two t of each of K stretches from one s to another: (K,) polygons, as `patch` has them."""
        along = [self._along(span) for span in spans]
        counts = np.array([len(part) for part in along], dtype=np.int64)
        x, y, _ = self.point(np.concatenate([np.zeros(0), *along])[:, None], np.array(t))
        there = np.repeat(np.arange(len(spans)), counts)
        # Down one side and back up the other, stretch by stretch.
        back = np.lexsort((-np.arange(len(there)), there))
        order = np.argsort(np.concatenate([there, there]), kind="stable")
        ring = np.concatenate([np.column_stack([x[:, 0], y[:, 0]]), np.column_stack([x[back, 1], y[back, 1]])])[order]
        return np.asarray(shapely.polygons(shapely.linearrings(ring, indices=np.repeat(there, 2))))

    def lane_patch(self, lane_id: int, s: tuple[float, float] | None = None) -> shapely.Polygon | shapely.MultiPolygon:
        """The area of a lane between two s, by default all over, beyond the open ends too; of any width."""
        low, high = self.paved if s is None else s
        parts = []
        for number, section in enumerate(self.sections):
            first, last = self.section_range(number)
            first = low if number == 0 else max(first, low)
            last = high if number == len(self.sections) - 1 else min(last, high)
            if lane_id in section.lane_ids and last - first > 1e-9:
                along = self._along((first, last))
                parts.append(self._ring(along, *self.lane_edges(along, lane_id, number)))
        whole = [part for part in parts if part.area > 0.0]
        return whole[0] if len(whole) == 1 else shapely.union_all(whole)

    def _along(self, s: tuple[float, float]) -> Floats:
        inner = self.stations[(self.stations > s[0] + 1e-3) & (self.stations < s[1] - 1e-3)]
        return np.concatenate([[s[0]], inner, [s[1]]])

    def _ring(self, along: Floats, right: Floats, left: Floats) -> shapely.Polygon:
        x, y, _ = self.point(np.concatenate([along, along[::-1]]), np.concatenate([right, left[::-1]]))
        return shapely.Polygon(np.column_stack([x, y]))

    def _inside(self, s: ArrayLike) -> Floats:
        return np.clip(np.asarray(s, dtype=np.float64), 0.0, self.length)

    def _first_s(self, lane_id: int) -> float:
        for section in self.sections:
            if lane_id in section.lane_ids:
                return section.s
        raise KeyError(f"lane {lane_id} of {self.name}")


def attitude_on(normal: ArrayLike, yaw: ArrayLike) -> Floats:
    """(..., 3) yaw, pitch, roll (ISO 8855) of what faces `yaw` and stands on a surface with this normal [rad]."""
    up, yaw = np.asarray(normal, dtype=np.float64), np.asarray(yaw, dtype=np.float64)
    ahead = up[..., 0] * np.cos(yaw) + up[..., 1] * np.sin(yaw)
    left = up[..., 1] * np.cos(yaw) - up[..., 0] * np.sin(yaw)
    pitch, roll = np.arctan2(ahead, up[..., 2]), -np.arcsin(np.clip(left, -1.0, 1.0))
    return np.stack(np.broadcast_arrays(yaw, pitch, roll), axis=-1)


def piece_of(spec: PathPiece) -> Piece:
    """The line, arc or clothoid of the scenario language."""
    if spec.arc is not None:
        return Piece(spec.arc.length, 1.0 / spec.arc.radius, 1.0 / spec.arc.radius)
    if spec.clothoid is not None:
        return Piece(spec.clothoid.length, *spec.clothoid.curvature)
    return Piece(spec.line or 0.0)


def _held(records: tuple[tuple[float, float], ...], s: Floats) -> Floats:
    """The value of the last record at or before each `s`."""
    starts, values = np.array(records, dtype=np.float64).T
    return np.asarray(values[np.searchsorted(starts, s, side="right") - 1])


def _reach(road: Road, kinds: set[LaneType]) -> tuple[float, float]:
    """T between which lanes of these types lie: every cubic lies between its Bézier ordinates."""
    table = road.cross_sections
    ends = np.append(table.starts[1:], max(road.length, table.starts[-1]))
    h = (ends - table.starts)[:, None]
    a, b, c, d = np.moveaxis(table.edges, -1, 0)
    ordinates = np.stack([a, a + b * h / 3, a + 2 * b * h / 3 + c * h**2 / 3, a + b * h + c * h**2 + d * h**3])
    types = [{lane.id: lane.type for lane in section.lanes} for section in road.sections]
    mine = np.array(
        [[types[k].get(int(i), None) in kinds for i in row] for k, row in zip(table.section, table.lanes, strict=True)]
    )
    if not mine.any():
        return 0.0, 0.0
    right = np.where(mine, ordinates[:, :, :-1].min(axis=0), np.inf)
    left = np.where(mine, ordinates[:, :, 1:].max(axis=0), -np.inf)
    return float(right.min()), float(left.max())
