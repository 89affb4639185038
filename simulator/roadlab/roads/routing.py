"""Which lane follows which, and the way along them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx

from roadlab.roads.connecting import wrapped
from roadlab.roads.connections import ConnectingLane
from roadlab.roads.lanes import LaneKey
from roadlab.roads.road import Road


def lane_graph(roads: Mapping[str, Road], pairs: Iterable[tuple[LaneKey, LaneKey]]) -> nx.DiGraph:
    """Lanes as nodes; the weight of an edge is the length of the lane section that it leaves [m]."""
    graph = nx.DiGraph()
    for road in roads.values():
        graph.add_nodes_from(road.keys)
    for before, after in pairs:
        low, high = roads[before.road].section_range(before.section)
        graph.add_edge(before, after, weight=high - low)
    return graph


def find_route(
    graph: nx.DiGraph, connections: Mapping[LaneKey, ConnectingLane], start: LaneKey, roads: list[str] | None
) -> list[LaneKey]:
    """See `RoadNetwork.route`."""
    if start not in graph:
        raise ValueError(f"lane {start.lane} does not exist on {start.road}")
    if roads is None:
        return _straight_on(graph, connections, start)
    return _through(graph, start, roads[1:] if roads[:1] == [start.road] else roads)


def _straight_on(graph: nx.DiGraph, connections: Mapping[LaneKey, ConnectingLane], start: LaneKey) -> list[LaneKey]:
    route = [start]
    while True:
        onward = list(graph.successors(route[-1]))
        if not onward:
            return route
        chosen = min(onward, key=lambda key: _straightness(connections.get(key)))
        step = [chosen, connections[chosen].target] if chosen in connections else [chosen]
        if step[-1] in route:
            return route
        route += step


def _straightness(lane: ConnectingLane | None) -> tuple[float, bool]:
    if lane is None:
        return 0.0, False
    return round(abs(wrapped(lane.end[2] - lane.start[2])), 6), lane.turn == "left"


def _through(graph: nx.DiGraph, start: LaneKey, roads: list[str]) -> list[LaneKey]:
    route = [start]
    for name in roads:
        here = route[-1]
        lengths, paths = nx.single_source_dijkstra(graph, here)
        reached = [key for key in lengths if key.road == name and key != here]
        if not reached:
            raise ValueError(_no_way(graph, here, name))
        route += paths[min(reached, key=lambda key: lengths[key])][1:]
    return route + _rest_of_road(graph, route[-1])


def _rest_of_road(graph: nx.DiGraph, last: LaneKey) -> list[LaneKey]:
    """The lanes of later sections that continue a lane on its own road."""
    rest = [last]
    while True:
        onward = [key for key in graph.successors(rest[-1]) if key.road == last.road and key not in rest]
        if not onward:
            return rest[1:]
        rest.append(onward[0])


def _no_way(graph: nx.DiGraph, here: LaneKey, road: str) -> str:
    if not any(key.road == road for key in graph):
        return f"{road} is not a road of this map"
    reason = f"no way leads from {here.road}, lane {here.lane}, to {road}"
    others = sorted(
        {key.lane for key in graph if key.road == here.road and any(k.road == road for k in nx.descendants(graph, key))}
    )
    return f"{reason}; one leads there from lane {', '.join(str(lane) for lane in others)}" if others else reason
