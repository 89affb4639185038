"""Everybody in the library begins on the ground and beside everybody else."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import shapely

import roadlab
from roadlab.actors.articulation import part_poses
from roadlab.actors.catalog import WHEELED
from roadlab.geometry.poses import world_from_actor

LIBRARY = Path(__file__).parents[2] / "scenarios"
FILES = sorted(p for p in LIBRARY.rglob("*.yaml") if p.parent.name not in ("rigs", "fragments", "parts", "maps"))
ABOVE_ROAD = 0.02
"""Of wheels and soles [m]."""
TOUCH = 0.03
"""By which footprints are shrunk: boxes hold mirrors and swinging arms [m]."""


@pytest.fixture(
    scope="module", params=[path for path in FILES if "scenario:" in path.read_text()], ids=lambda p: p.stem
)
def begun(request):
    """A scenario and its log after a few ticks."""
    scenario = roadlab.load(request.param, overrides=["duration=100 ms"])
    return scenario, roadlab.simulate(scenario)


def test_wheels_and_soles_are_on_the_ground(begun):
    scenario, log = begun
    for k, actor in enumerate(log.actors):
        if not log.present[0, k]:
            continue
        states = log.states_at(log.time[:1])
        world = world_from_actor(states.position[:, k], states.attitude[:, k])[0]
        if actor.kind in ("vehicle", "cyclist"):
            radius = WHEELED[actor.model].wheel_radius
            poses = part_poses(actor, states.joints[k])
            wheels = [world @ pose[0] for name, pose in poses.items() if name.startswith("wheel")]
            low = np.array([pose[:3, 3] - radius * world[:3, 2] for pose in wheels])
        else:
            low = world[None, :3, 3]
        ground = scenario.network.ground_height(low)
        assert np.abs(low[:, 2] - ground).max() < ABOVE_ROAD, (actor.name, low, ground)


def test_nobody_begins_inside_somebody_else(begun):
    _, log = begun
    there = [k for k in range(len(log.actors)) if log.present[0, k]]
    shapes = {k: _footprint(log, k) for k in there}
    for a, b in combinations(there, 2):
        hitched = log.actors[b].pulled_by == log.actors[a].name or log.actors[a].pulled_by == log.actors[b].name
        apart = abs(float(log.position[0, a, 2] - log.position[0, b, 2])) > 3.0
        assert hitched or apart or not shapes[a].intersects(shapes[b]), (log.actors[a].name, log.actors[b].name)


def _footprint(log, k):
    """Of an actor's box, or of somebody's trunk who steps."""
    actor = log.actors[k]
    length, width = actor.size[:2]
    x, y, _ = actor.box_center
    if actor.kind == "pedestrian":
        length, width, x, y = 0.3, 0.45, 0.0, 0.0
    box = shapely.box(x - length / 2, y - width / 2, x + length / 2, y + width / 2).buffer(-TOUCH)
    yaw, (px, py) = float(log.attitude[0, k, 0]), log.position[0, k, :2].tolist()
    c, s = np.cos(yaw), np.sin(yaw)
    return shapely.transform(box, lambda points: points @ np.array([[c, s], [-s, c]]) + (px, py))
