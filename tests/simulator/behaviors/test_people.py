"""People among others in whole runs."""

import numpy as np
import pytest
import shapely

from roadlab import load, simulate
from roadlab.actors.gait import PEDESTRIAN_JOINTS
from roadlab.behaviors.people.bumps import SQUEEZE
from roadlab.behaviors.people.ways import Ways
from roadlab.dynamics.footprint import corners
from roadlab.errors import ScenarioFileError

STREET = """
scenario: people
duration: {duration} s
step: 0.02 s
seed: {seed}
map:
  roads:
    street: {{profile: {profile}, path: [{{line: 120 m}}]}}
  surroundings: {{style: none}}
{more}
actors:
  ego: {{model: sedan, at: {{road: street, lane: -1, s: 2 m}}, parked: true}}
{actors}
"""
SQUARE = """
scenario: square
duration: {duration} s
step: 0.02 s
seed: 5
map:
  roads:
    west: {{profile: urban_2x1, start: {{x: -75 m, y: 0 m, heading: 0 deg}}, path: [{{line: 60 m}}]}}
    east: {{profile: urban_2x1, start: {{x: 15 m, y: 0 m, heading: 0 deg}}, path: [{{line: 60 m}}]}}
    south: {{profile: urban_2x1, start: {{x: 0 m, y: -75 m, heading: 90 deg}}, path: [{{line: 60 m}}]}}
    north: {{profile: urban_2x1, start: {{x: 0 m, y: 15 m, heading: 90 deg}}, path: [{{line: 60 m}}]}}
  junctions:
    square: {{connect: [west.end, east.start, south.end, north.start], crosswalks: true{signals}}}
  surroundings: {{style: none}}
actors:
  ego: {{model: sedan, at: {{road: west, lane: -1, s: 5 m}}, parked: true}}
{actors}
"""


@pytest.fixture
def write(tmp_path):
    def scenario(text):
        path = tmp_path / "scenario.yaml"
        path.write_text(text)
        return load(path)

    return scenario


@pytest.fixture
def street(write):
    def made(*actors, duration=12, more="", profile="urban_2x1", seed=1):
        rows = "\n".join(f"  {row}" for row in actors)
        return write(STREET.format(duration=duration, actors=rows, more=more, profile=profile, seed=seed))

    return made


@pytest.fixture
def square(write):
    def made(*actors, duration=20, signals="", more=""):
        rows = "\n".join(f"  {row}" for row in actors)
        return write(SQUARE.format(duration=duration, actors=rows, signals=signals) + more)

    return made


def walker(name, x, y, to_x, to_y, heading=0, model="adult", **walk):
    more = "".join(f", {key}: {value}" for key, value in walk.items())
    path = f"[{{x: {to_x} m, y: {to_y} m}}]"
    return (
        f"{name}: {{model: {model}, at: {{x: {x} m, y: {y} m, heading: {heading} deg}}, walk: {{path: {path}{more}}}}}"
    )


def track(log, name):
    return log.position[:, log.index(name), :2]


def test_two_who_meet_pass_each_other_on_the_right_and_arrive(street):
    log = simulate(street(walker("a", 20, 5.5, 32, 5.5), walker("b", 32, 5.5, 20, 5.5, heading=180)))
    a, b = track(log, "a"), track(log, "b")
    apart = np.hypot(*(a - b).T)
    assert apart.min() > 0.4
    nearest = apart.argmin()
    assert a[nearest, 1] < 5.5 < b[nearest, 1]  # a goes east, so its right is south
    np.testing.assert_allclose(a[-1], [32, 5.5], atol=0.6)
    np.testing.assert_allclose(b[-1], [20, 5.5], atol=0.6)
    assert not log.events


def test_somebody_fast_overtakes_somebody_slow(street):
    log = simulate(
        street(walker("slow", 22, 5.5, 60, 5.5, speed="0.8 m/s"), walker("fast", 18, 5.5, 60, 5.5, speed="1.7 m/s"))
    )
    assert track(log, "fast")[-1, 0] > track(log, "slow")[-1, 0] + 1.0
    assert np.hypot(*(track(log, "fast") - track(log, "slow")).T).min() > 0.35


def test_one_who_walks_alone_keeps_to_the_path_to_the_last_bit(street):
    alone = simulate(street(walker("a", 20, 5.5, 32, 5.5)))
    assert (track(alone, "a")[:, 1] == 5.5).all()
    far = simulate(street(walker("b", 90, 5.5, 80, 5.5, heading=180), walker("a", 20, 5.5, 32, 5.5)))
    np.testing.assert_array_equal(track(alone, "a"), track(far, "a"))


def test_nobody_walks_through_a_parked_car(street):
    cars = [f"car_{k}: {{model: van, at: {{road: street, lane: 1, s: {s} m}}, parked: true}}" for k, s in
            enumerate((40, 60))]  # fmt: skip
    people = [walker("along", 28, 1.75, 70, 1.75, speed="1.4 m/s"), walker("across", 57.0, 5.2, 57.0, -5.0, 270)]
    log = simulate(street(*cars, *people, duration=36))
    for who in ("along", "across"):
        places = shapely.points(track(log, who))
        for k in range(len(cars)):
            car = log.index(f"car_{k}")
            yaw, size, middle = log.attitude[0, car, 0], log.actors[car].size, log.actors[car].box_center
            center = log.position[0, car, :2] + middle[0] * np.array([np.cos(yaw), np.sin(yaw)])
            body = shapely.Polygon(corners(center, yaw, np.array(size[:2])))
            assert shapely.distance(body, places).min() > 0.3
        assert not [event for event in log.events if who in event.actors]
    assert track(log, "along")[-1, 0] > 65.0
    assert track(log, "across")[-1, 1] < -4.0


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    path = tmp_path_factory.mktemp("crowd") / "square.yaml"
    path.write_text(SQUARE.format(duration=12, actors="", signals=", signals: {}") + "pedestrians: [{count: 120}]\n")
    scenario = load(path)
    return scenario, simulate(scenario)


def people_of(log):
    return [i for i, actor in enumerate(log.actors) if actor.kind == "pedestrian"]


def test_nobody_overlaps_anybody_without_an_event(crowd):
    _, log = crowd
    who = people_of(log)
    bumped = {event.actors for event in log.events if event.kind == "contact"}
    radius = np.array([0.5 * {"adult": 0.46, "child": 0.33}[log.actors[i].model] * np.sqrt(0.75) for i in who])
    for tick in range(0, len(log.time), 5):
        place = log.position[tick, who, :2]
        gap = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
        np.fill_diagonal(gap, np.inf)
        for a, b in np.argwhere(gap < radius[:, None] + radius - SQUEEZE):
            assert tuple(sorted(log.actors[who[k]].name for k in (a, b))) in bumped


def test_people_stay_on_pavements_and_crosswalks(crowd):
    scenario, log = crowd
    ground = Ways(scenario.network).walkable
    shapely.prepare(ground)
    places = log.position[::5][:, people_of(log), :2].reshape(-1, 2)
    assert shapely.contains_xy(ground, places[:, 0], places[:, 1]).mean() > 0.999
    assert shapely.distance(ground, shapely.points(places)).max() < 0.3


def test_people_move_as_people_can(crowd):
    _, log = crowd
    speed = np.hypot(*log.velocity[:, people_of(log), :2].transpose(2, 0, 1))
    assert speed.max() < 1.3 * 1.98
    moved = np.hypot(*np.diff(log.position[:, people_of(log), :2], axis=0).transpose(2, 0, 1)) / 0.02
    assert np.quantile(np.abs(moved - speed[1:]), 0.9999) < 0.15
    assert moved.max() < 2.6
    going = speed[250:][speed[250:] > 0.2]
    assert going.mean() == pytest.approx(1.34, abs=0.15)


def test_desired_speeds_are_those_of_the_stated_distribution(write):
    text = SQUARE.format(duration=1, actors="", signals="")
    scenario = write(text + "pedestrians: [{count: 400, children: 0, groups: 0}]\n")
    pace = np.array([a.walk.speed for a in scenario.spec.actors.values() if a.walk is not None])
    assert len(pace) == 400
    assert pace.mean() == pytest.approx(1.34, abs=3 * 0.26 / np.sqrt(400))
    assert pace.std() == pytest.approx(0.26, abs=0.03)


def test_those_of_a_group_stay_together(write):
    text = SQUARE.format(duration=15, actors="", signals="")
    scenario = write(text + "pedestrians: [{count: 20, groups: 1}]\n")
    log = simulate(scenario)
    groups = {}
    for name, actor in scenario.spec.actors.items():
        if actor.walk is not None and actor.walk.group is not None:
            groups.setdefault(actor.walk.group, []).append(name)
    parties = [names for names in groups.values() if len(names) > 1]
    assert len(parties) >= 5
    apart = [np.hypot(*(track(log, names[0]) - track(log, names[1])).T)[-1] for names in parties]
    assert np.median(apart) < 2.0
    assert max(apart) < 5.0


def test_the_order_of_the_file_changes_nobody(street):
    rows = [walker(f"w{k}", 20 + 1.5 * k, 5.0 + 0.5 * (k % 3), 60 - k, 5.5) for k in range(6)]
    one, other = simulate(street(*rows, duration=6)), simulate(street(*rows[::-1], duration=6))
    for k in range(6):
        np.testing.assert_array_equal(track(one, f"w{k}"), track(other, f"w{k}"))


def test_one_more_far_away_changes_nobody(street):
    rows = [walker(f"w{k}", 20 + 1.5 * k, 5.0 + 0.5 * (k % 3), 60 - k, 5.5) for k in range(6)]
    more = [walker("a", 100, -5.5, 90, -5.5, heading=180), walker("z", 102, -6.5, 90, -6.5, heading=180)]
    one, other = simulate(street(*rows, duration=6)), simulate(street(*more, *rows, duration=6))
    for k in range(6):
        np.testing.assert_array_equal(track(one, f"w{k}"), track(other, f"w{k}"))


CAR = "car: {model: sedan, at: {road: street, lane: -1, s: 38 m}, speed: 8 m/s, drive: {speed: 8 m/s}}"


def test_careful_people_wait_for_a_gap_and_the_hurried_take_a_shorter_one(street):
    # 7 m of road take 5.2 s at 1.34 m/s; the car arrives after 8 s, less than the critical gap and more than that.
    def crosses(manner):
        log = simulate(street(CAR, walker("a", 110, 5.5, 110, -5.5, heading=270, crossing=manner), duration=24))
        y = track(log, "a")[:, 1]
        assert y[-1] < -5.0
        assert not [event for event in log.events if event.kind == "contact"]
        return 0.02 * np.argmax(y < 3.0)

    assert crosses("hurried") < 4.0 < 8.0 < crosses("careful")


def test_people_wait_for_green_facing_the_road(square):
    anna = walker("anna", -12, 6.5, -12, -6.5, heading=270, crossing="careful")
    log = simulate(square(anna, signals=", signals: {green: 10 s, first: west}", duration=30))
    y = track(log, "anna")[:, 1]
    step = 0.02 * np.argmax(y < 3.2)
    standing = (log.time / 1e9 > 4.0) & (log.time / 1e9 < 12.0)
    assert np.ptp(y[standing]) < 0.02
    assert 3.5 < y[standing].mean() < 4.2
    np.testing.assert_allclose(np.cos(log.attitude[standing, log.index("anna"), 0] + np.pi / 2), 1.0, atol=1e-3)
    ends = np.cumsum([len(actor.joint_names) for actor in log.actors])
    joints = log.joints[:, ends[log.index("anna")] - len(PEDESTRIAN_JOINTS) : ends[log.index("anna")]]
    head = np.degrees(joints[standing, PEDESTRIAN_JOINTS.index("head_yaw")])
    assert head.max() > 40.0
    assert head.min() < -40.0
    assert np.abs(np.diff(head)).max() < 5.0
    assert 15.0 <= step < 18.0  # 10 s of green, 3 s of amber, 2 s of red for all
    assert y[-1] < -6.0


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{}", "expected either a count or a density"),
        ("{count: 3, density: 0.1}", "expected either a count or a density"),
        ("{count: 3, radius: 10 m}", "at and radius belong together"),
        ("{count: 3, at: {road: nowhere, s: 1 m, t: 0 m}, radius: 10 m}", "nowhere"),
        ("{count: 900, at: {road: west, s: 30 m, t: 5 m}, radius: 10 m}", "there is room for"),
        ("{cuont: 3}", "count"),
    ],
)
def test_mistakes_about_pedestrians_are_told_with_their_place(write, entry, message):
    with pytest.raises(ScenarioFileError, match=message) as raised:
        write(SQUARE.format(duration=1, actors="", signals="") + f"pedestrians:\n  - {entry}\n")
    assert "scenario.yaml:19:" in str(raised.value)


def test_a_motorway_has_no_room_for_pedestrians(street):
    with pytest.raises(ScenarioFileError, match="no pavement"):
        street(profile="motorway_3", more="pedestrians: [{count: 2}]")
