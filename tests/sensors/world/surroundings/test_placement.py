from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely

from roadlab import load
from roadlab.roads.areas import drivable_area, ground_height, sidewalk_area
from roadlab.roads.network import RoadNetwork, build_network
from roadlab.scenario.spec import MapSpec, SurroundingsSpec
from roadlab_sensors.world.mesh import Prop
from roadlab_sensors.world.surroundings import surroundings
from roadlab_sensors.world.surroundings.stock import BESIDE

STREET = {
    "elm_street": {
        "profile": "urban_2x1_parking",
        "path": [
            {"line": 50.0},
            {"clothoid": {"length": 30.0, "curvature": [0.0, 1 / 120]}},
            {"arc": {"length": 40.0, "radius": 120.0}},
        ],
        "speed_limit": 30 / 3.6,
    }
}
CROSS = {
    "south": {"profile": "urban_2x1", "start": {"x": 0.0, "y": -95.0, "heading": np.pi / 2}, "path": [{"line": 80.0}]},
    "north": {"profile": "urban_2x1", "start": {"x": 0.0, "y": 15.0, "heading": np.pi / 2}, "path": [{"line": 80.0}]},
    "west": {"profile": "urban_2x1", "start": {"x": -95.0, "y": 0.0, "heading": 0.0}, "path": [{"line": 80.0}]},
    "east": {"profile": "urban_2x1", "start": {"x": 15.0, "y": 0.0, "heading": 0.0}, "path": [{"line": 80.0}]},
}
MOTORWAY = {
    "a5": {
        "profile": "motorway_3",
        "path": [{"line": 150.0}, {"arc": {"length": 170.0, "radius": 1500.0}}],
        "speed_limit": 36.0,
    }
}
JUNCTION = {"cross": {"connect": ["south.end", "north.start", "west.end", "east.start"], "signals": {}}}
MAPS = {
    "suburb": {"roads": STREET},
    "city": {"roads": CROSS, "junctions": JUNCTION},
    "motorway": {"roads": MOTORWAY},
}
STYLES = tuple(MAPS)
SHIPPED = [
    file
    for file in sorted((Path(__file__).parents[4] / "scenarios").glob("*/*.yaml"))
    if file.read_text().startswith("scenario:") and "map:" in file.read_text()
]

pytestmark = pytest.mark.xdist_group("surroundings")  # one worker builds each map once


@cache
def network(style: str) -> RoadNetwork:
    return build_network(MapSpec.model_validate(MAPS[style]))


@cache
def filled(style: str, seed: int = 7, density: float = 0.8) -> tuple[Prop, ...]:
    return surroundings(network(style), SurroundingsSpec(style=style, density=density), seed)


def triangles(prop: Prop) -> int:
    return sum(len(mesh.faces) for mesh in prop.model.parts["body"])


def flattened(props: tuple[Prop, ...]) -> int:
    """Triangles of all props at all their places: what the ray engine holds."""
    return sum(triangles(prop) * len(prop.world_from_prop) for prop in props)


def instances(props: tuple[Prop, ...]) -> list[tuple[int, np.ndarray]]:
    """(index of the prop, vertices in the world) of all that stands somewhere; thinned out where leaves are many."""
    placed = []
    for number, prop in enumerate(props):
        meshes = [m.vertices[:: 7 if m.material == "leaf" else 1] for m in prop.model.parts["body"]]
        points = np.concatenate(meshes).astype(np.float64)
        placed += [(number, points @ T[:3, :3].T + T[:3, 3]) for T in prop.world_from_prop]
    return placed


@cache
def low_parts(style: str) -> list[tuple[int, np.ndarray]]:
    """The same without what is higher than 3.2 m."""
    return [(number, points[points[:, 2] < 3.2]) for number, points in instances(filled(style))]


def names(prop: Prop) -> set[str]:
    return {mesh.semantic for mesh in prop.model.parts["body"]}


@pytest.mark.parametrize("style", STYLES)
def test_nothing_stands_on_the_carriageway_or_hangs_low_over_it(style):
    road = drivable_area(network(style)).buffer(-0.02)
    shapely.prepare(road)
    for number, low in low_parts(style):
        assert not shapely.contains_xy(road, low[:, 0], low[:, 1]).any(), names(filled(style)[number])


@pytest.mark.parametrize("style", ["suburb", "city"])
def test_pavements_stay_free_to_walk_on(style):
    pavement, road = sidewalk_area(network(style)), drivable_area(network(style))
    free = pavement.difference(road.buffer(1.3)).buffer(-0.05)
    shapely.prepare(free)
    for number, points in low_parts(style):
        ground = 0.12
        low = points[(points[:, 2] > ground + 0.03) & (points[:, 2] < 2.0)]
        inside = shapely.contains_xy(free, low[:, 0], low[:, 1])
        assert not inside.any(), names(filled(style)[number])


def vehicle_heads(style):
    return [head for junction in network(style).junctions.values() for head in junction.heads]


def walk_heads(style):
    return [head for junction in network(style).junctions.values() for head in junction.walk_heads]


@pytest.mark.parametrize("style", ["suburb", "city"])
def test_crosswalks_stay_free(style):
    strips = [shapely.buffer(strip.polygon, 1.0) for strip in network(style).crosswalks]
    if not strips:
        return
    area = shapely.union_all(np.array(strips))
    heads = {(round(h.x, 3), round(h.y, 3)) for h in (*vehicle_heads(style), *walk_heads(style))}
    for prop in filled(style):
        for x, y in prop.world_from_prop[:, :2, 3]:
            if (round(x, 3), round(y, 3)) not in heads:
                assert not area.contains(shapely.Point(x, y))


@pytest.mark.parametrize("style", STYLES)
def test_everything_stands_on_the_ground(style):
    for prop in filled(style):
        anchors = prop.world_from_prop[:, :3, 3]
        ground = ground_height(network(style), anchors[:, :2])
        np.testing.assert_allclose(anchors[:, 2], ground, atol=1e-9)
        assert prop.model.bounds()[0, 2] < 0.02


@pytest.mark.parametrize("style", STYLES)
def test_things_do_not_stand_in_one_another(style):
    outlines, owners = [], []
    for number, points in instances(filled(style)):
        low = points[points[:, 2] < 2.0, :2]
        if "vegetation" in names(filled(style)[number]) and np.ptp(points[:, 2]) > 3.0:
            trunk = points[points[:, 2] < points[:, 2].min() + 0.1, :2].mean(axis=0)
            low = low[np.hypot(*(low - trunk).T) < 0.4]  # crowns may touch
        hull = shapely.convex_hull(shapely.multipoints(low)).buffer(-0.16)
        gantry = np.ptp(points[:, 2]) > 7.0 and names(filled(style)[number]) == {"pole", "traffic sign"}
        rail = "guard rail" in names(filled(style)[number])
        if not len(low):
            continue
        far = "vegetation" in names(filled(style)[number]) and np.ptp(low[:, 0]) + np.ptp(low[:, 1]) > 25.0
        if not hull.is_empty and not gantry and not rail and not far:
            outlines.append(hull)
            owners.append(number)
    a, b = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    pairs = [
        (names(filled(style)[owners[i]]), names(filled(style)[owners[j]])) for i, j in zip(a, b, strict=True) if i < j
    ]
    assert not pairs, pairs[:5]


@pytest.mark.parametrize("style", ["suburb", "city"])
def test_crowns_do_not_grow_through_walls(style):
    placed = instances(filled(style))
    props = filled(style)
    walls = [
        shapely.convex_hull(shapely.multipoints(points[points[:, 2] < 2.0, :2])).buffer(-0.1)
        for number, points in placed
        if names(props[number]) == {"building"} and np.ptp(points[:, 2]) > 5.0
    ]
    solid = shapely.union_all(np.array(walls))
    shapely.prepare(solid)
    for number, points in placed:
        if "vegetation" in names(props[number]) and np.ptp(points[:, 2]) > 3.0 and len(points) < 30_000:
            inside = shapely.contains_xy(solid, points[:, 0], points[:, 1])
            assert inside.mean() < 0.01


@pytest.mark.parametrize("style", STYLES)
def test_the_same_seed_gives_the_same_bytes(style):
    again = surroundings(network(style), SurroundingsSpec(style=style, density=0.8), 7)
    assert len(again) == len(filled(style))
    for a, b in zip(filled(style), again, strict=True):
        assert a.name == b.name
        assert a.world_from_prop.tobytes() == b.world_from_prop.tobytes()
        for p, q in zip(a.model.parts["body"], b.model.parts["body"], strict=True):
            assert p.vertices.tobytes() == q.vertices.tobytes()
            assert p.colors.tobytes() == q.colors.tobytes()


def test_another_seed_gives_another_street():
    first = np.concatenate([p.world_from_prop[:, :2, 3] for p in filled("suburb")])
    other = np.concatenate([p.world_from_prop[:, :2, 3] for p in filled("suburb", seed=8)])
    assert first.shape != other.shape or not np.allclose(first, other)


def test_a_street_of_250_m_keeps_to_its_budget():
    long_street = {"elm_street": STREET["elm_street"] | {"path": [{"line": 250.0}]}}
    props = surroundings(
        build_network(MapSpec.model_validate({"roads": long_street})), SurroundingsSpec(density=1.0), 7
    )
    assert flattened(props) < 1_000_000
    assert sum(len(prop.world_from_prop) for prop in props) <= 600


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_shipped_scenarios_keep_to_their_budget(file):
    scenario = load(file)
    assert flattened(surroundings(scenario.network, scenario.spec.map.surroundings, scenario.seed)) < 1_000_000


def test_trees_beside_the_road_are_finer_than_those_far_from_it():
    road = drivable_area(network("suburb"))
    near, far = [], []
    for prop in filled("suburb"):
        if names(prop) <= {"vegetation", "terrain"} and np.ptp(prop.model.bounds()[:, 2]) > 4.0:
            for x, y in prop.world_from_prop[:, :2, 3]:
                away = shapely.distance(road, shapely.Point(x, y))
                (near if away < BESIDE else far).append(triangles(prop))
    assert min(near) > max(far)


def test_density_scales_how_much_there_is():
    counts = [sum(len(p.world_from_prop) for p in filled("suburb", density=d)) for d in (0.0, 0.4, 1.0)]
    assert counts[0] < counts[1] < counts[2]


def test_every_signal_head_has_a_light_that_looks_at_its_traffic():
    lights = {prop.name: prop for prop in filled("city") if prop.name}
    kinds = ((vehicle_heads("city"), {"red", "amber", "green"}), (walk_heads("city"), {"red", "green"}))
    assert set(lights) == {head.name for heads, _ in kinds for head in heads}
    for heads, lamps in kinds:
        for head in heads:
            world_from_prop = lights[head.name].world_from_prop[0]
            looks = world_from_prop[:3, :3] @ [0.0, -1.0, 0.0]
            np.testing.assert_allclose(looks[:2], [np.cos(head.heading), np.sin(head.heading)], atol=1e-9)
            assert {m.lamp for m in lights[head.name].model.parts["body"]} >= lamps


def test_style_none_leaves_only_the_signals():
    props = surroundings(network("city"), SurroundingsSpec(style="none"), 7)
    assert {prop.name for prop in props} == {h.name for h in (*vehicle_heads("city"), *walk_heads("city"))}
    assert surroundings(network("suburb"), SurroundingsSpec(style="none"), 7) == ()


def test_guard_rails_follow_the_motorway_at_both_sides():
    road = network("motorway").roads["a5"]
    for left in (False, True):
        edge = road.carriageway[1 if left else 0]
        rails = [points for n, points in instances(filled("motorway")) if "guard rail" in names(filled("motorway")[n])]
        beside = [p for p in rails if (p[len(p) // 2, 1] > 0) == left]
        assert beside
        s, t = road.reference_line.locate(np.concatenate(beside)[:, :2])
        assert np.ptp(s) > 0.98 * road.length
        assert np.abs(np.abs(t) - abs(edge)).max() < 1.1


def test_a_suburb_has_houses_on_both_sides_and_trees():
    road = network("suburb").roads["elm_street"]
    buildings = [T[:2, 3] for p in filled("suburb") if names(p) == {"building"} for T in p.world_from_prop]
    trees = [
        T for p in filled("suburb") if "vegetation" in names(p) and triangles(p) > 1_500 for T in p.world_from_prop
    ]
    _, t = road.reference_line.locate(np.array(buildings))
    assert (t > 0).sum() >= 5
    assert (t < 0).sum() >= 5
    assert len(trees) >= 12


def test_no_house_stands_in_the_middle_of_a_large_roundabout():
    roads = {
        name: {**road, "start": {**road["start"], "x": 5.0 * road["start"]["x"], "y": 5.0 * road["start"]["y"]}}
        for name, road in {
            "south": {**CROSS["south"], "start": {"x": 0.0, "y": -25.0, "heading": np.pi / 2}},
            "west": {**CROSS["west"], "start": {"x": -25.0, "y": 0.0, "heading": 0.0}},
            "east": {**CROSS["east"], "start": {"x": 25.0, "y": 0.0, "heading": np.pi}},
        }.items()
    }
    circle = {"roundabout": {"connect": [f"{name}.end" for name in roads], "radius": 34.0}}
    network = build_network(MapSpec.model_validate({"roads": roads, "junctions": {"plaza": circle}}))
    houses = [
        pose[:2, 3]
        for prop in surroundings(network, SurroundingsSpec(style="suburb", density=0.8), 7)
        if "building" in names(prop)
        for pose in prop.world_from_prop
    ]
    assert len(houses) > 5
    assert np.hypot(*np.array(houses).T).min() > 34.0
