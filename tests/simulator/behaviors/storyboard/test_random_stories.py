"""Whatever a story orders whom to do when, the run goes on to its end."""

import numpy as np
import pytest

from roadlab.behaviors.storyboard.watching import condition_value
from roadlab.engine import simulate
from roadlab.randomness import generator
from roadlab.scenario.load import load
from roadlab.scenario.spec import all_events

HEAD = """
scenario: Anything may happen
duration: 6 s
step: 0.05 s
map:
  roads:
    elm: {profile: urban_2x1, path: [{line: 100 m}]}
    oak: {profile: urban_2x1, start: {x: 130 m}, path: [{line: 100 m}]}
    ash: {profile: urban_2x1, start: {x: 115 m, y: -115 m, heading: 90 deg}, path: [{line: 100 m}]}
  junctions:
    cross: {connect: [elm.end, oak.start, ash.end], crosswalks: true, signals: {}}
actors:
  ego: {model: hatchback, at: {road: elm, lane: -1, s: 40 m}, speed: 10 m/s, drive: {}}
  car: {model: sedan, at: {road: elm, lane: -1, s: 70 m}, speed: 10 m/s, drive: {}}
  ben: {model: bicycle, at: {road: oak, lane: 1, s: 30 m}, speed: 4 m/s, drive: {}}
  anna: {model: adult, at: {road: elm, s: 60 m, t: -5 m}, walk: {path: [{road: elm, s: 60 m, t: 5 m}]}}
  suv: {model: suv, at: {road: oak, lane: 1, s: 60 m}, speed: 9 m/s, drive: {}, present: false}
story:
  - {when: {time: {after: 2}}, do: {suv: {appear: {}}, ben: {vanish: true}, car: {vanish: true}, anna: {vanish: true}}}
  - {when: {time: {after: 3}}, do: {ben: {appear: {}}, car: {appear: {}}, anna: {appear: {}}}}
"""
DRIVING = [
    "speed: {to: 15, over: 1 s, shape: cubic}",
    "speed: {to: 0, distance: 10 m}",
    "speed: {to: 5, shape: step}",
    "speed: {relative_to: OTHER, continuous: true}",
    "speed_profile: [{to: 3, over: 1}, {to: 9, shape: step}, {to: 2, acceleration: 3}]",
    "brake: {}",
    "brake: {deceleration: 3, to: 4}",
    "keep_distance: {to: OTHER, distance: 10 m}",
    "keep_distance: {to: OTHER, headway: 2 s, continuous: false, freespace: true}",
    "synchronise: {master: OTHER, at: {road: oak, lane: -1, s: 20 m}, master_at: {road: oak, lane: -1, s: 10 m}}",
    "change_lane: {left: 1, over: 2 s}",
    "change_lane: {right: 1, distance: 20 m}",
    "change_lane: {to: 1, rate: 1 m/s}",
    "change_lane: {relative_to: OTHER, shape: step}",
    "lane_offset: {to: 0.5 m, shape: linear}",
    "follow_route: [ash]",
    "follow_trajectory: {polyline: [{x: 90, y: -6}, {x: 110, y: -30}]}",
    "follow_trajectory: {path: [{clothoid: {length: 20 m, curvature: [0, 1/80 m]}}]}",
    "follow_trajectory: {points: [{time: 0 s, at: {x: 50, y: 2}}, {time: 2 s, at: {x: 60, y: 3}}]}",
    "resume: true",
]
WALKING = [
    "walk: {}",
    "run: {path: [{x: 50, y: 7}, {x: 55, y: 9}]}",
    "cross: {road: elm}",
    "cross: {crosswalk: cross/elm.end}",
    "cross: {road: oak}",
    "wait: 1 s",
    "stand: true",
    "turn_round: true",
    "follow_trajectory: {points: [{time: 1 s, at: {x: 60, y: -7}}]}",
    "follow_trajectory: {polyline: [{x: 62, y: -8}]}",
]
CONDITIONS = [
    "{distance: {between: [ego, suv], below: 50 m, measure: lane}, after: TIME}",
    "{time_to_collision: {between: [ego, car], above: 1 s, freespace: true}, after: TIME}",
    "{time_headway: {actor: ego, target: car, below: 9 s}, after: TIME}",
    "{speed: {actor: anna, below: 3}, edge: rising, after: TIME}",
    "{off_road: {actor: car}, delay: TIME}",
    "{standstill: {actor: ego}, after: TIME}",
    "{collision: {actor: ego}, after: TIME}",
    "{lane: {actor: car, lane: -1}, delay: TIME}",
    "{signal: {head: cross/elm.end, shows: green}, delay: TIME}",
    "{event: {started: e0}, delay: TIME}",
    "{any: [{event: {running: e1, delay: 0.3}}, {travelled: {actor: ego, above: 20}}], delay: TIME}",
]


def story(seed):
    chance, rows = generator(seed, "story"), []

    def one_of(choices):
        return choices[int(chance.integers(len(choices)))]

    for number in range(8):
        who = one_of(["ego", "car", "ben", "suv", "anna"])
        pool = (WALKING if who == "anna" else DRIVING) + (["vanish: true", "appear: {}"] if who != "ego" else [])
        other = one_of([name for name in ("ego", "car", "ben", "suv") if name != who])
        action = one_of(pool).replace("OTHER", other)
        when = one_of(CONDITIONS) if number > 1 else "{time: {after: TIME}}"
        when = when.replace("TIME", f"{chance.uniform(0, 3):.2f}")
        how = f"priority: {one_of(['parallel', 'override', 'skip'])}, repeat: {one_of([1, 1, 3])}"
        rows.append(f"  - {{name: e{number}, when: {when}, do: {{{who}: {{{action}}}}}, {how}}}\n")
    return "".join(rows)


def check(seed, folder):
    path = folder / "story.yaml"
    path.write_text(HEAD + story(seed))
    scenario = load(path)
    log = simulate(scenario)
    assert log.time[-1] == 6_000_000_000
    assert np.isfinite(log.position).all()
    for event in all_events(scenario.spec.story):
        assert [condition_value(log, event.when, tick).holds for tick in (0, 60, 120)]


@pytest.mark.parametrize("seed", range(4))
def test_no_story_stops_a_run(seed, tmp_path):
    check(seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4, 104))
def test_no_story_of_many_stops_a_run(seed, tmp_path):
    check(seed, tmp_path)


def test_a_lane_change_that_is_announced_while_a_trajectory_is_followed(run):
    """Who is on a trajectory follows no lane that it could signal a change from; the change takes it off."""
    ego = "ego: {model: sedan, at: {road: road, lane: -2, s: 50 m}, speed: 10 m/s, drive: {}}\n"
    points = "[{time: 0 s, at: {x: 50, y: -5}}, {time: 3 s, at: {x: 80, y: -5}}]"
    log = run(
        ego,
        f"- {{name: a, do: {{ego: {{follow_trajectory: {{points: {points}}}}}}}}}\n"
        "- {name: b, when: {time: {after: 2 s}}, do: {ego: {change_lane: {to: -1}}}}",
        duration=3,
        step=0.05,
    )
    assert log.happened("a", "story_end") == log.happened("b") == [2.0]
    assert log.faults() == []
