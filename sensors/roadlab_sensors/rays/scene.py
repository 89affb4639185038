"""The world made ready for rays: built once per scenario, then only moved.

There are three scenes. `static` is the ground, the props and every actor that never moves, under sun and sky. `movers`
holds the actors that move, where they were last placed: what a camera sees at one instant is the nearer of these two.
`atlas` holds each rigid part of each actor at rest in a cell of its own, for rays that come to the parts.

Placing the movers builds their scene's tree anew, which takes 0.1 s for 200,000 triangles; in one scene with the static
world it would take as long as building that. They are plain meshes whose vertices are moved, not instances: Mitsuba
compiles each instance as code of its own, so that 200 moving parts would take minutes to compile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import drjit as dr
import mitsuba as mi
import numpy as np
from numpy.typing import NDArray

from roadlab.actors.articulation import part_poses
from roadlab.geometry.poses import world_from_actor
from roadlab.log import ActorInfo, SceneLog
from roadlab_sensors.rays import leaf, textures
from roadlab_sensors.rays.surfaces import Batch, Faces, Lamp, Piece, gather, mitsuba_mesh, owned, stack
from roadlab_sensors.world.mesh import World

PartName = tuple[int, str]
"""Index of an actor in the log, and its part's name."""
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
    movers: Any
    atlas: Atlas
    faces: Faces
    """Of all meshes of all three scenes, one after another."""
    first_face: NDArray[np.int64]
    """By mesh id in the ray engine: row of `faces` of the mesh's first triangle."""
    lamps: Mapping[Lamp, int]
    """Number of each lamp; 0 is nobody's."""
    intersect: Callable[..., tuple[Any, Any, Any, Any]]
    """The kernel behind all casts, see `_intersect`."""
    _movable: tuple[tuple[Batch, str], ...]
    _parameters: Any
    _part_number: Mapping[PartName, int]

    def place(self, poses: Poses) -> None:
        """Moves the moving actors' parts to their poses (4, 4) in the world."""
        matrices = {self._part_number[name]: pose for name, pose in poses.items() if name in self._part_number}
        for batch, name in self._movable:
            vertices, normals = (
                np.zeros_like(batch.vertices),
                None if batch.normals is None else np.zeros_like(batch.normals),
            )
            for part, run in batch.parts:
                turn, shift = matrices[part][:3, :3].astype(np.float32), matrices[part][:3, 3].astype(np.float32)
                vertices[run] = batch.vertices[run] @ turn.T + shift
                if normals is not None and batch.normals is not None:
                    normals[run] = batch.normals[run] @ turn.T
            self._parameters[f"{name}.vertex_positions"] = owned(vertices)
            if normals is not None:
                self._parameters[f"{name}.vertex_normals"] = owned(normals)
        if self._movable:
            self._parameters.update()


def shape_id(shape: Any) -> Any:
    """The ids of shapes (a pointer array or one shape) in the ray engine; 0 for none."""
    pointers = shape if isinstance(shape, mi.ShapePtr) else mi.ShapePtr(shape)
    return dr.reinterpret_array(mi.UInt32, pointers)


def build_scene(world: World, log: SceneLog, emitter: Mapping[str, Any]) -> RayScene:
    """The world with the log's actors under an emitter (Mitsuba's description of sun and sky)."""
    leaf.register()
    textures.register()
    lamps = _lamps(world, log)
    moving = _moving(log)
    numbers = {
        (k, name): i
        for i, (k, name) in enumerate((k, n) for k, m in enumerate(world.actors) for n, ms in m.parts.items() if ms)
    }
    everyone = [
        Piece(mesh, log.actors[k].instance, log.actors[k].name, i)
        for (k, name), i in numbers.items()
        for mesh in world.actors[k].parts[name]
    ]
    movers = frozenset(i for (k, _), i in numbers.items() if k in moving)
    parked = _resting(log, numbers, [p for p in everyone if p.part not in movers])
    static, static_faces = gather([*_static_pieces(world), *parked], lamps)
    movable, movable_faces = gather([p for p in everyone if p.part in movers], lamps)
    resting, resting_faces = gather(everyone, lamps)

    models: dict[str, Any] = {}
    static_meshes = {f"static_{i}": mitsuba_mesh(b, f"static_{i}", models) for i, b in enumerate(static)}
    movable_meshes = {f"moving_{i}": mitsuba_mesh(b, f"moving_{i}", models) for i, b in enumerate(movable)}
    atlas, atlas_meshes = _atlas(tuple(numbers), resting, models)
    movers = mi.load_dict({"type": "scene"} | movable_meshes, parallel=False)
    meshes = [*static_meshes.values(), *movable_meshes.values(), *atlas_meshes]
    counts = [len(b.triangles) for b in (*static, *movable, *resting)]
    return RayScene(
        actors=log.actors,
        moving=moving,
        static=mi.load_dict({"type": "scene"} | static_meshes | {"sky": dict(emitter)}, parallel=False),
        movers=movers,
        atlas=atlas,
        # Each gathered table ends with the row for nothing; only the last of these is wanted.
        faces=stack([_without_last(static_faces), _without_last(movable_faces), resting_faces]),
        first_face=_first_faces(meshes, counts),
        lamps=lamps,
        intersect=dr.freeze(_intersect, auto_opaque=False),
        _movable=tuple(zip(movable, movable_meshes, strict=True)),
        _parameters=mi.traverse(movers),
        _part_number=numbers,
    )


def _intersect(scene: Any, origins: list[Any], directions: list[Any], reach: Any) -> tuple[Any, Any, Any, Any]:
    """Whether, how far away, and which mesh and triangle each ray hits first in a Mitsuba scene.

    Frozen by its caller, so that Dr.Jit neither traces it again nor finds another order of its inputs to compile for.
    """
    ray = mi.Ray3f(mi.Point3f(*origins), mi.Vector3f(*directions), reach, mi.Float(0.0), mi.Color0f())
    found = scene.ray_intersect_preliminary(ray, coherent=True)
    return found.is_valid(), found.t, shape_id(found.shape), found.prim_index


def _lamps(world: World, log: SceneLog) -> dict[Lamp, int]:
    """A number for each lamp of the world."""
    owners = [(actor.name, model) for actor, model in zip(log.actors, world.actors, strict=True)]
    owners += [(prop.name, prop.model) for prop in world.props if prop.name]
    found = (
        (owner, m.lamp)
        for owner, model in owners
        for meshes in model.parts.values()
        for m in meshes
        if m.lamp is not None
    )
    return {lamp: i + 1 for i, lamp in enumerate(dict.fromkeys(found))}


def _moving(log: SceneLog) -> tuple[int, ...]:
    """Which actors are not in the same place and posture at every tick."""
    ends = np.cumsum([len(a.joint_names) for a in log.actors])
    postures = np.split(log.joints, ends[:-1], axis=1)
    return tuple(
        k
        for k in range(len(log.actors))
        if any((values != values[0]).any() for values in (log.position[:, k], log.attitude[:, k], postures[k]))
    )


def _resting(log: SceneLog, numbers: Mapping[PartName, int], pieces: list[Piece]) -> list[Piece]:
    """Pieces of actors that never move, where they are."""
    places = {numbers[part]: pose[0] for part, pose in poses_at(log, log.time[:1]).items() if part in numbers}
    return [
        Piece(p.mesh.moved(places[p.part][:3, :3], places[p.part][:3, 3]), p.instance, p.owner, p.part) for p in pieces
    ]


def _static_pieces(world: World) -> list[Piece]:
    pieces = [Piece(mesh) for mesh in world.ground]
    for prop in world.props:
        for pose in prop.world_from_prop:
            pieces += [Piece(m.moved(pose[:3, :3], pose[:3, 3]), owner=prop.name) for m in prop.model.parts["body"]]
    return pieces


def _atlas(names: tuple[PartName, ...], batches: list[Batch], models: dict[str, Any]) -> tuple[Atlas, list[Any]]:
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


def _first_faces(meshes: list[Any], counts: list[int]) -> NDArray[np.int64]:
    ids = [int(shape_id(m)[0]) for m in meshes]
    rows = np.zeros(max(ids) + 1, dtype=np.int64)
    rows[ids] = np.cumsum([0, *counts[:-1]])
    return rows


def _without_last(faces: Faces) -> Faces:
    return Faces(*(getattr(faces, name)[:-1] for name in Faces.__dataclass_fields__))


def poses_at(log: SceneLog, times: NDArray[np.int64]) -> dict[PartName, NDArray[np.float64]]:
    """World poses (M, 4, 4) of every part of every actor at `times` (M,) [ns]."""
    states = log.states_at(times)
    poses: dict[PartName, NDArray[np.float64]] = {}
    for k, actor in enumerate(log.actors):
        world = world_from_actor(states.position[:, k], states.attitude[:, k])
        poses |= {(k, name): world @ part for name, part in part_poses(actor, states.joints[k]).items()}
    return poses
