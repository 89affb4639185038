"""Whose a dataset's folder is: it is claimed for one run, and nobody else's files are ever touched."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from roadlab.errors import OutputError
from roadlab_tools.datasets.folder import (
    GIVEN_UP,
    MANIFEST,
    PARTIAL,
    RUN_FILE,
    STATE,
    DatasetFolder,
    Run,
    document_of,
    refusal,
    write_flushed,
)
from roadlab_tools.datasets.lock import Shard, held
from roadlab_tools.datasets.storage import files_below, is_local, remove_tree


@contextmanager
def claimed(root: Path, run: Run, *, resume: bool, shard: Shard | None = None) -> Iterator[DatasetFolder]:
    """Holds `root` for `run` while the block lasts, so that nobody else writes there but other shards of the run.

    Raises OutputError when it cannot be written, holds anything else, belongs to another run, or belongs to this run
    and neither `resume` nor `shard` is given.
    """
    resume = resume or shard is not None
    check_claim(root, run, resume=resume)
    try:
        (root / STATE).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(root, error) from error
    with held(root / STATE, root, shard):
        folder = DatasetFolder(root)
        try:
            _prepare(folder, run, alone=shard is None)
        except OSError as error:
            raise refusal(root, error) from error
        yield folder
    if (root / MANIFEST).is_file():
        remove_tree(root / STATE)


def _prepare(folder: DatasetFolder, run: Run, *, alone: bool) -> None:
    root = folder.root
    if not (root / RUN_FILE).is_file():
        content = (json.dumps(run, indent=2) + "\n").encode()
        if is_local(root):
            temporary = root / f"{RUN_FILE}.{os.getpid()}"
            write_flushed(temporary, content)
            temporary.rename(root / RUN_FILE)
        else:
            (root / RUN_FILE).write_bytes(content)
    if alone:
        remove_tree(root / PARTIAL)
        remove_tree(root / GIVEN_UP)


def check_claim(root: Path, run: Run, *, resume: bool) -> None:
    """Raises OutputError when `root` cannot be claimed for `run`; changes nothing."""
    try:
        if not root.exists():
            return
        if not root.is_dir():
            raise OutputError(f"{root} is a file; the output must be a folder")
        names = sorted({path.partition("/")[0] for path in files_below(root)} | _entries(root))
        if names == [STATE] and not (root / RUN_FILE).is_file():
            return
        if names and not ((root / RUN_FILE).is_file() or "roadlab" in document_of(root / MANIFEST)):
            some = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
            raise OutputError(f"{root} holds something else ({some}); name a new or an empty folder")
        if names:
            _check_same_run(root, run, resume=resume)
    except OSError as error:
        raise refusal(root, error) from error


def _entries(root: Path) -> set[str]:
    """Also empty folders, which only disks have."""
    return {path.name for path in root.iterdir()} if is_local(root) else set()


def _check_same_run(root: Path, run: Run, *, resume: bool) -> None:
    finished = (root / MANIFEST).is_file()
    found = document_of(root / (MANIFEST if finished else RUN_FILE))
    differences = list(_differences(found, json.loads(json.dumps(run))))
    state = "a finished dataset" if finished else "an unfinished dataset"
    if differences:
        some = "; ".join(differences[:4]) + ("; ..." if len(differences) > 4 else "")
        raise OutputError(f"{root} holds {state} of another run ({some}); name another folder")
    if not resume:
        hint = "--resume checks and completes it" if finished else "--resume goes on with it"
        raise OutputError(f"{root} already holds {state} of this run; {hint}, or name another folder")


def _differences(found: Any, wanted: Any, where: str = "") -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            yield from _differences(found.get(key), value, f"{key} of {where}" if where else key)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, (before, now) in enumerate(zip(found, wanted, strict=True)):
            name = now.get("name", number) if isinstance(now, dict) else number
            yield from _differences(before, now, f"{where.removesuffix('s')} {name}")
    elif isinstance(wanted, list) and isinstance(found, list):
        yield f"there were {len(found)} {where} and there are now {len(wanted)}"
    elif found != wanted:
        yield f"{where} was {found!r} and is now {wanted!r}"
