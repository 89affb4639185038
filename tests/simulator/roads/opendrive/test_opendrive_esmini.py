"""Maps of the esmini project: numbers that others computed on them, and lanes that lead on."""

import math

import numpy as np
import pytest

from roadlab.roads.lanes import CAR_LANES
from roadlab.roads.opendrive import import_opendrive, read_opendrive

CLOSURE = {
    # joints, largest gap [m], largest kink [rad]; integrated from the files with SciPy's Fresnel integrals
    "curves": (12, 1.62e-5, 3.7e-12),
    "curve_r100": (2, 4.97e-10, 1e-15),
    "fabriksgatan": (8, 7.66e-7, 5.0e-12),
    "e6mini": (16, 7.7e-9, 5.9e-12),
    "jolengatan": (18, 2.9e-13, 1e-15),
    "soderleden": (12, 1.8e-12, 1e-15),
    "multi_intersections": (120, 4.0e-9, 6.2e-11),
    "velodrome": (7, 1.2e-13, 1e-15),
    "tunnels": (15, 3.2e-14, 1e-15),
}


def seen_from(x0, y0, heading, x, y):
    """(ahead, left) of a point for somebody at a pose."""
    dx, dy = x - x0, y - y0
    return dx * math.cos(heading) + dy * math.sin(heading), dy * math.cos(heading) - dx * math.sin(heading)


@pytest.mark.parametrize("name", CLOSURE)
def test_geometries_meet_as_well_as_the_files_say(esmini, name):
    joints, gap, kink = CLOSURE[name]
    network, report = import_opendrive(esmini / f"{name}.xodr")
    found = [road.reference_line.gaps() for road in network.every_road.values()]
    assert sum(len(gaps) for gaps, _ in found) == joints
    assert max(gaps.max(initial=0.0) for gaps, _ in found) <= gap * 1.01
    assert max(kinks.max(initial=0.0) for _, kinks in found) <= kink * 1.01
    assert report.warnings == ()


def test_a_probe_on_curve_r100_is_where_esmini_finds_it(esmini):
    """From s = 5 on lane -1, 695 m ahead (RoadManager_test.cpp)."""
    road = read_opendrive(esmini / "curve_r100.xodr").roads["0"]
    x0, y0, heading = road.point(5.0, road.lane_center_t(-1, 5.0))
    lane_x, lane_y, _ = road.point(700.0, road.lane_center_t(-1, 700.0))
    ahead, left = seen_from(x0, y0, heading, lane_x, lane_y)
    assert (ahead, left) == pytest.approx((596.535, 144.45537), abs=1e-5)
    assert math.atan2(left, ahead) == pytest.approx(0.23758, abs=1e-5)
    ahead, left = seen_from(x0, y0, heading, *road.point(700.0, 0.0)[:2])
    assert (ahead, left) == pytest.approx((595.0, 144.45537), abs=1e-5)
    assert math.atan2(left, ahead) == pytest.approx(0.238174, abs=1e-5)


def test_130_m_ahead_on_fabriksgatan_is_on_the_road_behind_the_junction(esmini):
    """From road 3, lane -1, s = 5 to road 1, lane -1, s = 5.23650 with heading 0.192980 (RoadManager_test.cpp)."""
    network = read_opendrive(esmini / "fabriksgatan.xodr")
    route = network.route(("3", -1, 0), ["1"])
    first, through, last = (network.every_road[key.road] for key in route)
    assert (first.name, last.name, route[-1].lane) == ("3", "1", -1)
    s = 130.0 - (first.length - 5.0) - through.length
    assert s == pytest.approx(5.23650, abs=1e-5)
    assert float(last.point(s)[2]) == pytest.approx(0.192980, abs=1e-5)


def test_the_crest_rises_by_six_metres_in_seventy(esmini):
    road = read_opendrive(esmini / "crest-curve.xodr").roads["0"]
    rising = road.relief.elevation.starts[np.argmax(road.relief.elevation.coefficients[:, 2])]
    assert float(road.height(rising + 70.0) - road.height(rising)) == pytest.approx(6.0, abs=1e-6)


def test_traffic_keeps_left_where_the_file_says_so(esmini):
    left, right = (read_opendrive(esmini / f"{name}.xodr").roads["0"] for name in ("e6mini-lht", "e6mini"))
    assert [left.lane_direction(lane) for lane in (-3, 3)] == [-1, 1]
    assert [right.lane_direction(lane) for lane in (-3, 3)] == [1, -1]


def test_every_car_lane_of_every_map_leads_on_or_ends_with_its_road(esmini):
    """A lane without successor ends at an open end, or narrows to nothing, or is for others to merge into."""
    for path in sorted(esmini.glob("*.xodr")):
        network, _ = import_opendrive(path)
        for key in network.graph:
            road = network.every_road[key.road]
            if road.lane(key.lane, key.section).type not in CAR_LANES or network.successors(key):
                continue
            low, high = road.section_range(key.section)
            ahead = road.lane_direction(key.lane, key.section) > 0
            s, last = (high, road.length) if ahead else (low, 0.0)
            link = road.successor if ahead else road.predecessor
            if (path.name, key) == ("parking_demo.xodr", ("3", 2, 0)):
                continue  # a yard 12 m wide, which the file links to nothing
            narrow = float(road.lane_width(s, key.lane, key.section)) < 0.01
            assert narrow or (s == last and link is None), (path.name, key)


def test_lanes_of_intersections_hang_together(esmini):
    """From any lane that enters a junction one gets to at least one other road."""
    network = read_opendrive(esmini / "multi_intersections.xodr")
    assert len(network.roads) == 21
    assert len(network.junctions) == 5
    for junction in network.junctions.values():
        for arm in junction.arms:
            targets = {lane.target.road for lane in junction.connections if lane.arm == arm.name}
            assert len(targets) >= len(junction.arms) - 1, (junction.name, arm.name)


def test_lights_of_a_controller_share_a_stage(esmini):
    network = read_opendrive(esmini / "multi_intersections.xodr")
    for junction in network.junctions.values():
        stages = {}
        for head in junction.heads:
            arm = next(a for a in junction.arms if head.name.partition("#")[0] == f"{junction.name}/{a.name}")
            stages.setdefault(head.stage, set()).add(arm.name)
        assert len(stages) == junction.plan.stages
        assert sum(len(arms) for arms in stages.values()) == len(junction.arms)
        assert all(line.signal and line.ahead < 0.0 for line in junction.stop_lines)


def test_the_ramp_of_soderleden_joins_without_a_connecting_road(esmini):
    network = read_opendrive(esmini / "soderleden.xodr")
    assert network.junctions["8"].kind == "direct"
    assert network.successors(("5", -1, 0)) == [("0", -3, 0)]
    assert network.successors(("2", -2, 1)) == [("0", -2, 0)]


def test_crosswalks_of_the_parking_demo_lie_across_its_lanes(esmini):
    network = read_opendrive(esmini / "parking_demo.xodr")
    strips = {strip.name: strip for strip in network.crosswalks}
    assert set(strips) == {"1/1", "1/2", "1/3"}
    assert strips["1/1"].s == (7.0, 12.0)
    assert strips["1/3"].s == pytest.approx((150.0, 154.0), abs=1e-4)  # turned by 90 degrees about s = 152
    assert strips["1/3"].t == pytest.approx((-3.2, 3.2), abs=1e-4)


def test_what_has_no_effect_is_told_once_with_its_count(esmini):
    _, report = import_opendrive(esmini / "multi_intersections.xodr")
    assert report.unsupported["road/signals/signal/userData"] == 24
    assert any("laneSection/right/lane/userData (158x)" in line for line in report.lines())
    assert report.version == "1.4"
