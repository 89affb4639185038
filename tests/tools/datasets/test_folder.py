from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from roadlab.errors import OutputError
from roadlab_tools.datasets.claim import claimed
from roadlab_tools.datasets.folder import MANIFEST, STATE, DatasetFolder, files_in, is_whole
from roadlab_tools.datasets.lock import Shard

RUN = {"roadlab": "0.1.0", "scenario_digest": "abc", "seed": 7, "quality": "draft"}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_finished_dataset_lists_every_file_with_size_and_checksum(tmp_path):
    with claimed(tmp_path / "out", RUN, resume=False) as folder:
        folder.put_frame(3, {"a/3.bin": b"one"})
        folder.put({"b/table.txt": b"two"})
        folder.finish(RUN, [3], ["b/table.txt"], {"log_digest": "def"})
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text())
    assert manifest["files"] == {
        "a/3.bin": {"size": 3, "sha256": hashlib.sha256(b"one").hexdigest(), "frame": 3},
        "b/table.txt": {"size": 3, "sha256": hashlib.sha256(b"two").hexdigest()},
    }
    assert list(manifest["files"]) == ["a/3.bin", "b/table.txt"]
    assert manifest["seed"] == 7
    assert manifest["log_digest"] == "def"
    assert names(tmp_path / "out") == ["a", "b", MANIFEST]


def test_files_that_nothing_accounts_for_are_gone_when_a_dataset_is_finished(tmp_path):
    with claimed(tmp_path, RUN, resume=False) as folder:
        folder.put_frame(0, {"a/0.bin": b"one"})
        folder.put({"b/half.bin": b"of a frame that was given up"})
        folder.finish(RUN, [0], [], {})
    assert names(tmp_path) == ["a", MANIFEST]


def test_an_empty_folder_may_be_claimed(tmp_path):
    with claimed(tmp_path, RUN, resume=False) as folder:
        assert folder.receipt(1) is None
    assert names(tmp_path) == [STATE]


def test_a_finished_dataset_that_has_lost_a_file_knows_which_frame_to_make_again(tmp_path):
    with claimed(tmp_path, RUN, resume=False) as folder:
        for number in range(3):
            folder.put_frame(number, {f"a/{number}.bin": b"one", f"b/{number}.bin": b"two"})
        folder.finish(RUN, range(3), [], {})
    assert is_whole(tmp_path)
    (tmp_path / "b" / "1.bin").write_bytes(b"tw")
    assert not is_whole(tmp_path)
    with claimed(tmp_path, RUN, resume=True) as folder:
        folder.reopen()
        assert [folder.receipt(number) is not None for number in range(3)] == [True, False, True]


def test_a_folder_that_vanishes_meanwhile_is_not_made_anew(tmp_path):
    with claimed(tmp_path / "out", RUN, resume=False) as folder:
        folder.put_frame(0, {"a/0.bin": b"one"})
        shutil.rmtree(tmp_path / "out")
        with pytest.raises(OutputError, match="has vanished"):
            folder.put_frame(1, {"a/1.bin": b"one"})
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_else_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(OutputError, match=r"holds something else \(thesis\.tex\)"), claimed(tmp_path, RUN, resume=True):
        pass
    assert names(tmp_path) == ["thesis.tex"]


def test_a_manifest_of_another_program_is_something_else(tmp_path):
    (tmp_path / MANIFEST).write_text('{"name": "a browser extension"}')
    with pytest.raises(OutputError, match="something else"), claimed(tmp_path, RUN, resume=True):
        pass


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match="is a file"), claimed(tmp_path / "out", RUN, resume=False):
        pass


@pytest.mark.parametrize("finished", [True, False])
def test_a_dataset_is_continued_only_when_asked(tmp_path, finished):
    with claimed(tmp_path, RUN, resume=False) as folder:
        folder.put_frame(1, {"a/1.bin": b"one"})
        if finished:
            folder.finish(RUN, [1], [], {})
    with pytest.raises(OutputError, match="--resume"), claimed(tmp_path, RUN, resume=False):
        pass
    with claimed(tmp_path, RUN, resume=True) as folder:
        folder.reopen()
        assert folder.receipt(1) is not None


@pytest.mark.parametrize("finished", [True, False])
def test_a_dataset_of_another_run_is_never_continued(tmp_path, finished):
    with claimed(tmp_path, RUN, resume=False) as folder:
        if finished:
            folder.finish(RUN, [], [], {})
    with (
        pytest.raises(OutputError, match="seed was 7 and is now 8"),
        claimed(tmp_path, {**RUN, "seed": 8}, resume=True),
    ):
        pass


def test_two_runs_do_not_write_into_one_folder(tmp_path):
    who = f"process {os.getpid()} on "
    with (
        claimed(tmp_path, RUN, resume=False),
        pytest.raises(OutputError, match=f"another roadlab .*{who}"),
        claimed(tmp_path, RUN, resume=True),
    ):
        pass


def test_shards_of_one_run_write_side_by_side_but_no_shard_twice(tmp_path):
    with claimed(tmp_path, RUN, resume=False, shard=Shard(1, 2)) as one:
        with claimed(tmp_path, RUN, resume=False, shard=Shard(2, 2)) as two:
            one.put_frame(0, {"a/0.bin": b"one"})
            two.put_frame(1, {"a/1.bin": b"two"})
        for shard in (Shard(1, 2), None):
            with (
                pytest.raises(OutputError, match="another roadlab"),
                claimed(tmp_path, RUN, resume=True, shard=shard),
            ):
                pass
    with claimed(tmp_path, RUN, resume=True) as folder:
        assert folder.receipt(0) is not None
        assert folder.receipt(1) is not None


def test_a_folder_that_cannot_be_made_is_refused_in_words():
    with (
        pytest.raises(OutputError, match="/proc/nowhere cannot be written"),
        claimed(Path("/proc/nowhere/out"), RUN, resume=False),
    ):
        pass


def test_files_of_which_one_cannot_be_written_do_not_appear(tmp_path):
    with claimed(tmp_path, RUN, resume=False) as folder:
        # A folder stands where the second file should go.
        (tmp_path / "b" / "1.txt").mkdir(parents=True)
        folder.put({"a/1.bin": b"before"})
        with pytest.raises(OutputError):
            folder.put_frame(1, {"b/1.txt": b"two", "a/1.bin": b"after"})
        assert (tmp_path / "a" / "1.bin").read_bytes() == b"before"
        assert folder.receipt(1) is None
        assert not list((tmp_path / STATE / "partial").iterdir())


FILLS_THE_DISK = """
    import resource, sys
    from pathlib import Path
    from roadlab.errors import OutputError
    from roadlab_tools.datasets.claim import claimed

    run, root = {"roadlab": "0.1.0"}, Path(sys.argv[1])
    with claimed(root, run, resume=False) as folder:
        folder.put_frame(0, {"a/0.bin": b"x" * 1000, "b/0.bin": b"y" * 1000})
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
        try:
            folder.put_frame(1, {"a/1.bin": b"x" * 1000, "b/1.bin": b"y" * 9000})
        except OutputError as error:
            sys.exit(str(error))
"""


def run_python(program: str, *arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


def test_when_no_more_can_be_written_whole_frames_stay_and_no_broken_file(tmp_path):
    """A limit on file size stands for a full disk: the same system call refuses in the same way."""
    done = run_python(FILLS_THE_DISK, tmp_path)
    assert "no space left to write" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in sorted(tmp_path.rglob("*.bin"))] == ["0.bin", "0.bin"]
    assert not list((tmp_path / STATE / "partial").iterdir())


def test_a_full_disk_is_called_so(tmp_path):
    if os.geteuid() != 0 or not mounts(tmp_path):
        pytest.skip("only root can mount a small disk, and here not even root")
    try:
        with pytest.raises(OutputError, match="no space left"):
            fill(tmp_path / "out")
        assert {path.stat().st_size for path in (tmp_path / "out").rglob("*.bin")} == {20_000}
        with claimed(tmp_path / "out", RUN, resume=True) as folder:
            whole = [number for number in range(100) if folder.receipt(number) is not None]
        assert whole == list(range(len(whole)))
        assert len(whole) > 3
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def fill(root: Path) -> None:
    with claimed(root, RUN, resume=False) as folder:
        for index in range(100):
            folder.put_frame(index, {f"{part}/{index}.bin": b"x" * 20_000 for part in "ab"})


def mounts(folder: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


WRITES_UNTIL_KILLED = """
    import itertools, sys
    from pathlib import Path
    from roadlab_tools.datasets.claim import claimed

    with claimed(Path(sys.argv[1]), {"roadlab": "0.1.0"}, resume=False) as folder:
        for index in itertools.count():
            folder.put_frame(index, {f"{part}/{index}.bin": part.encode() * 100_000 for part in "abcd"})
            print(index, flush=True)
"""


def test_whoever_is_killed_leaves_only_whole_files_and_frees_the_folder(tmp_path):
    command = [sys.executable, "-c", textwrap.dedent(WRITES_UNTIL_KILLED), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while int(process.stdout.readline()) < 5:
            pass
        process.send_signal(signal.SIGKILL)
    assert {path.stat().st_size for path in tmp_path.glob("?/*.bin")} == {100_000}
    with claimed(tmp_path, {"roadlab": "0.1.0"}, resume=True) as folder:
        assert all(folder.receipt(index) is not None for index in range(6))
        assert not (tmp_path / STATE / "partial").exists()


def test_a_folder_that_is_read_only_is_refused_in_words(tmp_path):
    if os.geteuid() != 0 or not mounts(tmp_path):
        pytest.skip("only root can mount a disk, and here not even root")
    try:
        with claimed(tmp_path / "out", RUN, resume=False) as folder:
            folder.put_frame(0, {"a/0.bin": b"one"})
        subprocess.run(["mount", "-o", "remount,ro", str(tmp_path)], check=True)
        with pytest.raises(OutputError, match="read-only file system"):
            DatasetFolder(tmp_path / "out").put_frame(1, {"a/1.bin": b"one"})
        with pytest.raises(OutputError, match="read-only"), claimed(tmp_path / "out", RUN, resume=True):
            pass
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_files_of_the_state_are_no_files_of_the_dataset(tmp_path):
    with claimed(tmp_path, RUN, resume=False) as folder:
        folder.put_frame(0, {"a/0.bin": b"one"})
        assert files_in(tmp_path) == ["a/0.bin"]
