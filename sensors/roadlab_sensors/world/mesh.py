"""What the generators of the world make: triangle meshes with a material, models with moving parts, a world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Bend:
    """How a mesh follows a neighbour of its part as well, at the joint between them."""

    toward: str
    """The other part, whose frame has the same axes at rest."""
    joint: tuple[float, float, float]
    """In the frame of the mesh's own part [m]."""
    share: Floats
    """(V,) of the turn between both parts that a vertex goes towards the other, 0 to 1."""


@dataclass(frozen=True)
class Mesh:
    """Triangles of one material and one semantic class; counter-clockwise seen from outside."""

    vertices: Floats
    """(V, 3) [m]."""
    faces: NDArray[np.uint32]
    """(F, 3)."""
    colors: Floats
    """(V, 3) linear sRGB reflectance in [0, 1]."""
    material: str
    """Key into `MATERIALS`."""
    semantic: str
    """Cityscapes class name, such as `car` or `road`."""
    normals: Floats | None = None
    """(V, 3) for smooth shading; None shades flat."""
    lamp: str | None = None
    """Lamp group that makes this mesh shine, such as `brake` or `green`; None never shines."""
    board: str = ""
    """What the sign or signal says whose outline this mesh has, such as `274-50`; forgotten when meshes are merged."""
    bend: Bend | None = None
    """None for what moves with its part alone."""

    def moved(self, rotation: ArrayLike, translation: ArrayLike) -> Mesh:
        """The mesh rotated (3, 3) and then translated (3,) [m]."""
        matrix = np.asarray(rotation, dtype=np.float64)
        vertices = (self.vertices @ matrix.T + np.asarray(translation)).astype(np.float32)
        normals = None if self.normals is None else (self.normals @ matrix.T).astype(np.float32)
        bend = self.bend and replace(self.bend, joint=_triple(matrix @ self.bend.joint + np.asarray(translation)))
        return replace(self, vertices=vertices, normals=normals, bend=bend)

    def scaled(self, factors: ArrayLike) -> Mesh:
        """The mesh scaled along x, y, z by positive `factors`."""
        scale = np.broadcast_to(np.asarray(factors, dtype=np.float64), 3)
        normals = self.normals
        if normals is not None:
            stretched = normals / scale
            normals = (stretched / np.linalg.norm(stretched, axis=1, keepdims=True)).astype(np.float32)
        bend = self.bend and replace(self.bend, joint=_triple(scale * self.bend.joint))
        return replace(self, vertices=(self.vertices * scale).astype(np.float32), normals=normals, bend=bend)


@dataclass(frozen=True)
class Board:
    """A sign or a signal of a model: a box along the model's axes that is looked at from -y."""

    code: str
    """A sign's number with its value, such as `274-50`, or `traffic light`."""
    low: tuple[float, float, float]
    high: tuple[float, float, float]


@dataclass(frozen=True)
class Model:
    """A thing with rigid parts that may move against one another; each part's meshes are in the part's own frame."""

    parts: Mapping[str, tuple[Mesh, ...]]
    boards: tuple[Board, ...] = ()
    """What can be read on it; only things that stand still have any."""

    def bounds(self) -> NDArray[np.float64]:
        """(2, 3) least and greatest coordinates of all parts, each in its own frame [m]."""
        points = np.concatenate([m.vertices for meshes in self.parts.values() for m in meshes])
        return np.stack([points.min(axis=0), points.max(axis=0)]).astype(np.float64)


@dataclass(frozen=True)
class Prop:
    """A model of one part, `body`, that stands in the world at K places."""

    model: Model
    world_from_prop: NDArray[np.float64]
    """(K, 4, 4) rigid transforms."""
    name: str = ""
    """Name of the signal head that drives its lamps; empty for all else."""


@dataclass(frozen=True)
class World:
    """All there is to see: ground and props stay, actors move."""

    ground: tuple[Mesh, ...]
    """In the world's frame."""
    props: tuple[Prop, ...]
    actors: tuple[Model, ...]
    """In the order of the log's actors."""


def merge(meshes: list[Mesh]) -> list[Mesh]:
    """The same surfaces in as few meshes as possible: one per material, class, lamp, joint and way of shading."""
    groups: dict[tuple[object, ...], list[Mesh]] = {}
    for mesh in meshes:
        joint = mesh.bend and (mesh.bend.toward, mesh.bend.joint)
        kind = (mesh.material, mesh.semantic, mesh.lamp, mesh.normals is not None, joint)
        groups.setdefault(kind, []).append(mesh)
    merged = []
    for group in groups.values():
        first, smooth = group[0], group[0].normals is not None
        starts = np.cumsum([0] + [len(m.vertices) for m in group[:-1]])
        merged.append(
            Mesh(
                vertices=np.concatenate([m.vertices for m in group]),
                faces=np.concatenate([m.faces + s for m, s in zip(group, starts, strict=True)]).astype(np.uint32),
                colors=np.concatenate([m.colors for m in group]),
                material=first.material,
                semantic=first.semantic,
                normals=np.concatenate([m.normals for m in group if m.normals is not None]) if smooth else None,
                lamp=first.lamp,
                bend=first.bend and replace(first.bend, share=np.concatenate([m.bend.share for m in group if m.bend])),
            )
        )
    return merged


def _triple(point: NDArray[np.floating]) -> tuple[float, float, float]:
    x, y, z = point.tolist()
    return (x, y, z)
