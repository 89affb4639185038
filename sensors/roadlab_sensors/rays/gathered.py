"""The whole world as a few large arrays: all that building a world yields, and all that the ray engine needs of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from roadlab.geometry.poses import compose
from roadlab.log import SceneLog
from roadlab_sensors.rays.poses import PartName, poses_at
from roadlab_sensors.rays.surfaces import Batch, Faces, Lamp, Piece, gather, stack
from roadlab_sensors.rays.weathered import Weathered
from roadlab_sensors.world.bending import posed
from roadlab_sensors.world.mesh import Mesh, World


@dataclass(frozen=True)
class Sign:
    """A sign or a traffic light that stands somewhere."""

    code: str
    """See `roadlab_sensors.world.mesh.Board`."""
    owner: str
    """Name of the signal head; empty for signs."""
    world_from_sign: tuple[tuple[float, ...], ...]
    """4 x 4, origin in the middle, looked at from -y, z up."""
    size: tuple[float, float, float]
    """[m] along its x, y, z."""


@dataclass(frozen=True)
class Gathered:
    """Everything that rays may meet, batch by batch."""

    static: tuple[Batch, ...]
    """The ground, the props and every actor that never moves, in the world."""
    movable: tuple[Batch, ...]
    """The parts of the actors that move, each in its own frame."""
    resting: tuple[Batch, ...]
    """The parts of all actors, each in its own frame: those of `movable`, and then the others."""
    faces: Faces
    """Of `static`, `movable` and `resting`, one after another."""
    lamps: tuple[Lamp, ...]
    """Lamp number k + 1 is `lamps[k]`; 0 is nobody's."""
    parts: tuple[PartName, ...]
    """By number."""
    signs: tuple[Sign, ...] = ()


def gathered(world: World, log: SceneLog) -> Gathered:
    """The world with the log's actors."""
    lamps = _lamps(world, log)
    number_of = {lamp: i + 1 for i, lamp in enumerate(lamps)}
    moving = frozenset(moving_actors(log))
    parts = tuple((k, n) for k, model in enumerate(world.actors) for n, meshes in model.parts.items() if meshes)
    numbers = {part: i for i, part in enumerate(parts)}
    everyone = [
        Piece(mesh, log.actors[k].instance, log.actors[k].name, i, toward=_toward(mesh, k, numbers))
        for i, (k, name) in enumerate(parts)
        for mesh in world.actors[k].parts[name]
    ]
    movable = [p for p in everyone if parts[p.part][0] in moving]
    parked = [p for p in everyone if parts[p.part][0] not in moving]
    standing = [*_static_pieces(world, log), *_resting(log, parts, parked)]
    (static, *faces), (moved, *own), (rest, *last) = (gather(each, number_of) for each in (standing, movable, parked))
    # Each gathered table ends with the row for nothing; only the last of these is wanted.
    table = stack([*(without_last(each) for each in (*faces, *own, *own)), *last])
    return Gathered(tuple(static), tuple(moved), (*moved, *rest), table, lamps, parts, _signs(world))


def moving_actors(log: SceneLog) -> tuple[int, ...]:
    """Which actors are not there in the same place and posture at every tick."""
    ends = np.cumsum([len(a.joint_names) for a in log.actors])
    postures = np.split(log.joints, ends[:-1], axis=1)
    return tuple(
        k
        for k in range(len(log.actors))
        if not log.present[:, k].all()
        or any((values != values[0]).any() for values in (log.position[:, k], log.attitude[:, k], postures[k]))
    )


def without_last(faces: Faces) -> Faces:
    """All rows but the last."""
    return Faces(*(getattr(faces, name)[:-1] for name in Faces.__dataclass_fields__))


def _toward(mesh: Mesh, actor: int, numbers: Mapping[PartName, int]) -> int:
    return -1 if mesh.bend is None else numbers[actor, mesh.bend.toward]


def _lamps(world: World, log: SceneLog) -> tuple[Lamp, ...]:
    owners = [(actor.name, model) for actor, model in zip(log.actors, world.actors, strict=True)]
    owners += [(prop.name, prop.model) for prop in world.props]
    found = (
        (owner, m.lamp)
        for owner, model in owners
        for meshes in model.parts.values()
        for m in meshes
        if m.lamp is not None
    )
    # The driving beam comes from the head lamps' lenses.
    return tuple(
        dict.fromkeys(lamp for o, group in found for lamp in ((o, group), (o, "high"))[: 1 + (group == "head")])
    )


def _signs(world: World) -> tuple[Sign, ...]:
    found = []
    for prop in world.props:
        for board in prop.model.boards:
            low, high = np.array(board.low), np.array(board.high)
            for pose in prop.world_from_prop:
                middle = pose @ compose(np.eye(3), (low + high) / 2.0)
                rows = tuple(tuple(float(value) for value in row) for row in middle)
                x, y, z = (high - low).tolist()
                found.append(Sign(board.code, prop.name, rows, (x, y, z)))
    return tuple(found)


def _resting(log: SceneLog, parts: tuple[PartName, ...], pieces: list[Piece]) -> list[Piece]:
    """Pieces of actors that never move, where they are."""
    places: Mapping[PartName, np.ndarray] = poses_at(log, log.time[:1])
    placed = []
    for piece in pieces:
        pose = places[parts[piece.part]][0]
        mesh = piece.mesh
        if mesh.bend is not None:
            turn = pose[:3, :3].T @ places[parts[piece.toward]][0][:3, :3]
            mesh = posed(mesh, turn)
        placed.append(Piece(mesh.moved(pose[:3, :3], pose[:3, 3]), piece.instance, piece.owner, piece.part))
    return placed


def _repeated(mesh: Mesh, poses: np.ndarray) -> Mesh:
    """One mesh of copies at poses (K, 4, 4)."""
    turns, count, size = poses[:, :3, :3], len(poses), len(mesh.vertices)
    vertices = np.einsum("kij,vj->kvi", turns, mesh.vertices.astype(np.float64)) + poses[:, None, :3, 3]
    normals = None if mesh.normals is None else np.einsum("kij,vj->kvi", turns, mesh.normals.astype(np.float64))
    return replace(
        mesh,
        vertices=vertices.reshape(-1, 3).astype(np.float32),
        faces=(mesh.faces[None] + (np.arange(count) * size)[:, None, None]).reshape(-1, 3).astype(np.uint32),
        colors=np.tile(mesh.colors, (count, 1)),
        normals=None if normals is None else normals.reshape(-1, 3).astype(np.float32),
    )


def _static_pieces(world: World, log: SceneLog) -> list[Piece]:
    weather = log.weather_at(int(log.time[0]))
    state = Weathered(weather.wetness, weather.snow_cover)
    pieces = [Piece(mesh, state=state) for mesh in world.ground]
    for prop in world.props:
        meshes = prop.model.parts["body"]
        pieces += [Piece(_repeated(mesh, prop.world_from_prop), owner=prop.name, state=state) for mesh in meshes]
    return pieces
