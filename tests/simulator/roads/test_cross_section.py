"""Lane sections with widths, borders and offsets that vary along s."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from roadlab.roads.cubics import ZERO, Cubics
from roadlab.roads.lanes import Lane, LaneSection
from roadlab.roads.reference_line import Piece, ReferenceLine
from roadlab.roads.road import Road


def lane(number, *records, kind="driving", **more):
    return Lane(number, kind, Cubics.of(records or [(0.0, 3.5, 0.0, 0.0, 0.0)]), **more)


def road_of(*sections, curvature=0.0, length=100.0, **more):
    line = ReferenceLine((Piece(length, curvature, curvature),))
    return Road("r", line, tuple(sections), 50 / 3.6, **more)


def widening(**more):
    """One lane to the left; to the right a second one that opens between 40 and 60 m, in a section of its own."""
    before = LaneSection(0.0, (lane(-1), lane(1)))
    opening = (40.0, 0.0, 0.0, 3 * 3.0 / 20.0**2, -2 * 3.0 / 20.0**3)
    behind = LaneSection(40.0, (lane(-2, opening, (60.0, 3.0, 0.0, 0.0, 0.0)), lane(-1), lane(1)))
    return road_of(before, behind, **more)


def test_a_cubic_holds_until_the_next_record():
    width = Cubics.of([(10.0, 3.0, 0.1, 0.0, 0.0), (20.0, 4.0, 0.0, 0.0, 0.001)])
    np.testing.assert_allclose(width([0.0, 10.0, 15.0, 20.0, 30.0]), [3.0, 3.0, 3.5, 4.0, 5.0])
    np.testing.assert_allclose(width.slope([15.0, 30.0]), [0.1, 0.3])


def test_a_ramp_is_level_at_its_ends():
    ramp = Cubics.ramp((10.0, 30.0), (1.0, 2.0))
    np.testing.assert_allclose(ramp([0.0, 10.0, 20.0, 30.0, 99.0]), [1.0, 1.0, 1.5, 2.0, 2.0])
    np.testing.assert_allclose(ramp.slope([10.0, 20.0, 30.0]), [0.0, 0.075, 0.0], atol=1e-15)


def test_a_lane_opens_along_its_cubic():
    road = widening()
    s = np.array([0.0, 39.9, 40.0, 50.0, 60.0, 100.0])
    np.testing.assert_allclose(road.lane_width(s, -2), [np.nan, np.nan, 0.0, 1.5, 3.0, 3.0], atol=1e-12)
    np.testing.assert_allclose(road.lane_center(s, -1), -1.75)
    np.testing.assert_allclose(road.lane_edges(50.0, -2), (-5.0, -3.5))
    np.testing.assert_array_equal(road.lane_at([10.0, 50.0, 50.0, 80.0], [-4.0, -4.0, -5.1, -6.4]), [0, -2, 0, -2])
    np.testing.assert_array_equal(road.section_at(s), [0, 0, 1, 1, 1, 1])


def test_edges_of_many_lanes_are_asked_for_at_once():
    road = widening()
    right, left = road.lane_edges(np.array([[10.0], [80.0]]), np.array([-2, -1, 1]))
    np.testing.assert_allclose(right, [[np.nan, -3.5, 0.0], [-6.5, -3.5, 0.0]])
    np.testing.assert_allclose(left, [[np.nan, 0.0, 3.5], [-3.5, 0.0, 3.5]])


def test_a_lane_offset_moves_all_lanes():
    road = widening(lane_offset=Cubics.of([(0.0, 1.0, 0.0, 0.0, 0.0), (50.0, 1.0, 0.02, 0.0, 0.0)]))
    np.testing.assert_allclose(road.lane_center([10.0, 50.0, 100.0], 1), [2.75, 2.75, 3.75])
    np.testing.assert_allclose(road.lane_center([10.0, 50.0, 100.0], -1), [-0.75, -0.75, 0.25])


def test_a_border_is_the_place_of_the_outer_edge():
    edge = Lane(-2, "driving", ZERO, border=Cubics.of([(0.0, -7.0, -0.01, 0.0, 0.0)]))
    road = road_of(LaneSection(0.0, (edge, lane(-1))))
    np.testing.assert_allclose(road.lane_edges([0.0, 100.0], -2), [[-7.0, -8.0], [-3.5, -3.5]])


def test_the_edges_of_a_road_hold_all_of_it():
    road = widening(lane_offset=Cubics.of([(0.0, 0.0, 0.05, 0.0, 0.0)]))
    right, left = road.edges
    s = np.linspace(0.0, 100.0, 501)
    assert right <= np.nanmin(road.lane_edges(s, -2)[0])
    assert left >= np.nanmax(road.lane_edges(s, 1)[1])
    assert left == pytest.approx(8.5)


def test_a_lane_that_widens_on_a_bend_has_the_area_of_its_integral():
    """Between t1(s) and t2(s), beside a line of curvature k: the integral of (t2 - t1)(1 - k (t1 + t2) / 2)."""
    road = widening(curvature=1 / 80)
    right, left = (lambda s: -3.5 - float(road.lane_width(s, -2))), (lambda _: -3.5)
    exact = quad(lambda s: (left(s) - right(s)) * (1 - (left(s) + right(s)) / 160), 40.0, 100.0, points=[60.0])[0]
    assert road.lane_patch(-2).area == pytest.approx(exact, rel=3e-4)


def test_lanes_of_a_widening_road_tile_it_without_gap_or_overlap():
    road = widening(curvature=-1 / 60)
    parts = [road.lane_patch(number) for number in road.lane_ids]
    whole = shapely.union_all(parts)
    assert whole.area == pytest.approx(sum(part.area for part in parts), rel=1e-6)
    assert shapely.get_num_geometries(whole) == 1
    assert len(whole.interiors) == 0


@given(
    st.lists(st.tuples(st.floats(2.0, 4.0), st.floats(-0.01, 0.01)), min_size=1, max_size=4),
    st.floats(-2.0, 2.0),
    st.lists(st.floats(0.0, 100.0), min_size=1, max_size=6),
)
def test_neighbouring_lanes_share_their_edge_and_widths_add_up(shapes, offset, places):
    lanes = [lane(-k, (0.0, width, slope, 0.0, 0.0)) for k, (width, slope) in enumerate(shapes, 1)]
    road = road_of(LaneSection(0.0, tuple(reversed(lanes))), lane_offset=Cubics.constant(offset))
    s = np.array(places)
    for k in range(1, len(shapes)):
        np.testing.assert_array_equal(road.lane_edges(s, -k)[0], road.lane_edges(s, -k - 1)[1])
    total = sum(width + slope * s for width, slope in shapes)
    np.testing.assert_allclose(offset - road.lane_edges(s, -len(shapes))[0], total, atol=1e-12)
    middles = np.stack([road.lane_center(s, -k - 1) for k in range(len(shapes))])
    found = road.lane_at(np.broadcast_to(s, middles.shape), middles)
    np.testing.assert_array_equal(found, -np.arange(1, len(shapes) + 1)[:, None] * np.ones(len(s)))
