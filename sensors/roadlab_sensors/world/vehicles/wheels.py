"""Wheels: tyre, rim with spokes, brake disc. Origin at the wheel's centre, axle along y, outside towards +y."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, cylinder, loft, smooth

SEGMENTS = 32
ALONG_Y = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""Turns z into y."""


@dataclass(frozen=True, slots=True)
class WheelDesign:
    """What differs between the wheels of two cars."""

    radius: float
    """Of the tyre, unladen [m]."""
    width: float
    rim_share: float
    """Rim radius by tyre radius."""
    spokes: int
    twin: bool
    spoke_width: float
    rim: Style


def design(
    radius: float, rng: np.random.Generator, semantic: str, *, width: float = 0.21, rim_share: float = 0.675
) -> WheelDesign:
    """A rim design drawn from those on the road."""
    spokes = int(rng.choice([5, 5, 5, 6, 7, 8, 10]))
    grey = float(rng.choice([0.55, 0.45, 0.3, 0.04], p=[0.4, 0.3, 0.15, 0.15]))
    twin = spokes == 5 and rng.random() < 0.6
    spoke_width = (0.036 if twin else 0.3 / spokes + 0.012) * float(rng.uniform(0.9, 1.15))
    rim = Style((grey, grey, grey * 1.02), "alloy" if grey > 0.1 else "painted_metal", semantic)
    return WheelDesign(radius, width, rim_share, spokes, twin, spoke_width, rim)


def wheel(plan: WheelDesign, semantic: str) -> list[Mesh]:
    """A wheel of the left side."""
    rubber = Style((0.018, 0.018, 0.018), "rubber", semantic)
    shade = Style((0.012, 0.012, 0.012), "plastic", semantic)
    steel = Style((0.3, 0.3, 0.3), "alloy", semantic)
    bead, half = plan.radius * plan.rim_share, plan.width / 2
    face = half - 0.025
    parts = [
        smooth(turned(_tyre_profile(plan.radius, bead, half), rubber, segments=SEGMENTS), crease=0.9),
        smooth(turned(_ring_profile(bead, half), plan.rim, segments=SEGMENTS), crease=0.6),
        smooth(
            turned([(bead - 0.02, -half + 0.01), (bead - 0.025, half - 0.02)][::-1], shade, segments=SEGMENTS),
            crease=2.0,
        ),
        turned([(bead - 0.005, face - 0.1), (0.0, face - 0.1)], shade, segments=SEGMENTS),
        turned([(bead - 0.005, -half + 0.01), (0.0, -half + 0.01)][::-1], shade, segments=SEGMENTS),
        turned(
            [(bead * 0.72, face - 0.075), (bead * 0.72, face - 0.06), (0.0, face - 0.06)], steel, segments=SEGMENTS // 2
        ),
        smooth(
            turned(
                [(bead * 0.24, face - 0.06), (bead * 0.22, face - 0.005), (bead * 0.15, face), (0.0, face)],
                plan.rim,
                segments=20,
            )
        ),
        turned([(bead * 0.13, face), (bead * 0.12, face + 0.004), (0.0, face + 0.004)], shade, segments=16),
        *_spokes(plan, bead, face),
    ]
    return [m.moved(ALONG_Y, (0.0, 0.0, 0.0)) for m in parts]


def turned(profile: ArrayLike, style: Style, *, segments: int) -> Mesh:
    """An open surface of revolution about z from (radius, z) pairs [m]; its front is on the right of the way."""
    turns = np.arange(segments) * (2 * np.pi / segments)
    ring = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    rings = [np.column_stack([ring * radius, np.full(segments, z)]) for radius, z in np.asarray(profile)]
    return loft(rings, style, caps=False)


def _tyre_profile(radius: float, bead: float, half: float) -> list[tuple[float, float]]:
    """(radius, axial) of a tyre's outside from the inner to the outer bead."""
    depth = radius - bead
    side = [(0.0, 0.9), (0.45, 1.0), (0.9, 0.9), (1.0, 0.64)]
    outer = [(bead + share * depth, half * out) for share, out in side]
    return [(r, -z) for r, z in outer] + outer[::-1]


def _ring_profile(bead: float, half: float) -> list[tuple[float, float]]:
    """(radius, axial) of the rim's outer flange."""
    return [
        (bead + 0.005, half * 0.9),
        (bead - 0.006, half * 0.93),
        (bead - 0.03, half - 0.06),
    ]


def _spokes(plan: WheelDesign, bead: float, face: float) -> list[Mesh]:
    spokes = []
    for k in range(plan.spokes):
        angle = 2 * np.pi * k / plan.spokes
        offsets = (-0.55 * np.pi / plan.spokes / 1.6, 0.55 * np.pi / plan.spokes / 1.6) if plan.twin else (0.0,)
        spokes += [_spoke(plan, bead, face, angle, angle + offset) for offset in offsets]
    return spokes


def _spoke(plan: WheelDesign, bead: float, face: float, start_angle: float, end_angle: float) -> Mesh:
    """A tapering bar from the hub to the rim; z is the axle."""
    start = 0.16 * bead * np.array([np.cos(start_angle), np.sin(start_angle)])
    end = (bead - 0.014) * np.array([np.cos(end_angle), np.sin(end_angle)])
    along = (end - start) / np.linalg.norm(end - start)
    across = np.array([-along[1], along[0]])
    rings = []
    for share in (0.0, 0.5, 1.0):
        middle = start + share * (end - start)
        half = plan.spoke_width / 2 * (0.85 + 0.35 * share**2)
        front = face - 0.004 + 0.014 * share - 0.012 * np.sin(np.pi * share)
        back = front - 0.03
        section = [
            (-half, back),
            (half, back),
            (half * 0.9, front - 0.008),
            (half * 0.55, front),
            (-half * 0.55, front),
            (-half * 0.9, front - 0.008),
        ]
        rings.append([(*(middle + across * s), z) for s, z in section])
    return smooth(loft(rings, plan.rim), crease=0.5)


def plain_wheel(radius: float, width: float, semantic: str, dish_depth: float) -> list[Mesh]:
    """A lorry's steel wheel; its disc lies `dish_depth` further in than the tyre's outside [m]."""
    steel = Style((0.38, 0.38, 0.39), "painted_metal", semantic)
    shade = Style((0.02, 0.02, 0.02), "plastic", semantic)
    bead, half = radius * 0.58, width / 2
    hub = half - dish_depth
    dish = [(bead - 0.012, half - 0.02), (bead * 0.86, hub - 0.07), (bead * 0.62, hub - 0.03), (bead * 0.4, hub)]
    dish.append((0.0, hub))
    parts = [
        smooth(turned(_ring_profile(bead, half), steel, segments=SEGMENTS), crease=0.6),
        smooth(turned(dish, steel, segments=24), crease=0.5),
        turned([(bead * 0.3, hub), (bead * 0.26, hub + 0.05), (0.0, hub + 0.05)], shade, segments=12),
    ]
    for k in range(8):
        turn = 2 * np.pi * k / 8
        x, y = 0.48 * bead * np.cos(turn), 0.48 * bead * np.sin(turn)
        parts.append(cylinder((x, y, hub - 0.03), (x, y, hub + 0.02), 0.018, shade, segments=5))
    return [m.moved(ALONG_Y, (0.0, 0.0, 0.0)) for m in parts] + bare_tyre(radius, width, semantic)


def bare_tyre(radius: float, width: float, semantic: str) -> list[Mesh]:
    """A lorry's tyre, closed within on its inner side."""
    rubber = Style((0.018, 0.018, 0.018), "rubber", semantic)
    bead, half = radius * 0.58, width / 2
    parts = [
        smooth(turned(_tyre_profile(radius, bead, half), rubber, segments=SEGMENTS), crease=0.9),
        turned([(0.0, -half + 0.01), (bead + 0.005, -half + 0.01)], rubber, segments=24),
    ]
    return [m.moved(ALONG_Y, (0.0, 0.0, 0.0)) for m in parts]
