"""Signs beside an author's roads, in the style of a country.

Numbers: Germany, StVO annexes 1 to 3 (VzKat 2017); United States, MUTCD (2009), which has limits in steps of 5 mph
(section 2B.13). Sizes are those of the middle class.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from roadlab.roads.authored.drafting import Draft, arm_named, arms_among
from roadlab.roads.furniture import Facing, RoadSignal
from roadlab.roads.junction import Arm
from roadlab.roads.lanes import CAR_LANES
from roadlab.roads.road import Road
from roadlab.scenario.spec import JunctionSpec, MapSpec

_BEHIND_KERB = 0.7
"""From the carriageway to the middle of a sign [m]."""
_NOSE = 1.0
"""From an island's nose to the sign on it [m]."""
_BEFORE_END = 1.0
"""From a sign to the junction at the road's end [m]."""
_MPH = 0.44704


@dataclass(frozen=True, slots=True)
class Sign:
    """How a country shows something."""

    type: str
    subtype: str = ""
    width: float = 0.6
    height: float = 0.6
    bottom: float = 2.0
    """Above the road [m]."""


STYLES: Mapping[str, Mapping[str, Sign]] = {
    "de": {
        "stop": Sign("206", "", 0.9, 0.9),
        "yield": Sign("205", "", 0.9, 0.78),
        "priority_road": Sign("306"),
        "priority": Sign("301", "", 0.9, 0.78),
        "speed_limit": Sign("274"),
        "crossing": Sign("350"),
        "direction": Sign("418", "", 1.25, 0.35),
        "exit": Sign("332", "", 2.0, 1.0),
        "roundabout": Sign("215"),
        "no_entry": Sign("267"),
        "one_way": Sign("220", "20", 0.8, 0.3),
        "keep_right": Sign("222"),
        "road_works": Sign("123", "", 0.9, 0.78),
        "motorway": Sign("330", "1"),
        "merge": Sign("205", "", 0.9, 0.78),
    },
    "us": {
        "stop": Sign("R1-1", "", 0.75, 0.75, 2.1),
        "all_way": Sign("R1-3P", "", 0.45, 0.15, 1.9),
        "yield": Sign("R1-2", "", 0.9, 0.78, 2.1),
        "speed_limit": Sign("R2-1", "", 0.6, 0.75, 2.1),
        "crossing": Sign("W11-2", "", 0.75, 0.75, 2.1),
        "direction": Sign("D1-1", "", 1.2, 0.45, 2.1),
        "exit": Sign("E5-1", "", 1.8, 1.5, 2.1),
        "roundabout": Sign("R6-4", "", 0.75, 0.6, 2.1),
        "no_entry": Sign("R5-1", "", 0.75, 0.75, 2.1),
        "one_way": Sign("R6-1", "", 0.9, 0.3, 2.1),
        "keep_right": Sign("R4-7", "", 0.6, 0.75, 2.1),
        "road_works": Sign("W20-1", "", 0.9, 0.9, 2.1),
        "motorway": Sign("M1-1", "", 0.6, 0.6, 2.1),
        "merge": Sign("W4-1", "", 0.9, 0.9, 2.1),
        "priority_road": Sign("W2-1", "", 0.75, 0.75, 2.1),
        "priority": Sign("W2-1", "", 0.75, 0.75, 2.1),
    },
}
"""By country and meaning. The United States have no sign of priority: W2-1 warns of the side road."""

_UNSAID = {"de": {"town": 50 / 3.6, "rural": 100 / 3.6, "motorway": math.inf}, "us": {}}
"""Limits that hold by law, by road type, so that there is no sign for them (StVO, section 3)."""


@dataclass(frozen=True, slots=True)
class Post:
    """A sign at a place of a road."""

    road: str
    sign: str
    s: float
    along: bool
    """For traffic along s."""
    value: float | None = None
    text: str = ""
    t: float | None = None
    """Beside the carriageway where nothing is said [m]."""


def with_signs(draft: Draft, spec: MapSpec) -> dict[str, Road]:
    """The roads of a draft without problems, with their signs."""
    if spec.signs == "none":
        return dict(draft.roads)
    style = STYLES[spec.signs]
    signals: dict[str, list[RoadSignal]] = {}
    for number, post in enumerate(post for post in _posts(draft, spec) if post.sign in style):
        signals.setdefault(post.road, []).append(
            _signal(str(number + 1), post, style[post.sign], draft.roads[post.road], spec.signs)
        )
    return {name: replace(road, signals=tuple(signals.get(name, ()))) for name, road in draft.roads.items()}


def _signal(name: str, post: Post, sign: Sign, road: Road, country: str) -> RoadSignal:
    s = min(max(post.s, 0.0), road.length)
    right, left = road.carriageway_at(s)
    on_right = post.along is not road.left_hand
    t = right - _BEHIND_KERB if on_right else left + _BEHIND_KERB
    t = t if post.t is None else post.t
    facing: Facing = "+" if post.along else "-"
    value, unit = post.value, ""
    if value is not None:
        value, unit = (5.0 * round(value / _MPH / 5.0), "mph") if country == "us" else (round(value * 3.6, 6), "km/h")
    return RoadSignal(
        id=name,
        name=post.sign,
        s=s,
        t=t,
        z=sign.bottom,
        facing=facing,
        dynamic=False,
        type=sign.type,
        subtype=f"{value:g}" if value is not None and country == "de" else sign.subtype,
        country=country.upper(),
        value=value,
        unit=unit,
        text=post.text,
        width=sign.width,
        height=sign.height,
    )


def _posts(draft: Draft, spec: MapSpec) -> Iterator[Post]:
    for name, road in draft.roads.items():
        if "/ring_" not in name:
            yield from _limit_posts(road, spec.signs)
    for junction in draft.junctions.values():
        yield from _junction_posts(junction, draft)
    for crossing in spec.crosswalks:
        for along in _directions(draft.roads[crossing.road]):
            s = crossing.s - (0.5 if along else -0.5) * crossing.width
            yield Post(crossing.road, "crossing", s - (1.0 if along else -1.0), along)
    for name, written in spec.roads.items():
        for sign in written.signs:
            yield Post(name, sign.sign, sign.s, not sign.against, sign.value, sign.text)
        for zone in written.work_zones:
            along = (zone.lanes[0] < 0) is not draft.roads[name].left_hand or draft.roads[name].one_way
            s = zone.s - zone.taper - 30.0 if along else zone.s + zone.length + zone.taper + 30.0
            yield Post(name, "road_works", s, along)
        for island in written.islands:
            for along in (True, False):
                s = island.s - (0.5 if along else -0.5) * max(island.length - 2.0 * _NOSE, 0.0)
                yield Post(name, "keep_right", s, along, t=float(draft.roads[name].lane_offset(s)))


# --- speed limits ----------------------------------------------------------------------------------------------------


def _directions(road: Road) -> list[bool]:
    """Along s, against it, or both: where traffic goes."""
    found = {
        road.lane_direction(lane.id, number) > 0
        for number, section in enumerate(road.sections)
        for lane in section.lanes
        if lane.type in CAR_LANES
    }
    return sorted(found, reverse=True)


def _limit_posts(road: Road, country: str) -> Iterator[Post]:
    kind = "town" if road.kinds and road.kinds[0][1].startswith("town") else road.kinds[0][1] if road.kinds else "town"
    usual = _UNSAID[country].get(kind)
    for along in _directions(road):
        start = 0.0 if along else road.length
        changes = [(s, limit) for s, limit in road.limits if 0.0 < s < road.length]
        opening = float(road.lane_speed_limit(start, 0))
        if math.isfinite(opening) and (usual is None or not math.isclose(opening, usual, rel_tol=1e-6)):
            yield Post(road.name, "speed_limit", start + (2.0 if along else -2.0), along, opening)
        for number, (s, limit) in enumerate(changes):
            before = changes[number - 1][1] if number else float(road.lane_speed_limit(0.0, 0))
            if math.isfinite(limit if along else before):
                yield Post(road.name, "speed_limit", s, along, limit if along else before)


# --- junctions -------------------------------------------------------------------------------------------------------


def _junction_posts(junction: JunctionSpec, draft: Draft) -> Iterator[Post]:
    if junction.entry is not None:
        yield _at(arm_named(junction.entry.ramp, draft.roads), "merge")
        return
    if junction.exit is not None:
        main = arm_named(junction.exit.main, draft.roads)
        s = main.s(-min(junction.exit.lane, main.road.length))
        yield Post(main.road.name, "exit", s, main.inward > 0, text=junction.exit.ramp.rsplit(".", 1)[0])
        return
    round_about = any("/ring_" in end for end in junction.connect)
    for arm in arms_among(junction, draft.roads):
        enters = bool(arm.lanes("driving", entering=True))
        yield from (_at(arm, sign) for sign in _control_signs(junction, arm) if enters)
        if round_about and "/ring_" not in arm.road.name and enters:
            yield _at(arm, "roundabout")
        if arm.road.one_way and not round_about and arm.road.kinds[0][1].startswith("town"):
            yield from _one_way_posts(arm, enters=enters)


def _control_signs(junction: JunctionSpec, arm: Arm) -> list[str]:
    if "/ring_" in arm.road.name:
        return []
    match junction.control:
        case "all_way_stop":
            return ["stop", "all_way"]
        case "priority" | "yield" | "stop" if junction.priority:
            if arm.road.name in junction.priority:
                return ["priority"]
            return ["stop" if junction.control == "stop" else "yield"]
    return []


def _one_way_posts(arm: Arm, *, enters: bool) -> Iterator[Post]:
    """Against those who would enter at its end, and for those who enter at its start."""
    along = arm.inward < 0
    yield Post(arm.road.name, "no_entry" if enters else "one_way", arm.s(-_BEFORE_END), along)


def _at(arm: Arm, sign: str) -> Post:
    return Post(arm.road.name, sign, arm.s(-min(_BEFORE_END, 0.5 * arm.road.length)), arm.inward > 0)
