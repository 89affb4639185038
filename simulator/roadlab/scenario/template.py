"""A document whose values may be expressions, distributions, fragments and rows: compiled once, written out per sample.

What stays the same is shared between all samples; only the branches that hold something to decide are made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from roadlab.errors import Diagnostic
from roadlab.scenario.distributions import Distribution, DistributionError, distribution, distribution_key, node_at
from roadlab.scenario.document import DocPath, Entry, Mark, Node, branch, scalar, written
from roadlab.scenario.expressions import ExpressionError, Measure, Scope
from roadlab.scenario.fragments import Fragment
from roadlab.scenario.merging import merged
from roadlab.scenario.operands import Operand, fault, has_expression, node_of, operand
from roadlab.scenario.reading import MAX_DEPTH, MAX_NODES
from roadlab.scenario.wording import meant_or_known, shown

MAX_ROW = 500
"""Actors of one `repeat`."""
MAX_USES = 8
"""Fragments inside one another."""
AS_WRITTEN = ("parameters", "require", "expect", "fragments")
"""Keys of a file whose contents are not part of the template."""


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
class _Computed(Template):
    """A scalar with expressions in it."""

    operand: Operand

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:
        if to.unknown and any(name in to.unknown for name in self.operand.names):
            to.broken.append(path)
            return self.node
        try:
            return self.operand.node_in(scope)
        except ExpressionError as error:
            to.fail(path, fault(self.node, error, written(path)))
            return self.node


@dataclass(frozen=True, slots=True)
class _Broken(Template):
    """Something that is wrong in every sample."""

    fault: Diagnostic

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:  # noqa: ARG002
        to.fail(path, replace(self.fault, path=written(path)))
        return self.node


@dataclass(frozen=True, slots=True)
class _Drawn(Template):
    """A distribution that stands where a value belongs."""

    rule: Distribution

    @property
    def has_chance(self) -> bool:
        return True

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:
        try:
            return node_at(self.rule, to.chance(path), scope)
        except ExpressionError as error:
            to.fail(path, fault(self.node, error, written(path)))
            return self.node


@dataclass(frozen=True, slots=True)
class _AnyOf(Template):
    """One of several values, which may be mappings; chance decides which."""

    items: tuple[Template, ...]

    @property
    def has_chance(self) -> bool:
        return True

    def children(self) -> Iterator[Template]:
        return iter(self.items)

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:
        index = min(int(to.chance(path) * len(self.items)), len(self.items) - 1)
        made = self.items[index].write(path, scope, to)
        return replace(made, computed=made.computed or f"any of {len(self.items)}")


@dataclass(frozen=True, slots=True)
class _Sequence(Template):
    items: tuple[Template, ...]

    def children(self) -> Iterator[Template]:
        return iter(self.items)

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:
        made: list[Node] = []
        for item in self.items:
            one = item.write((*path, len(made)), scope, to)
            # A fragment that is a list is put into the list that uses it.
            made += one.value if isinstance(item, _Used) and isinstance(one.value, tuple) else (one,)
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
            if isinstance(child, _Row) and key == stem:
                made = child.write_all(path, key, mark, scope, to).get(name)
                return made.node if made is not None else None
            if key == name:
                return child.write((*path, key), scope, to)
        return None

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:
        """The mapping, rows written out."""
        made: dict[str, Entry] = {}
        for key, mark, child in self.entries:
            if isinstance(child, _Row):
                made.update(child.write_all(path, key, mark, scope, to))
            else:
                made[key] = Entry(mark, child.write((*path, key), scope, to))
        return to.grow(branch(self.node.mark, made), self.node.mark)


@dataclass(frozen=True, slots=True)
class _Used(Template):
    """`use: {fragment: {argument: value}}`, with keys beside it that replace those of the fragment."""

    fragment: str
    arguments: tuple[tuple[str, Mark, Template], ...]
    own: Branching
    mark: Mark

    def children(self) -> Iterator[Template]:
        return iter((self.own, *(child for _, _, child in self.arguments)))

    def write(self, path: DocPath, scope: Scope, to: Writing) -> Node:
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
class _Row(Template):
    """An actor with `repeat`, each of which may differ by `index` or by chance."""

    count: Template
    spacing: Template | None
    one: Template

    def children(self) -> Iterator[Template]:
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


# --- from a document to its template ---------------------------------------------------------------------------------


def compile_document(root: Node, fragments: Mapping[str, Fragment]) -> Template:
    """The template of a scenario's document."""
    return _Compiler(fragments).document(root)


def compile_fragments(fragments: Mapping[str, Fragment]) -> dict[str, tuple[Fragment, Template]]:
    """The templates of fragments' bodies."""
    compiler = _Compiler(fragments)
    return {name: (fragment, compiler.node(fragment.body, ())) for name, fragment in fragments.items()}


class _Compiler:
    def __init__(self, fragments: Mapping[str, Fragment]) -> None:
        self._fragments = fragments

    def document(self, root: Node) -> Template:
        """As `node`, but leaves alone what is not part of the template."""
        entries = root.value if isinstance(root.value, dict) else {}
        children = tuple(
            (key, entry.mark, Template(entry.node) if key in AS_WRITTEN else self.node(entry.node, (key,)))
            for key, entry in entries.items()
        )
        return Branching(root, children)

    def node(self, node: Node, path: DocPath) -> Template:
        """The template of a node at a path of the file."""
        if isinstance(node.value, tuple):
            items = tuple(self.node(item, (*path, 0)) for item in node.value)
            return Template(node) if all(item.is_fixed for item in items) else _Sequence(node, items)
        if isinstance(node.value, dict):
            return self._mapping(node, path)
        if not has_expression(node):
            return Template(node)
        try:
            return _Computed(node, operand(node))
        except ExpressionError as error:
            return _Broken(node, fault(node, error))

    def _mapping(self, node: Node, path: DocPath) -> Template:
        assert isinstance(node.value, dict)
        if len(path) == 2 and path[0] == "actors" and "repeat" in node.value:
            return self._row(node, path)
        if "use" in node.value and (len(path) != 1 or path[0] != "map"):
            return self._used(node, path)
        key = distribution_key(node)
        if key is not None and not (key == "any" and path[:1] == ("story",)):
            return self._chance(node, key, path)
        return self._plain(node, path)

    def _plain(self, node: Node, path: DocPath) -> Template:
        entries = node.value.items() if isinstance(node.value, dict) else ()
        children = tuple((key, entry.mark, self.node(entry.node, (*path, key))) for key, entry in entries)
        return Template(node) if all(child.is_fixed for _, _, child in children) else Branching(node, children)

    def _chance(self, node: Node, key: str, path: DocPath) -> Template:
        body = node.child(key)
        if key == "any" and isinstance(node.value, dict) and len(node.value) == 1 and body is not None:
            if isinstance(body.value, tuple) and body.value:
                return _AnyOf(node, tuple(self.node(item, path) for item in body.value))
            return _Broken(node, body.mark.diagnostic("expected a list of values to choose from"))
        try:
            return _Drawn(node, distribution(node))
        except DistributionError as error:
            return _Broken(node, error.node.mark.diagnostic(error.message, hint=error.hint))

    def _row(self, node: Node, path: DocPath) -> Template:
        """Rows whose actors differ are written out; those that do not stay as they are."""
        repeat = node.child("repeat")
        one = self.node(node.without("repeat"), path)
        if repeat is None or repeat.value is None or isinstance(repeat.value, tuple):
            return self._plain(node, path)
        if isinstance(repeat.value, dict) and one.is_fixed and distribution_key(repeat) is None:
            return self._plain(node, path)
        if isinstance(repeat.value, dict) and distribution_key(repeat) is None:
            count, spacing = repeat.child("count"), repeat.child("spacing")
            if count is None or spacing is None or len(repeat.value) != 2:
                return self._plain(node, path)  # where the language says what is missing
            return _Row(node, self.node(count, path), self.node(spacing, path), one)
        return _Row(node, self.node(repeat, path), None, one)

    def _used(self, node: Node, path: DocPath) -> Template:
        use = node.child("use")
        if use is None:
            raise ValueError("use")
        if isinstance(use.value, dict) and len(use.value) == 1:
            ((name, entry),) = use.value.items()
            mark, given = entry.mark, entry.node
        elif isinstance(use.value, str):
            name, mark, given = use.value, use.mark, scalar(use.mark, None, "")
        else:
            return _Broken(node, use.mark.diagnostic("expected a fragment's name, or {name: {argument: value}}"))
        if name not in self._fragments:
            return _Broken(node, self._unknown(name, mark))
        if not isinstance(given.value, dict) and given.value is not None:
            return _Broken(node, given.mark.diagnostic("expected a mapping of arguments"))
        entries = given.value.items() if isinstance(given.value, dict) else ()
        arguments = tuple((key, entry.mark, self.node(entry.node, path)) for key, entry in entries)
        rest = node.without("use")
        own = self._plain(rest, path)
        keys = rest.value.items() if isinstance(rest.value, dict) else ()
        fixed = tuple((key, entry.mark, Template(entry.node)) for key, entry in keys)
        return _Used(node, name, arguments, own if isinstance(own, Branching) else Branching(rest, fixed), mark)

    def _unknown(self, name: str, mark: Mark) -> Diagnostic:
        hint = meant_or_known(name, self._fragments) if self._fragments else "the file has no fragments"
        return mark.diagnostic(f"unknown fragment {shown(name)}", hint=hint)
