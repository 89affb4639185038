"""Whether background traffic can come from and go to where the file says."""

from __future__ import annotations

from collections.abc import Iterator

from roadlab.actors.catalog import VEHICLES
from roadlab.behaviors.routes import check_way
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import LanePosition, ScenarioSpec
from roadlab.scenario.spec.traffic import TrafficSpec
from roadlab.scenario.wording import meant_or_known, shown

MOST = 20_000
"""Vehicles of background traffic in a run."""


def traffic_problems(spec: ScenarioSpec, network: RoadNetwork) -> Iterator[Problem]:
    """Every problem of `traffic`, of an otherwise sound scenario."""
    for number, traffic in enumerate(spec.traffic):
        for key, message, hint in _problems(traffic, network):
            yield Problem(("traffic", number, *key), message, hint)
    wanted = sum(_most(traffic, spec.duration) for traffic in spec.traffic)
    if wanted > MOST:
        yield Problem(("traffic",), f"about {wanted:.0f} vehicles; at most {MOST}", at_key=True)


def _most(traffic: TrafficSpec, duration: float) -> float:
    if traffic.flow is not None:
        return traffic.flow * duration / 3600.0
    return (traffic.density or 0.0) * (traffic.stretch or 0.0) / 1000.0


def _problems(traffic: TrafficSpec, network: RoadNetwork) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for model in traffic.mix:
        if model not in VEHICLES:
            yield ("mix", model), f"{shown(model)} is not a vehicle", meant_or_known(model, VEHICLES)
    wrong = list(network.problems_of(traffic.at))
    for field, message in wrong:
        yield ("at", field), message, ""
    if wrong:
        return
    if traffic.stretch is not None:
        length = network.roads[traffic.at.road].length
        if not 0.0 <= traffic.at.s + traffic.stretch <= length:
            end = traffic.at.s + traffic.stretch
            yield ("stretch",), f"ends at s = {end:g} m; {traffic.at.road} goes from 0 to {length:g} m", ""
    for road in traffic.to:
        reason = _no_way(traffic.at, road, network)
        if reason:
            yield ("to", road), reason, ""


def _no_way(at: LanePosition, road: str, network: RoadNetwork) -> str:
    if road not in network.roads:
        return f"unknown road {shown(road)}"
    section = int(network.roads[at.road].section_at(at.s))
    lane = next(key for key in network.graph if key[:3] == (at.road, at.lane, section))
    try:
        check_way(network, lane, [road])
    except ValueError as error:
        return str(error)
    return ""
