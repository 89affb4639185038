"""Values that replace those of a file: `actors.ego.speed=50 km/h`, `story[0].when.time.after=2 s`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from roadlab.errors import Diagnostic, ScenarioFileError
from roadlab.scenario.document import DocPath, Key, Mark, Node, Source, fail, written
from roadlab.scenario.grammar import slot_in
from roadlab.scenario.reading import parse_value
from roadlab.scenario.spec import ScenarioSpec
from roadlab.scenario.wording import did_you_mean, shown

_PATH = re.compile(r"[^.\[\]=]+(\.[^.\[\]=]+|\[\d{1,6}\])*")
_PART = re.compile(r"([^.\[\]=]+)|\[(\d+)\]")
_LONGEST_SHOWN = 80


def with_overrides(root: Node, overrides: Iterable[str]) -> Node:
    """The document with these values in it; ScenarioFileError with every override that cannot be used."""
    faults: list[Diagnostic] = []
    for text in overrides:
        try:
            root = _with_override(root, text)
        except ScenarioFileError as error:
            faults += error.diagnostics
    if faults:
        raise ScenarioFileError(faults)
    return root


def _with_override(root: Node, text: str) -> Node:
    name = "".join(character if character.isprintable() else "?" for character in text[:_LONGEST_SHOWN])
    name = name if len(text) <= _LONGEST_SHOWN else f"{name}..."
    mark = Mark(Source(f"--set {name}"))
    path, equals, value = text.partition("=")
    if not equals or not _PATH.fullmatch(path.strip()):
        fail(mark, "expected path=value, such as actors.ego.speed=50 km/h")
    parts: list[Key] = [name or int(index) for name, index in _PART.findall(path.strip())]
    return _placed(root, (), parts, parse_value(value, mark.source), root)


def _placed(node: Node, path: DocPath, parts: list[Key], value: Node, root: Node) -> Node:
    """`node`, which stands at `path`, with `value` at `parts` below it."""
    if not parts:
        return value
    key, rest = _next_key(node, parts, value.mark, path)
    below = (*path, key)
    child = node.child(key)
    if child is None or child.value is None:
        if rest and key not in slot_in(ScenarioSpec, path, root).keys:
            known = (*(node.value if isinstance(node.value, dict) else ()), *slot_in(ScenarioSpec, path, root).keys)
            fail(value.mark, f"unknown key {shown(key)}", path=written(below), hint=did_you_mean(str(key), known))
        child = Node(value.mark, {})
    return node.with_child(key, _placed(child, below, rest, value, root), value.mark)


def _next_key(node: Node, parts: list[Key], mark: Mark, path: DocPath) -> tuple[Key, list[Key]]:
    key, rest = parts[0], parts[1:]
    if isinstance(node.value, tuple):
        index = int(key) if str(key).isdecimal() else len(node.value)
        if index >= len(node.value):
            fail(mark, f"{written(path)} has only the items 0 to {len(node.value) - 1}, and no {shown(key)}")
        return index, rest
    if not isinstance(node.value, dict):
        fail(mark, f"{written(path) or 'the file'} is a single value, and has no {shown(key)}")
    if rest and isinstance(rest[0], int) and f"{key}[{rest[0]}]" in node.value:
        return f"{key}[{rest[0]}]", rest[1:]
    return str(key), rest
