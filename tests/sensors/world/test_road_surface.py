"""The ground as a mesh: tight, upright, and true to the plan."""

from pathlib import Path

import numpy as np
import pytest
import shapely
import yaml

from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec
from roadlab_sensors.world.materials import MATERIALS
from roadlab_sensors.world.road_surface import road_surface

SCENARIOS = Path(__file__).parents[3] / "scenarios"
LIBRARY = ["urban/pedestrian_crossing", "urban/left_turn", "highway/cut_in"]
BEND = [
    {"line": 30.0},
    {"clothoid": {"length": 20.0, "curvature": [0.0, 0.02]}},
    {"arc": {"length": 40.0, "radius": 50.0}},
]


def library(name):
    return build_network(MapSpec.model_validate(yaml.safe_load((SCENARIOS / f"{name}.yaml").read_text())["map"]))


def network_of(profile, path=BEND, **more):
    return build_network(MapSpec.model_validate({"roads": {"r": {"profile": profile, "path": path}}, **more}))


def corners(meshes):
    """(F, 3, 3) of all faces."""
    return np.concatenate([mesh.vertices[mesh.faces] for mesh in meshes]).astype(np.float64)


def plan_area(meshes):
    """Seen from above, upright faces not counted [m²]."""
    if not meshes:
        return 0.0
    a, b, c = np.moveaxis(corners(meshes)[..., :2], 1, 0)
    return float(np.sum((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2)


def of(meshes, semantic):
    return [mesh for mesh in meshes if mesh.semantic == semantic]


@pytest.fixture(scope="module", params=LIBRARY)
def mapped(request):
    network = library(request.param)
    return network, road_surface(network)


def edge_counts(meshes):
    """Welded edges as vertex pairs (E, 2, 3), and how many faces use each."""
    welded, index = np.unique(np.round(corners(meshes).reshape(-1, 3), 3), axis=0, return_inverse=True)
    index = index.reshape(-1, 3)
    edges = np.sort(np.concatenate([index[:, [0, 1]], index[:, [1, 2]], index[:, [2, 0]]]), axis=1)
    unique, counts = np.unique(edges, axis=0, return_counts=True)
    return welded[unique], counts


def test_every_edge_but_the_outer_border_has_two_faces(mapped):
    _, meshes = mapped
    edges, counts = edge_counts(meshes)
    assert np.max(np.abs(edges[counts != 2])[..., :2].max(axis=-1)) > 3000.0
    low, high = corners(meshes)[..., :2].min(axis=(0, 1)), corners(meshes)[..., :2].max(axis=(0, 1))
    border = ((edges[..., :2] <= low + 0.01) | (edges[..., :2] >= high - 0.01)).any(axis=-1).all(axis=-1)
    assert set(counts[~border]) == {2}
    assert set(counts[border]) == {1}


def test_faces_look_up_or_stand_upright(mapped):
    _, meshes = mapped
    a, b, c = np.moveaxis(corners(meshes), 1, 0)
    normals = np.cross(b - a, c - a)
    lengths = np.linalg.norm(normals, axis=1)
    assert lengths.min() > 0.0
    assert (normals[:, 2] / lengths).min() > -1e-6


def test_seen_from_above_every_place_is_covered_exactly_once(mapped):
    _, meshes = mapped
    points = corners(meshes)[..., :2]
    size = points.max(axis=(0, 1)) - points.min(axis=(0, 1))
    assert plan_area(meshes) == pytest.approx(size[0] * size[1], rel=1e-7)
    flat = [shapely.Polygon(face) for face in points]
    flat = [face for face in flat if face.area > 1e-7]
    tree = shapely.STRtree(flat)
    rng = np.random.Generator(np.random.PCG64(3))
    near = points[rng.integers(len(points), size=4000)].mean(axis=1) + rng.normal(0.0, 2.0, (4000, 2))
    hits = tree.query(shapely.points(near), predicate="within")[0]
    counts = np.bincount(hits, minlength=len(near))
    assert (counts == 1).mean() > 0.999  # a point may fall on an edge
    assert counts.max() == 1


def test_the_plan_of_each_kind_of_ground_is_that_of_the_map(mapped):
    network, meshes = mapped
    paved = plan_area(of(meshes, "road") + of(meshes, "road marking") + of(meshes, "parking"))
    rounding = 1e-4  # vertices lie on a grid of a millimetre: on average outlines move by much less
    assert paved == pytest.approx(network.drivable.area, abs=rounding * network.drivable.length)
    pavement = plan_area(of(meshes, "sidewalk"))
    assert pavement == pytest.approx(network.pavement.area, abs=rounding * network.pavement.length)


def test_the_mesh_is_as_high_as_the_ground_of_the_map(mapped):
    network, meshes = mapped
    for mesh in meshes:
        triangles = mesh.vertices[mesh.faces].astype(np.float64)
        a, b, c = np.moveaxis(triangles, 1, 0)
        flat = triangles[np.cross(b - a, c - a)[:, 2] > 1e-3]
        middle = flat.mean(axis=1)
        clear = shapely.distance(network.pavement.boundary, shapely.points(middle[:, :2])) > 0.002
        middle = middle[clear | network.pavement.is_empty]
        np.testing.assert_allclose(middle[:, 2], network.ground_height(middle[:, :2]), atol=0.05)
        if mesh.semantic in ("road", "road marking", "parking"):
            np.testing.assert_array_equal(flat[..., 2], 0.0)


def test_kerbs_stand_a_hand_above_the_road(mapped):
    network, meshes = mapped
    if network.pavement.is_empty:
        pytest.skip("a motorway has no kerbs")
    stone = corners([mesh for mesh in meshes if mesh.material == "stone"])
    a, b, c = np.moveaxis(stone, 1, 0)
    normals = np.cross(b - a, c - a)
    # Where rounding to the millimetre bends a kerb line, upright faces a millimetre long may look along the kerb.
    upright = (np.abs(normals[:, 2]) < 1e-9) & (np.linalg.norm(normals, axis=1) > 1e-3)
    assert upright.any()
    assert stone[..., 2].max() == pytest.approx(0.12)
    # Upright faces look towards the road: a step along the normal leads off the pavement.
    outward = normals[upright][:, :2] / np.linalg.norm(normals[upright][:, :2], axis=1, keepdims=True)
    steps = stone[upright].mean(axis=1)[:, :2] + 0.02 * outward
    assert not shapely.intersects_xy(network.pavement, steps[:, 0], steps[:, 1]).any()


def test_the_terrain_reaches_the_horizon(mapped):
    _, meshes = mapped
    points = corners(meshes)[..., :2].reshape(-1, 2)
    terrain = corners(of(meshes, "terrain"))[..., :2].reshape(-1, 2)
    np.testing.assert_array_equal(terrain.max(axis=0), points.max(axis=0))
    assert np.abs(terrain).max() > 1500.0


def test_materials_and_colours_are_those_of_the_table(mapped):
    _, meshes = mapped
    for mesh in meshes:
        assert mesh.material in MATERIALS
        assert mesh.colors.min() >= 0.0
        assert mesh.colors.max() <= 0.75
        assert mesh.faces.max() < len(mesh.vertices)


def test_the_same_map_gives_the_same_mesh():
    first, second = (road_surface(library("urban/left_turn")) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a.vertices, b.vertices)
        np.testing.assert_array_equal(a.faces, b.faces)
        np.testing.assert_array_equal(a.colors, b.colors)


def test_a_motorway_stays_moderate():
    meshes = road_surface(network_of("motorway_3", [{"line": 250.0}, {"arc": {"length": 250.0, "radius": 900.0}}]))
    assert sum(len(mesh.faces) for mesh in meshes) < 200_000


@pytest.mark.parametrize("profile", ["urban_2x1", "urban_2x1_parking", "urban_2x1_cycle", "motorway_3", "country_1x1"])
def test_every_profile_is_tight_round_a_bend(profile):
    crosswalks = [] if profile == "motorway_3" else [{"road": "r", "s": 45.0}]
    edges, counts = edge_counts(road_surface(network_of(profile, crosswalks=crosswalks)))
    inner = np.abs(edges[..., :2]).max(axis=(1, 2)) < 3000.0
    assert set(counts[inner]) == {2}


@pytest.mark.parametrize("crosswalks", [True, False])
def test_a_junction_of_five_unlike_arms_is_tight(crosswalks):
    profiles = ["urban_2x1", "urban_2x1_parking", "country_1x1", "urban_2x1_cycle", "urban_2x1"]
    roads = {}
    for k, (profile, degrees) in enumerate(zip(profiles, [0, 65, 150, 215, 290], strict=True)):
        angle = np.radians(degrees)
        start = {"x": 20 * np.cos(angle), "y": 20 * np.sin(angle), "heading": angle}
        path = [{"line": 20.0}, {"arc": {"length": 30.0, "radius": 80.0}}]
        roads[f"r{k}"] = {"profile": profile, "start": start, "path": path}
    junction = {"connect": [f"{name}.start" for name in roads], "signals": {}, "crosswalks": crosswalks}
    network = build_network(MapSpec.model_validate({"roads": roads, "junctions": {"star": junction}}))
    edges, counts = edge_counts(road_surface(network))
    assert set(counts[np.abs(edges[..., :2]).max(axis=(1, 2)) < 3000.0]) == {2}
    assert network.junctions["star"].polygon.intersection(network.pavement).area < 0.05


def painted(meshes, network, s, t):
    """Whether (s, t) of road r is paint."""
    x, y, _ = network.roads["r"].point(s, t)
    a, b, c = np.moveaxis(corners(of(meshes, "road marking"))[..., :2] - np.array([x, y]), 1, 0)
    sides = np.stack([p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0] for p, q in ((a, b), (b, c), (c, a))])
    return bool((sides >= 0.0).all(axis=0).any())


def test_the_middle_is_marked_three_metres_in_nine():
    network = network_of("urban_2x1", [{"line": 90.0}])
    meshes = road_surface(network)
    share = np.mean([painted(meshes, network, s, 0.0) for s in np.arange(0.25, 81.0, 0.5)])
    assert share == pytest.approx(3 / 9, abs=0.01)
    assert painted(meshes, network, 1.0, 0.05)
    assert not painted(meshes, network, 1.0, 0.07)


@pytest.mark.parametrize("t", [0.0, -11.25])
def test_a_carriageway_has_solid_edges_30_cm_wide(t):
    network = network_of("motorway_3")
    meshes = road_surface(network)
    assert all(painted(meshes, network, s, t + aside) for s in (5.0, 40.0, 80.0) for aside in (-0.14, 0.14))
    assert not any(painted(meshes, network, s, t + aside) for s in (5.0, 40.0) for aside in (-0.17, 0.17))


def test_a_parking_street_is_marked_alike_on_both_sides():
    network = network_of("urban_2x1_parking")
    meshes = road_surface(network)
    assert all(painted(meshes, network, s, t) for s in (5.0, 40.0, 80.0) for t in (-3.25, 3.25))


def test_a_crosswalk_has_half_metre_bars():
    network = network_of("urban_2x1", [{"line": 90.0}], crosswalks=[{"road": "r", "s": 45.0}])
    meshes = road_surface(network)
    across = np.arange(-3.4, 3.4, 0.02)
    bars = np.array([painted(meshes, network, 45.3, t) for t in across])
    assert np.sum(np.diff(bars.astype(int)) == 1) + bars[0] == 7
    assert np.mean(bars) == pytest.approx(3.5 / 6.8, abs=0.03)
