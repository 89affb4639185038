"""Datasets: seconds to write, open and verify, and what a second worker gains; measured and not judged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import small_scene as small_scene_module
from small_scene import STORY, small_sample, small_scene, write_dataset

from roadlab.registry import registered
from roadlab_sensors.readings import Sample
from roadlab_tools import open_dataset, verify
from roadlab_tools.datasets.arrays import encode_table
from roadlab_tools.datasets.contents import INDEX

ROOT = Path(__file__).parents[2]
LARGE = STORY.replace("{width: 208, height: 76}", "{width: 1242, height: 375}").replace(
    "{fx: 120, fy: 120, cx: 100.6, cy: 35.8}", "{fx: 721, fy: 721, cx: 609, cy: 172}"
)
pytestmark = pytest.mark.benchmark(min_rounds=3, warmup=False)


@pytest.fixture(scope="module")
def scene():
    return small_scene(LARGE, count=10)


@pytest.mark.parametrize("format", sorted(registered("writers")))
def test_encoding_a_frame(benchmark, scene, format):
    """One frame of KITTI's size with a sweep of 23,000 returns, as bytes."""
    sample, writer = small_sample(scene, 3), registered("writers")[format]()
    files = benchmark(lambda: writer.encode(sample, scene))
    benchmark.extra_info["megabytes"] = round(sum(map(len, files.values())) / 1e6, 2)


@pytest.fixture
def seen_before(monkeypatch):
    """The small world looks the same in each of many scenes, and is looked at once."""
    samples: dict[tuple[int, int], Sample] = {}

    def sample(scene, index):
        lens = scene.scenario.spec.sensors["camera"].lens
        if (lens.width, index) not in samples:
            samples[lens.width, index] = small_sample(scene, index)
        return samples[lens.width, index]

    monkeypatch.setattr(small_scene_module, "small_sample", sample)


def copies(count, story=STORY):
    """So many samples in scenes of twenty, the last a shorter one."""
    firsts = range(0, count, 20)
    return [small_scene(story, name=f"s{first}", first=first, count=min(20, count - first)) for first in firsts]


def test_verifying_a_thousand_frames(benchmark, seen_before, tmp_path):
    """Of KITTI's size, with sweeps of 23,000 returns; all rules and checksums; the limit is a minute."""
    data = write_dataset(tmp_path / "data", copies(1000, LARGE))
    assert benchmark.pedantic(lambda: list(verify(data)), rounds=1) == []


def test_verifying_a_frame(benchmark, scene, tmp_path):
    """Ten frames of KITTI's size, all rules and checksums; the limit is 60 ms each."""
    data = write_dataset(tmp_path / "data", [scene])
    assert benchmark.pedantic(lambda: list(verify(data)), rounds=3) == []
    benchmark.extra_info["seconds_for_1000_frames"] = round(100 * benchmark.stats.stats.min, 1)


def test_opening_a_hundred_thousand_samples(benchmark, tmp_path):
    """The index of a large dataset, and its last number."""
    count = 100_000
    entry = {"name": "s", "scenario": "", "scenario_digest": "", "seed": 0, "first": 0, "position": 0, "split": "train"}
    run = {"roadlab": "0", "format": "kitti", "quality": "draft"}
    run["scenes"] = [{**entry, "frames": {"start": 0, "stop": count, "every": 1}}]
    numbers = np.arange(count)
    columns = {"number": numbers, "scene": np.full(count, "s", object), "index": numbers, "time": numbers}
    about = {"roadlab": json.dumps(run), "skipped": "[]"}
    (tmp_path / INDEX).write_bytes(encode_table(columns, about))
    (tmp_path / "manifest.json").write_text("{}")
    assert benchmark.pedantic(lambda: open_dataset(tmp_path).numbers[-1], rounds=5) == count - 1


@pytest.mark.parametrize("workers", [1, 2])
def test_thirty_two_frames(benchmark, tmp_path, workers):
    """A batch of two scenes at standard quality, small pictures, with so many workers."""
    small = ["sensors.camera.image.width=480", "sensors.camera.image.height=160"]
    files = [str(ROOT / "scenarios" / name) for name in ("urban/pedestrian_crossing.yaml", "highway/cut_in.yaml")]
    outs = iter(range(100))

    def render():
        sets = [part for one in small for part in ("--set", one)]
        out = str(tmp_path / str(next(outs)))
        command = [sys.executable, "-m", "roadlab_tools", "render", *files, *sets, "--workers", str(workers)]
        subprocess.run([*command, "--frames", "0:16", "--out", out], check=True, capture_output=True)

    benchmark.pedantic(render, rounds=1)


@pytest.mark.parametrize("count", [10, 100, 1000, 10_000])
def test_cost_of_a_frame(benchmark, seen_before, tmp_path, count):
    """Encoding, writing and finishing datasets of so many small frames: the cost of each must not grow."""
    scenes = copies(count)
    benchmark.pedantic(lambda: write_dataset(tmp_path / "data", scenes, "kitti"), rounds=1)
    benchmark.extra_info["milliseconds_a_frame"] = round(1000 * benchmark.stats.stats.min / count, 2)


@pytest.mark.parametrize("count", [10, 100, 1000])
def test_cost_of_a_rendered_frame(benchmark, tmp_path, count):
    """Draft frames of a tiny street in one process: the whole cost of each after the first."""
    program = [sys.executable, str(Path(__file__).parent / "batch_memory.py"), str(count)]
    seconds: list[float] = []

    def live():
        done = subprocess.run(program, check=True, capture_output=True, text=True)
        seconds.append(json.loads(done.stdout.splitlines()[-1])["processor_seconds"])

    benchmark.pedantic(live, rounds=1)
    benchmark.extra_info["processor_milliseconds_a_frame"] = round(1000 * seconds[0] / (count - 1), 1)


def test_memory_of_a_worker(benchmark):
    """Two thousand draft frames in one process: how much it grows after the first tenth, of which the limit is 3 %."""
    program = [sys.executable, str(Path(__file__).parent / "batch_memory.py"), "2000"]
    sizes: list[float] = []

    def live():
        done = subprocess.run(program, check=True, capture_output=True, text=True)
        sizes.extend(float(line) for line in done.stdout.splitlines()[:-1])

    benchmark.pedantic(live, rounds=1)
    early = sizes[len(sizes) // 10]
    benchmark.extra_info["megabytes"] = sizes[-1]
    benchmark.extra_info["growth_in_per_cent"] = round(100 * (max(sizes[len(sizes) // 10 :]) / early - 1), 2)
