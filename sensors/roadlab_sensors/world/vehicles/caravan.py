"""A caravan with one axle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from roadlab.actors.catalog import VehicleModel
from roadlab_sensors.world.assembly import face
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, box, capsule, cylinder, extrude, smooth, srgb
from roadlab_sensors.world.vehicles.bus_trim import AHEAD, BEHIND
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.lamps import AMBER, BRIGHT_RED, CLEAR, RED
from roadlab_sensors.world.vehicles.skin import rounded
from roadlab_sensors.world.vehicles.trim import both, plate
from roadlab_sensors.world.vehicles.truck import rear_lamp

UPRIGHT = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""Turns a prism over (x, y) into one over (x, z) that lies across."""
TURNED = np.diag([-1.0, -1.0, 1.0])
FRONT = 2.85
"""x of the body's front, above the drawbar [m]."""
STRIPES = ("#7a7f86", "#2f5d92", "#a8222a", "#c9a227", "#3d6b4a")


def caravan_body(model: VehicleModel, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """All of a caravan but its wheels."""
    tail, half = -model.rear_overhang, 0.5 * model.width
    white = replace(finish.paint, color=(0.72, 0.72, 0.7), material="painted_metal")
    return [
        _shell(model, tail, half, white),
        *_windows(tail, half, finish),
        *_stripes(tail, half, finish, rng),
        *_drawbar(model, finish),
        *_rear(tail, finish, rng),
        box((-0.4, -half + 0.3, 0.4), (0.4, half - 0.3, 0.8), finish.gap),
        cylinder((0.0, -0.9, model.wheel_radius), (0.0, 0.9, model.wheel_radius), 0.05, finish.plastic, segments=10),
    ]


def _shell(model: VehicleModel, tail: float, half: float, white: Style) -> Mesh:
    """The body seen from the side, with its wheel arch, as wide as it is."""
    high = model.height - 0.12
    side = [
        (tail, 0.42),
        (FRONT - 0.3, 0.42),
        (FRONT, 0.75),
        (FRONT - 0.12, 1.5),
        (FRONT - 0.75, high),
        (tail + 0.1, high),
    ]
    arch = shapely.Point(0.0, model.wheel_radius).buffer(model.wheel_radius + 0.09, quad_segs=12)
    outline = shapely.difference(rounded(side, 0.14), arch)
    return smooth(extrude(outline, -half, half, white).moved(UPRIGHT, (0.0, 0.0, 0.0)), crease=0.5)


def _windows(tail: float, half: float, finish: Finish) -> list[Mesh]:
    """Dark panes on all sides, the door on the right, roof lights."""
    pane, frame = finish.privacy_glass, finish.gap
    left = [(-2.3, 1.3, 0.95), (0.5, 1.3, 1.0), (1.7, 1.3, 0.6)]
    right = [(-2.3, 1.3, 0.95), (-1.0, 1.3, 0.5)]
    meshes = []
    for places, turn, y in ((right, np.eye(3), -half - 0.002), (left, TURNED, half + 0.002)):
        for x, z, wide in places:
            outline = shapely.box(0.0, 0.0, wide, 0.62).buffer(0.05)
            start = x if turn is not TURNED else x + wide
            meshes.append(face(outline.buffer(0.02), 0.0, frame).moved(turn, (start, y, z)))
            meshes.append(face(outline, 0.0, pane).moved(turn, (start, y + np.sign(y) * 0.004, z)))
    door = shapely.box(0.7, 0.5, 1.3, 2.25)
    gap = shapely.difference(door.buffer(0.008), door)
    meshes.append(face(gap, -half - 0.003, frame))
    meshes.append(box((1.18, -half - 0.004, 1.25), (1.26, -half + 0.01, 1.33), finish.plastic))
    back = shapely.box(-0.75, 0.0, 0.75, 0.55).buffer(0.05)
    meshes.append(face(back, 0.0, pane).moved(BEHIND, (tail - 0.001, 0.0, 1.4)))
    front = face(shapely.box(-0.8, 0.0, 0.8, 0.45).buffer(0.05), 0.0, pane)
    lean = np.arctan2(0.12, 0.75)
    tilt = np.array([[np.cos(lean), 0.0, -np.sin(lean)], [0.0, 1.0, 0.0], [np.sin(lean), 0.0, np.cos(lean)]])
    meshes.append(front.moved(AHEAD, (0.0, 0.0, 0.0)).moved(tilt, (FRONT - 0.035, 0.0, 0.95)))
    return meshes


def _stripes(tail: float, half: float, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """Along both flanks; roof lights and an air conditioner on top."""
    style = Style(srgb(STRIPES[int(rng.integers(len(STRIPES)))]), "painted_metal", finish.semantic)
    light = Style((0.5, 0.5, 0.49), "plastic", finish.semantic)
    flank = box((tail + 0.12, half - 0.01, 1.05), (FRONT - 0.25, half + 0.0015, 1.13), style)
    roof = 2.48
    return [
        *both([flank]),
        box((-1.7, -0.35, roof - 0.02), (-1.0, 0.35, roof + 0.06), light),
        box((0.3, -0.45, roof - 0.02), (1.2, 0.45, roof + 0.12), light),
    ]


def _drawbar(model: VehicleModel, finish: Finish) -> list[Mesh]:
    """Two bars to the coupling, the jockey wheel, and the box for gas bottles."""
    metal = Style((0.45, 0.45, 0.45), "galvanised", finish.semantic)
    hitch = model.wheelbase
    left = [capsule((FRONT - 0.4, 0.6, 0.42), (hitch - 0.15, 0.03, 0.42), 0.045, 0.04, metal, segments=8)]
    return [
        *both(left),
        capsule((hitch - 0.3, 0.0, 0.44), (hitch + 0.05, 0.0, 0.46), 0.045, 0.05, finish.plastic, segments=10),
        cylinder((hitch - 0.45, 0.12, 0.22), (hitch - 0.45, 0.12, 0.8), 0.025, metal, segments=8),
        cylinder((hitch - 0.45, 0.09, 0.1), (hitch - 0.45, 0.15, 0.1), 0.1, finish.plastic, segments=14),
        box((hitch - 0.01, -0.04, 0.4), (hitch + 0.1, 0.04, 0.48), finish.plastic),
    ]


def _rear(tail: float, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """Bumper, lamps, plate."""
    lens = tail - 0.012
    lamps = [
        (0.82, 0.9, finish.lamp("reverse", CLEAR)),
        (0.91, 1.0, finish.lamp("brake", BRIGHT_RED)),
        (1.01, 1.09, finish.lamp("tail", RED)),
    ]
    down = (0.0, 0.0, -0.22)
    meshes = both([rear_lamp(lens, right, left, style).moved(np.eye(3), down) for right, left, style in lamps])
    for side, group in ((1.0, "left"), (-1.0, "right")):
        right, left = sorted((side * 0.72, side * 0.81))
        meshes.append(rear_lamp(lens, right, left, finish.lamp(group, AMBER)).moved(np.eye(3), down))
    bumper = box((tail - 0.01, -1.14, 0.5), (tail + 0.1, 1.14, 0.85), finish.plastic)
    return [*meshes, bumper, *plate(tail - 0.012, 0.95, -1.0, rng.integers(0, 1 << 7, 7), finish)]
