"""Free ground, and what has been put on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.randomness import generator
from roadlab.roads.areas import drivable_area, ground_height, road_area
from roadlab.roads.network import Road, RoadNetwork
from roadlab_sensors.world.assembly import pose
from roadlab_sensors.world.mesh import Model, Prop
from roadlab_sensors.world.plants.seasons import Season, dressed

REACHABLE = 2.0
"""What stands lower than this [m] takes ground; people and cars pass under what is higher."""
_ROUND = 0.9
"""What the area of an outline over that of a circle of the same length is at least, in the middle of a roundabout."""
_ISLAND = 12_000.0
"""The largest middle of a roundabout [m²]."""
_TOUCH = 0.03
"""Neighbours may touch: footprints are compared after shrinking them by this [m]."""


@dataclass(frozen=True)
class Kind:
    """A model that can be put in many places."""

    name: str
    model: Model
    footprint: shapely.Polygon
    """The ground that it takes, in its own frame."""
    crown: float = 0.0
    """Radius of foliage that must not grow into walls [m]."""
    walls: bool = False
    """Is a building."""


def kind(name: str, model: Model, *, walls: bool = False) -> Kind:
    """A kind that takes all the ground under what stands within reach."""
    points = np.concatenate([m.vertices for m in model.parts["body"]])
    low = points[points[:, 2] < REACHABLE, :2].astype(np.float64)
    return Kind(name, model, shapely.convex_hull(shapely.linestrings(low)), walls=walls)


def tree_kind(name: str, model: Model, foot: float) -> Kind:
    """A kind that takes a square of half-width `foot` [m] of the ground and spreads its crown over more."""
    foliage = np.concatenate([m.vertices for m in model.parts["body"] if m.material == "leaf"])
    crown = float(np.quantile(np.hypot(foliage[:, 0], foliage[:, 1]), 0.97))
    return Kind(name, model, shapely.box(-foot, -foot, foot, foot), crown)


@dataclass(frozen=True)
class Frontage:
    """One side of a road, seen from the road: u runs to the right along it, from 0 to `length`."""

    road: Road
    left: bool
    """On the left of the road's reference line."""

    @property
    def name(self) -> str:
        """Such as `elm_street/left`."""
        return f"{self.road.name}/{'left' if self.left else 'right'}"

    @property
    def length(self) -> float:
        """Along the reference line [m]."""
        return self.road.length

    @property
    def edge(self) -> float:
        """From the reference line to the outer edge of the road [m]."""
        return abs(self.road.edges[1 if self.left else 0])

    @property
    def kerb(self) -> float:
        """From the reference line to the edge of the carriageway [m]."""
        return abs(self.road.carriageway[1 if self.left else 0])

    def at(self, u: float, back: float) -> tuple[float, float, float]:
        """World x, y [m] and the yaw [rad] of a model that looks at the road, `back` [m] behind the road's edge."""
        s = u if self.left else self.length - u
        x, y, heading = self.road.point(s, (self.edge + back) * (1.0 if self.left else -1.0))
        turn = 0.0 if self.left else np.pi
        # x of a model that looks at the road runs along +s on the left side, against it on the right.
        return float(x), float(y), float(heading) + turn


class Site:
    """The ground of a network while it is being filled."""

    def __init__(self, network: RoadNetwork, seed: int) -> None:
        self.network = network
        self.seed = seed
        roads = road_area(network)
        self.road = shapely.union_all([roads, *_round_islands(roads)])
        """Where no house stands: roads, and the middles of roundabouts."""
        self.carriageway = drivable_area(network)
        crossings = [shapely.buffer(strip.polygon, 2.0) for strip in network.crosswalks]
        self.busy = shapely.union_all(np.array([self.carriageway, *crossings]))
        """Where nothing may stand on a pavement: the carriageway and the waiting areas at crosswalks."""
        for area in (self.road, self.carriageway, self.busy):
            shapely.prepare(area)
        self._kinds: dict[str, Kind] = {}
        self._places: dict[str, list[tuple[float, float, float]]] = {}
        self._taken: list[shapely.Polygon] = []
        self._walls: list[shapely.Polygon] = []
        self._crowns: list[shapely.Polygon] = []

    def made(self, name: str, make: Callable[[np.random.Generator], Kind]) -> Kind:
        """The kind with this name, made on first use from randomness of its own."""
        if name not in self._kinds:
            self._kinds[name] = make(generator(self.seed, "surroundings", "kind", name))
        return self._kinds[name]

    def away(self, place: tuple[float, ...]) -> float:
        """Distance of a place, which starts with x and y, from the nearest carriageway [m]."""
        return float(shapely.distance(self.carriageway, shapely.Point(place[:2])))

    def put(self, item: Kind, place: tuple[float, float, float], forbidden: shapely.Geometry) -> bool:
        """Puts the item at (x, y, yaw) if it keeps clear of `forbidden` and of what is there already."""
        outline = _moved(item.footprint, place)
        inner = outline.buffer(-_TOUCH)
        if forbidden.intersects(outline) or self._meets(self._taken, inner):
            return False
        crown = shapely.Point(place[:2]).buffer(item.crown)
        if (item.crown > 0.0 and self._meets(self._walls, crown)) or (item.walls and self._meets(self._crowns, inner)):
            return False
        self._kinds.setdefault(item.name, item)
        self._places.setdefault(item.name, []).append(place)
        self._taken.append(outline)
        if item.walls:
            self._walls.append(outline)
        if item.crown > 0.0:
            self._crowns.append(crown)
        return True

    def span(self, item: Kind, place: tuple[float, float, float], feet: tuple[float, float]) -> None:
        """Puts what spans the road on feet at these x of its own frame; each foot takes the kind's footprint."""
        self._kinds.setdefault(item.name, item)
        self._places.setdefault(item.name, []).append(place)
        self._taken += [_moved(item.footprint, beside(place, x, 0.0)) for x in feet]

    def reserve_around(self, x: float, y: float, radius: float) -> None:
        """Keeps the ground around a point free of everything that comes later."""
        self._taken.append(shapely.Point(x, y).buffer(radius))

    @staticmethod
    def _meets(outlines: list[shapely.Polygon], shape: shapely.Geometry) -> bool:
        return bool(len(outlines)) and bool(shapely.intersects(np.array(outlines), shape).any())

    def props(self, season: Season) -> tuple[Prop, ...]:
        """Everything that was put, each on the ground and as it looks in the season."""
        names = list(self._places)
        places = [place for name in names for place in self._places[name]]
        if not places:
            return ()
        heights = ground_height(self.network, np.array(places)[:, :2])
        poses = np.stack([pose(x, y, z, yaw) for (x, y, yaw), z in zip(places, heights, strict=True)])
        bounds = np.cumsum([len(self._places[name]) for name in names])[:-1]
        return tuple(
            Prop(dressed(self._kinds[n].model, n, season, generator(self.seed, "surroundings", "season", n)), group)
            for n, group in zip(names, np.split(poses, bounds), strict=True)
        )


def _round_islands(roads: shapely.Geometry) -> list[shapely.Polygon]:
    """What roads enclose that is nearly a circle; a square has a roundness of 0.79, an oval twice as long 0.84."""
    rings = [ring for part in shapely.get_parts(roads) if part.geom_type == "Polygon" for ring in part.interiors]
    holes = [shapely.Polygon(ring) for ring in rings]
    return [hole for hole in holes if 4.0 * np.pi * hole.area / hole.length**2 > _ROUND and hole.area < _ISLAND]


def _moved(shape: shapely.Polygon, place: tuple[float, float, float]) -> shapely.Polygon:
    x, y, yaw = place
    turn = np.array([[np.cos(yaw), np.sin(yaw)], [-np.sin(yaw), np.cos(yaw)]])
    offset: NDArray[np.float64] = np.array([x, y])
    return shapely.transform(shape, lambda points: points @ turn + offset)


def beside(place: tuple[float, float, float], x: float, y: float, yaw: float = 0.0) -> tuple[float, float, float]:
    """A place given in the frame of another: x to its right, y behind it, turned by `yaw` [rad]."""
    c, s = np.cos(place[2]), np.sin(place[2])
    return place[0] + c * x - s * y, place[1] + s * x + c * y, place[2] + yaw
