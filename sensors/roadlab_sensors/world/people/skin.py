"""Skins that go over a joint: one tube for both parts, cut where they meet, and how each side follows the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roadlab_sensors.world.mesh import Bend, Mesh
from roadlab_sensors.world.people.sections import Relief, Section, tube
from roadlab_sensors.world.shapes import Style, ellipsoid

Floats = NDArray[np.float64]

REACH = 1.7
"""How far from a joint a skin follows both parts, over the limb's radius there."""
_CORE = 0.95  # of the radius, of the ball that fills a joint below the skin


def follows(mesh: Mesh, toward: str, joint: tuple[float, float, float], inside: ArrayLike, reach: float) -> Mesh:
    """The mesh with a share in the motion of the part `toward`: half at the joint, none `reach` [m] inside its own.

    `inside` (V,) is how far each vertex is from the joint on the side of the mesh's own part, negative beyond [m].
    """
    t = np.clip(np.asarray(inside, dtype=np.float64) / reach, -1.0, 1.0)
    share = np.where(t >= 0.0, 0.5 * (1.0 - t) ** 2, 1.0 - 0.5 * (1.0 + t) ** 2)
    return replace(mesh, bend=Bend(toward, joint, share.astype(np.float32)))


def cut(mesh: Mesh, z: float) -> tuple[Mesh, Mesh]:
    """What of a mesh is below a height at which it has a ring of vertices, and what is above [m]."""
    below = mesh.vertices[mesh.faces][:, :, 2].mean(axis=1) < z
    return _only(mesh, below), _only(mesh, ~below)


def _only(mesh: Mesh, faces: NDArray[np.bool_]) -> Mesh:
    used, flat = np.unique(mesh.faces[faces], return_inverse=True)
    return replace(
        mesh,
        vertices=mesh.vertices[used],
        faces=flat.reshape(-1, 3).astype(np.uint32),
        colors=mesh.colors[used],
        normals=None if mesh.normals is None else mesh.normals[used],
    )


@dataclass(frozen=True, slots=True)
class Joint:
    """Where a limb's two parts meet: elbow or knee."""

    upper: str
    """Name of the part above, of the left side."""
    lower: str
    length: float
    """Of the upper part [m]: so far below its origin is the joint, which is the lower part's origin."""
    trunk: str = ""
    """What the upper part's upper half follows about its origin; empty where it follows nothing."""


def over_joint(
    joint: Joint, lower: Sequence[Section], upper: Sequence[Section], style: Style, *, around: int,
    relief: Relief | None = None, low: float = 0.0, high: float = 0.0,
) -> tuple[list[Mesh], list[Mesh]]:  # fmt: skip
    """A limb's skin on the upper part, in its frame, and on the lower one, in that part's frame.

    `lower` and `upper` are sections from below upwards, each in the frame of its part. The skin ends in domes of
    heights `low` and `high`, see `tube`; below it a ball fills the joint, so that no ray slips between the parts where
    they are taken for rigid.
    """
    length, ends = joint.length, [_lowered(row, joint.length) for row in lower]
    ring = _mean(ends[-1], upper[0])
    keys = [*ends[:-1], ring, *upper[1:]]
    reach = REACH * sum(ring[3:]) / 3
    heights = _heights(keys[0][0], -length, keys[-1][0], reach)
    whole = tube(keys, style, around=around, heights=heights, low=low, high=high, relief=relief)
    below, above = cut(whole, -length)
    below = below.moved(np.eye(3), (0.0, 0.0, length))
    core = ellipsoid((ring[1], ring[2], 0.0), np.full(3, _CORE * min(ring[3:])), style, rings=6, segments=12)
    halves = [above]
    if joint.trunk:
        halves = list(cut(above, float(heights[np.argmin(np.abs(heights + 0.5 * length))])))
        halves[1] = at_trunk(halves[1], joint.trunk, length)
    halves[0] = follows(halves[0], joint.lower, (0.0, 0.0, -length), halves[0].vertices[:, 2] + length, reach)
    own = follows(below, joint.upper, (0.0, 0.0, 0.0), -below.vertices[:, 2], reach)
    return [*halves, core.moved(np.eye(3), (0.0, 0.0, -length))], [own, core]


def at_trunk(mesh: Mesh, trunk: str, length: float) -> Mesh:
    """The upper end of a limb whose upper part is `length` long [m]; follows the trunk about its joint there."""
    return follows(mesh, trunk, (0.0, 0.0, 0.0), -mesh.vertices[:, 2], 0.45 * length)


def _mean(a: Section, b: Section) -> Section:
    z, x, y, front, back, side = ((p + q) / 2 for p, q in zip(a, b, strict=True))
    return (z, x, y, front, back, side)


def _lowered(row: Section, length: float) -> Section:
    z, x, y, front, back, side = row
    return (z - length, x, y, front, back, side)


def _heights(low: float, joint: float, high: float, reach: float) -> Floats:
    """Rings about 3 cm apart, closer about the joint."""
    close = joint + reach * np.linspace(-1.0, 1.0, 11)
    ends = [np.linspace(low, joint, max(3, round((joint - low) / 0.03))), np.linspace(joint, high, 12)]
    far = np.concatenate(ends)
    far = far[np.abs(far - joint) > 1.1 * reach]
    inside = close[(close > low + 5e-3) & (close < high - 5e-3)]
    return np.unique(np.concatenate([[low, high], far, inside]))
