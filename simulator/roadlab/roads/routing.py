"""Which lane follows which, and the way along them."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx

from roadlab.roads.connecting import wrapped
from roadlab.roads.junction import ConnectingLane
from roadlab.roads.road import LaneKey, Road


def lane_graph(roads: Mapping[str, Road], connections: Mapping[LaneKey, ConnectingLane]) -> nx.DiGraph:
    """Lanes and connecting lanes as nodes; the weight of an edge is the length of the lane that it leaves [m]."""
    graph = nx.DiGraph()
    for road in roads.values():
        graph.add_nodes_from((road.name, lane) for lane in road.lane_ids)
    for key, lane in connections.items():
        graph.add_edge(lane.origin, key, weight=roads[lane.origin[0]].length)
        graph.add_edge(key, lane.target, weight=lane.curve.length)
    return graph


def find_route(
    graph: nx.DiGraph, connections: Mapping[LaneKey, ConnectingLane], start: LaneKey, roads: list[str] | None
) -> list[LaneKey]:
    """See `RoadNetwork.route`."""
    if start not in graph:
        raise ValueError(f"lane {start[1]} does not exist on {start[0]}")
    if roads is None:
        return _straight_on(graph, connections, start)
    return _through(graph, start, roads[1:] if roads[:1] == [start[0]] else roads)


def _straight_on(graph: nx.DiGraph, connections: Mapping[LaneKey, ConnectingLane], start: LaneKey) -> list[LaneKey]:
    route = [start]
    while True:
        onward = [key for key in graph.successors(route[-1]) if key in connections]
        if not onward:
            return route
        chosen = min(onward, key=lambda key: _straightness(connections[key]))
        target = connections[chosen].target
        if target in route:
            return route
        route += [chosen, target]


def _straightness(lane: ConnectingLane) -> tuple[float, bool]:
    _, _, entry = lane.curve.point(0.0)
    _, _, leave = lane.curve.point(lane.curve.length)
    return round(abs(wrapped(float(leave - entry))), 6), lane.turn == "left"


def _through(graph: nx.DiGraph, start: LaneKey, roads: list[str]) -> list[LaneKey]:
    route = [start]
    for name in roads:
        here = route[-1]
        lengths, paths = nx.single_source_dijkstra(graph, here)
        reached = [key for key in lengths if key[0] == name and key != here]
        if not reached:
            raise ValueError(_no_way(graph, here, name))
        route += paths[min(reached, key=lambda key: lengths[key])][1:]
    return route


def _no_way(graph: nx.DiGraph, here: LaneKey, road: str) -> str:
    if not any(key[0] == road for key in graph):
        return f"{road} is not a road of this map"
    reason = f"no way leads from {here[0]}, lane {here[1]}, to {road}"
    others = sorted(
        {key[1] for key in graph if key[0] == here[0] and any(k[0] == road for k in nx.descendants(graph, key))}
    )
    return f"{reason}; one leads there from lane {', '.join(str(lane) for lane in others)}" if others else reason
