from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from roadlab_tools.cli import app

ROOT = Path(__file__).parents[2]
STREET = """\
scenario: A street
duration: 2 s
map: {roads: {street: {profile: urban_2x1, path: [{line: 200 m}]}}}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 40 m}, speed: 36 km/h}
sensors:
  camera:
    type: camera
    phase: 49 ms
    image: {width: 96, height: 32}
    intrinsics: {fx: 60, fy: 60, cx: 47.5, cy: 14}
  lidar: {type: lidar, model: hdl64e}
"""


@pytest.fixture
def street(tmp_path) -> Path:
    file = tmp_path / "street.yaml"
    file.write_text(STREET)
    return file


def roadlab(*arguments: object) -> Result:
    """The command, in this process; whatever happens, nobody gets to see a traceback."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.mark.parametrize("command", ["check", "simulate", "render", "view", "schema"])
def test_every_command_explains_itself_with_an_example(command):
    done = roadlab(command, "--help")
    assert done.exit_code == 0
    assert f"roadlab {command}" in done.stdout
    assert "Example" in done.stdout


def test_help_lists_the_commands_quickly():
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "roadlab_tools", "--help"], capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - started
    assert all(command in done.stdout for command in ("check", "simulate", "render", "view", "schema"))
    # Half a second is what people are promised; the margin is for a machine that tests in parallel.
    assert seconds < 1.5


def test_heavy_packages_are_imported_only_by_who_needs_them(street):
    program = (
        "import sys, roadlab_tools.cli as c\n"
        f"try: c.app(['check', {str(street)!r}])\n"
        "except SystemExit as end: print(end.code)\n"
        "print(sorted({'mitsuba', 'drjit', 'cv2', 'pygame', 'av', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-2:] == ["0", "[]"]


def test_version_is_printed():
    assert roadlab("--version").stdout.startswith("roadlab 0.")


def test_check_accepts_scenarios_of_every_theme():
    files = [min(ROOT.glob(f"scenarios/{theme}/*.yaml")) for theme in ("highway", "junction", "roundabout", "weather")]
    done = roadlab("check", *files)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.count(": OK\n") == len(files)


def test_check_points_at_each_problem_and_goes_on_with_the_next_file(street, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(STREET.replace("duration: 2 s", "duraton: 2 s").replace("lane: -1", "lane: -7"))
    done = roadlab("check", wrong, street)
    assert done.exit_code == 2
    assert done.stdout.startswith(f"{street}: reads well, running it\n{street}: OK\n")
    assert str(wrong) not in done.stdout
    assert f"{wrong}:2:1:" in done.stderr
    assert "did you mean 'duration'" in done.stderr
    assert "\n    duraton: 2 s\n    ^\n" in done.stderr
    assert f"{wrong}:5:" in done.stderr
    assert "\x1b[" not in done.stderr  # no colours where nobody sees them


def test_a_missing_file_is_a_problem_of_the_user(tmp_path):
    done = roadlab("check", tmp_path / "nowhere.yaml")
    assert done.exit_code == 2
    assert "nowhere.yaml" in done.stderr


def test_schema_is_json(street):
    schema = json.loads(roadlab("schema").stdout)
    assert "duration" in schema["properties"]


def test_simulate_writes_a_log_that_view_draws(street, tmp_path):
    log, picture = tmp_path / "street.log", tmp_path / "street.png"
    done = roadlab("simulate", street, "--out", log, "--set", "duration=1 s")
    assert done.exit_code == 0, done.stderr
    assert "1 s in 101 ticks, 1 actors" in done.stdout
    done = roadlab("view", log, "--at", 1.0, "--screenshot", picture)
    assert done.exit_code == 0, done.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--frames", "9:3"], "--frames 9:3 selects nothing"),
        (["--frames", "0:1000"], "the scenario has frames 0:"),
        (["--frames", "five"], "--frames takes A:B"),
        (["--every", "0"], "--every takes a whole number from 1"),
        (["--workers", "0"], "--workers takes a whole number from 1"),
        (["--quality", "standart"], "did you mean 'standard'"),
        (["--format", "kity"], "did you mean 'kitti'"),
        (["--seed", "-1"], "--seed"),
        (["--seed", "99999999999999999999"], "--seed"),
        (["--set", "actors.ego.speeed=3"], "speeed"),
        (["--set", "nonsense"], "nonsense"),
    ],
)
def test_options_that_mean_nothing_are_explained_and_nothing_is_written(street, tmp_path, arguments, message):
    out = tmp_path / "out"
    done = roadlab("render", street, "--out", out, *arguments)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert not out.exists()


@pytest.mark.parametrize("place", ["/proc/nowhere/out", "/dev/null/out"])
def test_a_folder_that_cannot_be_written_is_explained(street, place):
    done = roadlab("render", street, "--out", place)
    assert done.exit_code == 2
    assert place.rsplit("/", 1)[0] in done.stderr


def test_a_folder_that_holds_something_else_is_refused(street, tmp_path):
    done = roadlab("render", street, "--out", tmp_path)
    assert done.exit_code == 2
    assert "holds something else (street.yaml)" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["street.yaml"]


def test_a_log_that_cannot_be_written_is_explained(street):
    done = roadlab("simulate", street, "--out", "/proc/nowhere/street.log")
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr


def test_view_refuses_a_time_outside_the_scenario(street, tmp_path):
    done = roadlab("view", street, "--at", "5", "--screenshot", tmp_path / "x.png")
    assert done.exit_code == 2
    assert "0 to 2 s" in done.stderr
