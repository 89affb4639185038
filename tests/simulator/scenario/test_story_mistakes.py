"""Stories that cannot happen: each mistake at its place, with the reason and what may have been meant."""

import pytest

STORY = """\
scenario: A street
duration: 5 s
map:
  roads:
    elm: {profile: urban_2x1, path: [{line: 100 m}]}
    oak: {profile: urban_2x1, start: {x: 130 m}, path: [{line: 100 m}]}
    ash: {profile: urban_2x1, start: {x: 115 m, y: -115 m, heading: 90 deg}, path: [{line: 100 m}]}
  junctions:
    cross: {connect: [elm.end, oak.start, ash.end], crosswalks: true, signals: {}}
actors:
  ego: {model: hatchback, at: {road: elm, lane: -1, s: 10 m}, speed: 30 km/h, drive: {}}
  car: {model: sedan, at: {road: elm, lane: -1, s: 60 m}, speed: 30 km/h, drive: {}}
  ben: {model: bicycle, at: {road: elm, lane: -1, s: 80 m}, speed: 3 m/s, drive: {}}
  van: {model: van, at: {road: elm, lane: 1, s: 50 m}, parked: true}
  ghost: {model: suv, at: {road: oak, lane: 1, s: 50 m}, parked: true, present: false}
  anna: {model: adult, at: {road: elm, s: 40 m, t: -5 m}, walk: {path: [{road: elm, s: 40 m, t: 5 m}], wait: true}}
story:
"""
GO = "{ego: {lights: {beam: high}}}"


def when(condition):
    return f"  - {{name: a, when: {condition}, do: {GO}}}\n"


def do(action, actor="ego"):
    return f"  - {{name: a, do: {{{actor}: {action}}}}}\n"


CONDITIONS = {
    "{distance: {between: [ego, cra], below: 5}}": (
        "distance.between[1]",
        "unknown actor 'cra'",
        "did you mean 'car'?",
    ),
    "{distance: {between: [ego, ego], below: 5}}": ("distance.between", "two different actors"),
    "{distance: {between: [ego, car]}}": ("distance", "expected a bound, above or below"),
    "{distance: {between: [ego, car], below: 0}}": ("distance.below", "never holds"),
    "{speed: {actor: ego, above: 9, below: 5}}": ("speed", "never holds: nothing is above 9 and below 5"),
    "{speed: {actor: ego, relative_to: ego, above: 1}}": ("speed.relative_to", "cannot be compared with itself"),
    "{time: {after: 3 s, before: 2 s}}": ("time.before", "never holds: it ends before it begins"),
    "{time: {}}": ("time", "expected a bound, after or before"),
    "{distance: {between: [ego, ghost], below: 5}}": ("distance.between[1]", "ghost is never there"),
    "{reach: {actor: ego, at: {road: elm, lane: -1, s: 300 m}}}": ("reach.at.s", "elm"),
    "{lane: {actor: ego, lane: -9}}": ("lane.lane", "no road has a lane -9"),
    "{lane: {actor: ego, lane: -1, road: elms}}": ("lane.road", "unknown road 'elms'", "did you mean 'elm'?"),
    "{signal: {head: cross/elm.ned, shows: red}}": ("signal.head", "unknown signal head", "cross/elm.end"),
    "{signal: {head: cross/elm.end, shows: off}}": ("signal.shows", "nothing in the story switches signals off"),
    "{signal: {head: cross/elm.end/rigth, shows: red}}": ("signal.head", "did you mean 'cross/elm.end/right'?"),
    "{signal: {head: cross/elm.end/right, shows: amber}}": ("signal.shows", "for people on foot; it has no amber"),
    "{event: {started: b}}": ("event.started", "unknown event 'b'"),
    "{event: {ended: a}}": ("event.ended", "an event cannot wait for itself"),
    "{event: {started: a, ended: a}}": ("event", "exactly one of", "found started and ended"),
    "{all: [{time: {after: 1}}, {any: [{speed: {actor: nobody, above: 1}}]}]}": (
        "all[1].any[0].speed.actor",
        "unknown actor 'nobody'",
    ),
    "{speed: {actor: ego, above: 1}, time: {after: 1}}": ("", "exactly one of", "found speed and time"),
    "{tme: {after: 1}}": ("tme", "unknown key 'tme'", "did you mean 'time'?"),
}


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS.items())
def test_a_condition_that_cannot_hold_is_refused_with_the_reason(problems, condition, expected):
    path, *pieces = expected
    (found,) = problems(STORY + when(condition))
    assert found.path == f"story[0].when.{path}".rstrip(".")
    assert [piece for piece in pieces if piece not in f"{found.message} {found.hint}"] == []


ACTIONS = {
    ("ego", "{walk: {}}"): ("walk", "ego is a vehicle and cannot walk"),
    ("anna", "{change_lane: {left: 1}}"): ("change_lane", "anna is a pedestrian and cannot change lanes"),
    ("anna", "{lights: {beam: high}}"): ("lights", "anna is a pedestrian and cannot switch lights"),
    ("van", "{speed: {to: 3 m/s}}"): ("speed", "van is parked and cannot change its speed"),
    ("ben", "{lights: {indicator: left}}"): ("lights.indicator", "a bicycle has no indicators"),
    ("ben", "{lights: {}}"): ("lights", "expected indicator, beam or both"),
    ("ben", "{door: {}}"): ("door", "ben is a bicycle and cannot open a door: it has none"),
    ("ego", "{door: {}}"): ("door", "the model hatchback has none that opens"),
    ("ghost", "{lights: {indicator: hazard}}"): ("lights", "ghost is never there"),
    ("car", "{appear: {}}"): ("appear", "car is there from the start", "present: false"),
    ("ego", "{vanish: true}"): ("vanish", "the ego carries the sensors"),
    ("ego", "{}"): ("", "expected something to do: one of speed"),
    ("ego", "{speed: {to: 3 m/s}, brake: {}}"): ("brake", "cannot speed and brake at the same time"),
    ("ego", "{speed: {}}"): ("speed", "expected one of to and relative_to; found none"),
    ("ego", "{speed: {to: 9, over: 2 s, distance: 30 m}}"): ("speed.distance", "expected at most one of over"),
    ("ego", "{speed: {to: 9, continuous: true}}"): ("speed.continuous", "goes with relative_to"),
    ("ego", "{speed: {relative_to: ego}}"): ("speed.relative_to", "ego cannot be told to go by itself"),
    ("ego", "{change_lane: {to: -4}}"): ("change_lane.to", "lane -4 does not exist on elm", "-2, -1, 1, 2"),
    ("ego", "{change_lane: {}}"): ("change_lane", "expected a lane: to, left, right or relative_to"),
    ("ego", "{change_lane: {to: 1, left: 1}}"): ("change_lane.to", "to names a lane"),
    ("ego", "{change_lane: {left: 1, shape: cubik}}"): ("change_lane.shape", "found 'cubik'", "did you mean 'cubic'?"),
    ("ego", "{keep_distance: {to: car}}"): ("keep_distance", "expected one of distance and headway; found none"),
    ("ego", "{follow_route: [elm, oka]}"): ("follow_route[1]", "unknown road 'oka'", "did you mean 'oak'?"),
    ("ego", "{follow_trajectory: {points: [{time: 1, at: {x: 0, y: 0}}, {time: 1, at: {x: 9, y: 0}}]}}"): (
        "follow_trajectory.points[1].time",
        "1 s does not come after 1 s",
    ),
    ("ego", "{follow_trajectory: {path: [{arc: {length: 9, radius: 0}}]}}"): (
        "follow_trajectory.path[0].arc.radius",
        "an arc has a radius",
    ),
    ("ego", "{synchronise: {master: van, at: {x: 0, y: 0}, master_at: {x: 1, y: 0}}}"): (
        "synchronise.master",
        "van does not move",
    ),
    ("anna", "{cross: {crosswalk: cross/elm.ned}}"): ("cross.crosswalk", "unknown crosswalk", "cross/elm.end"),
    ("anna", "{run: {path: [{road: elm, s: 400 m, t: 0}]}}"): ("run.path[0].s", "elm"),
}


@pytest.mark.parametrize(("order", "expected"), ACTIONS.items())
def test_what_an_actor_cannot_do_is_refused_with_the_reason(problems, order, expected):
    (actor, action), (path, *pieces) = order, expected
    (found,) = problems(STORY + do(action, actor))
    assert found.path == f"story[0].do.{actor}.{path}".rstrip(".")
    assert [piece for piece in pieces if piece not in f"{found.message} {found.hint}"] == []


EVENTS = {
    "  - {name: a}\n": ("story[0]", "nothing happens in this event"),
    f"  - {{do: {GO}, sequence: [{{do: {GO}}}]}}\n": ("story[0].sequence", "one of do, sequence and parallel"),
    f"  - {{name: a, do: {GO}}}\n  - sequence: [{{name: a, do: {GO}}}]\n": (
        "story[1].sequence[0].name",
        "the other is story[0]",
    ),
    "  - {weather: {over: 3 s}}\n": ("story[0].weather", "nothing changes in this weather"),
    "  - {signals: {show: {crosss: red}}}\n": ("story[0].signals.show.crosss", "unknown signal head or junction"),
    "  - {signals: {show: {cross/elm.end/right: red_amber}}}\n": (
        "story[0].signals.show.cross/elm.end/right",
        "it has no red_amber",
    ),
    "  - {name: a, do: {ego: {keep_distance: {to: car, distance: 9}}}}\n"
    "  - {when: {event: {ended: a}}, do: {car: {brake: {}}}}\n": (
        "story[1].when.event.ended",
        "goes on until the end of the run",
    ),
    f"  - {{name: a, do: {GO}}}\n  - {{when: {{event: {{skipped: a}}}}, do: {{car: {{brake: {{}}}}}}}}\n": (
        "story[1].when.event.skipped",
        "does not have the priority skip",
    ),
    f"  - {{name: a, when: {{event: {{started: b}}}}, do: {GO}}}\n"
    f"  - {{name: b, when: {{all: [{{event: {{ended: a}}}}]}}, do: {GO}}}\n": (
        "story[0].when.event.started",
        "'a' and 'b' wait for one another and never start",
    ),
}


@pytest.mark.parametrize(("story", "expected"), EVENTS.items())
def test_events_that_make_no_sense_are_refused(problems, story, expected):
    (found,) = problems(STORY + story)
    assert found.path == expected[0]
    assert expected[1] in found.message


def test_all_mistakes_of_a_story_come_at_once(problems):
    story = when("{speed: {actor: cra, above: 1}}") + do("{walk: {}}").replace("name: a", "name: b") + "  - {name: c}\n"
    assert [found.path for found in problems(STORY + story)] == [
        "story[0].when.speed.actor",
        "story[1].do.ego.walk",
        "story[2]",
    ]


def test_conditions_and_groups_are_nested_only_so_deep(problems):
    condition = "{time: {after: 1}}"
    for _ in range(9):
        condition = f"{{all: [{condition}]}}"
    (found,) = problems(STORY + when(condition))
    assert "nested more than 8 levels deep" in found.message
    event = f"{{do: {GO}}}"
    for _ in range(7):
        event = f"{{sequence: [{event}]}}"
    (found,) = problems(STORY + f"  - {event}\n")
    assert "nested more than 6 levels deep" in found.message
