"""Signs and lights as a camera sees them: which they are, where, and what they show."""

import numpy as np
import pytest

from roadlab.engine import simulate
from roadlab.scenario.load import load
from roadlab_sensors.rays import engine
from roadlab_sensors.readings import SEMANTIC_IDS

pytestmark = pytest.mark.xdist_group("signs")

CROSSING = """
scenario: A light and a limit
duration: 4 s
step: 0.05 s
map:
  roads:
    west: {profile: urban_2x1, start: {x: -60 m}, path: [{line: 50 m}],
           signs: [{sign: speed_limit, s: 30 m, value: 30 km/h}, {sign: no_entry, s: 34 m, against: true}]}
    east: {profile: urban_2x1, start: {x: 10 m}, path: [{line: 50 m}]}
    south: {profile: urban_2x1, start: {y: -60 m, heading: 90 deg}, path: [{line: 50 m}]}
  junctions:
    cross: {connect: [west.end, east.start, south.end], signals: {green: 2 s, amber: 3 s, first: west}}
  surroundings: {style: none}
actors:
  ego: {model: sedan, at: {road: west, lane: -1, s: 12 m}, parked: true}
sensors:
  camera:
    type: camera
    mount: {x: 1.5 m, z: 1.6 m}
    rate: 2 Hz
    image: {width: 800, height: 300}
    intrinsics: {fx: 700}
    labels: [signs]
"""


@pytest.fixture(scope="module")
def frames(tmp_path_factory):
    """Of before and after the light turns amber."""
    from roadlab_sensors.observe import Observer

    engine.start()
    path = tmp_path_factory.mktemp("signs") / "crossing.yaml"
    path.write_text(CROSSING)
    scenario = load(path)
    observer = Observer(scenario, simulate(scenario), "draft")
    return [observer.sample(index).cameras["camera"] for index in (1, 6)]


def test_a_speed_limit_is_read_with_its_value_and_fills_its_box(frames):
    frame = frames[0]
    (limit,) = [sign for sign in frame.signs if sign.code.startswith("274")]
    assert limit.code == "274-30"
    assert (limit.kind, limit.state) == ("traffic sign", "")
    # A disc of 60 cm (VwV-StVO), 30 - 12 - 1.5 m ahead of the camera, seen almost from the front.
    assert limit.size == pytest.approx((0.6, 0.6), abs=0.01)
    assert limit.position[2] == pytest.approx(16.5, abs=0.1)
    diameter = 700.0 * 0.6 / limit.position[2]
    assert limit.box[3] - limit.box[1] == pytest.approx(diameter, abs=1.5)
    assert limit.visible_pixels == pytest.approx(np.pi / 4.0 * diameter**2 * np.cos(limit.angle), rel=0.1)
    assert limit.angle < 0.5


def test_a_sign_for_the_others_is_seen_from_behind(frames):
    (entry,) = [sign for sign in frames[0].signs if sign.code.startswith("267")]
    assert entry.angle > np.pi / 2


def test_a_light_shows_the_state_that_the_log_says(frames):
    for frame, state in zip(frames, ("green", "amber"), strict=True):
        own = [sign for sign in frame.signs if sign.name == "cross/west.end"]
        assert own
        assert {sign.state for sign in own} == {state}


def test_boxes_hold_pixels_of_signs_and_of_nothing_farther(frames):
    frame = frames[0]
    for sign in frame.signs:
        left, top, right, bottom = (round(edge + 0.5) for edge in sign.box)
        part = frame.semantic[top:bottom, left:right] == SEMANTIC_IDS[sign.kind]
        assert part.sum() >= sign.visible_pixels
        assert all(edge.any() for edge in (part[0], part[-1], part[:, 0], part[:, -1]))
