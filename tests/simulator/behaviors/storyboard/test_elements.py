"""Events in sequence, in parallel, repeated, overridden and skipped (OpenSCENARIO XML 1.3.1, section 8.4)."""

import pytest

EGO = "ego: {model: sedan, at: {road: road, lane: -2, s: 50 m}, speed: 20 m/s, drive: {}}\n"
CAR = "car: {model: sedan, at: {road: road, lane: -1, s: 150 m}, speed: 20 m/s, drive: {}}\n"
SLOWER = "{speed: {to: 18 m/s, over: 1 s}}"


def tell(run, story, **more):
    return run(EGO + CAR, story, step=0.05, **{"duration": 5.0} | more)


def test_an_event_runs_until_all_its_actions_have_ended(run):
    story = "- {name: a, when: {time: {after: 1 s}}, do: {ego: %s, car: {speed: {to: 19 m/s, over: 2 s}}}}"
    log = tell(run, story % SLOWER)
    assert (log.happened("a"), log.happened("a", "story_end")) == ([1.0], [3.0])


def test_events_that_start_others_do_so_on_the_same_tick_or_after_their_delay(run):
    log = tell(
        run,
        """
- {name: third, when: {event: {started: second, delay: 0.5 s}}, do: {car: {lights: {indicator: left}}}}
- {name: second, when: {event: {started: first}}, do: {car: {lights: {indicator: off}}}}
- {name: first, when: {time: {after: 1 s}}, do: {ego: {lights: {beam: high}}}}
""",
        duration=2.0,
    )
    assert [log.happened(name) for name in ("first", "second", "third")] == [[1.0], [1.0], [1.5]]


def test_an_event_may_wait_for_the_end_or_the_state_of_another(run):
    log = tell(
        run,
        f"""
- {{name: a, when: {{time: {{after: 1 s}}}}, do: {{ego: {SLOWER}}}}}
- {{name: meanwhile, when: {{event: {{running: a, delay: 0.5 s}}}}, do: {{car: {{lights: {{beam: low}}}}}}}}
- {{name: after, when: {{event: {{ended: a}}}}, do: {{car: {{lights: {{beam: high}}}}}}}}
""",
    )
    assert [log.happened(name) for name in ("meanwhile", "after")] == [[1.5], [2.0]]


def test_in_a_sequence_each_waits_for_the_one_before_and_for_its_own_condition(run):
    log = tell(
        run,
        f"""
- name: all
  when: {{time: {{after: 0.5 s}}}}
  sequence:
    - {{name: a, do: {{ego: {SLOWER}}}}}
    - {{name: b, do: {{ego: {{speed: {{to: 19 m/s, over: 1 s}}}}}}}}
    - {{name: c, when: {{time: {{after: 3 s}}}}, do: {{ego: {SLOWER}}}}}
""",
    )
    assert [log.happened(name) for name in "abc"] == [[0.5], [1.5], [3.0]]
    assert (log.happened("all"), log.happened("all", "story_end")) == ([0.5], [4.0])


def test_in_parallel_they_wait_side_by_side(run):
    log = tell(
        run,
        f"""
- name: both
  parallel:
    - {{name: a, when: {{time: {{after: 1 s}}}}, do: {{ego: {SLOWER}}}}}
    - {{name: b, do: {{car: {SLOWER}}}}}
""",
    )
    assert (log.happened("a"), log.happened("b")) == ([1.0], [0.0])
    assert log.happened("both", "story_end") == [2.0]


def test_an_event_repeats_while_executions_are_left(run):
    story = (
        "- {name: a, when: {time: {after: 1 s}}, repeat: 3, do: {ego: {speed_profile: [{to: 19 m/s, over: 0.5 s}]}}}"
    )
    log = tell(run, story)
    assert log.happened("a") == [1.0, 1.5, 2.0]
    assert len(log.happened("a", "story_end")) == 3


def test_with_an_edge_it_takes_a_new_edge_to_repeat(run):
    story = """
- {name: a, when: {speed: {actor: ego, below: 19 m/s}, edge: rising}, repeat: 5, do: {car: {lights: {beam: high}}}}
- sequence:
    - {do: {ego: {speed: {to: 18 m/s, over: 1 s}}}}
    - {do: {ego: {speed: {to: 20 m/s, over: 1 s}}}}
  repeat: 2
"""
    assert tell(run, story).happened("a") == [pytest.approx(0.55, abs=0.06), pytest.approx(2.55, abs=0.15)]


def test_a_sequence_repeats_from_its_beginning(run):
    log = tell(
        run,
        f"""
- repeat: 2
  sequence:
    - {{name: a, do: {{ego: {SLOWER}}}}}
    - {{name: b, do: {{ego: {{speed: {{to: 20 m/s, over: 1 s}}}}}}}}
""",
    )
    assert [len(log.happened(name)) for name in "ab"] == [2, 2]
    assert log.happened("a")[1] == pytest.approx(2.0, abs=0.11)


LONG = "{name: long, when: {time: {after: 1 s}}, repeat: 9, do: {ego: {speed: {to: 10 m/s, over: 3 s}}}}"


def test_an_event_that_overrides_stops_its_running_siblings_for_good(run):
    new = "{name: new, when: {time: {after: 2 s}}, priority: override, do: {car: " + SLOWER + "}}"
    log = tell(run, f"- {LONG}\n- {new}")
    assert log.happened("long") == [1.0]
    assert log.happened("long", "story_stop") == [2.0]
    assert log.happened("long", "story_end") == []
    assert log.speed("ego")[-1] == pytest.approx(20.0 - 10.0 / 3.0, abs=0.2)


def test_events_of_other_lists_are_no_siblings(run):
    new = "{name: new, when: {time: {after: 2 s}}, priority: override, do: {car: " + SLOWER + "}}"
    log = tell(run, f"- {LONG}\n- parallel: [{new}]")
    assert log.happened("long", "story_stop") == []


def test_an_event_that_is_skipped_uses_up_an_execution(run):
    new = "{name: new, when: {time: {after: 2 s}}, priority: skip, repeat: %d, do: {car: %s}}"
    once = tell(run, f"- {LONG.replace('repeat: 9', 'repeat: 1')}\n- {new % (1, SLOWER)}")
    assert (once.happened("new"), once.happened("new", "story_skip")) == ([], [2.0])
    # With an execution for each of the 40 ticks until the other one ends, and one more, it starts then.
    often = tell(run, f"- {LONG.replace('repeat: 9', 'repeat: 1')}\n- {new % (41, SLOWER)}")
    assert len(often.happened("new", "story_skip")) == 40
    assert often.happened("new") == [pytest.approx(4.0, abs=0.051)]


def test_parallel_events_leave_each_other_alone(run):
    new = "{name: new, when: {time: {after: 2 s}}, do: {car: " + SLOWER + "}}"
    log = tell(run, f"- {LONG}\n- {new}")
    assert log.happened("long", "story_end")[0] == pytest.approx(4.0, abs=0.06)


def test_a_stop_condition_ends_a_group_and_all_in_it(run):
    log = tell(
        run,
        f"""
- name: act
  until: {{time: {{after: 2.5 s}}}}
  parallel:
    - {LONG}
    - {{name: never, when: {{time: {{after: 3 s}}}}, do: {{car: {SLOWER}}}}}
""",
    )
    assert [log.happened(name, "story_stop") for name in ("act", "long")] == [[2.5], [2.5]]
    assert log.happened("never") == []
    assert log.speed("ego")[-1] == pytest.approx(15.0, abs=0.2)


def test_a_repeated_instant_action_happens_once_a_tick(run):
    story = "- {name: a, when: {time: {after: 1 s}}, repeat: 4, do: {car: {lights: {beam: high}}}}"
    assert tell(run, story, duration=2.0).happened("a") == [1.0, 1.05, 1.1, 1.15]
