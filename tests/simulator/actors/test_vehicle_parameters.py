import numpy as np
import pytest

from roadlab.actors.catalog import TRAILERS, VEHICLES
from roadlab.dynamics.motion import GRAVITY, Commands, Motion
from roadlab.dynamics.specs import KinematicDynamics, LoadSensitiveDynamics, vehicles

ALL = VEHICLES
FOUR_WHEELS = sorted(name for name, model in ALL.items() if model.track > 0.0)


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_vehicle_is_made_like_real_ones(name):
    m = ALL[name]
    density = m.chassis.mass / (m.length * m.width * m.height)
    assert 30 < density < 260  # kg/m³ of the box: from a bicycle with its rider to a tractor
    assert m.front_arm + m.rear_arm == pytest.approx(m.wheelbase)
    assert 0.25 * m.height < m.chassis.gravity_height < 0.6 * m.height
    assert m.rear_overhang + m.wheelbase < m.length
    assert m.track < m.width
    circle = 2.0 * m.wheelbase / np.sin(m.max_steer)
    assert circle < 25.0  # kerb to kerb [m]; what UN Regulation 36 asks of a bus
    assert m.switch_speed < m.chassis.max_speed


@pytest.mark.parametrize(("name", "seconds"), [("hatchback", 12.0), ("sedan", 10.0), ("van", 16.0), ("bus", 40.0)])
def test_a_hundred_kilometres_an_hour_are_reached_in_usual_time(name, seconds):
    """Data sheets: 8 to 12 s for cars of these powers, about 13 s for a van; a bus has 80 km/h after 25 s."""
    m, fleet = Motion.rolling(1), vehicles([(KinematicDynamics(), ALL[name])])
    target = (80 if name == "bus" else 100) / 3.6
    time = 0.0
    while m.speed[0] < target and time < 60.0:
        commands = Commands(np.full(1, 9.0), np.zeros(1), np.zeros(1, dtype=bool))
        m, time = fleet.advance(m, commands, np.ones(1), 0.02), time + 0.02
    assert 0.5 * seconds < time < seconds


@pytest.mark.parametrize("name", FOUR_WHEELS)
def test_every_vehicle_understeers_and_comes_to_rest(name):
    model = ALL[name]
    fleet, forwards = vehicles([(LoadSensitiveDynamics(), model)]), np.zeros(1, dtype=bool)
    m = Motion.rolling(1, speed=15.0, steer=0.02)
    for _ in range(150):
        m = fleet.advance(m, Commands(np.zeros(1), np.zeros(1), forwards), np.ones(1), 0.02)
    neutral = m.speed[0] * np.tan(0.02) / model.wheelbase
    understeer = (neutral / m.yaw_rate[0] - 1.0) * model.wheelbase / m.speed[0] ** 2
    assert 0.0 < np.degrees(understeer * GRAVITY) < 4.0  # deg/g
    for _ in range(400):
        m = fleet.advance(m, Commands(np.full(1, -6.0), np.zeros(1), forwards), np.ones(1), 0.02)
    assert [m.speed[0], m.sideways[0], m.yaw_rate[0]] == pytest.approx([0.0, 0.0, 0.0], abs=1e-6)


@pytest.mark.parametrize("name", sorted(TRAILERS))
def test_a_trailer_fits_behind_somebody_and_takes_power_from_it(name):
    trailer = TRAILERS[name]
    assert trailer.hitch.x == trailer.wheelbase
    assert 20 < trailer.chassis.mass / (trailer.length * trailer.width * trailer.height) < 260
    pulling = [m for m in VEHICLES.values() if m.hitch and m.hitch.kind == trailer.hitch.kind]
    assert pulling
    for alone in pulling:
        laden = alone.pulling(trailer)
        assert laden.max_acceleration < alone.max_acceleration
        assert laden.switch_speed == pytest.approx(alone.switch_speed)
        assert laden.max_deceleration == alone.max_deceleration  # it brakes itself: UN Regulation 13
