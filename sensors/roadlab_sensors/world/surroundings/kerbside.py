"""What stands on pavements at their edges: signals, lamps, trees, signs, bins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roadlab.roads.areas import ground_height
from roadlab.roads.network import RoadNetwork
from roadlab.roads.signals import SignalHead, WalkHead
from roadlab_sensors.world.assembly import pose
from roadlab_sensors.world.mesh import Model, Prop
from roadlab_sensors.world.signals import signal_head, walk_signal
from roadlab_sensors.world.surroundings import stock
from roadlab_sensors.world.surroundings.site import Frontage, Kind, Site


@dataclass(frozen=True, slots=True)
class Kerbside:
    """What a style of street has along its kerbs."""

    lamp: str
    lamp_spacing: float
    trees: tuple[str, ...]
    tree_spacing: float
    extras: tuple[str, ...]
    """Furniture at the kerb now and then."""
    extra_spacing: float


SUBURB = Kerbside("lamp post", 30.0, ("lime", "maple"), 13.0, ("litter bin", "parking sign", "no stopping sign"), 38.0)
CITY = Kerbside(
    "street lamp", 28.0, ("maple", "lime"), 13.0, ("litter bin", "no stopping sign", "parking sign", "bollard"), 22.0
)
ESTATE = Kerbside("street lamp", 34.0, ("maple", "birch"), 24.0, ("no stopping sign", "litter bin"), 55.0)
OLD_TOWN = Kerbside("lamp post", 22.0, ("lime",), 60.0, ("bench", "litter bin"), 45.0)

LATERAL = 0.55
"""From the kerb's edge to the middle of what stands behind it [m]; RASt asks for 0.5 m clear of vehicles."""


def signal_props(network: RoadNetwork, reach: float) -> list[Prop]:
    """A signal for each head of the network, under the head's name."""
    junctions = network.junctions.values()
    placed: list[tuple[Model, SignalHead | WalkHead]]
    placed = [(signal_head(reach=reach), head) for junction in junctions for head in junction.heads]
    placed += [(walk_signal(), head) for junction in junctions for head in junction.walk_heads]
    if not placed:
        return []
    heights = ground_height(network, np.array([(head.x, head.y) for _, head in placed]))
    return [
        # The model looks to -y, the head along its heading.
        Prop(model, pose(head.x, head.y, float(z), head.heading + np.pi / 2)[None], name=head.name)
        for (model, head), z in zip(placed, heights, strict=True)
    ]


def furnish(site: Site, side: Frontage, style: Kerbside, density: float, rng: np.random.Generator) -> None:
    """Lamps, signs, trees and bins along one kerb."""
    if side.edge - side.kerb < 2.2:
        return
    lamp = stock.furniture_of(site, style.lamp)
    for u in np.arange(0.5 * style.lamp_spacing, side.length, style.lamp_spacing):
        at_kerb(site, side, float(u), lamp)
    _signs(site, side)
    if density > 0.0:
        spacing = style.extra_spacing / density
        for u in np.arange(rng.uniform(4.0, spacing), side.length, spacing):
            name = style.extras[int(rng.integers(len(style.extras)))]
            at_kerb(site, side, float(u) + float(rng.uniform(-4, 4)), stock.furniture_of(site, name))
        trees(site, side, style, density, rng)


def trees(site: Site, side: Frontage, style: Kerbside, density: float, rng: np.random.Generator) -> None:
    """A row of street trees of one species with a few gaps."""
    species = style.trees[int(rng.integers(len(style.trees)))]
    for u in np.arange(0.3 * style.tree_spacing, side.length - 2.0, style.tree_spacing):
        if rng.random() < density:
            item = stock.street_tree_of(site, species, int(rng.integers(2)))
            x, y, _ = side.at(float(u) + float(rng.normal(0.0, 0.4)), side.kerb - side.edge + LATERAL + 0.15)
            site.put(item, (x, y, float(rng.integers(4)) * np.pi / 2 + side.at(float(u), 0.0)[2]), site.busy)


def at_kerb(site: Site, side: Frontage, u: float, item: Kind) -> bool:
    """Puts an item at the kerb, looking across the road (lamps with arms reach over it)."""
    return site.put(item, side.at(u, side.kerb - side.edge + LATERAL), site.busy)


def _signs(site: Site, side: Frontage) -> None:
    """The speed limit at the beginning of the traffic's way along this kerb, and signs at free crosswalks."""
    limit = round(side.road.speed_limit * 3.6 / 5) * 5
    # Traffic beside this kerb passes from greater to smaller u, on either side.
    if limit in (20, 30, 40, 60, 70):
        facing(site, side, side.length - 14.0, stock.speed_sign_of(site, limit))
    for strip in site.network.crosswalks:
        if strip.road is side.road and strip.name.startswith("crosswalk["):
            s = strip.s[0] - 3.0 if not side.left else strip.s[1] + 3.0
            facing(site, side, s if side.left else side.length - s, stock.furniture_of(site, "crossing sign"))


def facing(site: Site, side: Frontage, u: float, item: Kind) -> bool:
    """Puts a sign at the kerb that looks at the traffic which passes on this side."""
    x, y, yaw = side.at(u, side.kerb - side.edge + LATERAL)
    return site.put(item, (x, y, yaw + np.pi / 2), site.busy)
