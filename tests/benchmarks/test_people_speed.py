"""How fast people are simulated: `pytest tests/benchmarks/test_people_speed.py --benchmark-only -n0`."""

import numpy as np
import pytest

SQUARE = """
scenario: square
duration: {duration} s
seed: 5
map:
  roads:
    west: {{profile: urban_2x1, start: {{x: -115 m, y: 0 m, heading: 0 deg}}, path: [{{line: 100 m}}]}}
    east: {{profile: urban_2x1, start: {{x: 15 m, y: 0 m, heading: 0 deg}}, path: [{{line: 100 m}}]}}
    south: {{profile: urban_2x1, start: {{x: 0 m, y: -115 m, heading: 90 deg}}, path: [{{line: 100 m}}]}}
    north: {{profile: urban_2x1, start: {{x: 0 m, y: 15 m, heading: 90 deg}}, path: [{{line: 100 m}}]}}
  junctions:
    square: {{connect: [west.end, east.start, south.end, north.start], crosswalks: true, signals: {{}}}}
  surroundings: {{style: none}}
actors:
  ego: {{model: sedan, at: {{road: west, lane: -1, s: 5 m}}, parked: true}}
pedestrians:
  - {{count: {count}}}
"""


@pytest.mark.parametrize("count", [10, 100, 500])
def test_people_on_pavements(benchmark, tmp_path, count):
    """Ten seconds at the default step of 10 ms; at least 1 is real time."""
    from roadlab import load, simulate

    path = tmp_path / "square.yaml"
    path.write_text(SQUARE.format(duration=10, count=count))
    scenario = load(path)
    log = benchmark.pedantic(lambda: simulate(scenario), rounds=3)
    benchmark.extra_info["times_real_time"] = round(log.duration / benchmark.stats.stats.min, 2)
    benchmark.extra_info["mean_speed"] = round(
        float(np.hypot(*log.velocity[500:, 1:, :2].transpose(2, 0, 1)).mean()), 2
    )
