"""Whatever happens to a scenario's text, the answer is a scenario or a report, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import roadlab
from roadlab.errors import Diagnostic, ScenarioFileError

LIBRARY = Path(__file__).parents[3] / "scenarios"
OPEN = Path(__file__).parents[2] / "fuzz" / "open_values.yaml"
TEXTS = [path.read_bytes() for path in [*sorted(LIBRARY.glob("[!r]*/*.yaml")), OPEN, OPEN]]
TOKENS = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    "- ",
    "\n",
    "\t",
    "&a ",
    "*a",
    "<<: ",
    "!!x ",
    "'",
    '"',
    "#",
    "|",
    "~",
    "null",
    "true",
]
VALUES = [
    "-1",
    "0",
    "1e9",
    "1e-9",
    "1e300",
    ".inf",
    ".nan",
    "ego",
    "[]",
    "{}",
    "12 parsec",
    "''",
    "99999999999999999999",
    "-3 m",
    '"${gap * 1e300}"',
    '"${1 / (gap - gap)}"',
    "{any: []}",
    "{uniform: [1, .inf]}",
    "{choice: {a: 1e400}}",
    "{use: parked_car}",
]

bounded = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def reported(path: Path, **options: list[str]) -> tuple[Diagnostic, ...]:
    """What is wrong with a file; any other exception is ours."""
    try:
        roadlab.load(path, **options)
    except ScenarioFileError as error:
        return error.diagnostics
    return ()


@pytest.fixture
def survives(tmp_path):
    """Loads a text as a scenario of the library."""

    def load(text: bytes) -> None:
        path = tmp_path / "scenarios" / "urban" / "mutated.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.replace(b"../rigs/", b"rigs/"))
        found = reported(path)
        assert all(d.span.line >= 1 and d.span.column >= 1 and d.message for d in found)

    return load


@bounded
@given(data=st.data())
def test_changed_bytes(survives, data):
    text = bytearray(data.draw(st.sampled_from(TEXTS)))
    for _ in range(data.draw(st.integers(1, 4))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    survives(bytes(text))


@bounded
@given(data=st.data())
def test_lost_and_repeated_lines(survives, data):
    lines = data.draw(st.sampled_from(TEXTS)).splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at : at + 1] = data.draw(
            st.sampled_from([[], [lines[at]] * 2, [b"  " + lines[at]], [lines[at].lstrip()]])
        )
    survives(b"".join(lines))


@bounded
@given(data=st.data())
def test_strewn_syntax(survives, data):
    text = data.draw(st.sampled_from(TEXTS)).decode()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(TOKENS)) + text[at:]
    survives(text.encode())


@bounded
@given(data=st.data())
def test_other_values_and_keys(survives, data):
    text = data.draw(st.sampled_from(TEXTS)).decode()
    words = [word.strip(",{}[]\n") for word in text.split(" ")]
    for _ in range(data.draw(st.integers(1, 3))):
        old = data.draw(st.sampled_from(sorted({word for word in words if word})))
        new = data.draw(st.sampled_from(VALUES) | st.sampled_from(sorted({word for word in words if word})))
        text = text.replace(old, new) if data.draw(st.booleans()) else text.replace(old, new, 1)
    survives(text.encode())


PATHS = [
    "actors.ego.speed",
    "story[0].when",
    "story.0.do",
    "map.roads",
    "sensors.cam",
    "seed",
    "rig",
    "actors.ego.at",
    "x",
    "a[3]",
]


@bounded
@given(
    path=st.sampled_from(PATHS) | st.text(max_size=12), value=st.sampled_from(TOKENS + VALUES) | st.text(max_size=12)
)
def test_any_override(street, tmp_path, path, value):
    file = tmp_path / "street.yaml"
    file.write_text(street)
    assert all(found.message for found in reported(file, overrides=[f"{path}={value}"]))
