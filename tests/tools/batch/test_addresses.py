"""Datasets at addresses that fsspec knows are those that folders hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_job import AHEAD, SmallWorld
from small_scene import STORY

from roadlab.errors import OutputError
from roadlab_tools import open_dataset, render, verify
from roadlab_tools.batch import frames
from roadlab_tools.datasets import lease
from roadlab_tools.datasets.claim import claimed
from roadlab_tools.datasets.export import export
from roadlab_tools.datasets.folder import DatasetFolder
from roadlab_tools.datasets.lock import Shard
from roadlab_tools.datasets.storage import files_below, located
from roadlab_tools.options import OptionError

pytest.importorskip("upath")
RUN = {"roadlab": "0.1.0", "seed": 7}


@pytest.fixture
def far(tmp_path, monkeypatch) -> str:
    """An address in memory that nobody had before; the log of a run goes into the working directory."""
    monkeypatch.chdir(tmp_path)
    return f"memory://{tmp_path.name}-{tmp_path.parent.name}/out"


@pytest.fixture
def street(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(frames, "observer_of", lambda scene, _: SmallWorld(scene))
    file = tmp_path / "street.yaml"
    file.write_text(STORY.replace("sensors:", f"{AHEAD}sensors:", 1))
    return file


def contents(where) -> dict[str, bytes]:
    root = located(where)
    return {path: (root / path).read_bytes() for path in files_below(root)}


def test_an_address_gets_the_bytes_that_a_folder_gets(street, far, tmp_path):
    render(street, tmp_path / "near", frames=slice(0, 3))
    summary = render(street, far, frames=slice(0, 3))
    assert (summary.frames, summary.rendered) == (3, 3)
    assert contents(far) == contents(tmp_path / "near")
    assert list(verify(far)) == []
    assert open_dataset(far)[2].cameras["camera"]["image"].shape == (76, 208, 3)
    assert (tmp_path / "out.log").read_text().count("frame") >= 3


def test_what_was_begun_at_an_address_is_completed_there(street, far, tmp_path):
    render(street, tmp_path / "near", frames=slice(0, 3))
    render(street, far, frames=slice(0, 3))
    root = located(far)
    (root / "image_2/000001.png").unlink()
    (root / "depth/000002.png").write_bytes(b"half")
    with pytest.raises(OutputError, match="--resume"):
        render(street, far, frames=slice(0, 3))
    assert render(street, far, frames=slice(0, 3), resume=True).rendered == 2
    assert contents(far) == contents(tmp_path / "near")


def test_a_file_address_is_a_folder(street, tmp_path):
    render(street, f"file://{tmp_path}/out", frames=slice(0, 2))
    assert list(verify(tmp_path / "out")) == []


def test_exports_go_from_one_address_to_another(native, far, tmp_path):
    export(native, "coco", tmp_path / "coco")
    export(native, "coco", far)
    assert contents(far) == contents(tmp_path / "coco")


def test_what_one_process_alone_sees_takes_no_second(street, far):
    with pytest.raises(OptionError, match="one process alone"):
        render(street, far, frames=slice(0, 2), workers=2)


@pytest.mark.parametrize("where", ["nowhere://x/y", "s4://bucket"])
def test_addresses_that_nobody_knows_are_explained(street, where):
    with pytest.raises(OutputError, match=where.partition(":")[0]):
        render(street, where, frames=slice(0, 1))


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(lease, "BEAT", 0.3)
    monkeypatch.setattr(lease, "PATIENCE", 1.5)


def test_a_second_run_at_an_address_is_refused(far, quick):
    root = located(far)
    with (
        claimed(root, RUN, resume=False),
        pytest.raises(OutputError, match="another roadlab is writing"),
        claimed(root, RUN, resume=True),
    ):
        pass
    with claimed(root, RUN, resume=True) as folder:
        folder.put_frame(0, {"a/0.bin": b"one"})
        assert folder.receipt(0) is not None


def test_the_lease_of_a_run_that_died_runs_out(far, quick):
    root = located(far)
    with claimed(root, RUN, resume=False):
        pass
    (root / ".roadlab/lock").write_bytes(b"process 1 on nowhere, beat 7\n")
    with claimed(root, RUN, resume=True) as folder:
        assert isinstance(folder, DatasetFolder)


def test_shards_write_side_by_side_at_an_address(far, quick):
    root = located(far)
    with claimed(root, RUN, resume=False, shard=Shard(1, 2)) as one:
        with claimed(root, RUN, resume=False, shard=Shard(2, 2)) as two:
            one.put_frame(0, {"a/0.bin": b"one"})
            two.put_frame(1, {"a/1.bin": b"two"})
        with pytest.raises(OutputError, match="another roadlab"), claimed(root, RUN, resume=True):
            pass
