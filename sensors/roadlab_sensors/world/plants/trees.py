"""Trees: broad-leaved species of streets and gardens, and spruces."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.world.assembly import Color, body, varied
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.plants.branches import Branches, Forking, limbs, sprout, trunk, unit
from roadlab_sensors.world.plants.leaves import along_twigs, leaves
from roadlab_sensors.world.shapes import Style, box, srgb

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
    """Length of a leaf cluster on trees beside the road [m]."""
    leaves: int
    """Clusters on trees beside the road."""
    green: Color
    bark: Color
    lift: float
    """How steeply the boughs rise; negative hangs."""


SPECIES: dict[str, Species] = {
    "lime": Species(
        (9.5, 12.5), (2.5, 3.0), 0.40, 0.016, 0.4, 20, 0.235, 4800, (0.082, 0.165, 0.038), srgb("#5d554a"), 0.35
    ),
    "maple": Species(
        (9.0, 12.0), (2.4, 2.9), 0.52, 0.017, 0.5, 19, 0.27, 5200, (0.070, 0.150, 0.034), srgb("#675d52"), 0.45
    ),
    "birch": Species(
        (8.0, 11.0), (1.8, 2.4), 0.28, 0.011, 0.35, 22, 0.185, 4800, (0.105, 0.185, 0.046), srgb("#b5b0a6"), 0.3
    ),
    "apple": Species(
        (4.2, 5.6), (1.4, 1.8), 0.60, 0.020, 0.5, 13, 0.18, 3600, (0.085, 0.150, 0.044), srgb("#5a5148"), 0.25
    ),
}
"""Heights and habits after the usual street-tree lists (GALK); greens after measured leaf reflectance, about 0.15."""


@dataclass(frozen=True, slots=True)
class Grain:
    """How finely a tree is modelled, which depends on how near to it a road leads past."""

    leaves: float
    """Leaf clusters as a share of those of a tree beside the road."""
    size: float
    """Their length over that of a tree beside the road."""
    trunk: tuple[int, int]
    """Levels and sides."""
    limbs: tuple[int, ...]
    """Sides of the branches, order by order; orders beyond carry leaves and are not seen."""


FINE = Grain(1.0, 1.0, (9, 8), (4, 3))
"""For trees beside the road."""
COARSE = Grain(0.36, 1.6, (5, 5), (3,))
"""For trees further than a dozen metres from it."""


_NEEDLES = (0.045, 0.092, 0.034)


def tree(species: str, rng: np.random.Generator, grain: Grain = FINE) -> Model:
    """A tree of one of `SPECIES`; origin at the trunk's foot."""
    return body(_grown(SPECIES[species], rng, grain))


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
    return body([*_grown(pruned, rng, FINE), pit])


def _grown(kind: Species, rng: np.random.Generator, grain: Grain) -> list[Mesh]:
    height, stem = rng.uniform(*kind.height), rng.uniform(*kind.stem)
    levels, sides = grain.trunk
    axis = _axis(height * 0.93, levels, rng)
    girth = kind.girth * height
    wood = Style(varied(kind.bark, rng), "bark", "vegetation")
    boughs = _boughs(axis, stem, height, girth, kind, rng)
    second = sprout(boughs, Forking(4, (0.3, 1.0), (0.5, 1.0), 0.42, 0.18), rng)
    twigs = sprout(second, Forking(6, (0.25, 1.0), (0.4, 1.0), 0.55, 0.0), rng)
    places, outward = along_twigs(twigs, round(grain.leaves * kind.leaves), 0.14 * grain.size, rng)
    above = places[:, 2] > 0.85 * stem + 0.4 * (grain.size - 1.0)
    size = grain.size * kind.leaf
    crown = leaves(places[above], outward[above], size, varied(kind.green, rng, 0.08), rng)
    branches = [limbs(order, wood, n) for order, n in zip((boughs, second), grain.limbs, strict=False)]
    return [trunk(axis, girth, wood, rng, sides=sides), *branches, crown]


def _axis(height: float, levels: int, rng: np.random.Generator) -> Floats:
    """The trunk's middle line (`levels`, 3): upright at its foot, a little crooked above."""
    share = np.linspace(0.0, 1.0, levels)
    sway = np.cumsum(rng.normal(0.0, 0.036 / np.sqrt(levels) * height, (levels, 2)) * share[:, None], axis=0)
    z = height * share**1.15
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


def spruce(rng: np.random.Generator, grain: Grain = FINE) -> Model:
    """A spruce of 12 to 17 m with branches in whorls down to the ground."""
    height = float(rng.uniform(12.0, 17.0))
    levels, sides = grain.trunk
    axis = np.column_stack([np.zeros((levels, 2)), height * np.linspace(0.0, 1.0, levels)])
    wood = Style(varied(srgb("#4f443b"), rng), "bark", "vegetation")
    whorls, each = 21, 6
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
    spread = along_twigs(twigs, round(3000 * grain.leaves), 0.06, rng)
    direct = along_twigs(boughs, round(1200 * grain.leaves), 0.06, rng)
    places, outward = np.concatenate([spread[0], direct[0]]), np.concatenate([spread[1], direct[1]])
    needles = leaves(places, outward, 0.34 * grain.size, varied(_NEEDLES, rng), rng, slender=0.6, droop=0.5)
    wooden = [limbs(boughs, wood, n) for n in grain.limbs[1:]]
    return body([trunk(axis, 0.014 * height, wood, rng, sides=sides), *wooden, needles])
