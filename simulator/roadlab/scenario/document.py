"""A document as plain values that remember where in the text they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn

from roadlab.errors import Diagnostic, ScenarioFileError, Span

Scalar = str | int | float | bool | None
Key = str | int
DocPath = tuple[Key, ...]

_LONGEST_SHOWN_LINE = 160


@dataclass(frozen=True, slots=True)
class Source:
    """A text that was read: a file, or the value of an option, which has no lines."""

    name: str
    lines: tuple[str, ...] = ()
    included: Mark | None = None
    """Where another file names this one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a source, counted from 1."""

    source: Source
    line: int = 1
    column: int = 1

    @property
    def span(self) -> Span:
        """The place for a diagnostic; line 0 where the source has no lines."""
        return Span(self.source.name, self.line, self.column) if self.source.lines else Span(self.source.name, 0, 0)

    def diagnostic(self, message: str, *, path: str = "", hint: str = "") -> Diagnostic:
        """A problem at this place."""
        return Diagnostic(self.span, message, path, hint, self._shown_line(), tuple(self._includers()))

    def _includers(self) -> Iterator[str]:
        mark = self.source.included
        while mark is not None:
            yield f"included at {mark.span}"
            mark = mark.source.included

    def at_text(self, text: str, offset: int) -> Mark:
        """Where character `offset` of `text` stands, which is written here; this place when it cannot be told."""
        line = self.source.lines[self.line - 1] if 0 < self.line <= len(self.source.lines) else ""
        start = line.find(text, self.column - 1)
        return Mark(self.source, self.line, start + offset + 1) if text and start >= 0 else self

    def _shown_line(self) -> str:
        if not 0 < self.line <= len(self.source.lines):
            return ""
        line = self.source.lines[self.line - 1].replace("\t", " ").rstrip()
        return line if len(line) <= _LONGEST_SHOWN_LINE else ""


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the document and where it starts."""

    mark: Mark
    value: Scalar | tuple[Node, ...] | dict[str, Entry]
    text: str = ""
    """A scalar as the author wrote it."""
    size: int = 1
    """Values in it, itself included."""
    depth: int = 0
    """Lists and mappings inside one another, itself included."""
    computed: str = ""
    """The expression or distribution that it was computed from, as its author wrote it."""

    def plain(self) -> object:
        """The value without its marks."""
        if isinstance(self.value, dict):
            return {key: entry.node.plain() for key, entry in self.value.items()}
        if isinstance(self.value, tuple):
            return [item.plain() for item in self.value]
        return self.value

    def empty_values(self, path: DocPath = ()) -> Iterator[DocPath]:
        """Where a key stands without a value, or a dash without an item."""
        if self.value is None and not self.text and path:
            yield path
        children = self.value.items() if isinstance(self.value, dict) else ()
        for key, entry in children:
            yield from entry.node.empty_values((*path, key))
        for index, item in enumerate(self.value if isinstance(self.value, tuple) else ()):
            yield from item.empty_values((*path, index))

    def child(self, key: Key) -> Node | None:
        """The value under a key or index, if there is one."""
        if isinstance(self.value, dict):
            entry = self.value.get(str(key))
            return entry.node if entry else None
        if isinstance(self.value, tuple) and isinstance(key, int) and 0 <= key < len(self.value):
            return self.value[key]
        return None

    def find(self, path: Iterable[Key]) -> Node | None:
        """The value at a path, if there is one."""
        node: Node | None = self
        for key in path:
            if node is None:
                return None
            node = node.child(key)
        return node

    def nearest(self, path: DocPath) -> Node:
        """The value at a path or at its longest beginning that exists."""
        return next(node for end in range(len(path), -1, -1) if (node := self.find(path[:end])) is not None)

    def key_mark(self, path: DocPath) -> Mark:
        """Where the key of the value at `path` stands; the value itself for items of lists and the root."""
        parent = self.find(path[:-1]) if path else None
        if parent is not None and isinstance(parent.value, dict) and path[-1] in parent.value:
            return parent.value[str(path[-1])].mark
        return self.nearest(path).mark

    def without(self, *keys: str) -> Node:
        """The same mapping without these keys."""
        if not isinstance(self.value, dict):
            raise ValueError("only a mapping has keys")
        return branch(self.mark, {key: entry for key, entry in self.value.items() if key not in keys})

    def with_child(self, key: Key, child: Node, mark: Mark) -> Node:
        """The same mapping or list with one value replaced or added."""
        if isinstance(self.value, dict):
            return branch(self.mark, {**self.value, str(key): Entry(mark, child)})
        if isinstance(self.value, tuple) and isinstance(key, int):
            return branch(self.mark, (*self.value[:key], child, *self.value[key + 1 :]))
        raise ValueError("a scalar has no children")


@dataclass(frozen=True, slots=True)
class Entry:
    """A key's place and its value."""

    mark: Mark
    node: Node


def scalar(mark: Mark, value: Scalar, text: str, computed: str = "") -> Node:
    """A single value."""
    return Node(mark, value, text, computed=computed)


def written(path: Iterable[Key]) -> str:
    """A path as authors write it: `story[0].when`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def fail(mark: Mark, message: str, *, path: str = "", hint: str = "") -> NoReturn:
    """Raise a single problem."""
    raise ScenarioFileError([mark.diagnostic(message, path=path, hint=hint)])


def branch(mark: Mark, value: tuple[Node, ...] | dict[str, Entry]) -> Node:
    """The list or mapping of these nodes."""
    children = value if isinstance(value, tuple) else [entry.node for entry in value.values()]
    return Node(mark, value, "", 1 + sum(c.size for c in children), 1 + max((c.depth for c in children), default=0))
