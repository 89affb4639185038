"""The end of a run: tables, index, card, preview and manifest, made from the files on disk alone."""

from __future__ import annotations

from collections.abc import Callable

from roadlab.registry import registered
from roadlab_tools.batch.plan import Plan
from roadlab_tools.datasets.card import card_files
from roadlab_tools.datasets.contents import Contents, log_path
from roadlab_tools.datasets.folder import STATE, DatasetFolder, Run, manifest_of
from roadlab_tools.datasets.index import index_files
from roadlab_tools.datasets.lock import finishing
from roadlab_tools.datasets.writer import Writer

Tell = Callable[[str], None]


def finish_all(plan: Plan, folders: list[DatasetFolder], tell: Tell) -> int:
    """Finishes the dataset of each format; returns how many frames other shards have still to make, if any."""
    for format, folder in zip(plan.formats, folders, strict=True):
        with finishing(folder.root / STATE) as ours:
            if not ours:
                continue
            missing = [number for number in plan.numbers if folder.receipt(number) is None]
            reasons = {number: folder.given_up(number) for number in missing}
            open_frames = [number for number, reason in reasons.items() if reason is None]
            if open_frames:
                return len(open_frames)
            skipped = {number: reason for number, reason in reasons.items() if reason is not None}
            finish(folder, plan.run(format), plan.sources(), skipped, tell)
    return 0


def finish(folder: DatasetFolder, run: Run, sources: dict[str, bytes], skipped: dict[int, str], tell: Tell) -> None:
    """Makes all that is not a frame's file, and signs the manifest."""
    contents = Contents(folder.root, run, frozenset(skipped))
    facts = {"skipped": {str(number): reason for number, reason in skipped.items()}} if skipped else {}
    written = [log_path(entry.name) for entry in contents.entries if contents.numbers(entry)]
    folder.put(sources)
    written += sources
    tell("making the tables")
    writer: Writer = registered("writers")[contents.format]()
    for files in (index_files(contents), writer.gather(contents)):
        for path, content in files:
            folder.put({path: content})
            written.append(path)
    tell("drawing the preview")
    for path, content in card_files(contents, facts):
        folder.put({path: content})
        written.append(path)
    folder.finish(run, contents.numbers(), written, facts)


def skipped_in(folder: DatasetFolder) -> bool:
    """Whether a finished dataset lacks frames that could not be made."""
    return bool(manifest_of(folder.root).get("skipped"))
