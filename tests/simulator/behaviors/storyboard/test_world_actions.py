"""Lights, signals, weather, and actors that come and go."""

import numpy as np
import pytest

from roadlab.log import LAMPS, SIGNAL_STATES
from roadlab.weather import WEATHER

EGO = "ego: {model: sedan, at: {road: road, lane: -2, s: 50 m}, speed: 20 m/s, drive: {}}\n"
WRECK = "wreck: {model: van, at: {road: road, lane: -2, s: 140 m}, parked: true%s}\n"


def at(time, rest, name="go"):
    return f"- {{name: {name}, when: {{time: {{after: {time} s}}}}, {rest}}}\n"


def lit(log, actor, lamp):
    return (log.log.lamps[:, log.log.index(actor)] >> LAMPS.index(lamp) & 1).astype(bool)


def test_hazard_lights_flash_on_both_sides_of_a_parked_vehicle(run):
    log = run(EGO + WRECK.replace("-2", "-3") % "", at(1, "do: {wreck: {lights: {indicator: hazard}}}"), duration=5)
    left, right = lit(log, "wreck", "left"), lit(log, "wreck", "right")
    np.testing.assert_array_equal(left, right)
    assert not left[:50].any()
    # 90 flashes a minute, as UN Regulation 48 allows 60 to 120: the first at 1 s, the seventh at 5 s.
    assert np.count_nonzero(np.diff(left.astype(int)) == 1) == 7


def test_lamps_shine_from_the_start_when_the_actor_says_so(run):
    lights = ", lights: {indicator: hazard, beam: low}"
    log = run(EGO + WRECK.replace("-2", "-3") % lights, at(2, "do: {wreck: {lights: {beam: off}}}"), duration=4)
    # 90 flashes a minute from the start; tail lamps go with the beam
    assert np.count_nonzero(np.diff(lit(log, "wreck", "left").astype(int)) == -1) == 6
    for lamp in ("head", "tail"):
        np.testing.assert_array_equal(lit(log, "wreck", lamp), log.time < 2.0)
    assert not lit(log, "ego", "left").any()


def test_a_bicycle_has_a_beam(run):
    bicycle = "bike: {model: bicycle, at: {road: road, lane: -3, s: 90 m}, speed: 4, drive: {}, lights: {beam: low}}\n"
    log = run(EGO + bicycle, at(9, "do: {ego: {brake: {}}}"), duration=1)
    assert lit(log, "bike", "head").all()
    assert lit(log, "bike", "tail").all()


def test_beams_and_indicators_are_the_drivers_own_again_when_they_are_told_so(run):
    story = at(1, "do: {ego: {lights: {beam: high, indicator: right}}}") + at(
        2, "do: {ego: {lights: {beam: off}}}", "off"
    )
    story += at(3, "do: {ego: {lights: {beam: auto, indicator: auto}}}", "auto")
    log = run(EGO, story, duration=4)
    head, high, right = (lit(log, "ego", lamp) for lamp in ("head", "high", "right"))
    assert [head[k] for k in (20, 70, 120, 170)] == [True, True, False, True]
    assert [high[k] for k in (20, 70, 120, 170)] == [False, True, False, False]
    assert [bool(right[a:b].any()) for a, b in ((0, 50), (50, 150), (150, 200))] == [False, True, False]


def test_the_weather_changes_evenly_and_wets_the_road(run):
    log = run(EGO, at(1, "weather: {rain: 8 mm/h, visibility: 2 km, over: 2 s}"), duration=4)
    column = {name: log.log.weather[:, WEATHER.index(name)] for name in WEATHER}
    share = np.clip((log.time - 1.0) / 2.0, 0.0, 1.0)
    np.testing.assert_allclose(column["rain"], 8.0 * share, atol=1e-9)
    np.testing.assert_allclose(column["visibility"], 40e3 + (2e3 - 40e3) * share, atol=1e-6)
    np.testing.assert_allclose(column["wetness"], 0.75 * share, atol=1e-9)
    assert column["friction"][0] == 1.0
    assert column["friction"][-1] == pytest.approx(0.7)
    assert log.happened("go", "story_end") == [3.0]


def test_who_appears_is_in_nobodys_way_before(run):
    story = at(1, "do: {wreck: {appear: {}}}")
    log = run(EGO + WRECK % ", present: false", story, duration=2.5)
    present = log.log.present[:, log.log.index("wreck")]
    np.testing.assert_array_equal(present, log.time >= 1.0)
    np.testing.assert_allclose(log.acceleration("ego")[1:50], 0.0, atol=0.3)
    assert log.acceleration("ego")[60:].min() < -2.0


def test_who_vanishes_is_driven_through(run):
    log = run(EGO + WRECK % "", at(0, "do: {wreck: {vanish: true}}"), duration=6, step=0.05)
    assert log.x("ego")[-1] > 160.0
    assert [event for event in log.log.events if event.kind == "contact"] == []
    assert log.speed("ego").min() > 19.0


def test_who_appears_elsewhere_drives_on_from_there(run):
    car = "car: {model: sedan, at: {road: road, lane: -3, s: 20 m}, speed: 10 m/s, drive: {}, present: false}\n"
    story = at(1, "do: {car: {appear: {at: {road: road, lane: -1, s: 300 m}, speed: 15 m/s}}}")
    log = run(EGO + car, story, duration=3)
    assert log.x("car")[49] == pytest.approx(20.0, abs=0.1)
    assert log.x("car")[50] == pytest.approx(300.0, abs=0.1)
    assert log.x("car")[-1] == pytest.approx(330.0, abs=0.5)
    assert not log.log.lamps[:50, log.log.index("car")].any()


def test_an_order_to_somebody_who_has_vanished_is_a_fault_and_the_run_goes_on(run):
    car = "car: {model: sedan, at: {road: road, lane: -3, s: 20 m}, speed: 10 m/s, drive: {}}\n"
    story = at(1, "do: {car: {vanish: true}}", "gone") + at(2, "do: {car: {change_lane: {left: 1}}}")
    story += at(2.5, "do: {ego: {speed: {relative_to: car, over: 1 s}}}", "after it")
    log = run(EGO + car, story, duration=4)
    assert log.faults() == [
        "go: car cannot change lane: it is not there",
        "after it: ego cannot speed: it needs car, who is not there",
    ]
    assert log.time[-1] == 4.0
    assert log.happened("go", "story_end") == [2.0]


def test_who_vanishes_leaves_what_it_was_doing(run):
    car = "car: {model: sedan, at: {road: road, lane: -3, s: 20 m}, speed: 10 m/s, drive: {}}\n"
    story = at(1, "do: {car: {speed: {to: 20 m/s, over: 3 s}}}") + at(2, "do: {car: {vanish: true}}", "gone")
    log = run(EGO + car, story, duration=3)
    assert log.happened("go", "story_end") == [2.0]
    assert np.ptp(log.x("car")[100:]) == 0.0


CROSS = """
    east: {profile: urban_2x1, start: {x: 1030 m}, path: [{line: 60 m}]}
    south: {profile: urban_2x1, start: {x: 1015 m, y: -75 m, heading: 90 deg}, path: [{line: 60 m}]}
  junctions:
    cross: {connect: [road.end, east.start, south.end], signals: {green: 60 s}}
"""


def test_signals_show_what_the_story_says_for_as_long_as_it_says(run):
    story = at(1, "signals: {show: {cross/road.end: red}, hold: 1 s}") + at(3, "signals: {show: {cross: amber}}", "all")
    log = run(EGO.replace("-2", "-1"), story, duration=4, profile="urban_2x1", more=CROSS)
    shown = {name: log.log.signals[:, k] for k, name in enumerate(log.log.signal_names)}
    main = [SIGNAL_STATES[shown["cross/road.end"][k]] for k in (25, 75, 125, 175)]
    assert main == ["green", "red", "green", "amber"]
    for_people = [name for name in shown if name.endswith(("/right", "/left"))]
    assert {SIGNAL_STATES[shown[name][175]] for name in for_people} == {"off"}
    assert {SIGNAL_STATES[shown[name][175]] for name in shown if name not in for_people} == {"amber"}
    assert log.happened("go", "story_end") == [2.0]


def test_the_story_sets_one_signal_for_people_and_waits_for_another(run):
    first, second = "cross/road.end/right", "cross/south.end/left"
    story = at(1, f"signals: {{show: {{{first}: green}}}}") + at(2, f"signals: {{show: {{{second}: red}}}}", "other")
    seen = f"when: {{signal: {{head: {first}, shows: green}}, delay: 0.5 s}}"
    story += f"- {{name: seen, {seen}, do: {{ego: {{brake: {{}}}}}}}}\n"
    log = run(EGO.replace("-2", "-1"), story, duration=4, profile="urban_2x1", more=CROSS)
    shown = {name: log.log.signals[:, k] for k, name in enumerate(log.log.signal_names)}
    assert [SIGNAL_STATES[shown[first][k]] for k in (25, 75, 175)] == ["red", "green", "green"]
    assert [SIGNAL_STATES[shown[second][k]] for k in (25, 75, 175)] == ["green", "green", "red"]
    assert log.happened("seen") == pytest.approx([1.5], abs=0.03)  # one tick after it lights
