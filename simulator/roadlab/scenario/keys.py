"""All mappings of the language, and where a word of it can be written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel

from roadlab.scenario.explain import KeyDoc, explained, key_rows
from roadlab.scenario.grammar import Slot, is_model, slot_below
from roadlab.scenario.spec import ScenarioSpec
from roadlab.scenario.spec.values import DistributionSpec

MOST = 12
"""Places that are told of one word."""


def mappings(root: type[BaseModel]) -> list[tuple[str, type[BaseModel]]]:
    """Every mapping below one, each once, with the first path that leads to it; the root's is empty."""
    found: dict[type[BaseModel], str] = {root: ""}
    waiting: list[tuple[type[BaseModel], str]] = [(root, "")]
    while waiting:
        model, path = waiting.pop(0)
        for name in model.model_fields:
            for slot, _ in slot_below(Slot((), model), name):
                for inner, where in _models(slot, f"{path}.{name}".removeprefix(".")):
                    if inner not in found and inner.__name__ not in ("DistributionSpec", "FragmentSpec"):
                        found[inner] = where
                        waiting.append((inner, where))
    return [(path, model) for model, path in found.items()]


def _models(slot: Slot, path: str) -> Iterator[tuple[type[BaseModel], str]]:
    variants = slot.variants()
    for variant in variants:
        if is_model(variant.annotation):
            yield variant.annotation, path if len(variants) == 1 else f"{path} ({_choice(variant.annotation)})"
    if not any(is_model(variant.annotation) for variant in variants):
        for inner, _ in slot_below(slot, "*"):
            yield from _models(inner, f"{path}.*")


def _choice(model: type[BaseModel]) -> str:
    kind = model.model_fields.get("type")
    if kind is not None and kind.default:
        return f"type: {kind.default}"
    return ", ".join(name for name, field in model.model_fields.items() if field.is_required())


def anywhere(word: str) -> list[KeyDoc]:
    """What a word means as a key of any mapping, of a distribution, or as a function of conditions; [] for none."""
    found: dict[tuple[str, str, str], KeyDoc] = {}
    for path, model in mappings(ScenarioSpec):
        if word in model.model_fields:
            doc = explained(re.sub(r" \([^)]*\)", "", f"{path}.{word}").removeprefix("."))
            found.setdefault((doc.kind, doc.about, doc.default), doc)
    rows = {row[0]: row for row in key_rows(DistributionSpec)}
    if word in rows:
        _, kind, default, about = rows[word]
        found[kind, about, default] = KeyDoc(f"any single value: {{{word}: ...}}", kind, about, default)
    return [*found.values()][:MOST] + _functions(word)


def words() -> list[str]:
    """All that `anywhere` knows as keys."""
    each = [model for _, model in mappings(ScenarioSpec)] + [DistributionSpec]
    return sorted({name for model in each for name in model.model_fields})


def _functions(word: str) -> list[KeyDoc]:
    from roadlab.scenario import expect, scene_functions

    about = {**scene_functions.ABOUT, **expect.ABOUT}
    return [
        KeyDoc(f"in require and expect: {call}", "function", words, "none")
        for call, words in about.items()
        if word in re.findall(r"(\w+)\(", call)
    ]
