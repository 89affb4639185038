"""Traffic lights and stop lines that a network made for its junctions, as signals of a file."""

from __future__ import annotations

import math
from collections.abc import Iterator

from roadlab.roads.connecting import wrapped
from roadlab.roads.junction import Arm, Junction, StopLine
from roadlab.roads.network import RoadNetwork
from roadlab.roads.opendrive.elements.signals import Signal
from roadlab.roads.opendrive.outgoing.furniture import inertial_place
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
            if not _is_told(junction, line):
                found.setdefault(line.arm.road.name, []).append(_line(next(fresh), line))
    return found


def _is_told(junction: Junction, line: StopLine) -> bool:
    """Whether an import of the road's own signals makes this stop line."""
    arm, heads = line.arm, [head for head in junction.heads if head.name == line.signal]
    facing = "+" if arm.end == "end" else "-"
    painted = [signal for signal in arm.road.signals if signal.type == STOP_LINE and signal.facing in (facing, "none")]
    return bool(painted) or any(_is_known(arm.road, head) for head in heads)


def _is_known(road: Road, head: SignalHead) -> bool:
    places = [road.point(signal.s, signal.t) for signal in road.signals if signal.dynamic]
    return any(math.hypot(float(x) - head.x, float(y) - head.y) < _SAME for x, y, _ in places)


def _light(name: str, arm: Arm, head: SignalHead) -> Signal:
    s, t = (float(value) for value in arm.road.reference_line.locate([head.x, head.y]))
    against = arm.end == "end"
    _, _, heading = arm.road.point(s, t)
    turn = wrapped(head.heading - float(heading) - (math.pi if against else 0.0))
    return Signal(
        id=name,
        s=min(max(s, 0.0), arm.road.length),
        t=t,
        name=head.name,
        dynamic="yes",
        orientation="+" if against else "-",
        country="OpenDRIVE",
        type=TRAFFIC_LIGHT,
        height=_HEIGHT,
        width=_WIDTH,
        h_offset=turn,
        position=inertial_place(arm.road, s, t, 0.0, turn, against=against),
    )


def _line(name: str, line: StopLine) -> Signal:
    road, arm = line.arm.road, line.arm
    s, t = arm.s(line.ahead), 0.5 * (line.strip.t[0] + line.strip.t[1])
    against = arm.end == "end"
    return Signal(
        id=name,
        s=min(max(s, 0.0), road.length),
        t=t,
        name=line.strip.name,
        orientation="+" if against else "-",
        country="DE",
        type=STOP_LINE,
        width=line.strip.t[1] - line.strip.t[0],
        position=inertial_place(road, s, t, 0.0, 0.0, against=against),
    )
