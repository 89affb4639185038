"""Files that sensors name, put into the scenario as if they stood there."""

from __future__ import annotations

import base64
import csv
import zlib
from collections.abc import Sequence
from pathlib import Path

from roadlab.errors import Diagnostic, ScenarioFileError
from roadlab.scenario.document import Entry, Mark, Node, Source, branch, fail
from roadlab.scenario.library import OutsideError, named_file, tree_of
from roadlab.scenario.wording import shown

TABLES = ("beams",)
"""Keys of a sensor whose value may be the name of a CSV file: a header, then one entry of the list a line."""
TEXTS = ("calibration",)
"""Keys whose value is the name of a text file; its text takes the name's place."""
ARRAYS = ("ray_table",)
"""Keys whose value is the name of a binary file; its content, compressed with zlib and in base64, takes its place."""
MAX_ARRAY_BYTES = 48_010_000
MAX_BYTES, MAX_ROWS, MAX_COLUMNS = 100_000, 4096, 32


def with_tables(root: Node, scenario: Path) -> tuple[Node, list[Diagnostic]]:
    """The document with each named table as a list of mappings, every value at its own place; and what is wrong."""
    sensors = root.child("sensors")
    if sensors is None or not isinstance(sensors.value, dict):
        return root, []
    faults: list[Diagnostic] = []
    for name, entry in sensors.value.items():
        sensor = entry.node
        for key, read in _READERS.items():
            named = sensor.child(key) if isinstance(sensor.value, dict) else None
            if named is None or not isinstance(named.value, str):
                continue
            try:
                sensor = sensor.with_child(key, read(named, scenario, f"sensors.{name}.{key}"), named.mark)
            except ScenarioFileError as error:
                faults += error.diagnostics
                sensor = sensor.without(key)
        sensors = sensors.with_child(name, sensor, entry.mark)
    return root.with_child("sensors", sensors, root.key_mark(("sensors",))), faults


def _table(named: Node, scenario: Path, path: str) -> Node:
    lines = _lines(named, scenario, path)
    source = Source(str(named.value), tuple(lines) or ("",), named.mark)
    rows = [(number, row) for number, row in enumerate(csv.reader(lines, skipinitialspace=True), 1) if any(row)]
    rows = [(number, row) for number, row in rows if not row[0].lstrip().startswith("#")]
    start = Mark(source)
    if not rows:
        fail(start, "is empty; a table has a line with the names of its columns and one line for each entry", path=path)
    if len(rows) > MAX_ROWS or len(rows[0][1]) > MAX_COLUMNS:
        fail(start, f"has more than {MAX_ROWS} lines or {MAX_COLUMNS} columns", path=path)
    names = [name.strip() for name in rows[0][1]]
    if len(set(names)) < len(names) or not all(names):
        fail(Mark(source, rows[0][0]), "every column needs a name of its own", path=path)
    return branch(start, tuple(_entry(source, number, names, row, path) for number, row in rows[1:]))


def _entry(source: Source, number: int, names: Sequence[str], row: Sequence[str], path: str) -> Node:
    mark = Mark(source, number)
    if len(row) != len(names):
        fail(mark, f"has {len(row)} values, and the table has {len(names)} columns", path=path)
    entries, column = {}, 1
    for name, text in zip(names, row, strict=True):
        place = Mark(source, number, column).at_text(text.strip(), 0)
        column = place.column + len(text.strip())
        entries[name] = Entry(place, Node(place, _value(text.strip()), text.strip()))
    return branch(mark, entries)


def _value(text: str) -> int | float | str:
    """A number, or text such as `2.5 deg` or `nan`, of which the sensor says what it thinks."""
    try:
        return int(text) if text.lstrip("+-").isdecimal() else _finite(text)
    except ValueError:
        return text


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0.0:
        raise ValueError(text)
    return number


def _text(named: Node, scenario: Path, path: str) -> Node:
    return Node(named.mark, "\n".join(_lines(named, scenario, path)), named.text)


def _array(named: Node, scenario: Path, path: str) -> Node:
    content = _content(named, scenario, path, MAX_ARRAY_BYTES)
    return Node(named.mark, base64.b64encode(zlib.compress(content, 1)).decode(), named.text)


_READERS = dict.fromkeys(TABLES, _table) | dict.fromkeys(TEXTS, _text) | dict.fromkeys(ARRAYS, _array)


def _lines(named: Node, scenario: Path, path: str) -> list[str]:
    try:
        return _content(named, scenario, path, MAX_BYTES).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        fail(named.mark, f"{shown(str(named.value))} cannot be read as text", path=path)


def _content(named: Node, scenario: Path, path: str, most: int) -> bytes:
    written_in = Path(named.mark.source.name)
    here = written_in if written_in.is_file() else scenario
    name = str(named.value)
    try:
        file = named_file(name, here, tree_of(scenario))
        if not file.is_file():
            fail(named.mark, f"there is no file {shown(name)}", path=path)
        if file.stat().st_size > most:
            fail(named.mark, f"{shown(name)} is larger than {most} bytes", path=path)
        return file.read_bytes()
    except OutsideError:
        message = f"{shown(name)} leaves the scenario's folder; such a file is in it, below it, or in the library"
        fail(named.mark, message, path=path)
    except (OSError, ValueError):
        fail(named.mark, f"{shown(name)} cannot be read as text", path=path)
