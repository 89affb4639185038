"""The lower body cut into what it is made of: painted panels and their gaps, arches, cladding, lamps, grille."""

from __future__ import annotations

import numpy as np
import shapely

from roadlab.actors.catalog import VehicleModel
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import mirrored
from roadlab_sensors.world.vehicles.bed import open_bed
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.lamps import head_lamps, tail_lamps
from roadlab_sensors.world.vehicles.livery import banded
from roadlab_sensors.world.vehicles.panels import (
    CAVITY,
    across,
    gaps,
    louvres,
    mirrored_outline,
    wheel_arch,
    wheel_house,
)
from roadlab_sensors.world.vehicles.proportions import Proportions, curve
from roadlab_sensors.world.vehicles.shell import arch_radius, cockpit_field
from roadlab_sensors.world.vehicles.skin import Array, Field, Skin, rounded, signed_distance

GAP = 0.0035
"""Half the width of a panel gap [m]."""


def lower_parts(skin: Skin, shape: Proportions, model: VehicleModel, finish: Finish) -> list[Mesh]:
    """All surfaces of the lower body below the greenhouse."""
    half_way = float(skin.arc.max())
    _, skin = skin.split(cockpit_field(shape, skin, 0.012))
    skin, meshes = wheel_houses(skin, shape, model, finish)
    if shape.bed is not None:
        skin, parts = open_bed(skin, shape, shape.bed, finish)
        meshes += parts
    skin, parts = head_lamps(skin, shape.head_lamp, finish)
    meshes += parts
    skin, parts = tail_lamps(skin, shape.tail_lamp, finish, half_way)
    meshes += parts
    skin, parts = front_openings(skin, shape, model, finish)
    meshes += parts
    skin, parts = cladding(skin, shape, model, finish)
    meshes += parts
    lines = [*door_lines(shape, model), *nose_lines(shape, model), *tail_lines(shape, model)]
    skin, parts = gaps(skin, lines, GAP, finish.gap)
    return [*meshes, *parts, *banded(skin, shape, finish)]


def wheel_houses(skin: Skin, shape: Proportions, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin with its wheel arches open, and the dark houses behind them."""
    meshes: list[Mesh] = []
    radius, outer = arch_radius(shape, model), shape.body_width / 2 - 0.02
    for axle in (0.0, model.wheelbase):
        lip, skin = wheel_arch(skin, axle, model.wheel_radius, radius)
        low = float(curve(shape.bottom, np.array([axle - radius, axle + radius])).max()) + 0.005
        house = wheel_house(axle, model.wheel_radius, radius + 0.006, low, outer, CAVITY, finish.gap)
        meshes += [lip.mesh(finish.plastic), house, mirrored(house)]
    return skin, meshes


def front_openings(skin: Skin, shape: Proportions, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin with its grille and intake sunk in, and these."""
    nose = model.length - model.rear_overhang
    meshes: list[Mesh] = []
    for half, radius, bars, frame in ((shape.grille, 0.02, 2, finish.chrome), (shape.intake, 0.035, 1, finish.plastic)):
        outline = mirrored_outline(half, radius)
        opening, skin = skin.split(across(skin, outline, nose - 0.6 - skin.x))
        meshes += louvres(opening, outline, bars, frame, finish)
    return skin, meshes


def cladding(skin: Skin, shape: Proportions, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The painted rest, and the dark plastic along sills, bumper lips and, on cars that have it, arches."""
    rise = skin.z - curve(shape.bottom, skin.x)
    diffuser = 0.1 * np.clip((0.45 - model.rear_overhang - skin.x) / 0.25, 0.0, 1.0)
    field = rise - (0.035 + 1.2 * shape.cladding + diffuser)
    cowl = np.maximum(cockpit_field(shape, skin, -0.05), shape.header + 0.3 - skin.x)
    field = np.minimum(field, cowl)
    if shape.cladding:
        radius = arch_radius(shape, model) + shape.cladding
        for axle in (0.0, model.wheelbase):
            arch = np.maximum(np.hypot(skin.x - axle, skin.z - model.wheel_radius) - radius, 0.4 - skin.side)
            field = np.minimum(field, arch)
    dark, rest = skin.split(field)
    return rest, [dark.mesh(finish.plastic)]


def door_lines(shape: Proportions, model: VehicleModel) -> list[tuple[Field, Field]]:
    """Outline of all doors of a side, cut away round the rear wheel, and the cuts between them."""
    wheel = shapely.Point(0.0, model.wheel_radius).buffer(arch_radius(shape, model) + 0.05, quad_segs=24)
    front, *inner, rear = shape.door_cuts
    x = np.array([front, rear])
    low = float(curve(shape.bottom, x).max()) + 0.06 + shape.cladding * 1.2
    high = float(curve(shape.shoulder, x).max()) + 0.3
    corners = [(front - 0.06, low), (front, high - 0.4), (front, high), (rear, high), (rear, low)]
    doors = rounded(shapely.Polygon(corners).difference(wheel).exterior.coords, 0.05)

    def below_glass(s: Skin) -> Array:
        return np.maximum(0.5 - s.side, s.z - curve(shape.shoulder, s.x) - 0.02)

    cuts = [(_upright(cut), lambda s: np.maximum(below_glass(s), low - s.z)) for cut in inner]
    return [(_side_field(doors), below_glass), *cuts]


def _side_field(outline: shapely.Polygon) -> Field:
    return lambda s: signed_distance(outline, s.x, s.z)


def nose_lines(shape: Proportions, model: VehicleModel) -> list[tuple[Field, Field]]:
    """The bonnet's sides and leading edge, and the seam between bumper and wing."""
    nose = model.length - model.rear_overhang
    edge = shape.head_lamp.outline[1][1] + 0.035
    seam = shape.head_lamp.outline[-2][1]
    reach = model.wheelbase + 0.2

    def bonnet_side(s: Skin) -> Array:
        return s.side - (shape.body_width / 2 - 0.115) - 0.1 * np.clip(nose - 0.5 - s.x, -0.5, 0.0)

    return [
        (bonnet_side, lambda s: np.maximum(np.maximum(shape.cowl - 0.3 - s.x, s.x - nose + 0.3), edge - s.z)),
        (lambda s: s.z - edge, lambda s: np.maximum(nose - 0.35 - s.x, s.side - 0.62)),
        (lambda s: s.z - seam, lambda s: np.maximum(np.maximum(reach - s.x, 0.6 - s.side), s.x - nose + 0.45)),
    ]


def tail_lines(shape: Proportions, model: VehicleModel) -> list[tuple[Field, Field]]:
    """Tailgate or boot lid, or two doors, and the bumper's seam."""
    tail = -model.rear_overhang
    wide = shape.body_width / 2 - (0.1 if shape.panelled else 0.2)
    lid = rounded([(-wide, shape.boot_line), (wide, shape.boot_line), (wide + 0.06, 3.0), (-wide - 0.06, 3.0)], 0.05)
    seam = shape.tail_lamp.outline[0][1] - 0.02
    reach = -arch_radius(shape, model) + 0.02
    lines: list[tuple[Field, Field]] = [
        (
            lambda s: signed_distance(lid, s.points[:, 1], s.z),
            lambda s: np.maximum(s.x - tail - 0.5, s.z - curve(shape.shoulder, s.x)),
        ),
        (lambda s: s.z - seam, lambda s: np.maximum(s.x - reach, 0.62 - s.side)),
    ]
    if shape.panelled:
        lines.append((lambda s: s.points[:, 1], lambda s: np.maximum(s.x - tail - 0.3, shape.boot_line - s.z)))
    return lines


def house_lines(shape: Proportions) -> list[tuple[Field, Field]]:
    """Door gaps that go on above the belt line of a panelled body."""
    if not shape.panelled:
        return []
    top = max(z for _, z in shape.rail) - 0.06
    front, *_, rear = shape.door_cuts

    def flank(s: Skin) -> Array:
        return np.maximum(0.6 - np.abs(s.normals[:, 1]), s.z - top)

    uprights: list[tuple[Field, Field]] = [(_upright(cut), flank) for cut in shape.door_cuts[1:]]
    head: tuple[Field, Field] = (
        lambda s: s.z - top,
        lambda s: np.maximum(np.maximum(rear - s.x, s.x - front + 0.45), 0.5 - s.side),
    )
    split: tuple[Field, Field] = (lambda s: s.points[:, 1], lambda s: np.maximum(s.x - shape.roof_end, s.z - top))
    return [*uprights, head, split]


def _upright(x: float) -> Field:
    return lambda s: s.x - x
