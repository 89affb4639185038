"""Who is hidden behind what."""

import numpy as np
import pytest
import shapely

from roadlab.behaviors.sight import in_sight
from roadlab.dynamics.footprint import corners
from roadlab.randomness import generator

VAN = corners(np.array([[10.0, 0.0]]), np.zeros(1), np.array([[5.0, 2.0]]))


@pytest.mark.parametrize(
    ("eye", "target", "seen"),
    [
        ((0.0, 3.0), (20.0, 3.0), True),
        ((0.0, 0.0), (20.0, 0.0), False),
        ((0.0, 0.0), (5.0, 0.0), True),
        ((0.0, 3.0), (14.0, -1.0), False),
        ((0.0, 3.0), (14.0, 1.5), True),
    ],
)
def test_somebody_behind_a_van_is_not_seen(eye, target, seen):
    hides = np.ones((1, 1), dtype=bool)
    assert in_sight(np.array([eye]), np.array([target]), VAN, hides)[0] == seen


def test_what_is_lower_than_somebody_does_not_hide_them():
    assert in_sight(np.zeros((1, 2)), np.array([[20.0, 0.0]]), VAN, np.zeros((1, 1), dtype=bool))[0]


def test_sight_agrees_with_plane_geometry():
    draw = generator(3, "sight")
    eye, target = draw.uniform(-20, 20, (200, 2)), draw.uniform(-20, 20, (200, 2))
    outlines = corners(draw.uniform(-20, 20, (6, 2)), draw.uniform(-3, 3, 6), draw.uniform(1, 6, (6, 2)))
    lines, boxes = shapely.linestrings(np.stack([eye, target], axis=1)), shapely.polygons(outlines)
    expected = ~shapely.intersects(lines[:, None], boxes[None]).any(axis=1)
    np.testing.assert_array_equal(in_sight(eye, target, outlines, np.ones((200, 6), dtype=bool)), expected)
