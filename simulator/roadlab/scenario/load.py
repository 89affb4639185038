"""From a scenario file to a scenario whose every number is decided."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from roadlab.actors.pedestrians import with_pedestrians
from roadlab.errors import Diagnostic, ScenarioFileError
from roadlab.roads.network import RoadNetwork, build_network, map_problems
from roadlab.scenario.assemble import REUSE, assembled
from roadlab.scenario.diagnose import bind
from roadlab.scenario.document import DocPath, Mark, Node, Source, fail
from roadlab.scenario.draws import Draw
from roadlab.scenario.expect_checks import expect_problems
from roadlab.scenario.groups import one_by_one
from roadlab.scenario.logical import LogicalScenario, logical
from roadlab.scenario.map_file import map_and_network
from roadlab.scenario.model_files import with_models
from roadlab.scenario.output_checks import output_problems
from roadlab.scenario.overrides import with_overrides
from roadlab.scenario.parts import Parts, sound_parts
from roadlab.scenario.placing import placed
from roadlab.scenario.problems import Problem, diagnostics, in_order
from roadlab.scenario.reading import read_with_faults
from roadlab.scenario.semantics import check
from roadlab.scenario.spec import ScenarioSpec
from roadlab.scenario.starts import start_problems
from roadlab.scenario.tables import with_tables


@dataclass(frozen=True)
class Scenario:
    """A decided scenario: its spec holds the rig's sensors and the seed, and every value in SI units."""

    spec: ScenarioSpec
    network: RoadNetwork
    source: str
    """The path as it was given."""
    digest: str
    """SHA-256 of `to_json()`."""

    @property
    def seed(self) -> int:
        """The seed of the run."""
        return self.spec.seed

    def to_json(self) -> str:
        """The decided spec; `from_json` makes the same scenario of it, without any other file."""
        return self.spec.model_dump_json()

    @staticmethod
    def from_json(text: str, *, source: str = "scenario.json") -> Scenario:
        """The scenario of `to_json`; ScenarioFileError when the text is not one."""
        try:
            spec = ScenarioSpec.model_validate_json(text)
            return _decided(spec, build_network(spec.map), source)
        except ValueError as error:
            first = str(error).partition("\n")[0]
            raise ScenarioFileError([Mark(Source(source)).diagnostic(f"is not a decided scenario: {first}")]) from error


def load(
    path: str | os.PathLike[str],
    *,
    overrides: Sequence[str] = (),
    seed: int | None = None,
    sample: int = 0,
    design: str = "random",
    samples: int | None = None,
) -> Scenario:
    """Sample `sample` of the scenario in a file, with overrides such as `actors.ego.speed=50 km/h`.

    A file without open values has one sample. `design` is one of `roadlab.scenario.designs.DESIGNS`; those whose
    samples depend on how many there are need `samples`. ScenarioFileError with every problem of the file, of those
    that it includes and of the overrides; ValueError for a sample that the design does not have.
    """
    opened = open_scenario(path, overrides=overrides, seed=seed)
    return decide(opened, draw_of(opened, sample, design, samples))


def load_samples(
    path: str | os.PathLike[str],
    samples: int | None = None,
    *,
    design: str = "random",
    overrides: Sequence[str] = (),
    seed: int | None = None,
) -> Iterator[Scenario]:
    """Samples of the scenario in a file, one after the other; without `samples` all that the design has.

    Raises as `load` does.
    """
    opened = open_scenario(path, overrides=overrides, seed=seed)
    for draw in opened.draws(design, samples):
        yield decide(opened, draw)


def open_scenario(
    path: str | os.PathLike[str], *, overrides: Sequence[str] = (), seed: int | None = None
) -> LogicalScenario:
    """The scenario in a file with its values open; ScenarioFileError only for what cannot be read at all."""
    if seed is not None and not 0 <= seed < 2**63:
        raise ValueError(f"seed must be 0 or more and less than 2**63, not {seed}")
    name = os.fspath(path)
    root, twice = read_with_faults(Path(name), name)
    _refuse_other_files(root)
    root = with_overrides(root, [text for text in overrides if text.startswith(_REUSE)])
    root, faults = assembled(root, Path(name))
    if not faults:
        root = with_overrides(root, [text for text in overrides if not text.startswith(_REUSE)])
        root, faults = with_tables(root, Path(name))
    faults = [*faults, *twice]
    if seed is not None:
        mark = Mark(Source("seed"))
        root = root.with_child("seed", Node(mark, seed, str(seed)), mark)
    return logical(root, name, faults)


def draw_of(opened: LogicalScenario, sample: int = 0, design: str = "random", samples: int | None = None) -> Draw:
    """The values of one sample of a design."""
    if sample < 0:
        raise ValueError(f"sample must be 0 or more, not {sample}")
    if design == "random":
        return opened.draw(sample)
    draw = next(islice(opened.draws(design, samples), sample, None), None)
    if draw is None:
        raise ValueError(f"the design {design} has no sample {sample}")
    return draw


_REUSE = ("rig=", "include=", "extends=")


def _refuse_other_files(root: Node) -> None:
    keys = root.value if isinstance(root.value, dict) else {}
    if not keys:
        fail(root.mark, "this is not a scenario; one has the keys scenario, duration, map and actors")
    whole = keys.keys() & {"scenario", "duration", "map", "actors", "extends"}
    if "part" in keys:
        fail(root.mark, "this is a part of scenarios; a scenario names it with the key include")
    if "sensors" in keys and not whole:
        fail(root.mark, "this is a rig, not a scenario; a scenario names it with the key rig")


def decide(opened: LogicalScenario, draw: Draw) -> Scenario:
    """The scenario of a sample; ScenarioFileError with everything that is wrong."""
    root, writing = opened.concrete(draw)
    hidden = [Problem(path, "") for path in writing.broken]
    problems: list[Problem] = []
    spec = bind(ScenarioSpec, root, problems)
    parts = sound_parts(root, [*problems, *hidden]) if spec is None or hidden else Parts.of(spec)
    network: RoadNetwork | None = None
    unread: Sequence[Diagnostic] = ()
    if parts.map is not None:
        wrong = [Problem(("map", *path), message) for path, message in map_problems(parts.map)]
        problems += wrong
        try:
            mapped, network = (parts.map, None) if wrong else map_and_network(parts.map, root, Path(opened.source))
            parts = replace(parts, map=mapped)
        except ScenarioFileError as error:
            unread = error.diagnostics
    if parts.models is not None:
        models, unreadable = with_models(parts.models, root, Path(opened.source))
        parts, problems = replace(parts, models=models), [*problems, *unreadable]
    if network is not None:
        parts, nowhere = placed(parts, network, (draw.seed, draw.attempt))
        problems += nowhere
    problems += [*check(parts, network), *output_problems(parts)]
    faults = [*opened.faults, *draw.faults, *writing.faults, *unread]
    if not opened.undecided_in(draw):
        faults += expect_problems(opened.expectations, parts, draw.values)
    if spec is not None:
        spec = _with_parts(spec, parts)
    if any(fault.path in REUSE for fault in opened.faults):  # what they hold is not known
        problems = [problem for problem in problems if problem.path]
    problems = [problem for problem in problems if not _below(problem.path, writing.broken)]
    if spec is not None and network is not None and not problems and not faults:
        spec, crowded = with_pedestrians(spec, network)
        problems += crowded
    if spec is not None and network is not None and not problems and not faults:
        problems += start_problems(spec, network)
    if spec is None or network is None or problems or faults:
        raise ScenarioFileError(in_order([*diagnostics(problems, root), *faults], root))
    story = one_by_one(spec.story, parts.names)
    groups = {name: list(parts.names.members(name)) for name in spec.groups}
    return _decided(spec.model_copy(update={"story": story, "groups": groups}), network, opened.source)


def _with_parts(spec: ScenarioSpec, parts: Parts) -> ScenarioSpec:
    told = {"story": list(parts.story), "pedestrians": list(parts.pedestrians)}
    own = {"models": dict(parts.models or {})}
    return spec.model_copy(update={"actors": dict(parts.actors), "map": parts.map or spec.map, **told, **own})


def _below(path: DocPath, others: Sequence[DocPath]) -> bool:
    return any(path[: len(other)] == other for other in others)


def _decided(spec: ScenarioSpec, network: RoadNetwork, source: str) -> Scenario:
    spec = spec.model_copy(update={"rig": None, "extends": None, "include": None, "fragments": {}})
    return Scenario(spec, network, source, hashlib.sha256(spec.model_dump_json().encode()).hexdigest())
