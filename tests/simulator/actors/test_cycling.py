import numpy as np
import pytest

from roadlab.actors.body import proportions
from roadlab.actors.catalog import VEHICLES
from roadlab.actors.cycling import BICYCLE, CYCLIST_PARTS, cyclist_part_poses

TURN = np.linspace(0.0, 2 * np.pi, 73)


def riding(steering=0.0, spin=0.0, crank=TURN):
    crank = np.atleast_1d(crank)
    return cyclist_part_poses(np.column_stack([np.full_like(crank, steering), np.full_like(crank, spin), crank]))


def test_all_parts_have_a_pose_and_wheels_are_a_wheelbase_apart():
    parts = riding()
    assert tuple(parts) == CYCLIST_PARTS
    assert parts["wheel_f"][0, :3, 3] == pytest.approx(
        [VEHICLES["bicycle"].wheelbase, 0.0, VEHICLES["bicycle"].wheel_radius]
    )
    assert parts["wheel_r"][0, :3, 3] == pytest.approx([0.0, 0.0, VEHICLES["bicycle"].wheel_radius])


def test_the_balls_of_the_feet_stay_on_the_pedals():
    parts = riding()
    for side in "lr":
        above = parts[f"toes_{side}"][:, :3, 3] - parts[f"pedal_{side}"][:, :3, 3]
        assert above == pytest.approx(np.tile([0.0, 0.0, BICYCLE.pedal_thickness / 2], (len(TURN), 1)), abs=1e-9)


def test_legs_reach_the_pedals_with_a_bent_knee():
    parts, body = riding(), proportions(1.72)
    for side in "lr":
        hip, knee, ankle = (parts[f"{name}_{side}"][:, :3, 3] for name in ("thigh", "shank", "foot"))
        assert np.linalg.norm(knee - hip, axis=1) == pytest.approx(np.full(len(TURN), body.thigh))
        assert np.linalg.norm(ankle - knee, axis=1) == pytest.approx(np.full(len(TURN), body.shank))
        inside = np.einsum("mi,mi->m", knee - hip, ankle - knee) / body.thigh / body.shank
        flexion = np.degrees(np.arccos(inside))
        # Holmes et al. 1994: a saddle is right when the knee is bent by 25 to 35 degrees at the lowest pedal.
        assert flexion.min() == pytest.approx(30, abs=6)
        assert flexion.max() < 120


@pytest.mark.parametrize("steering", [-0.5, 0.0, 0.3])
def test_hands_hold_the_grips_when_steering(steering):
    parts, body = riding(steering, crank=0.0), proportions(1.72)
    for side, sign in (("l", 1.0), ("r", -1.0)):
        grip = np.subtract(BICYCLE.grip, BICYCLE.steering_axis) * [1.0, sign, 1.0]
        held = parts["fork"][0, :3, :3] @ grip + parts["fork"][0, :3, 3]
        wrist, elbow = parts[f"hand_{side}"][0, :3, 3], parts[f"forearm_{side}"][0, :3, 3]
        assert np.linalg.norm(wrist - held) < 0.095
        assert np.linalg.norm(wrist - elbow) == pytest.approx(body.forearm)
        assert np.linalg.det(parts[f"hand_{side}"][0, :3, :3]) == pytest.approx(1.0)


def test_positive_steering_turns_left_and_positive_spin_and_crank_roll_forward():
    assert riding(steering=0.3, crank=0.0)["wheel_f"][0, 1, 3] > 0.01
    rolled = riding(spin=0.2, crank=0.0)["wheel_r"][0, :3, :3] @ [0.0, 0.0, 0.3]
    assert rolled[0] > 0
    pedals = riding(crank=np.array([0.0, 0.3]))["pedal_l"][:, :3, 3]
    assert pedals[0, 0] == pytest.approx(BICYCLE.bottom_bracket[0] + BICYCLE.crank_length)
    assert pedals[1, 2] < pedals[0, 2]
