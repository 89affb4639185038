"""Trailers as `test_vehicle_models` holds vehicles."""

import numpy as np
import pytest

from roadlab.actors.articulation_vehicle import vehicle_part_poses
from roadlab.actors.catalog import TRAILERS
from roadlab.randomness import generator
from roadlab_sensors.world.materials import MATERIALS
from roadlab_sensors.world.mesh import Model
from roadlab_sensors.world.vehicles import vehicle_model


def build(name: str, key: int) -> Model:
    return vehicle_model(name, None, generator(7, "trailer", key))


def assembled(name: str, model: Model) -> list:
    poses = vehicle_part_poses(name, [[0.0, 0.0]])
    return [m.moved(poses[p][0, :3, :3], poses[p][0, :3, 3]) for p, meshes in model.parts.items() for m in meshes]


@pytest.mark.parametrize("key", range(5))
@pytest.mark.parametrize("name", sorted(TRAILERS))
def test_a_trailer_fills_its_box_and_stands_on_its_wheels(name, key):
    meshes, model = assembled(name, build(name, key)), TRAILERS[name]
    points = np.concatenate([m.vertices for m in meshes]).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    assert high - low == pytest.approx((model.length, model.width, model.height), abs=1e-3)
    assert (high + low) / 2 == pytest.approx(model.box_center, abs=1e-3)
    rubber = np.concatenate([m.vertices for m in meshes if m.material == "rubber"])
    assert rubber[:, 2].min() == pytest.approx(0.0, abs=2e-3)
    assert {m.material for m in meshes} <= set(MATERIALS)


@pytest.mark.parametrize("name", sorted(TRAILERS))
def test_all_lamps_of_a_trailer_are_behind(name):
    meshes = build(name, 1).parts["body"]
    tail = -TRAILERS[name].rear_overhang
    lit = {m.lamp: m.vertices[:, 0] for m in meshes if m.lamp is not None}
    assert set(lit) == {"tail", "brake", "reverse", "left", "right"}
    assert all(x.max() < tail + 0.1 for x in lit.values())


def test_a_semitrailer_has_six_wheels_where_its_axles_are():
    poses = vehicle_part_poses("semitrailer", [[0.0, 1.0]])
    wheels = sorted(tuple(pose[0, :2, 3].round(3)) for part, pose in poses.items() if part.startswith("wheel"))
    assert wheels == [(x, y) for x in (-1.31, 0.0, 1.31) for y in (-1.02, 1.02)]


def test_semitrailers_come_with_curtains_as_boxes_and_as_tanks():
    kinds = set()
    for key in range(20):
        materials = {m.material for m in build("semitrailer", key).parts["body"]}
        kinds.add(("pvc" in materials, "sheeting" in materials))
    assert {(True, True), (False, False)} <= kinds
