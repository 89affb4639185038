"""Roads that lead over and under others, and stretches that a map calls tunnels or bridges."""

from dataclasses import replace

import numpy as np
import pytest

from roadlab.roads.cubics import Cubics
from roadlab.roads.decks import parted
from roadlab.roads.furniture import RoadObject
from roadlab.roads.lanes import Lane, LaneSection
from roadlab.roads.network import build_network, network_of
from roadlab.roads.reference_line import Piece, ReferenceLine
from roadlab.roads.relief import Relief
from roadlab.roads.road import Road
from roadlab.scenario.spec import MapSpec
from roadlab_sensors.world.road_surface import road_surface
from roadlab_sensors.world.roadside import roadside

LANES = (Lane(-1, "driving", Cubics.constant(3.5)), Lane(1, "driving", Cubics.constant(3.5)))
HUMP = Cubics.of([(0.0, 0.0, 0.0, 3.0 * 7.0 / 200.0**2, -2.0 * 7.0 / 200.0**3)])
"""Up to 7 m within 200 m."""


def straight(name, x, y, heading, relief=Relief()):  # noqa: B008
    return Road(name, ReferenceLine((Piece(200.0),), x, y, heading), (LaneSection(0.0, LANES),), 14.0, relief=relief)


LOW = straight("low", -100.0, 0.0, 0.0)
HIGH = straight("high", 0.0, -190.0, np.pi / 2, Relief(elevation=HUMP))


def corners(meshes, semantic):
    return np.concatenate([mesh.vertices[mesh.faces] for mesh in meshes if mesh.semantic in semantic]).astype(float)


def test_two_roads_cross_on_their_own_levels():
    meshes = road_surface(network_of([LOW, HIGH]))
    faces = corners(meshes, ("road", "road marking"))
    over = float(HIGH.height(190.0))
    assert over > 6.5
    crossing = faces[(np.abs(faces[..., :2].mean(axis=1)) < 3.4).all(axis=1)]
    levels = crossing[..., 2]
    assert np.all((np.abs(levels) < 1e-3) | (np.abs(levels - over) < 0.3))
    normal = np.cross(crossing[:, 1] - crossing[:, 0], crossing[:, 2] - crossing[:, 0])
    assert np.all(normal[:, 2] > 0.0)
    assert set((levels.max(axis=1) < 1.0).tolist()) == {True, False}


@pytest.mark.parametrize(("z", "name"), [(0.0, "low"), (6.9, "high")])
def test_a_place_with_a_height_is_on_the_road_of_that_height(z, name):
    network = network_of([LOW, HIGH])
    found = network.locate([[0.5, 1.0, z]])
    assert network.road_names[found.road[0]] == name
    assert network.road_height([[0.5, 1.0, z]])[0] == pytest.approx(z, abs=0.3)


def test_under_the_bridge_there_is_room_for_a_lorry():
    meshes = road_surface(network_of([LOW, HIGH]))
    everything = np.concatenate([mesh.vertices for mesh in meshes])
    lane = everything[(np.abs(everything[:, 0]) < 3.0) & (np.abs(everything[:, 1]) < 3.4)]
    assert not np.any((lane[:, 2] > 0.05) & (lane[:, 2] < 4.5))


def test_a_tunnel_of_a_map_has_walls_beside_the_road_and_a_ceiling_above_it():
    tunnel = RoadObject("1", "t", "tunnel", 20.0, 0.0, 0.0, length=100.0)
    (prop,) = roadside(network_of([replace(LOW, objects=(tunnel,))]))
    points = np.concatenate([mesh.vertices for mesh in prop.model.parts["body"]]).astype(float)
    assert points[:, 0].min() == pytest.approx(-80.0)
    assert points[:, 0].max() == pytest.approx(20.0)
    assert not np.any((np.abs(points[:, 1]) < 4.4) & (points[:, 2] < 4.4))  # 1 m beside the lanes, 4.5 m high
    assert points[:, 2].max() == pytest.approx(5.0)


def test_a_bridge_of_a_map_has_parapets():
    bridge = RoadObject("1", "b", "bridge", 20.0, 0.0, 0.0, length=30.0)
    (prop,) = roadside(network_of([replace(LOW, objects=(bridge,))]))
    points = np.concatenate([mesh.vertices for mesh in prop.model.parts["body"]]).astype(float)
    assert np.abs(points[:, 1]).min() == pytest.approx(3.5)
    assert points[:, 2].max() == pytest.approx(1.0)


# --- roads over themselves, junctions over roads ---------------------------------------------------------------------

UP = [{"s": 0.0, "z": 0.0}, {"s": 60.0, "z": 0.0}, {"s": 330.0, "z": 7.5}, {"s": 470.0, "z": 7.5}]


def loop():
    """A road that turns left by 270 degrees and then leads over its own beginning, at x = 40 m."""
    path = [{"line": 100.0}, {"arc": {"length": 90.0 * np.pi, "radius": 60.0}}, {"line": 120.0}]
    road = {"profile": "urban_2x1", "path": path, "elevation": UP}
    return build_network(MapSpec.model_validate({"roads": {"loop": road}}))


def crossroads_on_a_bridge():
    """Four streets that meet 7 m above a motorway, which leads below from the south-west to the north-east."""
    quarter = np.pi / 2
    places = {"west": (-115.0, 0.0, 0.0), "south": (0.0, -115.0, quarter), "east": (15.0, 0.0, 0.0),
              "north": (0.0, 15.0, quarter)}  # fmt: skip
    roads = {
        name: {"profile": "urban_2x1", "start": {"x": x, "y": y, "heading": h}, "path": [{"line": 100.0}],
               "elevation": [{"s": 0.0, "z": 7.0}]}
        for name, (x, y, h) in places.items()
    }  # fmt: skip
    start = {"x": -150.0, "y": -145.0, "heading": 0.5 * quarter}
    roads["low"] = {"profile": "motorway_2", "start": start, "path": [{"line": 420.0}]}
    junctions = {"high": {"connect": ["west.end", "east.start", "south.end", "north.start"]}}
    return build_network(MapSpec.model_validate({"roads": roads, "junctions": junctions}))


def heights_at(meshes, x, y, semantic):
    """Heights of all triangles of some classes, from above or below, at a place."""
    faces = corners(meshes, semantic)
    a, b, c = np.moveaxis(faces, 1, 0)
    area = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        u = ((x - a[:, 0]) * (c - a)[:, 1] - (y - a[:, 1]) * (c - a)[:, 0]) / area
        v = ((b - a)[:, 0] * (y - a[:, 1]) - (b - a)[:, 1] * (x - a[:, 0])) / area
        hit = (u >= 0.0) & (v >= 0.0) & (u + v <= 1.0) & (np.abs(area) > 1e-9)
    return np.sort(a[hit, 2] + u[hit] * (b - a)[hit, 2] + v[hit] * (c - a)[hit, 2])


GROUND = ("road", "road marking", "sidewalk", "terrain")


def test_a_road_that_leads_over_itself_has_a_surface_on_both_levels():
    network = loop()
    meshes = road_surface(network)
    road = network.roads["loop"]
    s = road.reference_line.length - 120.0 + 60.0  # where the second line crosses the first
    for dx, dy in ((0.5, 1.0), (-1.3, -2.2), (2.4, 0.7)):
        low, high = heights_at(meshes, 40.0 + dx, dy, GROUND)
        assert low == pytest.approx(float(road.height(40.0 + dx, dy)), abs=0.02)
        assert high == pytest.approx(float(road.height(s - dy, dx)), abs=0.02)


def test_a_loop_is_paved_once_everywhere():
    """From the first metre to the last, and across the joints between bridge and ground."""
    network = loop()
    meshes, road = road_surface(network), network.roads["loop"]
    for s in np.arange(0.3719, road.length, 1.3137):
        x, y, _ = road.point(s, -1.7137)
        z = float(road.height(s, -1.7137))
        near = [h for h in heights_at(meshes, float(x), float(y), GROUND) if abs(h - z) < 0.5]
        assert near == [pytest.approx(z, abs=0.02)], s


def test_a_crossroads_on_a_bridge_leaves_the_motorway_below_free():
    network = crossroads_on_a_bridge()
    meshes = road_surface(network)
    (low, high) = heights_at(meshes, 1.0, 2.0, GROUND)
    assert (low, high) == (pytest.approx(0.0, abs=0.02), pytest.approx(7.0, abs=0.02))
    points = np.concatenate([mesh.vertices for mesh in meshes]).astype(float)
    road = network.roads["low"]
    s, t = road.locate(points[:, :2])
    right, left = road.carriageway
    over = (s > 0.0) & (s < road.length) & (t > right + 0.01) & (t < left - 0.01) & (points[:, 2] > 0.15)
    assert points[over, 2].min() > 5.5


def test_piers_stand_between_carriageways_and_carry_a_long_bridge():
    """A viaduct over two carriageways with a strip of grass between them."""
    lanes = tuple(Lane(-k, "driving", Cubics.constant(3.75)) for k in (3, 2, 1))
    section = (LaneSection(0.0, lanes),)
    there = Road("there", ReferenceLine((Piece(300.0),), -150.0, -4.0, 0.0), section, 30.0, one_way=True)
    back = Road("back", ReferenceLine((Piece(300.0),), 150.0, 4.0, np.pi), section, 30.0, one_way=True)
    meshes = road_surface(network_of([there, back, HIGH]))
    columns = [mesh.vertices.astype(float) for mesh in meshes if mesh.semantic == "wall"]
    points = np.concatenate([part for part in columns if np.ptp(part[:, 0]) < 1.1 and np.ptp(part[:, 1]) < 1.1])
    assert np.abs(points[:, 1]).max() <= 4.0 - 1.0  # 1 m clear of the lanes on either side
    assert points[:, 2].min() < 0.0
    assert points[:, 2].max() == pytest.approx(float(HIGH.height(190.0)), abs=0.8)


def test_what_is_on_a_bridge_and_what_is_below_make_up_the_road():
    network = loop()
    ground, (deck,) = parted(network)
    lengths = [road.extent[1] - road.extent[0] for part in (ground, deck.network) for road in part.roads.values()]
    assert sum(lengths) == pytest.approx(network.roads["loop"].length)
    assert not ground.locator.has_levels
    assert network.locator.has_levels


@pytest.mark.parametrize(("z", "s"), [(0.0, 40.0), (7.4, 100.0 + 90.0 * np.pi + 60.0)])
def test_a_height_tells_on_which_turn_of_a_loop_a_place_is(z, s):
    found = loop().locate([[40.0, 0.0, z]])
    assert found.s[0] == pytest.approx(s, abs=1e-6)
