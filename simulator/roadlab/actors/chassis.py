"""Masses, tyres and springs of the classes of vehicles.

Masses and powers: makers' data sheets of common European models (2020 to 2025), with a driver of 75 kg; vans,
trucks, buses and trailers carry half their load. Centres of gravity: 0.38 of the height for cars (Heydinger et al.,
Measured Vehicle Inertial Parameters, SAE 1999-01-1336), rated loads for the others. Cornering stiffness per load: a
sedan's of Rajamani, Vehicle Dynamics and Control, 2nd ed. (2012), 2 x 80 kN/rad on 1573 kg with arms of 1.1 and 1.58 m;
truck tyres 0.1 per degree and a little more on twin tyres (Fancher et al., A Factbook of the Mechanical Properties of
the Components for Single-Unit and Articulated Heavy Trucks, 1986); crowns are half the nominal widths of 40 to 150 mm.
Roll: 3 to 7 deg/g (Gillespie, Fundamentals of Vehicle Dynamics, 1992, chapter 6), ride at 1 to 1.5 Hz (chapter 5), a
third of critical damping.
"""

from __future__ import annotations

from dataclasses import dataclass

DEGREES_PER_G = 0.0017797
"""In rad per m/s²."""


@dataclass(frozen=True, slots=True)
class Tyre:
    """The lateral force of an axle's tyres, per load."""

    front_stiffness: float
    """Cornering stiffness of the front axle over its load [1/rad], compliance of the steering included."""
    rear_stiffness: float
    """The same of the rear axle [1/rad]."""
    shape: float = 1.3
    """C of the Magic Formula; 1.3 for lateral force (Bakker, Nyborg, Pacejka, SAE 870421)."""
    curvature: float = -1.0
    """E of the Magic Formula: -1.003 for the 205/60R15 of Pacejka, Tyre and Vehicle Dynamics, 2nd ed., appendix 3."""
    load_sensitivity: float = 0.145
    """How much the peak friction falls when the load doubles; of the same tyre."""
    crown: float = 0.0
    """Radius of the tread's cross-section, on which a two-wheeler leans [m]; 0 for those who stay upright."""


@dataclass(frozen=True, slots=True)
class Springs:
    """How the sprung mass answers to accelerations: a damped oscillator in roll, pitch and heave."""

    roll_gradient: float
    """Outwards in a bend [rad per m/s²]."""
    pitch_gradient: float
    """Nose down under braking [rad per m/s²]."""
    roll_frequency: float = 1.7
    """[Hz]"""
    ride_frequency: float = 1.3
    """Of pitch and heave [Hz]."""
    damping: float = 0.33
    """Of critical."""


@dataclass(frozen=True, slots=True)
class Chassis:
    """What the dynamic models need to know beyond the sizes."""

    mass: float
    """[kg]"""
    front_share: float
    """Of the weight on the front axle, at rest."""
    gravity_height: float
    """Of the centre of gravity above the ground [m]."""
    power: float
    """At the wheels [W]."""
    max_speed: float
    """[m/s]"""
    drive_front: float
    """Share of the driving force on the front axle."""
    tyre: Tyre
    springs: Springs
    reverse_speed: float = 5.0
    """[m/s]"""


_CAR_TYRE = Tyre(17.6, 25.3)
_VAN_TYRE = Tyre(13.0, 17.0)
_TRUCK_TYRE = Tyre(5.7, 6.6)
_STIFF = Springs(0.0, 0.0)
"""Two-wheelers lean; they do not roll on springs."""


def _springs(roll: float, pitch: float, roll_frequency: float = 1.7, ride_frequency: float = 1.3) -> Springs:
    """From gradients in deg/g."""
    return Springs(roll * DEGREES_PER_G, pitch * DEGREES_PER_G, roll_frequency, ride_frequency)


HATCHBACK = Chassis(1400.0, 0.60, 0.55, 84e3, 55.0, 1.0, _CAR_TYRE, _springs(5.0, 2.2))
SEDAN = Chassis(1700.0, 0.51, 0.55, 125e3, 62.0, 0.0, _CAR_TYRE, _springs(4.5, 1.9))
ESTATE = Chassis(1620.0, 0.57, 0.56, 96e3, 58.0, 1.0, _CAR_TYRE, _springs(4.8, 2.0))
SUV = Chassis(1650.0, 0.56, 0.65, 98e3, 55.0, 1.0, _CAR_TYRE, _springs(5.5, 2.4, 1.6))
VAN = Chassis(2600.0, 0.50, 0.85, 96e3, 44.0, 1.0, _VAN_TYRE, _springs(5.5, 2.2, 1.3, 1.4))
PICKUP = Chassis(2200.0, 0.54, 0.72, 118e3, 48.0, 0.0, _VAN_TYRE, _springs(6.0, 2.6, 1.5, 1.5))
MINIBUS = Chassis(3600.0, 0.46, 0.95, 100e3, 40.0, 0.0, Tyre(12.0, 16.0), _springs(5.0, 2.0, 1.2, 1.4))
TRUCK = Chassis(9500.0, 0.38, 1.45, 165e3, 27.0, 0.0, _TRUCK_TYRE, _springs(5.0, 1.4, 0.9, 1.5))
TRACTOR = Chassis(7800.0, 0.60, 1.05, 300e3, 27.0, 0.0, _TRUCK_TYRE, _springs(3.0, 1.1, 1.0, 1.5))
SEMITRAILER = Chassis(20e3, 0.30, 1.75, 0.0, 27.0, 0.0, _TRUCK_TYRE, _springs(5.0, 0.0, 0.7, 1.4))
CARAVAN = Chassis(1500.0, 0.06, 0.85, 0.0, 28.0, 0.0, _VAN_TYRE, _springs(4.5, 0.0, 1.2, 1.5))
BUS = Chassis(14500.0, 0.37, 1.25, 200e3, 26.0, 0.0, _TRUCK_TYRE, _springs(4.0, 1.2, 0.9, 1.1))
BICYCLE = Chassis(90.0, 0.42, 1.05, 250.0, 13.0, 0.0, Tyre(13.0, 13.0, crown=0.02), _STIFF, 1.0)
MOTORCYCLE = Chassis(285.0, 0.49, 0.62, 62e3, 60.0, 0.0, Tyre(15.0, 17.0, crown=0.075), _STIFF, 1.0)
SCOOTER = Chassis(205.0, 0.42, 0.55, 8e3, 27.0, 0.0, Tyre(14.0, 16.0, crown=0.055), _STIFF, 1.0)
