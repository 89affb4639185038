"""Trailers against the steady-state offtracking of SAE J695 and the published kinematic trailer model."""

import numpy as np
import pytest

from roadlab.actors.catalog import TRAILERS, VEHICLES
from roadlab.dynamics.articulated import derivative
from roadlab.dynamics.single_track import SingleTrack
from roadlab.dynamics.state import State
from roadlab.dynamics.towing import Couplings, drawn, straight

SEMITRAILER, TRACTOR = TRAILERS["semitrailer"], VEHICLES["tractor"]


def joined(arm: float, wheelbase: float) -> Couplings:
    return Couplings(np.array([1]), np.array([0]), np.array([arm]), np.array([wheelbase]))


def pair(yaw: float = 0.0, speed: float = 0.0) -> State:
    zero = np.zeros(2)
    return State.starting(zero, zero, np.array([yaw, 0.0]), np.array([speed, 0.0]))


def towed(state: State, arm: float, wheelbase: float, speed: float, yaw_rate: float, duration: float) -> State:
    """Of a vehicle whose rear axle goes on at this speed and yaw rate."""
    step, couplings = 0.01, joined(arm, wheelbase)
    for _ in range(round(duration / step)):
        yaw = state.yaw[0] + 0.5 * yaw_rate * step
        ahead = state.with_actor(
            0,
            x=state.x[0] + speed * step * np.cos(yaw),
            y=state.y[0] + speed * step * np.sin(yaw),
            yaw=state.yaw[0] + yaw_rate * step,
            yaw_rate=yaw_rate,
            speed=speed,
        )
        state = drawn(state, ahead, couplings, step)
    return state


@pytest.mark.parametrize("radius", [10.0, 12.5, 20.0, 60.0])
@pytest.mark.parametrize(("arm", "wheelbase"), [(0.0, 8.1), (0.65, 7.7), (-1.1, 4.25)])
def test_in_a_steady_turn_the_axles_run_as_far_inside_as_j695_says(radius, arm, wheelbase):
    # SAE J695, Western Highway Institute: R1 = sqrt(R² - L²), L from the hitch to the axles, R the hitch's radius
    start = straight(pair(speed=3.0), joined(arm, wheelbase))
    state = towed(start, arm, wheelbase, 3.0, 3.0 / radius, 60.0)
    center = np.array([state.x[0] - radius * np.sin(state.yaw[0]), state.y[0] + radius * np.cos(state.yaw[0])])
    axles = np.hypot(state.x[1] - center[0], state.y[1] - center[1])
    assert axles == pytest.approx(np.sqrt(radius**2 + arm**2 - wheelbase**2), abs=1e-3)
    assert state.speed[1] == pytest.approx(3.0 / radius * axles, rel=1e-3)
    assert state.yaw_rate[1] == pytest.approx(3.0 / radius, rel=1e-6)


def test_a_trailer_straightens_out_along_a_tractrix():
    # tan(angle / 2) falls by exp(-d / L) on a straight way of length d
    start = drawn(pair(), pair(), joined(0.0, 8.0), 0.01).with_actor(1, yaw=1.2)
    state = towed(start, 0.0, 8.0, 4.0, 0.0, 5.0)
    assert np.tan(0.5 * state.yaw[1]) == pytest.approx(np.tan(0.6) * np.exp(-20.0 / 8.0), rel=1e-9)
    assert np.hypot(state.x[0] - state.x[1], state.y[0] - state.y[1]) == pytest.approx(8.0)


def test_small_steps_follow_the_published_kinematic_trailer():
    # KST of the CommonRoad vehicle models: hitch at the rear axle, state of its vector of derivatives
    limits = SingleTrack(3.6, 0.55, 0.7103, 11.5, 11.5, 7.824, 22.22, -2.78)
    speed, steer, hitch, step = 16.3546957860883566, 0.0378491427211811, 0.0294717351052816, 1e-5
    rate = derivative(np.array([0, 0, steer, speed, 0, hitch]), np.zeros(1), np.zeros(1), limits, 8.1)
    before = straight(pair(speed=speed), joined(0.0, 8.1)).with_actor(
        1, yaw=hitch, x=-8.1 * np.cos(hitch), y=-8.1 * np.sin(hitch)
    )
    turned = speed * np.tan(steer) / 3.6 * step
    after = drawn(before, before.with_actor(0, x=speed * step, yaw=turned), joined(0.0, 8.1), step)
    assert (after.yaw[1] - turned - hitch) / step == pytest.approx(rate[5], rel=1e-3)


def test_a_vehicle_that_turns_in_place_about_its_hitch_leaves_its_trailer_where_it_is():
    start = straight(pair(), joined(0.0, 7.7))
    state = towed(start, 0.0, 7.7, 0.0, 0.3, 4.0)
    assert (state.x[1], state.y[1], state.yaw[1]) == pytest.approx((-7.7, 0.0, 0.0))
    assert state.yaw[0] == pytest.approx(1.2)


def test_a_vehicle_that_turns_on_at_a_right_angle_takes_its_trailer_along():
    start = straight(pair(), joined(0.0, 7.7))
    state = towed(start, 0.0, 7.7, 0.0, 0.3, 8.0)
    assert state.yaw[0] - state.yaw[1] == pytest.approx(0.5 * np.pi)


def test_the_articulated_truck_turns_within_the_circles_of_the_european_directive():
    # Directive 96/53/EC, annex I, 1.5: within circles of 12.50 m and 5.30 m; a semitrailer alone is taken to do so when
    # its wheelbase is no more than sqrt((12.50 - 2.04)² - (5.30 + width / 2)²)
    longest = np.sqrt((12.5 - 2.04) ** 2 - (5.3 + 0.5 * SEMITRAILER.width) ** 2)
    assert SEMITRAILER.wheelbase <= longest
    state = towed(straight(pair(), joined(0.65, 7.7)), 0.65, 7.7, 2.0, 2.0 / 10.44, 120.0)
    center = np.array([state.x[0] - 10.44 * np.sin(state.yaw[0]), state.y[0] + 10.44 * np.cos(state.yaw[0])])
    inside = np.hypot(state.x[1] - center[0], state.y[1] - center[1]) - 0.5 * SEMITRAILER.width
    assert inside >= 5.3


def test_tractor_and_semitrailer_are_as_long_as_allowed():
    # 96/53/EC: 12.00 m from the kingpin to the rear, 2.04 m from it to any point of the front, 16.50 m in all
    rear = SEMITRAILER.wheelbase + SEMITRAILER.rear_overhang
    ahead = SEMITRAILER.length - rear
    nose = TRACTOR.length - TRACTOR.rear_overhang
    assert rear == pytest.approx(12.0)
    assert np.hypot(ahead, 0.5 * SEMITRAILER.width) < 2.05
    assert nose - TRACTOR.hitch.x + rear == pytest.approx(16.5)
