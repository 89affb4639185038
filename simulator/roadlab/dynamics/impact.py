"""What a collision does: an exchange of momentum in the plane.

Impulse with restitution along the normal and friction across it, as in R. Brach and R. M. Brach, Vehicle Accident
Analysis and Reconstruction Methods, 2nd ed. (2011), chapter 6: crashing cars hardly bounce (e about 0.1) and slide
against each other (impulse ratio up to 0.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import VehicleModel
from roadlab.actors.props import PropModel
from roadlab.dynamics.contact import Contact

Array = NDArray[np.float64]

RESTITUTION = 0.1
SLIDING = 0.5
"""Largest impulse across the normal, as a share of that along it."""


@dataclass(frozen=True)
class Bodies:
    """The masses of N actors; arrays of N."""

    mass: Array
    """[kg]"""
    inertia: Array
    """About the vertical [kg m²]; +inf for people, who are points."""
    center: Array
    """From the origin forward to the centre of gravity [m]."""
    wheelbase: Array
    """[m]; 0 for people and props."""
    track: Array
    """[m]"""
    grip: Array
    """Share of gravity that the brakes can hold, or shoes; on dry ground."""

    @classmethod
    def of(cls, rows: Sequence[tuple[float, float, float, float, float, float]]) -> Bodies:
        """From one row per actor."""
        return cls(*np.array(rows, dtype=np.float64).reshape(-1, 6).T)


def wheeled(model: VehicleModel, gravity: float) -> tuple[float, float, float, float, float, float]:
    """The row of a vehicle."""
    grip = model.max_deceleration / gravity
    return (model.chassis.mass, model.yaw_inertia, model.rear_arm, model.wheelbase, model.track, grip)


def walker(mass: float) -> tuple[float, float, float, float, float, float]:
    """The row of a person; thrown people slide at 0.66 g (Searle, SAE 930659)."""
    return (mass, np.inf, 0.0, 0.0, 0.0, 0.66)


def standing(prop: PropModel) -> tuple[float, float, float, float, float, float]:
    """The row of a prop: it slides as if on two feet, as far apart as resists turning as its whole foot does."""
    return (prop.mass, prop.yaw_inertia, 0.0, 0.0, 2.0 * prop.friction_arm, prop.friction)


@dataclass(frozen=True)
class Velocities:
    """Of N bodies at their centres of gravity: (N, 2) in the world [m/s], and (N,) yaw rates [rad/s]."""

    linear: Array
    angular: Array

    def at(self, who: int, arm: Array) -> Array:
        """(2,) velocity of a point of the body, `arm` (2,) from its centre of gravity."""
        turning: Array = self.linear[who] + self.angular[who] * np.array([-arm[1], arm[0]])
        return turning


def exchanged(velocities: Velocities, centers: Array, bodies: Bodies, contact: Contact) -> Velocities:
    """The velocities after an impact; the same when the two are parting already. `centers` (N, 2) of gravity [m]."""
    arms = _arms(centers, contact)
    normal = np.array(contact.normal)
    tangent = np.array([-normal[1], normal[0]])
    approach = _approach(velocities, arms, contact)
    closing = float(approach @ normal)
    if closing <= 0.0:
        return velocities
    push = (1.0 + RESTITUTION) * closing / _yielding(bodies, contact, arms, normal)
    rub = float(approach @ tangent) / _yielding(bodies, contact, arms, tangent)
    impulse = push * normal + float(np.clip(rub, -SLIDING * push, SLIDING * push)) * tangent
    linear, angular = velocities.linear.copy(), velocities.angular.copy()
    for who, arm, sign in ((contact.first, arms[0], -1.0), (contact.second, arms[1], 1.0)):
        linear[who] += sign * impulse / bodies.mass[who]
        angular[who] += sign * (arm[0] * impulse[1] - arm[1] * impulse[0]) / bodies.inertia[who]
    return Velocities(linear, angular)


def _arms(centers: Array, contact: Contact) -> tuple[Array, Array]:
    place = np.array(contact.place)
    return place - centers[contact.first], place - centers[contact.second]


def _approach(velocities: Velocities, arms: tuple[Array, Array], contact: Contact) -> Array:
    return velocities.at(contact.first, arms[0]) - velocities.at(contact.second, arms[1])


def _yielding(bodies: Bodies, contact: Contact, arms: tuple[Array, Array], axis: Array) -> float:
    """Change of relative speed along an axis per impulse along it [1/kg]."""
    result = 0.0
    for who, arm in ((contact.first, arms[0]), (contact.second, arms[1])):
        lever = arm[0] * axis[1] - arm[1] * axis[0]
        result += 1.0 / bodies.mass[who] + lever**2 / bodies.inertia[who]
    return float(result)
