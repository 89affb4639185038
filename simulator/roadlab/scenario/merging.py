"""How a file overrides another: mappings merge key by key, everything else replaces."""

from __future__ import annotations

from roadlab.scenario.distributions import distribution_key
from roadlab.scenario.document import Entry, Node, branch


def merged(base: Node, own: Node, key: str = "") -> Node:
    """`own` over `base`.

    Mappings are merged; lists and single values replace. So does a mapping that says anew what it is: one with the key
    `type`, a distribution, or a place (`at`) with other keys than the one below it. `~` removes what it stands for.
    """
    if not isinstance(base.value, dict) or not isinstance(own.value, dict) or _says_anew(base, own, key):
        return own
    entries = dict(base.value)
    for name, entry in own.value.items():
        below = entries.get(name)
        if below is not None and _removes(entry.node):
            del entries[name]
        else:
            entries[name] = Entry(entry.mark, merged(below.node, entry.node, name) if below is not None else entry.node)
    return branch(own.mark, entries)


def _says_anew(base: Node, own: Node, key: str) -> bool:
    if not isinstance(own.value, dict) or not isinstance(base.value, dict):
        return True
    if "type" in own.value or distribution_key(own) or distribution_key(base):
        return True
    return key == "at" and not own.value.keys() <= base.value.keys()


def _removes(node: Node) -> bool:
    return node.value is None and bool(node.text)
