"""Where everything in a scenario comes from, and what any key of the language means."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from roadlab.scenario.document import DocPath, Node, written
from roadlab.scenario.draws import Draw
from roadlab.scenario.grammar import Slot, is_model, slot_below
from roadlab.scenario.load import decide
from roadlab.scenario.logical import LogicalScenario
from roadlab.scenario.quantities import Quantity
from roadlab.scenario.spec import ScenarioSpec, WhenSpec
from roadlab.scenario.vocabulary import Installed, Shape
from roadlab.scenario.wording import listed, meant_or_known


@dataclass(frozen=True, slots=True)
class Origin:
    """A decided value and where it comes from."""

    path: str
    """Such as `actors.ego.speed`."""
    value: str
    origin: str
    """A file with line and column, `default`, an option, or what it was computed from."""


def origins(opened: LogicalScenario, draw: Draw) -> Iterator[Origin]:
    """Every value of a sample, in the order of the language; ScenarioFileError when the scenario is wrong."""
    root = opened.concrete(draw)[0]
    spec = decide(opened, draw).spec
    yield from _below(spec, (), root, Slot((), ScenarioSpec))


def _below(value: Any, path: DocPath, root: Node, slot: Slot) -> Iterator[Origin]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if inner is not None and not (inner in ([], {}, "") and root.find((*path, name)) is None):
                yield from _below(inner, (*path, name), root, _slot_of(type(value), name))
    elif isinstance(value, dict | list) and value:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        below = slot_below(slot, "*")
        for key, item in items:
            yield from _below(item, (*path, key), root, below[0][0] if below else slot)
    else:
        quantity = slot.annotated_with(Quantity)
        unit = f" {quantity.units[0]}" if quantity is not None and isinstance(value, float) else ""
        yield Origin(written(path), _text(value) + unit, _origin(path, root))


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())


def _origin(path: DocPath, root: Node) -> str:
    node, of_group = root.find(path), ""
    if node is None and path[0] == "story":
        node = next((found for as_written in _of_groups(path, root) if (found := root.find(as_written))), None)
        of_group = ", for each of a group" if node is not None else ""
    if node is None:
        walks = len(path) > 1 and str(path[1]).startswith("pedestrian[")
        crowd = root.child("pedestrians") if walks else None
        parent = crowd or root.nearest(path[:-1])
        return f"worked out from {parent.mark.span}" if crowd or _is_worked_out(path, parent) else "default"
    where = f"{node.mark.span}{of_group}"
    return f"{where}, from {node.computed}" if node.computed else where


def _of_groups(path: DocPath, root: Node) -> Iterator[DocPath]:
    """Where the file may say of a group what is said here of an actor."""
    first = next((end for end in range(2, len(path)) if root.find(path[:end]) is None), len(path))
    above = root.find(path[: first - 1])
    if path[first - 2] == "do" and above is not None and isinstance(above.value, dict):
        yield from ((*path[: first - 1], name, *path[first:]) for name in above.value)
    if path[first - 1] in ("any", "all") and path[-1] not in WhenSpec.besides:
        yield (*path[: first - 1], *path[first + 1 :])


_OF_PLACES = ("road", "lane", "s", "t", "x", "y", "offset", "heading")


def _is_worked_out(path: DocPath, parent: Node) -> bool:
    """Whether it belongs to a place that the file gives in another way, such as relative to an actor."""
    placed = path[0] in ("actors", "story", "pedestrians") and path[-1] in _OF_PLACES
    keys = parent.value if isinstance(parent.value, dict) else {}
    return placed and bool(keys) and "x" not in keys and not ("s" in keys and ("t" in keys or "lane" in keys))


# --- keys ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyDoc:
    """What an author can write at a place of the language."""

    path: str
    kind: str
    """What its value is, in words."""
    about: str
    default: str
    """Empty where it must be given."""
    keys: tuple[tuple[str, str, str, str], ...] = ()
    """(key, what it is, default, about) of a mapping."""
    variants: tuple[str, ...] = ()
    """Of a value that can be one of several mappings."""


class UnknownKeyError(ValueError):
    """A path that the language does not have; the message names what there is."""


def explained(path: str) -> KeyDoc:
    """What a key such as `actors.*.at` means; `*` stands for any name or number. UnknownKeyError for none."""
    parts = [part for part in path.replace("[", ".").replace("]", "").split(".") if part]
    slots: list[tuple[Slot, FieldInfo | None]] = [(Slot((), ScenarioSpec), None)]
    for part in parts:
        below = [found for slot, _ in slots for found in slot_below(slot, part)]
        if not below:
            known = sorted({key for slot, _ in slots for variant in slot.variants() for key in variant.keys})
            hint = f"; {meant_or_known(part, known)}" if known else "; it is a single value"
            raise UnknownKeyError(f"there is no key {part!r} in {path!r}{hint}")
        slots = below
    return _documented(path, slots)


def _documented(path: str, slots: list[tuple[Slot, FieldInfo | None]]) -> KeyDoc:
    slot, field = slots[0]
    variants = [variant for each, _ in slots for variant in each.variants()]
    about = field.description if field is not None and field.description else _first_line(variants)
    models = [variant for variant in variants if is_model(variant.annotation)]
    names = tuple(dict.fromkeys(_title(variant) for variant in models)) if len(models) > 1 else ()
    rows: dict[str, tuple[str, str, str, str]] = {}
    for variant in variants:
        for row in key_rows(variant.annotation) if is_model(variant.annotation) else ():
            rows.setdefault(row[0], row)
    return KeyDoc(path or "a scenario file", kind_of(slot), about, _default(field), tuple(rows.values()), names)


def _first_line(variants: list[Slot]) -> str:
    docs = [(variant.annotation.__doc__ or "").strip() for variant in variants if is_model(variant.annotation)]
    return docs[0] if len(docs) == 1 else ""


def _title(variant: Slot) -> str:
    doc = (variant.annotation.__doc__ or "").strip().split("\n")[0] if is_model(variant.annotation) else ""
    required = [name for name, field in variant.annotation.model_fields.items() if field.is_required()]
    return f"{{{', '.join(required)}}}: {doc}"


def key_rows(model: type[BaseModel]) -> list[tuple[str, str, str, str]]:
    """(key, what it is, default, about) for each key of a mapping."""
    rows = []
    for name, field in model.model_fields.items():
        slot = _slot_of(model, name)
        about = field.description or (_first_line(slot.variants()) if slot.variants() else "")
        rows.append((name, kind_of(slot), _default(field), about))
    return rows


def _slot_of(model: type[BaseModel], name: str) -> Slot:
    return slot_below(Slot((), model), name)[0][0]


def _default(field: FieldInfo | None) -> str:
    if field is None or field.is_required():
        return ""
    value = field.get_default(call_default_factory=True)
    if value is None:
        return "none"
    if isinstance(value, BaseModel) or value in ([], {}):
        return "as by default" if isinstance(value, BaseModel) else "none"
    return repr(value) if isinstance(value, str) else _text(value)


def kind_of(slot: Slot) -> str:
    """What stands there, in words."""
    quantity = slot.annotated_with(Quantity)
    if quantity is not None:
        return f"{quantity.dimension} ({', '.join(quantity.units)}){_bounds(slot, quantity.units[0])}"
    shape = slot.annotated_with(Shape)
    if shape is not None:
        return str(shape.words)
    if installed := slot.annotated_with(Installed):
        return f"one of {listed(installed.classes(slot.annotation))}, by its key type"
    return _kind(slot.annotation) + _bounds(slot, "")


def _kind(annotation: Any) -> str:
    origin = get_origin(annotation)
    if origin is Literal:
        return " | ".join("true" if choice is True else str(choice) for choice in get_args(annotation))
    if origin is list:
        return f"list of {_plural(get_args(annotation)[0])}"
    if origin is dict:
        return "mapping of names"
    if is_model(annotation):
        return "mapping"
    names = {int: "whole number", float: "number", str: "text", bool: "true | false", dt.date: "date"}
    if annotation in names:
        return names[annotation]
    if origin in (Union, types.UnionType):
        kinds = [_kind(_unwrapped(member)) for member in get_args(annotation) if member is not type(None)]
        return "place" if "mapping" in kinds else " or ".join(dict.fromkeys(kinds))
    return "value"


def _unwrapped(annotation: Any) -> Any:
    return get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation


def _plural(item: Any) -> str:
    while get_origin(item) is not None and not isinstance(item, type) and hasattr(item, "__metadata__"):
        quantity = next((one for one in item.__metadata__ if isinstance(one, Quantity)), None)
        if quantity is not None:
            return f"{quantity.dimension}s"
        item = get_args(item)[0]
    kind = _kind(item)
    return {"whole number": "whole numbers", "text": "texts", "mapping": "mappings", "place": "places"}.get(kind, kind)


def _bounds(slot: Slot, unit: str) -> str:
    words = []
    for item in slot.metadata:
        for kind, text in ((Ge, "at least"), (Gt, "more than"), (Le, "at most"), (Lt, "less than")):
            if isinstance(item, kind):
                limit = next(getattr(item, key) for key in ("ge", "gt", "le", "lt") if hasattr(item, key))
                words.append(f"{text} {limit:g} {unit}".strip())
        if isinstance(item, MinLen) and item.min_length > 1:
            words.append(f"at least {item.min_length}")
        if isinstance(item, MaxLen) and item.max_length <= 20:
            words.append(f"at most {item.max_length}")
    return f", {', '.join(words)}" if words else ""
