"""Opening a finished dataset, whatever its format."""

from __future__ import annotations

import json
from pathlib import Path

from roadlab.errors import OutputError
from roadlab_tools.datasets.contents import INDEX, Contents
from roadlab_tools.datasets.folder import MANIFEST, manifest_of
from roadlab_tools.datasets.storage import located


def contents_of(path: str | Path) -> Contents:
    """The dataset in a folder; OutputError where there is no finished one.

    What it is of is read from its index, which stays quick however many files the manifest lists.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    root = located(path)
    if not root.is_dir():
        raise OutputError(f"{root} is no folder")
    if not (root / MANIFEST).is_file():
        manifest_of(root)
    try:
        about = pq.read_schema(pa.BufferReader((root / INDEX).read_bytes())).metadata
        run, skipped = json.loads(about[b"roadlab"]), json.loads(about[b"skipped"])
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise OutputError(f"{root / INDEX} is missing or damaged: {error}") from error
    return Contents(root, run, frozenset(skipped))
