"""Fixed-time signals, second by second."""

import numpy as np
import pytest

from roadlab.roads.signals import SignalPlan, signal_state

PLAN = SignalPlan(stages=2, green=14.0, amber=3.0, all_red=2.0)


@pytest.mark.parametrize(
    ("time", "first", "second"),
    [
        (0.0, "green", "red"),
        (13.9, "green", "red"),
        (14.1, "amber", "red"),
        (17.1, "red", "red"),
        (18.1, "red", "red_amber"),
        (19.1, "red", "green"),
        (33.1, "red", "amber"),
        (36.1, "red", "red"),
        (37.1, "red_amber", "red"),
        (38.1, "green", "red"),
    ],
)
def test_two_stages_take_turns(time, first, second):
    assert (signal_state(PLAN, 0, time), signal_state(PLAN, 1, time)) == (first, second)


def test_two_stages_never_may_drive_at_once():
    for time in np.arange(0.0, 2 * PLAN.cycle, 0.05):
        states = [signal_state(PLAN, stage, float(time)) for stage in range(2)]
        assert not all(state in ("green", "amber") for state in states)


def test_an_offset_starts_within_the_cycle():
    shifted = SignalPlan(stages=2, green=14.0, amber=3.0, all_red=2.0, offset=15.0)
    assert signal_state(shifted, 0, 0.0) == "amber"


def test_red_amber_fits_into_a_short_time_of_all_red():
    hasty = SignalPlan(stages=2, green=5.0, amber=3.0, all_red=0.0)
    assert {signal_state(hasty, 0, float(t)) for t in np.arange(0, 16, 0.1)} == {"green", "amber", "red"}


def test_a_stage_that_the_plan_does_not_have_is_refused():
    with pytest.raises(ValueError, match="stage 2"):
        signal_state(PLAN, 2, 0.0)
