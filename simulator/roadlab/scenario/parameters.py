"""The `parameters` of a file: constants, expressions and distributions, in the order in which they can be decided."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roadlab.errors import Diagnostic
from roadlab.scenario.distributions import Distribution, DistributionError, choice_of, distribution
from roadlab.scenario.document import DocPath, Node, written
from roadlab.scenario.expressions import ExpressionError, Scope, Value
from roadlab.scenario.expressions.evaluate import FUNCTIONS
from roadlab.scenario.operands import Operand, fault, operand
from roadlab.scenario.wording import did_you_mean, shown

MAX_PARAMETERS = 200
RESERVED = ("index", "true", "false", "and", "or", "not", "if", "else", "in")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named value of a scenario."""

    name: str
    node: Node
    rule: Operand | Distribution

    @property
    def is_random(self) -> bool:
        """Whether chance decides it."""
        return isinstance(self.rule, Distribution)

    def value(self, u: float, scope: Scope) -> Value:
        """Its value at `u`, when those that it depends on are in `scope`; ScenarioFileError's diagnostic otherwise."""
        return self.rule.value(u, scope) if isinstance(self.rule, Distribution) else self.rule.value(scope)


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters of a file; each stands after those that it depends on."""

    each: tuple[Parameter, ...] = ()

    @property
    def random(self) -> tuple[Parameter, ...]:
        """Those that chance decides: the dimensions of a sampling design, in order of name."""
        return tuple(sorted((one for one in self.each if one.is_random), key=lambda one: one.name))

    def values(self, at: Mapping[str, float]) -> tuple[dict[str, Value], list[Diagnostic]]:
        """The values when each random parameter takes the one at its u, and why some have none.

        Those that depend on one without a value are left out.
        """
        found: dict[str, Value] = {}
        faults: list[Diagnostic] = []
        scope = Scope(found)
        for one in self.each:
            if not all(name in found for name in one.rule.names):
                continue
            try:
                found[one.name] = one.value(at.get(one.name, 0.5), scope)
            except ExpressionError as error:
                faults.append(fault(one.node, error, f"parameters.{one.name}"))
        return found, faults


def parameters_of(node: Node | None, path: DocPath, faults: list[Diagnostic]) -> Parameters:
    """The parameters below a document's key; what is wrong with any of them is added to `faults`."""
    if node is None or node.value is None:
        return Parameters()
    if not isinstance(node.value, dict):
        faults.append(node.mark.diagnostic("expected a mapping of names to values", path=written(path)))
        return Parameters()
    if len(node.value) > MAX_PARAMETERS:
        faults.append(node.mark.diagnostic(f"{len(node.value)} parameters; at most {MAX_PARAMETERS}"))
        return Parameters()
    found: dict[str, Parameter] = {}
    for name, entry in node.value.items():
        where = written((*path, name))
        if _NAME.fullmatch(name) is None or name in RESERVED or name in FUNCTIONS:
            why = "expected a name of letters, digits and _" if _NAME.fullmatch(name) is None else "this name is taken"
            faults.append(entry.mark.diagnostic(f"{why}, found {shown(name)}", path=where))
            continue
        try:
            found[name] = Parameter(name, entry.node, _rule(entry.node))
        except DistributionError as error:
            faults.append(error.node.mark.diagnostic(error.message, path=where, hint=error.hint))
        except ExpressionError as error:
            faults.append(fault(entry.node, error, where))
    return Parameters(_ordered(found, path, list(node.value), faults))


def _rule(node: Node) -> Operand | Distribution:
    if isinstance(node.value, dict):
        return distribution(node)
    if isinstance(node.value, tuple):
        return choice_of(node)
    if node.value is None and not node.text:
        raise ExpressionError("has no value", 0, "give it one or remove the key")
    found = operand(node)
    if not found.pieces:
        found.value(Scope())
    return found


def _ordered(
    found: Mapping[str, Parameter], path: DocPath, known: Sequence[str], faults: list[Diagnostic]
) -> tuple[Parameter, ...]:
    """Each after those that it depends on; faults for unknown names and circles."""
    done: dict[str, Parameter] = {}
    left = dict(found)
    for one in found.values():
        for name in one.rule.names:
            if name not in known:
                hint = did_you_mean(name, known)
                faults.append(
                    one.node.mark.diagnostic(f"unknown name {name!r}", path=written((*path, one.name)), hint=hint)
                )
    while ready := [one for one in left.values() if all(name in done for name in one.rule.names)]:
        for one in ready:
            done[one.name] = left.pop(one.name)
    circle = [one for one in left.values() if all(name in found for name in one.rule.names)]
    if circle and len(circle) == len(left):
        names = [one.name for one in circle]
        together = f"{' and '.join(shown(name) for name in names)} depend on one another"
        message = together if len(names) > 1 else "depends on itself"
        faults.append(circle[0].node.mark.diagnostic(message, path=written((*path, names[0]))))
    return tuple(done.values())
