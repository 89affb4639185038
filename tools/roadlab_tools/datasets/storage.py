"""Where datasets are: in folders of this machine, or wherever fsspec reaches (`s3://`, `gs://`, `memory://`, ...)."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from roadlab.errors import OutputError

T = TypeVar("T")


def located(where: str | Path) -> Path:
    """A path of this machine, or one with the same methods for an address with `://`; OutputError for a strange one."""
    if not isinstance(where, str) or "://" not in where:
        return Path(where) if isinstance(where, str) else where
    protocol, _, rest = where.partition("://")
    if protocol in ("file", "local"):
        return Path(rest)
    try:
        from upath import UPath
    except ImportError as error:
        raise OutputError(f"{where}: addresses need universal-pathlib: pip install 'roadlab[remote]'") from error
    try:
        return cast(Path, UPath(where.rstrip("/")))
    except (ValueError, ImportError) as error:
        raise OutputError(f"{where}: {error}") from error


def is_local(path: Path) -> bool:
    """Whether this is a folder of this machine, or one that it has mounted."""
    return isinstance(path, Path)


def in_this_process_alone(path: Path) -> bool:
    """Whether nobody else sees what is written there."""
    return not is_local(path) and getattr(path, "protocol", "") == "memory"


def files_below(root: Path) -> list[str]:
    """Every file below `root`, relative to it, in order."""
    if is_local(root):
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
    system: Any = root
    top = system.path.rstrip("/")
    system.fs.invalidate_cache()
    return sorted(found[len(top) + 1 :] for found in system.fs.find(top))


def remove_tree(folder: Path) -> None:
    """Removes a folder, as far as that goes."""
    if is_local(folder):
        shutil.rmtree(folder, ignore_errors=True)
        return
    system: Any = folder
    if system.fs.exists(system.path):
        system.fs.rm(system.path, recursive=True)


def create(path: Path, content: bytes) -> bool:
    """Writes a new file; False where there is one already."""
    system: Any = path
    try:
        system.fs.pipe_file(system.path, content, mode="create")
    except FileExistsError:
        return False
    return True


def read_at_once(path: Path) -> bytes:
    """A file at an address, in one request: in several, a file that is written anew meanwhile is an error."""
    system: Any = path
    return bytes(system.fs.cat_file(system.path))


@contextmanager
def fetched(path: Path) -> Iterator[Path]:
    """The file as one of this machine, for readers that know no others."""
    if is_local(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="roadlab-") as folder:
        near = Path(folder) / path.name
        near.write_bytes(path.read_bytes())
        yield near


def written(write: Callable[[Path], None], name: str) -> bytes:
    """The content of the file that `write` writes."""
    with tempfile.TemporaryDirectory(prefix="roadlab-") as folder:
        near = Path(folder) / name
        write(near)
        return near.read_bytes()


def flush_folder(path: Path) -> None:
    """Makes sure that renamed files keep their names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
