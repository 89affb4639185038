"""Where the edges of all lanes of a road, or of many roads, lie over s.

Between two records of a file every edge is one cubic of s, so that an edge anywhere is a table row and a polynomial.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roadlab.roads.cubics import Cubics, Floats
from roadlab.roads.lanes import Lane, LaneSection

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CrossSections:
    """I intervals of s with at most L lanes each."""

    starts: Floats
    """(I,) ascending [m]."""
    edges: Floats
    """(I, L + 1, 4) cubics of t in ds from the start of the interval, from right to left; +inf where there is none."""
    lanes: Ints
    """(I, L) ids of the lanes between the edges; 0 where there is none."""
    section: Ints
    """(I,) index of the lane section."""

    @classmethod
    def of(cls, sections: Sequence[LaneSection], offset: Cubics, length: float) -> CrossSections:
        """Of one road's lane sections and lane offset."""
        starts, edges, owners = [], [], []
        ends = [*(section.s for section in sections[1:]), max(length, sections[-1].s)]
        for number, (section, end) in enumerate(zip(sections, ends, strict=True)):
            records = [offset.starts, *(lane.widths.starts for lane in section.lanes)]
            records += [lane.border.starts for lane in section.lanes if lane.border is not None]
            inner = np.unique(np.concatenate(records))
            cuts = np.concatenate([[section.s], inner[(inner > section.s) & (inner < end)]])
            starts.append(cuts)
            edges.append(_section_edges(section, offset, cuts))
            owners += [number] * len(cuts)
        most = max(len(section.lanes) for section in sections)
        ids = [(*sections[k].lane_ids, *[0] * (most - len(sections[k].lanes))) for k in owners]
        padded = [_padded(part, most + 1) for part in edges]
        return cls(np.concatenate(starts), np.concatenate(padded), np.array(ids, dtype=np.int64), np.array(owners))

    @classmethod
    def joined(cls, parts: Sequence[CrossSections], bases: Sequence[float]) -> CrossSections:
        """The tables of many roads one behind the other: s of each road is counted from its base."""
        most = max(part.lanes.shape[1] for part in parts)
        lanes = [np.pad(part.lanes, ((0, 0), (0, most - part.lanes.shape[1]))) for part in parts]
        return cls(
            np.concatenate([base + part.starts for part, base in zip(parts, bases, strict=True)]),
            np.concatenate([_padded(part.edges, most + 1) for part in parts]),
            np.concatenate(lanes),
            np.concatenate([part.section for part in parts]),
        )

    def interval(self, s: ArrayLike) -> NDArray[np.intp]:
        """Row of the table at each `s`."""
        return np.clip(np.searchsorted(self.starts, s, side="right") - 1, 0, len(self.starts) - 1)

    def edges_at(self, s: ArrayLike, row: NDArray[np.intp] | None = None) -> Floats:
        """(..., L + 1) t of all edges at each `s` [m], from right to left; +inf where there is none."""
        s = np.asarray(s, dtype=np.float64)
        row = self.interval(s) if row is None else row
        ds = np.maximum(s - self.starts[row], 0.0)[..., None]
        a, b, c, d = np.moveaxis(self.edges[row], -1, 0)
        return np.asarray(a + ds * (b + ds * (c + ds * d)))

    def lane_at(self, s: ArrayLike, t: ArrayLike) -> Ints:
        """Id of the lane at each (s, t); 0 beyond the edges of the road."""
        s, t = np.broadcast_arrays(np.asarray(s, dtype=np.float64), np.asarray(t, dtype=np.float64))
        row = self.interval(s)
        return self.lane_within(row, self.edges_at(s, row), t)

    def lane_within(self, row: NDArray[np.intp], edges: Floats, t: Floats) -> Ints:
        """The same, of rows and their edges that are known."""
        count = np.sum(self.lanes[row] != 0, axis=-1)
        inside = (t >= edges[..., 0]) & (t <= np.take_along_axis(edges, count[..., None], axis=-1)[..., 0])
        column = np.clip(np.sum(edges <= t[..., None], axis=-1) - 1, 0, np.maximum(count - 1, 0))
        return np.where(inside, np.take_along_axis(self.lanes[row], column[..., None], axis=-1)[..., 0], 0)

    def bounds(
        self, s: ArrayLike, lane: ArrayLike, section: ArrayLike | None = None, order: int = 0
    ) -> tuple[Floats, Floats]:
        """T of a lane's right and left edge at each `s`, or a derivative by s; NaN where there is no such lane.

        A `section` holds on to the polynomials of that lane section at its end, where the next one begins.
        """
        s, lane = np.broadcast_arrays(np.asarray(s, dtype=np.float64), np.asarray(lane))
        row = self.interval(s) if section is None else self._row_in(s, section)
        ds = np.maximum(s - self.starts[row], 0.0)[..., None]
        a, b, c, d = np.moveaxis(self.edges[row], -1, 0)
        if order == 0:
            edges = a + ds * (b + ds * (c + ds * d))
        else:
            edges = b + ds * (2.0 * c + ds * 3.0 * d) if order == 1 else 2.0 * c + 6.0 * ds * d
        mine = (self.lanes[row] == lane[..., None]) & (lane[..., None] != 0)
        column = np.argmax(mine, axis=-1)[..., None]
        right, left = (np.take_along_axis(edges, column + k, axis=-1)[..., 0] for k in (0, 1))
        there = mine.any(axis=-1)
        return np.where(there, right, np.nan), np.where(there, left, np.nan)

    def _row_in(self, s: Floats, section: ArrayLike) -> NDArray[np.intp]:
        section = np.asarray(section)
        first = np.searchsorted(self.section, section, side="left")
        last = np.searchsorted(self.section, section, side="right") - 1
        return np.clip(self.interval(s), first, last)


def _section_edges(section: LaneSection, offset: Cubics, cuts: Floats) -> Floats:
    """(I, L + 1, 4)"""
    middle = offset.about(cuts)
    left = _outwards([lane for lane in section.lanes if lane.id > 0], middle, cuts, 1.0)
    right = _outwards([lane for lane in reversed(section.lanes) if lane.id < 0], middle, cuts, -1.0)
    return np.stack([*reversed(right), middle, *left], axis=1)


def _outwards(lanes: Sequence[Lane], middle: Floats, cuts: Floats, sign: float) -> list[Floats]:
    edges, edge = [], middle
    for lane in lanes:
        edge = edge + sign * lane.widths.about(cuts) if lane.border is None else middle + lane.border.about(cuts)
        edges.append(edge)
    return edges


def _padded(edges: Floats, count: int) -> Floats:
    missing = np.zeros((len(edges), count - edges.shape[1], 4))
    missing[..., 0] = np.inf
    return np.concatenate([edges, missing], axis=1)
