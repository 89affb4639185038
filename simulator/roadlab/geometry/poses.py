"""Rigid transforms as stacks of 4x4 matrices; `a_from_c = a_from_b @ b_from_c`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.transform import Rotation

Matrices = NDArray[np.float64]


def world_from_actor(position: ArrayLike, attitude: ArrayLike) -> Matrices:
    """(..., 4, 4) poses from positions (..., 3) [m] and yaw, pitch, roll (..., 3) [rad], in this order (ISO 8855)."""
    where = np.asarray(position, dtype=np.float64)
    turned = Rotation.from_euler("ZYX", np.asarray(attitude, dtype=np.float64).reshape(-1, 3)).as_matrix()
    return compose(turned.reshape(*where.shape[:-1], 3, 3), where)


def compose(rotation: ArrayLike, translation: ArrayLike) -> Matrices:
    """(..., 4, 4) from rotations (..., 3, 3) and translations (..., 3) [m]."""
    turned, moved = np.asarray(rotation, dtype=np.float64), np.asarray(translation, dtype=np.float64)
    shape = np.broadcast_shapes(turned.shape[:-2], moved.shape[:-1])
    matrices = np.zeros((*shape, 4, 4))
    matrices[..., :3, :3] = turned
    matrices[..., :3, 3] = moved
    matrices[..., 3, 3] = 1.0
    return matrices


def inverse(transforms: ArrayLike) -> Matrices:
    """`b_from_a` of rigid `a_from_b` (..., 4, 4)."""
    matrices = np.asarray(transforms, dtype=np.float64)
    back = np.swapaxes(matrices[..., :3, :3], -1, -2)
    return compose(back, -np.einsum("...ij,...j->...i", back, matrices[..., :3, 3]))


def move(transforms: ArrayLike, points: ArrayLike) -> NDArray[np.float64]:
    """Points (..., 3) [m] of frame b in frame a, by `a_from_b` (..., 4, 4); leading axes broadcast."""
    matrices, where = np.asarray(transforms, dtype=np.float64), np.asarray(points, dtype=np.float64)
    moved: NDArray[np.float64] = np.einsum("...ij,...j->...i", matrices[..., :3, :3], where) + matrices[..., :3, 3]
    return moved


def box_corners(size: ArrayLike) -> NDArray[np.float64]:
    """(8, 3) corners of a box of (length, width, height) [m] around the origin: lower four, then upper four."""
    ground = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], dtype=np.float64)
    signs = np.concatenate([np.c_[ground, np.full(4, -1.0)], np.c_[ground, np.full(4, 1.0)]])
    return signs * np.asarray(size, dtype=np.float64) / 2.0
