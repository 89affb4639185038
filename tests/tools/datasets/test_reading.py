"""Datasets as sequences of arrays, and the training example of the documentation."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from roadlab.errors import OutputError
from roadlab_tools import open_dataset
from roadlab_tools.datasets.scene import SceneEntry
from roadlab_tools.datasets.splits import SPLITS, assign, leaks, placed

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "train_on_a_dataset.py"


def test_samples_are_read_when_they_are_asked_for(native, tmp_path):
    dataset = open_dataset(native)
    item = dataset[3]
    picture = native / "cameras/camera/image/000003.png"
    content = picture.read_bytes()
    try:
        picture.unlink()
        assert item.lidars["lidar"]["points"].shape[1] == 3
        with pytest.raises(OutputError, match=r"cameras/camera/image/000003\.png cannot be read"):
            item.cameras["camera"]["image"]
    finally:
        picture.write_bytes(content)
    assert item.cameras["camera"]["image"].shape == (76, 208, 3)


def test_boxes_are_offered_in_the_egos_frame(native):
    item = open_dataset(native)[0]
    car = item.ego_from_box[item.boxes.category.index("car")]
    # The car starts 16 m ahead, the ego goes 1 m/s faster for 50 ms.
    np.testing.assert_allclose(car[:3, 3], [16.0 - 0.05, 0.0, 0.75], atol=1e-9)


def test_a_dataset_travels_to_other_processes(native):
    dataset = open_dataset(native)
    assert len(dataset[2].boxes) == 5
    again = pickle.loads(pickle.dumps(dataset))
    np.testing.assert_array_equal(again[2].lidars["lidar"]["points"], dataset[2].lidars["lidar"]["points"])


def count_points(item):
    return len(item.lidars["lidar"]["points"])


def test_a_dataset_is_mapped_to_what_a_network_takes(native):
    counts = open_dataset(native).map(count_points)
    assert len(counts) == 8
    assert counts[0] > 10_000
    pickle.dumps(counts)


def test_an_unknown_array_is_named_with_those_there_are(native):
    with pytest.raises(KeyError, match=r"depths.*image"):
        open_dataset(native)[0].cameras["camera"]["depths"]


def test_what_is_no_dataset_is_refused(tmp_path):
    with pytest.raises(OutputError, match="no finished dataset"):
        open_dataset(tmp_path)


def test_torch_is_not_imported():
    program = "import sys, roadlab_tools; roadlab_tools.open_dataset; print({'torch', 'ray'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "set()\n"
    )


def test_the_training_example_learns(native):
    done = subprocess.run([sys.executable, str(EXAMPLE), str(native)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    losses = [float(line.split()[-1]) for line in done.stdout.splitlines() if line.startswith("epoch")]
    assert losses[-1] < 0.5 * losses[0]
    assert len(EXAMPLE.read_text().splitlines()) <= 40


def entries(count):
    return [SceneEntry(f"s{k}", "", f"digest {k}", k, 10 * k, 0, 10, 1) for k in range(count)]


def test_splits_are_of_whole_scenes_and_every_split_gets_some():
    splits = assign(entries(40))
    assert [len(splits[name]) for name in SPLITS] == [32, 4, 4]
    assert sorted(name for names in splits.values() for name in names) == sorted(entry.name for entry in entries(40))
    assert all(assign(entries(3))[name] for name in SPLITS)


def test_the_same_scenario_is_never_in_two_splits():
    twins = [*entries(20), *(SceneEntry(f"t{k}", "", f"digest {k}", k, 0, 0, 1, 1) for k in range(20))]
    assert leaks(assign(twins), twins) == []
    home = {entry.name: entry.split for entry in placed(twins)}
    assert all(home[f"s{k}"] == home[f"t{k}"] for k in range(20))
