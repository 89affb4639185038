"""Pelvis and torso with what is worn on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.people.bags import bag_meshes
from roadlab_sensors.world.people.figure import Figure
from roadlab_sensors.world.people.outfit import Outfit
from roadlab_sensors.world.people.sections import Relief, Section, shaded, tube
from roadlab_sensors.world.people.skin import follows
from roadlab_sensors.world.people.trunk import POWER, around_torso, pelvis_sections, torso_sections
from roadlab_sensors.world.shapes import Style, ellipsoid, loft

Floats = NDArray[np.float64]
Part = list[Mesh]

_SUPPLE = 0.12
"""So far from the waist a garment follows both pelvis and torso, on an adult [m]."""


def _tucked(row: Section, share: float) -> Section:
    """Drawn in where pelvis and torso overlap, so that neither ends in a visible edge."""
    z, x, y, front, back, side = row
    depth = 0.010 * min(max(share, 0.0), 1.0)
    return (z, x, y, front - depth, back - depth, side - depth)


def pelvis(figure: Figure, outfit: Outfit, lower_cloth: Style, upper_cloth: Style) -> Part:
    """Seat and hips, and the part of the upper garment that hangs over them."""
    legs = tube(
        pelvis_sections(figure, outfit.lower.ease, -0.095, 0.06),
        lower_cloth,
        around=28,
        rings=8,
        low=0.03 * figure.scale,
        high=0.01,
        power=POWER,
    )
    hem = max(outfit.upper.hem, -0.085)
    slack = max(outfit.upper.ease, outfit.lower.ease + 0.007) + (0.005 if outfit.upper.hem < -0.15 else 0.0)
    sections = pelvis_sections(figure, slack, hem, 0.13)
    z, x, y, front, back, side = sections[0]
    sections[0] = (z, x, y, max(front, sections[1][3]), max(back, sections[1][4]), max(side, sections[1][5]))
    sections = [_tucked(row, (row[0] - 0.08 * figure.scale) / 0.05) for row in sections]
    waist = tube(sections, upper_cloth, around=32, rings=8, low=0.003, high=0.02, power=POWER, relief=_drape(0.002))
    inside = figure.body.waist - waist.vertices[:, 2]
    return [legs, follows(waist, "torso", (0.0, 0.0, figure.body.waist), inside, _SUPPLE * figure.scale)]


def torso(figure: Figure, outfit: Outfit, cloth: Style) -> Part:
    """Chest, shoulders, collar and bag."""
    upper = outfit.upper

    def relief(angle: Floats, z: Floats) -> Floats:
        height = z / figure.scale
        bust = 0.030 * max(-figure.curve, 0.0) * (figure.scale > 0.85)
        spots = sum(
            np.exp(-(((angle - side + np.pi) % (2 * np.pi) - np.pi) ** 2) / 0.14 - ((height - 0.235) / 0.055) ** 2)
            for side in (0.62, -0.62)
        )
        return np.asarray(bust * spots + _drape(0.0016)(angle, z))

    rows = torso_sections(figure, upper.ease, -0.06, 0.442)
    chest = tube(
        [_tucked(row, (0.01 * figure.scale - row[0]) / 0.07) for row in rows],
        cloth,
        around=36,
        rings=22,
        low=0.01,
        high=0.008,
        power=POWER,
        relief=relief,
    )
    return [
        follows(chest, "pelvis", (0.0, 0.0, 0.0), chest.vertices[:, 2], _SUPPLE * figure.scale),
        *_open_front(figure, outfit, cloth),
        *_neckline(figure, outfit, cloth),
        *bag_meshes(figure, outfit, cloth),
    ]


def _drape(depth: float) -> Relief:
    def relief(angle: Floats, z: Floats) -> Floats:
        wave: Floats = np.sin(46 * z + 2.2 * np.sin(2 * angle + 0.8)) + 0.7 * np.sin(5 * angle + 21 * z)
        return depth * wave

    return relief


def _open_front(figure: Figure, outfit: Outfit, cloth: Style) -> Part:
    """What is worn below, seen in the V between the lapels."""
    upper, k = outfit.upper, figure.scale
    if upper.opening == 0.0:
        return []
    z = np.linspace(upper.opening_end * k, 0.425 * k, 12)[:, None]
    across = np.linspace(-1.0, 1.0, 7)
    y = across * upper.opening * k * np.clip((z / k - upper.opening_end) / (0.44 - upper.opening_end), 0.02, 1.0)
    z = np.broadcast_to(z, y.shape)
    front, _ = around_torso(figure, upper.ease, y, z)
    grid = np.stack([front + 0.005, y, z], axis=2)
    shirt = Style(outfit.inner_color, "cloth", cloth.semantic)
    return [shaded(loft(grid, shirt, closed=False))]


_COLLARS = {  # height above the neck's joint, radius [m]
    "round": ((-0.045, 0.050), (-0.016, 0.080), (-0.002, 0.070), (0.006, 0.066)),
    "collar": ((-0.050, 0.055), (-0.020, 0.092), (-0.004, 0.082), (0.026, 0.072), (0.030, 0.070)),
    "stand": ((-0.050, 0.055), (-0.020, 0.086), (0.010, 0.078), (0.045, 0.074), (0.050, 0.071)),
    "hood": ((-0.050, 0.060), (-0.022, 0.100), (0.004, 0.090), (0.024, 0.078), (0.028, 0.072)),
}


def _neckline(figure: Figure, outfit: Outfit, cloth: Style) -> Part:
    k, ease, top = (figure.girth * figure.scale) ** 0.5, outfit.upper.ease, figure.body.neck
    collar = _ring(_COLLARS[outfit.upper.neck], top, k, ease * 0.5, cloth)
    if outfit.upper.neck != "hood":
        return [collar]
    center, radii = (-0.098 * k - ease, 0.0, top - 0.006), (0.060 * k, 0.108 * k, 0.052 * k)
    return [collar, ellipsoid(center, radii, cloth)]


def _ring(profile: Sequence[tuple[float, float]], top: float, k: float, ease: float, cloth: Style) -> Mesh:
    """A collar around the neck, higher behind than in front."""
    angle = np.arange(32) * (2 * np.pi / 32)
    rings = []
    for height, radius in profile:
        reach = radius * k + ease
        rise = height * k - 0.012 * k * np.cos(angle)
        rings.append(np.stack([-0.022 * k + reach * np.cos(angle), 0.98 * reach * np.sin(angle), top + rise], axis=1))
    return shaded(loft(np.array(rings), cloth))
