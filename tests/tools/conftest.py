"""A small world of upright boxes, and datasets of it that take no rendering."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from roadlab_sensors.readings import Sample

sys.path.insert(0, str(Path(__file__).parent))

from small_scene import LABELLED, RADAR, Box, small_scene, small_world, write_dataset

SampleMaker = Callable[..., Sample]


@pytest.fixture
def make_sample() -> SampleMaker:
    return small_world


@pytest.fixture
def box() -> type[Box]:
    return Box


@pytest.fixture(scope="session")
def native(tmp_path_factory) -> Path:
    """A dataset of two small scenes in our own format; not to be changed."""
    scenes = [small_scene(name="east"), small_scene(name="west", first=20, seed=8)]
    return write_dataset(tmp_path_factory.mktemp("native") / "data", scenes)


@pytest.fixture(scope="session")
def labelled(tmp_path_factory) -> Path:
    """A dataset with optical flow, keypoints, normals and a radar; not to be changed."""
    return write_dataset(tmp_path_factory.mktemp("labelled") / "data", [small_scene(LABELLED + RADAR, name="street")])
