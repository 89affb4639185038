"""From a map's specification to its roads and simple junctions, with every problem on the way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from roadlab.roads.authored.additions import ExtraLane, extra_lane
from roadlab.roads.authored.building import Setting, build_road
from roadlab.roads.authored.cross_sections import profiles_of
from roadlab.roads.authored.road_problems import Path, Problem, cross_section_problems, meant, road_problems
from roadlab.roads.authored.roundabouts import roundabout, roundabout_problems
from roadlab.roads.authored.town import town
from roadlab.roads.connecting import wrapped
from roadlab.roads.junction import Arm
from roadlab.roads.lanes import RoadLink
from roadlab.roads.reference_line import Pose
from roadlab.roads.road import Road
from roadlab.scenario.spec import JunctionSpec, MapSpec, RampSpec


@dataclass
class Draft:
    """Roads and junctions, generated ones included; while it grows."""

    roads: dict[str, Road] = field(default_factory=dict)
    """Those without problems."""
    junctions: dict[str, JunctionSpec] = field(default_factory=dict)
    """Simple ones and ramps; roundabouts have become simple ones."""
    joints: list[tuple[str, str]] = field(default_factory=list)
    """Road ends that meet without a junction."""
    written: dict[str, Path] = field(default_factory=dict)
    """Where a road or junction that was generated is written, from the map on."""
    problems: list[Problem] = field(default_factory=list)
    known: tuple[str, ...] = ()
    """All names of roads, of those with problems too."""


def drafted(spec: MapSpec) -> Draft:
    """The draft of a map that is no OpenDRIVE file."""
    draft = Draft()
    if spec.town is not None:
        roads, junctions = town(spec.town)
        spec = spec.model_copy(update={"roads": roads, "junctions": junctions})
        draft.written = dict.fromkeys((*roads, *junctions), ("town",))
    for name, profile in spec.profiles.items():
        found = cross_section_problems(name, profile)
        draft.problems += [(("profiles", name, *path), message) for path, message in found]
    if draft.problems:
        return draft
    draft.known = tuple(spec.roads)
    setting = Setting(profiles_of(spec.profiles), spec.traffic == "left", spec.signs, _extra_lanes(spec))
    _build_roads(draft, spec, setting)
    for name, junction in spec.junctions.items():
        if junction.roundabout is None:
            draft.junctions[name] = junction
        else:
            _build_roundabout(draft, name, junction, setting)
    _join(draft, spec)
    return draft


def ends_of(junction: JunctionSpec) -> list[tuple[Path, str]]:
    """The road ends of a junction, and where they are written in it."""
    kinds = {"roundabout": junction.roundabout, "entry": junction.entry, "exit": junction.exit}
    for kind, part in kinds.items():
        if isinstance(part, RampSpec):
            return [((kind, key), getattr(part, key)) for key in ("main", "onto", "ramp")]
        if part is not None:
            return [((kind, "connect", k), end) for k, end in enumerate(part.connect)]
    return [(("connect", k), end) for k, end in enumerate(junction.connect)]


def arms_among(junction: JunctionSpec, roads: Mapping[str, Road]) -> list[Arm]:
    """The road ends of a junction, all of whose roads there are, in their order."""
    return [arm_named(end, roads) for _, end in ends_of(junction)]


def arm_named(text: str, roads: Mapping[str, Road]) -> Arm:
    """A road end such as `west.end`; KeyError when there is no such road."""
    road, end = text.rsplit(".", 1)
    return Arm(roads[road], "start" if end == "start" else "end")


# --- roads -----------------------------------------------------------------------------------------------------------


def _extra_lanes(spec: MapSpec) -> dict[str, tuple[ExtraLane, ...]]:
    found: dict[str, tuple[ExtraLane, ...]] = {}
    for junction in spec.junctions.values():
        if junction.entry is not None:
            road, lane = extra_lane(junction.entry, "entry", left_hand=spec.traffic == "left")
        elif junction.exit is not None:
            road, lane = extra_lane(junction.exit, "exit", left_hand=spec.traffic == "left")
        else:
            continue
        found[road] = (*found.get(road, ()), lane)
    return found


def _build_roads(draft: Draft, spec: MapSpec, setting: Setting) -> None:
    """Those that begin behind another one after it."""
    waiting = dict(spec.roads)
    broken: set[str] = set()
    while waiting:
        ready = [name for name, road in waiting.items() if _is_ready(road.start.after, draft, broken, spec)]
        for name in ready:
            road = waiting.pop(name)
            problems = road_problems(name, road, setting)
            if road.start.after is not None and _origin(road.start.after) not in spec.roads:
                missing = _origin(road.start.after)
                problems.append(
                    (("start", "after"), f"{missing} is not a road of this map{meant(missing, spec.roads)}")
                )
            at = draft.written.get(name, ("roads", name))
            draft.problems += [((*at, *path), message) for path, message in problems]
            if problems or (road.start.after is not None and _origin(road.start.after) not in draft.roads):
                broken.add(name)
                continue
            draft.roads[name] = build_road(name, road, setting, _start(road.start.after, road.start.gap, draft.roads))
        if not ready:
            for name in waiting:
                message = f"{name} begins behind a road that begins behind {name}, in a circle"
                draft.problems.append((("roads", name, "start", "after"), message))
            return


def _origin(end: str) -> str:
    return end.rsplit(".", 1)[0]


def _is_ready(after: str | None, draft: Draft, broken: set[str], spec: MapSpec) -> bool:
    return (
        after is None or _origin(after) in draft.roads or _origin(after) in broken or _origin(after) not in spec.roads
    )


def _start(after: str | None, gap: float, roads: Mapping[str, Road]) -> Pose | None:
    if after is None:
        return None
    x, y, heading = arm_named(after, roads).inbound(0.0, gap)
    return x, y, wrapped(heading)


# --- roundabouts -----------------------------------------------------------------------------------------------------


def _build_roundabout(draft: Draft, name: str, junction: JunctionSpec, setting: Setting) -> None:
    spec, at = junction.roundabout, ("junctions", name, "roundabout")
    if spec is None:
        return
    unknown = [(k, _origin(end)) for k, end in enumerate(spec.connect) if _origin(end) not in draft.known]
    for number, road in unknown:
        message = f"{road} is not a road of this map{meant(road, draft.known)}"
        draft.problems.append(((*at, "connect", number), message))
    if unknown or any(_origin(end) not in draft.roads for end in spec.connect):
        return
    arms = [arm_named(end, draft.roads) for end in spec.connect]
    problems = roundabout_problems(spec, arms)
    draft.problems += [((*at, *path), message) for path, message in problems]
    if not problems:
        roads, junctions = roundabout(name, spec, arms, setting)
        if not junction.crosswalks:
            junctions = {key: one.model_copy(update={"crosswalks": False}) for key, one in junctions.items()}
        draft.written.update(dict.fromkeys((*roads, *junctions), at))
        draft.roads.update(roads)
        draft.junctions.update(junctions)


# --- joints ----------------------------------------------------------------------------------------------------------

_NEAR = 0.01
"""Ends that meet are no farther apart [m]."""
_KINK = 0.02
"""Nor is the turn between them larger [rad]."""


def _join(draft: Draft, spec: MapSpec) -> None:
    pairs: list[tuple[Path, str, str]] = [
        (("roads", name, "start", "after"), road.start.after, f"{name}.start")
        for name, road in spec.roads.items()
        if road.start.after is not None and road.start.gap == 0.0
    ]
    pairs += [(("joints", number), first, second) for number, (first, second) in enumerate(spec.joints)]
    for path, first, second in pairs:
        strangers = [_origin(end) for end in (first, second) if _origin(end) not in draft.known]
        if strangers:
            if path[0] == "joints":
                message = f"{strangers[0]} is not a road of this map{meant(strangers[0], draft.known)}"
                draft.problems.append((path, message))
        elif all(_origin(end) in draft.roads for end in (first, second)):
            message = _apart(arm_named(first, draft.roads), arm_named(second, draft.roads))
            if message:
                draft.problems.append((path, message))
            else:
                draft.joints.append((first, second))


def _apart(one: Arm, other: Arm) -> str:
    """Why two ends do not meet, or nothing."""
    here, there = one.inbound(0.0), other.outbound(0.0)
    gap, turn = math.hypot(here[0] - there[0], here[1] - there[1]), abs(wrapped(here[2] - there[2]))
    pair = f"{one.name} and {other.name} do not meet"
    if gap > _NEAR:
        return f"{pair}: they are {gap:.3g} m apart"
    if turn > _KINK:
        return f"{pair}: there is a bend of {math.degrees(turn):.3g} degrees between them"
    rise = float(other.road.height(other.s(0.0), 0.0) - one.road.height(one.s(0.0), 0.0))
    if abs(rise) > _NEAR:
        return f"{pair}: {other.name} lies {abs(rise):.3g} m {'higher' if rise > 0 else 'lower'}"
    return ""


def joined(roads: Mapping[str, Road], joints: list[tuple[str, str]]) -> dict[str, Road]:
    """The roads with links from lane to lane where they meet: from the middle outwards, each to one of its type."""
    linked = dict(roads)
    for first, second in joints:
        one, other = arm_named(first, linked), arm_named(second, linked)
        pairs = _lane_pairs(one, other)
        for arm, partner, own in ((one, other, pairs), (other, one, [(b, a) for a, b in pairs])):
            linked[arm.road.name] = _linked_at(linked[arm.road.name], arm, partner, own)
    return linked


def _lane_pairs(one: Arm, other: Arm) -> list[tuple[int, int]]:
    kinds = {lane.type for lane in one.road.sections[one.section].lanes}
    pairs = []
    for kind in sorted(kinds):
        for entering in (True, False):
            mine, theirs = one.lanes(kind, entering=entering), other.lanes(kind, entering=not entering)
            pairs += [(a.id, b.id) for a, b in zip(mine, theirs, strict=False)]
    return pairs


def _linked_at(road: Road, arm: Arm, partner: Arm, pairs: list[tuple[int, int]]) -> Road:
    onward = dict(pairs)
    section = road.sections[arm.section]

    def one(lane_id: int) -> tuple[int, ...]:
        return (onward[lane_id],) if lane_id in onward else ()

    link = RoadLink("road", partner.road.name, partner.end)
    if arm.end == "end":
        lanes = tuple(replace(lane, successors=one(lane.id)) for lane in section.lanes)
        changed = replace(road, successor=link)
    else:
        lanes = tuple(replace(lane, predecessors=one(lane.id)) for lane in section.lanes)
        changed = replace(road, predecessor=link)
    sections = list(road.sections)
    sections[arm.section] = replace(section, lanes=lanes)
    return replace(changed, sections=tuple(sections))
