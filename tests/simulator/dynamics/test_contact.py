import time

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from roadlab.dynamics.contact import NEAR, Footprints, contacts, overlapping, pressing
from roadlab.dynamics.footprint import corners, overlap

NOBODY = np.zeros((0, 2), dtype=np.int64)


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
    assert contact.share == pytest.approx((8 - 0.05 * (np.cos(0.3) + np.sin(0.3)) - 2.25) / 16, abs=1e-5)
    assert contact.place == pytest.approx((8, 0.5), abs=0.1)


def test_cars_that_pass_in_opposite_directions_do_not_touch():
    before = prints((0, 0, 0, 4.5, 1.8), (30, 1.9, np.pi, 4.5, 1.8))
    after = prints((30, 0, 0, 4.5, 1.8), (0, 1.9, np.pi, 4.5, 1.8))
    assert contacts(before, after, NOBODY) == []


def test_a_known_contact_is_not_reported_again():
    before = prints((0, 0, 0, 4, 2), (3, 0, 0, 4, 2))
    known = np.array([[0, 1]])
    assert len(contacts(before, before, NOBODY)) == 1
    assert contacts(before, before, known) == []


def test_two_actors_in_one_place_are_found_before_the_run():
    assert overlapping(prints((0, 0, 0, 4, 2), (10, 0, 0, 4, 2), (12, 1, 1, 4, 2))) == [(1, 2)]


@pytest.mark.parametrize("step", [0.01, 0.02, 0.1])
def test_two_cars_that_close_in_at_80_metres_a_second_meet_at_the_right_instant(step):
    for start in (0.0, 0.13, 0.79):
        gap = start * 80 * step
        before = prints((0, 0, 0, 4.5, 1.8), (4.5 + gap, 0.2, np.pi, 4.5, 1.8))
        after = prints((40 * step, 0, 0, 4.5, 1.8), (4.5 + gap - 40 * step, 0.2, np.pi, 4.5, 1.8))
        (contact,) = contacts(before, after, NOBODY)
        assert contact.share == pytest.approx(start, abs=2 * NEAR / (80 * step))
        assert contact.normal == pytest.approx((1.0, 0.0))
        assert contact.place == pytest.approx((2.25 + gap / 2, 0.1), abs=1e-3)


def test_a_post_thinner_than_a_step_is_hit_at_80_metres_a_second():
    before = prints((0, 0, 0, 4.5, 1.8), (3, 0.5, 0.3, 0.02, 0.02))
    after = prints((8, 0, 0, 4.5, 1.8), (3, 0.5, 0.3, 0.02, 0.02))
    (contact,) = contacts(before, after, NOBODY)
    reach = 0.01 * (np.cos(0.3) + np.sin(0.3))
    assert contact.share == pytest.approx((3 - reach - 2.25) / 8, abs=1e-4)


@given(
    st.floats(-1.5, 1.5), st.floats(-3, 3), st.floats(-3, 3), st.floats(-0.4, 0.4), st.floats(2.5, 6), st.floats(-3, 3)
)
def test_the_time_of_touch_is_when_the_polygons_first_meet(heading, dx, dy, spin, x, y):
    before = prints((0, 0, heading, 4, 1.8), (x, y, 0, 2, 1))
    after = prints((dx, dy, heading + spin, 4, 1.8), (x - 1, y, 0.2, 2, 1))
    shares = np.linspace(0, 1, 401)
    who = np.zeros(len(shares), dtype=np.int64)
    polygons = [shapely.polygons(before.between(after, shares, who + k)) for k in (0, 1)]
    apart = shapely.distance(*polygons)
    if apart.min() > 2e-2:
        assert contacts(before, after, NOBODY) == []
    inside = shapely.area(shapely.intersection(*polygons)) > 1e-6
    if inside.any() and apart[0] > 0.0:
        first = float(shares[np.argmax(inside)])
        (contact,) = contacts(before, after, NOBODY)
        assert contact.share <= first
        met = [shapely.Polygon(before.between(after, np.array([contact.share]), np.array([k]))[0]) for k in (0, 1)]
        assert shapely.distance(*met) <= 2 * NEAR


def test_who_still_presses_is_told_from_who_has_parted():
    both = prints((0, 0, 0, 4, 2), (3.9, 0, 0, 4, 2))
    parted = prints((0, 0, 0, 4, 2), (4.1, 0, 0, 4, 2))
    assert len(pressing(both, np.array([[0, 1]]))) == 1
    assert pressing(parted, np.array([[0, 1]])) == []


def test_a_thousand_actors_are_looked_at_in_a_few_milliseconds():
    lane, place = np.divmod(np.arange(1000), 100)
    rows = np.column_stack([place * 12.0, lane * 3.5, np.zeros(1000), np.full(1000, 4.5), np.full(1000, 1.8)])
    before = prints(*rows)
    after = Footprints(before.center + np.array([0.3, 0.0]), before.yaw, before.size)
    started = time.process_time()
    for _ in range(10):
        assert contacts(before, after, NOBODY) == []
    assert (time.process_time() - started) / 10 < 0.05
