"""A box lorry: a cab over the front axle, a ladder frame and a box body."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from roadlab.actors.catalog import VehicleModel
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, box, capsule, cylinder, loft, quad, smooth
from roadlab_sensors.world.vehicles.cabin import occupant, seat
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.lamps import AMBER, BRIGHT_RED, CLEAR, RED
from roadlab_sensors.world.vehicles.shell import Outline, arc_length, both_sides, columns, folded
from roadlab_sensors.world.vehicles.skin import Array, Skin, grid_skin, rounded, signed_distance
from roadlab_sensors.world.vehicles.trim import both, plate
from roadlab_sensors.world.vehicles.wheels import plain_wheel

CAB_BACK, CAB_HALF, CAB_LOW, CAB_HIGH = 4.18, 1.13, 0.42, 2.72
BOX_FRONT, BOX_LOW, BOX_HALF = 4.05, 1.08, 1.245
ARCH = 0.6
"""Radius of the cab's wheel arches [m]."""


def truck_body(model: VehicleModel, finish: Finish, occupants: int, rng: np.random.Generator) -> list[Mesh]:
    """All of a box lorry but its wheels."""
    nose, tail = model.length - model.rear_overhang, -model.rear_overhang
    return [
        *cab(nose, model, finish),
        *cab_fittings(nose, model, finish, rng),
        *cab_interior(nose, finish, occupants, rng),
        *box_body(tail, model, finish, rng),
        *chassis(tail, model, finish, rng),
    ]


def truck_wheels(model: VehicleModel, semantic: str) -> tuple[list[Mesh], list[Mesh]]:
    """Left wheels: a single one in front, twins behind."""
    width = 0.275
    front = plain_wheel(model.wheel_radius, width, semantic)
    outer = plain_wheel(model.wheel_radius, width, semantic, offset=0.04, dish_depth=0.12)
    inner = plain_wheel(model.wheel_radius, width, semantic, offset=-0.27, dish_depth=0.12)
    return front, outer + inner


def cab_skin(nose: float) -> Skin:
    """The cab's outside without cuts, closed but for its floor."""
    level = np.array(
        [
            0.0,
            0.02,
            0.05,
            0.1,
            0.16,
            0.22,
            0.28,
            0.34,
            0.4,
            0.46,
            0.52,
            0.58,
            0.64,
            0.7,
            0.76,
            0.82,
            0.88,
            0.92,
            0.955,
            0.98,
            1.0,
        ]
    )
    level = level[:, None]
    height = CAB_LOW + (CAB_HIGH - CAB_LOW) * level
    lean = 0.27 * np.clip((height - 1.3) / 1.4, 0, 1) ** 1.25
    round_top = 0.12 * np.clip((level - 0.88) / 0.12, 0, 1) ** 2.2
    tuck = 0.05 * np.clip((0.08 - level) / 0.08, 0, 1) ** 2
    outline = Outline(
        front=nose - 0.012 - lean - round_top - tuck,
        rear=CAB_BACK + 0.6 * round_top,
        half_width=CAB_HALF - 0.05 * np.clip((height - 1.5) / 1.2, 0, 1) - 0.8 * round_top - tuck,
        front_depth=0.42,
        rear_depth=0.08,
        front_exponent=3.4,
        rear_exponent=4.0,
    )
    x, y = outline.at(columns(20, 26, 8)[None, :])
    rings = folded(
        np.stack([x, y, np.broadcast_to(height, x.shape)], axis=-1),
        np.array([0.1, 0.35, 0.7, 1.0]),
        np.full(x.shape[1], 0.0),
    )
    return grid_skin(both_sides(rings), arc_length(rings[8]))


def cab(nose: float, model: VehicleModel, finish: Finish) -> list[Mesh]:
    """The cab's sheet with windscreen, side windows, arches, grille, lamps and gaps."""
    skin = cab_skin(nose)
    middle = nose - 0.6
    meshes: list[Mesh] = []

    arch = np.maximum(np.hypot(skin.x - model.wheelbase, skin.z - model.wheel_radius) - ARCH, 0.5 - skin.side)
    disc, skin = skin.split(arch)
    inwards = np.zeros_like(disc.points)
    inwards[:, 1] = -np.sign(disc.points[:, 1])
    edge = np.abs(np.hypot(disc.x - model.wheelbase, disc.z - model.wheel_radius) - ARCH) < 0.005
    meshes += [disc.rim(0.03 * inwards, edge).mesh(finish.plastic), disc.rim(0.45 * inwards, edge).mesh(finish.gap)]
    meshes.append(disc.moved(0.45 * inwards).mesh(finish.gap))

    screen = rounded([(-1.0, 1.62), (1.0, 1.62), (0.96, 2.42), (-0.96, 2.42)], 0.08)
    opening, skin = skin.split(np.maximum(signed_distance(screen, skin.points[:, 1], skin.z), middle + 0.2 - skin.x))
    pane, frit = opening.split(signed_distance(screen.buffer(-0.035), opening.points[:, 1], opening.z))
    meshes += [pane.mesh(finish.glass), frit.mesh(finish.black)]

    window = rounded([(4.62, 1.68), (5.1, 1.6), (5.62, 1.55), (5.46, 2.36), (4.62, 2.36)], 0.05)
    opening, skin = skin.split(np.maximum(signed_distance(window, skin.x, skin.z), 0.6 - skin.side))
    pane, frame = opening.split(signed_distance(window.buffer(-0.02), opening.x, opening.z))
    meshes += [pane.mesh(finish.glass), frame.mesh(finish.black)]
    meshes.append(skin.sunk(0.02).reversed().mesh(finish.headliner))

    for outline, bars in (
        (rounded([(-0.72, 1.02), (0.72, 1.02), (0.8, 1.4), (-0.8, 1.4)], 0.05), 4),
        (rounded([(-0.6, 0.5), (0.6, 0.5), (0.6, 0.66), (-0.6, 0.66)], 0.04), 2),
    ):
        hole, skin = skin.split(np.maximum(signed_distance(outline, skin.points[:, 1], skin.z), middle - skin.x))
        meshes.append(hole.rim(-0.03 * hole.normals).mesh(finish.plastic))
        low, high = outline.bounds[1], outline.bounds[3]
        for z in np.linspace(low, high, bars + 2)[1:-1]:
            bar, hole = hole.level_band(z, 0.014)
            meshes.append(bar.sunk(0.006).mesh(finish.plastic))
        meshes.append(hole.sunk(0.03).mesh(finish.gap))

    lamp = rounded([(0.66, 0.66), (1.2, 0.68), (1.2, 0.88), (0.66, 0.86)], 0.04)
    unit, skin = skin.split(np.maximum(signed_distance(lamp, skin.arc, skin.z), middle - skin.x))
    bright, housing = unit.split(
        signed_distance(rounded([(0.69, 0.69), (1.0, 0.7), (1.0, 0.84), (0.69, 0.83)], 0.03), unit.arc, unit.z)
    )
    amber, housing = housing.split(
        signed_distance(rounded([(1.04, 0.71), (1.17, 0.71), (1.17, 0.85), (1.04, 0.85)], 0.02), housing.arc, housing.z)
    )
    right, left = amber.split(amber.points[:, 1])
    meshes += [bright.mesh(finish.lamp("head", CLEAR)), housing.mesh(finish.lamp(None, (0.1, 0.1, 0.1)))]
    meshes += [left.mesh(finish.lamp("left", AMBER)), right.mesh(finish.lamp("right", AMBER))]

    bumper, skin = skin.split(np.maximum(skin.z - 0.98, middle + 0.05 - skin.x))
    step, bumper = bumper.split(bumper.z - 0.62)
    meshes += [step.mesh(finish.plastic), bumper.mesh(finish.paint)]
    door = rounded([(4.5, 1.14), (5.35, 1.14), (5.68, 1.5), (5.5, 2.46), (4.5, 2.46)], 0.06)
    everywhere = (
        (lambda s: signed_distance(door, s.x, s.z), lambda s: 0.6 - s.side),
        (lambda s: s.z - 0.985, lambda s: middle + 0.05 - s.x),
    )
    for field, mask in everywhere:
        gap, skin = skin.strip(field, 0.005, mask)
        meshes.append(gap.mesh(finish.gap))
    return [*meshes, skin.mesh(finish.paint)]


def cab_fittings(nose: float, model: VehicleModel, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """Mirrors, handles, steps, wipers, visor and plate."""
    tip = model.width / 2
    left = [
        _mirror((nose - 0.32, tip, 1.95), 0.2, 0.34, finish),
        _mirror((nose - 0.32, tip - 0.01, 1.62), 0.18, 0.17, finish),
        capsule(
            (nose - 0.42, CAB_HALF - 0.05, 2.2), (nose - 0.3, tip - 0.08, 2.2), 0.018, 0.018, finish.plastic, segments=8
        ),
        capsule(
            (nose - 0.42, CAB_HALF - 0.05, 1.5), (nose - 0.3, tip - 0.08, 1.6), 0.018, 0.018, finish.plastic, segments=8
        ),
        capsule(
            (nose - 0.3, tip - 0.08, 1.58), (nose - 0.3, tip - 0.08, 2.2), 0.018, 0.018, finish.plastic, segments=8
        ),
        capsule((4.62, CAB_HALF + 0.02, 1.36), (4.82, CAB_HALF + 0.02, 1.36), 0.018, 0.018, finish.plastic, segments=8),
        box((nose - 0.78, CAB_HALF - 0.28, 0.5), (nose - 0.42, CAB_HALF - 0.004, 0.53), finish.plastic),
        capsule((nose - 0.02, 0.1, 1.6), (nose - 0.1, 0.75, 1.67), 0.012, 0.012, finish.plastic, segments=6),
    ]
    return [*both(left), *plate(nose - 0.006, 0.74, 1.0, rng.integers(0, 1 << 7, 7), finish)]


def _mirror(center: tuple[float, float, float], width: float, height: float, finish: Finish) -> Mesh:
    """A mirror's housing; `center` is at its outer edge."""
    x, y, z = center
    turns = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    u, v = (np.sign(f(turns)) * np.abs(f(turns)) ** 0.5 for f in (np.cos, np.sin))
    rings = [
        np.column_stack([np.full(16, x + dx), y - width / 2 + s * u * width / 2, z + s * v * height / 2])
        for dx, s in ((-0.05, 0.96), (-0.04, 1.0), (0.03, 0.96), (0.06, 0.7))
    ]
    return smooth(loft(rings, finish.plastic), crease=0.9)


def cab_interior(nose: float, finish: Finish, occupants: int, rng: np.random.Generator) -> list[Mesh]:
    """Seats, dashboard, back wall and who sits there."""
    meshes = [
        box((CAB_BACK + 0.08, -1.05, 1.1), (CAB_BACK + 0.1, 1.05, 2.6), finish.lining),
        box((CAB_BACK + 0.1, -1.08, 1.1), (nose - 0.1, 1.08, 1.12), finish.lining),
        box((nose - 0.62, -1.06, 1.2), (nose - 0.14, 1.06, 1.58), finish.lining),
    ]
    places = [(nose - 1.15, 0.55), (nose - 1.15, -0.55)]
    for x, y in places:
        meshes += seat(x, y, 1.5, finish.lining)
    for x, y in places[:occupants]:
        meshes += occupant(x, y, 1.5, finish.semantic, rng)
    return meshes


def box_body(tail: float, model: VehicleModel, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """The load box with edge profiles, door seams and locking bars; white, or in the cab's colour."""
    skin = (
        finish.paint if rng.random() < 0.3 else replace(finish.paint, color=(0.72, 0.72, 0.7), material="painted_metal")
    )
    metal = replace(finish.chrome, material="galvanised", color=(0.5, 0.5, 0.5))
    low, high = BOX_LOW, model.height
    back = tail + 0.03
    edge = 0.05
    meshes = [box((back, -BOX_HALF + 0.012, low + 0.01), (BOX_FRONT - 0.01, BOX_HALF - 0.012, high - 0.012), skin)]
    for side in (1.0, -1.0):
        for z in (low, high - edge):
            y = sorted((side * BOX_HALF, side * (BOX_HALF - edge)))
            meshes.append(box((back - 0.006, y[0], z), (BOX_FRONT, y[1], z + edge), metal))
        for x in (back - 0.01, BOX_FRONT - edge):
            meshes.append(box((x, y[0], low), (x + edge, y[1], high), metal))
        for y_bar in (0.28, 0.75):
            meshes.append(
                cylinder(
                    (tail + 0.012, side * y_bar, low + 0.03),
                    (tail + 0.012, side * y_bar, high - 0.05),
                    0.012,
                    metal,
                    segments=8,
                )
            )
            meshes.append(
                box((tail + 0.005, side * y_bar - 0.09, 1.65), (tail + 0.02, side * y_bar + 0.09, 1.68), metal)
            )
    for z in (low, high - edge):
        meshes.append(box((back - 0.01, -BOX_HALF, z), (back + 0.03, BOX_HALF, z + edge), metal))
        meshes.append(box((BOX_FRONT - 0.04, -BOX_HALF, z), (BOX_FRONT, BOX_HALF, z + edge), metal))
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
        _mudguard(radius, dark),
        box((-0.66, 0.72, 0.26), (-0.64, 1.19, 0.72), finish.gap),
        _rear_lamp(tail + 0.049, 0.62, 0.72, finish.lamp("reverse", CLEAR)),
        _rear_lamp(tail + 0.049, 0.86, 0.98, finish.lamp("brake", BRIGHT_RED)),
        _rear_lamp(tail + 0.049, 0.73, 0.85, finish.lamp("tail", RED)),
    ]
    tank = smooth(
        loft([_rounded_section(x, 0.78, 0.66, 0.26, 0.24) for x in (2.2, 2.21, 3.15, 3.16)], metal), crease=0.8
    )
    meshes += [*both(left), tank]
    for side, group in ((1.0, "left"), (-1.0, "right")):
        y = [side * 1.1, side * 0.99]
        meshes.append(_rear_lamp(tail + 0.049, min(y), max(y), finish.lamp(group, AMBER)))
    return meshes


def _rear_lamp(x: float, right: float, left: float, style: Style) -> Mesh:
    """A rectangular lens that faces backwards."""
    return quad((x, left, 0.88), (x, right, 0.88), (x, right, 1.0), (x, left, 1.0), style)


def _rounded_section(x: float, y: float, z: float, half_width: float, half_height: float) -> Array:
    turns = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    u, v = (np.sign(f(turns)) * np.abs(f(turns)) ** 0.5 for f in (np.cos, np.sin))
    return np.column_stack([np.full(20, x), y + half_width * u, z + half_height * v])


def _mudguard(radius: float, style: Style) -> Mesh:
    """A quarter-round guard over the left rear twins."""
    turns = np.radians(np.linspace(20, 165, 14))
    r = radius + 0.07
    inner = [(r * np.cos(t), 0.7, radius + r * np.sin(t)) for t in turns]
    outer = [(x, 1.2, z) for x, _, z in inner]
    return smooth(loft([inner, outer], style, caps=False, closed=False), crease=1.0)
