"""City bikes and the people who ride them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roadlab.actors.body import ADULT_HEIGHT, proportions
from roadlab.actors.catalog import VEHICLES
from roadlab.actors.cycling import BICYCLE, cyclist_part_poses
from roadlab_sensors.world.mesh import Mesh, Model, merge
from roadlab_sensors.world.people import body_parts
from roadlab_sensors.world.people.figure import figure
from roadlab_sensors.world.people.limbs import fist
from roadlab_sensors.world.people.outfit import riding_outfit
from roadlab_sensors.world.people.sections import shaded
from roadlab_sensors.world.shapes import Style, box, capsule, cylinder, ellipsoid, loft, mirrored, smooth, srgb

Floats = NDArray[np.float64]
Part = list[Mesh]

SPOKES = 28
_TYRE = 0.0185  # half-width of a tyre 37-622 [m]
_GUARD = BICYCLE.wheel_radius + 0.020  # radius of a mudguard [m]
_CHAIN_SIDE = -0.047
_PAINTS = ["#17181b", "#23364f", "#6d2522", "#3c5044", "#b9b6ad", "#6c7b84", "#2a2a2c", "#8a6a33"]

_BLACK = Style((0.02, 0.02, 0.02), "plastic", "bicycle")
_RUBBER = Style((0.018, 0.018, 0.018), "rubber", "bicycle")
_ALLOY = Style((0.55, 0.55, 0.56), "alloy", "bicycle")
_STEEL = Style((0.22, 0.22, 0.22), "alloy", "bicycle")


def cyclist_model(paint: str | None, rng: np.random.Generator) -> Model:
    """A city bike with its rider; parts as in `cyclist_part_poses`.

    `paint` (a colour's name or #rrggbb) decides the colour of the rider's upper garment; ValueError for an unknown one.
    """
    drawn = figure(proportions(ADULT_HEIGHT), rng)
    build = replace(drawn, stoutness=min(drawn.stoutness, 1.04))
    clothes = riding_outfit(build.curve > 0, paint, rng)
    lacquer = Style(srgb(_PAINTS[int(rng.integers(len(_PAINTS)))]), "car_paint", "bicycle")
    rider = body_parts(build, clothes, fist(build, Style(clothes.look.skin, "skin", "rider")), "rider")
    rider["head"] = _as_tall_as_the_catalog_says(rider["head"])
    parts = bicycle_parts(lacquer) | rider
    return Model({name: tuple(merge(meshes)) for name, meshes in parts.items()})


def _as_tall_as_the_catalog_says(head: Part) -> Part:
    pose = cyclist_part_poses(np.zeros((1, 3)))["head"][0]
    top = max(float((m.vertices @ pose[2, :3]).max()) for m in head) + pose[2, 3]
    lift = pose[:3, :3].T @ [0.0, 0.0, VEHICLES["bicycle"].height - top]
    return [m.moved(np.eye(3), lift) for m in head]


def bicycle_parts(lacquer: Style) -> dict[str, Part]:
    """The bicycle alone."""
    wheel = _wheel()
    left = _pedal()
    return {
        "frame": _frame(lacquer),
        "fork": _fork(lacquer),
        "wheel_f": wheel,
        "wheel_r": wheel,
        "crank": _crank(),
        "pedal_l": left,
        "pedal_r": [mirrored(m) for m in left],
    }


def _chain_of(points: Sequence[ArrayLike], radius: float, style: Style, segments: int = 12) -> Part:
    """A bent tube."""
    return [capsule(a, b, radius, radius, style, segments=segments) for a, b in pairwise(points)]


def _both(meshes: Part) -> Part:
    return [*meshes, *map(mirrored, meshes)]


def _by(point: ArrayLike, x: float, y: float, z: float) -> Floats:
    """The point moved by (x, y, z) [m]."""
    moved: Floats = np.add(point, (x, y, z))
    return moved


def _on_steering_axis(z: float) -> Floats:
    top = np.array(BICYCLE.steering_axis)
    rise = z - top[2]
    return _by(top, -rise / np.tan(BICYCLE.head_angle), 0.0, rise)


def _on_seat_tube(z: float) -> Floats:
    low, high = np.array(BICYCLE.bottom_bracket), _by(BICYCLE.saddle, 0.0, 0.0, -0.03)
    point: Floats = low + (z - low[2]) / (high[2] - low[2]) * (high - low)
    return point


def _frame(lacquer: Style) -> Part:
    bracket, axle = np.array(BICYCLE.bottom_bracket), np.array(BICYCLE.rear_axle)
    head_low, head_high = _on_steering_axis(0.755), _on_steering_axis(0.885)
    side = np.array([0.0, 1.0, 0.0])
    tubes = [
        capsule(bracket, _on_seat_tube(0.80), 0.0155, 0.0155, lacquer, segments=14),
        capsule(_on_seat_tube(0.755), _on_steering_axis(0.855), 0.0150, 0.0150, lacquer, segments=14),
        capsule(bracket, _on_steering_axis(0.785), 0.0185, 0.0175, lacquer, segments=14),
        smooth(cylinder(head_low, head_high, 0.020, lacquer, segments=16)),
        smooth(cylinder(bracket - 0.036 * side, bracket + 0.036 * side, 0.022, lacquer, segments=16)),
    ]
    stays = _both([
        capsule(bracket + 0.026 * side, axle + 0.062 * side, 0.010, 0.008, lacquer, segments=10),
        capsule(_on_seat_tube(0.745) + 0.012 * side, axle + 0.062 * side, 0.008, 0.007, lacquer, segments=10),
    ])  # fmt: skip
    post = [smooth(cylinder(_on_seat_tube(0.80), _on_seat_tube(0.912), 0.0135, _ALLOY, segments=14))]
    guard = _mudguard(axle, np.radians(38), np.radians(196), lacquer)
    return [*tubes, *stays, *post, *guard, *_saddle(), *_chain(), *_rack(), *_tail_lamp()]


def _saddle() -> Part:
    x, _, z = BICYCLE.saddle
    leather = Style((0.025, 0.022, 0.02), "leather", "bicycle")
    rows = np.array([  # forward of the middle, half-width, thickness, height of the top
        (-0.125, 0.020, 0.020, -0.004), (-0.118, 0.060, 0.035, 0.000), (-0.085, 0.078, 0.045, 0.000),
        (-0.040, 0.066, 0.045, -0.003), (0.010, 0.038, 0.040, -0.005), (0.070, 0.025, 0.034, -0.004),
        (0.120, 0.021, 0.028, -0.004), (0.138, 0.010, 0.018, -0.010),
    ])  # fmt: skip
    angle = np.arange(16) * (2 * np.pi / 16)
    rings = [
        np.column_stack([np.full(16, x + at), wide * np.cos(angle), z + top - thick / 2 + thick / 2 * np.sin(angle)])
        for at, wide, thick, top in rows
    ]
    rails = _both(
        _chain_of(
            [(x - 0.08, 0.022, z - 0.03), (x - 0.02, 0.022, z - 0.052), (x + 0.09, 0.012, z - 0.025)], 0.0038, _STEEL, 8
        )
    )
    return [shaded(loft(np.array(rings), leather)), *rails]


def _mudguard(axle: Floats, start: float, end: float, style: Style) -> Part:
    """A curved strip above a wheel between two angles above the forward horizontal."""
    across = np.linspace(-1, 1, 7)
    outer = np.column_stack([0.026 * across, _GUARD - 0.010 * across**2])
    section = np.concatenate([outer, (outer - np.array([0.0, 0.003]))[::-1]])
    rings = []
    for turn in np.linspace(start, end, 28):
        y, radius = section.T
        rings.append(axle + np.column_stack([radius * np.cos(turn), y, radius * np.sin(turn)]))
    return [smooth(loft(np.array(rings[::-1])[:, ::-1], style), crease=0.7)]


def _chain() -> Part:
    bracket, axle = np.array(BICYCLE.bottom_bracket), np.array(BICYCLE.rear_axle)
    lines = [
        smooth(
            cylinder(
                _by(bracket, 0, _CHAIN_SIDE, s * 0.080),
                _by(axle, 0, _CHAIN_SIDE, s * 0.036),
                0.0045,
                _STEEL,
                segments=6,
            )
        )
        for s in (1.0, -1.0)
    ]
    low, high = _by(axle, 0.05, _CHAIN_SIDE - 0.014, 0.030), _by(bracket, 0.02, _CHAIN_SIDE - 0.014, 0.085)
    return [*lines, *_chain_of([low, high, _by(high, 0.06, 0.0, -0.045)], 0.012, _BLACK, 8)]


def _rack() -> Part:
    axle = np.array(BICYCLE.rear_axle)
    z = axle[2] + _GUARD + 0.035
    rails = _both([
        *_chain_of([(0.19, 0.045, z - 0.01), (0.10, 0.055, z), (-0.20, 0.055, z), (-0.23, 0.03, z)], 0.0055, _STEEL, 8),
        capsule((-0.09, 0.055, z), _by(axle, -0.005, 0.066, 0.0), 0.005, 0.005, _STEEL, segments=8),
    ])  # fmt: skip
    slats = [
        capsule((x, -0.055, z), (x, 0.055, z), 0.0045, 0.0045, _STEEL, segments=8) for x in (-0.20, -0.11, -0.02, 0.07)
    ]
    return rails + slats


def _tail_lamp() -> Part:
    red = Style((0.45, 0.02, 0.02), "lamp_lens", "bicycle", "tail")
    axle = np.array(BICYCLE.rear_axle)
    turn = np.radians(158)
    at = _by(axle, _GUARD * np.cos(turn) + 0.004, 0.0, _GUARD * np.sin(turn) + 0.012)
    return [ellipsoid(at, (0.014, 0.026, 0.018), red, segments=14, rings=8)]


def _fork(lacquer: Style) -> Part:
    """In the fork's frame, whose origin is the upper end of the head tube."""
    crown, axle = _on_steering_axis(0.735), np.array(BICYCLE.front_axle)
    blade = [
        _by(crown, 0.0, 0.040, 0.0),
        _by(axle, -0.075, 0.050, 0.14),
        _by(axle, -0.028, 0.053, 0.04),
        _by(axle, 0.0, 0.056, 0.0),
    ]
    blades = _both(_chain_of(blade, 0.0115, lacquer))
    bridge = [capsule(_by(crown, 0.0, -0.040, 0.0), _by(crown, 0.0, 0.040, 0.0), 0.015, 0.015, lacquer, segments=12)]
    steerer = [smooth(cylinder(_on_steering_axis(0.88), _on_steering_axis(1.05), 0.0125, _ALLOY, segments=14))]
    guard = _mudguard(axle, np.radians(22), np.radians(172), lacquer)
    meshes = [*blades, *bridge, *steerer, *guard, *_handlebar(), *_head_lamp(crown)]
    return [m.moved(np.eye(3), -np.array(BICYCLE.steering_axis)) for m in meshes]


def _handlebar() -> Part:
    grip = np.array(BICYCLE.grip)
    stem = _on_steering_axis(1.05)
    clamp = np.array([stem[0] + 0.045, 0.0, grip[2] + 0.012])
    end = _by(grip, -0.026, 0.044, -0.004)
    inner = grip + (grip - end)
    bar = _both(
        _chain_of([clamp, _by(clamp, 0.012, 0.06, 0.004), _by(clamp, 0.012, 0.13, 0.002), inner, end], 0.011, _ALLOY)
    )
    grips = _both([smooth(cylinder(inner, end, 0.0165, _BLACK, segments=14), crease=0.9)])
    lever = _by(inner, 0.014, -0.012, -0.006)
    levers = _both(
        _chain_of([lever, _by(lever, 0.030, 0.020, -0.016), _by(lever, 0.030, 0.095, -0.022)], 0.006, _STEEL, 8)
    )
    bell = [ellipsoid(_by(clamp, 0.012, 0.09, 0.028), (0.022, 0.022, 0.018), _ALLOY, segments=14, rings=8)]
    return [capsule(stem, clamp, 0.016, 0.015, _ALLOY, segments=12), *bar, *grips, *levers, *bell]


def _head_lamp(crown: Floats) -> Part:
    lens = Style((0.8, 0.8, 0.78), "lamp_lens", "bicycle", "head")
    at = _by(crown, 0.045, 0.0, 0.055)
    shell = smooth(
        cylinder(_by(at, -0.022, 0.0, 0.0), _by(at, 0.024, 0, 0.0), 0.020, _BLACK, segments=16, end_radius=0.030)
    )
    return [
        shell,
        ellipsoid(_by(at, 0.022, 0.0, 0.0), (0.008, 0.028, 0.028), lens, segments=16, rings=8),
        capsule(crown, at, 0.006, 0.006, _BLACK, segments=8),
    ]


def _wheel() -> Part:
    """About its own axle along y."""
    radius = BICYCLE.wheel_radius
    middle = radius - _TYRE
    turn = np.linspace(0, 2 * np.pi, 10, endpoint=False) + np.pi / 2
    tyre = shaded(_ring_body(np.column_stack([middle + _TYRE * np.sin(turn), _TYRE * np.cos(turn)]), _RUBBER))
    rim_profile = [(radius - 0.030, -0.012), (radius - 0.046, -0.010), (radius - 0.046, 0.010), (radius - 0.030, 0.012)]
    rim = smooth(_ring_body(np.array(rim_profile[::-1]), _ALLOY), crease=0.8)
    hub = smooth(cylinder((0, -0.055, 0), (0, 0.055, 0), 0.014, _ALLOY, segments=14))
    flanges = [
        smooth(cylinder((0, y - 0.002, 0), (0, y + 0.002, 0), 0.026, _ALLOY, segments=16)) for y in (-0.032, 0.032)
    ]
    return [tyre, rim, hub, *flanges, *_spokes(radius - 0.045)]


def _ring_body(profile: Floats, style: Style) -> Mesh:
    """A body of revolution about y with a closed profile of (radius, y), counter-clockwise seen from +x forward."""
    turn = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    rings = np.stack(
        [np.column_stack([r * np.cos(turn), np.full(64, y), r * np.sin(turn)]) for r, y in [*profile, profile[0]]]
    )
    return loft(rings, style, caps=False)


def _spokes(rim: float) -> Part:
    meshes = []
    for k in range(SPOKES):
        at = 2 * np.pi * (k + 0.5) / SPOKES
        side, lean = (1 if k % 2 else -1), (1 if k % 4 < 2 else -1) * 1.2
        start = (0.024 * np.cos(at + lean), 0.032 * side, 0.024 * np.sin(at + lean))
        meshes.append(cylinder(start, (rim * np.cos(at), 0.003 * side, rim * np.sin(at)), 0.0012, _ALLOY, segments=4))
    return meshes


def _crank() -> Part:
    """About the bottom bracket; the left arm points forward."""
    length = BICYCLE.crank_length
    arm = [capsule((0, 0.062, 0), (length, 0.072, 0), 0.014, 0.011, _ALLOY, segments=10)]
    other = [m.moved(np.diag([-1.0, -1.0, 1.0]), np.zeros(3)) for m in arm]
    axle = [smooth(cylinder((0, -0.066, 0), (0, 0.066, 0), 0.009, _STEEL, segments=12))]
    ring = smooth(
        _ring_body(
            np.array(
                [
                    (0.084, _CHAIN_SIDE + 0.002),
                    (0.084, _CHAIN_SIDE - 0.002),
                    (0.068, _CHAIN_SIDE - 0.002),
                    (0.068, _CHAIN_SIDE + 0.002),
                ]
            )[::-1],
            _STEEL,
        ),
        crease=0.8,
    )
    arms = [
        capsule(
            (0, _CHAIN_SIDE, 0), (0.072 * np.cos(t), _CHAIN_SIDE, 0.072 * np.sin(t)), 0.007, 0.005, _STEEL, segments=8
        )
        for t in np.arange(5) * 2 * np.pi / 5
    ]
    return [*arm, *other, *axle, ring, *arms]


def _pedal() -> Part:
    """The left one, about its axle's middle."""
    half = BICYCLE.pedal_thickness / 2
    body = [
        box((-0.046, -0.040, -half + 0.004), (-0.034, 0.044, half - 0.004), _BLACK),
        box((0.034, -0.040, -half + 0.004), (0.046, 0.044, half - 0.004), _BLACK),
    ]
    block = [
        box((-0.036, -0.034, -half), (0.036, -0.004, half), _RUBBER),
        box((-0.036, 0.008, -half), (0.036, 0.040, half), _RUBBER),
    ]
    axle = [smooth(cylinder((0, BICYCLE.pedal_offset * -0.39, 0), (0, 0.044, 0), 0.007, _STEEL, segments=10))]
    reflector = Style((0.75, 0.35, 0.05), "lamp_lens", "bicycle")
    return [
        *body,
        *block,
        *axle,
        box((0.046, -0.02, -0.005), (0.048, 0.024, 0.005), reflector),
        box((-0.048, -0.02, -0.005), (-0.046, 0.024, 0.005), reflector),
    ]
