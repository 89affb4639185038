"""Points of a whole town are found at once, as they are found one road at a time."""

import numpy as np
import pytest
import shapely

from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec

NORTH = np.pi / 2


def town(count, block=100.0, gap=15.0):
    """Streets of a grid with junctions at its corners."""
    roads, ends = {}, {}
    for i in range(count):
        for j in range(count):
            for name, step, heading in ((f"h{i}_{j}", (1, 0), 0.0), (f"v{i}_{j}", (0, 1), NORTH)):
                if max(i + step[0], j + step[1]) < count:
                    start = {"x": i * block + gap * step[0], "y": j * block + gap * step[1], "heading": heading}
                    roads[name] = {"profile": "urban_2x1_parking", "start": start, "path": [{"line": block - 2 * gap}]}
                    ends.setdefault((i, j), []).append(f"{name}.start")
                    ends.setdefault((i + step[0], j + step[1]), []).append(f"{name}.end")
    junctions = {f"j{i}_{j}": {"connect": found} for (i, j), found in ends.items() if len(found) > 2}
    return build_network(MapSpec.model_validate({"roads": roads, "junctions": junctions}))


@pytest.fixture(scope="module")
def network():
    return town(3)


def test_a_town_is_located_as_road_by_road(network):
    rng = np.random.Generator(np.random.PCG64(8))
    points = rng.uniform(-20.0, 220.0, (3000, 2))
    found = network.locate(points)
    expected = np.full(len(points), -1)
    best = np.full(len(points), np.inf)
    for index, road in enumerate(network.every_road.values()):
        s, t = road.reference_line.locate(points)
        lane = np.where((s >= 0) & (s <= road.length), road.lane_at(s, t), 0)
        through = road.junction is not None
        off = np.abs(t - road.lane_center(s, -1)) + 1000.0 if through else np.abs(t)
        better = (lane != 0) & (np.round(off, 6) < best)
        expected[better], best[better] = index, np.round(off, 6)[better]
        mine = found.road == index
        np.testing.assert_allclose(found.s[mine], s[mine], atol=1e-7)
        np.testing.assert_allclose(found.t[mine], t[mine], atol=1e-7)
        np.testing.assert_array_equal(found.lane[mine], lane[mine])
    np.testing.assert_array_equal(found.road, expected)
    assert (expected >= 0).sum() > 500


def test_headings_and_junctions_come_with_the_place(network):
    x, y, heading = network.roads["v0_0"].point(30.0, -1.0)
    found = network.locate([[float(x), float(y)], [100.0, 100.0], [50.0, 50.0]])
    assert found.heading[0] == pytest.approx(float(heading))
    assert found.junction[0] == -1
    assert network.junction_names[found.junction[1]] == "j1_1"
    assert found.road[2] == -1
    assert np.isnan(found.heading[2])


@pytest.mark.parametrize("radius", [12.0, -12.0, 40.0])
def test_the_outside_of_a_tight_bend_is_found(radius):
    path = [{"line": 20.0}, {"arc": {"length": abs(radius) * 2.0, "radius": radius}}, {"line": 20.0}]
    network = build_network(MapSpec.model_validate({"roads": {"r": {"profile": "urban_2x1", "path": path}}}))
    road = network.roads["r"]
    s, t = (g.ravel() for g in np.meshgrid(np.linspace(0.0, road.length, 300), np.linspace(-7.2, 7.2, 13)))
    x, y, _ = road.point(s, t)
    found = network.locate(np.column_stack([x, y]))
    np.testing.assert_allclose(found.s, s, atol=1e-6)
    np.testing.assert_allclose(found.t, t, atol=1e-6)


def test_beside_the_roads_the_nearest_edge_is_found(network):
    rng = np.random.Generator(np.random.PCG64(9))
    points = rng.uniform(30.0, 70.0, (50, 2))
    places = network.locator.nearest(points)
    for point, number, s, t in zip(points, places.road, places.s, places.t, strict=True):
        road = network.locator.roads[number]
        x, y, _ = road.point(s, t)
        edges = road.patch((0.0, road.length), road.edges)
        assert np.hypot(x - point[0], y - point[1]) == pytest.approx(edges.distance(shapely.Point(point)), abs=1e-6)


def test_nothing_is_asked_of_nobody(network):
    found = network.locate(np.zeros((0, 2)))
    assert len(found.road) == 0
