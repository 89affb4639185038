"""Roads, lanes and positions of whole maps."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import yaml

from roadlab.roads.network import build_network, map_problems
from roadlab.roads.profiles import PROFILES
from roadlab.scenario.spec import LanePosition, MapSpec, RoadPosition, WorldPosition

SCENARIOS = Path(__file__).parents[3] / "scenarios"


def network_of(**roads):
    return build_network(MapSpec.model_validate({"roads": roads}))


def street(**road):
    return {"profile": "urban_2x1_parking", "path": [{"line": 80.0}], **road}


@pytest.mark.parametrize("file", ["urban/pedestrian_crossing", "urban/left_turn", "highway/cut_in"])
def test_the_maps_of_the_library_build(file):
    spec = MapSpec.model_validate(yaml.safe_load((SCENARIOS / f"{file}.yaml").read_text())["map"])
    assert map_problems(spec) == []
    assert list(build_network(spec).roads) == list(spec.roads)


def test_a_parking_street_has_the_lanes_that_its_name_says():
    road = network_of(elm=street()).roads["elm"]
    assert road.lane_ids == (-3, -2, -1, 1, 2, 3)
    assert [(lane.type, lane.width) for lane in road.lanes[:3]] == [
        ("sidewalk", 2.6),
        ("parking", 2.1),
        ("driving", 3.25),
    ]
    assert road.lane(-3).height == pytest.approx(0.12)
    assert road.lane_center_t(-2) == pytest.approx(-(3.25 + 2.1 / 2))
    with pytest.raises(KeyError):
        road.lane(0)


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_lanes_of_every_profile_tile_its_cross_section(profile):
    road = network_of(r=street(profile=profile)).roads["r"]
    bounds = [road.lane_bounds(lane) for lane in road.lane_ids]
    assert all(left == pytest.approx(right) for (_, left), (right, _) in pairwise(bounds))
    centers = np.array([road.lane_center_t(lane) for lane in road.lane_ids])
    assert tuple(road.lane_at(10.0, centers)) == road.lane_ids
    assert tuple(road.lane_at(10.0, [road.edges[0] - 0.1, road.edges[1] + 0.1])) == (0, 0)


def test_traffic_keeps_to_the_right_and_a_carriageway_runs_one_way():
    network = network_of(elm=street(), a9=street(profile="motorway_3", start={"y": 100.0}))
    assert [network.lane_direction(("elm", lane)) for lane in (-3, -2, -1, 1, 2, 3)] == [1, 1, 1, -1, -1, -1]
    assert [network.lane_direction(("a9", lane)) for lane in network.roads["a9"].lane_ids] == [1] * 7


def test_a_car_on_the_left_lane_faces_against_s():
    network = network_of(elm=street(start={"x": 10.0, "heading": np.pi / 2}))
    x, y, heading = network.pose(LanePosition(road="elm", lane=1, s=30.0))
    assert (x, y) == pytest.approx((10.0 - 1.625, 30.0))
    assert heading == pytest.approx(-np.pi / 2)


def test_an_offset_is_to_the_left_along_the_road_for_either_direction():
    network = network_of(elm=street())
    right = network.pose(LanePosition(road="elm", lane=-1, s=30.0, offset=0.5))
    left = network.pose(LanePosition(road="elm", lane=1, s=30.0, offset=0.5))
    assert (right[1], left[1]) == pytest.approx((-1.125, 2.125))


def test_road_and_world_positions_are_taken_literally():
    network = network_of(elm=street())
    assert network.pose(RoadPosition(road="elm", s=84.0 - 4.0, t=-5.2, heading=1.0)) == pytest.approx((80.0, -5.2, 1.0))
    assert network.pose(WorldPosition(x=3.0, y=4.0, heading=-1.0)) == pytest.approx((3.0, 4.0, -1.0))


def test_positions_off_the_map_are_explained():
    network = network_of(elm_street=street())
    assert network.problems_of(LanePosition(road="elm_street", lane=-1, s=20.0)) == []
    ((field, message),) = network.problems_of(LanePosition(road="elm_street", lane=-4, s=20.0))
    assert field == "lane"
    assert "lane -4 does not exist on elm_street; it has -3, -2, -1, 1, 2, 3" in message
    ((field, message),) = network.problems_of(RoadPosition(road="elm_street", s=95.0, t=0.0))
    assert (field, message) == ("s", "s = 95 m is beyond the end of elm_street (80 m)")
    ((field, message),) = network.problems_of(RoadPosition(road="elmstreet", s=5.0, t=0.0))
    assert field == "road"
    assert "did you mean elm_street" in message
    both = network.problems_of(LanePosition(road="elm_street", lane=9, s=-1.0))
    assert [field for field, _ in both] == ["lane", "s"]


def test_points_are_found_on_the_lane_where_they_were_put():
    network = network_of(
        bend=street(path=[{"line": 40.0}, {"arc": {"length": 60.0, "radius": 50.0}}]), far=street(start={"y": -200.0})
    )
    rng = np.random.Generator(np.random.PCG64(5))
    for index, road in enumerate(network.roads.values()):
        s, t = rng.uniform(0, road.length, 50), rng.uniform(*road.edges, 50)
        x, y, _ = road.point(s, t)
        found = network.locate(np.column_stack([x, y]))
        assert set(found.road) == {index}
        np.testing.assert_allclose(found.s, s, atol=1e-6)
        np.testing.assert_allclose(found.t, t, atol=1e-6)
        np.testing.assert_array_equal(found.lane, road.lane_at(s, t))


def test_a_point_in_the_fields_is_on_no_road():
    found = network_of(elm=street()).locate([[40.0, 30.0], [-0.5, 0.0]])
    assert list(found.road) == [-1, -1]
    assert np.isnan(found.s).all()
