"""Pieces of a file with a name and arguments, to be used in several places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from roadlab.errors import Diagnostic
from roadlab.scenario.document import Mark, Node, written
from roadlab.scenario.expressions import ExpressionError, Value
from roadlab.scenario.operands import constant, fault
from roadlab.scenario.wording import meant_or_known, shown

KEYS = ("arguments", "body")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A named body; expressions in it may use its arguments besides the file's parameters."""

    name: str
    arguments: Mapping[str, Node]
    """With their defaults; null for those that must be given."""
    body: Node

    def bound(self, given: Mapping[str, tuple[Mark, Node]], mark: Mark) -> tuple[dict[str, Value], list[Diagnostic]]:
        """The arguments' values for one use, and what is wrong with that use, which stands at `mark`."""
        faults: list[Diagnostic] = []
        for name, (where, _) in given.items():
            if name not in self.arguments:
                known = meant_or_known(name, self.arguments) if self.arguments else "it has no arguments"
                faults.append(
                    where.diagnostic(f"the fragment {shown(self.name)} has no argument {shown(name)}", hint=known)
                )
        values: dict[str, Value] = {}
        for name, default in self.arguments.items():
            node = given[name][1] if name in given else default
            if node.value is None:
                faults.append(mark.diagnostic(f"the fragment {shown(self.name)} needs the argument {shown(name)}"))
            elif isinstance(node.value, dict | tuple):
                faults.append(node.mark.diagnostic(f"the argument {shown(name)} must be a single value"))
            else:
                try:
                    values[name] = constant(node)
                except ExpressionError as error:
                    faults.append(fault(node, error))
        return values, faults


def fragments_of(node: Node | None, faults: list[Diagnostic]) -> dict[str, Fragment]:
    """The fragments below the key of that name; what is wrong with any of them is added to `faults`."""
    if node is None or node.value is None:
        return {}
    if not isinstance(node.value, dict):
        faults.append(node.mark.diagnostic("expected a mapping of names to fragments", path="fragments"))
        return {}
    found: dict[str, Fragment] = {}
    for name, entry in node.value.items():
        wrong = list(_problems(name, entry.node))
        faults += wrong
        if wrong:
            continue
        arguments, body = entry.node.child("arguments"), entry.node.child("body")
        given = arguments.value if arguments is not None and isinstance(arguments.value, dict) else {}
        if body is not None:
            found[name] = Fragment(name, {key: one.node for key, one in given.items()}, body)
    faults += _circles(found)
    return found


def _problems(name: str, node: Node) -> Iterator[Diagnostic]:
    path = written(("fragments", name))
    if not isinstance(node.value, dict):
        yield node.mark.diagnostic("expected a mapping with the keys arguments and body", path=path)
        return
    for key, entry in node.value.items():
        if key not in KEYS:
            yield entry.mark.diagnostic(f"unknown key {shown(key)}", path=path, hint=meant_or_known(key, KEYS))
    if node.child("body") is None:
        yield node.mark.diagnostic("missing key 'body'", path=path)
    arguments = node.child("arguments")
    if arguments is not None and arguments.value is not None and not isinstance(arguments.value, dict):
        yield arguments.mark.diagnostic("expected a mapping of arguments to their defaults", path=path)


def _circles(fragments: Mapping[str, Fragment]) -> Iterator[Diagnostic]:
    """Fragments that use one another for ever."""
    uses = {name: sorted(_used(fragment.body)) for name, fragment in fragments.items()}
    for name, fragment in fragments.items():
        reached: dict[str, None] = {}
        waiting = list(uses[name])
        while waiting:
            other = waiting.pop()
            if other not in reached and other in uses:
                reached[other] = None
                waiting += uses[other]
        if name in reached:
            yield fragment.body.mark.diagnostic("uses itself", path=written(("fragments", name)))


def _used(node: Node) -> Iterator[str]:
    if isinstance(node.value, tuple):
        for item in node.value:
            yield from _used(item)
    if not isinstance(node.value, dict):
        return
    use = node.child("use")
    if use is not None and isinstance(use.value, dict):
        yield from use.value
    elif use is not None:
        yield use.text
    for entry in node.value.values():
        yield from _used(entry.node)
