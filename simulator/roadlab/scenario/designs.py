"""Sampling designs: which combinations of the random parameters' values are tried, as points of the unit cube.

`random` draws each sample on its own, keyed by its number; `sobol` and the covering arrays are sequences; in
`latin_hypercube` and `grid` a sample's values depend on how many there are.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from roadlab.randomness import generator, seed32
from roadlab.scenario.covering import covering_array

DESIGNS = ("random", "sobol", "latin_hypercube", "grid", "pairwise", "threewise")
MAX_SAMPLES = 1_000_000
MAX_SOBOL = 1000
"""Parameters."""

Point = dict[str, float]
"""For each random parameter by name its u in [0, 1]."""
Feasible = Callable[[Point], bool]

_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Axis:
    """A random parameter as designs see it."""

    name: str
    levels: tuple[float, ...]
    """Values of u for designs that go through levels."""


@lru_cache(maxsize=4096)
def _block(seed: int, name: str, attempt: int, block: int) -> tuple[float, ...]:
    return tuple(generator(seed, "parameter", name, attempt, block).random(_BLOCK).tolist())


def random_point(seed: int, names: Sequence[str], index: int, attempt: int) -> Point:
    """Attempt number `attempt` at sample `index`; adding a parameter changes none of the others."""
    block, place = divmod(index, _BLOCK)
    return {name: _block(seed, name, attempt, block)[place] for name in names}


def latin_hypercube(seed: int, names: Sequence[str], count: int) -> list[list[int]]:
    """For each name a permutation of `count` cells: each cell of each parameter is used exactly once."""
    return [generator(seed, "latin_hypercube", name, count).permutation(count).tolist() for name in names]


def latin_point(seed: int, names: Sequence[str], cells: list[list[int]], index: int, attempt: int) -> Point:
    """A place inside the cells of sample `index`."""
    inside = random_point(seed, names, index, attempt)
    return {name: (own[index] + inside[name]) / len(own) for name, own in zip(names, cells, strict=True)}


def sobol_points(seed: int, names: Sequence[str]) -> Iterator[Point]:
    """A scrambled Sobol sequence without end (Owen 1998, by SciPy)."""
    from scipy.stats import qmc

    if not names:
        yield from itertools.repeat({})
    rng = np.random.Generator(np.random.PCG64(seed32(seed, "sobol", *names)))
    sequence = qmc.Sobol(len(names), scramble=True, rng=rng)
    while True:
        for row in sequence.random(_BLOCK).tolist():
            yield dict(zip(names, row, strict=True))


def grid_points(axes: Sequence[Axis]) -> Iterator[Point]:
    """Every combination of levels, the last axis fastest."""
    for row in itertools.product(*(axis.levels for axis in axes)):
        yield {axis.name: u for axis, u in zip(axes, row, strict=True)}


def grid_size(axes: Sequence[Axis]) -> int:
    """How many combinations there are."""
    size = 1
    for axis in axes:
        size *= len(axis.levels)
    return size


def covering_points(seed: int, axes: Sequence[Axis], strength: int, feasible: Feasible) -> list[Point]:
    """Few points in which every combination of the levels of any `strength` parameters occurs.

    Combinations that no feasible point has are left out.
    """

    def point(row: Sequence[int]) -> Point:
        return {axis.name: axis.levels[level] for axis, level in zip(axes, row, strict=True)}

    rows = covering_array(
        [len(axis.levels) for axis in axes], strength, seed, feasible=lambda row: feasible(point(row))
    )
    return [point(row) for row in rows]
