"""XML text into tags that know their place, and nothing else that XML can do.

Expat is used directly: it never opens another file and gives the exact line and column of each tag. Every document
type declaration is refused, so there are no entities to expand (CWE-611, CWE-776).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

MAX_BYTES = 100_000_000
MAX_TAGS = 2_000_000
MAX_DEPTH = 40
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Line and column in the file, from 1; 0 for what was never in a file."""

    line: int = 0
    column: int = 0


@dataclass(slots=True)
class Tag:
    """An element as it stands in the file."""

    name: str
    attributes: dict[str, str]
    place: Place
    children: list[Tag] = field(default_factory=list)
    text: str = ""

    @property
    def empty(self) -> bool:
        """Whether it says nothing."""
        return not (self.attributes or self.children or self.text.strip())


class MarkupError(ValueError):
    """The file cannot be read as XML, or not safely."""

    def __init__(self, place: Place, message: str) -> None:
        self.place = place
        super().__init__(message)


def tags(data: bytes) -> Iterator[Tag]:
    """The root, still without children, then each of its children as soon as it is complete.

    MarkupError when the text is not well-formed, or declares a document type or entities.
    """
    builder = _Builder()
    for start in range(0, len(data), _CHUNK):
        yield from builder.feed(data[start : start + _CHUNK])
    yield from builder.finish()


def checked_size(size: int) -> None:
    """MarkupError when a file of this many bytes is too large to be read."""
    if size > MAX_BYTES:
        message = f"the file has {size / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read"
        raise MarkupError(Place(), message)


class _Builder:
    """Collects what Expat calls out."""

    def __init__(self) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        self._parser = parser
        self._open: list[Tag] = []
        self._done: list[Tag] = []
        self._count = 0

    def feed(self, chunk: bytes) -> list[Tag]:
        return self._parse(chunk, False)

    def finish(self) -> list[Tag]:
        return self._parse(b"", True)

    def _parse(self, chunk: bytes, last: bool) -> list[Tag]:
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise MarkupError(Place(error.lineno, error.offset + 1), f"broken XML: {reason}") from None
        done, self._done = self._done, []
        return done

    @property
    def _here(self) -> Place:
        return Place(self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)

    def _refuse_doctype(self, *_: object) -> NoReturn:
        raise MarkupError(self._here, "document type declarations, entities and external references are not read")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = Tag(name, attributes, self._here)
        self._count += 1
        if self._count > MAX_TAGS:
            raise MarkupError(tag.place, f"more than {MAX_TAGS} elements")
        if len(self._open) >= MAX_DEPTH:
            raise MarkupError(tag.place, f"elements inside one another more than {MAX_DEPTH} deep")
        if not self._open:
            self._done.append(tag)
        elif len(self._open) > 1:
            self._open[-1].children.append(tag)
        self._open.append(tag)

    def _end(self, _: str) -> None:
        tag = self._open.pop()
        if len(self._open) == 1:
            self._done.append(tag)

    def _characters(self, text: str) -> None:
        if self._open and (self._open[-1].text or not text.isspace()):
            self._open[-1].text += text
