"""A suburb street of 1 km with 60 vehicles and 40 people: how long it takes to build, from nothing and from the disk.

In processes of their own, in seconds of the processors and of the clock, with the memory that each process needed at
most: `pytest tests/benchmarks/test_world_speed.py --benchmark-only -n0`.
"""

import json
import subprocess
import sys

import pytest

STREET = """\
scenario: A long street
duration: 1 s
seed: 3
map:
  roads:
    elm: {profile: urban_2x1, path: [{line: 400 m}, {arc: {length: 200 m, radius: 900 m}}, {line: 400 m}]}
actors:
  ego: {model: sedan, at: {road: elm, lane: -1, s: 20 m}, speed: 40 km/h, drive: {}}
  cars: {model: {any: [hatchback, sedan, estate, suv, van]}, at: {road: elm, lane: -1, s: "${60 m + index * 31 m}"},
         speed: 40 km/h, drive: {}, repeat: 29}
  others: {model: {any: [hatchback, sedan, estate, suv, truck, bus]}, at: {road: elm, lane: 1, s: "${40 m + index * 31 m}"},
           speed: 40 km/h, drive: {}, repeat: 30}
pedestrians: [{count: 40}]
sensors: {cam: {type: camera}}
"""  # noqa: E501
PROGRAM = """
import json, resource, sys, time
from roadlab import load, simulate
from roadlab_sensors.observe import Observer
scenario = load(sys.argv[1])
log = simulate(scenario)
began, busy = time.perf_counter(), time.process_time()
observer = Observer(scenario, log, "draft")
kinds = [actor.kind for actor in log.actors]
print(json.dumps({
    "seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - busy,
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    "vehicles": kinds.count("vehicle"), "people": kinds.count("pedestrian"),
    "triangles": len(observer.stage.scene.faces.semantic),
}))
"""


@pytest.mark.parametrize("cache", ["cold", "kept"])
def test_street_of_a_kilometre(benchmark, tmp_path, monkeypatch, cache):
    """From the log to a scene that rays can be cast into."""
    monkeypatch.setenv("ROADLAB_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "street.yaml"
    file.write_text(STREET)
    found = []

    def build():
        made = subprocess.run([sys.executable, "-c", PROGRAM, str(file)], capture_output=True, text=True, check=True)
        found.append(json.loads(made.stdout))

    if cache == "kept":
        build()
        found.clear()
    benchmark.pedantic(build, rounds=1 if cache == "cold" else 2)
    assert (found[0]["vehicles"], found[0]["people"]) == (60, 40)
    benchmark.extra_info |= {key: min(one[key] for one in found) for key in found[0]}
