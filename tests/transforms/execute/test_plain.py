"""Numbers as they are written."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.execute import plain


@pytest.mark.parametrize(
    ("text", "value", "place"),
    [
        ("42", Fraction(42), None),
        ("-4.20", Fraction(-21, 5), Fraction(1, 100)),
        (".5", Fraction(1, 2), Fraction(1, 10)),
        ("1,234,567", Fraction(1234567), None),
        ("$1{,}234$", Fraction(1234), None),
        ("1e-3", Fraction(1, 1000), Fraction(1, 1000)),
        (r"1.5 \times 10^{3}", Fraction(1500), Fraction(100)),
        (r"\dfrac{-1}{4}", Fraction(-1, 4), None),
        ("7/2", Fraction(7, 2), None),
        (r"\$5.", Fraction(5), None),
    ],
)
def test_reads(text: str, value: Fraction, place: Fraction | None) -> None:
    number = plain.number(text)
    assert number is not None
    assert (number.value, number.place) == (value, place)


@pytest.mark.parametrize("text", ["", "x", "1,2", "12,34", "1/0", "1e999999999", "9" * 5000, "--1", "1.2.3", "."])
def test_does_not_read(text: str) -> None:
    assert plain.number(text) is None


@given(st.text(alphabet="0123456789.,eE+-/\\{}frac$% x^*", max_size=40))
def test_any_text_is_read_or_not(text: str) -> None:
    plain.number(text)


@given(st.fractions(min_value=-1000, max_value=1000, max_denominator=500))
def test_a_number_is_itself(value: Fraction) -> None:
    number = plain.number(f"{value.numerator}/{value.denominator}")
    assert number is not None
    assert number.value == value
    assert plain.same_number(number, number, rounded=False)


@pytest.mark.parametrize(
    ("line", "rest"), [("The area is 5", "5"), ("Result: 5", "5"), ("x = 5", "x = 5"), ("{x: 5}", "{x: 5}"), ("5", "5")]
)
def test_labels_go(line: str, rest: str) -> None:
    assert plain.without_label(line) == rest
