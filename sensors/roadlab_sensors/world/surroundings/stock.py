"""The kinds that surroundings are filled with: a few variants of each, made on first use."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from roadlab.randomness import generator
from roadlab_sensors.world.buildings.block import block, rear_block
from roadlab_sensors.world.buildings.hall import hall
from roadlab_sensors.world.buildings.house import House, garage, house, planned
from roadlab_sensors.world.furniture import barriers, signs, street
from roadlab_sensors.world.furniture.paths import way
from roadlab_sensors.world.mesh import Model
from roadlab_sensors.world.plants.shrubs import bush, hedge, thicket, tuft
from roadlab_sensors.world.plants.trees import COARSE, FINE, spruce, street_tree, tree
from roadlab_sensors.world.plants.woods import far_wood, grove
from roadlab_sensors.world.surroundings.site import Kind, Site, kind, tree_kind

HOUSES = 7
"""Detached houses in the pool."""
TERRACED = 5
"""Terraced houses in the pool."""
HALLS = 4
"""Halls in the pool."""
BESIDE = 13.0
"""Trees nearer to a carriageway than this [m] are modelled finely."""
BLOCK_WIDTHS = (11.5, 13.0, 14.5, 16.0, 18.0)

_RUNS: dict[str, Callable[[np.random.Generator, float], Model]] = {
    "low hedge": lambda rng, length: hedge(rng, length, 1.1, 0.55),
    "high hedge": lambda rng, length: hedge(rng, length, 1.75, 0.7),
    "picket fence": barriers.picket_fence,
    "metal fence": barriers.metal_fence,
    "garden wall": barriers.garden_wall,
    "noise wall": barriers.noise_wall,
}
"""What is put together from straight pieces."""


def house_of(site: Site, number: int, *, terraced: bool) -> tuple[Kind, House]:
    """A house of the pool and its plan."""
    name = f"{'terraced' if terraced else 'detached'} house {number}"
    plan = planned(generator(site.seed, "surroundings", "plan", name), terraced=terraced)
    return site.made(name, lambda rng: kind(name, house(plan, rng), walls=True)), plan


def garage_of(site: Site, number: int) -> Kind:
    """A garage of the pool."""
    name = f"garage {number}"
    return site.made(name, lambda rng: kind(name, garage(rng), walls=True))


def block_of(site: Site, number: int, width: float, open_sides: tuple[bool, bool] = (False, False)) -> Kind:
    """A city building of this width."""
    name = f"block {number} {width:.2f} m {open_sides}"
    return site.made(name, lambda rng: kind(name, block(rng, width - 0.02, open_sides=open_sides), walls=True))


def rear_block_of(site: Site, number: int, width: float) -> Kind:
    """A city building of the next street."""
    name = f"rear block {number} {width:.2f} m"
    return site.made(name, lambda rng: kind(name, rear_block(rng, width - 0.02), walls=True))


def hall_of(site: Site, number: int) -> Kind:
    """A hall of industry or trade."""
    name = f"hall {number}"
    return site.made(name, lambda rng: kind(name, hall(rng), walls=True))


def tree_of(site: Site, species: str, number: int, place: tuple[float, ...]) -> Kind:
    """A garden tree, as fine as its place demands; `species` may also be spruce."""
    grain = FINE if site.away(place) < BESIDE else COARSE
    name = f"{'near' if grain is FINE else 'far'} {species} {number}"
    if species == "spruce":
        return site.made(name, lambda rng: tree_kind(name, spruce(rng, grain), 1.4))
    return site.made(name, lambda rng: tree_kind(name, tree(species, rng, grain), 0.4))


def street_tree_of(site: Site, species: str, number: int) -> Kind:
    """A tree for pavements."""
    name = f"street {species} {number}"
    return site.made(name, lambda rng: tree_kind(name, street_tree(species, rng), 0.55))


def bush_of(site: Site, number: int) -> Kind:
    """A bush between 0.8 and 2 m high."""
    name, size = f"bush {number}", (1.0, 0.8, 1.5, 2.0)[number % 4]
    return site.made(name, lambda rng: kind(name, bush(rng, size)))


def thicket_of(site: Site, number: int) -> Kind:
    """12 m of wild shrubs."""
    name = f"thicket {number}"
    return site.made(name, lambda rng: kind(name, thicket(rng)))


def tuft_of(site: Site, number: int) -> Kind:
    """Long grass."""
    name = f"tuft {number}"
    return site.made(name, lambda rng: kind(name, tuft(rng)))


def grove_of(site: Site, number: int) -> Kind:
    """30 m of wood."""
    name = f"grove {number}"
    return site.made(name, lambda rng: kind(name, grove(rng)))


def far_wood_of(site: Site, number: int) -> Kind:
    """90 m of wood, for more than 150 m away."""
    name = f"far wood {number}"
    return site.made(name, lambda rng: kind(name, far_wood(rng)))


def run_of(site: Site, style: str, number: int, length: float) -> Kind:
    """A straight piece of a fence, a hedge or a wall."""
    name = f"{style} {number} {length:.0f} m"
    return site.made(name, lambda rng: kind(name, _RUNS[style](rng, length)))


def way_of(site: Site, width: float, length: float, number: int) -> Kind:
    """A paved way: for people when narrow, for a car when wide."""
    semantic = "parking" if width > 2.0 else "sidewalk"
    name = f"way {number} {width:.1f} m x {length:.1f} m"
    return site.made(name, lambda rng: kind(name, way(rng, width, length, semantic)))


_FURNITURE: dict[str, Callable[[np.random.Generator], Model]] = {
    "lamp post": lambda rng: street.street_lamp(5.2, 0.0, rng),
    "street lamp": lambda rng: street.street_lamp(7.5, 1.4, rng),
    "bollard": street.bollard,
    "litter bin": street.litter_bin,
    "wheelie bin": street.wheelie_bin,
    "wheelie bin 2": street.wheelie_bin,
    "wheelie bin 3": street.wheelie_bin,
    "bench": street.bench,
    "cabinet": street.cabinet,
    "bus shelter": street.bus_shelter,
    "delineator": lambda _: signs.delineator(),
    "parking sign": lambda _: signs.sign(signs.parking(), code="314"),
    "no stopping sign": lambda _: signs.sign(signs.no_stopping(), code="286"),
    "crossing sign": lambda _: signs.sign(signs.crossing(), code="350"),
}


def furniture_of(site: Site, name: str) -> Kind:
    """A piece of furniture by its name."""
    return site.made(name, lambda rng: kind(name, _FURNITURE[name](rng)))


def speed_sign_of(site: Site, kilometres_per_hour: int) -> Kind:
    """A speed limit."""
    name = f"speed limit {kilometres_per_hour}"
    face, code = signs.speed_limit(kilometres_per_hour), f"274-{kilometres_per_hour}"
    return site.made(name, lambda _: kind(name, signs.sign(face, code=code)))
