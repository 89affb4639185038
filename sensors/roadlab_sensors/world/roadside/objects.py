"""Models of what maps call objects, made to the sizes that the map states."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from roadlab.randomness import generator
from roadlab.roads.furniture import RoadObject
from roadlab_sensors.world.assembly import body
from roadlab_sensors.world.furniture import signs
from roadlab_sensors.world.ground_looks import ASPHALT, KERB
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.plants.shrubs import hedge
from roadlab_sensors.world.plants.trees import street_tree
from roadlab_sensors.world.shapes import Style, box, cylinder, extrude, loft, srgb

STEEL = Style((0.42, 0.43, 0.44), "galvanised", "pole")
RAIL = Style((0.42, 0.43, 0.44), "galvanised", "guard rail")
CONCRETE = Style(srgb("#9a968e"), "concrete", "wall")
WALL = Style(srgb("#b8b0a2"), "plaster", "building")
RED, WHITE = (Style(srgb(color), "sign_face", "traffic sign") for color in ("#b0202a", "#dcdcd8"))
_LONGEST = 200.0
"""Of anything that a map states [m]; what is larger is cut to it."""


def object_model(thing: RoadObject) -> Model | None:
    """The model of an object, its front to -y, its length along x; None for what is nothing to see, or is painted."""
    make = _MODELS.get(thing.type)
    return body(make(thing)) if make is not None else None


def _size(thing: RoadObject, length: float, width: float, height: float) -> tuple[float, float, float]:
    given = (thing.length or length, thing.width or width, thing.height or height)
    return tuple(min(value, _LONGEST) for value in given)  # type: ignore[return-value]


def _pole(thing: RoadObject) -> list[Mesh]:
    radius, height = min(thing.radius or 0.05, 2.0), min(thing.height or 3.0, _LONGEST)
    return [cylinder((0.0, 0.0, -0.05), (0.0, 0.0, height), radius, STEEL, segments=12)]


def _tree(thing: RoadObject) -> list[Mesh]:
    if thing.length > 2.5 * max(thing.width, 0.1):
        return _hedge(thing)
    meshes = list(street_tree("lime", generator(0, "map tree", thing.id)).parts["body"])
    tall = max(float(mesh.vertices[:, 2].max()) for mesh in meshes)
    return [mesh.scaled(np.clip((thing.height or tall) / tall, 0.2, 3.0)) for mesh in meshes]


def _hedge(thing: RoadObject) -> list[Mesh]:
    length, width, height = _size(thing, 2.0, 0.6, 1.2)
    grown = hedge(generator(0, "map hedge", thing.id), length, height, width)
    return [mesh.moved(np.eye(3), (-length / 2, 0.0, 0.0)) for mesh in grown.parts["body"]]


def _building(thing: RoadObject) -> list[Mesh]:
    length, width, height = _size(thing, 10.0, 8.0, 6.0)
    return [box((-length / 2, -width / 2, -0.3), (length / 2, width / 2, height), WALL)]


def _barrier(thing: RoadObject) -> list[Mesh]:
    if thing.subtype == "beacon":
        return _beacon(thing)
    length, width, height = _size(thing, 2.0, 0.4, 0.8)
    foot, top = width / 2, width / 4
    section = [(-foot, 0.0), (foot, 0.0), (foot, 0.1), (top, height), (-top, height), (-foot, 0.1)]
    rings = [[(x, y, z) for y, z in section] for x in (-length / 2, length / 2)]
    return [loft(np.array(rings), CONCRETE)]


def _beacon(thing: RoadObject) -> list[Mesh]:
    """A plate with slanting stripes of red and white, to both sides (RSA 21, sign 605)."""
    width, height = thing.width or 0.25, thing.height or 1.0
    plate = shapely.box(-width / 2, -height / 2, width / 2, height / 2)
    stripes = [
        shapely.Polygon([(-width, z), (width, z + 2 * width), (width, z + 3 * width), (-width, z + width)])
        for z in np.arange(-height - 2 * width, height, 2 * width)
    ]
    red = shapely.intersection(plate, shapely.union_all(np.array(stripes)))
    faces = signs.plate([(plate, WHITE.color), (red, RED.color)])
    turned = [mesh.moved(np.diag([-1.0, -1.0, 1.0]), (0.0, 0.0, 0.0)) for mesh in faces]
    upright = [
        mesh.moved(np.eye(3), (0.0, dy, height / 2 + 0.12))
        for side, dy in ((faces, -0.02), (turned, 0.02))
        for mesh in side
    ]
    foot = box((-0.2, -0.35, 0.0), (0.2, 0.35, 0.12), Style(srgb("#2a2a2a"), "rubber", "static"))
    return [*upright, foot]


def _railing(thing: RoadObject) -> list[Mesh]:
    length, _, height = _size(thing, 2.0, 0.1, 0.75)
    return [
        box((-length / 2, -0.02, height - 0.31), (length / 2, 0.02, height), RAIL),
        box((-0.05, 0.0, -0.05), (0.05, 0.06, height - 0.05), RAIL),
    ]


def _obstacle(thing: RoadObject) -> list[Mesh]:
    if thing.radius:
        return _pole(thing)
    length, width, height = _size(thing, 0.5, 0.5, 1.0)
    return [box((-length / 2, -width / 2, 0.0), (length / 2, width / 2, height), CONCRETE)]


def island(outline: shapely.Polygon, height: float) -> list[Mesh]:
    """A raised island with a kerb around a paved top."""
    kerb = outline.difference(outline.buffer(-0.15))
    top = outline.buffer(-0.15)
    parts = [extrude(part, -0.05, height, KERB) for part in shapely.get_parts(kerb)]
    return parts + [extrude(part, -0.05, height - 0.005, Style((0.28, 0.265, 0.245), "paving", "sidewalk"))
                    for part in shapely.get_parts(top)]  # fmt: skip


def bump(length: float, width: float, height: float) -> list[Mesh]:
    """A hump across a road, along x; rounded like a circle's arc."""
    x = np.linspace(-0.5, 0.5, 13)
    arc = [(float(a) * length, height * (1.0 - (2.0 * float(a)) ** 2)) for a in x]
    section = [(-length / 2, -0.02), *arc, (length / 2, -0.02)]
    rings = [[(a, y, z) for a, z in reversed(section)] for y in (-width / 2, width / 2)]
    return [loft(np.array(rings), ASPHALT)]


_MODELS: dict[str, Callable[[RoadObject], list[Mesh]]] = {
    "pole": _pole,
    "rail-pole": _pole,
    "guide-post": lambda _: list(signs.delineator().parts["body"]),
    "tree": _tree,
    "vegetation": _tree,
    "building": _building,
    "barrier": _barrier,
    "railing": _railing,
    "obstacle": _obstacle,
    "gantry": _pole,
    "streetLamp": _pole,
}
"""By type."""
