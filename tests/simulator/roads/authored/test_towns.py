"""Towns laid out by chance: sound, connected, repeatable, and quick to build."""

import time

import networkx as nx
import numpy as np
import pytest
import shapely

from roadlab.randomness import generator
from roadlab.roads.lanes import LaneKey
from roadlab.roads.network import build_sound_network, map_problems
from roadlab.scenario.spec import MapSpec

STYLES = ("grid", "suburb", "old_town")


def spec_of(style, seed=0, size=600.0):
    return MapSpec.model_validate({"town": {"style": style, "seed": seed, "size": size}})


@pytest.fixture(scope="module", params=STYLES)
def town(request):
    return build_sound_network(spec_of(request.param))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", range(4))
def test_no_street_runs_over_another(style, seed):
    assert map_problems(spec_of(style, seed)) == []


def test_every_street_is_reached_from_every_other(town):
    # Its one-way streets have none: lanes of a dead end lead nowhere, so that it is asked of streets.
    streets = nx.DiGraph((a.road, b.road) for a, b in town.graph.edges if a.road != b.road)
    assert nx.is_weakly_connected(streets)
    through = [name for name, road in town.roads.items() if road.beyond == (0.0, 0.0)]
    assert len(through) > 10
    start = LaneKey(through[0], -1)
    reached = {key.road for key in nx.descendants(town.graph, start)}
    assert set(through[1:]) <= reached


def test_every_lane_into_a_junction_leads_on(town):
    for junction in town.junctions.values():
        origins = {lane.origin for lane in junction.connections}
        for arm in junction.arms:
            for lane in arm.lanes("driving", entering=True):
                assert LaneKey(arm.road.name, lane.id, arm.section) in origins


def test_paths_through_junctions_can_be_driven(town):
    sharpest = [max(piece.sharpest for piece in lane.curve.pieces) for lane in town.connections.values()]
    assert max(sharpest) < 1 / 3.5  # 5 m is the turning circle's radius of a car


def test_junctions_and_streets_share_no_ground(town):
    streets = [road.patch((0.0, road.length), road.carriageway) for road in town.roads.values()]
    inside = [junction.polygon for junction in town.junctions.values()]
    assert all(part.is_valid for part in (*streets, *inside))
    parts = np.array([*streets, *inside], dtype=object)
    assert shapely.area(parts).sum() - shapely.union_all(parts).area < 0.01 * len(parts)


def test_the_same_seed_gives_the_same_town_and_another_one_another():
    one, again, other = (build_sound_network(spec_of("old_town", seed)) for seed in (3, 3, 4))

    def places(network):
        return [road.point(np.array([0.0, road.length])) for road in network.roads.values()]

    assert np.array_equal(places(one), places(again))
    assert len(one.roads) != len(other.roads) or not np.array_equal(places(one), places(other))


def test_streets_begin_at_the_kerbs_of_their_junction(town):
    for junction in town.junctions.values():
        for arm in junction.arms:
            edges = [arm.inbound(t)[:2] for t in arm.carriageway]
            assert shapely.distance(junction.polygon, shapely.points(edges)).max() < 0.01


@pytest.mark.slow
def test_three_kilometres_of_streets_are_built_in_a_few_seconds():
    spec = spec_of("grid", 1, 600.0)
    begin = time.process_time()
    network = build_sound_network(spec)
    assert time.process_time() - begin < 5.0
    assert sum(road.length for road in network.roads.values()) > 3000.0


@pytest.mark.slow
def test_ten_thousand_points_are_located_in_a_town_of_fifty_roads():
    network = build_sound_network(spec_of("grid", 2, 800.0))
    assert len(network.roads) >= 50
    low_x, low_y, high_x, high_y = network.drivable.bounds
    rng = generator(0, "points")
    points = np.column_stack([rng.uniform(low_x, high_x, 10_000), rng.uniform(low_y, high_y, 10_000)])
    network.locate(points)  # builds the tables
    times = []
    for _ in range(5):
        begin = time.process_time()
        network.locate(points)
        times.append(time.process_time() - begin)
    assert min(times) < 0.1  # 20 ms on a free core
