"""The whole way from a file to a dataset, on the real engines, small."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from roadlab_tools import render
from roadlab_tools.batch import cluster
from roadlab_tools.batch.workers import WorkerError
from roadlab_tools.datasets.contents import record_path
from roadlab_tools.datasets.folder import STATE
from roadlab_tools.datasets.kitti import kitti_paths

pytestmark = pytest.mark.xdist_group("render")

STREET = """\
scenario: A small street
duration: 1 s
map:
  roads: {street: {profile: urban_2x1, path: [{line: 120 m}]}}
  surroundings: {style: none}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 30 m}, speed: 36 km/h}
  ahead: {model: sedan, at: {road: street, lane: -1, s: 44 m}, speed: 36 km/h}
  anna: {model: adult, at: {road: street, s: 46 m, t: 4.5 m}, walk: {path: [{road: street, s: 70 m, t: 4.5 m}]}}
sensors:
  camera:
    type: camera
    mount: {x: 1.7 m}
    phase: 49 ms
    image: {width: 128, height: 48}
    intrinsics: {fx: 80, fy: 80, cx: 63.5, cy: 20}
  lidar: {type: lidar, model: hdl64e, mount: {x: 1.4 m, z: 1.73 m}}
"""
FRAMES = slice(0, 4)


@pytest.fixture(scope="session")
def street(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("scenario") / "street.yaml"
    file.write_text(STREET)
    return file


@pytest.fixture(scope="session")
def whole(street, tmp_path_factory) -> dict[str, bytes]:
    """The files of a run that nothing disturbed."""
    out = tmp_path_factory.mktemp("whole") / "out"
    summary = render(street, out, frames=FRAMES, quality="draft")
    assert (summary.frames, summary.rendered) == (4, 4)
    assert summary.rays > 0
    return contents(out)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_dataset_holds_its_frames_its_preview_and_its_manifest(whole):
    expected = {path for index in range(4) for path in (*kitti_paths(index), record_path(index))}
    expected |= {f"ImageSets/{split}.txt" for split in ("train", "val", "test")}
    expected |= {"logs/street.parquet", "scenarios/street.json", "scenarios/street.yaml"}
    expected |= {"index.parquet", "annotations.parquet", "splits.json"}
    expected |= {"preview.mp4", "preview.png", "README.md", "report.html"}
    assert set(whole) == expected | {"manifest.json"}
    manifest = json.loads(whole["manifest.json"])
    assert set(manifest["files"]) == set(whole) - {"manifest.json"}
    assert all(manifest["files"][path]["size"] == len(whole[path]) for path in manifest["files"])
    assert manifest["scenes"][0]["scenario"] == "A small street"


def test_the_car_ahead_and_the_pedestrian_are_labelled(whole):
    kinds = [line.split()[0] for line in whole["label_2/000003.txt"].decode().splitlines()]
    assert kinds == ["Car", "Pedestrian"]


def test_a_frame_alone_is_the_frame_of_the_whole_run(street, whole, tmp_path):
    render(street, tmp_path / "out", frames=slice(2, 3), quality="draft")
    alone = contents(tmp_path / "out")
    assert all(alone[path] == whole[path] for path in (*kitti_paths(2), record_path(2)))


def test_two_workers_write_the_same_bytes_even_when_one_of_them_dies(street, whole, tmp_path):
    victims, done = [], []

    def kill_one(progress):
        if progress.stage == "rendering":
            done.append(progress.done)
        if done and not victims:
            victims.extend(multiprocessing.active_children()[:1])
            victims[0].kill()

    render(street, tmp_path / "out", frames=FRAMES, quality="draft", workers=2, progress=kill_one)
    assert len(victims) == 1
    assert done == [1, 2, 3, 4]
    assert contents(tmp_path / "out") == whole


@pytest.mark.slow
def test_a_ray_cluster_writes_the_same_bytes_even_when_a_worker_is_killed(street, whole, tmp_path, monkeypatch):
    pytest.importorskip("ray")
    monkeypatch.setattr(cluster, "BATCH", 1)
    killed = []

    def kill_one(progress):
        if progress.stage == "rendering" and not killed:
            found = subprocess.run(["pgrep", "-f", "ray::_Painter"], capture_output=True, text=True, check=False)
            killed.extend(int(number) for number in found.stdout.split()[:1])
            for number in killed:
                os.kill(number, signal.SIGKILL)

    render(street, tmp_path / "out", frames=FRAMES, quality="draft", engine="ray", workers=2, progress=kill_one)
    assert len(killed) == 1
    assert contents(tmp_path / "out") == whole


@pytest.mark.slow
def test_when_workers_keep_dying_it_is_said_and_what_is_done_is_kept(street, whole, tmp_path):
    done, receipt = threading.Event(), tmp_path / "out" / STATE / "frames" / "00000000.json"

    def keep_killing():
        while not done.wait(0.05):
            if receipt.exists():
                for child in multiprocessing.active_children():
                    child.kill()

    killer = threading.Thread(target=keep_killing)
    killer.start()
    try:
        with pytest.raises(WorkerError, match=r"signal 9.*--resume"):
            render(street, tmp_path / "out", frames=FRAMES, quality="draft", workers=2)
    finally:
        done.set()
        killer.join()
    summary = render(street, tmp_path / "out", frames=FRAMES, quality="draft", resume=True)
    assert 1 <= summary.rendered <= 3
    assert contents(tmp_path / "out") == whole


def test_a_finished_dataset_stays_as_it_is(street, whole, tmp_path):
    for path, content in whole.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    summary = render(street, tmp_path, frames=FRAMES, quality="draft", resume=True)
    assert summary.rendered == 0
    assert summary.annotations == {"car": 4, "pedestrian": 4}
    assert contents(tmp_path) == whole


def test_a_run_that_is_interrupted_and_then_killed_resumes_to_the_same_bytes(street, tmp_path):
    # Large pictures of high quality take long enough to be interrupted in.
    render_slowly = [
        sys.executable,
        "-m",
        "roadlab_tools",
        "render",
        str(street),
        "--quality",
        "high",
        "--frames",
        "0:4",
    ]
    render_slowly += ["--set", "sensors.camera.image.width=640", "--set", "sensors.camera.image.height=320", "--out"]
    subprocess.run([*render_slowly, str(tmp_path / "whole")], check=True, capture_output=True)
    out = tmp_path / "out"
    command = [*render_slowly, str(out)]
    interrupted = stopped(command, out, record_path(0), signal.SIGINT)
    assert interrupted.returncode == 130
    assert "--resume" in interrupted.stderr
    assert "Traceback" not in interrupted.stderr
    assert not (out / "manifest.json").exists()
    killed = stopped([*command, "--resume"], out, record_path(2), signal.SIGKILL)
    assert killed.returncode == -signal.SIGKILL
    assert not (out / "manifest.json").exists()
    done = subprocess.run([*command, "--resume"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert contents(out) == contents(tmp_path / "whole")


def stopped(command: list[str], out: Path, awaited: str, how: signal.Signals) -> subprocess.CompletedProcess[str]:
    """Runs the command until the awaited file is there, and then sends a signal."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        deadline = time.monotonic() + 120
        while not (out / awaited).exists():
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.send_signal(how)
        stdout, stderr = process.communicate()
    return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)
