"""Meshes gathered for the ray engine, and a table that says of every triangle what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import drjit as dr
import mitsuba as mi
import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.rays.appearance import bsdf, face_attributes, family
from roadlab_sensors.rays.weathered import DRY, Weathered, weathered_colors, weathered_roughness
from roadlab_sensors.readings import SEMANTIC_IDS
from roadlab_sensors.world.bending import Bends
from roadlab_sensors.world.materials import MATERIALS
from roadlab_sensors.world.mesh import Mesh

MATERIAL_NAMES = tuple(MATERIALS)
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Of red, green and blue, as in sRGB."""
Floats = NDArray[np.float32]

WIDEST_VECTOR = 16
"""Numbers that a kernel reads at once."""

Lamp = tuple[str, str]
"""Who shines (an actor's name or a signal head's) and which lamp group of theirs."""


@dataclass(frozen=True)
class Piece:
    """A mesh of somebody: an actor's part, or of the static world."""

    mesh: Mesh
    instance: int = 0
    """The actor's instance id; 0 for the static world."""
    owner: str = ""
    """Whose lamps the mesh has."""
    part: int = 0
    """Number of the rigid part with which the mesh moves."""
    state: Weathered = DRY
    toward: int = -1
    """Number of the other part that the mesh follows at a joint; -1 for none."""


@dataclass(frozen=True)
class Faces:
    """What each of F triangles is; the last row stands for nothing, so that index -1 finds the sky."""

    semantic: NDArray[np.uint8]
    material: NDArray[np.uint8]
    """Indices into `MATERIAL_NAMES`."""
    instance: NDArray[np.uint16]
    lamp: NDArray[np.uint32]
    """Number of the lamp that makes the triangle shine; 0 never shines."""
    normal: Floats
    """(F, 3) in the frame in which the mesh was given."""
    lightness: NDArray[np.uint8]
    """(F,) luminance of the mesh's colour, 255 is white."""


@dataclass(frozen=True)
class Batch:
    """All pieces of one scattering model and one way of shading, as one mesh."""

    model: str
    vertices: Floats
    """(V, 3)."""
    normals: Floats | None
    triangles: NDArray[np.uint32]
    attributes: Mapping[str, Floats]
    """(F,) or (F, 3) each, by the names under which the scattering models read them."""
    parts: tuple[tuple[int, slice], ...]
    """Runs of vertices that belong to a part, in order."""
    bends: Bends | None = None
    """Vertices that follow a neighbour of their part as well."""


def gather(pieces: Sequence[Piece], lamps: Mapping[Lamp, int]) -> tuple[list[Batch], Faces]:
    """Pieces as few large meshes, and the table of their triangles in the order of the batches."""
    groups: dict[tuple[str, bool], list[Piece]] = {}
    for piece in pieces:
        groups.setdefault((family(piece.mesh.material), piece.mesh.normals is not None), []).append(piece)
    batches = [_batch(model, members) for (model, _), members in groups.items()]
    tables = [_faces(piece, lamps) for members in groups.values() for piece in members]
    return batches, stack([*tables, NOTHING])


def stack(tables: Sequence[Faces]) -> Faces:
    """Tables one after another."""
    return Faces(*(np.concatenate([getattr(t, name) for t in tables]) for name in Faces.__dataclass_fields__))


def mitsuba_mesh(batch: Batch, name: str, models: dict[str, Any]) -> Any:
    """A batch for the ray engine; `models` holds the scattering models made so far, and gets new ones."""
    if batch.model not in models:
        models[batch.model] = mi.load_dict(bsdf(batch.model))
    properties = mi.Properties()
    properties["bsdf"] = models[batch.model]
    made = mi.Mesh(
        name,
        len(batch.vertices),
        len(batch.triangles),
        has_vertex_normals=batch.normals is not None,
        has_vertex_texcoords=False,
        props=properties,
    )
    for attribute, values in batch.attributes.items():
        # Any other sequence is read number by number through Python, which takes longer than building the ray tree.
        made.add_attribute(attribute, values.size // len(values), [0.0] * values.size)
    parameters = mi.traverse(made)
    for attribute, values in batch.attributes.items():
        parameters[attribute] = owned(values)
    parameters["vertex_positions"] = owned(batch.vertices)
    parameters["faces"] = owned(batch.triangles)
    if batch.normals is not None:
        parameters["vertex_normals"] = owned(batch.normals)
    parameters.update()
    return made


def owned(values: NDArray[Any]) -> Any:
    """A flat array in the ray engine's own memory, unsigned for unsigned `values`, else float.

    Otherwise it would share NumPy's memory, which is gone when the array is, and not aligned alike from call to call,
    so that kernels would be compiled anew.
    """
    kind, like = (mi.UInt32, np.uint32) if values.dtype.kind == "u" else (mi.Float, np.float32)
    # Kernels read whole vectors, beyond the end of arrays that are no multiple of them: there must be memory.
    room = np.zeros(values.size + WIDEST_VECTOR, dtype=like)
    room[: values.size] = np.ravel(values)
    copy = kind(room[: values.size]) + dr.opaque(kind, 0)
    dr.eval(copy)
    dr.sync_thread()
    return copy


def _batch(model: str, pieces: Sequence[Piece]) -> Batch:
    meshes = [p.mesh for p in pieces]
    starts = np.cumsum([0] + [len(m.vertices) for m in meshes])
    smooth = meshes[0].normals is not None
    wanted = {"glass": (), "leaf": (), "coated": ("face_roughness", "face_metallic", "face_clearcoat")}.get(
        model, ("face_roughness",)
    )
    attributes = {
        name: np.concatenate([np.full(len(p.mesh.faces), _attribute(p, name), dtype=np.float32) for p in pieces])
        for name in wanted
    }
    # Of faces and not of vertices: Mitsuba's interpolation divides by zero on long, thin triangles.
    attributes["face_color"] = np.concatenate(
        [weathered_colors(p.mesh, _face_colors(p.mesh), p.state) for p in pieces]
    ).astype(np.float32)
    return Batch(
        model=model,
        vertices=np.concatenate([m.vertices for m in meshes]).astype(np.float32),
        normals=np.concatenate([m.normals for m in meshes if m.normals is not None]).astype(np.float32)
        if smooth
        else None,
        triangles=np.concatenate([m.faces + s for m, s in zip(meshes, starts[:-1], strict=True)]).astype(np.uint32),
        attributes=attributes,
        parts=tuple((p.part, slice(int(a), int(b))) for p, a, b in zip(pieces, starts[:-1], starts[1:], strict=True)),
        bends=_bends(pieces, starts[:-1]),
    )


def _bends(pieces: Sequence[Piece], starts: NDArray[np.int64]) -> Bends | None:
    """Of the vertices with a share; pieces begin at these rows."""
    found = [
        (piece, bend, start + np.flatnonzero(bend.share > 0.0))
        for piece, start in zip(pieces, starts, strict=True)
        if (bend := piece.mesh.bend) is not None and piece.toward >= 0
    ]
    if not found:
        return None
    return Bends(
        pairs=np.array([(piece.part, piece.toward) for piece, _, _ in found], dtype=np.int64),
        joint=np.array([bend.joint for _, bend, _ in found], dtype=np.float32),
        rows=np.concatenate([rows for _, _, rows in found]),
        pair=np.repeat(np.arange(len(found)), [len(rows) for _, _, rows in found]),
        share=np.concatenate([bend.share[bend.share > 0.0] for _, bend, _ in found]).astype(np.float32),
    )


def _face_colors(mesh: Mesh) -> Floats:
    """(F, 3) means of the corners' colours."""
    a, b, c = (mesh.colors[mesh.faces[:, k]] for k in range(3))
    mean: Floats = (a + b + c) / np.float32(3.0)
    return mean


def _attribute(piece: Piece, name: str) -> float:
    value = face_attributes(MATERIALS[piece.mesh.material])[name]
    return weathered_roughness(piece.mesh, value, piece.state) if name == "face_roughness" else value


def _faces(piece: Piece, lamps: Mapping[Lamp, int]) -> Faces:
    mesh, count = piece.mesh, len(piece.mesh.faces)
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(cross, axis=1, keepdims=True)
    lamp = 0 if mesh.lamp is None else lamps.get((piece.owner, mesh.lamp), 0)
    return Faces(
        semantic=np.full(count, SEMANTIC_IDS[mesh.semantic], dtype=np.uint8),
        material=np.full(count, MATERIAL_NAMES.index(mesh.material), dtype=np.uint8),
        instance=np.full(count, piece.instance, dtype=np.uint16),
        lamp=np.full(count, lamp, dtype=np.uint32),
        normal=(cross / np.maximum(length, 1e-20)).astype(np.float32),
        lightness=np.rint(255.0 * np.clip(_face_colors(mesh) @ LUMINANCE, 0.0, 1.0)).astype(np.uint8),
    )


NOTHING = Faces(
    semantic=np.array([SEMANTIC_IDS["sky"]], dtype=np.uint8),
    material=np.zeros(1, dtype=np.uint8),
    instance=np.zeros(1, dtype=np.uint16),
    lamp=np.zeros(1, dtype=np.uint32),
    normal=np.zeros((1, 3), dtype=np.float32),
    lightness=np.zeros(1, dtype=np.uint8),
)
