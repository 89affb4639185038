"""Loading: rigs, overrides, seeds, digests."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import roadlab
from roadlab.errors import ScenarioFileError
from roadlab.scenario.dump import dumped

LIBRARY = Path(__file__).parents[3] / "scenarios"
SHIPPED = sorted(str(file.relative_to(LIBRARY)) for file in LIBRARY.glob("*/*.yaml") if "scenario:" in file.read_text())
OPEN = Path(__file__).parents[2] / "fuzz" / "open_values.yaml"


def reports(path, **options) -> list[str]:
    with pytest.raises(ScenarioFileError) as caught:
        roadlab.load(path, **options)
    return [str(d) for d in caught.value.diagnostics]


# --- the library -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_is_a_fixed_point_of_load_and_dump(library, name):
    scenario = roadlab.load(library / name)
    again = roadlab.Scenario.from_json(scenario.to_json())
    assert again.spec == scenario.spec
    assert again.to_json() == scenario.to_json()
    assert again.digest == scenario.digest
    assert again.network.road_names == scenario.network.road_names


@pytest.mark.parametrize("name", SHIPPED)
def test_a_dump_is_a_scenario_file_of_its_own(library, write, name):
    scenario = roadlab.load(library / name)
    plain = json.loads(scenario.to_json())
    assert roadlab.load(write(yaml.safe_dump(plain, sort_keys=False))).spec == scenario.spec


@pytest.mark.parametrize("name", [*SHIPPED, OPEN])
@pytest.mark.parametrize("sample", [0, 2])
def test_a_dump_without_defaults_is_short_and_loads_as_the_same_scenario(library, write, name, sample):
    scenario = roadlab.load(library / name, sample=sample)
    text = dumped(scenario.spec)
    again = roadlab.load(write(text))
    assert again.digest == scenario.digest
    assert dumped(again.spec) == text
    assert len(text) < len(scenario.to_json())


def test_the_crossing_is_read_in_si_units(library):
    scenario = roadlab.load(library / "urban" / "pedestrian_crossing.yaml")
    assert scenario.spec.actors["ego"].speed == pytest.approx(40 / 3.6)
    assert scenario.spec.map.roads["elm_street"].path[1].clothoid.curvature == pytest.approx([0.0, 1 / 120])
    assert list(scenario.spec.sensors) == ["camera", "lidar"]
    assert scenario.spec.rig is None
    assert scenario.source.endswith("pedestrian_crossing.yaml")


def test_the_decided_scenario_cannot_be_changed(library):
    scenario = roadlab.load(library / "urban" / "pedestrian_crossing.yaml")
    with pytest.raises(dataclasses.FrozenInstanceError):
        scenario.source = "elsewhere"
    with pytest.raises(ValueError, match="frozen"):
        scenario.spec.actors["ego"].speed = 3.0


def test_what_is_no_dump_is_refused_in_words():
    for text in ("", "{}", "[1]", '{"scenario": "A"'):
        with pytest.raises(ScenarioFileError, match="is not a decided scenario"):
            roadlab.Scenario.from_json(text)


def imported(code: str, argument: str, heavy: list[str]) -> str:
    """Which of the heavy packages a fresh interpreter has imported after `code`."""
    report = "print(sorted({name.partition('.')[0] for name in sys.modules} & set(sys.argv[2:])))"
    command = [sys.executable, "-c", f"import sys, roadlab; {code}; {report}", argument, *heavy]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_importing_roadlab_imports_no_engine():
    assert imported("pass", "", ["numpy", "pydantic", "mitsuba", "scipy", "pint", "cv2"]) == "[]"


def test_loading_imports_no_engine(library):
    heavy = ["mitsuba", "drjit", "cv2", "av", "pygame", "pyarrow", "pandas", "matplotlib"]
    assert imported("roadlab.load(sys.argv[1])", str(library / SHIPPED[0]), heavy) == "[]"


# --- seeds and digests -----------------------------------------------------------------------------------------------


def test_the_seed_of_the_call_wins(street, write):
    path = write(street + "seed: 5\n")
    assert roadlab.load(path).seed == 5
    assert roadlab.load(path, seed=6).seed == 6
    assert roadlab.load(path, seed=6).digest == roadlab.load(write(street + "seed: 6\n")).digest


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_out_of_range_is_the_callers_mistake(street, write, seed):
    with pytest.raises(ValueError, match="seed must be"):
        roadlab.load(write(street), seed=seed)


def test_the_digest_depends_on_what_is_decided_and_on_nothing_else(street, write):
    digest = roadlab.load(write(street)).digest
    spelled = street.replace("5 s", "5000 ms").replace("scenario:", "# a comment\nscenario:")
    assert roadlab.load(write(spelled, "elsewhere/other.yaml")).digest == digest
    assert roadlab.load(write(street.replace("30 km/h", "31 km/h"))).digest != digest
    assert roadlab.load(write(street), seed=1).digest != digest


def test_a_colour_name_is_decided_as_hex(street, write):
    scenario = roadlab.load(write(street.replace("30 km/h", "30 km/h\n    paint: red")))
    assert scenario.spec.actors["ego"].paint == "#a31a1f"
    scenario = roadlab.load(write(street.replace("30 km/h", "30 km/h\n    paint: '#8A1C1C'")))
    assert scenario.spec.actors["ego"].paint == "#8a1c1c"


def test_a_livery_is_kept_by_name_and_its_sign_makes_the_box_higher(street, write):
    from roadlab.actors.cast import cast

    spelled = ("30 km/h", "30 km/h\n    paint: taxi")
    plain, taxi = (roadlab.load(write(street.replace("30 km/h", speed))) for speed in spelled)
    assert taxi.spec.actors["ego"].paint == "taxi"
    low, high = (cast(scenario.spec).members[0].info for scenario in (plain, taxi))
    assert high.size[2] - low.size[2] == pytest.approx(0.12)
    assert high.box_center[2] - high.size[2] / 2 == pytest.approx(0.0)


# --- rigs ------------------------------------------------------------------------------------------------------------

RIG = "rig: Two\nsensors:\n  cam: {type: camera, rate: 5}\n  top: {type: lidar}\n"


def test_sensors_of_the_scenario_replace_those_of_its_rig(street, write):
    write(RIG, "two.yaml")
    scenario = roadlab.load(write("rig: two.yaml\n" + street.replace("type: camera", "type: camera, rate: 20")))
    assert {name: sensor.rate for name, sensor in scenario.spec.sensors.items()} == {"cam": 20.0, "top": 10.0}


def test_a_rig_is_found_beside_the_scenario_in_its_tree_and_in_the_library(street, write):
    write(RIG, "scenarios/rigs/two.yaml")
    for rig in ("../rigs/two.yaml", "rigs/two.yaml"):
        assert "top" in roadlab.load(write(f"rig: {rig}\n" + street, "scenarios/urban/a.yaml")).spec.sensors
    assert "lidar" in roadlab.load(write("rig: rigs/kitti.yaml\n" + street, "mine/a.yaml")).spec.sensors


@pytest.mark.parametrize(
    "rig", ["../../../etc/passwd", "../secret.yaml", "rigs/../../secret.yaml", "/etc/passwd", "~/x.yaml/../../../x"]
)
def test_a_rig_cannot_leave_the_tree(street, write, rig):
    write(RIG, "secret.yaml")
    (found,) = reports(write(f"rig: {rig}\n" + street, "mine/a.yaml"))
    assert ":1:6: rig: " in found
    assert "leaves the scenario's folder" in found


def test_a_link_does_not_lead_out_of_the_tree_either(street, write, tmp_path):
    write(RIG, "secret.yaml")
    path = write("rig: link.yaml\n" + street, "mine/a.yaml")
    (tmp_path / "mine" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    assert "leaves the scenario's folder" in reports(path)[0]


def test_a_copied_scenario_is_told_where_its_rig_went(street, write):
    (found,) = reports(write("rig: ../rigs/kitti.yaml\n" + street, "mine/a.yaml"))
    assert "the library has 'rigs/kitti.yaml'" in found


def test_a_missing_rig_is_reported_where_it_is_named(street, write):
    (found,) = reports(write("rig: rigs/kiti.yaml\n" + street))
    assert ":1:6: rig: there is no rig file 'rigs/kiti.yaml'; did you mean 'rigs/kitti.yaml'?" in found


def test_mistakes_in_a_rig_name_the_rig(street, write, tmp_path, monkeypatch):
    write(RIG.replace("lidar", "lidra"), "two.yaml")
    write("rig: two.yaml\n" + street.replace("30 km/h", "fast"))
    monkeypatch.chdir(tmp_path)
    found = reports("street.yaml")
    assert found[0].startswith("street.yaml:11:12: actors.ego.speed: expected a speed")
    assert found[1].startswith("two.yaml:4:15: sensors.top.type: unknown sensor type 'lidra'")


def test_a_rig_without_sensors_or_with_broken_yaml_is_reported(street, write, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for content, words in (
        ("rig: A\n", "two.yaml:1:1: missing key 'sensors'"),
        ("rig: [\n", "two.yaml:1:7: a value is missing; the text ends here"),
        ("", "two.yaml:1:1: the file is empty"),
    ):
        write(content, "two.yaml")
        write("rig: two.yaml\n" + street)
        assert reports("street.yaml")[0].startswith(words)


# --- overrides -------------------------------------------------------------------------------------------------------


def test_overrides_replace_add_and_reach_into_lists(street, write):
    spec = roadlab.load(
        write(street),
        overrides=[
            "actors.ego.speed=50 km/h",
            "environment.place.latitude=12",
            "story[0].when.time.after=2 s",
            "story.0.do.anna.walk.speed=2",
            "sensors.cam.image={width: 640, height: 360}",
            "actors.ego.drive.driver.time_headway=1 s",
            "actors.row.repeat.count=2",
        ],
    ).spec
    assert spec.actors["ego"].speed == pytest.approx(50 / 3.6)
    assert spec.environment.place.latitude == 12.0
    assert spec.story[0].when.time.after == 2.0
    assert spec.story[0].do["anna"].walk.speed == 2.0
    assert spec.sensors["cam"].image.width == 640
    assert spec.actors["row"].repeat.count == 2


def test_overrides_reach_actors_of_a_row_and_sensors_of_a_rig(street, write):
    text = "rig: rigs/kitti.yaml\n" + street.replace("parked: true", "drive: {}").replace(
        "{anna: {walk: {}}}", "{'row[1]': {brake: {}}}"
    )
    spec = roadlab.load(write(text), overrides=["story[0].do.row[1].brake.to=3", "sensors.lidar.rate=5"]).spec
    assert spec.story[0].do["row[1]"].brake.to == 3.0
    assert spec.sensors["lidar"].rate == 5.0


def test_an_override_chooses_the_rig(street, write):
    write(RIG, "two.yaml")
    spec = roadlab.load(write(street), overrides=["sensors.top.rate=20", "rig=two.yaml"]).spec
    assert spec.sensors["top"].rate == 20.0


@pytest.mark.parametrize(
    ("override", "report"),
    [
        ("actors.eg.speed=3", "--set actors.eg.speed=3: actors.eg: unknown key 'eg'; did you mean 'ego'?"),
        ("actors.ego.sped=3", "--set actors.ego.sped=3: actors.ego.sped: unknown key 'sped'; did you mean 'speed'?"),
        (
            "actors.ego.drive.drivr.x=3",
            "--set actors.ego.drive.drivr.x=3: actors.ego.drive.drivr: unknown key 'drivr'; did you mean 'driver'?",
        ),
        (
            "actors.ego.speed=fast",
            "--set actors.ego.speed=fast: actors.ego.speed: expected a speed such as '45 km/h', found 'fast'",
        ),
        (
            "actors.ego.at.s=200",
            "--set actors.ego.at.s=200: actors.ego.at.s: s = 200 m is beyond the end of elm (100 m)",
        ),
        ("actors.ego.speed.x=3", "--set actors.ego.speed.x=3: actors.ego.speed is a single value, and has no 'x'"),
        ("story[1].name=x", "--set story[1].name=x: story has only the items 0 to 0"),
        ("story.go.name=x", "--set story.go.name=x: story has only the items 0 to 0"),
        ("actors.ego", "--set actors.ego: expected path=value, such as actors.ego.speed=50 km/h"),
        ("=3", "--set =3: expected path=value"),
        ("actors..speed=3", "--set actors..speed=3: expected path=value"),
        ("seed=", "--set seed=: the value is empty"),
        ("seed=[1", "--set seed=[1: this '[' is never closed"),
        ("actors.ego.paint=\udcff", "--set actors.ego.paint=?: '\\udcff' holds characters that cannot be printed"),
        ("seed=!!int 3", "--set seed=!!int 3: tags such as '!!int'"),
    ],
)
def test_a_wrong_override_names_its_option(street, write, override, report):
    (found,) = reports(write(street), overrides=[override])
    assert found.startswith(report)


def test_all_wrong_overrides_are_reported_at_once(street, write):
    assert len(reports(write(street), overrides=["actors.eg.speed=3", "seed=", "actors.ego.paint=red"])) == 2
