"""Numbers as they are written."""

import time
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
    ("text", "squeezed"),
    [
        ("$x  =  5$", "x=5"),
        ("1 2", "1 2"),
        ("60, 120", "60, 120"),
        (r"1\,234", "1234"),
        (r"1.2 \times 10^{3}", r"1.2\times 10^{3}"),
        ("0.33...", "0.33..."),
        (r"\left( 2 \right).", "(2)"),
    ],
)
def test_space_goes_where_it_means_nothing(text: str, squeezed: str) -> None:
    assert plain.squeeze(text) == squeezed


@pytest.mark.parametrize(
    ("stated", "printed", "equal"),
    [
        ("12", "1 2", None),
        ("60120", "60, 120", None),
        (r"1.24 \times 10^{-5}", "1.2345e-05", False),
        (r"5.97 \times 10^{24}", "5.97 x 10^24", True),
        ("1/7", "0.14285714", True),  # as numpy shows it
        ("92299.388387", "92299.388", False),
        ("56.0726...", "56.072679", True),
        ("0", "1.2e-16", True),
        ("0", "0.0001", False),
        ("3", "2.99", False),
        ("x", "y", None),
    ],
)
def test_plain_numbers_are_compared_at_once(stated: str, printed: str, equal: bool | None) -> None:
    assert plain.quick(stated, printed, rounded=False) is equal


@pytest.mark.parametrize("text", ["9" * 10**6, " ," * 10**5, r"\,1" * 10**5, "1e" * 10**5, "1," * 10**5, ". " * 10**5])
def test_long_texts_take_linear_time(text: str) -> None:
    start = time.process_time()
    plain.quick(text, text + "1", rounded=False)
    assert time.process_time() - start < 2
