"""Lamp units cut from a skin: a housing behind the lens, and fields that shine with their group."""

from __future__ import annotations

import numpy as np
import shapely

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.proportions import Lamps
from roadlab_sensors.world.vehicles.skin import Array, Skin, everywhere, rounded, signed_distance

CLEAR = (0.5, 0.52, 0.54)
SMOKE = (0.1, 0.1, 0.105)
AMBER = (0.62, 0.2, 0.02)
RED = (0.22, 0.004, 0.008)
DARK_RED = (0.05, 0.003, 0.004)
BRIGHT_RED = (0.42, 0.008, 0.014)


def head_lamps(skin: Skin, lamps: Lamps, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin without its head lamps, and they: low beam, daytime strip and indicator in a dark housing."""
    outline = rounded(lamps.outline, lamps.radius)
    unit, rest = skin.split(np.maximum(signed_distance(outline, skin.arc, skin.z), 1.0 - skin.x))
    inner = outline.buffer(-0.014)
    left, low, right, high = inner.bounds
    width = right - left
    indicator = inner.intersection(shapely.box(left + 0.72 * width, low, right, high))
    beam = inner.intersection(shapely.box(left, low, left + 0.68 * width, high))
    glowing, housing = unit.split(signed_distance(beam, unit.arc, unit.z))
    amber, housing = housing.split(signed_distance(indicator, housing.arc, housing.z))
    shadow, glowing = glowing.strip(lambda s: s.arc - left - 0.33 * width, 0.012, everywhere)
    meshes = [
        housing.mesh(finish.lamp(None, SMOKE)),
        shadow.mesh(finish.lamp(None, SMOKE)),
        glowing.mesh(finish.lamp("head", CLEAR)),
    ]
    return rest, meshes + _sided(amber, finish, (0.6, 0.42, 0.28))


def tail_lamps(skin: Skin, lamps: Lamps, finish: Finish, half_way: float) -> tuple[Skin, list[Mesh]]:
    """The skin without its tail lamps, and they; `half_way` is the arc at the middle of the tail [m]."""
    outline = rounded(lamps.outline, lamps.radius)

    def inside(shape: shapely.Geometry, part: Skin) -> Array:
        return np.maximum(signed_distance(shape, half_way - part.arc, part.z), part.x - 0.6)

    unit, rest = skin.split(inside(outline, skin))
    inner = outline.buffer(-0.012)
    left, low, right, high = inner.bounds
    split = low + 0.42 * (high - low)
    brake, unit = unit.split(inside(inner.intersection(shapely.box(left, split, right, high)), unit))
    middle = left + 0.5 * (right - left)
    amber, unit = unit.split(inside(inner.intersection(shapely.box(middle, low, right, split - 0.012)), unit))
    reversing = shapely.box(left + 0.02, low, middle - 0.03, split - 0.012)
    white, unit = unit.split(inside(inner.intersection(reversing), unit))
    tail, housing = unit.split(inside(inner, unit))
    meshes = [tail.mesh(finish.lamp("tail", RED)), brake.mesh(finish.lamp("brake", BRIGHT_RED))]
    meshes.append(housing.mesh(finish.lamp(None, DARK_RED)))
    return rest, [*meshes, white.mesh(finish.lamp("reverse", CLEAR)), *_sided(amber, finish, AMBER)]


def _sided(skin: Skin, finish: Finish, color: tuple[float, float, float]) -> list[Mesh]:
    """The left and the right half, each with its indicator's group."""
    right, left = skin.split(skin.points[:, 1])
    return [left.mesh(finish.lamp("left", color)), right.mesh(finish.lamp("right", color))]
