"""What is wrong with one road of an author, said so that it can be mended."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from roadlab.roads.authored.additions import BAY_TAPER, closed_columns, extended
from roadlab.roads.authored.building import Setting, base_layout, build_road, line_of
from roadlab.roads.authored.layout import Layout
from roadlab.roads.profiles import Profile
from roadlab.roads.reference_line import Piece
from roadlab.roads.road import Road, piece_of
from roadlab.scenario.spec import CrossSectionSpec, RoadSpec

Path = tuple[str | int, ...]
Problem = tuple[Path, str]

LONGEST_ROAD = 100_000.0
_THINNEST = 1e-6


def meant(word: str, known: Iterable[str]) -> str:
    """A hint such as `; did you mean elm_street?`, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def cross_section_problems(name: str, spec: CrossSectionSpec) -> Iterator[Problem]:
    """Lanes of a cross-section that have no width; `name` is that of the road or profile."""
    for side, sign in (("right", -1), ("left", 1)):
        for number, lane in enumerate(getattr(spec, side)):
            lane_id = sign * (number + 1)
            if lane.width is not None and lane.width <= 0.0:
                message = f"lane {lane_id} of {name} is {lane.width:g} m wide; a lane's width is more than 0"
                yield (side, number, "width"), message
            starts = [at.s for at in lane.widths or ()]
            for place, at in enumerate(lane.widths or ()):
                where: Path = (side, number, "widths", place)
                if at.width < 0.0:
                    message = f"lane {lane_id} of {name} is {at.width:g} m wide at s = {at.s:g} m; at least 0"
                    yield (*where, "width"), message
                if at.s in starts[:place]:
                    yield (*where, "s"), f"lane {lane_id} of {name} has two widths at s = {at.s:g} m"
            if lane.widths is not None and max(at.width for at in lane.widths) <= 0.0:
                yield (side, number, "widths"), f"lane {lane_id} of {name} is nowhere wider than 0"


def road_problems(name: str, spec: RoadSpec, setting: Setting) -> list[Problem]:
    """All of a road; those of its cross-sections first, since the others build on them."""
    found = [*_profile_problems(name, spec, setting.profiles), *_arc_problems(spec)]
    if found:
        return found
    try:
        length = line_of(spec).length
    except ValueError as error:
        return [(("points",), f"{error}, on {name}")]
    if length > LONGEST_ROAD:
        return [(("points" if spec.points else "path",), f"a road may be {LONGEST_ROAD / 1000:g} km long at most")]
    found += [*_order_problems(spec), *_place_problems(name, spec, setting, length)]
    return found or _shape_problems(name, spec, build_road(name, spec, setting))


def _profile_problems(name: str, spec: RoadSpec, profiles: Mapping[str, Profile]) -> Iterator[Problem]:
    parts: list[tuple[Path, str | None, CrossSectionSpec | None]] = [((), spec.profile, spec.lanes)]
    parts += [(("sections", k), section.profile, section.lanes) for k, section in enumerate(spec.sections or ())]
    for path, profile, lanes in parts:
        if profile is not None and profile not in profiles:
            hint = meant(profile, profiles) or f"; there are {', '.join(profiles)}"
            yield (*path, "profile"), f"{profile} is not a known profile{hint}"
        if lanes is not None:
            for inner, message in cross_section_problems(name, lanes):
                yield (*path, "lanes", *inner), message


def _arc_problems(spec: RoadSpec) -> Iterator[Problem]:
    for number, piece in enumerate(spec.path):
        if piece.arc is not None and piece.arc.radius == 0.0:
            message = "an arc's radius cannot be 0; positive turns left, negative right"
            yield ("path", number, "arc", "radius"), message


def _order_problems(spec: RoadSpec) -> Iterator[Problem]:
    lists: dict[str, list[Any]] = {
        key: getattr(spec, key) or []
        for key in ("sections", "elevation", "superelevation", "lane_offset", "speed_limits")
    }
    for key, entries in lists.items():
        for number, (before, entry) in enumerate(pairwise(entries), 1):
            if entry.s <= before.s:
                yield (key, number, "s"), f"s = {entry.s:g} m does not come after {before.s:g} m"
    if spec.sections and spec.sections[0].s != 0.0:
        yield ("sections", 0, "s"), f"the first cross-section begins at s = 0, not {spec.sections[0].s:g} m"


def _place_problems(name: str, spec: RoadSpec, setting: Setting, length: float) -> Iterator[Problem]:
    """What does not lie within the road, or on lanes that it has."""
    bays = [(bay.s - BAY_TAPER[bay.type], bay.s + bay.length + BAY_TAPER[bay.type]) for bay in spec.bays]
    ranges: dict[str, list[tuple[float, float]]] = {
        "sections": [(section.s, section.s) for section in spec.sections or ()],
        "speed_limits": [(at.s, at.s) for at in spec.speed_limits],
        "signs": [(sign.s, sign.s) for sign in spec.signs],
        "bays": bays,
        "islands": [
            (one.s - 0.5 * one.length - one.taper, one.s + 0.5 * one.length + one.taper) for one in spec.islands
        ],
        "bumps": [(bump.s - 0.5 * bump.length, bump.s + 0.5 * bump.length) for bump in spec.bumps],
        "work_zones": [(zone.s, zone.s + zone.length) for zone in spec.work_zones],
    }
    for key, places in ranges.items():
        for number, (low, high) in enumerate(places):
            if low < 0.0 or high > length:
                reach = f"from s = {low:g} m to {high:g} m" if high > low else f"at s = {low:g} m"
                yield (key, number, "s"), f"{reach} does not lie within {name} (0 to {length:g} m)"
    yield from _meeting(spec, bays)
    for extra in setting.extra.get(name, ()):
        if extra.length + extra.taper > length:
            need = extra.length + extra.taper
            yield (), f"{name} is {length:g} m long, too short for the ramp's lane and its taper of {need:g} m in all"
    layout = base_layout(spec, setting)
    one_way = any(stage.left and stage.right for stage in layout)
    for number in range(len(spec.islands)):
        if not one_way:
            yield ("islands", number), f"{name} has lanes on one side only; an island needs both"
    yield from _closure_problems(name, spec, layout, length)


def _meeting(spec: RoadSpec, bays: list[tuple[float, float]]) -> Iterator[Problem]:
    for number, bay in enumerate(spec.bays):
        for other in range(number):
            if (
                spec.bays[other].side == bay.side
                and min(bays[number][1], bays[other][1]) - max(bays[number][0], bays[other][0]) > -0.2
            ):
                yield ("bays", number, "s"), f"this bay runs into another one, from s = {spec.bays[other].s:g} m on"


def _closure_problems(name: str, spec: RoadSpec, layout: Layout, length: float) -> Iterator[Problem]:
    whole = extended(layout, spec.model_copy(update={"work_zones": []}), length, (), "none")
    for number, zone in enumerate(spec.work_zones):
        stage = [stage for stage in whole if stage.s <= max(zone.s, 0.0)][-1]
        ids = [stage.lane_id(column) for column in stage.names]
        for place, lane in enumerate(zone.lanes):
            if lane not in ids:
                lanes = ", ".join(str(one) for one in sorted(ids))
                message = f"lane {lane} does not exist on {name} at s = {zone.s:g} m; there it has {lanes}"
                yield ("work_zones", number, "lanes", place), message
        if len(closed_columns(whole, zone)) > len(set(zone.lanes)):
            yield ("work_zones", number, "lanes"), "a lane is named twice"
        if len({lane > 0 for lane in zone.lanes}) > 1:
            yield ("work_zones", number, "lanes"), "a work zone closes lanes of one side; write one for each side"


def _shape_problems(name: str, spec: RoadSpec, road: Road) -> list[Problem]:
    """Bends that are too tight for the cross-section."""
    found: list[Problem] = []
    line = road.reference_line
    pieces = [piece for piece in line.pieces if isinstance(piece, Piece)]
    for number, (start, piece) in enumerate(zip(line.offsets, pieces, strict=True)):
        s = np.linspace(start, start + piece.length, 9)
        edges = road.cross_sections.edges_at(np.clip(s, 0.0, road.length))
        edges = np.where(np.isfinite(edges), edges, 0.0)
        bend = np.linspace(piece.start, piece.end, len(s))  # of authored pieces it is linear
        reach = np.where(bend > 0.0, edges.max(axis=1), -edges.min(axis=1))
        worst = int(np.argmax(np.abs(bend) * reach))
        if abs(bend[worst]) * reach[worst] >= 1.0:
            what = spec.profile or "the cross-section"
            message = (
                f"a radius of {1.0 / abs(bend[worst]):g} m is too tight: {what} reaches {reach[worst]:g} m to that side"
            )
            found.append((_piece_path(spec, number), message if spec.points is None else f"{message}, on {name}"))
    return found


def _piece_path(spec: RoadSpec, number: int) -> Path:
    if spec.points is not None:
        return "points", number
    arc = piece_of(spec.path[number]).start == piece_of(spec.path[number]).end
    return ("path", number, "arc", "radius") if arc else ("path", number, "clothoid", "curvature")
