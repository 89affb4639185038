"""The files behind a scenario's own models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from roadlab.scenario.document import Node
from roadlab.scenario.library import OutsideError, named_file, tree_of
from roadlab.scenario.problems import Problem
from roadlab.scenario.wording import listed, shown

if TYPE_CHECKING:
    from roadlab.scenario.spec import ModelSpec


def with_models(
    models: Mapping[str, ModelSpec], root: Node, scenario: Path
) -> tuple[dict[str, ModelSpec], list[Problem]]:
    """The models with what their files hold, and what is wrong with those files.

    `root` is the scenario's document: files are looked for from where they are named.
    """
    whole: dict[str, ModelSpec] = {}
    problems: list[Problem] = []
    for name, model in models.items():
        path = ("models", name, "file")
        named = root.find(path)
        if model.solid is not None or named is None:
            whole[name] = model
            continue
        written_in = Path(named.mark.source.name)
        here = written_in if written_in.is_file() else scenario
        made = _read(model, here, tree_of(scenario))
        if isinstance(made, str):
            problems.append(Problem(path, made))
            made = model
        whole[name] = made
    return whole, problems


def _read(model: ModelSpec, here: Path, tree: Path) -> ModelSpec | str:
    """The model with its file's content, or what is wrong with it."""
    from roadlab.models.fitting import fitted
    from roadlab.models.reading import SUFFIXES, TEXEL, ModelFileError, read
    from roadlab.models.solid import packed
    from roadlab.scenario.spec.objects import UNITS

    if Path(model.file).suffix.lower() not in SUFFIXES:
        return f"{shown(model.file)} is none of {listed(SUFFIXES)}"
    try:
        found = _inside(model.file, here, tree)
        if not found.is_file():
            return f"there is no model file {shown(model.file)}"
        soup = read(found, lambda name: _inside(name, found, tree), TEXEL / UNITS[model.unit])
        solid = fitted(soup, model)
    except ModelFileError as error:
        return f"{shown(model.file)} {error}"
    except (OSError, ValueError) as error:
        return f"{shown(model.file)} cannot be read: {str(error)[:100]}"
    return model.model_copy(update={"solid": packed(solid), "bounds": solid.bounds().ravel().tolist()})


def _inside(name: str, here: Path, tree: Path) -> Path:
    from roadlab.models.reading import ModelFileError

    try:
        return named_file(name, here, tree)
    except OutsideError:
        raise ModelFileError(f"leaves the scenario's folder with {shown(name)}; all files are in it or below") from None


def model_warnings(models: Mapping[str, ModelSpec], root: Node) -> Iterator[Problem]:
    """What a user may not have meant: models without normals."""
    from roadlab.models.solid import unpacked

    for name, model in models.items():
        if model.solid is not None and root.find(("models", name)) and unpacked(model.solid).normals is None:
            message = f"{shown(model.file)} has no normals; it is shaded smooth where its triangles meet at flat angles"
            yield Problem(("models", name, "file"), message)
