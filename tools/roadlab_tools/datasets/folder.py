"""A dataset's folder: it holds one run's files and nothing else, and each frame's files whole or not at all.

While a run writes, the folder `.roadlab` says which run it is and which frames are complete; a finished dataset has
`manifest.json` instead. Files are written and flushed under temporary names and renamed, and a frame's receipt is
written after all of its files, so that a full disk or a killed process leaves no broken frame, and `--resume` goes on
where it stopped.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roadlab.errors import OutputError
from roadlab_tools.datasets.storage import files_below, flush_folder, is_local, remove_tree

STATE = ".roadlab"
MANIFEST = "manifest.json"
RUN_FILE, _FRAMES, PARTIAL = f"{STATE}/run.json", f"{STATE}/frames", f"{STATE}/partial"
GIVEN_UP = f"{STATE}/given_up"
PARTS = "parts/"
"""Files here go into others when a dataset is finished; nobody can tell then whether such a frame is whole."""
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

Run = Mapping[str, Any]
"""What decides a dataset's content, as JSON values: version, format, quality, scenes with their seeds."""
Listing = dict[str, dict[str, Any]]
"""Size and SHA-256 of files by path; in a manifest also the number of the frame that each belongs to."""


@dataclass(frozen=True)
class DatasetFolder:
    """A folder that has been claimed for one run."""

    root: Path

    def receipt(self, number: int) -> Listing | None:
        """The files of frame `number`; None when it is not complete."""
        listing = document_of(self._receipt(number))
        return listing if listing and _intact(self.root, listing) else None

    def put_frame(self, number: int, files: Mapping[str, bytes]) -> int:
        """Writes the files of frame `number`, or none of them; returns their size together."""
        listing = self.put(files)
        self.put({self._receipt_path(number): json.dumps(listing).encode()})
        return sum(len(content) for content in files.values())

    def give_up(self, number: int, reason: str) -> None:
        """Notes that frame `number` cannot be made."""
        self.put({f"{GIVEN_UP}/{number:08d}.txt": reason.encode()})

    def given_up(self, number: int) -> str | None:
        """Why frame `number` cannot be made, where that is so."""
        try:
            return (self.root / GIVEN_UP / f"{number:08d}.txt").read_text()
        except FileNotFoundError:
            return None

    def put(self, files: Mapping[str, bytes]) -> Listing:
        """Writes these files, or none of them; OutputError when the disk refuses or the folder has vanished."""
        if not is_local(self.root):
            return self._put_far(files)
        partial = self.root / PARTIAL
        staged = {path: partial / f"{os.getpid()}-{path.replace('/', '-')}" for path in files}
        try:
            _check_still_there(self.root)
            partial.mkdir(exist_ok=True)
            for path, content in files.items():
                (self.root / path).parent.mkdir(parents=True, exist_ok=True)
                write_flushed(staged[path], content)
            for path, temporary in staged.items():
                temporary.rename(self.root / path)
            for parent in sorted({(self.root / path).parent for path in files}):
                flush_folder(parent)
        except OSError as error:
            for temporary in staged.values():
                with suppress(OSError):
                    temporary.unlink()
            _check_still_there(self.root)
            raise refusal(self.root, error) from error
        return {path: fingerprint(content) for path, content in files.items()}

    def _put_far(self, files: Mapping[str, bytes]) -> Listing:
        """As object stores do, which have no file before it is whole."""
        try:
            _check_still_there(self.root)
            for path, content in files.items():
                (self.root / path).parent.mkdir(parents=True, exist_ok=True)
                (self.root / path).write_bytes(content)
        except OSError as error:
            raise refusal(self.root, error) from error
        return {path: fingerprint(content) for path, content in files.items()}

    def reopen(self) -> None:
        """Turns a finished dataset back into an unfinished one with the frames that are complete."""
        frames: dict[int, Listing] = {}
        for path, entry in document_of(self.root / MANIFEST).get("files", {}).items():
            if "frame" in entry:
                frames.setdefault(entry["frame"], {})[path] = {key: entry[key] for key in ("size", "sha256")}
        for number, files in frames.items():
            if _intact(self.root, files):
                self.put({self._receipt_path(number): json.dumps(files).encode()})
        (self.root / MANIFEST).unlink(missing_ok=True)

    def place(self, path: str) -> Path:
        """Where to write a file of the dataset that comes whole by itself; its folder is made."""
        try:
            _check_still_there(self.root)
            (self.root / path).parent.mkdir(exist_ok=True)
        except OSError as error:
            raise refusal(self.root, error) from error
        return self.root / path

    def finish(self, run: Run, numbers: Iterable[int], others: Iterable[str], facts: Mapping[str, Any]) -> None:
        """Writes the manifest of these frames and other files and ends the claim.

        `facts` stand in the manifest beside the run. Files that no frame and no fact accounts for are deleted.
        """
        listed: Listing = {}
        for number in numbers:
            files = self.receipt(number) or {}
            whole = not any(path.startswith(PARTS) for path in files)
            for path, entry in files.items():
                if not path.startswith(PARTS):
                    listed[path] = {**entry, "frame": number} if whole else entry
        for path in others:
            listed[path] = fingerprint((self.root / path).read_bytes())
        self._drop_the_rest(listed)
        document = {**run, **facts, "files": dict(sorted(listed.items()))}
        self.put({MANIFEST: (json.dumps(document, indent=1) + "\n").encode()})
        remove_tree(self.root / STATE)

    def _drop_the_rest(self, listed: Listing) -> None:
        """A frame that was given up, or a part that went into a table, leaves no file behind."""
        for path in files_in(self.root):
            if path not in listed:
                (self.root / path).unlink()
        if not is_local(self.root):
            return
        for folder in sorted((p for p in self.root.rglob("*") if p.is_dir()), reverse=True):
            if STATE not in folder.relative_to(self.root).parts and not any(folder.iterdir()):
                folder.rmdir()

    def _receipt(self, number: int) -> Path:
        return self.root / self._receipt_path(number)

    def _receipt_path(self, number: int) -> str:
        return f"{_FRAMES}/{number:08d}.json"


def fingerprint(content: bytes) -> dict[str, Any]:
    """Size and SHA-256."""
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def files_in(root: Path) -> list[str]:
    """Every file of a dataset but its manifest, in order."""
    return [path for path in files_below(root) if not path.startswith(f"{STATE}/") and path != MANIFEST]


def manifest_of(root: Path) -> dict[str, Any]:
    """The manifest of a finished dataset; OutputError where there is none."""
    document = document_of(root / MANIFEST)
    if "roadlab" not in document:
        unfinished = " unfinished" if (root / RUN_FILE).is_file() else ""
        hint = "; finish it with --resume" if unfinished else ""
        raise OutputError(f"{root} is no finished dataset of roadlab{hint}")
    return document


def is_whole(root: Path) -> bool:
    """Whether a finished dataset has all its files, in their sizes."""
    listing = document_of(root / MANIFEST).get("files")
    return listing is not None and _intact(root, listing)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns the operating system's refusals to write a file into OutputError."""
    try:
        yield
    except OSError as error:
        raise refusal(path, error) from error


def _intact(root: Path, listing: Listing) -> bool:
    """Whether all of these files are there, in their sizes."""
    try:
        return all((root / path).stat().st_size == entry["size"] for path, entry in listing.items())
    except FileNotFoundError:
        return False


def document_of(path: Path) -> dict[str, Any]:
    """The JSON mapping in a file; empty when there is none."""
    try:
        document = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def _check_still_there(root: Path) -> None:
    if not (root / RUN_FILE).is_file():
        raise OutputError(f"{root} has vanished while roadlab was writing into it; what is lost must be rendered again")


def write_flushed(path: Path, content: bytes) -> None:
    """Writes a file that is on the disk, and not only on its way there, afterwards."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def refusal(root: Path, error: OSError) -> OutputError:
    """In words, why the operating system writes nothing there."""
    if error.errno in _NO_SPACE:
        return OutputError(
            f"{root}: no space left to write; what was complete is kept, free some space and use --resume"
        )
    reason = (error.strerror or str(error)).lower()
    return OutputError(f"{error.filename or root} cannot be written: {reason}")
