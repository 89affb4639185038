"""Areas of lanes, roads and pavements, and the height of the ground."""

import numpy as np
import pytest
import shapely

from roadlab.roads.areas import drivable_area, lane_area, road_area, sidewalk_area
from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec


def network_of(path, profile="urban_2x1_parking", **more):
    return build_network(MapSpec.model_validate({"roads": {"r": {"profile": profile, "path": path}}, **more}))


@pytest.mark.parametrize("radius", [120.0, -60.0, 900.0])
@pytest.mark.parametrize("lane", [-3, -2, -1, 1, 2, 3])
def test_a_lane_on_an_arc_has_the_area_of_a_ring_sector(radius, lane):
    network = network_of([{"arc": {"length": 60.0, "radius": radius}}])
    road = network.roads["r"]
    expected = road.lane(lane).width * 60.0 * (1.0 - road.lane_center_t(lane) / radius)
    assert lane_area(road, lane).area == pytest.approx(expected, rel=2e-4)


def test_a_straight_road_adds_up():
    network = network_of([{"line": 100.0}])
    within = shapely.box(0.0, -50.0, 100.0, 50.0)
    drivable, sidewalk, road = (f(network).intersection(within) for f in (drivable_area, sidewalk_area, road_area))
    assert drivable.area == pytest.approx(100 * 2 * (3.25 + 2.1), rel=1e-9)
    assert sidewalk.area == pytest.approx(100 * 2 * 2.6, rel=1e-9)
    assert road.area == pytest.approx(100 * 2 * 7.95, rel=1e-9)


def test_nothing_is_both_road_and_pavement():
    network = network_of([{"line": 40.0}, {"arc": {"length": 60.0, "radius": 40.0}}])
    assert drivable_area(network).intersection(sidewalk_area(network)).area < 1e-6


def test_pavements_are_as_high_as_their_kerbs():
    network = network_of([{"line": 100.0}])
    t = [0.0, 5.3, 5.4, 7.9, 20.0, -5.3, -6.0]
    heights = network.ground_height([[50.0, value] for value in t])
    np.testing.assert_allclose(heights, [0, 0, 0.12, 0.12, 0, 0, 0.12])


def test_the_ground_slopes_down_behind_the_pavement():
    network = network_of([{"line": 100.0}])
    heights = network.ground_height([[50.0, 7.95 + d] for d in (0.0, 0.3, 0.6)])
    np.testing.assert_allclose(heights, [0.12, 0.06, 0.0], atol=1e-6)


def test_the_kerb_is_lowered_at_a_crosswalk():
    network = network_of([{"line": 100.0}], crosswalks=[{"road": "r", "s": 50.0}])
    heights = network.ground_height([[50.0, 5.36], [50.0, 5.35 + 0.6], [50.0, 5.35 + 1.3], [70.0, 5.4]])
    np.testing.assert_allclose(heights, [0.03, 0.075, 0.12, 0.12], atol=2e-3)


def test_a_motorway_has_verges_and_no_pavement():
    network = network_of([{"line": 100.0}], profile="motorway_3")
    assert sidewalk_area(network).is_empty
    assert road_area(network).area > drivable_area(network).area
    assert shapely.Point(50.0, -13.0).within(drivable_area(network))
    np.testing.assert_array_equal(network.ground_height([[50.0, -5.0], [50.0, -30.0]]), 0.0)
