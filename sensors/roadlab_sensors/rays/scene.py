"""The world made ready for rays: built once per scenario, then only moved.

There are three scenes. `static` is the ground, the props and every actor that never moves, under sun and sky. `movers`
holds the actors that move, where they were last placed: what a camera sees at one instant is the nearer of these two.
`atlas` holds each rigid part of each actor at rest in a cell of its own, for rays that come to the parts.

Placing the movers builds their scene's tree anew, which takes 0.1 s for 200,000 triangles; in one scene with the static
world it would take as long as building that. They are plain meshes whose vertices are moved, not instances: Mitsuba
compiles each instance as code of its own, so that 200 moving parts would take minutes to compile.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import drjit as dr
import mitsuba as mi
import numpy as np
from numpy.typing import NDArray

from roadlab.log import ActorInfo, SceneLog
from roadlab_sensors.rays import leaf, textures
from roadlab_sensors.rays.daylight import Daylight
from roadlab_sensors.rays.gathered import Gathered, Sign, moving_actors
from roadlab_sensors.rays.lamps import lamp_places
from roadlab_sensors.rays.poses import PartName, placed_at
from roadlab_sensors.rays.surfaces import Batch, Faces, Lamp, mitsuba_mesh, owned
from roadlab_sensors.world.bending import bent

if TYPE_CHECKING:
    from roadlab_sensors.rays.lamplight import Lamplight

Poses = Mapping[PartName, NDArray[np.float64]]


@dataclass(frozen=True)
class Atlas:
    """Where each rigid part rests in the scene of parts."""

    scene: Any
    parts: tuple[PartName, ...]
    cell: NDArray[np.float64]
    """(P, 3) where each part's frame is in the atlas [m]."""
    center: NDArray[np.float64]
    """(P, 3) centre of each part's bounding sphere in its frame [m]."""
    radius: NDArray[np.float64]
    """(P,) [m]."""


@dataclass(frozen=True)
class RayScene:
    """Everything a ray may meet, and what it is."""

    actors: tuple[ActorInfo, ...]
    moving: tuple[int, ...]
    """Indices of the actors that move at some time."""
    static: Any
    sky: Any
    """The emitter of `static`; held here because Dr.Jit records a function anew once it is known to Python."""
    sun: tuple[float, float, float, float]
    """Unit vector towards the middle of what direct light comes from, and the cosine of its radius."""
    movers: Any
    atlas: Atlas
    faces: Faces
    """Of all meshes of all three scenes, one after another."""
    first_face: NDArray[np.int64]
    """By mesh id in the ray engine: row of `faces` of the mesh's first triangle."""
    part_of_face: NDArray[np.int32]
    """(F,) row of the atlas of the moving part that a triangle belongs to; -1 for what never moves, and for nothing."""
    lamps: Mapping[Lamp, int]
    """Number of each lamp; 0 is nobody's."""
    signs: tuple[Sign, ...]
    lamp_places: Mapping[Lamp, NDArray[np.float64]]
    """(2, 3) the middles of the left and the right half of each actor's lamps, in the frame of their part [m]."""
    intersect: Callable[..., tuple[Any, Any, Any, Any]]
    """The kernel behind all casts, see `_intersect`."""
    _movable: tuple[tuple[Batch, str], ...]
    _parameters: Any
    _part_number: Mapping[PartName, int]
    _placed: dict[int, NDArray[np.float64]] = field(default_factory=dict)
    """Where each part was placed last, for the cameras of a rig that expose at the same time."""
    lamplight: Lamplight | None = None
    """The lamps that light the scene; None by day."""

    @property
    def poses(self) -> dict[int, NDArray[np.float64]]:
        """(4, 4) of each part, by number, where they were placed last."""
        return self._placed

    def place(self, poses: Poses) -> None:
        """Moves the moving actors' parts to their poses (4, 4) in the world; does nothing where they are there."""
        matrices = {self._part_number[name]: pose for name, pose in poses.items() if name in self._part_number}
        if matrices.keys() == self._placed.keys() and all(
            np.array_equal(m, self._placed[k]) for k, m in matrices.items()
        ):
            return
        self._placed.clear()
        for batch, name in self._movable:
            vertices, normals = _moved(batch, matrices)
            self._parameters[f"{name}.vertex_positions"] = owned(vertices)
            if normals is not None:
                self._parameters[f"{name}.vertex_normals"] = owned(normals)
        if self._movable:
            self._parameters.update()
        self._placed.update(matrices)


def _moved(
    batch: Batch, matrices: Mapping[int, NDArray[np.float64]]
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Vertices and normals of a batch in the world, with its parts at poses (4, 4)."""
    local, facing = _bent(batch, matrices)
    vertices, normals = np.zeros_like(local), None if facing is None else np.zeros_like(facing)
    for part, run in batch.parts:
        turn, shift = matrices[part][:3, :3].astype(np.float32), matrices[part][:3, 3].astype(np.float32)
        vertices[run] = local[run] @ turn.T + shift
        if normals is not None and facing is not None:
            normals[run] = facing[run] @ turn.T
    return vertices, normals


def _bent(
    batch: Batch, matrices: Mapping[int, NDArray[np.float64]]
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Vertices and normals of a batch in the frames of their parts, as the joints between parts bend them."""
    if batch.bends is None:
        return batch.vertices, batch.normals
    own, other = (np.stack([matrices[part][:3, :3] for part in side]) for side in batch.bends.pairs.T.tolist())
    return bent(batch.vertices, batch.normals, batch.bends, own.transpose(0, 2, 1) @ other)


def shape_id(shape: Any) -> Any:
    """The ids of shapes (a pointer array or one shape) in the ray engine; 0 for none."""
    pointers = shape if isinstance(shape, mi.ShapePtr) else mi.ShapePtr(shape)
    return dr.reinterpret_array(mi.UInt32, pointers)


def build_scene(gathered: Gathered, log: SceneLog, light: Daylight) -> RayScene:
    """The world of a log under its sky."""
    leaf.register()
    textures.register()
    models: dict[str, Any] = {}
    static_meshes = {f"static_{i}": mitsuba_mesh(b, f"static_{i}", models) for i, b in enumerate(gathered.static)}
    begun = _begun(gathered, log)
    movable_meshes = {f"moving_{i}": mitsuba_mesh(b, f"moving_{i}", models) for i, b in enumerate(begun)}
    atlas, atlas_meshes = _atlas(gathered.parts, gathered.resting, models)
    static = mi.load_dict({"type": "scene"} | static_meshes | {"sky": dict(light.emitter)}, parallel=False)
    movers = mi.load_dict({"type": "scene"} | movable_meshes, parallel=False)
    meshes = [*static_meshes.values(), *movable_meshes.values(), *atlas_meshes]
    counts = [len(b.triangles) for b in (*gathered.static, *gathered.movable, *gathered.resting)]
    sky = static.environment()
    settle(static, movers, atlas.scene)
    return RayScene(
        actors=log.actors,
        moving=moving_actors(log),
        static=static,
        sky=sky,
        sun=(*light.toward_sun.tolist(), math.cos(light.sun_radius)),
        movers=movers,
        atlas=atlas,
        faces=gathered.faces,
        first_face=_first_faces(meshes, counts),
        part_of_face=_parts_of_faces(gathered, len(gathered.faces.semantic)),
        lamps={lamp: i + 1 for i, lamp in enumerate(gathered.lamps)},
        signs=gathered.signs,
        lamp_places=lamp_places(gathered),
        intersect=dr.freeze(_intersect, auto_opaque=False),
        _movable=tuple(zip(gathered.movable, movable_meshes, strict=True)),
        _parameters=mi.traverse(movers),
        _part_number={name: i for i, name in enumerate(gathered.parts)},
    )


def _begun(gathered: Gathered, log: SceneLog) -> list[Batch]:
    """What moves, where it is at first: a tree over parts that all lie about the origin takes four times as long."""
    poses = placed_at(log, int(log.time[0]))
    matrices = {number: poses[name] for number, name in enumerate(gathered.parts)}
    placed = [(batch, *_moved(batch, matrices)) for batch in gathered.movable]
    return [replace(batch, vertices=vertices, normals=normals) for batch, vertices, normals in placed]


def settle(*scenes: Any) -> None:
    """Lets Dr.Jit turn the constants inside Mitsuba scenes into arrays, as it does while it records functions of them.

    Unless that is over before, costly functions of these scenes are recorded three times, and compiled as often.
    """
    trivial = dr.freeze(lambda x, *_: x + 1.0, auto_opaque=False)
    for _ in range(5):
        dr.eval(trivial(dr.opaque(mi.Float, 0.0), *scenes))


def _intersect(scene: Any, origins: list[Any], directions: list[Any], reach: Any) -> tuple[Any, Any, Any, Any]:
    """Whether, how far away, and which mesh and triangle each ray hits first in a Mitsuba scene.

    Frozen by its caller, so that Dr.Jit neither traces it again nor finds another order of its inputs to compile for.
    """
    ray = mi.Ray3f(mi.Point3f(*origins), mi.Vector3f(*directions), reach, mi.Float(0.0), mi.Color0f())
    found = scene.ray_intersect_preliminary(ray, coherent=True)
    return found.is_valid(), found.t, shape_id(found.shape), found.prim_index


def _atlas(names: tuple[PartName, ...], batches: tuple[Batch, ...], models: dict[str, Any]) -> tuple[Atlas, list[Any]]:
    count = max(len(names), 1)
    low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
    for batch in batches:
        for part, run in batch.parts:
            low[part] = np.minimum(low[part], batch.vertices[run].min(axis=0))
            high[part] = np.maximum(high[part], batch.vertices[run].max(axis=0))
    center = np.where(np.isfinite(low), (low + high) / 2.0, 0.0)
    radius = np.where(np.isfinite(low[:, 0]), np.linalg.norm(high - low, axis=1) / 2.0 + 1e-3, 0.0)
    side = int(np.ceil(count ** (1 / 3)))
    k = np.arange(count)
    cell: NDArray[np.float64] = (
        np.stack([k % side, k // side % side, k // side**2], axis=1) * 2.5 * radius.max() - center
    )
    meshes = []
    for i, batch in enumerate(batches):
        shift = np.concatenate([np.broadcast_to(cell[part], (run.stop - run.start, 3)) for part, run in batch.parts])
        placed = Batch(**(batch.__dict__ | {"vertices": (batch.vertices + shift).astype(np.float32)}))
        meshes.append(mitsuba_mesh(placed, f"resting_{i}", models))
    scene = mi.load_dict({"type": "scene"} | {f"resting_{i}": m for i, m in enumerate(meshes)}, parallel=False)
    return Atlas(scene, names, cell, center, radius), meshes


def _parts_of_faces(gathered: Gathered, count: int) -> NDArray[np.int32]:
    parts = np.full(count, -1, dtype=np.int32)
    row = sum(len(batch.triangles) for batch in gathered.static)
    for batch in gathered.movable:
        owner = np.repeat([part for part, _ in batch.parts], [run.stop - run.start for _, run in batch.parts])
        parts[row : row + len(batch.triangles)] = owner[batch.triangles[:, 0]]
        row += len(batch.triangles)
    return parts


def _first_faces(meshes: list[Any], counts: list[int]) -> NDArray[np.int64]:
    ids = [int(shape_id(m)[0]) for m in meshes]
    rows = np.zeros(max(ids) + 1, dtype=np.int64)
    rows[ids] = np.cumsum([0, *counts[:-1]])
    return rows
