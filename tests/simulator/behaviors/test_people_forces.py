import numpy as np
import pytest
from scipy.spatial import cKDTree

from roadlab.behaviors.people.company import company
from roadlab.behaviors.people.forces import REACH, RELAXATION, STRENGTH, Pairs, Walkers, apart, influence, interaction
from roadlab.behaviors.people.kerbs import critical_gap
from roadlab.randomness import generator

STEP = 0.02
LOOK = 5
"""Ticks for which people hold what they have in mind: a tenth of a second, as in the engine."""


def corridor(density, count=70, width=4.0, seconds=24.0, opposing=0.0, seed=1):
    """Mean speed along the corridor [m/s], and (M, 2) places and (M,) directions at the end; the ends are joined."""
    length, draw = count / (density * width), generator(seed, "corridor")
    rows = max(1, round(np.sqrt(count * width / length)))
    columns = int(np.ceil(count / rows))
    grid = [((c + 0.5) * length / columns, (r + 0.5) * width / rows) for c in range(columns) for r in range(rows)]
    place = np.array(grid[:count]) + draw.uniform(-0.1, 0.1, (count, 2)) * min(length / columns, width / rows)
    pace = np.clip(draw.normal(1.34, 0.26, count), 0.7, 2.0)
    aim = np.column_stack([np.where(draw.random(count) < opposing, -1.0, 1.0), np.zeros(count)])
    velocity, radius, speeds = 0.3 * aim, np.full(count, 0.2), []
    for tick in range(round(seconds / STEP)):
        around = cKDTree(place % [length, 1e9], boxsize=[length, 0.0])
        found = around.query_pairs(min(REACH, 0.49 * length), output_type="ndarray")
        who, other = np.concatenate([found, found[:, ::-1]]).T
        offset = place[other] - place[who]
        offset[:, 0] -= length * np.round(offset[:, 0] / length)
        pairs = Pairs(who, other, offset)
        if tick % LOOK == 0:
            pressed = influence(Walkers(velocity, aim, pace, radius, np.full(count, -1)), pairs)
        push = pressed.push + apart(pairs, radius[who] + radius[other], count)
        push[:, 1] += 3.0 * (np.exp(-(place[:, 1] - 0.2) / 0.1) - np.exp(-(width - place[:, 1] - 0.2) / 0.1))
        velocity = velocity + ((pressed.pace[:, None] * aim - velocity) / RELAXATION + push) * STEP
        velocity *= np.minimum(1.0, 1.3 * pace / np.maximum(np.hypot(*velocity.T), 1e-9))[:, None]
        place = place + velocity * STEP
        place[:, 1] = np.clip(place[:, 1], 0.1, width - 0.1)
        if tick * STEP > 0.5 * seconds:
            speeds.append(np.mean(np.einsum("mi,mi->m", velocity, aim)))
    return float(np.mean(speeds)), place, aim[:, 0]


def test_the_interaction_is_that_of_an_independent_implementation():
    # Five people of PySocialForce (yuxiang-gao/PySocialForce, tests/test_forces.py), whose social force with factor 1
    # is that of Moussaid et al. (2009) without its strength. Compared is what does not depend on which side somebody
    # dead ahead is passed, nor on the other program's angles, which it does not bring back to (-pi, pi].
    place = np.array([[1, 1], [1, 1.1], [3, 3], [3, 3.01], [3, 4]], dtype=float)
    velocity = np.array([[1, 0], [0, 1], [1, 1], [1, 2], [3, 1]], dtype=float)
    total = np.zeros((5, 2))
    for i in range(5):
        others = [j for j in range(5) if j != i]
        total[i] = interaction(place[others] - place[i], velocity[i] - velocity[others]).sum(axis=0) / STRENGTH
    np.testing.assert_allclose(total[4], [9.12767677e-06, 1.23117582e-05], rtol=1e-6)
    np.testing.assert_allclose(total[2:4, 1], [1.66840389e-04, -3.03788477e-05], rtol=1e-6)
    np.testing.assert_allclose(total[1], [-3.64726290e-05, -6.76204532e-05], rtol=1e-4)


# U. Weidmann, Transporttechnik der Fussgaenger (1993): v = 1.34 (1 - exp(-1.913 (1/rho - 1/5.4))).
@pytest.mark.parametrize(
    "density",
    [0.5, pytest.param(0.75, marks=pytest.mark.slow), 1.0, pytest.param(1.5, marks=pytest.mark.slow), 2.0,
     pytest.param(2.5, marks=pytest.mark.slow), 3.0],
)  # fmt: skip
def test_crowds_walk_as_fast_as_people_do_at_their_density(density):
    speed, _, _ = corridor(density)
    assert speed == pytest.approx(1.34 * (1 - np.exp(-1.913 * (1 / density - 1 / 5.4))), rel=0.2)


def test_somebody_alone_is_pushed_by_nobody_and_walks_at_the_own_pace():
    one = Walkers(np.zeros((1, 2)), np.array([[1.0, 0.0]]), np.array([1.34]), np.array([0.2]), np.array([-1]))
    alone = influence(one, Pairs.among(np.zeros((1, 2))))
    assert alone.pace[0] == 1.34
    assert (alone.push == 0.0).all()


def test_those_who_walk_together_do_not_evade_each_other_and_strangers_do():
    places, going = np.array([[0.0, 0.0], [0.0, 0.7]]), np.tile([1.2, 0.0], (2, 1))

    def pushes(group):
        people = Walkers(going, going / 1.2, np.full(2, 1.2), np.full(2, 0.2), np.array(group))
        return influence(people, Pairs.among(places)).push

    assert (pushes([0, 0]) == 0.0).all()
    assert pushes([-1, -1])[0, 1] < -0.1 < 0.1 < pushes([0, 1])[1, 1]


def test_people_of_a_group_wait_for_those_behind():
    aim = np.tile([1.0, 0.0], (3, 1))
    pace = company(np.array([0, 0, -1]), np.array([[4.0, 0.0], [0.0, 0.0], [9.0, 0.0]]), aim, np.array([1.5, 1.2, 1.3]))
    assert pace[0] < 0.8 * 1.2 < 1.2 < pace[1]
    assert pace[2] == 1.3


def test_the_critical_gap_is_the_time_across_and_three_seconds():
    # HCM: a road of 7 m at 1.2 m/s asks for 8.8 s, at 1.07 m/s for 9.5 s.
    assert critical_gap(7.0, 1.2) == pytest.approx(8.8, abs=0.05)
    assert critical_gap(7.0, 1.07) == pytest.approx(9.5, abs=0.05)
