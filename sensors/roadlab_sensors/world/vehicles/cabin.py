"""What one sees through the glass: floor, door linings, dashboard, seats, steering wheel, occupants."""

from __future__ import annotations

import numpy as np

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, capsule, cylinder, ellipsoid, loft, rotation_to, smooth
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.panels import CAVITY
from roadlab_sensors.world.vehicles.proportions import Proportions, curve
from roadlab_sensors.world.vehicles.shell import both_sides, columns, glass_outline
from roadlab_sensors.world.vehicles.skin import Array

SKINS = ((0.55, 0.33, 0.24), (0.4, 0.22, 0.15), (0.18, 0.09, 0.06))


def cabin(shape: Proportions, finish: Finish, occupants: int, rng: np.random.Generator) -> list[Mesh]:
    """The interior; `occupants` sit in it, the driver first."""
    belt = float(curve(shape.shoulder, np.array(shape.seat_rows[0])))
    hip = belt - 0.46
    meshes = [tub(shape, finish, hip - 0.26), *dashboard(shape, finish, belt)]
    places = [(x, side * 0.37) for x in shape.seat_rows for side in (1.0, -1.0)]
    for x, y in places:
        meshes += seat(x, y, hip, finish.lining)
    for x, y in places[:occupants]:
        meshes += occupant(x, y, hip, finish.semantic, rng)
    return meshes


def tub(shape: Proportions, finish: Finish, floor: float) -> Mesh:
    """Floor and linings up to the belt line, seen from inside."""
    x, y = glass_outline(shape, np.array(0.03)).at(columns(8, 8, 8))
    middle = (shape.cowl + shape.base_end) / 2
    x, y = middle + (x - middle) * 0.985, y * 0.965
    top = curve(shape.shoulder, x) - 0.008
    # below the arm rests the doors are thick, and the wheel houses stand between floor and skin
    narrow = np.minimum(y, shape.body_width / 2 - CAVITY - 0.04)
    heights = (np.full(len(x), floor), top - 0.22)
    half = np.stack([*(np.column_stack([x, narrow, z]) for z in heights), np.column_stack([x, y, top])])
    rings = both_sides(half)[:, ::-1]
    floor_ring = rings[0] * [0.0, 0.0, 1.0] + [middle, 0.0, 0.0]
    return loft(np.stack([floor_ring, *rings]), finish.lining, caps=False)


def dashboard(shape: Proportions, finish: Finish, belt: float) -> list[Mesh]:
    """The panel under the windscreen and the steering wheel."""
    width = shape.base_width * 0.95
    front, rear = shape.cowl - 0.1, shape.cowl - 0.72
    section = [
        (front, belt - 0.5),
        (rear + 0.1, belt - 0.5),
        (rear, belt - 0.2),
        (rear + 0.03, belt - 0.03),
        (front - 0.15, belt - 0.01),
        (front, belt - 0.1),
    ]
    panel = smooth(loft([[(x, y, z) for x, z in section] for y in (-width, width)], finish.lining), crease=0.7)
    wheel_center = np.array([rear - 0.06, 0.37, belt - 0.1])
    return [panel, steering_wheel(wheel_center, finish.lining)]


def steering_wheel(center: Array, style: Style) -> Mesh:
    """A rim that leans towards the driver."""
    axis = np.array([-0.9, 0.0, 0.436])
    turns = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    tube = np.linspace(0, 2 * np.pi, 6, endpoint=False)
    rings = [
        [
            ((0.18 + 0.014 * np.cos(t)) * np.cos(a), (0.18 + 0.014 * np.cos(t)) * np.sin(a), 0.014 * np.sin(t))
            for a in turns
        ]
        for t in tube
    ]
    return smooth(loft([*rings, rings[0]], style, caps=False), crease=2.0).moved(rotation_to(axis), center)


def seat(x: float, y: float, hip: float, style: Style) -> list[Mesh]:
    """Cushion, back rest and head rest for someone whose hips are at (x, y, hip)."""
    back_top = np.array([x - 0.36, y, hip + 0.52])
    cushion = _pad([(x - 0.16, y, hip - 0.1), (x + 0.36, y, hip - 0.06)], 0.24, 0.09, style)
    rest = _pad([(x - 0.16, y, hip - 0.1), (x - 0.24, y, hip + 0.2), tuple(back_top)], 0.24, 0.075, style)
    head = ellipsoid(np.add(back_top, (-0.01, 0.0, 0.13)), (0.055, 0.13, 0.1), style, segments=10, rings=6)
    return [cushion, rest, head]


def _pad(spine: list[tuple[float, ...]], half_width: float, half_depth: float, style: Style) -> Mesh:
    """A cushion along a spine in a plane of constant y."""
    points = np.array(spine)
    along = np.gradient(points, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    depth = np.cross(along, [0.0, 1.0, 0.0])
    turns = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    sine, cosine = np.sin(turns), np.cos(turns)
    u, v = np.sign(cosine) * np.abs(cosine) ** 0.5 * half_width, np.sign(sine) * np.abs(sine) ** 0.6 * half_depth
    rings = points[:, None] + u[None, :, None] * np.array([0.0, 1.0, 0.0]) + v[None, :, None] * depth[:, None]
    return smooth(loft(rings, style), crease=0.9)


def _shade(rng: np.random.Generator) -> tuple[float, float, float]:
    red, green, blue = rng.uniform(0.02, 0.3, 3)
    return (float(red), float(green), float(blue))


def occupant(x: float, y: float, hip: float, semantic: str, rng: np.random.Generator) -> list[Mesh]:
    """Head, torso and arms of someone who sits and holds the wheel."""
    skin = Style(SKINS[int(rng.integers(len(SKINS)))], "skin", semantic)
    cloth = Style(_shade(rng), "cloth", semantic)
    hair = Style((0.03, 0.02, 0.015), "hair", semantic)
    chest, neck = np.array([x - 0.19, y, hip + 0.38]), np.array([x - 0.2, y, hip + 0.52])
    head = np.add(neck, (0.03, 0.0, 0.13))
    parts = [
        capsule((x - 0.08, y, hip), chest, 0.15, 0.16, cloth, segments=9),
        capsule(chest, np.add(neck, (0.0, 0.0, 0.04)), 0.1, 0.055, skin, segments=7),
        ellipsoid(head, (0.1, 0.078, 0.122), skin, segments=10, rings=8),
        ellipsoid(np.add(head, (-0.016, 0.0, 0.026)), (0.1, 0.084, 0.108), hair, segments=10, rings=8),
    ]
    for side in (1.0, -1.0):
        shoulder, elbow = np.add(chest, (0.0, side * 0.19, 0.06)), np.add(chest, (0.22, side * 0.24, -0.16))
        parts.append(cylinder(shoulder, elbow, 0.06, cloth, segments=7, end_radius=0.048))
        parts.append(
            cylinder(elbow, np.add(elbow, (0.24, -side * 0.08, 0.06)), 0.048, cloth, segments=7, end_radius=0.035)
        )
    return parts
