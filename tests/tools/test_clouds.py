"""Clouds as files, read back by readers of their own."""

import io

import numpy as np
import pytest

from roadlab.timing import Interval
from roadlab_sensors.lidar.image import range_image
from roadlab_sensors.readings import SEMANTIC_IDS, LidarSweep
from roadlab_tools.datasets import clouds


@pytest.fixture
def cloud():
    count = 500
    random = np.random.Generator(np.random.PCG64(4))
    azimuth, elevation = random.uniform(-3.1, 3.1, count), random.uniform(-0.4, 0.1, count)
    distance = random.uniform(2, 70, count)
    direction = np.stack(
        [np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)], axis=1
    )
    raw = (direction * distance[:, None]).astype(np.float32)
    return LidarSweep(
        "lidar", Interval(0, 10**8), 5 * 10**7, np.eye(4), raw, random.random(count).astype(np.float32),
        random.integers(0, 64, count).astype(np.uint16), np.sort(random.integers(0, 10**8, count)),
        distance.astype(np.float32), random.integers(0, 9, count).astype(np.uint16),
        np.full(count, SEMANTIC_IDS["road"], np.uint8), 133_333, raw, np.ones(count, np.uint8),
        np.full(count, 2, np.uint8), random.random(count).astype(np.float32),
        random.integers(0, 30, count).astype(np.uint8), random.normal(size=(count, 3)).astype(np.float32),
    )  # fmt: skip


def test_pcd_says_how_to_read_it(cloud):
    # The header of PCD 0.7 (pointclouds.org): FIELDS, SIZE, TYPE and COUNT have one word a field
    data = clouds.pcd(clouds.cloud_table(cloud))
    head, _, body = data.partition(b"DATA binary\n")
    entries = dict(line.split(" ", 1) for line in head.decode().splitlines() if not line.startswith("#"))
    sizes = [int(size) for size in entries["SIZE"].split()]
    names = entries["FIELDS"].split()
    assert len(sizes) == len(names) == len(entries["TYPE"].split())
    assert int(entries["POINTS"]) == 500
    assert len(body) == 500 * sum(sizes)
    kinds = [f"<{t.lower()}{s}" for t, s in zip(entries["TYPE"].split(), sizes, strict=True)]
    table = np.frombuffer(body, dtype=list(zip(names, kinds, strict=True)))
    assert np.array_equal(np.stack([table[a] for a in "xyz"], axis=1), cloud.points)
    assert np.array_equal(table["ring"], cloud.ring)
    assert table["time"] == pytest.approx(cloud.time * 1e-9)


def test_ply_opens_in_trimesh(cloud):
    trimesh = pytest.importorskip("trimesh")
    points = trimesh.load(io.BytesIO(clouds.ply(clouds.cloud_table(cloud))), file_type="ply")
    assert np.asarray(points.vertices) == pytest.approx(cloud.points)


def test_las_opens_in_laspy_with_all_fields(cloud):
    laspy = pytest.importorskip("laspy")
    read = laspy.read(io.BytesIO(clouds.las(cloud)))
    assert np.asarray(read.xyz) == pytest.approx(cloud.points, abs=6e-4)
    assert np.array_equal(read.return_number, cloud.return_number)
    assert np.array_equal(np.asarray(read["instance"]), cloud.instance)
    assert (np.asarray(read.classification) == 11).all()  # road surface
    assert clouds.las(cloud) == clouds.las(cloud)


def test_bin_is_kittis_array(cloud):
    values = np.frombuffer(clouds.BinWriter().content(cloud), "<f4").reshape(-1, 4)
    assert np.array_equal(values[:, :3], cloud.points)
    assert np.array_equal(values[:, 3], cloud.intensity)


def test_a_range_image_holds_the_nearest_return_of_each_cell(cloud):
    image = range_image(cloud, 64, 360)
    assert image.range.shape == (64, 360)
    filled = image.row >= 0
    assert (image.range[filled] > 0).all()
    assert (image.range[~filled] == 0).all()
    row, column = np.argwhere(filled)[10]
    k = image.row[row, column]
    assert cloud.ring[k] == row
    azimuth = np.degrees(np.arctan2(cloud.raw[k, 1], cloud.raw[k, 0]))
    assert column == int(180 - azimuth)
    assert image.of(cloud.intensity)[row, column] == cloud.intensity[k]


def test_a_rig_without_lidar_is_refused():
    from roadlab.errors import OutputError

    with pytest.raises(OutputError, match="no lidar"):
        clouds.PcdWriter().check({})


def test_an_empty_sweep_is_an_empty_file(cloud):
    from dataclasses import replace

    arrays = {n: getattr(cloud, n)[:0] for n in LidarSweep.__dataclass_fields__ if hasattr(getattr(cloud, n), "dtype")}
    arrays.pop("world_from_lidar")
    empty = replace(cloud, **arrays)
    for writer in (clouds.PcdWriter, clouds.PlyWriter, clouds.BinWriter, clouds.RangeImageWriter):
        assert isinstance(writer().content(empty), bytes)
    assert clouds.BinWriter().content(empty) == b""


def test_clouds_alone_need_no_pictures(tmp_path):
    from roadlab import load, simulate
    from roadlab_sensors.observe import Observer
    from roadlab_tools.batch.frames import Target, observer_of
    from roadlab_tools.datasets.scene import Scene, SceneEntry

    file = tmp_path / "plain.yaml"
    file.write_text(
        "scenario: Plain\nduration: 0.5 s\nseed: 1\nmap:\n  roads:\n    a: {profile: country_1x1, path: [line: 60 m]}\n"
        "actors:\n  ego: {model: hatchback, at: {road: a, lane: -1, s: 30 m}}\n"
        "sensors:\n  eye: {type: camera, mount: {x: 1.5 m, z: 1.6 m}, rate: 10 Hz, "
        "image: {width: 64, height: 48}, intrinsics: {fx: 60, fy: 60, cx: 31.5, cy: 23.5}}\n"
        "  lidar: {type: lidar, model: vlp16, mount: {x: 1 m, z: 1.8 m}, rate: 10 Hz}\n"
    )
    scenario = load(file)
    scene = Scene(SceneEntry("plain", "Plain", "", 1, 0, 0, 4, 1), scenario, simulate(scenario))
    alone = observer_of(scene, Target("draft", (("pcd", tmp_path), ("las", tmp_path))))
    both = observer_of(scene, Target("draft", (("pcd", tmp_path), ("coco", tmp_path))))
    whole = Observer(scenario, scene.log, "draft")
    assert alone.count == whole.count
    assert alone.rays_per_sample < both.rays_per_sample == whole.rays_per_sample
    sample = alone.sample(1)
    assert not sample.cameras
    assert np.array_equal(sample.lidars["lidar"].points, whole.sample(1).lidars["lidar"].points)
