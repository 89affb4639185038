"""A scenario may drive on the roads of an OpenDRIVE file."""

import shutil

import pytest

from roadlab.engine import simulate
from roadlab.errors import ScenarioFileError
from roadlab.roads.opendrive import read_opendrive
from roadlab.scenario.load import Scenario, load
from roadlab.scenario.map_file import map_warnings
from roadlab.scenario.reading import read_document

SCENARIO = """scenario: On somebody else's roads
duration: {duration} s
seed: 1
map: {{file: {file}}}
actors:
  ego:
    model: hatchback
    at: {{road: "{road}", lane: {lane}, s: {s} m}}
    speed: 36 km/h
    drive: {{driver: {{type: idm}}}}
"""


@pytest.fixture
def scenario(tmp_path, xodr, road):
    """Writes a scenario beside the folder of its map and says where it is."""
    tree = tmp_path / "scenarios"
    (tree / "maps").mkdir(parents=True)
    (tree / "urban").mkdir()
    shutil.copy(xodr(road()), tree / "maps" / "straight.xodr")

    def write(file="../maps/straight.xodr", road="1", lane=-1, s=10.0, duration=3.0):
        path = tree / "urban" / "story.yaml"
        path.write_text(SCENARIO.format(file=file, road=road, lane=lane, s=s, duration=duration))
        return path

    return write


def problem(path):
    with pytest.raises(ScenarioFileError) as caught:
        load(path)
    (found,) = caught.value.diagnostics
    return found


def test_a_car_drives_along_a_road_of_the_file(scenario):
    log = simulate(load(scenario()))
    x, y, _ = log.position[-1, 0]
    assert x - log.position[0, 0, 0] == pytest.approx(30.0, abs=3.0)  # 36 km/h for 3 s
    assert y == pytest.approx(-1.75, abs=0.02)


def test_a_decided_scenario_needs_the_file_no_more(scenario):
    path = scenario()
    decided = load(path)
    (path.parent.parent / "maps" / "straight.xodr").unlink()
    again = Scenario.from_json(decided.to_json())
    assert again.digest == decided.digest
    assert again.network.road_names == ("1",)


def test_the_digest_knows_what_is_in_the_file(scenario, road, xodr):
    path = scenario()
    before = load(path).digest
    shutil.copy(xodr(road(length=120.0)), path.parent.parent / "maps" / "straight.xodr")
    assert load(path).digest != before


def test_a_map_may_be_an_override(scenario):
    path = scenario(file="nowhere.xodr")
    assert load(path, overrides=["map.file=../maps/straight.xodr"]).network.road_names == ("1",)


@pytest.mark.parametrize("file", ["../../secret.xodr", "/etc/passwd", "../maps/../../secret.xodr"])
def test_a_map_outside_the_tree_is_refused(scenario, tmp_path, file):
    (tmp_path / "secret.xodr").write_text("<OpenDRIVE/>")
    found = problem(scenario(file=file))
    assert "leaves the scenario's folder" in found.message
    assert found.path == "map.file"
    assert found.span.line == 4


def test_a_map_behind_a_link_out_of_the_tree_is_refused(scenario, tmp_path):
    path = scenario(file="../maps/link.xodr")
    (tmp_path / "secret.xodr").write_text("<OpenDRIVE/>")
    (path.parent.parent / "maps" / "link.xodr").symlink_to(tmp_path / "secret.xodr")
    assert "leaves the scenario's folder" in problem(path).message


def test_a_map_that_is_not_there(scenario):
    assert problem(scenario(file="../maps/strait.xodr")).message == "there is no map file '../maps/strait.xodr'"


def test_problems_of_the_map_are_told_at_their_place_in_the_map(scenario):
    path = scenario()
    map_file = path.parent.parent / "maps" / "straight.xodr"
    map_file.write_text(map_file.read_text().replace('a="3.5"', 'a="nan"', 1))
    found = problem(path)
    assert found.span.file == str(map_file)
    assert found.message == "a is 'nan'"
    assert found.path == "road 1, lane 1, width"


def test_positions_are_checked_against_the_map(scenario):
    assert "lane -2 does not exist on 1" in problem(scenario(lane=-2)).message
    assert "7 is not a road of this map" in problem(scenario(road="7")).message


def test_a_map_has_roads_of_its_own_or_a_file(scenario):
    path = scenario()
    roads = "roads: {elm: {profile: urban_2x1, path: [{line: 50 m}]}}"
    path.write_text(path.read_text().replace("straight.xodr}", f"straight.xodr, {roads}}}"))
    assert "expected either file or roads" in problem(path).message
    path.write_text(path.read_text().replace(f"file: ../maps/straight.xodr, {roads}", ""))
    with pytest.raises(ScenarioFileError, match="expected roads"):
        load(path)


def test_what_has_no_effect_in_the_map_is_told_where_it_is_named(scenario, xodr, road):
    path = scenario()
    shutil.copy(xodr(road("<userData code='x'/>" * 3)), path.parent.parent / "maps" / "straight.xodr")
    (found,) = map_warnings(load(path).spec.map, read_document(path, str(path)))
    assert found.message == "of this map, without effect: road/userData (3x)"
    assert (found.span.line, found.path) == (4, "map.file")


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-16", "UTF-8", "windows-1252"])
def test_a_map_may_be_in_any_encoding_that_it_states(scenario, encoding):
    path = scenario()
    map_file = path.parent.parent / "maps" / "straight.xodr"
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
    text = map_file.read_text().replace('<?xml version="1.0"?>', declaration)
    text = text.replace('name="test"', 'name="Stra\u00dfe"')
    map_file.write_bytes(text.encode(encoding))
    decided = load(path)
    assert "Stra\u00dfe" in decided.spec.map.opendrive
    assert Scenario.from_json(decided.to_json()).network.road_names == ("1",)
    assert read_opendrive(map_file).road_names == ("1",)
