"""A tractor unit: the lorry's cab, larger and with a sleeper, a fifth wheel, tanks and catwalk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from roadlab.actors.catalog import VEHICLES, VehicleModel
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, box, capsule, cylinder, loft, smooth
from roadlab_sensors.world.vehicles.cab import BACK, cab
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.lamps import AMBER, BRIGHT_RED, CLEAR, RED
from roadlab_sensors.world.vehicles.skin import Array
from roadlab_sensors.world.vehicles.trim import both, plate
from roadlab_sensors.world.vehicles.truck import mudguard, rear_lamp, rounded_section

LARGER = np.array([1.0, 1.1, 1.14])
"""Than the cab of a lorry of 12 t."""
SLEEPER = 2.86
"""x of the cab's back wall [m]: a semitrailer's front swings past it, 2.04 m round the kingpin (96/53/EC)."""
ROOF = 3.06
"""Where the raised roof begins [m]."""


def tractor_body(model: VehicleModel, finish: Finish, occupants: int, rng: np.random.Generator) -> list[Mesh]:
    """All of a tractor unit but its wheels."""
    nose, tail = model.length - model.rear_overhang, -model.rear_overhang
    lorry = VEHICLES["truck"]
    lorry_nose = lorry.length - lorry.rear_overhang
    front = cab(lorry_nose, lorry, finish, occupants, rng)
    return [
        *(mesh.scaled(LARGER).moved(np.eye(3), (nose - lorry_nose, 0.0, 0.0)) for mesh in front),
        *_sleeper(BACK + nose - lorry_nose, nose, model.height, finish),
        *_frame(nose, tail, model, finish),
        *both(_side(nose, tail, model, finish)),
        *plate(tail + 0.02, 0.62, -1.0, rng.integers(0, 1 << 7, 7), finish),
        *_indicators(tail, finish),
    ]


def _sleeper(back: float, nose: float, height: float, finish: Finish) -> list[Mesh]:
    """The cab's rear with the bunks, and the raised roof with its sun visor and marker lamps."""
    walls = [_outline(SLEEPER, back + 0.03, 1.2, 0.08, z) for z in (1.05, ROOF + 0.01)]
    steps = ((ROOF - 0.03, 0.62, 1.2), (ROOF + 0.22, 0.8, 1.2), (ROOF + 0.5, 1.12, 1.15), (height - 0.06, 1.5, 1.06),
             (height, 1.72, 0.9))  # fmt: skip
    roof = [_outline(SLEEPER + max(0.0, z - height + 0.08), nose - lean, half, 0.2, z) for z, lean, half in steps]
    amber = finish.lamp(None, AMBER)
    markers = [
        box((nose - 0.83, y - 0.06, ROOF + 0.22), (nose - 0.79, y + 0.06, ROOF + 0.26), amber) for y in (-0.8, 0.8)
    ]
    visor = box((nose - 0.56, -1.0, 2.78), (nose - 0.28, 1.0, 2.82), finish.black)
    return [
        smooth(loft(walls, finish.paint), crease=0.7),
        smooth(loft(roof, finish.paint), crease=0.7),
        visor,
        *markers,
    ]


def _outline(back: float, front: float, half: float, radius: float, z: float) -> Array:
    """(32, 3) a rectangle with rounded corners at one height, counter-clockwise from above."""
    turns = np.linspace(0.0, 0.5 * np.pi, 8)
    corners = []
    for k, (x, y) in enumerate(((front, half), (back, half), (back, -half), (front, -half))):
        sx, sy = np.sign(x - 0.5 * (front + back)), np.sign(y)
        angle = turns + k * 0.5 * np.pi
        corners.append(
            np.column_stack([x - sx * radius + radius * np.cos(angle), y - sy * radius + radius * np.sin(angle)])
        )
    ring = np.concatenate(corners)
    return np.column_stack([ring, np.full(len(ring), z)])


def _frame(nose: float, tail: float, model: VehicleModel, finish: Finish) -> list[Mesh]:
    """Rails, axles, catwalk, the fifth wheel on its pedestals, and the lines to the trailer."""
    dark, radius = finish.plastic, model.wheel_radius
    metal = replace(finish.chrome, material="galvanised", color=(0.4, 0.4, 0.4))
    hitch = model.hitch.x if model.hitch else 0.0
    lines = [
        capsule(
            (SLEEPER - 0.02, y, 2.0),
            (SLEEPER - 0.16, 0.6 * y, 1.35),
            0.02,
            0.02,
            Style(color, "rubber", finish.semantic),
        )
        for y, color in ((-0.25, (0.3, 0.02, 0.02)), (0.0, (0.02, 0.02, 0.02)), (0.25, (0.25, 0.2, 0.02)))
    ]
    plate_of_it = cylinder((hitch, 0.0, 1.08), (hitch, 0.0, 1.14), 0.47, metal, segments=28)
    return [
        *(box((tail + 0.08, y - 0.04, 0.72), (nose - 0.6, y + 0.04, 0.98), dark) for y in (-0.4, 0.4)),
        *(box((hitch - 0.25, y - 0.05, 0.96), (hitch + 0.25, y + 0.05, 1.1), dark) for y in (-0.38, 0.38)),
        box((tail + 0.04, -0.46, 0.66), (tail + 0.1, 0.46, 0.98), dark),
        box((hitch + 0.6, -0.62, 0.96), (SLEEPER - 0.1, 0.62, 1.0), metal),
        cylinder((0.0, -0.8, radius), (0.0, 0.8, radius), 0.1, dark, segments=12),
        cylinder((model.wheelbase, -0.85, radius), (model.wheelbase, 0.85, radius), 0.07, dark, segments=12),
        cylinder((0.3, 0.0, radius), (2.9, 0.0, 0.8), 0.06, dark, segments=10),
        plate_of_it,
        *lines,
    ]


def _side(nose: float, tail: float, model: VehicleModel, finish: Finish) -> list[Mesh]:
    """Left half: tank, steps to the door, air deflector, mudguards and rear lamps."""
    dark, radius = finish.plastic, model.wheel_radius
    metal = replace(finish.chrome, material="galvanised", color=(0.5, 0.5, 0.5))
    ends = (1.0, 1.02, 2.68, 2.7)
    shrunk = (0.9, 1.0, 1.0, 0.9)
    tank = loft([rounded_section(x, 0.86, 0.66, 0.33 * k, 0.3 * k) for x, k in zip(ends, shrunk, strict=True)], metal)
    return [
        smooth(tank, crease=0.8),
        *(box((x, 0.52, 0.34), (x + 0.05, 1.2, 0.985), dark) for x in (1.4, 2.25)),
        *(box((nose - 0.84, 1.0, z), (nose - 0.44, 1.215, z + 0.035), metal) for z in (0.56, 0.84)),
        box((SLEEPER - 0.42, 1.19, 1.25), (SLEEPER + 0.05, 1.215, ROOF + 0.55), finish.paint),
        mudguard(radius, dark),
        box((-0.68, 0.72, 0.24), (-0.66, 1.19, 0.74), finish.gap),
        box((tail + 0.01, 0.5, 0.68), (tail + 0.1, 1.1, 0.86), dark),
        *_cluster(tail, finish),
    ]


def _cluster(tail: float, finish: Finish) -> list[Mesh]:
    down = (0.0, 0.0, -0.17)
    fields = [
        (0.55, 0.68, finish.lamp("reverse", CLEAR)),
        (0.69, 0.82, finish.lamp("tail", RED)),
        (0.83, 0.95, finish.lamp("brake", BRIGHT_RED)),
    ]
    return [rear_lamp(tail + 0.008, right, left, style).moved(np.eye(3), down) for right, left, style in fields]


def _indicators(tail: float, finish: Finish) -> list[Mesh]:
    meshes = []
    for side, group in ((1.0, "left"), (-1.0, "right")):
        right, left = sorted((side * 0.96, side * 1.07))
        lens = rear_lamp(tail + 0.008, right, left, finish.lamp(group, AMBER))
        meshes.append(lens.moved(np.eye(3), (0.0, 0.0, -0.17)))
    return meshes
