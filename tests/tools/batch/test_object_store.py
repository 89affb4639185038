"""Whole jobs whose datasets go into an object store: a server of this machine that speaks S3."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_job import AHEAD, command
from small_scene import STORY

from roadlab_tools import open_dataset, verify
from roadlab_tools.datasets.storage import files_below, located

moto = pytest.importorskip("moto.server")
pytest.importorskip("s3fs")
pytest.importorskip("upath")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("s3")]


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """Its address; every process that is started from here finds the server by the environment."""
    import boto3

    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    access = {"AWS_ACCESS_KEY_ID": "anybody", "AWS_SECRET_ACCESS_KEY": "anything", "AWS_DEFAULT_REGION": "us-east-1"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (access | {"AWS_ENDPOINT_URL": f"http://{host}:{port}"}).items():
            patch.setenv(name, value)
        boto3.client("s3").create_bucket(Bucket="datasets")
        yield "s3://datasets"
    server.stop()


@pytest.fixture(scope="module")
def street(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("s3") / "street.yaml"
    file.write_text(STORY.replace("sensors:", f"{AHEAD}sensors:", 1))
    return file


@pytest.fixture(scope="module")
def near(street, tmp_path_factory) -> dict[str, bytes]:
    """The files of the same job in a folder."""
    out = tmp_path_factory.mktemp("near") / "out"
    assert run(street, "--out", out, "--frames", "0:6").returncode == 0
    return contents(out)


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), capture_output=True, text=True, check=False, timeout=120)


def contents(where: str | Path) -> dict[str, bytes]:
    root = located(where)
    return {path: (root / path).read_bytes() for path in files_below(root)}


def test_two_workers_fill_a_bucket_with_the_bytes_that_a_folder_gets(street, near, bucket, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the log of such a run is written here
    done = run(street, "--out", f"{bucket}/two", "--frames", "0:6", "--workers", 2)
    assert done.returncode == 0, done.stderr
    assert contents(f"{bucket}/two") == near
    assert list(verify(f"{bucket}/two")) == []
    assert open_dataset(f"{bucket}/two")[5].cameras["camera"]["image"].shape == (76, 208, 3)
    again = run(street, "--out", f"{bucket}/two", "--frames", "0:6")
    assert again.returncode == 2
    assert "--resume checks and completes it" in " ".join(again.stderr.split())


def test_a_job_that_writes_into_a_bucket_is_alone_and_goes_on_after_a_kill(street, near, bucket, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    job = ("--out", f"{bucket}/killed", "--frames", "0:6")
    with subprocess.Popen(command(street, *job, slowness=3.0), env=os.environ, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60.0
        while not any(path.startswith(".roadlab/frames/") for path in files_below(located(f"{bucket}/killed"))):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        second = run(street, *job, "--resume")
        assert second.returncode == 2
        assert "another roadlab is writing" in " ".join(second.stderr.split())
        process.kill()
    done = run(street, *job, "--resume")
    assert done.returncode == 0, done.stderr
    assert contents(f"{bucket}/killed") == near
