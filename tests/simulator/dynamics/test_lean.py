"""Two-wheelers in bends of one radius, against Cossalter, Motorcycle Dynamics, 2nd ed. (2006), section 4.1."""

import math
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from roadlab import load, simulate
from roadlab.actors.catalog import VEHICLES
from roadlab.dynamics.body import lean

CIRCLE = """
scenario: Round and round
duration: {duration} s
step: 0.02 s
map:
  roads:
    street: {{profile: urban_2x1, path: [{{line: 20 m}}, {{arc: {{length: {arc} m, radius: {radius} m}}}}],
             speed_limit: 100 km/h}}
actors:
  ego: {{model: sedan, at: {{road: street, lane: 1, s: 5 m}}, parked: true}}
  rider:
    model: {model}
    at: {{road: street, lane: -1, s: 5 m}}
    speed: {speed} m/s
    drive: {{speed: {speed} m/s}}
"""


def ridden(model, radius, speed):
    arc = round(4.0 * radius, 1)
    duration = round((0.8 * arc + 15.0) / speed, 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(CIRCLE.format(model=model, radius=radius, speed=speed, arc=arc, duration=duration))
        return simulate(load(path))


@pytest.mark.parametrize(
    ("model", "radius", "speed", "crown"),
    [("motorcycle", 60.0, 12.0, 0.075), ("scooter", 40.0, 8.0, 0.055), ("bicycle", 30.0, 5.0, 0.02)],
)
def test_a_rider_leans_into_a_bend_as_speed_and_radius_ask(model, radius, speed, crown):
    log = ridden(model, radius, speed)
    who, tick = log.index("rider"), len(log.time) - 50
    v = np.hypot(*log.velocity[tick, who, :2])
    x, y = log.position[tick, who, :2]
    own = math.hypot(x - 20.0, y - radius)  # the rear wheel's way about the centre of the bend
    height = VEHICLES[model].chassis.gravity_height
    ideal = math.atan(v**2 / (9.81 * own))
    added = math.asin(crown * math.sin(ideal) / (height - crown))
    assert v == pytest.approx(speed, rel=0.05)
    assert -log.attitude[tick, who, 2] == pytest.approx(ideal + added, abs=math.radians(0.3))


def test_a_thick_tyre_adds_to_the_lean_and_a_thin_one_does_not():
    # Cossalter's relation, by hand: 45 degrees, t = 0.1 m, h = 0.6 m add asin(0.1 * 0.70711 / 0.5) = 8.13 degrees
    motorcycle = VEHICLES["motorcycle"].chassis
    thick = replace(motorcycle, gravity_height=0.6, tyre=replace(motorcycle.tyre, crown=0.1))
    thin = replace(thick, tyre=replace(thick.tyre, crown=0.0))
    pull = np.array([9.81, -9.81, 0.0])
    np.testing.assert_allclose(np.degrees(lean(pull, thick)), [53.13, -53.13, 0.0], atol=0.01)
    np.testing.assert_allclose(np.degrees(lean(pull, thin)), [45.0, -45.0, 0.0], atol=1e-9)
