"""What trailers mean to everybody on the road."""

import math
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from roadlab.engine import simulate
from roadlab.errors import ScenarioFileError
from roadlab.log import LAMPS
from roadlab.measures.footprints import distance, tracks
from roadlab.scenario.expect import verdicts
from roadlab.scenario.load import load

STREET = """
scenario: A lorry on a road
duration: {duration} s
step: 0.02 s
seed: 5
map:
  roads:
    street: {{profile: {profile}, path: [{path}], speed_limit: 50 km/h}}
actors:
{actors}
{story}
"""
LORRY = "  lorry: {model: articulated_truck, at: {road: street, lane: -1, s: 60 m}, speed: %s, drive: {}}\n"


def decided(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(text)
        return load(path)


def run(actors, story="", duration=10.0, path="{line: 600 m}", profile="urban_2x1"):
    return simulate(decided(STREET.format(actors=actors, story=story, duration=duration, path=path, profile=profile)))


def contacts(log):
    return [tuple(event.actors) for event in log.events if event.kind == "contact"]


def gap(log, first, second):
    t = tracks(log)
    ticks = np.arange(len(log.time))
    a, b = (t.corners(ticks, np.full(len(ticks), log.index(name))) for name in (first, second))
    return distance(a, b)


def hitches(log, tow, trailer, arm, wheelbase):
    i, j = log.index(tow), log.index(trailer)
    yaw, other = log.attitude[:, i, 0], log.attitude[:, j, 0]
    front = log.position[:, i, :2] + arm * np.column_stack([np.cos(yaw), np.sin(yaw)])
    rear = log.position[:, j, :2] + wheelbase * np.column_stack([np.cos(other), np.sin(other)])
    return np.hypot(*(front - rear).T)


def test_a_trailer_is_an_actor_of_its_own_that_stays_on_its_hitch():
    path = "{line: 80 m}, {arc: {length: 30 m, radius: 20 m}}, {line: 400 m}"
    log = run("  ego: {model: sedan, at: {road: street, lane: -1, s: 10 m}}\n" + LORRY % "6 m/s", path=path)
    lorry, trailer = (log.actors[log.index(name)] for name in ("lorry", "lorry.trailer"))
    assert (lorry.category, trailer.category) == ("truck", "trailer")
    assert trailer.pulled_by == "lorry"
    assert trailer.instance == lorry.instance + 1
    assert hitches(log, "lorry", "lorry.trailer", 0.65, 7.7).max() < 1e-5
    assert contacts(log) == []


def test_the_trailer_cuts_the_bend_as_sae_j695_says():
    # a circle of 20 m for the lane's centre: R1 = sqrt(R² + arm² - L²) once the turn has lasted long enough
    path = "{line: 30 m}, {arc: {length: 110 m, radius: 20 m}}"
    actors = (
        "  ego: {model: sedan, at: {road: street, lane: 1, s: 20 m}}\n"
        "  lorry: {model: articulated_truck, at: {road: street, lane: -1, s: 12 m}, speed: 5 m/s, "
        "drive: {speed: 5 m/s}}\n"
    )
    log = run(actors, duration=21, path=path, profile="urban_2x1")
    i, j = log.index("lorry"), log.index("lorry.trailer")
    center = np.array([30.0, 20.0])
    along = np.hypot(*(log.position[-1, i, :2] - center))
    inside = np.hypot(*(log.position[-1, j, :2] - center))
    assert inside == pytest.approx(math.sqrt(along**2 + 0.65**2 - 7.7**2), abs=0.1)


def test_who_follows_keeps_its_distance_from_the_end_of_the_trailer():
    ego = "  ego: {model: sedan, at: {road: street, lane: -1, s: 10 m}, speed: 12 m/s, drive: {}}\n"
    story = "story: [{when: {time: {after: 3 s}}, do: {lorry: {brake: {deceleration: 3 m/s2}}}}]"
    log = run(ego + LORRY % "10 m/s", story, duration=14)
    assert contacts(log) == []
    assert np.hypot(*log.velocity[-1, log.index("ego"), :2]) < 0.2
    assert 1.0 < gap(log, "ego", "lorry.trailer")[-1] < 6.0


def test_a_lorry_has_to_speed_up_its_trailer_as_well():
    # a tractor of 7.8 t and 20 t behind it: 2.5 m/s² become 2.5 * 7.8 / 27.8
    ego = "  ego: {model: sedan, at: {road: street, lane: -1, s: 10 m}}\n"
    for model, expected in (("articulated_truck", 2.5 * 7.8 / 27.8), ("tractor", 2.5)):
        actors = ego + (LORRY % "0 m/s").replace("articulated_truck", model)
        text = STREET.format(actors=actors, story="", duration=3, path="{line: 300 m}", profile="urban_2x1")
        log = simulate(decided(text), drivers={"lorry": lambda view: replace(view.usual, acceleration=5.0)})
        assert log.acceleration[100, log.index("lorry")] == pytest.approx(expected, rel=1e-3)


def test_a_trailer_brakes_and_signals_with_its_lorry_and_has_no_head_lamps():
    ego = "  ego: {model: sedan, at: {road: street, lane: -1, s: 10 m}}\n"
    story = "story: [{when: {time: {after: 1 s}}, do: {lorry: {brake: {deceleration: 3 m/s2}}}}]"
    log = run(ego + LORRY % "8 m/s", story, duration=3)
    lorry, trailer = log.lamps[:, log.index("lorry")], log.lamps[:, log.index("lorry.trailer")]
    bit = {name: 1 << k for k, name in enumerate(LAMPS)}
    assert (lorry & bit["head"]).all()
    assert not (trailer & bit["head"]).any()
    assert (trailer & bit["brake"]).any()
    assert ((lorry & bit["brake"]) == (trailer & bit["brake"])).all()


def test_who_runs_into_a_trailer_touches_the_trailer_and_hardly_moves_it():
    # one mass of 27.8 t: a car of 1.7 t at 12 m/s gives it (1 + e) * 12 * 1.7 / 29.5 = 0.76 m/s with e = 0.1
    actors = (
        "  ego: {model: sedan, at: {road: street, lane: -1, s: 20 m}, speed: 12 m/s}\n"
        "  lorry: {model: articulated_truck, at: {road: street, lane: -1, s: 60 m}, drive: {}}\n"
    )
    expected = "expect: ['contact(ego, lorry)', 'not contact(lorry)', 'contact(ego)']"
    text = STREET.format(actors=actors, story=expected, duration=6, path="{line: 300 m}", profile="urban_2x1")
    drivers = {
        "ego": lambda view: replace(view.usual, acceleration=0.0),
        "lorry": lambda view: replace(view.usual, acceleration=-1.0),
    }
    log = simulate(decided(text), drivers=drivers)
    assert contacts(log) == [("ego", "lorry.trailer")]
    assert [verdict.holds for verdict in verdicts(log)] == [True, False, True]
    speed = np.hypot(*log.velocity[:, log.index("lorry"), :2].T)
    assert 0.4 < speed.max() < 0.77
    assert speed[-1] == pytest.approx(0.0, abs=1e-3)
    assert hitches(log, "lorry", "lorry.trailer", 0.65, 7.7).max() < 1e-5


def test_who_pulls_a_trailer_is_not_said_to_touch_it():
    actors = (
        "  ego: {model: estate, trailer: caravan, at: {road: street, lane: -1, s: 30 m}, speed: 8 m/s, drive: {}}\n"
        "  other: {model: van, at: {road: street, lane: -1, s: 90 m}, parked: true}\n"
    )
    log = run(actors, duration=2)
    away = tracks(log).away(log.index("ego"))
    assert np.isinf(away[:, [log.index("ego"), log.index("ego.trailer")]]).all()
    assert np.isfinite(away[:, log.index("other")]).all()


def test_a_trailer_comes_and_goes_with_who_pulls_it():
    actors = (
        "  ego: {model: sedan, at: {road: street, lane: -1, s: 10 m}}\n"
        "  car: {model: estate, trailer: caravan, present: false, at: {road: street, lane: -1, s: 80 m}, speed: 8 m/s, "
        "drive: {}}\n"
    )
    story = (
        "story: [{when: {time: {after: 1 s}}, do: {car: {appear: {}}}}, "
        "{when: {time: {after: 3 s}}, do: {car: {vanish: true}}}]"
    )
    log = run(actors, story, duration=4)
    there = log.present[:, [log.index("car"), log.index("car.trailer")]]
    assert (there[:, 0] == there[:, 1]).all()
    assert there.any()
    assert not there.all()
    shown = there[:, 0]
    assert hitches(log, "car", "car.trailer", -1.12, 4.25)[shown].max() < 1e-5


def test_traffic_brings_lorries_that_others_do_not_run_into():
    text = """
scenario: Lorries in traffic
duration: 25 s
step: 0.02 s
seed: 4
map:
  roads:
    street: {profile: urban_4x2, path: [{line: 400 m}], speed_limit: 80 km/h}
actors:
  ego: {model: sedan, at: {road: street, lane: -1, s: 120 m}, speed: 15 m/s, drive: {}}
traffic:
  - {at: {road: street, lane: -1, s: 30 m}, flow: 900, mix: {articulated_truck: 0.5, hatchback: 0.5}}
  - {at: {road: street, lane: -2, s: 30 m}, flow: 600, mix: {articulated_truck: 0.5, hatchback: 0.5}}
"""
    log = simulate(decided(text))
    assert contacts(log) == []
    assert any(actor.pulled_by for actor in log.actors)


@pytest.mark.parametrize(
    ("actor", "message"),
    [
        ("{model: sedan, trailer: semitrailer, ", "a sedan cannot pull a semitrailer"),
        ("{model: bus, trailer: caravan, ", "a bus cannot pull a caravan"),
        ("{model: sedan, trailer: caravn, ", "unknown trailer"),
    ],
)
def test_what_does_not_fit_is_said(actor, message):
    ego = f"  ego: {actor}at: {{road: street, lane: -1, s: 60 m}}}}\n"
    with pytest.raises(ScenarioFileError, match=message):
        run(ego)


def test_nobody_may_stand_where_a_trailer_stands():
    ego = "  ego: {model: sedan, at: {road: street, lane: -1, s: 52 m}}\n"
    with pytest.raises(ScenarioFileError, match=r"stands where .* stands"):
        run(ego + LORRY % "0 m/s")
