"""From a document to its template: what in it is open, and how it is decided."""

from __future__ import annotations

from collections.abc import Mapping

from roadlab.errors import Diagnostic
from roadlab.scenario.distributions import DistributionError, distribution, distribution_key
from roadlab.scenario.document import DocPath, Mark, Node, scalar
from roadlab.scenario.expressions import ExpressionError
from roadlab.scenario.fragments import Fragment
from roadlab.scenario.operands import fault, has_expression, operand
from roadlab.scenario.template import AnyOf, Branching, Broken, Computed, Drawn, Listing, Row, Template, Used
from roadlab.scenario.wording import meant_or_known, shown

AS_WRITTEN = ("parameters", "require", "expect", "fragments")
"""Keys of a file whose contents are not part of the template."""


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
            return Template(node) if all(item.is_fixed for item in items) else Listing(node, items)
        if isinstance(node.value, dict):
            return self._mapping(node, path)
        if not has_expression(node):
            return Template(node)
        try:
            return Computed(node, operand(node))
        except ExpressionError as error:
            return Broken(node, fault(node, error))

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
                return AnyOf(node, tuple(self.node(item, path) for item in body.value))
            return Broken(node, body.mark.diagnostic("expected a list of values to choose from"))
        try:
            return Drawn(node, distribution(node))
        except DistributionError as error:
            return Broken(node, error.node.mark.diagnostic(error.message, hint=error.hint))

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
            return Row(node, self.node(count, path), self.node(spacing, path), one)
        return Row(node, self.node(repeat, path), None, one)

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
            return Broken(node, use.mark.diagnostic("expected a fragment's name, or {name: {argument: value}}"))
        if name not in self._fragments:
            return Broken(node, self._unknown(name, mark))
        if not isinstance(given.value, dict) and given.value is not None:
            return Broken(node, given.mark.diagnostic("expected a mapping of arguments"))
        entries = given.value.items() if isinstance(given.value, dict) else ()
        arguments = tuple((key, entry.mark, self.node(entry.node, path)) for key, entry in entries)
        rest = node.without("use")
        own = self._plain(rest, path)
        keys = rest.value.items() if isinstance(rest.value, dict) else ()
        fixed = tuple((key, entry.mark, Template(entry.node)) for key, entry in keys)
        return Used(node, name, arguments, own if isinstance(own, Branching) else Branching(rest, fixed), mark)

    def _unknown(self, name: str, mark: Mark) -> Diagnostic:
        hint = meant_or_known(name, self._fragments) if self._fragments else "the file has no fragments"
        return mark.diagnostic(f"unknown fragment {shown(name)}", hint=hint)
