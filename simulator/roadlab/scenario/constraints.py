"""`require` and `expect`: conditions on a scenario, as expressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from roadlab.errors import Diagnostic
from roadlab.scenario.document import Node, written
from roadlab.scenario.expressions import Expression, ExpressionError, Scope, parse
from roadlab.scenario.expressions.evaluate import truth
from roadlab.scenario.operands import fault

MAX_CONSTRAINTS = 200
_AT_START = " at start"
NO_OVERLAP = "no overlap"


@dataclass(frozen=True, slots=True)
class Constraint:
    """A condition of a file."""

    key: str
    """require or expect."""
    number: int
    node: Node
    text: str
    expression: Expression

    @property
    def path(self) -> str:
        """`require[0]`."""
        return written((self.key, self.number))

    @property
    def calls(self) -> frozenset[str]:
        """Functions that it uses."""
        return frozenset(str(node.value) for node in self.expression.walk() if node.kind == "call")

    def holds(self, scope: Scope) -> bool:
        """Whether it does; ExpressionError when that cannot be computed."""
        return truth(self.expression, scope)

    def fault(self, error: ExpressionError) -> Diagnostic:
        """The error at its place in the file."""
        return fault(self.node, error, self.path)


def constraints_of(key: str, node: Node | None, faults: list[Diagnostic]) -> tuple[Constraint, ...]:
    """The conditions listed under a document's key; what cannot be read is added to `faults`."""
    if node is None or node.value is None:
        return ()
    if not isinstance(node.value, tuple):
        faults.append(node.mark.diagnostic("expected a list of conditions such as - a < b", path=key))
        return ()
    if len(node.value) > MAX_CONSTRAINTS:
        faults.append(node.mark.diagnostic(f"{len(node.value)} conditions; at most {MAX_CONSTRAINTS}", path=key))
        return ()
    found = []
    for number, item in enumerate(node.value):
        try:
            found.append(_constraint(key, number, item))
        except ExpressionError as error:
            split = item.text.count("(") != item.text.count(")")
            hint = "inside [ ] a comma ends an item: quote the condition, or write '- ' before each" if split else ""
            faults.append(
                fault(item, ExpressionError(error.message, error.at, hint or error.hint), written((key, number)))
            )
    return tuple(found)


def _constraint(key: str, number: int, node: Node) -> Constraint:
    if not isinstance(node.value, str):
        raise ExpressionError("expected a condition such as a < b", 0, "put it in quotes if it holds ': ' or '#'")
    text = node.value.removesuffix(_AT_START) if key == "require" else node.value
    readable = "no_overlap()" if key == "require" and text.strip() == NO_OVERLAP else text
    return Constraint(key, number, node, text.strip(), parse(readable))


def first_broken(constraints: Sequence[Constraint], scope: Scope) -> Constraint | None:
    """The first condition that does not hold; cheap ones, on parameters alone, come first."""
    for constraint in sorted(constraints, key=lambda one: len(one.calls)):
        if not constraint.holds(scope):
            return constraint
    return None
