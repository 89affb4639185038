"""Clouds that vehicles trail: spray off wet roads, and exhaust that condenses in the cold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from roadlab.log import SceneLog
from roadlab.timing import Interval
from roadlab.weather import Weather
from roadlab_sensors.lidar.echoes import Echoes, airborne_echoes
from roadlab_sensors.lidar.units import Receiver

if TYPE_CHECKING:
    from roadlab_sensors.rays.bundles import Bundles

Floats = NDArray[np.float64]

EXHAUST, SPRAY = 251, 252
"""Keys of `roadlab_sensors.readings.AIRBORNE`."""
SPRAY_FROM = 8.0
"""Below this speed tyres throw up next to nothing [m/s]; an assumption, as the sizes and densities below."""
SPRAY_LASTS = 0.6
"""[s]"""
SPRAY_DENSITY = 0.5
"""Returns per metre behind a car at 25 m/s on a road as wet as can be."""
EXHAUST_DENSITY = 0.6
"""Returns per metre in a plume of exhaust."""
DROPLETS = {SPRAY: 0.05, EXHAUST: 0.15}
"""Matte reflectivity that returns as much as a dense patch of droplets."""


@dataclass(frozen=True)
class Plume:
    """A box of droplets behind a vehicle, in the vehicle's frame."""

    position: Floats
    """(2, 3) of the vehicle's frame at the ends of the interval [m]."""
    yaw: float
    low: Floats
    """(3,) [m]"""
    high: Floats
    """(3,) [m]"""
    density: float
    """[1/m] returns, as many as extinction."""
    airborne: int

    def chord(self, bundles: Bundles, interval: Interval) -> tuple[Floats, Floats]:
        """Where each ray enters the box, and for how long it is inside [m]."""
        share = ((bundles.times - interval.open) / (interval.close - interval.open))[:, None]
        offset = bundles.origins - (self.position[0] * (1.0 - share) + self.position[1] * share)
        turn = np.array(
            [[np.cos(self.yaw), -np.sin(self.yaw), 0.0], [np.sin(self.yaw), np.cos(self.yaw), 0.0], [0, 0, 1]]
        )
        start, heading = offset @ turn, bundles.directions @ turn
        slope = np.where(np.abs(heading) < 1e-9, 1e-9, heading)
        first, second = (self.low - start) / slope, (self.high - start) / slope
        enter = np.maximum(np.minimum(first, second).max(axis=1), 0.0)
        leave = np.maximum(first, second).min(axis=1)
        return enter, np.maximum(leave - enter, 0.0)


def plumes_at(log: SceneLog, interval: Interval, weather: Weather) -> list[Plume]:
    """Every vehicle's plumes, in the order of the log's actors."""
    if weather.wetness <= 0.0 and weather.snow <= 0.0 and weather.snow_cover <= 0.0:
        return []
    states = log.states_at(np.array([interval.open, interval.close]))
    tick = log.tick_at(interval.middle)
    found = []
    for k, actor in enumerate(log.actors):
        if actor.kind != "vehicle" or actor.parked or not log.present[tick, k]:
            continue
        place, yaw = states.position[:, k], float(states.attitude[0, k, 0])
        speed = float(np.linalg.norm(log.velocity[tick, k, :2]))
        length, width, height = actor.size
        rear = actor.box_center[0] - length / 2.0
        if weather.wetness > 0.0 and speed > SPRAY_FROM:
            density = SPRAY_DENSITY * weather.wetness * min((speed / 25.0) ** 2, 2.0)
            low = np.array([rear - SPRAY_LASTS * speed, -0.6 * width, 0.0])
            found.append(Plume(place, yaw, low, np.array([rear, 0.6 * width, 0.6 * height]), density, SPRAY))
        if max(weather.snow, weather.snow_cover) > 0.0 and speed <= SPRAY_FROM:
            low, high = np.array([rear - 1.2, 0.1, 0.1]), np.array([rear, 0.5 * width, 0.8])
            found.append(Plume(place, yaw, low, high, EXHAUST_DENSITY, EXHAUST))
    return found


def through_plumes(
    plumes: list[Plume], bundles: Bundles, interval: Interval, receiver: Receiver, random: np.random.Generator
) -> tuple[Echoes, list[tuple[NDArray[np.int64], Floats, Floats]]]:
    """Echoes of the plumes, and for each plume the pulses that cross it, where they enter and what is left of them."""
    tables, dimmed = [], []
    for plume in plumes:
        draws = random.exponential(1.0, len(bundles.times)), random.standard_normal(len(bundles.times))
        enter, inside = plume.chord(bundles, interval)
        crossing = np.flatnonzero(inside > 0.0)
        dimmed.append((crossing, enter[crossing], np.exp(-2.0 * plume.density * inside[crossing])))
        depth = draws[0] / plume.density
        some = crossing[depth[crossing] < inside[crossing]]
        distance = np.maximum(enter[some] + depth[some], 0.1)
        power = DROPLETS[plume.airborne] / 0.1 * (receiver.reach / distance) ** 2 * np.exp(0.7 * draws[1][some])
        tables.append(airborne_echoes(some, distance, power, plume.airborne))
    return Echoes.joined(tables), dimmed
