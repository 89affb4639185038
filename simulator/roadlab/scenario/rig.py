"""The sensors of a rig file, put into the scenario that names it."""

from __future__ import annotations

import os
from pathlib import Path

from roadlab.errors import Diagnostic, ScenarioFileError
from roadlab.scenario.diagnose import bind
from roadlab.scenario.document import Node, fail
from roadlab.scenario.library import OutsideError, library, named_file
from roadlab.scenario.problems import Problem, diagnostics
from roadlab.scenario.reading import read_document
from roadlab.scenario.spec import RigSpec
from roadlab.scenario.wording import did_you_mean, shown


def with_rig(root: Node, scenario: Path) -> tuple[Node, list[Diagnostic]]:
    """The scenario's document with the sensors of its rig, and what is wrong with the rig.

    A sensor of the scenario takes the place of the rig's sensor of the same name.
    """
    named = root.child("rig")
    if named is None or not isinstance(named.value, str):
        return root, []
    try:
        sensors = _sensors(_rig_file(named, scenario), named.value, scenario)
    except ScenarioFileError as error:
        return root, list(error.diagnostics)
    own = root.child("sensors")
    if own is None or own.value is None:
        return root.with_child("sensors", sensors, named.mark), []
    if not isinstance(own.value, dict):
        return root, []
    merged = sensors
    for name, entry in own.value.items():
        merged = merged.with_child(name, entry.node, entry.mark)
    return root.with_child("sensors", merged, root.key_mark(("sensors",))), []


def _rig_file(named: Node, scenario: Path) -> Path:
    name = str(named.value)
    try:
        file = named_file(name, scenario)
        exists = file.is_file()
    except OutsideError:
        message = f"{shown(name)} leaves the scenario's folder; a rig is in it, below it, or in the library"
        fail(named.mark, message, path="rig", hint=_library_rig(name))
    except (OSError, ValueError):
        fail(named.mark, f"{shown(name)} is not a file name", path="rig")
    if not exists:
        fail(named.mark, f"there is no rig file {shown(name)}", path="rig", hint=_library_rig(name))
    return file


def _library_rig(name: str) -> str:
    folder = library()
    if folder is None:
        return ""
    rigs = sorted(f"rigs/{file.name}" for file in (folder / "rigs").glob("*.yaml"))
    same = f"rigs/{Path(name).name}"
    return f"the library has {same!r}" if same in rigs else did_you_mean(same, rigs)


def _sensors(file: Path, name: str, scenario: Path) -> Node:
    beside = os.path.normpath(scenario.parent / name)
    document = read_document(file, beside if Path(beside).resolve() == file.resolve() else str(file))
    problems: list[Problem] = []
    bind(RigSpec, document, problems)
    if problems:
        raise ScenarioFileError(diagnostics(problems, document))
    sensors = document.child("sensors")
    if sensors is None:
        raise ValueError("a rig without problems has sensors")
    return sensors
