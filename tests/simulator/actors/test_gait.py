import numpy as np
import pytest

from roadlab.actors.body import proportions, two_links
from roadlab.actors.gait import PEDESTRIAN_JOINTS, phase_rate, stance_share, walking_joints
from roadlab.actors.skeleton import pedestrian_part_poses

ADULT, CHILD = 1.72, 1.25
PEOPLE = [("adult", ADULT), ("child", CHILD)]


def stride(name, height, speed, samples=720):
    """Times [s] and part poses over one stride at constant speed."""
    phase = np.linspace(0.0, 2 * np.pi, samples + 1)
    return phase / phase_rate(speed, height), pedestrian_part_poses(name, walking_joints(phase, speed, height))


def points_of_the_sole(parts, height, side="l"):
    """World-independent heights and positions (M, 3, 3) of heel, ball and tip in the actor's frame."""
    body = proportions(height)
    foot, toes = parts[f"foot_{side}"], parts[f"toes_{side}"]
    heel = foot @ np.array([-body.heel, 0.0, -body.ankle_height, 1.0])
    tip = toes @ np.array([body.toe - body.ball, 0.0, 0.0, 1.0])
    return np.stack([heel[:, :3], toes[:, :3, 3], tip[:, :3]], axis=1)


def column(joints, name):
    return joints[:, PEDESTRIAN_JOINTS.index(name)]


@pytest.mark.parametrize(
    ("speed", "cadence", "step"),
    [
        (0.8, 89.4, 0.537),
        (1.03, 101.5, 0.609),
        (1.2, 109.5, 0.657),
        (1.34, 115.8, 0.695),
        (1.5, 122.5, 0.735),
        (1.8, 134.2, 0.805),
    ],
)
def test_cadence_and_step_follow_the_constant_walk_ratio(speed, cadence, step):
    steps_per_second = phase_rate(speed, ADULT) / np.pi
    assert 60 * steps_per_second == pytest.approx(cadence, abs=0.1)
    assert speed / steps_per_second == pytest.approx(step, abs=0.001)


def test_a_child_walks_like_an_adult_of_equal_froude_number():
    scale = CHILD / ADULT
    step_adult = 1.34 * np.pi / phase_rate(1.34, ADULT)
    slow = 1.34 * np.sqrt(scale)
    step_child = slow * np.pi / phase_rate(slow, CHILD)
    assert step_child / CHILD == pytest.approx(step_adult / ADULT)
    assert phase_rate(1.2, CHILD) > phase_rate(1.2, ADULT)


@pytest.mark.parametrize(("name", "height"), PEOPLE)
@pytest.mark.parametrize("speed", [0.2, 0.7, 1.34, 1.9, 2.3, 3.0])
def test_the_point_that_carries_does_not_slide(name, height, speed):
    time, parts = stride(name, height, speed)
    points = points_of_the_sole(parts, height) + speed * time[:, None, None] * np.array([1.0, 0.0, 0.0])
    velocity = np.diff(points, axis=0) / np.diff(time)[:, None, None]
    carrying = np.flatnonzero(time[1:] / time[-1] < stance_share(speed, height)[0])
    slowest = np.linalg.norm(velocity[carrying], axis=2).min(axis=1)
    assert slowest.max() < 0.05
    lowest = points[carrying, :, 2].min(axis=1)
    assert np.abs(lowest).max() < 0.002


@pytest.mark.parametrize(("name", "height"), PEOPLE)
@pytest.mark.parametrize("speed", [0.0, 0.05, 0.3, 0.8, 1.34, 1.9, 2.1, 2.6, 3.4])
def test_no_foot_goes_below_the_ground_and_no_knee_locks(name, height, speed):
    phase = np.linspace(0.0, 2 * np.pi, 400)
    joints = walking_joints(phase, speed, height)
    parts = pedestrian_part_poses(name, joints)
    for side in "lr":
        assert points_of_the_sole(parts, height, side)[..., 2].min() > -0.001
        assert column(joints, f"knee_{side}").min() > np.radians(1.0)


def test_stance_takes_three_fifths_of_a_stride_and_both_feet_carry_a_fifth_of_it():
    share = stance_share(1.3, ADULT)[0]
    assert share == pytest.approx(0.60, abs=0.01)
    _, parts = stride("adult", ADULT, 1.3)
    on_ground = [points_of_the_sole(parts, ADULT, side)[..., 2].min(axis=1) < 1e-5 for side in "lr"]
    assert on_ground[0].mean() == pytest.approx(0.60, abs=0.02)
    assert (on_ground[0] & on_ground[1]).mean() == pytest.approx(0.20, abs=0.04)


def test_a_runner_is_in_the_air_between_steps():
    _, parts = stride("adult", ADULT, 3.0)
    on_ground = [points_of_the_sole(parts, ADULT, side)[..., 2].min(axis=1) < 0.001 for side in "lr"]
    assert (~on_ground[0] & ~on_ground[1]).mean() > 0.1


# Hip, knee and ankle flexion in degrees at percent of the stride, normal walking: Perry and Burnfield (2010), figures
# of sagittal motion. One person's curves stray about this far from them.
@pytest.mark.parametrize(
    ("joint", "percent", "degrees", "stray"),
    [
        ("hip_l", [0, 20, 50, 85], [30, 17, -10, 30], 7),
        ("knee_l", [15, 40, 60, 72, 100], [18, 8, 35, 60, 5], 14),
        ("ankle_l", [5, 30, 45, 62, 85], [-5, 7, 10, -17, 0], 12),
    ],
)
def test_leg_joints_follow_published_curves(joint, percent, degrees, stray):
    joints = walking_joints(2 * np.pi * np.array(percent) / 100, 1.34, ADULT)
    assert np.degrees(column(joints, joint)) == pytest.approx(degrees, abs=stray)


def test_left_and_right_are_half_a_stride_apart():
    phase = np.linspace(0.0, 2 * np.pi, 50)
    now, later = walking_joints(phase, 1.34, ADULT), walking_joints(phase + np.pi, 1.34, ADULT)
    for joint in ("hip", "knee", "ankle", "toe", "shoulder", "elbow", "hip_abduction"):
        assert column(now, f"{joint}_l") == pytest.approx(column(later, f"{joint}_r"), abs=1e-9)


def test_arms_swing_against_the_leg_of_their_side():
    joints = walking_joints(np.linspace(0.0, 2 * np.pi, 200), 1.34, ADULT)
    for side in "lr":
        assert np.corrcoef(column(joints, f"shoulder_{side}"), column(joints, f"hip_{side}"))[0, 1] < -0.8


def test_the_pelvis_rises_and_falls_twice_a_stride_by_a_few_centimetres():
    height = column(walking_joints(np.linspace(0.0, 2 * np.pi, 512, endpoint=False), 1.34, ADULT), "pelvis_height")
    spectrum = np.abs(np.fft.rfft(height - height.mean()))
    assert spectrum.argmax() == 2
    assert 0.02 < np.ptp(height) < 0.06


def test_standing_is_the_limit_of_walking_slowly():
    phase = np.linspace(0.0, 2 * np.pi, 40)
    still = walking_joints(phase, 0.0, ADULT)
    assert np.ptp(still, axis=0).max() < 1e-9
    assert np.abs(walking_joints(phase, 1e-5, ADULT) - still).max() < 0.05


def test_joints_change_smoothly_with_phase_and_speed():
    phase, speed = np.meshgrid(np.linspace(0, 2 * np.pi, 721), np.arange(0.05, 3.5, 0.01))
    joints = walking_joints(phase.ravel(), speed.ravel(), ADULT).reshape(*phase.shape, -1)
    assert np.abs(np.diff(joints, axis=1)).max() < 0.08
    assert np.abs(np.diff(joints, axis=0)).max() < 0.15


def test_two_links_close_the_triangle():
    at_root, flexion = two_links(0.4, 0.3, np.array([0.5, 0.69]))
    end = 0.4 * np.exp(1j * at_root) + 0.3 * np.exp(1j * (at_root - flexion))
    assert end == pytest.approx([0.5, 0.69])
