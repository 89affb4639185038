"""Files that are no scenario at all: each is refused at once, in plain words, at a place."""

from __future__ import annotations

import os
import tracemalloc

import pytest

import roadlab
from roadlab.errors import ScenarioFileError
from roadlab.scenario.reading import MAX_BYTES, MAX_DEPTH

BROKEN = {
    "tab": ("a: 1\nb:\n\tc: 2\n", "3:1", "a tab cannot indent"),
    "tab inside a list": ("a: 1\nb: 2\n\n\tc: 2\n", "4:1", "a tab cannot indent"),
    "open bracket": ("a: [1, 2\n", "1:4", "this '[' is never closed"),
    "open bracket before a key": (
        "a: [1, 2\nb: 3\n",
        "2:2",
        "',' or ']' was expected here; the '[' is in line 1, column 4",
    ),
    "open brace": ("a: {b: 1\n", "1:4", "this '{' is never closed"),
    "stray brace": ("a: }\n", "1:4", "a value is missing before '}'"),
    "open quote": ("a: 1\nb: 'text\nc: 2\n", "2:4", "this quote is never closed"),
    "two colons": ("a: b: c\n", "1:5", "a ':' cannot stand here"),
    "deeper than its neighbour": ("a: 1\n  b: 2\n", "2:4", "a ':' cannot stand here; check the indentation"),
    "forgotten colon": ("a: 1\nb 2\nc: 3\n", "2:1", "a key without a ':' after it"),
    "sign that YAML keeps": ("a: @b\n", "1:4", "a plain text cannot start with '@'; put it in quotes"),
    "unknown escape": ('a: "C:\\path"\n', "1:7", "a backslash in double quotes"),
    "python tag": (
        "a: !!python/object/apply:os.system [ls]\n",
        "1:4",
        "tags such as '!!python/object/apply:os.system'",
    ),
    "own tag": ("a: !mine b\n", "1:4", "tags such as '!mine'"),
    "standard tag": ("a: !!str b\n", "1:4", "tags such as '!!str'"),
    "directive": ("%FOO bar\n---\na: 1\n", "1:1", "directives such as '%name'"),
    "unknown alias": ("a: &speed 1\nb: *sped\n", "2:4", "*sped refers to nothing; did you mean 'speed'?"),
    "alias inside itself": ("a: &a [1, *a]\n", "1:11", "*a stands inside &a itself"),
    "merged text": ("a: &a text\nb: {<<: *a}\n", "2:9", "'<<' takes a mapping"),
    "list as key": ("[a, b]: 1\n", "1:1", "a key must be a word"),
    "bell as key": ('"\\a": 1\n', "1:1", "cannot be printed"),
    "second document": ("a: 1\n---\nb: 2\n", "2:1", "a second document starts here"),
    "nothing": ("", "1:1", "the file is empty"),
    "only a comment": ("# soon\n", "1:1", "the file is empty"),
    "only a list": ("- a\n- b\n", "1:1", "this is not a scenario"),
    "only a text": ("hello\n", "1:1", "this is not a scenario"),
    "NUL byte": (b"a: 1\nb: \0\n", "2:4", "a NUL byte cannot be in a text file"),
    "control character": (b"a: \x1b[31m\n", "1:4", "the control character U+001B"),
    "Latin-1": ("a: 1\nb: café\n".encode("latin-1"), "2:7", "byte 0xe9 is not UTF-8 text"),
    "UTF-16": ("a: 1\n".encode("utf-16"), "1:1", "is not UTF-8 text; save it as UTF-8"),
    "picture": (b"\x89PNG\r\n\x1a\n", "1:1", "byte 0x89 is not UTF-8 text"),
    "rig": ("rig: A rig\nsensors: {cam: {type: camera}}\n", "1:1", "this is a rig, not a scenario"),
}


def test_keys_used_twice_are_reported_with_both_places_and_with_what_else_is_wrong(street, problems):
    text = street.replace("    model: hatchback", "    model: hatchbak\n    model: sedan").replace(
        "elm:", "elm: {}\n    elm:"
    )
    found = [(p.span.line, p.span.column, p.message) for p in problems(text)]
    assert [(line, column) for line, column, _ in found] == [(5, 10), (6, 5), (9, 12), (10, 5)]
    assert found[1][2].startswith("the key 'elm' is already used at ")
    assert found[1][2].endswith("street.yaml:5:5")
    assert found[2][2] == "unknown model 'hatchbak'"
    assert found[3][2].endswith("street.yaml:9:5")


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_one_problem_at_its_place(name, problems, tmp_path, monkeypatch):
    content, place, words = BROKEN[name]
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "broken.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ScenarioFileError) as caught:
        roadlab.load("broken.yaml")
    (found,) = caught.value.diagnostics
    assert str(found).startswith(f"broken.yaml:{place}: ")
    assert words in str(found)


def test_a_missing_file_names_its_neighbour(tmp_path, write):
    write("a: 1", "crossing.yaml")
    with pytest.raises(ScenarioFileError, match=r"crosing\.yaml:1:1: no such file; did you mean 'crossing\.yaml'"):
        roadlab.load(tmp_path / "crosing.yaml")
    with pytest.raises(ScenarioFileError, match="there is no folder"):
        roadlab.load(tmp_path / "nowhere" / "crossing.yaml")


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(ScenarioFileError, match="1:1: is a folder, not a file"):
        roadlab.load(tmp_path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ScenarioFileError, match="1:1: is not a regular file"):
        roadlab.load(tmp_path / "pipe")


def test_a_name_that_cannot_be_a_file_is_refused():
    for name in ("a\0b", "x" * 5000):
        with pytest.raises(ScenarioFileError, match="1:1: cannot be read"):
            roadlab.load(name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_says_why(write):
    path = write("a: 1")
    path.chmod(0)
    with pytest.raises(ScenarioFileError, match="1:1: cannot be read: Permission denied"):
        roadlab.load(path)


def test_a_200_megabyte_file_is_refused_unread(tmp_path):
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    tracemalloc.start()
    with pytest.raises(ScenarioFileError, match=r"the file has 200\.0 MB; at most 1 MB"):
        roadlab.load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def alias_bomb(levels: int, width: int) -> str:
    """Each level holds `width` times the one before."""
    lines = ["a0: &a0 lol"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


def test_an_alias_bomb_is_refused_without_being_written_out(problems):
    tracemalloc.start()
    (found,) = problems(alias_bomb(levels=40, width=10))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "with its aliases written out, the file holds more than" in found.message
    assert peak < 5_000_000


def test_a_merge_bomb_is_refused(problems):
    base = ", ".join(f"k{n}: 1" for n in range(1000))
    text = f"base: &base {{{base}}}\n" + "".join(f"m{n}: {{<<: *base}}\n" for n in range(1000))
    (found,) = problems(text)
    assert "the file holds more than 100000 values" in found.message


def test_aliases_do_not_nest_deeper_than_the_file_may(problems):
    text = "a0: &a0 []\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 2 * MAX_DEPTH))
    (found,) = problems(text)
    assert "nested more than 64 levels deep" in found.message
    assert found.span.line == MAX_DEPTH


@pytest.mark.parametrize("opener", ["[", "{a: ", "- ", "? "])
def test_a_depth_bomb_is_refused_at_its_65th_level(opener, problems):
    (found,) = problems(opener * (MAX_BYTES // len(opener) // 2))
    assert "nested more than 64 levels deep" in found.message
    assert found.span.column == MAX_DEPTH * len(opener) + 1


def test_a_list_of_everything_is_refused(problems):
    (found,) = problems("a: [" + "1," * 300_000 + "]")
    assert "the file holds more than 100000 values" in found.message
