"""A dataset's folder: it holds one run's files and nothing else, and each set of files whole or not at all.

While a run writes, `.roadlab.json` says which run the folder belongs to; a finished dataset has `manifest.json`
instead. Files are written and flushed under temporary names and renamed when all of a frame are complete, so a full
disk or a killed process leaves no broken file, and `--resume` goes on where it stopped.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roadlab.errors import OutputError

MARKER = ".roadlab.json"
MANIFEST = "manifest.json"
_PARTIAL = ".partial"
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

Run = Mapping[str, Any]
"""What decides a dataset's content, as JSON values: version, scenario, seed, options."""


@dataclass(frozen=True)
class DatasetFolder:
    """A folder that has been claimed for one run."""

    root: Path

    def holds(self, paths: tuple[str, ...]) -> bool:
        """Whether all of these files are there."""
        return all((self.root / path).is_file() for path in paths)

    def put(self, files: Mapping[str, bytes]) -> None:
        """Writes these files, in this order, or none of them; OutputError when the disk refuses."""
        partial = self.root / _PARTIAL
        staged = {path: partial / f"{os.getpid()}-{path.replace('/', '-')}" for path in files}
        try:
            partial.mkdir(exist_ok=True)
            for path, content in files.items():
                (self.root / path).parent.mkdir(parents=True, exist_ok=True)
                _write_flushed(staged[path], content)
            for path, temporary in staged.items():
                temporary.rename(self.root / path)
            for parent in sorted({(self.root / path).parent for path in files}):
                _flush_folder(parent)
        except OSError as error:
            for temporary in staged.values():
                temporary.unlink(missing_ok=True)
            raise _refusal(self.root, error) from error

    def finish(self, run: Run, files: list[str], facts: Mapping[str, Any]) -> None:
        """Writes the manifest of `files` and ends the claim; `facts` stand in the manifest beside the run."""
        listed = {path: _fingerprint(self.root / path) for path in sorted(files)}
        document = {**run, **facts, "files": listed}
        self.put({MANIFEST: (json.dumps(document, indent=2) + "\n").encode()})
        shutil.rmtree(self.root / _PARTIAL, ignore_errors=True)
        (self.root / MARKER).unlink(missing_ok=True)


@contextmanager
def claimed(root: Path, run: Run, *, resume: bool) -> Iterator[DatasetFolder]:
    """Holds `root` for `run` while the block lasts, so that no second process writes there.

    Raises OutputError when it cannot be written, holds anything else, belongs to another run, or belongs to this run
    and `resume` is False.
    """
    check_claim(root, run, resume=resume)
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = _lock(root)
        if not _is_ours(root):
            _write_flushed(root / f"{MARKER}.new", (json.dumps(run, indent=2) + "\n").encode())
            (root / f"{MARKER}.new").rename(root / MARKER)
        shutil.rmtree(root / _PARTIAL, ignore_errors=True)
    except OSError as error:
        raise _refusal(root, error) from error
    try:
        yield DatasetFolder(root)
    finally:
        os.close(lock)


def check_claim(root: Path, run: Run, *, resume: bool) -> None:
    """Raises OutputError when `root` cannot be claimed for `run`; changes nothing."""
    try:
        if not root.exists():
            return
        if not root.is_dir():
            raise OutputError(f"{root} is a file; the output must be a folder")
        names = sorted(path.name for path in root.iterdir() if path.name != f"{MARKER}.new")
        if names and not _is_ours(root):
            some = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
            raise OutputError(f"{root} holds something else ({some}); name a new or an empty folder")
        if names:
            _check_same_run(root, run, resume=resume)
    except OSError as error:
        raise _refusal(root, error) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns the operating system's refusals to write a file into OutputError."""
    try:
        yield
    except OSError as error:
        raise _refusal(path, error) from error


def _is_ours(root: Path) -> bool:
    return (root / MARKER).is_file() or "roadlab" in _document(root / MANIFEST)


def _check_same_run(root: Path, run: Run, *, resume: bool) -> None:
    finished = not (root / MARKER).is_file()
    found = _document(root / (MANIFEST if finished else MARKER))
    wanted = json.loads(json.dumps(run))
    differences = [
        f"{key} was {found.get(key)!r} and is now {wanted[key]!r}" for key in wanted if found.get(key) != wanted[key]
    ]
    state = "a finished dataset" if finished else "an unfinished dataset"
    if differences:
        raise OutputError(f"{root} holds {state} of another run ({'; '.join(differences)}); name another folder")
    if not resume:
        hint = "--resume checks and completes it" if finished else "--resume goes on with it"
        raise OutputError(f"{root} already holds {state} of this run; {hint}, or name another folder")


def _document(path: Path) -> dict[str, Any]:
    """The JSON mapping in a file; empty when there is none."""
    try:
        document = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def _lock(root: Path) -> int:
    """A descriptor that holds the folder until it is closed, by us or by our death."""
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise OutputError(f"another roadlab is writing into {root} right now") from error
    return descriptor


def _write_flushed(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _fingerprint(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"size": path.stat().st_size, "sha256": digest}


def _refusal(root: Path, error: OSError) -> OutputError:
    if error.errno in _NO_SPACE:
        return OutputError(
            f"{root}: no space left to write; what was complete is kept, free some space and use --resume"
        )
    reason = (error.strerror or str(error)).lower()
    return OutputError(f"{error.filename or root} cannot be written: {reason}")
