"""Objects that a scenario puts somewhere by hand, of generators and of files."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest
import trimesh

import roadlab
from roadlab.actors.cast import cast
from roadlab.registry import registered
from roadlab.scenario.spec import ObjectSpec
from roadlab.scenario.spec.objects import LABELS, SURFACES
from roadlab_sensors.readings import SEMANTIC_IDS
from roadlab_sensors.world.build import look_of
from roadlab_sensors.world.materials import MATERIALS
from roadlab_sensors.world.objects.base import WorldObject
from roadlab_sensors.world.objects.placing import ground_taken, objects

STREET = """\
scenario: A street
duration: 1 s
map: {{roads: {{elm: {{profile: urban_2x1, path: [{{line: 80 m}}]}}}}}}
models:
  kiosk: {{file: kiosk.glb, label: building, material: wood, materials: {{Pane: car_glass}}}}
actors:
  ego: {{model: hatchback, at: {{road: elm, lane: -1, s: 10 m}}}}
  van: {{model: van, look: kiosk, at: {{road: elm, lane: -1, s: 30 m}}}}
objects:
  thing: {thing}
"""
EVERY = (
    *({"type": "furniture", "kind": kind} for kind in
      ("bench", "bollard", "litter_bin", "wheelie_bin", "cabinet", "bus_shelter")),
    {"type": "lamp", "height": "6 m", "reach": "0 m"},
    {"type": "tree", "species": "birch", "height": "7 m"},
    {"type": "bush", "height": "80 cm"},
    *({"type": "line", "kind": kind, "length": "5 m"} for kind in
      ("hedge", "picket_fence", "metal_fence", "garden_wall", "noise_wall")),
)  # fmt: skip


def _load(folder: Path, thing: str) -> roadlab.Scenario:
    pane = trimesh.creation.box(extents=(0.1, 1.0, 1.0))
    pane.apply_translation([0.7, 1.2, 0.0])
    pane.visual = trimesh.visual.TextureVisuals(material=trimesh.visual.material.PBRMaterial(name="Pane"))
    body = trimesh.creation.box(extents=(1.2, 2.4, 2.0))
    body.apply_translation([0.0, 1.2, 0.3])
    trimesh.Scene([body, pane]).export(folder / "kiosk.glb")
    file = folder / "street.yaml"
    file.write_text(STREET.format(thing=thing))
    return roadlab.load(file)


@pytest.mark.parametrize("keys", EVERY, ids=lambda keys: keys.get("kind", keys["type"]))
def test_every_generator_stands_on_the_ground_where_it_is_put(tmp_path, keys):
    written = ", ".join(f"{key}: {value}" for key, value in keys.items())
    scenario = _load(tmp_path, f"{{{written}, at: {{road: elm, s: 20 m, t: -9 m, heading: 90 deg}}}}")
    (prop,) = objects(scenario.spec, scenario.network, "summer")
    np.testing.assert_allclose(prop.world_from_prop[0, :2, 3], (20.0, -9.0), atol=1e-9)
    low, high = prop.model.bounds()
    assert -0.5 <= low[2] <= 0.01
    if "height" in keys:
        number, unit = keys["height"].split()
        assert high[2] == pytest.approx(float(number) * {"m": 1.0, "cm": 0.01}[unit], rel=0.2)
    if "length" in keys:
        assert high[0] - low[0] == pytest.approx(5.0, rel=0.1)
        assert abs(high[0] + low[0]) < 0.5


def test_a_bench_looks_along_its_heading(tmp_path):
    scenario = _load(tmp_path, "{type: furniture, kind: bench, at: {road: elm, s: 20 m, t: -9 m, heading: 90 deg}}")
    (prop,) = objects(scenario.spec, scenario.network, "summer")
    np.testing.assert_allclose(prop.world_from_prop[0, :3, :3] @ [0.0, -1.0, 0.0], (0.0, 1.0, 0.0), atol=1e-12)


def test_a_model_of_ones_own_stands_with_its_front_along_the_heading(tmp_path):
    scenario = _load(tmp_path, "{type: model, model: kiosk, at: {road: elm, s: 20 m, t: -9 m, heading: 90 deg}, "
                     "above: 10 cm, repeat: {count: 3, spacing: 5 m}}")  # fmt: skip
    (prop,) = objects(scenario.spec, scenario.network, "summer")
    np.testing.assert_allclose(prop.world_from_prop[:, 0, 3], (20.0, 25.0, 30.0), atol=1e-9)
    np.testing.assert_allclose(prop.world_from_prop[0, :3, :3] @ [1.0, 0.0, 0.0], (0.0, 1.0, 0.0), atol=1e-12)
    ground = scenario.network.ground_height([[20.0, -9.0]])[0]
    assert prop.world_from_prop[0, 2, 3] == pytest.approx(ground + 0.1, abs=1e-6)
    assert {mesh.material for mesh in prop.model.parts["body"]} == {"wood", "car_glass"}
    assert {mesh.semantic for mesh in prop.model.parts["body"]} == {"building"}


def test_the_mesh_of_an_actor_fills_its_box_to_the_millimetre(tmp_path):
    scenario = _load(tmp_path, "{type: bush, at: {x: 0 m, y: -20 m}}")
    van = cast(scenario.spec).members[1].info
    low, high = look_of(van, scenario).bounds()
    np.testing.assert_allclose(high - low, van.size, atol=1e-3)
    np.testing.assert_allclose((high + low) / 2, van.box_center, atol=1e-3)


def test_nothing_grows_where_something_was_put(tmp_path):
    scenario = _load(tmp_path, "{type: line, kind: noise_wall, length: 8 m, at: {x: 40 m, y: -15 m}}")
    (circle,) = ground_taken(objects(scenario.spec, scenario.network, "summer"))
    np.testing.assert_allclose(circle, (40.0, -15.0, 4.0), atol=0.3)


class Obelisk(WorldObject):
    """A generator as a plug-in brings it."""

    height: float = 2.0

    def build(self, rng):  # noqa: ARG002
        from roadlab_sensors.world.assembly import body
        from roadlab_sensors.world.shapes import Style, box

        return body([box((-0.2, -0.2, 0.0), (0.2, 0.2, self.height), Style((0.5, 0.5, 0.5), "stone", "static"))])


def test_a_package_adds_a_generator(monkeypatch):
    entry = EntryPoint("obelisk", f"{__name__}:Obelisk", "roadlab.world")
    monkeypatch.setattr(EntryPoint, "load", lambda self: Obelisk if self.name == "obelisk" else _LOAD(self))
    monkeypatch.setattr("roadlab.registry.entry_points", lambda group: (entry,) if group == "roadlab.world" else ())
    registered.cache_clear()
    try:
        assert registered("world") == {"obelisk": Obelisk}
        assert issubclass(Obelisk, ObjectSpec)
        made = Obelisk.model_validate({"type": "obelisk", "height": 3.0, "at": {"x": 0.0, "y": 0.0}})
        assert made.build(np.random.Generator(np.random.PCG64(1))).bounds()[1, 2] == pytest.approx(3.0)
    finally:
        registered.cache_clear()


_LOAD = EntryPoint.load


def test_labels_and_surfaces_of_the_language_are_those_of_the_world():
    assert set(LABELS) | {"unlabeled", "ego vehicle", "sky", "road marking"} == set(SEMANTIC_IDS)
    assert set(SURFACES) | {"road_paint"} == set(MATERIALS)
