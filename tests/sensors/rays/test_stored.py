import dataclasses
import os

import numpy as np
import pytest

from roadlab_sensors.rays import engine

engine.start()

from roadlab import load, simulate  # noqa: E402
from roadlab_sensors.rays import stored  # noqa: E402
from roadlab_sensors.rays.gathered import gathered  # noqa: E402
from roadlab_sensors.world.build import build_world  # noqa: E402

pytestmark = pytest.mark.xdist_group("street")


@pytest.fixture(scope="module")
def made(street, street_log):
    return gathered(build_world(street, street_log), street_log)


def nothing_to_build():
    raise AssertionError("the world is on disk already")


def assert_same(one, other):
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    elif dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, dict):
        assert list(one) == list(other)
        assert_same(tuple(one.values()), tuple(other.values()))
    elif isinstance(one, tuple):
        assert len(one) == len(other)
        for mine, yours in zip(one, other, strict=True):
            assert_same(mine, yours)
    else:
        assert one == other


def test_a_kept_world_is_the_one_that_was_built(made, tmp_path):
    stored.stored(tmp_path, "street", lambda: made)
    again = stored.stored(tmp_path, "street", nothing_to_build)
    assert_same(made, again)


def test_a_damaged_file_is_built_and_kept_anew(made, tmp_path):
    stored.stored(tmp_path, "street", lambda: made)
    file = tmp_path / "street.safetensors"
    file.write_bytes(file.read_bytes()[:1000])
    assert_same(stored.stored(tmp_path, "street", lambda: made), made)
    assert_same(stored.stored(tmp_path, "street", nothing_to_build), made)


def test_a_disk_that_cannot_be_written_is_left_alone(made, tmp_path):
    (tmp_path / "worlds").write_text("a file where the folder should be")
    assert stored.stored(tmp_path / "worlds", "street", lambda: made) is made


def test_the_worlds_used_longest_ago_are_forgotten(made, tmp_path):
    small = dataclasses.replace(made, static=made.static[:1], movable=(), resting=())
    for k in range(stored.KEPT + 2):
        stored.stored(tmp_path, f"world_{k:02}", lambda: small)
        os.utime(tmp_path / f"world_{k:02}.safetensors", (k, k))
    kept = sorted(path.stem for path in tmp_path.iterdir())
    assert kept == [f"world_{k:02}" for k in range(2, stored.KEPT + 2)]


def test_a_world_depends_on_its_map_seed_and_cast_but_not_on_what_happens(street, street_log, tmp_path):
    def key(*changes, seed=None):
        scenario = load(street.source, overrides=list(changes), seed=seed)
        return stored.world_key(scenario, simulate(scenario))

    same = stored.world_key(street, street_log)
    assert key() == same
    assert key("actors.ego.speed=31 km/h") == same
    for changed in (
        key(seed=6),
        key("map.surroundings.style=suburb"),
        key("actors.parked.at.s=34 m"),
        key("actors.ahead.paint=red"),
    ):
        assert changed != same
