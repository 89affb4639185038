"""pydantic's verdicts in an author's words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Literal, TypeVar, get_args, get_origin

from annotated_types import MaxLen, MinLen
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from roadlab.scenario.document import DocPath, Node
from roadlab.scenario.grammar import Slot, slot_at
from roadlab.scenario.problems import Problem
from roadlab.scenario.quantities import Quantity
from roadlab.scenario.vocabulary import Installed
from roadlab.scenario.wording import closest, did_you_mean, listed, meant_or_known, shown

_MOST_VERDICTS = 1000
"""Looked at; a file with more is not what its author meant to write."""

S = TypeVar("S", bound=BaseModel)

_Explain = Callable[[Slot, Node, ErrorDetails], Problem]


def bind(model: type[S], root: Node, problems: list[Problem]) -> S | None:
    """The document as an instance of `model`; None, and what is wrong added to `problems`, where it is none."""
    try:
        instance = model.model_validate_json(json.dumps(root.plain()))
    except ValidationError as error:
        problems += problems_of(error, model, root)
        return None
    empty = [_without_value(path) for path in root.empty_values()]
    problems += empty
    return None if empty else instance


def problems_of(error: ValidationError, model: type[BaseModel], root: Node) -> list[Problem]:
    """One problem per place; a key that is only missing because it is misspelt is left out."""
    problems = {path: _without_value(path) for path in root.empty_values()}
    missing: dict[DocPath, list[Slot]] = {}
    meant: set[DocPath] = set()
    for details in error.errors(include_url=False, include_input=False)[:_MOST_VERDICTS]:
        slot = slot_at(model, details["loc"])
        if details["type"] == "missing":
            missing.setdefault(slot.path[:-1], []).append(slot)
            continue
        problems.setdefault(slot.path, _problem(details, slot, root.nearest(slot.path)))
        if details["type"] == "extra_forbidden" and slot.owner is not None:
            meant.add((*slot.path[:-1], closest(str(slot.path[-1]), slot.owner.model_fields) or ""))
    for path, slots in missing.items():
        absent = [slot for slot in slots if slot.path not in meant]
        if absent:
            problems.setdefault(path, _missing(path, absent, root.nearest(path)))
    return list(problems.values())


def _without_value(path: DocPath) -> Problem:
    if isinstance(path[-1], int):
        return Problem(path, "an item without a value")
    hint = "give it a value or remove the key; a value that starts with # needs quotes"
    return Problem(path, f"{path[-1]!r} has no value", hint, at_key=True)


def _missing(path: DocPath, absent: list[Slot], node: Node) -> Problem:
    names = [repr(slot.path[-1]) for slot in absent]
    quantity = absent[0].annotated_with(Quantity) if len(absent) == 1 else None
    keys = f"key {names[0]}" if len(names) == 1 else f"keys {', '.join(names[:-1])} and {names[-1]}"
    hint = f"expected {quantity.expected}" if quantity else ""
    return Problem(path, f"missing {keys}", hint, at_key=_starts_with_its_first_key(node))


def _starts_with_its_first_key(node: Node) -> bool:
    """Whether it is a block mapping, whose own name is the better place to point at."""
    first = next(iter(node.value.values()), None) if isinstance(node.value, dict) else None
    return first is not None and first.mark.span == node.mark.span


def _problem(details: ErrorDetails, slot: Slot, node: Node) -> Problem:
    if details["loc"] and details["loc"][-1] == "[key]":
        return Problem(slot.path, f"{details['msg']}, found {shown(str(slot.path[-1]))}", at_key=True)
    explain = _EXPLAIN.get(details["type"])
    if explain is not None:
        return explain(slot, node, details)
    context = details.get("ctx", {})
    return Problem(slot.path, str(context["error"]) if details["type"] == "value_error" else details["msg"])


def found(node: Node) -> str:
    """What stands there: the author's own text, or of a mapping its keys."""
    if isinstance(node.value, dict):
        return f"the keys {listed(node.value)}" if node.value else "an empty mapping"
    if isinstance(node.value, tuple):
        return "a list"
    return shown(node.text)


# --- one function per kind of verdict --------------------------------------------------------------------------------


def _unknown_key(slot: Slot, _node: Node, _: ErrorDetails) -> Problem:
    key, names = str(slot.path[-1]), slot.owner.model_fields if slot.owner else ()
    return Problem(slot.path, f"unknown key {shown(key)}", meant_or_known(key, names), at_key=True)


def _unknown_word(slot: Slot, _node: Node, details: ErrorDetails) -> Problem:
    return Problem(slot.path, details["msg"], meant_or_known(details["ctx"]["unknown"], details["ctx"]["known"]))


def _unknown_type(slot: Slot, node: Node, _: ErrorDetails) -> Problem:
    installed: Installed = slot.annotated_with(Installed)
    names = tuple(installed.classes(slot.annotation))
    if not isinstance(node.value, dict):
        hint = f"did you mean {{type: {node.text}}}?" if node.text in names else ""
        return Problem(slot.path, f"expected a mapping with the key 'type', found {found(node)}", hint)
    written = node.child("type")
    if written is not None:
        noun = installed.group.removesuffix("s")
        return Problem(
            (*slot.path, "type"), f"unknown {noun} type {found(written)}", meant_or_known(written.text, names)
        )
    misspelt = closest("type", node.value)
    if misspelt is not None:
        return Problem((*slot.path, misspelt), f"unknown key {misspelt!r}", "did you mean 'type'?", at_key=True)
    hint = f"expected one of {listed(names)}"
    return Problem(slot.path, "missing key 'type'", hint, at_key=_starts_with_its_first_key(node))


def _mapping(slot: Slot, node: Node, details: ErrorDetails) -> Problem:
    if slot.annotated_with(Installed):
        return _unknown_type(slot, node, details)
    keys = f" with keys such as {listed(slot.keys)}" if slot.keys else ""
    return Problem(slot.path, f"expected a mapping{keys}; found {found(node)}")


def _expected(what: str) -> _Explain:
    return lambda slot, node, _: Problem(slot.path, f"expected {what}, found {found(node)}")


def _text(slot: Slot, node: Node, _: ErrorDetails) -> Problem:
    hint = "put it in quotes" if node.text else ""
    return Problem(slot.path, f"expected text, found {found(node)}", hint)


def _choice(slot: Slot, node: Node, _: ErrorDetails) -> Problem:
    choices = get_args(slot.annotation) if get_origin(slot.annotation) is Literal else ()
    names = tuple("true" if choice is True else str(choice) for choice in choices)
    what = names[0] if len(names) == 1 else f"one of {listed(names)}"
    return Problem(slot.path, f"expected {what}; found {found(node)}", did_you_mean(node.text, names))


_BOUNDS = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}


def _bound(slot: Slot, node: Node, details: ErrorDetails) -> Problem:
    quantity = slot.annotated_with(Quantity)
    unit = f" {quantity.units[0]}" if quantity else ""
    ((kind, limit),) = ((k, v) for k, v in details["ctx"].items() if k in _BOUNDS)
    return Problem(slot.path, f"must be {_BOUNDS[kind]} {_plain(limit)}{unit}, found {found(node)}")


def _plain(limit: float) -> str:
    return str(limit) if isinstance(limit, int) else f"{limit:g}"


def _count(slot: Slot, node: Node, details: ErrorDetails) -> Problem:
    context = details["ctx"]
    size, unit = len(node.text), "characters"
    if isinstance(node.value, dict | tuple):
        size, unit = len(node.value), "entries"
    if size == 0:
        return Problem(slot.path, "must not be empty")
    least, most = (slot.annotated_with(kind) for kind in (MinLen, MaxLen))
    if least is not None and most is not None and least.min_length == most.max_length:
        bound = str(least.min_length)
    else:
        bound = f"at least {context['min_length']}" if "min_length" in context else f"at most {context['max_length']}"
    return Problem(slot.path, f"expected {bound} {unit}, found {size}")


def _one_of(slot: Slot, node: Node, details: ErrorDetails) -> Problem:
    names = str(details["ctx"]["names"]).split(", ")
    given = (
        [key for key, entry in node.value.items() if entry.node.value is not None and key in names]
        if isinstance(node.value, dict)
        else []
    )
    return Problem(slot.path, f"expected exactly one of {listed(names)}; found {' and '.join(given) or 'none'}")


def _some_of(slot: Slot, _node: Node, _: ErrorDetails) -> Problem:
    return Problem(slot.path, f"expected something to do: one of {listed(slot.keys)}")


def _quantity(slot: Slot, node: Node, details: ErrorDetails) -> Problem:
    return Problem(slot.path, f"{details['msg']}, found {found(node)}")


_EXPLAIN: dict[str, _Explain] = {
    "extra_forbidden": _unknown_key,
    "union_tag_invalid": _unknown_type,
    "union_tag_not_found": _unknown_type,
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "dict_type": _mapping,
    "list_type": _expected("a list"),
    "tuple_type": _expected("a list"),
    "string_type": _text,
    "int_type": _expected("a whole number"),
    "int_from_float": _expected("a whole number"),
    "int_parsing": _expected("a whole number"),
    "int_parsing_size": _expected("a smaller whole number"),
    "float_type": _expected("a number"),
    "float_parsing": _expected("a number"),
    "finite_number": _expected("a finite number"),
    "bool_type": _expected("true or false"),
    "literal_error": _choice,
    "greater_than": _bound,
    "greater_than_equal": _bound,
    "less_than": _bound,
    "less_than_equal": _bound,
    "too_short": _count,
    "too_long": _count,
    "string_too_short": _count,
    "string_too_long": _count,
    "unknown_word": _unknown_word,
    "one_of": _one_of,
    "some_of": _some_of,
    "quantity": _quantity,
    "position": _quantity,
    "date": _quantity,
    "shape": _quantity,
}
