"""The outer shape of a car: a lower body and a greenhouse, each a stack of horizontal outlines under a curved deck.

An outline is a superellipse at nose and tail with a straight flank between them. Rings of the lower body rise from
the sill to the shoulder; those of the greenhouse lean from the belt line to the cant rail; both close on the plane of
symmetry.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import VehicleModel
from roadlab_sensors.world.vehicles.panels import CAVITY
from roadlab_sensors.world.vehicles.proportions import Proportions, curve
from roadlab_sensors.world.vehicles.skin import Array, Skin, grid_skin

BODY_LEVELS = np.array(
    [0.0, 0.04, 0.09, 0.17, 0.26, 0.35, 0.42, 0.48, 0.54, 0.61, 0.685, 0.725, 0.78, 0.84, 0.89, 0.93, 0.965, 1.0]
)
DECK_LEVELS = np.array([0.07, 0.25, 0.6, 1.0])
GLASS_LEVELS = np.array([0.0, 0.07, 0.2, 0.34, 0.48, 0.62, 0.75, 0.85, 0.92, 0.965, 1.0])
PROUD = 0.012
"""How far plates and badges may stand off nose and tail [m]."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A horizontal outline; fields may be arrays that broadcast against the columns [m]."""

    front: Array | float
    rear: Array | float
    half_width: Array | float
    front_depth: float
    rear_depth: Array | float
    front_exponent: float
    rear_exponent: float
    middle: float = 0.0
    """Where a barrelled outline is widest."""
    half_length: float = np.inf
    """How far from there it is 3 % narrower."""

    def at(self, columns: Array) -> tuple[Array, Array]:
        """Points (x, y >= 0) of the left half; columns run from 0 at the nose over 1 and 2, the flank's ends, to 3."""
        cosine, sine = _superellipse(np.clip(columns, 0, 1), self.front_exponent)
        rear_cosine, rear_sine = _superellipse(np.clip(3 - columns, 0, 1), self.rear_exponent)
        start, end = self.front - self.front_depth, self.rear + self.rear_depth
        x = start + (end - start) * np.clip(columns - 1, 0, 1)
        x = x + self.front_depth * cosine - self.rear_depth * rear_cosine
        taper = 1 - 0.03 * np.abs((x - self.middle) / self.half_length) ** 2.5
        y = self.half_width * taper * np.where(columns < 1.5, sine, rear_sine)
        return x, y


def _superellipse(share: Array, exponent: float) -> tuple[Array, Array]:
    """Cosine and sine of a unit superellipse's quarter at shares of a right angle."""
    angle = share * (np.pi / 2)
    c, s = np.where(share >= 1, 0.0, np.cos(angle)), np.where(share <= 0, 0.0, np.sin(angle))
    radius = (c**exponent + s**exponent) ** (-1 / exponent)
    return radius * c, radius * s


def columns(front: int, side: int, rear: int) -> Array:
    """Columns of the left half of an outline, nose to tail."""
    return np.concatenate(
        [np.linspace(0, 1, front, endpoint=False), np.linspace(1, 2, side, endpoint=False), np.linspace(2, 3, rear + 1)]
    )


def both_sides(half: Array) -> Array:
    """Closed rings (K, 2n - 2, 3) from their left halves (K, n, 3) that start and end at y = 0."""
    return np.concatenate([half, half[:, -2:0:-1] * [1.0, -1.0, 1.0]], axis=1)


def folded(half: Array, levels: Array, height: Array) -> Array:
    """Rings that close the last of `half` (K, n, 3) towards y = 0, rising to `height` (n,) in the middle."""
    edge = half[-1]
    inner = np.repeat(edge[None], len(levels), axis=0)
    inner[:, :, 1] *= (1 - levels)[:, None]
    inner[:, :, 2] += (1 - (1 - levels[:, None]) ** 2) * height
    return np.concatenate([half, inner])


def arc_length(half_ring: Array) -> Array:
    """(2n - 2,) way from the nose along a left half (n, 3), mirrored for the right."""
    steps = np.linalg.norm(np.diff(half_ring[:, :2], axis=0), axis=1)
    arc = np.concatenate([[0.0], np.cumsum(steps)])
    return np.concatenate([arc, arc[-2:0:-1]])


def _plan(shape: Proportions, model: VehicleModel, level: Array) -> Outline:
    """The body's outline from above at levels from the sill, 0, to the shoulder, 1."""
    nose, tail = model.length - model.rear_overhang, -model.rear_overhang
    return Outline(
        front=nose - PROUD - curve(shape.nose, level),
        rear=tail + PROUD + curve(shape.tail, level),
        half_width=shape.body_width / 2 - curve(shape.flank, level),
        front_depth=shape.nose_depth,
        rear_depth=shape.tail_depth,
        front_exponent=shape.nose_exponent,
        rear_exponent=shape.tail_exponent,
        middle=(nose + tail) / 2,
        half_length=model.length / 2,
    )


def lower_body(shape: Proportions, model: VehicleModel) -> Skin:
    """Bumpers, flanks, bonnet and boot, closed but for the floor; without cuts."""
    level = BODY_LEVELS[:, None]
    grid = columns(18, 30, 14)
    x, y = _plan(shape, model, level).at(grid[None, :])
    bottom, top = curve(shape.bottom, x), curve(shape.shoulder, x)
    z = bottom + (top - bottom) * _eased(level)
    y = y + _flare(shape, model, x, z) * np.clip(y * 4 - 2, 0, 1)
    crown, share = curve(shape.crown, x), (y / y.max(axis=1, keepdims=True)) ** 2
    z = z + crown * (1 - share) * level**4
    rings = folded(np.stack([x, y, z], axis=-1), DECK_LEVELS, crown[-1] * share[-1])
    return grid_skin(both_sides(rings), arc_length(rings[9]))


def _eased(level: Array) -> Array:
    """Share of the height at a ring; the last rings crowd under the shoulder so that it is round."""
    return np.where(level < 0.9, level, level + 0.25 * (level - 0.9) * (1 - level) / 0.1)


def _flare(shape: Proportions, model: VehicleModel, x: Array, z: Array) -> Array:
    """Outward swell of the sheet round the wheel arches [m]."""
    radius = arch_radius(shape, model)
    swell = np.zeros_like(x)
    for axle in (0.0, model.wheelbase):
        gap = np.hypot(x - axle, z - model.wheel_radius) - radius
        swell = np.maximum(swell, 0.014 * np.exp(-((gap / 0.09) ** 2)))
    return swell


def arch_radius(shape: Proportions, model: VehicleModel) -> float:
    """Of the wheel arches about the wheel centre [m]."""
    return model.wheel_radius + shape.arch_gap


def glass_outline(shape: Proportions, share: Array) -> Outline:
    """Outlines of the greenhouse at shares of its height."""
    lean = share - 0.05 * np.sin(np.pi * share)
    turn_in = 0.05 * np.clip((share - 0.84) / 0.16, 0, 1) ** 2
    bulge = 0.022 * np.sin(np.pi * share)
    return Outline(
        front=shape.cowl + (shape.header - shape.cowl) * share + bulge - turn_in,
        rear=shape.base_end + (shape.roof_end - shape.base_end) * lean + turn_in,
        half_width=shape.base_width + (shape.roof_width - shape.base_width) * share + bulge * 0.8 - turn_in * 0.7,
        front_depth=0.42,
        rear_depth=shape.tail_depth - max(shape.tail_depth - 0.32, 0.0) * share,
        front_exponent=4.0,
        rear_exponent=shape.tail_exponent,
        middle=(shape.shoulder[0][0] + shape.shoulder[-1][0]) / 2,
        half_length=(shape.shoulder[0][0] - shape.shoulder[-1][0]) / 2,
    )


def greenhouse(shape: Proportions, step: float = 0.15, levels: Array = GLASS_LEVELS) -> Skin:
    """Windscreen, pillars, side windows, rear window and roof in one skin, open below; columns `step` apart [m]."""
    level = levels[:, None]
    grid = columns(round(1.8 / step), round((shape.cowl - shape.base_end - 0.7) / step), round(1.5 / step))
    share = level * (1 - 0.25 * np.clip((level - 0.84) / 0.16, 0, 1) * (1 - level))
    x, y = glass_outline(shape, share).at(grid[None, :])
    base, rail = curve(shape.shoulder, x) - 0.02, curve(shape.rail, x)
    across = (y / y.max(axis=1, keepdims=True)) ** 2
    z = base + (rail - base + shape.roof_crown * (1 - across)) * level
    rings = folded(np.stack([x, y, z], axis=-1), DECK_LEVELS, shape.roof_crown * across[-1])
    return grid_skin(both_sides(rings), arc_length(rings[len(levels) // 3]))


def cockpit_field(shape: Proportions, skin: Skin, inset: float) -> NDArray[np.float64]:
    """Negative where a point of the lower body's deck lies under the greenhouse, `inset` within its base [m]."""
    outline = glass_outline(shape, np.array([0.03]))
    grid = np.linspace(0, 3, 400)
    x, y = outline.at(grid)
    order = np.argsort(x)
    limit = np.interp(skin.x, x[order], y[order], left=-1.0, right=-1.0)
    above = curve(shape.shoulder, skin.x) - 0.03 - skin.z
    return np.maximum(skin.side - limit + inset, above)


def floor(shape: Proportions, model: VehicleModel) -> Skin:
    """The underside between the sills, open at the wheels, facing down."""
    x, y = _plan(shape, model, np.zeros(1)).at(columns(6, 14, 5))
    half = np.stack([x, y * 0.975, curve(shape.bottom, x) + 0.004], axis=-1)[None]
    rings = both_sides(folded(half, np.array([0.4, 0.75, 1.0]), np.zeros(len(x))))
    skin = grid_skin(rings, arc_length(half[0])).reversed()
    for axle in (0.0, model.wheelbase):
        well = np.maximum(np.abs(skin.x - axle) - arch_radius(shape, model), shape.body_width / 2 - CAVITY - skin.side)
        _, skin = skin.split(well)
    return skin
