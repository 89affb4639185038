"""Who may write where there are no locks: a file that its holder rewrites every few seconds while it lives."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from roadlab.errors import OutputError
from roadlab_tools.datasets.storage import create, read_at_once

BEAT = 3.0
"""Between two signs of life [s]."""
PATIENCE = 4 * BEAT
"""A holder from whom nothing is seen for so long is dead [s]."""


@contextmanager
def leased(path: Path, others: list[Path], root: Path, *, wait: bool = False) -> Iterator[None]:
    """Holds the lease `path`; OutputError while it or one of `others` is held by somebody who lives.

    With `wait`, waits for its end instead. No clocks are compared: whoever finds a lease looks whether it changes. Two
    that find the same dead lease within a second may both believe it theirs until they have read it again.
    """
    own = f"process {os.getpid()} on {socket.gethostname()}"
    for lease in others:
        _check_dead(lease, root, wait=wait)
    while not create(path, _sign(own, 0)):
        _check_dead(path, root, wait=wait)
        with suppress(FileNotFoundError):
            path.unlink()
    time.sleep(0.2)
    if not read_at_once(path).startswith(own.encode()):
        raise OutputError(f"another roadlab is writing into {root} right now")
    ended = threading.Event()
    heart = threading.Thread(target=_live, args=(path, own, ended), daemon=True)
    heart.start()
    try:
        yield
    finally:
        ended.set()
        heart.join()
        with suppress(OSError):
            path.unlink()


def _check_dead(path: Path, root: Path, *, wait: bool) -> None:
    before = _content(path)
    deadline = time.monotonic() + PATIENCE
    while before is not None and time.monotonic() < deadline:
        time.sleep(BEAT / 6)
        now = _content(path)
        if now is None:
            return
        if now != before:
            if not wait:
                holder = now.decode(errors="replace").partition(",")[0]
                raise OutputError(f"another roadlab is writing into {root} right now ({holder})")
            before, deadline = now, time.monotonic() + PATIENCE


def _content(path: Path) -> bytes | None:
    try:
        return read_at_once(path)
    except FileNotFoundError:
        return None


def _live(path: Path, own: str, ended: threading.Event) -> None:
    beat = 0
    while not ended.wait(BEAT):
        beat += 1
        with suppress(OSError):
            path.write_bytes(_sign(own, beat))


def _sign(own: str, beat: int) -> bytes:
    return f"{own}, beat {beat}\n".encode()
