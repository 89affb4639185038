"""The shipped scenarios do what they say about themselves."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely

from roadlab.actors.catalog import VEHICLES
from roadlab.dynamics.footprint import corners
from roadlab.engine import simulate
from roadlab.log import LAMPS, QUANTA, SIGNAL_STATES
from roadlab.scenario.load import load
from roadlab.timing import nanoseconds

SCENARIOS = Path(__file__).parents[3] / "scenarios"
SHIPPED = ("urban/pedestrian_crossing", "highway/cut_in", "urban/left_turn")

pytestmark = pytest.mark.xdist_group("shipped stories")


@cache
def scenario(name):
    return load(SCENARIOS / f"{name}.yaml")


@cache
def log_of(name):
    return simulate(scenario(name))


def started(log, name):
    return next(event.time for event in log.events if event.name == name)


def speed(log, name):
    return np.hypot(*log.velocity[:, log.index(name), :2].T)


def place(log, name):
    return log.position[:, log.index(name), :2]


def outlines(log, name):
    """(T, 4, 2) corners of the actor's box on the ground."""
    i = log.index(name)
    yaw, info = log.attitude[:, i, 0], log.actors[i]
    middle = place(log, name) + info.box_center[0] * np.column_stack([np.cos(yaw), np.sin(yaw)])
    return corners(middle, yaw, np.broadcast_to(info.size[:2], middle.shape))


def lamp(log, name, which):
    return (log.lamps[:, log.index(name)] >> LAMPS.index(which)) & 1


@pytest.mark.parametrize("name", SHIPPED)
def test_nobody_touches_anybody(name):
    assert [event.name for event in log_of(name).events if event.kind == "contact"] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_the_log_covers_the_whole_duration(name):
    log = log_of(name)
    assert log.time[0] == 0
    assert log.time[-1] == nanoseconds(scenario(name).spec.duration)
    assert len(log.joints[0]) == sum(len(actor.joint_names) for actor in log.actors)
    assert all(np.isfinite(getattr(log, field)).all() for field in ("position", "attitude", "velocity", "joints"))


@pytest.mark.parametrize("name", SHIPPED)
def test_positions_agree_with_velocities(name):
    log = log_of(name)
    step = np.diff(log.time)[:, None, None] / 1e9
    mean = 0.5 * (log.velocity[1:] + log.velocity[:-1])
    travelled = np.diff(log.position, axis=0)
    np.testing.assert_allclose(travelled[..., :2], (mean * step)[..., :2], atol=2e-3)


@pytest.mark.parametrize("name", SHIPPED)
def test_drivers_stay_within_comfort_unless_the_story_asks_for_more(name):
    log = log_of(name)
    ordered = max(
        (a.brake.deceleration for e in scenario(name).spec.story for a in e.do.values() if a.brake), default=0
    )
    assert log.acceleration.min() > -max(4.0, ordered + 1e-6)


def test_anna_steps_out_when_the_ego_is_two_and_a_half_seconds_away():
    log = log_of("urban/pedestrian_crossing")
    tick = log.tick_at(started(log, "anna steps out"))
    ahead = place(log, "anna")[tick, 0] - place(log, "ego")[tick, 0]
    assert ahead / speed(log, "ego")[tick] == pytest.approx(2.5, abs=0.02)
    assert speed(log, "anna")[: tick + 1].max() == 0.0
    assert speed(log, "anna").max() == pytest.approx(1.7, abs=1e-4)


def test_anna_is_hidden_by_the_van_until_she_steps_out_and_seen_before_the_ego_brakes():
    log = log_of("urban/pedestrian_crossing")
    eye = place(log, "ego") + np.array([1.71, 0.06])
    body = outlines(log, "anna")
    lines = shapely.linestrings(np.stack([np.broadcast_to(eye[:, None], body.shape), body], axis=2))
    visible = ~shapely.intersects(lines, shapely.Polygon(outlines(log, "van")[0])).all(axis=1)
    steps_out, braking = (log.tick_at(started(log, name)) for name in ("anna steps out", "ego brakes"))
    assert not visible[:steps_out].any()
    assert steps_out < np.argmax(visible) < braking
    assert visible[braking:].all()


def test_anna_reaches_the_other_pavement():
    log = log_of("urban/pedestrian_crossing")
    assert place(log, "anna")[0, 1] < -3.25
    assert place(log, "anna")[-1, 1] > 5.35
    assert log.position[-1, log.index("anna"), 2] == pytest.approx(0.12, abs=0.005)


def test_a_second_car_comes_towards_anna_and_slows_for_her():
    log = log_of("urban/pedestrian_crossing")
    assert log.acceleration[:, log.index("oncoming_later")].min() < -1.5
    assert place(log, "oncoming_later")[-1, 0] > place(log, "anna")[-1, 0] + 1.0


def test_the_ego_stops_before_anna():
    log = log_of("urban/pedestrian_crossing")
    braking = started(log, "ego brakes")
    assert braking - started(log, "anna steps out") == nanoseconds(0.9)
    after = log.time > braking
    assert log.acceleration[after, log.index("ego")].min() == pytest.approx(-6.5)
    assert speed(log, "ego")[-1] == 0.0
    gap = shapely.distance(shapely.polygons(outlines(log, "ego")), shapely.polygons(outlines(log, "anna")))
    assert 0.3 < gap.min() < 8.0


def test_brake_lamps_shine_while_the_ego_brakes_and_holds():
    log = log_of("urban/pedestrian_crossing")
    brake, begin = lamp(log, "ego", "brake"), log.tick_at(started(log, "ego brakes"))
    assert brake[: begin + 1].max() == 0
    assert brake[begin + 1 :].min() == 1


def test_the_pavement_lies_above_the_road():
    log = log_of("urban/left_turn")
    height = log.position[:, log.index("walker_1"), 2]
    ground = scenario("urban/left_turn").network.ground_height(place(log, "walker_1"))
    assert height[0] == pytest.approx(ground[0], abs=0.005)
    assert ground[0] == pytest.approx(0.12, abs=0.01)
    assert height.min() == pytest.approx(0.0)
    assert np.abs(height - ground).max() < 0.03
    assert np.abs(np.diff(height)).max() < 0.01
    heave = log.states_at(log.time).joints[log.index("ego")][
        :, log.actors[log.index("ego")].joint_names.index("body_heave")
    ]
    np.testing.assert_allclose(log.position[:, log.index("ego"), 2], heave, atol=QUANTA["joints"])
    assert np.abs(heave).max() < 0.1


def test_the_cutter_overtakes_and_ends_in_the_egos_lane_ahead_of_it():
    log, network = log_of("highway/cut_in"), scenario("highway/cut_in").network
    begin = log.tick_at(started(log, "cuts in"))
    at = {name: network.locate(place(log, name)) for name in ("ego", "cutter")}
    assert at["cutter"].s[0] < at["ego"].s[0]
    assert at["cutter"].lane[begin] == -1
    assert at["cutter"].lane[-1] == -2
    assert set(at["ego"].lane) == {-2}
    entry = int(np.argmax(at["cutter"].lane == -2))
    gap = at["cutter"].s[entry] - 1.06 - (at["ego"].s[entry] + 4.69 - 1.05)
    assert 8.0 < gap < 12.0
    assert 4.0 < log.time[entry] / 1e9 < 6.0


def test_the_cutter_brakes_and_the_ego_slows_behind_it():
    log = log_of("highway/cut_in")
    begin = log.tick_at(started(log, "brakes"))
    assert log.acceleration[begin + 1 :, log.index("cutter")].min() == pytest.approx(-3.0, abs=0.3)
    assert speed(log, "ego")[-1] < speed(log, "ego")[begin] - 3.0
    assert speed(log, "cutter")[-1] < 23.0


def test_three_lanes_of_traffic_are_in_sight_of_the_ego():
    log, network = log_of("highway/cut_in"), scenario("highway/cut_in").network
    assert len(log.actors) >= 10
    ahead = [network.locate(log.position[k, :, :2]) for k in range(0, len(log.time), 100)]
    for there in ahead:
        gap = there.s - there.s[log.index("ego")]
        assert np.count_nonzero((gap > 0.0) & (gap < 60.0)) >= 2
    assert set(ahead[0].lane) == {-1, -2, -3}
    lorries = [speed(log, actor.name) for actor in log.actors if actor.model == "truck"]
    assert all(3.6 * v.min() > 77.0 and 3.6 * v.max() < 90.0 for v in lorries)


def test_the_follower_brakes_in_turn():
    log = log_of("highway/cut_in")
    assert log.acceleration[:, log.index("follower")].min() < -1.0


def test_the_cutter_signals_before_it_changes_lanes():
    log = log_of("highway/cut_in")
    right, begin = lamp(log, "cutter", "right"), started(log, "cuts in") / 1e9
    on = np.flatnonzero(right) * 0.01
    assert on[0] == pytest.approx(begin - 2.5, abs=0.011)
    assert begin + 2.3 < on[-1] < begin + 3.0
    flashes = np.count_nonzero(np.diff(right.astype(int)) == 1)
    assert flashes == pytest.approx(1.5 * 5.5, abs=1)
    assert lamp(log, "cutter", "left").max() == 0


def test_the_ego_turns_left_after_the_oncoming_car_the_cyclist_and_the_people():
    log, network = log_of("urban/left_turn"), scenario("urban/left_turn").network
    ego = network.locate(place(log, "ego"))
    assert network.road_names[ego.road[0]] == "south"
    assert network.road_names[ego.road[-1]] == "west"
    assert ego.lane[-1] == 1
    assert np.cos(log.attitude[-1, log.index("ego"), 0]) == pytest.approx(-1.0, abs=0.01)
    crosses_middle = int(np.argmax(place(log, "ego")[:, 0] < -1.0))
    assert place(log, "oncoming")[crosses_middle, 1] < -5.0
    assert place(log, "cyclist")[crosses_middle, 1] < -3.0
    on_crosswalk = int(np.argmax(outlines(log, "ego")[..., 0].min(axis=1) < -9.8))
    assert place(log, "walker_1")[on_crosswalk, 1] < 1.75 - 1.0
    assert place(log, "walker_2")[on_crosswalk, 1] < 1.75 - 1.0


def test_the_ego_gives_way_rather_than_arrives_late():
    log = log_of("urban/left_turn")
    ego = speed(log, "ego")
    slowest = int(np.argmin(ego))
    assert ego[slowest] < 2.5
    assert ego[-1] > 5.0
    assert place(log, "ego")[slowest, 0] > -8.0


def test_the_ego_signals_left_while_it_turns():
    log = log_of("urban/left_turn")
    in_junction = np.hypot(*place(log, "ego").T) < 6.0
    assert lamp(log, "ego", "left")[in_junction].mean() == pytest.approx(0.5, abs=0.15)
    assert lamp(log, "ego", "left")[-1] == 0
    assert lamp(log, "ego", "right").max() == 0


def test_those_who_have_red_stay_behind_the_line():
    log = log_of("urban/left_turn")
    for name in ("waiting", "waiting_west"):
        assert speed(log, name).max() < 0.5
        assert np.hypot(*outlines(log, name).reshape(-1, 2).T).min() > 14.8
    heads = [k for k, head in enumerate(log.signal_names) if head.endswith(("/west.end", "/east.start", "/east.end"))]
    assert len(heads) == 2
    assert set(log.signals[:, heads].ravel()) == {SIGNAL_STATES.index("red")}


@pytest.mark.parametrize("name", SHIPPED)
def test_drivers_keep_within_a_quarter_metre_of_their_lanes_centre(name):
    log, network = log_of(name), scenario(name).network
    for actor in log.actors:
        spec = scenario(name).spec.actors[actor.name.partition("[")[0]]
        if spec.drive is None or actor.name == "cutter":
            continue
        route = network.route((spec.at.road, spec.at.lane), spec.drive.route)
        path = network.lane_path(route)
        distance = shapely.distance(shapely.LineString(path.points), shapely.points(place(log, actor.name)))
        assert np.abs(distance - abs(spec.at.offset)).max() < 0.25, actor.name


@pytest.mark.parametrize("name", SHIPPED)
def test_wheels_roll_as_far_as_the_vehicle_goes(name):
    log = log_of(name)
    states = log.states_at(log.time)
    for k, actor in enumerate(log.actors):
        if actor.kind == "pedestrian":
            continue
        spin = states.joints[k][:, actor.joint_names.index("wheel_spin")]
        steps = np.hypot(*np.diff(log.position[:, k, :2], axis=0).T)
        assert steps.sum() == pytest.approx(spin[-1] * VEHICLES[actor.model].wheel_radius, rel=1e-3, abs=1e-9)
