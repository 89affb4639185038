"""Overtaking on two-way roads: when drivers pull out, when they wait, and what they keep to others."""

import tempfile
from pathlib import Path

import numpy as np
import pytest

from roadlab import load, simulate
from roadlab.behaviors.clear_road import sight
from roadlab.log import LAMPS
from roadlab.stage import set_stage

OVERTAKES = "{driver: {type: idm, overtake: true}}"
STRAIGHT = "{profile: country_1x1, path: [{line: 1500 m}], speed_limit: 100 km/h}"
TOWN = "{profile: urban_2x1, path: [{line: 1500 m}], speed_limit: 50 km/h}"
SOLID = """
      lanes:
        right: [{type: driving, width: 3.5 m}]
        left: [{type: driving, width: 3.5 m}]
        center: solid
      path: [{line: 1500 m}]
      speed_limit: 100 km/h"""
CREST = """
      profile: country_1x1
      path: [{line: 1500 m}]
      speed_limit: 100 km/h
      elevation: [{s: 0 m, z: 0 m}, {s: 200 m, z: 8 m}, {s: 400 m, z: 0 m}, {s: 1500 m, z: 0 m}]"""
BEND = """
      profile: country_1x1
      path: [{line: 60 m}, {arc: {length: 400 m, radius: 250 m}}, {line: 1000 m}]
      speed_limit: 100 km/h"""


def scenario_of(road, actors, *, duration=20, more=""):
    rows = "\n".join(f"  {name}: {text}" for name, text in actors.items())
    text = (
        f"scenario: Overtaking\nduration: {duration} s\nstep: 20 ms\nmap:\n  roads:\n    a: {road}\n"
        f"  surroundings: {{style: none}}\nactors:\n{rows}\n{more}"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(text)
        return load(path)


def ego(s=20, speed=15, drive=OVERTAKES):
    return f"{{model: sedan, at: {{road: a, lane: -1, s: {s} m}}, speed: {speed} m/s, drive: {drive}}}"


def slow(s=60, speed=8, model="van", offset=0.0, lane=-1, more=""):
    at = f"{{road: a, lane: {lane}, s: {s} m, offset: {offset} m}}"
    return f"{{model: {model}, at: {at}, speed: {speed} m/s{more}}}"


def passed(log, name="slow"):
    return log.position[-1, log.index("ego"), 0] > log.position[-1, log.index(name), 0] + 5.0


def contacts(log):
    return [event.name for event in log.events if event.kind == "contact"]


def test_a_driver_overtakes_a_slow_van_signals_and_returns():
    log = simulate(scenario_of(STRAIGHT, {"ego": ego(), "slow": slow()}))
    assert passed(log)
    assert contacts(log) == []
    left, right = ((log.lamps[:, 0] >> LAMPS.index(side)) & 1 for side in ("left", "right"))
    y = log.position[:, 0, 1]
    out, back = int(np.argmax(y > -1.4)), len(y) - int(np.argmax(y[::-1] > -1.4))
    assert left[:out].any()  # before it moves
    assert right[back - 100 : back + 50].any()
    assert log.position[-1, 0, 1] == pytest.approx(-1.75, abs=0.1)
    assert log.acceleration[:, 1].min() > -0.5  # the van is not cut up


def test_nobody_overtakes_who_is_not_told_to_or_hardly_faster():
    assert not passed(simulate(scenario_of(STRAIGHT, {"ego": ego(drive="{}"), "slow": slow()})))
    assert not passed(simulate(scenario_of(STRAIGHT, {"ego": ego(speed=10), "slow": slow(speed=8)})))


def test_a_driver_waits_for_an_oncoming_car_and_then_overtakes():
    actors = {"ego": ego(420), "slow": slow(460), "towards": slow(730, 25, "suv", lane=1)}
    log = simulate(scenario_of(STRAIGHT, actors, duration=30))
    assert contacts(log) == []
    met = int(np.argmax(log.position[:, 2, 0] < log.position[:, 0, 0]))
    assert log.position[: met - 50, 0, 1].max() < -1.2
    assert passed(log)
    assert log.acceleration[:met, 2].min() > -0.3


@pytest.mark.parametrize("distance", [350, 450, 550, 650, 750])
def test_whenever_a_driver_pulls_out_the_oncoming_one_need_not_brake_hard(distance):
    actors = {"ego": ego(420), "slow": slow(460), "towards": slow(400 + distance, 25, "suv", lane=1)}
    log = simulate(scenario_of(STRAIGHT, actors, duration=35))
    assert contacts(log) == []
    abreast = log.position[:, 0, 0] > log.position[:, 2, 0] - 50.0  # two seconds before they meet at most
    assert (log.position[abreast & (log.position[:, 0, 0] < log.position[:, 2, 0]), 0, 1] < -1.0).all()
    assert log.acceleration[:, 2].min() > -2.5


@pytest.mark.parametrize("road", [SOLID, CREST])
def test_nobody_overtakes_over_a_solid_line_or_before_a_crest(road):
    log = simulate(scenario_of(road, {"ego": ego(), "slow": slow(80)}, duration=7))
    assert log.position[:, 0, 1].max() < -1.2


def test_beyond_the_crest_there_is_sight_again():
    assert passed(simulate(scenario_of(CREST, {"ego": ego(), "slow": slow(80)}, duration=70)))


def test_sight_in_a_bend_is_that_of_its_chord():
    # A line of sight leaves the road by m where it is sqrt(8 R m) long: 126 m for R = 250 m and m = 8 m.
    stage = set_stage(scenario_of(BEND, {"ego": ego(s=100)}))
    assert sight(stage.courses, stage.network, 0, 100.0) == pytest.approx(np.sqrt(8 * 250 * 8), rel=0.06)


@pytest.mark.parametrize(("road", "distance"), [(TOWN, 1.5), (STRAIGHT, 2.0)])
def test_cyclists_are_passed_at_the_distance_of_the_law(road, distance):
    log = simulate(scenario_of(road, {"ego": ego(speed=12), "slow": slow(60, 5, "bicycle", -1.1)}))
    assert passed(log)
    bike, car = log.index("slow"), log.index("ego")
    beside = np.abs(log.position[:, car, 0] - log.position[:, bike, 0]) < 2.0
    sizes = {actor.name: actor.size[1] for actor in log.actors}
    gap = log.position[beside, car, 1] - log.position[beside, bike, 1] - 0.5 * (sizes["ego"] + sizes["slow"])
    assert gap.min() > distance - 0.1


def test_who_finds_somebody_coming_too_near_falls_back():
    more = "story:\n  - {name: appears, when: {time: {after: 4 s}}, do: {towards: {appear: {speed: 28 m/s}}}}\n"
    there = slow(760, 28, "suv", lane=1, more=", present: false")
    actors = {"ego": ego(420), "slow": slow(450, 9), "towards": there}
    log = simulate(scenario_of(STRAIGHT, actors, duration=25, more=more))
    assert log.position[:200, 0, 1].max() > 0.0  # had pulled out
    assert contacts(log) == []
    met = int(np.argmax(log.present[:, 2] & (log.position[:, 2, 0] < log.position[:, 0, 0])))
    assert log.position[met, 0, 1] < -1.0
    assert log.position[met, 0, 0] < log.position[met, 1, 0]


def test_nobody_overtakes_before_a_crosswalk():
    road = f"{STRAIGHT}\n  crosswalks: [{{road: a, s: 150 m}}]"
    log = simulate(scenario_of(road, {"ego": ego(), "slow": slow()}, duration=8))
    assert log.position[:, 0, 1].max() < -1.2
