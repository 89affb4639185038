"""What a YAML parser complains about, in an author's words."""

from __future__ import annotations

import re

import yaml

_WORDS = {
    "found a tab character that violates indentation": "a tab cannot indent; use spaces",
    "found unexpected end of stream": "this quote is never closed",
    "found unknown escape character": "a backslash in double quotes starts an escape that YAML does not know",
    "found unexpected ':'": "a ':' must be followed by a space",
    "did not find expected node content": "a value is missing",
    "could not find expected ':'": "a key without a ':' after it",
    "mapping values are not allowed in this context": "a ':' cannot stand here",
    "did not find expected key": "not a key, and not a continuation of the line before",
    "did not find expected '-' indicator": "a '- ' was expected here, to continue the list",
    "did not find expected <document start>": "indented less than the lines before",
    "found undefined tag handle": "tags such as '!name' are not part of the language",
    "found unknown directive name": "directives such as '%name' are not part of the language",
    "did not find expected comment or line break": "only a comment may follow '|' or '>' on its line",
    "did not find expected alphabetic or numeric character": "a name must follow '&' or '*' at once",
}
_HINTS = {
    "found unknown escape character": "use single quotes",
    "mapping values are not allowed in this context": "check the indentation, or quote a text that holds ': '",
    "did not find expected key": "check the indentation and the quotes",
    "did not find expected <document start>": "all keys of a mapping stand in the same column",
}
_AT_CONTEXT = {"found unexpected end of stream", "found unknown directive name", "could not find expected ':'"}
_CLOSERS = {"did not find expected ',' or ']'": "[", "did not find expected ',' or '}'": "{"}


def plain_words(error: yaml.MarkedYAMLError, text: str) -> tuple[int, int, str, str]:
    """Line, column (from 1), message and hint for an error of libyaml or PyYAML."""
    problem = error.problem or "is not YAML"
    mark = error.problem_mark or error.context_mark
    if problem in _CLOSERS:
        return _unclosed(error, text)
    if problem in _AT_CONTEXT and error.context_mark is not None:
        mark = error.context_mark
    if mark is None:
        return 1, 1, problem, ""
    lines = text.splitlines() or [""]
    if problem.startswith("found character") and mark.line < len(lines):
        message, hint = _stray(lines[mark.line][mark.column : mark.column + 1])
    elif problem == "did not find expected node content" and mark.line < len(lines):
        message, hint = (
            f"a value is missing before {lines[mark.line][mark.column : mark.column + 1] or 'the end'!r}",
            "",
        )
    else:
        message, hint = _WORDS.get(problem, problem), _HINTS.get(problem, "")
    if mark.line >= len(lines):
        return len(lines), len(lines[-1]) + 1, f"{message}; the text ends here", hint
    return mark.line + 1, mark.column + 1, message, hint


def _stray(character: str) -> tuple[str, str]:
    if character == "\t":
        return "a tab cannot indent; use spaces", ""
    return f"a plain text cannot start with {character!r}", "put it in quotes"


def _unquoted(lines: list[str], number: int) -> bool:
    """Whether an expression stands in this line without quotes; inside { } and [ ] it needs them."""
    line = lines[number] if number < len(lines) else ""
    return any(line[: match.start()].count(quote) % 2 == 0 for match in re.finditer(r"\$\{", line) for quote in '"')


def _unclosed(error: yaml.MarkedYAMLError, text: str) -> tuple[int, int, str, str]:
    opener = _CLOSERS[str(error.problem)]
    start, stop = error.context_mark, error.problem_mark
    at = start or stop
    if at is None:
        return 1, 1, f"a {opener!r} is not closed", ""
    if stop is not None and _unquoted(text.splitlines(), stop.line):
        line = text.splitlines()[stop.line]
        return stop.line + 1, line.index("${") + 1, "inside { } and [ ] an expression needs quotes", 'write "${...}"'
    lines = len(text.splitlines())
    if stop is None or stop.line >= lines:
        return at.line + 1, at.column + 1, f"this {opener!r} is never closed", ""
    closer = {"[": "]", "{": "}"}[opener]
    return (
        stop.line + 1,
        stop.column + 1,
        f"',' or {closer!r} was expected here",
        f"the {opener!r} is in line {at.line + 1}, column {at.column + 1}",
    )
