"""What road marks consist of."""

import pytest

from roadlab.roads.marks import MarkLine, RoadMark


def test_of_two_lines_the_first_is_the_one_on_the_inside():
    mark = RoadMark("solid broken", width=0.12, length=3.0, space=6.0)
    inner, outer = mark.lines(-1)
    assert (inner.length, outer.length) == (0.0, 3.0)
    assert inner.t > 0.0 > outer.t  # the reference line lies to the left of a right-hand lane's boundary
    inner, outer = mark.lines(1)
    assert inner.length == 0.0
    assert inner.t < 0.0 < outer.t
    assert outer.t - inner.t == pytest.approx(2 * 0.12)


def test_single_lines_lie_on_the_boundary():
    assert RoadMark("solid", 0.25).lines(-1) == (MarkLine(0.25),)
    (broken,) = RoadMark("broken", 0.12, length=4.0, space=8.0).lines(2)
    assert (broken.t, broken.length, broken.space) == (0.0, 4.0, 8.0)


def test_a_kerb_is_not_painted_and_explicit_lines_come_first():
    assert RoadMark("curb").lines(-1) == ()
    own = (MarkLine(0.1, 0.3, 1.0, 2.0, 0.5),)
    assert RoadMark("broken", explicit=own).lines(-1) == own
