"""What helps an author on the command line: check, sample, explain, new, list."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

import roadlab as package
from roadlab.scenario.keys import anywhere
from roadlab_tools.cli import app

ROOT = Path(__file__).parents[3]
CHILD = """\
scenario: Two cars
duration: 2 s
parameters:
  speed: {uniform: [30 km/h, 50 km/h]}
  gap: [20 m, 30 m]
  lane: {integer: [1, 2]}
map: {roads: {street: {profile: motorway_3, path: [{line: 400 m}]}}}
actors:
  ego:
    model: hatchback
    at: {road: street, lane: -1, s: 40 m}
    speed: ${speed}
    drive: {}
  other:
    model: {any: [van, sedan]}
    at: {ahead_of: ego, gap: "${gap}", lanes: "${-lane}"}
    speed: ${speed}
    drive: {}
sensors:
  camera: {type: camera, image: {width: 96, height: 32}, intrinsics: {fx: 60, fy: 60, cx: 47.5, cy: 14}}
require: ["distance(ego, other) > 24 m"]
output: {formats: [coco]}
"""


def roadlab(*arguments: object) -> Result:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.fixture
def child(tmp_path) -> Path:
    file = tmp_path / "two.yaml"
    file.write_text(CHILD)
    return file


@pytest.mark.parametrize("command", ["check", "sample", "explain", "new", "list"])
def test_every_command_explains_itself_with_an_example(command):
    done = roadlab(command, "--help")
    assert done.exit_code == 0
    assert "Example" in done.stdout


# --- sample ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("design", ["random", "sobol", "latin_hypercube", "grid", "pairwise", "threewise"])
def test_sample_lists_values_and_says_how_often_constraints_failed(child, design):
    done = roadlab("sample", child, "-n", 4, "--design", design)
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["sample", "speed", "gap", "lane", "actors.other.model"]
    assert [line.split()[0] for line in lines[1:5]] == ["0", "1", "2", "3"]
    assert all(" km/h" in line for line in lines[1:5])
    assert "require[0] distance(ego, other) > 24 m: failed " in done.stdout


def test_samples_are_written_as_scenarios_that_need_no_other_file(child, tmp_path):
    out = tmp_path / "runs"
    assert roadlab("sample", child, "-n", 3, "--out", out).exit_code == 0
    files = sorted(out.iterdir())
    assert [file.name for file in files] == ["000000.yaml", "000001.yaml", "000002.yaml"]
    for k, file in enumerate(files):
        assert package.load(file).spec == package.load(child, sample=k).spec
    assert "is not a new or empty folder" in roadlab("sample", child, "--out", out).stderr


def test_samples_as_json_are_exact(child):
    values = json.loads(roadlab("sample", child, "-n", 2, "--json").stdout)
    decided = package.load(child, sample=1).spec.parameters
    assert values[1]["speed"] == decided["speed"]
    assert [one["sample"] for one in values] == [0, 1]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--design", "sobl"], "did you mean 'sobol'"),
        (["-n", 0], "samples must be 1 to 1000000"),
        (["--set", "parameters.speed=fast"], "'fast'"),
        (["--set", "require=[gap > 50 m]"], "require[0]: never met"),
    ],
)
def test_sampling_that_cannot_be_done_is_explained(child, options, words):
    done = roadlab("sample", child, *options, "--out", child.parent / "out")
    assert done.exit_code == 2
    assert words in " ".join(done.stderr.split())
    assert not (child.parent / "out").exists()


# --- check -----------------------------------------------------------------------------------------------------------


def test_check_estimates_what_rendering_takes(child):
    done = roadlab("check", child)
    assert done.exit_code == 0
    assert f"{child}: OK" in done.stdout
    assert "20 frames of 1 sensors" in done.stdout


def test_check_runs_the_scenario_and_points_at_what_is_not_meant(child):
    child.write_text(
        CHILD
        + "story:\n  - name: late\n    when: {time: {after: 60 s}}\n    do: {ego: {brake: {}}}\n"
        + "expect:\n  - speed(ego) > 20 km/h\n  - min(gap(ego, other)) > 90 m\n"
    )
    done = roadlab("check", child)
    assert done.exit_code == 2
    assert "two.yaml:25:5: story[0].when: 'late' never happened in 2 s" in done.stderr
    assert "warning: " in done.stderr
    assert "two.yaml:29:5: expect[1]: does not hold; min(gap(ego, other)) is " in done.stderr
    assert "expect[0]" not in done.stderr
    assert roadlab("check", "--static", child).exit_code == 0


def test_check_reports_contacts_that_nobody_expects(child):
    child.write_text(
        CHILD.replace('lanes: "${-lane}"', "lanes: 0") + "story: [{do: {other: {brake: {deceleration: 8}}}}]\n"
    )
    slow = ["--set", "parameters.speed=50 km/h", "--set", "actors.ego.drive.driver={type: idm, time_headway: 0.1 s}"]
    blind = ["--set", "story[0].do.ego={brake: {deceleration: 0.1}}", "--set", "duration=6 s"]
    done = roadlab("check", child, *slow, *blind)
    assert done.exit_code == 0
    assert "warning: " in done.stderr
    assert "ego and other touch at " in done.stderr
    assert "if that is meant, expect contact(ego, other)" in done.stderr
    done = roadlab("check", child, *slow, *blind, "--set", "expect=['contact(ego, other)']")
    assert (done.exit_code, done.stderr) == (0, "")


def test_check_as_json_is_for_programs(child, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(CHILD.replace("model: hatchback", "model: hatchbak"))
    done = roadlab("check", "--json", child, wrong)
    assert done.exit_code == 2
    right, other = json.loads(done.stdout)["files"]
    assert right["right"]
    assert right["estimate"]["frames"] == 20
    (problem,) = other["problems"]
    assert (problem["severity"], problem["line"], problem["column"]) == ("error", 10, 12)
    assert problem["path"] == "actors.ego.model"
    assert "hatchback" in problem["hint"]


OUTPUT = """\
scenario: Output
duration: 3 s
map: {roads: {elm: {profile: urban_2x1, path: [line: 120 m]}}}
actors:
  ego: {model: hatchback, at: {road: elm, lane: -1, s: 10 m}, speed: 5, drive: {}}
story:
  - {name: slows, when: {time: {after: 1 s}}, do: {ego: {brake: {deceleration: 3 m/s2}}}}
  - {name: never, when: {time: {after: 5 s}}, do: {ego: {brake: {}}}}
sensors:
  cam: {type: camera, rate: 10 Hz, image: {width: 64, height: 48}}
"""


@pytest.mark.parametrize(
    ("output", "frames"),
    [
        ("{formats: [coco]}", 30),
        # from 1 s on 5 m/s at 3 m/s2 take 1.7 s; every 4th of the frames in the middle
        ("{formats: [coco], frames: {during: slows, every: 4}}", 5),
        ("{formats: [coco], frames: {start: 1 s, end: 2 s}}", 10),
    ],
)
def test_check_estimates_the_frames_that_are_asked_for(tmp_path, output, frames):
    file = tmp_path / "output.yaml"
    file.write_text(f"{OUTPUT}output: {output}\n")
    found = json.loads(roadlab("check", file, "--json").stdout)["files"][0]
    assert found["right"]
    assert abs(found["estimate"]["frames"] - frames) <= 1


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("output: {formats: [coco, kitti]}", "11:26: output.formats[1]: the KITTI layout holds exactly one lidar"),
        ("output: {formats: [coco], frames: {during: never}}", "output.frames: 'never' never happens"),
        ("output: {formats: [coco], frames: {start: 1.01 s, end: 1.02 s}}", "output.frames: selects nothing: no frame"),
    ],
)
def test_check_says_what_cannot_be_written(tmp_path, output, words):
    file = tmp_path / "output.yaml"
    file.write_text(f"{OUTPUT}{output}\n")
    result = roadlab("check", file)
    assert result.exit_code == 2
    assert words in result.stderr


def test_check_warns_when_the_format_made_by_default_cannot_be(tmp_path):
    file = tmp_path / "output.yaml"
    file.write_text(OUTPUT)
    result = roadlab("check", file)
    assert result.exit_code == 0
    assert "sensors: the format kitti, made by default, cannot be" in result.stderr


# --- explain ---------------------------------------------------------------------------------------------------------


def test_explain_says_where_each_value_comes_from(child):
    rows = {line.split()[0]: line for line in roadlab("explain", child).stdout.splitlines() if line.strip()}
    assert "two.yaml:12:12, from ${speed}" in rows["actors.ego.speed"]
    assert "two.yaml:4:10, from {uniform: [30 km/h, 50 km/h]}" in rows["parameters.speed"]
    assert "from any of 2" in rows["actors.other.model"]
    assert "worked out from" in rows["actors.other.at.s"]
    assert rows["duration"].split()[1:3] == ["2", "s"]
    assert "step" not in rows
    everything = roadlab("explain", "--all", child).stdout
    assert any(line.split() == ["step", "0.01", "s", "default"] for line in everything.splitlines())


def test_explain_finds_what_is_said_of_groups_and_places_where_it_is_said(tmp_path):
    file = tmp_path / "row.yaml"
    file.write_text("""\
scenario: A row
duration: 2 s
map: {roads: {elm: {profile: urban_2x1, path: [line: 200 m]}}}
actors:
  ego: {model: hatchback, at: {road: elm, lane: -1, s: 10 m}, speed: 5, drive: {}}
  car: {model: van, at: {road: elm, lane: -1, s: 50 m}, speed: 5, drive: {}, repeat: {count: 2, spacing: 20 m}}
story:
  - when: {reach: {actor: car, at: {route: [elm], along: 90 m}}}
    do: {car: {brake: {to: 1}}}
""")
    rows = {line.split()[0]: line for line in roadlab("explain", file).stdout.splitlines() if line.strip()}
    assert rows["story[0].do.car[1].brake.to"].endswith("row.yaml:9:28, for each of a group")
    assert rows["story[0].when.any[1].reach.actor"].split()[1] == "car[1]"
    assert "worked out from" in rows["story[0].when.any[0].reach.at.s"]
    assert "story[0].do.car[1].brake.deceleration" not in rows


def test_explain_shows_any_sample(child):
    value = package.load(child, sample=4).spec.actors["ego"].speed
    assert f"{value:.6g} m/s" in roadlab("explain", child, "--sample", 4).stdout


@pytest.mark.parametrize(
    ("key", "pieces"),
    [
        ("duration", ["duration (s, ms, us, min, h)", "more than 0 s", "must be given"]),
        ("actors.*.at", ["{road, lane, s}", "ahead_of", "crosswalk"]),
        ("actors.*.at.gap", ["length", "default: none"]),
        ("environment.weather", ["visibility", "cloud", "rain"]),
        ("sensors.*.camera", ["intrinsics", "exposure"]),
        ("map.roads.*.path[0].arc.radius", ["Positive turns left"]),
        (".", ["scenario", "parameters", "expect"]),
        ("lights", ["actors.*.lights", "story.*.do.*.lights", "hazard"]),
        ("uniform", ["[25 km/h, 45 km/h]"]),
        ("visible", ["visible(a, from=b)", "0 to 1"]),
    ],
)
def test_explain_documents_any_key(key, pieces):
    done = roadlab("explain", key)
    assert done.exit_code == 0, done.stderr
    assert [piece for piece in pieces if piece not in done.stdout] == []


def test_explain_helps_with_a_key_that_is_not_there():
    done = roadlab("explain", "actors.*.sped")
    assert done.exit_code == 2
    assert "did you mean 'speed'" in " ".join(done.stderr.split())
    assert "did you mean 'lights'" in " ".join(roadlab("explain", "lihgts").stderr.split())


def test_explain_documents_every_key_that_the_reference_names():
    keys = re.findall(r"^\| `(\w+)` \|", (ROOT / "scenarios" / "README.md").read_text(), re.MULTILINE)
    assert len(set(keys)) > 200
    assert [key for key in sorted(set(keys)) if not anywhere(key)] == []


# --- new and list ----------------------------------------------------------------------------------------------------


def test_a_new_scenario_is_right_and_runs_as_it_expects(tmp_path):
    file = tmp_path / "folder" / "rainy night.yaml"
    assert roadlab("new", file, "--title", "It's: new").exit_code == 0
    assert package.load(file).spec.scenario == "It's: new"
    done = roadlab("check", file)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "exists already" in roadlab("new", file).stderr


def test_list_names_every_file_of_the_library():
    listed = json.loads(roadlab("list", "--json").stdout)
    files = {Path(entry["file"]).resolve() for entry in listed}
    assert files == {path.resolve() for path in (ROOT / "scenarios").glob("*/*.yaml")}
    assert all(entry["title"] for entry in listed)
    assert {entry["kind"] for entry in listed} <= {"scenario", "rig", "part"}
    done = roadlab("list", "urban")
    assert "Left turn across traffic" in done.stdout
    assert "Cut-in" not in done.stdout
    assert roadlab("list", "urbn").exit_code == 2
