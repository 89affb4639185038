"""Arithmetic with units, and everything that it refuses."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadlab.scenario.expressions import ExpressionError, Measure, Scope, evaluate, parse
from roadlab.scenario.expressions.syntax import MAX_LENGTH

SCOPE = Scope(
    {
        "gap": Measure(8.0, (("m", 1),)),
        "index": Measure(3),
        "ego_speed": Measure(12.5, (("m", 1), ("s", -1))),
        "surface": "wet",
        "night": True,
    }
)


def value(text: str) -> object:
    found = evaluate(parse(text), SCOPE)
    return found.written() if isinstance(found, Measure) else found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30 m + index * gap", "54 m"),
        ("ego_speed * 1.2", "15 m/s"),
        ("45 km/h", "12.5 m/s"),
        ("36 km/h + 2 m/s", "12 m/s"),
        ("10 m/gap", "1.25"),
        ("ego_speed * 2 s", "25 m"),
        ("ego_speed / 5 s", "2.5 m/s2"),
        ("ego_speed ** 2 / (2 * gap)", "9.765625 m/s2"),
        ("sqrt(gap * 2 m)", "4 m"),
        ("1/60 m", f"{1 / 60!r} 1/m"),
        ("-1 - index", "-4"),
        ("-2 ** 2", "-4"),
        ("7 % 4", "3"),
        ("2 * (3 + 4)", "14"),
        ("max(gap, 3 m, 1 km)", "1000 m"),
        ("min(4, index)", "3"),
        ("abs(-gap)", "8 m"),
        ("round(2.6) + floor(2.6) + ceil(2.1)", "8"),
        ("sin(30 deg) * 2", "0.9999999999999999"),
        ("atan2(gap, gap)", repr(math.pi / 4)),
        ("gap if surface == 'wet' else 2 * gap", "8 m"),
        ("2 m if gap > 9 m else 3 m", "3 m"),
        ("1 / 2 s", "0.5 Hz"),
        ("1 m < gap < 9 m", True),
        ("gap in [1 m, 8 m]", True),
        ("gap in [1 m, 3 m]", False),
        ("not night or gap > 100 m", False),
        ("night and not (gap > 100 m)", True),
        ("'a' != surface", True),
    ],
)
def test_expressions_keep_their_units(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("gap + 2", 4, "a length and a plain number cannot be added"),
        ("gap + ego_speed", 4, "a length and a speed cannot be added"),
        ("gap < 2 s", 4, "a length and a duration cannot be compared"),
        ("gapp * 2", 0, "unknown name 'gapp'"),
        ("2 * 3 foo", 6, "'foo' is not a unit"),
        ("gap $ 2", 4, "'$' means nothing"),
        ("(gap", 4, "expected ')'"),
        ("gap gap", 4, "'gap' was not expected here"),
        ("", 0, "an expression is missing"),
        ("3 +", 3, "expected a value, found the end"),
        ("'open", 0, "this quote is never closed"),
        ("gap / 0", 4, "a division by zero"),
        ("1 / (gap - 8 m)", 2, "a division by zero"),
        ("9 ** 9 ** 9", 2, "an exponent is a plain number from -16 to 16"),
        ("sqrt(gap)", 0, "a length has no square root"),
        ("sqrt(-4)", 0, "a negative number has no square root"),
        ("log(0)", 0, "log is not defined for 0"),
        ("sin(gap)", 0, "sin takes a plain number or an angle, not a length"),
        ("sine(1)", 0, "there is no function 'sine'"),
        ("eval('1')", 0, "there is no function 'eval'"),
        ("gap.real", 3, "'.' means nothing"),
        ("__import__('os')", 0, "there is no function '__import__'"),
        ("surface + 1", 0, "expected a number, found 'wet'"),
        ("2 if gap else 3", 5, "expected a condition such as a < b, found a length"),
        ("1e300 * 1e300", 6, "the result is not a finite number"),
        ("(" * 50 + "1" + ")" * 50, 24, "nested more than 24 levels deep"),
        ("-" * 400 + "1", 399, "at most 200 parts"),
        ("1+" * MAX_LENGTH, 0, f"at most {MAX_LENGTH} characters"),
        ("a[0]", 0, "is an actor and has no value"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_place(text, at, words):
    with pytest.raises(ExpressionError) as caught:
        value(text)
    assert words in caught.value.message
    if "parts" not in words:
        assert caught.value.at == at


@given(st.text(alphabet="01.9e+-*/%()[]<>=!,'\"ab mskgifnotrd$ {}é\n", max_size=60))
@settings(max_examples=400, deadline=None)
def test_any_text_gives_a_value_or_an_error(text):
    at = 0
    try:
        found = evaluate(parse(text), SCOPE)
    except ExpressionError as error:
        found, at = True, error.at
    assert isinstance(found, Measure | str | bool)
    assert 0 <= at <= len(text)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
@settings(deadline=None)
def test_arithmetic_is_that_of_floating_point(a, b):
    scope = Scope({"a": Measure(a), "b": Measure(b)})
    for text, expected in (("a + b", a + b), ("a - b", a - b), ("a * b", a * b), ("max(a, b)", max(a, b))):
        found = evaluate(parse(text), scope)
        assert isinstance(found, Measure)
        assert found.number == expected


def test_a_written_value_is_read_back_exactly():
    number = 0.1 + 0.2
    text = Measure(number, (("m", 1), ("s", -1))).written()
    assert evaluate(parse(text), Scope()).number == number
