"""Cross-sections that an author spells out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from roadlab.roads.cubics import Cubics, Floats
from roadlab.roads.lanes import ROAD_LEVEL, Lane, Surface
from roadlab.roads.marks import RoadMark
from roadlab.roads.profiles import KERB_HEIGHT, PROFILES, Profile
from roadlab.scenario.spec import CrossSectionSpec, LaneSpec
from roadlab.scenario.spec.lanes import MarkKind, MarkPaint

SURFACES: Mapping[str, Surface] = {
    "asphalt": Surface(0.0, "asphalt"),
    "concrete": Surface(0.0, "concrete", 0.8, 0.01),
    "paving": Surface(0.0, "paving", 0.7, 0.03),
    "cobble": Surface(0.0, "cobble", 0.6, 0.05),
    "gravel": Surface(0.0, "gravel", 0.6, 0.06),
    "grass": Surface(0.0, "grass", 0.4, 0.08),
    "soil": Surface(0.0, "soil", 0.68, 0.08),
}
"""Friction of dry asphalt, concrete, gravel and earth roads: J. Y. Wong, Theory of Ground Vehicles, 4th ed., ch. 1."""


def profile_of(spec: CrossSectionSpec) -> Profile:
    """The cross-section of a specification without problems."""
    right = [_lane(-number, lane) for number, lane in enumerate(spec.right, 1)]
    left = [_lane(number, lane) for number, lane in enumerate(spec.left, 1)]
    return Profile((*reversed(right), *left), _mark(spec.center, 0.12, spec.center_color), spec.one_way)


def profiles_of(own: Mapping[str, CrossSectionSpec]) -> dict[str, Profile]:
    """All cross-sections that roads can name: those of a map after those of the language."""
    return {**PROFILES, **{name: profile_of(spec) for name, spec in own.items()}}


def mirrored(profile: Profile) -> Profile:
    """The cross-section for traffic on the other side, where it is a matter of the side: on one-way roads."""
    if not profile.one_way:
        return profile
    lanes = tuple(replace(lane, id=-lane.id) for lane in reversed(profile.lanes))
    return replace(profile, lanes=lanes)


def surfaced(profile: Profile, kind: str) -> Profile:
    """The cross-section with its carriageway made of something else than asphalt."""
    if kind == "asphalt":
        return profile
    return replace(
        profile,
        lanes=tuple(
            replace(lane, surfaces=(SURFACES[kind],)) if lane.type in ROAD_LEVEL and not lane.surfaces else lane
            for lane in profile.lanes
        ),
    )


def _lane(number: int, spec: LaneSpec) -> Lane:
    kerb = spec.kerb if spec.kerb is not None else KERB_HEIGHT if spec.type == "sidewalk" else 0.0
    mark = _mark(spec.mark, spec.mark_width, spec.mark_color)
    return Lane(
        number,
        spec.type,
        widths_of(spec),
        () if mark.type == "none" else (mark,),
        kerb,
        limits=() if spec.speed_limit is None else ((0.0, spec.speed_limit),),
        surfaces=() if spec.surface is None else (SURFACES[spec.surface],),
    )


def widths_of(spec: LaneSpec) -> Cubics:
    """A lane's width over s."""
    if spec.widths is None:
        return Cubics.constant(spec.width or 0.0)
    return monotone([(at.s, at.width) for at in spec.widths])


def _mark(kind: MarkKind, width: float, color: MarkPaint) -> RoadMark:
    dashes = (3.0, 6.0) if "broken" in kind else (0.0, 0.0)
    return RoadMark(kind, width, color, *dashes)


# --- through points --------------------------------------------------------------------------------------------------


def monotone(points: Sequence[tuple[float, float]]) -> Cubics:
    """Cubics through (s, value) that neither overshoot nor jump in slope (Fritsch and Carlson); constant outside."""
    from scipy.interpolate import PchipInterpolator  # slow to import, and few scenarios need it

    s, values = _columns(points)
    if len(s) == 1:
        return Cubics.constant(float(values[0]))
    records = PchipInterpolator(s, values).c[::-1].T
    return Cubics(s, np.vstack([records, [values[-1], 0.0, 0.0, 0.0]]))


def natural(points: Sequence[tuple[float, float]]) -> Cubics:
    """Cubics through (s, value) without a jump of curvature, which is 0 at both ends; straight on outside."""
    from scipy.interpolate import CubicSpline  # slow to import, and few scenarios need it

    s, values = _columns(points)
    if len(s) == 1:
        return Cubics.constant(float(values[0]))
    spline = CubicSpline(s, values, bc_type="natural")
    first, last = (float(spline(at, 1)) for at in (s[0], s[-1]))
    starts, rows = s.tolist(), [*spline.c[::-1].T.tolist(), [float(values[-1]), last, 0.0, 0.0]]
    if s[0] > 0.0:
        starts, rows = [0.0, *starts], [[float(values[0]) - first * float(s[0]), first, 0.0, 0.0], *rows]
    return Cubics(np.array(starts), np.array(rows))


def _columns(points: Sequence[tuple[float, float]]) -> tuple[Floats, Floats]:
    s, values = np.array(sorted(points), dtype=np.float64).T
    return s, values
