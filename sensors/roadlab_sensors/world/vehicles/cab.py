"""The cab of a lorry, over its front axle."""

from __future__ import annotations

import numpy as np

from roadlab.actors.catalog import VehicleModel
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import box, capsule, cylinder, loft, mirrored, smooth
from roadlab_sensors.world.vehicles.cabin import occupant, seat
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.lamps import AMBER, CLEAR, SMOKE
from roadlab_sensors.world.vehicles.panels import across, beside, gaps, louvres, wheel_arch, wheel_house
from roadlab_sensors.world.vehicles.shell import Outline, arc_length, both_sides, columns, folded
from roadlab_sensors.world.vehicles.skin import Array, Skin, grid_skin, rounded, signed_distance
from roadlab_sensors.world.vehicles.trim import both, plate

BACK, HALF, LOW, HIGH = 4.18, 1.13, 0.42, 2.72
ARCH = 0.6
"""Radius of the wheel arches [m]."""
LEVELS = np.concatenate([[0.0, 0.03, 0.08], np.linspace(0.16, 0.88, 11), [0.925, 0.96, 0.985, 1.0]])
SCREEN = rounded([(-1.0, 1.62), (1.0, 1.62), (0.96, 2.42), (-0.96, 2.42)], 0.08)
WINDOW = rounded([(4.62, 1.68), (5.1, 1.6), (5.62, 1.55), (5.46, 2.36), (4.62, 2.36)], 0.05)
DOOR = rounded([(4.5, 1.14), (5.35, 1.14), (5.68, 1.5), (5.5, 2.46), (4.5, 2.46)], 0.06)
GRILLE = rounded([(-0.72, 1.02), (0.72, 1.02), (0.8, 1.4), (-0.8, 1.4)], 0.05)
INTAKE = rounded([(-0.6, 0.5), (0.6, 0.5), (0.6, 0.66), (-0.6, 0.66)], 0.04)
# on the skin, as (way from the middle of the nose, height)
LAMP = rounded([(0.66, 0.66), (1.2, 0.68), (1.2, 0.88), (0.66, 0.86)], 0.04)
BEAM = rounded([(0.69, 0.69), (1.0, 0.7), (1.0, 0.84), (0.69, 0.83)], 0.03)
INDICATOR = rounded([(1.04, 0.71), (1.17, 0.71), (1.17, 0.85), (1.04, 0.85)], 0.02)


def cab(nose: float, model: VehicleModel, finish: Finish, occupants: int, rng: np.random.Generator) -> list[Mesh]:
    """All of the cab; `nose` is the x of its front [m]."""
    skin, meshes = glazed(cab_skin(nose), nose, finish)
    for cut in (_wheels, _face, _lamps, _bumper):
        skin, parts = cut(skin, nose, model, finish)
        meshes += parts
    lines = [
        (lambda s: signed_distance(DOOR, s.x, s.z), lambda s: 0.6 - s.side),
        (lambda s: s.z - 0.985, lambda s: nose - 0.55 - s.x),
    ]
    skin, parts = gaps(skin, lines, 0.005, finish.gap)
    meshes += [*parts, skin.mesh(finish.paint)]
    return [*meshes, *_fittings(nose, model, finish, rng), *_interior(nose, finish, occupants, rng)]


def cab_skin(nose: float, detail: int = 2) -> Skin:
    """The cab's outside without cuts, closed but for its floor; `detail` 1 has half the columns."""
    level = LEVELS[:, None]
    height = LOW + (HIGH - LOW) * level
    lean = 0.27 * np.clip((height - 1.3) / 1.4, 0, 1) ** 1.25
    round_top = 0.12 * np.clip((level - 0.88) / 0.12, 0, 1) ** 2.2
    tuck = 0.05 * np.clip((0.08 - level) / 0.08, 0, 1) ** 2
    outline = Outline(
        front=nose - 0.012 - lean - round_top - tuck,
        rear=BACK + 0.6 * round_top,
        half_width=HALF - 0.05 * np.clip((height - 1.5) / 1.2, 0, 1) - 0.8 * round_top - tuck,
        front_depth=0.42,
        rear_depth=0.08,
        front_exponent=3.4,
        rear_exponent=4.0,
    )
    x, y = outline.at(columns(8 * detail, 8 * detail, 3 * detail)[None, :])
    half = np.stack([x, y, np.broadcast_to(height, x.shape)], axis=-1)
    rings = folded(half, np.array([0.2, 0.6, 1.0]), np.zeros(x.shape[1]))
    return grid_skin(both_sides(rings), arc_length(rings[6]))


def _screen_field(skin: Skin, nose: float) -> Array:
    return across(skin, SCREEN, nose - 0.4 - skin.x)


def glazed(skin: Skin, nose: float, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin without its windows, and these with frames and the lining round them."""
    opening, skin = skin.split(_screen_field(skin, nose))
    pane, frit = opening.split(signed_distance(SCREEN.buffer(-0.035), opening.points[:, 1], opening.z))
    beside_opening, skin = skin.split(beside(skin, WINDOW))
    side, frame = beside_opening.split(beside(beside_opening, WINDOW.buffer(-0.02)))
    _, lining = cab_skin(nose, 1).split(cab_skin(nose, 1).z - 1.2)
    _, lining = lining.split(_screen_field(lining, nose))
    _, lining = lining.split(beside(lining, WINDOW))
    meshes = [pane.mesh(finish.glass), frit.mesh(finish.black), side.mesh(finish.glass), frame.mesh(finish.black)]
    return skin, [*meshes, lining.sunk(0.025).reversed().mesh(finish.headliner)]


def _wheels(skin: Skin, nose: float, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin with open arches, and the wheel houses."""
    del nose
    x, z = model.wheelbase, model.wheel_radius
    lip, skin = wheel_arch(skin, x, z, ARCH)
    house = wheel_house(x, z, ARCH + 0.01, LOW + 0.01, HALF - 0.02, 0.45, finish.gap)
    return skin, [lip.mesh(finish.plastic), house, mirrored(house)]


def _face(skin: Skin, nose: float, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin without its front openings, and they."""
    del model
    meshes: list[Mesh] = []
    for outline, bars in ((GRILLE, 4), (INTAKE, 1)):
        opening, skin = skin.split(across(skin, outline, nose - 0.6 - skin.x))
        meshes += louvres(opening, outline, bars, finish.plastic, finish)
    return skin, meshes


def _lamps(skin: Skin, nose: float, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin without its head lamps, and they."""
    del model
    unit, skin = skin.split(np.maximum(signed_distance(LAMP, skin.arc, skin.z), nose - 0.6 - skin.x))
    beam, unit = unit.split(signed_distance(BEAM, unit.arc, unit.z))
    amber, housing = unit.split(signed_distance(INDICATOR, unit.arc, unit.z))
    right, left = amber.split(amber.points[:, 1])
    meshes = [beam.mesh(finish.lamp("head", CLEAR)), housing.mesh(finish.lamp(None, SMOKE))]
    return skin, [*meshes, left.mesh(finish.lamp("left", AMBER)), right.mesh(finish.lamp("right", AMBER))]


def _bumper(skin: Skin, nose: float, model: VehicleModel, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The painted rest, and the dark lower edge of the bumper."""
    del model
    step, rest = skin.split(np.maximum(skin.z - 0.62, nose - 0.55 - skin.x))
    return rest, [step.mesh(finish.plastic)]


def _fittings(nose: float, model: VehicleModel, finish: Finish, rng: np.random.Generator) -> list[Mesh]:
    """Mirrors on their arms, handles, steps, wipers and plate."""
    tip = model.width / 2
    rod = tip - 0.08
    rods = [
        ((nose - 0.42, HALF - 0.05, 2.2), (nose - 0.3, rod, 2.2)),
        ((nose - 0.42, HALF - 0.05, 1.5), (nose - 0.3, rod, 1.6)),
        ((nose - 0.3, rod, 1.58), (nose - 0.3, rod, 2.2)),
        ((4.62, HALF + 0.02, 1.36), (4.82, HALF + 0.02, 1.36)),
    ]
    left = [
        _mirror((nose - 0.32, tip, 1.95), 0.2, 0.34, finish),
        _mirror((nose - 0.32, tip - 0.01, 1.62), 0.18, 0.17, finish),
        *(capsule(start, end, 0.018, 0.018, finish.plastic, segments=6) for start, end in rods),
        box((nose - 0.78, HALF - 0.28, 0.5), (nose - 0.42, HALF - 0.004, 0.53), finish.plastic),
        cylinder((nose - 0.02, 0.1, 1.6), (nose - 0.1, 0.75, 1.67), 0.012, finish.plastic, segments=6),
    ]
    return [*both(left), *plate(nose - 0.006, 0.74, 1.0, rng.integers(0, 1 << 7, 7), finish)]


def _mirror(center: tuple[float, float, float], width: float, height: float, finish: Finish) -> Mesh:
    """A mirror's housing; `center` is at its outer edge."""
    x, y, z = center
    turns = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    u, v = (np.sign(f(turns)) * np.abs(f(turns)) ** 0.5 for f in (np.cos, np.sin))
    rings = [
        np.column_stack([np.full(16, x + dx), y - width / 2 + s * u * width / 2, z + s * v * height / 2])
        for dx, s in ((-0.05, 0.96), (-0.04, 1.0), (0.03, 0.96), (0.06, 0.7))
    ]
    return smooth(loft(rings, finish.plastic), crease=0.9)


def _interior(nose: float, finish: Finish, occupants: int, rng: np.random.Generator) -> list[Mesh]:
    """Seats, dashboard, back wall and who sits there."""
    meshes = [
        box((BACK + 0.08, -1.05, 1.1), (BACK + 0.1, 1.05, 2.6), finish.lining),
        box((BACK + 0.1, -1.08, 1.1), (nose - 0.1, 1.08, 1.12), finish.lining),
        box((nose - 0.62, -1.0, 1.2), (nose - 0.34, 1.0, 1.55), finish.lining),
    ]
    places = [(nose - 1.15, 0.55), (nose - 1.15, -0.55)]
    for x, y in places:
        meshes += seat(x, y, 1.5, finish.lining)
    for x, y in places[:occupants]:
        meshes += occupant(x, y, 1.5, finish.semantic, rng)
    return meshes
