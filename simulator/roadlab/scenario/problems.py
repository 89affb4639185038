"""What is wrong where in a document; becomes diagnostics with places in the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from roadlab.errors import Diagnostic
from roadlab.scenario.document import DocPath, Node, written
from roadlab.scenario.wording import shown

MAX_REPORTED = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of the value at `path`, or of its key."""

    path: DocPath
    message: str
    hint: str = ""
    at_key: bool = False


def diagnostics(problems: Iterable[Problem], root: Node) -> list[Diagnostic]:
    """The problems at their places, without repetitions."""
    return list(dict.fromkeys(_diagnostic(problem, root) for problem in problems))


def in_order(diagnostics: Iterable[Diagnostic], root: Node) -> list[Diagnostic]:
    """In the order of the text; those of other files and of options come last. Not more than anybody reads."""
    found = list(dict.fromkeys(diagnostics))
    main = root.mark.source.name
    found.sort(key=lambda d: (d.span.file != main, d.span.file, d.span.line, d.span.column))
    if len(found) <= MAX_REPORTED:
        return found
    first_hidden = found[MAX_REPORTED]
    rest = Diagnostic(first_hidden.span, f"{len(found) - MAX_REPORTED} more problems from here on")
    return [*found[:MAX_REPORTED], rest]


def _diagnostic(problem: Problem, root: Node) -> Diagnostic:
    node = root.find(problem.path)
    mark = root.key_mark(problem.path) if problem.at_key else root.nearest(problem.path).mark
    computed = f"it is {shown(node.text)} here, from {node.computed}" if node is not None and node.computed else ""
    hint = "; ".join(part for part in (problem.hint, computed) if part)
    return mark.diagnostic(problem.message, path=written(problem.path), hint=hint)
