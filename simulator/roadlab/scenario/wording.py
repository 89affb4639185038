"""Pieces of messages: values, lists of names, and what may have been meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_MOST_NAMES = 20
_MOST_COMPARED = 1000
_LONGEST_WORD = 64


def shown(value: object) -> str:
    """A value in a message: quoted, on one line, and short."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:50]}...{text[-1]}"


def closest(word: str, names: Iterable[str]) -> str | None:
    """The name that `word` may have meant."""
    close = difflib.get_close_matches(word, list(names)[:_MOST_COMPARED], n=1) if len(word) <= _LONGEST_WORD else []
    return close[0] if close else None


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """A hint with the name that `word` may have meant; empty when none is close."""
    close = closest(word, names)
    return f"did you mean {close!r}?" if close else ""


def meant_or_known(word: str, names: Iterable[str]) -> str:
    """A hint with the name that `word` may have meant, or else with the names that there are."""
    known = list(names)
    return did_you_mean(word, known) or f"expected one of {listed(known)}"


def listed(names: Iterable[str]) -> str:
    """Names for a message, not too many."""
    known = list(names)
    return ", ".join(known[:_MOST_NAMES]) + (", ..." if len(known) > _MOST_NAMES else "")
