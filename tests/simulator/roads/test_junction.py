"""A junction of four arms: who may go where, who is in whose way, what is painted and built."""

from pathlib import Path

import numpy as np
import pytest
import shapely
import yaml

from roadlab.roads.connecting import connecting_curve
from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec

SCENARIOS = Path(__file__).parents[3] / "scenarios"
NORTH = np.pi / 2


@pytest.fixture(scope="module")
def network():
    text = (SCENARIOS / "urban" / "left_turn.yaml").read_text()
    return build_network(MapSpec.model_validate(yaml.safe_load(text)["map"]))


@pytest.fixture(scope="module")
def junction(network):
    return network.junctions["market_cross"]


def tee(angle=NORTH, **junction):
    """A road from west to east, and one that comes from the south or, by its angle, askew."""
    x, y = -15 * np.cos(angle), -15 * np.sin(angle)
    roads = {
        "west": {"profile": "urban_2x1", "start": {"x": -75.0}, "path": [{"line": 60.0}]},
        "east": {"profile": "urban_2x1", "start": {"x": 15.0}, "path": [{"line": 60.0}]},
        "side": {
            "profile": "urban_2x1",
            "start": {"x": x - 60 * np.cos(angle), "y": y - 60 * np.sin(angle), "heading": angle},
            "path": [{"line": 60.0}],
        },
    }
    spec = {"roads": roads, "junctions": {"tee": {"connect": ["west.end", "east.start", "side.end"], **junction}}}
    return build_network(MapSpec.model_validate(spec))


def connection(network, origin, target):
    (found,) = [c for c in network.connections.values() if (c.origin[0], c.target[0]) == (origin, target)]
    return found


def test_every_arm_leads_to_every_other_and_never_back(junction):
    movements = sorted((c.origin[0], c.target[0], c.turn) for c in junction.connections)
    assert len(movements) == 12
    assert all(origin != target for origin, target, _ in movements)
    assert [turn for _, _, turn in movements].count("left") == 4
    assert ("south", "west", "left") in movements
    assert ("south", "east", "right") in movements
    assert ("south", "north", "straight") in movements


def test_connecting_lanes_continue_the_lanes_that_they_connect(network):
    for lane in network.connections.values():
        before, after = network.lane_path([lane.origin]), network.lane_path([lane.target])
        x, y, heading = lane.curve.point([0.0, lane.curve.length])
        np.testing.assert_allclose([x[0], y[0]], before.points[-1], atol=1e-9)
        np.testing.assert_allclose([x[1], y[1]], after.points[0], atol=1e-9)
        turns = np.array([heading[0] - before.heading[-1], heading[1] - after.heading[0]])
        np.testing.assert_allclose(np.exp(1j * turns), 1.0, atol=1e-9)


def test_connecting_lanes_bend_without_jumps_and_never_too_tightly(network):
    for lane in network.connections.values():
        pieces = lane.curve.pieces
        ends = [0.0] + [piece.end for piece in pieces]
        starts = [piece.start for piece in pieces] + [0.0]
        np.testing.assert_allclose(starts, ends, atol=1e-9)
        assert max(abs(piece.end) for piece in pieces) < 1 / 6.0


def test_cars_keep_off_the_kerb_while_turning(junction):
    for lane in junction.connections:
        x, y, _ = lane.curve.point(np.linspace(0, lane.curve.length, 60))
        swept = shapely.LineString(np.column_stack([x, y])).buffer(1.0, cap_style="flat")
        assert all(swept.intersection(corner.pavement).area < 1e-6 for corner in junction.corners)


@pytest.mark.parametrize(
    ("a", "b", "in_the_way"),
    [
        (("south", "west"), ("north", "south"), True),  # left turn and oncoming traffic
        (("south", "west"), ("north", "east"), False),  # opposite left turns pass before one another
        (("south", "north"), ("north", "south"), False),
        (("south", "north"), ("west", "east"), True),
        (("south", "east"), ("west", "east"), True),  # they merge
        (("south", "east"), ("south", "north"), False),  # they part
        (("south", "east"), ("north", "west"), False),
    ],
)
def test_who_is_in_whose_way(network, junction, a, b, in_the_way):
    first, second = connection(network, *a), connection(network, *b)
    assert junction.conflicts(first.key, second.key) is in_the_way
    assert junction.conflicts(second.key, first.key) is in_the_way


def test_crossing_paths_meet_where_the_arc_lengths_say(network, junction):
    north, east = connection(network, "south", "north"), connection(network, "west", "east")
    crossing = junction.crossing(north.key, east.key)
    # Lane centres cross at (1.75, -1.75): 13.25 m and 16.75 m after the road ends.
    assert np.mean(crossing.on_a) == pytest.approx(13.25, abs=0.3)
    assert np.mean(crossing.on_b) == pytest.approx(16.75, abs=0.3)
    back = junction.crossing(east.key, north.key)
    assert (back.on_a, back.on_b) == (crossing.on_b, crossing.on_a)


def test_opposite_arms_share_a_stage_and_south_is_first(junction):
    stages = {head.name: head.stage for head in junction.heads}
    assert stages == {
        "market_cross/south.end": 0,
        "market_cross/north.start": 0,
        "market_cross/west.end": 1,
        "market_cross/east.start": 1,
    }
    assert junction.plan.stages == 2
    assert junction.plan.cycle == pytest.approx(2 * (14 + 3 + 2))


def test_signal_heads_stand_on_the_right_hand_pavement_and_face_the_traffic(network, junction):
    for head, line in zip(junction.heads, junction.stop_lines, strict=True):
        assert network.pavement.contains(shapely.Point(head.x, head.y))
        x, y, heading = line.arm.point(line.ahead, 0.0)
        assert np.cos(head.heading - heading) == pytest.approx(-1.0)
        aside = -(head.x - x) * np.sin(heading) + (head.y - y) * np.cos(heading)
        assert aside < -3.5


def test_from_outside_in_come_stop_line_crosswalk_and_junction(junction):
    for line, strip in zip(junction.stop_lines, junction.crosswalks, strict=True):
        middle = np.array([0.0, 0.0])
        stop = np.linalg.norm(np.array(line.strip.polygon.centroid.coords[0]) - middle)
        zebra = np.linalg.norm(np.array(strip.polygon.centroid.coords[0]) - middle)
        assert stop > zebra + 2.5
        assert line.strip.polygon.distance(strip.polygon) == pytest.approx(1.0, abs=0.01)
        assert strip.s[1] - strip.s[0] == pytest.approx(4.0)


def test_crosswalks_lead_from_pavement_to_pavement(network, junction):
    for strip in junction.crosswalks:
        middle = sum(strip.s) / 2
        ends = [shapely.Point(*np.array(strip.road.point(middle, t))[:2]) for t in (strip.t[0] - 0.5, strip.t[1] + 0.5)]
        assert all(network.pavement.contains(end) for end in ends)


def test_pavements_are_joined_round_the_corners(network):
    assert len(shapely.get_parts(network.pavement)) == 4


def test_at_a_tee_the_side_road_turns_left_or_right():
    network = tee()
    assert {c.turn for c in network.connections.values() if c.origin[0] == "side"} == {"left", "right"}
    assert connection(network, "west", "east").turn == "straight"
    assert len(network.connections) == 6


@pytest.mark.parametrize("degrees", [60, 75, 105, 120])
def test_skew_tees_connect_smoothly(degrees):
    network = tee(np.radians(degrees), signals={})
    assert len(network.connections) == 6
    (junction,) = network.junctions.values()
    assert junction.polygon.is_valid
    assert all(corner.pavement.is_valid for corner in junction.corners)
    assert max(abs(p.end) for c in junction.connections for p in c.curve.pieces) < 0.3


def test_without_signals_there_are_lines_but_no_heads():
    network = tee(crosswalks=False)
    (junction,) = network.junctions.values()
    assert junction.plan is None
    assert junction.heads == ()
    assert junction.crosswalks == ()
    assert [line.signal for line in junction.stop_lines] == [None, None, None]


def test_a_slight_bend_beside_a_parallel_lane_is_no_hairpin():
    """30 degrees within 40 m: the tangents of the lanes' middles meet half a metre before the end."""
    curve = connecting_curve((1.75, 0.0, NORTH), (1.5156, 40.875, NORTH + np.pi / 6), 8.0, easing=0.3)
    assert max(piece.sharpest for piece in curve.pieces) < 1 / 12.0
    x, y, heading = curve.point(curve.length)
    assert (x, y, heading) == pytest.approx((1.5156, 40.875, NORTH + np.pi / 6), abs=1e-6)


def test_ways_through_a_staggered_crossroads_lie_on_paved_ground():
    """The roads from west and east are 10 m apart: between small corners the kerbs give way to those who drive."""
    starts = {"west": (-80.0, 0.0, 0.0), "east": (80.0, 10.0, np.pi), "south": (0.0, -80.0, NORTH)}
    starts["north"] = (0.0, 80.0, -NORTH)
    roads = {
        name: {"profile": "urban_2x1", "start": {"x": x, "y": y, "heading": turn}, "path": [{"line": 60.0}]}
        for name, (x, y, turn) in starts.items()
    }
    spec = {"cross": {"connect": [f"{name}.end" for name in roads], "kerb_radius": 2.0}}
    network = build_network(MapSpec.model_validate({"roads": roads, "junctions": spec}))
    paved = network.drivable.difference(network.pavement)
    for lane in network.connections.values():
        s = np.linspace(0.0, lane.road.length, 40)
        for aside in (-1.0, 1.0):
            x, y, _ = lane.road.point(s, aside)
            assert shapely.distance(paved, shapely.points(x, y)).max() < 0.05
