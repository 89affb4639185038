"""Seconds and bytes, measured and not judged: `pytest tests/benchmarks --benchmark-only -n0`."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
CROSSING = ROOT / "scenarios" / "urban" / "pedestrian_crossing.yaml"
pytestmark = pytest.mark.benchmark(min_rounds=3, warmup=False)


@pytest.fixture(scope="module")
def crossing():
    from roadlab import load, simulate

    scenario = load(CROSSING)
    return scenario, simulate(scenario)


@pytest.mark.parametrize("quality", ["draft", "standard", "high"])
def test_labelled_frame(benchmark, crossing, tmp_path, quality):
    """One sample with all labels and a full sweep, files written, in the middle of a run."""
    from roadlab_tools.batch.frames import Target, Task, write_frames
    from roadlab_tools.batch.plan import run_of
    from roadlab_tools.datasets.claim import claimed
    from roadlab_tools.datasets.scene import SceneEntry

    scenario, _ = crossing
    entry = SceneEntry("crossing", scenario.spec.scenario, scenario.digest, scenario.seed, 0, 0, 80, 1)
    tasks = (Task(entry, scenario.to_json(), index) for index in range(2, 70))
    with claimed(tmp_path / "data", run_of("kitti", quality, [entry.to_json()]), resume=False):
        written = write_frames(tasks, Target(quality, (("kitti", tmp_path / "data"),)))
        for _ in range(6):
            next(written)
        benchmark.pedantic(lambda: next(written), rounds=8)
        written.close()


def test_sweep(benchmark, crossing):
    """One turn of an HDL-64E with labels."""
    from roadlab_sensors.observe import Observer

    observer = Observer(*crossing, "draft")
    scan = observer.rig["lidar"].prepare("lidar", observer.stage)
    scan(0)
    indices = iter(range(1, 70))
    benchmark.pedantic(lambda: scan(next(indices)), rounds=10)


def test_simulation(benchmark, crossing):
    """The whole scenario, 801 ticks of 19 actors."""
    from roadlab import simulate

    log = benchmark.pedantic(lambda: simulate(crossing[0]), rounds=3)
    benchmark.extra_info["ticks_per_second"] = round(len(log.time) / benchmark.stats.stats.min)


@pytest.mark.parametrize("options", [("--static",), ()], ids=["as it reads", "with its run"])
def test_check(benchmark, options):
    """`roadlab check`, as a process."""
    benchmark.pedantic(lambda: _run("check", *options, CROSSING), rounds=5)


@pytest.mark.parametrize("cache", ["cold", "warm"])
def test_first_frame(benchmark, tmp_path, cache):
    """From the start of the process to the first frame on disk, with an empty or a filled kernel cache."""
    home = tmp_path / "home"
    home.mkdir()
    outs, started = iter(range(100)), []

    def first_frame():
        out = tmp_path / str(next(outs))
        command = [sys.executable, "-m", "roadlab_tools", "render", CROSSING, "--out", out, "--frames", "0:1"]
        started.append(subprocess.Popen(command, env=os.environ | {"HOME": str(home)}, stdout=subprocess.DEVNULL))
        while started[-1].poll() is None and not list(out.glob(".roadlab/frames/*.json")):
            time.sleep(0.01)

    def finish(*_):
        assert started.pop().wait() == 0

    if cache == "warm":
        first_frame()
        finish()
    benchmark.pedantic(first_frame, teardown=finish, rounds=1 if cache == "cold" else 3)


def test_memory_of_a_run(benchmark, tmp_path):
    """Peak memory of rendering three standard frames in a process of its own."""
    program = f"""
import resource, sys
sys.argv = ["roadlab", "render", {str(CROSSING)!r}, "--out", {str(tmp_path / "out")!r}, "--frames", "0:3"]
from roadlab_tools.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
    peaks = []

    def run():
        made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        peaks.append(int(made.stdout.split()[-1]))

    benchmark.pedantic(run, rounds=1)
    benchmark.extra_info["peak_memory_mb"] = int(np.max(peaks))


def _run(*arguments):
    command = [sys.executable, "-m", "roadlab_tools", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)
