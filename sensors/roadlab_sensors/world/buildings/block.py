"""Buildings of a closed city block: shops below, flats above, a flat or a mansard roof."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from roadlab_sensors.world.assembly import Color, along_x, body, pick, turned, varied
from roadlab_sensors.world.buildings import palette
from roadlab_sensors.world.buildings.facade import around, wall
from roadlab_sensors.world.buildings.openings import Opening, WindowStyle, door, glazing, shop_window, window
from roadlab_sensors.world.buildings.roofs import chimney, dormer, mansard
from roadlab_sensors.world.mesh import Mesh, Model, merge
from roadlab_sensors.world.shapes import Style, box, cylinder, quad


@dataclass(frozen=True, slots=True)
class Block:
    """What is decided about a city building before it is built."""

    width: float
    depth: float
    ground: float
    """Height of the ground floor [m]."""
    storey: float
    upper: int
    """Floors above the ground floor."""
    bays: int
    window: tuple[float, float]
    windows: WindowStyle
    walls: Style
    base: Style
    """Of the ground floor."""
    trim: Style
    balconies: tuple[int, ...]
    """Bays with balconies."""
    shops: bool

    @property
    def cornice(self) -> float:
        """Height of the walls [m]."""
        return self.ground + self.upper * self.storey


def block(rng: np.random.Generator, width: float, *, open_sides: tuple[bool, bool] = (False, False)) -> Model:
    """A building `width` wide; origin in the middle of its front wall's foot, front to -y.

    `open_sides` (left, right seen from the street) have windows and shops like the front, as at a street corner.
    """
    plan = _decide(rng, width)
    front, back = _front(plan, plan.width, rng), _plain(plan, plan.width, rng)
    left, right = (_front(plan, plan.depth, rng) if is_open else _blank(plan) for is_open in open_sides)
    half = plan.width / 2
    foundation = box((-half, 0.0, -0.3), (half, plan.depth, 0.0), Style(palette.CONCRETE, "concrete", "building"))
    return body([*around(plan.width, plan.depth, front, right, back, left), *_roof(plan, rng), foundation])


def rear_block(rng: np.random.Generator, width: float) -> Model:
    """A building of the next street, of which only a little shows between those of this one.

    Its panes lie on its walls. Origin in the middle of the foot of the wall that looks to -y.
    """
    plan = _decide(rng, width)
    half, lean, top = width / 2, 1.1, plan.cornice + 2.8
    walls = box((-half, 0.0, -0.01), (half, plan.depth, plan.cornice), plan.walls)
    section = shapely.Polygon([(0.0, plan.cornice), (plan.depth, plan.cornice), (plan.depth - lean, top), (lean, top)])
    attic = along_x(section, -half, half, Style(pick(palette.SLATE, rng), "roof_tiles", "building"))
    panes = merge(_flat_panes(plan, width, rng))
    front, back = turned(panes, at=(-half, 0.0, 0.0)), turned(panes, np.pi, (half, plan.depth, 0.0))
    return body([walls, attic, *front, *back])


def _decide(rng: np.random.Generator, width: float) -> Block:
    old = rng.random() < 0.65
    material = "brick" if rng.random() < 0.25 else "plaster"
    walls = Style(pick(palette.BRICK if material == "brick" else palette.CITY_PLASTER, rng), material, "building")
    trim_color = pick(palette.TRIM, rng)
    trim = Style(tuple(0.85 * c for c in trim_color), "stone", "building")  # type: ignore[arg-type]
    frame = pick(palette.FRAME, rng)
    windows = (
        WindowStyle(frame, trim.color, 0.15, 2, 0.3, float(rng.uniform(0.1, 0.16)))
        if old
        else WindowStyle(frame, trim.color, 0.12, int(rng.integers(1, 3)), roller=0.2)
    )
    bays = max(2, round(width / (2.6 if old else 3.1)))
    with_balconies = rng.random() < 0.6
    balconies = tuple(k for k in range(bays) if (k % 2 == 1 if bays > 3 else k == bays // 2)) if with_balconies else ()
    return Block(
        width=width,
        depth=float(rng.uniform(11.0, 13.0)),
        ground=float(rng.uniform(3.8, 4.3)),
        storey=float(rng.uniform(3.2, 3.5) if old else rng.uniform(2.8, 3.0)),
        upper=int(rng.integers(3, 5)),
        bays=bays,
        window=(1.15, 1.85) if old else (1.45, 1.5),
        windows=windows,
        walls=walls,
        base=Style(pick(palette.PLINTH, rng), "stone", "building") if rng.random() < 0.6 else walls,
        trim=trim,
        balconies=balconies,
        shops=bool(rng.random() < 0.8),
    )


def _upper(
    plan: Block, length: float, bays: int, balconies: tuple[int, ...], rng: np.random.Generator
) -> tuple[list[Opening], list[Mesh]]:
    """Windows of the upper floors and their balconies; a few window variants serve the whole facade."""
    width, height = plan.window
    variants = [window(width, height, plan.windows, rng) for _ in range(6)]
    tall = [window(width, height + 0.65, plan.windows, rng) for _ in range(3)] if balconies else []
    rail = Style(varied(palette.IRON, rng), "painted_metal", "building")
    outside = merge(balcony(2.0, 1.05, rail))
    openings, extra = [], []
    for floor in range(plan.upper):
        z = plan.ground + floor * plan.storey
        for bay in range(bays):
            x = (bay + 0.5) * length / bays - width / 2
            if bay in balconies:
                openings.append(Opening(x, z + 0.2, width, height + 0.65, tall[int(rng.integers(len(tall)))]))
                extra += turned(outside, at=(x + width / 2, 0.0, z + 0.14))
            else:
                openings.append(Opening(x, z + 0.85, width, height, variants[int(rng.integers(len(variants)))]))
    return openings, extra


def _front(plan: Block, length: float, rng: np.random.Generator) -> list[Mesh]:
    """A street wall: ground floor, upper floors, bands and cornice."""
    bays = plan.bays if length == plan.width else max(2, round(length * plan.bays / plan.width))
    openings, meshes = _upper(plan, length, bays, plan.balconies if length == plan.width else (), rng)
    low, more = _shops(plan, length, rng) if plan.shops else _flats(plan, length, bays, rng)
    recess = plan.windows.recess
    meshes += wall(shapely.box(0, 0, length, plan.ground), low, plan.base, max(recess, 0.15))
    meshes += wall(shapely.box(0, plan.ground, length, plan.cornice), openings, plan.walls, recess)
    meshes.append(box((0, -0.1, plan.ground - 0.16), (length, 0.01, plan.ground + 0.04), plan.trim))
    if plan.windows.surround > 0.0:
        meshes.append(
            box(
                (0, -0.07, plan.ground + plan.storey - 0.05), (length, 0.01, plan.ground + plan.storey + 0.1), plan.trim
            )
        )
    for z, out in ((-0.55, 0.08), (-0.38, 0.2), (-0.2, 0.38)):
        meshes.append(box((0, -out, plan.cornice + z), (length, 0.01, plan.cornice + z + 0.165), plan.trim))
    return meshes + more


def _shops(plan: Block, length: float, rng: np.random.Generator) -> tuple[list[Opening], list[Mesh]]:
    """Shop fronts with fascia boards and awnings, and the door to the flats."""
    flats = 1.5
    count = max(1, round((length - flats) / 6.0))
    each = (length - flats - 0.4) / count
    left = bool(rng.random() < 0.5)
    start, at = (flats, 0.3) if left else (0.3, length - flats + 0.15)
    openings = [Opening(at, 0.05, 1.1, 2.7, door(1.1, 2.7, pick(palette.DOOR, rng), 0.15, rng))]
    meshes: list[Mesh] = []
    top = plan.ground - 1.15
    for k in range(count):
        color, x0 = pick(palette.FASCIA, rng), start + k * each + 0.2
        wide = each - 0.4
        entry = x0 + float(rng.choice([0.0, 1.0])) * (wide - 1.05)
        frame = color if rng.random() < 0.5 else pick(palette.FRAME, rng)
        glass = x0 + (1.25 if entry == x0 else 0.0)
        openings.append(Opening(entry, 0.03, 1.05, top - 0.03, _shop_door(1.05, top - 0.03, frame, rng)))
        openings.append(Opening(glass, 0.03, wide - 1.25, top - 0.03, shop_window(wide - 1.25, top - 0.03, frame, rng)))
        meshes += turned(fascia(wide + 0.2, 0.62, color, rng), at=(x0 - 0.1, 0.0, top + 0.18))
        if rng.random() < 0.55:
            meshes += turned(
                awning(wide, float(rng.uniform(0.9, 1.5)), pick(palette.AWNING, rng), rng), at=(x0, -0.04, top + 0.14)
            )
    return openings, meshes


def _shop_door(width: float, height: float, frame: Color, rng: np.random.Generator) -> tuple[Mesh, ...]:
    style = WindowStyle(frame, frame, 0.12, 1, 0.25)
    return tuple(m for m in window(width, height, style, rng) if m.material != "stone")


def _flats(plan: Block, length: float, bays: int, rng: np.random.Generator) -> tuple[list[Opening], list[Mesh]]:
    """A raised ground floor with windows and a house door."""
    width, height = plan.window
    entry = bays // 2
    openings = []
    for bay in range(bays):
        x = (bay + 0.5) * length / bays
        if bay == entry:
            openings.append(Opening(x - 0.6, 0.05, 1.2, 2.6, door(1.2, 2.6, pick(palette.DOOR, rng), 0.15, rng)))
        else:
            openings.append(Opening(x - width / 2, 1.35, width, height, window(width, height, plan.windows, rng)))
    return openings, [box((0, -0.05, -0.01), (length / bays * entry, 0.01, 0.7), plan.trim)] if entry else []


def _plain(plan: Block, length: float, rng: np.random.Generator) -> list[Mesh]:
    """The courtyard side, of which no road sees more than a glimpse."""
    return wall(shapely.box(0, 0, length, plan.cornice), [], plan.walls, 0.1) + _flat_panes(plan, length, rng)


def _flat_panes(plan: Block, length: float, rng: np.random.Generator) -> list[Mesh]:
    """Windows of the upper floors as mere panes that lie on a wall."""
    width, height = plan.window
    panes = []
    for floor in range(plan.upper):
        z = plan.ground + floor * plan.storey + 0.85
        for bay in range(plan.bays):
            x = (bay + 0.5) * length / plan.bays - width / 2
            panes.append(glazing(x, z, x + width, z + height, -0.01, varied(palette.GLASS, rng, 0.35)))
    return panes


def _blank(plan: Block) -> list[Mesh]:
    """A party wall."""
    return wall(shapely.box(0, 0, plan.depth, plan.cornice), [], plan.walls, 0.1)


def _roof(plan: Block, rng: np.random.Generator) -> list[Mesh]:
    top = plan.cornice
    brick = Style(pick(palette.BRICK, rng), "brick", "building")
    if rng.random() < 0.6:
        slates = pick(palette.SLATE if rng.random() < 0.6 else palette.TILES, rng)
        height = float(rng.uniform(2.6, 3.0))
        lead = Style(palette.ZINC, "painted_metal", "building")
        meshes = [box((-plan.width / 2, -0.42, top - 0.035), (plan.width / 2, plan.depth + 0.1, top), lead)]
        meshes += mansard(plan.width, plan.depth, top, height, slates, plan.walls, rng)
        for bay in range(plan.bays):
            x = (bay + 0.5) * plan.width / plan.bays - plan.width / 2
            meshes += turned(
                dormer(1.35, 1.75, 1.2, plan.windows, Style(slates, "painted_metal", "building"), slates, rng),
                at=(x, 0.3, top + 0.25),
            )
        stacks = [(sign * (plan.width / 2 - 0.6), float(rng.uniform(0.35, 0.65)) * plan.depth) for sign in (-1, 1)]
        for x, y in stacks:
            meshes += turned(chimney(0.6, top + height + 1.1, top + height - 0.5, brick), at=(x, y, 0.0))
        return meshes
    return _flat_roof(plan, rng)


def _flat_roof(plan: Block, rng: np.random.Generator) -> list[Mesh]:
    """A flat roof behind a parapet, with a lift house and machines."""
    top, half = plan.cornice, plan.width / 2
    felt = Style((0.09, 0.09, 0.09), "concrete", "building")
    metal = Style((0.35, 0.35, 0.34), "galvanised", "building")
    meshes = [
        quad(
            (-half, 0, top + 0.05),
            (half, 0, top + 0.05),
            (half, plan.depth, top + 0.05),
            (-half, plan.depth, top + 0.05),
            felt,
        )
    ]
    for low, high in (
        ((-half, -0.06, top - 0.036), (half, 0.24, top + 0.7)),
        ((-half, plan.depth - 0.24, top), (half, plan.depth, top + 0.7)),
        ((-half, 0.24, top), (-half + 0.24, plan.depth - 0.24, top + 0.7)),
        ((half - 0.24, 0.24, top), (half, plan.depth - 0.24, top + 0.7)),
    ):
        meshes.append(box(low, high, plan.walls))
    x, y = float(rng.uniform(-0.25, 0.25)) * plan.width, 0.6 * plan.depth
    meshes.append(box((x - 1.5, y - 1.2, top), (x + 1.5, y + 1.4, top + 2.3), plan.walls))
    for _ in range(int(rng.integers(1, 4))):
        x, y = float(rng.uniform(-0.4, 0.4)) * plan.width, float(rng.uniform(0.15, 0.35)) * plan.depth
        meshes.append(box((x - 0.5, y - 0.4, top + 0.05), (x + 0.5, y + 0.4, top + 0.95), metal))
    return meshes


def balcony(width: float, depth: float, rail: Style) -> list[Mesh]:
    """A slab with railings; its middle at the wall's face, floor at z = 0."""
    half = width / 2
    meshes = [box((-half, -depth, -0.16), (half, 0.0, 0.0), Style(palette.CONCRETE, "concrete", "building"))]
    posts = [(x, -depth + 0.04) for x in np.linspace(-half + 0.04, half - 0.04, 17)]
    posts += [(sign * (half - 0.04), y) for sign in (-1, 1) for y in np.linspace(-depth + 0.16, -0.1, 7)]
    # Flat bars, each a plate without thickness that looks to the street.
    meshes += [
        quad((x - 0.01, y, 0.0), (x + 0.01, y, 0.0), (x + 0.01, y, 1.0), (x - 0.01, y, 1.0), rail) for x, y in posts
    ]
    meshes.append(box((-half + 0.01, -depth + 0.01, 1.0), (half - 0.01, -depth + 0.07, 1.05), rail))
    meshes += [box((x - 0.03, -depth + 0.07, 1.0), (x + 0.03, 0.0, 1.05), rail) for x in (-half + 0.04, half - 0.04)]
    return meshes


def fascia(width: float, height: float, color: Color, rng: np.random.Generator) -> list[Mesh]:
    """A sign board over a shop with abstract letters; lower left corner at the origin."""
    board = Style(color, "painted_metal", "building")
    light = Style((0.62, 0.6, 0.55), "painted_metal", "building")
    meshes = [box((0, -0.13, 0), (width, 0.01, height), board)]
    size = 0.42 * height
    letters = int(rng.integers(4, 9))
    x = width / 2 - letters * size * 0.4
    for _ in range(letters):
        stroke = 0.17 * size
        bars = [
            (0.0, 0.0, stroke, size),
            (0.0, size - stroke, 0.6 * size, size),
            (0.0, 0.0, 0.6 * size, stroke),
            (0.6 * size - stroke, 0.0, 0.6 * size, size),
        ]
        for b in np.flatnonzero(rng.random(4) < 0.65):
            x0, z0, x1, z1 = bars[b]
            depth = 0.135 + 0.002 * float(b)
            meshes.append(box((x + x0, -depth, 0.29 * height + z0), (x + x1, -0.12, 0.29 * height + z1), light))
        x += 0.8 * size
    return meshes


def awning(width: float, reach: float, color: Color, rng: np.random.Generator) -> list[Mesh]:
    """A sloping cloth with a valance on two arms; upper left corner at the origin, often striped."""
    count = max(1, round(width / 0.22)) if rng.random() < 0.5 else 1
    edges = np.linspace(0.0, width, count + 1)
    light = Style((0.55, 0.52, 0.45), "cloth", "building")
    dark = Style(color, "cloth", "building")
    drop = 0.4 * reach
    meshes = []
    for k in range(count):
        a, b, style = float(edges[k]), float(edges[k + 1]), light if k % 2 else dark
        meshes.append(quad((a, -reach, -drop), (b, -reach, -drop), (b, 0, 0), (a, 0, 0), style))
        meshes.append(
            quad((a, -reach, -drop - 0.2), (b, -reach, -drop - 0.2), (b, -reach, -drop), (a, -reach, -drop), style)
        )
    steel = Style((0.4, 0.4, 0.4), "galvanised", "building")
    meshes += [
        cylinder((x, 0.03, -0.45), (x, -reach + 0.02, -drop - 0.03), 0.018, steel, segments=6)
        for x in (0.05, width - 0.05)
    ]
    return meshes
