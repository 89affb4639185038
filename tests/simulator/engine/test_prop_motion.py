import math
import tempfile
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import dblquad

from roadlab.actors.props import PROPS
from roadlab.engine import simulate
from roadlab.scenario.load import load

STREET = """
scenario: Things on a street
duration: {duration} s
step: 0.01 s
map:
  roads:
    street: {{profile: urban_2x1, path: [{{line: 300 m}}], speed_limit: 50 km/h}}
actors:
{actors}
{story}
"""
EGO = "  ego: {model: hatchback, at: {road: street, lane: -1, s: 20 m}, speed: 10 m/s, drive: {}}\n"
SUDDENLY = "story: [{{when: {{time: {{after: {time} s}}}}, do: {{{name}: {{appear: {{}}}}}}}}]"


def run(actors, story="", duration=8):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(STREET.format(actors=actors, story=story, duration=duration))
        return simulate(load(path))


def suddenly(model, s, time, more="", duration=8):
    """What appears so late in front of the ego at 10 m/s that it is hit."""
    thing = f"  thing: {{model: {model}, present: false, at: {{road: street, lane: -1, s: {s} m{more}}}}}\n"
    return run(EGO + thing, SUDDENLY.format(time=time, name="thing"), duration)


def contacts(log):
    return [event for event in log.events if event.kind == "contact"]


def test_a_driver_stops_before_a_cone_in_its_lane():
    log = run(EGO + "  cone: {model: cone, at: {road: street, lane: -1, s: 90 m}}\n", duration=14)
    ego, cone = log.index("ego"), log.index("cone")
    front = log.position[-1, ego, 0] + log.actors[ego].box_center[0] + 0.5 * log.actors[ego].size[0]
    assert contacts(log) == []
    assert np.hypot(*log.velocity[-1, ego, :2]) < 0.1
    assert 0.5 < log.position[-1, cone, 0] - front < 6.0


def test_a_driver_passes_cones_beside_its_lane():
    row = "  row: {model: cone, at: {road: street, s: 50 m, t: 0.0 m}, repeat: {count: 6, spacing: 5 m}}\n"
    log = run(EGO + row, duration=10)
    assert contacts(log) == []
    assert log.position[-1, log.index("ego"), 0] > 110.0


def test_a_cone_that_is_hit_slides_as_far_as_friction_lets_it():
    log = suddenly("cone", 60.0, 3.6)
    (event,) = contacts(log)
    assert event.actors == ("ego", "thing")
    thing = log.index("thing")
    pace = np.hypot(*log.velocity[:, thing, :2].T)
    start = int(np.argmax(pace))
    way = log.position[-1, thing, 0] - log.position[start, thing, 0]
    assert pace[-1] == 0.0
    assert way == pytest.approx(pace[start] ** 2 / (2 * 9.81 * PROPS["cone"].friction), rel=0.03)  # Coulomb
    mass = 1500.0 / (1500.0 + 4.0)
    assert pace[start] == pytest.approx(1.1 * mass * event.details["relative_speed"], rel=0.05)  # restitution 0.1


def test_who_hits_a_cone_drives_on_and_who_hits_a_barrier_does_not():
    after = {}
    for model in ("cone", "barrier"):
        log = suddenly(model, 60.0, 3.6)
        (event,) = contacts(log)
        tick = log.tick_at(event.time) + 3
        after[model] = np.hypot(*log.velocity[tick, log.index("ego"), :2]), event.details["relative_speed"]
    assert after["cone"][0] > 0.9 * after["cone"][1]
    assert after["barrier"][0] < 0.6 * after["barrier"][1]


def test_a_barrier_at_rest_against_others_touches_nobody_until_it_is_hit():
    row = "  wall: {model: barrier, at: {road: street, lane: 1, s: 40 m}, repeat: {count: 5, spacing: 2 m}}\n"
    log = run(EGO + row, duration=3)
    assert contacts(log) == []
    assert (log.position[:, log.index("wall[2]")] == log.position[0, log.index("wall[2]")]).all()


def test_somebody_on_foot_walks_round_a_box():
    actors = """
  ego: {model: hatchback, at: {road: street, lane: 1, s: 290 m}, parked: true}
  anna: {model: adult, at: {road: street, s: 40 m, t: -4.5 m}, walk: {path: [{road: street, s: 55 m, t: -4.5 m}]}}
  box: {model: box, at: {road: street, s: 46 m, t: -4.5 m}}
"""
    log = run(actors, duration=14)
    anna, box = log.index("anna"), log.index("box")
    apart = np.hypot(*(log.position[:, anna, :2] - log.position[:, box, :2]).T)
    assert contacts(log) == []
    assert apart.min() > 0.35
    assert log.position[-1, anna, 0] > 53.0


def test_friction_resists_turning_as_the_whole_foot_does():
    for prop in PROPS.values():
        a, b = 0.5 * prop.length, 0.5 * prop.width
        whole, _ = dblquad(lambda y, x: math.hypot(x, y), 0.0, a, 0.0, b)
        assert prop.friction_arm == pytest.approx(whole / (a * b), rel=1e-6)


def test_a_prop_that_appears_elsewhere_is_there_and_one_that_vanishes_is_not():
    story = (
        "story: [{when: {time: {after: 1 s}}, do: {cone: {vanish: true}}},"
        " {when: {time: {after: 2 s}}, do: {cone: {appear: {at: {road: street, s: 99 m, t: 0 m}}}}}]"
    )
    log = run(EGO + "  cone: {model: cone, at: {road: street, s: 80 m, t: 0 m}}\n", story, duration=3)
    cone = log.index("cone")
    there = log.present[:, cone]
    assert there[:100].all()
    assert not there[101:199].any()
    assert there[201:].all()
    assert log.position[-1, cone, 0] == pytest.approx(99.0)
