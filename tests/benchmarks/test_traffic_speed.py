"""How fast the simulator is, and how large its logs: `pytest tests/benchmarks --benchmark-only -n0`.

The figures are in the extra columns: vehicle updates a second and times real time, from the CPU time of the process.
"""

import importlib.util
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
pytestmark = pytest.mark.benchmark(min_rounds=1, warmup=False)


@pytest.fixture(scope="module")
def scenes():
    spec = importlib.util.spec_from_file_location("traffic_scenes", HERE / "traffic_scenes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measured(benchmark, scenario, vehicles):
    from roadlab import simulate

    times = []

    def run():
        begin = time.process_time()
        log = simulate(scenario)
        times.append(time.process_time() - begin)
        return log

    log = benchmark.pedantic(run, rounds=2)
    benchmark.extra_info["updates_per_cpu_second"] = round(vehicles * len(log.time) / min(times))
    benchmark.extra_info["times_real_time"] = round(log.duration / min(times), 1)
    benchmark.extra_info["microseconds_per_update"] = round(1e6 * min(times) / vehicles / len(log.time), 2)
    return log


@pytest.mark.parametrize("count", [10, 100, 1000])
def test_motorway_ring(benchmark, scenes, count):
    """Cost against the number of actors."""
    measured(benchmark, scenes.motorway_ring(count, duration=30.0), count)


@pytest.mark.parametrize("count", [10, 100])
def test_town_with_junctions(benchmark, scenes, count):
    """A grid of 25 junctions, at 20 ms."""
    measured(benchmark, scenes.town(count, blocks=5, duration=60.0), count)


def test_log_of_200_actors(benchmark, scenes, tmp_path):
    """Size of ten minutes at the default step of 10 ms, from a minute of it, and the time to open it and to read one
    instant.
    """
    from roadlab import simulate
    from roadlab.log_file import LogFile, write_log

    log = simulate(scenes.motorway_ring(200, duration=60.0, step=0.01))
    write_log(log, tmp_path / "log")
    middle = int(log.time[len(log.time) // 2])
    benchmark(lambda: LogFile(tmp_path / "log").between(middle, middle).states_at([middle]))
    size = (tmp_path / "log").stat().st_size
    benchmark.extra_info["bytes_per_actor_and_tick"] = round(size / log.present.size, 2)
    benchmark.extra_info["megabytes_in_ten_minutes"] = round(size / 1e6 * 10, 1)
