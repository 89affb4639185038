"""Where points are on a network: one search for all points and all roads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from roadlab.roads.cross_section import CrossSections
from roadlab.roads.curves import CurveTable
from roadlab.roads.levels import LEVELS, shared_ground
from roadlab.roads.road import Floats, Road

Ints = NDArray[np.int64]

_CELL = 10.0
"""Longest cell along a road [m]."""
_MARGIN = 0.5
"""Around a cell, in which its points are looked for [m]."""
_APART = 10.0
"""Between the roads in the tables that hold one road behind the other [m]."""
_SEVERAL = 12
"""Cells near a point among which that of its own level is chosen."""
_SAME_LEVEL = 1.0
"""Surfaces whose heights differ from a point's by no more than this beyond the nearest one's are equally near [m]."""


@dataclass(frozen=True, eq=False)
class Places:
    """P places on roads, in arrays of P."""

    point: Ints
    """Index of the point that is there; a point may be on several roads."""
    road: Ints
    s: Floats
    t: Floats
    lane: Ints
    heading: Floats
    """Of the reference line [rad]."""

    def some(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Places:
        """Those of the places."""
        s, t, heading = self.s[chosen], self.t[chosen], self.heading[chosen]
        return Places(self.point[chosen], self.road[chosen], s, t, self.lane[chosen], heading)

    def and_also(self, other: Places) -> Places:
        """These and others."""
        join = np.concatenate
        return Places(
            join([self.point, other.point]),
            join([self.road, other.road]),
            join([self.s, other.s]),
            join([self.t, other.t]),
            join([self.lane, other.lane]),
            join([self.heading, other.heading]),
        )


@dataclass(frozen=True, eq=False)
class Locator:
    """All roads of a network in tables."""

    roads: Sequence[Road]

    def on_roads(self, xy: Floats, z: Floats | None = None) -> Places:
        """The place of each of the points (P, 2) that lie on a road, in order of the points; the best of several.

        With heights z (P,), it is one whose surface is near; else, or among those, one outside junctions whose
        reference line is nearest, or the connecting lane whose middle is nearest.
        """
        places = self._candidates(xy)
        order = np.lexsort((places.road, np.round(self._badness(places, z), 6), places.point))
        first = np.unique(places.point[order], return_index=True)[1]
        return places.some(order[first])

    def nearest(self, xy: Floats, z: Floats | None = None) -> Places:
        """The place on a road nearest to each of the points (P, 2), also of those that lie beside the roads."""
        on = self.on_roads(xy, z)
        beside = np.setdiff1d(np.arange(len(xy)), on.point)
        if not len(beside):
            return on
        cell = self._nearest_cell(xy[beside], None if z is None else z[beside])
        places = self._refined(xy, beside, cell, inside=True)
        edges, _, count = self._edges(places)
        last = np.take_along_axis(edges, count[:, None], axis=1)[:, 0]
        t = np.clip(places.t, edges[:, 0], last)
        both = on.and_also(replace(places, t=t))
        return both.some(np.argsort(both.point, kind="stable"))

    def _nearest_cell(self, xy: Floats, z: Floats | None) -> Ints:
        """The cell whose middle is nearest to each point; with heights z (P,) among several one that is near it."""
        if z is None or not self.has_levels:
            return np.asarray(self._tree.query(xy)[1])
        apart, cell = self._tree.query(xy, k=min(_SEVERAL, len(self._cells.s)))
        apart, cell = np.reshape(apart, (len(xy), -1)), np.reshape(cell, (len(xy), -1))
        off = np.abs(self._cell_heights[cell] - z[:, None])
        other = off > off.min(axis=1, keepdims=True) + LEVELS
        best = np.argmin(np.where(other, np.inf, apart), axis=1)
        return np.asarray(np.take_along_axis(cell, best[:, None], axis=1)[:, 0])

    def heights(self, places: Places) -> Floats:
        """Height of the road's surface at places [m]."""
        z = np.zeros(len(places.s))
        for number in np.unique(places.road):
            if not self.roads[number].relief.is_flat:
                mine = places.road == number
                z[mine] = self.roads[number].height(places.s[mine], places.t[mine])
        return z

    def normals(self, places: Places) -> Floats:
        """(P, 3) what stands on the road's surface at places."""
        up = np.tile([0.0, 0.0, 1.0], (len(places.s), 1))
        for number in np.unique(places.road):
            if not self.roads[number].relief.is_flat:
                mine = places.road == number
                up[mine] = self.roads[number].normal(places.s[mine], places.t[mine])
        return up

    @cached_property
    def has_levels(self) -> bool:
        """Whether roads lie over one another, as at a bridge."""
        if all(road.relief.is_flat for road in self.roads):
            return False
        return bool(np.any(np.abs(shared_ground(self.roads, None).rise) > LEVELS))

    # --- the search --------------------------------------------------------------------------------------------------

    def _candidates(self, xy: Floats) -> Places:
        point, cell = self._boxes.query(shapely.points(xy))
        across = (xy[point, 0] - self._cells.x[cell]) * self._cells.left_x[cell]
        across += (xy[point, 1] - self._cells.y[cell]) * self._cells.left_y[cell]
        near = (across > self._cells.low[cell]) & (across < self._cells.high[cell])
        places = self._refined(xy, point[near], cell[near])
        first, last = self._extents[places.road].T
        inside = (places.s >= first - 1e-9) & (places.s <= last + 1e-9)
        places = places.some(inside)
        edges, row, count = self._edges(places)
        lane = self._sections.lane_within(row, edges, places.t)
        last = np.take_along_axis(edges, count[:, None], axis=1)[:, 0]
        on = (places.t >= edges[:, 0]) & (places.t <= last)
        s = np.clip(places.s, *self._extents[places.road].T)
        return replace(places, s=s, lane=lane).some(on)

    def _refined(self, xy: Floats, point: Ints, cell: Ints, *, inside: bool = False) -> Places:
        """Newton's steps from the chords of cells to the feet of the points' perpendiculars."""
        cells = self._cells
        z = xy[point, 0] + 1j * xy[point, 1]
        road, ahead = cells.road[cell], (cells.left_y[cell] - 1j * cells.left_x[cell])
        along = np.real((z - (cells.x[cell] + 1j * cells.y[cell])) * np.conj(ahead))
        s = cells.s[cell] + along * cells.stretch[cell]
        across, heading = np.zeros(len(z)), np.zeros(len(z))
        todo = np.arange(len(z))
        for _ in range(12):
            here = np.clip(s[todo], 0.0, self._lengths[road[todo]])
            g = self._bases[road[todo]] + here
            index = np.searchsorted(self._starts, g, side="right") - 1
            place, heading[todo], bend = self._curves.at(index, g - self._starts[index])
            local = (z[todo] - place) * np.exp(-1j * heading[todo])
            across[todo] = local.imag
            beyond = here + local.real
            out = (beyond < 0.0) | (beyond > self._lengths[road[todo]])
            slope = np.maximum(1.0 - bend * local.imag, 0.1)
            new = np.where(out, beyond, here + np.clip(local.real / slope, -_CELL, _CELL))
            moved = np.abs(new - s[todo])
            s[todo] = np.where(out, beyond, new)
            if inside:
                s[todo] = np.clip(s[todo], *self._extents[road[todo]].T)
            todo = todo[(moved > 1e-9) & ~(out & (np.abs(local.real) > 2.0 * _CELL))]
            if not len(todo):
                break
        lane = np.zeros(len(z), dtype=np.int64)
        return self._tilted(Places(np.asarray(point), road, s, across, lane, heading))

    def _tilted(self, places: Places) -> Places:
        t = places.t
        for number in self._banked:
            mine = np.flatnonzero(places.road == number)
            if len(mine):
                t[mine] = self.roads[number].tilted(places.s[mine], t[mine])
        return places

    def _edges(self, places: Places) -> tuple[Floats, NDArray[np.intp], Ints]:
        """T of the edges of all lanes at places, their rows and how many lanes there are."""
        g = self._bases[places.road] + np.clip(places.s, 0.0, self._lengths[places.road])
        row = self._sections.interval(g)
        return self._sections.edges_at(g, row), row, self._counts[row]

    def _badness(self, places: Places, z: Floats | None) -> Floats:
        bad = np.abs(places.t)
        through = np.flatnonzero(self._connecting[places.road])
        if len(through):
            g = self._bases[places.road[through]] + places.s[through]
            right, left = self._sections.bounds(g, places.lane[through])
            bad[through] = 1e4 + np.abs(places.t[through] - 0.5 * (right + left))
        if z is not None and len(bad):
            off = np.abs(self.heights(places) - z[places.point])
            least = np.full(len(z), np.inf)
            np.minimum.at(least, places.point, off)
            bad += np.where(off > least[places.point] + _SAME_LEVEL, 1e6, 0.0)
        return bad

    # --- the tables --------------------------------------------------------------------------------------------------

    @cached_property
    def _lengths(self) -> Floats:
        return np.array([road.length for road in self.roads])

    @cached_property
    def _extents(self) -> Floats:
        """(R, 2) from and to which s there are lanes."""
        return np.array([road.extent for road in self.roads])

    @cached_property
    def _bases(self) -> Floats:
        """Where each road begins in the tables."""
        return np.concatenate([[0.0], np.cumsum(self._lengths[:-1] + _APART)])

    @cached_property
    def _connecting(self) -> NDArray[np.bool_]:
        return np.array([road.junction is not None for road in self.roads])

    @cached_property
    def _banked(self) -> tuple[int, ...]:
        return tuple(k for k, road in enumerate(self.roads) if not road.relief.is_level_across)

    @cached_property
    def _curves(self) -> CurveTable:
        return CurveTable.joined([road.reference_line.table for road in self.roads])

    @cached_property
    def _starts(self) -> Floats:
        offsets = [road.reference_line.offsets for road in self.roads]
        return np.concatenate([base + own for base, own in zip(self._bases, offsets, strict=True)])

    @cached_property
    def _sections(self) -> CrossSections:
        return CrossSections.joined([road.cross_sections for road in self.roads], list(self._bases))

    @cached_property
    def _counts(self) -> Ints:
        return np.asarray(np.sum(self._sections.lanes != 0, axis=1), dtype=np.int64)

    @cached_property
    def _cells(self) -> _Cells:
        return _Cells.of(self.roads)

    @cached_property
    def _cell_heights(self) -> Floats:
        heights = [self.roads[k].height(s) for k, s in zip(self._cells.road, self._cells.s, strict=True)]
        return np.array(heights, dtype=np.float64)

    @cached_property
    def _boxes(self) -> shapely.STRtree:
        return shapely.STRtree(self._cells.boxes())

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self._cells.middles())


@dataclass(frozen=True, eq=False)
class _Cells:
    """C short stretches of road with their chords."""

    road: Ints
    s: Floats
    stretch: Floats
    """Metres of s per metre of the chord."""
    x: Floats
    y: Floats
    left_x: Floats
    """Unit vector to the left of the chord."""
    left_y: Floats
    length: Floats
    low: Floats
    """Across which the cell reaches [m]."""
    high: Floats
    margin: Floats
    """Before and behind the chord, in which the outside of a bend is [m]."""

    @classmethod
    def of(cls, roads: Sequence[Road]) -> _Cells:
        rows = [np.zeros((0, 11))]
        for number, road in enumerate(roads):
            right, left = road.edges
            s = road.reference_line.stations(tolerance=0.2, reach=max(abs(right), abs(left)), longest=_CELL)
            s = np.unique(np.clip(s, *road.extent))
            x, y, heading = road.reference_line.point(s)
            outside = _MARGIN + np.abs(np.diff(heading)) * max(abs(right), abs(left))
            dx, dy, ds = np.diff(x), np.diff(y), np.diff(s)
            chord = np.maximum(np.hypot(dx, dy), 1e-9)
            same = np.ones(len(ds))
            columns = [number * same, s[:-1], ds / chord, x[:-1], y[:-1], -dy / chord, dx / chord, chord]
            rows.append(np.column_stack([*columns, (right - _MARGIN) * same, (left + _MARGIN) * same, outside]))
        table = np.concatenate(rows).T
        return cls(table[0].astype(np.int64), *table[1:])

    def middles(self) -> Floats:
        return np.column_stack([self.x + 0.5 * self.length * self.left_y, self.y - 0.5 * self.length * self.left_x])

    def boxes(self) -> NDArray[np.object_]:
        """Round the cells, with what lies across them where the road bends."""
        along = np.stack([-self.margin, self.length + self.margin])
        corners_x, corners_y = [], []
        for a in along:
            for b in (self.low, self.high):
                corners_x.append(self.x + a * self.left_y + b * self.left_x)
                corners_y.append(self.y - a * self.left_x + b * self.left_y)
        x, y = np.array(corners_x), np.array(corners_y)
        return np.asarray(shapely.box(x.min(0), y.min(0), x.max(0), y.max(0)))
