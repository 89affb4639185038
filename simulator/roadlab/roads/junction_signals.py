"""The signals of a junction: which arm is green when, where the heads stand, when people walk."""

from __future__ import annotations

import math
from collections.abc import Mapping

from roadlab.roads.connecting import wrapped
from roadlab.roads.junction import STOP_LINE_WIDTH, Arm, StopLine, Strip, turn_of
from roadlab.roads.signals import SignalHead, SignalPlan, WalkHead
from roadlab.scenario.spec import JunctionSpec, SignalPlanSpec

WALKING_SPEED = 1.2
"""Of people for whom signals turn red in time [m/s] (RiLSA)."""
_ASIDE = 0.3
"""From a crosswalk to the signals for those who use it [m]."""
_BEHIND_KERB = 0.5
"""Where signal heads stand [m]."""


def plan_of(
    signals: SignalPlanSpec | None, spec: JunctionSpec, arms: list[Arm]
) -> tuple[SignalPlan | None, dict[str, int]]:
    """The plan and the stage of each arm; unless it is said, opposite arms share one, in the order of `connect`."""
    if signals is None:
        return None, {}
    stages = _stages(signals, spec, arms)
    return (
        SignalPlan(
            max(stages.values()) + 1,
            signals.green,
            signals.amber,
            signals.all_red,
            signals.offset,
            greens=tuple(signals.greens or ()),
        ),
        stages,
    )


def _stages(signals: SignalPlanSpec, spec: JunctionSpec, arms: list[Arm]) -> dict[str, int]:
    if signals.stages is not None:
        return {end: number for number, ends in enumerate(signals.stages) for end in ends}
    order = sorted(arms, key=lambda arm: (arm.road.name != signals.first, spec.connect.index(arm.name)))
    stages: dict[str, int] = {}
    for arm in order:
        if arm.name in stages:
            continue
        stage = max(stages.values(), default=-1) + 1
        stages[arm.name] = stage
        opposite = next((other for other in order if other.name not in stages and _opposite(arm, other)), None)
        if opposite is not None:
            stages[opposite.name] = stage
    return stages


def _opposite(a: Arm, b: Arm) -> bool:
    return turn_of(a, b) == "straight" and turn_of(b, a) == "straight"


def head_at(line: StopLine, stage: int) -> SignalHead:
    """On the pavement beside the lanes that it stops, half a metre behind the kerb, at the stop line."""
    edge = line.arm.carriageway[1] + _BEHIND_KERB if line.arm.road.left_hand else line.arm.carriageway[0] - _BEHIND_KERB
    x, y, heading = line.arm.inbound(edge, line.ahead + STOP_LINE_WIDTH)
    return SignalHead(line.strip.name, stage, x, y, wrapped(heading + math.pi))


def walk_heads(strip: Strip, arms: list[Arm], stages: Mapping[str, int]) -> list[WalkHead]:
    """At both ends of a crosswalk, on its side towards the junction.

    People walk while neither its own arm nor the one opposite is green.
    """
    arm = next(arm for arm in arms if f"{strip.name}".endswith(f"/{arm.name}"))
    against = {stages[other.name] for other in arms if other is arm or (other.name in stages and _opposite(other, arm))}
    walking = tuple(stage for stage in range(max(stages.values()) + 1) if stage not in against)
    clearance = (strip.t[1] - strip.t[0]) / WALKING_SPEED
    ahead = _ASIDE + (strip.s[1] - arm.road.length if arm.end == "end" else -strip.s[0])
    heads = []
    for side, edge, turn in (
        ("right", arm.carriageway[0] - _BEHIND_KERB, 0.5),
        ("left", arm.carriageway[1] + _BEHIND_KERB, -0.5),
    ):
        x, y, heading = arm.inbound(edge, ahead)
        heads.append(
            WalkHead(f"{strip.name}/{side}", strip.name, walking, clearance, x, y, wrapped(heading + turn * math.pi))
        )
    return heads
