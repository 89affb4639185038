"""Reference lines against Fresnel's integrals, closed forms and their own inverse."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlab.roads.reference_line import Piece, ReferenceLine

# Clothoids from curvature 0 at 0.001 1/m² (odrSpiral, Cephes Fresnel): s, x, y, heading.
FRESNEL = [
    (1, 0.999999975, 0.000166666663690, 0.0005),
    (10, 9.99750028933516, 0.166636907129226, 0.05),
    (50, 42.7326914200893, 18.6206811281618, 1.25),
    (100, 18.4099649735034, 26.1159799673018, 5.0),
    (200, 32.5307509018175, 25.8752053535062, 20.0),
    (300, 30.8408345355091, 26.2430715322063, 45.0),
]


@pytest.mark.parametrize(("s", "x", "y", "heading"), FRESNEL)
def test_a_clothoid_follows_fresnels_integrals(s, x, y, heading):
    line = ReferenceLine((Piece(300.0, 0.0, 0.3),))
    assert np.array(line.point(s)) == pytest.approx([x, y, heading], abs=1e-9)


@pytest.mark.parametrize(("s", "x", "y", "heading"), FRESNEL)
def test_a_clothoid_to_the_right_mirrors_one_to_the_left(s, x, y, heading):
    line = ReferenceLine((Piece(300.0, 0.0, -0.3),))
    assert np.array(line.point(s)) == pytest.approx([x, -y, -heading], abs=1e-9)


def test_a_road_like_clothoid_ends_where_odr_spiral_says():
    line = ReferenceLine((Piece(50.0, 0.0, 0.007),))
    assert np.array(line.point(50.0)) == pytest.approx([49.8470919509412, 2.91029267208805, 0.175], abs=1e-9)


def test_an_arc_follows_its_circle():
    line = ReferenceLine((Piece(200.0, 1 / 60, 1 / 60),))
    s = np.linspace(0, 200, 41)
    x, y, heading = line.point(s)
    np.testing.assert_allclose(x, 60 * np.sin(s / 60), atol=1e-11)
    np.testing.assert_allclose(y, 60 * (1 - np.cos(s / 60)), atol=1e-11)
    np.testing.assert_allclose(heading, s / 60, atol=1e-12)


@pytest.mark.parametrize("change", [0.0, 1e-15, 1e-12, 1e-9, 1e-6, 1e-4])
def test_a_clothoid_that_hardly_bends_more_is_nearly_an_arc(change):
    arc = ReferenceLine((Piece(100.0, 0.02, 0.02),)).point(100.0)
    clothoid = ReferenceLine((Piece(100.0, 0.02, 0.02 + change),)).point(100.0)
    # To first order the end moves by integral of s' * (change s'^2 / 2L) ds' <= change L^2 / 6 + second order.
    assert np.hypot(arc[0] - clothoid[0], arc[1] - clothoid[1]) <= change * 100**2 / 5 + 1e-10


@pytest.mark.parametrize(("start", "end"), [(0.05, 0.0500001), (0.01, 0.012), (-0.02, 0.03), (0.001, 0.2)])
def test_a_clothoid_agrees_with_fine_integration_of_its_heading(start, end):
    length, n = 120.0, 200_001
    s = np.linspace(0.0, length, n)
    heading = start * s + (end - start) * s**2 / (2 * length)
    weights = np.ones(n)
    weights[1:-1:2], weights[2:-1:2] = 4.0, 2.0  # Simpson's rule
    expected = np.sum(weights * np.exp(1j * heading)) * length / (n - 1) / 3
    x, y, _ = ReferenceLine((Piece(length, start, end),)).point(length)
    assert abs(complex(x, y) - expected) < 1e-9


def test_pieces_join_without_gap_or_kink():
    line = ReferenceLine((Piece(120.0), Piece(30.0, 0.0, 1 / 120), Piece(60.0, 1 / 120, 1 / 120)), 3.0, -2.0, 0.7)
    for joint in (120.0, 150.0):
        before, after = np.array(line.point(joint - 1e-9)), np.array(line.point(joint + 1e-9))
        np.testing.assert_allclose(after, before, atol=1e-8)
    assert line.length == pytest.approx(210.0)


def test_t_is_to_the_left():
    line = ReferenceLine((Piece(100.0),), heading=np.pi / 2)
    assert np.array(line.point(10.0, 2.0)) == pytest.approx([-2.0, 10.0, np.pi / 2])


def test_points_keep_the_shape_of_s_and_t():
    line = ReferenceLine((Piece(50.0), Piece(50.0, 0.01, 0.01)))
    x, y, heading = line.point(np.linspace(0, 100, 5)[:, None], np.array([-1.0, 0.0, 1.0]))
    assert x.shape == y.shape == heading.shape == (5, 3)


def test_the_line_goes_straight_on_beyond_its_ends():
    line = ReferenceLine((Piece(30.0, 0.05, 0.05),))
    end, beyond = np.array(line.point(30.0)), np.array(line.point(40.0))
    assert beyond == pytest.approx([end[0] + 10 * np.cos(end[2]), end[1] + 10 * np.sin(end[2]), end[2]])
    assert np.array(line.point(-5.0)) == pytest.approx([-5.0, 0.0, 0.0])


curvatures = st.floats(-0.02, 0.02)
pieces = st.builds(Piece, st.floats(5.0, 80.0), curvatures, curvatures)


@given(
    st.lists(pieces, min_size=1, max_size=4),
    st.floats(-np.pi, np.pi),
    st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(-12.0, 12.0)), min_size=1, max_size=8),
)
def test_locate_is_the_inverse_of_point(shape, heading, places):
    line = ReferenceLine(tuple(shape), 100.0, -50.0, heading)
    total = line.point([0.0, line.length])[2]
    # A line that turns far enough meets itself; then the nearest place need not be the one that we started from.
    if np.ptp(line.point(np.linspace(0, line.length, 200))[2]) > 2.5 or np.ptp(total) > 2.5:
        return
    share, t = np.array(places).T
    s = share * line.length
    x, y, _ = line.point(s, t)
    found_s, found_t = line.locate(np.column_stack([x, y]))
    np.testing.assert_allclose(found_s, s, atol=1e-7)
    np.testing.assert_allclose(found_t, t, atol=1e-7)


def test_locate_finds_places_beyond_the_ends():
    line = ReferenceLine((Piece(40.0),))
    s, t = line.locate([[-7.0, 2.0], [55.0, -3.0]])
    np.testing.assert_allclose(s, [-7.0, 55.0])
    np.testing.assert_allclose(t, [2.0, -3.0])


@pytest.mark.parametrize("reach", [0.0, 8.0])
def test_chords_between_stations_stay_close(reach):
    line = ReferenceLine((Piece(50.0), Piece(40.0, 0.0, -0.02), Piece(60.0, -0.02, -0.02)))
    stations = line.stations(tolerance=0.005, reach=reach)
    for a, b in pairwise(stations):
        for t in (-reach, reach):
            x, y, _ = line.point([a, 0.5 * (a + b), b], t)
            sagitta = np.hypot(x[1] - 0.5 * (x[0] + x[2]), y[1] - 0.5 * (y[0] + y[2]))
            assert sagitta < 0.00501
