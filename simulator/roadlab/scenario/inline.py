"""Random values that stand where a value belongs: dimensions of a sampling design, as random parameters are.

Those of a row's members and those inside the items of an `any` are no dimensions: chance alone decides them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from roadlab.scenario.designs import Axis
from roadlab.scenario.document import DocPath, Node, written
from roadlab.scenario.fragments import Fragment
from roadlab.scenario.template import MAX_USES, AnyOf, Branching, Drawn, Listing, Template, Used

MAX_INLINE = 500
"""Further ones are left to chance."""


@dataclass(frozen=True, slots=True)
class Inline:
    """A random value at a place of the file."""

    path: DocPath
    template: Drawn | AnyOf

    @property
    def name(self) -> str:
        """Its place, such as `actors.ego.speed`."""
        return written(self.path)

    @property
    def key(self) -> str:
        """Its name among those of parameters, none of which is like this."""
        return f"@{self.name}"

    @property
    def axis(self) -> Axis:
        """As designs see it."""
        if isinstance(self.template, Drawn):
            return Axis(self.key, tuple(self.template.rule.levels()))
        count = len(self.template.items)
        return Axis(self.key, tuple((k + 0.5) / count for k in range(count)))


def inline_values(
    template: Template, fragments: Mapping[str, tuple[Fragment, Template]], path: DocPath = (), uses: int = 0
) -> Iterator[Inline]:
    """All of a document, in its order."""
    if isinstance(template, Drawn | AnyOf):
        yield Inline(path, template)
    elif isinstance(template, Branching):
        for key, _, child in template.entries:
            yield from inline_values(child, fragments, (*path, key), uses)
    elif isinstance(template, Listing):
        for number, child in enumerate(template.items):
            if isinstance(child, Used):
                break  # it may become several items, after which the others have other numbers
            yield from inline_values(child, fragments, (*path, number), uses)
    elif isinstance(template, Used) and uses < MAX_USES:
        for name, _, child in template.arguments:
            yield from inline_values(child, fragments, (*path, "use", name), uses)
        for one in inline_values(fragments[template.fragment][1], fragments, path, uses + 1):
            if not _replaced(template.own.node, one.path[len(path) :]):
                yield one
        yield from inline_values(template.own, fragments, path, uses)


def _replaced(keys: Node, path: DocPath) -> bool:
    """Whether the keys beside a `use` put something else at a path of the fragment."""
    node: Node | None = keys
    for part in path:
        node = node.child(part) if node is not None else None
        if node is None or not isinstance(node.value, dict):
            break
    return node is not None
