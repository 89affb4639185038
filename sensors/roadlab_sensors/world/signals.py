"""Traffic lights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from roadlab_sensors.world.assembly import Color, body, face, turned, upright
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.shapes import Style, box, cylinder, loft, revolve, smooth, srgb

LENS_RADIUS = 0.1
"""Of 200 mm lenses (EN 12368)."""
TRAFFIC_LIGHT = "traffic light"
PITCH = 0.24
"""From the middle of one lens to the next [m]."""

_TINTS: tuple[tuple[str, Color], ...] = (
    ("red", srgb("#6b1a17")),
    ("amber", srgb("#7a5216")),
    ("green", srgb("#174f33")),
)
"""Lamp groups from top to bottom with the colours of their lenses when dark."""
_CASE = Style(srgb("#26302b"), "plastic", "traffic light")
_DARK = Style((0.01, 0.01, 0.01), "plastic", "traffic light")
_POLE = Style(srgb("#8b8f8f"), "galvanised", "pole")


def signal_head(*, height: float = 2.3, reach: float = 0.0) -> Model:
    """A light of three lamps on a pole; it looks to -y, origin at the pole's foot.

    `height` is that of the case's lower edge [m]. With `reach` a second head hangs from an arm that goes that far to
    -x, which is over the carriageway for a pole on the right-hand side.
    """
    meshes = [
        *turned(_lights(), at=(0.0, -0.22, height)),
        *(box((-0.02, -0.16, height + z), (0.02, 0.0, height + z + 0.05), _CASE) for z in (0.05, 0.62)),
    ]
    if reach <= 0.0:
        return body([*meshes, _pole(height + 0.95, 0.055)])
    top = 5.9
    meshes += [
        _pole(top, 0.09),
        cylinder((0, 0, top - 0.15), (-reach, 0, top), 0.06, _POLE, segments=10, end_radius=0.045),
    ]
    return body([*meshes, *turned(_lights(), at=(-reach + 0.2, -0.2, top - 0.75))])


def walk_signal(*, height: float = 2.1) -> Model:
    """A light for people on foot on a pole: a red figure that stands over a green one that walks; it looks to -y.

    `height` is that of the case's lower edge [m].
    """
    outline = shapely.box(-0.09, 0.03, 0.09, 2 * PITCH - 0.01).buffer(0.03, quad_segs=3)
    meshes = [replace(upright(outline, 0.012, 0.12, _CASE), board=TRAFFIC_LIGHT)]
    for lamp, figure, z in (("red", _standing(), 0.13 + PITCH), ("green", _walking(), 0.13)):
        parts = [face(shapely.Point(0.0, 0.0).buffer(LENS_RADIUS), 0.01, _DARK)]
        parts += [face(figure, 0.008, Style(dict(_TINTS)[lamp], "lamp_lens", "traffic light", lamp)), *_visor()]
        meshes += [part.moved(np.eye(3), (0.0, 0.0, z)) for part in parts]
    bracket = box((-0.02, -0.1, height + 0.2), (0.02, 0.0, height + 0.25), _CASE)
    return body([*turned(meshes, at=(0.0, -0.2, height)), bracket, _pole(height + 2 * PITCH + 0.1, 0.055)])


def _standing() -> shapely.Geometry:
    """Of a size for a lens of 200 mm, around its middle."""
    strokes = [[(0.0, -0.02), (0.0, 0.025)], [(-0.042, -0.02), (-0.03, 0.03), (0.03, 0.03), (0.042, -0.02)],
               [(-0.013, -0.08), (-0.013, -0.02)], [(0.013, -0.08), (0.013, -0.02)]]  # fmt: skip
    return _figure(strokes, 0.0)


def _walking() -> shapely.Geometry:
    strokes = [[(0.005, -0.015), (0.0, 0.03)], [(-0.035, -0.015), (-0.022, 0.022), (0.0, 0.032), (0.03, 0.012),
               (0.04, -0.015)], [(0.045, -0.08), (0.005, -0.015), (-0.02, -0.045), (-0.045, -0.075)]]  # fmt: skip
    return _figure(strokes, -0.008)


def _figure(strokes: list[list[tuple[float, float]]], head: float) -> shapely.Geometry:
    limbs = [shapely.LineString(stroke).buffer(0.011, quad_segs=2) for stroke in strokes]
    return shapely.union_all([*limbs, shapely.Point(head, 0.064).buffer(0.017, quad_segs=3)])


def _pole(height: float, radius: float) -> Mesh:
    return smooth(revolve([(radius, -0.01), (radius, height), (0.0, height + 0.02)], _POLE, segments=12), crease=0.5)


def _lights() -> list[Mesh]:
    """Case, back board and lamps; lower edge of the case at z = 0, lenses at y = 0."""
    top = 3 * PITCH + 0.02
    outline = shapely.box(-0.09, 0.03, 0.09, top - 0.03).buffer(0.03, quad_segs=3)
    edge = shapely.box(-0.24, -0.14, 0.24, top + 0.14).buffer(0.05, quad_segs=3)
    rim = Style(srgb("#cfcfca"), "plastic", "traffic light")
    frame = edge.difference(edge.buffer(-0.025))
    meshes = [
        upright(outline.buffer(0.02), 0.012, 0.12, _CASE),
        upright(edge.buffer(-0.025).difference(outline), 0.05, 0.056, _CASE),
        replace(upright(frame, 0.05, 0.056, rim), board=TRAFFIC_LIGHT),
    ]
    for k, (lamp, tint) in enumerate(reversed(_TINTS)):
        z = 0.13 + k * PITCH
        meshes += [m.moved(np.eye(3), (0.0, 0.0, z)) for m in (_lens(lamp, tint), *_visor())]
    return meshes


def _lens(lamp: str, tint: Color) -> Mesh:
    """A domed lens around the origin that looks to -y."""
    profile = [(LENS_RADIUS * np.cos(a), 0.028 * np.sin(a)) for a in np.linspace(0.0, np.pi / 2, 5)]
    profile[-1] = (0.0, 0.028)
    dome = smooth(revolve(profile, Style(tint, "lamp_lens", "traffic light", lamp), segments=20), crease=1.2)
    return dome.moved([[1, 0, 0], [0, 0, -1], [0, 1, 0]], (0.0, 0.01, 0.0))


def _visor() -> list[Mesh]:
    """A hood over a lens, longer above than at the sides."""
    angles = np.linspace(-0.35, np.pi + 0.35, 15)
    reach = 0.03 + 0.17 * np.clip(0.5 + 0.5 * np.sin(angles), 0.0, 1.0)
    r = LENS_RADIUS + 0.008
    root = np.column_stack([r * np.cos(angles), np.full(15, 0.01), r * np.sin(angles)])
    tip = np.column_stack([r * np.cos(angles), -reach, r * np.sin(angles)])
    outer = np.stack([root, tip])
    inner = np.stack([root, tip]) * [0.97, 1.0, 0.97]
    return [loft(outer[::-1], _CASE, caps=False, closed=False), loft(inner, _CASE, caps=False, closed=False)]
