"""A box lorry: a cab over the front axle, a ladder frame and a box body."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from roadlab.actors.catalog import VehicleModel
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, box, cylinder, loft, quad, smooth
from roadlab_sensors.world.vehicles.cab import cab
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.lamps import AMBER, BRIGHT_RED, CLEAR, RED
from roadlab_sensors.world.vehicles.skin import Array
from roadlab_sensors.world.vehicles.trim import both, plate
from roadlab_sensors.world.vehicles.wheels import bare_tyre, plain_wheel

BOX_FRONT, BOX_LOW, BOX_HALF = 4.05, 1.08, 1.245


def truck_body(model: VehicleModel, finish: Finish, occupants: int, rng: np.random.Generator) -> list[Mesh]:
    """All of a box lorry but its wheels."""
    nose, tail = model.length - model.rear_overhang, -model.rear_overhang
    front = cab(nose, model, finish, occupants, rng)
    white = replace(finish.paint, color=(0.72, 0.72, 0.7), material="painted_metal")
    skin = finish.paint if rng.random() < 0.3 else white
    return [
        *front,
        *box_body(LoadSpace(tail, BOX_FRONT, BOX_LOW, model.height, BOX_HALF), skin, finish),
        *chassis(tail, model, finish, rng),
    ]


def truck_wheels(model: VehicleModel, semantic: str) -> tuple[list[Mesh], list[Mesh]]:
    """Left wheels: a single one in front, twins behind."""
    width = 0.275
    front = plain_wheel(model.wheel_radius, width, semantic, 0.0)
    outer, inner = (
        plain_wheel(model.wheel_radius, width, semantic, 0.12),
        bare_tyre(model.wheel_radius, width, semantic),
    )
    return front, [m.moved(np.eye(3), (0.0, y, 0.0)) for tyres, y in ((outer, 0.04), (inner, -0.27)) for m in tyres]


@dataclass(frozen=True, slots=True)
class LoadSpace:
    """A box for the load, with doors behind; [m] in the vehicle's frame."""

    back: float
    front: float
    low: float
    high: float
    half_width: float


def box_body(space: LoadSpace, skin: Style, finish: Finish) -> list[Mesh]:
    """The load box with edge profiles, door seams and locking bars."""
    metal = replace(finish.chrome, material="galvanised", color=(0.5, 0.5, 0.5))
    low, high, half, tail, front = space.low, space.high, space.half_width, space.back, space.front
    back = tail + 0.03
    edge = 0.05
    meshes = [box((back, -half + 0.012, low + 0.01), (front - 0.01, half - 0.012, high - 0.012), skin)]
    for side in (1.0, -1.0):
        for z in (low, high - edge):
            y = sorted((side * half, side * (half - edge)))
            meshes.append(box((back - 0.006, y[0], z), (front, y[1], z + edge), metal))
        for x in (back - 0.01, front - edge):
            meshes.append(box((x, y[0], low), (x + edge, y[1], high), metal))
        for y_bar in (0.28, 0.75):
            bar = tail + 0.012
            meshes.append(
                cylinder((bar, side * y_bar, low + 0.03), (bar, side * y_bar, high - 0.05), 0.012, metal, segments=8)
            )
            meshes.append(
                box((tail + 0.005, side * y_bar - 0.09, 1.65), (tail + 0.02, side * y_bar + 0.09, 1.68), metal)
            )
    for z in (low, high - edge):
        meshes.append(box((back - 0.01, -half, z), (back + 0.03, half, z + edge), metal))
        meshes.append(box((front - 0.04, -half, z), (front, half, z + edge), metal))
    meshes.append(box((back - 0.004, -0.008, low + edge), (back + 0.01, 0.008, high - edge), finish.gap))
    return meshes


def chassis(tail: float, model: VehicleModel, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """Rails, axles, tank, side guards, mudguards with flaps, under-run bar and rear lamps."""
    metal = replace(finish.chrome, material="galvanised", color=(0.45, 0.45, 0.45))
    dark = finish.plastic
    radius = model.wheel_radius
    meshes = [
        box((tail + 0.25, -1.1, 0.98), (BOX_FRONT - 0.1, 1.1, BOX_LOW + 0.02), dark),
        cylinder((0.0, -0.8, radius), (0.0, 0.8, radius), 0.09, dark, segments=12),
        cylinder((model.wheelbase, -0.85, radius), (model.wheelbase, 0.85, radius), 0.07, dark, segments=12),
        cylinder((0.3, 0.0, 0.55), (3.9, 0.0, 0.8), 0.06, dark, segments=10),
        box((tail + 0.06, -1.15, 0.46), (tail + 0.14, 1.15, 0.58), metal),
        *plate(tail + 0.05, 0.78, -1.0, rng.integers(0, 1 << 7, 7), finish),
        box((tail + 0.05, -1.16, 0.86), (tail + 0.14, 1.16, 1.02), dark),
        box((3.45, -0.95, 0.62), (5.5, 0.95, 1.0), dark),
    ]
    left = [
        box((tail + 0.15, 0.36, 0.72), (5.6, 0.44, 0.98), dark),
        box((tail + 0.1, 0.5, 0.5), (tail + 0.16, 0.58, 0.95), dark),
        *(box((0.75, 1.16, z), (3.35, 1.19, z + 0.11), metal) for z in (0.45, 0.68, 0.88)),
        *(box((x, 1.1, 0.45), (x + 0.05, 1.16, 1.0), metal) for x in (0.85, 2.0, 3.2)),
        mudguard(radius, dark),
        box((-0.66, 0.72, 0.26), (-0.64, 1.19, 0.72), finish.gap),
        rear_lamp(tail + 0.049, 0.62, 0.72, finish.lamp("reverse", CLEAR)),
        rear_lamp(tail + 0.049, 0.86, 0.98, finish.lamp("brake", BRIGHT_RED)),
        rear_lamp(tail + 0.049, 0.73, 0.85, finish.lamp("tail", RED)),
    ]
    tank = smooth(
        loft([rounded_section(x, 0.78, 0.66, 0.26, 0.24) for x in (2.2, 2.21, 3.15, 3.16)], metal), crease=0.8
    )
    meshes += [*both(left), tank]
    for side, group in ((1.0, "left"), (-1.0, "right")):
        y = [side * 1.1, side * 0.99]
        meshes.append(rear_lamp(tail + 0.049, min(y), max(y), finish.lamp(group, AMBER)))
    return meshes


def rear_lamp(x: float, right: float, left: float, style: Style) -> Mesh:
    """A rectangular lens that faces backwards."""
    return quad((x, left, 0.88), (x, right, 0.88), (x, right, 1.0), (x, left, 1.0), style)


def rounded_section(x: float, y: float, z: float, half_width: float, half_height: float) -> Array:
    """(20, 3) a rounded rectangle across the vehicle."""
    turns = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    u, v = (np.sign(f(turns)) * np.abs(f(turns)) ** 0.5 for f in (np.cos, np.sin))
    return np.column_stack([np.full(20, x), y + half_width * u, z + half_height * v])


def mudguard(radius: float, style: Style) -> Mesh:
    """A guard over the left rear wheels."""
    turns = np.radians(np.linspace(20, 165, 14))
    r = radius + 0.07
    inner = [(r * np.cos(t), 0.7, radius + r * np.sin(t)) for t in turns]
    outer = [(x, 1.2, z) for x, _, z in inner]
    return smooth(loft([outer, inner], style, caps=False, closed=False), crease=1.0)
