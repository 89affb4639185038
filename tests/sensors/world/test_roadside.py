"""Signs and objects of a map stand where it says, as large as it says, and look at those whom they concern."""

from dataclasses import replace

import numpy as np
import pytest

from roadlab.roads.areas import ground_height
from roadlab.roads.cubics import Cubics
from roadlab.roads.furniture import Corner, Outline, Repeat, RoadObject, RoadSignal
from roadlab.roads.lanes import Lane, LaneSection
from roadlab.roads.network import network_of
from roadlab.roads.reference_line import Piece, ReferenceLine
from roadlab.roads.road import Road
from roadlab_sensors.world.road_marks import road_marks
from roadlab_sensors.world.roadside import roadside
from roadlab_sensors.world.roadside.faces import face_of

LANES = (Lane(-1, "driving", Cubics.constant(3.5)), Lane(1, "driving", Cubics.constant(3.5)))
EAST = Road("east", ReferenceLine((Piece(100.0),), 0.0, 0.0, 0.0), (LaneSection(0.0, LANES),), 14.0)
STOP = RoadSignal("1", "stop", 90.0, -4.2, 2.0, "+", False, "206", country="DE", width=0.9, height=0.9)


def built(**furniture):
    """All vertices of what stands beside the road, in the world, with their meshes."""
    network = network_of([replace(EAST, **furniture)])
    found = []
    for prop in roadside(network):
        for pose in prop.world_from_prop:
            found += [mesh.moved(pose[:3, :3], pose[:3, 3]) for mesh in prop.model.parts["body"]]
    return network, found


def of(meshes, semantic):
    return np.concatenate([mesh.vertices for mesh in meshes if mesh.semantic == semantic])


def test_a_stop_sign_stands_beside_the_road_and_above_heads():
    _, meshes = built(signals=(STOP,))
    plate = of(meshes, "traffic sign")
    assert plate.mean(axis=0)[:2] == pytest.approx([90.0, -4.2], abs=0.06)
    assert plate[:, 2].min() == pytest.approx(2.0, abs=0.01)
    assert np.ptp(plate[:, 1]) == pytest.approx(0.86, abs=0.05)  # an octagon of 90 cm over its corners
    assert of(meshes, "pole")[:, 2].min() == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize(("facing", "towards"), [("+", -1.0), ("-", 1.0)])
def test_a_sign_looks_at_the_traffic_that_it_is_for(facing, towards):
    _, meshes = built(signals=(replace(STOP, facing=facing),))
    corners = np.concatenate([mesh.vertices[mesh.faces] for mesh in meshes if mesh.material == "sign_face"])
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]).sum(axis=0)
    assert normal[0] * towards > 0.9 * np.linalg.norm(normal)


def test_two_signs_of_one_place_share_a_post():
    plate = RoadSignal("2", "", 90.0, -4.2, 1.8, "+", False, "R1-3P", country="US")
    network = network_of([replace(EAST, signals=(replace(STOP, type="R1-1", country="US", z=2.1), plate))])
    assert len(roadside(network)) == 1


def test_a_speed_limit_shows_its_value():
    thirty, fifty = (
        face_of(RoadSignal("1", "", 0.0, 0.0, 2.0, "+", False, "274", subtype=text, country="de"))[-1][0]
        for text in ("274-30", "274-50")
    )
    assert thirty.symmetric_difference(fifty).area > 0.1 * thirty.area


def test_an_unknown_sign_is_a_blank_plate_of_its_size():
    layers = face_of(RoadSignal("1", "", 0.0, 0.0, 2.0, "+", False, "no such", country="xx", width=1.2, height=0.4))
    low_x, low_z, high_x, high_z = layers[0][0].bounds
    assert (high_x - low_x, high_z - low_z) == pytest.approx((1.2, 0.4))


def test_poles_repeat_along_the_road():
    repeat = Repeat(10.0, 40.0, 10.0, (5.0, 7.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0))
    pole = RoadObject("1", "pole", "pole", 10.0, 5.0, 0.0, radius=0.1, height=4.0, repeats=(repeat,))
    network = network_of([replace(EAST, objects=(pole,))])
    (prop,) = roadside(network)
    assert prop.world_from_prop[:, 0, 3] == pytest.approx([10.0, 20.0, 30.0, 40.0, 50.0])
    assert prop.world_from_prop[:, 1, 3] == pytest.approx([5.0, 5.5, 6.0, 6.5, 7.0])
    tall = max(mesh.vertices[:, 2].max() for mesh in prop.model.parts["body"])
    assert tall == pytest.approx(4.0)


def test_an_island_rises_from_the_road_within_its_outline():
    corners = tuple(Corner(s, t, 0.0, 0.12) for s, t in [(40.0, -1.0), (46.0, -1.0), (46.0, 1.0), (40.0, 1.0)])
    thing = RoadObject("1", "island", "trafficIsland", 43.0, 0.0, 0.0, outlines=(Outline(corners, local=False),))
    _, meshes = built(objects=(thing,))
    points = of(meshes, "sidewalk")
    assert points.min(axis=0)[:2] == pytest.approx([40.0, -1.0], abs=1e-3)
    assert points.max(axis=0) == pytest.approx([46.0, 1.0, 0.12], abs=1e-3)


def test_a_speed_bump_is_as_long_wide_and_high_as_the_map_says():
    bump = RoadObject("1", "b", "roadSurface", 50.0, 0.0, 0.0, subtype="bump", length=3.6, width=7.0, height=0.1)
    _, meshes = built(objects=(bump,))
    points = of(meshes, "road")
    assert np.ptp(points, axis=0) == pytest.approx([3.6, 7.0, 0.12], abs=1e-3)
    assert points[:, 2].max() == pytest.approx(0.1)


def test_a_parking_space_is_outlined_in_paint():
    corners = tuple(Corner(u, v, 0.0) for u, v in [(-2.5, -1.2), (2.5, -1.2), (2.5, 1.2), (-2.5, 1.2)])
    space = RoadObject("1", "p", "parkingSpace", 30.0, -1.75, 0.0, outlines=(Outline(corners, local=True),))
    (line,) = road_marks(network_of([replace(EAST, objects=(space,))]))
    assert line.area.bounds == pytest.approx((27.5, -2.95, 32.5, -0.55))
    assert line.area.area == pytest.approx(0.12 * 2 * (5.0 + 2.4 - 0.24), rel=1e-6)


def test_what_stands_beside_the_road_stands_on_the_ground():
    network, meshes = built(signals=(STOP,))
    foot = of(meshes, "pole")
    ground = ground_height(network, foot[:, :2].mean(axis=0, keepdims=True))[0]
    assert foot[:, 2].min() == pytest.approx(ground, abs=0.02)


def test_an_arrow_is_painted_where_the_map_outlines_it():
    corners = tuple(Corner(u, v, 0.0) for u, v in [(-2.5, -0.1), (1.0, -0.1), (1.0, -0.5), (2.5, 0.0), (1.0, 0.5)])
    arrow = RoadObject("1", "straight", "roadMark", 60.0, -1.75, 0.0, outlines=(Outline(corners, local=True),))
    (mark,) = road_marks(network_of([replace(EAST, objects=(arrow,))]))
    assert mark.area.bounds == pytest.approx((57.5, -2.25, 62.5, -1.25))
