"""Covering arrays: few rows in which every combination of the levels of any t factors occurs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from roadlab.randomness import generator

MAX_COMBINATIONS = 2_000_000
CANDIDATES = 12
"""Rows tried for each row kept; more make smaller arrays and take longer."""
TRIES = 200
"""Completions tried before a combination counts as impossible."""

Combination = tuple[tuple[int, int], ...]
"""(factor, level) pairs in order of factor."""


def covering_array(
    levels: Sequence[int], strength: int, seed: int, feasible: Callable[[Sequence[int]], bool] = lambda _: True
) -> list[tuple[int, ...]]:
    """Rows with a level for each factor; greedy, after AETG (Cohen, Dalal, Fredman and Patton 1997).

    ValueError when there are too many combinations. One that no feasible row has is left uncovered.
    """
    strength = min(strength, len(levels))
    if strength == 0:
        return [()]
    size = sum(int(np.prod([levels[f] for f in some])) for some in itertools.combinations(range(len(levels)), strength))
    if size > MAX_COMBINATIONS:
        raise ValueError(f"{size} combinations of {strength} levels; at most {MAX_COMBINATIONS}")
    open_ = _all_combinations(levels, strength)
    rng = generator(seed, "covering", strength, *levels)
    rows: list[tuple[int, ...]] = []
    while open_:
        target = next(iter(open_))
        row = _best_row(levels, strength, target, open_, rng, feasible)
        if row is None:
            del open_[target]  # no feasible row has it
            continue
        rows.append(row)
        for combination in _covered(row, strength):
            open_.pop(combination, None)
    return rows


def _all_combinations(levels: Sequence[int], strength: int) -> dict[Combination, None]:
    found: dict[Combination, None] = {}
    for factors in itertools.combinations(range(len(levels)), strength):
        for chosen in itertools.product(*(range(levels[factor]) for factor in factors)):
            found[tuple(zip(factors, chosen, strict=True))] = None
    return found


def _covered(row: Sequence[int], strength: int) -> list[Combination]:
    return [tuple(some) for some in itertools.combinations(enumerate(row), strength)]


def _best_row(
    levels: Sequence[int],
    strength: int,
    target: Combination,
    open_: dict[Combination, None],
    rng: np.random.Generator,
    feasible: Callable[[Sequence[int]], bool],
) -> tuple[int, ...] | None:
    """A feasible row with the target that covers many other open combinations."""
    best: tuple[int, tuple[int, ...]] | None = None
    found = 0
    for attempt in range(TRIES):
        row = _greedy(levels, target, open_, rng, strength) if attempt < CANDIDATES else _random(levels, target, rng)
        if not feasible(row):
            continue
        gain = sum(combination in open_ for combination in _covered(row, strength))
        if best is None or gain > best[0]:
            best = (gain, row)
        found += 1
        if found >= CANDIDATES or attempt >= CANDIDATES:
            break
    return best[1] if best else None


def _random(levels: Sequence[int], target: Combination, rng: np.random.Generator) -> tuple[int, ...]:
    fixed = dict(target)
    return tuple(fixed.get(factor, int(rng.integers(count))) for factor, count in enumerate(levels))


def _greedy(
    levels: Sequence[int],
    target: Combination,
    open_: dict[Combination, None],
    rng: np.random.Generator,
    strength: int,
) -> tuple[int, ...]:
    """Factor by factor in random order, each at the level that completes most open combinations."""
    row = dict(target)
    for factor in rng.permutation([f for f in range(len(levels)) if f not in row]).tolist():
        gains = []
        for level in range(levels[factor]):
            others = itertools.combinations(sorted(row.items()), strength - 1)
            gains.append(sum(tuple(sorted((*some, (factor, level)))) in open_ for some in others))
        best = max(gains)
        equal = [level for level, gain in enumerate(gains) if gain == best]
        row[factor] = equal[int(rng.integers(len(equal)))]
    return tuple(row[factor] for factor in range(len(levels)))
