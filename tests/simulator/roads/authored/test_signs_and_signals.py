"""Signs, plans and arrows that follow from what an author says of roads and junctions."""

import numpy as np
import pytest

from roadlab.roads.network import build_network
from roadlab.roads.opendrive.exporting import to_opendrive
from roadlab.roads.opendrive.importing import import_text
from roadlab.roads.signals import SignalPlan, WalkHead, signal_state, walk_state
from roadlab.scenario.spec import MapSpec

NORTH = np.pi / 2


def cross(profile="urban_2x1", signs="de", traffic="right", **junction):
    roads = {
        "south": {"profile": profile, "start": {"y": -105.0, "heading": NORTH}, "path": [{"line": 80.0}]},
        "north": {"profile": profile, "start": {"y": 25.0, "heading": NORTH}, "path": [{"line": 80.0}]},
        "west": {"profile": "urban_2x1", "start": {"x": -105.0}, "path": [{"line": 80.0}]},
        "east": {"profile": "urban_2x1", "start": {"x": 25.0}, "path": [{"line": 80.0}]},
    }
    ends = ["south.end", "north.start", "west.end", "east.start"]
    spec = {"signs": signs, "traffic": traffic, "roads": roads, "junctions": {"j": {"connect": ends, **junction}}}
    return build_network(MapSpec.model_validate(spec))


def signs_at(network, road):
    return sorted(signal.type for signal in network.roads[road].signals)


@pytest.mark.parametrize(
    ("control", "signs", "main", "side"),
    [
        ("yield", "de", ["301"], ["205"]),
        ("stop", "de", ["301"], ["206"]),
        ("priority", "de", ["301"], ["205"]),
        ("stop", "us", ["R2-1", "R2-1", "W2-1"], ["R1-1", "R2-1", "R2-1"]),
        ("yield", "none", [], []),
    ],
)
def test_signs_say_who_goes_first(control, signs, main, side):
    network = cross(signs=signs, control=control, priority=["west", "east"])
    assert signs_at(network, "west") == main
    assert signs_at(network, "south") == side


def test_right_before_left_needs_no_sign_and_an_all_way_stop_one_at_each_arm():
    assert signs_at(cross(), "south") == []
    assert [signs_at(cross(control="all_way_stop"), name) for name in ("south", "east")] == [["206"], ["206"]]
    assert "R1-3P" in signs_at(cross(control="all_way_stop", signs="us"), "south")


@pytest.mark.parametrize(("traffic", "side"), [("right", -1.0), ("left", 1.0)])
def test_a_sign_stands_beside_those_for_whom_it_is(traffic, side):
    network = cross(traffic=traffic, control="stop", priority=["west", "east"])
    (stop,) = [signal for signal in network.roads["south"].signals if signal.type == "206"]
    assert stop.facing == "+"
    assert stop.s == pytest.approx(79.0)
    assert stop.t == pytest.approx(side * 4.2)  # 0.7 m behind the kerb
    (other,) = [signal for signal in network.roads["north"].signals if signal.type == "206"]
    assert (other.facing, np.sign(other.t)) == ("-", -side)


def test_only_limits_that_the_law_does_not_imply_have_a_sign():
    def limits(**road):
        spec = {"roads": {"r": {"path": [{"line": 200.0}], **road}}}
        signals = build_network(MapSpec.model_validate(spec)).roads["r"].signals
        return sorted((signal.s, signal.facing, signal.value) for signal in signals if signal.type == "274")

    assert limits(profile="urban_2x1") == []
    assert limits(profile="country_1x1", speed_limit=100 / 3.6) == []
    assert limits(profile="urban_2x1", speed_limit=30 / 3.6) == [(2.0, "+", 30.0), (198.0, "-", 30.0)]
    slow = [{"s": 80.0, "speed": 30 / 3.6}]
    assert limits(profile="urban_2x1", speed_limits=slow) == [(80.0, "+", 30.0), (80.0, "-", 50.0), (198.0, "-", 30.0)]


def test_arrows_show_where_lanes_lead():
    network = cross("urban_4x2")
    arrows = {
        (round(network.roads["south"].length - thing.s), round(thing.t, 2)): thing.name
        for thing in network.roads["south"].objects
    }
    # lanes of 3.25 m: the inner one, at 1.625 m, also turns left, the outer one, at 4.875 m, right
    assert arrows[12, -1.62] == "arrow left straight"
    assert arrows[12, -4.88] == "arrow straight right"
    assert not network.roads["west"].objects


def test_turns_can_be_told_lane_by_lane():
    told = [{"arm": "south.end", "lane": -1, "turn": ["left"]}, {"arm": "south.end", "lane": -2, "turn": ["straight"]}]
    network = cross("urban_4x2", turns=told)
    turns = sorted((c.origin.lane, c.turn) for c in network.connections.values() if c.origin.road == "south")
    assert turns == [(-2, "straight"), (-1, "left")]


def test_stop_lines_crosswalks_and_kerbs_can_be_overridden():
    lines = [{"arm": "south.end", "before": 6.0}]
    network = cross(stop_lines=lines, crosswalk_arms=["west.end"], kerb_radius=10.0)
    junction = network.junctions["j"]
    assert [strip.name for strip in network.crosswalks] == ["j/west.end"]
    (south,) = [line for line in junction.stop_lines if line.arm.name == "south.end"]
    assert south.ahead == -6.0
    assert south.strip.s == pytest.approx((74.0, 74.5))
    # The kerb leaves the edge of the carriageway a radius before the other street's edge: at 3.5 m + 10 m.
    corner = next(corner for corner in junction.corners if corner.kerb[0] == pytest.approx([3.5, -25.0]))
    assert corner.kerb[1] == pytest.approx([3.5, -13.5], abs=1e-6)


# --- plans -----------------------------------------------------------------------------------------------------------


def test_stages_and_their_greens_can_be_told():
    stages = [["west.end"], ["east.start"], ["south.end", "north.start"]]
    network = cross(signals={"stages": stages, "greens": [10.0, 8.0, 20.0], "amber": 3.0, "all_red": 2.0})
    junction = network.junctions["j"]
    stage = {head.name: head.stage for head in junction.heads}
    assert stage == {"j/west.end": 0, "j/east.start": 1, "j/south.end": 2, "j/north.start": 2}
    assert junction.plan.cycle == pytest.approx(38.0 + 3 * 5.0)
    shown = {t: [signal_state(junction.plan, k, t) for k in range(3)] for t in (5.0, 12.0, 17.0, 45.0)}
    assert shown == {
        5.0: ["green", "red", "red"],
        12.0: ["amber", "red", "red"],
        17.0: ["red", "green", "red"],
        45.0: ["red", "red", "green"],
    }


def test_people_walk_while_the_street_that_they_cross_has_red():
    junction = cross(signals={"green": 20.0, "amber": 3.0, "all_red": 2.0}).junctions["j"]
    assert len(junction.walk_heads) == 8
    stage = {head.name: head.stage for head in junction.heads}
    for head in junction.walk_heads:
        assert stage[head.crosswalk] not in head.stages
        for time in np.arange(0.0, junction.plan.cycle, 0.25):
            if walk_state(junction.plan, head, time) == "green":
                assert signal_state(junction.plan, stage[head.crosswalk], time) in ("red", "red_amber")


def test_who_steps_onto_the_crosswalk_last_is_across_in_time():
    # 7 m at 1.2 m/s take 5.83 s: of the 25 s until the other stage begins, people start in the first 19.17 s.
    plan = SignalPlan(2, green=20.0, amber=3.0, all_red=2.0)
    head = WalkHead("x", "x", (1,), 7.0 / 1.2, 0.0, 0.0, 0.0)
    green = [t for t in np.arange(0.0, 50.0, 0.01) if walk_state(plan, head, t) == "green"]
    assert green[0] == pytest.approx(25.0, abs=0.011)
    assert green[-1] == pytest.approx(50.0 - 7.0 / 1.2, abs=0.011)


# --- who goes first, and where ---------------------------------------------------------------------------------------


def test_lanes_through_a_junction_know_who_goes_first():
    network = cross(control="stop", priority=["west", "east"])
    lane = {(c.origin.road, c.target.road): c.key for c in network.connections.values()}
    assert network.right_of_way(lane["west", "east"], lane["south", "north"]) == "first"
    assert network.right_of_way(lane["south", "north"], lane["west", "east"]) == "second"
    assert network.right_of_way(lane["west", "north"], lane["east", "west"]) == "second"  # turns left
    assert network.right_of_way(lane["west", "south"], lane["east", "west"]) is None


@pytest.mark.parametrize(("traffic", "first"), [("right", "east"), ("left", "west")])
def test_who_comes_from_the_side_that_one_drives_on_goes_first(traffic, first):
    network = cross(traffic=traffic)
    lane = {(c.origin.road, c.target.road): c.key for c in network.connections.values()}
    other = {"east": "west", "west": "east"}[first]
    assert network.right_of_way(lane["south", "north"], lane[first, other]) == "second"
    assert network.right_of_way(lane["south", "north"], lane[other, first]) == "first"


def test_the_ground_that_two_ways_share_is_where_they_cross():
    network = cross()
    zones = network.conflict_zones("j", width=2.0)
    lane = {(c.origin.road, c.target.road): c.key for c in network.connections.values()}
    pair = tuple(sorted((lane["south", "north"], lane["west", "east"])))
    zone = next(area for keys, area in zones.items() if set(keys) == set(pair))
    # two straight bands of 2 m, at right angles, whose middles are at x = 1.75 and y = -1.75
    assert zone.area == pytest.approx(4.0)
    assert zone.centroid.coords[0] == pytest.approx((1.75, -1.75))
    both = {frozenset(keys) for keys in zones}
    assert frozenset((lane["south", "north"], lane["north", "south"])) not in both
    assert frozenset((lane["south", "north"], lane["south", "east"])) not in both  # they part


def test_priorities_of_a_file_say_who_goes_first_too():
    network = cross(control="yield", priority=["west", "east"])
    again = import_text(to_opendrive(network).encode(), "cross.xodr")[0]
    (junction,) = again.junctions.values()
    names = {road.name: number for number, road in enumerate(network.roads.values(), 1)}
    lane = {(c.origin.road, c.target.road): c.key for c in junction.connections}
    west, east, south, north = (str(names[name]) for name in ("west", "east", "south", "north"))
    assert again.right_of_way(lane[west, east], lane[south, north]) == "first"
    assert again.right_of_way(lane[south, north], lane[west, east]) == "second"


def test_islands_carry_the_signs_that_lead_around_them():
    """StVO, sign 222: at either nose, for those who come towards it."""
    road = {"profile": "urban_2x1", "path": [{"line": 100.0}], "islands": [{"s": 50.0, "length": 10.0, "width": 2.0}],
            "lane_offset": [{"s": 0.0, "t": 0.4}]}  # fmt: skip
    network = build_network(MapSpec.model_validate({"roads": {"r": road}}))
    signs = [signal for signal in network.roads["r"].signals if signal.type == "222"]
    assert [(sign.s, sign.t, sign.facing) for sign in signs] == [(46.0, 0.4, "+"), (54.0, 0.4, "-")]
