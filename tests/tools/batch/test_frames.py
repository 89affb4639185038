from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from roadlab.errors import OutputError
from roadlab_tools.batch.frames import write_frames
from roadlab_tools.datasets.folder import DatasetFolder
from roadlab_tools.datasets.kitti import KittiWriter
from roadlab_tools.options import OptionError, one_of, parse_frames, selected_frames


@dataclass
class SmallWorld:
    """Samples of the small world; remembers which were asked for."""

    make: object
    asked: list[int] = field(default_factory=list)

    def sample(self, index):
        self.asked.append(index)
        return self.make(index=index)


def test_frames_are_on_disk_when_they_are_reported(make_sample, tmp_path):
    folder = DatasetFolder(tmp_path)
    for index in write_frames(SmallWorld(make_sample), KittiWriter(), folder, [4, 0, 2]):
        assert folder.holds(KittiWriter().paths(index))


def test_whoever_stops_listening_stops_the_rendering(make_sample, tmp_path):
    world = SmallWorld(make_sample)
    frames = write_frames(world, KittiWriter(), DatasetFolder(tmp_path), range(100))
    assert next(frames) == 0
    frames.close()
    assert len(world.asked) <= 3


def test_a_frame_that_cannot_be_written_ends_the_run(make_sample, tmp_path):
    (tmp_path / "label_2").write_text("a file where a folder should be")
    with pytest.raises(OutputError, match="label_2"):
        list(write_frames(SmallWorld(make_sample), KittiWriter(), DatasetFolder(tmp_path), range(3)))
    assert not (tmp_path / "image_2" / "000000.png").exists()


@pytest.mark.parametrize(
    ("text", "every", "expected"),
    [
        ("0:3", 1, [0, 1, 2]),
        ("5:6", 1, [5]),
        ("8:", 1, [8, 9]),
        (":2", 1, [0, 1]),
        ("0:10", 4, [0, 4, 8]),
        (":", 9, [0, 9]),
    ],
)
def test_frames_are_selected_as_in_python(text, every, expected):
    assert list(selected_frames(10, parse_frames(text), every)) == expected


@pytest.mark.parametrize(("text", "every"), [("9:3", 1), ("5:5", 1), ("-3:5", 1), ("0:11", 1), ("12:", 1), ("0:3", 0)])
def test_selections_that_mean_nothing_are_refused(text, every):
    with pytest.raises(OptionError, match=r"--frames|--every"):
        selected_frames(10, parse_frames(text), every)


@pytest.mark.parametrize("text", ["5", "a:b", "1:2:3", "1.5:2", ""])
def test_what_is_no_range_is_refused(text):
    with pytest.raises(OptionError, match="A:B"):
        parse_frames(text)


def test_an_unknown_choice_comes_with_a_guess():
    with pytest.raises(OptionError, match="did you mean 'standard'"):
        one_of("--quality", "standart", ("draft", "standard", "high"))
