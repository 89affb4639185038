"""What people do to one another as they walk: they evade, keep their distance, and do not walk through each other.

Evading: the interaction force of M. Moussaid et al., "Experimental study of the behavioural mechanisms underlying
self-organization in human crowds", Proc. R. Soc. B 276 (2009), with its measured parameters. Relaxation towards the
desired velocity: D. Helbing and P. Molnar, Phys. Rev. E 51 (1995). That alone lets crowds walk too fast and push, so
the desired speed falls with the room ahead (A. Tordeux, M. Chraibi and A. Seyfried, "Collision-free speed model for
pedestrian dynamics", Traffic and Granular Flow '15), and bodies that touch push each other apart as in D. Helbing,
I. Farkas and T. Vicsek, Nature 407 (2000).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Array = NDArray[np.float64]
Index = NDArray[np.int64]

STRENGTH = 4.5
"""A of the interaction [m/s²]."""
VELOCITY_WEIGHT = 2.0
"""lambda: how much more the relative velocity counts than the direction to the other."""
RANGE = 0.35
"""gamma: the range of the interaction is so many metres per unit of the interaction vector."""
SHARPNESS_TURN, SHARPNESS_SLOW = 2.0, 3.0
"""n and n': how sharply turning and slowing down depend on the direction."""
BIAS = 0.005
"""Who is less than this to the right of straight ahead is passed on the right all the same [rad]."""
RELAXATION = 0.54
"""Time in which somebody reaches the desired velocity [s]."""
STIFFNESS = 1500.0
"""Of bodies that touch, per mass: 120 000 kg/s² for 80 kg [1/s²]."""
REACH = 4.0
"""Those further apart do not heed each other [m]."""
FAINT = 0.1
"""Nobody cares about a push weaker than this [m/s²]: that of somebody who walks alongside 1.4 m away."""
DEPTH = 0.36
"""From chest to back, and what one keeps at a standstill [m]."""
HEADWAY = 0.65
"""Time that people keep to whom they follow [s]."""
LANE = 0.85
"""Share of both shoulders within which somebody ahead is in the way."""


@dataclass(frozen=True)
class Walkers:
    """M people; arrays of M."""

    velocity: Array
    """(M, 2) [m/s]"""
    aim: Array
    """(M, 2) unit vectors: where each wants to go."""
    pace: Array
    """Desired speed on a free way [m/s]."""
    radius: Array
    """Half the width of the shoulders [m]."""
    group: Index
    """Those who walk together share a number; -1 walks alone."""


@dataclass(frozen=True)
class Pairs:
    """P ordered pairs of somebody and one who is near, in order of both."""

    who: Index
    other: Index
    offset: Array
    """(P, 2) from the first to the second [m]."""

    @classmethod
    def among(cls, places: Array, reach: float = REACH) -> Pairs:
        """All of those at `places` (M, 2) who are nearer to each other than `reach` [m].

        Their order depends on nothing but the indices, so that sums over them are the same to the last bit whoever
        else is there.
        """
        if len(places) < 2:
            none = np.zeros(0, dtype=np.int64)
            return cls(none, none, np.zeros((0, 2)))
        found = cKDTree(places).query_pairs(reach, output_type="ndarray").astype(np.int64)
        who, other = np.concatenate([found, found[:, ::-1]]).T
        order = np.lexsort((other, who))
        who, other = who[order], other[order]
        return cls(who, other, places[other] - places[who])


@dataclass(frozen=True)
class Influence:
    """What the others do to M people."""

    pace: Array
    """(M,) desired speed with the room that there is [m/s]."""
    push: Array
    """(M, 2) [m/s²]"""


def influence(walkers: Walkers, pairs: Pairs) -> Influence:
    """What everybody near does to each of the walkers."""
    who, other, offset = pairs.who, pairs.other, pairs.offset
    together = (walkers.group[who] >= 0) & (walkers.group[who] == walkers.group[other])
    closing = walkers.velocity[who] - walkers.velocity[other]
    push = np.where(together[:, None], 0.0, interaction(offset, closing))
    total: Array = np.column_stack([np.bincount(who, push[:, k], minlength=len(walkers.pace)) for k in (0, 1)])
    total[np.hypot(total[:, 0], total[:, 1]) < FAINT] = 0.0
    return Influence(_unhindered(walkers, pairs), total)


def apart(pairs: Pairs, reach: Array, count: int) -> Array:
    """(`count`, 2) acceleration [m/s²] that pushes bodies apart whose middles are nearer than `reach` (P,) [m]."""
    distance = np.maximum(np.hypot(pairs.offset[:, 0], pairs.offset[:, 1]), 1e-6)
    strength = -STIFFNESS * np.maximum(reach - distance, 0.0) / distance
    pushed: Array = np.column_stack(
        [np.bincount(pairs.who, strength * pairs.offset[:, k], minlength=count) for k in (0, 1)]
    )
    return pushed


def interaction(offset: Array, closing: Array) -> Array:
    """(P, 2) acceleration [m/s²] of people towards whom others are at `offset` (P, 2) [m].

    `closing` (P, 2) is their own velocity minus that of the other [m/s].
    """
    distance = np.maximum(np.hypot(offset[:, 0], offset[:, 1]), 1e-6)
    towards = offset / distance[:, None]
    vector = VELOCITY_WEIGHT * closing + towards
    length = np.maximum(np.hypot(vector[:, 0], vector[:, 1]), 1e-6)
    along = vector / length[:, None]
    cross = along[:, 0] * towards[:, 1] - along[:, 1] * towards[:, 0]
    angle = np.arctan2(cross, np.einsum("pi,pi->p", along, towards))
    reach = RANGE * length
    slow = np.exp(-distance / reach - (SHARPNESS_SLOW * reach * angle) ** 2)
    turn = np.exp(-distance / reach - (SHARPNESS_TURN * reach * angle) ** 2) * np.where(angle < -BIAS, -1.0, 1.0)
    left = np.column_stack([-along[:, 1], along[:, 0]])
    force: Array = -STRENGTH * (slow[:, None] * along + turn[:, None] * left)
    return force


def _unhindered(walkers: Walkers, pairs: Pairs) -> Array:
    """(M,) how fast each wants to go behind whoever is ahead of it [m/s]."""
    who, offset = pairs.who, pairs.offset
    aim = walkers.aim[who]
    ahead = np.einsum("pi,pi->p", aim, offset)
    aside = np.abs(aim[:, 0] * offset[:, 1] - aim[:, 1] * offset[:, 0])
    near = np.flatnonzero((ahead > 0.0) & (aside < LANE * (walkers.radius[who] + walkers.radius[pairs.other])))
    room = np.full(len(walkers.pace), np.inf)
    np.minimum.at(room, who[near], ahead[near] - DEPTH)
    pace: Array = np.minimum(walkers.pace, np.maximum(room, 0.0) / HEADWAY)
    return pace
