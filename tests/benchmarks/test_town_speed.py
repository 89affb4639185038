"""How long a town of 3 km of streets takes to build."""

import time

import pytest

from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec

pytestmark = pytest.mark.benchmark(timer=time.process_time)


@pytest.mark.parametrize("style", ["grid", "suburb", "old_town"])
def test_ground_of_a_town(benchmark, style):
    """The network and the mesh of its ground, in seconds of the processor: what else runs does not count."""
    from roadlab_sensors.world.road_surface import road_surface

    town = MapSpec.model_validate({"town": {"style": style, "seed": 3, "size": 500.0}})
    network, meshes = benchmark.pedantic(lambda: (n := build_network(town), road_surface(n)), rounds=3)
    kilometres = sum(road.length for road in network.roads.values()) / 1000.0
    benchmark.extra_info["kilometres"] = round(kilometres, 2)
    benchmark.extra_info["triangles"] = sum(len(mesh.faces) for mesh in meshes)
    assert kilometres > 3.0
    assert benchmark.stats.stats.min < 10.0
