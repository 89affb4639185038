"""Frames and formats that a scenario asks for itself."""

from __future__ import annotations

import pytest

import roadlab
from roadlab.errors import ScenarioFileError
from roadlab_tools.batch.output import chosen_formats, chosen_frames
from roadlab_tools.options import OptionError

STREET = """\
scenario: A street
duration: 4 s
map: {roads: {street: {profile: urban_2x1, path: [{line: 200 m}]}}}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 40 m}, speed: 36 km/h, drive: {}}
story:
  - {name: slows, when: {time: {after: 1 s}}, do: {ego: {brake: {deceleration: 4 m/s2, to: 6 m/s}}}}
sensors:
  camera: {type: camera, rate: 10 Hz, exposure: {time: 2 ms}}
"""


@pytest.fixture
def scenario(tmp_path):
    def load(output: str):
        file = tmp_path / "street.yaml"
        file.write_text(STREET + f"output: {output}\n")
        return roadlab.load(file)

    return load


@pytest.mark.parametrize(
    ("output", "frames"),
    [
        ("{}", range(40)),
        ("{frames: {start: 1 s}}", range(10, 40)),
        ("{frames: {start: 1 s, end: 2 s}}", range(10, 20)),  # the exposure of frame 20 is centred at 2.001 s
        ("{frames: {end: 1 s, every: 4}}", range(0, 10, 4)),
        ("{frames: {during: slows}}", range(10, 21)),  # from 10 to 6 m/s at 4 m/s² takes one second and a tick
        ("{frames: {during: slows, start: 1.5 s}}", range(15, 21)),
    ],
)
def test_a_scenario_chooses_its_frames(scenario, output, frames):
    assert list(chosen_frames(scenario(output), None, 1)) == list(frames)


def test_the_command_line_has_the_last_word(scenario):
    asked = scenario("{frames: {start: 1 s}, formats: [kitti, nuscenes]}")
    assert chosen_frames(asked, slice(0, 5), 1) == range(5)
    assert chosen_frames(asked, None, 10) == range(0, 40, 10)
    assert chosen_formats([asked], None) == ["kitti", "nuscenes"]
    assert chosen_formats([asked], "coco") == ["coco"]
    assert chosen_formats([scenario("{}")], None) == ["kitti"]


def test_what_selects_nothing_or_contradicts_itself_is_explained(scenario):
    with pytest.raises(OptionError, match=r"selects nothing: no frame between 1\.01 and 1\.02 s"):
        chosen_frames(scenario("{frames: {start: 1.01 s, end: 1.02 s}}"), None, 1)
    with pytest.raises(OptionError, match="different formats"):
        chosen_formats([scenario("{}"), scenario("{formats: [nuscenes]}")], None)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("{frames: {start: 9 s}}", "9 s is after the end of the run, 4 s"),
        ("{frames: {start: 2 s, end: 1 s}}", "1 s is not after the start, 2 s"),
        ("{frames: {during: slow}}", "unknown event 'slow'; did you mean 'slows'?"),
        ("{formats: [kity]}", "unknown format 'kity'; did you mean 'kitti'?"),
        ("{frames: {every: 0}}", "must be at least 1"),
    ],
)
def test_output_that_cannot_be_made_is_reported_in_the_file(scenario, output, words):
    with pytest.raises(ScenarioFileError) as caught:
        scenario(output)
    assert words in str(caught.value)
    assert "street.yaml:10:" in str(caught.value)
