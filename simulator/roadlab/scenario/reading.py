"""YAML into documents.

YAML 1.2's core scalars (`NO`, `12:30` and `2026-06-12` are text), no tags, unique keys, `<<` for shared defaults, and
bounds on everything, so that no file can make the program slow or large.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from roadlab.errors import Diagnostic, ScenarioFileError
from roadlab.scenario.document import Entry, Mark, Node, Scalar, Source, branch, fail
from roadlab.scenario.wording import did_you_mean, shown
from roadlab.scenario.yaml_faults import plain_words

MAX_BYTES = 1_000_000
MAX_DEPTH = 64
MAX_NODES = 100_000
"""Scalars, lists and mappings of a document after its aliases are expanded."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]{1,40}|0o[0-7]{1,40}|0x[0-9a-fA-F]{1,40}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_document(path: Path, name: str, included: Mark | None = None) -> Node:
    """The document in a file, reported under `name`; ScenarioFileError when it cannot be read.

    `included` is where another file names it.
    """
    root, faults = read_with_faults(path, name, included)
    if faults:
        raise ScenarioFileError(faults)
    return root


def read_with_faults(path: Path, name: str, included: Mark | None = None) -> tuple[Node, list[Diagnostic]]:
    """The document in a file, and what is wrong with it although the rest of it can be read: keys used twice."""
    text = _read_text(path, name)
    return _parse(text, Source(name, tuple(text.splitlines()) or ("",), included))


def parse_value(text: str, source: Source) -> Node:
    """A value written in one line, such as that of an option."""
    if _FORBIDDEN.search(text):
        fail(Mark(source), f"{shown(text)} holds characters that cannot be printed")
    root, faults = _parse(text, source)
    if faults:
        raise ScenarioFileError(faults)
    return root


# --- bytes to text ---------------------------------------------------------------------------------------------------


def _read_text(path: Path, name: str) -> str:
    start = Mark(Source(name, ("",)))
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            fail(start, "is a folder, not a file")
        if not stat.S_ISREG(status.st_mode):
            fail(start, "is not a regular file")
        if status.st_size > MAX_BYTES:
            fail(start, f"the file has {status.st_size / 1e6:.1f} MB; at most {MAX_BYTES / 1e6:g} MB can be read")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        fail(start, "no such file", hint=_similar_file(path))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        fail(start, f"cannot be read: {reason}")
    return _decode(data, name)


def _similar_file(path: Path) -> str:
    try:
        names = sorted(entry.name for entry in path.parent.iterdir())
    except OSError:
        return f"there is no folder {str(path.parent)!r}"
    return did_you_mean(path.name, names)


def _decode(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        hint = "save it as UTF-8" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        fail(_end_of(before, name), f"byte 0x{data[error.start]:02x} is not UTF-8 text", hint=hint)
    if match := _FORBIDDEN.search(text):
        what = "a NUL byte" if match[0] == "\0" else f"the control character U+{ord(match[0]):04X}"
        fail(_end_of(text[: match.start()], name), f"{what} cannot be in a text file")
    return text


def _end_of(before: str, name: str) -> Mark:
    lines = (before + ".").splitlines()
    return Mark(Source(name, (*lines[:-1], lines[-1][:-1])), len(lines), len(lines[-1]))


# --- text to nodes ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been read yet."""

    mark: Mark
    anchor: str | None
    is_mapping: bool
    items: list[Node] = field(default_factory=list)


def _parse(text: str, source: Source) -> tuple[Node, list[Diagnostic]]:
    events, composer = _events(text, source), _Composer(source)
    root = composer.compose(events)
    if root is None or (root.value is None and not root.text):
        fail(root.mark if root else Mark(source), "the file is empty" if source.lines else "the value is empty")
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            fail(_mark(event, source), "a second document starts here; a file holds one")
    return root, composer.faults


def _events(text: str, source: Source) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line, column, message, hint = plain_words(error, text)
        fail(Mark(source, line, column), message, hint=hint)
    except yaml.YAMLError as error:
        fail(Mark(source), f"is not YAML: {' '.join(str(error).split())}")


class _Composer:
    """Builds nodes with a stack instead of recursion, so that depth costs nothing before it is refused."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._anchors: dict[str, Node] = {}
        self._stack: list[_Open] = []
        self._count = 0
        self.faults: list[Diagnostic] = []

    def compose(self, events: Iterable[yaml.Event]) -> Node | None:
        """The first document of the stream, if there is one."""
        for event in events:
            if isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
                self._open(event)
            elif isinstance(event, yaml.ScalarEvent):
                mark = _mark(event, self._source)
                _refuse_tag(event.tag, mark)
                self._add(_scalar(event, mark), event.anchor)
            elif isinstance(event, yaml.AliasEvent):
                self._add(self._aliased(event), None)
            elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
                done = self._stack.pop()
                self._add(self._close(done), done.anchor)
            elif isinstance(event, yaml.DocumentEndEvent):
                return self._root
        return None

    def _open(self, event: yaml.SequenceStartEvent | yaml.MappingStartEvent) -> None:
        mark = _mark(event, self._source)
        _refuse_tag(event.tag, mark)
        if len(self._stack) == MAX_DEPTH:
            fail(mark, f"nested more than {MAX_DEPTH} levels deep")
        self._stack.append(_Open(mark, event.anchor, isinstance(event, yaml.MappingStartEvent)))

    def _add(self, node: Node, anchor: str | None) -> None:
        self._count_more(1, node.mark)
        if anchor is not None:
            self._anchors[anchor] = node
        if self._stack:
            self._stack[-1].items.append(node)
        else:
            self._root = node

    def _aliased(self, event: yaml.AliasEvent) -> Node:
        name, mark = str(event.anchor), _mark(event, self._source)
        if any(open_.anchor == name for open_ in self._stack):
            fail(mark, f"*{name} stands inside &{name} itself")
        if name not in self._anchors:
            fail(mark, f"*{name} refers to nothing", hint=did_you_mean(name, self._anchors))
        target = self._anchors[name]
        if len(self._stack) + target.depth > MAX_DEPTH:
            fail(mark, f"with *{name} written out, the file is nested more than {MAX_DEPTH} levels deep")
        return replace(target, mark=mark)

    def _close(self, done: _Open) -> Node:
        node = branch(done.mark, self._mapping(done.items) if done.is_mapping else tuple(done.items))
        if node.size > MAX_NODES:
            fail(done.mark, f"with its aliases written out, the file holds more than {MAX_NODES} values")
        return node

    def _count_more(self, values: int, mark: Mark) -> None:
        self._count += values
        if self._count > MAX_NODES:
            fail(mark, f"the file holds more than {MAX_NODES} values")

    def _mapping(self, items: list[Node]) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        for key, value in zip(items[::2], items[1::2], strict=True):
            _refuse_odd_key(key)
            if key.text == "<<":
                for base in _bases(value):
                    merged = {**base, **merged}
                    self._count_more(len(base), key.mark)
            elif key.text in entries:
                message = f"the key {shown(key.text)} is already used at {entries[key.text].mark.span}"
                self.faults.append(key.mark.diagnostic(message))
            else:
                entries[key.text] = Entry(key.mark, value)
        return {**merged, **entries} if merged else entries


def _refuse_odd_key(key: Node) -> None:
    if isinstance(key.value, dict | tuple):
        fail(key.mark, "a key must be a word, not a list or a mapping")
    if not key.text.isprintable():
        fail(key.mark, f"the key {shown(key.text)} holds characters that cannot be printed")


def _bases(value: Node) -> Iterator[dict[str, Entry]]:
    """The mappings that `<<: *base` or `<<: [*first, *second]` brings in; the first one wins."""
    for base in value.value if isinstance(value.value, tuple) else (value,):
        if not isinstance(base.value, dict):
            fail(base.mark, "'<<' takes a mapping or a list of mappings")
        yield base.value


def _mark(event: yaml.Event, source: Source) -> Mark:
    start = event.start_mark
    return Mark(source, start.line + 1, start.column + 1) if start else Mark(source)


def _refuse_tag(tag: str | None, mark: Mark) -> None:
    if tag is not None:
        fail(mark, f"tags such as {tag.replace('tag:yaml.org,2002:', '!!')!r} are not part of the language")


def _scalar(event: yaml.ScalarEvent, mark: Mark) -> Node:
    text: str = event.value
    return Node(mark, core_value(text) if event.implicit[0] else text, text)


def core_value(text: str) -> Scalar:
    """A plain scalar by YAML 1.2's core schema (YAML 1.2.2, 10.3.2)."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if _FLOAT.fullmatch(text):
        return (
            float(text.replace(".", "", 1)) if text.lower().lstrip("+-").startswith((".inf", ".nan")) else float(text)
        )
    return text
