"""What is mounted on the skin: mirrors, handles, plates, badges, wipers, aerial, rails, exhaust."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import VehicleModel
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, box, cylinder, loft, mirrored, smooth
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.proportions import Proportions, curve
from roadlab_sensors.world.vehicles.skin import Array, Skin

PLATE = (0.52, 0.11)
"""Width and height of a European plate [m]."""


def trim(
    lower: Skin, house: Skin, shape: Proportions, model: VehicleModel, finish: Finish, rng: np.random.Generator
) -> list[Mesh]:
    """All that is mounted on a car's skin."""
    tail = -model.rear_overhang
    registration = rng.integers(0, 1 << 7, 7)
    meshes = [
        *both(mirror(shape, model, finish)),
        *handles(lower, shape, finish),
        *plate(nose_at(lower, shape.front_plate), shape.front_plate, 1.0, registration, finish),
        *plate(tail_at(lower, shape.rear_plate), shape.rear_plate, -1.0, registration, finish),
        *wipers(house, shape, finish),
        cylinder(
            (tail + 0.3, -0.5, shape.bottom[-1][1] + 0.02),
            (tail + 0.09, -0.5, shape.bottom[-1][1] + 0.015),
            0.032,
            finish.chrome,
        ),
        *badges(lower, shape, finish),
        aerial(house, shape, finish),
    ]
    if shape.roof_rails:
        meshes += both(roof_rail(shape, finish))
    if shape.panelled:
        meshes += both(door_rail(lower, shape, finish))
    return meshes


def both(meshes: list[Mesh]) -> list[Mesh]:
    """The meshes of the left side and their mirror images."""
    return meshes + [mirrored(m) for m in meshes]


def nose_at(lower: Skin, height: float) -> float:
    """Place along x of the nose's middle at a height [m]."""
    ahead = lower.points[(lower.side < 1e-6) & (lower.normals[:, 0] > 0.3)]
    order = np.argsort(ahead[:, 2])
    return float(np.interp(height, ahead[order, 2], ahead[order, 0]))


def tail_at(lower: Skin, height: float) -> float:
    """Place along x of the tail's middle at a height [m]."""
    behind = lower.points[(lower.side < 1e-6) & (lower.normals[:, 0] < -0.3)]
    order = np.argsort(behind[:, 2])
    return float(np.interp(height, behind[order, 2], behind[order, 0]))


def mirror(shape: Proportions, model: VehicleModel, finish: Finish) -> list[Mesh]:
    """The left mirror; its housing reaches to the model's width."""
    big = 1.5 if model.height > 2.0 else 1.0
    x = shape.glass_front[0] - 0.06
    z = float(curve(shape.shoulder, np.array(x))) + 0.075 * big
    tip, foot = model.width / 2, shape.base_width - 0.02
    root = max(foot + 0.03, tip - 0.2)
    sections = [
        (root, 0.55),
        (root + 0.02, 0.86),
        ((root + tip) / 2, 1.0),
        (tip - 0.025, 0.88),
        (tip - 0.006, 0.6),
        (tip, 0.3),
    ]
    turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    profile = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    profile = np.sign(profile) * np.abs(profile) ** 0.7
    size = np.array([0.075, 0.078 * big])
    rings = [
        [(x + 0.02 - 0.12 * (y - root) + s * size[0] * u, y, z + s * size[1] * v) for u, v in profile[::-1]]
        for y, s in sections
    ]
    housing = smooth(loft(rings, finish.paint), crease=1.2)
    low = z - 0.05 * big
    stalk = box((x - 0.035, foot - 0.02, low - 0.03), (x + 0.045, root + 0.05, low + 0.02), finish.plastic)
    back = x - 0.062
    glass = box(
        (back - 0.012, root + 0.02, z - 0.055 * big),
        (back, tip - 0.022, z + 0.055 * big),
        replace_color(finish.chrome, 0.5),
    )
    return [housing, stalk, glass]


def replace_color(style: Style, value: float) -> Style:
    """The style in a grey of `value`."""
    return replace(style, color=(value, value, value))


def handles(lower: Skin, shape: Proportions, finish: Finish) -> list[Mesh]:
    """A grip and its recess at the rear end of each door."""
    grips: list[Mesh] = []
    for rear in shape.door_cuts[1:]:
        start, end = rear + 0.09, rear + 0.27
        z = float(curve(shape.shoulder, np.array(start))) - 0.11
        points = [lower.nearest(x, z) for x in (start, end)]
        away = [point + 0.022 * normal for point, normal in points]
        grips.append(smooth(cylinder(away[0], away[1], 0.014, finish.paint, segments=8)))
        middle, normal = lower.nearest((start + end) / 2, z - 0.012)
        grips.append(_patch(middle + 0.003 * normal, normal, (0.085, 0.022), finish.gap))
    return both(grips)


def _patch(center: Array, normal: Array, half: tuple[float, float], style: Style) -> Mesh:
    """A flat rectangle that faces along `normal`, level with the ground."""
    along = np.cross([0.0, 0.0, 1.0], normal)
    along /= np.linalg.norm(along)
    up = np.cross(normal, along)
    corners = [center + a * half[0] * along + b * half[1] * up for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    return style.mesh(corners, [[0, 1, 2], [0, 2, 3]])


SEGMENTS = (
    ((-0.5, 0.5), (0.5, 0.5)), ((0.5, 0.5), (0.5, 0.0)), ((0.5, 0.0), (0.5, -0.5)), ((-0.5, -0.5), (0.5, -0.5)),
    ((-0.5, 0.0), (-0.5, -0.5)), ((-0.5, 0.5), (-0.5, 0.0)), ((-0.5, 0.0), (0.5, 0.0)),
)  # fmt: skip
"""Strokes of a glyph in a unit square; bit k of a glyph draws stroke k. Not letters of any country."""


def plate(x: float, z: float, facing: float, glyphs: NDArray[np.int64], finish: Finish) -> list[Mesh]:
    """A number plate in the middle of nose (`facing` 1) or tail (-1) at height z, with fictional glyphs."""
    half, tall = PLATE[0] / 2, PLATE[1] / 2
    face = x + facing * 0.01
    meshes = [
        box(
            (min(x - facing * 0.03, face), -half - 0.008, z - tall - 0.008),
            (max(x - facing * 0.03, face), half + 0.008, z + tall + 0.008),
            finish.plastic,
        ),
        box(
            (min(x, face + facing * 0.002), -half, z - tall),
            (max(x, face + facing * 0.002), half, z + tall),
            finish.plate,
        ),
    ]
    front = face + facing * 0.003
    for place, glyph in zip(np.linspace(-0.2, 0.2, len(glyphs)), glyphs, strict=True):
        for k, (start, end) in enumerate(SEGMENTS):
            if not int(glyph) >> k & 1:
                continue
            u = np.array([min(start[0], end[0]), max(start[0], end[0])]) * 0.036 + [-0.005, 0.005] + place
            v = np.array([min(start[1], end[1]), max(start[1], end[1])]) * 0.062 + [-0.005, 0.005] + z
            y = np.sort(facing * u)
            corners = [(front, y[0], v[0]), (front, y[1], v[0]), (front, y[1], v[1]), (front, y[0], v[1])]
            meshes.append(finish.glyph.mesh(corners[:: int(facing)], [[0, 1, 2], [0, 2, 3]]))
    return meshes


def wipers(house: Skin, shape: Proportions, finish: Finish) -> list[Mesh]:
    """Two blades along the windscreen's lower edge."""
    glass = house.points[(house.normals[:, 0] > 0.2) & (house.x > shape.header)]
    lift = float(curve(shape.shoulder, np.array(shape.cowl))) + 0.085
    blades = []
    for y_start, y_end, rise in ((0.1, 0.62, 0.03), (-0.45, 0.02, 0.03)):
        ends = []
        for y, z in ((y_start, lift), (y_end, lift + rise)):
            nearest = glass[np.argsort(np.hypot(glass[:, 1] - y, glass[:, 2] - z))[:3]].mean(axis=0)
            ends.append(np.add(nearest, (0.012, 0.0, 0.018)))
        blades.append(cylinder(ends[0], ends[1], 0.008, finish.plastic, segments=5))
    return blades


def badges(lower: Skin, shape: Proportions, finish: Finish) -> list[Mesh]:
    """A plain disc on nose and tail; no maker's mark."""
    front = max(z for _, z in shape.grille) - 0.05
    rear = shape.rear_plate + PLATE[1] / 2 + 0.075
    ahead, behind = nose_at(lower, front), tail_at(lower, rear)
    return [
        cylinder((ahead - 0.03, 0.0, front), (ahead + 0.008, 0.0, front), 0.045, finish.chrome, segments=20),
        cylinder((behind + 0.03, 0.0, rear), (behind - 0.006, 0.0, rear), 0.04, finish.chrome, segments=20),
    ]


def aerial(house: Skin, shape: Proportions, finish: Finish) -> Mesh:
    """A fin at the roof's rear end."""
    x = shape.roof_end + 0.22
    roof = house.points[(house.side < 1e-6) & (house.normals[:, 2] > 0.5)]
    z = float(np.interp(x, *roof[np.argsort(roof[:, 0])].T[[0, 2]])) - 0.01
    base = [(x + 0.09, 0.0), (x + 0.03, 0.02), (x - 0.05, 0.02), (x - 0.05, -0.02), (x + 0.03, -0.02)]
    rings = [
        [(x - 0.05 + (px - x + 0.05) * s, py * s, z + h) for px, py in base]
        for h, s in ((0.0, 1.0), (0.025, 0.62), (0.05, 0.22))
    ]
    return smooth(loft(rings, finish.paint), crease=0.9)


def roof_rail(shape: Proportions, finish: Finish) -> list[Mesh]:
    """The left rail on two feet."""
    x = np.linspace(shape.header - 0.25, shape.roof_end + 0.15, 9)
    lift = np.array([0.0, 0.03, 0.04, 0.04, 0.04, 0.04, 0.04, 0.03, 0.0])
    z = curve(shape.rail, x) + 0.004 + lift
    turns = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    section = np.stack([0.014 * np.cos(turns), 0.012 * np.sin(turns)], axis=1)
    rings = [[(px, shape.roof_width - 0.06 + u, pz + v) for u, v in section[::-1]] for px, pz in zip(x, z, strict=True)]
    return [smooth(loft(rings, finish.chrome if finish.lining.color[0] > 0.1 else finish.plastic), crease=1.5)]


def door_rail(lower: Skin, shape: Proportions, finish: Finish) -> list[Mesh]:
    """The rail in which the left sliding door runs, behind the door at the height of its handle."""
    start, end = shape.door_cuts[-1] - 0.03, shape.base_end + 0.25
    z = float(curve(shape.shoulder, np.array(start))) - 0.06
    ends = [lower.nearest(x, z)[0] for x in (start, end)]
    return [box((end, ends[1][1] - 0.02, z - 0.018), (start, ends[0][1] + 0.006, z + 0.018), finish.gap)]
