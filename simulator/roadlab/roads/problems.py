"""What is wrong with a map or a position, said so that an author can mend it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from roadlab.roads.authored.drafting import Draft, arms_among, drafted, ends_of
from roadlab.roads.authored.overlap_problems import overlap_problems
from roadlab.roads.authored.road_problems import Path, Problem, meant
from roadlab.roads.connecting import connecting_curve, wrapped
from roadlab.roads.junction import Arm
from roadlab.roads.junction_lanes import lane_pairs
from roadlab.roads.road import Road
from roadlab.scenario.spec import (
    CrosswalkSpec,
    JunctionSpec,
    LanePosition,
    MapSpec,
    Position,
    WorldPosition,
)

WIDEST_JUNCTION = 80.0
TIGHTEST = 0.4
"""Curvature that no vehicle could follow [1/m]."""


def position_problems(roads: Mapping[str, Road], position: Position) -> list[tuple[str, str]]:
    """See `RoadNetwork.problems_of`."""
    if isinstance(position, WorldPosition):
        return []
    if position.road not in roads:
        return [("road", f"{position.road} is not a road of this map{meant(position.road, roads)}")]
    road = roads[position.road]
    found = []
    if isinstance(position, LanePosition) and position.lane not in road.lane_ids:
        lanes = ", ".join(str(lane) for lane in road.lane_ids)
        found.append(("lane", f"lane {position.lane} does not exist on {road.name}; it has {lanes}"))
    elif isinstance(position, LanePosition):
        there = road.sections[int(road.section_at(position.s))].lane_ids
        if position.lane not in there:
            lanes = ", ".join(str(lane) for lane in there)
            message = (
                f"lane {position.lane} of {road.name} does not exist at s = {position.s:g} m; there it has {lanes}"
            )
            found.append(("lane", message))
    if position.s < 0.0:
        found.append(("s", f"s = {position.s:g} m is before the start of {road.name}"))
    elif position.s > road.length:
        found.append(("s", f"s = {position.s:g} m is beyond the end of {road.name} ({road.length:g} m)"))
    return found


def map_problems(spec: MapSpec) -> list[Problem]:
    """Every problem of a map with its path in the document, from `roads`, `junctions` or `crosswalks` on."""
    if spec.file is not None or spec.opendrive is not None:
        return []
    draft = drafted(spec)
    found = [*draft.problems, *overlap_problems(draft, spec)]
    used: dict[str, str] = {}
    for name, junction in draft.junctions.items():
        at = draft.written.get(name, ("junctions", name))
        own = _junction_problems(name, junction, draft, used) if at != ("town",) else []
        found += [((*at, *path) if name not in draft.written else at, message) for path, message in own]
    for number, crosswalk in enumerate(spec.crosswalks):
        own = _crosswalk_problems(crosswalk, draft)
        found += [(("crosswalks", number, *path), message) for path, message in own]
    return found


# --- junctions -------------------------------------------------------------------------------------------------------


def _junction_problems(name: str, junction: JunctionSpec, draft: Draft, used: dict[str, str]) -> list[Problem]:
    found: list[Problem] = []
    ends = ends_of(junction)
    for path, end in ends:
        road = end.rsplit(".", 1)[0]
        if road not in draft.known and road not in draft.roads:
            found.append((path, f"{road} is not a road of this map{meant(road, draft.known)}"))
        elif end in used:
            found.append((path, f"{end} is already connected in {used[end]}"))
        used.setdefault(end, name)
    names = [end for _, end in ends]
    roads = [end.rsplit(".", 1)[0] for end in names]
    first = junction.signals.first if junction.signals else None
    if first is not None and first not in roads:
        found.append((("signals", "first"), f"{first} is not a road of this junction"))
    for number, road in enumerate(junction.priority):
        if road not in roads:
            found.append((("priority", number), f"{road} is not a road of this junction{meant(road, roads)}"))
    found += _arm_problems(junction, names)
    if found or any(road not in draft.roads for road in roads):
        return found
    arms = arms_among(junction, draft.roads)
    return [*_lane_problems(junction, arms), *_shape_problems(junction, arms, [path for path, _ in ends])]


def _arm_problems(junction: JunctionSpec, ends: list[str]) -> list[Problem]:
    """Arms that overrides name and the junction does not have."""
    named: list[tuple[Path, str]] = [(("turns", k, "arm"), one.arm) for k, one in enumerate(junction.turns)]
    named += [(("stop_lines", k, "arm"), one.arm) for k, one in enumerate(junction.stop_lines)]
    named += [(("crosswalk_arms", k), end) for k, end in enumerate(junction.crosswalk_arms or ())]
    stages = junction.signals.stages if junction.signals else None
    named += [(("signals", "stages", k, m), end) for k, stage in enumerate(stages or ()) for m, end in enumerate(stage)]
    found = [
        (path, f"{end} is not an arm of this junction{meant(end, ends)}") for path, end in named if end not in ends
    ]
    if stages is not None:
        told = [end for stage in stages for end in stage]
        found += [(("signals", "stages"), f"{end} is never green") for end in ends if end not in told]
        found += [(("signals", "stages"), f"{end} is in two stages") for end in ends if told.count(end) > 1]
    greens = junction.signals.greens if junction.signals else None
    if greens is not None and (stages is None or len(stages) != len(greens)):
        count = "stages" if stages is None else f"{len(stages)} stages"
        found.append((("signals", "greens"), f"{len(greens)} greens need as many {count}"))
    return found


def _lane_problems(junction: JunctionSpec, arms: list[Arm]) -> list[Problem]:
    found: list[Problem] = []
    of = {arm.name: arm for arm in arms}
    for number, one in enumerate(junction.turns):
        lanes = [lane.id for lane in of[one.arm].lanes("driving", entering=True)]
        if one.lane not in lanes:
            known = ", ".join(str(lane) for lane in lanes) or "none"
            message = (
                f"lane {one.lane} of {one.arm} does not lead into the junction as a driving lane; those are: {known}"
            )
            found.append((("turns", number, "lane"), message))
    for number, line in enumerate(junction.stop_lines):
        if line.before > of[line.arm].road.length:
            found.append((("stop_lines", number, "before"), f"{of[line.arm].road.name} is shorter than that"))
    ramp = junction.entry or junction.exit
    if ramp is not None:
        kind = "entry" if junction.entry is not None else "exit"
        for key, entering in (("main", True), ("onto", False), ("ramp", kind == "entry")):
            arm = of[getattr(ramp, key)]
            if not arm.lanes("driving", entering=entering):
                way = "into" if entering else "out of"
                found.append(((kind, key), f"{arm.name} has no driving lane that leads {way} the junction"))
    return found


def _shape_problems(junction: JunctionSpec, arms: list[Arm], paths: list[Path]) -> list[Problem]:
    poses = np.array([arm.inbound(0.0) for arm in arms])
    gaps = np.hypot(*(poses[:, None, :2] - poses[None, :, :2]).transpose(2, 0, 1))
    i, j = np.unravel_index(int(np.argmax(gaps)), gaps.shape)
    if gaps[i, j] > WIDEST_JUNCTION:
        pair = f"{arms[i].name} and {arms[j].name}"
        message = f"{pair} are {gaps[i, j]:.0f} m apart; a junction spans {WIDEST_JUNCTION:g} m at most"
        return [(paths[int(j)], message)]
    middle = poses[:, :2].mean(axis=0)
    found: list[Problem] = []
    for path, arm, (x, y, heading) in zip(paths, arms, poses, strict=True):
        bearing = math.atan2(middle[1] - y, middle[0] - x)
        if abs(wrapped(bearing - heading)) > math.radians(80.0):
            found.append((path, f"{arm.name} points away from the other road ends of the junction"))
    return found or _path_problems(junction, arms, paths)


def _path_problems(junction: JunctionSpec, arms: list[Arm], paths: list[Path]) -> list[Problem]:
    """Pairs of arms between which there is no path that a vehicle could follow."""
    found: list[Problem] = []
    for path, arm in zip(paths, arms, strict=True):
        for other in arms:
            if other is not arm and not _passable(junction, arm, other):
                found.append((path, f"{arm.name} and {other.name} are too close or too skew to connect"))
    return found


def _passable(junction: JunctionSpec, origin: Arm, target: Arm) -> bool:
    for entry, leave in lane_pairs(junction, origin, target):
        start, end = origin.inbound(origin.aside(entry.id)), target.outbound(target.aside(leave.id))
        curve = connecting_curve(start, end, 8.0, easing=0.3)
        if curve is None or max(p.sharpest for p in curve.pieces) > TIGHTEST:
            return False
    return True


def _crosswalk_problems(crosswalk: CrosswalkSpec, draft: Draft) -> list[Problem]:
    name = crosswalk.road
    if name not in draft.known:
        return [(("road",), f"{name} is not a road of this map{meant(name, draft.known)}")]
    if name not in draft.roads:
        return []
    length, reach = draft.roads[name].length, crosswalk.width / 2
    if reach <= crosswalk.s <= length - reach:
        return []
    place = f"a crosswalk {crosswalk.width:g} m wide at s = {crosswalk.s:g} m"
    return [(("s",), f"{place} does not lie within {name} (0 to {length:g} m)")]
