"""A user brings a model in a file, and is told what is wrong with it at the place that names it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import trimesh
from PIL import Image
from trimesh.visual.material import PBRMaterial

import roadlab
from roadlab.actors.cast import cast
from roadlab.errors import ScenarioFileError
from roadlab.models.solid import unpacked
from roadlab.scenario import Scenario

STREET = """\
scenario: A street
duration: 1 s
map: {{roads: {{elm: {{profile: urban_2x1, path: [{{line: 60 m}}]}}}}}}
models:
  mine: {{{keys}}}
actors:
  ego: {{model: hatchback, at: {{road: elm, lane: -1, s: 10 m}}}}
  van: {{model: van, look: mine, at: {{road: elm, lane: -1, s: 30 m}}}}
"""


def _load(folder: Path, keys: str) -> Scenario:
    file = folder / "street.yaml"
    file.write_text(STREET.format(keys=keys))
    return roadlab.load(file)


def _problem(folder: Path, keys: str) -> str:
    with pytest.raises(ScenarioFileError) as caught:
        _load(folder, keys)
    (only,) = caught.value.diagnostics
    assert only.span.file.endswith("street.yaml")
    assert only.span.line == 5
    return str(only)


def _box(extents: tuple[float, float, float], name: str = "Panel") -> trimesh.Trimesh:
    """A box that stands on the ground of a y-up file, longer along z."""
    box = trimesh.creation.box(extents=extents)
    box.apply_translation([0.0, extents[1] / 2, 0.0])
    box.visual = trimesh.visual.TextureVisuals(material=PBRMaterial(name=name, baseColorFactor=[200, 30, 30, 255]))
    return box


@pytest.mark.parametrize("suffix", ["glb", "gltf", "obj"])
def test_the_box_of_an_actor_is_the_box_of_its_model(tmp_path, suffix):
    files = trimesh.Scene([_box((2.0, 2.2, 4.2))]).export(file_type="gltf") if suffix == "gltf" else None
    for name, content in (files or {}).items():
        (tmp_path / ("mine.gltf" if name == "model.gltf" else name)).write_bytes(content)
    if files is None:
        trimesh.Scene([_box((2.0, 2.2, 4.2))]).export(tmp_path / f"mine.{suffix}")
    van = cast(_load(tmp_path, f"file: mine.{suffix}").spec).members[1].info
    np.testing.assert_allclose(van.size, (4.2, 2.0, 2.2), atol=1e-6)
    assert van.box_center[2] == pytest.approx(1.1)
    assert van.category == "van"


def test_a_model_in_millimetres_is_recognised_and_can_be_used(tmp_path):
    _box((2000, 2200, 4200)).export(tmp_path / "mine.glb")
    said = _problem(tmp_path, "file: mine.glb, size: [4.2 m, 2.0 m, 2.2 m]")
    assert "4200 x 2000 x 2200 m in size, not 4.2 x 2 x 2.2 m" in said
    assert "write unit: mm" in said
    assert "write unit: mm" in _problem(tmp_path, "file: mine.glb")
    right = _load(tmp_path, "file: mine.glb, unit: mm, size: [4.2 m, 2.0 m, 2.2 m]")
    np.testing.assert_allclose(right.spec.models["mine"].box[0], (4.2, 2.0, 2.2), atol=1e-6)


def test_a_size_that_is_nearly_met_is_met_exactly(tmp_path):
    _box((2.0, 2.2, 4.2)).export(tmp_path / "mine.glb")
    made = _load(tmp_path, "file: mine.glb, size: [4.25 m, 2.0 m, 2.19 m]")
    np.testing.assert_allclose(made.spec.models["mine"].box[0], (4.25, 2.0, 2.19), atol=1e-6)


def test_sides_in_another_order_hint_at_the_axes(tmp_path):
    _box((2.0, 2.2, 4.2)).export(tmp_path / "mine.glb")
    assert "look at up and front" in _problem(tmp_path, "file: mine.glb, size: [2 m, 4.2 m, 2.2 m]")
    turned = _load(tmp_path, "file: mine.glb, front: x, size: [2 m, 4.2 m, 2.2 m]")
    np.testing.assert_allclose(turned.spec.models["mine"].box[0], (2.0, 4.2, 2.2), atol=1e-6)
    assert "two of the axes" in _problem(tmp_path, "file: mine.glb, front: -y")


def test_the_anchor_says_which_point_stands_on_the_ground(tmp_path):
    _box((2.0, 2.2, 4.2)).export(tmp_path / "mine.glb")
    made = _load(tmp_path, "file: mine.glb, anchor: [1 m, 0 m, 20 cm]")
    np.testing.assert_allclose(made.spec.models["mine"].box[1], (-1.0, 0.0, 0.9), atol=1e-6)


def test_a_model_that_is_inside_out_is_refused(tmp_path):
    box = _box((2.0, 2.2, 4.2))
    box.invert()
    box.export(tmp_path / "mine.glb")
    assert "inside out" in _problem(tmp_path, "file: mine.glb")


def test_a_broken_file_is_named_in_one_line(tmp_path):
    whole = trimesh.Scene([_box((2.0, 2.2, 4.2))]).export(file_type="glb")
    for cut in (0, 10, 300, len(whole) - 40):
        (tmp_path / "mine.glb").write_bytes(whole[:cut])
        assert "'mine.glb' " in _problem(tmp_path, "file: mine.glb")
    (tmp_path / "mine.obj").write_text("v 0 0 nan\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    assert "not numbers" in _problem(tmp_path, "file: mine.obj")
    (tmp_path / "mine.obj").write_text("v 0 0 0\nv 1 0 0\n")
    assert "has no triangles" in _problem(tmp_path, "file: mine.obj") or "cannot be read" in _problem(
        tmp_path, "file: mine.obj"
    )


def test_too_many_triangles_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("roadlab.models.reading.MAX_TRIANGLES", 500)
    trimesh.creation.icosphere(subdivisions=3).export(tmp_path / "mine.glb")
    assert "has 1280 triangles; at most 500" in _problem(tmp_path, "file: mine.glb")


def test_too_many_bytes_are_refused(tmp_path):
    with (tmp_path / "mine.glb").open("wb") as file:
        file.truncate(65 * 2**20)
    assert "has 65 MiB; at most 64" in _problem(tmp_path, "file: mine.glb")


TRIANGLES = """\
mtllib {library}
v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nvt 0 0\nvt 1 0\nvt 0 1
usemtl a
f 1/1 3/3 2/2\nf 1/1 2/2 4/3\nf 1/1 4/3 3/2\nf 2/1 3/2 4/3
"""


def test_a_missing_texture_is_an_error(tmp_path):
    (tmp_path / "mine.obj").write_text(TRIANGLES.format(library="mine.mtl"))
    (tmp_path / "mine.mtl").write_text("newmtl a\nmap_Kd wood.png\n")
    assert "names 'wood.png', which is not there" in _problem(tmp_path, "file: mine.obj")
    Image.new("RGB", (4, 4), (255, 0, 0)).save(tmp_path / "wood.png")
    solid = unpacked(_load(tmp_path, "file: mine.obj").spec.models["mine"].solid)
    assert (solid.colors == (255, 0, 0)).all()


def test_nothing_outside_the_scenarios_folder_is_read(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret.mtl").write_text("newmtl a\n")
    (inner / "mine.obj").write_text(TRIANGLES.format(library="../secret.mtl"))
    assert "leaves the scenario's folder" in _problem(inner, "file: mine.obj")
    assert "leaves the scenario's folder" in _problem(inner, "file: ../mine.glb")
    assert "leaves the scenario's folder" in _problem(inner, "file: /etc/mine.glb")
    (inner / "link.obj").symlink_to(tmp_path / "secret.mtl")
    assert "leaves the scenario's folder" in _problem(inner, "file: link.obj")


def test_materials_are_mapped_by_the_files_own_names(tmp_path):
    trimesh.Scene([_box((2.0, 2.2, 4.2), "Roof")]).export(tmp_path / "mine.glb")
    _load(tmp_path, "file: mine.glb, label: bus, materials: {Roof: car_glass}")
    assert "has no material 'Roff', only 'Roof'" in _problem(tmp_path, "file: mine.glb, materials: {Roff: car_glass}")
    assert "expected one of asphalt" in _problem(tmp_path, "file: mine.glb, material: adamant")
    assert "did you mean 'car'?" in _problem(tmp_path, "file: mine.glb, label: kar")


def test_a_decided_scenario_needs_no_file(tmp_path):
    _box((2.0, 2.2, 4.2)).export(tmp_path / "mine.glb")
    scenario = _load(tmp_path, "file: mine.glb")
    (tmp_path / "mine.glb").unlink()
    assert Scenario.from_json(scenario.to_json()).digest == scenario.digest


def test_reading_a_file_again_gives_the_same_scenario(tmp_path):
    trimesh.Scene([_box((2.0, 2.2, 4.2)), trimesh.creation.icosphere(subdivisions=2)]).export(tmp_path / "mine.glb")
    assert _load(tmp_path, "file: mine.glb").digest == _load(tmp_path, "file: mine.glb").digest


def test_nobody_waits_for_a_reader_of_models_without_having_any(tmp_path):
    file = tmp_path / "street.yaml"
    file.write_text(STREET.format(keys="").replace("models:\n  mine: {}\n", "").replace("look: mine, ", ""))
    program = "import sys, roadlab; roadlab.load(sys.argv[1]); assert not {'trimesh', 'PIL'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", program, str(file)], check=True)


def test_a_packed_model_that_was_tampered_with_is_refused(tmp_path):
    _box((2.0, 2.2, 4.2)).export(tmp_path / "mine.glb")
    text = _load(tmp_path, "file: mine.glb").spec.models["mine"].solid
    for broken in ("", "AAAA", text[:-8], text[8:]):
        with pytest.raises(ValueError, match="packed"):
            unpacked(broken)


def test_what_looks_like_a_model_must_have_four_wheels(tmp_path):
    _box((2.0, 2.2, 4.2)).export(tmp_path / "mine.glb")
    file = tmp_path / "street.yaml"
    file.write_text(STREET.format(keys="file: mine.glb").replace("model: van", "model: bicycle"))
    with pytest.raises(ScenarioFileError, match="only what has four wheels"):
        roadlab.load(file)
    file.write_text(STREET.format(keys="file: mine.glb").replace("look: mine", "look: mien"))
    with pytest.raises(ScenarioFileError, match="did you mean 'mine'"):
        roadlab.load(file)
