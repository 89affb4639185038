"""What holds for every format: made from our own without rendering, true in itself, agreeing with the others."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from small_scene import REAR, STORY, small_sample, small_scene, write_dataset

from roadlab.errors import OutputError
from roadlab.registry import registered
from roadlab_sensors.readings import RADAR_FIELDS
from roadlab_tools import open_dataset
from roadlab_tools.datasets import coco, records
from roadlab_tools.datasets.contents import record_path
from roadlab_tools.datasets.export import export
from roadlab_tools.datasets.native import read_sample
from roadlab_tools.datasets.nuscenes.frames import radar_pcd
from roadlab_tools.datasets.open import contents_of
from roadlab_tools.datasets.verification.verify import verify
from roadlab_tools.options import OptionError

FORMATS = sorted(registered("writers"))
READABLE = sorted(registered("readers"))
WITH_BOXES = ("argoverse2", "kitti", "kitti-tracking", "openlabel", "nuscenes", "roadlab")
CLOUDS = ("bin", "las", "pcd", "ply", "range")
BOTH = STORY.replace("  lidar:", f"{REAR.rstrip()}\n  lidar:", 1)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def exported(native, tmp_path_factory):
    """The two small scenes in every format."""
    root = tmp_path_factory.mktemp("formats")
    return {format: export(native, format, root / format) for format in FORMATS}


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_is_what_rendering_would_have_written(exported, tmp_path, format):
    scenes = [small_scene(name="east"), small_scene(name="west", first=20, seed=8)]
    assert contents(write_dataset(tmp_path / "data", scenes, format)) == contents(exported[format])


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_passes_its_own_verification(exported, format):
    assert list(verify(exported[format])) == []


@pytest.mark.parametrize("format", WITH_BOXES)
def test_formats_put_the_same_actors_at_the_same_places(exported, native, format):
    ours, theirs = open_dataset(native), open_dataset(exported[format])
    assert len(theirs) == len(ours) == 8
    compared = 0
    for mine, other in zip(ours, theirs, strict=True):
        rows = [mine.boxes.instance.tolist().index(who) for who in other.boxes.instance.tolist()]
        apart = mine.boxes.world_from_box[rows, :3, 3] - other.boxes.world_from_box[:, :3, 3]
        assert np.abs(apart).max(initial=0.0) < 1e-3
        np.testing.assert_allclose(mine.boxes.size[rows], other.boxes.size, atol=1e-3)
        compared += len(rows)
    # nuScenes annotates two samples a second; KITTI only what the camera sees.
    assert compared >= (8 if format == "nuscenes" else 32)


@pytest.mark.parametrize("format", [name for name in READABLE if name not in ("coco", "cityscapes", "range")])
def test_formats_keep_the_points(exported, native, format):
    for mine, other in zip(open_dataset(native), open_dataset(exported[format]), strict=True):
        apart = 6e-4 if format == "las" else 2e-5  # LAS counts in millimetres
        np.testing.assert_allclose(other.lidars["lidar"]["points"], mine.lidars["lidar"]["points"], atol=apart)


@pytest.mark.parametrize("format", [name for name in READABLE if name not in ("semantickitti", *CLOUDS)])
def test_formats_keep_the_pictures(exported, native, format):
    mine = open_dataset(native)[5].cameras["camera"]["image"].astype(float)
    other = open_dataset(exported[format])[5].cameras["camera"]["image"].astype(float)
    lossy = format in ("nuscenes", "argoverse2")
    assert np.abs(mine - other).mean() < (6.0 if lossy else 1e-9)


@pytest.mark.parametrize("format", ["coco", "cityscapes", "webdataset", "kitti", "semantickitti", "argoverse2", "pcd"])
def test_formats_keep_who_is_where(exported, native, format):
    mine, other = open_dataset(native)[5], open_dataset(exported[format])[5]
    readings = [("cameras", "camera")] if format in ("coco", "cityscapes") else [("lidars", "lidar")]
    for group, name in readings:
        expected = getattr(mine, group)[name]["instance"]
        np.testing.assert_array_equal(getattr(other, group)[name]["instance"], expected)


def test_our_own_format_keeps_every_bit_of_a_sample(native):
    dataset = contents_of(native)
    scene = small_scene(name="east")
    before, after = small_sample(scene, 2), read_sample(dataset, 2)
    documents = [records.split(sample) for sample in (before, after)]
    assert documents[0][0] == documents[1][0]
    for name, array in documents[0][1].items():
        assert documents[1][1][name].dtype == array.dtype
        np.testing.assert_array_equal(documents[1][1][name], array)


def test_what_no_document_can_hold_is_refused():
    with pytest.raises(TypeError, match="others/sonar: a object cannot be written"):
        records.split({"others": {"sonar": object()}})


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e-300, 0.1, -0.0])
def test_numbers_come_back_as_they_were(value):
    document = json.loads(json.dumps(records.split(value)[0], allow_nan=False))
    assert repr(records.join(document, lambda _: np.zeros(0))) == repr(value)


def test_two_cameras_are_kept_by_the_formats_that_can(tmp_path):
    data = write_dataset(tmp_path / "data", [small_scene(BOTH, count=2)])
    for format in ("nuscenes", "coco", "argoverse2", "openlabel", "cityscapes", "webdataset"):
        out = export(data, format, tmp_path / format)
        assert set(open_dataset(out)[1].cameras) == {"camera", "rear"}
        assert list(verify(out)) == []
    with pytest.raises(OutputError, match=r"KITTI layout holds exactly one camera; .* has camera, rear"):
        export(data, "kitti", tmp_path / "kitti")
    out = export(data, "kitti", tmp_path / "kitti", sensors=["camera", "lidar"])
    assert list(verify(out)) == []


def test_only_our_own_format_can_be_exported(exported, tmp_path):
    with pytest.raises(OutputError, match="is in the kitti format; only roadlab's own"):
        export(exported["kitti"], "coco", tmp_path / "coco")


def test_an_unknown_format_comes_with_a_guess(native, tmp_path):
    with pytest.raises(OptionError, match="did you mean 'nuscenes'"):
        export(native, "nuscene", tmp_path / "x")


@pytest.mark.parametrize(
    ("format", "kinds", "reason"),
    [
        ("coco", ["lidar"], "no camera"),
        ("cityscapes", ["lidar"], "no camera"),
        ("nuscenes", ["camera"], "want a lidar"),
        ("semantickitti", ["lidar", "lidar"], "exactly one lidar"),
        ("argoverse2", ["camera"], "exactly one lidar"),
        ("argoverse2", ["lidar", *["camera"] * 8], "seven|7 ring cameras"),
        ("kitti-tracking", ["camera", "lidar", "radar"], "no place for radar"),
    ],
)
def test_rigs_that_a_format_cannot_express_are_refused_with_the_reason(format, kinds, reason):
    mount = SimpleNamespace(yaw=0.0)
    rig = {f"{kind}_{k}": SimpleNamespace(type=kind, mount=mount) for k, kind in enumerate(kinds)}
    with pytest.raises(OutputError, match=reason):
        registered("writers")[format]().check(rig)


def test_an_interrupted_export_is_completed(native, tmp_path, exported):
    out = export(native, "kitti", tmp_path / "kitti")
    (out / "velodyne/000021.bin").unlink()
    export(native, "kitti", out, resume=True)
    assert contents(out) == contents(exported["kitti"])


def test_the_card_says_what_a_dataset_is(native):
    text = (native / "README.md").read_text()
    assert "Everything in this dataset is synthetic" in text
    assert "| samples | 8 |" in text
    assert "car: 8" in text
    assert "Licence" in text
    report = (native / "report.html").read_text()
    assert report.count("<img ") == 6
    assert "A small street" in report
    assert "http" not in report  # everything stands in the file itself


@pytest.mark.parametrize("format", ["pcd", "ply", "las"])
def test_clouds_keep_every_column(exported, native, format):
    mine, other = open_dataset(native)[3].lidars["lidar"], open_dataset(exported[format])[3].lidars["lidar"]
    exact = ("ring", "time", "range", "return_number", "instance", "semantic", "material")
    for name in exact:
        np.testing.assert_array_equal(other[name], mine[name])
    np.testing.assert_allclose(other["intensity"], mine["intensity"], atol=1e-5)


def test_a_range_image_shows_the_ranges(exported, native):
    mine, image = (
        open_dataset(native)[3].lidars["lidar"],
        open_dataset(exported["range"])[3].lidars["lidar"]["range_image"],
    )
    assert image.shape == (64, 2048, 4)
    assert np.isin(image[image[..., 0] > 0, 0], mine["range"]).all()


def test_a_radar_that_detects_nothing_is_a_point_that_is_not_a_number_in_nuscenes():
    """As nuscenes-devkit's RadarPointCloud.from_file expects, which also wants a byte after the last point."""
    empty = radar_pcd(np.zeros(0, [(name, kind) for name, kind in RADAR_FIELDS.items()]))
    head, _, body = empty.partition(b"DATA binary\n")
    assert b"WIDTH 1\n" in head
    assert len(body) == 43 + 1
    assert np.isnan(np.frombuffer(body[:4], "<f4"))


def test_radars_keep_their_detections(labelled, tmp_path):
    theirs = open_dataset(export(labelled, "nuscenes", tmp_path / "nuscenes"))
    for mine, other in zip(open_dataset(labelled), theirs, strict=True):
        assert len(mine.radars["radar"]["x"]) == 4
        for name in RADAR_FIELDS:
            np.testing.assert_array_equal(other.radars["radar"][name], mine.radars["radar"][name])


def test_the_body_of_the_ego_is_void_in_panoptic_pictures():
    scene = small_scene()
    sample = small_sample(scene, 0)
    for frame in sample.cameras.values():
        frame.instance[-3:] = 1
        frame.semantic[-3:] = 26  # car, as Cityscapes numbers it
    assert 1 not in [actor.instance for actor in sample.actors]
    files = coco.CocoWriter().encode(sample, scene)
    name = next(iter(sample.cameras))
    pixels = coco.read_color(files[coco.panoptic_path(name, 0)])
    assert not pixels[-3:].any()
    assert pixels[:-3].any()


def test_nuscenes_counts_a_radars_detections_in_each_box(labelled, tmp_path):
    dataset = Path(shutil.copytree(labelled, tmp_path / "data"))
    record = dataset / record_path(0)
    document = json.loads(record.read_text())
    car = document["sample"]["actors"][0]
    car["radar_points"] = {"radar": 3}
    record.write_text(json.dumps(document))
    tables = export(dataset, "nuscenes", tmp_path / "nuscenes") / "v1.0-trainval"
    rows = json.loads((tables / "sample_annotation.json").read_text())
    counted = [row for row in rows if row["num_radar_pts"]]
    assert [row["num_radar_pts"] for row in counted] == [3]
    length, width, height = car["size"]
    assert counted[0]["size"] == [width, length, height]
