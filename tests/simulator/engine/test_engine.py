import dataclasses
import tempfile
from pathlib import Path

import numpy as np
import pytest

from roadlab.engine import simulate
from roadlab.errors import ScenarioFileError, SimulationError
from roadlab.log import LAMPS
from roadlab.log_file import log_digest
from roadlab.scenario.load import load

STREET = """
scenario: A street
duration: {duration} s
step: {step} s
seed: 3
map:
  roads:
    street: {{profile: urban_2x1, path: [{{line: 300 m}}], speed_limit: 50 km/h}}
actors:
{actors}
story:
{story}
"""

CROSS = """
scenario: A crossing
duration: {duration} s
step: 0.02 s
seed: 3
map:
  roads:
    south: {{profile: urban_2x1, start: {{y: -95 m, heading: 90 deg}}, path: [{{line: 80 m}}]}}
    north: {{profile: urban_2x1, start: {{y: 15 m, heading: 90 deg}}, path: [{{line: 80 m}}]}}
    west: {{profile: urban_2x1, start: {{x: -95 m}}, path: [{{line: 80 m}}]}}
    east: {{profile: urban_2x1, start: {{x: 15 m}}, path: [{{line: 80 m}}]}}
  junctions:
    cross: {{connect: [south.end, north.start, west.end, east.start], crosswalks: true{signals}}}
actors:
{actors}
"""


def indented(text):
    return "\n".join("  " + line for line in text.strip("\n").splitlines()) or "  {}"


def decided(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(text)
        return load(path)


def street(actors, story="", duration=6, step=0.01):
    text = STREET.format(actors=indented(actors), story=indented(story), duration=duration, step=step)
    return decided(text.replace("story:\n  {}", ""))


def crossing(actors, signals="", duration=15):
    return decided(CROSS.format(actors=indented(actors), signals=signals, duration=duration))


def speed(log, name):
    return np.hypot(*log.velocity[:, log.index(name), :2].T)


def contacts(log):
    return [event for event in log.events if event.kind == "contact"]


EGO = "ego: {model: hatchback, at: {road: street, lane: -1, s: 20 m}, speed: 10 m/s, drive: {}}\n"
ANNA = """
anna:
  model: adult
  at: {{road: street, s: 200 m, t: 6 m}}
  walk: {{path: [{{road: street, s: 230 m, t: 6 m}}]{options}}}
"""
BEN = "ben: {model: bicycle, at: {road: street, lane: -1, s: 50 m, offset: -1 m}, speed: 5 m/s, drive: {}}"


def test_the_order_of_actors_in_the_file_changes_nothing():
    rows = [
        "ego: {model: hatchback, at: {road: south, lane: -1, s: 40 m}, speed: 9 m/s, drive: {route: [south, west]}}",
        "a: {model: sedan, at: {road: north, lane: 1, s: 30 m}, speed: 9 m/s, drive: {route: [north, south]}}",
        "b: {model: van, at: {road: west, lane: -1, s: 45 m}, speed: 9 m/s, drive: {route: [west, east]}}",
        "c: {model: bicycle, at: {road: east, lane: 1, s: 20 m, offset: 1 m}, speed: 5 m/s, drive: {}}",
        "d: {model: adult, at: {x: -12 m, y: 5 m, heading: -90 deg}, walk: {path: [{x: -12 m, y: -5 m}]}}",
    ]
    log, other = (simulate(crossing("\n".join(order), duration=8)) for order in (rows, rows[::-1]))
    for actor in log.actors:
        i, j = log.index(actor.name), other.index(actor.name)
        for field in ("position", "attitude", "velocity", "acceleration", "lamps"):
            np.testing.assert_array_equal(getattr(log, field)[:, i], getattr(other, field)[:, j])
        joints, others = log.states_at(log.time).joints[i], other.states_at(other.time).joints[j]
        np.testing.assert_array_equal(joints, others)
    assert [e.name for e in log.events] == [e.name for e in other.events]
    assert [a.instance for a in log.actors] == [1, 2, 3, 4, 5]


def test_the_same_scenario_gives_the_same_bytes():
    scenario = street(EGO + ANNA.format(options=""))
    assert log_digest(simulate(scenario)) == log_digest(simulate(scenario))


def test_a_row_of_actors_is_written_out():
    log = simulate(
        street(
            EGO
            + "row: {model: suv, at: {road: street, lane: 1, s: 50 m}, repeat: {count: 3, spacing: 8 m}, parked: true}"
        )
    )
    assert [a.name for a in log.actors] == ["ego", "row[0]", "row[1]", "row[2]"]
    np.testing.assert_allclose(log.position[0, 1:, 0], [50, 58, 66])
    assert log.ego == 0
    assert not log.lamps[:, 1:].any()


def test_a_duration_that_is_no_multiple_of_the_step_is_covered():
    log = simulate(street(EGO, duration=1.005))
    assert log.time[-1] == 1_010_000_000
    assert len(log.time) == 102


def test_two_actors_in_one_place_are_refused():
    with pytest.raises(ScenarioFileError, match="other stands where ego stands"):
        simulate(street(EGO + "other: {model: sedan, at: {road: street, lane: -1, s: 22 m}, parked: true}"))


@pytest.mark.parametrize(
    ("place", "message"),
    [("{x: 20 m, y: -30 m}", "no lane lies at"), ("{road: street, s: 20 m, t: 1.7 m}", "against the direction")],
)
def test_who_cannot_drive_from_where_it_stands_is_refused(place, message):
    with pytest.raises(ScenarioFileError, match=message):
        simulate(street(EGO.replace("{road: street, lane: -1, s: 20 m}", place)))


def test_a_driver_stops_behind_a_parked_car():
    log = simulate(
        street(EGO + "wreck: {model: sedan, at: {road: street, lane: -1, s: 80 m}, parked: true}", duration=14)
    )
    gap = 80 - 1.06 - (log.position[-1, 0, 0] + 4.28 - 0.78)
    assert speed(log, "ego")[-1] < 0.05
    assert 1.5 < gap < 3.0
    assert log.acceleration.min() > -4.0
    assert contacts(log) == []


def test_braking_by_the_story_overrides_the_driver_until_resume():
    story = """
- {name: stop, when: {time: {after: 1 s}}, do: {ego: {brake: {deceleration: 5 m/s2}}}}
- {name: go, when: {event: {started: stop, delay: 4 s}}, do: {ego: {resume: true}}}
"""
    log = simulate(street(EGO, story, duration=9))
    v, a = speed(log, "ego"), log.acceleration[:, 0]
    np.testing.assert_allclose(a[102:280], -5.0)
    assert v[310:500].max() == 0.0
    stop = log.position[310, 0, 0] - log.position[100, 0, 0]
    assert stop == pytest.approx(v[100] ** 2 / 10, abs=v[100] * 0.01)
    assert v[-1] > 4.0


def test_braking_down_to_a_speed_keeps_it_afterwards():
    log = simulate(street(EGO, "- {when: {time: {after: 1 s}}, do: {ego: {brake: {deceleration: 2 m/s2, to: 6 m/s}}}}"))
    assert log.acceleration[150, 0] == pytest.approx(-2.0)
    np.testing.assert_allclose(speed(log, "ego")[350:], 6.0, atol=0.1)


def test_a_speed_order_is_carried_out_at_its_acceleration():
    story = """
- {when: {time: {after: 1 s}}, do: {ego: {speed: {to: 13 m/s, acceleration: 1.5 m/s2}}}}
- {when: {time: {after: 4 s}}, do: {ego: {speed: {to: 5 m/s, acceleration: 2.5 m/s2}}}}
"""
    log = simulate(street(EGO, story, duration=9))
    v, a = speed(log, "ego"), log.acceleration[:, 0]
    np.testing.assert_allclose(a[105:250], 1.5, atol=1e-9)
    np.testing.assert_allclose(a[405:650], -2.5, atol=1e-9)
    np.testing.assert_allclose(v[800:], 5.0, atol=0.1)


def test_people_wait_walk_and_stand_as_they_are_told():
    actors = EGO + ANNA.format(options=", wait: true")
    story = """
- {name: off, when: {time: {after: 1 s}}, do: {anna: {walk: {speed: 1.6 m/s}}}}
- {name: halt, when: {speed: {actor: anna, above: 1.5 m/s}}, do: {anna: {stand: true}}}
"""
    log = simulate(street(actors, story, duration=5))
    v = speed(log, "anna")
    assert v[:101].max() == 0.0
    assert 1.5 < v.max() < 1.55
    assert v[-1] == 0.0
    assert [event.name for event in log.events if event.kind == "story"] == ["off", "halt"]


def test_a_lane_change_ends_on_the_other_lane():
    text = STREET.replace("urban_2x1", "motorway_3").format(
        actors=indented(EGO.replace("-1, s", "-2, s").replace("10 m/s", "25 m/s")),
        story=indented("- {when: {time: {after: 1 s}}, do: {ego: {change_lane: {to: -1, over: 3 s}}}}"),
        duration=6, step=0.01,
    )  # fmt: skip
    log = simulate(decided(text))
    y = log.position[:, 0, 1]
    assert y[100] == pytest.approx(-5.625, abs=0.01)
    assert y[250] == pytest.approx(-3.75, abs=0.3)
    assert y[-1] == pytest.approx(-1.875, abs=0.02)
    assert (log.lamps[:, 0] >> LAMPS.index("left") & 1).any()


def test_a_blind_order_ends_in_a_contact_that_is_logged_once():
    actors = EGO + "wall: {model: truck, at: {road: street, lane: -1, s: 60 m}, parked: true}"
    log = simulate(
        street(actors, "- {when: {time: {after: 0 s}}, do: {ego: {brake: {deceleration: 0.01 m/s2}}}}", duration=8)
    )
    (contact,) = contacts(log)
    assert contact.actors == ("ego", "wall")
    assert contact.details["relative_speed"] == pytest.approx(10.0, abs=0.2)
    assert contact.details["x"] == pytest.approx(60 - 2.35, abs=0.1)
    assert contact.time / 1e9 == pytest.approx((60 - 2.35 - 20 - 3.5) / 10, abs=0.05)
    assert speed(log, "ego")[-1] == 0.0
    assert log.acceleration[log.tick_at(contact.time) + 2, 0] == pytest.approx(-9.0)


def test_contacts_are_found_with_a_coarse_step_too():
    actors = EGO.replace("10 m/s", "40 m/s") + "post: {model: child, at: {road: street, s: 71.3 m, t: -1.75 m}}"
    order = "- {when: {time: {after: 0 s}}, do: {ego: {brake: {deceleration: 0.01 m/s2}}}}"
    log = simulate(street(actors, order, duration=3, step=0.1))
    (contact,) = contacts(log)
    assert contact.time / 1e9 == pytest.approx((71.3 - 20 - 3.5) / 40, abs=0.02)


def test_who_reaches_the_end_of_the_road_stops_there_and_it_is_logged():
    log = simulate(street(EGO.replace("s: 20 m", "s: 240 m"), duration=16))
    (event,) = log.events
    assert (event.kind, event.actors) == ("route_end", ("ego",))
    assert speed(log, "ego")[-1] < 0.01
    assert 290 < log.position[-1, 0, 0] + 3.5 < 300


def test_a_state_that_is_no_number_names_the_tick_and_the_actor(monkeypatch):
    import roadlab.engine as engine

    scenario, whole = street(EGO), engine.move

    def broken(stage, scene, controls):
        state = whole(stage, scene, controls)
        return state.with_actor(0, x=np.nan) if scene.state.x[0] > 20.95 else state

    monkeypatch.setattr(engine, "move", broken)
    with pytest.raises(SimulationError, match=r"actor 'ego'") as caught:
        simulate(scenario)
    assert caught.value.tick == 11
    assert len(caught.value.log.time) == 11


# --- traffic rules ---------------------------------------------------------------------------------------------------

SOUTH = "ego: {model: hatchback, at: {road: south, lane: -1, s: 30 m}, speed: 10 m/s, drive: {route: [south, north]}}\n"


def test_a_driver_stops_at_a_red_light_and_goes_on_at_green():
    log = simulate(crossing(SOUTH, ", signals: {first: west, green: 5 s, amber: 2 s, all_red: 2 s}", duration=18))
    front = log.position[:, 0, 1] + 3.5
    red = log.time < 9_000_000_000
    assert front[red].max() < -15.3
    assert front[red].max() > -19.0
    assert front[-1] > 0.0
    assert log.acceleration.min() > -4.0


def test_a_driver_too_near_to_stop_comfortably_passes_at_amber():
    amber = ", signals: {{first: south, green: {green} s, amber: 3 s, all_red: 2 s}}"
    actor = SOUTH.replace("s: 30 m", "s: 60 m")
    near = simulate(crossing(actor, amber.format(green=0.7), duration=6))
    assert near.position[-1, 0, 1] > 0.0
    far = simulate(crossing(SOUTH, amber.format(green=0.7), duration=9))
    assert far.position[-1, 0, 1] < -18.0


def test_right_comes_before_left_where_nothing_else_is_signed():
    east = "right: {model: sedan, at: {road: east, lane: 1, s: 35 m}, speed: 10 m/s, drive: {route: [east, west]}}"
    log = simulate(crossing(SOUTH.replace("s: 30 m", "s: 45 m") + east))
    passes = {
        name: int(np.argmax(np.hypot(*log.position[:, log.index(name), :2].T) < 4.0)) for name in ("ego", "right")
    }
    assert 0 < passes["right"] < passes["ego"]
    assert contacts(log) == []
    assert speed(log, "right")[: passes["right"]].min() > 6.0
    assert speed(log, "ego")[: passes["ego"]].min() < 7.0


def test_four_cars_that_wait_for_each_other_all_get_through():
    rows = [
        "ego: {model: hatchback, at: {road: south, lane: -1, s: 50 m}, speed: 8 m/s, drive: {route: [south, north]}}",
        "a: {model: sedan, at: {road: north, lane: 1, s: 30 m}, speed: 8 m/s, drive: {route: [north, south]}}",
        "b: {model: suv, at: {road: west, lane: -1, s: 50 m}, speed: 8 m/s, drive: {route: [west, east]}}",
        "c: {model: estate, at: {road: east, lane: 1, s: 30 m}, speed: 8 m/s, drive: {route: [east, west]}}",
    ]
    log = simulate(crossing("\n".join(rows), duration=24))
    assert contacts(log) == []
    travelled = np.hypot(*(log.position[-1] - log.position[0])[:, :2].T)
    assert travelled.min() > 60.0


def test_two_cars_that_turn_left_at_each_other_do_not_block_each_other():
    rows = [
        "ego: {model: hatchback, at: {road: south, lane: -1, s: 50 m}, speed: 8 m/s, drive: {route: [south, west]}}",
        "a: {model: sedan, at: {road: north, lane: 1, s: 30 m}, speed: 8 m/s, drive: {route: [north, east]}}",
    ]
    log = simulate(crossing("\n".join(rows), duration=25))
    assert contacts(log) == []
    assert log.position[-1, 0, 0] < -30.0
    assert log.position[-1, 1, 0] > 30.0


def test_who_turns_right_waits_for_people_on_the_crosswalk():
    rows = [
        "ego: {model: hatchback, at: {road: south, lane: -1, s: 60 m}, speed: 8 m/s, drive: {route: [south, east]}}",
        "anna: {model: adult, at: {x: 12 m, y: -5 m}, walk: {path: [{x: 12 m, y: 6 m}], speed: 0.8 m/s}}",
    ]
    log = simulate(crossing("\n".join(rows), duration=16))
    assert contacts(log) == []
    near = log.position[:, 0, 0] > 9.8
    first = int(np.argmax(near))
    assert log.position[first, 1, 1] > 0.0
    assert near.any()


def test_a_driver_follows_a_cyclist_who_keeps_to_the_right():
    log = simulate(
        street(
            EGO + BEN,
            duration=14,
        )
    )
    assert contacts(log) == []
    np.testing.assert_allclose(log.position[:, 1, 1], -2.75, atol=0.02)
    assert speed(log, "ego")[-1] == pytest.approx(5.0, abs=0.3)


def test_the_log_is_read_only():
    log = simulate(street(EGO, duration=0.1))
    with pytest.raises(ValueError, match="read-only"):
        log.position[0, 0, 0] = 1.0
    assert dataclasses.is_dataclass(log)
