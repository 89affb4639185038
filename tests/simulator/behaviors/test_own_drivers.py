"""Drivers of one's own: what they know, what they may do, and what happens when they fail."""

import tempfile
from pathlib import Path

import numpy as np
import pytest

import roadlab.behaviors.piloting as piloting
from roadlab import load, simulate
from roadlab.behaviors.view import Control

STREET = """
scenario: A street
duration: {duration} s
step: 0.02 s
map:
  roads:
    street: {{profile: urban_2x1, path: [{{line: 300 m}}], speed_limit: 50 km/h}}
actors:
  ego: {{model: hatchback, at: {{road: street, lane: -1, s: 20 m}}, speed: 10 m/s, drive: {{{driver}}}}}
{others}
"""


def street(others="", duration=6, driver=""):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(STREET.format(others=others, duration=duration, driver=driver))
        return load(path)


def speed(log, name="ego"):
    return np.hypot(*log.velocity[:, log.index(name), :2].T)


def faults(log):
    return [event.name for event in log.events if event.kind == "fault"]


def test_a_driver_of_ones_own_drives():
    log = simulate(street(), drivers={"ego": lambda view: Control(1.5 if view.time < 2.0 else -2.0)})
    np.testing.assert_allclose(log.acceleration[10:95, 0], 1.5, atol=1e-9)
    np.testing.assert_allclose(log.acceleration[110:250, 0], -2.0, atol=1e-9)
    assert faults(log) == []


def test_a_driver_of_ones_own_may_steer():
    log = simulate(street(duration=2), drivers={"ego": lambda _: Control(0.0, steer=0.05)})
    radius = 2.64 / np.tan(0.05)
    assert log.attitude[-1, 0, 0] == pytest.approx(20.0 / radius, rel=0.1)


def test_to_do_as_usual_changes_nothing():
    others = "  slow: {model: van, at: {road: street, lane: -1, s: 70 m}, speed: 5 m/s, drive: {}}"
    own = simulate(street(others), drivers={"ego": lambda view: view.usual})
    np.testing.assert_allclose(own.position, simulate(street(others)).position, atol=0.02)


def test_a_view_tells_what_is_in_sight_in_ones_own_frame():
    others = """
  car: {model: sedan, at: {road: street, lane: -1, s: 70 m}, speed: 5 m/s, drive: {}}
  truck: {model: truck, at: {road: street, lane: 1, s: 50 m}, parked: true}
  hidden: {model: adult, at: {road: street, s: 56.5 m, t: 2.9 m}}
"""
    views = []
    simulate(street(others, duration=1), drivers={"ego": lambda view: (views.append(view), view.usual)[1]})
    first = views[0]
    assert [n.name for n in first.neighbours] == ["truck", "car"]
    car = first.neighbours[1]
    assert (car.x, car.y) == pytest.approx((50 + 4.76 / 2 - 1.06, 0.0), abs=1e-6)
    assert (car.vx, car.vy) == pytest.approx((5.0, 0.0), abs=1e-6)
    assert first.neighbours[0].y == pytest.approx(3.5)
    assert abs(first.neighbours[0].heading) == pytest.approx(np.pi)
    assert first.limit == pytest.approx(50 / 3.6)
    np.testing.assert_allclose(first.path[:3], [[0, 0, 0], [2, 0, 0], [4, 0, 0]], atol=1e-9)
    assert first.speed == 10.0
    assert first.front == pytest.approx(4.28 - 0.78)


def raising(view):
    if view.time > 0.95:
        raise RuntimeError("no idea")
    return view.usual


@pytest.mark.parametrize(
    ("decide", "message"),
    [
        (raising, "raised RuntimeError: no idea"),
        (lambda _: Control(float("nan")), "an acceleration of nan"),
        (lambda _: Control(1.0, steer=float("inf")), "steering angle of inf"),
        (lambda _: None, "answered NoneType, not Control"),
        (lambda _: Control("fast"), "are no numbers"),
    ],
)
def test_a_driver_that_fails_is_named_and_relieved(decide, message):
    log = simulate(street(), drivers={"ego": decide})
    (fault,) = faults(log)
    assert fault.startswith("ego: its driver")
    assert message in fault
    assert "the built-in driver takes over" in fault
    assert len(log.time) == 301
    assert speed(log)[-1] > 9.0
    assert np.isfinite(log.position).all()


def test_a_driver_that_thinks_too_long_is_relieved(monkeypatch):
    clock = iter(np.arange(0.0, 1e6, 3.0))
    monkeypatch.setattr(piloting, "perf_counter", lambda: next(clock))
    log = simulate(street(duration=2), drivers={"ego": lambda view: view.usual})
    assert "took 3.0 s for a decision" in faults(log)[0]
    assert len(faults(log)) == 1


def test_nobody_drives_who_is_not_there():
    with pytest.raises(ValueError, match="ego do"):
        simulate(street(), drivers={"eggo": lambda view: view.usual})


def test_who_drives_off_the_road_is_in_the_log_once():
    log = simulate(street(duration=5), drivers={"ego": lambda _: Control(0.0, steer=0.3)})
    assert faults(log) == ["ego is far off its way"]
    assert len(log.time) == 251


def test_emergency_braking_brakes_only_for_what_comes_into_ones_way():
    blind = "driver: {type: idm, max_acceleration: 2 m/s2}"
    aside = "  van: {model: van, at: {road: street, lane: 1, s: 60 m}, parked: true}"
    log = simulate(street(aside, driver=blind.replace("idm", "aeb")))
    assert log.acceleration.min() > -1.0


def test_emergency_braking_stops_a_car_that_would_hit_a_wall():
    from roadlab.behaviors.aeb import AebDriver

    aeb = AebDriver()
    others = "  wall: {model: truck, at: {road: street, lane: -1, s: 70 m}, parked: true}"

    def asleep(view):
        """Somebody who never brakes, with the emergency braking on top."""
        from dataclasses import replace

        return aeb.decide(replace(view, usual=Control(0.0)))

    hit = simulate(street(others), drivers={"ego": lambda _: Control(0.0)})
    saved = simulate(street(others), drivers={"ego": asleep})
    assert [event.kind for event in hit.events] == ["contact"]
    assert [event.kind for event in saved.events if event.kind == "contact"] == []
    begin = int(np.argmax(saved.acceleration[:, 0] < -5.0))
    gap = 70 - 2.35 - (saved.position[begin, 0, 0] + 3.5)
    assert gap / 10.0 == pytest.approx(1.5, abs=0.12)
    assert speed(saved)[-1] == 0.0
    assert saved.acceleration.min() == pytest.approx(-8.34, abs=0.1)


def test_emergency_braking_is_registered_as_a_driver():
    from roadlab.registry import registered

    assert registered("drivers")["aeb"].__name__ == "AebDriver"
