"""Links as the ASAM checker wants them: told from both sides, and none to a lane without width.

Files of others often link one way only, or join a road's end to a road that joins another. A lane that begins or ends
with no width beside a lane has no predecessor or successor (rules `lane.link.new_lane_appear`, `zero_width_at_end`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from roadlab.roads.connections import Connection, End, end_section, goes_out, joining_end
from roadlab.roads.lanes import Lane, LaneKey, LaneSection, RoadLink
from roadlab.roads.road import Road

_ENDS: tuple[End, End] = ("start", "end")
_NO_WIDTH = 1e-6
"""[m]; the ASAM checker's threshold."""


@dataclass(frozen=True, slots=True)
class _Face:
    """One end of a lane section."""

    road: str
    section: int
    end: End


def with_sound_links(roads: Mapping[str, Road]) -> dict[str, Road]:
    """The same roads with links that agree."""
    joined = {
        name: replace(road, predecessor=_road_link(road, "start", roads), successor=_road_link(road, "end", roads))
        for name, road in roads.items()
    }
    refs: dict[tuple[_Face, int], dict[int, None]] = {}
    for here, there, mutual in _contacts(joined):
        for lane, other in _pairs(joined, here, there, mutual=mutual):
            refs.setdefault((here, lane), {})[other] = None
            if mutual:
                refs.setdefault((there, other), {})[lane] = None
    return {name: replace(road, sections=_sections(road, refs)) for name, road in joined.items()}


def sound_connections(links: Iterable[Connection], roads: Mapping[str, Road], *, direct: bool) -> list[Connection]:
    """One connection for each pair of roads, with the lanes that lead into the junction and have a width there."""
    found: dict[tuple[str, str, str], Connection] = {}
    for link in links:
        key = (link.incoming, link.onward, link.contact)
        before = found[key].links if key in found else ()
        own = [pair for pair in link.links if _is_sound(link, pair, roads, direct=direct)]
        found[key] = replace(link, links=tuple(dict.fromkeys((*before, *own))))
    return [link for link in found.values() if link.links]


def _is_sound(link: Connection, pair: tuple[int, int], roads: Mapping[str, Road], *, direct: bool) -> bool:
    origin, onward = roads[link.incoming], roads[link.onward]
    end = joining_end(origin, onward, link)
    here = _Face(origin.name, end_section(origin, end), end)
    there = _Face(onward.name, end_section(onward, link.contact), link.contact)
    if not (_is_wide(origin, here, pair[0]) and _is_wide(onward, there, pair[1])):
        return False
    return direct or goes_out(origin, LaneKey(origin.name, pair[0], here.section), end)


# --- roads ----------------------------------------------------------------------------------------------------------


def _link(road: Road, end: End) -> RoadLink | None:
    return road.predecessor if end == "start" else road.successor


def _road_link(road: Road, end: End, roads: Mapping[str, Road]) -> RoadLink | None:
    """The link of an end, or what the other side says of it; None where the other road's end joins something else."""
    link = _link(road, end)
    if link is None:
        return _told_by_other(road, end, roads)
    if link.kind == "junction":
        return link
    if link.contact is None or link.name not in roads:
        return None
    back = _link(roads[link.name], link.contact)
    if back is None:
        return link
    if back.kind == "junction":
        return link if back.name == road.junction else None
    return link if (back.name, back.contact) == (road.name, end) else None


def _told_by_other(road: Road, end: End, roads: Mapping[str, Road]) -> RoadLink | None:
    """The first road that says it joins this end."""
    for other in roads.values():
        for contact in _ENDS:
            link = _link(other, contact)
            if link is not None and (link.kind, link.name, link.contact) == ("road", road.name, end):
                return RoadLink("road", other.name, contact)
    return None


# --- lanes ----------------------------------------------------------------------------------------------------------


def _contacts(roads: Mapping[str, Road]) -> Iterator[tuple[_Face, _Face, bool]]:
    """Section ends that meet, and whether both tell of it; the lanes before a junction do not."""
    for road in roads.values():
        for number in range(len(road.sections) - 1):
            yield _Face(road.name, number, "end"), _Face(road.name, number + 1, "start"), True
        for end in _ENDS:
            link = _link(road, end)
            if link is not None and link.kind == "road" and link.contact is not None:
                other = roads[link.name]
                back = _link(other, link.contact)
                near = _Face(road.name, end_section(road, end), end)
                far = _Face(other.name, end_section(other, link.contact), link.contact)
                yield near, far, back is not None and back.kind == "road"


def _pairs(roads: Mapping[str, Road], here: _Face, there: _Face, *, mutual: bool) -> Iterator[tuple[int, int]]:
    told = [(lane.id, other) for lane, other in _told(roads[here.road], here)]
    told += [(other, lane.id) for lane, other in _told(roads[there.road], there)] if mutual else []
    for pair in told:
        wide = _is_wide(roads[here.road], here, pair[0]) and _is_wide(roads[there.road], there, pair[1])
        if wide and (here.road != there.road or _touch(roads[here.road], here, there, pair)):
            yield pair


def _touch(road: Road, here: _Face, there: _Face, pair: tuple[int, int]) -> bool:
    """Whether lanes of two sections overlap where the sections meet; those that merge with a neighbour do not."""
    s = road.sections[there.section].s
    (right, left), (low, high) = (
        road.lane_edges(s, lane, face.section) for lane, face in zip(pair, (here, there), strict=True)
    )
    return float(min(left, high) - max(right, low)) > _NO_WIDTH


def _told(road: Road, face: _Face) -> Iterator[tuple[Lane, int]]:
    for lane in road.sections[face.section].lanes:
        for other in lane.predecessors if face.end == "start" else lane.successors:
            yield lane, other


def _is_wide(road: Road, face: _Face, lane: int) -> bool:
    if lane not in road.sections[face.section].lane_ids:
        return False
    low, high = road.section_range(face.section)
    return float(road.lane_width(low if face.end == "start" else high, lane, face.section)) >= _NO_WIDTH


def _sections(road: Road, refs: Mapping[tuple[_Face, int], Mapping[int, None]]) -> tuple[LaneSection, ...]:
    return tuple(
        replace(section, lanes=tuple(_lane(lane, road.name, number, refs) for lane in section.lanes))
        for number, section in enumerate(road.sections)
    )


def _lane(lane: Lane, road: str, section: int, refs: Mapping[tuple[_Face, int], Mapping[int, None]]) -> Lane:
    return replace(
        lane,
        predecessors=tuple(refs.get((_Face(road, section, "start"), lane.id), ())),
        successors=tuple(refs.get((_Face(road, section, "end"), lane.id), ())),
    )
