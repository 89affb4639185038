"""Houses of the suburb: two storeys and a pitched roof, detached or in a terrace, and garages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely

from roadlab_sensors.world.assembly import Color, body, pick, turned, varied
from roadlab_sensors.world.buildings import palette
from roadlab_sensors.world.buildings.facade import around, gable, wall
from roadlab_sensors.world.buildings.openings import Opening, WindowStyle, door, garage_door, window, window_style
from roadlab_sensors.world.buildings.roofs import chimney, dormer, downpipe, gable_roof, hip_roof, skylight
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.shapes import Style, box

Roof = Literal["eaves", "gable", "hip"]
"""What the street sees of the roof: its eaves, its gable, or a hip."""


@dataclass(frozen=True, slots=True)
class House:
    """What is decided about a house before it is built."""

    width: float
    depth: float
    storey: float
    plinth: float
    """Height of the ground floor above the ground [m]."""
    pitch: float
    roof: Roof
    overhang: float
    windows: WindowStyle
    walls: Style
    upper: Style
    """Of the upper floor and the gables."""
    tiles: Color
    wood: Color
    terraced: bool
    """Stands between neighbours: blank side walls, no verge."""
    bays: int
    door_bay: int

    @property
    def eaves(self) -> float:
        """Height of the walls below the roof [m]."""
        return self.plinth + 2 * self.storey

    @property
    def door(self) -> float:
        """Middle of the door, to the right of the middle of the front [m]."""
        return (self.door_bay + 0.5) * self.width / self.bays - self.width / 2


def house(plan: House, rng: np.random.Generator) -> Model:
    """A house; origin in the middle of its front wall's foot, front to -y."""
    return body([*_walls(plan, rng), *_plinth(plan), *_roof(plan, rng), *_entrance(plan, rng)])


def planned(rng: np.random.Generator, *, terraced: bool = False) -> House:
    """A plausible plan."""
    width = float(rng.uniform(6.2, 7.4) if terraced else rng.uniform(8.5, 11.5))
    bays = 2 if terraced else int(rng.choice([3, 3, 4]))
    roof: Roof = "eaves" if terraced else ("eaves", "gable", "hip")[int(rng.choice(3, p=[0.45, 0.35, 0.2]))]
    material = "brick" if rng.random() < 0.3 else "plaster"
    walls = Style(pick(palette.BRICK if material == "brick" else palette.PLASTER, rng), material, "building")
    upper = walls
    if rng.random() < 0.22:
        upper = (
            Style(pick(palette.WOODWORK, rng), "wood", "building")
            if rng.random() < 0.5
            else Style(pick(palette.PLASTER, rng), "plaster", "building")
        )
    depth = float(rng.uniform(8.5, 10.0) if terraced else rng.uniform(7.6, min(width, 9.5)))
    return House(
        width=width,
        depth=depth,
        storey=float(rng.uniform(2.75, 3.0)),
        plinth=float(rng.choice([0.34, 0.51, 0.68])),
        pitch=float(np.radians(rng.uniform(26, 34) if roof == "hip" else rng.uniform(34, 46))),
        roof=roof,
        overhang=float(rng.uniform(0.35, 0.6)),
        windows=window_style(rng),
        walls=walls,
        upper=upper,
        tiles=pick(palette.TILES, rng),
        wood=pick(palette.WOODWORK, rng),
        terraced=terraced,
        bays=bays,
        door_bay=int(rng.integers(bays)),
    )


def _row(
    plan: House,
    floor: int,
    length: float,
    count: int,
    rng: np.random.Generator,
    *,
    size: tuple[float, float] = (1.2, 1.35),
) -> list[Opening]:
    """`count` windows at even spacing on one floor of a wall of this length."""
    width, height = size
    z = plan.plinth + floor * plan.storey + 0.9
    spacing = length / count
    return [
        Opening((k + 0.5) * spacing - width / 2, z, width, height, window(width, height, plan.windows, rng))
        for k in range(count)
    ]


def _front(plan: House, rng: np.random.Generator) -> list[Opening]:
    """Openings of the front: the door at one bay of the ground floor."""
    share = 0.42 if plan.windows.shutters is not None else 0.5
    size = (min(float(rng.uniform(1.05, 1.6)), share * plan.width / plan.bays), float(rng.uniform(1.3, 1.5)))
    openings = _row(plan, 0, plan.width, plan.bays, rng, size=size) + _row(
        plan, 1, plan.width, plan.bays, rng, size=size
    )
    width, height = 1.05, 2.15
    x = plan.door + plan.width / 2 - width / 2
    leaf = door(width, height, pick(palette.DOOR, rng), plan.windows.recess, rng)
    openings[plan.door_bay] = Opening(x, plan.plinth, width, height, leaf)
    return openings


def _split(plan: House, outline: shapely.Polygon, openings: list[Opening]) -> list[Mesh]:
    """A wall whose upper part may differ from its lower part."""
    recess = plan.windows.recess
    if plan.upper == plan.walls:
        return wall(outline, openings, plan.walls, recess)
    height = plan.plinth + plan.storey
    left, _, right, top = outline.bounds
    low = [o for o in openings if o.z < height - 0.3]
    high = [o for o in openings if o.z >= height - 0.3]
    lower = wall(outline.intersection(shapely.box(left, 0, right, height)), low, plan.walls, recess)
    upper = wall(outline.intersection(shapely.box(left, height, right, top)), high, plan.upper, recess)
    trim = Style(plan.windows.trim, "stone", "building")
    return [*lower, *upper, box((left + 0.011, -0.035, height - 0.06), (right - 0.011, 0.01, height + 0.06), trim)]


def _walls(plan: House, rng: np.random.Generator) -> list[Mesh]:
    slope = np.tan(plan.pitch)
    front_top, side_top = shapely.box(0, 0, plan.width, plan.eaves), shapely.box(0, 0, plan.depth, plan.eaves)
    front_openings = _front(plan, rng)
    back = _row(plan, 1, plan.width, 3, rng) + _row(plan, 0, plan.width, 2, rng, size=(1.6, 1.4))
    sides: list[list[Opening]] = [[], []]
    if not plan.terraced:
        sides = [
            _row(plan, 1, plan.depth, int(rng.integers(1, 3)), rng)
            + _row(plan, 0, plan.depth, int(rng.integers(1, 3)), rng)
            for _ in range(2)
        ]
    attic = Opening(0.0, 0.0, 1.0, 1.1, window(1.0, 1.1, plan.windows, rng))
    if plan.roof == "eaves":
        side_top = gable(plan.depth, plan.eaves, slope * plan.depth / 2)
        if not plan.terraced:
            sides = [[*s, Opening(plan.depth / 2 - 0.5, plan.eaves + 0.35, 1.0, 1.1, attic.fill)] for s in sides]
    elif plan.roof == "gable":
        front_top = gable(plan.width, plan.eaves, slope * plan.width / 2)
        front_openings = [*front_openings, Opening(plan.width / 2 - 0.5, plan.eaves + 0.45, 1.0, 1.1, attic.fill)]
    front = _split(plan, front_top, front_openings)
    right, left = (_split(plan, side_top, openings) for openings in sides)
    return around(plan.width, plan.depth, front, right, _split(plan, front_top, back), left)


def _plinth(plan: House) -> list[Mesh]:
    """A band of another colour around the foot, open behind the steps' landing."""
    half = plan.width / 2
    style = Style(tuple(0.62 * c for c in plan.windows.trim), "concrete", "building")  # type: ignore[arg-type]
    side = 0.0 if plan.terraced else 0.03
    low, high = (-half - side, -0.03, -0.01), (half + side, plan.depth + 0.03, plan.plinth - 0.06)
    return [box(low, high, style)]


def _roof(plan: House, rng: np.random.Generator) -> list[Mesh]:
    verge = 0.0 if plan.terraced else float(rng.uniform(0.15, 0.45))
    pipe = downpipe(plan.width / 2 - 0.25, -0.08, plan.eaves - 0.05)
    brick = Style(pick(palette.BRICK, rng), "brick", "building")
    if plan.roof == "hip":
        roof = hip_roof(plan.width, plan.depth, plan.eaves, plan.pitch, plan.overhang, plan.tiles, plan.wood, rng)
        rise = np.tan(plan.pitch) * plan.depth / 2
        stack = turned(
            chimney(0.55, plan.eaves + rise + 1.0, plan.eaves, brick),
            at=(rng.uniform(-1.5, 1.5), plan.depth * 0.55, 0.0),
        )
        return [*roof, *stack, *pipe]
    span, run = (plan.width, plan.depth) if plan.roof == "eaves" else (plan.depth, plan.width)
    roof = gable_roof(span, run, plan.eaves, plan.pitch, plan.overhang, verge, plan.tiles, plan.wood, rng)
    slope = np.tan(plan.pitch)
    x = float(rng.choice([-0.3, 0.3])) * span
    roof += turned(chimney(0.55, plan.eaves + slope * run / 2 + 0.9, plan.eaves + 0.5, brick), at=(x, 0.6 * run, 0.0))
    roof += _on_slope(plan, span, run, rng)
    return [*(roof if plan.roof == "eaves" else _sideways(roof, run, span)), *pipe]


def _sideways(meshes: list[Mesh], run: float, depth: float) -> list[Mesh]:
    """A roof turned so that its gable looks to the front."""
    return turned(meshes, np.pi / 2, (run / 2, depth / 2, 0.0))


def _on_slope(plan: House, span: float, run: float, rng: np.random.Generator) -> list[Mesh]:
    """Dormers or skylights on the front slope, or nothing."""
    kind = rng.choice(["dormers", "skylights", "none"], p=[0.35, 0.35, 0.3])
    slope = np.tan(plan.pitch)
    count = int(rng.integers(1, 3)) if span > 7.5 else 1
    places = [(k + 0.5) * span / count - span / 2 for k in range(count)]
    meshes: list[Mesh] = []
    for x in places:
        if kind == "dormers":
            y = 0.9
            foot = plan.eaves + slope * y + 0.15
            walls = Style(plan.wood, "wood", "building")
            meshes += turned(
                dormer(1.5, 1.35, min(1.35 / slope + 0.6, run / 2), plan.windows, walls, plan.tiles, rng),
                at=(x, y, foot),
            )
        elif kind == "skylights":
            lift = 0.15 / np.cos(plan.pitch) + 0.06
            tilt = np.array(
                [[1, 0, 0], [0, np.cos(plan.pitch), -np.sin(plan.pitch)], [0, np.sin(plan.pitch), np.cos(plan.pitch)]]
            )
            meshes += [m.moved(tilt, (x, 1.6, plan.eaves + slope * 1.6 + lift)) for m in skylight(0.78, 1.18)]
    return meshes


def _entrance(plan: House, rng: np.random.Generator) -> list[Mesh]:
    """A landing with steps of 17 cm before the door, often under a canopy."""
    x = plan.door
    stone = Style(varied(palette.CONCRETE, rng), "concrete", "building")
    half, count = 0.75, round(plan.plinth / 0.17)
    heights, fronts = 0.17 * np.arange(count, 0, -1), 0.95 + 0.3 * np.arange(count)
    edges = np.concatenate([[-0.05], fronts])
    meshes = [
        box((x - half, -f, -0.01), (x + half, -b, h), stone)
        for h, b, f in zip(heights, edges[:-1], edges[1:], strict=True)
    ]
    if rng.random() < 0.6:
        z = plan.plinth + 2.4
        lid = Style(palette.ZINC, "painted_metal", "building")
        meshes.append(box((x - 0.85, -1.05, z), (x + 0.85, 0.0, z + 0.12), lid))
    return meshes


def garage(rng: np.random.Generator) -> Model:
    """A single garage with a flat roof; origin in the middle of its front wall's foot, front to -y."""
    width, depth, height = 3.1, 6.0, float(rng.uniform(2.5, 2.75))
    walls = Style(pick(palette.PLASTER, rng), "plaster", "building")
    opening = Opening(0.3, 0.0, 2.5, 2.15, garage_door(2.5, 2.15, varied(pick(palette.DOOR, rng), rng), 0.15))
    front = wall(shapely.box(0, 0, width, height), [opening], walls, 0.15)
    side, back = (
        wall(shapely.box(0, 0, depth, height), [], walls, 0.1),
        wall(shapely.box(0, 0, width, height), [], walls, 0.1),
    )
    edge = Style(palette.ZINC, "painted_metal", "building")
    lid = box((-width / 2 - 0.12, -0.35, height), (width / 2 + 0.12, depth + 0.1, height + 0.22), edge)
    return body([*around(width, depth, front, side, back, side), lid])
