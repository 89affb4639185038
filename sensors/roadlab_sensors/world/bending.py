"""Skins that follow two parts at the joint between them.

A vertex turns with its own part and, by its share, towards the neighbour: the turn between both, in part, about their
joint. That is dual-quaternion skinning (Kavan et al., Geometric Skinning with Approximate Dual Quaternion Blending,
2008) of two bones that meet in a joint, whose dual parts vanish; it neither thins elbows nor collapses twisted arms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from roadlab_sensors.world.mesh import Mesh

Floats = NDArray[np.float32]
Rotations = NDArray[np.float64]


@dataclass(frozen=True)
class Bends:
    """R vertices among many that follow two parts, of P pairs of parts."""

    pairs: NDArray[np.int64]
    """(P, 2) numbers of the vertex's own part and of the other."""
    joint: Floats
    """(P, 3) where they meet, in the frame of the own part [m]."""
    rows: NDArray[np.int64]
    """(R,) which vertices."""
    pair: NDArray[np.int64]
    """(R,) rows of `pairs`."""
    share: Floats
    """(R,) of the turn towards the other part."""


def bent(points: Floats, normals: Floats | None, bends: Bends, turns: Rotations) -> tuple[Floats, Floats | None]:
    """Points and normals (V, 3), each in the frame of its own part, as the joints bend them.

    `turns` (P, 3, 3) rotate the other part's frame into the own part's; at rest they are the identity.
    """
    vector = Rotation.from_matrix(turns).as_rotvec()
    angle = np.linalg.norm(vector, axis=1)
    axis = (vector / np.maximum(angle, 1e-12)[:, None]).astype(np.float32)[bends.pair]
    turn = bends.share * angle.astype(np.float32)[bends.pair]
    joint = bends.joint[bends.pair]
    moved = points.copy()
    moved[bends.rows] = _about(axis, turn, points[bends.rows] - joint) + joint
    if normals is None:
        return moved, None
    facing = normals.copy()
    facing[bends.rows] = _about(axis, turn, normals[bends.rows])
    return moved, facing


def posed(mesh: Mesh, turn: Rotations) -> Mesh:
    """A mesh as its joint bends it, and no longer able to bend; `turn` (3, 3) as in `bent`."""
    if mesh.bend is None:
        return mesh
    count = len(mesh.vertices)
    bends = Bends(
        pairs=np.zeros((1, 2), dtype=np.int64),
        joint=np.array([mesh.bend.joint], dtype=np.float32),
        rows=np.arange(count),
        pair=np.zeros(count, dtype=np.int64),
        share=mesh.bend.share.astype(np.float32),
    )
    vertices, normals = bent(mesh.vertices, mesh.normals, bends, turn[None])
    return replace(mesh, vertices=vertices, normals=normals, bend=None)


def _about(axis: Floats, angle: Floats, vectors: Floats) -> Floats:
    """Rodrigues' formula."""
    c, s = np.cos(angle)[:, None], np.sin(angle)[:, None]
    along = np.einsum("ij,ij->i", axis, vectors)[:, None]
    turned: Floats = vectors * c + np.cross(axis, vectors) * s + axis * (along * (1.0 - c))
    return turned
