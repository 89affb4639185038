"""Traffic signs after the Vienna Convention (German sizes, VwV-StVO), on posts and on gantries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import shapely

from roadlab_sensors.world.assembly import Color, body, face, turned
from roadlab_sensors.world.furniture.lettering import digits, lettering, moved
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.shapes import Style, box, cylinder, quad, srgb

WHITE = srgb("#dcdcd8")
BLACK = srgb("#161616")
RED = srgb("#b0202a")
BLUE = srgb("#1d4f91")
YELLOW = srgb("#e2a81c")
STEEL = Style((0.42, 0.43, 0.44), "galvanised", "pole")
_BACK = Style((0.3, 0.31, 0.32), "galvanised", "traffic sign")

Layers = Sequence[tuple[shapely.Geometry, Color]]
"""Shapes of the plane (x, z) about the sign's centre, each painted over those before it."""


def plate(layers: Layers, code: str = "") -> list[Mesh]:
    """A sign's face at y = 0 looking to -y, its layers cut out of one another, and its back 3 mm behind."""
    meshes, covered = [], shapely.Polygon()
    for shape, color in reversed(layers):
        visible = shape.difference(covered)
        parts = [p for p in shapely.get_parts(visible) if p.geom_type == "Polygon" and p.area > 1e-7]
        if parts:
            style = Style(color, "sign_face", "traffic sign")
            meshes.append(face(shapely.MultiPolygon(parts), 0.0, style))
        covered = covered.union(shape)
    back = replace(face(shapely.transform(covered, lambda p: p * [-1.0, 1.0]), 0.0, _BACK), board=code)
    return [*meshes, *turned([back], np.pi, (0.0, 0.003, 0.0))]


def disc(radius: float) -> shapely.Polygon:
    """A disc around the origin."""
    return shapely.Point(0.0, 0.0).buffer(radius, quad_segs=10)


def polygon(corners: int, radius: float, start: float, rounding: float = 0.03) -> shapely.Polygon:
    """A regular polygon with rounded corners; `start` is the direction of its first corner [degrees]."""
    angles = np.radians(start + 360.0 * np.arange(corners) / corners)
    return shapely.Polygon(np.column_stack([np.cos(angles), np.sin(angles)]) * (radius - rounding)).buffer(
        rounding, quad_segs=4
    )


def speed_limit(kilometres_per_hour: int) -> Layers:
    """Sign 274, 60 cm."""
    text = str(kilometres_per_hour)
    return [(disc(0.3), RED), (disc(0.24), WHITE), (digits(text, 0.2 if len(text) == 3 else 0.25), BLACK)]


def give_way() -> Layers:
    """Sign 205, 90 cm: a triangle on its tip."""
    return [(polygon(3, 0.52, -90.0), RED), (polygon(3, 0.34, -90.0, 0.02), WHITE)]


def stop() -> Layers:
    """Sign 206: an octagon of 90 cm."""
    return [(polygon(8, 0.45, 22.5), WHITE), (polygon(8, 0.42, 22.5), RED), (digits("STOP", 0.26), WHITE)]


def priority() -> Layers:
    """Sign 306: a yellow diamond."""
    return [
        (polygon(4, 0.42, 90.0), BLACK),
        (polygon(4, 0.405, 90.0), WHITE),
        (polygon(4, 0.27, 90.0, 0.02), YELLOW),
    ]


def parking() -> Layers:
    """Sign 314, 60 cm."""
    return [
        (shapely.box(-0.3, -0.3, 0.3, 0.3), WHITE),
        (shapely.box(-0.285, -0.285, 0.285, 0.285), BLUE),
        (digits("P", 0.42), WHITE),
    ]


def no_stopping() -> Layers:
    """Sign 286: a blue disc with a red rim and a bar."""
    bar = shapely.LineString([(-0.2, 0.2), (0.2, -0.2)]).buffer(0.035, cap_style="flat")
    return [(disc(0.3), RED), (disc(0.245), BLUE), (bar.intersection(disc(0.25)), RED)]


def crossing() -> Layers:
    """Sign 350: somebody walking on stripes in a white triangle on blue."""
    triangle = polygon(3, 0.27, 90.0, 0.01)
    figure = [
        shapely.LineString(p).buffer(0.014)
        for p in ([(0.0, 0.02), (0.0, 0.1)], [(0.0, 0.02), (-0.05, -0.07)], [(0.0, 0.02), (0.05, -0.07)])
    ]
    figure += [
        shapely.LineString([(-0.045, 0.04), (0.0, 0.09), (0.045, 0.05)]).buffer(0.01),
        moved(disc(0.022), 0.0, 0.145),
    ]
    stripes = [shapely.box(x, -0.11, x + 0.03, -0.085) for x in np.arange(-0.15, 0.15, 0.055)]
    black = shapely.union_all(np.array([*figure, *stripes]))
    return [
        (shapely.box(-0.3, -0.3, 0.3, 0.3), WHITE),
        (shapely.box(-0.285, -0.285, 0.285, 0.285), BLUE),
        (moved(triangle, 0, -0.03), WHITE),
        (moved(black, 0, -0.02), BLACK),
    ]


def exit_countdown(bars: int) -> Layers:
    """Sign 450: 1 to 3 slanting bars on blue before an exit."""
    stripes = [
        shapely.Polygon([(-0.3, z), (0.3, z + 0.3), (0.3, z + 0.45), (-0.3, z + 0.15)])
        for z in -0.6 + 0.32 * np.arange(bars)
    ]
    board = shapely.box(-0.45, -0.75, 0.45, 0.75)
    return [(board, WHITE), (board.buffer(-0.03), BLUE), (shapely.union_all(np.array(stripes)), WHITE)]


def direction(width: float, height: float, color: Color, rows: int, rng: np.random.Generator) -> Layers:
    """A direction board with invented names, distances and an arrow."""
    board = shapely.box(-width / 2, -height / 2, width / 2, height / 2)
    size = 0.5 * height / (rows + 0.6)
    words = [
        moved(
            lettering(int(rng.integers(5, 10)), size, rng),
            -width / 2 + 0.9 * size,
            height / 2 - (k + 1) * height / (rows + 0.6),
        )
        for k in range(rows)
    ]
    arrow = shapely.Polygon(
        np.array(
            [
                (-0.1, -1),
                (0.1, -1),
                (0.1, 0.3),
                (0.35, 0.0),
                (0.5, 0.12),
                (0.0, 0.85),
                (-0.5, 0.12),
                (-0.35, 0.0),
                (-0.1, 0.3),
            ]
        )
        * 0.36
        * height
    )
    room = board.buffer(-0.35 * size)
    words = [word.intersection(room) for word in words]
    arrow = moved(arrow, width / 2 - 0.3 * height, 0.0)
    text = shapely.union_all(np.array([w.difference(arrow.envelope.buffer(0.3 * size)) for w in words]))
    return [(board, WHITE), (board.buffer(-0.12 * size, join_style="mitre"), color), (text, WHITE), (arrow, WHITE)]


def post(height: float) -> list[Mesh]:
    """A steel tube of 60 mm."""
    return [cylinder((0.0, 0.0, -0.01), (0.0, 0.0, height), 0.03, STEEL, segments=8)]


def sign(layers: Layers, height: float = 2.2, code: str = "") -> Model:
    """A sign on a post; `height` of its lower edge over the ground [m]."""
    bounds = shapely.union_all(np.array([shape for shape, _ in layers])).bounds
    meshes = turned(plate(layers, code), at=(0.0, -0.04, height - bounds[1]))
    return body([*meshes, *post(height + bounds[3] - bounds[1] + 0.05)])


def board(layers: Layers, width: float, low: float, code: str = "") -> Model:
    """A large board on two posts, its lower edge `low` over the ground [m]."""
    bounds = shapely.union_all(np.array([shape for shape, _ in layers])).bounds
    top = low + bounds[3] - bounds[1]
    posts = [box((x - 0.07, 0.0, -0.01), (x + 0.07, 0.14, top - 0.05), STEEL) for x in (-0.3 * width, 0.3 * width)]
    return body([*turned(plate(layers, code), at=(0.0, -0.02, low - bounds[1])), *posts])


def gantry(span: float, boards: Sequence[tuple[float, Layers]], clearance: float = 5.6, code: str = "") -> Model:
    """A sign bridge over x from -span/2 to span/2, its posts at the ends; `boards` are (x, layers)."""
    half, top = span / 2, clearance + 1.4
    meshes = [box((x - 0.25, -0.25, -0.01), (x + 0.25, 0.25, top + 0.35), STEEL) for x in (-half, half)]
    for z in (clearance + 0.3, top):
        meshes += [cylinder((-half, y, z), (half, y, z), 0.09, STEEL, segments=8) for y in (-0.3, 0.3)]
    knots = np.linspace(-half, half, max(3, round(span / 1.5)) + 1)
    for a, b in pairwise(knots):
        meshes += [cylinder((a, y, clearance + 0.3), (b, y, top), 0.04, STEEL, segments=5) for y in (-0.3, 0.3)]
    for x, layers in boards:
        bounds = shapely.union_all(np.array([shape for shape, _ in layers])).bounds
        meshes += turned(plate(layers, code), at=(x, -0.48, clearance - bounds[1]))
    return body(meshes)


def kilometre_post(number: str) -> Model:
    """The small blue-edged board with the kilometre, on a low post."""
    edge = shapely.box(-0.3, -0.2, 0.3, 0.2)
    layers: Layers = [(edge, BLUE), (edge.buffer(-0.025), WHITE), (digits(number, 0.2), BLACK)]
    return sign(layers, 0.9, "kilometre")


def delineator() -> Model:
    """Sign 620: a white post of 1 m with a slanting black band and a reflector to the front and back."""
    white = Style(srgb("#cfcfca"), "plastic", "pole")
    black = Style(BLACK, "plastic", "pole")
    mirror = Style(srgb("#c9c9c4"), "sign_face", "pole")
    meshes = []
    for low, high, style in ((-0.01, 0.62, white), (0.62, 0.86, black), (0.86, 1.0, white)):
        meshes.append(box((-0.06, -0.05, low), (0.06, 0.05, high), style))
    for y, turn in ((-0.053, 0.0), (0.053, np.pi)):
        meshes += turned(
            [quad((-0.02, 0, 0.65), (0.02, 0, 0.65), (0.02, 0, 0.83), (-0.02, 0, 0.83), mirror)], turn, (0.0, y, 0.0)
        )
    return body(meshes)
