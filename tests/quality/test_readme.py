"""What the README shows is what the code does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
pytestmark = pytest.mark.xdist_group("readme")


def blocks(language):
    found = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.S | re.M)
    return [text for name, text in found if name == language]


def test_the_python_example_runs():
    (example,) = blocks("python")
    made = subprocess.run([sys.executable, "-c", example], cwd=ROOT, capture_output=True, text=True, check=True)
    shape, points, views = re.fullmatch(r"(\(.*\)) (\d+) (\d+)\n", made.stdout).groups()
    assert shape == "(375, 1242, 3)"
    assert int(points) > 80_000
    assert int(views) > 3


def test_the_example_scenario_is_right(tmp_path):
    from roadlab import load

    (example,) = blocks("yaml")
    file = tmp_path / "example.yaml"
    file.write_text(example)
    assert load(file).spec.scenario == "Pedestrian steps out from behind a parked van"


def test_the_messages_shown_are_those_of_the_check(tmp_path):
    shown = next(text for text in blocks("") if "roadlab check" in text)
    text = (ROOT / "scenarios" / "urban" / "pedestrian_crossing.yaml").read_text()
    for right, wrong in {"duration:": "duraton:", "speed: 40 km/h": "speed: 40 kmh", "lane: 2,": "lane: 5,"}.items():
        assert right in text
        text = text.replace(right, wrong, 1)
    file = tmp_path / "scenarios" / "urban" / "broken.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    made = subprocess.run(
        [sys.executable, "-m", "roadlab_tools", "check", "broken.yaml"],
        cwd=file.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 2
    messages = [line.split(": ", 1)[1] for line in made.stderr.splitlines() if line.startswith("broken.yaml:")]
    known = [line.split(": ", 1)[1] for line in shown.splitlines() if line.startswith("broken.yaml:")]
    assert len(known) == 3
    assert set(known) <= set(messages)


def test_every_picture_and_command_exists():
    for picture in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert (ROOT / picture).is_file(), picture
    made = subprocess.run([sys.executable, "-m", "roadlab_tools", "--help"], capture_output=True, text=True, check=True)
    for command in re.findall(r"^\| `roadlab (\w+)", README, flags=re.M):
        assert command in made.stdout
