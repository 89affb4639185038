"""A roundabout as a circle of one-way roads, with a junction for each arm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from roadlab.roads.authored.building import Setting
from roadlab.roads.authored.cross_sections import mirrored
from roadlab.roads.connecting import wrapped
from roadlab.roads.connections import Turn
from roadlab.roads.cubics import Cubics
from roadlab.roads.junction import Arm
from roadlab.roads.lanes import LaneSection
from roadlab.roads.profiles import PROFILES
from roadlab.roads.reference_line import Piece, ReferenceLine
from roadlab.roads.relief import FLAT, Relief
from roadlab.roads.road import Road
from roadlab.scenario.spec import JunctionSpec, RoundaboutSpec
from roadlab.scenario.spec.junctions import TurnsSpec

Problem = tuple[tuple[str | int, ...], str]

_SPEED = 30.0 / 3.6
_BESIDE = 4.0
"""From an arm's carriageway to where its mouth ends on the circle [m]."""
_KERB_RADIUS = 14.0
"""Of the corners between arms and circle [m], where there is room (Merkblatt für die Anlage von Kreisverkehren)."""
_SHARE = 0.4
"""Of the angle between two arms that the mouth of one takes at most."""
_SAME = 1e-6
"""Bearings that differ by no more are one [rad]."""
_NARROWEST = math.radians(35.0)
"""Between two arms."""
_ROOM = 3.0
"""From the circle to the arms' ends at least [m]."""
_FARTHEST = 60.0
_MOST_ASIDE = 0.5
"""By how much of the radius the middle may lie beside the line along which an arm points."""


@dataclass(frozen=True)
class _Circle:
    x: float
    y: float
    arms: tuple[Arm, ...]
    """Counter-clockwise from the first one that was named."""
    bearings: tuple[float, ...]
    """From the centre to where the arms meet the circle [rad], ascending."""


def roundabout(name: str, spec: RoundaboutSpec, arms: Sequence[Arm], setting: Setting) -> tuple[
    dict[str, Road], dict[str, JunctionSpec]
]:  # fmt: skip
    """The roads of the circle and the junctions that connect it with its arms, of a roundabout without problems."""
    circle = _circle(spec, arms)
    count = len(circle.arms)
    line = _middle_radius(spec)
    gaps = [
        (circle.bearings[(k + 1) % count] - circle.bearings[k]) % (2.0 * math.pi) or 2.0 * math.pi for k in range(count)
    ]
    mouths = []
    for k in range(count):
        free = _SHARE * min(gaps[k], gaps[k - 1])
        right, left = circle.arms[k].carriageway
        mouths.append(min(math.asin(min((0.5 * (left - right) + _BESIDE) / line, 0.95)), free))
    z = float(np.mean([arm.road.height(arm.s(0.0), 0.0) for arm in circle.arms]))
    roads = {}
    for k in range(count):
        low = circle.bearings[k] + mouths[k]
        high = circle.bearings[k] + gaps[k] - mouths[(k + 1) % count]
        roads[f"{name}/ring_{k + 1}"] = _ring(f"{name}/ring_{k + 1}", spec, circle, (low, high), z, setting)
    junctions = {}
    for k, arm in enumerate(circle.arms):
        behind, ahead = f"{name}/ring_{(k - 1) % count + 1}", f"{name}/ring_{k + 1}"
        if setting.left_hand:
            behind, ahead = ahead, behind
        junctions[f"{name}/{k + 1}"] = JunctionSpec.model_construct(
            connect=[f"{behind}.end", f"{ahead}.start", arm.name],
            turns=_turns(f"{behind}.end", spec.lanes, arm),
            control="yield",
            priority=[behind, ahead],
            crosswalks=True,
            crosswalk_arms=[arm.name],
            kerb_radius=_KERB_RADIUS,
        )
    return roads, junctions


def _ring(
    name: str, spec: RoundaboutSpec, circle: _Circle, turn: tuple[float, float], z: float, setting: Setting
) -> Road:
    radius = _middle_radius(spec)
    low, high = turn
    bend = 1.0 / radius
    if setting.left_hand:
        low, high, bend = high, low, -bend
    place = (circle.x + radius * math.cos(low), circle.y + radius * math.sin(low))
    heading = low + math.copysign(0.5 * math.pi, bend)
    length = abs(high - low) * radius
    profile = PROFILES[f"circle_{spec.lanes}"]
    if not any(arm.pavement != arm.carriageway for arm in circle.arms):
        profile = replace(profile, lanes=tuple(lane for lane in profile.lanes if lane.type != "sidewalk"))
    profile = mirrored(profile) if setting.left_hand else profile
    return Road(
        name,
        ReferenceLine((Piece(length, bend, bend),), *place, wrapped(heading)),
        (LaneSection(0.0, profile.lanes),),
        _SPEED,
        one_way=True,
        relief=FLAT if z == 0.0 else Relief(Cubics.constant(z)),
        left_hand=setting.left_hand,
        kinds=((0.0, "town"),),
    )


def _middle_radius(spec: RoundaboutSpec) -> float:
    """Of the reference line, which is the inner edge of the lanes."""
    lanes = PROFILES[f"circle_{spec.lanes}"].lanes
    return spec.radius - sum(lane.width for lane in lanes if lane.type == "driving")


def _circle(spec: RoundaboutSpec, arms: Sequence[Arm]) -> _Circle:
    x, y = spec.center or _meeting_point(arms)
    bearing = [_bearing(arm, x, y, spec.radius) for arm in arms]
    behind = [(angle - bearing[0] + _SAME) % (2.0 * math.pi) - _SAME for angle in bearing]
    order = sorted(range(len(arms)), key=lambda k: behind[k])
    return _Circle(x, y, tuple(arms[k] for k in order), tuple(bearing[0] + behind[k] for k in order))


def _bearing(arm: Arm, x: float, y: float, radius: float) -> float:
    """From the centre to where an arm, led straight on, meets the circle or passes it [rad]."""
    ahead, aside = _seen_from(arm, x, y)
    ahead -= math.sqrt(max(radius**2 - aside**2, 0.0))
    there = arm.inbound(0.0, ahead)
    return math.atan2(there[1] - y, there[0] - x)


def _seen_from(arm: Arm, x: float, y: float) -> tuple[float, float]:
    """How far a place lies ahead of an arm's end and how far to the left [m]."""
    x0, y0, heading = arm.inbound(0.0)
    dx, dy = x - x0, y - y0
    return dx * math.cos(heading) + dy * math.sin(heading), dy * math.cos(heading) - dx * math.sin(heading)


def _turns(circle: str, lanes: int, arm: Arm) -> list[TurnsSpec]:
    """Two lanes of the circle and two of an arm lead onto one another side by side; else the outer ones do."""
    anywhere: list[Turn] = ["left", "straight", "right"]
    entries, leaves = (arm.lanes("driving", entering=entering) for entering in (True, False))
    onto = [(arm.name, lane.id) for lane in entries if lanes > 1]
    sign = 1 if arm.road.left_hand else -1
    off = [(circle, sign * lane) for lane in range(1, lanes + 1) if len(leaves) > 1]
    return [TurnsSpec.model_construct(arm=end, lane=lane, turn=anywhere) for end, lane in [*onto, *off]]


def _meeting_point(arms: Sequence[Arm]) -> tuple[float, float]:
    """Nearest to the lines along which the arms point; of arms in one line the middle between their ends."""
    ends = np.array([arm.inbound(0.0) for arm in arms])
    normals = np.column_stack([-np.sin(ends[:, 2]), np.cos(ends[:, 2])])
    middle = ends[:, :2].mean(axis=0)
    offsets = np.sum(normals * (ends[:, :2] - middle), axis=1)
    # a little weight on the middle decides where the lines do not
    x, y = np.linalg.solve(normals.T @ normals + 1e-6 * np.eye(2), normals.T @ offsets) + middle
    return float(x), float(y)


def roundabout_problems(spec: RoundaboutSpec, arms: Sequence[Arm]) -> list[Problem]:
    """Why a roundabout cannot be built between these arms, in the order of `connect`."""
    circular = PROFILES[f"circle_{spec.lanes}"].lanes
    least = sum(lane.width for lane in circular if lane.type != "sidewalk") + 3.0
    if spec.radius < least:
        return [(("radius",), f"a circle of {spec.lanes} lanes needs a radius of {least:g} m at least")]
    circle = _circle(spec, arms)
    found: list[Problem] = []
    for number, arm in enumerate(arms):
        x, y, _ = arm.inbound(0.0)
        away = math.hypot(x - circle.x, y - circle.y)
        ahead, aside = _seen_from(arm, circle.x, circle.y)
        if ahead < 0.0 or abs(aside) > _MOST_ASIDE * spec.radius:
            found.append((("connect", number), f"{arm.name} does not point to the middle of the roundabout"))
        elif away < spec.radius + _ROOM:
            need = spec.radius + _ROOM
            message = f"{arm.name} ends {away:.1f} m from the middle of the roundabout; at least {need:g} m"
            found.append((("connect", number), message))
        elif away > spec.radius + _FARTHEST:
            found.append(
                (("connect", number), f"{arm.name} ends {away:.0f} m from the middle of the roundabout, too far")
            )
    bearings = circle.bearings
    for k, arm in enumerate(circle.arms):
        gap = (bearings[(k + 1) % len(bearings)] - bearings[k]) % (2.0 * math.pi)
        if gap < _NARROWEST:
            other = circle.arms[(k + 1) % len(bearings)]
            message = f"{arm.name} and {other.name} are only {math.degrees(gap):.0f} degrees apart on the circle"
            found.append((("connect",), message))
    return found
