"""pydantic's verdicts in an author's words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from roadlab.scenario.document import Node, did_you_mean, shown
from roadlab.scenario.grammar import Slot, slot_at
from roadlab.scenario.problems import Problem
from roadlab.scenario.quantities import Quantity
from roadlab.scenario.spec import Installed

S = TypeVar("S", bound=BaseModel)

_Explain = Callable[[Slot, Node, ErrorDetails], Problem]

_MOST_NAMES = 16


def bind(model: type[S], root: Node, problems: list[Problem]) -> S | None:
    """The document as an instance of `model`; None, and what is wrong added to `problems`, where it is none."""
    try:
        return model.model_validate_json(json.dumps(root.plain()))
    except ValidationError as error:
        problems += problems_of(error, model, root)
        return None


def problems_of(error: ValidationError, model: type[BaseModel], root: Node) -> list[Problem]:
    """One problem per place; what only follows from a misspelt key is left out."""
    problems: dict[tuple[object, ...], Problem] = {}
    misspelt: set[tuple[object, ...]] = set()
    for details in error.errors(include_url=False):
        slot = slot_at(model, details["loc"])
        problem = _problem(details, slot, root.nearest(slot.path))
        problems.setdefault((*slot.path, details["type"] == "missing"), problem)
        if details["type"] == "extra_forbidden" and slot.owner is not None:
            misspelt.update(
                (*slot.path[:-1], name, True) for name in slot.owner.model_fields if repr(name) in problem.hint
            )
    return [problem for place, problem in problems.items() if place not in misspelt]


def _problem(details: ErrorDetails, slot: Slot, node: Node) -> Problem:
    explain = _EXPLAIN.get(details["type"])
    if details["loc"] and details["loc"][-1] == "[key]":
        return Problem(slot.path, f"{details['msg']}, found {shown(str(slot.path[-1]))}", at_key=True)
    if explain is not None:
        return explain(slot, node, details)
    context = details.get("ctx", {})
    message = str(context["error"]) if details["type"] == "value_error" else details["msg"]
    return Problem(slot.path, message, _close(context))


def _close(context: Mapping[str, Any]) -> str:
    return f"did you mean {context['close']!r}?" if context.get("close") else ""


def found(node: Node) -> str:
    """What stands there: the author's own text where it is short."""
    if isinstance(node.value, dict):
        return "a mapping"
    if isinstance(node.value, tuple):
        return "a list"
    return shown(node.text) if node.text else "nothing"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_MOST_NAMES]) + (", ..." if len(names) > _MOST_NAMES else "")


# --- one function per kind of verdict --------------------------------------------------------------------------------


def _missing(slot: Slot, node: Node, _: ErrorDetails) -> Problem:
    quantity = slot.annotated_with(Quantity)
    hint = f"expected {quantity.expected}" if quantity else ""
    return Problem(slot.path[:-1], f"missing key {slot.path[-1]!r}", hint, at_key=node_starts_a_block(node))


def node_starts_a_block(node: Node) -> bool:
    """Whether a mapping begins with its first key, so that its own name is the better place to point at."""
    first = next(iter(node.value.values()), None) if isinstance(node.value, dict) else None
    return first is not None and first.mark.span == node.mark.span


def _unknown_key(slot: Slot, _node: Node, _: ErrorDetails) -> Problem:
    names = tuple(slot.owner.model_fields) if slot.owner else ()
    hint = did_you_mean(str(slot.path[-1]), names) or f"expected one of {_names(names)}"
    return Problem(slot.path, f"unknown key {shown(slot.path[-1])}", hint, at_key=True)


def _unknown_type(slot: Slot, node: Node, _: ErrorDetails) -> Problem:
    installed: Installed = slot.annotated_with(Installed)
    names = tuple(installed.classes(slot.annotation))
    written = node.child("type")
    word = f"{installed.group.removesuffix('s')} type"
    if written is None:
        if not isinstance(node.value, dict):
            return Problem(slot.path, f"expected a mapping with the key 'type', found {found(node)}")
        return Problem(slot.path, "missing key 'type'", f"expected one of {_names(names)}", node_starts_a_block(node))
    hint = did_you_mean(written.text, names) or f"expected one of {_names(names)}"
    return Problem((*slot.path, "type"), f"unknown {word} {found(written)}", hint)


def _mapping(slot: Slot, node: Node, _: ErrorDetails) -> Problem:
    keys = f" with keys such as {_names(slot.keys)}" if slot.keys else ""
    return Problem(slot.path, f"expected a mapping{keys}; found {found(node)}")


def _expected(what: str, hint: str = "") -> _Explain:
    return lambda slot, node, _: Problem(slot.path, f"expected {what}, found {found(node)}", hint)


def _text(slot: Slot, node: Node, _: ErrorDetails) -> Problem:
    hint = "put it in quotes" if node.text else ""
    return Problem(slot.path, f"expected text, found {found(node)}", hint)


def _choice(slot: Slot, node: Node, _: ErrorDetails) -> Problem:
    choices = get_args(slot.annotation) if get_origin(slot.annotation) is Literal else ()
    names = tuple("true" if choice is True else str(choice) for choice in choices)
    what = names[0] if len(names) == 1 else f"one of {_names(names)}"
    return Problem(slot.path, f"expected {what}, found {found(node)}", did_you_mean(node.text, names))


_BOUNDS = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}


def _bound(slot: Slot, node: Node, details: ErrorDetails) -> Problem:
    quantity = slot.annotated_with(Quantity)
    unit = f" {quantity.units[0]}" if quantity else ""
    ((kind, limit),) = ((k, v) for k, v in details["ctx"].items() if k in _BOUNDS)
    return Problem(slot.path, f"must be {_BOUNDS[kind]} {limit:g}{unit}, found {found(node)}")


def _count(slot: Slot, node: Node, details: ErrorDetails) -> Problem:
    context = details["ctx"]
    limit = context.get("min_length", context.get("max_length"))
    bound = "at least" if "min_length" in context else "at most"
    if isinstance(node.value, dict | tuple):
        entries = "entry" if limit == 1 else "entries"
        return Problem(slot.path, f"expected {bound} {limit} {entries}, found {len(node.value) or 'none'}")
    return Problem(slot.path, f"expected {bound} {limit} characters, found {len(node.text)}")


def _one_of(slot: Slot, node: Node, _: ErrorDetails) -> Problem:
    names = slot.keys
    entries = node.value if isinstance(node.value, dict) else {}
    given = [key for key, entry in entries.items() if entry.node.value is not None]
    empty = next((key for key in entries if key not in given), None)
    hint = f"{empty!r} has no value; an empty mapping is written {{}}" if empty and not given else ""
    message = f"expected exactly one of {_names(names)}; found {' and '.join(given) or 'none'}"
    return Problem(slot.path, message, hint)


def _quantity(slot: Slot, node: Node, details: ErrorDetails) -> Problem:
    return Problem(slot.path, f"{details['msg']}, found {found(node)}")


_EXPLAIN: dict[str, _Explain] = {
    "missing": _missing,
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
    "one_of": _one_of,
    "quantity": _quantity,
    "position": _quantity,
    "date": _quantity,
    "shape": _quantity,
}
