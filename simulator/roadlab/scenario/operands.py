"""Scalars of a document as values to compute with, and expressions in their text: `${gap * 2}`."""

from __future__ import annotations

from dataclasses import dataclass

from roadlab.errors import Diagnostic
from roadlab.scenario.document import Node, scalar
from roadlab.scenario.expressions import Expression, ExpressionError, Measure, Scope, Value, evaluate, parse
from roadlab.scenario.quantities import measure_of, unit_of


@dataclass(frozen=True, slots=True)
class Operand:
    """A scalar: a constant, one expression, or a text with expressions in it."""

    node: Node
    pieces: tuple[str | Piece, ...] = ()
    """Texts and expressions in turn; empty for a constant."""
    fixed: Value | None = None
    """What a constant is worth."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names that its expressions use."""
        return tuple(name for piece in self.pieces if isinstance(piece, Piece) for name in piece.expression.names)

    def value(self, scope: Scope) -> Value:
        """What it is; ExpressionError, with the place in the scalar's text."""
        if not self.pieces:
            return constant(self.node) if self.fixed is None else self.fixed
        if len(self.pieces) == 1 and isinstance(self.pieces[0], Piece):
            return self.pieces[0].value(scope)
        texts = [piece if isinstance(piece, str) else _inserted(piece.value(scope)) for piece in self.pieces]
        return "".join(texts)

    def node_in(self, scope: Scope) -> Node:
        """The scalar with its expressions computed."""
        return node_of(self.value(scope), self.node, self.node.text) if self.pieces else self.node


@dataclass(frozen=True, slots=True)
class Piece:
    """An expression inside a text."""

    expression: Expression
    start: int
    """Where it begins in the text."""

    def value(self, scope: Scope) -> Value:
        """Its value; ExpressionError with the place in the text."""
        try:
            return evaluate(self.expression, scope)
        except ExpressionError as error:
            raise ExpressionError(error.message, error.at + self.start, error.hint) from None


def operand(node: Node) -> Operand:
    """The scalar's operand; ExpressionError where an expression in it cannot be read."""
    if not has_expression(node):
        return Operand(node, fixed=constant(node))
    return Operand(node, tuple(_pieces(str(node.value))))


def has_expression(node: Node) -> bool:
    """Whether a scalar holds `${...}`."""
    return isinstance(node.value, str) and "${" in node.value


def _pieces(text: str) -> list[str | Piece]:
    pieces: list[str | Piece] = []
    at = 0
    while (start := text.find("${", at)) >= 0:
        end = _closing(text, start + 2)
        if start > at:
            pieces.append(text[at:start])
        try:
            pieces.append(Piece(parse(text[start + 2 : end]), start + 2))
        except ExpressionError as error:
            raise ExpressionError(error.message, error.at + start + 2, error.hint) from None
        at = end + 1
    if at < len(text):
        pieces.append(text[at:])
    return pieces


def _closing(text: str, start: int) -> int:
    quote = ""
    for at in range(start, len(text)):
        if quote:
            quote = "" if text[at] == quote else quote
        elif text[at] in "'\"":
            quote = text[at]
        elif text[at] == "}":
            return at
    raise ExpressionError("this '${' is never closed", start - 2)


def _inserted(value: Value) -> str:
    if isinstance(value, Measure):
        return value.written()
    return str(value).lower() if isinstance(value, bool) else str(value)


def constant(node: Node) -> Value:
    """The value of a scalar: a number with or without a unit, a truth, or else a text."""
    if isinstance(node.value, bool):
        return node.value
    if isinstance(node.value, int | float):
        if not abs(node.value) < 1e300:
            raise ExpressionError("expected a finite number", 0)
        return Measure(node.value, (), node.text)
    text = str(node.value) if node.value is not None else ""
    found = measure_of(text)
    if found is None:
        return text
    unit = text.lstrip("0123456789.+-eE /")
    known = unit_of(unit) if unit else None
    return Measure(found[0], found[1], text, unit if known is not None and known[1] == found[1] else "")


def node_of(value: Value, at: Node, computed: str = "") -> Node:
    """The value as a scalar of a document that stands where `at` does."""
    if isinstance(value, Measure):
        text = value.written()
        plain = value.number
        if value.dimensions or (value.text and not isinstance(plain, int | float)):
            return scalar(at.mark, text, text, computed)
        whole = isinstance(plain, float) and plain.is_integer() and abs(plain) < 1e15
        return scalar(at.mark, int(plain) if whole else plain, text, computed)  # type: ignore[arg-type]
    if isinstance(value, bool):
        return scalar(at.mark, value, str(value).lower(), computed)
    return scalar(at.mark, str(value), str(value), computed)


def fault(node: Node, error: ExpressionError, path: str = "") -> Diagnostic:
    """The error at its place in the scalar."""
    written = str(node.value) if isinstance(node.value, str) else node.text
    return node.mark.at_text(written, error.at).diagnostic(error.message, path=path, hint=error.hint)
