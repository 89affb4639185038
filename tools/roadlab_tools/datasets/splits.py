"""Which scenes are for training, for validation and for tests: whole scenes, never single frames of one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from roadlab_tools.datasets.scene import SceneEntry

SPLITS = ("train", "val", "test")
SHARES = (0.8, 0.1, 0.1)


def splits_of(entries: Sequence[SceneEntry]) -> dict[str, list[str]]:
    """Names of the scenes of each split, as the entries say."""
    return {split: [entry.name for entry in entries if entry.split == split] for split in SPLITS}


def placed(entries: Sequence[SceneEntry]) -> list[SceneEntry]:
    """The entries with their positions and splits."""
    home = {name: split for split, names in assign(entries).items() for name in names}
    return [replace(entry, position=k, split=home[entry.name]) for k, entry in enumerate(entries)]


def assign(entries: Sequence[SceneEntry]) -> dict[str, list[str]]:
    """Names of the scenes of each split; scenes whose decided scenario is the same stay together.

    Scenarios are put in the order of their digests, which has nothing to do with their content, and cut at the shares;
    of three scenarios or more, each split gets one at least.
    """
    digests = sorted({entry.digest for entry in entries}, key=_shuffled)
    count = len(digests)
    held = [max(round(count * share), int(count >= len(SPLITS))) for share in SHARES[1:]]
    ends = [count - sum(held), count - held[1], count]
    split_of = {}
    for k, digest in enumerate(digests):
        split_of[digest] = SPLITS[next(i for i, end in enumerate(ends) if k < end)]
    return {split: [entry.name for entry in entries if split_of[entry.digest] == split] for split in SPLITS}


def leaks(splits: dict[str, list[str]], entries: list[SceneEntry]) -> list[str]:
    """What is wrong with these splits: scenes in none or in two of them, and scenarios in two of them."""
    where: dict[str, list[str]] = {}
    for split, names in splits.items():
        for name in names:
            where.setdefault(name, []).append(split)
    faults = [f"scene {name} is in {' and '.join(found)}" for name, found in where.items() if len(found) > 1]
    faults += [f"scene {entry.name} is in no split" for entry in entries if entry.name not in where]
    homes: dict[str, set[str]] = {}
    for entry in entries:
        homes.setdefault(entry.digest, set()).update(where.get(entry.name, []))
    shared = [entry for entry in entries if len(homes[entry.digest]) > 1]
    faults += [
        f"scene {entry.name} shows a scenario that is in {' and '.join(sorted(homes[entry.digest]))}"
        for entry in shared
    ]
    return faults


def _shuffled(digest: str) -> str:
    return hashlib.sha256(f"split:{digest}".encode()).hexdigest()
