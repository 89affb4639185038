"""Drivers who have to change lanes: ramps, ends of lanes, work zones, exits, and being let in."""

import tempfile
from pathlib import Path

import numpy as np
import pytest

from roadlab import load, simulate
from roadlab.behaviors.legs import Lanes
from roadlab.behaviors.routes import way
from roadlab.errors import ScenarioFileError
from roadlab.log import LAMPS
from roadlab.roads.network import LaneKey

RAMP = """
    before: {profile: motorway_2, path: [{line: 600 m}], speed_limit: 120 km/h}
    behind: {profile: motorway_2, start: {after: before.end, gap: 60 m}, path: [{line: 1200 m}], speed_limit: 120 km/h}
    slip:
      profile: ramp
      start: {x: 360 m, y: -57 m, heading: 10 deg}
      path: [{line: 244 m}]
      speed_limit: 80 km/h
  junctions:
    entry: {entry: {main: before.end, onto: behind.start, ramp: slip.end, lane: 250 m}}"""
EXIT = """
    before: {profile: motorway_2, path: [{line: 700 m}], speed_limit: 120 km/h}
    behind: {profile: motorway_2, start: {after: before.end, gap: 60 m}, path: [{line: 300 m}], speed_limit: 120 km/h}
    off: {profile: ramp, start: {x: 760 m, y: -14 m, heading: -4 deg}, path: [{line: 200 m}], speed_limit: 80 km/h}
  junctions:
    leave: {exit: {main: before.end, onto: behind.start, ramp: off.start, lane: 250 m}}"""
DROP = """
    a: {sections: [{profile: motorway_3}, {s: 400 m, profile: motorway_2, taper: 60 m}], path: [{line: 900 m}]}"""
WORKS = """
    a:
      profile: motorway_3
      path: [{line: 900 m}]
      work_zones: [{s: 400 m, length: 200 m, lanes: [-3], taper: 60 m}]"""
TURNS = """
    west: {profile: urban_4x2, path: [{line: 200 m}]}
    east: {profile: urban_4x2, start: {after: west.end, gap: 40 m}, path: [{line: 100 m}]}
    north: {profile: urban_2x1, start: {x: 220 m, y: 25 m, heading: 90 deg}, path: [{line: 100 m}]}
  junctions:
    cross: {connect: [west.end, east.start, north.start]}"""


def scenario_of(roads, actors, *, duration=30):
    rows = "\n".join(f"  {name}: {text}" for name, text in actors.items())
    text = (
        f"scenario: Leaving lanes\nduration: {duration} s\nstep: 20 ms\nmap:\n  roads:{roads}\n"
        f"  surroundings: {{style: none}}\nactors:\n{rows}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(text)
        return load(path)


def run(roads, actors, **options):
    scenario = scenario_of(roads, actors, **options)
    return scenario, simulate(scenario)


def car(road, lane, s, speed, drive="{}", model="sedan", more=""):
    return f"{{model: {model}, at: {{road: {road}, lane: {lane}, s: {s} m}}, speed: {speed}, drive: {drive}{more}}}"


def on(result, name):
    scenario, log = result
    found = scenario.network.locate(log.position[:, log.index(name), :2])
    return [(scenario.network.road_names[road], int(lane)) for road, lane in zip(found.road, found.lane, strict=True)]


def speed(result, name):
    return np.hypot(*result[1].velocity[:, result[1].index(name), :2].T)


def contacts(result):
    return [event.name for event in result[1].events if event.kind == "contact"]


def stream(headway, pace, count):
    more = f", repeat: {{count: {count}, spacing: {headway * pace} m}}"
    return car("before", -2, 4, f"{pace} m/s", "{driver: {type: idm, style: sampled}}", more=more)


# --- the way ---------------------------------------------------------------------------------------------------------


def test_a_way_ends_with_the_lane_that_has_to_be_left_and_says_to_which_side():
    network = scenario_of(RAMP, {"ego": car("slip", -1, 100, "20 m/s")}).network
    found = way(Lanes(network), LaneKey("slip", -1), ["slip", "behind"])
    assert found.lanes[-1] == LaneKey("behind", -3, 0)
    assert found.change == 1


def test_a_route_that_another_lane_takes_is_no_mistake_but_one_that_none_takes_is():
    scenario_of(EXIT, {"ego": car("before", -1, 100, "30 m/s", "{route: [before, off]}")})
    with pytest.raises(ScenarioFileError, match="no way leads"):
        scenario_of(EXIT, {"ego": car("behind", -1, 100, "30 m/s", "{route: [behind, off]}")})


# --- ramps -----------------------------------------------------------------------------------------------------------


def test_a_driver_joins_an_empty_motorway_without_braking_on_the_acceleration_lane():
    result = run(RAMP, {"ego": car("slip", -1, 100, "72 km/h", "{route: [slip, behind]}")})
    places = on(result, "ego")
    assert places[-1] == ("behind", -2)
    begin = places.index(("behind", -3))
    assert np.diff(speed(result, "ego")[begin:]).min() > -0.01
    left = (result[1].lamps[:, 0] >> LAMPS.index("left")) & 1
    assert left[: places.index(("behind", -2))].any()


@pytest.mark.parametrize(("headway", "pace"), [(3.0, 25.0), (2.5, 22.0), (2.0, 15.0)])
def test_four_cars_join_moderate_traffic_without_stopping(headway, pace):
    # 1,200 to 1,800 vehicles an hour on the lane that they join, below the capacity of the model of about 1,800.
    names = ["ego", "other[0]", "other[1]", "other[2]"]
    others = car("slip", -1, 65, "72 km/h", more=', repeat: {count: 3, spacing: "-28 m"}')
    count = int(580 / (headway * pace))
    result = run(RAMP, {"ego": car("slip", -1, 100, "72 km/h"), "other": others, "main": stream(headway, pace, count)},
                 duration=55)  # fmt: skip
    assert contacts(result) == []
    for name in names:
        assert on(result, name)[-1] == ("behind", -2), name
        assert speed(result, name).min() > 4.0, name
    assert result[1].acceleration.min() > -4.0  # MOBIL's b_safe


def test_who_finds_no_gap_stops_before_the_end_of_the_lane_and_joins_once_there_is_one():
    wall = car("before", -2, 100, "20 m/s", "{driver: {type: idm, time_headway: 0.3 s}}",
               more=", repeat: {count: 30, spacing: 16 m}")  # fmt: skip
    result = run(RAMP, {"ego": car("slip", -1, 180, "60 km/h"), "main": wall}, duration=60)
    assert contacts(result) == []
    end = 660.0 + 250.0
    waits = speed(result, "ego") < 0.5
    assert waits.any()
    assert result[1].position[waits, 0, 0].max() < end
    assert on(result, "ego")[-1] == ("behind", -2)


# --- ends of lanes, works, exits, turns ------------------------------------------------------------------------------


@pytest.mark.parametrize("roads", [DROP, WORKS])
def test_a_driver_leaves_a_lane_that_ends_in_good_time(roads):
    result = run(roads, {"ego": car("a", -3, 20, "25 m/s")}, duration=25)
    places = on(result, "ego")
    assert places[-1][1] == -2
    assert result[1].position[places.index(("a", -2)), 0, 0] < 300.0
    assert speed(result, "ego").min() > 24.0


def test_two_lanes_of_dense_traffic_merge_into_one_like_a_zip():
    def lane(number, at):
        return car("a", number, at, "12 m/s", "{driver: {type: idm}}", more=", repeat: {count: 10, spacing: 24 m}")

    result = run(WORKS, {"ego": car("a", -1, 5, "25 m/s"), "right": lane(-3, 20), "middle": lane(-2, 32)}, duration=70)
    assert contacts(result) == []
    x = {name: result[1].position[-1, result[1].index(name), 0] for name in [f"right[{k}]" for k in range(10)]}
    assert sum(place > 420.0 for place in x.values()) >= 6
    order = sorted((result[1].position[-1, i, 0], actor.name) for i, actor in enumerate(result[1].actors))
    kinds = [name[:5] for place, name in order if place > 400.0 and not name.startswith("ego")]
    assert max(len(run) for run in "".join("r" if k == "right" else "m" for k in kinds).split("m")) <= 4


def test_a_driver_on_the_fast_lane_takes_the_exit_by_two_lane_changes():
    result = run(EXIT, {"ego": car("before", -1, 20, "28 m/s", "{route: [before, off]}")}, duration=40)
    places = list(dict.fromkeys(on(result, "ego")))
    assert places[:3] == [("before", -1), ("before", -2), ("before", -3)]
    assert places[-1] == ("off", -1)
    assert speed(result, "ego")[: on(result, "ego").index(("before", -3))].min() > 20.0


def test_a_driver_on_the_right_lane_moves_over_to_turn_left():
    result = run(TURNS, {"ego": car("west", -2, 10, "12 m/s", "{route: [west, north]}")}, duration=30)
    places = on(result, "ego")
    assert ("west", -1) in places
    assert places[-1][0] == "north"


def test_whom_the_story_steers_is_left_alone():
    story = "\nstory:\n  - {name: late, when: {time: {after: 30 s}}, do: {ego: {lane_offset: {to: 0.3 m}}}}"
    scenario = scenario_of(DROP, {"ego": car("a", -3, 20, "25 m/s") + story}, duration=12)
    log = simulate(scenario)
    assert set(scenario.network.locate(log.position[:, 0, :2]).lane) == {-3}
