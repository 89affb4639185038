"""Roads that lead over and under others, and stretches that a map calls tunnels or bridges."""

from dataclasses import replace

import numpy as np
import pytest

from roadlab.roads.cubics import Cubics
from roadlab.roads.furniture import RoadObject
from roadlab.roads.lanes import Lane, LaneSection
from roadlab.roads.network import network_of
from roadlab.roads.reference_line import Piece, ReferenceLine
from roadlab.roads.relief import Relief
from roadlab.roads.road import Road
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
