"""Lanes that follow one another over lane sections, roads and junctions, as OpenDRIVE links them."""

import numpy as np
import pytest
import shapely

from roadlab.roads.connections import Connection
from roadlab.roads.cubics import Cubics
from roadlab.roads.junction import junction_of
from roadlab.roads.lanes import Lane, LaneKey, LaneSection, RoadLink
from roadlab.roads.network import network_of
from roadlab.roads.reference_line import Piece, ReferenceLine
from roadlab.roads.road import Road

HUNDRED = (Piece(100.0),)


def lane(number, before=None, after=None, width=3.5, **more):
    links = {"predecessors": () if before is None else (before,), "successors": () if after is None else (after,)}
    return Lane(number, "driving", Cubics.constant(width), **links, **more)


def road(name, *sections, start=(0.0, 0.0, 0.0), pieces=HUNDRED, **more):
    return Road(name, ReferenceLine(pieces, *start), sections, 20.0, **more)


@pytest.fixture(scope="module")
def widened():
    """Two roads in a row; on the first a lane opens on the inside, so that ids shift by one behind 40 m."""
    opening = Cubics.ramp((40.0, 70.0), (0.0, 3.5))
    first = LaneSection(0.0, (lane(-1, after=-2), lane(1, after=1)))
    second = LaneSection(
        40.0, (lane(-2, -1, -2), Lane(-1, "driving", opening, successors=(-1,)), lane(1, before=1, after=1))
    )
    onward = LaneSection(0.0, (lane(-2, before=-2), lane(-1, before=-1), lane(1, before=1)))
    west = road("west", first, second, successor=RoadLink("road", "east", "start"))
    east = road("east", onward, start=(100.0, 0.0, 0.0), predecessor=RoadLink("road", "west", "end"))
    return network_of([west, east])


def test_a_lane_keeps_its_way_where_ids_shift(widened):
    assert widened.route(("west", -1)) == [("west", -1, 0), ("west", -2, 1), ("east", -2, 0)]
    assert widened.successors(("west", -1)) == [("west", -2, 1)]
    assert widened.predecessors(LaneKey("west", -1, 1)) == []


def test_traffic_on_the_left_runs_the_other_way(widened):
    assert widened.route(("east", 1), ["west"]) == [("east", 1, 0), ("west", 1, 1), ("west", 1, 0)]


def test_neighbours_are_to_the_right_and_left_of_who_drives(widened):
    assert widened.neighbours(LaneKey("west", -1, 1)) == (("west", -2, 1), ("west", 1, 1))
    assert widened.neighbours(LaneKey("west", 1, 1)) == (None, ("west", -1, 1))


def test_a_path_over_shifting_lanes_is_smooth(widened):
    path = widened.lane_path(widened.route(("west", -1)))
    chords = np.linalg.norm(np.diff(path.points, axis=0), axis=1)
    assert path.length == pytest.approx(chords.sum(), rel=1e-5)
    np.testing.assert_allclose(path.s, np.concatenate([[0.0], np.cumsum(chords)]), atol=2e-3)
    steps = np.arctan2(*np.diff(path.points, axis=0).T[::-1])
    np.testing.assert_allclose(0.5 * (path.heading[1:] + path.heading[:-1]), steps, atol=2e-3)
    turns = np.diff(path.heading) / np.diff(path.s)
    np.testing.assert_allclose(0.5 * (path.curvature[1:] + path.curvature[:-1])[90:130], turns[90:130], atol=1e-3)
    assert path.points[-1] == pytest.approx([200.0, -5.25])


def test_who_is_on_a_lane_that_ends_moves_over_in_time():
    """The outer lane narrows to nothing and is followed by the inner one, whose middle lies 1.75 m beside its end."""
    narrows = Lane(-2, "driving", Cubics.ramp((50.0, 100.0), (3.5, 0.0)), successors=(-1,))
    before = LaneSection(0.0, (narrows, lane(-1, after=-1)))
    behind = LaneSection(100.0, (lane(-1, before=-1),))
    network = network_of([road("r", before, behind, pieces=(Piece(200.0),))])
    path = network.lane_path(network.route(("r", -2)))
    steps = np.diff(path.points, axis=0)
    assert np.linalg.norm(steps, axis=1).max() < 0.6
    assert np.abs(np.arctan2(steps[:, 1], steps[:, 0]) - path.heading[1:]).max() < 0.01
    assert path.points[100, 1] == pytest.approx(-5.25, abs=1e-6)
    np.testing.assert_allclose(path.points[path.s > 100.5, 1], -1.75)


def test_lanes_that_do_not_follow_are_refused(widened):
    with pytest.raises(ValueError, match="does not follow"):
        widened.lane_path([("west", -1, 0), ("east", -1, 0)])


def test_left_hand_traffic_runs_along_s_on_the_left():
    network = network_of([road("r", LaneSection(0.0, (lane(-1), lane(1))), left_hand=True)])
    assert [network.lane_direction(("r", k)) for k in (-1, 1)] == [-1, 1]
    assert network.lane_path([("r", 1)]).points[0] == pytest.approx([0.0, 1.75])


def test_a_lane_may_run_against_its_side():
    network = network_of([road("r", LaneSection(0.0, (lane(-1, direction="reversed"), lane(1))))])
    assert network.lane_direction(("r", -1)) == -1


def test_speed_limits_of_lanes_come_before_those_of_their_road():
    own = lane(-2, limits=((50.0, 10.0),))
    section = LaneSection(0.0, (own, lane(-1)))
    r = road("r", section, limits=((20.0, 30.0),))
    np.testing.assert_allclose(r.lane_speed_limit([0.0, 30.0, 60.0], -1), [20.0, 30.0, 30.0])
    np.testing.assert_allclose(r.lane_speed_limit([0.0, 30.0, 60.0], -2), [20.0, 30.0, 10.0])


@pytest.fixture(scope="module")
def fork():
    """A road that parts in a junction: straight on, and left on a road that was drawn towards the junction."""
    both = LaneSection(0.0, (lane(-1), lane(1)))
    north = Piece(15.0 * np.pi / 2, 1 / 15, 1 / 15)
    one = LaneSection(0.0, (lane(-1, -1, -1),))
    other = LaneSection(0.0, (lane(-1, -1, 1),))
    return network_of(
        (
            roads := [
                road("in", both, successor=RoadLink("junction", "j")),
                road("on", both, start=(115.0, 0.0, 0.0), predecessor=RoadLink("junction", "j")),
                road("up", both, start=(115.0, 115.0, -np.pi / 2), successor=RoadLink("junction", "j")),
                road(
                    "through",
                    one,
                    start=(100.0, 0.0, 0.0),
                    pieces=(Piece(15.0),),
                    junction="j",
                    predecessor=RoadLink("road", "in", "end"),
                    successor=RoadLink("road", "on", "start"),
                ),
                road(
                    "turn",
                    other,
                    start=(100.0, 0.0, 0.0),
                    pieces=(north,),
                    junction="j",
                    predecessor=RoadLink("road", "in", "end"),
                    successor=RoadLink("road", "up", "end"),
                ),
            ]
        ),
        [
            junction_of(
                "j",
                [Connection("in", "through", "start", ((-1, -1),)), Connection("in", "turn", "start", ((-1, -1),))],
                {r.name: r for r in roads},
                priorities=[("through", "turn")],
            )
        ],
    )


def test_the_junction_of_a_file_has_connecting_lanes_and_arms(fork):
    (junction,) = fork.junctions.values()
    found = {lane.road.name: (lane.origin, lane.target, lane.turn, lane.arm) for lane in junction.connections}
    assert found == {
        "through": (("in", -1, 0), ("on", -1, 0), "straight", "in.end"),
        "turn": (("in", -1, 0), ("up", 1, 0), "left", "in.end"),
    }
    assert {arm.name for arm in junction.arms} == {"in.end", "on.start", "up.end"}
    assert junction.priorities == (("through", "turn"),)
    assert junction.polygon.contains(shapely.Point(107.0, -1.0))
    assert list(fork.roads) == ["in", "on", "up"]
    assert list(fork.connecting) == ["through", "turn"]


def test_a_route_leads_through_the_junction_of_a_file(fork):
    assert fork.route(("in", -1)) == [("in", -1, 0), ("through", -1, 0), ("on", -1, 0)]
    left = fork.route(("in", -1), ["up"])
    assert left == [("in", -1, 0), ("turn", -1, 0), ("up", 1, 0)]
    path = fork.lane_path(left)
    assert np.max(np.linalg.norm(np.diff(path.points, axis=0), axis=1)) < 0.6
    assert path.points[-1] == pytest.approx([116.75, 115.0])
    assert path.heading[-1] == pytest.approx(np.pi / 2)


def test_who_is_in_a_junction_is_located_on_its_connecting_lane(fork):
    found = fork.locate([[107.0, -1.7], [50.0, -1.7], [107.0, 9.0]])
    assert fork.road_names[found.road[0]] == "through"
    assert fork.junction_names[found.junction[0]] == "j"
    assert (fork.road_names[found.road[1]], found.lane[1], found.junction[1]) == ("in", -1, -1)
    assert found.road[2] == -1
