"""The lower body cut into what it is made of: painted panels and their gaps, arches, cladding, lamps, grille."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from roadlab.actors.catalog import VehicleModel
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.lamps import head_lamps, mirrored_outline, tail_lamps
from roadlab_sensors.world.vehicles.proportions import Proportions, curve
from roadlab_sensors.world.vehicles.shell import CAVITY, arch_radius, cockpit_field
from roadlab_sensors.world.vehicles.skin import Array, Field, Skin, rounded, signed_distance

GAP = 0.0035
"""Half the width of a panel gap [m]."""


def lower_parts(skin: Skin, shape: Proportions, model: VehicleModel, finish: Finish) -> list[Mesh]:
    """All surfaces of the lower body below the greenhouse."""
    half_way = float(skin.arc.max())
    _, skin = skin.split(cockpit_field(shape, skin, 0.012))
    skin, meshes = wheel_houses(skin, shape, model, finish)
    skin, parts = head_lamps(skin, shape.head_lamp, finish)
    meshes += parts
    skin, parts = tail_lamps(skin, shape.tail_lamp, finish, half_way)
    meshes += parts
    skin, parts = front_openings(skin, shape, model, finish)
    meshes += parts
    skin, parts = cladding(skin, shape, model, finish)
    meshes += parts
    skin, parts = panel_gaps(skin, shape, model, finish)
    return [*meshes, *parts, skin.mesh(finish.paint)]


def wheel_houses(skin: Skin, shape: Proportions, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin with its wheel arches open, and the dark houses behind them."""
    meshes: list[Mesh] = []
    radius = arch_radius(shape, model)
    for axle in (0.0, model.wheelbase):

        def gap(s: Skin, axle: float = axle) -> Array:
            return np.hypot(s.x - axle, s.z - model.wheel_radius) - radius

        disc, skin = skin.split(np.maximum(gap(skin), 0.4 - skin.side))
        inwards = np.zeros_like(disc.points)
        inwards[:, 1] = -np.sign(disc.points[:, 1])
        edge = np.abs(gap(disc)) < 0.004
        lip = disc.rim(0.03 * inwards, edge)
        liner = disc.rim(CAVITY * inwards, edge)
        back = replace(disc, points=disc.points + CAVITY * inwards)
        meshes += [lip.mesh(_arch_style(shape, finish)), liner.mesh(finish.gap), back.mesh(finish.gap)]
    return skin, meshes


def _arch_style(shape: Proportions, finish: Finish) -> Style:
    return finish.plastic if shape.cladding else finish.paint


def front_openings(skin: Skin, shape: Proportions, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin with its grille and intake sunk in, and these."""
    nose = model.length - model.rear_overhang
    meshes: list[Mesh] = []
    for half, radius, bars in ((shape.grille, 0.02, 4), (shape.intake, 0.035, 3)):
        outline = mirrored_outline(half, radius)
        opening, skin = skin.split(np.maximum(signed_distance(outline, skin.points[:, 1], skin.z), nose - 0.6 - skin.x))
        meshes.append(opening.rim(-0.03 * opening.normals).mesh(finish.plastic))
        frame, hole = opening.split(-signed_distance(outline.buffer(-0.012), opening.points[:, 1], opening.z))
        meshes.append(frame.mesh(finish.chrome if bars == 4 else finish.plastic))
        _, low, _, high = outline.bounds
        for height in np.linspace(low, high, bars + 2)[1:-1]:
            bar, hole = hole.level_band(height, 0.006)
            meshes.append(bar.sunk(0.012).mesh(finish.black))
        meshes.append(hole.sunk(0.03).mesh(finish.gap))
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


def panel_gaps(skin: Skin, shape: Proportions, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin without the gaps round doors, bonnet, tailgate, bumpers and fuel flap, and these as dark strips."""
    meshes: list[Mesh] = []
    for field, mask in [*door_lines(shape, model), *nose_lines(shape, model), *tail_lines(shape, model)]:
        gap, skin = skin.strip(field, GAP, mask)
        meshes.append(gap.sunk(0.002).mesh(finish.gap))
    return skin, meshes


def door_lines(shape: Proportions, model: VehicleModel) -> list[tuple[Field, Field]]:
    """Outlines of the doors in the side view, cut away round the rear wheel."""
    wheel = shapely.Point(0.0, model.wheel_radius).buffer(arch_radius(shape, model) + 0.05, quad_segs=24)
    lines: list[tuple[Field, Field]] = []
    for front, rear in zip(shape.door_cuts[:-1], shape.door_cuts[1:], strict=True):
        x = np.array([front, rear])
        low = curve(shape.bottom, x).max() + 0.06 + shape.cladding * 1.2
        high = curve(shape.shoulder, x).max() + 0.3
        corners = [(front - 0.06, low), (front, high - 0.4), (front, high), (rear, high), (rear, low)]
        door = rounded(shapely.Polygon(corners).difference(wheel).exterior.coords, 0.05)
        lines.append((_side_field(door), lambda s: np.maximum(0.5 - s.side, s.z - curve(shape.shoulder, s.x) - 0.02)))
    return lines


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
    """Tailgate or boot lid, the bumper's seam and the fuel flap."""
    tail = -model.rear_overhang
    wide = shape.body_width / 2 - 0.2
    lid = rounded([(-wide, shape.boot_line), (wide, shape.boot_line), (wide + 0.06, 2.0), (-wide - 0.06, 2.0)], 0.05)
    seam = shape.tail_lamp.outline[0][1] - 0.02
    flap = shapely.Point(-0.12, shape.tail_lamp.outline[0][1] + 0.02).buffer(0.075)
    reach = -arch_radius(shape, model) + 0.02
    return [
        (lambda s: signed_distance(lid, s.points[:, 1], s.z), lambda s: np.maximum(s.x - tail - 0.5, s.z - 1.3)),
        (lambda s: s.z - seam, lambda s: np.maximum(s.x - reach, 0.62 - s.side)),
        (_side_field(flap), lambda s: s.points[:, 1] + 0.5),
    ]
