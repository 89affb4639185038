"""What must hold in every run: no overlap without a contact in the log, limits kept, order without influence."""

import tempfile
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import shapely

from roadlab import load, simulate
from roadlab.actors.catalog import VEHICLES
from roadlab.dynamics.footprint import corners

CROSS = """
scenario: A busy crossing
duration: 30 s
step: 0.05 s
seed: {seed}
map:
  roads:
    south: {{profile: urban_2x1, start: {{y: -155 m, heading: 90 deg}}, path: [{{line: 140 m}}]}}
    north: {{profile: urban_2x1, start: {{y: 15 m, heading: 90 deg}}, path: [{{line: 140 m}}]}}
    west: {{profile: urban_2x1, start: {{x: -155 m}}, path: [{{line: 140 m}}]}}
    east: {{profile: urban_2x1, start: {{x: 15 m}}, path: [{{line: 140 m}}]}}
  junctions:
    cross: {{connect: [south.end, north.start, west.end, east.start]{control}}}
actors:
{actors}
traffic:
  - {{at: {{road: south, lane: -1, s: 6 m}}, flow: 500, to: {{north: 2, east: 1, west: 1}}}}
  - {{at: {{road: north, lane: 1, s: 134 m}}, flow: 400, to: {{south: 2, east: 1, west: 1}}}}
  - {{at: {{road: west, lane: -1, s: 6 m}}, flow: 300, to: {{east: 2, north: 1, south: 1}}}}
"""
ROWS = (
    "  ego: {model: sedan, at: {road: south, lane: -1, s: 70 m}, speed: 10 m/s, drive: {route: [south, west]}}",
    "  bus: {model: truck, at: {road: north, lane: 1, s: 60 m}, speed: 8 m/s, drive: {route: [north, south]}}",
    "  rider: {model: bicycle, at: {road: east, lane: 1, s: 60 m, offset: 1 m}, speed: 5 m/s, drive: {}}",
    "  anna: {model: adult, at: {x: 12 m, y: -6 m}, walk: {path: [{x: 12 m, y: 6 m}], speed: 1 m/s}}",
)
CONTROLS = (", control: right_before_left", ", signals: {green: 8 s}", ", control: yield, priority: [south, north]")


def run(control, *, seed=1, rows=ROWS):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(CROSS.format(control=control, seed=seed, actors="\n".join(rows)))
        return simulate(load(path))


def outlines(log, tick):
    """Polygons of the vehicles that are there, by index."""
    there = [i for i in np.flatnonzero(log.present[tick]) if log.actors[i].kind != "pedestrian"]
    x, y, yaw = log.position[tick, there, 0], log.position[tick, there, 1], log.attitude[tick, there, 0]
    middle = np.array([log.actors[i].box_center[0] for i in there])
    size = np.array([log.actors[i].size[:2] for i in there])
    center = np.column_stack([x + middle * np.cos(yaw), y + middle * np.sin(yaw)])
    return dict(zip(there, shapely.polygons(corners(center, yaw, size)), strict=True))


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_overlaps_without_a_contact_in_the_log(control, seed):
    log = run(control, seed=seed)
    logged = {frozenset(event.actors) for event in log.events if event.kind == "contact"}
    for tick in range(0, len(log.time), 10):
        shapes = outlines(log, tick)
        for a, b in combinations(shapes, 2):
            if shapes[a].intersection(shapes[b]).area > 0.05:
                assert frozenset((log.actors[a].name, log.actors[b].name)) in logged
    if control != CONTROLS[2]:
        assert logged == set()


def test_vehicles_keep_to_what_they_can_do():
    log = run(CONTROLS[0])
    for i, actor in enumerate(log.actors):
        if actor.kind != "vehicle":
            continue
        ticks = np.flatnonzero(log.present[:, i])[1:]
        model = VEHICLES[actor.model]
        assert (log.acceleration[ticks, i] <= model.max_acceleration + 1e-6).all()
        assert (log.acceleration[ticks, i] >= -model.max_deceleration - 1e-6).all()
        assert (log.velocity[ticks, i, :2] ** 2).sum(axis=1).max(initial=0.0) < 20.0**2


def test_the_order_of_actors_in_the_file_changes_nothing_in_traffic_either():
    one, two = run(CONTROLS[0]), run(CONTROLS[0], rows=ROWS[::-1])
    for actor in one.actors:
        i, j = one.index(actor.name), two.index(actor.name)
        for name in ("position", "attitude", "velocity", "present", "lamps"):
            np.testing.assert_array_equal(getattr(one, name)[:, i], getattr(two, name)[:, j], err_msg=actor.name)
