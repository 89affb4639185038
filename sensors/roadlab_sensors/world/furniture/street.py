"""Furniture of streets: lamps, bins, benches, bollards, shelters, cabinets."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from roadlab_sensors.world.assembly import body, pick, varied
from roadlab_sensors.world.buildings.palette import IRON
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.shapes import Style, box, cylinder, loft, quad, revolve, smooth, srgb

_GREY = srgb("#6e7274")
LUMENS = {"post lamp": 1_900.0, "street lamp": 5_200.0, "mast lamp": 12_000.0}
"""Luminous flux of street lamps by their lamp group [lm]: with the spacing of their streets they give the 5 to 20 lx
that EN 13201-2 asks for in its classes P4 to C2."""


def street_lamp(height: float, reach: float, rng: np.random.Generator) -> Model:
    """A tapered pole with an arm and a flat LED head; origin at its foot, arm towards -y.

    `reach` is the arm's length [m]; 0 sets the head on the pole's top.
    """
    metal = Style(varied(_GREY, rng) if rng.random() < 0.7 else srgb("#3b423e"), "painted_metal", "pole")
    profile = [(0.09, -0.01), (0.09, 0.9), (0.075, 0.95), (0.04, height)]
    meshes = [smooth(revolve(profile, metal, segments=12), crease=0.5)]
    if reach > 0.0:
        bend = [(0.0, height), (-0.25 * reach, height + 0.18), (-reach, height + 0.28)]
        for (y0, z0), (y1, z1) in pairwise(bend):
            meshes.append(cylinder((0, y0, z0), (0, y1, z1), 0.035, metal, segments=8))
    z = height + (0.28 if reach > 0.0 else 0.0)
    meshes.append(_head(metal).moved(np.eye(3), (0.0, -reach, z)))
    lamp = "post lamp" if height < 6.5 else "street lamp" if height < 9.5 else "mast lamp"
    lens = Style((0.6, 0.6, 0.57), "plastic", "pole", lamp)
    y = -reach
    # Its front looks down and its first edge points over the road: so the light is thrown.
    meshes.append(
        quad(
            (0.11, y - 0.1, z - 0.031),
            (0.11, y - 0.5, z - 0.031),
            (-0.11, y - 0.5, z - 0.031),
            (-0.11, y - 0.1, z - 0.031),
            lens,
        )
    )
    return body(meshes)


def _head(style: Style) -> Mesh:
    """The lamp's flat housing, towards -y from the origin."""
    stations = [(0.08, 0.05, 0.03), (0.0, 0.09, 0.05), (-0.35, 0.15, 0.05), (-0.58, 0.11, 0.025)]
    rings = [
        [(-w, y, -0.03), (-w, y, h - 0.02), (0.6 * -w, y, h), (0.6 * w, y, h), (w, y, h - 0.02), (w, y, -0.03)]
        for y, w, h in stations
    ]
    return loft(np.array(rings)[:, ::-1], style)


def bollard(rng: np.random.Generator) -> Model:
    """A steel bollard of 0.9 m."""
    profile = [(0.05, -0.01), (0.05, 0.78), (0.062, 0.8), (0.062, 0.86), (0.04, 0.9), (0.0, 0.91)]
    return body([revolve(profile, Style(varied(IRON, rng), "painted_metal", "pole"), segments=12)])


def litter_bin(rng: np.random.Generator) -> Model:
    """A bin with a lid on a post."""
    color = pick((srgb("#4a4f4b"), srgb("#3f5a44"), srgb("#5b5f63"), srgb("#7a4b2a")), rng)
    shell = Style(color, "painted_metal", "static")
    steel = Style(_GREY, "painted_metal", "pole")
    return body(
        [
            cylinder((0, 0.12, -0.01), (0, 0.12, 1.05), 0.03, steel, segments=8),
            revolve([(0.0, 0.42), (0.15, 0.42), (0.18, 0.92)], shell, segments=14).moved(np.eye(3), (0, -0.1, 0)),
            revolve([(0.19, 0.97), (0.15, 1.05), (0.0, 1.07)], shell, segments=14).moved(np.eye(3), (0, -0.1, 0)),
            revolve([(0.15, 0.9), (0.15, 0.98)], Style((0.01, 0.01, 0.01), "rubber", "static"), segments=10).moved(
                np.eye(3), (0, -0.1, 0)
            ),
        ]
    )


def wheelie_bin(rng: np.random.Generator) -> Model:
    """A household bin of 120 l."""
    dark = Style(pick((srgb("#35383a"), srgb("#2f3a31"), srgb("#4a3c30")), rng), "plastic", "static")
    lid = Style(
        pick((srgb("#35383a"), srgb("#8a2f25"), srgb("#3c6a3e"), srgb("#b08a2a"), srgb("#2f4f7a")), rng),
        "plastic",
        "static",
    )
    rings = [
        [(-w, -d, z), (w, -d, z), (w, d * 1.1, z), (-w, d * 1.1, z)]
        for w, d, z in ((0.19, 0.2, 0.03), (0.22, 0.24, 0.6), (0.24, 0.26, 0.88))
    ]
    meshes = [loft(rings, dark), box((-0.25, -0.3, 0.885), (0.25, 0.3, 0.94), lid)]
    meshes += [
        cylinder(
            (sign * 0.2, 0.2, 0.1),
            (sign * 0.25, 0.2, 0.1),
            0.1,
            Style((0.02, 0.02, 0.02), "rubber", "static"),
            segments=12,
        )
        for sign in (-1, 1)
    ]
    return body([*meshes, box((-0.2, -0.2, 0.0), (0.2, 0.1, 0.03), dark)])


def bench(rng: np.random.Generator) -> Model:
    """A bench of 1.8 m; who sits on it looks to -y."""
    wood = Style(varied(srgb("#7a5c40"), rng), "wood", "static")
    iron = Style(IRON, "painted_metal", "static")
    meshes = [box((-0.9, y, 0.43), (0.9, y + 0.09, 0.465), wood) for y in (-0.4, -0.29, -0.18, -0.07)]
    meshes += [
        box((-0.9, 0.05 + 0.06 * k, 0.55 + 0.14 * k), (0.9, 0.08 + 0.06 * k, 0.65 + 0.14 * k), wood) for k in range(3)
    ]
    for x in (-0.7, 0.7):
        meshes += [
            box((x - 0.03, -0.4, -0.005), (x + 0.03, -0.34, 0.43), iron),
            box((x - 0.03, 0.0, -0.005), (x + 0.03, 0.05, 0.43), iron),
        ]
        meshes += [
            box((x - 0.03, -0.34, 0.39), (x + 0.03, 0.02, 0.43), iron),
            cylinder((x, 0.03, 0.4), (x, 0.22, 0.95), 0.025, iron, segments=6),
        ]
    return body(meshes)


def cabinet(rng: np.random.Generator) -> Model:
    """A grey distribution cabinet as it stands at the back of pavements."""
    plastic = Style(varied(srgb("#8f918a"), rng), "plastic", "static")
    base = Style((0.2, 0.2, 0.2), "concrete", "static")
    return body(
        [
            box((-0.62, -0.17, -0.06), (0.62, 0.17, 0.08), base),
            box((-0.6, -0.16, 0.08), (-0.004, 0.16, 1.15), plastic),
            box((0.004, -0.16, 0.08), (0.6, 0.16, 1.15), plastic),
            box((-0.63, -0.19, 1.15), (0.63, 0.19, 1.2), plastic),
        ]
    )


def bus_shelter(rng: np.random.Generator) -> Model:
    """A glazed shelter of 3.6 m, open to -y, with a bench."""
    steel = Style(varied(srgb("#4b5054"), rng), "painted_metal", "building")
    glass = Style((0.8, 0.85, 0.85), "car_glass", "building")
    posts = [(x, y) for x in (-1.8, 0.0, 1.8) for y in (0.6,)] + [(-1.8, -0.6), (1.8, -0.6)]
    meshes = [box((x - 0.035, y - 0.035, -0.01), (x + 0.035, y + 0.035, 2.45), steel) for x, y in posts]
    meshes.append(box((-2.0, -0.85, 2.45), (2.0, 0.75, 2.55), steel))
    for x0, x1 in ((-1.76, -0.04), (0.04, 1.76)):
        meshes.append(quad((x0, 0.6, 0.2), (x1, 0.6, 0.2), (x1, 0.6, 2.3), (x0, 0.6, 2.3), glass))
    for x in (-1.8, 1.8):
        meshes.append(quad((x, -0.56, 0.2), (x, 0.56, 0.2), (x, 0.56, 2.3), (x, -0.56, 2.3), glass))
    wood = Style(varied(srgb("#7a5c40"), rng), "wood", "building")
    return body(
        [
            *meshes,
            box((-1.5, 0.2, 0.44), (1.5, 0.54, 0.48), wood),
            *(box((x - 0.03, 0.3, -0.01), (x + 0.03, 0.44, 0.44), steel) for x in (-1.2, 1.2)),
        ]
    )
