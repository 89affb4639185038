from dataclasses import replace

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

from roadlab.actors.catalog import VEHICLES
from roadlab.dynamics import articulated
from roadlab.dynamics.actuators import Lags
from roadlab.dynamics.handling import Handling, handling
from roadlab.dynamics.kinematic import Kinematic
from roadlab.dynamics.linear import LinearSingleTrack, derivative
from roadlab.dynamics.load_sensitive import LoadSensitiveSingleTrack
from roadlab.dynamics.motion import GRAVITY, Commands, Motion
from roadlab.dynamics.single_track import SingleTrack, parameters
from roadlab.dynamics.tyre import magic_formula

STIFFNESS = 21.92
"""mu C_S, -p_ky1 of the tyre of the CommonRoad vehicle models [1/rad]."""


def commonroad(mass, front, rear, inertia, height, max_steer, fastest, slowest, switch):
    limits = SingleTrack(front + rear, max_steer, 0.4, 11.5, 11.5, switch, fastest, slowest)
    tyres = (STIFFNESS, STIFFNESS, 1.3, -1.0, 0.1, 1.4, 1.0)
    return limits, Handling(*(np.array([v]) for v in (mass, front, rear, inertia, height, *tyres)))


# Version 3.0 of the parameter sets: m, a, b, I_z, h_s, steering, speeds.
CARS = {
    1: commonroad(1225.888, 0.88392, 1.50876, 1538.853, 0.59436, 0.910, 45.8, -13.9, 4.755),
    2: commonroad(1093.2952334674, 1.1561957064, 1.4227170936, 1791.5995300123, 0.61373004, 1.066, 50.8, -13.9, 7.319),
    3: commonroad(1478.898, 1.1507916, 1.3211364, 2473.118, 0.80449, 1.023, 41.7, -11.2, 7.824),
}
NO_LAGS = Lags(np.zeros(1), np.zeros(1))
BOTH = pytest.mark.parametrize("cls", [LinearSingleTrack, LoadSensitiveSingleTrack])


def drive(model, motion, steer_rate, acceleration, seconds, step=0.01, friction=1.0):
    count = len(motion.x)
    none = np.zeros(count)
    commands = Commands(none + acceleration, none + steer_rate, np.zeros(count, dtype=bool))
    for _ in range(round(seconds / step)):
        motion = model.advance(motion, commands, none + friction, step)
    return motion


def sideslip(motion, rear_arm):
    return np.arctan2(motion.sideways + rear_arm * motion.yaw_rate, motion.speed)


# --- published vectors -----------------------------------------------------------------------------------------------


def test_the_linear_single_track_equals_the_published_vector():
    state = np.array(
        [2.0233348142065677, 0.0041907137716636, 0.0197545248559617, 15.7216236334290116, 0.0025857914776859,
         0.0529001056654038, 0.0033012170610298]
    )  # fmt: skip
    expected = [15.7213512030862397, 0.0925527979719355, 0.15, 5.3536773276413925, 0.0529001056654038,
                0.6435589397748606, 0.0313297971641291]  # fmt: skip
    limits, tyres = CARS[2]
    got = derivative(state[None], np.array([0.15]), np.array([0.63 * 9.81]), limits, tyres)
    np.testing.assert_allclose(got[0], expected, rtol=0, atol=1e-12)


def test_the_single_track_with_a_trailer_equals_the_published_vector():
    limits = SingleTrack(3.6, 0.55, 0.7103, 11.5, 11.5, 7.824, 22.22, -2.78)
    state = np.array(
        [3.9579422297936526, 0.0391650102771405, 0.0378491427211811, 16.3546957860883566, 0.0294717351052816,
         0.0294717351052816]
    )  # fmt: skip
    expected = [16.3475935934250209, 0.4819314886013121, 0.15, 5.501539201758522, 0.1720297150523055,
                -0.23152742969444276]  # fmt: skip
    got = articulated.derivative(state, np.asarray(0.15), np.asarray(0.63 * 9.81), limits, 8.1)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("step", "tolerance"), [(1e-4, 1e-2), (0.01, 2e-2), (0.02, 2e-2)])
def test_the_linear_single_track_leaves_rest_as_published(step, tolerance):
    # x, y of the centre of gravity, steering angle, speed, yaw, yaw rate, sideslip after 1 s
    expected = [3.0731976046859715, 0.2869835398304389, 0.15, 6.1803, 0.1097747074946325, 0.3248268063223301,
                0.0697547542798040]  # fmt: skip
    limits, tyres = CARS[2]
    model = LinearSingleTrack(limits, NO_LAGS, tyres)
    m = drive(model, Motion.rolling(1), 0.15, 0.63 * 9.81, 1.0, step, friction=100.0)
    arm = tyres.rear_arm
    slip = sideslip(m, arm)
    speed = m.speed / np.cos(slip)
    x, y = m.x + arm * np.cos(m.yaw) - arm, m.y + arm * np.sin(m.yaw)
    got = np.concatenate([x, y, m.steer, speed, m.yaw, m.yaw_rate, slip])
    np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance)


@pytest.mark.parametrize("car", [1, 2, 3])
def test_the_linear_single_track_on_equal_tyres_is_neutral(car):
    table = {1: [(20, 0.16717655516, -0.00293729683)], 3: [(20, 0.16181701085, -0.00436116401)],
             2: [(10, 0.07755205992230525, 0.0074269819816), (20, 0.15510411984461, -0.00339246426),
                 (30, 0.23265617976692, -0.02142487475)]}  # fmt: skip
    limits, tyres = CARS[car]
    for speed, yaw_rate, slip in table[car]:
        state = np.array([[0, 0, 0.02, speed, 0, yaw_rate, slip]])
        rate = derivative(state, np.zeros(1), np.zeros(1), limits, tyres)
        np.testing.assert_allclose(rate[0, 5:], 0.0, atol=1e-8)
        model = LinearSingleTrack(limits, NO_LAGS, tyres)
        m = drive(model, Motion.rolling(1, speed=speed, steer=0.02), 0.0, 0.0, 4.0, 0.02)
        np.testing.assert_allclose([m.yaw_rate[0], sideslip(m, tyres.rear_arm)[0]], [yaw_rate, slip], atol=1e-6)


def test_the_tyre_of_commonroad_equals_its_published_forces():
    load, slip = 3000.0, np.array([0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3])
    lateral = magic_formula(slip, -21.92 * load, 1.0489 * load, 1.3507, -0.0074722)
    expected = [-647.7993, -1241.0877, -2445.3630, -3069.1264, -3146.6841, -3119.9700, -3036.2595]
    np.testing.assert_allclose(lateral, expected, atol=1e-4)
    slip = np.array([0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1])
    along = magic_formula(0.0012297 - slip, 22.303 * load, 1.1739 * load, 1.6411, 0.46403, shift=-8.8098e-6 * load)
    expected = [-10.8065, -672.8024, -1290.4531, -2623.4023, -3413.3939, -3458.1169, -2896.2939, -2461.6555]
    np.testing.assert_allclose(along, expected, atol=1e-4)


def test_the_textbook_tyre_has_its_slope_and_its_peak():
    slip = np.linspace(0.0, 1.0, 100_001)
    force = magic_formula(slip, 60_000.0, 3000.0, 1.3, -1.0)
    assert force[1] / slip[1] == pytest.approx(60_000.0, rel=1e-4)
    assert force.max() == pytest.approx(3000.0, rel=1e-6)
    np.testing.assert_allclose(magic_formula(-slip, 60_000.0, 3000.0, 1.3, -1.0), -force)


# --- the linear bicycle ----------------------------------------------------------------------------------------------

# m = 1500 kg, l_f = 1.2 m, l_r = 1.4 m, C_f = 80 000, C_r = 90 000 N/rad, I_z = 2500 kg m²
WORKED = [np.array([v]) for v in (1500.0, 1.2, 1.4, 2500.0, 0.0)]
WORKED_CAR = Handling(
    *WORKED,
    np.array([80_000.0 / (1500.0 * GRAVITY * 1.4 / 2.6)]),
    np.array([90_000.0 / (1500.0 * GRAVITY * 1.2 / 2.6)]),
    *(np.array([v]) for v in (1.3, -1.0, 0.0, 1.5, 1.0)),
)
WORKED_LIMITS = SingleTrack(2.6, 0.6, 0.4, 5.0, 9.0, 20.0, 80.0, -5.0)


@BOTH
@pytest.mark.parametrize(("speed", "gain"), [(10, 3.52064997), (20, 5.61555076), (30, 6.29794106)])
def test_the_yaw_gain_is_that_of_the_linear_bicycle(cls, speed, gain):
    model, steer = cls(WORKED_LIMITS, NO_LAGS, WORKED_CAR), 1e-3
    start = Motion.rolling(1, speed=speed, steer=steer)
    m = drive(model, start, 0.0, 0.0, 6.0, 0.01, friction=10.0)
    assert m.yaw_rate[0] / steer * speed / m.speed[0] == pytest.approx(gain, rel=2e-3)
    if speed == 20:
        assert sideslip(m, 1.4)[0] / steer == pytest.approx(-0.47084233, rel=5e-3)


@BOTH
@pytest.mark.parametrize("step", [0.01, 0.02])
def test_the_step_response_follows_the_published_eigenvalues(cls, step):
    matrix = np.zeros((2, 2))  # of lateral speed and yaw rate at 20 m/s
    front, rear, m, inertia, a, b, u = 80_000.0, 90_000.0, 1500.0, 2500.0, 1.2, 1.4, 20.0
    matrix[0] = [-(front + rear) / (m * u), -(a * front - b * rear) / (m * u) - u]
    matrix[1] = [-(a * front - b * rear) / (inertia * u), -(a**2 * front + b**2 * rear) / (inertia * u)]
    values = np.linalg.eigvals(matrix)
    np.testing.assert_allclose(sorted(values.imag), [-3.37537646, 3.37537646], atol=1e-7)
    np.testing.assert_allclose(values.real, -5.74933333, atol=1e-7)
    steer, time = 1e-3, 0.3
    held = np.array([front / m, front * a / inertia]) * steer
    response = np.linalg.solve(matrix, (scipy.linalg.expm(matrix * time) - np.eye(2)) @ held)
    model = cls(WORKED_LIMITS, NO_LAGS, WORKED_CAR)
    start = Motion.rolling(1, speed=u, steer=steer)
    moved = drive(model, start, 0.0, 0.0, time, step, friction=10.0)
    assert moved.yaw_rate[0] == pytest.approx(response[1], rel=2e-3)
    assert moved.sideways[0] + 1.4 * moved.yaw_rate[0] == pytest.approx(response[0], rel=2e-2)


# --- standing still and the limits -----------------------------------------------------------------------------------

ALL = [VEHICLES[name] for name in ("hatchback", "sedan", "estate", "suv", "van", "truck")]


def catalog_model(cls):
    lags = Lags(np.full(len(ALL), 0.05), np.full(len(ALL), 0.15))
    if cls is Kinematic:
        return cls(parameters(ALL), lags)
    return cls(parameters(ALL), lags, handling(ALL))


EVERY = pytest.mark.parametrize("cls", [Kinematic, LinearSingleTrack, LoadSensitiveSingleTrack])


@EVERY
@pytest.mark.parametrize("step", [0.01, 0.02])
def test_nothing_moves_at_standstill_but_the_wheels(cls, step):
    m = drive(catalog_model(cls), Motion.rolling(len(ALL)), 0.15, 0.0, 3.0, step)
    for name in ("x", "y", "yaw", "speed", "sideways", "yaw_rate"):
        np.testing.assert_allclose(getattr(m, name), 0.0, atol=1e-9, err_msg=name)
    assert (m.steer > 0.4).all()


@EVERY
@pytest.mark.parametrize("step", [0.01, 0.02])
def test_braking_in_a_bend_ends_at_rest(cls, step):
    m = drive(catalog_model(cls), Motion.rolling(len(ALL), speed=12.0, steer=0.1), 0.02, -4.0, 8.0, step)
    for name in ("speed", "sideways", "yaw_rate"):
        np.testing.assert_allclose(getattr(m, name), 0.0, atol=1e-6, err_msg=name)


@EVERY
def test_manoeuvring_slowly_all_models_roll_where_the_wheels_point(cls):
    m = drive(catalog_model(cls), Motion.rolling(len(ALL), speed=2.0, steer=0.3), 0.0, 0.0, 3.0)
    bend = np.tan(0.3) / np.array([v.wheelbase for v in ALL])
    np.testing.assert_allclose(m.yaw_rate / m.speed, bend, rtol=0.08)


@EVERY
@pytest.mark.parametrize("step", [0.01, 0.02])
@pytest.mark.parametrize("friction", [0.3, 0.7, 1.0])
def test_braking_on_the_road_that_there_is_takes_the_distance_that_physics_says(cls, step, friction):
    speed = 25.0
    lags = Lags(np.zeros(len(ALL)), np.zeros(len(ALL)))
    model = cls(parameters(ALL), lags) if cls is Kinematic else cls(parameters(ALL), lags, handling(ALL))
    m = drive(model, Motion.rolling(len(ALL), speed=speed), 0.0, -100.0, 12.0, step, friction)
    hardest = np.minimum([v.max_deceleration for v in ALL], friction * GRAVITY)
    np.testing.assert_allclose(m.x, speed**2 / (2 * hardest), atol=speed * step)


@EVERY
@settings(max_examples=25, deadline=None)
@given(
    st.floats(0.0, 45.0), st.floats(-0.5, 0.5), st.floats(0.1, 1.1),
    st.lists(st.tuples(st.floats(-12.0, 6.0), st.floats(-2.0, 2.0)), min_size=1, max_size=6),
    st.sampled_from([0.01, 0.02]),
)  # fmt: skip
def test_no_vehicle_leaves_its_circle_of_friction_or_its_limits(cls, speed, steer, friction, orders, step):
    model, limits = catalog_model(cls), parameters(ALL)
    none = np.zeros(len(ALL))
    slow = np.minimum(speed, limits.max_speed)
    rolls = np.where(slow < 1.0, slow * np.tan(steer) / limits.wheelbase, 0.0)
    motion = replace(Motion.rolling(len(ALL), speed=slow, steer=steer), yaw_rate=rolls)
    arms = np.array([v.rear_arm for v in ALL])
    for acceleration, rate in orders:
        commands = Commands(none + acceleration, none + rate, none > 0)
        for _ in range(20):
            before, motion = motion, model.advance(motion, commands, none + friction, step)
            change = np.hypot(*(_velocity(motion, arms) - _velocity(before, arms))) / step
            turning = np.abs(motion.steer - before.steer) / step
            # At the first steps the wheels are turned without warning, and a kinematic centre of gravity is whipped.
            # The slip angle of the linear tyre is that of the middle of the step, which may be 20 ms long.
            if cls is not Kinematic:
                within = 1.005 if cls is LoadSensitiveSingleTrack else 1.02
                assert (change <= friction * GRAVITY * within + 1e-6).all()
            assert (turning <= limits.max_steer_rate + 1e-9).all()
            assert (np.abs(motion.steer) <= limits.max_steer).all()
            assert (motion.speed <= limits.max_speed + 1e-9).all()
            slides = np.abs(before.sideways + arms * before.yaw_rate) > 0.1
            assert ((motion.speed >= -1e-9) | slides | (before.speed < 0.0)).all()  # who spins may slide backwards
            assert np.isfinite(motion.yaw_rate).all()


@BOTH
def test_a_car_that_spins_round_slides_on_backwards_and_brakes_to_rest(cls):
    model, none = catalog_model(cls), np.zeros(len(ALL))
    motion, arms = Motion.rolling(len(ALL), speed=15.0), np.array([v.rear_arm for v in ALL])
    backwards = none > 0
    for acceleration, rate in [(1, -1), (-7, 0), (0, 1), (-7, 0), *[(0, 0)] * 4, *[(-7, 0)] * 20]:
        for _ in range(20):
            before = motion
            motion = model.advance(motion, Commands(none + acceleration, none + rate, none > 0), none + 1.0, 0.02)
            change = np.hypot(*(_velocity(motion, arms) - _velocity(before, arms))) / 0.02
            assert (change <= GRAVITY * 1.02).all()
            backwards = backwards | (motion.speed < -0.5)
    assert backwards.any()
    if cls is LoadSensitiveSingleTrack:  # a tyre whose force grows with slip for ever knows no sliding backwards
        np.testing.assert_allclose(motion.speed, 0.0, atol=0.05)
        np.testing.assert_allclose(motion.sideways, 0.0, atol=0.05)


def _velocity(motion, arms):
    """(2, N) of the centre of gravity, in the world."""
    aside = motion.sideways + arms * motion.yaw_rate
    c, s = np.cos(motion.yaw), np.sin(motion.yaw)
    return np.stack([c * motion.speed - s * aside, s * motion.speed + c * aside])


def test_a_rear_axle_of_rolling_wheels_stays_within_the_circle_of_friction():
    model, none = catalog_model(Kinematic), np.zeros(len(ALL))
    motion = Motion.rolling(len(ALL), speed=25.0, steer=0.3)
    for rate in (0.4, -0.4, 0.4):
        for _ in range(40):
            before = motion
            motion = model.advance(motion, Commands(none - 6.0, none + rate, none > 0), none + 0.6, 0.01)
            change = np.hypot(*(_velocity(motion, 0.0) - _velocity(before, 0.0))) / 0.01
            assert (change <= 0.6 * GRAVITY * 1.001).all()


def test_lags_delay_the_brakes_by_their_time_constant():
    model = catalog_model(LoadSensitiveSingleTrack)
    m = drive(model, Motion.rolling(len(ALL), speed=30.0), 0.0, -3.0, 0.15, 0.01)
    np.testing.assert_allclose(m.drive, -3.0 * (1 - np.exp(-1.0)), rtol=1e-9)


def test_the_load_sensitive_car_understeers_and_slides_at_the_limit():
    model = catalog_model(LoadSensitiveSingleTrack)
    gentle = drive(model, Motion.rolling(len(ALL), speed=20.0, steer=0.02), 0.0, 0.2, 4.0)
    neutral = gentle.speed * 0.02 / np.array([v.wheelbase for v in ALL])
    assert (gentle.yaw_rate < neutral).all()
    wild = drive(model, Motion.rolling(len(ALL), speed=20.0, steer=0.4), 0.0, 0.0, 1.0)
    assert (wild.yaw_rate[:5] < 0.5 * wild.speed[:5] * np.tan(0.4) / [v.wheelbase for v in ALL[:5]]).all()
