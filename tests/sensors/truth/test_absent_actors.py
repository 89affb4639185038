"""Who is not there is in no picture, no sweep and no label."""

import numpy as np
import pytest

from roadlab.engine import simulate
from roadlab.scenario.load import load
from roadlab.timing import SECOND
from roadlab_sensors.rays import engine
from roadlab_sensors.truth.boxes import actor_truths

STREET = """
scenario: Come and go
duration: 3 s
step: 0.05 s
map:
  roads:
    road: {profile: urban_2x1, path: [{line: 120 m}]}
actors:
  ego: {model: sedan, at: {road: road, lane: -1, s: 20 m}, speed: 5 m/s, drive: {}}
  van: {model: van, at: {road: road, lane: -1, s: 60 m}, parked: true, present: false}
  anna: {model: adult, at: {road: road, s: 40 m, t: -5 m}}
story:
  - {when: {time: {after: 1 s}}, do: {van: {appear: {}}, anna: {vanish: true}}}
sensors:
  camera:
    type: camera
    mount: {x: 1.5 m, z: 1.5 m}
    rate: 2 Hz
    image: {width: 320, height: 160}
    intrinsics: {fx: 200, fy: 200, cx: 160, cy: 80}
  lidar: {type: lidar, model: hdl64e, mount: {x: 1.4 m, z: 1.7 m}, rate: 5 Hz}
"""


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    engine.start(1)  # before Dr.Jit is imported
    path = tmp_path_factory.mktemp("street") / "street.yaml"
    path.write_text(STREET)
    scenario = load(path)
    return scenario, simulate(scenario)


def test_labels_are_only_of_those_who_are_there(street):
    _, log = street
    names = [[truth.name for truth in actor_truths(log, time * SECOND)] for time in (0, 2)]
    assert names == [["anna"], ["van"]]


def test_who_is_not_there_lies_deep_below_the_ground(street):
    from roadlab_sensors.rays.poses import placed_at

    _, log = street
    for time, absent in ((0, 1), (2, 2)):
        heights = {actor: pose[2, 3] for (actor, _), pose in placed_at(log, time * SECOND).items()}
        assert [actor for actor, z in heights.items() if z < -1000.0] == [absent]


def test_who_comes_or_goes_counts_as_moving_even_when_it_is_parked(street):
    from roadlab_sensors.rays.gathered import moving_actors

    _, log = street
    assert set(moving_actors(log)) >= {0, 1, 2}


@pytest.mark.slow
def test_no_ray_meets_who_is_not_there(street):
    from roadlab_sensors.observe import Observer

    observer = Observer(*street, "draft", threads=1)
    for sample, there, absent in ((observer.sample(0), 3, 2), (observer.sample(4), 2, 3)):
        for seen in (sample.cameras["camera"].instance, sample.lidars["lidar"].instance):
            assert there in np.unique(seen)
            assert absent not in np.unique(seen)
