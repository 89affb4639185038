"""Ways through a network and the paths along them."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec

SCENARIOS = Path(__file__).parents[3] / "scenarios"


@pytest.fixture(scope="module")
def cross():
    text = (SCENARIOS / "urban" / "left_turn.yaml").read_text()
    return build_network(MapSpec.model_validate(yaml.safe_load(text)["map"]))


@pytest.fixture(scope="module")
def street():
    text = (SCENARIOS / "urban" / "pedestrian_crossing.yaml").read_text()
    return build_network(MapSpec.model_validate(yaml.safe_load(text)["map"]))


def roads_of(route):
    return [key.road for key in route if "/" not in key.road]


def test_a_route_turns_where_its_roads_say(cross):
    route = cross.route(("south", -1), ["south", "west"])
    assert roads_of(route) == ["south", "west"]
    assert route[0] == ("south", -1, 0)
    assert cross.connections[route[1]].turn == "left"
    assert route[-1] == ("west", 1, 0)
    assert cross.route(("south", -1), ["west"]) == route


def test_by_default_a_route_goes_straight_on(cross):
    assert roads_of(cross.route(("west", -1), None)) == ["west", "east"]
    assert roads_of(cross.route(("north", 1))) == ["north", "south"]


def test_a_route_ends_where_the_road_does(street):
    assert street.route(("elm_street", 1)) == [("elm_street", 1, 0)]


@pytest.mark.parametrize(
    ("start", "roads", "message"),
    [
        (("south", 1), ["south", "west"], "no way leads from south, lane 1, to west; one leads there from lane -1"),
        (("south", -1), ["south", "nowhere"], "nowhere is not a road"),
        (("south", -7), None, "lane -7 does not exist on south"),
    ],
)
def test_where_there_is_no_way_the_reason_is_told(cross, start, roads, message):
    with pytest.raises(ValueError, match=message):
        cross.route(start, roads)


def test_a_path_is_dense_smooth_and_measured_along_itself(cross):
    path = cross.lane_path(cross.route(("south", -1), ["west"]))
    steps = np.hypot(*np.diff(path.points, axis=0).T)
    assert steps.max() <= 0.5 + 1e-9
    assert steps.min() > 0.01
    np.testing.assert_allclose(np.diff(path.s), steps, rtol=1e-3)
    bearing = np.arctan2(*np.diff(path.points, axis=0).T[::-1])
    middle = 0.5 * (path.heading[1:] + path.heading[:-1])
    np.testing.assert_allclose(np.exp(1j * (bearing - middle)), 1.0, atol=2e-3)
    # Heading is the integral of curvature.
    turned = np.sum(0.5 * (path.curvature[1:] + path.curvature[:-1]) * np.diff(path.s))
    assert turned == pytest.approx(path.heading[-1] - path.heading[0], abs=1e-3)
    assert path.heading[-1] - path.heading[0] == pytest.approx(np.pi / 2)


def test_a_path_knows_its_lanes(cross):
    path = cross.lane_path(cross.route(("south", -1), ["west"]))
    assert path.key_start[0] == 0.0
    assert path.key_start[1] == pytest.approx(80.0)
    assert path.length == pytest.approx(160.0 + cross.connections[path.keys[1]].curve.length)
    assert list(np.unique(path.key_index)) == [0, 1, 2]
    assert np.all(np.diff(path.key_index) >= 0)
    np.testing.assert_allclose(path.speed_limit, 50 / 3.6)


def test_against_s_a_lane_on_the_inside_of_a_bend_is_shorter(street):
    right, left = street.lane_path([("elm_street", -1)]), street.lane_path([("elm_street", 1, 0)])
    turned = 30 / 120 / 2 + 60 / 120
    # An offset curve is longer by t times the change of heading.
    assert right.length == pytest.approx(210 + 1.625 * turned, abs=1e-9)
    assert left.length == pytest.approx(210 - 1.625 * turned, abs=1e-9)
    assert left.s[0] == 0.0
    assert np.all(np.diff(left.s) > 0)
    assert left.points[0] == pytest.approx(np.array(street.roads["elm_street"].point(210.0, 1.625))[:2])
    assert right.curvature[-1] == pytest.approx(1 / (120 + 1.625))
    assert left.curvature[0] == pytest.approx(-1 / (120 - 1.625))


def test_a_path_meets_the_stop_line_and_then_the_crosswalks(cross):
    path = cross.lane_path(cross.route(("south", -1), ["west"]))
    (stop,) = path.stops
    assert (stop.junction, stop.signal) == ("market_cross", "market_cross/south.end")
    at = [np.interp(stop.s, path.s, path.points[:, k]) for k in (0, 1)]
    line = next(line for line in cross.junctions["market_cross"].stop_lines if line.arm.name == "south.end")
    assert line.strip.polygon.exterior.distance(_point(at)) < 0.02
    assert [crossing.name for crossing in path.crosswalks] == ["market_cross/south.end", "market_cross/west.end"]
    assert stop.s < path.crosswalks[0].enter < path.crosswalks[0].leave < path.crosswalks[1].enter
    assert path.crosswalks[0].leave - path.crosswalks[0].enter == pytest.approx(4.0, abs=0.05)


def test_no_stop_line_concerns_those_who_leave(cross):
    assert cross.lane_path([("west", 1)]).stops == ()


def test_a_path_over_a_marked_crosswalk_says_so():
    spec = {
        "roads": {"elm": {"profile": "urban_2x1", "path": [{"line": 80.0}]}},
        "crosswalks": [{"road": "elm", "s": 30.0}],
    }
    path = build_network(MapSpec.model_validate(spec)).lane_path([("elm", 1)])
    (crossing,) = path.crosswalks
    assert (crossing.name, crossing.enter, crossing.leave) == ("crosswalk[0]", pytest.approx(48.0), pytest.approx(52.0))


def test_lanes_that_do_not_follow_one_another_make_no_path(cross):
    with pytest.raises(ValueError, match="does not follow"):
        cross.lane_path([("south", -1), ("west", 1)])
    with pytest.raises(ValueError, match="at least one"):
        cross.lane_path([])


def _point(xy):
    import shapely

    return shapely.Point(*xy)
