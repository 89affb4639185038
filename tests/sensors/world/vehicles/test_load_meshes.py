import numpy as np
import pytest

from roadlab.actors.catalog import VEHICLES
from roadlab.actors.loads import BEDS, GRAVEL
from roadlab.randomness import generator
from roadlab_sensors.world.materials import MATERIALS
from roadlab_sensors.world.vehicles.load import load_meshes


@pytest.mark.parametrize("kind", ["crates", "timber", "gravel"])
@pytest.mark.parametrize("share", [0.1, 0.6, 1.0])
def test_a_load_lies_on_the_bed_and_below_the_roof(kind, share):
    bed = BEDS["pickup"]
    meshes = load_meshes("pickup", kind, share * bed.most(kind), generator(0, "load"))
    points = np.concatenate([mesh.vertices for mesh in meshes])
    assert points[:, 0].min() >= bed.rear - 1e-4
    assert points[:, 0].max() <= bed.front + 1e-4
    assert np.abs(points[:, 1]).max() <= bed.half_width + 1e-4
    assert bed.floor - 0.03 <= points[:, 2].min()
    assert points[:, 2].max() < VEHICLES["pickup"].height
    assert {mesh.material for mesh in meshes} <= set(MATERIALS)
    assert {mesh.semantic for mesh in meshes} == {"car"}


def test_a_heap_of_gravel_has_the_volume_of_its_mass():
    bed = BEDS["pickup"]
    (heap,) = load_meshes("pickup", "gravel", 640.0, generator(0, "load"))
    corners = heap.vertices[heap.faces].astype(float)
    edges = corners[:, 1:, :2] - corners[:, :1, :2]
    areas = 0.5 * np.abs(edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 0, 1] * edges[:, 1, 0])
    volume = float((areas * (corners[..., 2].mean(axis=1) - bed.floor)).sum())
    assert volume * GRAVEL == pytest.approx(640.0, rel=0.03)
