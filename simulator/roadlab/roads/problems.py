"""What is wrong with a map or a position, said so that an author can mend it."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping

import numpy as np
import shapely

from roadlab.roads.connecting import connecting_curve, wrapped
from roadlab.roads.junction import Arm, arms_of
from roadlab.roads.profiles import PROFILES
from roadlab.roads.road import Road, build_road, piece_of
from roadlab.scenario.spec import (
    CrosswalkSpec,
    JunctionSpec,
    LanePosition,
    MapSpec,
    PathPiece,
    Position,
    RoadSpec,
    WorldPosition,
)

Path = tuple[str | int, ...]
Problem = tuple[Path, str]

LONGEST_ROAD = 100_000.0
WIDEST_JUNCTION = 80.0
LARGEST_OVERLAP = 0.5
"""Of two carriageways [m²]."""
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
    found: list[Problem] = []
    sound: dict[str, Road] = {}
    for name, road in spec.roads.items():
        own = _road_problems(road)
        found += [(("roads", name, *path), message) for path, message in own]
        if not own:
            sound[name] = build_road(name, road)
    found += _overlaps(sound)
    used: dict[str, str] = {}
    for name, junction in spec.junctions.items():
        own = _junction_problems(name, junction, spec.roads, sound, used)
        found += [(("junctions", name, *path), message) for path, message in own]
    for number, crosswalk in enumerate(spec.crosswalks):
        own = _crosswalk_problems(crosswalk, spec.roads, sound)
        found += [(("crosswalks", number, *path), message) for path, message in own]
    return found


def meant(word: str, known: Iterable[str]) -> str:
    """A hint such as `; did you mean elm_street?`, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


# --- roads -----------------------------------------------------------------------------------------------------------


def _road_problems(road: RoadSpec) -> list[Problem]:
    found: list[Problem] = []
    if road.profile not in PROFILES:
        hint = meant(road.profile, PROFILES) or f"; there are {', '.join(PROFILES)}"
        found.append((("profile",), f"{road.profile} is not a known profile{hint}"))
    for number, piece in enumerate(road.path):
        found += [(("path", number, *path), message) for path, message in _piece_problems(piece, road.profile)]
    if not found and sum(piece_of(piece).length for piece in road.path) > LONGEST_ROAD:
        found.append((("path",), f"a road may be {LONGEST_ROAD / 1000:g} km long at most"))
    return found


def _piece_problems(piece: PathPiece, profile: str) -> list[Problem]:
    if piece.arc is not None and piece.arc.radius == 0.0:
        return [(("arc", "radius"), "an arc's radius cannot be 0; positive turns left, negative right")]
    if profile not in PROFILES:
        return []
    shape = piece_of(piece)
    for curvature in (shape.start, shape.end):
        reach = _reach(profile, curvature)
        if abs(curvature) * reach >= 1.0:
            where = ("arc", "radius") if piece.arc is not None else ("clothoid", "curvature")
            return [
                (
                    where,
                    f"a radius of {1.0 / abs(curvature):g} m is too tight: {profile} reaches {reach:g} m to that side",
                )
            ]
    return []


def _reach(profile: str, curvature: float) -> float:
    """Width of the cross-section on the inside of the bend [m]."""
    side = 1 if curvature > 0.0 else -1
    return sum(lane.width for lane in PROFILES[profile].lanes if lane.id * side > 0)


def _overlaps(roads: Mapping[str, Road]) -> list[Problem]:
    """Roads that run over themselves or, beyond grazing where they meet, over an earlier one."""
    strips = {name: road.patch((0.0, road.length), road.carriageway) for name, road in roads.items()}
    found: list[Problem] = [
        (("roads", name, "path"), f"{name} runs over itself") for name, strip in strips.items() if not strip.is_valid
    ]
    names = [name for name, strip in strips.items() if strip.is_valid]
    areas = np.array([strips[name] for name in names], dtype=object)
    for later, earlier in shapely.STRtree(areas).query(areas).T:
        if earlier < later and shapely.intersection(areas[later], areas[earlier]).area > LARGEST_OVERLAP:
            message = f"{names[later]} runs over {names[earlier]}; roads meet in junctions only"
            found.append((("roads", names[later]), message))
    return found


# --- junctions -------------------------------------------------------------------------------------------------------


def _junction_problems(
    name: str, junction: JunctionSpec, roads: Mapping[str, RoadSpec], sound: Mapping[str, Road], used: dict[str, str]
) -> list[Problem]:
    found: list[Problem] = []
    for number, end in enumerate(junction.connect):
        road = end.rsplit(".", 1)[0]
        if road not in roads:
            found.append((("connect", number), f"{road} is not a road of this map{meant(road, roads)}"))
        elif end in used:
            found.append((("connect", number), f"{end} is already connected in {used[end]}"))
        used.setdefault(end, name)
    first = junction.signals.first if junction.signals else None
    if first is not None and first not in [end.rsplit(".", 1)[0] for end in junction.connect]:
        found.append((("signals", "first"), f"{first} is not a road of this junction"))
    if found or any(end.rsplit(".", 1)[0] not in sound for end in junction.connect):
        return found
    return _shape_problems(arms_of(junction, sound))


def _shape_problems(arms: list[Arm]) -> list[Problem]:
    poses = np.array([arm.inbound(0.0) for arm in arms])
    gaps = np.hypot(*(poses[:, None, :2] - poses[None, :, :2]).transpose(2, 0, 1))
    i, j = np.unravel_index(int(np.argmax(gaps)), gaps.shape)
    if gaps[i, j] > WIDEST_JUNCTION:
        pair = f"{arms[i].name} and {arms[j].name}"
        message = f"{pair} are {gaps[i, j]:.0f} m apart; a junction spans {WIDEST_JUNCTION:g} m at most"
        return [(("connect", int(j)), message)]
    middle = poses[:, :2].mean(axis=0)
    found: list[Problem] = []
    for number, (arm, (x, y, heading)) in enumerate(zip(arms, poses, strict=True)):
        bearing = math.atan2(middle[1] - y, middle[0] - x)
        if abs(wrapped(bearing - heading)) > math.radians(80.0):
            found.append((("connect", number), f"{arm.name} points away from the other road ends of the junction"))
    return found or _path_problems(arms)


def _path_problems(arms: list[Arm]) -> list[Problem]:
    """Pairs of arms between which there is no path that a vehicle could follow."""
    found: list[Problem] = []
    for number, arm in enumerate(arms):
        for other in arms:
            if other is not arm and not _passable(arm, other):
                found.append((("connect", number), f"{arm.name} and {other.name} are too close or too skew to connect"))
    return found


def _passable(origin: Arm, target: Arm) -> bool:
    entries, leaves = origin.lanes("driving", entering=True), target.lanes("driving", entering=False)
    if not entries or not leaves:
        return True
    start, end = origin.inbound(origin.aside(entries[-1].id)), target.outbound(target.aside(leaves[-1].id))
    curve = connecting_curve(start, end, 8.0, easing=0.3)
    return curve is not None and max(p.sharpest for p in curve.pieces) <= TIGHTEST


def _crosswalk_problems(
    crosswalk: CrosswalkSpec, roads: Mapping[str, RoadSpec], sound: Mapping[str, Road]
) -> list[Problem]:
    name = crosswalk.road
    if name not in roads:
        return [(("road",), f"{name} is not a road of this map{meant(name, roads)}")]
    if name not in sound:
        return []
    length, reach = sound[name].length, crosswalk.width / 2
    if reach <= crosswalk.s <= length - reach:
        return []
    place = f"a crosswalk {crosswalk.width:g} m wide at s = {crosswalk.s:g} m"
    return [(("s",), f"{place} does not lie within {name} (0 to {length:g} m)")]
