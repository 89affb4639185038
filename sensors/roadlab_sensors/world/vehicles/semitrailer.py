"""A semitrailer with three axles: curtains, a refrigerated box or a tank."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from roadlab.actors.catalog import VehicleModel
from roadlab_sensors.world.assembly import face
from roadlab_sensors.world.furniture.lettering import lettering
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, box, cylinder, loft, mirrored, smooth, srgb
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.lamps import AMBER, BRIGHT_RED, CLEAR, RED
from roadlab_sensors.world.vehicles.skin import Array
from roadlab_sensors.world.vehicles.trim import both, plate
from roadlab_sensors.world.vehicles.truck import LoadSpace, box_body, mudguard, rear_lamp
from roadlab_sensors.world.vehicles.wheels import plain_wheel

LOW = 1.16
"""Of the load floor's underside, just above the fifth wheel [m]."""
CURTAINS = ("#f1f1ee", "#1d3561", "#b01e23", "#2e6b3c", "#e7b21a", "#33373b", "#0f6f9c", "#d8611a", "#7d1f3f")


def semitrailer_body(model: VehicleModel, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """All of a semitrailer but its wheels."""
    body = (_curtains, _refrigerator, _tank)[int(rng.choice(3, p=[0.6, 0.25, 0.15]))]
    tail = -model.rear_overhang
    return [*body(model, finish, rng), *_frame(model, finish), *both(_side(model, finish)), *_behind(tail, finish, rng)]


def semitrailer_wheel(model: VehicleModel, semantic: str) -> list[Mesh]:
    """A left wheel: one wide tyre, 385/65 R 22.5."""
    return plain_wheel(model.wheel_radius, 0.385, semantic, 0.1)


def _space(model: VehicleModel, low: float = LOW) -> LoadSpace:
    nose = model.length - model.rear_overhang
    return LoadSpace(-model.rear_overhang, nose, low, model.height, 0.5 * model.width)


def _curtains(model: VehicleModel, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """Tarpaulins along both sides, held by straps with buckles, with a haulier's colours."""
    color = srgb(CURTAINS[int(rng.integers(len(CURTAINS)))])
    cloth = Style(color, "pvc", finish.semantic)
    space = _space(model)
    white = replace(finish.paint, color=(0.7, 0.7, 0.69), material="painted_metal")
    shell = replace(space, half_width=space.half_width - 0.02)
    left = _drape(space, cloth)
    strap = Style((0.03, 0.03, 0.035), "cloth", finish.semantic)
    metal = Style((0.45, 0.45, 0.45), "galvanised", finish.semantic)
    for x in np.arange(space.back + 0.5, space.front - 0.3, 0.62):
        y = space.half_width
        left.append(box((x, y - 0.02, LOW - 0.02), (x + 0.045, y - 0.001, LOW + 0.5), strap))
        left.append(box((x - 0.01, y - 0.015, LOW + 0.02), (x + 0.055, y, LOW + 0.1), metal))
    outside = [*both(left), *_outlined(space, finish), *_words(model, color, finish, rng)]
    return [*box_body(shell, white, finish), *outside]


def _drape(space: LoadSpace, cloth: Style) -> list[Mesh]:
    """The left curtain: it bulges a little between the posts and sags between its rollers."""
    back, front = space.back + 0.12, space.front - 0.12
    x = np.linspace(back, front, 61)
    z = np.concatenate([[LOW + 0.01], np.linspace(LOW + 0.12, space.high - 0.14, 6), [space.high - 0.07]])
    waves = 0.5 - 0.5 * np.cos(2.0 * np.pi * (x - back) / 1.24)
    belly = np.sin(np.pi * (z - z[0]) / (z[-1] - z[0])) ** 0.5
    y = space.half_width - 0.018 + 0.016 * belly[:, None] * (0.4 + 0.6 * waves)
    points = np.stack([np.broadcast_to(x, y.shape), y, np.broadcast_to(z[:, None], y.shape)], axis=-1)
    rows, columns = y.shape
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    faces = np.concatenate([np.stack(corner, axis=-1).reshape(-1, 3) for corner in ((a, c, b), (a, d, c))])
    return [smooth(cloth.mesh(points.reshape(-1, 3), faces.tolist()), crease=1.0)]


def _words(
    model: VehicleModel, ground: tuple[float, float, float], finish: Finish, rng: np.random.Generator
) -> list[Mesh]:
    """A haulier's name in no language on both flanks."""
    light = sum(ground) > 1.2
    ink = Style((0.02, 0.05, 0.2) if light else (0.75, 0.75, 0.73), "pvc", finish.semantic)
    letters, height = int(rng.integers(5, 10)), float(rng.uniform(0.7, 1.1))
    word = lettering(letters, height, rng)
    wide = float(word.bounds[2])
    scaled = shapely.transform(word, lambda points: points * min(1.0, 9.0 / wide))
    middle = 0.5 * model.length - model.rear_overhang - 0.5 * float(scaled.bounds[2])
    right = face(scaled, 0.0, ink).moved(np.eye(3), (middle, -0.5 * model.width, 2.3))
    other = face(scaled, 0.0, ink)
    turned = other.moved(
        np.diag([-1.0, -1.0, 1.0]), (model.length - 2 * model.rear_overhang - middle, 0.5 * model.width, 2.3)
    )
    return [right, turned]


def _refrigerator(model: VehicleModel, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """An insulated box with the cooling unit on its front wall."""
    white = replace(finish.paint, color=(0.78, 0.78, 0.76), material="painted_metal")
    space = replace(_space(model), front=model.length - model.rear_overhang - 0.4)
    shade = Style((0.05, 0.05, 0.055), "plastic", finish.semantic)
    unit = box((space.front - 0.02, -0.95, 2.0), (space.front + 0.4, 0.95, 3.85), white)
    grille = box((space.front + 0.3, -0.8, 2.9), (space.front + 0.402, 0.8, 3.5), shade)
    plinth = box((space.front - 0.02, -1.2, LOW), (space.front + 0.39, 1.2, LOW + 0.14), shade)
    color = srgb(CURTAINS[int(rng.integers(1, len(CURTAINS)))])
    return [
        *box_body(space, white, finish),
        unit,
        grille,
        plinth,
        *_words(model, white.color, finish, rng),
        _band(space, color, finish),
    ]


def _band(space: LoadSpace, color: tuple[float, float, float], finish: Finish) -> Mesh:
    style = Style(color, "painted_metal", finish.semantic)
    y = space.half_width - 0.008
    return box((space.back + 0.1, -y, LOW + 0.1), (space.front - 0.1, y, LOW + 0.35), style)


def _tank(model: VehicleModel, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """A lying tank of polished metal with rings, walkway, rail and cabinet."""
    nose, tail, half, top = model.length - model.rear_overhang, -model.rear_overhang, 0.5 * model.width, model.height
    polished = bool(rng.random() < 0.6)
    skin = (
        Style((0.62, 0.62, 0.63), "alloy", finish.semantic)
        if polished
        else replace(finish.paint, color=(0.75, 0.75, 0.73))
    )
    metal = Style((0.45, 0.45, 0.45), "galvanised", finish.semantic)
    middle, tall = 2.36, 1.2
    spans = np.array([tail + 0.12, tail + 0.16, tail + 0.3, nose - 0.26, nose - 0.06, nose])
    share = (0.6, 0.85, 1.0, 1.0, 0.85, 0.6)
    shell = [_barrel(x, middle, k * (half - 0.03), k * tall) for x, k in zip(spans, share, strict=True)]
    meshes = [smooth(loft(shell, skin), crease=0.9)]
    for x in np.linspace(tail + 1.2, nose - 1.2, 7):
        meshes.append(loft([_barrel(x + d, middle, half - 0.005, tall + 0.025) for d in (-0.03, 0.03)], metal))
    meshes += [
        box((tail + 0.5, -0.4, middle + tall + 0.0), (nose - 0.6, 0.4, middle + tall + 0.05), metal),
        box((tail + 0.5, -0.42, middle + tall), (nose - 0.6, -0.4, middle + tall + 0.1), metal),
        *(
            cylinder((x, 0.0, middle + tall), (x, 0.0, middle + tall + 0.16), 0.25, metal)
            for x in (-2.2, 0.6, 3.4, 6.2)
        ),
        *(
            cylinder((x, 0.4, middle + tall), (x, 0.4, top - 0.02), 0.015, metal, segments=6)
            for x in np.linspace(-3.6, 8.2, 8)
        ),
        cylinder((-3.6, 0.4, top - 0.02), (8.2, 0.4, top - 0.02), 0.02, metal, segments=6),
        *(box((x, -0.9, 1.0), (x + 0.2, 0.9, 1.4), finish.plastic) for x in (-1.9, 1.8, nose - 1.9)),
    ]
    return [*meshes, box((tail + 0.05, -half, LOW - 0.02), (tail + 0.12, half, LOW + 0.06), metal)]


def _barrel(x: float, middle: float, half: float, tall: float) -> Array:
    turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    u, v = (np.sign(f(turns)) * np.abs(f(turns)) ** 0.82 for f in (np.cos, np.sin))
    return np.column_stack([np.full(40, x), half * u, middle + tall * v])


def _frame(model: VehicleModel, finish: Finish) -> list[Mesh]:
    """Rails, cross members, kingpin plate, axles."""
    nose, tail, dark, radius = (
        model.length - model.rear_overhang,
        -model.rear_overhang,
        finish.plastic,
        model.wheel_radius,
    )
    hitch = model.wheelbase
    return [
        *(box((tail + 0.1, y - 0.06, 0.82), (hitch - 1.6, y + 0.06, LOW), dark) for y in (-0.6, 0.6)),
        *(box((hitch - 1.7, y - 0.06, 1.04), (nose - 0.1, y + 0.06, LOW), dark) for y in (-0.6, 0.6)),
        *(box((x, -1.2, 1.06), (x + 0.06, 1.2, LOW), dark) for x in np.arange(tail + 0.4, nose - 0.4, 0.9)),
        box((hitch - 0.55, -0.6, 1.13), (hitch + 0.6, 0.6, LOW + 0.01), dark),
        *(cylinder((x, -0.85, radius), (x, 0.85, radius), 0.065, dark, segments=12) for x in model.rear_axles),
    ]


def _side(model: VehicleModel, finish: Finish) -> list[Mesh]:
    """Left half: side guards, landing leg, mudguards, boxes, marker lamps."""
    dark, half, hitch = finish.plastic, 0.5 * model.width, model.wheelbase
    metal = Style((0.5, 0.5, 0.5), "galvanised", finish.semantic)
    nose, leg = model.length - model.rear_overhang, hitch - 2.45
    begin = model.rear_axles[-1] + 0.7
    marks = finish.lamp(None, AMBER)
    return [
        *(box((begin, half - 0.07, z), (leg - 0.35, half - 0.04, z + 0.11), metal) for z in (0.46, 0.78)),
        *(
            box((x, half - 0.12, 0.46), (x + 0.05, half - 0.07, LOW), metal)
            for x in np.linspace(begin + 0.1, leg - 0.5, 3)
        ),
        box((leg - 0.06, 0.82, 0.46), (leg + 0.06, 0.96, 1.1), dark),
        cylinder((leg, 0.89, 0.34), (leg, 0.89, 0.5), 0.045, metal, segments=10),
        box((leg - 0.13, 0.76, 0.31), (leg + 0.13, 1.02, 0.34), metal),
        box((begin + 0.5, 0.62, 0.5), (begin + 1.4, half - 0.14, 1.0), dark),
        *(mudguard(model.wheel_radius, dark).moved(np.eye(3), (x, 0.0, 0.0)) for x in model.rear_axles),
        *(box((x, half - 0.03, 1.02), (x + 0.1, half - 0.004, 1.06), marks) for x in np.arange(-3.3, nose - 0.6, 2.9)),
    ]


def _behind(tail: float, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """Under-run guard, plate and lamps."""
    metal, dark = Style((0.5, 0.5, 0.5), "galvanised", finish.semantic), finish.plastic
    lens = tail + 0.029
    meshes = [
        box((tail + 0.03, -1.19, 0.44), (tail + 0.12, 1.19, 0.58), metal),
        *(box((tail + 0.06, y - 0.04, 0.5), (tail + 0.14, y + 0.04, 1.1), dark) for y in (-0.6, 0.6)),
        box((tail + 0.03, -1.24, 0.84), (tail + 0.12, 1.24, 1.04), dark),
        *plate(tail + 0.03, 0.72, -1.0, rng.integers(0, 1 << 7, 7), finish),
    ]
    fields = [
        (0.72, 0.82, finish.lamp("reverse", CLEAR)),
        (0.83, 0.95, finish.lamp("brake", BRIGHT_RED)),
        (0.96, 1.08, finish.lamp("tail", RED)),
    ]
    meshes += both([rear_lamp(lens, right, left, style) for right, left, style in fields])
    for side, group in ((1.0, "left"), (-1.0, "right")):
        right, left = sorted((side * 1.09, side * 1.21))
        meshes.append(rear_lamp(lens, right, left, finish.lamp(group, AMBER)))
    return meshes


def _outlined(space: LoadSpace, finish: Finish) -> list[Mesh]:
    """The retro-reflecting tape round the doors that UN Regulation 48 asks for."""
    tape = Style((0.5, 0.02, 0.02), "sheeting", finish.semantic)
    back, low, high = space.back + 0.001, LOW + 0.06, space.high - 0.06
    left = box((back, 1.2, low), (back + 0.014, 1.25, high), tape)
    level = [box((back, -1.2, z), (back + 0.014, 1.2, z + 0.05), tape) for z in (low, high - 0.05)]
    return [left, mirrored(left), *level]
