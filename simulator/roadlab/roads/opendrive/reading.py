"""From a file to a document without faults."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from roadlab.errors import Diagnostic, ScenarioFileError, Span
from roadlab.roads.opendrive.binding import Element, Fault, Reading, read_element
from roadlab.roads.opendrive.checks import faults_of
from roadlab.roads.opendrive.document import ROOT, Document
from roadlab.roads.opendrive.elements.header import Header
from roadlab.roads.opendrive.elements.junctions import Junction
from roadlab.roads.opendrive.elements.road import Road
from roadlab.roads.opendrive.elements.signals import Controller
from roadlab.roads.opendrive.markup import MarkupError, checked_size, tags

MINOR_VERSIONS = (4, 8)
"""First and last revMinor that is read, of revMajor 1."""
_DECLARATION = 200
"""Characters in which an XML declaration ends."""
_MOST_SHOWN = 50
_LONGEST_LINE = 160

_KINDS: dict[str, type[Element]] = {"header": Header, "road": Road, "controller": Controller, "junction": Junction}


def read_document(path: str | os.PathLike[str]) -> Document:
    """The document in a file of version 1.4 to 1.8.

    ScenarioFileError with every problem of the file; OSError when it cannot be opened.
    """
    return parse_document(read_bytes(path), os.fspath(path))


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file; ScenarioFileError, before any is read, when there are too many."""
    try:
        checked_size(Path(path).stat().st_size)
    except MarkupError as error:
        raise problems_in(b"", os.fspath(path), [Fault(error.place, "", str(error))]) from None
    return Path(path).read_bytes()


def as_text(data: bytes) -> str:
    """The text of a file in the encoding that it states, without stating one itself; as many lines as before."""
    head = data[:_DECLARATION]
    stated = re.match(rb"\s*<\?xml[^>]*?encoding=[\"'](iso-8859-\d+|windows-125\d|us-ascii)[\"']", head, re.IGNORECASE)
    marked = data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    encoding = "utf-16" if marked else stated[1].decode() if stated else "utf-8-sig"
    text = data.decode(encoding, "replace")
    declaration = re.match(r"\s*<\?xml[^>]*?(\s+encoding=[\"'][\w.-]+[\"'])", text[:_DECLARATION])
    return text if declaration is None else text[: declaration.start(1)] + text[declaration.end(1) :]


def parse_document(data: bytes, name: str) -> Document:
    """The document in a text, which messages call `name`; ScenarioFileError with every problem of the text."""
    reading = Reading()
    try:
        checked_size(len(data))
        elements = _elements(data, reading)
    except MarkupError as error:
        raise problems_in(data, name, [Fault(error.place, "", str(error))]) from None
    if reading.faults:
        raise problems_in(data, name, reading.faults)
    document = Document(
        header=next(element for element in elements if isinstance(element, Header)),
        roads=tuple(element for element in elements if isinstance(element, Road)),
        controllers=tuple(element for element in elements if isinstance(element, Controller)),
        junctions=tuple(element for element in elements if isinstance(element, Junction)),
        met=dict(reading.met),
        unknown=dict(reading.unknown),
    )
    faults = list(faults_of(document))
    if faults:
        raise problems_in(data, name, faults)
    return document


def _elements(data: bytes, reading: Reading) -> list[Element]:
    found: list[Element] = []
    stream = tags(data)
    root = next(stream)
    if root.name.rpartition(":")[2] != ROOT:
        raise MarkupError(root.place, f"this is not an OpenDRIVE file: its root is {root.name!r}, not {ROOT!r}")
    for tag in stream:
        kind = _KINDS.get(tag.name)
        if kind is None:
            if not tag.empty:
                reading.unknown[tag.name] += 1
            continue
        element = read_element(kind, tag, reading)
        if element is not None:
            found.append(element)
        if isinstance(element, Header):
            _check_version(element)
    headers = reading.met["header"]
    if headers != 1:
        reading.faults.append(Fault(root.place, "", f"{headers or 'no'} headers", "expected one header element"))
    return found


def _check_version(header: Header) -> None:
    first, last = MINOR_VERSIONS
    if header.rev_major != 1 or not first <= header.rev_minor <= last:
        found = f"OpenDRIVE {header.rev_major}.{header.rev_minor} is not read"
        raise MarkupError(header.place, f"{found}; expected 1.{first} to 1.{last}")


def problems_in(data: bytes, name: str, faults: Iterable[Fault]) -> ScenarioFileError:
    """The faults as one error: at their places, in the order of the text, each with its line."""
    ordered = sorted(dict.fromkeys(faults), key=lambda fault: fault.place)
    shown = diagnostics(data, name, ordered[:_MOST_SHOWN])
    if len(ordered) > _MOST_SHOWN:
        more = f"{len(ordered) - _MOST_SHOWN} more problems from here on"
        shown += diagnostics(data, name, [Fault(ordered[_MOST_SHOWN].place, "", more)])
    return ScenarioFileError(shown)


def diagnostics(data: bytes, name: str, faults: Iterable[Fault]) -> list[Diagnostic]:
    """The faults with the file's name and lines."""
    lines = data.split(b"\n")
    return [
        Diagnostic(
            Span(name, fault.place.line, fault.place.column),
            fault.message,
            fault.path,
            fault.hint,
            _shown_line(lines, fault.place.line),
        )
        for fault in faults
    ]


def _shown_line(lines: Sequence[bytes], number: int) -> str:
    if not 0 < number <= len(lines) or len(lines[number - 1]) > _LONGEST_LINE:
        return ""
    return lines[number - 1].decode("utf-8", "replace").replace("\t", " ").rstrip()
