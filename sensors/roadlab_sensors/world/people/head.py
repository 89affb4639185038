"""Heads: skull, a mere suggestion of a face, ears, hair.

Breadths and profile: medians of ANSUR II (head length 19.6 cm, breadth 15.1 cm, chin to crown 22.2 cm).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.people.sections import Section, outline, round_section, shaded, tinted, tube
from roadlab_sensors.world.people.skin import follows
from roadlab_sensors.world.shapes import Style, capsule, loft, mirrored

Floats = NDArray[np.float64]
Color = tuple[float, float, float]

CHIN = 0.066
"""Chin above the neck's joint for the adult [m]."""
CROWN = 0.222
"""Crown above the chin for the adult [m]."""
_AXIS = 0.014  # of the head, forward of the neck's joint

# height above the chin, reach to the front, back and side [m]
_PROFILE = np.array([
    (0.000, 0.066, 0.030, 0.026),
    (0.008, 0.080, 0.052, 0.040),
    (0.020, 0.087, 0.060, 0.049),
    (0.034, 0.084, 0.064, 0.055),
    (0.050, 0.088, 0.070, 0.060),
    (0.066, 0.087, 0.076, 0.064),
    (0.085, 0.087, 0.086, 0.068),
    (0.105, 0.086, 0.095, 0.071),
    (0.125, 0.092, 0.100, 0.074),
    (0.150, 0.092, 0.100, 0.0755),
    (0.172, 0.084, 0.094, 0.072),
    (0.192, 0.068, 0.079, 0.062),
    (0.206, 0.048, 0.058, 0.047),
    (0.216, 0.026, 0.034, 0.028),
    (0.2205, 0.010, 0.014, 0.012),
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of a head and its hair's cut."""

    skin: Color
    hair: Color
    cut: str
    """Key into `CUTS`."""
    beard: float
    """0 none, 1 full."""
    hat: Color = (0.05, 0.055, 0.07)
    """Of a hat, cap or helmet."""


def head_meshes(look: Look, scale: float, top: float, skin: Style, hair: Style) -> list[Mesh]:
    """Neck, head and hair in the head's frame; `top` is where the hair ends above the neck's joint [m]."""
    meshes = [_neck(skin), _face(look, skin), *_ears(skin), *CUTS[look.cut](look, hair)]
    highest = max(float(m.vertices[:, 2].max()) for m in meshes)
    lift = top - scale * highest
    return [m.scaled(scale).moved(np.eye(3), (0.0, 0.0, lift if i else min(lift, 0.0))) for i, m in enumerate(meshes)]


def _grid(z: Floats, swell: Floats | float = 0.0, count: int = 42) -> tuple[Floats, Floats]:
    """(K, N, 3) points of the bare skull at heights z (K,) above the chin, and their angles (N,), denser in front."""
    even = np.linspace(-np.pi, np.pi, count, endpoint=False)
    angle = even - 0.45 * np.sin(even)
    reach = PchipInterpolator(_PROFILE[:, 0], _PROFILE[:, 1:])(np.clip(z, 0.0, _PROFILE[-1, 0]))
    rows = np.column_stack([z + CHIN, np.full(len(z), _AXIS), np.zeros(len(z)), reach])
    points = outline(rows, angle, 2.15)
    axis = np.stack([np.full_like(z, _AXIS), 0 * z, np.full_like(z, CHIN + 0.12)], axis=1)[:, None, :]
    away = (points - axis) / np.linalg.norm(points - axis, axis=2, keepdims=True)
    return points + np.asarray(swell)[..., None] * away if np.ndim(swell) else points, angle


def _bump(points: Floats, y: float, z: float, wide: float, high: float) -> Floats:
    """(K, N) a smooth spot on the front of the face, 1 in its middle; z above the chin."""
    spot = np.exp(-(((points[..., 1] - y) / wide) ** 2) - ((points[..., 2] - CHIN - z) / high) ** 2)
    return np.where(points[..., 0] > _AXIS, spot, 0.0)


def _face(look: Look, style: Style) -> Mesh:
    z = np.concatenate([np.linspace(0.0, 0.138, 28), np.linspace(0.150, 0.2205, 7)])
    points, _ = _grid(z)

    def both(y: float, z: float, wide: float, high: float) -> Floats:
        return _bump(points, y, z, wide, high) + _bump(points, -y, z, wide, high)

    tip, bridge = _bump(points, 0.0, 0.077, 0.0135, 0.010), _bump(points, 0.0, 0.098, 0.0085, 0.016)
    nostrils, lips = both(0.010, 0.072, 0.008, 0.007), _bump(points, 0.0, 0.050, 0.022, 0.009)
    sockets, brows, cheeks = (
        both(0.031, 0.107, 0.013, 0.008),
        both(0.030, 0.125, 0.018, 0.006),
        both(0.040, 0.080, 0.018, 0.020),
    )
    mouth, eyes, chin = (
        _bump(points, 0.0, 0.050, 0.021, 0.0018),
        both(0.031, 0.108, 0.011, 0.0042),
        _bump(points, 0.0, 0.016, 0.018, 0.012),
    )
    forward = 0.021 * tip + 0.011 * bridge + 0.005 * nostrils + 0.004 * lips - 0.003 * mouth - 0.009 * sockets
    forward += 0.0035 * brows + 0.003 * cheeks + 0.004 * chin + 0.003 * eyes
    points = points + forward[..., None] * [1.0, 0.0, 0.0]
    skin, hair = np.array(look.skin), np.array(look.hair)
    tone = np.tile(skin, (*points.shape[:2], 1))
    flush = np.clip(0.30 * cheeks + 0.25 * tip, 0, 1)[..., None]
    tone = tone * (1 - flush * [0.0, 0.22, 0.2])
    tone = tone * (1 - np.clip(0.55 * lips, 0, 1)[..., None] * [0.15, 0.5, 0.45]) * (1 - 0.55 * mouth[..., None])
    tone = tone * (1 - 0.25 * sockets[..., None])
    height = points[..., 2] - CHIN
    stubble = (
        look.beard
        * np.clip((0.068 - height) / 0.015, 0, 1)
        * (points[..., 0] > _AXIS - 0.02)
        * (1 - np.clip(1.4 * lips, 0, 1))
    )
    tone = _mixed(tone, hair, 0.8 * stubble)
    tone = _mixed(tone, hair * 0.8, np.clip(1.3 * both(0.031, 0.1245, 0.014, 0.0035), 0, 0.85))
    tone = _mixed(tone, np.array([0.55, 0.52, 0.5]), np.clip(1.5 * eyes - 0.3, 0, 0.8))
    tone = _mixed(tone, np.array([0.02, 0.015, 0.012]), np.clip(1.6 * both(0.031, 0.108, 0.0052, 0.0045), 0, 0.95))
    mesh = loft(points, style)
    return shaded(tinted(mesh, np.concatenate([tone.reshape(-1, 3), [skin, skin]])))


def _mixed(base: Floats, other: Floats, share: Floats) -> Floats:
    return base + share[..., None] * (other - base)


def _neck(style: Style) -> Mesh:
    sections: list[Section] = [
        (-0.050, -0.030, 0, 0.070, 0.070, 0.090),
        (-0.020, -0.022, 0, 0.062, 0.062, 0.068),
        (0.020, -0.012, 0, 0.057, 0.057, 0.058),
        (0.060, -0.004, 0, 0.055, 0.057, 0.056),
        (0.110, 0.004, 0, 0.055, 0.066, 0.057),
    ]
    neck = tube(sections, style, around=24, rings=10, high=0.01)
    return follows(neck, "torso", (0.0, 0.0, 0.0), neck.vertices[:, 2], 0.08)


def _ears(style: Style) -> list[Mesh]:
    sections: list[Section] = [
        (CHIN + 0.078, 0.010, 0.069, 0.006, 0.005, 0.005),
        (CHIN + 0.088, 0.006, 0.072, 0.008, 0.008, 0.007),
        (CHIN + 0.106, 0.002, 0.0755, 0.011, 0.014, 0.008),
        (CHIN + 0.120, 0.000, 0.0765, 0.011, 0.015, 0.007),
    ]
    left = tube(sections, style, around=12, rings=7, low=0.005, high=0.008)
    return [left, mirrored(left)]


def _scalp(look: Look, style: Style, line: Mapping[int, float], thickness: Callable[[Floats, Floats], Floats]) -> Mesh:
    """Hair that hugs the skull above a hairline: height above the chin by angle from the front [degrees]."""
    z = np.concatenate([np.linspace(0.0, 0.15, 16), np.linspace(0.159, 0.2205, 8)])
    _, angle = _grid(z)
    edge = CubicSpline([*line], [*line.values()])(np.degrees(np.abs(angle)))
    above = z[:, None] - edge[None, :]
    cover = np.clip(above / 0.014 + 0.3, -1.0, 1.0)
    depth = thickness(np.broadcast_to(angle, above.shape), np.broadcast_to(z[:, None], above.shape))
    crown = np.clip((z - 0.18) / 0.035, 0.0, 1.0)[:, None]  # one thickness at the crown, where all angles meet
    depth = depth + crown * (depth.mean(axis=1, keepdims=True) - depth)
    points, _ = _grid(z, np.where(cover > 0, depth * np.sin(cover * np.pi / 2), 0.012 * cover))
    strands = 0.86 + 0.28 * (0.5 + 0.5 * np.sin(37 * angle[None, :] + 9 * np.sin(40 * z[:, None])))
    tone = np.array(look.hair) * strands[..., None]
    mesh = loft(points, style)
    mesh = shaded(tinted(mesh, np.concatenate([tone.reshape(-1, 3), [look.hair, look.hair]])))
    hidden = np.concatenate([(cover < -0.45).reshape(-1), [True, False]])
    faces = mesh.faces[~hidden[mesh.faces].all(axis=1)]
    return Mesh(mesh.vertices, faces, mesh.colors, mesh.material, mesh.semantic, mesh.normals)


_SHORT_LINE = {0: 0.166, 35: 0.164, 55: 0.150, 70: 0.120, 82: 0.090, 98: 0.088, 112: 0.066, 140: 0.040, 180: 0.034}
_LOW_LINE = {0: 0.166, 35: 0.160, 55: 0.130, 70: 0.085, 85: 0.045, 98: 0.040, 112: 0.030, 140: 0.012, 180: 0.010}


def _even(depth: float) -> Callable[[Floats, Floats], Floats]:
    return lambda angle, z: np.full(angle.shape, depth) + 0.3 * depth * np.clip((z - 0.14) / 0.08, 0, 1)


def _cropped(look: Look, style: Style) -> list[Mesh]:
    return [_scalp(look, style, _SHORT_LINE, _even(0.006))]


def _short(look: Look, style: Style) -> list[Mesh]:
    def depth(angle: Floats, z: Floats) -> Floats:
        top = np.clip((z - 0.13) / 0.06, 0, 1)
        return 0.008 + top * (0.012 + 0.007 * np.clip(np.cos(angle), 0, 1)) + 0.002 * np.sin(11 * angle + 60 * z) * top

    return [_scalp(look, style, _SHORT_LINE, depth)]


def _parted(look: Look, style: Style) -> list[Mesh]:
    def depth(angle: Floats, z: Floats) -> Floats:
        top = np.clip((z - 0.12) / 0.06, 0, 1)
        return 0.011 + top * 0.013 * (1 + 0.5 * np.sin(angle - 0.6)) + 0.0015 * np.sin(17 * angle)

    return [_scalp(look, style, _SHORT_LINE | {55: 0.140, 70: 0.105}, depth)]


def _bob(look: Look, style: Style) -> list[Mesh]:
    def depth(angle: Floats, z: Floats) -> Floats:
        side = np.clip((0.13 - z) / 0.1, 0, 1)
        return 0.014 + 0.010 * side + 0.002 * np.sin(23 * angle + 20 * z)

    return [_scalp(look, style, _LOW_LINE, depth), _curtain(look, style, 0.015)]


def _long(look: Look, style: Style) -> list[Mesh]:
    return [_scalp(look, style, _LOW_LINE, _even(0.014)), _curtain(look, style, -0.085)]


def _ponytail(look: Look, style: Style) -> list[Mesh]:
    sections: list[Section] = [
        round_section(-0.06, 0.012, -0.125),
        round_section(-0.01, 0.024, -0.135),
        round_section(0.06, 0.028, -0.140),
        round_section(0.12, 0.024, -0.132),
        round_section(0.155, 0.020, -0.110),
        round_section(0.175, 0.014, -0.080),
    ]
    tail = tube([(z + CHIN, *rest) for z, *rest in sections], style, around=14, rings=14, low=0.015, high=0.005)  # type: ignore[misc]
    return [_scalp(look, style, _SHORT_LINE, _even(0.007)), tinted(tail, look.hair)]


def _bun(look: Look, style: Style) -> list[Mesh]:
    knot = tube(
        [round_section(0.150 + CHIN, 0.034, -0.112), round_section(0.166 + CHIN, 0.034, -0.108)],
        style,
        around=16,
        rings=3,
        low=0.026,
        high=0.026,
    )
    return [_scalp(look, style, _SHORT_LINE, _even(0.007)), tinted(knot, look.hair)]


def _beanie(look: Look, style: Style) -> list[Mesh]:
    line = {0: 0.148, 60: 0.142, 90: 0.128, 120: 0.110, 180: 0.095}
    wool = Style(look.hat, "cloth", style.semantic)
    hat = _scalp(
        replace(look, hair=look.hat),
        wool,
        line,
        lambda _, z: 0.012 + 0.006 * (z < 0.165) + 0.004 * np.clip((z - 0.19) / 0.03, 0, 1),
    )
    return [_scalp(look, style, _SHORT_LINE, _even(0.006)), hat]


def _cap(look: Look, style: Style) -> list[Mesh]:
    line = {0: 0.150, 60: 0.146, 90: 0.140, 120: 0.128, 180: 0.112}
    cloth = Style(look.hat, "cloth", style.semantic)
    crown = _scalp(
        replace(look, hair=look.hat), cloth, line, lambda _, z: 0.011 + 0.006 * np.clip((z - 0.17) / 0.05, 0, 1)
    )
    angle = np.linspace(-1.15, 1.15, 15)
    inner = np.stack([_AXIS + 0.085 * np.cos(angle), 0.077 * np.sin(angle), np.full_like(angle, CHIN + 0.158)], axis=1)
    outer = inner + np.stack([0.072 * np.cos(angle * 0.9), 0 * angle, -0.018 - 0.014 * np.sin(angle) ** 2], axis=1)
    lifts = (0.004, 0.002, -0.002, -0.004)
    ring = [edge + np.array([0.0, 0.0, up]) for edge, up in zip((inner, outer, outer, inner), lifts, strict=True)]
    brim = shaded(loft(np.stack(ring, axis=1), cloth))
    return [_scalp(look, style, _SHORT_LINE, _even(0.006)), crown, brim]


def _helmet(look: Look, style: Style) -> list[Mesh]:
    """A bicycle helmet: a shell with grooves, longer behind, and its straps."""
    line = {0: 0.162, 45: 0.158, 80: 0.140, 110: 0.120, 180: 0.108}
    shell = Style(look.hat, "plastic", style.semantic)
    strap = Style((0.02, 0.02, 0.02), "cloth", style.semantic)

    def depth(angle: Floats, z: Floats) -> Floats:
        groove = (
            np.clip(np.cos(9 * angle), 0.0, 1.0) ** 3
            * np.clip((z - 0.145) / 0.02, 0, 1)
            * np.clip((0.215 - z) / 0.02, 0, 1)
        )
        return 0.024 + 0.012 * np.clip((z - 0.15) / 0.06, 0, 1) + 0.008 * np.clip(-np.cos(angle), 0, 1) - 0.011 * groove

    path = [
        (0.020, 0.079, 0.145),
        (0.032, 0.074, 0.085),
        (0.040, 0.062, 0.040),
        (0.062, 0.030, 0.002),
        (0.068, 0.0, -0.006),
    ]
    points = [(x + _AXIS - 0.014, y, z + CHIN) for x, y, z in path]
    sides = [capsule(a, b, 0.0045, 0.0045, strap, segments=6) for a, b in pairwise(points)]
    crown = _scalp(replace(look, hair=look.hat), shell, line, depth)
    return [_scalp(look, style, _SHORT_LINE, _even(0.006)), crown, *sides, *map(mirrored, sides)]


def _curtain(look: Look, style: Style, bottom: float) -> Mesh:
    """Hair that hangs behind the ears from under the scalp's hair to `bottom` above the chin [m]."""
    levels = np.linspace(bottom, 0.145, 10)
    along = np.linspace(0.0, 1.0, 25)
    angle = np.radians(78 + 204 * along)
    thick = 0.004 + 0.024 * np.sin(np.pi * along) ** 0.5
    rings = []
    for z in levels:
        fall = np.clip((0.135 - z) / 0.05, 0, 1)
        curl = 0.012 * np.clip((bottom + 0.03 - z) / 0.03, 0, 1)
        wave = fall * (0.0025 * np.sin(19 * angle + 25 * z) + 0.008) - curl
        outer = np.stack([(0.106 + wave) * np.cos(angle), (0.082 + wave) * np.sin(angle)], axis=1)
        inner = outer * (1 - thick / np.linalg.norm(outer, axis=1))[:, None]
        ring = np.concatenate([outer, inner[::-1]])
        rings.append(np.column_stack([ring[:, 0] + _AXIS, ring[:, 1], np.full(len(ring), z + CHIN)]))
    tone = np.array(look.hair) * (0.86 + 0.28 * (0.5 + 0.5 * np.sin(1.3 * np.arange(len(rings[0])))))[:, None]
    mesh = loft(np.array(rings), style)
    return shaded(tinted(mesh, np.concatenate([np.tile(tone, (len(levels), 1)), [look.hair, look.hair]])))


CUTS: dict[str, Callable[[Look, Style], list[Mesh]]] = {
    "cropped": _cropped,
    "short": _short,
    "parted": _parted,
    "bob": _bob,
    "long": _long,
    "ponytail": _ponytail,
    "bun": _bun,
    "beanie": _beanie,
    "cap": _cap,
    "helmet": _helmet,
}
