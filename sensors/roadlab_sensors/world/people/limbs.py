"""Arms, legs, hands and shoes; each part in its own frame, at the joint nearest to the trunk, hanging down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.body import Proportions
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.people.figure import Figure
from roadlab_sensors.world.people.outfit import Lower, Outfit
from roadlab_sensors.world.people.sections import Relief, Section, outline, round_section, shaded, tube
from roadlab_sensors.world.people.skin import Joint, at_trunk, follows, over_joint
from roadlab_sensors.world.shapes import Style, loft, mirrored

Floats = NDArray[np.float64]
Part = list[Mesh]

# Sections of the average adult from the joint downwards: share of the segment, x, front, back, side [m].
_UPPER_ARM = np.array([
    (0.00, -0.006, 0.048, 0.052, 0.044), (0.12, -0.004, 0.053, 0.056, 0.049), (0.25, 0.000, 0.053, 0.054, 0.050),
    (0.45, 0.002, 0.050, 0.049, 0.045), (0.75, 0.000, 0.044, 0.044, 0.042), (1.00, 0.000, 0.042, 0.042, 0.043),
])  # fmt: skip
_FOREARM = np.array([
    (0.00, 0.000, 0.042, 0.042, 0.043), (0.22, 0.002, 0.045, 0.044, 0.041), (0.50, 0.000, 0.040, 0.038, 0.035),
    (0.80, 0.000, 0.032, 0.031, 0.027), (1.00, 0.000, 0.029, 0.029, 0.022),
])  # fmt: skip
_THIGH = np.array([
    (-0.05, 0.000, 0.084, 0.094, 0.080), (0.06, 0.000, 0.090, 0.097, 0.084), (0.25, 0.002, 0.090, 0.089, 0.083),
    (0.50, 0.002, 0.080, 0.078, 0.074), (0.80, 0.004, 0.064, 0.063, 0.060), (1.00, 0.002, 0.060, 0.058, 0.056),
])  # fmt: skip
_SHANK = np.array([
    (0.00, 0.002, 0.060, 0.056, 0.055), (0.15, 0.000, 0.055, 0.058, 0.054), (0.35, -0.003, 0.050, 0.068, 0.056),
    (0.60, -0.003, 0.042, 0.054, 0.046), (0.85, 0.000, 0.036, 0.040, 0.036), (1.00, 0.002, 0.035, 0.040, 0.036),
])  # fmt: skip


def _segment(keys: Floats, length: float, girth: float, ease: float, start: float, end: float) -> list[Section]:
    """Sections of a limb from below upwards, between two shares of its length, `ease` away from the body."""
    inside = keys[(keys[:, 0] > start) & (keys[:, 0] < end), 0]
    shares = np.unique(np.concatenate([[start, end], inside]))[::-1]
    x, front, back, side = (girth * np.interp(shares, keys[:, 0], keys[:, k]) for k in range(1, 5))
    rows = np.column_stack([-length * shares, x, 0 * x, front + ease, back + ease, side + ease])
    return [(z, at, y, f, b, s) for z, at, y, f, b, s in rows.tolist()]


def _folds(depth: float, places: Sequence[float], seed: float) -> Relief:
    """Creases of cloth around the heights `places` [m]."""

    def relief(angle: Floats, z: Floats) -> Floats:
        near = sum(np.exp(-(((z - place) / 0.07) ** 2)) for place in places)
        wave = np.sin(95 * z + 1.6 * np.sin(angle + seed) + seed) + 0.6 * np.sin(57 * z - 2 * angle + 2 * seed)
        return np.asarray(depth * (0.25 + near) * wave)

    return relief


def _ball(row: Section) -> float:
    """Height of the half ball that closes a limb at a joint."""
    return 0.94 * (row[3] + row[4] + row[5]) / 3


def arm(figure: Figure, outfit: Outfit, skin: Style, cloth: Style, hand: Part) -> dict[str, Part]:
    """Upper arm, forearm and hand of the left side."""
    body, ease = figure.body, outfit.upper.ease
    covered = outfit.upper.sleeve * (body.upper_arm + body.forearm)
    if covered > body.upper_arm:
        upper, lower = _long_sleeve(figure, ease, (covered - body.upper_arm) / body.forearm, skin, cloth)
    else:
        upper, lower = _short_sleeve(figure, ease, covered / body.upper_arm, skin, cloth)
    return {"upper_arm": upper, "forearm": lower, "hand": hand}


def _upper_rows(figure: Figure, ease: float, start: float, end: float) -> list[Section]:
    length, girth = figure.body.upper_arm, figure.girth * (1.0 + 0.05 * figure.curve)
    return [_inwards(row, length, girth) for row in _segment(_UPPER_ARM, length, girth, ease, start, end)]


def _long_sleeve(figure: Figure, ease: float, end: float, skin: Style, cloth: Style) -> tuple[Part, Part]:
    """Covers the share `end` of the forearm."""
    body, girth = figure.body, figure.girth
    upper = _upper_rows(figure, ease, 0.10, 1.0)
    sleeve = _segment(_FOREARM, body.forearm, girth, ease, 0.0, end)
    folds = _folds(min(0.0020, 0.25 * ease), [-body.upper_arm, -0.08, -body.upper_arm - body.forearm], 1.0)
    joint = Joint("upper_arm_l", "forearm_l", body.upper_arm, "torso")
    above, below = over_joint(
        joint, sleeve, upper, cloth, around=20, relief=folds, low=0.004, high=0.75 * _ball(upper[-1])
    )
    bare = _segment(_FOREARM, body.forearm, girth, 0.0, max(end - 0.12, 0.0), 1.0)
    return above, [*below, tube(bare, skin, around=16, rings=5, low=0.015 * girth)]


def _short_sleeve(figure: Figure, ease: float, end: float, skin: Style, cloth: Style) -> tuple[Part, Part]:
    """Covers the share `end` of the upper arm."""
    body, girth = figure.body, figure.girth
    rows = _upper_rows(figure, ease, 0.10, end)
    folds = _folds(min(0.0018, 0.25 * ease), [-0.08], 1.0)
    sleeve = tube(rows, cloth, around=20, rings=11, low=0.003, high=0.75 * _ball(rows[-1]), relief=folds)
    forearm = _segment(_FOREARM, body.forearm, girth, 0.0, 0.0, 1.0)
    joint = Joint("upper_arm_l", "forearm_l", body.upper_arm)
    above, below = over_joint(
        joint, forearm, _upper_rows(figure, 0.0, end - 0.15, 1.0), skin, around=18, low=0.015 * girth
    )
    return [at_trunk(sleeve, "torso", body.upper_arm), *above], below


def _inwards(row: Section, length: float, girth: float) -> Section:
    """The top of the arm leans towards the neck."""
    z, x, y, front, back, side = row
    return (z, x, y - 0.012 * girth * max(1.0 + z / (0.35 * length), 0.0), front, back, side)


def open_hand(figure: Figure, skin: Style) -> Part:
    """A left hand that hangs relaxed, palm towards the thigh."""
    k = figure.body.hand / 0.186
    palm: list[Section] = [
        (-0.098, 0.002, 0.041, 0.041, -0.004, 0.012),
        (-0.070, 0.002, 0.042, 0.042, -0.002, 0.015),
        (-0.040, 0.002, 0.038, 0.038, 0.0, 0.017),
        (-0.010, 0.0, 0.030, 0.030, 0.0, 0.020),
        (0.010, 0.0, 0.028, 0.028, 0.0, 0.020),
    ]  # (z, x, front, back, y, side)
    meshes = [tube([_ordered(row) for row in palm], skin, around=16, rings=7, low=0.012, high=0.006, power=2.5)]
    for x, tip, curl in (
        (0.031, -0.168, 0.018),
        (0.010, -0.182, 0.022),
        (-0.011, -0.174, 0.024),
        (-0.031, -0.152, 0.024),
    ):
        middle = (tip - 0.09) / 2
        finger = [
            round_section(tip, 0.0068, x * 0.86, -0.004 - curl),
            round_section(middle, 0.0085, x * 0.95, -0.006 - 0.35 * curl),
            round_section(-0.085, 0.0095, x, -0.003),
        ]
        meshes.append(tube(finger, skin, around=6, rings=3, low=0.005))
    thumb = [
        round_section(-0.105, 0.0080, 0.052, -0.020),
        round_section(-0.075, 0.0100, 0.049, -0.016),
        round_section(-0.030, 0.0130, 0.022, -0.006),
    ]
    meshes.append(tube(thumb, skin, around=8, rings=4, low=0.007, high=0.006))
    return [m.scaled(k) for m in meshes]


def fist(figure: Figure, skin: Style) -> Part:
    """A left hand that holds a bar lying along x, 75 mm below the wrist on the palm's side."""
    k = figure.body.hand / 0.186
    palm: list[Section] = [
        (-0.088, 0.0, 0.042, 0.042, 0.008, 0.014),
        (-0.050, 0.0, 0.040, 0.040, 0.006, 0.017),
        (-0.010, 0.0, 0.030, 0.030, 0.001, 0.021),
        (0.010, 0.0, 0.028, 0.028, 0.0, 0.021),
    ]
    fingers: list[Section] = [(-0.096, 0.0, 0.040, 0.040, -0.030, 0.014), (-0.070, 0.0, 0.039, 0.039, -0.036, 0.012)]
    knuckles: list[Section] = [(-0.104, 0.0, 0.041, 0.041, -0.010, 0.026), (-0.086, 0.0, 0.041, 0.041, -0.008, 0.028)]
    meshes = [tube([_ordered(row) for row in palm], skin, around=14, rings=7, low=0.008, high=0.006, power=2.6)]
    meshes += [
        tube([_ordered(row) for row in rows], skin, around=14, rings=3, low=0.012, high=0.012, power=2.6)
        for rows in (fingers, knuckles)
    ]
    thumb = [round_section(-0.085, 0.010, 0.040, -0.026), round_section(-0.040, 0.013, 0.036, -0.010)]
    meshes.append(tube(thumb, skin, around=10, rings=6, low=0.008, high=0.008))
    return [m.scaled(k) for m in meshes]


def _ordered(row: Section) -> Section:
    """From (z, x, front, back, y, side) to a section."""
    z, x, front, back, y, side = row
    return (z, x, y, front, back, side)


def leg(figure: Figure, outfit: Outfit, skin: Style, cloth: Style) -> dict[str, Part]:
    """Thigh and shank of the left side."""
    body, lower = figure.body, outfit.lower
    covered = lower.length * (body.thigh + body.shank)
    if covered > body.thigh and not outfit.skirt:
        thigh, shank = _long_trousers(figure, lower, (covered - body.thigh) / body.shank, skin, cloth)
    else:
        end = min(covered / body.thigh, 1.0)
        worn = _skirt(figure, outfit, end, cloth) if outfit.skirt else _shorts(figure, lower, end, cloth)
        bare, shank = _bare_leg(figure, end, skin)
        thigh = [at_trunk(worn, "pelvis", body.thigh), *bare]
    if outfit.upper.hem < -0.15:
        coat = Style(outfit.upper_color, cloth.material, cloth.semantic)
        tails = _bell(figure, outfit.upper.ease + 0.006, outfit.upper.hem * figure.scale, 0.105, coat)
        thigh.append(at_trunk(tails, "pelvis", body.thigh))
    return {"thigh": thigh, "shank": shank}


def _long_trousers(figure: Figure, lower: Lower, end: float, skin: Style, cloth: Style) -> tuple[Part, Part]:
    """Cover the share `end` of the shank."""
    body, girth = figure.body, figure.girth
    thigh = _segment(_THIGH, body.thigh, girth, lower.ease, -0.05, 1.0)
    shank = _segment(_SHANK, body.shank, girth, lower.ease, 0.0, end)
    if lower.hem:
        shank = [_at_least(row, lower.hem * girth) for row in shank]
    folds = _folds(min(0.0024, 0.25 * lower.ease), [-0.03, -body.thigh, -body.thigh - body.shank], 0.5)
    joint = Joint("thigh_l", "shank_l", body.thigh, "pelvis")
    above, below = over_joint(joint, shank, thigh, cloth, around=20, relief=folds, low=0.003, high=0.04 * girth)
    bare = _segment(_SHANK, body.shank, girth, 0.0, max(end - 0.03, 0.0), 1.0)
    return above, [*below, tube(bare, skin, around=16, rings=4, low=0.02 * girth)]


def _bare_leg(figure: Figure, end: float, skin: Style) -> tuple[Part, Part]:
    """What is seen of a leg below the share `end` of the thigh, and a little above that."""
    body, girth = figure.body, figure.girth
    thigh = _segment(_THIGH, body.thigh, girth, 0.0, end - 0.3, 1.0)
    shank = _segment(_SHANK, body.shank, girth, 0.0, 0.0, 1.0)
    return over_joint(Joint("thigh_l", "shank_l", body.thigh), shank, thigh, skin, around=20, low=0.02 * girth)


def _skirt(figure: Figure, outfit: Outfit, end: float, cloth: Style) -> Mesh:
    return _bell(figure, outfit.lower.ease, -end * figure.body.thigh, 0.112, cloth)


def _shorts(figure: Figure, lower: Lower, end: float, cloth: Style) -> Mesh:
    length, girth = figure.body.thigh, figure.girth
    rows = _segment(_THIGH, length, girth, lower.ease, -0.05, end)
    if lower.hem:
        rows = [_flared(row, lower.hem * girth, row[0] / rows[0][0]) for row in rows]
    folds = _folds(min(0.0022, 0.25 * lower.ease), [-0.03, -length], 0.5)
    return tube(rows, cloth, around=20, rings=11, low=0.004, high=0.04 * girth, relief=folds)


def _bell(figure: Figure, ease: float, hem: float, width: float, cloth: Style) -> Mesh:
    """One half of a skirt or of a coat's tails, wide enough to meet the other half at the midline."""
    g = figure.girth
    sections: list[Section] = [
        (hem, 0.0, 0.010 * g, (0.120 + ease) * g, (0.128 + ease) * g, width * g + ease),
        (0.45 * hem, 0.0, 0.004 * g, (0.108 + ease) * g, (0.122 + ease) * g, 0.97 * width * g + ease),
        (0.02 * g, 0.0, -0.006 * g, (0.094 + ease) * g, (0.112 + ease) * g, 0.090 * g + ease),
    ]

    def flare(angle: Floats, z: Floats) -> Floats:
        return 0.006 * np.sin(7 * angle + 0.6) * np.clip(z / hem, 0, 1)

    return tube(sections, cloth, around=32, rings=9, low=0.002, high=0.05 * g, relief=flare)


def _flared(row: Section, radius: float, share: float) -> Section:
    """Widened towards `radius` with the distance from the hip as a share of the hem's."""
    z, x, y, front, back, side = row
    t = max(share, 0.0)
    front, back, side = (
        size + t * max(radius * k - size, 0.0) for size, k in ((front, 1.0), (back, 1.0), (side, 0.88))
    )
    return (z, x, y, front, back, side)


def _at_least(row: Section, radius: float) -> Section:
    z, x, y, front, back, side = row
    return (z, x * 0.5, y, max(front, radius), max(back, radius), max(side, 0.94 * radius))


def shoe(figure: Figure, outfit: Outfit, leather: Style) -> dict[str, Part]:
    """The shoe before and behind the joint of the toes; its sole touches the ground from heel to tip."""
    body = figure.body
    k = body.toe / 0.21
    heel, ball, tip = body.heel / k, body.ball / k, body.toe / k
    rows = np.array([  # x, half-width, bottom, top
        (-heel - 0.014, 0.018, 0.014, 0.055),
        (-heel - 0.008, 0.025, 0.005, 0.078),
        (-heel, 0.030, 0.0, 0.094),
        (-0.03, 0.035, 0.0, 0.104),
        (0.01, 0.036, 0.0, 0.100),
        (0.05, 0.038, 0.0, 0.078),
        (0.09, 0.043, 0.0, 0.062),
        (ball, 0.046, 0.0, 0.053),
    ])  # fmt: skip
    toes = np.array([
        (-0.022, 0.045, 0.0, 0.053),
        (0.0, 0.046, 0.0, 0.053),
        (0.030, 0.045, 0.0, 0.048),
        (0.055, 0.039, 0.002, 0.041),
        (tip - ball - 0.010, 0.029, 0.005, 0.032),
        (tip - ball - 0.002, 0.018, 0.009, 0.025),
    ])  # fmt: skip
    skins = leather, Style(outfit.sole_color, "rubber", leather.semantic)
    drop = np.array([0.0, 0.0, -body.ankle_height])
    return {
        "foot": [_at_ball(m.scaled(k).moved(np.eye(3), drop), "toes_l", -1.0, body) for m in _shoe_pair(rows, *skins)],
        "toes": [_at_ball(m.scaled(k), "foot_l", 1.0, body) for m in _shoe_pair(toes, *skins)],
    }


def _at_ball(mesh: Mesh, toward: str, ahead: float, body: Proportions) -> Mesh:
    """The shoe of foot (`ahead` -1) or toes (1) bends about the joint of the toes."""
    joint = (0.0, 0.0, 0.0) if ahead > 0.0 else (body.ball, 0.0, -body.ankle_height)
    return follows(mesh, toward, joint, ahead * (mesh.vertices[:, 0] - joint[0]), 0.25 * body.ball)


def _shoe_pair(rows: Floats, leather: Style, rubber: Style) -> Part:
    sole = rows.copy()
    sole[:, 1] += 0.0025
    sole[:, 3] = np.minimum(rows[:, 2] + 0.024, rows[:, 3])
    upper = rows + np.array([0.0, 0.0, 0.008, 0.0])
    return [_shoe_skin(upper, leather, 2.3), _shoe_skin(sole, rubber, 3.5)]


def _shoe_skin(rows: Floats, style: Style, power: float) -> Mesh:
    """A loft along x through cross-sections (x, half-width, bottom, top)."""
    middle, half = (rows[:, 2] + rows[:, 3]) / 2, (rows[:, 3] - rows[:, 2]) / 2
    angle = np.arange(16) * (2 * np.pi / 16)
    standing = np.column_stack([rows[:, 0], middle, 0 * middle, half, half, rows[:, 1]])
    rings = outline(standing, angle, power)  # columns: up, to the left, along x
    return shaded(loft(rings[:, ::-1][..., [2, 1, 0]], style))


def right(parts: dict[str, Part]) -> dict[str, Part]:
    """The same limbs on the right side."""
    return {name: [mirrored(m) for m in meshes] for name, meshes in parts.items()}
