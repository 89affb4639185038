"""Shapes of which motorcycles are made: hulls along x, wheels, mudguards, mirrors, bent tubes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.people.sections import shaded
from roadlab_sensors.world.shapes import Style, box, capsule, cylinder, ellipsoid, loft, mirrored, smooth

Floats = NDArray[np.float64]
Part = list[Mesh]
Triple = tuple[float, float, float]
Station = tuple[float, float, float, float]
"""(x, half width, lower edge, upper edge) [m]."""

RUBBER = Style((0.018, 0.018, 0.018), "rubber", "motorcycle")
BLACK = Style((0.02, 0.02, 0.021), "plastic", "motorcycle")
STEEL = Style((0.35, 0.35, 0.36), "alloy", "motorcycle")
ALLOY = Style((0.55, 0.55, 0.56), "alloy", "motorcycle")
CHROME = Style((0.6, 0.6, 0.6), "chrome", "motorcycle")
SADDLE = Style((0.025, 0.023, 0.022), "leather", "motorcycle")
PLATE = Style((0.72, 0.72, 0.7), "plate", "motorcycle")


def lens(group: str | None, color: tuple[float, float, float]) -> Style:
    """A lens that shines with its lamp group."""
    return Style(color, "lamp_lens", "motorcycle", group)


def hull(stations: Sequence[Station], style: Style, power: float = 2.6, rings: int = 18, around: int = 20) -> Mesh:
    """A smooth closed body through cross-sections from rear to front, each a superellipse about y = 0."""
    keys = np.asarray(stations, dtype=np.float64)
    at = np.linspace(keys[0, 0], keys[-1, 0], rings)
    half, low, high = (PchipInterpolator(keys[:, 0], keys[:, k])(at) for k in (1, 2, 3))
    turn = np.linspace(0.0, 2.0 * np.pi, around, endpoint=False)
    u, v = (np.sign(f(turn)) * np.abs(f(turn)) ** (2.0 / power) for f in (np.cos, np.sin))
    y, z = half[:, None] * u, (0.5 * (low + high))[:, None] + (0.5 * (high - low))[:, None] * v
    return shaded(loft(np.stack([np.broadcast_to(at[:, None], y.shape), y, z], axis=2), style))


def moved(point: ArrayLike, x: float, y: float, z: float) -> Floats:
    """The point moved by (x, y, z) [m]."""
    shifted: Floats = np.asarray(point, dtype=np.float64) + np.array([x, y, z])
    return shifted


def tube(points: Sequence[ArrayLike], radius: float, style: Style, segments: int = 10) -> Part:
    """A bent tube."""
    return [capsule(a, b, radius, radius, style, segments=segments) for a, b in pairwise(points)]


def both(meshes: Part) -> Part:
    """The meshes of the left side and their mirror images."""
    return [*meshes, *map(mirrored, meshes)]


def about_y(profile: ArrayLike, style: Style, segments: int = 40) -> Mesh:
    """A body of revolution about y from a closed profile of (radius, y), counter-clockwise seen from ahead."""
    turn = np.linspace(0.0, 2.0 * np.pi, segments, endpoint=False)
    closed = np.concatenate([np.asarray(profile), np.asarray(profile)[:1]])
    rings = [np.column_stack([r * np.cos(turn), np.full(segments, y), r * np.sin(turn)]) for r, y in closed]
    return loft(np.stack(rings), style, caps=False)


def wheel(radius: float, width: float, rim: float, spokes: int, style: Style) -> Part:
    """A cast wheel about its own axle along y; `rim` is the radius of the rim's edge [m]."""
    depth, half = radius - rim, width / 2
    turn = np.linspace(0.0, 2.0 * np.pi, 14, endpoint=False) + np.pi / 2
    section = np.column_stack([rim + depth / 2 + depth / 2 * np.sin(turn), half * np.cos(turn)])
    flat = 0.62 * half
    ring = [(rim + 0.012, -flat), (rim - 0.022, -0.7 * flat), (rim - 0.022, 0.7 * flat), (rim + 0.012, flat)]
    arms = []
    for k in range(spokes):
        angle = 2.0 * np.pi * k / spokes
        for lean, y in ((0.16, 0.02), (-0.16, -0.02)):
            start = (0.04 * np.cos(angle), y, 0.04 * np.sin(angle))
            end = ((rim - 0.018) * np.cos(angle + lean), 0.4 * y, (rim - 0.018) * np.sin(angle + lean))
            arms.append(capsule(start, end, 0.014, 0.010, style, segments=7))
    disc = [(rim - 0.055, -0.003), (rim - 0.055, 0.003), (0.55 * rim, 0.003), (0.55 * rim, -0.003)]
    discs = [smooth(about_y(disc[::-1], STEEL, 32), crease=0.6).moved(np.eye(3), (0.0, y, 0.0)) for y in (-0.06, 0.06)]
    hub = smooth(cylinder((0.0, -0.07, 0.0), (0.0, 0.07, 0.0), 0.045, style, segments=16))
    return [shaded(about_y(section, RUBBER)), smooth(about_y(ring[::-1], style), crease=0.8), hub, *discs, *arms]


def guard(axle: ArrayLike, radius: float, half: float, span: tuple[float, float], style: Style) -> Mesh:
    """A curved strip above a wheel between two angles above the forward horizontal [degrees]."""
    across = np.linspace(-1.0, 1.0, 9)
    outer = np.column_stack([half * across, radius - 0.35 * half * np.abs(across) ** 2.5])
    section = np.concatenate([outer, (outer - np.array([0.0, 0.004]))[::-1]])
    y, r = section.T
    rings = [
        np.asarray(axle) + np.column_stack([r * np.cos(turn), y, r * np.sin(turn)])
        for turn in np.radians(np.linspace(*span, 20))
    ]
    return smooth(loft(np.array(rings[::-1])[:, ::-1], style), crease=0.7)


def mirror(foot: ArrayLike, head: ArrayLike, half: tuple[float, float]) -> Part:
    """The left mirror on its stalk; `half` its half width and height [m]."""
    at = np.asarray(head, dtype=np.float64)
    shell = ellipsoid(at, (0.022, *half), BLACK, segments=16, rings=9)
    glass = ellipsoid(at - [0.012, 0.0, 0.0], (0.013, 0.85 * half[0], 0.82 * half[1]), CHROME, segments=14, rings=6)
    return [capsule(foot, at - [0.0, 0.02, 0.6 * half[1]], 0.006, 0.006, BLACK, segments=6), shell, glass]


def indicators(places: Sequence[tuple[float, float, float]], root: float) -> Part:
    """Left and right indicators at `places` of the left side, on stalks from y = `root` [m]."""
    amber = (0.62, 0.2, 0.02)
    meshes: Part = []
    for x, y, z in places:
        left = [ellipsoid((x, y, z), (0.022, 0.03, 0.018), lens("left", amber), segments=10, rings=6)]
        right = [ellipsoid((x, -y, z), (0.022, 0.03, 0.018), lens("right", amber), segments=10, rings=6)]
        stalks = both([capsule((x, root, z), (x, y, z), 0.008, 0.008, BLACK, segments=6)])
        meshes += [*left, *right, *stalks]
    return meshes


def lever(inner: ArrayLike) -> Part:
    """The left lever, ahead of the grip that begins at `inner` [m]."""
    bends = ((0.03, -0.02, 0.0), (0.06, 0.02, -0.01), (0.02, 0.11, -0.02))
    return tube([moved(inner, *bend) for bend in bends], 0.006, STEEL, 6)


def grip(outer: ArrayLike, inner: ArrayLike) -> Part:
    """The left grip between two points with its lever [m]."""
    return [smooth(cylinder(inner, outer, 0.018, BLACK, segments=12)), *lever(inner)]


def plate_holder(root: ArrayLike, end: float, low: float, radius: float) -> Part:
    """A licence plate at x = `end`, `low` above the ground, on an arm from `root` [m]."""
    return [
        capsule(root, (end + 0.02, 0.0, low + 0.12), radius, 0.016, BLACK, segments=8),
        box((end, -0.1, low), (end + 0.011, 0.1, low + 0.2), BLACK),
        box((end - 0.001, -0.09, low + 0.01), (end, 0.09, low + 0.18), PLATE),
    ]


def rear_lamps(tail: tuple[Triple, Triple], brake: tuple[Triple, Triple]) -> Part:
    """Tail and brake lamp, each by its middle and its half axes [m]."""
    colors = {"tail": (0.22, 0.004, 0.008), "brake": (0.42, 0.008, 0.014)}
    return [
        ellipsoid(middle, half, lens(group, colors[group]), segments=14, rings=7)
        for group, (middle, half) in (("tail", tail), ("brake", brake))
    ]
