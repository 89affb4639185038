"""Towns laid out by chance: streets between the nodes of a plane graph, and junctions where three or more meet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from roadlab.randomness import generator
from roadlab.roads.authored.town_plans import PLANS, TownPlan
from roadlab.roads.connecting import wrapped
from roadlab.roads.lanes import ROAD_LEVEL
from roadlab.roads.profiles import PROFILES
from roadlab.scenario.spec import JunctionSpec, PathPiece, Pose2, RoadSpec, SignalPlanSpec, TownSpec
from roadlab.scenario.spec.paths import ArcPiece

Floats = NDArray[np.float64]

_KERB_RADIUS = 6.0
_ROOM = 3.0
"""Between the corner of a junction and the ends of its roads [m]."""
_WIDEST_BEND = 60.0
"""Radius of the bends of streets [m]."""


@dataclass(frozen=True, eq=False)
class _Street:
    """A chain of edges between two nodes where it ends or meets others."""

    name: str
    nodes: tuple[int, ...]
    profile: str

    def towards(self, node: int) -> int:
        """The node next to one of its ends."""
        return self.nodes[1] if self.nodes[0] == node else self.nodes[-2]


def town(spec: TownSpec) -> tuple[dict[str, RoadSpec], dict[str, JunctionSpec]]:
    """The roads and junctions of a town; the same for the same specification."""
    plan = PLANS[spec.style](spec.size, generator(spec.seed, "town", spec.style))
    streets = _streets(plan)
    meeting = _meeting(streets)
    roads = {street.name: _road(street, plan, meeting) for street in streets}
    junctions = {}
    for number, (node, arms) in enumerate(meeting.items()):
        if len(arms) > 2:
            junctions[f"junction_{number}"] = _junction(node, arms, plan)
    return roads, junctions


def _streets(plan: TownPlan) -> list[_Street]:
    """All edges in chains through the nodes where two edges of one kind meet."""
    graph = plan.graph
    ends = [node for node in sorted(graph) if not _goes_through(graph, node)]
    seen: set[tuple[int, int]] = set()
    found: list[_Street] = []
    for start in ends:
        for first in sorted(graph[start]):
            if (start, first) in seen:
                continue
            chain = [start, first]
            while _goes_through(graph, chain[-1]):
                chain.append(next(node for node in sorted(graph[chain[-1]]) if node != chain[-2]))
            seen |= {(chain[0], chain[1]), (chain[-1], chain[-2])}
            found.append(_Street(f"street_{len(found)}", tuple(chain), graph.edges[start, first]["profile"]))
    return found


def _goes_through(graph: nx.Graph, node: int) -> bool:
    return len(graph[node]) == 2


def _meeting(streets: Sequence[_Street]) -> dict[int, list[_Street]]:
    """The streets at each node where some end; one that begins and ends there comes twice."""
    found: dict[int, list[_Street]] = {}
    for street in streets:
        for node in (street.nodes[0], street.nodes[-1]):
            found.setdefault(node, []).append(street)
    return dict(sorted(found.items()))


# --- roads -----------------------------------------------------------------------------------------------------------


def _road(street: _Street, plan: TownPlan, meeting: Mapping[int, list[_Street]]) -> RoadSpec:
    corners = [plan.places[node] for node in street.nodes]
    back = [_setback(street, node, plan, meeting[node]) for node in (street.nodes[0], street.nodes[-1])]
    corners[0] = corners[0] + back[0] * _direction(corners[1] - corners[0])
    corners[-1] = corners[-1] + back[1] * _direction(corners[-2] - corners[-1])
    x, y = corners[0]
    heading = float(np.angle(corners[1][0] - x + 1j * (corners[1][1] - y)))
    return RoadSpec(
        profile=street.profile,
        start=Pose2(x=float(x), y=float(y), heading=heading),
        path=_rounded(corners),
        speed_limit=plan.limits[street.profile],
    )


def _setback(street: _Street, node: int, plan: TownPlan, arms: Sequence[_Street]) -> float:
    """How far from a node a street ends, so that the corners between it and its neighbours have room [m]."""
    if len(arms) < 3:
        return 0.0
    own = _bearing(plan, node, street.towards(node))
    need = 10.0
    for other in arms:
        if other is street:
            continue
        angle = abs(wrapped(_bearing(plan, node, other.towards(node)) - own))
        if 0.05 < angle < 2.5:
            for inner, radius in ((True, _KERB_RADIUS), (False, 0.5)):
                mine, theirs = _half_width(street.profile, inner), _half_width(other.profile, inner)
                corner = (mine * math.cos(angle) + theirs) / math.sin(angle)
                need = max(need, corner + radius / math.tan(0.5 * angle) + _ROOM)
    return need


def _half_width(profile: str, inner: bool) -> float:
    """Of the carriageway, or of the whole street, on its wider side [m]."""
    sides = [0.0, 0.0]
    for lane in PROFILES[profile].lanes:
        if not inner or lane.type in ROAD_LEVEL:
            sides[lane.id > 0] += lane.width
    return max(sides)


def _bearing(plan: TownPlan, node: int, towards: int) -> float:
    way = plan.places[towards] - plan.places[node]
    return float(np.arctan2(way[1], way[0]))


def _direction(way: Floats) -> Floats:
    return np.asarray(way / np.linalg.norm(way))


def _rounded(corners: Sequence[Floats]) -> list[PathPiece]:
    """Lines between corners (N, 2) with an arc round each of the inner ones."""
    ways = [behind - before for before, behind in pairwise(corners)]
    reach = [float(np.linalg.norm(way)) for way in ways]
    bearing = [float(np.arctan2(way[1], way[0])) for way in ways]
    pieces: list[PathPiece] = []
    begun = 0.0
    for k, length in enumerate(reach):
        turn = wrapped(bearing[k + 1] - bearing[k]) if k + 1 < len(reach) else 0.0
        tangent = radius = 0.0
        if abs(turn) > 1e-6:
            slope = math.tan(0.5 * abs(turn))
            radius = min(_WIDEST_BEND, 0.45 * min(length, reach[k + 1]) / slope)
            tangent = radius * slope
        if length - begun - tangent > 1e-6:
            pieces.append(PathPiece(line=length - begun - tangent))
        if radius > 0.0:
            pieces.append(PathPiece(arc=ArcPiece(length=radius * abs(turn), radius=math.copysign(radius, turn))))
        begun = tangent
    return pieces


# --- junctions -------------------------------------------------------------------------------------------------------


def _junction(node: int, arms: Sequence[_Street], plan: TownPlan) -> JunctionSpec:
    """Signals where two main streets cross, priority along one, and right before left elsewhere."""
    ends = []
    for place, street in enumerate(arms):
        again = street in arms[:place]
        ends.append(f"{street.name}.{'start' if street.nodes[0] == node and not again else 'end'}")
    main = sorted({street.name for street in arms if street.profile in plan.main})
    if len(arms) > 3 and len(main) > 2:
        return JunctionSpec(connect=ends, signals=SignalPlanSpec())
    if len(main) == 2 and len(arms) > 2:
        return JunctionSpec(connect=ends, control="priority", priority=main)
    return JunctionSpec(connect=ends)
