import numpy as np
import pytest

from roadlab.behaviors.legs import Lanes
from roadlab.behaviors.priorities import gives_way
from roadlab.behaviors.right_of_way import CRITICAL_HEADWAY, Conflicts, Movement, must_wait, time_to_cover
from roadlab.roads.network import build_network
from roadlab.scenario.spec import JunctionSpec, MapSpec, PathPiece, Pose2, RoadSpec


@pytest.fixture(scope="module")
def lanes():
    """Connecting lanes of a crossing by (from, to)."""
    starts = {"south": (0, -95, np.pi / 2), "north": (0, 15, np.pi / 2), "west": (-95, 0, 0), "east": (15, 0, 0)}
    roads = {
        name: RoadSpec(profile="urban_2x1", start=Pose2(x=float(x), y=float(y), heading=h), path=[PathPiece(line=80.0)])
        for name, (x, y, h) in starts.items()
    }
    junction = JunctionSpec(connect=["south.end", "north.start", "west.end", "east.start"])
    network = build_network(MapSpec(roads=roads, junctions={"cross": junction}))
    legs = Lanes(network)
    return {(lane.origin[0], lane.target[0]): legs.leg(lane.key) for lane in network.connections.values()}


@pytest.mark.parametrize(
    ("mine", "other", "signalled", "waits"),
    [
        (("south", "west"), ("north", "south"), True, True),
        (("north", "south"), ("south", "west"), True, False),
        (("south", "west"), ("north", "west"), True, True),
        (("south", "west"), ("north", "east"), True, False),
        (("south", "north"), ("east", "west"), False, True),
        (("south", "north"), ("west", "east"), False, False),
        (("south", "north"), ("east", "west"), True, False),
        (("south", "north"), ("north", "south"), False, False),
    ],
)
def test_who_gives_way(lanes, mine, other, signalled, waits):
    assert gives_way(lanes[mine], lanes[other], signalled=signalled) is waits


def test_time_to_cover_agrees_with_stepping_through_it():
    for distance, speed, top in [(20.0, 0.0, 8.0), (5.0, 3.0, 3.0), (60.0, 4.0, 10.0), (0.0, 1.0, 5.0)]:
        place, v, time = 0.0, speed, 0.0
        while place < distance:
            place, v, time = place + v * 1e-4, min(v + 1.2e-4, top), time + 1e-4
        assert time_to_cover(np.array(distance), np.array(speed), np.array(top)) == pytest.approx(time, abs=0.02)


def turning_left(other_front, other_speed, *, front=-2.0, speed=0.0, other_rest=0.0, halt=np.inf):
    """Whether the driver 0, 2 m before a place of 4 m, waits for the driver 1, whose way through it is 4 m too."""
    one = np.zeros(1)
    never = np.zeros(1, dtype=bool)
    conflict = Conflicts(np.array([0]), np.array([1]), one, one, one + 4, one, one + 4, ~never, never, one, one)
    m = Movement(
        front=np.array([front, other_front]),
        rear=np.array([front, other_front]) - 4.5,
        speed=np.array([speed, other_speed]),
        top=np.array([6.0, max(other_speed, 10.0)]),
        halt=np.array([np.inf, halt]),
        rest=np.array([0.0, other_rest]),
        rank=np.zeros(2),
        halted=np.full(2, np.nan),
        pull=np.full(2, 1.2),
    )
    return bool(must_wait(conflict, m, np.full(1, 6.0), np.full(1, CRITICAL_HEADWAY))[0])


def test_a_left_turn_needs_a_gap_of_the_published_critical_headway():
    rolls, sets_off = 2.0 / 6.0, np.sqrt(2 * 2.0 / 1.2)
    assert turning_left(-10.0 * (4.8 + rolls), 10.0, speed=6.0)
    assert not turning_left(-10.0 * (4.95 + rolls), 10.0, speed=6.0)
    assert turning_left(-10.0 * (4.5 + sets_off), 10.0)


def test_nobody_waits_for_who_is_past_or_has_to_stop():
    assert not turning_left(10.0, 10.0)
    assert not turning_left(-20.0, 10.0, halt=-5.0)


def test_nobody_waits_for_who_is_gone_before_one_arrives():
    assert not turning_left(-1.0, 10.0, front=-40.0, speed=6.0)
    assert turning_left(-30.0, 10.0, front=-20.0, speed=6.0)


def test_who_is_in_already_goes_on():
    assert not turning_left(-20.0, 10.0, front=0.5, speed=3.0)


def test_who_stands_for_no_reason_is_not_waited_for_for_ever():
    assert turning_left(-3.0, 0.0, other_rest=1.0)
    assert not turning_left(-3.0, 0.0, other_rest=2.5)
