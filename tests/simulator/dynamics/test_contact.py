import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from roadlab.dynamics.contact import Footprints, contacts, overlapping
from roadlab.dynamics.footprint import corners, overlap

NOBODY = np.zeros((2, 2), dtype=bool)


def prints(*actors):
    """Each (x, y, yaw, length, width)."""
    rows = np.array(actors, dtype=float)
    return Footprints(rows[:, :2], rows[:, 2], rows[:, 3:])


@given(
    st.tuples(*[st.floats(-3, 3)] * 2, st.floats(-4, 4), st.floats(0.2, 5), st.floats(0.2, 3)),
    st.tuples(*[st.floats(-3, 3)] * 2, st.floats(-4, 4), st.floats(0.2, 5), st.floats(0.2, 3)),
)
def test_overlap_agrees_with_polygon_intersection(a, b):
    both = prints(a, b)
    shapes = corners(both.center, both.yaw, both.size)
    area = shapely.intersection(shapely.Polygon(shapes[0]), shapely.Polygon(shapes[1])).area
    if area > 1e-6:
        assert overlap(shapes[0], shapes[1])
    elif shapely.distance(shapely.Polygon(shapes[0]), shapely.Polygon(shapes[1])) > 1e-6:
        assert not overlap(shapes[0], shapes[1])


def test_a_fast_car_does_not_tunnel_through_a_thin_post():
    before = prints((0, 0, 0, 4.5, 1.8), (8, 0.5, 0.3, 0.1, 0.1))
    after = prints((16, 0, 0, 4.5, 1.8), (8, 0.5, 0.3, 0.1, 0.1))
    (contact,) = contacts(before, after, NOBODY)
    assert contact.share == pytest.approx((8 - 0.05 - 2.25) / 16, abs=0.005)
    assert contact.place == pytest.approx((8, 0.5), abs=0.1)


def test_cars_that_pass_in_opposite_directions_do_not_touch():
    before = prints((0, 0, 0, 4.5, 1.8), (30, 1.9, np.pi, 4.5, 1.8))
    after = prints((30, 0, 0, 4.5, 1.8), (0, 1.9, np.pi, 4.5, 1.8))
    assert contacts(before, after, NOBODY) == []


def test_a_known_contact_is_not_reported_again():
    before = prints((0, 0, 0, 4, 2), (3, 0, 0, 4, 2))
    known = np.array([[False, True], [True, False]])
    assert len(contacts(before, before, NOBODY)) == 1
    assert contacts(before, before, known) == []


def test_two_actors_in_one_place_are_found_before_the_run():
    assert overlapping(prints((0, 0, 0, 4, 2), (10, 0, 0, 4, 2), (12, 1, 1, 4, 2))) == [(1, 2)]
