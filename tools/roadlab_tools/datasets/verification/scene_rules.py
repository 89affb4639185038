"""Rules of a scene from sample to sample, and of the dataset as a whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from roadlab.log_file import log_digest
from roadlab_tools.datasets.contents import Contents, log_path
from roadlab_tools.datasets.folder import MANIFEST, Listing, files_in, manifest_of
from roadlab_tools.datasets.records import Document
from roadlab_tools.datasets.scene import Scene
from roadlab_tools.datasets.splits import leaks
from roadlab_tools.datasets.verification.fault import Fault
from roadlab_tools.datasets.verification.flow_rules import there_and_back
from roadlab_tools.datasets.verification.subject import Subject

TURN_RATE = 3.5
"""Nothing on the road turns faster [rad/s]."""


class Track:
    """What the samples of a scene so far have said; fed one sample after the other."""

    def __init__(self) -> None:
        self._before: Subject | None = None

    def follow(self, subject: Subject) -> Iterator[Fault]:
        """2, 4 and 9. What may not happen from the sample before to this one."""
        earlier, self._before = self._before, subject
        yield from _since(None if earlier is None else earlier.record, subject)
        if earlier is not None:
            yield from there_and_back(earlier, subject)


def _since(before: Document | None, subject: Subject) -> Iterator[Fault]:
    record = subject.record
    instances = [actor["instance"] for actor in record["actors"]]
    if len(set(instances)) != len(instances):
        yield Fault(4, subject.path, "two actors have the same id")
    if before is None:
        return
    if record["time"] <= before["time"]:
        yield Fault(2, subject.path, "time does not go forward from the sample before")
    for group in ("cameras", "lidars", "radars"):
        for name, reading in record.get(group, {}).items():
            earlier = before.get(group, {}).get(name)
            if earlier and reading["interval"]["open"] <= earlier["interval"]["open"]:
                yield Fault(2, subject.path, f"{name} does not go forward from the sample before")
    known = {actor["instance"]: actor for actor in before["actors"]}
    seconds = max((record["time"] - before["time"]) / 1e9, 1e-9)
    for actor in record["actors"]:
        if actor["instance"] in known:
            yield from _steps(subject, known[actor["instance"]], actor, seconds)


def _steps(subject: Subject, before: Document, now: Document, seconds: float) -> Iterator[Fault]:
    who = now["name"]
    if before["name"] != who or before["category"] != now["category"]:
        yield Fault(4, subject.path, f"actor {now['instance']} was {before['name']} before and is {who} now")
    if before["size"] != now["size"]:
        yield Fault(4, subject.path, f"{who} changes its size")
    first, second = np.array(before["world_from_box"]), np.array(now["world_from_box"])
    turned = np.arctan2(*(first[:2, 0] @ [[0, 1], [-1, 0]] @ second[:2, 0], first[:2, 0] @ second[:2, 0]))
    contact = any(e.kind == "contact" and who in e.actors for e in subject.scene.log.events)
    if abs(turned) > TURN_RATE * seconds and not contact and seconds <= 0.2:
        yield Fault(4, subject.path, f"{who} turns by {np.degrees(abs(turned)):.0f} degrees in {seconds:g} s")


def manifest_rules(contents: Contents) -> Iterator[Fault]:
    """18. Every file is listed, there, and as it was."""
    listing: Listing = manifest_of(contents.root)["files"]
    there = set(files_in(contents.root))
    for path in sorted(there - listing.keys()):
        yield Fault(18, path, "is not in the manifest")
    for path in sorted(listing.keys() - there):
        yield Fault(18, path, "is missing")
    with ThreadPoolExecutor(4) as pool:
        checked = pool.map(lambda path: _changed(contents, path, listing[path]), sorted(there & listing.keys()))
        yield from (fault for fault in checked if fault is not None)


def _changed(contents: Contents, path: str, entry: dict[str, object]) -> Fault | None:
    with (contents.root / path).open("rb") as file:
        size = file.seek(0, 2)
        if size != entry["size"]:
            return Fault(18, path, f"has {size} bytes, not {entry['size']}")
        file.seek(0)
        if hashlib.file_digest(file, "sha256").hexdigest() != entry["sha256"]:
            return Fault(18, path, "is not what was written: its SHA-256 differs")
    return None


def split_rules(contents: Contents) -> Iterator[Fault]:
    """18. No scene is in two splits."""
    try:
        splits = json.loads(contents.read("splits.json"))
    except ValueError as error:
        yield Fault(18, "splits.json", f"is damaged: {error}")
        return
    yield from (Fault(18, "splits.json", what) for what in leaks(splits, contents.entries))


def log_rules(scene: Scene) -> Iterator[Fault]:
    """17. The log is of the scenario and seed that the manifest names."""
    path = log_path(scene.entry.name)
    if scene.log.scenario_digest != scene.entry.digest or scene.log.seed != scene.entry.seed:
        yield Fault(17, path, f"is of another scenario or seed than {MANIFEST} names")
    if hashlib.sha256(scene.log.scenario.encode()).hexdigest() != scene.log.scenario_digest:
        yield Fault(17, path, "holds a scenario that does not have its own digest")


def simulated_again(scene: Scene) -> Iterator[Fault]:
    """17. Simulating the scenario again gives the same log."""
    from roadlab import simulate

    if log_digest(simulate(scene.scenario)) != log_digest(scene.log):
        yield Fault(17, log_path(scene.entry.name), "simulating the scenario again gives another log")
