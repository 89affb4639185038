"""Roads over hills and round banked bends: the mesh follows them, and the land joins on."""

import numpy as np
import pytest

from roadlab.roads.cubics import Cubics
from roadlab.roads.lanes import Lane, LaneSection, Surface
from roadlab.roads.marks import MarkLine, RoadMark
from roadlab.roads.network import network_of
from roadlab.roads.reference_line import Piece, ReferenceLine
from roadlab.roads.relief import Relief
from roadlab.roads.road import Road
from roadlab_sensors.world.road_marks import road_marks
from roadlab_sensors.world.road_surface import road_surface
from roadlab_sensors.world.terrain import Terrain

HILL = Cubics.of([(0.0, 0.0, 0.0, 6e-4, -2e-6)])
"""A hump that is 6.5 m high at 150 m."""


def road(relief=Relief(), lanes=None, center=(), pieces=(Piece(200.0),)):  # noqa: B008
    lanes = lanes or (
        Lane(-2, "sidewalk", Cubics.constant(2.0)),
        Lane(-1, "driving", Cubics.constant(3.5)),
        Lane(1, "driving", Cubics.constant(3.5)),
    )
    line = ReferenceLine(tuple(pieces), 10.0, -20.0, 0.4)
    return Road("r", line, (LaneSection(0.0, tuple(lanes), tuple(center)),), 14.0, relief=relief)


def corners(meshes):
    return np.concatenate([mesh.vertices[mesh.faces] for mesh in meshes]).astype(np.float64)


@pytest.mark.parametrize("pieces", [(Piece(200.0),), (Piece(200.0, 0.01, 0.01),)])
@pytest.mark.parametrize("tilt", [0.0, 0.1])
def test_the_carriageway_lies_on_the_road(pieces, tilt):
    banked = Relief(elevation=HILL, superelevation=Cubics.constant(tilt))
    own = road(banked, pieces=pieces)
    meshes = road_surface(network_of([own]))
    paved = corners([mesh for mesh in meshes if mesh.semantic == "road"])
    level = np.ptp(paved[..., 2], axis=1) < 0.5  # not the kerb's face
    inside = paved[level].mean(axis=1)  # also in the middle of each triangle
    s, t = own.locate(inside[:, :2])
    assert np.abs(inside[:, 2] - own.height(s, t)).max() < 0.02


def test_the_mesh_over_a_hill_has_no_holes():
    meshes = road_surface(network_of([road(Relief(elevation=HILL))]))
    welded, index = np.unique(np.round(corners(meshes).reshape(-1, 3), 3), axis=0, return_inverse=True)
    index = index.reshape(-1, 3)
    edges = np.sort(np.concatenate([index[:, [0, 1]], index[:, [1, 2]], index[:, [2, 0]]]), axis=1)
    unique, counts = np.unique(edges, axis=0, return_counts=True)
    ends = welded[unique][..., :2]
    low, high = welded[:, :2].min(axis=0), welded[:, :2].max(axis=0)
    border = ((ends <= low + 0.01) | (ends >= high - 0.01)).any(axis=-1).all(axis=-1)
    assert set(counts[~border]) == {2}


def test_the_land_meets_the_road_at_its_edge_and_has_no_cliffs():
    own = road(Relief(elevation=HILL))
    land = Terrain(network_of([own]))
    right, left = own.edges
    s = np.linspace(1.0, 199.0, 100)
    for t in (right - 0.7, left + 0.7):
        x, y, _ = own.point(s, t)
        assert np.abs(land.heights(np.column_stack([x, y])) - own.height(s, t)).max() < 0.05
    away = np.linspace(0.0, 300.0, 601)
    x, y, _ = own.point(100.0, right - away)
    slope = np.abs(np.diff(land.heights(np.column_stack([x, y])))) / 0.5
    assert slope.max() < 0.6


def marks_of(*marks, lane=None):
    own = road(center=marks) if lane is None else road(lanes=(lane,))
    return own, road_marks(network_of([own]))


def spans(own, painted):
    """From and to which s, and across which t, each mark is painted."""
    found = []
    for mark in painted:
        s, t = own.locate(np.array(mark.area.exterior.coords))
        found.append((s.min(), s.max(), t.min(), t.max()))
    return np.array(found)


def test_dashes_begin_where_the_mark_begins():
    own, painted = marks_of(RoadMark("broken", 0.12, length=3.0, space=6.0, s=5.0))
    found = spans(own, painted)
    assert found[0] == pytest.approx([5.0, 8.0, -0.06, 0.06], abs=1e-3)
    assert np.diff(found[:, 0]) == pytest.approx(np.full(len(found) - 1, 9.0), abs=1e-3)
    assert len(found) == 22  # the last that fits before 200 m begins at 194 m


def test_a_double_line_is_two_lines_a_width_apart():
    own, painted = marks_of(RoadMark("solid solid", 0.12, color="yellow"))
    found = spans(own, painted)
    assert sorted(found[:, 2]) == pytest.approx([-0.18, 0.06], abs=1e-3)
    assert {mark.color for mark in painted} == {"yellow"}


def test_explicit_lines_are_painted_as_the_map_says():
    line = MarkLine(0.2, t=0.5, length=1.0, space=3.0, s=2.0, color="blue")
    own, painted = marks_of(RoadMark("custom", explicit=(line,), repeats=False))
    assert len(painted) == 1
    assert spans(own, painted)[0] == pytest.approx([2.0, 3.0, 0.4, 0.6], abs=1e-3)
    assert painted[0].color == "blue"


def test_a_mark_keeps_to_the_edge_of_a_lane_that_widens():
    lane = Lane(-1, "driving", Cubics.of([(0.0, 3.0, 0.01, 0.0, 0.0)]), (RoadMark("solid", 0.12),))
    own, painted = marks_of(lane=lane)
    s, t = own.locate(np.array(painted[0].area.exterior.coords))
    assert np.abs(-t - (3.0 + s / 100.0)).max() < 0.07


def test_a_lane_is_made_of_what_the_map_says():
    lane = Lane(-1, "driving", Cubics.constant(3.0), surfaces=(Surface(0.0, "asphalt"), Surface(80.0, "gravel")))
    own = road(lanes=(lane,))
    soil = corners([m for m in road_surface(network_of([own])) if m.material == "soil" and m.semantic == "road"])
    s, _ = own.locate(soil[..., :2])
    assert s.min() == pytest.approx(80.0, abs=0.01)
    assert s.max() == pytest.approx(200.0, abs=0.01)
