"""Seconds of the scenario language, measured and not judged: `pytest tests/benchmarks --benchmark-only -n0`."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.benchmark(min_rounds=3, warmup=False)

EIGHT_PARAMETERS = """\
scenario: Eight parameters and two constraints
duration: 10 s
seed: 7
parameters:
  ego_speed: {uniform: [25 km/h, 45 km/h]}
  gap: {choice: [6 m, 8 m, 10 m]}
  run_speed: {normal: [2.6 m/s, 0.4 m/s], within: [1.5 m/s, 4 m/s]}
  rain: {choice: {0 mm/h: 0.6, 2 mm/h: 0.3, 8 mm/h: 0.1}}
  cars: {integer: [3, 6]}
  reaction: {lognormal: [1.2 s, 0.3]}
  far: ${ego_speed * 3 s + 10 m}
  start: {uniform: [30 m, 70 m]}
map: {roads: {elm: {profile: urban_2x1_parking, path: [{line: 200 m}]}}}
environment: {weather: {rain: "${rain}"}}
actors:
  ego: {model: hatchback, at: {road: elm, lane: -1, s: 10 m}, speed: "${ego_speed}", drive: {}}
  parked:
    repeat: ${cars}
    model: {any: [hatchback, estate, van]}
    at: {road: elm, lane: -2, s: "${100 m + index * gap}"}
    parked: true
  child:
    model: child
    at: {road: elm, s: "${start}", t: -5 m}
    walk: {path: [{road: elm, s: 50 m, t: 5 m}], speed: "${run_speed}", wait: true}
require:
  - distance(ego, child) > 25 m
  - far < 45 m
"""
STREET = """\
scenario: Three hundred lines
duration: 10 s
map:
  roads:
    elm: {profile: urban_2x1_parking, path: [{line: 900 m}]}
actors:
  ego:
    model: hatchback
    at: {road: elm, lane: -1, s: 10 m}
    speed: 30 km/h
    drive: {driver: {type: idm}}
"""


@pytest.fixture
def eight(tmp_path) -> Path:
    file = tmp_path / "eight.yaml"
    file.write_text(EIGHT_PARAMETERS)
    return file


@pytest.fixture
def long(tmp_path) -> Path:
    """Three hundred lines: forty-eight actors of six lines each."""
    actors = ""
    for k in range(24):
        actors += f"""\
  driving_{k}:
    model: sedan
    paint: red
    at: {{road: elm, lane: -1, s: {40 + 34 * k} m}}
    speed: 20 km/h
    drive: {{driver: {{type: idm}}}}
  parked_{k}:
    model: van
    paint: white
    at: {{road: elm, lane: -2, s: {40 + 34 * k} m}}
    role: other
    parked: true
"""
    text = STREET + actors
    assert 295 <= len(text.splitlines()) <= 305
    file = tmp_path / "long.yaml"
    file.write_text(text)
    return file


def test_check_of_300_lines(benchmark, long):
    """Everything but the imports and the dry run; under 1 s is asked for."""
    from roadlab import load

    load(long)
    benchmark.pedantic(lambda: load(long), rounds=5)


@pytest.mark.parametrize("design", ["random", "sobol"])
def test_ten_thousand_samples(benchmark, eight, design):
    """Values that meet the constraints, and the concrete document of each; under 10 s is asked for."""
    from roadlab.scenario.load import open_scenario

    opened = open_scenario(eight)

    def sample() -> int:
        return sum(opened.concrete(draw)[0].size > 0 for draw in opened.draws(design, 10_000))

    assert benchmark.pedantic(sample, rounds=1) == 10_000
    benchmark.extra_info["samples_per_second"] = round(10_000 / benchmark.stats.stats.min)


def test_expectations_over_a_log(benchmark):
    """`expect` of a shipped scenario, evaluated over its log."""
    from roadlab import load, simulate
    from roadlab.scenario.expect import verdicts

    log = simulate(load(Path(__file__).parents[2] / "scenarios" / "urban" / "pedestrian_crossing.yaml"))
    assert all(verdict.holds for verdict in benchmark.pedantic(lambda: verdicts(log), rounds=5))
