"""Who goes first at a junction of a file, from its signs and priorities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from roadlab.roads.furniture import RoadSignal
from roadlab.roads.junction import Arm, Junction
from roadlab.roads.opendrive.signal_types import PRIORITY, STOP, YIELD

_Precedence = tuple[Literal["signals", "priority", "yield", "stop", "all_way_stop"] | None, tuple[str, ...]]
"""The control, None where nothing is said, and the roads that have priority."""
_NEAR = 60.0
"""Signs this far before a junction belong to it [m]."""


def with_precedence(junction: Junction) -> Junction:
    """The junction with its control and the roads that have priority, where the file says so."""
    control, first = _precedence(junction)
    return replace(junction, control=control, priority_roads=first)


def _precedence(junction: Junction) -> _Precedence:
    """Signals before signs, signs before the file's priorities between connecting roads."""
    if junction.plan is not None:
        return "signals", ()
    signs = {arm.name: _signs(arm) for arm in junction.arms}
    stopping = [arm for arm in junction.arms if signs[arm.name] & {*STOP}]
    yielding = [arm for arm in junction.arms if signs[arm.name] & {*YIELD, *STOP}]
    if stopping and len(stopping) == len(junction.arms):
        return "all_way_stop", ()
    signed = [arm for arm in junction.arms if signs[arm.name] & {*PRIORITY}]
    if yielding:
        first = _roads([arm for arm in junction.arms if arm not in yielding])
        return ("stop" if stopping else "priority" if signed else "yield"), first
    if signed:
        return "priority", _roads(signed)
    return _told(junction)


def _signs(arm: Arm) -> set[str]:
    """Types of the signs for those who enter through an arm."""
    facing = "+" if arm.end == "end" else "-"
    return {one.type for one in arm.road.signals if one.facing in (facing, "none") and _is_near(arm, one)}


def _is_near(arm: Arm, one: RoadSignal) -> bool:
    away = arm.road.length - one.s if arm.end == "end" else one.s
    return away <= _NEAR


def _roads(arms: Sequence[Arm]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(arm.road.name for arm in arms))


def _told(junction: Junction) -> _Precedence:
    """From pairs of connecting roads: roads that lead to one that goes first, and to none that gives way."""
    incoming = {lane.road.name: lane.origin.road for lane in junction.connections}
    high = {incoming[first]: None for first, _ in junction.priorities if first in incoming}
    low = {incoming[second] for _, second in junction.priorities if second in incoming}
    first = tuple(road for road in high if road not in low)
    return ("priority", first) if first else (None, ())
