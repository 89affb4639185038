"""One road from its specification."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from roadlab.roads.authored.additions import ExtraLane, extended
from roadlab.roads.authored.clothoids import line_through
from roadlab.roads.authored.cross_sections import mirrored, monotone, natural, profile_of, surfaced
from roadlab.roads.authored.furnishing import objects_of
from roadlab.roads.authored.layout import Layout, layout_of, sections_of
from roadlab.roads.cubics import ZERO, Cubics
from roadlab.roads.profiles import PROFILES, ROAD_KINDS, Profile
from roadlab.roads.reference_line import Pose, ReferenceLine
from roadlab.roads.relief import FLAT, Relief
from roadlab.roads.road import Road, piece_of
from roadlab.scenario.spec import RoadSpec


@dataclass(frozen=True)
class Setting:
    """What holds for all roads of a map."""

    profiles: Mapping[str, Profile] = field(default_factory=lambda: PROFILES)
    left_hand: bool = False
    country: str = "none"
    extra: Mapping[str, tuple[ExtraLane, ...]] = field(default_factory=dict)
    """By road: the lanes beside the mouths of ramps."""


def build_road(name: str, spec: RoadSpec, setting: Setting, start: Pose | None = None) -> Road:
    """The road of a specification without problems; `start` replaces its own."""
    line = line_of(spec, start)
    layout = extended(base_layout(spec, setting), spec, line.length, setting.extra.get(name, ()), setting.country)
    offset = monotone([(at.s, at.t) for at in spec.lane_offset]) if spec.lane_offset else ZERO
    one_way = cross_sections(spec, setting)[0][1].one_way

    def runs_along(lane: int) -> bool:
        return one_way or (lane < 0) is not setting.left_hand

    kind = ROAD_KINDS.get(spec.profile or "", "town")
    return Road(
        name,
        line,
        sections_of(layout, line.length),
        spec.speed_limit,
        one_way=one_way,
        lane_offset=offset,
        relief=relief_of(spec),
        left_hand=setting.left_hand,
        limits=_limits(spec, runs_along),
        objects=objects_of(spec, layout, line.length, offset, runs_along),
        kinds=((0.0, kind),),
    )


def cross_sections(spec: RoadSpec, setting: Setting) -> list[tuple[float, Profile, float]]:
    """(s, cross-section, taper) from s = 0 on."""
    if spec.sections is not None:
        found = [
            (section.s, setting.profiles[section.profile or ""] if section.lanes is None else profile_of(section.lanes),
             section.taper)
            for section in sorted(spec.sections, key=lambda section: section.s)
        ]  # fmt: skip
        found[0] = (0.0, found[0][1], 0.0)
    elif spec.lanes is not None:
        found = [(0.0, profile_of(spec.lanes), 0.0)]
    else:
        found = [(0.0, setting.profiles[spec.profile or ""], 0.0)]
    sided = [(s, mirrored(one) if setting.left_hand and spec.lanes is None else one, taper) for s, one, taper in found]
    return [(s, surfaced(profile, spec.surface), taper) for s, profile, taper in sided]


def base_layout(spec: RoadSpec, setting: Setting) -> Layout:
    """Without what is added to it."""
    return layout_of(cross_sections(spec, setting))


def line_of(spec: RoadSpec, start: Pose | None = None) -> ReferenceLine:
    """The reference line; ValueError when no clothoids lead through the points."""
    if spec.points is not None:
        return line_through(spec.points)
    pose = start or (spec.start.x, spec.start.y, spec.start.heading)
    return ReferenceLine(tuple(piece_of(piece) for piece in spec.path), *pose)


def relief_of(spec: RoadSpec) -> Relief:
    """Heights and tilts through the points that are given."""
    elevation: Cubics = natural([(at.s, at.z) for at in spec.elevation]) if spec.elevation else ZERO
    tilt = monotone([(at.s, at.angle) for at in spec.superelevation]) if spec.superelevation else ZERO
    return FLAT if elevation.is_zero and tilt.is_zero else Relief(elevation, tilt)


def _limits(spec: RoadSpec, runs_along: Callable[[int], bool]) -> tuple[tuple[float, float], ...]:
    """Where speed limits change; behind a work zone the one before it holds again."""
    own = sorted((at.s, at.speed) for at in spec.speed_limits)
    found = dict(own)
    for zone in spec.work_zones:
        if zone.speed_limit is not None:
            before, behind = (zone.taper, 0.0) if runs_along(zone.lanes[0]) else (0.0, zone.taper)
            low, high = max(zone.s - before, 0.0), zone.s + zone.length + behind
            usual = [speed for s, speed in own if s <= high]
            found = {s: speed for s, speed in found.items() if not low <= s < high}
            found[low] = zone.speed_limit
            found[high] = usual[-1] if usual else spec.speed_limit
    return tuple(sorted(found.items()))
