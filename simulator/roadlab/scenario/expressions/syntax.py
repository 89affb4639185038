"""The grammar of expressions: quantities, names, arithmetic, comparisons, `and`, `or`, `not`, `a if b else c`, calls.

Numbers carry their units (`30 m + index * gap`); an interval is written `x in [a, b]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadlab.errors import RoadlabError
from roadlab.scenario.quantities import unit_of

MAX_LENGTH = 500
"""Characters of an expression."""
MAX_DEPTH = 24
"""Parentheses, calls and signs inside one another."""
MAX_NODES = 200

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]{0,63})"
    r"|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*/%^<>()\[\],=]))",
    re.ASCII,
)
_UNIT = re.compile(r"[ ]*([A-Za-z°]{1,16}(?:/[A-Za-z]{1,16}[2²]?|/[A-Za-z]{1,16}\^2)?)")
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_KEYWORDS = ("and", "or", "not", "if", "else", "in", "true", "false")


class ExpressionError(RoadlabError):
    """An expression that cannot be read or computed; `at` is the place in its text, from 0."""

    def __init__(self, message: str, at: int, hint: str = "") -> None:
        self.message, self.at, self.hint = message, at, hint
        super().__init__(message)


class UndefinedError(ExpressionError):
    """An expression that cannot be computed with these numbers, and perhaps with others."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A node of the syntax tree: what it does, to what, and where in the text."""

    kind: str
    """number, text, truth, name, item, call, sign, not, binary, compare, and, or, if, in."""
    at: int
    value: object = None
    """A literal, a name, or an operator."""
    parts: tuple[Expression, ...] = ()
    labels: tuple[str, ...] = ()
    """Of a call: the name of each argument, or empty."""

    def walk(self) -> Iterator[Expression]:
        """This node and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def names(self) -> tuple[str, ...]:
        """Names that stand for values, each once, in order."""
        return tuple(dict.fromkeys(str(node.value) for node in self.walk() if node.kind in ("name", "item")))


def parse(text: str) -> Expression:
    """The syntax tree of an expression; ExpressionError with a place."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression has at most {MAX_LENGTH} characters, not {len(text)}", 0)
    return _Parser(text).whole()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int
    value: object = None


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            quote = text[start] in "'\""
            raise ExpressionError(
                "this quote is never closed" if quote else f"{text[start]!r} means nothing in an expression", start
            )
        kind = str(match.lastgroup)
        start, at = match.start(kind), match.end()
        if kind == "number":
            unit, at = _unit(text, at)
            yield _Token(kind, text[start:at], start, (_number(match[kind], start), unit))
        else:
            yield _Token(kind, match[kind], start)
    yield _Token("end", "", len(text.rstrip()))


def _number(text: str, at: int) -> int | float:
    value = int(text) if text.isdigit() and len(text) < 16 else float(text)
    if abs(value) > 1e300:
        raise ExpressionError(f"{text} is too large a number", at)
    return value


def _unit(text: str, at: int) -> tuple[str, int]:
    """The longest unit that stands right after a number, and where it ends."""
    match = _UNIT.match(text, at)
    if match is None:
        return "", at
    for unit in (match[1], match[1].partition("/")[0]):
        end = match.start(1) + len(unit)
        if unit not in _KEYWORDS and unit_of(unit) is not None and not text[end : end + 1].isalnum():
            return unit, end
    word = match[1].partition("/")[0]
    if word not in _KEYWORDS and not text[match.start(1) + len(word) :].lstrip().startswith("("):
        raise ExpressionError(f"{word!r} is not a unit; a product is written with *", match.start(1))
    return "", at


class _Parser:
    """Precedence climbing; each method reads one level of the grammar."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0
        self._count = 0

    def whole(self) -> Expression:
        if self._peek.kind == "end":
            raise ExpressionError("an expression is missing", 0)
        found = self._ternary()
        if self._peek.kind != "end":
            raise ExpressionError(f"{self._peek.text!r} was not expected here", self._peek.at)
        return found

    @property
    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._peek
        self._next += token.kind != "end"
        return token

    def _accept(self, *texts: str) -> _Token | None:
        if self._peek.kind in ("sign", "word") and self._peek.text in texts:
            return self._take()
        return None

    def _expect(self, text: str, what: str) -> None:
        if self._accept(text) is None:
            found = repr(self._peek.text) if self._peek.kind != "end" else "the end"
            raise ExpressionError(f"expected {text!r} {what}, found {found}", self._peek.at)

    def _node(
        self, kind: str, at: int, value: object = None, parts: tuple[Expression, ...] = (), labels: tuple[str, ...] = ()
    ) -> Expression:
        self._count += 1
        if self._count > MAX_NODES:
            raise ExpressionError(f"an expression has at most {MAX_NODES} parts", at)
        return Expression(kind, at, value, parts, labels)

    def _ternary(self) -> Expression:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(f"nested more than {MAX_DEPTH} levels deep", self._peek.at)
        found = self._either()
        if token := self._accept("if"):
            condition = self._either()
            self._expect("else", "after 'if'")
            found = self._node("if", token.at, None, (condition, found, self._ternary()))
        self._depth -= 1
        return found

    def _either(self) -> Expression:
        found = self._both()
        while token := self._accept("or"):
            found = self._node("or", token.at, None, (found, self._both()))
        return found

    def _both(self) -> Expression:
        found = self._negation()
        while token := self._accept("and"):
            found = self._node("and", token.at, None, (found, self._negation()))
        return found

    def _negation(self) -> Expression:
        signs = []
        while token := self._accept("not"):
            signs.append(token.at)
        found = self._comparison()
        for at in reversed(signs):
            found = self._node("not", at, None, (found,))
        return found

    def _comparison(self) -> Expression:
        """`a < b < c` is `a < b and b < c`."""
        first, found = self._sum(), None
        while token := self._accept(*_COMPARISONS, "in"):
            if token.text == "in":
                self._expect("[", "with two bounds")
                low = self._sum()
                self._expect(",", "between the bounds")
                high = self._sum()
                self._expect("]", "after the bounds")
                piece = self._node("in", token.at, None, (first, low, high))
                second = first
            else:
                second = self._sum()
                piece = self._node("compare", token.at, token.text, (first, second))
            found = piece if found is None else self._node("and", token.at, None, (found, piece))
            first = second
        return first if found is None else found

    def _sum(self) -> Expression:
        found = self._product()
        while token := self._accept("+", "-"):
            found = self._node("binary", token.at, token.text, (found, self._product()))
        return found

    def _product(self) -> Expression:
        found = self._signed()
        while token := self._accept("*", "/", "%"):
            found = self._node("binary", token.at, token.text, (found, self._signed()))
        return found

    def _signed(self) -> Expression:
        signs = []
        while token := self._accept("-", "+"):
            signs.append(token)
        found = self._power()
        for token in reversed(signs):
            found = self._node("sign", token.at, token.text, (found,))
        return found

    def _power(self) -> Expression:
        base = self._atom()
        token = self._accept("**", "^")
        if token is None:
            return base
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(f"nested more than {MAX_DEPTH} levels deep", token.at)
        exponent = self._signed()
        self._depth -= 1
        return self._node("binary", token.at, "**", (base, exponent))

    def _atom(self) -> Expression:
        token = self._take()
        if token.kind == "number":
            return self._node("number", token.at, token.value)
        if token.kind == "text":
            return self._node("text", token.at, token.text[1:-1])
        if token.kind == "word":
            return self._named(token)
        if token.text == "(":
            found = self._ternary()
            self._expect(")", "to close the parenthesis")
            return found
        found_text = repr(token.text) if token.kind != "end" else "the end"
        raise ExpressionError(f"expected a value, found {found_text}", token.at)

    def _named(self, token: _Token) -> Expression:
        if token.text in ("true", "false"):
            return self._node("truth", token.at, token.text == "true")
        if token.text in _KEYWORDS:
            raise ExpressionError(f"expected a value, found {token.text!r}", token.at)
        if self._accept("("):
            return self._call(token)
        if self._accept("["):
            index = self._ternary()
            self._expect("]", "to close the index")
            return self._node("item", token.at, token.text, (index,))
        return self._node("name", token.at, token.text)

    def _call(self, token: _Token) -> Expression:
        arguments: list[Expression] = []
        labels: list[str] = []
        while not self._accept(")"):
            if arguments:
                self._expect(",", "or ')' after an argument")
            label = self._label()
            arguments.append(self._ternary())
            labels.append(label)
        return self._node("call", token.at, token.text, tuple(arguments), tuple(labels))

    def _label(self) -> str:
        ahead = self._tokens[self._next : self._next + 2]
        if len(ahead) == 2 and ahead[0].kind == "word" and ahead[1].text == "=":
            self._next += 2
            return ahead[0].text
        return ""
