"""Roundabouts and ramps: every lane is connected, no ground is paved twice, and cars get through."""

import itertools
import math

import networkx as nx
import numpy as np
import pytest
import shapely
import yaml

from roadlab import load, simulate
from roadlab.roads.lanes import LaneKey
from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec

NORTH = np.pi / 2
STREETS = {
    "south": {"profile": "urban_2x1", "start": {"y": -95.0, "heading": NORTH}, "path": [{"line": 70.0}]},
    "north": {"profile": "urban_2x1", "start": {"y": 25.0, "heading": NORTH}, "path": [{"line": 70.0}]},
    "west": {"profile": "urban_2x1", "start": {"x": -95.0}, "path": [{"line": 70.0}]},
    "east": {"profile": "urban_2x1", "start": {"x": 25.0}, "path": [{"line": 70.0}]},
}
ENDS = ["south.end", "north.start", "west.end", "east.start"]
MOTORWAY = {
    "roads": {
        "before": {"profile": "motorway_2", "path": [{"line": 300.0}], "speed_limit": 30.0},
        "between": {
            "profile": "motorway_2",
            "start": {"after": "before.end", "gap": 40.0},
            "path": [{"line": 600.0}],
            "speed_limit": 30.0,
        },
        "behind": {
            "profile": "motorway_2",
            "start": {"after": "between.end", "gap": 40.0},
            "path": [{"line": 300.0}],
            "speed_limit": 30.0,
        },
        "feeder": {
            "profile": "ramp",
            "points": [[120.0, -80.0], [200.0, -45.0], [260.0, -19.0], [300.0, -11.5]],
            "speed_limit": 20.0,
        },
        "leaver": {
            "profile": "ramp",
            "start": {"x": 980.0, "y": -11.5, "heading": -0.12},
            "path": [{"arc": {"length": 80.0, "radius": -150.0}}],
            "speed_limit": 15.0,
        },
    },
    "junctions": {
        "joining": {"entry": {"main": "before.end", "onto": "between.start", "ramp": "feeder.end", "lane": 200.0}},
        "leaving": {"exit": {"main": "between.end", "onto": "behind.start", "ramp": "leaver.start", "lane": 150.0}},
    },
}


def circle(traffic="right", **changes):
    spec = {"connect": ENDS, "radius": 15.0, **changes}
    return {"traffic": traffic, "roads": STREETS, "junctions": {"plaza": {"roundabout": spec}}}


def network_of(spec):
    return build_network(MapSpec.model_validate(spec))


def drive(tmp_path, spec, duration, speed, **routes):
    """The network, and the log of cars with a road, lane, s and route each."""
    actors = {}
    for name, (road, lane, s, route) in routes.items():
        driving = {"route": route, "driver": {"type": "idm"}}
        actors[name] = {
            "model": "hatchback",
            "at": {"road": road, "lane": lane, "s": s},
            "speed": speed,
            "drive": driving,
        }
    file = tmp_path / "scene.yaml"
    file.write_text(yaml.safe_dump({"scenario": "x", "duration": duration, "map": spec, "actors": actors}))
    scenario = load(file)
    return scenario.network, simulate(scenario)


@pytest.mark.parametrize("traffic", ["right", "left"])
def test_a_roundabout_leads_from_every_arm_to_every_arm(traffic):
    network = network_of(circle(traffic))
    into, out = (-1, 1) if traffic == "right" else (1, -1)
    entries = [LaneKey("south", into), LaneKey("west", into), LaneKey("north", out), LaneKey("east", out)]
    exits = [LaneKey("south", out), LaneKey("west", out), LaneKey("north", into), LaneKey("east", into)]
    for entry, leave in itertools.product(entries, exits):
        assert nx.has_path(network.graph, entry, leave)


@pytest.mark.parametrize(("traffic", "sense"), [("right", 1.0), ("left", -1.0)])
def test_the_circle_runs_the_right_way_and_lies_within_its_radius(traffic, sense):
    network = network_of(circle(traffic))
    for name, road in network.roads.items():
        if "/ring_" in name:
            right, left = road.carriageway
            outer = np.hypot(*road.point(0.5 * road.length, right if sense > 0 else left)[:2])
            assert outer == pytest.approx(15.0)
            x, y, heading = road.point(0.5 * road.length)
            assert np.sin(heading - np.arctan2(y, x)) == pytest.approx(sense)


def test_who_is_on_the_circle_goes_first():
    network = network_of(circle())
    on = next(key for key in network.connections if "ring_4.end-plaza/ring_1" in key.road)
    entering = next(key for key in network.connections if "south.end-plaza/ring_1" in key.road)
    assert network.right_of_way(on, entering) == "first"
    assert network.right_of_way(entering, on) == "second"
    assert network.connections[on].turn == "straight"
    lines = {line.arm.road.name for junction in network.junctions.values() for line in junction.stop_lines}
    assert lines == {"south", "north", "west", "east"}


def test_paths_round_the_circle_bend_no_more_than_a_car_can_follow():
    network = network_of(circle())
    for lane in network.connections.values():
        assert max(piece.sharpest for piece in lane.curve.pieces) < 1 / 8.0


def test_no_ground_of_a_roundabout_is_paved_twice():
    network = network_of(circle())
    parts = [road.patch((0.0, road.length), road.carriageway) for road in network.roads.values()]
    parts += [junction.polygon for junction in network.junctions.values()]
    assert all(part.is_valid for part in parts)
    assert sum(part.area for part in parts) - shapely.union_all(parts).area < 0.05
    assert not shapely.union_all(parts).contains(shapely.Point(0.0, 0.0))


def wide_circle(traffic):
    """Two lanes round, and two into and out of each arm but the last; arms lean by 8 degrees."""
    arms = {}
    for number, name in enumerate("abcd"):
        away, lean = math.radians(90.0 * number), math.radians(8.0)
        turn = away + math.pi + lean
        x, y = 34.0 * math.cos(away) - 60.0 * math.cos(turn), 34.0 * math.sin(away) - 60.0 * math.sin(turn)
        profile = "urban_2x1" if name == "d" else "urban_4x2"
        arms[name] = {"profile": profile, "start": {"x": x, "y": y, "heading": turn}, "path": [{"line": 60.0}]}
    spec = {"connect": [f"{name}.end" for name in arms], "radius": 24.0, "lanes": 2}
    return {"traffic": traffic, "roads": arms, "junctions": {"plaza": {"roundabout": spec}}}


@pytest.mark.parametrize("traffic", ["right", "left"])
def test_two_lanes_of_an_arm_lead_onto_two_lanes_of_the_circle_and_off_again(traffic):
    network = network_of(wide_circle(traffic))
    sign = -1 if traffic == "right" else 1
    into = {lane.origin.lane: lane.target.lane for lane in network.connections.values() if lane.origin.road == "a"}
    assert into == {sign: sign, 2 * sign: 2 * sign}
    inner, outer = LaneKey("a", sign), LaneKey("a", 2 * sign)
    for origin in (inner, outer):
        assert nx.has_path(network.graph, origin, LaneKey("b", -origin.lane))
    assert not nx.has_path(network.graph, inner, LaneKey("d", -sign))  # one lane leaves there: for the outer one


@pytest.mark.parametrize("traffic", ["right", "left"])
def test_nobody_drives_over_the_pavement_on_the_way_round(traffic):
    network = network_of(wide_circle(traffic))
    paved = network.drivable.difference(network.pavement)
    for lane in network.connections.values():
        s = np.linspace(0.0, lane.road.length, 40)
        for aside in (-1.0, 1.0):
            x, y, _ = lane.road.point(s, aside)
            assert shapely.distance(paved, shapely.points(x, y)).max() < 0.05


def test_cars_drive_round_the_circle_to_where_they_want(tmp_path):
    cars = {"ego": ("south", -1, 50.0, ["south", "west"]), "other": ("west", -1, 40.0, ["west", "east"])}
    network, log = drive(tmp_path, circle(), 26.0, 8.0, **cars)
    for number, actor in enumerate(log.actors):
        places = network.locate(log.position[:, number, :2])
        roads = [network.road_names[k] for k in places.road]
        assert roads[-1] == cars[actor.name][3][1]
        assert np.all(places.lane != 0)
    assert not [event for event in log.events if event.kind == "collision"]


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"radius": 6.0}, ("radius",), "needs a radius of"),
        ({"radius": 24.0}, ("connect", 0), "south.end ends 25.0 m from the middle"),
        ({"connect": ["south.end", "nroth.start"]}, ("connect", 1), "did you mean north"),
        ({"connect": ["south.start", "north.start", "west.end"]}, None, "does not point to the middle"),
    ],
)
def test_a_roundabout_that_cannot_be_built_says_why(changes, path, message):
    from roadlab.roads.network import map_problems

    found = map_problems(MapSpec.model_validate(circle(**changes)))
    assert any(message in text and path in (None, where[3:]) for where, text in found)
    assert all(where[:3] == ("junctions", "plaza", "roundabout") for where, _ in found)


# --- ramps -----------------------------------------------------------------------------------------------------------


def test_a_ramp_leads_onto_its_own_lane_and_that_into_the_motorway():
    network = network_of(MOTORWAY)
    route = network.route(LaneKey("feeder", -1), ["between", "leaver"])
    kinds = [network.every_road[key.road].lane(key.lane, key.section).type for key in route]
    assert kinds.count("entry") == 1
    assert kinds.count("exit") == 1
    between = network.roads["between"]
    assert between.lane_bounds(-3, 100.0) == pytest.approx((-11.25, -7.5))
    assert float(between.lane_width(230.0, -3)) == pytest.approx(3.75 / 2)  # half way through the taper of 60 m
    assert float(between.lane_width(420.0, -3)) == pytest.approx(3.75 / 2)


def test_the_motorway_goes_straight_on_past_its_ramps():
    network = network_of(MOTORWAY)
    for lane in (-1, -2):
        path = network.lane_path(network.route(LaneKey("before", lane), ["behind"]))
        assert np.ptp(path.points[:, 1]) < 1e-9
        assert path.length == pytest.approx(1280.0)


def test_cars_enter_and_leave_the_motorway(tmp_path):
    cars = {
        "ego": ("feeder", -1, 100.0, ["feeder", "between"]),
        "through": ("before", -1, 150.0, ["before", "between"]),
        "off": ("between", -2, 300.0, ["between", "leaver"]),
    }
    network, log = drive(tmp_path, MOTORWAY, 22.0, 16.0, **cars)
    last = {
        actor.name: network.road_names[network.locate(log.position[-1:, k, :2]).road[0]]
        for k, actor in enumerate(log.actors)
    }
    assert last["ego"] == "between"
    assert last["off"] in ("leaver", "leaving/between.end-leaver.start")
    assert not [event for event in log.events if event.kind == "collision"]


def test_a_ramp_lane_that_is_longer_than_its_road_is_refused():
    from roadlab.roads.network import map_problems

    roads = {**MOTORWAY["roads"], "between": {**MOTORWAY["roads"]["between"], "path": [{"line": 200.0}]}}
    spec = {"roads": roads, "junctions": {"joining": MOTORWAY["junctions"]["joining"]}}
    found = map_problems(MapSpec.model_validate(spec))
    assert any("too short for the ramp's lane" in text for _, text in found)


@pytest.mark.parametrize("spec", [circle(), MOTORWAY, {"town": {"style": "grid", "size": 300.0}}])
def test_a_map_survives_its_text(spec):
    whole = MapSpec.model_validate(spec)
    again = MapSpec.model_validate_json(whole.model_dump_json())
    assert again == whole
    assert list(build_network(again).roads) == list(build_network(whole).roads)


def test_lane_lines_run_on_past_a_ramp():
    network = network_of(MOTORWAY)
    marks = {
        (lane.origin.road, lane.origin.lane): (lane.road.lanes[0].mark, lane.road.center_mark)
        for lane in network.connections.values()
        if lane.junction == "joining"
    }
    assert marks["before", -1][0].type == "broken"
    assert marks["before", -1][1].type == "solid"  # the edge line on the left
    assert (marks["before", -2][0].type, marks["before", -2][0].width) == ("broken", 0.3)
    assert marks["feeder", -1][0].type == "solid"
