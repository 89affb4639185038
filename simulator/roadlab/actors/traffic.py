"""The vehicles of background traffic, one by one: what they are, when they want to enter, where they go.

Arrivals are a Poisson stream with a shortest headway (shifted exponential headways; W. Wu, 2001, and HBS 2015 use them
for flows below capacity). Everything about one vehicle is drawn by the numbers of its stream and its place in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from roadlab.actors.catalog import VEHICLES
from roadlab.behaviors.idm import USUAL, equilibrium_gap
from roadlab.randomness import generator
from roadlab.scenario.spec import ActorSpec, DriveSpec, ScenarioSpec
from roadlab.scenario.spec.traffic import TrafficSpec

SHORTEST_HEADWAY = 1.0
"""Between two who want to enter one after the other [s]."""
USUAL_LIMIT = 50 / 3.6
"""Where the map does not tell the speed limit [m/s]."""
JITTER = 0.15
"""How unevenly a density is spread, as a share of the mean distance."""


@dataclass(frozen=True, slots=True)
class Passing:
    """One vehicle of background traffic."""

    actor: ActorSpec
    stream: int
    """Which entry of the file it belongs to."""
    enters: float
    """When it wants to enter [s]; 0 for those who are there from the start."""


def passing(spec: ScenarioSpec) -> Iterator[Passing]:
    """All vehicles of a scenario's background traffic, in order of the file and of their time or place."""
    for stream, traffic in enumerate(spec.traffic):
        if traffic.flow is not None:
            yield from _flow(spec, stream, traffic, traffic.flow)
        elif traffic.density is not None and traffic.stretch is not None:
            yield from _density(spec, stream, traffic, traffic.density, traffic.stretch)


def _flow(spec: ScenarioSpec, stream: int, traffic: TrafficSpec, flow: float) -> Iterator[Passing]:
    mean = max(3600.0 / flow - SHORTEST_HEADWAY, 0.0)
    end = spec.duration if traffic.end is None else min(traffic.end, spec.duration)
    time, number = traffic.begin, 0
    while True:
        draw = generator(spec.seed, "traffic", stream, number)
        time += SHORTEST_HEADWAY + float(draw.exponential(mean)) if mean > 0.0 else SHORTEST_HEADWAY
        if time > end:
            return
        yield Passing(_actor(traffic, traffic.at.s, draw, speed=0.0, present=False), stream, time)
        number += 1


def _density(
    spec: ScenarioSpec, stream: int, traffic: TrafficSpec, density: float, stretch: float
) -> Iterator[Passing]:
    count = max(1, round(stretch * density / 1000.0))
    spacing = stretch / count
    road = spec.map.roads.get(traffic.at.road)
    speed = speed_of_density(spacing, road.speed_limit if road is not None else USUAL_LIMIT)
    for number in range(count):
        draw = generator(spec.seed, "traffic", stream, number)
        room = max(0.0, spacing - 12.0)
        place = traffic.at.s + number * spacing + min(JITTER * spacing, 0.5 * room) * float(draw.uniform(0.0, 1.0))
        yield Passing(_actor(traffic, place, draw, speed=speed, present=True), stream, 0.0)


def _actor(traffic: TrafficSpec, s: float, draw: np.random.Generator, *, speed: float, present: bool) -> ActorSpec:
    model = _choice(traffic.mix, draw)
    route = [_choice(traffic.to, draw)] if traffic.to else None
    return ActorSpec(
        model=model,
        at=traffic.at.model_copy(update={"s": s}),
        speed=speed,
        present=present,
        drive=DriveSpec(route=route, driver=traffic.driver),
    )


def _choice(shares: dict[str, float], draw: np.random.Generator) -> str:
    names = sorted(shares)
    weights = np.array([shares[name] for name in names])
    return names[int(draw.choice(len(names), p=weights / weights.sum()))]


def speed_of_density(spacing: float, limit: float) -> float:
    """Speed [m/s] of usual cars that drive one behind the other at this distance, front to front [m]."""
    length = VEHICLES["sedan"].length
    speeds = np.linspace(0.0, 0.98 * limit, 400)
    gaps = equilibrium_gap(speeds, limit, USUAL["car"])
    return float(np.interp(spacing - length, gaps, speeds))
