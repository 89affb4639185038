"""People who walk, run, cross, wait, stand and turn round."""

import numpy as np
import pytest

EGO = "ego: {model: sedan, at: {road: road, lane: -1, s: 20 m}, parked: true}\n"
ANNA = """
anna:
  model: adult
  at: {road: road, s: 100 m, t: -6 m}
  walk: {path: [{road: road, s: 130 m, t: -6 m}], speed: 1.4 m/s%s}
"""


def tell(*orders):
    return "\n".join(
        f"- {{name: {name}, when: {{time: {{after: {at} s}}}}, do: {{anna: {do}}}}}" for name, at, do in orders
    )


def street(run, story, options="", **more):
    return run(EGO + ANNA % options, story, profile="urban_2x1", step=0.05, **more)


def test_somebody_runs_at_the_speed_that_is_asked_for(run):
    log = street(run, tell(("go", 1, "{run: {speed: 3.5 m/s}}")), ", wait: true", duration=5)
    assert log.speed("anna")[19] == 0.0
    assert log.speed("anna")[-1] == pytest.approx(3.5, abs=0.01)
    # 1.5 m/s² up to speed: 3.5² / (2 · 1.5) of the way.
    assert log.x("anna")[-1] - 100 == pytest.approx(3.5 * (4 - 3.5 / 3), abs=0.2)


def test_a_walk_is_over_at_its_end(run):
    log = street(run, tell(("go", 0, "{walk: {path: [{road: road, s: 104 m, t: -6 m}]}}")), duration=6)
    assert log.happened("go", "story_end") == [pytest.approx(4.0 / 1.4, abs=0.7)]
    assert log.x("anna")[-1] == pytest.approx(104.0, abs=0.03)


def test_somebody_waits_and_goes_on(run):
    log = street(run, tell(("halt", 1, "{wait: 2 s}")), duration=6)
    assert log.speed("anna")[[15, 50, -1]].tolist() == [pytest.approx(1.4, abs=1e-4), 0.0, pytest.approx(1.4, abs=1e-4)]
    assert log.happened("halt", "story_end") == [3.0]


def test_who_stands_and_waits_stands_on(run):
    log = street(run, tell(("halt", 1, "{wait: 2 s}")), ", wait: true", duration=4)
    assert not log.speed("anna").any()


def test_somebody_crosses_to_as_far_from_the_kerb(run):
    log = street(run, tell(("go", 0.5, "{cross: {road: road, speed: 2 m/s}}")), ", wait: true", duration=9)
    assert log.x("anna")[-1] == pytest.approx(100.0, abs=0.05)
    assert log.y("anna")[-1] == pytest.approx(6.0, abs=0.05)


def test_somebody_crosses_on_the_crosswalk(run):
    more = "  crosswalks: [{road: road, s: 110 m}]"
    log = street(run, tell(("go", 0.5, '{cross: {crosswalk: "crosswalk[0]", speed: 3 m/s}}')), duration=10, more=more)
    crossing = np.abs(log.y("anna")) < 2.5
    np.testing.assert_allclose(log.x("anna")[crossing], 110.0, atol=0.1)
    assert log.y("anna")[-1] > 3.0


def test_who_walks_turns_round_and_comes_back(run):
    log = street(run, tell(("back", 3, "{turn_round: true}")), duration=9)
    assert log.x("anna").max() == pytest.approx(100 + 3 * 1.4, abs=0.4)
    assert log.x("anna")[-1] == pytest.approx(100.0, abs=0.8)
    assert len(log.happened("back", "story_end")) == 1


def test_who_stands_turns_on_the_spot(run):
    log = street(run, tell(("round", 1, "{turn_round: true}")), ", wait: true", duration=4)
    yaw = log.log.attitude[:, log.log.index("anna"), 0]
    assert abs(yaw[-1] - yaw[0]) == pytest.approx(np.pi, abs=0.06)
    assert np.abs(np.diff(yaw)).max() <= 3.0 * 0.05 + 1e-6
    assert np.ptp(log.x("anna")) < 1e-2


def test_somebody_without_a_way_of_its_own_walks_where_it_is_told_at_the_usual_pace(run):
    anna = "anna: {model: adult, at: {road: road, s: 100 m, t: -6 m}}\n"
    log = run(EGO + anna, tell(("go", 0, "{walk: {path: [{road: road, s: 130 m, t: -6 m}]}}")), duration=3)
    assert log.speed("anna")[-1] == pytest.approx(1.34, abs=0.01)
