"""Umbrellas, prams and wheelchairs, and the hands that hold them; sizes are those of `roadlab.actors.gear`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roadlab.actors.gear import PRAM, UMBRELLA, WHEELCHAIR, scale_of
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.people.figure import Figure
from roadlab_sensors.world.people.limbs import fist
from roadlab_sensors.world.people.sections import Section, shaded, tube
from roadlab_sensors.world.shapes import Style, box, capsule, cylinder, loft, mirrored, srgb

Floats = NDArray[np.float64]
Part = list[Mesh]

_CANOPIES = ("#16181c", "#1c2a44", "#5a1d22", "#2f4a3a", "#6a6d70", "#8b2f5a", "#2f6a8a", "#b8952f", "#c9c6bd")
_PRAMS = ("#1b1d21", "#2c3440", "#49504f", "#5b4632", "#6b2f2b", "#7a766c", "#31435a")
_SEATS = ("#17181a", "#22252b", "#2a2f45")
_STEEL = Style((0.30, 0.30, 0.31), "galvanised", "person")
_DARK = Style((0.025, 0.025, 0.027), "plastic", "person")
_RUBBER = Style((0.02, 0.02, 0.02), "rubber", "person")


def holding_hands(gear: str, figure: Figure, skin: Style) -> dict[str, Part]:
    """Hands that are closed around what the gear has to hold, instead of open ones."""
    left = fist(figure, skin)
    if gear == "umbrella":
        return {"hand_r": [mirrored(mesh) for mesh in left]}
    if gear == "wheelchair":
        return {"hand_l": left, "hand_r": [mirrored(mesh) for mesh in left]}
    if gear == "pram":
        down = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])  # the bar runs across
        turned = [mesh.moved(down, (0.0, 0.0, 0.0)) for mesh in left]
        return {"hand_l": turned, "hand_r": [mirrored(mesh) for mesh in turned]}
    return {}


def gear_parts(gear: str, height: float, rng: np.random.Generator) -> dict[str, Part]:
    """Meshes of the gear's parts for a person of this height [m]; colours are drawn."""
    make = _MAKERS.get(gear)
    k = scale_of(height)
    return {} if make is None else {name: [mesh.scaled(k) for mesh in part] for name, part in make(rng).items()}


def _drawn(colors: Sequence[str], rng: np.random.Generator) -> Style:
    r, g, b = np.array(srgb(colors[int(rng.integers(len(colors)))])) * rng.normal(1.0, 0.08)
    return Style((float(r), float(g), float(b)), "cloth", "person")


def _pipe(points: Sequence[ArrayLike], radius: float, style: Style = _STEEL) -> Part:
    return [capsule(a, b, radius, radius, style, segments=8) for a, b in pairwise(points)]


# --- umbrella --------------------------------------------------------------------------------------------------------


def _umbrella(rng: np.random.Generator) -> dict[str, Part]:
    cloth, u = _drawn(_CANOPIES, rng), UMBRELLA
    top = u.rim + u.rise
    shaft = cylinder((0.0, 0.0, -0.02), (0.0, 0.0, top + u.tip), u.shaft, _STEEL, segments=8)
    handle = capsule((0.0, 0.0, 0.05), (0.0, 0.0, -u.handle + 0.013), 0.013, 0.013, _DARK, segments=10)
    ribs = [cylinder((0.0, 0.0, top - 0.02), _edge(0.98, a), 0.003, _DARK, segments=5) for a in _RIBS]
    return {"umbrella": [shaft, handle, *ribs, _canopy(cloth)]}


_RIBS = np.arange(8) * (np.pi / 4)


def _edge(share: float, angle: float) -> Floats:
    """A point of a rib at a share of its length from the middle."""
    u = UMBRELLA
    drop = u.rise * share**2
    return np.array([share * u.radius * np.cos(angle), share * u.radius * np.sin(angle), u.rim + u.rise - drop])


def _canopy(cloth: Style) -> Mesh:
    """Eight gores, each hollowed between its ribs, with an upper and a lower side."""
    angle = np.linspace(0.0, 2 * np.pi, 64, endpoint=False)
    between = np.sin(4 * angle) ** 2
    rings = []
    for share, thick in [
        *((s, 0.0) for s in np.linspace(0.02, 1.0, 10)),
        *((s, 0.004) for s in np.linspace(1.0, 0.02, 10)),
    ]:
        reach = share * UMBRELLA.radius * (1.0 - 0.07 * share * between)
        z = UMBRELLA.rim + UMBRELLA.rise * (1.0 - share**2) - 0.018 * share * between * (1.0 - share) - thick
        rings.append(np.stack([reach * np.cos(angle), reach * np.sin(angle), z + 0.012 * share * between], axis=1))
    return shaded(loft(np.array(rings)[:, ::-1], cloth))


# --- pram ------------------------------------------------------------------------------------------------------------


def _pram(rng: np.random.Generator) -> dict[str, Part]:
    cloth, p = _drawn(_PRAMS, rng), PRAM
    (rear, front), half = p.axles, 0.5 * p.width - 0.03
    y = half - 0.06
    bar = [
        (p.handle[0] + 0.016, -p.grip - 0.04, p.handle[1] - 0.022),
        (p.handle[0] + 0.016, p.grip + 0.04, p.handle[1] - 0.022),
    ]
    side: Part = [
        *_pipe(
            [(p.handle[0] + 0.016, p.grip + 0.04, p.handle[1] - 0.022), (0.62, y, 0.62), (front, y, p.wheel)], 0.012
        ),
        *_pipe([(0.66, y, 0.58), (rear, y, p.wheel)], 0.012),
    ]
    basket = tube(_bassinet(), cloth, around=28, rings=8, low=0.02, high=0.004, power=3.0)
    tray = box((rear, -y + 0.02, 0.24), (front - 0.05, y - 0.02, 0.30), Style(cloth.color, "cloth", "person"))
    body = [*_pipe(bar, 0.015, _DARK), *side, *map(mirrored, side), basket, tray, *_hood(cloth), _blanket(rng)]
    return {"pram": body, "pram_axle_f": _axle(half, p.wheel), "pram_axle_r": _axle(half, p.wheel)}


def _bassinet() -> list[Section]:
    middle = 0.83
    return [
        (0.52, middle, 0.0, 0.30, 0.26, 0.15),
        (0.60, middle, 0.0, 0.36, 0.31, 0.18),
        (0.76, middle, 0.0, 0.40, 0.34, 0.20),
        (0.80, middle, 0.0, 0.40, 0.34, 0.20),
    ]


def _hood(cloth: Style) -> Part:
    """A quarter ball over the head end, which is ahead, folded in bows."""
    turns = np.linspace(0.0, np.pi / 2, 9)
    across = np.linspace(0.05, np.pi - 0.05, 15)
    layers = []
    for inset in (0.0, 0.008):
        rows = []
        for i, turn in enumerate(turns):
            reach = 0.20 - inset + (0.004 if i % 2 else 0.0)
            out = reach * np.sin(across)
            x = 1.03 + (0.21 - inset) * np.sin(turn) * np.sin(across)
            z = 0.79 + out * 1.4 * np.cos(turn)
            rows.append(np.stack([np.minimum(x, PRAM.front - inset), 0.98 * reach * np.cos(across), z], axis=1))
        layers.append(np.array(rows))
    outer, inner = layers
    return [
        shaded(loft(outer, cloth, closed=False, caps=False)),
        shaded(loft(inner[::-1], cloth, closed=False, caps=False)),
    ]


def _blanket(rng: np.random.Generator) -> Mesh:
    pale = _drawn(("#c9c2b4", "#8fa3b5", "#b59a9a", "#9fb0a0"), rng)
    rows: list[Section] = [(0.78, 0.76, 0.0, 0.26, 0.25, 0.185), (0.82, 0.76, 0.0, 0.24, 0.23, 0.17)]
    return tube(rows, pale, around=24, rings=3, high=0.03, power=3.0)


def _axle(half: float, radius: float) -> Part:
    wheel = _wheel(radius, 0.03, spokes=6, at=half)
    return [*wheel, *map(mirrored, wheel), cylinder((0.0, -half, 0.0), (0.0, half, 0.0), 0.008, _STEEL, segments=8)]


def _wheel(radius: float, width: float, *, spokes: int, at: float) -> Part:
    """A wheel about y whose middle is at y = `at`: tyre, rim and spokes."""
    angle = np.linspace(0.0, 2 * np.pi, 36, endpoint=False)
    section = [(radius, -0.3), (radius, 0.3), (0.94 * radius, 0.5), (0.86 * radius, 0.42), (0.86 * radius, -0.42),
               (0.94 * radius, -0.5)]  # fmt: skip
    ring = np.array([[(r * np.cos(a), at + w * width, -r * np.sin(a)) for r, w in section] for a in angle])
    tyre = loft(np.concatenate([ring, ring[:1]]), _RUBBER, caps=False)
    bars = [
        cylinder((0.0, at, 0.0), (0.88 * radius * np.cos(a), at, 0.88 * radius * np.sin(a)), 0.003, _STEEL, segments=5)
        for a in np.arange(spokes) * (2 * np.pi / spokes)
    ]
    hub = cylinder((0.0, at - 0.4 * width, 0.0), (0.0, at + 0.4 * width, 0.0), 0.12 * radius, _STEEL, segments=12)
    return [shaded(tyre), *bars, hub]


# --- wheelchair ------------------------------------------------------------------------------------------------------


def _wheelchair(rng: np.random.Generator) -> dict[str, Part]:
    seat, w = _drawn(_SEATS, rng), WHEELCHAIR
    (axle, radius), half = w.axle, w.track / 2
    y = half - 0.06
    cushion = box((-0.20, -y, w.hips - 0.16), (0.26, y, w.hips - 0.105), seat)
    back = box((-0.245, -y, w.hips - 0.10), (-0.215, y, w.hips + 0.34), seat)
    side: Part = [
        *_pipe([(w.back + 0.012, y, 0.93), (-0.24, y, 0.92), (-0.23, y, 0.42), (axle, y, radius)], 0.012),
        *_pipe(
            [(-0.22, y, w.hips - 0.13), (0.30, y, w.hips - 0.13), (0.44, y - 0.03, 0.12), (0.50, y - 0.05, 0.075)],
            0.012,
        ),
        *_pipe([(0.28, y, w.hips - 0.14), (0.26, y, 0.10)], 0.012),
        *(mesh.moved(np.eye(3), (0.26, 0.0, 0.07)) for mesh in _wheel(0.07, 0.026, spokes=5, at=y)),
        box((-0.15, y + 0.005, w.hips - 0.12), (0.10, y + 0.011, w.hips + 0.02), _DARK),
    ]
    plate = box((0.40, -y + 0.05, 0.045), (w.front - 0.004, y - 0.05, 0.062), _DARK)
    wheel = [*_wheel(radius, w.rim, spokes=16, at=half), *_rim(0.86 * radius, half + 0.32 * w.rim)]
    return {
        "chair": [cushion, back, *side, *map(mirrored, side), plate],
        "chair_wheels": [*wheel, *map(mirrored, wheel)],
    }


def _rim(radius: float, at: float) -> Part:
    """The hand rim of a wheel about y."""
    angle = np.linspace(0.0, 2 * np.pi, 40, endpoint=False)
    bead = np.linspace(0.0, 2 * np.pi, 6, endpoint=False)
    ring = np.array([
        [((radius + 0.005 * np.cos(b)) * np.cos(a), at + 0.005 * np.sin(b), -(radius + 0.005 * np.cos(b)) * np.sin(a))
         for b in bead] for a in angle
    ])  # fmt: skip
    return [shaded(loft(np.concatenate([ring, ring[:1]]), _STEEL, caps=False))]


_MAKERS: dict[str, Callable[[np.random.Generator], dict[str, Part]]] = {
    "umbrella": _umbrella,
    "pram": _pram,
    "wheelchair": _wheelchair,
}
