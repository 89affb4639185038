"""Reference lines against Fresnel's integrals, closed forms and their own inverse."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from roadlab.roads.reference_line import Piece, PolynomialPiece, ReferenceLine

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


# --- polynomials, against esmini's Unittest/RoadManager_test.cpp and closed forms ------------------------------------

POLY3 = PolynomialPiece.poly3(1.0, (0.0, 0.0, 1.0, -2.0))
S_BEND = PolynomialPiece.param_poly3(20.0, (0, 10, 10, -10), (0, 10, -10, 10), normalized=True)


def nearest_s(line, x, y):
    return float(line.locate([[x, y]])[0][0])


@pytest.mark.parametrize(
    ("x", "y", "heading"),
    [(0.1, 0.008, 0.139), (0.199, 0.024, 0.159), (0.721, -0.230, -1.033), (0.707, -0.207, -1.008)],
)
def test_a_poly3_passes_through_esminis_points(x, y, heading):
    line = ReferenceLine((POLY3,))
    found = np.array(line.point(nearest_s(line, x, y)))
    assert found == pytest.approx([x, y, heading], abs=1.5e-3)


@pytest.mark.parametrize("s", [0.1, 0.35, 0.8, 1.0])
def test_s_of_a_poly3_is_its_arc_length(s):
    u = float(ReferenceLine((POLY3,)).point(s)[0])
    assert quad(lambda x: np.hypot(1.0, 2.0 * x - 6.0 * x * x), 0.0, u)[0] == pytest.approx(s, abs=1e-6)


@pytest.mark.parametrize(("p", "curvature"), [(0.0, -0.141421), (0.1, -0.094853), (0.5, 0.064564), (1.0, 0.1)])
def test_a_param_poly3_bends_as_esmini_says(p, curvature):
    line = ReferenceLine((S_BEND,))
    x, y = 10 * p + 10 * p**2 - 10 * p**3, 10 * p - 10 * p**2 + 10 * p**3
    assert float(line.curvature(np.clip(nearest_s(line, x, y), 0.0, 20.0))) == pytest.approx(curvature, abs=1e-5)


def test_a_param_poly3_over_its_length_is_clamped_at_its_end():
    quartic = (1.0, -2.0, 3.0, -4.0)
    piece = PolynomialPiece.param_poly3(4.0, quartic, quartic, normalized=False)
    x, y, _ = piece_line(piece, (-1.0, 1.0, 5 * np.pi)).point([0.0, 4.0])
    np.testing.assert_allclose(x, [-2.0, 214.0], atol=1e-9)
    np.testing.assert_allclose(y, [0.0, 216.0], atol=1e-9)


def piece_line(piece, start=(0.0, 0.0, 0.0)):
    return ReferenceLine.placed((piece,), (start,))


def test_both_ranges_of_a_param_poly3_are_the_same_curve():
    one = PolynomialPiece.param_poly3(50.0, (0, 50, 0, 0), (0, 0, 5, -3), normalized=True)
    other = PolynomialPiece.param_poly3(50.0, (0, 1, 0, 0), (0, 0, 5 / 50**2, -3 / 50**3), normalized=False)
    s = np.linspace(0.0, 50.0, 30)
    np.testing.assert_allclose(piece_line(one).point(s), piece_line(other).point(s), atol=1e-9)


def test_curvature_of_polynomials_is_how_fast_their_heading_turns():
    line = ReferenceLine.placed((S_BEND,), ((3.0, -2.0, 0.4),))
    length = quad(lambda p: np.hypot(10 + 20 * p - 30 * p * p, 10 - 20 * p + 30 * p * p), 0.0, 1.0)[0]
    s = np.linspace(0.5, 19.5, 40)
    turn = (line.point(s + 1e-4)[2] - line.point(s - 1e-4)[2]) / 2e-4
    np.testing.assert_allclose(line.curvature(s) * length / 20.0, turn, rtol=1e-4, atol=1e-6)


def test_the_gaps_of_a_file_stay_measurable():
    line = ReferenceLine.placed(
        (Piece(10.0), Piece(10.0), Piece(5.0)), ((0, 0, 0), (10.003, 0.004, 0.0), (20, 0, 0.01))
    )
    gaps, kinks = line.gaps()
    np.testing.assert_allclose(gaps, [0.005, 0.005], atol=1e-12)
    np.testing.assert_allclose(kinks, [0.0, 0.01], atol=1e-12)
    assert float(line.point(10.0)[0]) == pytest.approx(10.003)


def test_a_chained_line_has_no_gaps():
    gaps, kinks = ReferenceLine(
        (Piece(30.0), Piece(40.0, 0.0, 0.02), Piece(9.0, 0.02, 0.02), POLY3), 4.0, 5.0, 6.0
    ).gaps()
    assert max(gaps) < 1e-9
    assert max(kinks) < 1e-9


gentle = st.builds(
    lambda length, c, d: PolynomialPiece.param_poly3(length, (0, length, 0, 0), (0, 0, c, d), normalized=True),
    st.floats(20.0, 90.0),
    st.floats(-4.0, 4.0),
    st.floats(-4.0, 4.0),
)


@given(
    st.lists(st.one_of(pieces, gentle), min_size=1, max_size=3),
    st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(-8.0, 8.0)), min_size=1, max_size=8),
)
def test_locate_is_the_inverse_of_point_on_polynomials_too(shape, places):
    line = ReferenceLine(tuple(shape), -30.0, 70.0, 0.3)
    if np.ptp(line.point(np.linspace(0, line.length, 200))[2]) > 2.5:
        return
    if np.max(np.abs(line.curvature(np.linspace(0, line.length, 400)))) > 0.08:
        return
    share, t = np.array(places).T
    x, y, _ = line.point(share * line.length, t)
    found_s, found_t = line.locate(np.column_stack([x, y]))
    np.testing.assert_allclose(found_s, share * line.length, atol=1e-6)
    np.testing.assert_allclose(found_t, t, atol=1e-6)
