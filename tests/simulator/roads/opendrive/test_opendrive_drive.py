"""A simulated car follows its lanes all the way through other people's maps."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from roadlab.engine import simulate
from roadlab.roads.lanes import CAR_LANES
from roadlab.roads.opendrive import read_opendrive
from roadlab.scenario.load import load
from roadlab.stage import set_stage

SCENARIO = """scenario: A drive
duration: {duration:.1f} s
seed: 1
step: 50 ms
map: {{file: {file}}}
actors:
  ego:
    model: hatchback
    at: {{road: "{road}", lane: {lane}, s: {s:.3f} m}}
    speed: 36 km/h
    drive: {{speed: 50 km/h, driver: {{type: idm}}}}
"""
NAMES = (
    "circle_300m", "crest-curve", "curve_r100", "curves", "curves_elevation", "e6mini-lht", "e6mini", "fabriksgatan",
    "fabriksgatan_traffic_lights", "jolengatan", "multi_intersections", "parking_demo", "soderleden", "straight_500m",
    "straight_500m_roadmarks", "straight_500m_signs", "striaghtAndCurves", "tunnels", "two_plus_one", "velodrome",
)  # fmt: skip
SHORT = ("parking_demo", "fabriksgatan_traffic_lights")


def lane_length(network, key):
    low, high = network.every_road[key.road].section_range(key.section)
    return high - low


def longest_drive(network):
    """The route straight on that is longest, of those that start where a lane of a road outside junctions does."""
    starts = [
        key
        for key in network.graph
        if key.road in network.roads and network.roads[key.road].lane(key.lane, key.section).type in CAR_LANES
    ]
    routes = [network.route(key) for key in starts]
    return max(routes, key=lambda route: sum(lane_length(network, key) for key in route))


def check_drive(folder, map_file):
    network = read_opendrive(map_file)
    route = longest_drive(network)
    first = route[0]
    road = network.roads[first.road]
    low, high = road.section_range(first.section)
    s = low + 6.0 if road.lane_direction(first.lane, first.section) > 0 else high - 6.0
    path = network.lane_path(route)
    duration = path.length / 8.0 + 25.0 * len(network.junctions)
    (folder / map_file.name).write_bytes(map_file.read_bytes())
    story = folder / "drive.yaml"
    place = {"road": first.road, "lane": first.lane, "s": s}
    story.write_text(SCENARIO.format(duration=duration, file=map_file.name, **place))
    log = simulate(load(story))
    center = log.position[:, 0]
    driven = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(center[:, :2], axis=0).T))])
    assert driven[-1] > path.length - 25.0, "does not arrive"
    center = center[driven < path.length - 6.0]  # on a round course it goes on
    away, nearest = cKDTree(path.points).query(center[:, :2])
    assert away.max() < 0.6, "leaves its lane"  # points of the path are 0.5 m apart
    surface = network.road_height(np.column_stack([center[:, :2], path.z[nearest]]))
    assert np.abs(center[:, 2] - surface).max() < 0.2, "leaves the surface"


def test_lights_of_a_file_rule_its_junction_and_right_before_left_the_others(esmini, tmp_path):
    for name, junction, control in (
        ("fabriksgatan_traffic_lights", "4", "signals"),
        ("fabriksgatan", "4", "right_before_left"),
    ):
        (tmp_path / f"{name}.xodr").write_bytes((esmini / f"{name}.xodr").read_bytes())
        story = tmp_path / "stage.yaml"
        story.write_text(SCENARIO.format(duration=1.0, file=f"{name}.xodr", road="3", lane=-1, s=20.0))
        assert set_stage(load(story)).courses.rules.at(junction).control == control


@pytest.mark.parametrize("name", SHORT)
def test_a_car_drives_through_a_map_with_a_junction(esmini, tmp_path, name):
    check_drive(tmp_path, esmini / f"{name}.xodr")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in SHORT])
def test_a_car_drives_through_every_map(esmini, tmp_path, name):
    check_drive(tmp_path, esmini / f"{name}.xodr")
