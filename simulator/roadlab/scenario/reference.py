"""The language reference, written from the classes that read the language: `scenarios/README.md`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from roadlab.scenario import expect, scene_functions
from roadlab.scenario.designs import DESIGNS
from roadlab.scenario.explain import key_rows
from roadlab.scenario.expressions.evaluate import FUNCTIONS
from roadlab.scenario.keys import mappings
from roadlab.scenario.spec import RigSpec, ScenarioSpec

_INTRODUCTION = """\
# The scenario language

This page is generated from the code that reads scenarios (`python -m roadlab.scenario.reference`); a test holds it
against the code. `roadlab explain KEY` prints the same for any key, such as `roadlab explain actors.*.at`, and
`roadlab schema` gives editors what they need to complete and check while you type. `roadlab new` writes a commented
scenario to begin with, and `roadlab list` shows the library.

A scenario is a YAML file. YAML 1.2's rules hold: `NO`, `12:30` and `2026-06-12` are texts. A key that roadlab does not
know is an error, never ignored.

## Values

- **Quantities** carry their unit: `45 km/h`, `2.5 s`, `30 deg`, `0.8 g`, `2 mm/h`, `1/60 m` (a curvature). A bare
  number is in SI units.
- **Expressions** stand for any single value: `${ego_speed * 1.2}`, `"${30 m + index * gap}"`. They keep units: a length
  and a speed cannot be added, and a length is refused where a speed belongs. They know the parameters, `index` (in a
  row) and a fragment's arguments; `+ - * / % **`, comparisons, `x in [a, b]`, `and`, `or`, `not`, `a if b else c`; and
  the functions %FUNCTIONS%. Inside `{ }` and `[ ]` an expression needs quotes.
- **Chance**: any single value may be a distribution, such as `speed: {uniform: [30 km/h, 50 km/h]}`, or one of several
  values, which may be mappings: `model: {any: [hatchback, van]}`. Sampling designs go through such values as through
  parameters, and call them by their places: `actors.ego.speed`. For the members of a row, and inside the items of an
  `any`, chance alone decides.

## Parameters and samples

`parameters` are named values: constants, expressions, lists (each item as likely as the others) or distributions.

%DISTRIBUTIONS%

`require` lists conditions on the scene at the start; values that do not meet them are drawn anew, and if they never do,
the report says which condition failed how often. `expect` lists conditions on the whole run; `roadlab check` tests
them. What varies over time must hold throughout: `speed(ego) < 50 km/h`. Both are expressions with these functions:

%START%

`no overlap` (in `require`) means that nobody stands in anybody else. `expect` also has:

%RUN%

`roadlab sample FILE -n 200 --design sobol` lists or writes samples, `roadlab render FILE --samples 200` renders them.
Designs: %DESIGNS%. Sample 0 of `random` is what every other command
uses. Sample k is the same whatever n is, except in a Latin hypercube. Samples other than 0 have a seed of their own.

## Reuse

- `include: [rigs/kitti.yaml, ../parts/rain.yaml]` merges files that hold some of a scenario's keys. Such a file has a
  title under `part` (or, with sensors only, under `rig`).
- `extends: base.yaml` begins with another scenario and changes it.
- Files are found relative to the file that names them, to the top of its tree, or in the library; never outside.
- The order is `extends`, each `include`, `rig`, and then the file itself, which has the last word. Mappings merge key
  by key; lists and single values replace. A mapping that says anew what it is replaces too: one with `type`, a
  distribution, a place with other keys. `~` removes what it stands for.
- `fragments` are pieces with arguments. `use: {parked_car: {s: 30 m}}` puts one in place; keys beside `use` win. In a
  list, a fragment that is a list is put in item by item.

  ```yaml
  fragments:
    parked_car:
      arguments: {s: ~, lane: -2}     # ~ must be given, others have a default
      body: {model: {any: [sedan, van]}, at: {road: elm, lane: "${lane}", s: "${s}"}, parked: true}
  actors:
    first: {use: {parked_car: {s: 30 m}}, paint: red}
  ```
- `repeat: 6` makes `name[0]` to `name[5]`, each with its own `index` and its own chance; `repeat: {count: 6, spacing:
  8 m}` also moves each one further along `s`.
- `groups: {convoy: [lorry, "car[0]"]}` gives several actors one name, and a row has its own. What a group is told in
  the story each member is told. A condition of the story that names one holds for `members: any`, the default, or
  `all`; one in `require` or `expect` must hold for each member, one between two groups for every two.

## Places

`roadlab explain actors.*.at` lists them. In the story, a place that is relative to an actor follows that actor: it is
looked up when the action begins, and in a condition all the time. Every other place is worked out once.

## Keys

"must be given" is left empty under *default*.
"""


def reference() -> str:
    """The page, in Markdown."""
    text = _INTRODUCTION
    for name, value in {
        "%FUNCTIONS%": ", ".join(f"`{name}`" for name in FUNCTIONS),
        "%DISTRIBUTIONS%": "\n".join(_table(_distribution())),
        "%START%": _listing(scene_functions.ABOUT),
        "%RUN%": _listing(expect.ABOUT),
        "%DESIGNS%": ", ".join(f"`{name}`" for name in DESIGNS),
    }.items():
        text = text.replace(name, value)
    titles = [(f"`{path}`" if path else "The file", model) for path, model in mappings(ScenarioSpec)]
    sections: list[tuple[str, type[BaseModel]]] = [*titles, ("A rig's file", RigSpec)]
    return text + "".join(
        f"\n### {title}\n\n{_about(model)}\n{chr(10).join(_table(model))}\n" for title, model in sections
    )


def _distribution() -> type[BaseModel]:
    from roadlab.scenario.spec.values import DistributionSpec

    return DistributionSpec


def _listing(about: Any) -> str:
    return "\n".join(f"- `{name}`: {words}" for name, words in about.items())


def _about(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split()) + "\n"


def _table(model: type[BaseModel]) -> list[str]:
    rows = [("key", "is", "default", "")]
    rows += [(f"`{key}`", kind, default, about) for key, kind, default, about in key_rows(model)]
    lines = ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return [lines[0], "|---|---|---|---|", *lines[1:]]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    """Writes the page where the library is."""
    from roadlab.scenario.library import library

    folder = library()
    if folder is None:
        raise FileNotFoundError("the scenario library")
    (folder / "README.md").write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
