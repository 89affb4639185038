"""Which type of the language stands at which place of a document."""

from __future__ import annotations

import types
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Discriminator, Tag
from pydantic.fields import FieldInfo

from roadlab.scenario.document import DocPath, Key, Node
from roadlab.scenario.spec.positions import place_kind
from roadlab.scenario.vocabulary import Installed


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of the document as the language sees it."""

    path: DocPath
    annotation: Any
    """Its type without `Annotated` and `None`; None where the language has no such place."""
    metadata: tuple[Any, ...] = ()
    owner: type[BaseModel] | None = None
    """The class whose key is the last one of `path`."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that a mapping here can have; empty when it is none or chooses its own."""
        return tuple(self.annotation.model_fields) if is_model(self.annotation) else ()

    def variants(self) -> list[Slot]:
        """What can stand here: itself, or each kind of a union."""
        if installed := self.annotated_with(Installed):
            return [Slot(self.path, cls) for cls in installed.classes(self.annotation).values()]
        if self.annotated_with(Discriminator) or get_origin(self.annotation) in (Union, types.UnionType):
            return [_bare(self.path, member) for member in get_args(self.annotation)]
        return [self]

    def annotated_with(self, kind: type[Any]) -> Any:
        """The first annotation of this kind, or None."""
        return next((item for item in self.metadata if isinstance(item, kind)), None)


def is_model(annotation: Any) -> bool:
    """Whether a mapping with fixed keys stands there."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def slot_at(model: type[BaseModel], location: Iterable[Key]) -> Slot:
    """The slot at one of pydantic's error locations, which name the variants of a union besides keys and indices."""
    slot = Slot((), model)
    for part in location:
        slot = _step(slot, part)
    return slot


def _step(slot: Slot, part: Key) -> Slot:
    annotation = slot.annotation
    if installed := slot.annotated_with(Installed):
        return Slot(slot.path, installed.classes(annotation).get(part), (), slot.owner)
    if slot.annotated_with(Discriminator):
        return Slot(slot.path, _variant(annotation, part), (), slot.owner)
    if part == "[key]":
        return slot
    path = (*slot.path, part)
    if is_model(annotation):
        field = annotation.model_fields.get(part)
        return (
            _bare(path, field.annotation, tuple(field.metadata), annotation)
            if field
            else Slot(path, None, (), annotation)
        )
    if get_origin(annotation) is dict:
        return _bare(path, get_args(annotation)[1])
    if get_origin(annotation) in (list, tuple) and isinstance(part, int):
        return _bare(path, get_args(annotation)[0])
    return Slot(slot.path, None)


def _bare(path: DocPath, annotation: Any, metadata: tuple[Any, ...] = (), owner: type[BaseModel] | None = None) -> Slot:
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            metadata = (*more, *metadata)
        elif get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation):
            annotation = Union[tuple(a for a in get_args(annotation) if a is not type(None))]  # noqa: UP007
        else:
            return Slot(path, annotation, metadata, owner)


def _variant(union: Any, tag: Key) -> Any:
    for member in get_args(union):
        variant, *metadata = get_args(member)
        if Tag(str(tag)) in metadata:
            return variant
    return None


def slot_in(model: type[BaseModel], path: DocPath, root: Node) -> Slot:
    """The slot at a path of a document, whose values choose the variants of unions."""
    slot = _chosen(Slot((), model), root)
    for part in path:
        slot = _chosen(_step(slot, part), root.find((*slot.path, part)))
    return slot


def _chosen(slot: Slot, node: Node | None) -> Slot:
    if node is None or not (slot.annotated_with(Installed) or slot.annotated_with(Discriminator)):
        return slot
    if slot.annotated_with(Installed):
        kind = node.child("type")
        return _step(slot, kind.text if kind else "")
    return _step(slot, place_kind(node.plain()) or "")


def slot_below(slot: Slot, part: str) -> list[tuple[Slot, FieldInfo | None]]:
    """The slots under a key of a slot, one for each variant that has it; `*` is any name or number.

    The name of an installed class, or of a kind of place, chooses that variant.
    """
    found: list[tuple[Slot, FieldInfo | None]] = []
    for variant in slot.variants():
        if is_model(variant.annotation):
            field = variant.annotation.model_fields.get(part)
            if field is not None:
                inner = _bare((*slot.path, part), field.annotation, tuple(field.metadata), variant.annotation)
                found.append((inner, field))
    origin = get_origin(slot.annotation)
    if not found and origin in (dict, list):
        item = get_args(slot.annotation)[-1]
        if origin is dict or part == "*" or part.isdecimal():
            found.append((_bare((*slot.path, part), item), None))
    if not found and (installed := slot.annotated_with(Installed)):
        cls = installed.classes(slot.annotation).get(part)
        found += [(Slot((*slot.path, part), cls), None)] if cls is not None else []
    return found
