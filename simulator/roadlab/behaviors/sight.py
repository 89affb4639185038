"""Who is hidden from whom, seen from above."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def in_sight(eye: Array, target: Array, outlines: Array, hides: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(P,) whether no screen lies between `eye` (P, 2) and `target` (P, 2) [m].

    `outlines` (S, 4, 2) are the corners of rectangles, counter-clockwise; `hides` (P, S) says which ones count.
    A line is clipped by the four sides of each rectangle in turn (Cyrus and Beck): something is left if it passes.
    """
    edge = np.roll(outlines, -1, axis=1) - outlines
    normal = np.stack([edge[..., 1], -edge[..., 0]], axis=-1)
    line = (target - eye)[:, None, None]
    approach = np.sum(normal * line, axis=-1)
    outside = np.sum(normal * (eye[:, None, None] - outlines), axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = -outside / approach
    enter = np.where(approach < 0.0, at, np.where((approach == 0.0) & (outside > 0.0), np.inf, 0.0)).max(axis=-1)
    leave = np.where(approach > 0.0, at, 1.0).min(axis=-1)
    passes = np.maximum(enter, 0.0) < np.minimum(leave, 1.0)
    seen: NDArray[np.bool_] = ~(passes & hides).any(axis=1)
    return seen
