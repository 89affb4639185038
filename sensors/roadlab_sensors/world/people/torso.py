"""Pelvis and torso with what is worn on them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.people.figure import Figure
from roadlab_sensors.world.people.outfit import Outfit
from roadlab_sensors.world.people.sections import Section, round_section, shaded, tinted, tube
from roadlab_sensors.world.shapes import Style, capsule, ellipsoid, loft

Floats = NDArray[np.float64]
Part = list[Mesh]

# height in the part's frame, x, front, back, side of the average adult [m]
_PELVIS = ((-0.095, -0.004, 0.060, 0.078, 0.105), (-0.060, -0.004, 0.088, 0.106, 0.150), (-0.020, -0.002, 0.100, 0.124, 0.171),
           (0.030, 0.0, 0.103, 0.121, 0.172), (0.080, 0.0, 0.105, 0.104, 0.160), (0.130, 0.0, 0.104, 0.092, 0.148))  # fmt: skip
_TORSO = ((-0.060, 0.0, 0.104, 0.096, 0.154), (0.0, 0.0, 0.104, 0.090, 0.147), (0.080, -0.002, 0.108, 0.096, 0.147),
          (0.160, -0.006, 0.116, 0.104, 0.154), (0.240, -0.010, 0.124, 0.112, 0.164), (0.300, -0.014, 0.121, 0.114, 0.170),
          (0.345, -0.018, 0.108, 0.108, 0.174), (0.378, -0.022, 0.090, 0.098, 0.172), (0.402, -0.024, 0.074, 0.086, 0.148),
          (0.422, -0.024, 0.066, 0.076, 0.106), (0.442, -0.024, 0.062, 0.070, 0.076))  # fmt: skip


def _sections(table: tuple[tuple[float, ...], ...], figure: Figure, ease: float, low: float, high: float) -> list[Section]:
    keys = np.array(table)
    heights = np.unique(np.concatenate([[low, high], keys[(keys[:, 0] > low) & (keys[:, 0] < high), 0]]))
    columns = [np.interp(heights, keys[:, 0], keys[:, k]) for k in range(1, 5)]
    g = figure.girth
    return [
        (z * figure.scale, x * figure.scale, 0.0, front * g + ease, back * g + ease, side * g * _breadth(figure, table, z) + ease)
        for z, x, front, back, side in zip(heights, *columns, strict=True)
    ]


def _breadth(figure: Figure, table: tuple[tuple[float, ...], ...], z: float) -> float:
    """Factor on the half-width: hips, waist, shoulders."""
    above_hips = z + (0.103 if table is _TORSO else 0.0)
    return float(np.interp(above_hips, [0.02, 0.13, 0.36], [figure.hips, figure.waist, figure.shoulders]))


def pelvis(figure: Figure, outfit: Outfit, lower_cloth: Style, upper_cloth: Style) -> Part:
    """Seat and hips, and the part of the upper garment that hangs over them."""
    legs = tube(_sections(_PELVIS, figure, outfit.lower.ease, -0.095, 0.10), lower_cloth, around=36, rings=16, low=0.03 * figure.scale, high=0.01, power=2.3)
    hem = max(outfit.upper.hem, -0.085)
    slack = max(outfit.upper.ease, outfit.lower.ease + 0.004) + (0.005 if outfit.upper.hem < -0.15 else 0.0)
    sections = _sections(_PELVIS, figure, slack, hem, 0.13)
    z, x, y, front, back, side = sections[0]
    sections[0] = (z, x, y, max(front, sections[1][3]), max(back, sections[1][4]), max(side, sections[1][5]))
    waist = tube(sections, upper_cloth, around=40, rings=16, low=0.003, high=0.02, power=2.3, relief=_drape(0.002))
    return [legs, _front(waist, outfit, figure)]


def torso(figure: Figure, outfit: Outfit, cloth: Style) -> Part:
    """Chest, shoulders, collar and bag."""
    upper = outfit.upper

    def relief(angle: Floats, z: Floats) -> Floats:
        height = z / figure.scale
        bust = 0.030 * max(-figure.curve, 0.0) * (figure.scale > 0.85)
        spots = sum(np.exp(-(((angle - side + np.pi) % (2 * np.pi) - np.pi) ** 2) / 0.14 - ((height - 0.235) / 0.055) ** 2) for side in (0.62, -0.62))
        return np.asarray(bust * spots + _drape(0.0016)(angle, z))

    chest = tube(_sections(_TORSO, figure, upper.ease, -0.06, 0.442), cloth, around=48, rings=34, low=0.01, high=0.008, power=2.35, relief=relief)
    return [_front(chest, outfit, figure), *_neckline(figure, outfit, cloth), *_bag(figure, outfit, cloth)]


def _drape(depth: float):  # type: ignore[no-untyped-def]
    return lambda angle, z: depth * (np.sin(46 * z + 2.2 * np.sin(2 * angle + 0.8)) + 0.7 * np.sin(5 * angle + 21 * z))


def _front(mesh: Mesh, outfit: Outfit, figure: Figure) -> Mesh:
    """An open front shows what is worn below."""
    if outfit.upper.opening == 0.0:
        return mesh
    x, y, z = mesh.vertices.T.astype(np.float64)
    half = outfit.upper.opening * figure.scale * np.clip(z / (0.40 * figure.scale) + 0.15, 0.08, 1.0)
    inside = np.clip((half - np.abs(y)) / 0.008 + 0.5, 0, 1) * (x > 0.03)
    colors = mesh.colors + inside[:, None] * (np.array(outfit.inner_color) - mesh.colors)
    return tinted(mesh, colors)


def _neckline(figure: Figure, outfit: Outfit, cloth: Style) -> Part:
    k, ease = figure.girth**0.5 * figure.scale**0.5, outfit.upper.ease
    top = figure.body.neck
    style = outfit.upper.neck
    if style == "round":
        return [_ring([(-0.016, 0.080), (-0.002, 0.070), (0.006, 0.066)], top, k, ease * 0.5, cloth)]
    if style == "collar":
        return [_ring([(-0.020, 0.092), (-0.004, 0.082), (0.026, 0.072), (0.030, 0.070)], top, k, ease * 0.5, cloth)]
    if style == "stand":
        return [_ring([(-0.020, 0.086), (0.010, 0.078), (0.045, 0.074), (0.050, 0.071)], top, k, ease * 0.5, cloth)]
    hood = ellipsoid((-0.098 * k - ease, 0.0, top - 0.006), (0.060 * k, 0.108 * k, 0.052 * k), cloth)
    return [_ring([(-0.022, 0.100), (0.004, 0.090), (0.024, 0.078), (0.028, 0.072)], top, k, ease * 0.5, cloth), hood]


def _ring(profile: list[tuple[float, float]], top: float, k: float, ease: float, cloth: Style) -> Mesh:
    """A collar around the neck, higher behind than in front."""
    angle = np.arange(32) * (2 * np.pi / 32)
    rings = []
    for height, radius in profile:
        reach = radius * k + ease
        rise = height * k - 0.012 * k * np.cos(angle)
        rings.append(np.stack([-0.022 * k + reach * np.cos(angle), 0.98 * reach * np.sin(angle), top + rise], axis=1))
    return shaded(loft(np.array(rings), cloth))


def _bag(figure: Figure, outfit: Outfit, cloth: Style) -> Part:
    k, ease = figure.scale, outfit.upper.ease
    fabric = Style(outfit.bag_color, "cloth", cloth.semantic)
    if outfit.bag == "backpack":
        back = -(0.118 * figure.girth + ease)
        sections: list[Section] = [
            (0.02 * k, back - 0.055 * k, 0, 0.065 * k, 0.070 * k, 0.135 * k),
            (0.18 * k, back - 0.060 * k, 0, 0.070 * k, 0.080 * k, 0.145 * k),
            (0.34 * k, back - 0.050 * k, 0, 0.065 * k, 0.060 * k, 0.130 * k),
        ]
        sack = tube(sections, fabric, around=32, rings=10, low=0.04 * k, high=0.06 * k, power=3.2)
        return [sack, *_straps(figure, ease, fabric)]
    if outfit.bag == "shoulder":
        rows = [(-0.10, 0.045), (0.06, 0.050)]
        sections = [(z * k, -0.06 * k, -(0.178 * figure.girth + ease), 0.10 * k, 0.10 * k, side * k) for z, side in rows]
        sack = tube(sections, fabric, around=24, rings=4, low=0.02, high=0.02, power=3.5)
        front = [(0.02, -0.165, 0.06), (0.108, -0.06, 0.22), (0.085, 0.06, 0.36), (0.0, 0.10, 0.425), (-0.11, 0.06, 0.36), (-0.12, -0.06, 0.20), (-0.07, -0.165, 0.06)]
        return [sack, *_ribbon([(x * figure.girth + np.sign(x) * (ease + 0.004), y * k, z * k + 0.5 * ease) for x, y, z in front], 0.012 * k, fabric)]
    return []


def _straps(figure: Figure, ease: float, fabric: Style) -> Part:
    k, g = figure.scale, figure.girth
    meshes: Part = []
    for side in (1.0, -1.0):
        path = [(-0.115, 0.07, 0.34), (-0.065, 0.08, 0.412), (-0.02, 0.085, 0.428), (0.045, 0.09, 0.395), (0.092, 0.095, 0.33), (0.108, 0.105, 0.24), (0.09, 0.135, 0.14), (0.0, 0.158, 0.08), (-0.09, 0.12, 0.05)]
        points = [(x * g + np.sign(x) * (ease + 0.003) - 0.004, side * (y * g + (ease if z < 0.2 else 0)), z * k + (ease if z > 0.38 else 0)) for x, y, z in path]
        meshes += _ribbon(points, 0.018 * k, fabric)
    return meshes


def _ribbon(points: list[tuple[float, float, float]], width: float, fabric: Style) -> Part:
    """A chain of flattish rounded pieces."""
    return [capsule(a, b, width * 0.62, width * 0.62, fabric, segments=10) for a, b in zip(points[:-1], points[1:], strict=True)]


__all__ = ["pelvis", "round_section", "torso"]
