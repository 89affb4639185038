"""Nothing is lost and nothing half-written, whatever happens to a run."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from small_job import AHEAD, command
from small_scene import STORY

from roadlab.randomness import generator
from roadlab_tools.datasets.verification.verify import verify

STREET = STORY.replace("sensors:", f"{AHEAD}sensors:", 1)


@pytest.fixture
def street(tmp_path) -> Path:
    (tmp_path / "in").mkdir()
    file = tmp_path / "in" / "street.yaml"
    file.write_text(STREET)
    return file


def run(*arguments: object, slowness: float = 0.0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments, slowness=slowness), capture_output=True, text=True, check=False, timeout=120
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def killed_and_resumed(street: Path, tmp_path: Path, kills: int) -> None:
    """A run that is killed at random instants, again and again, ends as one that nobody disturbed."""
    started = time.monotonic()
    assert run(street, "--out", tmp_path / "whole", "--format", "kitti,roadlab").returncode == 0
    length = time.monotonic() - started
    chance = generator(11, "kills")
    for kill in range(kills):
        out = tmp_path / f"out-{kill % 3}"
        if kill % 3 == 0:
            for k in range(3):
                shutil.rmtree(tmp_path / f"out-{k}", ignore_errors=True)
        resume = ["--resume"] if out.exists() else []
        with subprocess.Popen(
            command(street, "--out", out, "--format", "kitti,roadlab", *resume),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            time.sleep(float(chance.uniform(0.25, 1.0)) * length)
            process.send_signal(signal.SIGKILL)
        done = run(street, "--out", out, "--format", "kitti,roadlab", "--resume")
        assert done.returncode == 0, done.stderr
        assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.slow
def test_a_run_killed_at_any_instant_resumes_to_the_same_bytes(street, tmp_path):
    killed_and_resumed(street, tmp_path, 3)


@pytest.mark.slow
def test_a_run_killed_at_thirty_instants_resumes_to_the_same_bytes(street, tmp_path):
    killed_and_resumed(street, tmp_path, 30)


@pytest.mark.slow
def test_several_scenes_and_formats_are_made_at_once_and_are_true(street, tmp_path):
    other = street.with_name("lane.yaml")
    other.write_text(STREET.replace("A small street", "Another street"))
    done = run(street, other, "--out", tmp_path / "out", "--frames", "0:3", "--format", "kitti,nuscenes", "--seed", 3)
    assert done.returncode == 0, done.stderr
    for format in ("kitti", "nuscenes"):
        assert list(verify(tmp_path / "out" / format)) == []
    manifest = json.loads((tmp_path / "out" / "kitti" / "manifest.json").read_text())
    assert [scene["name"] for scene in manifest["scenes"]] == ["street", "lane"]
    assert [scene["first"] for scene in manifest["scenes"]] == [0, 20]
    assert "2 scenes" in (tmp_path / "out.log").read_text()


def test_a_failing_frame_ends_the_run_unless_told_to_keep_going(street, tmp_path):
    street.write_text(STREET.replace("A small street", "A broken street"))
    done = run(street, "--out", tmp_path / "out", "--frames", "0:6")
    assert done.returncode == 2
    assert "frame 1 cannot be made: ZeroDivisionError: a wheel without a radius" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    done = run(street, "--out", tmp_path / "out", "--frames", "0:6", "--resume", "--keep-going")
    assert done.returncode == 0, done.stderr
    assert "frame 4: ZeroDivisionError" in done.stdout
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert sorted(manifest["skipped"]) == ["1", "4"]
    assert sorted(path.stem for path in (tmp_path / "out" / "image_2").iterdir()) == [
        "000000",
        "000002",
        "000003",
        "000005",
    ]
    assert list(verify(tmp_path / "out")) == []


def test_shards_make_together_what_one_run_makes(street, tmp_path):
    assert run(street, "--out", tmp_path / "whole", "--frames", "0:6").returncode == 0
    first = run(street, "--out", tmp_path / "out", "--frames", "0:6", "--shard", "1/2")
    assert first.returncode == 0, first.stderr
    assert "3 frames are left to other shards" in first.stdout
    assert not (tmp_path / "out" / "manifest.json").exists()
    assert run(street, "--out", tmp_path / "out", "--frames", "0:6", "--shard", "2/2").returncode == 0
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


@pytest.mark.slow
def test_shards_that_run_at_the_same_time_finish_once(street, tmp_path):
    assert run(street, "--out", tmp_path / "whole", "--frames", "0:8").returncode == 0
    jobs = [
        subprocess.Popen(command(street, "--out", tmp_path / "out", "--frames", "0:8", "--shard", f"{k}/2"))
        for k in (1, 2)
    ]
    assert [job.wait(120) for job in jobs] == [0, 0]
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_a_second_run_on_the_same_folder_is_refused(street, tmp_path):
    with subprocess.Popen(command(street, "--out", tmp_path / "out", slowness=0.5)) as process:
        while not list((tmp_path / "out").glob("truth/*.json")):
            time.sleep(0.05)
        done = run(street, "--out", tmp_path / "out", "--resume")
        process.kill()
    assert done.returncode == 2
    assert f"another roadlab is writing into {tmp_path}" in "".join(done.stderr.split("\n"))
    assert f"process {process.pid}" in done.stderr
    assert run(street, "--out", tmp_path / "out", "--resume").returncode == 0


def test_a_lost_and_a_truncated_file_are_made_again(street, tmp_path):
    assert run(street, "--out", tmp_path / "out", "--frames", "0:4").returncode == 0
    before = contents(tmp_path / "out")
    (tmp_path / "out/image_2/000001.png").unlink()
    (tmp_path / "out/depth/000002.png").write_bytes(b"\x89PNG")
    assert run(street, "--out", tmp_path / "out", "--frames", "0:4", "--resume").returncode == 0
    assert contents(tmp_path / "out") == before


def test_a_folder_that_vanishes_ends_the_run_in_words(street, tmp_path):
    with subprocess.Popen(
        command(street, "--out", tmp_path / "out", slowness=0.2), stderr=subprocess.PIPE, text=True
    ) as process:
        while not list((tmp_path / "out").glob("truth/*.json")):
            time.sleep(0.05)
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        stderr = process.communicate(timeout=60)[1]
    assert process.returncode == 2
    assert "vanished" in stderr
    assert "Traceback" not in stderr


def test_ctrl_c_stops_within_three_seconds(street, tmp_path):
    with subprocess.Popen(
        command(street, "--out", tmp_path / "out", slowness=0.3), stderr=subprocess.PIPE, text=True
    ) as process:
        while not list((tmp_path / "out").glob("truth/*.json")):
            time.sleep(0.05)
        asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        stderr = process.communicate(timeout=60)[1]
    assert time.monotonic() - asked < 3.0
    assert process.returncode == 130
    assert "--resume" in stderr
    assert run(street, "--out", tmp_path / "out", "--resume").returncode == 0


def test_a_disk_that_runs_full_ends_the_run_in_words_and_nothing_is_lost(street, tmp_path):
    """From some instant on no file of the running job may grow by a byte, as on a full disk."""
    prlimit = getattr(resource, "prlimit", None)
    if prlimit is None:
        pytest.skip("only Linux limits the files of a running process")
    formats = ("--format", "kitti,roadlab")
    assert run(street, "--out", tmp_path / "whole", *formats).returncode == 0
    with subprocess.Popen(
        command(street, "--out", tmp_path / "out", *formats, slowness=0.1), stderr=subprocess.PIPE, text=True
    ) as process:
        while len(list((tmp_path / "out").glob("kitti/.roadlab/frames/*.json"))) < 3:
            time.sleep(0.02)
        prlimit(process.pid, resource.RLIMIT_FSIZE, (0, 0))
        stderr = " ".join(process.communicate(timeout=60)[1].split())
    assert process.returncode == 2, stderr
    assert "no space left to write; what was complete is kept, free some space and use --resume" in stderr
    assert "Traceback" not in stderr
    assert not list((tmp_path / "out").rglob("partial/*"))
    whole, kept = contents(tmp_path / "whole"), contents(tmp_path / "out")
    pictures = [path for path in kept if path.endswith(".png")]
    assert len(pictures) >= 3
    assert all(kept[path] == whole[path] for path in pictures)
    assert run(street, "--out", tmp_path / "out", *formats, "--resume").returncode == 0
    assert contents(tmp_path / "out") == whole


def test_a_disk_that_is_too_small_is_said_before_anything_is_rendered(street, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=65m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a small disk, and here not even root")
    try:
        done = run(street, "--out", disk / "out")
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert done.returncode == 2
    assert "no space left for this: about" in done.stderr
    assert not list(tmp_path.rglob("*.png"))
