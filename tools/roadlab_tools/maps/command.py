"""`roadlab map`: draws the roads of a scenario or of an OpenDRIVE file and tells what they consist of."""

from __future__ import annotations

from pathlib import Path

from roadlab.errors import ScenarioFileError
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.document import Node
from roadlab_tools.datasets.folder import writing
from roadlab_tools.datasets.images import color_png
from roadlab_tools.maps.contents import plan_of
from roadlab_tools.maps.picture import as_image, as_svg
from roadlab_tools.options import OptionError, one_of

LONGEST = 16_384
"""Side of a picture [pixel]."""


def network_in(file: Path) -> tuple[RoadNetwork, list[str]]:
    """The network of a scenario or an OpenDRIVE file, and warnings about it; ScenarioFileError when it is wrong."""
    from roadlab.roads.opendrive.importing import import_opendrive

    if file.suffix.lower() != ".xodr":
        return _written_in(file)
    try:
        network, report = import_opendrive(file)
    except OSError as error:
        raise OptionError(f"{file} cannot be read: {error.strerror}") from error
    return network, report.lines()


def _written_in(file: Path) -> tuple[RoadNetwork, list[str]]:
    """That of a scenario, or of a part of scenarios that holds a map."""
    from roadlab import load
    from roadlab.roads.opendrive.importing import import_text
    from roadlab.scenario.reading import read_document

    root = read_document(file, str(file))
    drawn = root.child("map") if isinstance(root.value, dict) and root.child("part") is not None else None
    if drawn is not None:
        return _map_alone(root, drawn), []
    scenario = load(file)
    text = scenario.spec.map.opendrive
    return scenario.network, import_text(text.encode(), str(file))[1].lines() if text is not None else []


def _map_alone(root: Node, drawn: Node) -> RoadNetwork:
    from roadlab.roads.network import build_sound_network, map_problems
    from roadlab.scenario.diagnose import bind
    from roadlab.scenario.problems import Problem, diagnostics, in_order
    from roadlab.scenario.spec import MapSpec

    problems: list[Problem] = []
    spec = bind(MapSpec, drawn, problems)
    if spec is not None:
        problems = [Problem(path, message) for path, message in map_problems(spec)]
    if spec is None or problems:
        raise ScenarioFileError(in_order(diagnostics(problems, drawn), root))
    return build_sound_network(spec)


def draw(network: RoadNetwork, out: Path, *, longest: int = 2000) -> None:
    """Draws the plan of a network into a .png or .svg file; its longer side has `longest` pixels."""
    kind = one_of("the suffix of --out", out.suffix.lower(), (".png", ".svg"))
    if not 64 <= longest <= LONGEST:
        raise OptionError(f"--size takes a whole number from 64 to {LONGEST}, not {longest}")
    plan = plan_of(network, longest)
    with writing(out):
        if kind == ".png":
            out.write_bytes(color_png(as_image(plan, longest)))
        else:
            out.write_text(as_svg(plan, longest), encoding="utf-8")
