"""Traffic lights and stop lines that a network made for its junctions, as signals of a file."""

from __future__ import annotations

import math
from collections.abc import Iterator

from roadlab.roads.junction import Arm, StopLine
from roadlab.roads.network import RoadNetwork
from roadlab.roads.opendrive.elements.signals import PositionInertial, Signal
from roadlab.roads.opendrive.signal_types import STOP_LINE, TRAFFIC_LIGHT
from roadlab.roads.road import Road
from roadlab.roads.signals import SignalHead

_SAME = 1e-6
"""A light this near a signal of the road is that signal [m]."""
_HEIGHT = 0.9
_WIDTH = 0.3


def traffic_lights(
    network: RoadNetwork, fresh: Iterator[str]
) -> tuple[dict[str, list[Signal]], dict[str, list[list[str]]]]:
    """Lights by road, and the ids of those that a junction switches together, stage by stage."""
    lights: dict[str, list[Signal]] = {}
    switched: dict[str, list[list[str]]] = {}
    for junction in network.junctions.values():
        arms = {f"{junction.name}/{arm.name}": arm for arm in junction.arms}
        stages: dict[int, list[str]] = {}
        for head in junction.heads:
            arm = arms[head.name.partition("#")[0]]
            if not _is_known(arm.road, head):
                signal = _light(next(fresh), arm, head)
                lights.setdefault(arm.road.name, []).append(signal)
                stages.setdefault(head.stage, []).append(signal.id)
        if stages:
            switched[junction.name] = [stages[stage] for stage in sorted(stages)]
    return lights, switched


def stop_line_signals(network: RoadNetwork, fresh: Iterator[str]) -> dict[str, list[Signal]]:
    """Stop lines by road, but for those that the road's own signals tell of."""
    found: dict[str, list[Signal]] = {}
    for junction in network.junctions.values():
        for line in junction.stop_lines:
            if not any(signal.type == STOP_LINE or signal.dynamic for signal in line.arm.road.signals):
                found.setdefault(line.arm.road.name, []).append(_line(next(fresh), line))
    return found


def _is_known(road: Road, head: SignalHead) -> bool:
    places = [road.point(signal.s, signal.t) for signal in road.signals if signal.dynamic]
    return any(math.hypot(float(x) - head.x, float(y) - head.y) < _SAME for x, y, _ in places)


def _light(name: str, arm: Arm, head: SignalHead) -> Signal:
    road = arm.road
    s, t = (float(value) for value in road.reference_line.locate([head.x, head.y]))
    z = float(road.height(s, t))
    inside = min(max(s, 0.0), road.length)
    return Signal(
        id=name,
        s=inside,
        t=t,
        name=head.name,
        dynamic="yes",
        orientation="+" if arm.end == "end" else "-",
        z_offset=0.0,
        country="OpenDRIVE",
        type=TRAFFIC_LIGHT,
        height=_HEIGHT,
        width=_WIDTH,
        position=None if inside == s else PositionInertial(x=head.x, y=head.y, z=z, hdg=head.heading),
    )


def _line(name: str, line: StopLine) -> Signal:
    road, arm = line.arm.road, line.arm
    s, t = arm.s(line.ahead), 0.5 * (line.strip.t[0] + line.strip.t[1])
    x, y, heading = road.point(s, t)
    inside = min(max(s, 0.0), road.length)
    facing = float(heading) + (math.pi if arm.end == "end" else 0.0)
    place = PositionInertial(x=float(x), y=float(y), z=float(road.height(s, t)), hdg=facing)
    return Signal(
        id=name,
        s=inside,
        t=t,
        name=line.strip.name,
        dynamic="no",
        orientation="+" if arm.end == "end" else "-",
        country="DE",
        type=STOP_LINE,
        width=line.strip.t[1] - line.strip.t[0],
        position=None if inside == s else place,
    )
