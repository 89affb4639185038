"""Junctions: who goes first under each control, and that nobody waits for ever."""

import tempfile
from pathlib import Path

import numpy as np
import pytest

from roadlab import load, simulate
from roadlab.errors import ScenarioFileError

CROSS = """
scenario: A crossing
duration: {duration} s
step: 0.02 s
seed: 3
map:
  roads:
    south: {{profile: urban_2x1, start: {{y: -95 m, heading: 90 deg}}, path: [{{line: 80 m}}]}}
    north: {{profile: urban_2x1, start: {{y: 15 m, heading: 90 deg}}, path: [{{line: 80 m}}]}}
    west: {{profile: urban_2x1, start: {{x: -95 m}}, path: [{{line: 80 m}}]}}
    east: {{profile: urban_2x1, start: {{x: 15 m}}, path: [{{line: 80 m}}]}}
  junctions:
    cross: {{connect: [south.end, north.start, west.end, east.start], crosswalks: false{control}}}
actors:
{actors}
"""
STARTS = {"south": (-1, 80.0), "north": (1, 0.0), "west": (-1, 80.0), "east": (1, 0.0)}
"""Lane towards the junction, and s of the road's end there."""
MAJOR = ", priority: [south, north]"


def crossing(control, *actors, duration=20):
    """Of (name, from, to, metres before the junction, speed)."""
    rows = []
    for name, origin, target, before, speed in actors:
        lane, end = STARTS[origin]
        s = end - before if lane < 0 else end + before
        rows.append(
            f"  {name}: {{model: sedan, at: {{road: {origin}, lane: {lane}, s: {s} m}}, speed: {speed} m/s, "
            f"drive: {{speed: 11 m/s, route: [{origin}, {target}]}}}}"
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(CROSS.format(control=control, duration=duration, actors="\n".join(rows)))
        return simulate(load(path))


def passes(log, name):
    """When an actor passes the middle of the junction [s], +inf for never."""
    far = np.hypot(*log.position[:, log.index(name), :2].T)
    near = int(np.argmin(far))
    return log.time[near] / 1e9 if far[-1] > far[near] + 5.0 else np.inf


def speed(log, name):
    return np.hypot(*log.velocity[:, log.index(name), :2].T)


def slowest(log, name):
    """Before the middle of the junction."""
    return speed(log, name)[: int(passes(log, name) / 0.02)].min()


def contacts(log):
    return [event.name for event in log.events if event.kind == "contact"]


MEETING = (("ego", "west", "east", 45, 11), ("other", "south", "north", 45, 11))


@pytest.mark.parametrize(
    ("control", "first"),
    [
        (", control: right_before_left", "other"),
        (", control: yield, priority: [west, east]", "ego"),
        (", control: priority, priority: [south, north]", "other"),
        (f", control: stop{MAJOR}", "other"),
    ],
)
def test_who_has_the_right_of_way_goes_first(control, first):
    log = crossing(control, *MEETING)
    later = "ego" if first == "other" else "other"
    assert passes(log, first) < passes(log, later) - 1.0
    assert np.isfinite(passes(log, later))
    assert slowest(log, first) > 8.0
    assert contacts(log) == []


def test_at_a_stop_sign_one_halts_though_nobody_comes():
    halts = crossing(f", control: stop{MAJOR}", ("ego", "west", "east", 45, 11))
    assert speed(halts, "ego").min() < 0.05
    assert np.isfinite(passes(halts, "ego"))
    goes = crossing(f", control: yield{MAJOR}", ("ego", "west", "east", 45, 11))
    assert slowest(goes, "ego") > 8.0
    major = crossing(f", control: stop{MAJOR}", ("ego", "south", "north", 45, 11))
    assert slowest(major, "ego") > 8.0


def test_at_an_all_way_stop_who_comes_first_goes_first():
    late, early = ("ego", "south", "north", 60, 11), ("other", "west", "east", 35, 11)
    log = crossing(", control: all_way_stop", late, early, duration=25)
    assert speed(log, "ego").min() < 0.05
    assert speed(log, "other").min() < 0.05
    assert passes(log, "other") < passes(log, "ego")
    log = crossing(", control: all_way_stop", (*late[:3], 35, 11), (*early[:3], 60, 11), duration=25)
    assert passes(log, "ego") < passes(log, "other")


@pytest.mark.parametrize(
    "control", [", control: right_before_left", ", control: all_way_stop", f", control: stop{MAJOR}"]
)
def test_four_who_come_at_once_all_get_through(control):
    actors = [
        ("ego", "south", "north", 30, 8),
        ("b", "north", "south", 30, 8),
        ("c", "west", "east", 30, 8),
        ("d", "east", "west", 30, 8),
    ]
    log = crossing(control, *actors, duration=45)
    assert all(np.isfinite(passes(log, name)) for name, *_ in actors)
    assert contacts(log) == []


def test_a_gap_in_the_major_stream_is_taken_only_when_it_is_long_enough():
    stream = [(f"m{k}", "south", "north", 20 + 33 * k, 11) for k in range(2)]
    log = crossing(f", control: yield{MAJOR}", ("ego", "west", "east", 25, 8), *stream)
    assert passes(log, "ego") > max(passes(log, name) for name, *_ in stream)
    assert contacts(log) == []


def test_nobody_enters_a_junction_that_it_cannot_leave():
    blocked = [("ego", "south", "north", 40, 10), ("a", "south", "north", 25, 10)]
    rows = crossing(", control: priority, priority: [south, north]", *blocked, duration=3)
    assert contacts(rows) == []
    text = CROSS.format(
        control="",
        duration=15,
        actors="  ego: {model: sedan, at: {road: south, lane: -1, s: 40 m}, speed: 10 m/s, "
        "drive: {route: [south, north]}}\n"
        "  wreck: {model: truck, at: {road: north, lane: -1, s: 9 m}, parked: true}",
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(text)
        log = simulate(load(path))
    assert contacts(log) == []
    assert speed(log, "ego")[-1] < 0.1


def test_a_driver_without_a_wish_keeps_to_the_limit_of_each_road():
    text = CROSS.format(
        control=", control: yield, priority: [south, north]",
        duration=20,
        actors="  ego: {model: sedan, at: {road: south, lane: -1, s: 5 m}, drive: {route: [south, north]}}",
    ).replace(
        "y: 15 m, heading: 90 deg}, path: [{line: 80 m}]",
        "y: 15 m, heading: 90 deg}, path: [{line: 80 m}], speed_limit: 30 km/h",
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(text)
        log = simulate(load(path))
    v, y = speed(log, "ego"), log.position[:, 0, 1]
    assert v[y < -15].max() > 10.0
    assert v[(y > 16) & (y < 70)].max() < 30 / 3.6 + 0.3
    assert log.acceleration.min() > -1.6


@pytest.mark.parametrize(
    "control", [", control: signals", ", control: yield", ", control: right_before_left, priority: [south]"]
)
def test_a_control_that_makes_no_sense_is_refused(control):
    with pytest.raises(ScenarioFileError, match=r"map\.junctions\.cross"):
        crossing(control, ("ego", "south", "north", 45, 11))
