"""What a snippet computes, and what it only writes down."""

import pytest

from transforms.execute.origins import Origin, Reading, computed, read_code

SYMPY = "from sympy import *\nx, y = symbols('x y')\n"

WRITTEN_DOWN = [
    ("print(863.84)", "863.84"),
    ("print('863.84')", "863.84"),
    ("print(-5)", "-5"),
    ("x = 55; print(x)", "55"),
    ("x = 55\ny = x\nprint(y)", "55"),
    ("a, b = 2, 3\nprint(a, b)", "(2, 3)"),
    ("print([1, 2])", r"\{1, 2\}"),
    ("print(True)", "True"),
    ("def f():\n    return 863.84\nprint(f())", "863.84"),
    ("def f(x):\n    return x\nprint(f(7))", "7"),
    ("def main():\n    total = 55\n    print(total)\nif __name__ == '__main__':\n    main()", "55"),
    ("class A:\n    def total(self):\n        return 55\nprint(A().total())", "55"),
    ("f = lambda: 42\nprint(f())", "42"),
    ("a = 5 * 7\nprint(863.84)", "863.84"),
    ("print(round(863.8412, 2))", "863.84"),
    ("print(f'{863.84:.2f}')", "863.84"),
    ("print('%.2f' % 863.84)", "863.84"),
    ("print('Total:', 863.84)", "863.84"),
    ("print('The total is 863.84')", "863.84"),
    ("from fractions import Fraction\nprint(Fraction(1, 3))", r"\frac{1}{3}"),
    ("print(1/3)", r"\frac{1}{3}"),
    ("print(1/3)", r"\frac13"),
    ("print(863.84 + 0)", "863.84"),
    ("print(float('0.5'))", "0.5"),
    (SYMPY + "print(3*x**2)", "3x^2"),
    (SYMPY + "print('3*x**2')", "3x^2"),
    (SYMPY + "print(x)", "x"),
    (SYMPY + "print(sympify('3*x**2'))", "3x^2"),
    (SYMPY + "print(Rational(1, 3))", r"\frac{1}{3}"),
    (SYMPY + "print(sqrt(2))", r"\sqrt{2}"),
    (SYMPY + "print(exp(x)*sin(x))", r"e^x \sin x"),
    (SYMPY + "print(Matrix([[1, 2], [3, 4]]))", r"\begin{pmatrix}1&2\\3&4\end{pmatrix}"),
    (SYMPY + "answer = Eq(x, 3)\nprint(answer)", "x = 3"),
    ("import math\nprint(math.pi)", r"\pi"),
]
COMPUTED = [
    ("print(3*17 + 4)", "55"),
    ("print(2**10)", "1024"),
    ("print(22/7)", "3.142857"),
    ("total = 0\nfor i in range(11):\n    total += i\nprint(total)", "55"),
    ("print(sum(range(11)))", "55"),
    ("x = 50\nx += 5\nprint(x)", "55"),
    ("print([n for n in range(9) if n % 2])", "1, 3, 5, 7"),
    ("def f(a, b):\n    return a * b + 1\nprint(f(6, 9))", "55"),
    ("def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)\nprint(fact(5))", "120"),
    ("n = 91\nif any(n % k == 0 for k in range(2, n)):\n    print('False')\nelse:\n    print('True')", "False"),
    ("import math\nprint(math.sqrt(16))", "4"),
    ("import math\nprint(math.pi * 3**2)", "28.27"),
    ("import numpy as np\nprint(np.linalg.det(np.array([[1, 2], [3, 4]])))", "-2"),
    (SYMPY + "print(diff(x**3, x))", "3x^2"),
    (SYMPY + "print(integrate(x**2, (x, 0, 1)))", r"\frac{1}{3}"),
    (SYMPY + "print(sqrt(2).evalf(4))", "1.414"),
    (SYMPY + "print(simplify((x**2 - 1)/(x - 1)))", "x + 1"),
    (SYMPY + "print((x + 1).subs(x, 4))", "5"),
    (SYMPY + "print(solve(x**2 - 5*x + 6, x))", "2, 3"),
    (SYMPY + "e = Integral(x, (x, 0, 1))\nprint(e.doit())", r"\frac{1}{2}"),
    ("print(3*17 + 4 == 55)", "True"),
    ("while True:\n    break\nx = [1, 2]\nx.append(len(x))\nprint(x[2])", "2"),
]


@pytest.mark.parametrize(("code", "stated"), WRITTEN_DOWN)
def test_written_down(code: str, stated: str) -> None:
    assert read_code(code).prints
    assert not _computed(code, stated)


@pytest.mark.parametrize(("code", "stated"), COMPUTED)
def test_computed(code: str, stated: str) -> None:
    assert _computed(code, stated)


def _computed(code: str, stated: str) -> bool:
    return computed(read_code(code).candidates(None, 0), stated)


def test_each_print_is_judged_alone() -> None:
    assert read_code("print(2 * 3 + 1)\nprint(55)").prints == (Origin(("2", "3", "1"), operated=True), Origin(("55",)))


@pytest.mark.parametrize(
    ("code", "rounded"),
    [("print(round(x, 2))", True), ("print(f'{x:.2f}')", True), ("print('%.2f' % x)", True), ("print(x)", False)],
)
def test_rounding_is_seen(code: str, rounded: bool) -> None:
    assert read_code(code).rounded is rounded


@pytest.mark.parametrize("code", ["print(", "\0", "(" * 500, "-" * 20000 + "1", "print(*a, **b)", "x[0] = 1; del x"])
def test_odd_code_is_no_error(code: str) -> None:
    read_code(code)


def test_a_reading_travels_as_json() -> None:
    reading = Reading((Origin(("2", "x"), operated=True), None, Origin(("5",))), rounded=True)
    assert Reading.from_json(reading.to_json()) == reading


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "1", '{"prints": 5, "rounded": 1}', "[" * 100000, "x" * 10**6]
)
def test_garbage_is_an_empty_reading(text: str) -> None:
    assert Reading.from_json(text) == Reading()
