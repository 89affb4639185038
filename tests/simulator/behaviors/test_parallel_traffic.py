"""Who turns lets the cyclists pass who ride beside it (StVO section 9, paragraph 3)."""

from pathlib import Path

import numpy as np
import pytest

from roadlab import load, simulate

FILE = Path(__file__).parents[3] / "scenarios" / "junction" / "right_turn_cyclist.yaml"


def run(ahead, speed):
    log = simulate(load(FILE, overrides=[f"parameters.ahead={ahead} m", f"parameters.cyclist_speed={speed} km/h"]))
    names = [actor.name for actor in log.actors]
    van, cyclist = (log.position[:, names.index(name), :2] for name in ("ego", "cyclist"))
    return log, van, cyclist


def instant(passed):
    return int(np.argmax(passed)) if passed.any() else len(passed)


@pytest.mark.parametrize("ahead", [-6, -4, -2, 0])
def test_a_van_that_turns_right_lets_the_cyclist_beside_it_pass(ahead):
    log, van, cyclist = run(ahead, 20)
    assert not [event for event in log.events if event.kind == "contact"]
    through = instant(cyclist[:, 1] > 0.0)
    assert van[through, 0] < 2.5, "the van is not across the cyclist's way when the cyclist comes through"
    assert van[-1, 0] > 5.0, "and turns afterwards"


def test_a_van_turns_at_once_before_a_cyclist_who_is_far_behind():
    log, van, cyclist = run(-25, 15)
    assert not [event for event in log.events if event.kind == "contact"]
    assert instant(van[:, 0] > 8.0) < instant(cyclist[:, 1] > -8.0)
