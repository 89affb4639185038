"""Who may write into a dataset's folder: one run at a time, or the shards of one run side by side."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from roadlab.errors import OutputError
from roadlab_tools.datasets.lease import leased
from roadlab_tools.datasets.storage import files_below, is_local


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `index` of `count` of a run, counted from 1."""

    index: int
    count: int

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"

    def share(self, numbers: list[int]) -> list[int]:
        """Every `count`-th of the numbers, so that the parts are equally long; together they are all of them."""
        return numbers[self.index - 1 :: self.count]


@contextmanager
def held(state: Path, root: Path, shard: Shard | None = None) -> Iterator[None]:
    """Holds the locks in the folder `state`; OutputError when another process that writes into `root` has them.

    The operating system frees a lock when its process ends, however it ends, so that no lock can be stale; the file
    says who has it.
    """
    with ExitStack() as stack:
        own = "lock" if shard is None else f"lock-{shard.index}-of-{shard.count}"
        if not is_local(root):
            all_of = [path for path in files_below(state) if path.startswith("lock") and path != own]
            others = all_of if shard is None else [name for name in all_of if name == "lock"]
            stack.enter_context(leased(state / own, [state / name for name in others], root))
        elif shard is None:
            stack.enter_context(_locked(state / "lock", root, fcntl.LOCK_EX))
        else:
            stack.enter_context(_locked(state / "lock", root, fcntl.LOCK_SH))
            stack.enter_context(_locked(state / own, root, fcntl.LOCK_EX))
        yield


@contextmanager
def finishing(state: Path) -> Iterator[bool]:
    """Waits until no other shard finishes the dataset; False when one has, and the state is gone."""
    if not is_local(state):
        if not (state / "run.json").is_file():
            yield False
            return
        with leased(state / "finish", [], state.parent, wait=True):
            yield (state / "run.json").is_file()
        return
    try:
        descriptor = os.open(state / "finish", os.O_RDWR | os.O_CREAT, 0o644)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield (state / "run.json").is_file()
    finally:
        os.close(descriptor)


@contextmanager
def _locked(path: Path, root: Path, kind: int) -> Iterator[None]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from error
    try:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(descriptor, 200).decode(errors="replace").strip()
            raise OutputError(
                f"another roadlab is writing into {root} right now{f' ({holder})' if holder else ''}"
            ) from error
        if kind == fcntl.LOCK_EX:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
