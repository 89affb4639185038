"""The dataset's card: what a person reads and looks at first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from roadlab_tools.datasets.contents import Contents


def card_files(contents: Contents, facts: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """`preview.mp4` and `preview.png`."""
    from roadlab_tools.preview.files import preview_files

    numbers = contents.numbers()
    if contents.format == "kitti" and numbers:
        yield from preview_files(contents.root, numbers).items()
