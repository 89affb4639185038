"""One name for several actors: in the story, in its conditions, in `require` and in `expect`."""

from __future__ import annotations

import pytest

import roadlab
from roadlab import simulate
from roadlab.errors import ScenarioFileError
from roadlab.scenario.dump import dumped
from roadlab.scenario.expect import verdicts
from roadlab.scenario.load import Scenario

CONVOY = """\
scenario: A convoy
duration: 8 s
map:
  roads:
    a9: {profile: motorway_3, path: [line: 1 km]}
actors:
  ego: {model: hatchback, at: {road: a9, lane: -2, s: 50 m}, speed: 20, drive: {}}
  lorry: {model: truck, at: {road: a9, lane: -3, s: 100 m}, speed: 20, drive: {}, repeat: {count: 3, spacing: 40 m}}
  car: {model: {any: [sedan, suv]}, at: {road: a9, lane: -1, s: "${300 m + index * 50 m}"}, speed: 25, drive: {},
    repeat: 2}
groups:
  convoy: [lorry, "car[0]"]
"""
ALL = ("lorry[0]", "lorry[1]", "lorry[2]", "car[0]")


@pytest.fixture
def convoy(write):
    """The scenario with more in it, loaded."""
    return lambda more="", **options: roadlab.load(write(CONVOY + more), **options)


@pytest.fixture
def wrong(write):
    """What is reported of the scenario with more in it."""

    def find(more: str) -> list[str]:
        with pytest.raises(ScenarioFileError) as caught:
            roadlab.load(write(CONVOY + more))
        return [one.message + (f"; {one.hint}" if one.hint else "") for one in caught.value.diagnostics]

    return find


def started(log, name: str) -> float:
    return next(event.time / 1e9 for event in log.events if event.kind == "story" and event.name == name)


def test_what_a_group_is_told_each_member_is_told(convoy):
    log = simulate(convoy("story:\n  - {name: stop, when: {time: {after: 1 s}}, do: {convoy: {brake: {}}}}\n"))
    (event,) = [event for event in log.events if event.kind == "story"]
    assert event.actors == ALL
    standing = {actor.name for i, actor in enumerate(log.actors) if abs(log.velocity[-1, i]).max() < 0.01}
    assert standing == set(ALL)


def test_a_row_is_a_group_even_when_chance_makes_each_member(convoy):
    scenario = convoy("story:\n  - {do: {car: {brake: {to: 10}}, lorry: {speed: {to: 10}}}}\n")
    assert list(scenario.spec.story[0].told) == ["car[0]", "car[1]", *ALL[:3]]


def test_any_and_all_of_a_group_are_the_first_and_the_last_of_its_members(convoy):
    story = """story:
  - {when: {time: {after: 1 s}}, do: {convoy: {brake: {deceleration: 4}}}}
  - {name: one, when: {standstill: {actor: convoy}}, do: {ego: {lights: {indicator: hazard}}}}
  - {name: every, when: {standstill: {actor: convoy}, members: all}, do: {ego: {lights: {indicator: off}}}}
"""
    log = simulate(convoy(story))
    # v / a: the lorries stand from 1 + 20 / 4 = 6 s on and the car from 1 + 25 / 4 = 7.25 s on, the brakes' lag aside
    assert started(log, "one") == pytest.approx(6.0, abs=0.4)
    assert started(log, "every") == pytest.approx(7.25, abs=0.4)


def test_an_edge_of_a_group_is_that_of_the_whole_condition(convoy):
    story = """story:
  - name: second
    when: {time: {after: 3 s}}
    do: {"lorry[1]": {brake: {}}}
  - {name: first, do: {"lorry[0]": {brake: {}}}}
  - {name: seen, repeat: 5, when: {standstill: {actor: lorry}, edge: rising}, do: {ego: {lights: {beam: high}}}}
"""
    log = simulate(convoy(story))
    # "any of them stands" becomes true once, though two of them come to stand one after the other
    assert len([event for event in log.events if event.kind == "story" and event.name == "seen"]) == 1


def test_between_two_groups_is_between_every_two_of_their_members(convoy):
    story = "story:\n  - {when: {distance: {between: [lorry, convoy], below: 9 m}}, do: {ego: {brake: {}}}}\n"
    when = convoy(story).spec.story[0].when
    pairs = {tuple(one.distance.between) for one in when.any}
    assert pairs == {(a, b) for a in ALL[:3] for b in ALL if a != b}


@pytest.mark.parametrize(
    ("expectation", "holds", "words"),
    [
        ("not contact(ego, convoy)", True, "each of 4"),
        ("max(speed(convoy)) > 22 m/s", False, "max(speed('lorry[0]')) is 20"),
        ("min(gap(car, lorry)) > 10 m", True, "each of 6"),
    ],
)
def test_an_expectation_of_a_group_is_one_of_each_member(convoy, expectation, holds, words):
    (verdict,) = verdicts(simulate(convoy(f"expect:\n  - {expectation}\n")))
    assert (verdict.holds, verdict.found[: len(words)]) == (holds, words)


def test_a_requirement_of_a_group_is_one_of_each_member(convoy, wrong):
    assert convoy("require: ['distance(ego, convoy) > 49 m', 'gap(lorry, car) > 5 m']\n")
    assert "never met" in wrong("require: ['distance(ego, convoy) > 51 m']\n")[0]


def test_decided_groups_name_actors_and_are_read_again(convoy, write):
    scenario = convoy("story:\n  - {when: {standstill: {actor: convoy}}, do: {convoy: {brake: {}}}}\n")
    assert scenario.spec.groups == {"convoy": list(ALL)}
    assert Scenario.from_json(scenario.to_json()).digest == scenario.digest
    assert roadlab.load(write(dumped(scenario.spec), "again.yaml")).digest == scenario.digest


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("  all: [convoy]\n", "convoy is a group itself; a group consists of actors and rows"),
        ("  all: [lory]\n", "unknown actor 'lory'; did you mean 'lorry'?"),
        ("  all: ['car[2]']\n", "unknown actor 'car[2]'"),
        ("  ego: [lorry]\n", "ego is the name of an actor as well"),
        ("  car: [lorry]\n", "car is the name of an actor as well"),
        ("  all: []\n", "must not be empty"),
        ("story: [{do: {convoi: {brake: {}}}}]\n", "unknown actor 'convoi'; did you mean 'convoy'?"),
        ("story: [{do: {convoy: {walk: {}}}}]\n", "lorry[0] is a vehicle and cannot walk"),
        (
            "story: [{do: {convoy: {brake: {}}, 'lorry[1]': {brake: {to: 3}}}}]\n",
            "lorry[1] is told something as one of convoy already",
        ),
        (
            "story: [{do: {ego: {keep_distance: {to: lorry, distance: 9 m}}}}]\n",
            "lorry is a row of 3; name one of them, such as lorry[0]",
        ),
        (
            "story: [{do: {ego: {synchronise: {master: convoy, at: {x: 1, y: 0}, master_at: {x: 2, y: 0}}}}}]\n",
            "convoy is a group of 4; name one of them, such as lorry[0]",
        ),
        (
            "story: [{when: {standstill: {actor: ego}, members: all}, do: {ego: {brake: {}}}}]\n",
            "members goes with a group or a row, and this condition names none",
        ),
    ],
)
def test_a_group_that_is_none_is_reported(wrong, more, words):
    assert any(words in message for message in wrong(more)), wrong(more)
