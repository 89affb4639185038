"""A document whose values may be expressions, distributions, fragments and rows: compiled once, written out per sample.

What stays the same is shared between all samples; only the branches that hold something to decide are made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from roadlab.errors import Diagnostic
from roadlab.scenario.distributions import Distribution, shown_distribution
from roadlab.scenario.document import DocPath, Entry, Mark, Node, branch, written
from roadlab.scenario.expressions import ExpressionError, Measure, Scope, Value
from roadlab.scenario.fragments import Fragment
from roadlab.scenario.merging import merged
from roadlab.scenario.operands import Operand, fault, node_of, operand
from roadlab.scenario.reading import MAX_DEPTH, MAX_NODES
from roadlab.scenario.wording import shown

MAX_ROW = 500
"""Actors of one `repeat`."""
MAX_USES = 8
"""Fragments inside one another."""


@dataclass
class Writing:
    """One sample being written out."""

    chance: Callable[[DocPath], float]
    """A number in [0, 1) for the distribution at a path."""
    fragments: Mapping[str, tuple[Fragment, Template]] = field(default_factory=dict)
    faults: list[Diagnostic] = field(default_factory=list)
    broken: list[DocPath] = field(default_factory=list)
    """Where something could not be decided."""
    unknown: frozenset[str] = frozenset()
    """Names that are wrong where they are defined; what uses them is not known, and that is reported there."""
    drawn: dict[DocPath, Value] = field(default_factory=dict)
    """What chance has made of the distributions."""
    nodes: int = 0
    uses: int = 0
    """Fragments inside one another at this moment."""

    def fail(self, path: DocPath, diagnostic: Diagnostic) -> None:
        """Note that the value at a path is not known."""
        self.faults.append(diagnostic)
        self.broken.append(path)

    def grow(self, node: Node, mark: Mark) -> Node:
        """Count what is made, so that no fragment or row can make a document too large."""
        self.nodes += node.size
        if self.nodes > 2 * MAX_NODES:
            raise TooLargeError(mark)
        return node


class TooLargeError(Exception):
    """A document that becomes too large when it is written out; carries the place."""

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        bounds = f"at most {MAX_NODES} values and {MAX_USES} fragments inside one another"
        super().__init__(f"written out, the file is too large: {bounds}")


@dataclass(frozen=True, slots=True)
class Template:
    """What a node becomes; this class: always itself."""

    node: Node

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:  # noqa: ARG002 - as the others
        """The node at `path` of the sample."""
        return self.node

    @property
    def is_fixed(self) -> bool:
        """Whether it is the same in every sample."""
        return type(self) is Template

    @property
    def has_chance(self) -> bool:
        """Whether it draws a value itself."""
        return any(child.has_chance for child in self.children())

    def children(self) -> Iterator[Template]:
        """The templates below."""
        return iter(())

    def below(self, key: str) -> Template | None:  # noqa: ARG002 - a mapping looks it up
        """The template under a key of a mapping."""
        return None


@dataclass(frozen=True, slots=True)
class Computed(Template):
    """A scalar with expressions in it."""

    operand: Operand

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:
        """See `Template`."""
        if to.unknown and any(name in to.unknown for name in self.operand.names):
            to.broken.append(path)
            return self.node
        try:
            return self.operand.node_in(scope)
        except ExpressionError as error:
            to.fail(path, fault(self.node, error, written(path)))
            return self.node


@dataclass(frozen=True, slots=True)
class Broken(Template):
    """Something that is wrong in every sample."""

    fault: Diagnostic

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:  # noqa: ARG002
        """See `Template`."""
        to.fail(path, replace(self.fault, path=written(path)))
        return self.node


@dataclass(frozen=True, slots=True)
class Drawn(Template):
    """A distribution that stands where a value belongs."""

    rule: Distribution

    @property
    def has_chance(self) -> bool:
        """It does."""
        return True

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:
        """See `Template`."""
        try:
            value = self.rule.value(to.chance(path), scope)
        except ExpressionError as error:
            to.fail(path, fault(self.node, error, written(path)))
            return self.node
        to.drawn[path] = value
        return node_of(value, self.node, shown_distribution(self.node))


@dataclass(frozen=True, slots=True)
class AnyOf(Template):
    """One of several values, which may be mappings; chance decides which."""

    items: tuple[Template, ...]

    @property
    def has_chance(self) -> bool:
        """It does."""
        return True

    def children(self) -> Iterator[Template]:
        """See `Template`."""
        return iter(self.items)

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:
        """See `Template`."""
        index = min(int(to.chance(path) * len(self.items)), len(self.items) - 1)
        made = self.items[index].write(path, scope, to)
        to.drawn[path] = shown_distribution(made)
        return replace(made, computed=made.computed or f"any of {len(self.items)}")


@dataclass(frozen=True, slots=True)
class Listing(Template):
    """A list that holds something to decide."""

    items: tuple[Template, ...]

    def children(self) -> Iterator[Template]:
        """See `Template`."""
        return iter(self.items)

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:
        """See `Template`."""
        made: list[Node] = []
        for item in self.items:
            one = item.write((*path, len(made)), scope, to)
            # A fragment that is a list is put into the list that uses it.
            made += one.value if isinstance(item, Used) and isinstance(one.value, tuple) else (one,)
        return to.grow(branch(self.node.mark, tuple(made)), self.node.mark)


@dataclass(frozen=True, slots=True)
class Branching(Template):
    """A mapping that holds something to decide."""

    entries: tuple[tuple[str, Mark, Template], ...]

    def children(self) -> Iterator[Template]:
        """One per key."""
        return (child for _, _, child in self.entries)

    def below(self, key: str) -> Template | None:
        """The template under a key."""
        return next((child for name, _, child in self.entries if name == key), None)

    def write_one(self, path: DocPath, name: str, scope: Scope, to: Writing) -> Node | None:
        """What an actor's name such as `parked[3]` stands for, without the others; None when there is none."""
        stem = name.partition("[")[0]
        for key, mark, child in self.entries:
            if isinstance(child, Row) and key == stem:
                made = child.write_all(path, key, mark, scope, to).get(name)
                return made.node if made is not None else None
            if key == name:
                return child.write((*path, key), scope, to)
        return None

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:
        """The mapping, rows written out."""
        made: dict[str, Entry] = {}
        for key, mark, child in self.entries:
            if isinstance(child, Row):
                made.update(child.write_all(path, key, mark, scope, to))
            else:
                made[key] = Entry(mark, child.write((*path, key), scope, to))
        return to.grow(branch(self.node.mark, made), self.node.mark)


@dataclass(frozen=True, slots=True)
class Used(Template):
    """`use: {fragment: {argument: value}}`, with keys beside it that replace those of the fragment."""

    fragment: str
    arguments: tuple[tuple[str, Mark, Template], ...]
    own: Branching
    mark: Mark

    def children(self) -> Iterator[Template]:
        """See `Template`."""
        return iter((self.own, *(child for _, _, child in self.arguments)))

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:
        """See `Template`."""
        fragment, body = to.fragments[self.fragment]
        before = len(to.broken)
        values = {name: (mark, child.write((*path, "use", name), scope, to)) for name, mark, child in self.arguments}
        if len(to.broken) > before:
            to.broken.append(path)
            return self.node
        bound, faults = fragment.bound(values, self.mark)
        if faults:
            to.faults += faults
            to.broken.append(path)
            return self.node
        if len(path) > MAX_DEPTH or to.uses == MAX_USES:
            raise TooLargeError(self.mark)
        to.uses += 1
        made = body.write(path, scope.inside(bound), to)
        to.uses -= 1
        own = self.own.write(path, scope, to)
        if not own.value:
            return made
        if not isinstance(made.value, dict):
            to.fail(path, self.mark.diagnostic(f"the fragment {shown(self.fragment)} is no mapping and takes no keys"))
            return self.node
        return to.grow(merged(made, own), self.mark)


@dataclass(frozen=True, slots=True)
class Row(Template):
    """An actor with `repeat`, each of which may differ by `index` or by chance."""

    count: Template
    spacing: Template | None
    one: Template

    def children(self) -> Iterator[Template]:
        """See `Template`."""
        return iter((self.count, self.one))

    def write_all(self, path: DocPath, name: str, mark: Mark, scope: Scope, to: Writing) -> dict[str, Entry]:
        """The actors `name[0]`, `name[1]`, ..."""
        where = (*path, name, "repeat")
        count = self.count.write(where, scope, to)
        if where in to.broken:
            return {name: Entry(mark, self.node)}
        if not isinstance(count.value, int) or isinstance(count.value, bool) or not 1 <= count.value <= MAX_ROW:
            message = f"expected how many, a whole number from 1 to {MAX_ROW}, found {shown(count.text)}"
            to.fail(where, self.count.node.mark.diagnostic(message, path=written(where)))
            return {name: Entry(mark, self.node)}
        step = self.spacing.write((*where, "spacing"), scope, to) if self.spacing else None
        made: dict[str, Entry] = {}
        for index in range(count.value):
            key = f"{name}[{index}]"
            inside = scope.inside({"index": Measure(index)})
            actor = self.one.write((*path, key), inside, to)
            if step is not None:
                actor = _moved(actor, step, index, (*path, key), to)
            made[key] = Entry(mark, actor)
        return made

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:  # noqa: ARG002
        """See `Template`."""
        raise TypeError("a row is written out by the mapping that holds it")


def _moved(actor: Node, step: Node, index: int, path: DocPath, to: Writing) -> Node:
    """The actor, so many steps further along s."""
    at = actor.child("at")
    s = at.child("s") if at is not None else None
    if at is None or s is None or isinstance(s.value, dict | tuple) or isinstance(step.value, dict | tuple):
        to.fail(path, step.mark.diagnostic("only actors placed at an s of a road can be repeated along it"))
        return actor
    try:
        start, spacing = (_length(one) for one in (s, step))
    except ExpressionError as error:
        to.fail(path, fault(step, error, written(path)))
        return actor
    value = Measure(start + index * spacing, (("m", 1),))
    moved = at.with_child("s", node_of(value, s, f"{s.text} + {index} x {step.text}"), at.key_mark(("s",)))
    return actor.with_child("at", moved, actor.key_mark(("at",)))


def _length(node: Node) -> float:
    value = operand(node).value(Scope())
    if not isinstance(value, Measure) or value.dimensions not in ((), (("m", 1),)):
        raise ExpressionError(f"expected a length such as '12 m', found {shown(node.text)}", 0)
    return value.scalar
