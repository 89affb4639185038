"""Lanes that come and go along s: where they are, how wide, and which follows which."""

import numpy as np
import pytest
import shapely
from scipy.interpolate import CubicSpline

from roadlab.roads.lanes import LaneKey
from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec


def road_of(**road):
    spec = {"path": [{"line": 400.0}], **road}
    network = build_network(MapSpec.model_validate({"roads": {"r": spec}}))
    return network, network.roads["r"]


def test_a_lane_is_gained_and_dropped_over_tapers():
    sections = [
        {"profile": "motorway_2"},
        {"s": 100.0, "profile": "motorway_3", "taper": 60.0},
        {"s": 300.0, "profile": "motorway_2", "taper": 80.0},
    ]
    _, road = road_of(sections=sections)
    # 2 and 3 lanes of 3.75 m, a 2.5 m hard shoulder: its left edge is where the last lane ends
    shoulder = {s: road.carriageway_at(s, kinds=("shoulder",))[0] + 2.5 for s in (50.0, 130.0, 200.0, 260.0, 350.0)}
    assert shoulder == pytest.approx({50.0: -7.5, 130.0: -9.375, 200.0: -11.25, 260.0: -9.375, 350.0: -7.5})


def test_who_drives_in_a_lane_that_ends_goes_on_in_the_next():
    sections = [{"profile": "motorway_3"}, {"s": 200.0, "profile": "motorway_2", "taper": 80.0}]
    network, road = road_of(sections=sections)
    assert [section.s for section in road.sections] == [0.0, 120.0, 200.0]
    assert network.successors(LaneKey("r", -3, 0)) == [LaneKey("r", -2, 1)]
    assert road.lane(-3, 1).type == "border"  # nobody is led into the taper
    path = network.lane_path(network.route(LaneKey("r", -3, 0), ["r"]))
    assert path.points[0, 1] == pytest.approx(-9.375)
    assert path.points[-1, 1] == pytest.approx(-5.625)
    assert np.max(np.abs(np.diff(path.points[:, 1]))) < 0.1


def test_edges_of_all_lanes_run_on_without_a_step_from_section_to_section():
    sections = [
        {"profile": "urban_2x1_parking_cycle"},
        {"s": 120.0, "profile": "urban_2x1", "taper": 25.0},
        {"s": 250.0, "profile": "urban_4x2", "taper": 30.0},
    ]
    _, road = road_of(sections=sections, bays=[{"type": "bus", "s": 160.0, "length": 20.0}], islands=[{"s": 60.0}])
    for section in road.sections[1:]:
        before, behind = (road.cross_sections.edges_at(section.s + ds) for ds in (-1e-7, 1e-7))
        widest = [np.unique(np.round(edges[np.isfinite(edges)], 4)) for edges in (before, behind)]
        np.testing.assert_array_equal(*widest)  # a lane without width adds no edge


def test_a_width_along_s_passes_through_its_points_and_never_overshoots():
    widths = [
        {"s": 0.0, "width": 3.0},
        {"s": 100.0, "width": 3.0},
        {"s": 150.0, "width": 5.0},
        {"s": 400.0, "width": 5.0},
    ]
    _, road = road_of(lanes={"right": [{"widths": widths}]})
    s = np.linspace(0.0, 400.0, 801)
    width = road.lane_width(s, -1)
    np.testing.assert_allclose(np.interp([0.0, 100.0, 150.0, 400.0], s, width), [3.0, 3.0, 5.0, 5.0], atol=1e-12)
    assert width.min() >= 3.0 - 1e-12
    assert width.max() <= 5.0 + 1e-12
    assert np.all(np.diff(width) >= -1e-12)
    # the area of the lane is the integral of its width
    assert road.lane_patch(-1, (0.0, 400.0)).area == pytest.approx(np.trapezoid(width, s), rel=1e-4)


def test_the_area_of_a_lane_on_an_arc_follows_from_its_middle():
    _, road = road_of(profile="urban_2x1", path=[{"arc": {"length": 200.0, "radius": 80.0}}])
    # w L (1 - kappa t) for a lane whose middle is at t
    for lane, t in ((-1, -1.75), (1, 1.75)):
        assert road.lane_patch(lane, (0.0, 200.0)).area == pytest.approx(3.5 * 200.0 * (1 - t / 80.0), rel=1e-4)


def test_elevation_is_the_natural_spline_and_runs_on_straight():
    points = [(50.0, 0.0), (150.0, 4.0), (250.0, 3.0), (300.0, 3.5)]
    _, road = road_of(profile="urban_2x1", elevation=[{"s": s, "z": z} for s, z in points])
    reference = CubicSpline(*np.array(points).T, bc_type="natural")
    s = np.linspace(50.0, 300.0, 60)
    np.testing.assert_allclose(road.height(s, 0.0), reference(s), atol=1e-10)
    grade = float(reference(50.0, 1))
    assert float(road.height(0.0, 0.0)) == pytest.approx(-50.0 * grade)
    assert float(road.height(400.0, 0.0)) == pytest.approx(3.5 + 100.0 * float(reference(300.0, 1)))


def test_superelevation_and_lane_offset_follow_their_points():
    tilt = [{"s": 0.0, "angle": 0.0}, {"s": 100.0, "angle": 0.05}]
    offset = [{"s": 100.0, "t": 0.0}, {"s": 200.0, "t": 1.5}]
    _, road = road_of(profile="urban_2x1", superelevation=tilt, lane_offset=offset)
    assert float(road.height(300.0, 2.0)) == pytest.approx(2.0 * np.sin(0.05))
    assert road.lane_center_t(-1, 50.0) == pytest.approx(-1.75)
    assert road.lane_center_t(-1, 300.0) == pytest.approx(-0.25)


def test_surfaces_are_those_of_the_lane_or_else_of_the_road():
    lanes = {"right": [{"width": 3.0}, {"type": "parking", "width": 2.0, "surface": "paving"}]}
    _, road = road_of(lanes=lanes, surface="cobble")
    assert [lane.surfaces[0].kind for lane in road.lanes] == ["paving", "cobble"]


def test_an_own_profile_can_be_named():
    own = {"alley": {"right": [{"width": 2.6}], "left": [{"width": 2.4}], "center": "broken"}}
    spec = {"profiles": own, "roads": {"r": {"profile": "alley", "path": [{"line": 50.0}]}}}
    road = build_network(MapSpec.model_validate(spec)).roads["r"]
    assert road.edges == pytest.approx((-2.6, 2.4))
    assert road.center_mark.type == "broken"


# --- what is added ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "length", "count", "depth"),
    [("parallel", 28.5, 5, 2.1), ("perpendicular", 25.0, 10, 5.0), ("angled", 30.0, 9, 4.85)],
)
def test_parking_bays_hold_their_spaces(kind, length, count, depth):
    _, road = road_of(profile="urban_2x1", bays=[{"type": kind, "s": 100.0, "length": length}])
    spaces = [thing for thing in road.objects if thing.type == "parkingSpace"]
    assert len(spaces) == count
    bay = road.lane_patch(-2, (100.0, 100.0 + length))
    assert road.lane(-2, int(road.section_at(110.0))).type == "parking"
    assert float(road.lane_width(110.0, -2)) == pytest.approx(depth)
    rings = [shapely.Polygon([road.point(c.a, c.b)[:2] for c in space.outlines[0].corners]) for space in spaces]
    assert shapely.union_all(rings).difference(bay.buffer(1e-6)).area < 1e-6
    assert sum(ring.area for ring in rings) == pytest.approx(shapely.union_all(rings).area)  # none over another


def test_lanes_part_around_an_island_and_keep_their_width():
    network, road = road_of(profile="urban_2x1", islands=[{"s": 200.0, "width": 3.0, "length": 8.0}])
    section = int(road.section_at(200.0))
    assert [lane.type for lane in road.sections[section].lanes] == [
        "sidewalk", "driving", "median", "median", "driving", "sidewalk",
    ]  # fmt: skip
    assert road.lane_bounds(-2, 200.0) == pytest.approx((-5.0, -1.5))
    path = network.lane_path(network.route(LaneKey("r", -1, 0), ["r"]))
    assert np.interp(200.0, path.points[:, 0], path.points[:, 1]) == pytest.approx(-3.25)
    (island,) = road.objects
    ring = shapely.Polygon([road.point(c.a, c.b)[:2] for c in island.outlines[0].corners])
    assert ring.bounds == pytest.approx((196.0, -1.5, 204.0, 1.5))


def test_a_work_zone_closes_its_lane_and_leads_into_the_next():
    zone = {"s": 150.0, "length": 60.0, "lanes": [-3], "speed_limit": 80 / 3.6}
    network, road = road_of(profile="motorway_3", work_zones=[zone], speed_limit=120 / 3.6)
    route = network.route(LaneKey("r", -3, 0), ["r"])
    assert [road.lane(key.lane, key.section).type for key in route] == ["driving"] * 3
    assert [key.lane for key in route][:2] == [-3, -2]
    assert road.lane(-3, 1).type == "roadWorks"
    limits = road.lane_speed_limit([100.0, 180.0, 300.0], -1)
    np.testing.assert_allclose(limits * 3.6, [120.0, 80.0, 120.0])
    beacons = [thing.repeats[0] for thing in road.objects]
    assert beacons[-1].length == 60.0
    assert beacons[-1].t[0] == pytest.approx(-7.8)  # 0.3 m inside the closed lane


def test_a_speed_bump_spans_the_carriageway():
    _, road = road_of(profile="urban_2x1_parking", bumps=[{"s": 80.0, "length": 4.0, "height": 0.08}])
    (bump,) = road.objects
    assert (bump.length, bump.width, bump.height) == pytest.approx((4.0, 2 * (3.25 + 2.1), 0.08))


@pytest.mark.parametrize("place", [95.0, 100.0, 104.0, 112.0, 126.0])
def test_an_island_across_a_change_of_section_keeps_all_outlines_smooth(place):
    """A lane of 3.25 m grows over 30 m, the halves of an island of 3 m grow and fade over 20 m.

    A cubic that is level at both ends is 1.5 times as steep in its middle as on average.
    """
    sections = [{"profile": "urban_2x1"}, {"s": 100.0, "profile": "urban_4x2", "taper": 30.0}]
    _, road = road_of(sections=sections, islands=[{"s": place, "length": 12.0, "width": 3.0, "taper": 20.0}])
    s = np.arange(0.0, 400.0, 0.1)
    edges = np.array([road.carriageway_at(float(one)) for one in s])
    steepest = 1.5 * 3.25 / 30.0 + 1.5 * 1.5 / 20.0
    assert np.abs(np.diff(edges, axis=0)).max() / 0.1 < steepest + 0.01
    inner = s[(s > place - 6.0) & (s < place + 6.0)]
    ring = np.array([(corner.a, corner.b) for corner in road.objects[0].outlines[0].corners])
    widest = np.array([float(road.lane_edges(one, -1)[0]) for one in inner])
    right = np.interp(inner, *ring[: len(ring) // 2].T)
    nose = (inner < place - 4.5) | (inner > place + 4.5)
    assert right[~nose] == pytest.approx(widest[~nose], abs=0.01)


def test_a_lane_that_grows_beside_an_island_is_one_lane():
    sections = [{"profile": "urban_2x1"}, {"s": 100.0, "profile": "urban_4x2", "taper": 30.0}]
    network, road = road_of(sections=sections, islands=[{"s": 110.0, "length": 6.0, "taper": 5.0}])
    route = network.route(LaneKey("r", -1, 0), ["r"])
    assert len(route) == len(road.sections)
    last = LaneKey("r", -2, len(road.sections) - 1)
    assert [key.lane for key in network.predecessors(last)] in ([-1], [-2])
    assert road.lane_width(115.0, -3 if road.lane(-1, int(road.section_at(115.0))).type == "restricted" else -2) < 3.25


def test_beacons_stand_towards_the_lanes_that_stay_open():
    """The left one of three lanes is closed: they lead to the right, and run along its right edge (RSA 21)."""
    zone = {"s": 150.0, "length": 60.0, "lanes": [-1], "taper": 30.0}
    _, road = road_of(profile="motorway_3", work_zones=[zone])
    slant, row = (thing.repeats[0] for thing in road.objects)
    assert (slant.s, slant.length, slant.t) == (120.0, 30.0, pytest.approx((-0.3, -3.45)))
    assert (row.s, row.length, row.t) == (150.0, 60.0, pytest.approx((-3.45, -3.45)))
    assert road.lane(-1, int(road.section_at(180.0))).mark.color == "yellow"


def test_beacons_slant_where_the_traffic_of_the_closed_lane_comes_from():
    zone = {"s": 150.0, "length": 60.0, "lanes": [1], "taper": 30.0}
    _, road = road_of(profile="urban_2x1", work_zones=[zone])
    slant, row = (thing.repeats[0] for thing in road.objects)
    assert (slant.s, slant.length) == (210.0, 30.0)
    assert slant.t == pytest.approx((0.3, 3.2))
    assert row.t == pytest.approx((0.3, 0.3))
