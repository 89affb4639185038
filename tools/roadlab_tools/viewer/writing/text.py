"""Replaces single values in a scenario's text; every other character of it stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from roadlab.scenario.document import DocPath
from roadlab.scenario.reading import core_value

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE = "<<"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as it stands in the text."""

    text: str
    """Without its quotes."""
    start: int
    end: int
    """Characters of the text, quotes included."""
    plain: bool
    """Whether it has no quotes."""

    @property
    def value(self) -> str | int | float | bool | None:
        """What it means."""
        return core_value(self.text) if self.plain else self.text


@dataclass(frozen=True)
class Scalars:
    """Every value that stands at one place of the text only, by path."""

    text: str
    at: Mapping[DocPath, Scalar]

    @classmethod
    def of(cls, text: str) -> Scalars:
        """Of a text that is sound YAML; ValueError when it is not."""
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        try:
            root = yaml.compose(text[len(mark) :], Loader=_LOADER)
        except yaml.YAMLError as error:
            raise ValueError(f"the file is not YAML at present: {' '.join(str(error).split())}") from error
        if root is None:
            return cls(text, {})
        counts: dict[int, int] = {}
        _count(root, counts)
        return cls(text, dict(_scalars(root, (), counts, len(mark))))

    def below(self, path: DocPath) -> dict[str, Scalar]:
        """The values of a mapping, by key."""
        return {str(key[-1]): one for key, one in self.at.items() if key[:-1] == path and len(key) == len(path) + 1}

    def mappings(self, *tops: str) -> dict[DocPath, frozenset[str]]:
        """Below these keys of the file, the keys of every mapping that holds a value somewhere, in order."""
        keys: dict[DocPath, set[str]] = {}
        for path in self.at:
            if path and path[0] in tops:
                for depth, key in enumerate(path):
                    if isinstance(key, str):
                        keys.setdefault(path[:depth], set()).add(key)
        return {path: frozenset(found) for path, found in keys.items()}

    def with_values(self, values: Mapping[DocPath, str]) -> str:
        """The text with other values; KeyError for a path at which none stands."""
        changes = sorted(((self.at[path], new) for path, new in values.items()), key=lambda change: -change[0].start)
        text = self.text
        for old, new in changes:
            text = text[: old.start] + new + text[old.end :]
        return text


def _count(node: yaml.Node, counts: dict[int, int]) -> None:
    """How often each node is used: an anchored one stands behind every alias."""
    counts[id(node)] = counts.get(id(node), 0) + 1
    if counts[id(node)] > 1:
        return
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == _MERGE:
                counts[id(value)] = 2  # what is merged elsewhere belongs to several
            _count(value, counts)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _count(item, counts)


def _scalars(node: yaml.Node, path: DocPath, counts: Mapping[int, int], shift: int) -> Iterator[tuple[DocPath, Scalar]]:
    if counts[id(node)] > 1:
        return
    if isinstance(node, yaml.ScalarNode):
        start, end = node.start_mark.index + shift, node.end_mark.index + shift
        yield path, Scalar(node.value, start, end, not node.style)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(value, (*path, str(key.value)), counts, shift)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _scalars(item, (*path, number), counts, shift)
