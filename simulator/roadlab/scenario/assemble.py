"""One document from a scenario and the files that it builds on: `extends`, `include` and `rig`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from roadlab.errors import Diagnostic, ScenarioFileError
from roadlab.scenario.document import Node, fail
from roadlab.scenario.library import OutsideError, library, named_file, tree_of
from roadlab.scenario.merging import merged
from roadlab.scenario.reading import MAX_NODES, read_with_faults
from roadlab.scenario.spec import RigSpec
from roadlab.scenario.wording import did_you_mean, meant_or_known, shown

MAX_DEPTH = 8
"""Files that include one another."""
MAX_FILES = 64

REUSE = ("extends", "include")
"""Keys that name other files; `rig` does so too."""
TITLES = ("part", "about")
"""Keys of an included file that tell people what it is."""


@dataclass
class _Reader:
    """Reads the files of one scenario."""

    tree: Path
    faults: list[Diagnostic] = field(default_factory=list)
    files: int = 0

    def whole(self, root: Node, file: Path, above: Sequence[Path] = ()) -> Node:
        """The document of `file` over those that it builds on."""
        chain = (*above, file.resolve())
        base: Node | None = None
        for key, named in _named(root, self.faults):
            below = self._below(key, named, file, chain)
            if below is not None:
                base = below if base is None else merged(base, below)
        own = root.without(*REUSE)
        made = own if base is None else merged(base, own)
        if made.size > MAX_NODES:
            fail(root.mark, f"with what it includes, the file holds more than {MAX_NODES} values")
        return made

    def _below(self, key: str, named: Node, file: Path, chain: tuple[Path, ...]) -> Node | None:
        try:
            return self._read(key, named, file, chain)
        except ScenarioFileError as error:
            self.faults += error.diagnostics
            return None

    def _read(self, key: str, named: Node, file: Path, chain: tuple[Path, ...]) -> Node:
        found = self._find(key, named, file)
        if found.resolve() in chain:
            fail(named.mark, f"{shown(named.value)} includes this file, so that they include one another", path=key)
        self.files += 1
        if len(chain) > MAX_DEPTH:
            fail(named.mark, f"files include one another more than {MAX_DEPTH} levels deep", path=key)
        if self.files > MAX_FILES:
            fail(named.mark, f"more than {MAX_FILES} files are included", path=key)
        document, faults = read_with_faults(found, _shown_name(found, named), named.mark)
        self.faults += faults
        if not isinstance(document.value, dict):
            fail(
                document.mark, f"expected a mapping with keys such as those of a scenario, found {shown(document.text)}"
            )
        document = _sensors_alone(document) if key == "rig" or _is_rig(document) else document
        below = self.whole(document, found, chain)
        return below if key == "extends" else below.without(*TITLES, "scenario")

    def _find(self, key: str, named: Node, file: Path) -> Path:
        name = str(named.value)
        what = "a rig" if key == "rig" else "it"
        try:
            found = named_file(name, file, self.tree)
            exists = found.is_file()
        except OutsideError:
            message = f"{shown(name)} leaves the scenario's folder; {what} is in it, below it, or in the library"
            tree = "" if self.tree.name == "scenarios" else "below a folder named scenarios, all of it may be named"
            fail(named.mark, message, path=key, hint=_library_file(name) or tree)
        except (OSError, ValueError):
            fail(named.mark, f"{shown(name)} is not a file name", path=key)
        if not exists:
            kind = "rig file" if key == "rig" else "file"
            fail(named.mark, f"there is no {kind} {shown(name)}", path=key, hint=_library_file(name))
        return found


def assembled(root: Node, file: Path) -> tuple[Node, list[Diagnostic]]:
    """The scenario's document with all that it builds on, and what is wrong with the other files.

    `extends` comes first, then each `include` in order, then `rig`, and the file itself has the last word.
    """
    reader = _Reader(tree_of(file))
    whole = reader.whole(root, file)
    return whole, reader.faults


def _named(root: Node, faults: list[Diagnostic]) -> list[tuple[str, Node]]:
    found: list[tuple[str, Node]] = []
    for key in ("extends", "include", "rig"):
        node = root.child(key)
        if node is None or (node.value is None and node.text):
            continue
        names = node.value if key == "include" and isinstance(node.value, tuple) else (node,)
        for name in names:
            if isinstance(name.value, str):
                found.append((key, name))
            elif key != "rig":  # which the language itself refuses
                what = "a file name or a list of them" if key == "include" else "a file name"
                faults.append(name.mark.diagnostic(f"expected {what}", path=key))
    return found


def _is_rig(document: Node) -> bool:
    """A rig's file has its title under `rig`, where a scenario has a file name."""
    keys = document.value if isinstance(document.value, dict) else {}
    return "rig" in keys and "sensors" in keys and not keys.keys() & {"scenario", "duration", "map", "actors"}


def _sensors_alone(document: Node) -> Node:
    """The sensors of a rig's file, and nothing else."""
    keys = document.value if isinstance(document.value, dict) else {}
    known = (*RigSpec.model_fields, "parameters", "fragments")
    wrong = [
        entry.mark.diagnostic(f"unknown key {shown(key)}", path=key, hint=meant_or_known(key, known))
        for key, entry in keys.items()
        if key not in known
    ]
    missing = [key for key in ("rig", "sensors") if key not in keys]
    if missing:
        names = " and ".join(repr(key) for key in missing)
        wrong.append(document.mark.diagnostic(f"missing key{'s' if len(missing) > 1 else ''} {names}"))
    if wrong:
        raise ScenarioFileError(wrong)
    return document.without("rig", "about")


def _library_file(name: str) -> str:
    folder = library()
    if folder is None:
        return ""
    files = sorted(str(file.relative_to(folder)) for file in folder.glob("*/*.yaml"))
    same = [file for file in files if Path(file).name == Path(name).name]
    return f"the library has {same[0]!r}" if same else did_you_mean(name, files)


def _shown_name(found: Path, named: Node) -> str:
    """Relative to where the including file is, when it is there; as people name files."""
    beside = os.path.normpath(Path(named.mark.source.name).parent / str(named.value))
    return beside if Path(beside).resolve() == found.resolve() else str(found)
