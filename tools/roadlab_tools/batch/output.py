"""Which frames and formats a scenario itself asks for."""

from __future__ import annotations

from collections.abc import Sequence

from roadlab import Scenario, simulate
from roadlab.timing import SECOND, nanoseconds
from roadlab_sensors.observe import expected_count, rig_of
from roadlab_tools.options import OptionError, selected_frames


def chosen_frames(scenario: Scenario, frames: slice | None, every: int) -> range:
    """The samples to render: as the command line asks, or else as the scenario does; OptionError for none."""
    count = expected_count(scenario)
    asked = scenario.spec.output.frames
    if frames is not None or every != 1 or asked == type(asked)():
        return selected_frames(count, frames, every)
    begin, end = _window(scenario)
    middles = _middles(scenario, count)
    inside = [index for index, middle in enumerate(middles) if begin <= middle <= end]
    if not inside:
        window = f"no frame between {begin / SECOND:g} and {end / SECOND:g} s"
        raise OptionError(f"{scenario.source}: output.frames selects nothing: {window}")
    return range(inside[0], inside[-1] + 1, asked.every)


def _window(scenario: Scenario) -> tuple[int, int]:
    """First and last instant [ns]."""
    asked, last = scenario.spec.output.frames, nanoseconds(scenario.spec.duration)
    begin = nanoseconds(asked.start)
    end = last if asked.end is None else min(last, nanoseconds(asked.end))
    if asked.during is None:
        return begin, end
    events = [event for event in simulate(scenario).events if event.name == asked.during]
    started = next((event.time for event in events if event.kind == "story"), None)
    if started is None:
        raise OptionError(f"{scenario.source}: output.frames.during: {asked.during!r} never happens")
    ends = (event.time for event in events if event.kind in ("story_end", "story_stop") and event.time >= started)
    return max(begin, started), min(end, next(ends, last))


def _middles(scenario: Scenario, count: int) -> list[int]:
    """The time of each sample: of the sensor with fewest readings [ns]."""
    end = nanoseconds(scenario.spec.duration)
    leader = min((sensor.timing for sensor in rig_of(scenario).values()), key=lambda timing: timing.count(end))
    return [leader.interval(index).middle for index in range(count)]


def chosen_formats(scenarios: Sequence[Scenario], format: str | None) -> list[str]:
    """As the command line asks, or else as the scenarios do; OptionError when they differ."""
    if format is not None:
        return [name.strip() for name in format.split(",")]
    asked = {tuple(scenario.spec.output.formats or ("kitti",)) for scenario in scenarios}
    if len(asked) > 1:
        raise OptionError("the scenarios ask for different formats; choose with --format")
    return list(next(iter(asked), ("kitti",)))
