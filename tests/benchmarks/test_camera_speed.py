"""Cameras: seconds of labelled frames, what a rig of six costs beside one, memory of many frames, noise of qualities.

Measured and not judged: `pytest tests/benchmarks/test_camera_speed.py --benchmark-only -n0 -s`.
"""

import resource
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
SCENARIO = ROOT / "scenarios" / "junction" / "amber.yaml"
EVERYTHING = "sensors.camera.labels=[distance, normal, albedo, flow, scene_flow, keypoints, amodal_masks, lines, signs]"
pytestmark = pytest.mark.benchmark(min_rounds=3, warmup=False)


def observed(*overrides):
    """Stage and rig of the scenario."""
    from roadlab import load, simulate
    from roadlab_sensors.observe import Observer

    decided = load(SCENARIO, overrides=overrides)
    return Observer(decided, simulate(decided), "draft")


def cameras(observer, quality):
    """What exposes the rig's cameras in a quality."""
    from roadlab_sensors.rays.light import QUALITIES

    stage = replace(observer.stage, quality=QUALITIES[quality])
    return {name: each.prepare(name, stage) for name, each in observer.rig.items() if each.type == "camera"}


@pytest.mark.parametrize("quality", ["draft", "standard", "high"])
def test_a_frame_with_all_labels_and_files(benchmark, quality):
    """1280 x 720, every pixel label, encoded for disk."""
    from roadlab_tools.datasets import records
    from roadlab_tools.datasets.native import encode_arrays

    size = "sensors.camera.image={width: 1280, height: 720}"
    observer = observed(size, "sensors.camera.intrinsics={fx: 800}", EVERYTHING)
    expose = cameras(observer, quality)["camera"]
    indices = iter(range(2, 60))

    def frame():
        encode_arrays(records.split(expose(next(indices)).frame)[1], 0)

    for _ in range(3):
        frame()
    benchmark.pedantic(frame, rounds=4)
    scene = observer.stage.scene
    benchmark.extra_info |= {"triangles": len(scene.faces.semantic), "actors": len(scene.actors)}


def test_six_cameras_beside_one(benchmark):
    """All cameras of a nuScenes rig against its front camera, in standard quality."""
    from time import perf_counter

    exposes = cameras(observed("rig=../rigs/nuscenes.yaml"), "standard")
    for expose in exposes.values():
        for index in (2, 3, 4):
            expose(index)
    alone, together = [], []
    indices = iter(range(5, 40))

    def both():
        index = next(indices)
        start = perf_counter()
        next(iter(exposes.values()))(index)
        alone.append(perf_counter() - start)
        start = perf_counter()
        for expose in exposes.values():
            expose(index)
        together.append(perf_counter() - start)

    benchmark.pedantic(both, rounds=5)
    benchmark.extra_info |= {"cameras": len(exposes), "ratio": round(min(together) / min(alone), 2)}


def test_memory_of_a_thousand_samples(benchmark):
    """What the process holds after every 64 samples of a camera with all labels and a lidar, from 64 on."""
    size = "sensors.camera.image={width: 160, height: 90}"
    observer = observed(size, "sensors.camera.intrinsics={fx: 100}", EVERYTHING)
    held = []

    def samples():
        for k in range(1088):
            observer.sample(k % 64)
            if k % 64 == 63:
                held.append(_megabytes())

    benchmark.pedantic(samples, rounds=1)
    benchmark.extra_info |= {"megabytes": held, "growth_mb": round(held[-1] - held[0], 1)}


def _megabytes():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * resource.getpagesize() / 1e6, 1)


def test_noise_beside_the_reference(benchmark):
    """PSNR of the tone-mapped picture against `reference` (1024 samples, no denoiser)."""
    size = ("sensors.camera.image={width: 240, height: 136}", "sensors.camera.intrinsics={fx: 150}")
    observer, pictures = observed(*size), {}

    def all_qualities():
        for quality in ("draft", "standard", "high", "reference"):
            pictures[quality] = cameras(observer, quality)["camera"](20).frame.image.astype(np.float64)

    benchmark.pedantic(all_qualities, rounds=1)
    for quality in ("draft", "standard", "high"):
        error = np.mean((pictures[quality] - pictures["reference"]) ** 2)
        benchmark.extra_info[f"{quality}_psnr_db"] = round(float(10.0 * np.log10(255.0**2 / error)), 2)
