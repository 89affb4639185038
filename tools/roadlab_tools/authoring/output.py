"""Whether what a scenario asks for can be written, and how many frames that is."""

from __future__ import annotations

from collections.abc import Iterator

from roadlab.errors import OutputError
from roadlab.registry import registered_as
from roadlab.scenario.load import Scenario
from roadlab.scenario.problems import Problem
from roadlab_sensors.observe import expected_count
from roadlab_tools.batch.output import chosen_formats, chosen_frames
from roadlab_tools.options import OptionError


def format_problems(scenario: Scenario) -> Iterator[Problem]:
    """Formats that have no place for the scenario's sensors."""
    for number, name in enumerate(scenario.spec.output.formats or ()):
        why = _refusal(scenario, name)
        if why:
            yield Problem(("output", "formats", number), why)


def default_problems(scenario: Scenario) -> Iterator[Problem]:
    """The same of the format that is made when the scenario names none."""
    if scenario.spec.output.formats is None:
        (name,) = chosen_formats([scenario], None)
        why = _refusal(scenario, name)
        if why:
            hint = "name other output.formats, or render with --format"
            yield Problem(("sensors",), f"the format {name}, made by default, cannot be: {why}", hint, at_key=True)


def _refusal(scenario: Scenario, name: str) -> str:
    try:
        registered_as("writers", name)().check(scenario.spec.sensors)
    except OutputError as error:
        return str(error)
    return ""


def frames_and_problems(scenario: Scenario, *, run: bool) -> tuple[int, list[Problem]]:
    """How many frames will be rendered; without a run, those outside an event count too."""
    if scenario.spec.output.frames.during is not None and not run:
        return expected_count(scenario), []
    try:
        return len(chosen_frames(scenario, None, 1)), []
    except OptionError as error:
        _, _, words = str(error).partition("output.frames")
        return 0, [Problem(("output", "frames"), words.lstrip(".: ").removeprefix("during: "), at_key=True)]
