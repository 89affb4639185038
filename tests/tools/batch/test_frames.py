from __future__ import annotations

import pytest
from small_scene import small_sample, small_scene

from roadlab.errors import OutputError
from roadlab_tools.batch import frames
from roadlab_tools.batch.frames import Failed, Target, Task, Written, write_frames
from roadlab_tools.batch.queue import TaskQueue
from roadlab_tools.datasets.claim import claimed
from roadlab_tools.datasets.folder import DatasetFolder
from roadlab_tools.datasets.scene import SceneEntry
from roadlab_tools.options import OptionError, one_of, parse_frames, parse_shard, selected_frames

RUN = {"roadlab": "0.1.0"}


class SmallWorld:
    """Looks at a small scene; remembers which samples were asked for."""

    rays_per_sample = 7

    def __init__(self, scene, broken):
        self.scene, self.broken, self.asked = scene, broken, []

    def sample(self, index):
        self.asked.append(index)
        if index in self.broken:
            raise ZeroDivisionError("a wheel without a radius")
        return small_sample(self.scene, index)


@pytest.fixture
def small_world(monkeypatch, tmp_path):
    """A claimed folder, its tasks, and the world that is looked at instead of a rendered one."""

    def make(indices, broken=()):
        scene = small_scene(count=20)
        world = SmallWorld(scene, broken)
        monkeypatch.setattr(frames, "observer_of", lambda *_: world)
        monkeypatch.setattr(frames, "staged", lambda *_: scene)
        tasks = [Task(scene.entry, scene.scenario.to_json(), index) for index in indices]
        return world, write_frames(tasks, Target("draft", (("kitti", tmp_path),)))

    with claimed(tmp_path, RUN, resume=False):
        yield make


def test_frames_are_on_disk_when_they_are_reported(small_world, tmp_path):
    _, written = small_world([4, 0, 2])
    for made in written:
        assert isinstance(made, Written)
        assert DatasetFolder(tmp_path).receipt(made.number) is not None
        assert made.size > 1000


def test_whoever_stops_listening_stops_the_rendering(small_world):
    world, written = small_world(range(20))
    assert next(written).number == 0
    written.close()
    assert len(world.asked) <= 3


def test_a_frame_that_cannot_be_written_ends_the_run(small_world, tmp_path):
    (tmp_path / "label_2").write_text("a file where a folder should be")
    _, written = small_world(range(3))
    with pytest.raises(OutputError, match="label_2"):
        list(written)
    assert not (tmp_path / "image_2" / "000000.png").exists()


def test_a_frame_that_cannot_be_made_is_reported_and_the_others_are_made(small_world):
    _, written = small_world(range(4), broken=(1, 3))
    made = sorted(written, key=lambda report: report.number)
    assert [isinstance(report, Written) for report in made] == [True, False, True, False]
    assert made[1] == Failed(1, "ZeroDivisionError: a wheel without a radius")


def tasks(*counts):
    entries = [SceneEntry(f"s{k}", "", "", 0, 100 * k, 0, count, 1) for k, count in enumerate(counts)]
    return [Task(entry, "", index) for entry in entries for index in entry.indices]


def test_each_worker_gets_a_scene_of_its_own_while_there_are_enough():
    queue = TaskQueue(tasks(4, 4, 4))
    assert [queue.enter() for _ in range(3)] == ["s0", "s1", "s2"]


def test_a_worker_without_a_scene_joins_the_one_with_most_left():
    queue = TaskQueue(tasks(4, 9))
    assert [queue.enter() for _ in range(4)] == ["s0", "s1", "s1", "s1"]


def test_nobody_builds_a_world_for_the_last_two_frames_of_another():
    queue = TaskQueue(tasks(2))
    assert queue.enter() == "s0"
    assert queue.enter() is None


def test_every_frame_is_taken_once():
    queue = TaskQueue(tasks(3, 2))
    taken = [queue.take(scene).number for scene in ("s0", "s1", "s0", "s1", "s0")]
    assert taken == [0, 100, 1, 101, 2]
    assert queue.take("s0") is None
    assert len(queue) == 0


def test_a_frame_at_which_three_workers_died_is_given_up():
    queue = TaskQueue(tasks(3))
    for _ in range(2):
        assert queue.give_back([queue.take("s0")]) == []
    (failed,) = queue.give_back([queue.take("s0")])
    assert failed.number == 0
    assert "3 worker processes died" in failed.reason
    assert queue.take("s0").number == 1


@pytest.mark.parametrize("text", ["0/3", "4/3", "2", "a/b", "1/0", ""])
def test_shards_that_mean_nothing_are_refused(text):
    with pytest.raises(OptionError, match="--shard"):
        parse_shard(text)


def test_shards_share_out_every_frame_once():
    shares = [parse_shard(f"{k}/3").share(list(range(10))) for k in (1, 2, 3)]
    assert sorted(number for share in shares for number in share) == list(range(10))
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


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
