"""Numbers with units."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from roadlab.scenario import quantities as q


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (q.Length, 12, 12.0),
        (q.Length, "12", 12.0),
        (q.Length, "12 m", 12.0),
        (q.Length, "12m", 12.0),
        (q.Length, " 1.5 km ", 1500.0),
        (q.Length, "-3 cm", -0.03),
        (q.Length, "1 ft", 0.3048),
        (q.Length, "1 mi", 1609.344),
        (q.Length, "1/4 km", 250.0),
        (q.Duration, "500 ms", 0.5),
        (q.Duration, "1.5 min", 90.0),
        (q.Duration, "1 h", 3600.0),
        (q.Duration, "20 us", 20e-6),
        (q.Speed, "36 km/h", 10.0),
        (q.Speed, "36 km / h", 10.0),
        (q.Speed, "60 mph", 26.8224),
        (q.Speed, "1e1 m/s", 10.0),
        (q.Acceleration, "2 m/s2", 2.0),
        (q.Acceleration, "2 m/s^2", 2.0),
        (q.Acceleration, "2 m/s²", 2.0),
        (q.Acceleration, "0.5 g", 4.903325),
        (q.Angle, "180 deg", math.pi),
        (q.Angle, "90°", math.pi / 2),
        (q.Angle, "-1 rad", -1.0),
        (q.Curvature, "1/60 m", 1 / 60),
        (q.Curvature, "1/60", 1 / 60),
        (q.Curvature, "0.02 1/m", 0.02),
        (q.Curvature, "-1/120 m", -1 / 120),
        (q.Frequency, "10 Hz", 10.0),
        (q.Frequency, "10 1/s", 10.0),
    ],
)
def test_a_quantity_is_read_in_si_units(kind, text, value):
    assert TypeAdapter(kind).validate_python(text) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (q.Speed, "fast", "expected a speed such as '45 km/h'"),
        (q.Speed, True, "expected a speed"),
        (q.Speed, None, "expected a speed"),
        (q.Speed, [1], "expected a speed"),
        (q.Speed, "", "expected a speed"),
        (q.Speed, "4 5 km/h", "is not a unit of speed"),
        (q.Speed, "45 m", "'m' is not a unit of speed"),
        (q.Speed, "45 KM/H", "'KM/H' is not a unit of speed"),
        (q.Acceleration, "1 fortnight", "is not a unit of acceleration"),
        (q.Length, "1/0 m", "not a division by zero"),
        (q.Length, "1e300 m", "at most 1000000 m"),
        (q.Length, float("nan"), "at most 1000000 m"),
        (q.Length, 10**400, "at most 1000000 m"),
        (q.Length, "9**9**9 m", "is not a unit"),
        (q.Length, "1 9**9**9", "is not a unit"),
        (q.Length, "1 lambda", "is not a unit"),
        (q.Length, "1" * 100, "expected a length"),
        (q.Length, "٣ m", "expected a length"),
        (q.PositiveLength, "0 m", "greater than 0"),
        (q.Duration, "-1 s", "greater than or equal to 0"),
    ],
)
def test_what_is_no_quantity_is_refused_in_words(kind, text, words):
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(text)
    assert words in str(caught.value)


@given(st.text(max_size=80))
def test_any_text_is_a_length_or_refused(text):
    try:
        value = TypeAdapter(q.Length).validate_python(text)
    except ValidationError:
        return
    assert math.isfinite(value)


@given(st.floats(-1e6, 1e6))
def test_a_number_is_itself(value):
    assert TypeAdapter(q.Length).validate_python(value) == value
    assert TypeAdapter(q.Length).validate_python(repr(value)) == pytest.approx(value, rel=1e-15)
