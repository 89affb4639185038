"""Builders for scenario files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import roadlab
from roadlab.errors import Diagnostic, ScenarioFileError

STREET = """\
scenario: A street
duration: 5 s
map:
  roads:
    elm: {profile: urban_2x1, path: [{line: 100 m}]}
actors:
  ego:
    model: hatchback
    at: {road: elm, lane: -1, s: 10 m}
    speed: 30 km/h
    drive: {driver: {type: idm}}
  anna:
    model: adult
    at: {road: elm, s: 40 m, t: -5 m}
    walk: {path: [{road: elm, s: 40 m, t: 5 m}], wait: true}
  row:
    model: sedan
    at: {road: elm, lane: 1, s: 50 m}
    repeat: {count: 3, spacing: 8 m}
    parked: true
story:
  - name: go
    when: {time: {after: 1 s}}
    do: {anna: {walk: {}}}
sensors:
  cam: {type: camera}
"""


@pytest.fixture
def street() -> str:
    """A small scenario without problems."""
    return STREET


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Writes a scenario file and says where it is."""

    def write_file(content: str | bytes, name: str = "street.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture
def problems(write: Callable[[str | bytes], Path]) -> Callable[..., list[Diagnostic]]:
    """The problems that loading a text reports."""

    def find(content: str | bytes, **options: object) -> list[Diagnostic]:
        with pytest.raises(ScenarioFileError) as caught:
            roadlab.load(write(content), **options)
        return list(caught.value.diagnostics)

    return find


@pytest.fixture
def library() -> Path:
    """The shipped scenarios."""
    return Path(__file__).parents[3] / "scenarios"
