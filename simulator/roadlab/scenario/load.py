"""From a scenario file to a scenario whose every number is decided."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from roadlab.errors import Diagnostic, ScenarioFileError
from roadlab.roads.network import RoadNetwork, build_network, build_sound_network, map_problems
from roadlab.scenario.diagnose import bind
from roadlab.scenario.document import Mark, Node, Source, fail
from roadlab.scenario.overrides import with_overrides
from roadlab.scenario.parts import Parts, sound_parts
from roadlab.scenario.problems import Problem, diagnostics
from roadlab.scenario.reading import read_document
from roadlab.scenario.rig import with_rig
from roadlab.scenario.semantics import check
from roadlab.scenario.spec import ScenarioSpec
from roadlab.scenario.starts import start_problems


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


def load(path: str | os.PathLike[str], *, overrides: Sequence[str] = (), seed: int | None = None) -> Scenario:
    """The scenario in a file, with overrides such as `actors.ego.speed=50 km/h`.

    ScenarioFileError with every problem of the file, its rig and the overrides.
    """
    if seed is not None and not 0 <= seed < 2**63:
        raise ValueError(f"seed must be 0 or more and less than 2**63, not {seed}")
    name = os.fspath(path)
    root = read_document(Path(name), name)
    _refuse_other_files(root)
    root = with_overrides(root, [text for text in overrides if text.startswith("rig=")])
    root, faults = with_rig(root, Path(name))
    if not faults:
        root = with_overrides(root, [text for text in overrides if not text.startswith("rig=")])
    if seed is not None:
        mark = Mark(Source("seed"))
        root = root.with_child("seed", Node(mark, seed, str(seed)), mark)
    return _decide(root, name, faults)


def _refuse_other_files(root: Node) -> None:
    keys = root.value if isinstance(root.value, dict) else {}
    if not keys:
        fail(root.mark, "this is not a scenario; one has the keys scenario, duration, map and actors")
    if "sensors" in keys and not keys.keys() & {"scenario", "duration", "map", "actors"}:
        fail(root.mark, "this is a rig, not a scenario; a scenario names it with the key rig")


def _decide(root: Node, source: str, faults: Sequence[Diagnostic] = ()) -> Scenario:
    problems: list[Problem] = []
    spec = bind(ScenarioSpec, root, problems)
    parts = sound_parts(root, problems) if spec is None else Parts.of(spec)
    network: RoadNetwork | None = None
    if parts.map is not None:
        wrong = [Problem(("map", *path), message) for path, message in map_problems(parts.map)]
        problems += wrong
        network = None if wrong else build_sound_network(parts.map)
    problems += check(parts, network)
    if spec is not None and network is not None and not problems:
        problems += start_problems(spec, network)
    if spec is None or network is None or problems or faults:
        raise ScenarioFileError([*diagnostics(problems, root), *faults])
    return _decided(spec, network, source)


def _decided(spec: ScenarioSpec, network: RoadNetwork, source: str) -> Scenario:
    spec = spec.model_copy(update={"rig": None})
    return Scenario(spec, network, source, hashlib.sha256(spec.model_dump_json().encode()).hexdigest())
