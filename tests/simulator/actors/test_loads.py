import pytest

import roadlab
from roadlab.actors.catalog import VEHICLES
from roadlab.actors.loads import BEAM, BEDS, CRATE, GRAVEL, laden
from roadlab.behaviors.view import Control
from roadlab.engine import simulate
from roadlab.errors import ScenarioFileError

PICKUP, BED = VEHICLES["pickup"], BEDS["pickup"]
STREET = """
scenario: A loaded pickup
duration: 6 s
map: {{roads: {{street: {{profile: urban_2x1, path: [{{line: 400 m}}], speed_limit: 100 km/h}}}}}}
actors:
  ego:
    model: pickup
    at: {{road: street, lane: -1, s: 20 m}}
    speed: 2 m/s
    drive: {{speed: 20 m/s}}{load}
"""


@pytest.fixture
def street(tmp_path):
    def make(load=""):
        path = tmp_path / "scenario.yaml"
        path.write_text(STREET.format(load=f"\n    load: {load}" if load else ""))
        return roadlab.load(path)

    return make


def test_a_load_weighs_and_moves_the_centre_of_gravity_towards_the_bed():
    loaded = laden(PICKUP, "gravel", 800.0)
    empty, full = PICKUP.chassis, loaded.chassis
    assert full.mass == empty.mass + 800.0
    moment = empty.mass * PICKUP.rear_arm + 800.0 * BED.middle  # about the rear axle
    assert full.mass * loaded.rear_arm == pytest.approx(moment)
    assert full.front_share < empty.front_share
    front = full.mass * full.front_share
    assert front == pytest.approx(empty.mass * empty.front_share + 800.0 * BED.middle / PICKUP.wheelbase)
    assert loaded.switch_speed == pytest.approx(PICKUP.switch_speed)  # the force at low speed and the power stay


def test_what_is_seen_has_the_mass_that_is_stated():
    area = (BED.front - BED.rear) * 2.0 * BED.half_width
    assert BED.depth("gravel", 480.0) * area * GRAVEL == pytest.approx(480.0)
    assert BED.pieces("crates", 300.0) * CRATE[3] == 300.0
    volume = BED.pieces("timber", 400.0) * BEAM[0] * BEAM[1] * (BED.front - BED.rear)
    assert volume * BEAM[2] == pytest.approx(400.0, rel=0.02)
    for kind in ("crates", "timber", "gravel"):
        assert BED.floor + BED.depth(kind, BED.most(kind)) <= BED.top < PICKUP.height


def test_a_loaded_pickup_speeds_up_more_slowly_at_full_throttle(street):
    speeds = {}
    for load in ("", "{of: gravel, mass: 800 kg}"):
        scenario = street(load)
        log = simulate(scenario, {"ego": lambda _: Control(acceleration=9.0)})
        speeds[load] = float(log.velocity[-1, 0, 0])
        assert log.actors[0].load == ("gravel" if load else None)
    empty, loaded = speeds.values()
    assert loaded < 0.9 * empty


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("mass: 800 kg", "mass: 900 kg", "carries 850 kg of gravel at most"),
        ("of: gravel", "of: gravle", "did you mean 'gravel'"),
        ("mass: 800 kg", "mass: 80 km", "not a unit of mass"),
        ("model: pickup", "model: sedan", "a sedan has no open bed; pickup has"),
        ("model: pickup", "model: truck", "a truck has no open bed"),
    ],
)
def test_loads_that_cannot_be_are_refused(tmp_path, old, new, words):
    path = tmp_path / "scenario.yaml"
    text = STREET.format(load="\n    load: {of: gravel, mass: 800 kg}")
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(ScenarioFileError) as caught:
        roadlab.load(path)
    assert words in str(caught.value)
