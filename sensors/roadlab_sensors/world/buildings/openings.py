"""What fills the openings of a facade: windows, doors, garage doors, shop windows.

Each function returns meshes in the opening's own frame: x to the right and z up from its lower left corner, y into the
wall from the wall's outer face at y = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from roadlab_sensors.world.assembly import Color, pick, pierced, slats, turned, varied
from roadlab_sensors.world.buildings import palette
from roadlab_sensors.world.mesh import Mesh, merge
from roadlab_sensors.world.shapes import Style, box, quad

FRAME_DEPTH = 0.035
"""How far a pane stands behind the front of its frame [m]."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A rectangular hole in a wall and what fills it; x and z of its lower left corner on the wall [m]."""

    x: float
    z: float
    width: float
    height: float
    fill: tuple[Mesh, ...]

    def outline(self) -> shapely.Polygon:
        """Its rectangle in the wall's plane (x, z)."""
        return shapely.box(self.x, self.z, self.x + self.width, self.z + self.height)


@dataclass(frozen=True, slots=True)
class WindowStyle:
    """What the windows of one building have in common."""

    frame: Color
    trim: Color
    recess: float = 0.12
    """How far the frame stands behind the wall's face [m]."""
    wings: int = 2
    transom: float = 0.0
    """Height of the upper lights as a share of the window; 0 for none."""
    surround: float = 0.0
    """Width of a raised frame on the wall around the window [m]."""
    shutters: Color | None = None
    roller: float = 0.0
    """Chance that a roller shutter is partly down."""


def window_style(rng: np.random.Generator, *, wings: tuple[int, ...] = (1, 2, 2, 3)) -> WindowStyle:
    """A plausible style for a house of today or of a hundred years ago."""
    old = rng.random() < 0.45
    return WindowStyle(
        frame=pick(palette.FRAME, rng),
        trim=pick(palette.TRIM, rng),
        recess=float(rng.uniform(0.10, 0.15)),
        wings=int(rng.choice(wings)),
        transom=float(rng.uniform(0.26, 0.34)) if old else 0.0,
        surround=float(rng.uniform(0.08, 0.13)) if old and rng.random() < 0.7 else 0.0,
        shutters=pick(palette.SHUTTER, rng) if old and rng.random() < 0.55 else None,
        roller=0.0 if old else 0.3,
    )


def panes(width: float, height: float, style: WindowStyle, border: float = 0.07) -> list[shapely.Polygon]:
    """The glazed rectangles of a window."""
    levels = [border, height - border]
    if style.transom > 0.0:
        middle = height * (1.0 - style.transom)
        levels = [border, middle - border / 2, middle + border / 2, height - border]
    inner = (width - border * (style.wings + 1)) / style.wings
    left = [border + k * (inner + border) for k in range(style.wings)]
    return [shapely.box(x, z0, x + inner, z1) for z0, z1 in zip(levels[::2], levels[1::2], strict=True) for x in left]


def glazing(x0: float, z0: float, x1: float, z1: float, y: float, color: Color) -> Mesh:
    """A pane with what is seen behind it as its colour."""
    glass = Style(color, "window_glass", "building")
    return quad((x0, y, z0), (x1, y, z0), (x1, y, z1), (x0, y, z1), glass)


def room(pane: shapely.Polygon, y: float, dressing: Dressing) -> list[Mesh]:
    """A pane with curtains at its sides or a blind at its top, as seen against a dark room."""
    x0, z0, x1, z1 = pane.bounds
    a, b = x0 + dressing.left * (x1 - x0), x1 - dressing.right * (x1 - x0)
    c = z1 - dressing.top * (z1 - z0)
    pieces = [
        (a, z0, b, c, dressing.dark),
        (x0, z0, a, c, dressing.cloth),
        (b, z0, x1, c, dressing.cloth),
        (x0, c, x1, z1, dressing.cloth),
    ]
    return [glazing(p, q, r, s, y, color) for p, q, r, s, color in pieces if r - p > 1e-6 and s - q > 1e-6]


@dataclass(frozen=True, slots=True)
class Dressing:
    """Curtains and blinds: which shares of a pane they cover."""

    left: float
    right: float
    top: float
    cloth: Color
    dark: Color


def dressing(rng: np.random.Generator) -> Dressing:
    """Bare, with curtains at the sides, or with a blind; often something light on the sill's level."""
    cloth = tuple(0.55 * c for c in pick(palette.CURTAIN, rng, 0.1))
    dark = varied(palette.GLASS, rng, 0.35)
    kind = rng.choice(["bare", "curtains", "blind", "net"], p=[0.35, 0.3, 0.2, 0.15])
    left, right, top = 0.0, 0.0, 0.0
    if kind == "curtains":
        left, right = rng.uniform(0.12, 0.4, 2)
    elif kind == "blind":
        top = rng.uniform(0.15, 0.8)
    elif kind == "net":
        top, cloth = 1.0, tuple(0.4 * c for c in cloth)
    return Dressing(float(left), float(right), float(top), (cloth[0], cloth[1], cloth[2]), dark)


def framed(
    width: float, height: float, holes: Sequence[shapely.Polygon], y: float, color: Color, seen: Sequence[Dressing]
) -> list[Mesh]:
    """A glazed frame that fills width x height with its front at depth `y` [m]."""
    painted = Style(color, "painted_metal", "building")
    meshes = turned(pierced(shapely.box(0.0, 0.0, width, height), holes, FRAME_DEPTH, painted), at=(0.0, y, 0.0))
    for k, hole in enumerate(holes):
        meshes += room(hole, y + FRAME_DEPTH, seen[k % len(seen)])
    return meshes


def window(width: float, height: float, style: WindowStyle, rng: np.random.Generator) -> tuple[Mesh, ...]:
    """A window with frame, panes and sill, and with surround, shutters or a roller shutter as its style says."""
    inside = dressing(rng)
    other = Dressing(inside.right, inside.left, inside.top, inside.cloth, inside.dark)
    meshes = framed(width, height, panes(width, height, style), style.recess, style.frame, [inside, other])
    trim = Style(style.trim, "stone", "building")
    meshes.append(box((-0.05, -0.06, -0.045), (width + 0.05, style.recess, 0.015), trim))
    if style.surround > 0.0:
        meshes += surround(width, height, style.surround, trim)
    if style.shutters is not None:
        meshes += shutters(width, height, style.surround, style.shutters)
    if rng.random() < style.roller:
        down = height * float(rng.choice([0.12, 0.2, 0.35, 0.6, 1.0], p=[0.3, 0.25, 0.2, 0.15, 0.1]))
        curtain = slats(
            width, height - down + 0.02, height, 0.055, 0.008, Style(srgb_grey(0.42), "plastic", "building")
        )
        meshes += turned([curtain], at=(0.0, style.recess - 0.03, 0.0))
    return tuple(merge(meshes))


def srgb_grey(value: float) -> Color:
    """A linear grey."""
    return (value, value * 0.985, value * 0.95)


def surround(width: float, height: float, size: float, style: Style) -> list[Mesh]:
    """A raised frame on the wall at the sides and above an opening."""
    return [
        box((-size, -0.03, 0.0), (-0.002, 0.01, height), style),
        box((width + 0.002, -0.03, 0.0), (width + size, 0.01, height), style),
        box((-size - 0.03, -0.045, height + 0.002), (width + size + 0.03, 0.01, height + size * 1.25), style),
    ]


def shutters(width: float, height: float, gap: float, color: Color) -> list[Mesh]:
    """Two open louvred shutters beside an opening."""
    wood = Style(color, "wood", "building")
    leaf = width / 2
    meshes = []
    for x in (-gap - 0.03 - leaf, width + gap + 0.03):
        meshes.append(box((x, -0.035, -0.02), (x + leaf, -0.01, height + 0.02), wood))
        meshes += turned([slats(leaf - 0.1, 0.06, height - 0.06, 0.13, 0.016, wood)], at=(x + 0.05, -0.037, 0.0))
    return meshes


def door(width: float, height: float, color: Color, recess: float, rng: np.random.Generator) -> tuple[Mesh, ...]:
    """A panelled door leaf in its frame, with a light and a handle."""
    wood = Style(color, "painted_metal", "building")
    frame = Style(varied(color, rng, 0.15), "painted_metal", "building")
    meshes = turned(
        pierced(shapely.box(0, 0, width, height), [shapely.box(0.06, 0.0, width - 0.06, height - 0.06)], 0.05, frame),
        at=(0, recess, 0),
    )
    x0, x1, y = 0.06, width - 0.06, recess + 0.05
    rails = np.linspace(0.12, height - 0.18, int(rng.integers(3, 5)))
    fields = [shapely.box(x0 + 0.12, a + 0.05, x1 - 0.12, b - 0.05) for a, b in pairwise(rails)]
    meshes += turned(pierced(shapely.box(x0, 0.0, x1, height - 0.06), fields, 0.02, wood), at=(0.0, y, 0.0))
    light = rng.random() < 0.75
    for k, field in enumerate(fields):
        a, b, c, d = field.bounds
        if light and k == len(fields) - 1:
            meshes.append(glazing(a, b, c, d, y + 0.02, varied(palette.GLASS, rng, 0.3)))
        else:
            meshes.append(quad((a, y + 0.02, b), (c, y + 0.02, b), (c, y + 0.02, d), (a, y + 0.02, d), wood))
    steel = Style(srgb_grey(0.5), "galvanised", "building")
    meshes.append(box((x1 - 0.1, y - 0.05, 0.98), (x1 - 0.07, y - 0.005, 1.12), steel))
    return tuple(merge(meshes))


def garage_door(width: float, height: float, color: Color, recess: float) -> tuple[Mesh, ...]:
    """A sectional garage door."""
    steel = Style(color, "painted_metal", "building")
    sections = np.linspace(0.02, height, 6)
    meshes = [
        box((0.0, recess - 0.01, a + 0.004), (width, recess + 0.04, b - 0.004), steel) for a, b in pairwise(sections)
    ]
    dark = Style(srgb_grey(0.03), "rubber", "building")
    meshes.append(
        quad(
            (0, recess + 0.02, 0),
            (width, recess + 0.02, 0),
            (width, recess + 0.02, height),
            (0, recess + 0.02, height),
            dark,
        )
    )
    return tuple(merge(meshes))


def shop_window(width: float, height: float, frame: Color, rng: np.random.Generator) -> tuple[Mesh, ...]:
    """A large display window down to a low stall riser, with goods behind the glass."""
    riser, recess = float(rng.uniform(0.3, 0.55)), 0.1
    count = max(1, round(width / 1.6))
    border = 0.06
    inner = (width - border * (count + 1)) / count
    left = [border + k * (inner + border) for k in range(count)]
    low, high = riser + border, height - border
    split = low + 0.72 * (high - low)
    fields = [shapely.box(x, low, x + inner, split - border / 2) for x in left] + [
        shapely.box(x, split + border / 2, x + inner, high) for x in left
    ]
    meshes = framed(
        width,
        height,
        fields,
        recess,
        frame,
        [Dressing(0, 0, 0, palette.GLASS, varied(palette.GLASS, rng, 0.4)) for _ in fields],
    )
    for field in fields[:count]:
        meshes += goods(field, recess + FRAME_DEPTH - 0.004, rng)
    return tuple(merge(meshes))


def goods(pane: shapely.Polygon, y: float, rng: np.random.Generator) -> list[Mesh]:
    """Muted patches on a pane: what is laid out behind it, and posters."""
    x0, z0, x1, z1 = pane.bounds
    meshes, x = [], x0 + 0.05
    while x < x1 - 0.25:
        width = min(float(rng.uniform(0.2, 0.6)), x1 - 0.05 - x)
        height = float(rng.uniform(0.15, 0.6)) * (z1 - z0)
        if rng.random() < 0.6:
            r, g, b = np.clip(rng.uniform(0.03, 0.2) * (1.0 + rng.normal(0.0, 0.25, 3)), 0.01, 0.4)
            meshes.append(glazing(x, z0 + 0.02, x + width, z0 + height, y, (float(r), float(g), float(b))))
        x += width + float(rng.uniform(0.05, 0.4))
    return meshes
