"""Clothoids through points: they meet the points, and neither heading nor curvature jumps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from roadlab.roads.authored.clothoids import clothoids_between, headings_through, line_through


def walked(length, start, end):
    """x, y, heading at the end of a clothoid, by integrating its differential equation."""

    def slope(s, state):
        return [np.cos(state[2]), np.sin(state[2]), start + (end - start) * s / length]

    return solve_ivp(slope, (0.0, length), [0.0, 0.0, 0.0], rtol=1e-11, atol=1e-12).y[:, -1]


@given(
    st.floats(5.0, 300.0),
    st.floats(-1.2, 1.2),
    st.floats(-1.2, 1.2),
)
@settings(max_examples=60, deadline=None)
def test_a_clothoid_arrives_at_the_second_point_with_its_heading(reach, first, last):
    fit = clothoids_between([[0.0, 0.0], [reach, 0.0]], [first, last])
    x, y, heading = walked(fit.length[0], fit.start[0], fit.end[0])
    turned = complex(x, y) * np.exp(1j * first)
    assert abs(turned - reach) < 1e-7 * reach
    assert heading + first == pytest.approx(last, abs=1e-9)


def test_equal_headings_to_either_side_of_the_chord_give_an_arc():
    # A chord under the angle a on both sides belongs to a circle of radius chord / (2 sin a).
    fit = clothoids_between([[0.0, 0.0], [60.0, 0.0]], [-0.3, 0.3])
    bend = 2.0 * np.sin(0.3) / 60.0
    assert fit.start[0] == pytest.approx(bend, rel=1e-10)
    assert fit.end[0] == pytest.approx(bend, rel=1e-10)
    assert fit.length[0] == pytest.approx(0.6 / bend, rel=1e-10)


@given(st.lists(st.tuples(st.floats(15.0, 80.0), st.floats(-0.5, 0.5)), min_size=2, max_size=25))
@settings(max_examples=60, deadline=None)
def test_the_line_passes_through_its_points_without_jumps(steps):
    ways = [step * np.exp(1j * turn) for (step, _), turn in zip(steps, np.cumsum([t for _, t in steps]), strict=True)]
    z = np.concatenate([[0.0], np.cumsum(ways)])
    points = np.column_stack([z.real, z.imag])
    line = line_through(points)
    x, y, _ = line.point([*line.offsets, line.length])
    np.testing.assert_allclose(np.column_stack([x, y]), points, atol=1e-6)
    gap, kink = line.gaps()
    assert np.max(gap, initial=0.0) < 1e-6
    assert np.max(kink, initial=0.0) < 1e-9
    for before, behind in zip(line.pieces, line.pieces[1:], strict=False):
        assert behind.start == pytest.approx(before.end, abs=1e-8)
    assert line.pieces[0].start == pytest.approx(0.0, abs=1e-8)
    assert line.pieces[-1].end == pytest.approx(0.0, abs=1e-8)


def test_points_of_a_circle_give_nearly_its_curvature_away_from_the_ends():
    angle = np.linspace(0.0, np.pi, 25)
    line = line_through(100.0 * np.column_stack([np.cos(angle), np.sin(angle)]))
    inner = [piece.start for piece in line.pieces[6:-6]]
    np.testing.assert_allclose(inner, 0.01, rtol=2e-3)
    assert line.length == pytest.approx(100.0 * np.pi, rel=1e-3)


def test_two_points_give_a_straight_line():
    np.testing.assert_allclose(headings_through([[0.0, 0.0], [3.0, 3.0]]), np.pi / 4)
    assert line_through([[0.0, 0.0], [3.0, 4.0]]).length == pytest.approx(5.0)


def test_points_that_are_the_same_are_refused():
    with pytest.raises(ValueError, match="the same"):
        line_through([[0.0, 0.0], [10.0, 0.0], [10.0, 0.0]])
