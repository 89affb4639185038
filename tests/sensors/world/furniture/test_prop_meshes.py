import pytest

from roadlab.actors.props import PROPS
from roadlab.randomness import generator
from roadlab_sensors.world.furniture.props import prop_model
from roadlab_sensors.world.materials import MATERIALS


@pytest.mark.parametrize("name", PROPS)
def test_a_prop_fills_the_box_that_labels_say_it_has(name):
    for seed in range(3):
        length, width, height = PROPS[name].size
        low, high = prop_model(name, generator(seed, "prop")).bounds()
        assert low == pytest.approx([-length / 2, -width / 2, 0.0], abs=2e-3)
        assert high == pytest.approx([length / 2, width / 2, height], abs=2e-3)


@pytest.mark.parametrize("name", PROPS)
def test_a_prop_is_static_and_made_of_known_materials(name):
    meshes = prop_model(name, generator(0, "prop")).parts["body"]
    assert {mesh.semantic for mesh in meshes} == {"static"}
    assert {mesh.material for mesh in meshes} <= set(MATERIALS)
    assert sum(len(mesh.faces) for mesh in meshes) < 3000


def test_the_collars_of_a_cone_reflect_light_back():
    meshes = prop_model("cone", generator(0, "prop")).parts["body"]
    (collars,) = (mesh for mesh in meshes if MATERIALS[mesh.material].retroreflection > 100)
    heights = collars.vertices[:, 2]
    assert [heights.min(), heights.max()] == pytest.approx([0.20, 0.60], abs=0.01)
