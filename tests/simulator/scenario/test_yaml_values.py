"""YAML 1.2's core schema, positions, defaults through aliases and merge keys."""

from __future__ import annotations

import pytest

from roadlab.scenario.reading import read_document


@pytest.fixture
def read(write):
    """The document of a text."""
    return lambda text: read_document(write(text), "file.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("12:30:00", "12:30:00"),
        ("2026-06-12", "2026-06-12"),
        ("1_000", "1_000"),
        ("010", 10),
        ("0o10", 8),
        ("0xff", 255),
        ("1e1", 10.0),
        ("-.5", -0.5),
        ("+12", 12),
        ("true", True),
        ("False", False),
        ("~", None),
        ("'true'", "true"),
        ('"1"', "1"),
        ("1/60 m", "1/60 m"),
    ],
)
def test_plain_scalars_follow_the_core_schema(read, text, value):
    found = read(f"key: {text}").plain()["key"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", [".inf", "-.inf", "+.INF", ".nan", "1e999"])
def test_what_is_not_finite_is_a_float(read, text):
    value = read(f"key: {text}").plain()["key"]
    assert isinstance(value, float)
    assert not abs(value) < 1e308


def test_keys_are_text_whatever_they_look_like(read):
    assert read("1: a\nNO: b\ntrue: c\n").plain() == {"1": "a", "NO": "b", "true": "c"}


def test_keys_and_values_know_where_they_stand(read):
    document = read("# é\nmap:\n  roads: {ü: {s: 1}}\nstory:\n  - a\n  -   b\n")
    assert str(document.key_mark(("map", "roads")).span) == "file.yaml:3:3"
    assert str(document.nearest(("map", "roads", "ü", "s")).mark.span) == "file.yaml:3:18"
    assert str(document.nearest(("story", 1)).mark.span) == "file.yaml:6:7"
    assert str(document.nearest(("map", "nothing", "here")).mark.span) == "file.yaml:3:3"


def test_a_byte_order_mark_and_windows_lines_change_no_place(read):
    document = read("\ufeffa: 1\r\nb: 2\r\n")
    assert document.plain() == {"a": 1, "b": 2}
    assert str(document.nearest(("b",)).mark.span) == "file.yaml:2:4"


def test_an_alias_stands_where_it_is_used(read):
    document = read("a: &speed 50 km/h\nb: *speed\n")
    assert document.plain() == {"a": "50 km/h", "b": "50 km/h"}
    assert str(document.nearest(("b",)).mark.span) == "file.yaml:2:4"


def test_merged_keys_give_way_to_own_keys_and_earlier_bases(read):
    document = read("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 3}\n")
    assert document.plain()["c"] == {"x": 3, "y": 1, "z": 2}
