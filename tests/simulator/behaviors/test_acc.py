import numpy as np
import pytest

from roadlab.behaviors.acc import Acc, AccDriver, constant_acceleration, improved_idm
from roadlab.behaviors.driver import Following
from roadlab.behaviors.idm import USUAL, Idm, IdmDriver
from roadlab.behaviors.temper import Temper, temper_of
from roadlab.randomness import generator

# The published motorway parameters of Treiber, Hennecke and Helbing (2000).
MOTORWAY = Acc(time_headway=1.5, max_acceleration=0.73, comfortable_deceleration=1.67, minimum_gap=2.0)
ZERO = np.zeros(1)


def test_the_improved_idm_keeps_exactly_its_time_gap_below_the_desired_speed():
    speed = np.linspace(0.5, 29.0, 40)
    gap = 2.0 + 1.5 * speed
    np.testing.assert_allclose(improved_idm(speed, np.full(40, 30.0), gap, np.zeros(40), MOTORWAY), 0.0, atol=1e-12)


def test_on_a_free_road_it_accelerates_like_the_idm_and_brakes_comfortably_above_the_desired_speed():
    far = np.full(1, np.inf)
    for v in (0.0, 10.0, 25.0):
        idm = 0.73 * (1.0 - (v / 30.0) ** 4)
        assert MOTORWAY.acceleration(np.full(1, v), np.full(1, 30.0), far, ZERO, ZERO)[0] == pytest.approx(
            idm, abs=0.01
        )
    faster = improved_idm(np.full(1, 60.0), np.full(1, 30.0), far, ZERO, MOTORWAY)[0]
    assert -1.67 < faster < -1.0


def test_the_constant_acceleration_heuristic_just_avoids_the_crash():
    # Behind a leader who keeps its speed: (v - vl)^2 / (2 s).
    steady = constant_acceleration(np.full(1, 20.0), np.full(1, 40.0), np.full(1, 5.0), ZERO, 1.0)
    assert steady[0] == pytest.approx(-(5.0**2) / 80.0)
    # Behind one who brakes to rest: v² al / (vl² - 2 s al), the same distance as the leader's and the gap together.
    stops = constant_acceleration(np.full(1, 20.0), np.full(1, 20.0), ZERO, np.full(1, -4.0), 1.0)[0]
    assert 20.0**2 / (2 * -stops) == pytest.approx(20.0 + 20.0**2 / 8.0)


def test_a_cut_in_is_taken_more_calmly_than_by_the_idm():
    idm = Idm(1.5, 0.73, 1.67, 2.0)
    cut_in = (np.full(1, 30.0), np.full(1, 33.0), np.full(1, 10.0), ZERO, ZERO)
    calm, harsh = MOTORWAY.acceleration(*cut_in)[0], idm.acceleration(*cut_in)[0]
    assert harsh < -10.0
    assert -3.0 < calm < 0.0
    untrusting = Acc(1.5, 0.73, 1.67, 2.0, coolness=0.0).acceleration(*cut_in)[0]
    assert untrusting == pytest.approx(improved_idm(*cut_in[:4], MOTORWAY)[0])


def test_models_in_arrays_ask_for_what_each_would_ask_alone():
    models = [USUAL["car"], None, AccDriver().following("truck"), USUAL["van"]]
    together = Following.of(models)
    who = np.array([3, 2, 0])
    situation = [np.array(v) for v in ((10.0, 12.0, 8.0), (14.0, 20.0, 14.0), (15.0, 30.0, 9.0), (1.0, 0.0, -1.0))]
    situation.append(np.array([0.0, -1.0, 0.5]))
    asked = together.acceleration(who, *situation)
    for k, i in enumerate(who):
        alone = models[i].acceleration(*(value[[k]] for value in situation))
        assert asked[k] == pytest.approx(alone[0], rel=1e-12)
    assert together.parameter("time_headway", 7.0)[[0, 1]] == pytest.approx([1.5, 7.0])


def test_aggressive_drivers_follow_nearer_and_drive_faster_than_timid_ones():
    timid, normal, brisk = (temper_of(style, generator(1, "x")) for style in ("timid", "normal", "aggressive"))
    assert normal == Temper(politeness=0.3)
    for name in ("speed", "acceleration", "lateral"):
        assert getattr(timid, name) < 1.0 < getattr(brisk, name)
    for name in ("time_headway", "critical_gap", "minimum_gap", "politeness"):
        assert getattr(timid, name) > getattr(normal, name) > getattr(brisk, name)
    assert IdmDriver().following("car", timid).time_headway == pytest.approx(1.5 * 1.25)
    assert IdmDriver(time_headway=0.9).following("car", timid).time_headway == 0.9


def test_sampled_drivers_have_the_stated_spread_and_depend_on_their_name_only():
    some = [temper_of("sampled", generator(5, "driver", f"car {k}")) for k in range(2000)]
    speed = np.array([t.speed for t in some])
    assert speed.mean() == pytest.approx(1.0, abs=0.01)
    # 0.07 per deviation and 0.3 of it of one's own, both cut at two deviations (which leaves 0.88 of a deviation).
    assert speed.std() == pytest.approx(0.07 * np.hypot(1.0, 0.3), rel=0.15)
    headway = np.array([t.time_headway for t in some])
    assert np.corrcoef(speed, headway)[0, 1] < -0.8
    assert temper_of("sampled", generator(5, "driver", "car 7")) == some[7]
