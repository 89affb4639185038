"""What a format keeps is broken in each of its own files, and found where it was broken."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from roadlab.registry import registered
from roadlab_tools.datasets.argoverse.writer import feather
from roadlab_tools.datasets.arrays import decode_table, encode_table
from roadlab_tools.datasets.contents import record_path
from roadlab_tools.datasets.export import export
from roadlab_tools.datasets.images import color_png, plane_png, read_color, read_plane
from roadlab_tools.datasets.verification.verify import verify
from roadlab_tools.datasets.webdataset import archive, extract

RECORD = record_path(2)
RADAR_LESS = ("camera", "lidar")
"""Sensors for formats that have no place for a radar."""


@pytest.fixture(scope="session")
def converted(labelled, tmp_path_factory):
    """The labelled dataset in every format."""
    root = tmp_path_factory.mktemp("converted")
    sensors = {"kitti": RADAR_LESS, "kitti-tracking": RADAR_LESS}
    return {name: export(labelled, name, root / name, sensors=sensors.get(name)) for name in registered("writers")}


def found(dataset: Path) -> dict[int, set[str]]:
    rules: dict[int, set[str]] = {}
    for fault in verify(dataset):
        rules.setdefault(fault.rule, set()).add(fault.file)
    return rules


def change_record(sample) -> None:
    sample["cameras"]["camera"]["world_from_camera"][0][1] += 1e-4
    sample["lidars"]["lidar"]["interval"]["open"] += 5_000_000
    sample["lidars"]["lidar"]["world_from_lidar"][0][3] += 1e-3
    sample["actors"][0]["velocity"][0] += 0.5
    sample["actors"][0]["size"][0] += 0.01
    sample["views"]["camera"][0]["amodal_box"][0] = sample["views"]["camera"][0]["box"][0] + 1
    sample["views"]["camera"][0]["occlusion"] = 0.123456


@pytest.mark.parametrize("format", sorted(registered("writers")))
def test_every_format_is_held_to_the_rules_of_its_records(converted, tmp_path, format):
    dataset = Path(shutil.copytree(converted[format], tmp_path / "data"))
    assert found(dataset) == {}
    record = json.loads((dataset / RECORD).read_text())
    change_record(record["sample"])
    (dataset / RECORD).write_text(json.dumps(record))
    rules = found(dataset)
    for rule in (1, 2, 3, 4, 5, 6, 7, 18):
        assert RECORD in rules[rule]
    assert "annotations.parquet" in rules[19]
    log = next(iter((dataset / "logs").iterdir()))
    log.write_bytes(log.read_bytes()[:100])
    (dataset / RECORD).write_bytes((dataset / RECORD).read_bytes()[:-10])
    rules = found(dataset)
    assert f"logs/{log.name}" in rules[17]
    assert RECORD in rules[18]


def plane(change):
    """Of a PNG with ids."""

    def apply(data):
        ids = read_plane(data).copy()
        change(ids)
        return plane_png(ids)

    return apply


def picture(change):
    def apply(data):
        image = read_color(data)
        change(image)
        return color_png(image)

    return apply


def rows(change, width=4):
    """Of a file of float32."""

    def apply(data):
        table = np.frombuffer(data, "<f4").reshape(-1, width).copy()
        change(table)
        return table.tobytes()

    return apply


def words(kind, change):
    def apply(data):
        array = np.frombuffer(data, kind).copy()
        change(array)
        return array.tobytes()

    return apply


def parquet(change):
    def apply(data):
        table = {name: column.copy() for name, column in decode_table(data).items()}
        change(table)
        return encode_table(table)

    return apply


def feathered(change):
    def apply(data):
        import pyarrow as pa
        import pyarrow.feather as pf

        table = pf.read_table(pa.BufferReader(data), use_threads=False)
        columns = {name: table.column(name).to_numpy().copy() for name in table.column_names}
        change(columns)
        return feather(columns)

    return apply


def document(change):
    def apply(data):
        value = json.loads(data)
        change(value)
        return json.dumps(value).encode()

    return apply


def member(name, change):
    """A NumPy array, or a PNG of ids, in a tar file."""

    def apply(data):
        members = extract(data)
        if name.endswith("png"):
            members[name] = plane(change)(members[name])
        elif name.endswith("json"):
            members[name] = document(change)(members[name])
        else:
            array, file = np.load(io.BytesIO(members[name])), io.BytesIO()
            change(array)
            np.save(file, array)
            members[name] = file.getvalue()
        return archive(members)

    return apply


def label(change):
    """Columns of the first line of a KITTI label."""

    def apply(data):
        first, *others = data.decode().splitlines()
        columns = first.split()
        change(columns)
        return "".join(f"{line}\n" for line in (" ".join(columns), *others)).encode()

    return apply


def shifted(column, by=0.01):
    return lambda columns: columns.__setitem__(column, f"{float(columns[column]) + by:.4f}")


def put(where, value):
    return lambda array: array.__setitem__(where, value)


def away(name, by=0.5):
    """Moves the points of actors."""

    def change(table):
        table[name][table["instance"] > 0] += np.float32(by)

    return change


def stolen(array):
    array[np.flatnonzero(array == 2)[:3]] = 3


def first_object(value):
    frame = value["openlabel"]["frames"]["2"]
    return next(one["object_data"] for one in frame["objects"].values() if "bbox" in one["object_data"])


def nuscenes_row(key, change):
    def apply(table):
        table[0][key] = change(table[0][key])

    return document(apply)


SKY, KEY = 23, "000002.camera"
TABLES = "v1.0-trainval"
BREAKS = [
    ("kitti", 8, "depth/000002.png", plane(lambda ids: ids.__imul__(np.uint16(2)))),
    ("kitti", 10, "instance/000002.png", plane(put((3, 3), 77))),
    ("kitti", 11, "semantic/000002.png", plane(put((70, 100), SKY))),
    ("kitti", 12, "velodyne/000002.bin", rows(lambda table: table[:, :3].__iadd__(np.float32(0.5)))),
    ("kitti", 13, "velodyne_truth/000002.parquet", parquet(lambda t: t["range"].__setitem__(0, 0.1))),
    ("kitti", 14, "velodyne_truth/000002.parquet", parquet(lambda t: stolen(t["instance"]))),
    ("kitti", 15, "velodyne_truth/000002.parquet", parquet(lambda t: t["semantic"].fill(7))),
    ("kitti", 20, "label_2/000002.txt", label(shifted(11))),
    ("kitti-tracking", 20, "training/label_02/0000.txt", label(shifted(13))),
    ("nuscenes", 1, f"{TABLES}/ego_pose.json", nuscenes_row("rotation", lambda turn: [1.01 * q for q in turn])),
    ("nuscenes", 2, f"{TABLES}/sample_data.json", nuscenes_row("timestamp", lambda time: time + 10**9)),
    ("nuscenes", 4, f"{TABLES}/sample_data.json", nuscenes_row("next", lambda _: "f" * 32)),
    ("nuscenes", 4, f"{TABLES}/instance.json", nuscenes_row("nbr_annotations", lambda count: count + 1)),
    ("nuscenes", 14, f"{TABLES}/sample_annotation.json", nuscenes_row("num_lidar_pts", lambda count: count + 1)),
    ("nuscenes", 15, "lidarseg/v1.0-trainval/*.bin", words("u1", lambda labels: labels.__iadd__(1))),
    ("nuscenes", 16, "samples/RADAR_FRONT/*.pcd", lambda data: data[:-44] + np.float32(60).tobytes() + data[-40:]),
    (
        "nuscenes",
        20,
        f"{TABLES}/sample_annotation.json",
        nuscenes_row("translation", lambda at: [at[0] + 0.01, *at[1:]]),
    ),
    ("coco", 6, "annotations/instances_train.json", document(lambda v: v["annotations"][0].update(bbox=[1, 1, 9, 9]))),
    ("coco", 6, "annotations/instances_train.json", document(lambda v: v["annotations"][0].update(area=1))),
    ("coco", 10, "annotations/instances_train.json", document(lambda v: v["annotations"].pop())),
    ("coco", 10, "panoptic/camera_000002.png", picture(put((3, 3), (77, 0, 200)))),
    ("coco", 11, "panoptic/camera_000002.png", picture(put((3, 3), (0, 0, 199)))),
    ("cityscapes", 10, "gtFine/*/*/*_000002_gtFine_instanceIds.png", plane(put((3, 3), 26077))),
    ("cityscapes", 11, "gtFine/*/*/*_000002_gtFine_labelIds.png", plane(put((70, 100), 99))),
    ("cityscapes", 11, "gtFine/*/*/*_000002_gtFine_labelTrainIds.png", plane(put((3, 3), 5))),
    ("argoverse2", 1, "*/*/annotations.feather", feathered(lambda t: t["qw"].__imul__(1.01))),
    ("argoverse2", 12, "*/*/sensors/lidar/*.feather", feathered(away("x"))),
    ("argoverse2", 14, "*/*/annotations.feather", feathered(lambda t: t["num_interior_pts"].__iadd__(1))),
    ("argoverse2", 14, "*/*/sensors/lidar/*.feather", feathered(lambda t: stolen(t["instance"]))),
    ("argoverse2", 15, "*/*/sensors/lidar/*.feather", feathered(lambda t: t["semantic"].fill(7))),
    ("argoverse2", 20, "*/*/annotations.feather", feathered(lambda t: t["tx_m"].__iadd__(0.01))),
    ("semantickitti", 14, "sequences/00/labels/000002.label", words("<u4", lambda w: w.__iand__(0xFFFF))),
    ("semantickitti", 15, "sequences/00/labels/000002.label", words("<u4", put(0, 12))),
    (
        "openlabel",
        1,
        "openlabel/street.json",
        document(lambda v: first_object(v)["cuboid"][0]["val"].__setitem__(6, 2.0)),
    ),
    (
        "openlabel",
        6,
        "openlabel/street.json",
        document(lambda v: first_object(v)["bbox"][0]["val"].__setitem__(0, 2.0)),
    ),
    (
        "openlabel",
        20,
        "openlabel/street.json",
        document(lambda v: first_object(v)["cuboid"][0]["val"].__setitem__(0, 2.0)),
    ),
    ("webdataset", 8, "shards/*.tar", member(f"{KEY}.depth.npy", lambda depth: depth.__imul__(np.float32(1.1)))),
    ("webdataset", 8, "shards/*.tar", member(f"{KEY}.normal.npy", lambda normal: normal.__imul__(np.float32(-1)))),
    ("webdataset", 9, "shards/*.tar", member(f"{KEY}.flow_forward.npy", lambda flow: flow.__iadd__(np.float32(0.1)))),
    ("webdataset", 10, "shards/*.tar", member(f"{KEY}.instance.png", put((3, 3), 77))),
    ("webdataset", 11, "shards/*.tar", member(f"{KEY}.semantic.png", put((70, 100), SKY))),
    ("webdataset", 14, "shards/*.tar", member("000002.lidar.instance.npy", stolen)),
    ("webdataset", 15, "shards/*.tar", member("000002.lidar.semantic.npy", lambda classes: classes.fill(7))),
    ("webdataset", 20, "shards/*.tar", member("000002.truth.json", lambda truth: truth.update(time=3))),
    ("las", 18, "clouds/lidar/000002.las", lambda data: data[:-10]),
    ("bin", 18, "clouds/lidar/000002.bin", lambda data: data[:-10]),
    ("range", 18, "clouds/lidar/000002.npy", lambda data: data[:-10]),
]


@pytest.mark.parametrize(
    ("format", "rule", "pattern", "change"),
    BREAKS,
    ids=[f"{one[0]}-{one[1]}-{one[2].split('/')[-1]}" for one in BREAKS],
)
def test_a_file_that_breaks_a_rule_is_found(converted, tmp_path, format, rule, pattern, change):
    dataset = Path(shutil.copytree(converted[format], tmp_path / "data"))
    files = sorted(dataset.glob(pattern))
    file = files[2] if len(files) > 2 else files[0]
    before = file.read_bytes()
    file.write_bytes(change(before))
    assert file.read_bytes() != before
    rules = found(dataset)
    assert rule in rules
    assert str(file.relative_to(dataset)) in rules[18]


@pytest.mark.parametrize(("format", "end"), [("pcd", b"DATA binary\n"), ("ply", b"end_header\n")])
@pytest.mark.parametrize("rule", [12, 14, 15])
def test_clouds_are_held_to_the_rules_of_points(converted, tmp_path, format, end, rule):
    from roadlab_tools.datasets.clouds import FIELDS

    dataset = Path(shutil.copytree(converted[format], tmp_path / "data"))
    file = dataset / f"clouds/lidar/000002.{format}"
    head, _, body = file.read_bytes().partition(end)
    table = np.frombuffer(body, dtype=list(FIELDS)).copy()
    {12: away("x"), 14: lambda t: stolen(t["instance"]), 15: lambda t: t["semantic"].fill(7)}[rule](table)
    file.write_bytes(head + end + table.tobytes())
    assert RECORD in found(dataset)[rule]
