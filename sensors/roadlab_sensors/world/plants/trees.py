"""Trees: three broad-leaved species of streets and gardens, spruces, and groves for the distance."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.world.assembly import Color, body, varied
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.plants.branches import Branches, Forking, limbs, sprout, trunk, unit
from roadlab_sensors.world.plants.leaves import SHADE, along_twigs, leaves
from roadlab_sensors.world.shapes import Style, box, ellipsoid, srgb

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Species:
    """The habit of a broad-leaved tree."""

    height: tuple[float, float]
    """[m]."""
    stem: tuple[float, float]
    """Height of the lowest branches [m]."""
    spread: float
    """Crown radius over crown height."""
    girth: float
    """Radius of the trunk at its foot over the height."""
    fullest: float
    """Where the crown is widest, as a share of its height."""
    boughs: int
    leaf: float
    """Length of a leaf cluster [m]."""
    leaves: int
    green: Color
    bark: Color
    lift: float
    """How steeply the boughs rise; negative hangs."""


SPECIES: dict[str, Species] = {
    "lime": Species(
        (9.5, 12.5), (2.5, 3.0), 0.40, 0.016, 0.4, 20, 0.145, 13000, srgb("#4b6230"), srgb("#5d554a"), 0.35
    ),
    "maple": Species(
        (9.0, 12.0), (2.4, 2.9), 0.52, 0.017, 0.5, 19, 0.165, 13000, srgb("#435a2b"), srgb("#675d52"), 0.45
    ),
    "birch": Species(
        (8.0, 11.0), (1.8, 2.4), 0.28, 0.011, 0.35, 24, 0.105, 12000, srgb("#5f7438"), srgb("#b5b0a6"), 0.3
    ),
    "apple": Species((4.2, 5.6), (1.4, 1.8), 0.60, 0.020, 0.5, 13, 0.115, 8000, srgb("#52683a"), srgb("#5a5148"), 0.25),
}
"""Heights and habits after the usual street-tree lists (GALK); greens after measured leaf reflectance, about 0.1."""


def tree(species: str, rng: np.random.Generator) -> Model:
    """A tree of one of `SPECIES`; origin at the trunk's foot."""
    return body(_grown(SPECIES[species], rng))


def street_tree(species: str, rng: np.random.Generator) -> Model:
    """A tree pruned so that lorries pass under its crown, in a square of open soil 6 mm above the paving."""
    kind = SPECIES[species]
    pruned = replace(
        kind,
        stem=(4.1, 4.6),
        height=(kind.height[0] + 1.0, kind.height[1] + 1.0),
        lift=kind.lift + 0.12,
        spread=min(kind.spread, 0.36),
    )
    soil = Style(srgb("#4d4236"), "soil", "terrain")
    pit = box((-0.55, -0.55, -0.01), (0.55, 0.55, 0.006), soil)
    return body([*_grown(pruned, rng), pit])


def _grown(kind: Species, rng: np.random.Generator) -> list[Mesh]:
    height, stem = rng.uniform(*kind.height), rng.uniform(*kind.stem)
    axis = _axis(height * 0.93, rng)
    girth = kind.girth * height
    wood = Style(varied(kind.bark, rng), "bark", "vegetation")
    boughs = _boughs(axis, stem, height, girth, kind, rng)
    second = sprout(boughs, Forking(6, (0.3, 1.0), (0.5, 1.0), 0.42, 0.18), rng)
    twigs = sprout(second, Forking(5, (0.3, 1.0), (0.4, 1.0), 0.5, 0.0), rng)
    places, outward = along_twigs(twigs, kind.leaves, 0.14, rng)
    above = places[:, 2] > 0.85 * stem
    crown = leaves(places[above], outward[above], kind.leaf, varied(kind.green, rng, 0.08), rng)
    return [trunk(axis, girth, wood, rng), limbs(boughs, wood, 6), limbs(second, wood, 4), limbs(twigs, wood, 3), crown]


def _axis(height: float, rng: np.random.Generator) -> Floats:
    """The trunk's middle line (K, 3): upright at its foot, a little crooked above."""
    levels = np.linspace(0.0, 1.0, 9)
    sway = np.cumsum(rng.normal(0.0, 0.012 * height, (9, 2)) * levels[:, None], axis=0)
    z = height * levels**1.15
    z[1] = min(z[1], 0.35)
    return np.column_stack([sway, z])


def _boughs(
    axis: Floats, stem: float, height: float, girth: float, kind: Species, rng: np.random.Generator
) -> Branches:
    """Branches of the first order: they end on the crown's outline."""
    n = kind.boughs
    share = (np.arange(n) + rng.uniform(0.2, 0.8, n)) / n
    z = stem + share * (axis[-1, 2] - stem)
    foot = np.column_stack([*(np.interp(z, axis[:, 2], axis[:, k]) for k in range(2)), z])
    turn = np.arange(n) * 2.39996 + rng.normal(0.0, 0.3, n)
    crown = height - stem
    profile = np.where(
        share < kind.fullest,
        0.72 + 0.28 * share / kind.fullest,
        np.sqrt(np.maximum(1.0 - ((share - kind.fullest) / (1.02 - kind.fullest)) ** 2, 0.02)),
    )
    length = np.maximum(kind.spread * crown * profile * rng.uniform(0.8, 1.08, n) * 0.86, 0.5)
    rise = kind.lift * (0.6 + 1.6 * share) + rng.normal(0.0, 0.1, n)
    direction = unit(np.column_stack([np.cos(turn), np.sin(turn), rise]))
    radius = girth * (1.0 - 0.75 * z / height) * 0.5
    return Branches(foot, direction, length, radius)


def spruce(rng: np.random.Generator) -> Model:
    """A spruce of 12 to 17 m with branches in whorls down to the ground."""
    height = float(rng.uniform(12.0, 17.0))
    axis = np.column_stack([np.zeros((7, 2)), height * np.linspace(0.0, 1.0, 7)])
    wood = Style(varied(srgb("#4f443b"), rng), "bark", "vegetation")
    whorls, each = 28, 7
    z = np.repeat(1.1 + (height - 1.25) * np.linspace(0.0, 1.0, whorls) ** 0.95, each) + rng.normal(
        0.0, 0.1, whorls * each
    )
    z = np.clip(z, 1.0, height - 0.05)
    turn = rng.uniform(0.0, 2 * np.pi, len(z))
    length = np.maximum(0.22 * (height - z) * rng.uniform(0.75, 1.1, len(z)), 0.08)
    fall = -0.22 + 0.7 * (z / height) + rng.normal(0.0, 0.06, len(z))
    direction = unit(np.column_stack([np.cos(turn), np.sin(turn), fall]))
    boughs = Branches(np.column_stack([np.zeros((len(z), 2)), z]), direction, length, 0.01 + 0.008 * length)
    twigs = sprout(boughs, Forking(6, (0.1, 1.0), (0.5, 1.0), 0.34, -0.12), rng)
    spread, direct = along_twigs(twigs, 9500, 0.06, rng), along_twigs(boughs, 3500, 0.06, rng)
    places, outward = np.concatenate([spread[0], direct[0]]), np.concatenate([spread[1], direct[1]])
    needles = leaves(places, outward, 0.19, varied(srgb("#2f4128"), rng), rng, slender=0.45, droop=0.5)
    return body([trunk(axis, 0.014 * height, wood, rng), limbs(boughs, wood, 3), needles])


def grove(rng: np.random.Generator, length: float = 30.0, leaf: float = 0.8) -> Model:
    """The edge of a wood along x, for the distance: crowns of coarse leaf masses, shrubs at their feet.

    Its middle is at the origin; `leaf` is the size of the masses [m].
    """
    meshes: list[Mesh] = []
    bark = Style(srgb("#40382f"), "bark", "vegetation")
    shade = Style(SHADE, "leaf", "vegetation")
    count = round(length / 3.4)
    share = (0.8 / leaf) ** 2
    for k in range(count):
        x, y = (k + 0.5) * length / count - length / 2 + rng.normal(0.0, 0.8), rng.uniform(-3.5, 3.5)
        height = rng.uniform(8.0, 15.0)
        radius = height * rng.uniform(0.24, 0.34)
        green = varied(srgb(str(rng.choice(["#3f5328", "#4a5f30", "#37492a", "#56683a"]))), rng, 0.1)
        points, outward = _shell(int(700 * share), rng)
        lumps = 1.0 + 0.16 * np.sin(3.1 * points[:, 0] + 9.0 * rng.random()) * np.cos(
            3.7 * points[:, 2] + 2.0 * points[:, 1]
        )
        crown = points * lumps[:, None] * [radius, radius, 0.42 * height] + np.array([x, y, 0.58 * height])
        meshes.append(leaves(crown, outward, leaf, green, rng, slender=0.85))
        core = np.array([0.72 * radius, 0.72 * radius, 0.3 * height])
        meshes.append(ellipsoid((x, y, 0.58 * height), core, shade, segments=9, rings=6))
        axis = np.array([[x, y, 0.0], [x, y, 0.3], [x, y, 0.6 * height]])
        meshes.append(trunk(axis, 0.02 * height, bark, rng, sides=6))
    points, outward = _shell(int(30 * length * share), rng)
    shrubs = points * [length / 2, 3.5, 2.2] + np.array([0.0, 0.0, 1.9])
    shrubs[:, 2] = np.maximum(shrubs[:, 2] + rng.normal(0.0, 0.4, len(shrubs)), 0.35)
    meshes.append(ellipsoid((0.0, 0.0, 1.3), (0.45 * length, 2.4, 1.3), shade, segments=20, rings=6))
    meshes.append(leaves(shrubs, outward, 0.75 * leaf, varied(srgb("#4b5c31"), rng, 0.1), rng, slender=0.8, droop=0.1))
    return body(meshes)


def _shell(count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Points in the outer part of the unit ball and their directions from its centre."""
    outward = unit(rng.normal(0.0, 1.0, (count, 3)))
    return outward * rng.uniform(0.75, 1.05, count)[:, None], outward
