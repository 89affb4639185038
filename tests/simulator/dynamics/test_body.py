import numpy as np
import pytest

from roadlab.actors.articulation_vehicle import vehicle_part_poses, wheel_mounts
from roadlab.actors.catalog import VEHICLES
from roadlab.dynamics.body import settled, sprung
from roadlab.geometry.poses import world_from_actor

STEP = 0.01
CAR = VEHICLES["hatchback"]


def test_the_oscillator_overshoots_and_settles_as_its_damping_says():
    signal = np.concatenate([np.zeros(10), np.ones(500)])
    answer = settled(signal, 1.5, 0.33, STEP)
    overshoot = np.exp(-np.pi * 0.33 / np.sqrt(1 - 0.33**2))
    assert answer.max() == pytest.approx(1 + overshoot, rel=2e-3)
    peak = (np.argmax(answer) - 10) * STEP
    assert peak == pytest.approx(0.5 / (1.5 * np.sqrt(1 - 0.33**2)), abs=2 * STEP)
    assert answer[-1] == pytest.approx(1.0, abs=1e-3)


def test_a_run_begins_settled():
    np.testing.assert_allclose(settled(np.linspace(3.0, 3.0001, 50), 1.3, 0.3, STEP), 3.0, atol=1e-3)


def body(along=0.0, across=0.0, level=0.0, ticks=600):
    ones = np.ones((ticks, 1))
    return sprung([CAR], along * ones, across * ones, level * ones, STEP)


def test_a_car_leans_out_of_a_left_hand_bend():
    gentle = body(across=4.0)
    assert gentle.roll[-1, 0] == pytest.approx(np.radians(CAR.chassis.springs.roll_gradient * 180 / np.pi * 4.0))
    assert np.degrees(gentle.roll[-1, 0]) == pytest.approx(5.0 * 4.0 / 9.81, rel=0.01)


def test_a_braking_car_dives_about_its_centre_of_gravity():
    dive = body(along=-6.0)
    assert 0.0 < np.degrees(dive.pitch[-1, 0]) < 2.0
    for ahead, sign in ((0.0, 1.0), (CAR.wheelbase, -1.0)):
        height = dive.heave[-1, 0] - ahead * np.sin(dive.pitch[-1, 0])
        assert np.sign(height) == sign
    assert dive.heave[-1, 0] - CAR.rear_arm * np.sin(dive.pitch[-1, 0]) == pytest.approx(0.0)


def test_no_blow_tilts_the_body_beyond_its_stops():
    hit = body(along=-1000.0, across=1000.0)
    assert np.degrees(np.abs(hit.pitch).max()) < 4.0
    assert np.degrees(np.abs(hit.roll).max()) < 9.0


def test_the_body_passes_late_over_a_ramp_and_stays_on_its_springs():
    level = np.concatenate([np.zeros(20), np.linspace(0, 0.1, 20), np.full(400, 0.1)])[:, None]
    still = np.zeros_like(level)
    heave = sprung([CAR], still, still, level, STEP).heave[:, 0]
    assert heave[30] < -0.02
    assert heave.max() > 0.005
    assert heave[-1] == pytest.approx(0.0, abs=1e-3)


def test_a_bicycle_has_no_springs():
    ones = np.ones((10, 1))
    lie = sprung([VEHICLES["bicycle"]], ones, ones, ones, STEP)
    np.testing.assert_array_equal([lie.roll, lie.pitch, lie.heave], 0.0)


def test_wheels_stay_on_the_road_while_the_body_moves():
    heave, pitch, roll = 0.02, 0.03, -0.05
    poses = vehicle_part_poses("hatchback", [[0.2, 1.0, heave, pitch, roll]])
    frame = world_from_actor([[0.0, 0.0, heave]], [[0.0, pitch, roll]])
    for part, mount in wheel_mounts("hatchback").items():
        assert (frame @ poses[part])[0, :3, 3] == pytest.approx(mount)
        turned = (frame @ poses[part])[0, :3, :3]
        angle = 0.2 if part.startswith("wheel_f") else 0.0
        assert turned @ [0.0, 1.0, 0.0] == pytest.approx((-np.sin(angle), np.cos(angle), 0.0))
