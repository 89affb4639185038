"""Elevation and lateral profile against published ramps, closed forms and differences of the surface itself."""

import numpy as np
import pytest

from roadlab.roads.cubics import Cubics
from roadlab.roads.lanes import Lane, LaneSection
from roadlab.roads.network import network_of
from roadlab.roads.reference_line import Piece, ReferenceLine
from roadlab.roads.relief import Relief, Shape
from roadlab.roads.road import Road, attitude_on


def road_on(relief, *pieces, name="r", x=0.0, y=0.0, heading=0.0):
    lanes = tuple(Lane(k, "driving", Cubics.constant(3.5)) for k in (-2, -1, 1, 2))
    line = ReferenceLine(pieces or (Piece(100.0),), x, y, heading)
    return Road(name, line, (LaneSection(0.0, lanes),), 20.0, relief=relief)


def test_the_crest_of_esmini_rises_six_metres():
    crest = Cubics.of([(0.0, 0.0, 0.0, 0.00367346938776, -0.0000349854227405)])
    assert float(road_on(Relief(crest)).height(70.0)) == pytest.approx(6.0, abs=1e-9)
    assert float(crest.slope(70.0)) == pytest.approx(0.0, abs=1e-9)


def test_esminis_superelevation_and_elevation_reach_half_a_radian_and_twenty_metres():
    tilt = Cubics.of([(0.0, 0.0, 0.0, 1.5e-4, -1e-6)])
    rise = Cubics.of([(0.0, 0.0, 0.0, 6e-3, -4e-5)])
    road = road_on(Relief(rise, tilt))
    x, y, z = road.position(100.0, 4.0)
    np.testing.assert_allclose([x, y, z], [100.0, 4.0 * np.cos(0.5), 20.0 + 4.0 * np.sin(0.5)], atol=1e-9)
    assert road.attitude(100.0)[2] == pytest.approx(0.5, abs=1e-6)


def test_uphill_the_nose_points_up_and_the_left_is_higher_on_positive_superelevation():
    uphill = road_on(Relief(Cubics.of([(0.0, 0.0, 0.1, 0.0, 0.0)])))
    yaw, pitch, roll = uphill.attitude(50.0)
    assert (yaw, pitch, roll) == pytest.approx((0.0, -np.arctan(0.1), 0.0))  # ISO 8855: nose down is positive
    banked = road_on(Relief(superelevation=Cubics.constant(0.1)))
    assert banked.attitude(50.0) == pytest.approx([0.0, 0.0, 0.1], abs=1e-6)
    assert float(banked.height(50.0, 3.0)) > float(banked.height(50.0, -3.0))


def test_who_faces_down_a_slope_has_its_nose_down():
    normal = road_on(Relief(Cubics.of([(0.0, 0.0, 0.1, 0.0, 0.0)]))).normal(50.0)
    assert attitude_on(normal, np.pi)[1] == pytest.approx(np.arctan(0.1))
    assert attitude_on(normal, np.pi / 2)[2] == pytest.approx(-np.arctan(0.1))  # to the north, the right (east) is up


CURVED = Relief(
    Cubics.of([(0.0, 1.0, 0.05, -3e-4, 0.0)]),
    Cubics.of([(0.0, 0.02, 1e-3, 0.0, 0.0)]),
    shape=Shape(
        np.array([0.0, 60.0]), (Cubics.of([(-8.0, 0.1, -0.02, 0.0, 0.0)]), Cubics.of([(-8.0, 0.0, 0.01, 1e-3, 0)]))
    ),
)


def test_normals_stand_on_the_surface_that_differences_find():
    road = road_on(CURVED, Piece(40.0, 0.0, 0.02), Piece(40.0, 0.02, 0.02))
    s, t = np.meshgrid(np.linspace(5.0, 75.0, 9), [-6.0, -2.0, 1.0, 5.0])
    h = 1e-4
    along = road.position(s + h, t) - road.position(s - h, t)
    across = road.position(s, t + h) - road.position(s, t - h)
    expected = np.cross(along, across)
    expected /= np.linalg.norm(expected, axis=-1, keepdims=True)
    np.testing.assert_allclose(road.normal(s, t), expected, atol=1e-6)
    assert (road.normal(s, t)[..., 2] > 0.9).all()


def test_places_on_a_banked_bend_are_found_again():
    road = road_on(CURVED, Piece(40.0, 0.0, 0.02), Piece(40.0, 0.02, 0.02))
    s, t = (grid.ravel() for grid in np.meshgrid(np.linspace(5.0, 75.0, 9), [-6.0, -2.0, 1.0, 5.0]))
    found_s, found_t = road.locate(road.position(s, t)[:, :2])
    np.testing.assert_allclose(found_s, s, atol=1e-7)
    np.testing.assert_allclose(found_t, t, atol=1e-7)
    found = network_of([road]).locate(road.position(s, t))
    np.testing.assert_allclose(found.s, s, atol=1e-7)
    np.testing.assert_allclose(found.t, t, atol=1e-7)


def test_superelevation_keeps_the_width_of_lanes_and_narrows_them_from_above():
    road = road_on(Relief(superelevation=Cubics.constant(0.4)))
    ends = road.position(50.0, np.array(road.lane_bounds(-1)))
    assert np.linalg.norm(ends[1] - ends[0]) == pytest.approx(3.5)
    assert road.lane_patch(-1).area == pytest.approx(350.0 * np.cos(0.4))


def test_a_crossfall_falls_to_the_outside():
    road = road_on(Relief(crossfall_left=Cubics.constant(0.02), crossfall_right=Cubics.constant(0.03)))
    np.testing.assert_allclose(road.height(50.0, [3.0, 0.0, -3.0]), [-3 * np.tan(0.02), 0.0, -3 * np.tan(0.03)])


def test_a_shape_is_linear_between_its_sections():
    flat, roof = Cubics.constant(0.0), Cubics.of([(-7.0, 0.0, 0.02, 0.0, 0.0), (0.0, 0.14, -0.02, 0.0, 0.0)])
    road = road_on(Relief(shape=Shape(np.array([0.0, 100.0]), (flat, roof))))
    np.testing.assert_allclose(road.height([0.0, 50.0, 100.0], 0.0), [0.0, 0.07, 0.14], atol=1e-12)
    np.testing.assert_allclose(road.height(100.0, [-7.0, 3.5]), [0.0, 0.07], atol=1e-12)


def test_the_ground_follows_the_road_and_goes_on_beside_it():
    network = network_of([road_on(Relief(Cubics.of([(0.0, 2.0, 0.05, 0.0, 0.0)])))])
    np.testing.assert_allclose(network.ground_height([[0.0, 0.0], [40.0, 3.0], [40.0, 30.0]]), [2.0, 4.0, 4.0])
    pitch = network.attitude([[40.0, 3.0]], [0.0])[0, 1]
    assert pitch == pytest.approx(-np.arctan(0.05))


def test_a_bridge_and_the_road_below_are_told_apart_by_height():
    below = road_on(Relief(), name="below")
    bridge = road_on(Relief(Cubics.constant(6.0)), name="bridge", x=50.0, y=-50.0, heading=np.pi / 2)
    network = network_of([below, bridge])
    places = [[51.0, -1.0, 0.3], [51.0, -1.0, 5.8], [20.0, 1.0, 9.0]]
    assert [network.road_names[k] for k in network.locate(places).road] == ["below", "bridge", "below"]
    np.testing.assert_allclose(network.road_height(places), [0.0, 6.0, 0.0])
    assert network.locator.has_levels
    assert not network_of([below]).locator.has_levels
