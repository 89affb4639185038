"""Traffic lights of a file as the stop lines, heads and plan of its junctions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from roadlab.roads.connecting import wrapped
from roadlab.roads.furniture import RoadSignal
from roadlab.roads.junction import Arm, Junction, StopLine, Strip, turn_of
from roadlab.roads.lanes import CAR_LANES
from roadlab.roads.opendrive.elements.signals import Controller
from roadlab.roads.opendrive.signal_types import NOT_FOR_VEHICLES, STOP_LINE
from roadlab.roads.road import Road
from roadlab.roads.signals import SignalHead, SignalPlan
from roadlab.scenario.spec import SignalPlanSpec

_NEAR = 60.0
"""Lights and stop lines this far before a junction belong to it [m]."""
_BEFORE_LIGHT = 3.0
"""From a stop line to the light behind it (RiLSA: 3 to 4 m) [m]."""
_LINE_WIDTH = 0.5


@dataclass(frozen=True)
class _Light:
    arm: Arm
    road: Road
    signal: RoadSignal
    ahead: float
    """Beyond the end of the arm's road [m]."""


def signalled(junction: Junction, controllers: Sequence[Controller]) -> Junction:
    """The junction with its painted stop lines and with what its traffic lights make of it.

    Lights of one controller share a stage; where there are no controllers, opposite arms do. The stages follow one
    another in the order of the file, with the times that junctions have by default.
    """
    lights = {arm.name: _lights(arm, junction) for arm in junction.arms}
    lines = [_stop_line(junction.name, arm, lights[arm.name]) for arm in junction.arms]
    junction = replace(junction, stop_lines=tuple(line for line in lines if line is not None))
    lit = [arm for arm in junction.arms if lights[arm.name]]
    if not lit:
        return junction
    stages = _stages(lit, {name: found[0] for name, found in lights.items() if found}, controllers)
    times = SignalPlanSpec()
    return replace(
        junction,
        heads=tuple(
            _head(junction.name, number, light, stages[arm.name])
            for arm in lit
            for number, light in enumerate(lights[arm.name])
        ),
        plan=SignalPlan(max(2, *(stage + 1 for stage in stages.values())), times.green, times.amber, times.all_red),
    )


def is_vehicle_light(signal: RoadSignal) -> bool:
    """Whether it is a traffic light that vehicles obey."""
    return signal.dynamic and signal.type not in NOT_FOR_VEHICLES


def _lights(arm: Arm, junction: Junction) -> list[_Light]:
    """Those for the traffic that enters through an arm, in the order in which it meets them."""
    own = [_Light(arm, arm.road, signal, _ahead(arm, signal)) for signal in arm.road.signals if _faces(arm, signal)]
    found = [light for light in own if light.ahead >= -_NEAR]
    for road in {lane.road.name: lane.road for lane in junction.connections if lane.arm == arm.name}.values():
        along = {"none", "+" if _enters_at_start(road, arm) else "-"}
        found += [_Light(arm, road, signal, 0.0) for signal in road.signals if signal.facing in along]
    found = [light for light in found if is_vehicle_light(light.signal)]
    return sorted(found, key=lambda light: light.ahead)


def _faces(arm: Arm, signal: RoadSignal) -> bool:
    return signal.facing in ("none", "+" if arm.end == "end" else "-")


def _ahead(arm: Arm, signal: RoadSignal) -> float:
    return signal.s - arm.road.length if arm.end == "end" else -signal.s


def _enters_at_start(road: Road, arm: Arm) -> bool:
    link = road.predecessor
    return link is not None and (link.name, link.contact) == (arm.road.name, arm.end)


# --- stages ---------------------------------------------------------------------------------------------------------


def _stages(arms: Sequence[Arm], first: dict[str, _Light], controllers: Iterable[Controller]) -> dict[str, int]:
    """The stage of each arm."""
    order = [controller.id for controller in controllers]
    of_arm = {arm.name: [c for c in order if c in first[arm.name].signal.controllers] for arm in arms}
    if all(of_arm.values()):
        used = [controller for controller in order if any(mine[0] == controller for mine in of_arm.values())]
        return {name: used.index(mine[0]) for name, mine in of_arm.items()}
    return _opposite_stages(arms)


def _opposite_stages(arms: Sequence[Arm]) -> dict[str, int]:
    stages: dict[str, int] = {}
    for arm in arms:
        if arm.name in stages:
            continue
        stage = max(stages.values(), default=-1) + 1
        stages[arm.name] = stage
        opposite = next((other for other in arms if other.name not in stages and _opposite(arm, other)), None)
        if opposite is not None:
            stages[opposite.name] = stage
    return stages


def _opposite(a: Arm, b: Arm) -> bool:
    return turn_of(a, b) == "straight" and turn_of(b, a) == "straight"


# --- places ---------------------------------------------------------------------------------------------------------


def _head(junction: str, number: int, light: _Light, stage: int) -> SignalHead:
    name = f"{junction}/{light.arm.name}" + (f"#{number + 1}" if number else "")
    signal = light.signal
    x, y, heading = light.road.point(signal.s, signal.t)
    against = light.arm.end == "end" if light.road is light.arm.road else _enters_at_start(light.road, light.arm)
    facing = float(heading) + signal.heading + (math.pi if against else 0.0)
    return SignalHead(name, stage, float(x), float(y), wrapped(facing))


def _stop_line(junction: str, arm: Arm, lights: Sequence[_Light]) -> StopLine | None:
    """Where it is painted, else before the first light; None without either."""
    painted = [_ahead(arm, one) for one in arm.road.signals if one.type == STOP_LINE and _faces(arm, one)]
    found = [ahead for ahead in painted if ahead >= -_NEAR]
    if not found and not lights:
        return None
    ahead = min(found) if found else min(lights[0].ahead, 0.0) - _BEFORE_LIGHT
    ahead = max(ahead, 1.0 - arm.road.length)
    s = sorted((arm.s(ahead), arm.s(ahead + _LINE_WIDTH)))
    bounds = [arm.bounds(lane.id) for kind in (*CAR_LANES, "biking") for lane in arm.lanes(kind, entering=True)]
    t = (min((bound[0] for bound in bounds), default=0.0), max((bound[1] for bound in bounds), default=0.0))
    name = f"{junction}/{arm.name}"
    return StopLine(arm, ahead, Strip(name, arm.road, (s[0], s[1]), t), name if lights else None)
