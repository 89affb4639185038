import numpy as np
import pytest

from roadlab.actors.cast import cast
from roadlab.actors.catalog import PEOPLE
from roadlab.actors.joints import Motion, joint_names, joints
from roadlab.actors.skeleton import pedestrian_part_poses, pedestrian_size, phase_rate, walking_joints
from roadlab.behaviors.ground import walked_height
from roadlab.behaviors.paths import Paths
from roadlab.behaviors.walking import walk, walking_path
from roadlab.roads.network import build_network
from roadlab.scenario.spec import (
    ActorSpec,
    EventSpec,
    MapSpec,
    PathPiece,
    RoadSpec,
    ScenarioSpec,
    WalkSpec,
    WorldPosition,
)

STEP = 0.01


def stroll(points, pace, seconds, yaw=0.0):
    """(T, 5) x, y, yaw, speed, station of somebody who walks from rest."""
    paths, who = Paths.of([walking_path(np.array(points, dtype=float))]), np.zeros(1, dtype=int)
    at, rows = np.array([points[0][0], points[0][1], yaw, 0.0, 0.0]), []
    for _ in range(round(seconds / STEP)):
        rows.append(at)
        after = walk(paths, who, at[[4]], at[[2]], at[[3]], np.array([pace]), STEP)
        at = np.concatenate([after.x, after.y, after.yaw, after.speed, after.station])
    return np.array(rows)


def test_somebody_who_walks_stops_at_the_end_of_the_path():
    rows = stroll([(0, 0), (10, 0)], 1.34, 12)
    np.testing.assert_allclose(rows[-1], [10, 0, 0, 0, 10], atol=0.02)
    assert rows[:, 3].max() == pytest.approx(1.34)
    assert np.abs(np.diff(rows[:, 3])).max() <= 3.0 * STEP + 1e-12
    arrival = STEP * np.argmax(rows[:, 4] > 9.9)
    assert arrival == pytest.approx(10 / 1.34 + 1.34 / 1.5, abs=0.4)


def test_corners_are_rounded_and_turned_through_smoothly():
    rows = stroll([(0, 0), (5, 0), (5, 5)], 1.34, 10)
    np.testing.assert_allclose(rows[-1, :3], [5, 5, np.pi / 2], atol=0.02)
    corner = np.hypot(rows[:, 0] - 5, rows[:, 1]).min()
    assert corner == pytest.approx(0.5 * (np.sqrt(2) - 1), abs=0.01)
    assert np.abs(np.diff(rows[:, 2])).max() <= 3.0 * STEP + 1e-9
    length = 10 - 1 + 0.25 * np.pi
    assert rows[-1, 4] == pytest.approx(length, abs=0.02)


def test_who_faces_the_other_way_turns_round_before_setting_off():
    rows = stroll([(0, 0), (5, 0)], 1.34, 6, yaw=np.pi * 0.9)
    turned = np.argmax(np.abs(rows[:, 2]) < np.pi / 2)
    assert np.hypot(*rows[turned, :2]) < 0.01
    assert rows[-1, 0] == pytest.approx(5.0, abs=0.02)


def test_somebody_who_stands_does_not_turn():
    rows = stroll([(0, 0), (5, 0)], 0.0, 2, yaw=1.0)
    np.testing.assert_array_equal(rows[-1], [0, 0, 1, 0, 0])


def test_a_path_that_goes_back_on_itself_is_walked():
    rows = stroll([(0, 0), (4, 0), (0, 0)], 1.34, 12)
    np.testing.assert_allclose(rows[-1, :2], [0, 0], atol=0.05)
    assert np.abs(rows[-1, 2]) == pytest.approx(np.pi, abs=0.02)


def test_a_path_needs_two_places():
    with pytest.raises(ValueError, match="two different points"):
        walking_path(np.zeros((3, 2)))


# science.md B.4: cadence = sqrt(60 v / 0.006)
@pytest.mark.parametrize(("speed", "cadence"), [(0.8, 89.4), (1.03, 101.5), (1.2, 109.5), (1.34, 115.8), (1.5, 122.5)])
def test_the_phase_of_the_gait_advances_with_the_published_cadence(speed, cadence):
    time = np.arange(0, 60.001, 0.01)
    motion = Motion(time, np.full(len(time), speed), np.zeros(len(time)), np.zeros(len(time)))
    strides = motion.integral(phase_rate(motion.speed, PEOPLE["adult"].height))[-1] / (2 * np.pi)
    assert 2 * strides == pytest.approx(cadence, abs=0.06)


def test_the_feet_do_not_skate_while_the_pace_changes():
    rows = stroll([(0, 0), (20, 0)], 1.4, 14)
    speed, time = rows[:, 3], STEP * np.arange(len(rows))
    motion = Motion(time, speed, np.gradient(speed, time), np.zeros(len(time)))
    values = joints("pedestrian", "adult", motion, 0.0)
    assert values.shape == (len(time), len(joint_names("pedestrian")))
    parts = pedestrian_part_poses("adult", values)
    steady = (time > 2.0) & (time < 12.0)
    slowest = np.full(np.count_nonzero(steady) - 1, np.inf)
    for side in "lr":
        x = rows[steady, 0] + parts[f"toes_{side}"][steady, 0, 3]
        slowest = np.minimum(slowest, np.abs(np.diff(x)) / STEP)
    assert np.quantile(slowest, 0.95) < 0.05


def test_wheels_and_cranks_turn_forward_with_the_road():
    time = np.arange(0, 10, 0.01)
    speed = np.where(time < 5, 5.0, np.maximum(5.0 - 2.0 * (time - 5), 0.0))
    motion = Motion(time, speed, np.gradient(speed, time), np.full(len(time), 0.1))
    steer, spin, crank = joints("cyclist", "bicycle", motion, 1.0).T
    assert (steer == 0.1).all()
    assert spin[-1] == pytest.approx((25.0 + 6.25) / 0.345, rel=1e-3)
    assert (np.diff(spin) >= 0).all()
    coasting = time > 5.05
    assert np.ptp(crank[coasting]) == pytest.approx(0.0, abs=1e-9)
    assert crank[400] - crank[0] == pytest.approx(spin[400] / 2.1)


@pytest.mark.parametrize("name", sorted(PEOPLE))
@pytest.mark.parametrize("speed", [0.0, 1.34, 1.8])
def test_the_box_of_a_walker_holds_every_joint_with_room_for_flesh(name, speed):
    walk = WalkSpec(path=[WorldPosition(x=9.0, y=0.0)], speed=speed) if speed > 0.0 else None
    actors = {"ego": ActorSpec(model=name, at=WorldPosition(x=0.0, y=0.0), walk=walk)}
    roads = {"street": RoadSpec(profile="urban_2x1", path=[PathPiece(line=100.0)])}
    (member,) = cast(ScenarioSpec(scenario="x", duration=1.0, map=MapSpec(roads=roads), actors=actors)).members
    phase = np.linspace(0, 2 * np.pi, 40)
    parts = pedestrian_part_poses(name, walking_joints(phase, np.full(40, speed), PEOPLE[name].height))
    points = np.concatenate([pose[:, :3, 3] for pose in parts.values()]) - member.info.box_center
    room = 0.5 * np.array(member.info.size) - np.abs(points).max(axis=0)
    assert (room[:2] > 0.03).all()
    assert room[2] > -1e-9


def test_the_box_has_room_for_the_fastest_walk_of_the_story():
    hurry = EventSpec.model_validate({"when": {"time": {"after": 1.0}}, "do": {"anna": {"walk": {"speed": 2.0}}}})
    standing = {name: ActorSpec(model="adult", at=WorldPosition(x=0.0, y=y)) for name, y in (("anna", 0), ("bea", 5))}
    roads = {"street": RoadSpec(profile="urban_2x1", path=[PathPiece(line=100.0)])}
    spec = ScenarioSpec(scenario="x", duration=1.0, map=MapSpec(roads=roads), actors=standing, story=[hurry])
    anna, bea = (member.info for member in cast(spec).members)
    assert anna.size == pedestrian_size("adult", 2.0)
    assert bea.size == pedestrian_size("adult", 1.34)
    assert anna.size[0] > bea.size[0]


@pytest.mark.parametrize(("s", "kerb"), [(50.0, 0.03), (70.0, 0.12)])
def test_feet_follow_the_dropped_kerb_at_a_crosswalk_and_climb_the_full_one_elsewhere(s, kerb):
    street = {"profile": "urban_2x1", "path": [{"line": 100.0}]}
    network = build_network(MapSpec.model_validate({"roads": {"r": street}, "crosswalks": [{"road": "r", "s": 50.0}]}))
    t = np.linspace(0.0, 6.0, 601)
    height = walked_height(network, np.full(601, s), t)
    assert height[0] == 0.0
    assert height[-1] == pytest.approx(0.12)
    just_behind = np.argmax(t > 3.5 + 0.25)
    assert height[just_behind] == pytest.approx(network.ground_height([[s, t[just_behind]]])[0], abs=0.005)
    assert height[just_behind] == pytest.approx(kerb + (0.0 if kerb == 0.12 else 0.01875), abs=0.005)
    assert np.abs(np.diff(height)).max() < 0.004
