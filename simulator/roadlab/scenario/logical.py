"""A scenario with its values open: what a file says before chance, or a sampling design, decides each sample.

The field calls this a logical scenario, and a sample with every value decided a concrete one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count, islice
from pathlib import Path

from pydantic import ValidationError

from roadlab.errors import Diagnostic, ScenarioFileError
from roadlab.randomness import generator, seed32
from roadlab.roads.network import RoadNetwork, map_problems
from roadlab.scenario.compiling import compile_document, compile_fragments
from roadlab.scenario.constraints import Constraint, constraints_of
from roadlab.scenario.designs import (
    DESIGNS,
    MAX_SAMPLES,
    Axis,
    Point,
    covering_points,
    grid_points,
    grid_size,
    latin_hypercube,
    latin_point,
    random_point,
    sobol_points,
)
from roadlab.scenario.distributions import Distribution, shown_distribution
from roadlab.scenario.document import DocPath, Entry, Mark, Node, Source, branch, scalar
from roadlab.scenario.draws import Draw, Tally
from roadlab.scenario.expressions import ExpressionError, Scope, Value
from roadlab.scenario.fragments import Fragment, fragments_of
from roadlab.scenario.groups import each_of
from roadlab.scenario.inline import MAX_INLINE, Inline, inline_values
from roadlab.scenario.map_file import map_and_network
from roadlab.scenario.operands import node_of
from roadlab.scenario.parameters import Parameter, Parameters, parameters_of
from roadlab.scenario.spec import MapSpec
from roadlab.scenario.start_scene import Poses, Sample, StartNames, StartScene, UnknownStartError
from roadlab.scenario.template import Branching, Template, TooLargeError, Writing

MAX_TRIES = 1000
"""Combinations of values tried for one sample before its constraints count as impossible."""
_TRIES_OF_CELL = 50
_STEPS_OF_SEQUENCE = 200_000
"""Points of a sequence looked at before giving up."""


@dataclass(frozen=True)
class LogicalScenario:
    """A file with everything that it includes, ready to be sampled."""

    source: str
    root: Node
    """The document, with values open."""
    seed: int
    template: Template
    fragments: Mapping[str, tuple[Fragment, Template]]
    parameters: Parameters
    constraints: tuple[Constraint, ...]
    """`require`."""
    expectations: tuple[Constraint, ...]
    """`expect`; they are judged when there is a log."""
    faults: tuple[Diagnostic, ...]
    """What is wrong whatever the sample."""
    undecided: frozenset[str]
    """Parameters that are wrong, so that nothing that uses them can be told."""

    # --- samples -----------------------------------------------------------------------------------------------------

    def draws(self, design: str = "random", samples: int | None = None, tally: Tally | None = None) -> Iterator[Draw]:
        """Samples of a design, in order; without `samples` as many as the design has, or without end.

        ValueError for a design that needs a number, or has more than can be; ScenarioFileError, with how often each
        constraint failed, when they cannot be met.
        """
        if design not in DESIGNS:
            raise ValueError(f"design must be one of {', '.join(DESIGNS)}, not {design!r}")
        if samples is not None and not 1 <= samples <= MAX_SAMPLES:
            raise ValueError(f"samples must be 1 to {MAX_SAMPLES}, not {samples}")
        return islice(self._each(design, samples, tally or Tally()), samples)

    def _each(self, design: str, samples: int | None, tally: Tally) -> Iterator[Draw]:
        names = [*(one.name for one in self.parameters.random), *(one.key for one in self.inline)]
        if design == "random":
            yield from (self.draw(k, tally) for k in (count() if samples is None else range(samples)))
        elif design == "latin_hypercube":
            if samples is None:
                raise ValueError("a Latin hypercube needs the number of its samples")
            cells = latin_hypercube(self.seed, names, samples)
            yield from self._latin(samples, names, cells, tally)
        else:
            yield from self._sequence(self._points(design, names, tally), tally)

    def _latin(self, samples: int, names: list[str], cells: list[list[int]], tally: Tally) -> Iterator[Draw]:
        """A sample in each cell in which the constraints can be met."""
        met = 0
        for k in range(samples):
            tries = (
                self._tried(k, a, latin_point(self.seed, names, cells, k, a), tally) for a in range(_TRIES_OF_CELL)
            )
            draw = next((draw for draw in tries if draw is not None), None)
            if draw is not None:
                yield draw
                met += 1
            else:
                tally.left_out += 1
        if not met:
            raise self._impossible(tally)

    def _points(self, design: str, names: list[str], tally: Tally) -> Iterator[Point]:
        if design == "sobol":
            return sobol_points(self.seed, names)
        axes = [
            Axis(one.name, tuple(one.rule.levels()))
            for one in self.parameters.random
            if isinstance(one.rule, Distribution)
        ]
        axes += [one.axis for one in self.inline]
        if design == "grid":
            if grid_size(axes) > MAX_SAMPLES:
                hint = "give parameters fewer levels, or take pairwise or sobol"
                raise ValueError(f"the grid has {grid_size(axes)} points; at most {MAX_SAMPLES}; {hint}")
            return grid_points(axes)
        strength = 2 if design == "pairwise" else 3
        return iter(covering_points(self.seed, axes, strength, lambda point: self._holds(point, tally)))

    def _sequence(self, points: Iterator[Point], tally: Tally) -> Iterator[Draw]:
        """The points that meet the constraints, in order."""
        index = since = 0
        for point in points:
            draw = self._tried(index, 0, point, tally)
            since += 1
            if draw is not None:
                yield draw
                index, since = index + 1, 0
            elif since >= MAX_TRIES and (index == 0 or since >= _STEPS_OF_SEQUENCE):
                raise self._impossible(tally)
        if index == 0:
            raise self._impossible(tally)

    def draw(self, index: int, tally: Tally | None = None) -> Draw:
        """Sample `index` of the random design; the same whatever other samples are drawn."""
        names = [one.name for one in self.parameters.random]
        return self._accepted(index, lambda attempt: random_point(self.seed, names, index, attempt), tally or Tally())

    def _accepted(self, index: int, point: Callable[[int], Point], tally: Tally) -> Draw:
        before = Tally(tally.tried, dict(tally.failed))
        for attempt in range(MAX_TRIES if self.is_random else 1):
            draw = self._tried(index, attempt, point(attempt), tally)
            if draw is not None:
                return draw
        mine = {path: number - before.failed.get(path, 0) for path, number in tally.failed.items()}
        raise self._impossible(Tally(tally.tried - before.tried, mine))

    def _tried(self, index: int, attempt: int, point: Point, tally: Tally) -> Draw | None:
        """The sample at a point, unless a constraint fails there."""
        values, faults = self.parameters.values(point)
        if faults and index:
            raise ScenarioFileError(faults)  # of sample 0, they are reported with all that is wrong with the file
        seed = self.seed if index == 0 else seed32(self.seed, "sample", index)
        draw = Draw(index, attempt, values, seed, tuple(faults), point)
        tally.tried += 1
        if self.faults or faults or not self.constraints:
            return draw
        wrong: list[Diagnostic] = []
        broken = self._broken(draw, wrong)
        if wrong and index:
            raise ScenarioFileError(wrong)
        if wrong:
            return replace(draw, faults=tuple(wrong))  # reported with all that is wrong with the file
        if broken is None:
            return draw
        tally.failed[broken.path] = tally.failed.get(broken.path, 0) + 1
        return None

    def _holds(self, point: Point, tally: Tally) -> bool:
        return self._tried(0, 0, point, tally) is not None

    @cached_property
    def inline(self) -> tuple[Inline, ...]:
        """Random values at their places, which all designs but `random` go through as they do through parameters."""
        return tuple(islice(inline_values(self.template, self.fragments), MAX_INLINE))

    def drawn(self, draw: Draw) -> dict[str, Value]:
        """What the values of `inline` are in a sample, by place; those that another value replaces are left out."""
        if not self.inline:
            return {}
        _, to = self.concrete(draw)
        return {one.name: to.drawn[one.path] for one in self.inline if one.path in to.drawn}

    @cached_property
    def is_random(self) -> bool:
        """Whether another try can be different."""
        bodies = (body for _, body in self.fragments.values())
        chance = any(one.has_chance for one in (self.template, *bodies))
        return bool(self.parameters.random) or chance or _has_key(self.root, "anywhere")

    # --- constraints -------------------------------------------------------------------------------------------------

    @cached_property
    def _by_cost(self) -> tuple[Constraint, ...]:
        return tuple(sorted(self.constraints, key=lambda one: len(one.calls)))

    def _broken(self, draw: Draw, wrong: list[Diagnostic]) -> Constraint | None:
        """The first constraint that a sample fails; those on parameters alone are looked at first.

        What cannot be computed is added to `wrong`; all of it by the first sample, which looks at every constraint.
        """
        scope, start = Scope(draw.values), self.start(draw)
        first, failed = draw.index == draw.attempt == 0, None
        for constraint in self._by_cost:
            if failed is not None and not first:
                break
            if constraint.calls and not scope.functions:
                scope = Scope(draw.values, start.functions())
            try:
                every = each_of(constraint, StartNames(start, self._groups)) if constraint.calls else [constraint]
                if not all(one.holds(scope) for one in every):
                    failed = failed or constraint
            except UnknownStartError:
                continue  # the file is wrong there, and loading says how
            except ExpressionError as error:
                wrong.append(constraint.fault(error))
        return failed

    @cached_property
    def _groups(self) -> dict[str, tuple[str, ...]]:
        """As written; what is wrong in them is reported when a sample is decided."""
        node = self.root.child("groups")
        entries = node.value if node is not None and isinstance(node.value, dict) else {}
        lists = {name: entry.node.value for name, entry in entries.items() if isinstance(entry.node.value, tuple)}
        return {name: tuple(str(item.value) for item in items) for name, items in lists.items()}

    def start(self, draw: Draw) -> StartScene:
        """The scene at time 0 of a sample."""
        to, scope = Writing(self._chance(draw), self.fragments, unknown=self.undecided), Scope(draw.values)
        sample = Sample(
            actor=lambda name: self._actor(name, scope, to),
            whole=lambda: self.write(draw, to),
            chance=(draw.seed, draw.attempt),
        )
        return StartScene(sample, self._network, self._poses)

    def _actor(self, name: str, scope: Scope, to: Writing) -> Node | None:
        actors = self.template.below("actors")
        if isinstance(actors, Branching):
            return actors.write_one(("actors",), name, scope, to)
        return actors.node.child(name) if actors is not None else None

    @cached_property
    def _poses(self) -> Poses:
        """Of positions in the network of a map that stays the same."""
        return {}

    def _impossible(self, tally: Tally) -> ScenarioFileError:
        tries = "the only combination there is" if tally.tried <= 1 else f"{tally.tried} combinations"
        rates, left = {}, tally.tried
        for one in self._by_cost:  # each is looked at only where those before it are met
            rates[one.path] = (tally.failed.get(one.path, 0), left)
            left -= tally.failed.get(one.path, 0)
        worst = max(failed / max(looked, 1) for failed, looked in rates.values())
        faults = [
            one.node.mark.diagnostic(
                "never met" if failed == looked else "met too rarely",
                path=one.path,
                hint=f"failed in {failed} of {looked} tries; {tries} of the parameters' values were tried",
            )
            for one in self.constraints
            for failed, looked in [rates[one.path]]
            if failed and failed / looked > 0.5 * worst
        ]
        return ScenarioFileError(
            faults or [self.root.mark.diagnostic("no sample meets the constraints", path="require")]
        )

    def undecided_in(self, draw: Draw) -> frozenset[str]:
        """Parameters without a value in a sample."""
        return self.undecided | ({one.name for one in self.parameters.each} - draw.values.keys())

    # --- documents ---------------------------------------------------------------------------------------------------

    def _chance(self, draw: Draw) -> Callable[[DocPath], float]:
        designed = {one.path: draw.point[one.key] for one in self.inline if one.key in draw.point}

        def u(path: DocPath) -> float:
            by_chance = path not in designed
            return float(generator(draw.seed, "value", draw.attempt, *path).random()) if by_chance else designed[path]

        return u

    def write(self, draw: Draw, to: Writing) -> Node:
        """The document of a sample; what cannot be decided stays and is noted."""
        try:
            return self.template.write((), Scope(draw.values), to)
        except TooLargeError as error:
            raise ScenarioFileError([error.mark.diagnostic(str(error))]) from error

    def concrete(self, draw: Draw) -> tuple[Node, Writing]:
        """The document of a sample with its parameters as constants and its own seed, and what went wrong."""
        undecided = self.undecided_in(draw)
        to = Writing(self._chance(draw), self.fragments, unknown=undecided)
        unsound = ("parameters", "require", "expect") if self.faults or draw.faults else ()
        root = self.write(draw, to).without("fragments", *unsound)
        if draw.index:
            mark = Mark(Source(f"sample {draw.index}"))
            root = root.with_child("seed", scalar(mark, draw.seed, str(draw.seed)), mark)
        if self.parameters.each and not undecided and not self.faults:
            entries = {one.name: Entry(one.node.mark, self._constant(one, draw)) for one in self.parameters.each}
            place = self.root.child("parameters") or self.root
            root = root.with_child("parameters", branch(place.mark, entries), self.root.key_mark(("parameters",)))
        return root, to

    def _constant(self, one: Parameter, draw: Draw) -> Node:
        how = shown_distribution(one.node) if one.is_random or one.rule.names else ""
        return node_of(draw.values[one.name], one.node, how)

    @cached_property
    def _fixed_network(self) -> list[RoadNetwork | None]:
        """The network of a map that is the same in every sample; empty where it is not."""
        part = self.template.below("map")
        return [_network_of(part.node, self.root, self.source)] if part is not None and part.is_fixed else []

    def _network(self, root: Callable[[], Node]) -> RoadNetwork | None:
        if self._fixed_network:
            return self._fixed_network[0]
        self._poses.clear()
        whole = root()
        node = whole.child("map")
        return _network_of(node, whole, self.source) if node is not None else None


def _network_of(node: Node, root: Node, source: str) -> RoadNetwork | None:
    try:
        spec = MapSpec.model_validate_json(json.dumps(node.plain()))
        return None if map_problems(spec) else map_and_network(spec, root, Path(source))[1]
    except (ValidationError, ScenarioFileError):
        return None


def _has_key(node: Node, key: str) -> bool:
    if isinstance(node.value, tuple):
        return any(_has_key(item, key) for item in node.value)
    if not isinstance(node.value, dict):
        return False
    return key in node.value or any(_has_key(entry.node, key) for entry in node.value.values())


def logical(root: Node, source: str, faults: list[Diagnostic]) -> LogicalScenario:
    """The logical scenario of a document."""
    faults = list(faults)
    fragments = fragments_of(root.child("fragments"), faults)
    found = parameters_of(root.child("parameters"), ("parameters",), faults)
    named = root.child("parameters")
    names = named.value if named is not None and isinstance(named.value, dict) else {}
    constraints = constraints_of("require", root.child("require"), faults)
    expectations = constraints_of("expect", root.child("expect"), faults)
    seed = root.child("seed")
    good = (
        seed is not None
        and isinstance(seed.value, int)
        and not isinstance(seed.value, bool)
        and 0 <= seed.value < 2**63
    )
    return LogicalScenario(
        source=source,
        root=root,
        seed=int(seed.value) if good and seed is not None else 0,  # type: ignore[arg-type]
        template=compile_document(root, fragments),
        fragments=compile_fragments(fragments),
        parameters=found,
        constraints=constraints,
        expectations=expectations,
        faults=tuple(faults),
        undecided=frozenset(names) - {one.name for one in found.each},
    )
