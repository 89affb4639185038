"""Each rule that a dataset must hold true is broken on purpose, and found where it was broken."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from small_scene import MOVERS, Box, Mover, small_scene, write_dataset
from typer.testing import CliRunner

from roadlab_tools.cli import app
from roadlab_tools.datasets.arrays import decode_array, decode_table, encode_array, encode_table
from roadlab_tools.datasets.contents import record_path
from roadlab_tools.datasets.export import export
from roadlab_tools.datasets.verification.fault import INVARIANTS
from roadlab_tools.datasets.verification.verify import verify

RECORD = record_path(2)


@pytest.fixture
def dataset(native, tmp_path) -> Path:
    return Path(shutil.copytree(native, tmp_path / "data"))


def found(dataset: Path) -> set[tuple[int, str]]:
    return {(fault.rule, fault.file) for fault in verify(dataset)}


def change_record(dataset: Path, change) -> None:
    record = json.loads((dataset / RECORD).read_text())
    change(record["sample"])
    (dataset / RECORD).write_text(json.dumps(record))


def change_plane(dataset: Path, path: str, change) -> None:
    suffix = path.partition(".")[2]
    array = decode_array((dataset / path).read_bytes(), suffix).copy()
    change(array)
    (dataset / path).write_bytes(encode_array(array, suffix))


def change_columns(dataset: Path, change) -> None:
    path = dataset / "lidars/lidar/000002.parquet"
    table = {name: column.copy() for name, column in decode_table(path.read_bytes()).items()}
    change(table)
    path.write_bytes(encode_table(table))


def test_a_whole_dataset_has_no_fault(native):
    assert list(verify(native)) == []


def sheared(sample):
    sample["cameras"]["camera"]["world_from_camera"][0][1] += 1e-4


def mirrored(sample):
    for row in sample["actors"][0]["world_from_box"]:
        row[1] = -row[1]


def late(sample):
    sample["time"] += 3_000_000


def off_the_clock(sample):
    sample["lidars"]["lidar"]["interval"]["open"] += 5_000_000


def backwards(sample):
    sample["time"] -= 200_000_000


def shifted(sample):
    sample["lidars"]["lidar"]["world_from_lidar"][0][3] += 1e-3


def ego_elsewhere(sample):
    sample["world_from_ego"][1][3] += 1e-3


def grown(sample):
    sample["actors"][0]["size"][0] += 0.01


def spun(sample):
    pose = np.array(sample["actors"][0]["world_from_box"])
    pose[:2, :2] = [[0, -1], [1, 0]]
    sample["actors"][0]["world_from_box"] = pose.tolist()


def too_fast(sample):
    sample["actors"][0]["velocity"][0] += 0.5


def twins(sample):
    sample["actors"][1]["instance"] = sample["actors"][0]["instance"]


def floating(sample):
    sample["actors"][0]["world_from_box"][2][3] += 0.05


def loose_box(sample):
    sample["views"]["camera"][0]["box"][0] -= 2.0


def miscounted(sample):
    sample["views"]["camera"][0]["visible_pixels"] += 1


def amodal_too_small(sample):
    view = sample["views"]["camera"][0]
    view["amodal_box"] = [view["box"][0] + 1, *view["box"][1:]]


def occlusion_guessed(sample):
    sample["views"]["camera"][0]["occlusion"] = 0.123456


def outside_truncated(sample):
    sample["views"]["camera"][0]["truncation"] = 1.2


def unseen_view(sample):
    sample["views"]["camera"].pop(0)


def boxless(sample):
    sample["actors"] = sample["actors"][1:]


def points_lost(sample):
    sample["actors"][0]["lidar_points"]["lidar"] -= 1


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        (1, sheared),
        (1, mirrored),
        (2, late),
        (2, off_the_clock),
        (2, backwards),
        (3, shifted),
        (3, ego_elsewhere),
        (4, spun),
        (4, too_fast),
        (4, twins),
        (4, grown),
        (5, grown),
        (5, floating),
        (6, loose_box),
        (6, miscounted),
        (6, amodal_too_small),
        (7, occlusion_guessed),
        (7, outside_truncated),
        (10, unseen_view),
        (10, boxless),
        (14, points_lost),
    ],
)
def test_a_record_that_breaks_a_rule_is_named(dataset, rule, change):
    change_record(dataset, change)
    assert (rule, RECORD) in found(dataset)


def test_a_pixel_of_nobody_is_found(dataset):
    change_plane(dataset, "cameras/camera/instance/000002.png", lambda plane: plane.__setitem__((3, 3), 77))
    assert (10, RECORD) in found(dataset)


def test_a_class_that_there_is_not_is_found(dataset):
    change_plane(dataset, "cameras/camera/semantic/000002.png", lambda plane: plane.__setitem__((3, 3), 99))
    assert (11, RECORD) in found(dataset)


def test_sky_before_a_surface_is_found(dataset):
    change_plane(dataset, "cameras/camera/semantic/000002.png", lambda plane: plane.__setitem__((70, 100), 23))
    assert (11, RECORD) in found(dataset)


def test_depth_that_is_ten_per_cent_too_long_is_found(dataset):
    change_plane(dataset, "cameras/camera/depth/000002.npy.zst", lambda depth: depth.__imul__(1.1))
    assert (8, RECORD) in found(dataset)


def test_depth_behind_the_camera_is_found(dataset):
    change_plane(dataset, "cameras/camera/depth/000002.npy.zst", lambda depth: depth.__setitem__((5, 5), -1.0))
    assert (8, RECORD) in found(dataset)


@pytest.fixture
def flowing(labelled, tmp_path) -> Path:
    return Path(shutil.copytree(labelled, tmp_path / "data"))


FLOW = "cameras/camera/labels/flow_{}/000002.npy.zst"


def test_what_a_camera_was_asked_for_holds_true(labelled):
    assert list(verify(labelled)) == []


def test_flow_that_is_a_tenth_of_a_pixel_off_is_found(flowing):
    change_plane(flowing, FLOW.format("forward"), lambda flow: flow.__iadd__(np.float32(0.1)))
    what = {fault.what.partition(" of ")[0] for fault in verify(flowing) if fault.rule == 9}
    assert "camera: flow_forward" in what


def test_flow_of_a_car_that_does_not_move_as_the_log_says_is_found(flowing):
    instance = decode_array((flowing / "cameras/camera/instance/000002.png").read_bytes(), "png")
    change_plane(flowing, FLOW.format("backward"), lambda flow: flow.__setitem__(instance == 2, np.float32(3.0)))
    assert any("flow_backward of actor car_1" in fault.what for fault in verify(flowing) if fault.rule == 9)


def test_flow_that_does_not_lead_back_is_found(flowing):
    instance = decode_array((flowing / "cameras/camera/instance/000002.png").read_bytes(), "png")
    walker = instance == 4
    assert walker.sum() > 60
    change_plane(flowing, FLOW.format("backward"), lambda flow: flow.__setitem__(walker, flow[walker] + 0.1))
    faults = [fault.what for fault in verify(flowing) if fault.rule == 9]
    assert faults == ["camera: flow back misses where actor 4 came from by 0.14 px"]


def test_flow_from_before_the_first_frame_is_found(flowing):
    path = FLOW.format("backward").replace("2.npy", "0.npy")
    change_plane(flowing, path, lambda flow: flow.__setitem__((30, 30), 0.0))
    assert any("a frame that there is not" in fault.what for fault in verify(flowing) if fault.rule == 9)


@pytest.mark.parametrize("factor", [1.1, -1.0])
def test_normals_that_are_too_long_or_averted_are_found(flowing, factor):
    path = "cameras/camera/labels/normal/000002.npy.zst"
    change_plane(flowing, path, lambda normal: normal.__imul__(np.float32(factor)))
    assert (8, RECORD) in found(flowing)


@pytest.mark.parametrize(("column", "value"), [("vx_comp", 30.0), ("vx", 30.0), ("rcs", 99.0)])
def test_radar_detections_that_no_motion_explains_are_found(flowing, column, value):
    def change(sample):
        sample["radars"]["radar"]["detections"]["columns"][column]["values"][0] = value

    change_record(flowing, change)
    assert (16, RECORD) in found(flowing)


def displaced(table):
    table["points"][table["instance"] > 0] += np.float32(0.5)


def not_compensated(table):
    table["points"][:, 0] += np.float32(0.01)


def too_near(table):
    table["range"][0] = 0.1


def tilted(table):
    table["raw"][table["ring"] == 30, 2] += np.linspace(0, 0.1, (table["ring"] == 30).sum(), dtype=np.float32)


def relabelled(table):
    table["semantic"][table["instance"] > 0] = 7


def stolen(table):
    table["instance"][np.flatnonzero(table["instance"] == 2)[:3]] = 3


def strangers(table):
    table["instance"][:5] = 55


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        (12, displaced),
        (12, not_compensated),
        (13, too_near),
        (13, tilted),
        (14, stolen),
        (15, relabelled),
        (15, strangers),
    ],
)
def test_a_sweep_that_breaks_a_rule_is_found(dataset, rule, change):
    change_columns(dataset, change)
    assert (rule, RECORD) in found(dataset)


def test_an_actor_in_plain_view_that_no_pulse_met_is_found(tmp_path):
    near = Mover(Box("car", 30.0, -1.7), 10.0)
    dataset = write_dataset(tmp_path / "data", [small_scene(movers=(near, *MOVERS[1:]), count=3)])

    def all_missed(table):
        table["instance"][table["instance"] == 2] = 0

    change_columns(dataset, all_missed)
    change_record(dataset, lambda sample: sample["actors"][0].update(lidar_points={"lidar": 0}))
    change_record(dataset, lambda sample: sample["views"]["camera"][0].update(visible_pixels=5000, occlusion=0.0))
    assert any("plain view" in fault.what for fault in verify(dataset) if fault.rule == 14)


def test_a_log_of_another_scenario_is_found(dataset):
    shutil.copy(dataset / "logs/west.parquet", dataset / "logs/east.parquet")
    assert (17, "logs/east.parquet") in found(dataset)


def test_a_truncated_picture_is_found(dataset):
    picture = dataset / "cameras/camera/image/000002.png"
    picture.write_bytes(picture.read_bytes()[:-100])
    assert (18, "cameras/camera/image/000002.png") in found(dataset)


def test_a_changed_byte_is_found(dataset):
    picture = dataset / "cameras/camera/image/000002.png"
    content = bytearray(picture.read_bytes())
    content[len(content) // 2] ^= 1
    picture.write_bytes(content)
    assert found(dataset) == {(18, "cameras/camera/image/000002.png")}


def test_files_too_many_and_too_few_are_found(dataset):
    (dataset / "notes.txt").write_text("mine")
    (dataset / "cameras/camera/image/000003.png").unlink()
    assert {(18, "notes.txt"), (18, "cameras/camera/image/000003.png")} <= found(dataset)


def test_a_scene_in_two_splits_is_found(dataset):
    splits = json.loads((dataset / "splits.json").read_text())
    home = next(name for name, scenes in splits.items() if "east" in scenes)
    other = next(name for name in splits if name != home)
    splits[other].append("east")
    (dataset / "splits.json").write_text(json.dumps(splits))
    faults = [fault.what for fault in verify(dataset) if fault.file == "splits.json"]
    assert any("east is in" in what for what in faults)


def test_one_scenario_in_two_splits_is_found(tmp_path):
    scenes = [small_scene(name="east", count=1), small_scene(name="again", first=20, count=1)]
    dataset = write_dataset(tmp_path / "data", scenes)
    (dataset / "splits.json").write_text(json.dumps({"train": ["east"], "val": ["again"], "test": []}))
    assert any("shows a scenario that is in" in fault.what for fault in verify(dataset))


def test_a_table_that_does_not_follow_from_the_records_is_found(dataset):
    path = dataset / "annotations.parquet"
    table = {name: column.copy() for name, column in decode_table(path.read_bytes()).items()}
    table["x"][0] += 1.0
    path.write_bytes(encode_table(table))
    assert (19, "annotations.parquet") in found(dataset)


def test_a_label_that_is_elsewhere_than_the_actor_is_found(native, tmp_path):
    dataset = export(native, "kitti", tmp_path / "kitti")
    path = dataset / "label_2/000002.txt"
    lines = path.read_text().splitlines(keepends=True)
    columns = lines[0].split()
    columns[11] = f"{float(columns[11]) + 0.01:.4f}"
    path.write_text("".join([" ".join(columns) + "\n", *lines[1:]]))
    assert (20, RECORD) in found(dataset)


@pytest.mark.parametrize(
    ("rule", "column", "value"), [(7, 2, "2"), (7, 1, "0.90"), (6, 4, "3.00"), (6, 3, "1.0000"), (19, 1, "0.0000")]
)
def test_a_wrong_column_of_a_label_is_found(native, tmp_path, rule, column, value):
    dataset = export(native, "kitti", tmp_path / "kitti")
    path = dataset / "label_2/000002.txt"
    lines = path.read_text().splitlines(keepends=True)
    columns = lines[0].split()
    columns[column] = value
    path.write_text("".join([" ".join(columns) + "\n", *lines[1:]]))
    assert (rule, "label_2/000002.txt") in found(dataset)


def test_a_calibration_that_is_no_rotation_is_found(native, tmp_path):
    dataset = export(native, "kitti", tmp_path / "kitti")
    path = dataset / "calib/000002.txt"
    path.write_text(path.read_text().replace("Tr_velo_to_cam: 0.0", "Tr_velo_to_cam: 0.1"))
    assert (1, "calib/000002.txt") in found(dataset)


def test_a_missing_label_is_found(native, tmp_path):
    dataset = export(native, "kitti", tmp_path / "kitti")
    path = dataset / "label_2/000002.txt"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    assert (10, "label_2/000002.txt") in found(dataset)


def test_the_command_says_what_is_wrong_and_exits_with_one(dataset, native):
    assert CliRunner().invoke(app, ["verify", str(native)]).exit_code == 0
    (dataset / "splits.json").unlink()
    done = CliRunner().invoke(app, ["verify", str(dataset)])
    assert done.exit_code == 1
    assert "splits.json: is missing (rule 18" in done.stdout
    listed = json.loads(CliRunner().invoke(app, ["verify", str(dataset), "--json"]).stdout)
    assert {"rule": 18, "file": "splits.json", "what": "is missing"} in listed["faults"]


def test_what_is_no_dataset_is_explained(tmp_path):
    done = CliRunner().invoke(app, ["verify", str(tmp_path)])
    assert done.exit_code == 2
    assert "is no finished dataset of roadlab" in done.stderr


def test_there_are_twenty_rules():
    assert sorted(INVARIANTS) == list(range(1, 21))
