"""Elements of a file as frozen dataclasses: the fields of a class say which attributes and children its element has.

A field `s_offset` is the attribute `sOffset`; `children("planView/geometry")` are the elements found at that path. The
order of the fields is the order in which a schema wants the children.
"""

from __future__ import annotations

import typing
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from typing import Any, TypeVar, get_args
from xml.etree import ElementTree

from roadlab.roads.opendrive.markup import Place, Tag
from roadlab.roads.opendrive.scalars import as_text, scalar, shown

E = TypeVar("E", bound="Element")


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Base of every element; `place` is where its tag begins and does not take part in comparisons."""

    place: Place = field(default=Place(), compare=False, repr=False)


def child(path: str = "") -> Any:
    """An element that may be missing; `path` is its name, by default that of its class."""
    return field(default=None, metadata={"path": path, "many": False})


def children(path: str) -> Any:
    """All elements at `path`."""
    return field(default=(), metadata={"path": path, "many": True})


def text(path: str) -> Any:
    """The text of the element at `path`."""
    return field(default="", metadata={"path": path, "text": True})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an element."""

    place: Place
    path: str
    """Such as `road 3, lane -2, width`."""
    message: str
    hint: str = ""


@dataclass
class Reading:
    """What comes up while elements are read."""

    faults: list[Fault] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    """Elements that were understood, by path."""
    unknown: Counter[str] = field(default_factory=Counter)
    """Elements and attributes (`/@name`) that were not, by path; what is inside an unknown element is not counted."""


# --- what the fields of a class say ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Attribute:
    field: str
    name: str
    read: Callable[[str], object]
    expected: str
    required: bool


@dataclass(frozen=True, slots=True)
class _Slot:
    field: str
    path: tuple[str, ...]
    """The parents below the owner; the element's own name is a key of `classes`."""
    classes: Mapping[str, Any]
    """None: its text."""
    many: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    attributes: tuple[_Attribute, ...]
    slots: tuple[_Slot, ...]


@cache
def _plan(cls: Any) -> _Plan:
    hints = typing.get_type_hints(cls, include_extras=True)
    own = [entry for entry in fields(cls) if entry.name != "place"]
    attributes = [_attribute(entry, hints[entry.name]) for entry in own if not entry.metadata]
    return _Plan(tuple(attributes), tuple(_slot(entry, hints[entry.name]) for entry in own if entry.metadata))


def _attribute(entry: Field[Any], hint: Any) -> _Attribute:
    first, *rest = entry.name.rstrip("_").split("_")
    name = first + "".join(part.capitalize() for part in rest)
    read, expected = scalar(hint)
    return _Attribute(entry.name, name, read, expected, entry.default is MISSING)


def _slot(entry: Field[Any], hint: Any) -> _Slot:
    path = tuple(part for part in entry.metadata["path"].split("/") if part)
    if "text" in entry.metadata:
        return _Slot(entry.name, path[:-1], {path[-1]: None}, many=False)
    kinds = _members(hint)
    names = path[-1:] or [kind.__name__[0].lower() + kind.__name__[1:] for kind in kinds]
    return _Slot(entry.name, path[:-1], dict(zip(names, kinds, strict=True)), entry.metadata["many"])


def _members(hint: Any) -> tuple[Any, ...]:
    """The element classes of `A | B | None` or `tuple[A | B, ...]`."""
    inner = tuple(kind for member in get_args(hint) for kind in _members(member))
    return inner or ((hint,) if isinstance(hint, type) and issubclass(hint, Element) else ())


# --- reading --------------------------------------------------------------------------------------------------------


@dataclass
class _Draft:
    """An element that is being read."""

    tag: Tag
    reading: Reading
    path: str
    label: str
    owner: str
    """The same of its nearest owner with an id, itself included."""
    values: dict[str, Any]
    sound: bool = True

    def fault(self, tag: Tag, message: str, hint: str) -> None:
        self.reading.faults.append(Fault(tag.place, self.label, message, hint))
        self.sound = False


def read_element(cls: type[E], tag: Tag, reading: Reading, *, path: str = "", label: str = "") -> E | None:
    """The element that `tag` is; None, with faults in `reading`, when it cannot be one."""
    plan = _plan(typing.cast(Any, cls))
    many = [slot.field for slot in plan.slots if slot.many]
    own = f"{tag.name} {tag.attributes['id'][:40]}" if "id" in tag.attributes else tag.name
    whole = f"{label}, {own}" if label else own
    draft = _Draft(
        tag=tag,
        reading=reading,
        path=f"{path}/{tag.name}" if path else tag.name,
        label=whole,
        owner=whole if "id" in tag.attributes else label,
        values={"place": tag.place, **{name: [] for name in many}},
    )
    reading.met[draft.path] += 1
    _read_attributes(plan, draft)
    _read_children(plan.slots, (), tag, draft)
    draft.values.update({name: tuple(draft.values[name]) for name in many})
    return cls(**draft.values) if draft.sound else None


def _read_attributes(plan: _Plan, draft: _Draft) -> None:
    left = dict(draft.tag.attributes)
    for entry in plan.attributes:
        given = left.pop(entry.name, "")
        if given.strip():
            try:
                draft.values[entry.field] = entry.read(given)
            except (ValueError, KeyError):
                draft.fault(draft.tag, f"{entry.name} is {shown(given)}", f"expected {entry.expected}")
        elif entry.required:
            draft.fault(draft.tag, f"{entry.name} is missing", f"expected {entry.expected}")
    for name in left:
        if not name.startswith(("xmlns", "xsi:", "xml:")):
            draft.reading.unknown[f"{draft.path}/@{name}"] += 1


def _read_children(slots: tuple[_Slot, ...], parents: tuple[str, ...], tag: Tag, draft: _Draft) -> None:
    for inner in tag.children:
        below = (*parents, inner.name)
        slot = next((s for s in slots if s.path == parents and inner.name in s.classes), None)
        if slot is not None:
            _fill(slot, inner, "/".join((draft.path, *parents)), draft)
        elif any(s.path[: len(below)] == below for s in slots):
            _read_children(slots, below, inner, draft)
        elif not inner.empty:
            draft.reading.unknown["/".join((draft.path, *below))] += 1


def _fill(slot: _Slot, tag: Tag, path: str, draft: _Draft) -> None:
    kind = slot.classes[tag.name]
    value = tag.text.strip() if kind is None else read_element(kind, tag, draft.reading, path=path, label=draft.owner)
    draft.sound &= value is not None
    if slot.many:
        draft.values[slot.field].append(value)
    elif slot.field in draft.values:
        draft.fault(tag, f"a second {tag.name}", "expected one at most")
    else:
        draft.values[slot.field] = value


# --- writing --------------------------------------------------------------------------------------------------------


def write_element(element: Element, name: str) -> ElementTree.Element:
    """The XML of an element; numbers survive reading exactly, and what is None or empty is left out."""
    plan = _plan(typing.cast(Any, type(element)))
    written = ElementTree.Element(name)
    for entry in plan.attributes:
        value = getattr(element, entry.field)
        if entry.required or value not in (None, ""):
            written.set(entry.name, as_text(value))
    for slot in plan.slots:
        names = {kind: name for name, kind in slot.classes.items()}
        value = getattr(element, slot.field)
        for part in value if slot.many else [value]:
            if isinstance(part, Element):
                _parent(written, slot.path).append(write_element(part, names[type(part)]))
            elif part:
                ElementTree.SubElement(_parent(written, slot.path), names[None]).text = part
    return written


def _parent(root: ElementTree.Element, path: tuple[str, ...]) -> ElementTree.Element:
    for name in path:
        found = root.find(name)
        root = ElementTree.SubElement(root, name) if found is None else found
    return root
