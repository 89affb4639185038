"""`expect`: what a run must show, by hand-made motion whose answers are known; and the library's own expectations."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import roadlab
from roadlab.errors import ScenarioFileError
from roadlab.scenario import tracks
from roadlab.scenario.dry_run import findings
from roadlab.scenario.expect import verdicts

LIBRARY = sorted((Path(__file__).parents[3] / "scenarios").glob("urban/*.yaml"))


class Mover:
    """A box that moves evenly; a `Track`."""

    acceleration = np.zeros(11)

    def __init__(self, x: float, y: float, vx: float, vy: float = 0.0, size: tuple[float, float, float] = (4, 2, 1.5)):
        time = np.linspace(0.0, 1.0, 11)
        self.origin = self.center = np.stack([x + vx * time, y + vy * time], axis=-1)
        self.yaw = np.full(11, math.atan2(vy, vx) if vx or vy else 0.0)
        self.velocity = np.tile([float(vx), float(vy)], (11, 1))
        self.speed = np.hypot(vx, vy) * np.ones(11)
        self.size = size
        self.corners = tracks.footprints.corners(self.center, self.yaw, np.broadcast_to(size[:2], (11, 2)))


def test_time_to_collision_of_a_car_behind_a_slower_one():
    behind, ahead = Mover(0, 0, 20), Mover(34, 0, 10)
    # 30 m of free space close at 10 m/s.
    assert tracks.gap(behind, ahead)[0] == pytest.approx(30.0)
    assert tracks.time_to_collision(behind, ahead)[0] == pytest.approx(3.0)
    assert tracks.time_to_collision(behind, ahead)[-1] == pytest.approx(2.0)
    assert tracks.time_headway(behind, ahead)[0] == pytest.approx(1.5)
    assert tracks.time_headway(ahead, behind)[0] == math.inf


def test_cars_side_by_side_do_not_collide_and_have_no_headway():
    a, b = Mover(0, 0, 20), Mover(30, 3.5, 10)
    assert tracks.time_to_collision(a, b)[0] == math.inf
    assert tracks.time_headway(a, b)[0] == math.inf
    assert tracks.gap(Mover(0, 0, 20), Mover(0, 3.5, 20))[0] == pytest.approx(1.5)


def test_crossing_paths_meet_when_the_first_corner_arrives():
    # 10 m/s along x from 20 m before the crossing; 5 m/s along y from 10 m before it: both middles are there at 2 s.
    # Half lengths and widths of 2 m and 1 m let them touch when both are 3 m away in x or 3 m in y, the later of these:
    # |20 - 10 t| <= 2 + 1 from t = 1.7 s, |10 - 5 t| <= 2 + 1 from t = 1.4 s.
    assert tracks.time_to_collision(Mover(-20, 0, 10), Mover(0, -10, 0, 5))[0] == pytest.approx(1.7)


def test_who_stands_behind_a_van_is_seen_as_far_as_the_van_leaves_open():
    eye, child = Mover(0, 0, 10, size=(4, 2, 2.0)), Mover(20, 0, 0, size=(0.4, 0.4, 1.2))
    assert tracks.visible(child, eye, [])[0] == 1.0
    assert tracks.visible(child, eye, [Mover(10, 0, 0, size=(4, 2, 2.5))])[0] == 0.0
    beside = Mover(10, 1.0, 0, size=(4, 2, 2.5))  # its right side is the line of sight to the middle of the child
    assert tracks.visible(child, eye, [beside])[0] == pytest.approx(0.5)


RUN = """\
story:
  - name: go
    when: {time: {after: 1 s}}
    do: {anna: {walk: {}}}
  - name: never
    when: {time: {after: 60 s}}
    do: {anna: {stand: true}}
"""


@pytest.fixture
def run(street, write):
    """Verdicts on a street with these expectations."""

    def judge(*expectations: str):
        lines = "".join(f"  - {line}\n" for line in expectations)
        text = street[: street.index("story:")] + RUN + f"parameters: {{limit: 40 km/h}}\nexpect:\n{lines}"
        scenario = roadlab.load(write(text))
        log = roadlab.simulate(scenario)
        return scenario, log, verdicts(log)

    return judge


def test_expectations_are_judged_over_the_run(run):
    _, log, found = run(
        "time_of('go') in [0.99 s, 1.02 s]",
        "started('go') and not started('never')",
        "time_of('never') > 1000 s",
        "not contact() and not contact(ego) and not contact(ego, anna)",
        "speed(ego) < limit",
        "first(speed(ego)) in [29.9 km/h, 30.1 km/h]",
        "last(x(ego)) - first(x(ego)) > 5 m",
        "max(speed(anna)) < 2 m/s",
        "duration() == 5 s",
        "mean(speed(row[0])) == 0 m/s",
    )
    assert [verdict.holds for verdict in found] == [True] * 10
    ego = log.index("ego")
    assert found[5].found == f"first(speed(ego)) is {np.hypot(*log.velocity[0, ego, :2]):.6g} m/s"


def test_a_failed_expectation_shows_the_values_it_compared(run):
    scenario, log, found = run("min(gap(ego, anna)) > 90 m", "speed(ego) > 1000 km/h", "time_of('never') < 3 s")
    assert not any(verdict.holds for verdict in found)
    assert found[0].found.startswith("min(gap(ego, anna)) is ")
    assert found[1].found.startswith("speed(ego) goes from ")
    assert found[2].found == "time_of('never') is infinite"
    failures = findings(scenario, log).failures
    assert [problem.path for problem in failures] == [("expect", 0), ("expect", 1), ("expect", 2)]


@pytest.mark.parametrize(
    ("expectation", "words"),
    [
        ("1 / min(speed(anna)) < 3 s/m", "a division by zero"),
        ("sqrt(min(x(ego)) / 1 m - 1000) < 3", "a negative number has no square root"),
    ],
)
def test_an_expectation_without_a_value_in_this_run_fails_and_says_why(run, expectation, words):
    (verdict,) = run(expectation)[2]
    assert not verdict.holds
    assert words in verdict.found


@pytest.mark.parametrize(
    ("expectation", "words"),
    [
        ("time_of('gone') < 3 s", "unknown event 'gone'; did you mean 'go'?"),
        ("speed(eg) < 3 m/s", "unknown actor 'eg'; did you mean 'ego'?"),
        ("speed(ego) < 3 m", "a speed and a length cannot be compared"),
        ("speed(ego) < 3", "a speed and a plain number cannot be compared; give the plain number a unit"),
        ("contact(ego, anna, row[0])", "contact takes no, one or two actors"),
        ("min(speed(ego), 3 s) < 1", "a speed and a duration cannot be compared"),
        ("duration() < time_of(go, stop)", "time_of takes the name of an event in quotes"),
        ("contact(ego, row[3])", "unknown actor 'row[3]'"),
        ("men(speed(ego)) < 1", "there is no function 'men'; did you mean 'mean'?"),
    ],
)
def test_an_expectation_about_nobody_is_reported_on_loading(run, expectation, words):
    with pytest.raises(ScenarioFileError) as caught:
        run(expectation)
    assert f"expect[0]: {words}" in str(caught.value)


def test_an_expectation_that_cannot_be_read_is_reported_on_loading(run):
    with pytest.raises(ScenarioFileError, match=r"expect\[0\]: expected a value, found the end"):
        run("speed(ego) <")


def test_a_dry_run_tells_of_events_that_never_happen(run):
    scenario, log, _ = run("duration() > 1 s")
    (warning,) = findings(scenario, log).warnings
    assert warning.path == ("story", 1, "when")
    assert "'never' never happened in 5 s" in warning.message


def test_a_dry_run_tells_of_vehicles_that_leave_the_roads(street, write):
    swerve = "story: [{do: {ego: {lane_offset: {to: -9 m, over: 2 s}}}}]\n"
    scenario = roadlab.load(write(street[: street.index("story:")] + swerve))
    warnings = findings(scenario, roadlab.simulate(scenario)).warnings
    assert any("ego leaves the roads of the map" in warning.message for warning in warnings)


@pytest.mark.parametrize("file", LIBRARY, ids=lambda path: path.stem)
def test_a_shipped_scenario_goes_as_it_expects(file):
    scenario = roadlab.load(file)
    assert scenario.spec.expect, "every scenario of the library says what it expects"
    found = findings(scenario, roadlab.simulate(scenario))
    assert [f"{problem.path}: {problem.hint}" for problem in found.failures] == []
    assert [problem.message for problem in found.warnings] == []
