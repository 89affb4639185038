"""What authors may write of a lidar, and how what is wrong with it is told."""

import numpy as np
import pytest

from roadlab import load
from roadlab.errors import ScenarioFileError

SCENARIO = """
scenario: A lidar
duration: 1 s
map: {{roads: {{lane: {{profile: urban_2x1, path: [line: 90 m]}}}}, surroundings: {{style: none}}}}
actors: {{ego: {{model: hatchback, at: {{road: lane, lane: -1, s: 12 m}}, speed: 30 km/h, drive: {{}}}}}}
sensors:
  top: {{type: lidar, mount: {{x: 1.4 m, z: 2 m}}, {keys}}}
"""
TABLE = """ring, elevation, azimuth, time
0, 2 deg, 0, 0
1, 0 deg, 1.5 deg, 2 us
2, -2 deg, 0, 4 us
"""


@pytest.fixture
def lidar(tmp_path):
    def made(keys, table=TABLE):
        (tmp_path / "beams.csv").write_text(table)
        file = tmp_path / "lidar.yaml"
        file.write_text(SCENARIO.format(keys=keys))
        return load(file).spec.sensors["top"]

    return made


OWN = "beams: beams.csv, columns_per_second: 20000"


def problem(lidar, keys, table=TABLE):
    with pytest.raises(ScenarioFileError) as caught:
        lidar(keys, table)
    return str(caught.value)


def test_a_table_of_beams_is_read_from_a_csv_file(lidar):
    pattern = lidar(OWN).unit.pattern
    assert np.degrees(pattern.elevation) == pytest.approx([2, 0, -2])
    assert np.degrees(pattern.azimuth) == pytest.approx([0, 1.5, 0])
    assert pattern.slot == pytest.approx([0, 2000, 4000])
    assert pattern.column_period == pytest.approx(50_000)


def test_a_decided_scenario_holds_the_table_itself(lidar, tmp_path):
    from roadlab import Scenario

    lidar(OWN)
    scenario = load(tmp_path / "lidar.yaml")
    (tmp_path / "beams.csv").unlink()
    again = Scenario.from_json(scenario.to_json())
    assert again.spec.sensors["top"].unit.pattern.rings == 3


@pytest.mark.parametrize(
    ("table", "place", "words"),
    [
        (TABLE.replace("2 deg, 0, 0", "nan, 0, 0", 1), "beams.csv:2:4", "expected an angle"),
        (TABLE.replace("-2 deg, 0", "0 deg, 1.5 deg"), "beams.csv:1:1", "beam 2 is the same as beam 1"),
        (TABLE.replace("2, -2", "7, -2"), "beams.csv:1:1", "ring 7 is out of order"),
        (TABLE.replace("-2 deg", "1 deg"), "beams.csv:1:1", "beam 2 is higher than beam 1"),
        (TABLE.replace("elevation", "elevatoin"), "beams.csv:2", "elevatoin"),
        (TABLE + "3, -4 deg\n", "beams.csv:5:1", "has 2 values, and the table has 4 columns"),
        ("", "beams.csv:1:1", "is empty"),
    ],
)
def test_wrong_tables_are_refused_at_their_place(lidar, table, place, words):
    told = problem(lidar, OWN, table)
    assert place in told
    assert words in told


def test_a_table_outside_the_scenarios_folder_is_refused(lidar):
    assert "leaves the scenario's folder" in problem(lidar, "beams: ../../etc/beams.csv, columns_per_second: 20000")
    assert "there is no file" in problem(lidar, "beams: nothing.csv, columns_per_second: 20000")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("beams: beams.csv, columns_per_second: 20001", "a whole number needs 20000 columns a second"),
        ("beams: beams.csv", "belong together"),
        ("model: os1_128, rate: 15 Hz", "has the modes"),
        ("model: rosette, rate: 7 Hz", "no whole number"),
        ("model: hdl32e, columns: 512", "is for model os1_128"),
        ("range_min: -1 m", "must be more than 0 m"),
        ("range_min: 90 m", "must be less than range_max"),
        ("range_noise: -1 cm", "must be at least 0 m"),
        ("rate: 40 Hz", "5 to 20 times a second"),
        ("model: hdl64", "did you mean"),
        ("returns: all", "strongest"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(lidar, keys, words):
    assert words in problem(lidar, keys)


@pytest.mark.parametrize("model", ["hdl64e", "hdl32e", "vlp16", "pandar64", "os1_128", "rosette", "raster"])
def test_every_unit_can_be_named(lidar, model):
    assert lidar(f"model: {model}").unit.pattern.rings >= 1
