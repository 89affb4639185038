"""A short street with everything a sensor may meet, small enough to render in a test."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

STREET = """
scenario: A short street
duration: 2 s
seed: 5
map:
  roads:
    lane: {profile: urban_2x1_parking, path: [line: 90 m]}
  surroundings: {style: none}
actors:
  ego: {model: hatchback, at: {road: lane, lane: -1, s: 12 m}, speed: 30 km/h, drive: {}}
  ahead: {model: sedan, at: {road: lane, lane: -1, s: 30 m}, speed: 36 km/h, drive: {}}
  oncoming: {model: suv, at: {road: lane, lane: 1, s: 55 m}, speed: 40 km/h, drive: {}}
  parked: {model: van, at: {road: lane, lane: -2, s: 33 m}, parked: true}
  beside: {model: hatchback, at: {road: lane, lane: -2, s: 21 m}, parked: true}
  behind_van: {model: adult, at: {road: lane, s: 42 m, t: -6.4 m}, walk: {path: [{road: lane, s: 80 m, t: -6.4 m}]}}
  rider: {model: bicycle, at: {road: lane, lane: 1, s: 40 m, offset: 0.8 m}, speed: 15 km/h, drive: {speed: 15 km/h}}
sensors:
  camera:
    type: camera
    mount: {x: 1.71 m, z: 1.65 m}
    phase: 49 ms
    image: {width: 620, height: 188}
    intrinsics: {fx: 360.8, fy: 360.8, cx: 304.8, cy: 86.4}
  lidar: {type: lidar, mount: {x: 1.44 m, z: 1.73 m}}
"""


@pytest.fixture(scope="session")
def street(tmp_path_factory):
    from roadlab import load

    file = tmp_path_factory.mktemp("street") / "street.yaml"
    file.write_text(STREET)
    return load(file)


@pytest.fixture(scope="session")
def street_log(street):
    from roadlab import simulate

    return simulate(street)


@pytest.fixture(scope="session")
def observer(street, street_log):
    from roadlab_sensors.observe import Observer

    return Observer(street, street_log, "draft")


@pytest.fixture(scope="session")
def sample(observer):
    return observer.sample(5)
