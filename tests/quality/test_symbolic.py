"""What the measure of the embedded translator counts."""

from collections import Counter

import pytest

from tests.quality.symbolic import operations
from tests.quality.symbolic_causes import causes


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("print(2 + 2)", 1),
        ("print(3 * 4 + 5)", 2),
        ("a = 3\nprint(a ** 2)", 1),
        ("from fractions import Fraction\n\nprint(Fraction(1, 2) + Fraction(1, 3))", 3),
        ("from sympy import Abs, I\n\nprint(Abs(2 + 3 * I))", 1),
        ("from sympy import I\n\nprint((2 + 3 * I) * (1 - I) + 2)", 2),
        ("import math\n\nprint(math.sqrt(2))", 1),
        ('from sympy import expand, symbols\n\nx = symbols("x")\nprint(expand((x + 1) ** 2))', 2),
        ('from sympy import integrate, symbols\n\nx = symbols("x")\nprint(integrate(x ** 2, (x, 0, 1)))', 2),
        ('from sympy import Eq, solve, symbols\n\nx = symbols("x")\nprint(*solve(Eq(2 * x, 4), x), sep=", ")', 2),
    ],
)
def test_operations(code: str, number: int) -> None:
    assert operations(code) == number


def test_causes() -> None:
    text = r"$3 + 4 = 7$, $x = 5$, $\foo{3} = 4$, $y < 3 =$, $2x + 1 = z$, $a = b$, $(3 = 4$"
    assert Counter(causes(text)) == Counter(
        [
            "statement: nothing to compute (a definition)",
            "member: unknown \\foo",
            "formula: no statement of equality",
            "statement: symbols on both sides",
            "statement: nothing but symbols",
            "formula: unclosed (",
        ]
    )
