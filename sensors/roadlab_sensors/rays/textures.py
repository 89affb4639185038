"""Procedural patterns over a mesh's colours, evaluated where each ray hits: no images, no tiling.

A pattern is a factor of mean about 1 and a function of the place in the world (and of the wall's direction), so it is
only for what does not move. Detail finer than a pixel's footprint fades out instead of turning into noise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import drjit as dr
import mitsuba as mi

PIXEL_ANGLE = 1.0 / 900.0
"""Angle of a typical pixel [rad], for fading detail with distance."""


def _hash(x: Any, y: Any, salt: int) -> Any:
    """Uniform in [0, 1) for each integer cell (x, y)."""
    k = (mi.UInt32(x) * 0x9E3779B1) ^ (mi.UInt32(y) * 0x85EBCA77) ^ mi.UInt32((salt * 0xC2B2AE3D) & 0xFFFFFFFF)
    k ^= k >> 16
    k *= 0x7FEB352D
    k ^= k >> 15
    k *= 0x846CA68B
    k ^= k >> 16
    return mi.Float(k >> 8) * (1.0 / 16777216.0)


def _noise(x: Any, y: Any, salt: int) -> Any:
    """Smooth value noise of unit cell size, mean 0, range -1 to 1."""
    fx, fy = dr.floor(x), dr.floor(y)
    ix, iy = mi.Int32(fx), mi.Int32(fy)
    u, v = x - fx, y - fy
    u, v = u * u * (3.0 - 2.0 * u), v * v * (3.0 - 2.0 * v)
    low = dr.lerp(_hash(ix, iy, salt), _hash(ix + 1, iy, salt), u)
    high = dr.lerp(_hash(ix, iy + 1, salt), _hash(ix + 1, iy + 1, salt), u)
    return 2.0 * dr.lerp(low, high, v) - 1.0


def _visible(size: float, footprint: Any) -> Any:
    """1 where detail of this size [m] spans several pixels, 0 where it is finer than one."""
    return dr.clip(1.5 - footprint / size, 0.0, 1.0)


def _layers(x: Any, y: Any, footprint: Any, layers: list[tuple[float, float]], salt: int) -> Any:
    """Sum of noises of given (size [m], amplitude)."""
    total = mi.Float(0.0)
    for k, (size, amplitude) in enumerate(layers):
        total += amplitude * _visible(size, footprint) * _noise(x / size, y / size, salt + k)
    return total


def _asphalt(x: Any, y: Any, footprint: Any) -> Any:
    grain = _layers(x, y, footprint, [(0.011, 0.42), (0.03, 0.16), (0.16, 0.06), (0.9, 0.06), (5.0, 0.08)], 1)
    crack = dr.abs(
        _noise(x / 2.7 + 0.35 * _noise(x * 1.9, y * 1.9, 31), y / 2.7 + 0.35 * _noise(x * 1.9, y * 1.9, 32), 33)
    )
    sparse = dr.clip(_noise(x / 19.0, y / 19.0, 34) * 2.0 - 0.7, 0.0, 1.0)
    return 1.0 + grain - 0.45 * sparse * _visible(0.02, footprint) * dr.select(crack < 0.006, 1.0, 0.0)


def _concrete(x: Any, y: Any, footprint: Any) -> Any:
    return 1.0 + _layers(x, y, footprint, [(0.008, 0.12), (0.05, 0.07), (0.6, 0.08), (3.1, 0.08)], 50)


def _plaster(x: Any, y: Any, footprint: Any) -> Any:
    streaks = 0.05 * _noise(x / 0.35, y / 2.6, 61)
    return 1.0 + streaks + _layers(x, y, footprint, [(0.012, 0.08), (0.4, 0.03), (2.7, 0.06)], 62)


def _tiles(x: Any, y: Any, footprint: Any, width: float, height: float, joint: float, spread: float, salt: int) -> Any:
    """Running-bond units with darker joints and a shade of their own."""
    row = dr.floor(y / height)
    shift = x / width + 0.5 * (row - 2.0 * dr.floor(row * 0.5))
    column = dr.floor(shift)
    shade = (_hash(mi.Int32(column), mi.Int32(row), salt) - 0.5) * 2.0 * spread * _visible(height, footprint)
    u, v = (shift - column) * width, y - row * height
    edge = dr.minimum(dr.minimum(u, width - u), dr.minimum(v, height - v))
    gap = dr.select(edge < 0.5 * joint, 1.0, 0.0) * _visible(2.0 * joint, footprint)
    share = joint / width + joint / height
    return (1.0 + shade) * (1.0 - 0.45 * (gap - share * _visible(2.0 * joint, footprint)))


def _paving(x: Any, y: Any, footprint: Any) -> Any:
    return _tiles(x, y, footprint, 0.4, 0.4, 0.008, 0.10, 70) + _layers(
        x, y, footprint, [(0.01, 0.1), (0.9, 0.05), (4.0, 0.06)], 71
    )


def _brick(x: Any, y: Any, footprint: Any) -> Any:
    return _tiles(x, y, footprint, 0.25, 0.077, 0.01, 0.22, 80) + _layers(
        x, y, footprint, [(0.02, 0.08), (2.0, 0.06)], 81
    )


def _grass(x: Any, y: Any, footprint: Any) -> Any:
    return 1.0 + _layers(
        x, y, footprint, [(0.02, 0.45), (0.07, 0.3), (0.35, 0.2), (2.3, 0.18), (11.0, 0.2), (60.0, 0.15)], 100
    )


def _worn_paint(x: Any, y: Any, footprint: Any) -> Any:
    wear = (
        _noise(x / 0.013, y / 0.013, 110) * 0.5
        + _noise(x / 0.05, y / 0.05, 111) * 0.3
        + _noise(x / 0.9, y / 0.9, 112) * 0.45
    )
    return (
        1.0 - 0.55 * dr.clip((wear - 0.35) * 4.0, 0.0, 1.0) + _layers(x, y, footprint, [(0.4, 0.05), (3.0, 0.05)], 113)
    )


def _bark(x: Any, y: Any, footprint: Any) -> Any:
    return (
        1.0 + 0.35 * _visible(0.03, footprint) * _noise(x / 0.02, y / 0.14, 120) + 0.15 * _noise(x / 0.2, y / 0.5, 121)
    )


def _wood(x: Any, y: Any, footprint: Any) -> Any:
    return (
        1.0 + 0.16 * _visible(0.02, footprint) * _noise(x / 0.012, y / 0.6, 130) + 0.1 * _noise(x / 0.12, y / 3.0, 131)
    )


PATTERNS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "asphalt": _asphalt,
    "concrete": _concrete,
    "paving": _paving,
    "grass": _grass,
    "worn_paint": _worn_paint,
    "plaster": _plaster,
    "brick": _brick,
    "bark": _bark,
    "wood": _wood,
}


def register() -> None:
    """Makes `patterned` known to Mitsuba; needs a variant to be set."""

    class Patterned(mi.Texture):
        """The mesh's colour times the pattern named by `pattern`."""

        def __init__(self, props: Any) -> None:
            super().__init__(props)
            self.color = props["color"]
            self.pattern = PATTERNS[props["pattern"]]

        def eval(self, si: Any, active: Any = True) -> Any:
            # On walls x runs along the wall and y up; on the ground they are the world's own.
            wall = dr.abs(si.n.z) < 0.9
            across = dr.normalize(mi.Vector2f(dr.select(wall, -si.n.y, 1.0), dr.select(wall, si.n.x, 0.0)))
            x = dr.select(wall, si.p.x * across.x + si.p.y * across.y, si.p.x)
            y = dr.select(wall, si.p.z, si.p.y)
            return self.color.eval(si, active) * dr.maximum(self.pattern(x, y, si.t * PIXEL_ANGLE), 0.05)

        def eval_1(self, si: Any, active: Any = True) -> Any:
            return mi.luminance(self.eval(si, active))

        def eval_3(self, si: Any, active: Any = True) -> Any:
            return self.eval(si, active)

        def mean(self) -> Any:
            return mi.Float(0.3)

        def is_spatially_varying(self) -> bool:
            return True

        def traverse(self, callback: Any) -> None:
            callback.put("color", self.color, mi.ParamFlags.Differentiable)

        def to_string(self) -> str:
            return f"Patterned[{self.pattern.__name__}]"

    mi.register_texture("patterned", Patterned)
