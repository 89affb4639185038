"""The scenario library, and which files a scenario may name."""

from __future__ import annotations

from pathlib import Path

import roadlab


def library() -> Path | None:
    """The folder of the shipped scenarios: inside the installed package, or at the top of the repository."""
    package = Path(roadlab.__file__).resolve().parent
    for folder in (package / "scenarios", package.parents[1] / "scenarios"):
        if (folder / "rigs").is_dir():
            return folder
    return None


def tree_of(scenario: Path) -> Path:
    """The folder that a scenario's files stay in: the nearest one above it named `scenarios`, or its own."""
    folder = scenario.resolve().parent
    return next((parent for parent in (folder, *folder.parents) if parent.name == "scenarios"), folder)


class OutsideError(ValueError):
    """A file that is neither in the scenario's tree nor in the library."""


def named_file(name: str, scenario: Path, tree: Path | None = None) -> Path:
    """The file that a scenario names: relative to the scenario, to the top of its tree, or to the library.

    The first that exists; where none does, the one relative to the scenario. OutsideError when that one would leave
    both the tree and the library, also through links. `tree` is that of the scenario which includes this file.
    """
    tree, shipped = tree or tree_of(scenario), library()
    roots = [tree] if shipped is None else [tree, shipped.resolve()]
    places = [folder / name for folder in (scenario.resolve().parent, *roots)]
    inside = [place for place in places if any(place.resolve().is_relative_to(root) for root in roots)]
    existing = [place for place in inside if place.is_file()]
    if Path(name).is_absolute() or not (existing or places[0] in inside):
        raise OutsideError(name)
    return existing[0] if existing else places[0]
