"""Puts signs and objects where the map says they stand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.roads.furniture import Repeat, RoadObject, RoadSignal
from roadlab.roads.network import RoadNetwork
from roadlab.roads.road import Road
from roadlab_sensors.world.assembly import body, pose, turned
from roadlab_sensors.world.furniture.signs import plate, post
from roadlab_sensors.world.mesh import Mesh, Prop
from roadlab_sensors.world.outlines import outline_area
from roadlab_sensors.world.roadside.faces import face_of
from roadlab_sensors.world.roadside.objects import bump, island, object_model
from roadlab_sensors.world.roadside.structures import structure

Floats = NDArray[np.float64]
MOST = 20_000
"""So many things at most are put up for one map."""


def roadside(network: RoadNetwork) -> tuple[Prop, ...]:
    """Everything that the map itself puts beside and onto its roads, but for what is painted and for traffic lights."""
    props: list[Prop] = []
    for road in network.every_road.values():
        props += _signs(network, road)
        for thing in road.objects:
            props += _things(network, road, thing)
    return tuple(props[:MOST])


def _signs(network: RoadNetwork, road: Road) -> Iterator[Prop]:
    """Signs of one place share a post, one above the other."""
    places: dict[tuple[float, float, str], list[RoadSignal]] = {}
    for signal in road.signals:
        if not signal.dynamic and signal.type not in ("294", "293", "-1", ""):  # lines and nothing
            places.setdefault((round(signal.s, 2), round(signal.t, 2), signal.facing), []).append(signal)
    for (s, t, facing), group in places.items():
        x, y, heading = (float(value) for value in road.point(s, t))
        z = float(network.ground_height([[x, y, float(road.height(s, t))]])[0])
        turn = heading + (np.pi if facing == "-" else 0.0) + group[0].heading
        # The model looks to -y, the sign against the traffic that it is for.
        yield Prop(body(_post_with(group)), pose(x, y, z, turn - np.pi / 2)[None])


def _post_with(group: list[RoadSignal]) -> list[Mesh]:
    meshes: list[Mesh] = []
    low = max(min(signal.z for signal in group), 0.0) or 2.0
    for signal in sorted(group, key=lambda each: each.z):
        layers = face_of(signal)
        bounds = shapely.union_all(np.array([shape for shape, _ in layers])).bounds
        low = max(low, signal.z)
        meshes += turned(plate(layers, _code(signal)), at=(0.0, -0.04, low - bounds[1]))
        low += bounds[3] - bounds[1] + 0.03
    return [*meshes, *post(low + 0.02)]


def _code(signal: RoadSignal) -> str:
    """Its number, with its subtype or else its value."""
    detail = signal.subtype if signal.subtype not in ("", "-1") else ""
    if not detail and signal.value is not None:
        detail = f"{signal.value:g}"
    return f"{signal.type}-{detail}" if detail else signal.type


def _things(network: RoadNetwork, road: Road, thing: RoadObject) -> Iterator[Prop]:
    if thing.type in ("trafficIsland", "roadSurface"):
        yield from _on_the_road(road, thing)
        return
    if thing.type in ("tunnel", "bridge"):
        meshes = structure(road, thing)
        if meshes:
            yield Prop(body(meshes), pose(0.0, 0.0, 0.0, 0.0)[None])
        return
    model = object_model(thing)
    if model is None:
        return
    places = [place for repeat in thing.repeats for place in _repeated(repeat)] or [(thing.s, thing.t)]
    poses = []
    for s, t in places:
        x, y, heading = (float(value) for value in road.point(s, t))
        z = float(network.ground_height([[x, y, float(road.height(s, t))]])[0])
        poses.append(pose(x, y, z + thing.z, heading + thing.heading + _front(thing)))
    yield Prop(model, np.array(poses))


def _front(thing: RoadObject) -> float:
    """How a model is turned so that its front looks against traffic along s; long things run along the road."""
    return -np.pi / 2 if thing.subtype == "beacon" else 0.0


def _repeated(repeat: Repeat) -> list[tuple[float, float]]:
    """(s, t) of each copy; what is drawn out without a distance stands every 2 m."""
    step = repeat.distance if repeat.distance > 0.05 else 2.0
    along = np.arange(0.0, repeat.length + 1e-6, step)
    share = along / max(repeat.length, 1e-9)
    t = repeat.t[0] + share * (repeat.t[1] - repeat.t[0])
    return list(zip((repeat.s + along).tolist(), t.tolist(), strict=True))


def _on_the_road(road: Road, thing: RoadObject) -> Iterator[Prop]:
    if thing.type == "roadSurface":
        if thing.subtype == "bump":
            x, y, heading = (float(value) for value in road.point(thing.s, thing.t))
            place = pose(x, y, float(road.height(thing.s, thing.t)) + thing.z, heading)
            yield Prop(body(bump(thing.length, thing.width, thing.height)), place[None])
        return
    for outline in thing.outlines:
        ring = outline_area(road, thing, outline)
        base = float(road.height(thing.s, thing.t))
        if ring.is_valid and ring.area > 0.05:
            height = max(0.05, *(corner.height for corner in outline.corners))
            yield Prop(body(island(ring, height)), pose(0.0, 0.0, base, 0.0)[None])
