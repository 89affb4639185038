"""Seconds and bytes of sweeps, measured and not judged: `pytest tests/benchmarks --benchmark-only -n0`."""

import os
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.benchmark(min_rounds=3, warmup=False)

LANES = {-1: range(10, 370, 12), 1: range(16, 376, 12)}


def street_of_sixty():
    """A city street with sixty moving cars around the ego."""
    lines = [
        "scenario: Sixty in motion", "duration: 4 s", "seed: 3", "map:", "  roads:",
        "    street: {profile: urban_2x1, path: [line: 400 m]}", "  surroundings: {style: city, density: 0.3}",
        "actors:", "  ego: {model: hatchback, at: {road: street, lane: -1, s: 190 m}, speed: 30 km/h, drive: {}}",
    ]  # fmt: skip
    models = ("sedan", "suv", "van", "estate", "hatchback")
    for lane, places in LANES.items():
        for k, s in enumerate(p for p in places if lane == 1 or abs(p - 190) > 8):
            at = f"{{road: street, lane: {lane}, s: {s} m}}"
            name = f"car_{'a' if lane == 1 else 'b'}{k}"
            lines.append(f"  {name}: {{model: {models[k % 5]}, at: {at}, speed: 30 km/h, drive: {{}}}}")
    return "\n".join([*lines, "sensors:", "  lidar: {type: lidar, mount: {x: 1.44 m, z: 1.73 m}}"]) + "\n"


@pytest.fixture(scope="module")
def observer(tmp_path_factory):
    from roadlab import load, simulate
    from roadlab_sensors.observe import Observer

    file = Path(tmp_path_factory.mktemp("sixty")) / "sixty.yaml"
    file.write_text(street_of_sixty())
    scenario = load(file)
    return Observer(scenario, simulate(scenario), "draft")


def scanner(observer, physics):
    return observer.rig["lidar"].model_copy(update={"physics": physics}).prepare("lidar", observer.stage)


@pytest.mark.parametrize("physics", ["simple", "full"])
def test_hdl64e_among_sixty_moving_actors(benchmark, observer, physics):
    """One turn with all labels: one ray a pulse, or seven with returns and weather."""
    scan = scanner(observer, physics)
    scan(0)
    indices = iter(range(1, 30))
    benchmark.pedantic(lambda: scan(next(indices)), rounds=12)
    benchmark.extra_info |= {
        "moving": len(observer.stage.scene.moving),
        "triangles": len(observer.stage.scene.faces.semantic),
        "load": os.getloadavg()[0],
    }


def test_casting_against_the_bare_engine(benchmark, observer):
    """A turn's rays against the static world by our cast, and in Mitsuba alone."""
    import drjit as dr

    from roadlab_sensors.rays.surfaces import owned
    from roadlab_sensors.rays.tracing import trace

    scan = scanner(observer, "simple")
    scan(0)
    pattern = observer.rig["lidar"].unit.pattern
    fired = pattern.pulses(observer.rig["lidar"].timing.interval(0), 0.0)
    scene, rays = observer.stage.scene, fired.direction.T.astype(np.float32)
    origin = np.broadcast_to(observer.stage.ego_at(np.array([0]))[0][:3, 3:4] + [[1.4], [0.0], [1.73]], rays.shape)
    columns = [owned(c) for c in origin], [owned(c) for c in rays], owned(np.full(rays.shape[1], 5000.0))

    def bare():
        dr.eval(*scene.intersect(scene.static, *columns))
        dr.sync_thread()

    bare()
    alone = min(_seconds(bare) for _ in range(12))
    benchmark.pedantic(lambda: trace(scene.static, scene, origin, rays, 5000.0), rounds=12)
    benchmark.extra_info["bare"] = alone
    benchmark.extra_info["ratio"] = benchmark.stats.stats.min / alone


@pytest.mark.slow
def test_memory_of_a_thousand_sweeps(benchmark, observer):
    """Growth of Python's memory and of the process from sweep 100 to sweep 1,000."""
    scan = scanner(observer, "simple")

    def thousand():
        for index in range(1000):
            scan(index % 30)
            if index == 100:
                tracemalloc.start()
                benchmark.extra_info["resident_before"] = _resident()
        benchmark.extra_info["python_growth"] = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        benchmark.extra_info["resident_after"] = _resident()

    benchmark.pedantic(thousand, rounds=1)


def _seconds(action):
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
