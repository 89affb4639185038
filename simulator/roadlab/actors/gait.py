"""How people walk and run: joint angles from gait phase and speed.

The feet are planned first, then the legs follow by inverse kinematics, so a foot that carries the body does not slide:
it strikes with the heel, rolls flat, lifts the heel about the ball and swings on an arc. Timing: constant walk ratio of
0.006 m/(steps/min) (Sekiya et al. 1996; Murakami and Otaka 2017). Foot, pelvis and arm excursions: Perry and Burnfield,
Gait Analysis (2010), and Winter, Biomechanics and Motor Control of Human Movement (2009).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roadlab.actors.body import ADULT_HEIGHT, Floats, Proportions, carried, pose, proportions, rotation, two_links
from roadlab.actors.gear import ROLLING, WHEEL_SPIN, held
from roadlab.actors.planting import shifts

PEDESTRIAN_JOINTS: tuple[str, ...] = (
    "pelvis_height", "pelvis_sway", "pelvis_yaw", "pelvis_list",
    "torso_lean", "torso_yaw", "head_pitch", "head_yaw",
    "hip_l", "hip_abduction_l", "knee_l", "ankle_l", "toe_l",
    "hip_r", "hip_abduction_r", "knee_r", "ankle_r", "toe_r",
    "shoulder_l", "shoulder_abduction_l", "elbow_l",
    "shoulder_r", "shoulder_abduction_r", "elbow_r",
)  # fmt: skip
"""Columns of a pedestrian's joints.

`pelvis_height` and `pelvis_sway` (to the left) [m] count from the standing pose, all else is in radians. Flexion is
positive, so are leaning forward, looking down and turning left; dorsiflexion and toes that bend upwards are positive.
Hips, torso and head are measured against the actor's upright frame, as gait laboratories do for segments; shoulders
against the torso, all others against the neighbour nearer to the trunk."""

WALK_RATIO = 0.006
"""Step length over cadence [m/(steps/min)]."""
RUN_SPEED = 2.0
"""Where an adult begins to run [m/s]."""
TOE_OUT = float(np.radians(6.0))
"""How far a foot points outwards [rad]."""
_FLAT = 0.16  # share of the stance after which the foot lies flat


@dataclass(frozen=True, slots=True)
class _Style:
    """What changes with speed, each (M,): lengths in shares of the height, angles in radians."""

    running: Floats
    moving: Floats
    stance: Floats
    strike: Floats
    push: Floats
    lift: Floats
    drop: Floats
    heel_off: Floats
    bounce: Floats
    swing: Floats


def phase_rate(speed: ArrayLike, height: float) -> Floats:
    """Gait phase per time [rad/s], 2 pi per stride, at `speed` [m/s] of a person of `height` [m].

    An adult's cadence is sqrt(60 speed / 0.006) steps/min; others move dynamically alike (equal Froude number).
    """
    scale = height / ADULT_HEIGHT
    adult_speed = np.abs(np.asarray(speed, dtype=np.float64)) / np.sqrt(scale)
    cadence = np.sqrt(60.0 * adult_speed / WALK_RATIO) / np.sqrt(scale)
    rate: Floats = np.pi * cadence / 60.0
    return rate


def stance_share(speed: ArrayLike, height: float) -> Floats:
    """Share of a stride during which a foot carries weight: about 0.6 walking, below 0.5 running."""
    return _style(np.atleast_1d(np.asarray(speed, dtype=np.float64)), height).stance


def walking_joints(
    phase: ArrayLike, speed: ArrayLike, height: float, place: Floats | None = None, gear: str = ""
) -> Floats:
    """(M, J) joints, columns as in `PEDESTRIAN_JOINTS`, of a person of `height` [m].

    `phase` (M,) [rad] is 0 when the left heel strikes and pi when the right one does; `speed` (M,) [m/s], at 0 the
    person stands. A foot that carries stays in place in the world while the actor moves along its x axis at `speed` and
    phase at `phase_rate`. With `place` (M, 3), the actor's x, y [m] and yaw [rad] at M instants one after the other, it
    does so however the actor moves. With `gear` the limbs are where that wants them; gear that rolls has one more
    column, the angle of its wheels [rad], which is 0 here.
    """
    u, v = np.broadcast_arrays(
        np.atleast_1d(np.asarray(phase, dtype=np.float64)) / (2 * np.pi), np.asarray(speed, dtype=np.float64)
    )
    v = np.abs(v)
    body, style = proportions(height), _style(v, height)
    columns = _trunk(u, style, height) | _arm("l", u, style) | _arm("r", u + 0.5, style)
    travel = v * 2 * np.pi / np.maximum(phase_rate(v, height), 1e-9)
    for side, lag, sign in (("l", 0.0, 1.0), ("r", 0.5, -1.0)):
        foot = _foot((u + lag) % 1.0, travel, style, body)
        if place is not None:
            foot = _planted(foot, (u + lag) % 1.0, travel, sign, place, style, body)
        columns |= _leg(side, sign, foot, columns, body, style)
    columns = held(columns, gear, 2 * np.pi * u, v, body)
    names = (*PEDESTRIAN_JOINTS, *([WHEEL_SPIN] if gear in ROLLING else []))
    columns[WHEEL_SPIN] = np.zeros_like(u)
    return np.stack([np.broadcast_to(columns[name], u.shape) for name in names], axis=1)


def pelvis_pose(columns: dict[str, Floats], body: Proportions) -> Floats:
    """(M, 4, 4) the pelvis, its origin midway between the hip joints, in the actor's frame."""
    height = body.hip_height + columns["pelvis_height"]
    origin = np.stack([np.zeros_like(height), columns["pelvis_sway"], height], axis=1)
    return pose(rotation("z", columns["pelvis_yaw"]) @ rotation("x", columns["pelvis_list"]), origin)


def _ramp(value: Floats, low: float, high: float) -> Floats:
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def _style(speed: Floats, height: float) -> _Style:
    legs = proportions(height).leg / proportions(ADULT_HEIGHT).leg
    v = speed / np.sqrt(legs)
    running, moving = _ramp(v, RUN_SPEED, RUN_SPEED + 0.6), _ramp(v, 0.0, 0.3)
    stride = 2 * np.sqrt(WALK_RATIO * 60 * v)
    longest = 0.92 - 0.28 * running
    stance = np.minimum((1 - running) * (0.64 - 0.03 * v) + running * 0.40, longest / np.maximum(stride, 1e-9))
    pace = np.minimum(v / 1.34, 1.4)
    return _Style(
        running=running,
        moving=moving,
        stance=stance,
        strike=np.radians(moving * (1 - 0.8 * running) * np.minimum(8 + 14 * pace, 25)),
        push=np.radians(moving * (20 + 38 * np.minimum(pace, 1.1))),
        lift=moving * (0.011 + 0.06 * running),
        heel_off=0.66 - 0.08 * pace,
        drop=0.008 * _ramp(v, 1.6, 2.0) * (1 - running)
        + _ramp(v, 0.0, 0.12) * (0.003 + (1 - running) * 0.0135 * pace + running * 0.027),
        bounce=moving * ((1 - running) * 0.0088 * pace - running * 0.014),
        swing=moving * np.radians(6 + 14 * pace + 12 * running),
    )


def _trunk(u: Floats, style: _Style, height: float) -> dict[str, Floats]:
    """Pelvis, torso and head; the pelvis is lowest when both feet carry (walking) or in mid-stance (running)."""
    twist, turn = np.cos(2 * np.pi * u), np.minimum(style.swing / 0.35, 1.2)
    return {
        "pelvis_height": height
        * (-0.0012 - style.drop + style.bounce * np.cos(4 * np.pi * (u - 0.26 + 0.09 * style.running))),
        "pelvis_sway": height * 0.011 * style.moving * np.cos(2 * np.pi * (u - 0.30)),
        "pelvis_yaw": -np.radians(5.0) * turn * twist,
        "pelvis_list": np.radians(3.5) * turn * np.sin(2 * np.pi * (u - 0.02)),
        "torso_lean": np.radians(1.0) + style.moving * np.radians(2.0) + style.running * np.radians(6.0),
        "torso_yaw": np.radians(5.0) * turn * twist,
        "head_pitch": np.radians(3.0) * style.moving,
        "head_yaw": np.radians(1.0) * turn * twist,
    }


def _arm(side: str, u: Floats, style: _Style) -> dict[str, Floats]:
    """The arm of the side whose heel strikes at u = 0, so it is then farthest back."""
    forward = -np.cos(2 * np.pi * (u - 0.03))
    bend = np.radians(12) + style.moving * np.radians(10 + 10 * forward) + style.running * np.radians(55)
    return {
        f"shoulder_{side}": style.swing * forward + np.radians(1) - style.running * np.radians(6),
        f"shoulder_abduction_{side}": np.radians(5.0) + style.running * np.radians(3.0),
        f"elbow_{side}": bend,
    }


@dataclass(frozen=True, slots=True)
class _Foot:
    """Ankle (M,) forward of the hips, outside of its line and above the ground [m]; pitch, toes up, and bend of toes
    (M,) [rad].
    """

    x: Floats
    y: Floats
    z: Floats
    pitch: Floats
    toe: Floats


def _stance_pitch(p: Floats, style: _Style) -> Floats:
    landing = np.clip(1 - p / _FLAT, 0.0, 1.0)
    leaving = np.clip((p - style.heel_off) / (1 - style.heel_off), 0.0, 1.0)
    return style.strike * landing**2 - style.push * leaving**2.3


def _carrying(p: Floats, travel: Floats, style: _Style, body: Proportions) -> _Foot:
    """The foot after the share p of its stance: it turns about the heel's edge, then lies flat, then about its ball."""
    pitch = _stance_pitch(p, style)
    pivot = np.where(pitch >= 0, -body.heel, body.ball)
    c, s = np.cos(pitch), np.sin(pitch)
    flat = _strike(travel, style) - p * travel * style.stance
    along = pivot - pivot * c - body.ankle_height * s
    x, y = flat + along * np.cos(TOE_OUT), along * np.sin(TOE_OUT)
    z = body.ankle_height * c - pivot * s
    return _Foot(x, y, z, pitch, np.maximum(-pitch, 0.0))


def _ankle_above_sole(pitch: Floats, toe: Floats, body: Proportions) -> Floats:
    """(M,) of the ankle above the lowest of heel, ball and tip [m]."""
    heel, ball = body.heel * np.sin(pitch), -body.ball * np.sin(pitch)
    tip = ball - (body.toe - body.ball) * np.sin(pitch + toe)
    depth: Floats = body.ankle_height * np.cos(pitch) + np.maximum(np.maximum(heel, ball), tip)
    return depth


def _foot(u: Floats, travel: Floats, style: _Style, body: Proportions) -> _Foot:
    """The foot whose heel strikes at u = 0; `travel` is the stride's length [m]."""
    one, step = np.ones_like(u), 1e-4
    carrying = _carrying(np.minimum(u / style.stance, 1.0), travel, style, body)
    left, before = _carrying(one, travel, style, body), _carrying(one - step, travel, style, body)
    strike = _carrying(0 * one, travel, style, body)
    r = np.clip((u - style.stance) / (1 - style.stance), 0.0, 1.0)
    stretch = (1 - style.stance) / style.stance / step
    backwards = -0.4 * travel * (1 - style.stance)
    pitch = _hermite(r, left.pitch, strike.pitch, (left.pitch - before.pitch) * stretch * 0.2, 0 * r)
    toe = left.toe * np.clip(1 - r / 0.5, 0.0, 1.0) ** 2
    clearance = style.lift * body.height * (1 - (2 * r - 1) ** 2) ** 2
    swinging = _Foot(
        x=_hermite(r, left.x, strike.x, (left.x - before.x) * stretch, backwards),
        y=_hermite(r, left.y, strike.y, (left.y - before.y) * stretch, 0 * r),
        z=clearance + _ankle_above_sole(pitch, toe, body),
        pitch=pitch,
        toe=toe,
    )
    on = u <= style.stance
    return _Foot(
        np.where(on, carrying.x, swinging.x),
        np.where(on, carrying.y, swinging.y),
        np.where(on, carrying.z, swinging.z),
        np.where(on, carrying.pitch, swinging.pitch),
        np.where(on, carrying.toe, swinging.toe),
    )


def _planted(
    foot: _Foot, u: Floats, travel: Floats, sign: float, place: Floats, style: _Style, body: Proportions
) -> _Foot:
    along = _strike(travel, style) - np.minimum(u / style.stance, 1.0) * travel * style.stance
    sole = np.column_stack([along, sign * _aside(style, body)])
    shift = shifts(u, style.stance, sole, place)
    return replace(foot, x=foot.x + shift[:, 0], y=foot.y + sign * shift[:, 1])


def _strike(travel: Floats, style: _Style) -> Floats:
    """(M,) how far before the hips a foot strikes [m]."""
    return (0.405 - 0.03 * style.running) * travel * style.stance


def _aside(style: _Style, body: Proportions) -> Floats:
    """(M,) how far a foot is put down from the midline [m]."""
    return body.hip_offset * (0.9 - 0.35 * style.moving)


def _hermite(r: Floats, start: Floats, end: Floats, start_slope: Floats, end_slope: Floats) -> Floats:
    blend = r * r * (3 - 2 * r)
    curve: NDArray[np.float64] = start + blend * (end - start) + r * (1 - r) * ((1 - r) * start_slope - r * end_slope)
    return curve


def _leg(
    side: str, sign: float, foot: _Foot, columns: dict[str, Floats], body: Proportions, style: _Style
) -> dict[str, Floats]:
    hip = carried(pelvis_pose(columns, body), (0.0, sign * body.hip_offset, 0.0))
    ankle_y = sign * (_aside(style, body) + foot.y)
    across, down = ankle_y - hip[:, 1], hip[:, 2] - foot.z
    below = np.hypot(across, down)
    forward = foot.x - hip[:, 0]
    at_hip, knee = two_links(body.thigh, body.shank, np.hypot(forward, below))
    flexion = np.arctan2(forward, below) + at_hip
    return {
        f"hip_{side}": flexion,
        f"hip_abduction_{side}": sign * np.arctan2(across, down),
        f"knee_{side}": knee,
        f"ankle_{side}": foot.pitch - flexion + knee,
        f"toe_{side}": foot.toe,
    }
