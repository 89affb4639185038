"""A low-floor city bus: one smooth shell with a dark band of windows, doors on the right, wheels in narrow arches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import shapely

from roadlab.actors.catalog import VehicleModel
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import mirrored
from roadlab_sensors.world.vehicles.bus_interior import interior
from roadlab_sensors.world.vehicles.bus_trim import trim
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.lamps import AMBER, BRIGHT_RED, CLEAR, DARK_RED, RED, SMOKE
from roadlab_sensors.world.vehicles.panels import across, beside, gaps, louvres, wheel_arch, wheel_house
from roadlab_sensors.world.vehicles.shell import Outline, arc_length, both_sides, folded
from roadlab_sensors.world.vehicles.skin import Array, Field, Skin, grid_skin, rounded, signed_distance

LOW, HIGH, HALF = 0.32, 2.93, 1.262
"""Sill, roof edge and half the width of the shell [m]."""
ARCH = 0.565
"""Radius of the wheel arches [m]."""
LEVELS = np.concatenate([[0.0, 0.02, 0.06], np.linspace(0.12, 0.9, 10), [0.925, 0.95, 0.97, 0.985, 1.0]])
BAND = (1.06, 2.5)
"""Lower and upper edge of the dark band of windows [m]."""
REAR_LENSES = (("brake", 1.22, BRIGHT_RED), ("tail", 1.03, RED), ("", 0.84, AMBER), ("reverse", 0.66, CLEAR))
"""Group, lower edge [m] and colour; the indicators' group depends on the side."""
BUS_PAINTS = ("#e8e6df", "#c8102e", "#f0b81c", "#1c5aa0", "#3a8f4a", "#d9dde0", "#6f1d2a", "#e06a10", "#7fb2c9")
"""Colours of city buses of European operators."""
SECOND = ((0.7, 0.7, 0.68), (0.05, 0.05, 0.055), (0.3, 0.31, 0.32), (0.02, 0.1, 0.3))
"""What goes with them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where things are along a bus, forwards from the rear axle [m]."""

    nose: float
    tail: float
    doors: tuple[tuple[float, float], ...]
    """Rear and front edge of each door."""
    uprights: tuple[float, ...]
    """Middles of the pillars between the windows."""


def plan_of(model: VehicleModel) -> Plan:
    """Doors ahead of the front axle and between the axles."""
    nose, tail = model.length - model.rear_overhang, -model.rear_overhang
    axle = model.wheelbase
    doors = ((axle + 0.86, axle + 2.02), (0.42 * axle - 0.62, 0.42 * axle + 0.62))
    uprights = np.linspace(tail + 0.5, nose - 0.85, 8)[1:-1]
    return Plan(nose, tail, doors, tuple(float(x) for x in uprights))


def bus_body(model: VehicleModel, finish: Finish, occupants: int, rng: np.random.Generator) -> list[Mesh]:
    """All of a bus but its wheels."""
    plan = plan_of(model)
    skin, meshes = glazed(bus_skin(plan), plan, finish)
    for cut in (_doors, _wheels, _face, _tail, _lamps):
        skin, parts = cut(skin, plan, model, finish)
        meshes += parts
    skin, parts = gaps(skin, _seams(plan), 0.004, finish.gap)
    meshes += [*parts, *_painted(skin, finish, rng)]
    meshes += trim(partial(screen_at, plan), plan.nose, plan.tail, model, finish, rng)
    return [*meshes, *interior(plan.nose, plan.tail, finish, occupants, rng)]


def bus_skin(plan: Plan, step: float = 0.35) -> Skin:
    """The outside without cuts, closed but for its floor; columns of the flank `step` apart [m]."""
    level = LEVELS[:, None]
    outline = _outline(plan, level)
    flank = round((plan.nose - plan.tail) / step)
    grid = np.concatenate(
        [np.linspace(0, 1, 13, endpoint=False), np.linspace(1, 2, flank, endpoint=False), np.linspace(2, 3, 9)]
    )
    x, y = outline.at(grid[None, :])
    half = np.stack([x, y, np.broadcast_to(LOW + (HIGH - LOW) * level, x.shape)], axis=-1)
    rings = folded(half, np.array([0.12, 0.5, 1.0]), np.full(x.shape[1], 0.05))
    return grid_skin(both_sides(rings), arc_length(rings[8]))


def _outline(plan: Plan, level: Array) -> Outline:
    """Seen from above, at shares of the height."""
    height = LOW + (HIGH - LOW) * level
    round_top = 0.15 * np.clip((level - 0.9) / 0.1, 0, 1) ** 2.0
    tuck = 0.06 * np.clip((0.07 - level) / 0.07, 0, 1) ** 2
    lean = 0.16 * np.clip((height - 1.0) / 1.9, 0, 1) ** 1.6
    return Outline(
        front=plan.nose - 0.012 - lean - round_top - 1.5 * tuck,
        rear=plan.tail + 0.012 + 0.05 * np.clip((height - 1.3) / 1.6, 0, 1) + round_top + tuck,
        half_width=HALF - 0.035 * np.clip((height - 1.2) / 1.7, 0, 1) - round_top - tuck,
        front_depth=0.5,
        rear_depth=0.2,
        front_exponent=3.6,
        rear_exponent=3.6,
    )


def screen_at(plan: Plan, y: Array, z: Array) -> Array:
    """(N,) x of the front at points of it [m]."""
    outline = _outline(plan, (z - LOW) / (HIGH - LOW))
    share = np.clip(np.abs(y) / outline.half_width, 0.0, 1.0)
    power = outline.front_exponent
    return np.asarray(outline.front - outline.front_depth * (1 - (1 - share**power) ** (1 / power)))


def glazed(skin: Skin, plan: Plan, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin without its windows; clear panes in a dark band, the mask of the windscreen, the lining inside."""
    mask, skin = skin.split(across(skin, _screen(0.0), plan.nose - 0.62 - skin.x))
    pane, frit = mask.split(signed_distance(_screen(0.05).difference(_display()), mask.points[:, 1], mask.z))
    meshes = [pane.mesh(finish.glass), frit.mesh(finish.black)]

    mask, skin = skin.split(across(skin, _rear_screen(0.0), skin.x - plan.tail - 0.4))
    pane, frit = mask.split(signed_distance(_rear_screen(0.05), mask.points[:, 1], mask.z))
    meshes += [pane.mesh(finish.privacy_glass), frit.mesh(finish.black)]

    skin = skin.refined(lambda s: beside(s, _band(plan)), 0.25)
    band, skin = skin.split(beside(skin, _band(plan)))
    on_right, on_left = _panes(plan, plan.doors), _panes(plan, ())

    def within(part: Skin) -> Array:
        return np.where(part.points[:, 1] < 0.0, beside(part, on_right), beside(part, on_left))

    fine = band.refined(within, 0.16)
    panes, frames = fine.split(within(fine))
    meshes += [panes.mesh(finish.glass), frames.mesh(finish.black)]
    return skin, [*meshes, _lining(plan).mesh(finish.headliner)]


def _lining(plan: Plan) -> Skin:
    """Ceiling and walls above the windows, seen from inside."""
    inner = bus_skin(plan, 0.6)
    _, inner = inner.split(inner.z - BAND[1] + 0.02)
    _, inner = inner.split(across(inner, _screen(0.0), plan.nose - 0.62 - inner.x))
    return inner.sunk(0.03).reversed()


def _screen(inset: float) -> shapely.Polygon:
    """The windscreen with the display above it, seen from ahead."""
    corners = [(-1.16, 0.98), (1.16, 0.98), (1.1, 2.78), (-1.1, 2.78)]
    return rounded(corners, 0.16).buffer(-inset)


def _display() -> shapely.Polygon:
    """What is dark of the windscreen because the destination is shown there."""
    return shapely.box(-1.3, 2.42, 1.3, 2.8)


def _rear_screen(inset: float) -> shapely.Polygon:
    corners = [(-1.0, 1.62), (1.0, 1.62), (0.96, 2.5), (-0.96, 2.5)]
    return rounded(corners, 0.12).buffer(-inset)


def _band(plan: Plan) -> shapely.Polygon:
    """The dark band of a side, which falls to the driver's window in front."""
    corners = [
        (plan.tail + 0.34, BAND[0] + 0.3),
        (plan.tail + 2.3, BAND[0] + 0.3),
        (plan.tail + 2.5, BAND[0]),
        (plan.nose - 0.42, BAND[0] - 0.06),
        (plan.nose - 0.56, BAND[1]),
        (plan.tail + 0.34, BAND[1]),
    ]
    return rounded(corners, 0.07)


def _panes(plan: Plan, doors: Sequence[tuple[float, float]]) -> shapely.Geometry:
    """The clear panes of a side, parted by pillars and by the frames of its doors."""
    panes: shapely.Geometry = _band(plan).buffer(-0.05)
    pillars = [(x, 0.05) for x in plan.uprights if not any(rear < x < front for rear, front in doors)]
    for rear, front in doors:
        pillars += [(rear, 0.06), ((rear + front) / 2, 0.045), (front, 0.06)]
    for x, half in pillars:
        panes = panes.difference(shapely.box(x - half, 0.0, x + half, 3.0))
    panes = panes.difference(shapely.box(plan.tail, 0.0, plan.tail + 1.0, 3.0))
    return panes.buffer(-0.04).buffer(0.04, quad_segs=6)


def _doors(skin: Skin, plan: Plan, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin without the doors below the band, on the right; two glazed leaves each."""
    del model
    meshes: list[Mesh] = []
    for rear, front in plan.doors:
        outline = rounded([(rear, LOW + 0.04), (front, LOW + 0.04), (front, 1.6), (rear, 1.6)], 0.03)
        opening, skin = skin.split(np.maximum(beside(skin, outline), skin.points[:, 1]))
        middle = (rear + front) / 2
        leaves = [shapely.box(a + 0.05, LOW + 0.16, b - 0.05, 1.7) for a, b in ((rear, middle), (middle, front))]
        pane, frame = opening.split(beside(opening, shapely.union_all(leaves)))
        meshes += [pane.mesh(finish.glass), frame.mesh(finish.plastic)]
    return skin, meshes


def _wheels(skin: Skin, plan: Plan, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin with open arches, and the wheel houses."""
    del plan
    meshes: list[Mesh] = []
    for x, depth in ((0.0, 0.75), (model.wheelbase, 0.5)):
        lip, skin = wheel_arch(skin, x, model.wheel_radius, ARCH)
        house = wheel_house(x, model.wheel_radius, ARCH + 0.01, LOW + 0.01, HALF - 0.03, depth, finish.gap)
        meshes += [lip.mesh(finish.plastic), house, mirrored(house)]
    return skin, meshes


def _face(skin: Skin, plan: Plan, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin without the intake and the dark lower lip of the front, and they."""
    del model
    outline = rounded([(-0.62, 0.42), (0.62, 0.42), (0.62, 0.52), (-0.62, 0.52)], 0.03)
    opening, skin = skin.split(across(skin, outline, plan.nose - 0.6 - skin.x))
    lip, skin = skin.split(np.maximum(skin.z - 0.375, plan.nose - 0.8 - skin.x))
    return skin, [*louvres(opening, outline, 1, finish.plastic, finish), lip.mesh(finish.plastic)]


def _tail(skin: Skin, plan: Plan, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin without the engine's grille, and it."""
    del model
    outline = rounded([(-0.62, 0.98), (0.62, 0.98), (0.62, 1.36), (-0.62, 1.36)], 0.03)
    opening, skin = skin.split(across(skin, outline, skin.x - plan.tail - 0.4))
    return skin, louvres(opening, outline, 6, finish.plastic, finish)


def _lamps(skin: Skin, plan: Plan, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin without its lamps, and they; upright units at the rear corners."""
    del model
    half_way = float(skin.arc.max())
    corners = rounded([(0.62, 0.6), (1.2, 0.64), (1.26, 0.84), (0.62, 0.78)], 0.05)
    skin = skin.refined(lambda s: np.maximum(signed_distance(corners, s.arc, s.z), plan.nose - 0.6 - s.x), 0.1)
    unit, skin = skin.split(np.maximum(signed_distance(corners, skin.arc, skin.z), plan.nose - 0.6 - skin.x))
    inner = corners.buffer(-0.025)
    unit = unit.refined(lambda s: signed_distance(inner, s.arc, s.z), 0.1)
    beam, unit = unit.split(signed_distance(inner.intersection(shapely.box(0.0, 0.0, 1.02, 2.0)), unit.arc, unit.z))
    amber, housing = unit.split(signed_distance(inner.intersection(shapely.box(1.05, 0.0, 3.0, 2.0)), unit.arc, unit.z))
    meshes = [beam.mesh(finish.lamp("head", CLEAR)), housing.mesh(finish.lamp(None, SMOKE))]
    meshes += _sided(amber, finish)

    column = rounded([(0.98, 0.62), (1.22, 0.62), (1.22, 1.42), (0.98, 1.42)], 0.05)
    unit, skin = skin.split(np.maximum(signed_distance(column, half_way - skin.arc, skin.z), skin.x - plan.tail - 0.5))
    unit = unit.refined(lambda s: signed_distance(column.buffer(-0.03), half_way - s.arc, s.z), 0.06)
    for group, low, color in REAR_LENSES:
        disc = rounded([(1.01, low), (1.19, low), (1.19, low + 0.16), (1.01, low + 0.16)], 0.06)
        lens, unit = unit.split(signed_distance(disc, half_way - unit.arc, unit.z))
        meshes += [lens.mesh(finish.lamp(group, color))] if group else _sided(lens, finish)
    return skin, [*meshes, unit.mesh(finish.lamp(None, DARK_RED))]


def _sided(skin: Skin, finish: Finish) -> list[Mesh]:
    right, left = skin.split(skin.points[:, 1])
    return [left.mesh(finish.lamp("left", AMBER)), right.mesh(finish.lamp("right", AMBER))]


def _seams(plan: Plan) -> list[tuple[Field, Field]]:
    """Flaps of the skirt, and the joint between bumper and front."""
    flaps = np.arange(plan.tail + 0.7, plan.nose - 0.9, 1.15)
    cuts = [(_upright(float(x)), lambda s: np.maximum(s.z - 0.86, 0.8 - s.side)) for x in flaps]
    return [
        *cuts,
        (lambda s: s.z - 0.86, lambda s: np.maximum(plan.tail + 0.3 - s.x, s.x - plan.nose + 0.75)),
        (lambda s: s.z - 0.9, lambda s: plan.nose - 0.7 - s.x),
    ]


def _upright(x: float) -> Field:
    return lambda s: s.x - x


def _painted(skin: Skin, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """The rest of the shell in one colour, or with skirt or tail in another one, under a light roof."""
    roof, skin = skin.split(2.84 - skin.z)
    meshes = [roof.mesh(replace(finish.paint, color=(0.62, 0.62, 0.6), material="painted_metal"))]
    kind, other = rng.random(), replace(finish.paint, color=SECOND[int(rng.integers(len(SECOND)))])
    if kind < 0.45:
        skirt, skin = skin.split(skin.z - 0.86)
        meshes.append(skirt.mesh(other))
    elif kind < 0.7:
        sweep, skin = skin.split(skin.x + 1.6 - 0.9 * np.clip(skin.z - 0.4, 0, 3))
        meshes.append(sweep.mesh(other))
    return [*meshes, skin.mesh(finish.paint)]
