"""The network of a scenario's map, also of one that names an OpenDRIVE file."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from roadlab.errors import Diagnostic, ScenarioFileError
from roadlab.roads.network import RoadNetwork, build_sound_network
from roadlab.roads.opendrive.importing import import_text
from roadlab.roads.opendrive.reading import as_text, read_bytes
from roadlab.scenario.document import Node, fail
from roadlab.scenario.library import OutsideError, named_file, tree_of
from roadlab.scenario.spec import MapSpec
from roadlab.scenario.wording import shown


def map_and_network(spec: MapSpec, root: Node, scenario: Path) -> tuple[MapSpec, RoadNetwork]:
    """A map without problems, with the text of the file that it names, and its network.

    `root` is the scenario's document. The file is looked for from where its name is written. ScenarioFileError when
    there is no such file, when it is outside the scenario's tree and the library, or is wrong itself.
    """
    named = root.find(("map", "file"))
    if spec.file is None or spec.opendrive is not None or named is None:
        return spec, build_sound_network(spec)
    written_in = Path(named.mark.source.name)
    here = written_in if written_in.is_file() else scenario
    found = _found(named, spec.file, here, tree_of(scenario))
    beside = os.path.normpath(here.parent / spec.file)
    name = beside if Path(beside).resolve() == found.resolve() else str(found)
    try:
        whole = spec.model_copy(update={"opendrive": as_text(read_bytes(found))})
        return whole, build_sound_network(whole)
    except ScenarioFileError as error:
        renamed = [replace(one, span=replace(one.span, file=name)) for one in error.diagnostics]
        raise ScenarioFileError(renamed) from None


def map_warnings(spec: MapSpec, root: Node) -> list[Diagnostic]:
    """What in the OpenDRIVE file of a decided map has no effect or looks wrong, at the place that names the file."""
    if spec.opendrive is None:
        return []
    _, report = import_text(spec.opendrive.encode(), spec.file or "map.opendrive")
    mark = root.nearest(("map", "file")).mark
    return [mark.diagnostic(f"of this map, {line}", path="map.file") for line in report.lines()]


def _found(named: Node, name: str, here: Path, tree: Path) -> Path:
    try:
        found = named_file(name, here, tree)
        exists = found.is_file()
    except OutsideError:
        message = f"{shown(name)} leaves the scenario's folder; a map is in it, below it, or in the library"
        fail(named.mark, message, path="map.file")
    except (OSError, ValueError):
        fail(named.mark, f"{shown(name)} is not a file name", path="map.file")
    if not exists:
        fail(named.mark, f"there is no map file {shown(name)}", path="map.file")
    return found
