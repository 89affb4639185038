import numpy as np
import pytest
import shapely

from roadlab.actors.catalog import VEHICLES
from roadlab.dynamics.footprint import corners
from roadlab.engine import simulate
from roadlab.errors import ScenarioFileError
from roadlab.log import SceneLog
from roadlab.scenario.load import load

BEND = """
scenario: A bend
duration: 9 s
step: {step}
environment: {{weather: {{rain: {rain}}}}}
map:
  roads:
    bend: {{profile: urban_2x1, path: [{{line: 60 m}}, {{arc: {{length: 60 m, radius: 60 m}}}}, {{line: 120 m}}]}}
actors:
  ego: {{model: sedan, at: {{road: bend, lane: -1, s: 10 m}}, speed: 11 m/s, drive: {{}}, dynamics: {dynamics}}}
{more}
"""


@pytest.fixture
def run(tmp_path):
    def simulated(dynamics="{type: kinematic}", rain="0 mm/h", more="", step="0.01 s") -> SceneLog:
        path = tmp_path / "scenario.yaml"
        path.write_text(BEND.format(dynamics=dynamics, rain=rain, more=more, step=step))
        return simulate(load(path))

    return simulated


@pytest.mark.parametrize("kind", ["linear", "load_sensitive"])
@pytest.mark.parametrize("step", ["0.01 s", "0.02 s"])
def test_drivers_keep_their_lane_with_every_model(run, kind, step):
    rolled, moved = run(step=step), run(f"{{type: {kind}}}", step=step)
    assert np.hypot(*(rolled.position - moved.position)[:, 0, :2].T).max() < 1.0
    assert [event for event in moved.events if event.kind == "contact"] == []
    assert np.abs(moved.attitude[:, 0, 2]).max() > np.radians(0.5)


def test_parameters_of_the_author_change_how_a_vehicle_moves(run):
    light = run("{type: load_sensitive}")
    heavy = run("{type: load_sensitive, mass: 2.4 t, front_share: 0.6, drive_lag: 0.5 s}")
    assert np.abs(light.position - heavy.position).max() > 0.01


def test_on_a_wet_road_brakes_hold_less(run):
    story = "story:\n- {when: {time: {after: 0.5 s}}, do: {ego: {brake: {deceleration: 9 m/s2}}}}"
    dry, wet = run(more=story), run(rain="8 mm/h", more=story)
    assert dry.acceleration.min() == pytest.approx(-9.0, abs=0.01)
    assert -9.0 < wet.acceleration.min() < -5.0
    assert wet.position[-1, 0, 0] > dry.position[-1, 0, 0] + 1.0


def test_what_a_model_does_not_have_is_refused_where_it_stands(run):
    with pytest.raises(ScenarioFileError, match="linea"):
        run("{type: linea}")
    with pytest.raises(ScenarioFileError, match="mass"):
        run("{type: kinematic, mass: 2 t}")
    ben = "  ben: {model: bicycle, at: {road: bend, lane: -1, s: 40 m}, speed: 5 m/s, dynamics: {type: linear}}"
    with pytest.raises(ScenarioFileError, match="leans into bends"):
        run(more=ben)
    anna = "  anna: {model: adult, at: {road: bend, s: 40 m, t: 5 m}, dynamics: {type: linear}}"
    with pytest.raises(ScenarioFileError, match="a pedestrian walks"):
        run(more=anna)


HEAD_ON = """
scenario: Head-on
duration: 8 s
step: {step}
map:
  roads:
    street: {{profile: urban_2x1, path: [{{line: 400 m}}]}}
actors:
  ego: {{model: sedan, at: {{road: street, lane: -1, s: 100 m}}, speed: 40 m/s, drive: {{}}}}
  other: {{model: van, at: {{road: street, lane: 1, s: 300 m, offset: -3 m}}, speed: 40 m/s, drive: {{}}}}
story:
- {{when: {{time: {{after: 0 s}}}}, do: {{ego: {{brake: {{deceleration: 0.0001 m/s2}}}}}}}}
- {{when: {{time: {{after: 0 s}}}}, do: {{other: {{brake: {{deceleration: 0.0001 m/s2}}}}}}}}
"""


@pytest.mark.parametrize("step", ["0.01 s", "0.02 s", "0.1 s"])
def test_a_head_on_crash_at_80_metres_a_second_is_timed_and_leaves_wrecks_at_rest(tmp_path, step):
    path = tmp_path / "crash.yaml"
    path.write_text(HEAD_ON.format(step=step))
    log = simulate(load(path))
    (contact,) = [event for event in log.events if event.kind == "contact"]
    sedan, van = VEHICLES["sedan"], VEHICLES["van"]
    gap = 200.0 - (sedan.length - sedan.rear_overhang) - (van.length - van.rear_overhang)
    assert contact.time / 1e9 == pytest.approx(gap / 80.0, abs=2e-3)
    assert contact.details["relative_speed"] == pytest.approx(80.0, abs=0.05)
    assert contact.details["x"] == pytest.approx(100 + gap / 2 + sedan.length - sedan.rear_overhang, abs=0.2)
    assert np.abs(log.velocity[-1, :, :2]).max() == 0.0
    assert log.time[-1] == 8_000_000_000
    late = log.time > contact.time
    assert np.hypot(*log.velocity[late][:, :, :2].transpose(2, 0, 1)).max() < 45.0
    shapes = [_footprint(log, i) for i in (0, 1)]
    assert shapely.intersection(*shapes).area < 0.1


def _footprint(log, i):
    """At the end."""
    yaw, info = log.attitude[-1, i, 0], log.actors[i]
    middle = log.position[-1, i, :2] + info.box_center[0] * np.array([np.cos(yaw), np.sin(yaw)])
    return shapely.Polygon(corners(middle, yaw, np.array(info.size[:2])))
