"""Trailers: they follow the hitch of whoever pulls them.

A trailer's axles do not slip, so that they run on a tractrix of the hitch's path: while the hitch moves straight on by
a length d, the tangent of half the angle between the trailer and that direction falls by exp(-d / L), L from the hitch
back to the axles. This is exact for every step and does not ask how the vehicle in front comes to move as it does. The
kinematic trailer model (KST) of the CommonRoad vehicle models is its limit for small steps with the hitch at the rear
axle. In a steady turn of radius R the axles run at sqrt(R² - L²), as in SAE J695.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.cast import Cast
from roadlab.dynamics.crash import velocities, with_velocities
from roadlab.dynamics.impact import Bodies, Velocities
from roadlab.dynamics.state import State

Array = NDArray[np.float64]
Index = NDArray[np.int64]

JACKKNIFED = 0.5 * np.pi
"""At this hitch angle the trailer meets the vehicle in front, and turns no further [rad]."""


@dataclass(frozen=True, slots=True)
class Couplings:
    """Of K trailers; arrays of K."""

    trailer: Index
    """Index of the actor."""
    tow: Index
    """Index of the actor who pulls it."""
    arm: Array
    """From the origin of the latter forward to the hitch [m]."""
    wheelbase: Array
    """From the hitch back to the trailer's axles, its origin [m]."""

    @property
    def pairs(self) -> Index:
        """(K, 2) who are joined, the lower index first."""
        return np.sort(np.column_stack([self.trailer, self.tow]), axis=1)

    def some(self, which: NDArray[np.bool_]) -> Couplings:
        """Those of them."""
        return Couplings(*(getattr(self, field.name)[which] for field in fields(self)))

    def hitches(self, state: State) -> tuple[Array, Array]:
        """Where the hitches are [m]."""
        yaw = state.yaw[self.tow]
        return state.x[self.tow] + self.arm * np.cos(yaw), state.y[self.tow] + self.arm * np.sin(yaw)


def couplings_of(members: Cast) -> Couplings:
    """Who pulls what."""
    trailer, tow = members.trailers.T

    def places(who: NDArray[np.int64]) -> Array:
        hitches = [members.members[i].vehicle.hitch for i in who]
        return np.array([np.nan if hitch is None else hitch.x for hitch in hitches], dtype=np.float64)

    return Couplings(trailer, tow, places(tow), places(trailer))


def straight(state: State, couplings: Couplings) -> State:
    """The trailers in line with those who pull them, as fast as they are."""
    return _behind(state, couplings, state.yaw[couplings.tow], np.zeros(len(couplings.tow)))


def drawn(before: State, after: State, couplings: Couplings, step: float) -> State:
    """`after`, with the trailers where the vehicles in front of them have drawn them since `before`."""
    (x, y), (x_after, y_after) = couplings.hitches(before), couplings.hitches(after)
    dx, dy = x_after - x, y_after - y
    yaw, ahead = before.yaw[couplings.trailer], after.yaw[couplings.tow]
    angle = (yaw - np.arctan2(dy, dx) + np.pi) % (2.0 * np.pi) - np.pi
    left = 2.0 * np.arctan(np.tan(0.5 * angle) * np.exp(-np.hypot(dx, dy) / couplings.wheelbase))
    turned = ahead + np.clip(yaw + left - angle - ahead, -JACKKNIFED, JACKKNIFED)
    moved = _behind(after, couplings, turned, (turned - yaw) / step)
    gained = (moved.speed[couplings.trailer] - before.speed[couplings.trailer]) / step
    return moved.with_actor(couplings.trailer, acceleration=gained)


def _behind(state: State, couplings: Couplings, yaw: Array, rate: Array) -> State:
    """The trailers at their hitches with this yaw [rad] and its rate [rad/s]."""
    x, y = couplings.hitches(state)
    tow = couplings.tow
    bend = yaw - state.yaw[tow]
    aside = state.sideways[tow] + couplings.arm * state.yaw_rate[tow]
    return state.with_actor(
        couplings.trailer,
        x=x - couplings.wheelbase * np.cos(yaw),
        y=y - couplings.wheelbase * np.sin(yaw),
        yaw=yaw,
        yaw_rate=rate,
        speed=state.speed[tow] * np.cos(bend) + aside * np.sin(bend),
        acceleration=state.acceleration[tow],
        sideways=np.zeros(len(tow)),
        rest=state.rest[tow],
    )


def passed_on(before: State, after: State, couplings: Couplings, bodies: Bodies) -> State:
    """`after` contacts: what they did to trailers' velocities they do to those in front, for they are one mass."""
    change = velocities(after, bodies).linear - velocities(before, bodies).linear
    hit = couplings.some((change[couplings.trailer] != 0.0).any(axis=1))
    if not len(hit.tow):
        return after
    now = velocities(after, bodies)
    linear = now.linear.copy()
    linear[hit.tow] += change[hit.trailer]
    return with_velocities(after, hit.tow, Velocities(linear, now.angular), bodies)
