"""What is put onto roads and can be knocked away: cones, drums, concrete barriers and boxes.

In the frame of `PropModel`: x along the length, the origin below the middle on the ground.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from roadlab.actors.props import PROPS, PropModel
from roadlab_sensors.world.assembly import body, varied
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.shapes import Style, box, loft, revolve, smooth, srgb

ORANGE = srgb("#e8541c")
WHITE = srgb("#dedfda")
RUBBER = Style(srgb("#2a2928"), "rubber", "static")
PVC = Style(ORANGE, "pvc", "static")
SHEETING = Style(WHITE, "sheeting", "static")


def prop_model(name: str, random: np.random.Generator) -> Model:
    """A prop of the catalog, made to its size there; KeyError for an unknown one."""
    return body(_MAKE[name](PROPS[name], random))


def _cone(prop: PropModel, random: np.random.Generator) -> list[Mesh]:
    """A foot of rubber and a hollow cone with two retro-reflecting collars (DIN EN 13422)."""
    half, foot, top = 0.5 * prop.length, 0.04, prop.height
    low, high = 0.140, 0.028

    def radius(z: float) -> float:
        return low + (high - low) * (z - foot) / (top - foot)

    shade = Style(varied(ORANGE, random, 0.05), "pvc", "static")
    bands = [(foot, 0.20, shade), (0.20, 0.36, SHEETING), (0.36, 0.49, shade), (0.49, 0.60, SHEETING)]
    skins = [_band(radius, span, style) for *span, style in bands]
    tip = revolve([(radius(0.60), 0.60), (high, top - 0.005), (high - 0.006, top), (0.0, top)], shade)
    return [box((-half, -half, 0.0), (half, half, foot), RUBBER), *skins, smooth(tip)]


def _band(radius: Callable[[float], float], span: list[float], style: Style) -> Mesh:
    """The skin of a body of revolution between two heights [m]."""
    low, high = span
    ring = np.arange(24) * (2 * np.pi / 24)
    rings = [np.column_stack([radius(z) * np.cos(ring), radius(z) * np.sin(ring), np.full(24, z)]) for z in (low, high)]
    return smooth(loft(rings, style, caps=False))


def _barrel(prop: PropModel, random: np.random.Generator) -> list[Mesh]:
    """A drum with stripes, each a little narrower than the one below, on a ring of rubber as ballast."""
    shade = Style(varied(ORANGE, random, 0.05), "pvc", "static")
    edges = np.linspace(0.10, prop.height - 0.10, 5)
    meshes = [revolve([(0.0, 0.0), (0.5 * prop.length, 0.0), (0.5 * prop.length, 0.06), (0.27, 0.10)], RUBBER)]
    for k, (low, high) in enumerate(pairwise(edges.tolist())):
        wide = 0.255 - 0.012 * k
        style = SHEETING if k % 2 else shade
        meshes.append(smooth(revolve([(wide, low), (wide, high - 0.01), (wide - 0.012, high)], style)))
    top = [(0.21, edges[-1]), (0.20, prop.height - 0.06), (0.06, prop.height - 0.05)]
    return [*meshes, smooth(revolve([*top, (0.06, prop.height), (0.0, prop.height)], shade))]


def _barrier(prop: PropModel, random: np.random.Generator) -> list[Mesh]:
    """New Jersey profile (AASHTO Roadside Design Guide): a foot, a slope of 55 degrees, a face of 84 degrees."""
    foot, rise, top = 0.5 * prop.width, 0.075, prop.height
    knee = (0.12, 0.33)
    half = [(foot, 0.0), (foot, rise), knee, (0.075, top)]
    section = [*half, *((-y, z) for y, z in reversed(half))]
    rings = [[(x, y, z) for y, z in section] for x in (-0.5 * prop.length, 0.5 * prop.length)]
    concrete = Style(varied(srgb("#a8a49b"), random, 0.06), "precast", "static")
    amber = Style(srgb("#e7a51c"), "sheeting", "static")
    reflectors = [
        box((x - 0.04, side - 0.006, 0.62), (x + 0.04, side + 0.006, 0.72), amber)
        for x in (-0.5, 0.5)
        for side in (-0.092, 0.092)
    ]
    return [loft(np.array(rings), concrete), *reflectors]


def _box(prop: PropModel, random: np.random.Generator) -> list[Mesh]:
    """A removal box of cardboard, taped along its top."""
    length, width, height = prop.size
    brown = Style(varied(srgb("#a3794c"), random, 0.08), "cardboard", "static")
    tape = Style(varied(srgb("#b99a63"), random, 0.05), "pvc", "static")
    lid = height - 0.002
    corner = (0.5 * length, 0.5 * width)
    return [
        box((-corner[0] + 0.001, -corner[1], 0.0), (corner[0] - 0.001, corner[1], lid), brown),
        box((-corner[0], -0.025, lid), (corner[0], 0.025, height), tape),
        *(box((x - 0.0005, -0.025, lid - 0.08), (x + 0.0005, 0.025, height), tape) for x in _ends(corner[0])),
    ]


def _ends(half: float) -> tuple[float, float]:
    return (-half + 0.0005, half - 0.0005)


_MAKE: dict[str, Callable[[PropModel, np.random.Generator], list[Mesh]]] = {
    "cone": _cone,
    "barrel": _barrel,
    "barrier": _barrier,
    "box": _box,
}
