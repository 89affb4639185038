"""Places in the story: every kind, those relative to others where these are when the place is needed."""

from __future__ import annotations

import math

import numpy as np
import pytest

import roadlab
from roadlab import simulate
from roadlab.actors.catalog import VEHICLES
from roadlab.errors import ScenarioFileError
from roadlab.scenario.load import Scenario

MAP = """\
scenario: Places in a story
duration: 12 s
map:
  roads:
    a9: {profile: motorway_3, path: [line: 600 m]}
    elm: {profile: urban_2x1_parking, start: {y: 100 m}, path: [line: 120 m]}
  crosswalks: [{road: elm, s: 30 m, width: 4 m}]
actors:
  ego: {model: hatchback, at: {road: a9, lane: -2, s: 50 m}, speed: 20, drive: {}}
  late: {model: sedan, at: {road: a9, lane: -3, s: 10 m}, present: false, speed: 20, drive: {}}
  car: {model: van, at: {road: elm, lane: parking, s: 60 m}, parked: true}
  anna: {model: adult, at: {crosswalk: "crosswalk[0]"}}
story:
"""


@pytest.fixture
def run(write):
    """The log of a story."""
    return lambda story: simulate(roadlab.load(write(MAP + story)))


def place(log, name: str, time: float) -> np.ndarray:
    return log.position[log.tick_at(round(time * 1e9)), log.index(name), :2]


def test_somebody_appears_ahead_of_where_the_other_is_by_then(run):
    log = run("  - {when: {time: {after: 3 s}}, do: {late: {appear: {at: {ahead_of: ego, gap: 12 m, lanes: 1}}}}}\n")
    hatchback, sedan = VEHICLES["hatchback"], VEHICLES["sedan"]
    apart = (hatchback.length - hatchback.rear_overhang) + 12.0 + sedan.rear_overhang
    assert place(log, "ego", 3.0)[0] == pytest.approx(110.0, abs=0.1)
    assert place(log, "late", 3.0) - place(log, "ego", 3.0) == pytest.approx([apart, 3.75], abs=0.25)


def test_reaching_a_place_ahead_of_somebody_follows_that_one(run):
    story = """\
  - {when: {time: {after: 1 s}}, do: {late: {appear: {at: {behind: ego, by: 30 m, lanes: 1}, speed: 30}}}}
  - name: passed
    when: {reach: {actor: late, at: {ahead_of: ego, by: 10 m, lanes: 1}, within: 1 m}}
    do: {late: {lights: {indicator: right}}}
"""
    log = run(story)
    (time,) = [event.time / 1e9 for event in log.events if event.kind == "story" and event.name == "passed"]
    # 30 m behind to 10 m ahead at 10 m/s more, give or take the metre
    assert time == pytest.approx(5.0, abs=0.15)
    assert place(log, "late", time)[0] - place(log, "ego", time)[0] == pytest.approx(10.0, abs=1.0)


def test_people_walk_to_the_other_end_of_a_crosswalk_and_beside_a_car(run):
    path = "[{crosswalk: 'crosswalk[0]', side: left}, {beside: car, side: road, gap: 1 m}]"
    log = run(f"  - {{do: {{anna: {{run: {{path: {path}, speed: 6 m/s}}}}}}}}\n")
    scenario = Scenario.from_json(log.scenario)
    network = scenario.network
    (strip,) = network.crosswalks
    side = np.hypot(*(log.position[:, log.index("anna"), :2] - strip.road.point(30.0, strip.t[1] + 0.8)[:2]).T)
    assert side.min() < 1.0
    x, y, yaw = network.pose(scenario.spec.actors["car"].at)
    across = (place(log, "anna", 12.0) - [x, y]) @ [-math.sin(yaw), math.cos(yaw)]
    assert across == pytest.approx(0.5 * VEHICLES["van"].width + 1.0 + 0.25, abs=0.35)


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        ("{road: elm, lane: sidewalk, s: 40 m}", "lane"),
        ("{route: [elm], along: 40 m}", "lane"),
        ("{crosswalk: 'crosswalk[0]', side: left}", "t"),
        ("{anywhere: sidewalk, roads: [elm]}", "lane"),
    ],
)
def test_places_that_stay_are_worked_out_once(write, at, kind):
    text = f"{MAP}  - {{when: {{reach: {{actor: anna, at: {at}}}}}, do: {{anna: {{walk: {{path: [{at}]}}}}}}}}\n"
    event = roadlab.load(write(text)).spec.story[0]
    assert all(
        hasattr(found, kind) and found.road == "elm" for found in (event.when.reach.at, event.do["anna"].walk.path[0])
    )
    assert roadlab.load(write(text)).digest == roadlab.load(write(text)).digest


def test_a_place_that_has_come_to_be_none_is_a_fault_and_the_run_goes_on(run):
    story = "  - {when: {time: {after: 1 s}}, do: {late: {appear: {at: {ahead_of: ego, by: 10 m, lanes: 6}}}}}\n"
    log = run(story)
    (fault,) = [event.name for event in log.events if event.kind == "fault"]
    assert "late cannot appear: it finds no such place: there is no lane 6 to the left of lane -2" in fault
    gone = run("  - {do: {ego: {follow_trajectory: {polyline: [{ahead_of: late, by: 10 m}]}}}}\n")
    assert "it needs late, who is not there" in next(event.name for event in gone.events if event.kind == "fault")


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("when: {reach: {actor: ego, at: {ahead_of: eggo, by: 3 m}}}, do: {ego: {brake: {}}}", "unknown actor 'eggo'"),
        ("do: {late: {appear: {at: {ahead_of: ego}}}}", "expected exactly one of by and gap"),
        (
            "do: {late: {appear: {at: {road: elm, lane: biking, s: 3 m}}}}",
            "there is no biking lane on the right of elm",
        ),
        ("do: {late: {appear: {}}, anna: {walk: {path: [{crosswalk: none}]}}}", "unknown crosswalk 'none'"),
    ],
)
def test_a_place_of_the_story_that_is_none_is_reported(write, event, words):
    with pytest.raises(ScenarioFileError, match=r"story\[0\]") as caught:
        roadlab.load(write(f"{MAP}  - {{{event}}}\n"))
    assert words in str(caught.value)


def test_one_wrong_event_hides_nothing_that_is_wrong_in_others(write):
    story = """\
  - {name: a, when: {time: {afther: 1 s}}, do: {late: {appear: {}}}}
  - {when: {event: {started: a}}, do: {late: {brake: {}}, anna: {brake: {}}}}
  - {when: {event: {started: b}}, do: {nobody: {brake: {}}}}
"""
    with pytest.raises(ScenarioFileError) as caught:
        roadlab.load(write(MAP + story))
    found = [one.message for one in caught.value.diagnostics]
    assert found == [
        "unknown key 'afther'",
        "anna is a pedestrian and cannot brake",
        "unknown event 'b'",
        "unknown actor 'nobody'",
    ]
