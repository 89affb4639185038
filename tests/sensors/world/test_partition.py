"""Overlapping patches become faces that tile the plane."""

import numpy as np
import pytest
import shapely

from roadlab_sensors.world.partition import overlap, partition, triangles


def test_later_patches_cover_earlier_ones():
    faces, shown = partition([shapely.box(0, 0, 10, 10), shapely.box(2, 2, 4, 4), shapely.box(3, 3, 12, 6)])
    area = [sum(face.area for face in faces[shown == k]) for k in range(3)]
    assert area == pytest.approx([100 - 4 - 7 * 3 + 1, 4 - 1, 9 * 3])


def test_neighbours_share_the_vertices_of_their_common_edge():
    faces, shown = partition([shapely.box(0, 0, 4, 2), shapely.box(0, 2, 2, 4), shapely.box(2, 2, 4, 4)])
    lower = faces[shown == 0][0]
    assert (2.0, 2.0) in [tuple(c) for c in lower.exterior.coords]


def test_rounding_leaves_no_crack_between_skew_neighbours():
    end = np.array([10.0, 3.3333])
    left = shapely.Polygon([(0, 0), end, (0, 5)])
    middle = end / 3.0
    right = shapely.Polygon([(0, 0), (8, -2), end, middle])
    ground = shapely.box(-1, -3, 11, 6)
    faces, shown = partition([ground, left, right])
    assert (shown == 0).sum() == 1
    assert sum(face.area for face in faces) == pytest.approx(ground.area)


def test_what_no_patch_covers_is_no_face():
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    faces, _ = partition([ring])
    assert sum(face.area for face in faces) == pytest.approx(8.0)


def test_triangles_fill_a_face_with_all_its_vertices():
    face = shapely.Polygon([(0, 0), (1, 0), (2, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (2, 3), (3, 1)]])
    cut, owner = triangles(np.array([face]))
    assert set(owner) == {0}
    a, b, c = np.moveaxis(cut, 1, 0)
    areas = ((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2
    assert areas.min() > 0.0
    assert areas.sum() == pytest.approx(face.area)
    assert {tuple(p) for p in cut.reshape(-1, 2)} == {tuple(p) for p in shapely.get_coordinates(face)}


def test_patches_that_merely_touch_do_not_overlap():
    assert overlap(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)).is_empty
