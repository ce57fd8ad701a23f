"""Quantities in parts, mappings, small numbers, and what sympy and numpy print around a value."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.execute.compare import compare

_POWER = "Piecewise((x**(n + 1)/(n + 1), Ne(n, -1)), (log(x), True))"
_SPACES = "[(1, 1, [Matrix([\n[-1],\n[ 1]])]), (3, 1, [Matrix([\n[1],\n[1]])])]"
_REDUCED = "(Matrix([\n[1, 0, 2],\n[0, 1, 3]]), (0, 1))"
EQUAL = [
    (r"1 \text{ h } 15 \text{ min}", "75 minutes"),
    (r"t = 1 \text{ h } 15 \text{ min}", "t = 1.25"),
    ("5 feet, 3 inches", "63"),
    ("3 days and 4 hours", "76 hours"),
    ("2h 20m", "2:20:00"),
    ("90 minutes", "1:30"),
    ("1 day 2 hours", "1 day, 2:00:00"),
    (r"3 \text{ dollars } 25 \text{ cents}", "3.25"),
    ("2 hours 20 minutes", "The trip takes 2 hours 20 minutes."),
    ("the train travels $180$ miles in 3 hours", "The train travels 180 miles."),
    (r"\frac{1}{2^{50}}", "8.881784197001252e-16"),
    ("e^{-40}", "4.248354255291589e-18"),
    ("2i", "(1.2e-16+2j)"),
    (r"\{x: 3, y: -1\}", "{y: -1, x: 3}"),
    (r"\{x: 3, y: -1\}", "x = 3\ny = -1"),
    (r"\{2: 4, 3: 2\}", "{2: 4, 3: 2}"),
    (r"\{5: 1\}", "Counter({5: 1})"),
    (r"\{2: 4, 3: 2, \ldots\}", "{2: 4, 3: 2, 5: 1}"),
    (r"\{\text{a}: 4, \text{b}: 2\}", "{'a': 4, 'b': 2}"),
    (r"P(\frac12, 3)", "Point2D(1/2, 3)"),
    ("A(1,2), B(3,4)", "[Point2D(1, 2), Point2D(3, 4)]"),
    (r"\begin{pmatrix}1&0&2\\0&1&3\end{pmatrix}", _REDUCED),
    (r"\lambda = 1, 3", _SPACES),
    (r"\lambda = 2", "[(2, 2, [Matrix([[1],[0]]), Matrix([[0],[1]])])]"),
    (r"1, 2, 4, 8, \ldots, 64", "[ 1  2  4  8 16\n 32 64]"),
    (r"\{1, 2, 4, \ldots, 64\}", "{1, 2, 4, 8, 16, 32, 64}"),
    (r"\frac{x^{n+1}}{n+1} + C \quad (n \ne -1)", _POWER),
    ("y = -6, z = 8, x = 1/2", "{(1/2, -6, 8)}"),
    ("y = 2, x = 1", "[(1, 2)]"),
    ("y = 2, x = 1", "(2, 1)"),
    (r"\text{Thursday}", "Thursday"),
]
DIFFERENT = [
    ("2 hours 20 minutes", "2 hours 30 minutes"),
    ("2 hours 20 minutes", "2 hours"),
    ("2 hours 20 minutes", "The trip takes 2 hours 30 minutes."),
    ("1 h 30 min", "1:31"),
    ("5 ft 3 in", "64 inches"),
    ("The car drives 180 miles in 3 hours", "180 km"),
    (r"\frac{1}{2^{50}}", "4.440892098500626e-16"),
    ("10^{-20}", "2e-20"),
    ("e^{-300}", "2*exp(-300)"),
    ("e^{-40}", "0.0"),
    ("10^{-20} x", "2.0e-20*x"),
    (r"[0, 10^{-16}]", "Interval(0, 2e-16)"),
    (r"\{x: 3, y: -1\}", "{x: 3, y: 1}"),
    (r"\{2: 4, 3: 2\}", "{2: 4, 3: 1}"),
    (r"\{2: 4, 3: 2\}", "{2: 4, 3: 2, 5: 1}"),
    (r"P(\frac12, 3)", "Point2D(3, 1/2)"),
    (r"\begin{pmatrix}1&0&2\\0&1&4\end{pmatrix}", _REDUCED),
    (r"\lambda = 1, 4", _SPACES),
    (r"1, 2, 4, 8, \ldots, 64", "[1, 2, 4, 8, 16, 32, 65]"),
    (r"1, 2, 4, 9, \ldots, 64", "[1, 2, 4, 8, 16, 32, 64]"),
    (r"\frac{x^{n+1}}{n+2} + C \quad (n \ne -1)", _POWER),
    ("x = 1, y = 2", "{(2, 1)}"),
    ("28", "28.27"),
    (r"113 \text{ cm}^3", "114.2"),
]
UNKNOWN = [
    ("5 km in 30 minutes", "5 km in 25 minutes"),
    ("2 hours 20 workers", "2 hours 30 workers"),
    ("C(5, 2)", "10"),
    ("1, 2, 9", "1, 2, ..., 9"),
    ("y = 2, x = 1", "[(2, 1)]"),  # the order may be that of the code
    (r"113 \text{ cm}^3", "113.0973355292326"),  # rounded, or another value
    (r"\ln|x| + C, n = -1", _POWER),
    (r"\text{Wednesday}", "Thursday"),
]


@pytest.mark.parametrize(
    ("stated", "printed", "equal"),
    [(*pair, equal) for pairs, equal in ((EQUAL, True), (DIFFERENT, False), (UNKNOWN, None)) for pair in pairs],
)
def test_habits(stated: str, printed: str, equal: bool | None) -> None:
    assert compare(stated, printed, rounded=False).equal is equal


values = st.fractions(Fraction(1, 9), 9, max_denominator=9)
damages = st.sampled_from([Fraction(1, 2), Fraction(2), Fraction(11, 10), Fraction(-1), Fraction(0)])


def _stated(value: Fraction, k: int, form: str) -> str:
    ratio = rf"\frac{{{value.numerator}}}{{{value.denominator}}}"
    match form:
        case "one fraction":
            return rf"\frac{{{value.numerator}}}{{{value.denominator * 10**k}}}"
        case "irrational":
            return rf"\sqrt{{2}} \cdot {ratio} \cdot 10^{{-{k}}}"
        case "coefficient":
            return rf"{ratio} \cdot 10^{{-{k}}} x"
        case "interval":
            return rf"[0, {ratio} \cdot 10^{{-{k}}})"
    return rf"{ratio} \cdot 10^{{-{k}}}"


def _printed(value: Fraction, k: int, form: str) -> str:
    number = sympy.Rational(value.numerator, value.denominator) / 10**k
    match form:
        case "irrational":
            return str(float(number * sympy.sqrt(2)))
        case "coefficient":
            return f"{float(number)!r}*x"
        case "interval":
            return f"Interval.Ropen(0, {float(number)!r})"
    return repr(float(number))


@given(
    values, st.integers(0, 30), st.sampled_from(["product", "one fraction", "irrational", "coefficient", "interval"])
)
@settings(max_examples=100, deadline=None)
def test_a_small_number_equals_itself(value: Fraction, k: int, form: str) -> None:
    assert compare(_stated(value, k, form), _printed(value, k, form), rounded=False).equal is True


@given(
    values,
    damages,
    st.integers(0, 30),
    st.sampled_from(["product", "one fraction", "irrational", "coefficient", "interval"]),
)
@settings(max_examples=200, deadline=None)
def test_a_small_number_differs_when_it_is_damaged(value: Fraction, damage: Fraction, k: int, form: str) -> None:
    assert compare(_stated(value, k, form), _printed(value * damage, k, form), rounded=False).equal is not True


@given(st.integers(1, 40), st.integers(1, 59), st.integers(-30, 30))
@settings(max_examples=100, deadline=None)
def test_a_quantity_is_added_up(hours: int, minutes: int, off: int) -> None:
    stated = rf"{hours} \text{{ hours }} {minutes} \text{{ minutes}}"
    total = hours * 60 + minutes + off
    for printed in (f"{total} minutes", f"{total // 60} h {total % 60} min", f"{total // 60}:{total % 60:02}:00"):
        if total > 0:
            assert compare(stated, printed, rounded=False).equal is (off == 0)
