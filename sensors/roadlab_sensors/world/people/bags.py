"""Backpacks and shoulder bags, with straps that lie on the clothes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.people.figure import Figure
from roadlab_sensors.world.people.outfit import Outfit
from roadlab_sensors.world.people.sections import Section, shaded, tube
from roadlab_sensors.world.people.trunk import around_torso, shoulder_height
from roadlab_sensors.world.shapes import Style, loft

Floats = NDArray[np.float64]


def bag_meshes(figure: Figure, outfit: Outfit, cloth: Style) -> list[Mesh]:
    """The outfit's bag in the torso's frame; none for `none`."""
    fabric = Style(outfit.bag_color, "cloth", cloth.semantic)
    if outfit.bag == "backpack":
        return _backpack(figure, outfit.upper.ease, fabric)
    if outfit.bag == "shoulder":
        return _shoulder_bag(figure, outfit.upper.ease, fabric)
    return []


def _backpack(figure: Figure, ease: float, fabric: Style) -> list[Mesh]:
    k = figure.scale
    back = float(around_torso(figure, ease, 0.0, 0.20 * k)[1])
    sections: list[Section] = [
        (0.02 * k, back - 0.050 * k, 0, 0.065 * k, 0.065 * k, 0.130 * k),
        (0.18 * k, back - 0.055 * k, 0, 0.065 * k, 0.072 * k, 0.140 * k),
        (0.34 * k, back - 0.045 * k, 0, 0.060 * k, 0.055 * k, 0.125 * k),
    ]
    sack = tube(sections, fabric, around=28, rings=8, low=0.04 * k, high=0.06 * k, power=3.2)
    pocket: list[Section] = [
        (0.04 * k, back - 0.105 * k, 0, 0.020 * k, 0.026 * k, 0.100 * k),
        (0.16 * k, back - 0.112 * k, 0, 0.020 * k, 0.024 * k, 0.105 * k),
    ]
    pouch = tube(pocket, fabric, around=24, rings=3, low=0.02 * k, high=0.02 * k, power=3.2)
    straps = [_strap(figure, ease, (0.125 * k * s, 0.085 * k * s), 0.07 * k, 0.017 * k, fabric) for s in (1.0, -1.0)]
    return [sack, pouch, *straps]


def _shoulder_bag(figure: Figure, ease: float, fabric: Style) -> list[Mesh]:
    k, side = figure.scale, -(0.158 * figure.girth + ease)
    sections: list[Section] = [
        (-0.13 * k, -0.02 * k, side - 0.025 * k, 0.11 * k, 0.11 * k, 0.036 * k),
        (0.05 * k, -0.02 * k, side - 0.020 * k, 0.10 * k, 0.10 * k, 0.030 * k),
    ]
    sack = tube(sections, fabric, around=24, rings=3, low=0.012, high=0.012, power=4.0)
    return [sack, _strap(figure, ease, (side + 0.006, 0.085 * k), 0.02 * k, 0.014 * k, fabric)]


def _strap(figure: Figure, ease: float, y: tuple[float, float], low: float, width: float, fabric: Style) -> Mesh:
    """A band from height `low` in front over the shoulder and down the back; `y` at its ends and on top [m]."""
    half = np.sin(np.linspace(0.0, np.pi / 2, 14))
    top = shoulder_height(figure, ease, y[1])
    z = low + (top - low) * half
    aside = y[0] + (y[1] - y[0]) * half
    front, back = around_torso(figure, ease, aside, z)
    path = np.concatenate([np.column_stack([front, aside, z]), np.column_stack([back, aside, z])[-2::-1]])
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    normal = path - [-0.02, 0.0, top - 0.12 * figure.scale]
    normal -= np.sum(normal * along, axis=1, keepdims=True) * along
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    across = np.cross(along, normal)
    corners = ((-1.0, -0.004), (-1.0, 0.004), (0.0, 0.006), (1.0, 0.004), (1.0, -0.004))
    rings = np.stack([path + a * width * across + n * normal for a, n in corners], axis=1)
    return shaded(loft(rings, fabric))
