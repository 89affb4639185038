"""Whether the output that a scenario asks for can be made."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points

from roadlab.scenario.parts import Parts
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import all_events
from roadlab.scenario.wording import meant_or_known, shown


def output_problems(parts: Parts) -> Iterator[Problem]:
    """Times outside the run, events that there are not, unknown formats."""
    if parts.output is None:
        return
    frames, path = parts.output.frames, ("output", "frames")
    if parts.duration is not None and frames.start > parts.duration:
        yield Problem((*path, "start"), f"{frames.start:g} s is after the end of the run, {parts.duration:g} s")
    elif frames.end is not None and frames.end <= frames.start:
        yield Problem((*path, "end"), f"{frames.end:g} s is not after the start, {frames.start:g} s")
    events = [event.name for event in all_events(parts.story) if event.name is not None]
    if frames.during is not None and frames.during not in events:
        hint = meant_or_known(frames.during, events) if events else "the story has no named events"
        yield Problem((*path, "during"), f"unknown event {shown(frames.during)}", hint)
    known = sorted(entry.name for entry in entry_points(group="roadlab.writers"))
    for number, name in enumerate(parts.output.formats or ()):
        if known and name not in known:
            yield Problem(("output", "formats", number), f"unknown format {shown(name)}", meant_or_known(name, known))
