import dataclasses
import itertools
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlab.errors import OutputError, RoadlabError
from roadlab.fixed_point import decoded, encoded, is_fixed
from roadlab.knots import BLOCK
from roadlab.log import ARRAYS, QUANTA, ActorInfo, Event, SceneLog
from roadlab.log_file import LogFile, log_digest, read_log, write_log
from roadlab.weather import WEATHER


def some_log(heads=2):
    ticks = 7
    draw = np.random.Generator(np.random.PCG64(5))
    actors = tuple(
        ActorInfo(name, k, "vehicle", "car", "sedan", (4.8, 2.0, 1.45), (1.3, 0.0, 0.7), ("steering", "spin"), paint)
        for k, (name, paint) in enumerate([("ego", None), ("ünïcode", "#ff0000")], 1)
    )
    position = draw.normal(size=(ticks, 2, 3))
    position[0, 0] = [-0.0, 5e-324, 1e308]
    return SceneLog(
        scenario='{"a": 1}', scenario_digest="ab", seed=2**62 + 1, version="0.1", actors=actors,
        signal_names=tuple(f"head {k}" for k in range(heads)),
        events=(Event(10, "contact", "hit", ("ego", "ünïcode"), {"relative_speed": 0.1}), Event(20, "story", "s", ())),
        time=np.arange(ticks, dtype=np.int64) * 10_000_000,
        position=position, attitude=draw.normal(size=(ticks, 2, 3)), velocity=draw.normal(size=(ticks, 2, 3)),
        acceleration=draw.normal(size=(ticks, 2)), lamps=draw.integers(0, 255, (ticks, 2)).astype(np.uint8),
        joints=draw.normal(size=(ticks, 4)), signals=draw.integers(0, 5, (ticks, heads)).astype(np.uint8),
        weather=draw.uniform(size=(ticks, len(WEATHER))),
        present=draw.integers(0, 2, (ticks, 2)).astype(bool),
    )  # fmt: skip


@pytest.mark.parametrize("heads", [0, 2])
def test_what_is_read_is_what_was_written_bit_for_bit(tmp_path, heads):
    log = some_log(heads)
    write_log(log, tmp_path / "log.parquet")
    again = read_log(tmp_path / "log.parquet")
    for field in dataclasses.fields(SceneLog):
        if field.name in ARRAYS:
            old, new = getattr(log, field.name), getattr(again, field.name)
            assert (old.dtype, old.shape, old.tobytes()) == (new.dtype, new.shape, new.tobytes())
        else:
            assert getattr(again, field.name) == getattr(log, field.name)
    assert log_digest(again) == log_digest(log)


def test_the_same_log_makes_the_same_file(tmp_path):
    write_log(some_log(), tmp_path / "a")
    write_log(some_log(), tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


@pytest.mark.parametrize("name", ARRAYS)
def test_the_digest_notices_every_bit(name):
    log = some_log()
    changed = getattr(log, name).copy()
    raw = changed.view(np.uint8).reshape(-1)
    raw[3] ^= 1
    assert log_digest(dataclasses.replace(log, **{name: changed})) != log_digest(log)


def test_the_digest_notices_names_and_shapes():
    log = some_log()
    renamed = dataclasses.replace(log, actors=(dataclasses.replace(log.actors[0], name="other"), log.actors[1]))
    reshaped = dataclasses.replace(log, joints=log.joints.reshape(14, 2).copy())
    assert len({log_digest(log), log_digest(renamed), log_digest(reshaped)}) == 3


def on_the_grid(log, ticks=None):
    """The log with smooth courses of numbers as the engine writes them."""
    draw = np.random.Generator(np.random.PCG64(6))
    ticks = ticks or len(log.time)
    rows = np.arange(ticks) % len(log.time)
    arrays = {name: getattr(log, name)[rows] for name in ARRAYS} | {"time": np.arange(ticks) * 10_000_000}
    for name, quantum in QUANTA.items():
        jolts = draw.integers(-3, 4, arrays[name].shape)
        arrays[name] = np.cumsum(np.cumsum(np.cumsum(jolts, axis=0), axis=0), axis=0) * quantum
    return dataclasses.replace(log, **arrays)


def test_other_readers_understand_the_columns(tmp_path):
    log = some_log()
    write_log(log, tmp_path / "log.parquet")
    table = pq.read_table(tmp_path / "log.parquet")
    assert table.column("position")[0].as_py()[:7] == log.position[:, 0, 0].tolist()
    smooth = on_the_grid(log)
    write_log(smooth, tmp_path / "log.parquet")
    quantum = json.loads(pq.ParquetFile(tmp_path / "log.parquet").metadata.metadata[b"roadlab"])["columns"]["position"]
    cell = pq.read_table(tmp_path / "log.parquet").column("position")[0].as_py()
    third = [n // 2 if n % 2 == 0 else -(n + 1) // 2 for n in cell[7:14]]
    for _ in range(3):
        third = list(itertools.accumulate(third))
    assert [n * quantum for n in third] == smooth.position[:, 0, 1].tolist()


def test_smooth_courses_take_a_byte_or_less_each_and_keep_every_bit(tmp_path):
    log = on_the_grid(some_log(), ticks=10 * BLOCK)
    write_log(log, tmp_path / "log")
    numbers = sum(getattr(log, name).size for name in QUANTA)
    overhead = sum(getattr(log, name).nbytes for name in ARRAYS if name not in QUANTA)
    assert (tmp_path / "log").stat().st_size < 1.0 * numbers + overhead
    assert log_digest(read_log(tmp_path / "log")) == log_digest(log)


@given(st.lists(st.integers(-(2**50) + 1, 2**50 - 1), min_size=1, max_size=20), st.integers(-30, 0))
def test_multiples_of_a_quantum_survive_whatever_they_are(whole, exponent):
    quantum = 2.0**exponent
    values = np.array(whole, dtype=np.float64)[:, None] * quantum
    assert is_fixed(values, quantum)
    assert decoded(encoded(values, quantum), quantum).tobytes() == values.tobytes()


@pytest.mark.parametrize("odd", [0.3, -0.0, np.nan, np.inf, 2.0**50])
def test_what_is_no_multiple_is_not_taken_for_one(odd):
    assert not is_fixed(np.array([0.0, odd]), 1.0)


def broken_files(folder):
    write_log(some_log(), folder / "whole")
    whole = (folder / "whole").read_bytes()
    yield "missing", None
    yield "empty", b""
    yield "foreign", b"scenario: a street\n" * 100
    yield "cut", whole[: len(whole) // 2]
    yield "damaged", whole[:200] + bytes(64) + whole[264:]
    pq.write_table(pa.table({"a": [1, 2]}), folder / "table")
    yield "another table", (folder / "table").read_bytes()
    meta = pq.ParquetFile(folder / "whole").metadata.metadata[b"roadlab"]
    for name, text in (("newer", meta.replace(b"log/5", b"log/9")), ("torn", meta[:-5]), ("list", b"[]")):
        pq.write_table(pq.read_table(folder / "whole").replace_schema_metadata({b"roadlab": text}), folder / "t")
        yield name, (folder / "t").read_bytes()
    write_log(on_the_grid(some_log(), ticks=2 * BLOCK), folder / "long")
    meta = pq.ParquetFile(folder / "long").metadata.metadata[b"roadlab"]
    shorter = pq.read_table(folder / "long").slice(0, 1).replace_schema_metadata({b"roadlab": meta})
    pq.write_table(shorter, folder / "t")
    yield "short", (folder / "t").read_bytes()


def test_a_broken_or_foreign_file_is_named_in_a_clear_message(tmp_path):
    for name, content in broken_files(tmp_path):
        path = tmp_path / f"{name}.log"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(RoadlabError, match=name):
            read_log(path)


def test_a_folder_that_is_not_there_is_an_output_error(tmp_path):
    with pytest.raises(OutputError, match="nowhere"):
        write_log(some_log(), tmp_path / "nowhere" / "log")


def test_a_log_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path):
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "kept").write_text("x")
    with pytest.raises(OutputError):
        write_log(some_log(), tmp_path / "log")
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


def test_a_part_of_a_long_log_is_what_the_whole_has_there(tmp_path):
    short, ticks = some_log(), 3 * BLOCK + 17
    rows = np.arange(ticks) % len(short.time)
    arrays = {name: getattr(short, name)[rows] for name in ARRAYS} | {"time": np.arange(ticks) * 10_000_000}
    whole = dataclasses.replace(short, **arrays)
    write_log(whole, tmp_path / "log")
    file = LogFile(tmp_path / "log")
    np.testing.assert_array_equal(file.time, whole.time)
    for begin, end in ((0, 0), (2_000_000_000, 2_600_000_000), (int(whole.time[-1]), int(whole.time[-1]))):
        part = file.between(begin, end)
        first = int(np.searchsorted(whole.time, part.time[0]))
        assert len(part.time) <= 2 * BLOCK
        for name in ARRAYS:
            np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[first : first + len(part.time)])
        np.testing.assert_array_equal(part.states_at([begin, end]).position, whole.states_at([begin, end]).position)
    with pytest.raises(ValueError, match="within the log"):
        file.between(0, int(whole.time[-1]) + 1)
