"""A network in figures."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import shapely

from roadlab.roads.network import RoadNetwork


def statistics(network: RoadNetwork) -> dict[str, str]:
    """What there is, by what it is called, for people."""
    roads, connecting = network.roads.values(), network.connecting
    lanes: defaultdict[str, float] = defaultdict(float)
    for road in roads:
        for number, section in enumerate(road.sections):
            low, high = road.section_range(number)
            for lane in section.lanes:
                lanes[lane.type] += high - low
    signs = Counter(
        "traffic lights" if signal.dynamic else "signs"
        for road in network.every_road.values()
        for signal in road.signals
    )
    heads = sum(len(junction.heads) for junction in network.junctions.values())
    objects = Counter(thing.type for road in network.every_road.values() for thing in road.objects)
    areas = [road.patch((0.0, road.length), road.edges) for road in roads]
    west, south, east, north = shapely.total_bounds(np.array(areas, dtype=object))
    found = {
        "roads": f"{len(roads)}, {sum(road.length for road in roads) / 1000.0:.3f} km",
        "lanes": ", ".join(
            f"{kind} {length / 1000.0:.3f} km" for kind, length in sorted(lanes.items(), key=lambda entry: -entry[1])
        ),
        "junctions": f"{len(network.junctions)} with {len(connecting)} connecting roads" if network.junctions else "",
        "crosswalks": str(len(network.crosswalks) or ""),
        "signal heads": str(heads or ""),
        "signals": ", ".join(f"{count} {kind}" for kind, count in sorted(signs.items())),
        "objects": ", ".join(f"{count} {kind}" for kind, count in sorted(objects.items())),
        "traffic": "on the left" if any(road.left_hand for road in roads) else "",
        "extent": f"{east - west:.0f} m x {north - south:.0f} m",
        "drivable": f"{network.drivable.area:.0f} m², surfaces beyond open ends included",
    }
    return {name: text for name, text in found.items() if text}
