"""Recordings for Foxglove and Rerun, read back by other programs' readers."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from roadlab.errors import RoadlabError
from roadlab_tools.datasets.images import read_color
from roadlab_tools.datasets.reading import open_dataset
from roadlab_tools.recordings.export import record


def command(*words: object) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "roadlab_tools", *map(str, words)]
    return subprocess.run(program, capture_output=True, text=True, timeout=100, check=False)


@pytest.fixture(scope="module")
def recorded(native, tmp_path_factory) -> Path:
    pytest.importorskip("foxglove")
    return record(native, "mcap", tmp_path_factory.mktemp("mcap") / "out")[0]


def messages_in(path: Path) -> dict[str, list[tuple[str, int, bytes]]]:
    """Schema, time and bytes of every message, by topic, as the reference reader of MCAP gives them."""
    make_reader = pytest.importorskip("mcap.reader").make_reader

    found: dict[str, list[tuple[str, int, bytes]]] = {}
    with path.open("rb") as file:
        for schema, channel, message in make_reader(file, validate_crcs=True).iter_messages():
            assert schema is not None
            found.setdefault(channel.topic, []).append((schema.name, message.log_time, message.data))
    return found


def test_a_scene_becomes_an_mcap_file_that_the_reference_reader_reads(recorded, native):
    pytest.importorskip("mcap")
    assert recorded.name == "east.mcap"
    found = messages_in(recorded)
    kinds = {topic: messages[0][0] for topic, messages in found.items()}
    assert kinds == {
        "/map": "foxglove.SceneUpdate",
        "/tf": "foxglove.FrameTransforms",
        "/actors": "foxglove.SceneUpdate",
        "/camera/image": "foxglove.CompressedImage",
        "/camera/depth": "foxglove.RawImage",
        "/camera/calibration": "foxglove.CameraCalibration",
        "/camera/boxes": "foxglove.ImageAnnotations",
        "/lidar/points": "foxglove.PointCloud",
    }
    # Samples are taken every 0.1 s, the first after 0.05 s.
    assert [time for _, time, _ in found["/lidar/points"]] == [50_000_000 + k * 100_000_000 for k in range(4)]
    # The picture stands in the message as it is in the dataset.
    data = found["/camera/image"][1][2]
    start = data.index(b"\x89PNG")
    picture = cv2.imdecode(np.frombuffer(data[start:], np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    assert np.array_equal(picture, read_color((native / "cameras/camera/image/000001.png").read_bytes()))
    # So do the points: x, y, z as floats, then intensity, ring, instance and class.
    item = open_dataset(native)[0]
    points = item.lidars["lidar"]["points"]
    stride = 3 * 4 + 4 + 2 + 2 + 1
    cloud = found["/lidar/points"][0][2]
    first = cloud.index(points[0].astype("<f4").tobytes())
    raw = np.frombuffer(cloud, np.uint8, len(points) * stride, first).reshape(len(points), stride)
    assert np.array_equal(raw[:, :12].copy().view("<f4").reshape(-1, 3), points)


def test_the_same_scene_gives_the_same_bytes(recorded, native, tmp_path):
    again = record(native, "mcap", tmp_path / "again")
    assert [path.name for path in again] == ["east.mcap", "west.mcap"]
    assert messages_in(again[0]) == messages_in(recorded)
    assert not [path for path in (tmp_path / "again").iterdir() if path.suffix == ".part"]


def test_only_the_sensors_that_were_asked_for_are_recorded(native, tmp_path):
    pytest.importorskip("foxglove")
    path = record(native, "mcap", tmp_path / "out", sensors=["lidar"])[0]
    assert not any(topic.startswith("/camera") for topic in messages_in(path))
    with pytest.raises(RoadlabError, match="--sensors takes camera, lidar, not 'lidr'; did you mean 'lidar'"):
        record(native, "mcap", tmp_path / "other", sensors=["lidr"])


def test_a_scene_becomes_a_file_that_rerun_reads(native, tmp_path):
    rerun = pytest.importorskip("rerun")
    done = command("export", native, "--to", "rerun", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    path = tmp_path / "out" / "east.rrd"
    assert path.read_bytes()[:4] == b"RRF2"
    listed = subprocess.run(
        [Path(sys.executable).with_name("rerun"), "rrd", "print", path],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert listed.returncode == 0, listed.stderr
    for entity in ("/world/ego", "/world/actors", "/world/camera/image", "/world/lidar/points", "/world/map"):
        assert re.search(rf"{entity}\b", listed.stdout), (rerun.__version__, entity)


def test_what_cannot_be_recorded_is_said_in_a_sentence(native, tmp_path):
    pytest.importorskip("foxglove")
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("x")
    for words, message in (
        (("--to", "mcap", "--out", full), "is not empty"),
        (("--to", "mcpa", "--out", tmp_path / "new"), "did you mean 'mcap'"),
        (("--to", "mcap", "--out", tmp_path / "new", "--resume"), "--resume is for datasets"),
    ):
        done = command("export", native, *words)
        assert done.returncode == 2
        assert message in " ".join(done.stderr.split())
        assert "Traceback" not in done.stderr
    assert [path.name for path in full.iterdir()] == ["mine.txt"]
