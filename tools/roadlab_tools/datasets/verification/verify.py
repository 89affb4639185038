"""Whether a dataset holds true what it must, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from roadlab.errors import RoadlabError
from roadlab.registry import registered
from roadlab_tools.batch.progress import Progress
from roadlab_tools.datasets.contents import Contents, record_path
from roadlab_tools.datasets.folder import MANIFEST, fingerprint, manifest_of
from roadlab_tools.datasets.native import read_sample
from roadlab_tools.datasets.reader import Place
from roadlab_tools.datasets.reading import Dataset, open_dataset
from roadlab_tools.datasets.scene import Scene
from roadlab_tools.datasets.verification.camera_rules import CAMERA_RULES
from roadlab_tools.datasets.verification.fault import Fault
from roadlab_tools.datasets.verification.flow_rules import flows
from roadlab_tools.datasets.verification.pose_rules import POSE_RULES
from roadlab_tools.datasets.verification.range_rules import RANGE_RULES
from roadlab_tools.datasets.verification.scene_rules import (
    Track,
    log_rules,
    manifest_rules,
    simulated_again,
    split_rules,
)
from roadlab_tools.datasets.verification.subject import Subject
from roadlab_tools.datasets.writer import Writer

Tell = Callable[[Progress], None]
BROKEN = (RoadlabError, OSError, ValueError, KeyError, IndexError, TypeError)
"""What reading a damaged file may raise."""


def verify(path: str | Path, *, again: int = 0, progress: Tell | None = None) -> Iterator[Fault]:
    """Every rule that a file of the dataset breaks; OutputError where there is no finished dataset.

    With `again`, that many samples are rendered again as well, spread over the dataset, and their scenes simulated.
    """
    dataset = open_dataset(path)
    contents = dataset.contents
    tell = progress or _silent
    tell(Progress("checking sums"))
    yield from manifest_rules(contents)
    yield from _guarded("splits.json", lambda: split_rules(contents))
    yield from _guarded(MANIFEST, lambda: _tables(contents))
    done, total = 0, len(dataset)
    for entry in contents.entries:
        try:
            scene = contents.scene(entry)
        except BROKEN as error:
            yield Fault(17, f"logs/{entry.name}.parquet", f"cannot be read: {error}")
            continue
        yield from log_rules(scene)
        track = Track()
        for number in contents.numbers(entry):
            yield from _guarded(record_path(number), lambda: _sample(dataset, scene, number, track))  # noqa: B023
            done += 1
            tell(Progress("verifying", done, total))
    if again:
        tell(Progress("rendering again"))
        yield from _rendered_again(contents, again)


def _sample(dataset: Dataset, scene: Scene, number: int, track: Track) -> Iterator[Fault]:
    record = dataset.contents.record(number)
    subject = Subject(dataset.item(number, scene.entry.name), record, scene, dataset.reader.anchor)
    yield from track.follow(subject)
    for rule in (*POSE_RULES, *CAMERA_RULES, flows, *RANGE_RULES):
        yield from rule(subject)
    yield from (Fault(*fault) for fault in dataset.reader.faults(Place(number, record)))
    if dataset.format == "roadlab" and number == scene.entry.numbers[0]:
        yield from _fixed_point(dataset.contents, scene, number)


def _fixed_point(contents: Contents, scene: Scene, number: int) -> Iterator[Fault]:
    """19. A sample that is read and written again makes the same files."""
    writer: Writer = registered("writers")[contents.format]()
    for path, content in writer.encode(read_sample(contents, number), scene).items():
        if contents.read(path) != content:
            yield Fault(19, path, "is not what is written of what it holds")


def _tables(contents: Contents) -> Iterator[Fault]:
    """19. The tables are those that the records make."""
    from roadlab_tools.datasets.index import index_files

    writer: Writer = registered("writers")[contents.format]()
    gathered = () if contents.format == "webdataset" else writer.gather(contents)  # its parts are gone
    for files in (index_files(contents), gathered):
        for path, content in files:
            if contents.read(path) != content:
                yield Fault(19, path, "is not what is written of what the records hold")


def _rendered_again(contents: Contents, count: int) -> Iterator[Fault]:
    """17. The same scenario and seed give the same bytes."""
    from roadlab_tools.batch.frames import Target, frame_files, observer_of

    numbers = contents.numbers()
    chosen = set(numbers[:: max(1, len(numbers) // count)][:count])
    listing = manifest_of(contents.root)["files"]
    writer: Writer = registered("writers")[contents.format]()
    for entry in contents.entries:
        own = [number for number in contents.numbers(entry) if number in chosen]
        if not own:
            continue
        scene = contents.scene(entry)
        yield from simulated_again(scene)
        observer = observer_of(scene, Target(str(contents.run["quality"]), ()))
        for number in own:
            files = frame_files(observer.sample(number - entry.first), scene, writer)
            for path, content in files.items():
                if path in listing and fingerprint(content)["sha256"] != listing[path]["sha256"]:
                    yield Fault(17, path, "rendering it again gives other bytes")


def _guarded(path: str, rules: Callable[[], Iterator[Fault]]) -> Iterator[Fault]:
    """The faults that rules find; what cannot even be read is one too."""
    try:
        yield from rules()
    except BROKEN as error:
        yield Fault(18, path, f"cannot be examined: {type(error).__name__}: {error}")


def _silent(progress: Progress) -> None:
    """Tells nobody."""
