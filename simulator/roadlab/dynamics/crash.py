"""What happens to actors that touch: they meet at the right instant, exchange momentum, and slide to rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from roadlab.dynamics.contact import Contact
from roadlab.dynamics.impact import Bodies, Velocities, exchanged
from roadlab.dynamics.sliding import slid
from roadlab.dynamics.state import State

Array = NDArray[np.float64]
Index = NDArray[np.int64]


def velocities(state: State, bodies: Bodies) -> Velocities:
    """At the centres of gravity of all actors."""
    c, s = np.cos(state.yaw), np.sin(state.yaw)
    aside = state.sideways + bodies.center * state.yaw_rate
    linear = np.column_stack([c * state.speed - s * aside, s * state.speed + c * aside])
    return Velocities(linear, state.yaw_rate)


def centers(state: State, bodies: Bodies) -> Array:
    """(N, 2) of gravity [m]."""
    return np.column_stack([state.x + bodies.center * np.cos(state.yaw), state.y + bodies.center * np.sin(state.yaw)])


def after_contacts(before: State, after: State, found: Sequence[Contact], bodies: Bodies, step: float) -> State:
    """The state after a step in which the actors of `found` have met.

    Each actor moves as before until its first contact, and with its new velocity for the rest of the step.
    """
    state = after
    loose: dict[int, float] = {}
    for contact in sorted(found, key=lambda c: c.share):
        pair = (contact.first, contact.second)
        for who in pair:
            if who not in loose:
                loose[who] = contact.share
                state = _at_share(before, state, who, contact.share)
        now, places = velocities(state, bodies), centers(state, bodies)
        state = with_velocities(state, np.array(pair), exchanged(now, places, bodies, contact), bodies)
    for who, share in loose.items():
        state = _moved_on(state, np.array([who]), bodies, (1.0 - share) * step)
    hurt = np.array(sorted(loose), dtype=np.int64)
    gained = (state.speed[hurt] - before.speed[hurt]) / step
    return state.with_actor(hurt, acceleration=gained)


def _at_share(before: State, after: State, who: int, share: float) -> State:
    """`after`, but the actor is where it was when `share` of the step had passed."""
    columns = {
        name: getattr(before, name)[who] + share * (getattr(after, name)[who] - getattr(before, name)[who])
        for name in ("x", "y", "yaw", "speed", "sideways", "yaw_rate")
    }
    return after.with_actor(who, **columns)


def with_velocities(state: State, who: Index, moving: Velocities, bodies: Bodies) -> State:
    """The state in which the actors `who` have the velocities that `moving` says."""
    c, s = np.cos(state.yaw[who]), np.sin(state.yaw[who])
    vx, vy = moving.linear[who].T
    rate = np.where(np.isfinite(bodies.inertia[who]), moving.angular[who], 0.0)
    return state.with_actor(
        who,
        speed=c * vx + s * vy,
        sideways=c * vy - s * vx - bodies.center[who] * rate,
        yaw_rate=rate,
        drive=np.zeros(len(who)),
    )


def slide(state: State, who: Index, bodies: Bodies, friction: Array, step: float) -> State:
    """The state after a step in which the actors `who` slide, brakes on."""
    mine = Bodies(*(column[who] for column in _columns(bodies)))
    now = velocities(state, bodies)
    then = slid(Velocities(now.linear[who], now.angular[who]), state.yaw[who], mine, friction[who], step)
    mean = Velocities(now.linear.copy(), now.angular.copy())
    mean.linear[who], mean.angular[who] = 0.5 * (now.linear[who] + then.linear), 0.5 * (now.angular[who] + then.angular)
    moved = _moved_on(with_velocities(state, who, mean, bodies), who, bodies, step)
    final = Velocities(mean.linear.copy(), mean.angular.copy())
    final.linear[who], final.angular[who] = then.linear, then.angular
    moved = with_velocities(moved, who, final, bodies)
    gained = (moved.speed[who] - state.speed[who]) / step
    return moved.with_actor(who, acceleration=gained, steer_rate=np.zeros(len(who)))


def _moved_on(state: State, who: Index, bodies: Bodies, time: float) -> State:
    """The state once the actors `who` have moved on with the velocities they have."""
    now = velocities(state, bodies)
    yaw = state.yaw[who] + now.angular[who] * time
    middle = centers(state, bodies)[who] + now.linear[who] * time
    arm = bodies.center[who]
    moved = state.with_actor(who, yaw=yaw, x=middle[:, 0] - arm * np.cos(yaw), y=middle[:, 1] - arm * np.sin(yaw))
    return with_velocities(moved, who, now, bodies)


def _columns(bodies: Bodies) -> tuple[Array, ...]:
    return (bodies.mass, bodies.inertia, bodies.center, bodies.wheelbase, bodies.track, bodies.grip)
