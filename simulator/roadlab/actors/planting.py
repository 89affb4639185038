"""Feet that stay where they were put down while the body speeds up, slows down, turns or steps aside."""

from __future__ import annotations

import numpy as np

from roadlab.actors.body import Floats

FURTHEST = 0.3
"""A foot is planted no further than this from where steady walking would have it [m]."""


def shifts(u: Floats, stance: Floats, sole: Floats, place: Floats) -> Floats:
    """(M, 2) how far ahead and to the left a foot has to be moved so that it does not slide [m].

    `u` (M,) is the share of the stride since the foot's heel struck, `stance` (M,) the share during which it carries,
    `sole` (M, 2) the point of the actor's frame that would lie still if the actor walked on steadily, and `place`
    (M, 3) where the actor is: x, y [m] and yaw [rad]. While it carries, the foot stays where it is in the middle of
    that time; in between the shift changes with the swing.
    """
    c, s = np.cos(place[:, 2]), np.sin(place[:, 2])
    world = place[:, :2] + np.column_stack([c * sole[:, 0] - s * sole[:, 1], s * sole[:, 0] + c * sole[:, 1]])
    carries = u <= stance
    new = np.concatenate([[True], np.diff(u) < -0.5])
    part = np.cumsum(np.concatenate([[True], (carries[1:] != carries[:-1]) | new[1:]])) - 1
    first = np.flatnonzero(np.concatenate([[True], np.diff(part) > 0]))
    last = np.concatenate([first[1:], [len(u)]]) - 1
    shift = world[((first + last) // 2)[part]] - world
    far = np.hypot(shift[:, 0], shift[:, 1])
    shift *= np.minimum(1.0, FURTHEST / np.maximum(far, 1e-9))[:, None]
    swings = ~carries
    before, after = np.maximum(first[part] - 1, 0), np.minimum(last[part] + 1, len(u) - 1)
    before, after = np.where(carries[before], before, after), np.where(carries[after], after, before)
    share = np.clip((u - stance) / np.maximum(1.0 - stance, 1e-9), 0.0, 1.0)
    blend = (share * share * (3.0 - 2.0 * share))[:, None]
    between = shift[before] + blend * (shift[after] - shift[before])
    known = carries[before][:, None]
    shift = np.where(swings[:, None], np.where(known, between, 0.0), shift)
    return np.column_stack([c * shift[:, 0] + s * shift[:, 1], c * shift[:, 1] - s * shift[:, 0]])
