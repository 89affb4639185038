"""Surfaces run on beyond ends that join nothing, as far as nothing else is there."""

import time

import numpy as np
import shapely

from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec


def network_of(**roads):
    return build_network(MapSpec.model_validate({"roads": roads}))


def street(x, y, heading=0.0, path=None):
    start = {"x": x, "y": y, "heading": heading}
    return {"profile": "urban_2x1", "start": start, "path": path or [{"line": 80.0}]}


def test_a_lonely_street_runs_on_at_both_ends():
    road = network_of(elm=street(0.0, 0.0)).roads["elm"]
    assert road.beyond == (300.0, 300.0)
    assert road.length == 80.0


def test_a_street_stops_short_of_another():
    network = network_of(elm=street(0.0, 0.0), oak=street(200.0, -40.0, np.pi / 2))
    elm, oak = network.roads.values()
    assert elm.beyond == (300.0, 80.0)
    assert not elm.patch(elm.paved, elm.edges).intersects(oak.patch(oak.paved, oak.edges))


def test_a_street_does_not_run_on_into_itself():
    bend = [{"line": 30.0}, {"arc": {"length": 30.0 * 1.5 * np.pi, "radius": 30.0}}]
    road = network_of(loop=street(0.0, 0.0, path=bend)).roads["loop"]
    assert shapely.is_valid(road.patch(road.paved, road.edges))


def test_ends_that_join_a_junction_do_not_run_on():
    roads = {"a": street(-95.0, 0.0), "b": street(15.0, 0.0), "c": street(0.0, -95.0, np.pi / 2)}
    junctions = {"j": {"connect": ["a.end", "b.start", "c.end"]}}
    network = build_network(MapSpec.model_validate({"roads": roads, "junctions": junctions}))
    assert [road.beyond for road in network.roads.values()] == [(300.0, 0.0), (0.0, 300.0), (300.0, 0.0)]


def test_nobody_is_on_a_road_beyond_its_end():
    network = network_of(elm=street(0.0, 0.0))
    assert list(network.locate([[100.0, 1.0]]).road) == [-1]
    assert network.drivable.contains(shapely.Point(100.0, 1.0))


def test_a_map_of_three_hundred_streets_takes_a_moment_only():
    begin = time.perf_counter()
    network = network_of(**{f"r{i}": street(100.0 * (i % 18), 60.0 * (i // 18)) for i in range(300)})
    assert time.perf_counter() - begin < 3.0
    areas = [road.patch(road.paved, road.edges) for road in network.roads.values()]
    first, second = shapely.STRtree(areas).query(areas, predicate="intersects")
    assert (first == second).all()
