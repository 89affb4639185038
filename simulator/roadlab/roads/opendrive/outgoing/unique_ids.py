"""Objects and signals under ids that no other has, as the schema of 1.8 wants it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count
from typing import TypeVar

from roadlab.roads.furniture import RoadObject, RoadSignal
from roadlab.roads.road import Road

Thing = TypeVar("Thing", RoadObject, RoadSignal)


def with_unique_ids(roads: Mapping[str, Road]) -> dict[str, Road]:
    """The roads; of several things of one id the first keeps it."""
    objects = {thing.id for road in roads.values() for thing in road.objects}
    signals = {signal.id for road in roads.values() for signal in road.signals}
    used_objects: set[str] = set()
    used_signals: set[str] = set()
    return {
        name: replace(
            road,
            objects=_unique(road.objects, objects, used_objects),
            signals=_unique(road.signals, signals, used_signals),
        )
        for name, road in roads.items()
    }


def fresh_ids(taken: Iterable[str]) -> Iterable[str]:
    """Numbers from 1 on that are not taken."""
    known = set(taken)
    return (str(number) for number in count(1) if str(number) not in known)


def _unique(things: tuple[Thing, ...], taken: set[str], used: set[str]) -> tuple[Thing, ...]:
    """The things of a road; adds their ids to `taken` and `used`."""
    found = []
    for thing in things:
        name = thing.id if thing.id and thing.id not in used else next(iter(fresh_ids(taken)))
        used.add(name)
        taken.add(name)
        found.append(thing if name == thing.id else replace(thing, id=name))
    return tuple(found)
