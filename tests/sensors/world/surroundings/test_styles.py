"""Each style of surroundings has what it is named after, and keeps clear of the road."""

from functools import cache

import numpy as np
import pytest
import shapely

from roadlab.roads.areas import drivable_area
from roadlab.roads.network import RoadNetwork, build_network
from roadlab.scenario.spec import MapSpec, SurroundingsSpec
from roadlab_sensors.world.mesh import Prop
from roadlab_sensors.world.surroundings import surroundings

PROFILES = {"old_town": "urban_2x1", "industrial": "urban_2x1", "rural": "country_1x1", "forest": "country_1x1"}
STYLES = tuple(PROFILES)

pytestmark = pytest.mark.xdist_group("surroundings")


@cache
def network(style: str) -> RoadNetwork:
    road = {"profile": PROFILES[style], "path": [{"line": 90.0}], "speed_limit": 50 / 3.6}
    return build_network(MapSpec.model_validate({"roads": {"way": road}}))


@cache
def props(style: str) -> tuple[Prop, ...]:
    spec = SurroundingsSpec.model_validate({"style": style, "density": 0.8})
    return surroundings(network(style), spec, 3)


def outlines(style: str, semantic: str, below: float = np.inf) -> list[shapely.Geometry]:
    """Seen from above, of every thing that has surfaces of this class, where lower than `below` [m]."""
    found = []
    for prop in props(style):
        points = [m.vertices for m in prop.model.parts["body"] if m.semantic == semantic]
        if not points:
            continue
        flat = np.concatenate(points)
        flat = flat[flat[:, 2] < below]
        if len(flat) < 3:
            continue
        hull = np.asarray(shapely.convex_hull(shapely.multipoints(flat[:, :2])).exterior.coords)
        for pose in prop.world_from_prop:
            found.append(shapely.Polygon(hull @ pose[:2, :2].T + pose[:2, 3]))
    return found


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("semantic", ["building", "vegetation", "pole", "fence"])
def test_nothing_stands_on_the_carriageway(style: str, semantic: str) -> None:
    road = drivable_area(network(style)).buffer(-0.05)
    assert not any(road.intersects(shape) for shape in outlines(style, semantic, below=2.0))


def test_an_old_town_has_fronts_along_most_of_its_pavements() -> None:
    houses = shapely.union_all(outlines("old_town", "building"))
    edge = shapely.LineString([(0.0, 8.5), (90.0, 8.5)])
    assert edge.intersection(houses).length > 0.6 * edge.length


def test_an_industrial_estate_has_halls_and_fences() -> None:
    lengths = [shape.minimum_rotated_rectangle.length / 2 for shape in outlines("industrial", "building")]
    assert sum(length > 45.0 for length in lengths) >= 2
    assert len(outlines("industrial", "fence")) > 5


def test_a_forest_hides_the_horizon_and_a_rural_road_does_not() -> None:
    """Crowns beside the road within 35 m, as a share of its length on the right."""

    def covered(style: str) -> float:
        crowns = shapely.union_all(outlines(style, "vegetation"))
        lines = [shapely.LineString([(x, -6.0), (x, -35.0)]) for x in np.linspace(5.0, 85.0, 33)]
        return float(np.mean([line.intersects(crowns) for line in lines]))

    assert covered("forest") == 1.0
    assert not outlines("forest", "building")
    assert covered("rural") < 0.95


@pytest.mark.parametrize("style", ["rural", "forest"])
def test_country_roads_have_delineators_in_pairs(style: str) -> None:
    posts = [shape.centroid for shape in outlines(style, "pole")]
    assert len(posts) >= 4
    left = sorted(round(p.x) for p in posts if p.y > 0)
    assert left == sorted(round(p.x) for p in posts if p.y < 0)
