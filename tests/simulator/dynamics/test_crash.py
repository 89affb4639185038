import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlab.actors.catalog import VEHICLES
from roadlab.dynamics.contact import Contact, Footprints, contacts
from roadlab.dynamics.crash import after_contacts, centers, slide, velocities
from roadlab.dynamics.impact import RESTITUTION, Bodies, exchanged, walker, wheeled
from roadlab.dynamics.motion import GRAVITY
from roadlab.dynamics.state import State

CAR, TRUCK = VEHICLES["hatchback"], VEHICLES["truck"]
CARS = Bodies.of([wheeled(CAR, GRAVITY)] * 2)


def state(*actors):
    """Each (x, y, yaw, speed)."""
    return State.starting(*np.array(actors, dtype=float).T)


def prints(at, models):
    middle = np.array([m.box_center[0] for m in models])
    place = np.column_stack([at.x + middle * np.cos(at.yaw), at.y + middle * np.sin(at.yaw)])
    return Footprints(place, at.yaw, np.array([(m.length, m.width) for m in models]))


def rolled_on(at, step):
    return at.with_actor(np.arange(len(at.x)), x=at.x + np.cos(at.yaw) * at.speed * step,
                         y=at.y + np.sin(at.yaw) * at.speed * step)  # fmt: skip


def crash(at, models, seconds, step=0.01, friction=1.0):
    """The states, tick by tick, of vehicles that roll straight on until they meet and slide from then on."""
    bodies = Bodies.of([wheeled(m, GRAVITY) for m in models])
    known, everybody = np.zeros((0, 2), dtype=np.int64), np.arange(len(models))
    result = [at]
    for _ in range(round(seconds / step)):
        before = result[-1]
        moved = slide(before, everybody, bodies, np.full(len(models), friction), step) if len(known) else None
        after = moved or rolled_on(before, step)
        found = contacts(prints(before, models), prints(after, models), known)
        known = np.concatenate([known, np.array([(c.first, c.second) for c in found], dtype=np.int64).reshape(-1, 2)])
        result.append(after_contacts(before, after, found, bodies, step))
    return result


def energy(at, bodies):
    moving = velocities(at, bodies)
    return 0.5 * float((bodies.mass * (moving.linear**2).sum(axis=1) + bodies.inertia * moving.angular**2).sum())


@given(
    st.floats(-np.pi, np.pi), st.floats(0, 40), st.floats(0, 40), st.floats(-2, 4), st.floats(-1, 1), st.floats(-3, 3)
)
def test_an_impact_keeps_momentum_and_makes_no_energy(yaw, one, other, x, y, angle):
    at = state((0, 0, 0, one), (4, 1, yaw, other))
    contact = Contact(0, 1, 0.0, (x, y), (np.cos(angle), np.sin(angle)))
    moving, places = velocities(at, CARS), centers(at, CARS)
    after = exchanged(moving, places, CARS, contact)
    linear = CARS.mass[:, None] * (after.linear - moving.linear)
    np.testing.assert_allclose(linear.sum(axis=0), 0.0, atol=1e-6)
    spin = CARS.inertia * (after.angular - moving.angular)
    lever = places[:, 0] * linear[:, 1] - places[:, 1] * linear[:, 0]
    assert (spin + lever).sum() == pytest.approx(0.0, abs=1e-5)
    before_energy = (CARS.mass * (moving.linear**2).sum(1) + CARS.inertia * moving.angular**2).sum()
    after_energy = (CARS.mass * (after.linear**2).sum(1) + CARS.inertia * after.angular**2).sum()
    assert after_energy <= before_energy * (1 + 1e-9) + 1e-6


def test_a_central_rear_end_impact_ends_as_the_textbook_says():
    at = state((0, 0, 0, 20), (CAR.length + 0.1, 0, 0, 0))
    states = crash(at, [CAR, CAR], 0.02)
    # Equal masses: the sum of the speeds stays, and they part with a tenth of the speed at which they met.
    assert states[1].speed == pytest.approx([20 * 0.5 * (1 - RESTITUTION), 20 * 0.5 * (1 + RESTITUTION)], rel=1e-6)
    assert states[1].yaw_rate == pytest.approx([0.0, 0.0], abs=1e-9)
    # 0.1 m at 20 m/s take half the step; the struck car moves for the other half.
    assert states[1].x[1] - at.x[1] == pytest.approx(0.005 * states[1].speed[1], rel=0.01)


def test_after_the_impact_both_slide_to_rest_over_the_braking_distance():
    at = state((0, 0, 0, 20), (CAR.length + 0.1, 0, 0, 0))
    states = crash(at, [CAR, CAR], 4.0, friction=0.7)
    speed = 20 * 0.5 * (1 + RESTITUTION)
    assert states[-1].x[1] - at.x[1] == pytest.approx(speed**2 / (2 * 0.7 * GRAVITY), abs=speed * 0.01)
    for name in ("speed", "sideways", "yaw_rate"):
        np.testing.assert_array_equal(getattr(states[-1], name), 0.0)


def test_a_car_struck_at_its_tail_spins_and_comes_to_rest():
    at = state((0, 0, np.pi / 2, 15), (-0.4, 4.3, 0.0, 0.0))
    states = crash(at, [CAR, CAR], 6.0)
    assert max(abs(s.yaw_rate[1]) for s in states) > 0.5
    assert abs(states[-1].yaw[1]) > 0.3
    for name in ("speed", "sideways", "yaw_rate"):
        np.testing.assert_array_equal(getattr(states[-1], name), 0.0)


def test_a_car_that_hits_a_truck_loses_more_speed_than_the_truck_gains():
    at = state((0, 0, 0, 20), (CAR.length - CAR.rear_overhang + TRUCK.rear_overhang + 0.05, 0, 0, 0))
    after = crash(at, [CAR, TRUCK], 0.02)[1]
    assert after.speed[1] == pytest.approx((1 + RESTITUTION) * 20 * 1400 / (1400 + 9500), rel=1e-3)


def test_friction_never_turns_a_sliding_vehicle_round():
    bodies = Bodies.of([wheeled(CAR, GRAVITY)])
    at = state((0, 0, 0.4, 12.0)).with_actor(0, sideways=3.0, yaw_rate=-2.5)
    kinetic = energy(at, bodies)
    for _ in range(300):
        at = slide(at, np.array([0]), bodies, np.array([0.9]), 0.01)
        assert energy(at, bodies) <= kinetic
        kinetic = energy(at, bodies)
    assert kinetic == 0.0


def test_a_person_is_pushed_and_slides_no_further_than_shoes_on_asphalt():
    bodies = Bodies.of([walker(75.0)])
    at = state((0, 0, 1.2, 0.0)).with_actor(0, speed=5.0 * np.cos(1.2), sideways=-5.0 * np.sin(1.2))
    for _ in range(200):
        at = slide(at, np.array([0]), bodies, np.array([1.0]), 0.01)
    assert at.x[0] == pytest.approx(25 / (2 * 0.66 * GRAVITY), abs=0.01)
    assert at.y[0] == pytest.approx(0.0, abs=1e-9)
    assert at.yaw[0] == 1.2
