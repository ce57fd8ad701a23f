"""LaTeX read as an expression: what it becomes, and what is refused."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.translate.latex.grammar import read
from transforms.translate.latex.lexer import Unreadable, parse, tidy
from transforms.translate.latex.reader import Ambiguous, Function, Scope
from transforms.translate.latex.skeleton import assemble
from transforms.translate.latex.statements import statements
from transforms.translate.latex.trees import check_size

SQUARE = Function("x", ast.parse("x ** 2 + 1", mode="eval").body)
SCOPE = Scope({"f": SQUARE, "y": SQUARE})


def reading(latex: str) -> str:
    tree = read(parse(tidy(latex)), SCOPE)
    check_size(tree)
    return ast.unparse(tree)


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"3 \cdot 17 + 4", "3 * 17 + 4"),
        (r"5-3-1", "5 - 3 - 1"),
        (r"12 \div 4 \times 2", "12 * 2 / 4"),
        (r"\frac{3}{4} + \tfrac56", "3 / 4 + 5 / 6"),
        (r"-3^2", "-3 ** 2"),
        (r"(-3)^{2}", "(-3) ** 2"),
        (r"2^{-3}", "2 ** (-3)"),
        (r"(3)(4)", "3 * 4"),
        (r"\left(\frac12\right)^3", "(1 / 2) ** 3"),
        (r"1{,}000 + 2,500 + 3,\!000", "1000 + 2500 + 3000"),
        (r"\$5 \cdot 3", "5 * 3"),
        (r"15\% \cdot 80", "15 / 100 * 80"),
        (r"\sqrt[3]{27}\sqrt{2}", "root(27, 3) * sqrt(2)"),
        (r"\binom{5}{2} {5 \choose 3}", "binomial(5, 2) * binomial(5, 3)"),
        (r"\frac{5!}{3!2!}", "factorial(5) / (factorial(3) * factorial(2))"),
        (r"17 \bmod 5", "Mod(17, 5)"),
        (r"\gcd(12, 18)", "gcd(12, 18)"),
        (r"\operatorname{lcm}(4,6)", "lcm(4, 6)"),
        (r"\lfloor 3.7 \rfloor + \left\lceil x \right\rceil", "floor(3.7) + ceiling(x)"),
        (r"|x-3|", "Abs(x - 3)"),
        (r"2xy^2", "2 * x * y ** 2"),
        (r"x(x+1)", "x * (x + 1)"),
        (r"x_1 + x_{2}", "x_1 + x_2"),
        (r"\lambda\pi r^2", "lamda * pi * r ** 2"),
        (r"\sin 2x \cos x", "sin(2 * x) * cos(x)"),
        (r"\sin^2 30^\circ", "sin(radians(30)) ** 2"),
        (r"180^\circ - 75^\circ", "degrees(180) - degrees(75)"),
        (r"\tan^{-1} 1 + \sin\frac{\pi}{4}", "atan(1) + sin(pi / 4)"),
        (r"\log_2 8 + \ln e", "log(8, 2) + log(E)"),
        (r"e^{-x}", "exp(-x)"),
        (r"f(3)", "3 ** 2 + 1"),
        (r"a_n + v_{\text{max}} + x_{12}", "a_n + v_max + x_12"),
        (r"(2 + 3i)(1 - i)", "(2 + 3 * I) * (1 - I)"),
        (r"e^{i\pi}", "exp(I * pi)"),
        (r"\sum_{i=1}^{3} i", "summation(i, (i, 1, 3))"),
        (r"\overline{3 + 4i}", "conjugate(3 + 4 * I)"),
        (r"cd + 3d^2", "c * d + 3 * d ** 2"),
        (r"\int_0^\pi \sin\theta \, d\theta", "integrate(sin(theta), (theta, 0, pi))"),
        (r"\Gamma(n+1)", "Gamma(n + 1)"),
        (r"{}^{5}C_{2} \cdot {}_4P_2", "binomial(5, 2) * ff(4, 2)"),
        (r"\left[\frac{x^2}{2}\right]_1^3", "3 ** 2 / 2 - 1 ** 2 / 2"),
        (r"(1, 2+3)", "vector(1, 2 + 3)"),
        (r"1 + 2 + \cdots + 100", "summation(k, (k, 1, 100))"),
        (r"1^2 + 2^2 + \ldots + n^2", "summation(k ** 2, (k, 1, n))"),
        (r"1 + 3 + 5 + ... + 19", "summation(1 + 2 * k, (k, 0, 9))"),
        (r"2 \cdot 4 \cdot 6 \cdots 10", "product(2 + 2 * k, (k, 0, 4))"),
        (r"17 \text{ mod } 5", "Mod(17, 5)"),
        (r"\underbrace{3 + 4}_{\text{so many}} \cdot 5", "(3 + 4) * 5"),
        (r"{3 \over 4} + 1", "3 / 4 + 1"),
        (r"\color{red}{3} + \textcolor{blue}{x}", "3 + x"),
        (r"3\cdot\text{4}", "3 * 4"),
        (r"f'(3)", "subs(diff(x ** 2 + 1, x), x, 3)"),
        (r"f''(x)", "diff(x ** 2 + 1, x, 2)"),
        (r"\frac{dy}{dx}", "diff(x ** 2 + 1, x)"),
        (r"\frac{d}{dx} x^3", "diff(x ** 3, x)"),
        (r"\frac{d^2}{dx^2} \sin x", "diff(sin(x), x, 2)"),
        (r"\frac{\mathrm{d}}{\mathrm{d}x}\left(x^2+1\right)^3", "diff((x ** 2 + 1) ** 3, x)"),
        (r"\frac{\partial}{\partial x} x^2 y", "diff(x ** 2 * y, x)"),
        (r"\int_0^1 x^2\,dx", "integrate(x ** 2, (x, 0, 1))"),
        (r"\int x e^{x} \mathrm{d}x", "integrate(x * exp(x), x)"),
        (r"\int \frac{dx}{1+x^2}", "integrate(1 / (1 + x ** 2), x)"),
        (r"\int_0^1\int_0^2 xy\,dx\,dy", "integrate(integrate(x * y, (x, 0, 2)), (y, 0, 1))"),
        (r"\frac{1}{2}\int_0^1 x dx + 3", "integrate(x, (x, 0, 1)) / 2 + 3"),
        (r"\sum_{i=1}^{n} i^2", "summation(i ** 2, (i, 1, n))"),
        (r"\prod_{k=1}^{5} k", "product(k, (k, 1, 5))"),
        (r"\lim_{x\to 0}\frac{\sin x}{x}", "limit(sin(x) / x, x, 0, '+-')"),
        (r"\lim_{x \to 0^+} \frac1x", "limit(1 / x, x, 0, '+')"),
        (r"\lim_{n\to\infty}\left(1+\frac1n\right)^n", "limit((1 + 1 / n) ** n, n, oo)"),
        (r"\det\begin{pmatrix}1&2\\3&4\end{pmatrix}", "det(Matrix([[1, 2], [3, 4]]))"),
        (r"\begin{vmatrix}1&2\\[2pt]3&4\end{vmatrix}", "det(Matrix([[1, 2], [3, 4]]))"),
        (r"\left[\begin{array}{cc}1&2\\3&4\end{array}\right]^T", "transpose(Matrix([[1, 2], [3, 4]]))"),
    ],
)
def test_reads(latex: str, expected: str) -> None:
    assert reading(latex) == expected


@pytest.mark.parametrize(
    "latex",
    [
        r"2\frac{1}{2}",  # a mixed number or a product
        r"1/2x",
        r"x/2y",
        r"3,14",
        r"0{,}5",
        r"x 2",
        r"17 + 3 \bmod 5",
        r"\log 100",  # base 10 or e
        r"\sin(x)^2",
        r"\sin x / 2",
        r"\sec^{-1} x",
        r"\sum_{k=1}^{10} k + 1",
        r"\frac{d}{dx} x^2 + x",
        r"\frac{d}{dx} (x^2 + y^2)",  # y may depend on x
        r"\int y\,dx",
        r"\int_0^1 g\,dx",
        r"\int x",
        r"\frac{du}{dx}",
        r"g(x)",
        r"P(3)",
        r"x(t)",
        r"\pi(10)",
        r"\pi[0]",
        r"(\delta\gamma)(0)",
        r"x^\circ",
        r"g'",
        r"dx",
        r"AE",
        r"5!!",
        r"2^3^4",
        r"x^12",
        r"\sqrt12",
        r"\overline{AB}",
        r"\vec{a}",
        r"1 + \ldots + 9",
        r"0.\overline{3}",
        r"007",
        r"3 : 4",
        r"[0, 1)",
        r"2(1, 2)",
        r"(1, 2, 3, 4, 5)",
        r"a_{n+1}",
        r"\sum_{k=1}^{3} a_k",  # each a different number
        r"\overline{x + 1}",
        r"f^{-1}(x)",
        r"(AB)^{-1}(x)",
        r"\Gamma x",
        r"[x^2]_0",
        r"[xy]_0^1",
        r"1 + 2 + 4 + \cdots + 64",
        r"1 + \cdots + 9",
        r"2 + 4 + \cdots + 9",
        r"a + b + \cdots + z",
        r"\cdots + 9",
        r"{1 + (2}",
        r"5 \cdot",
        r"\cdot 5",
        r"",
        r"\begin{pmatrix}1&2\\3\end{pmatrix}",
        r"\lim_{n\to\infty}\int_0^1 x^n dx",
        r"9^{9^{9^9}}",
        r"10^{10}!",
        r"(10^{300})^{300}",
        r"99999999999999999999",
        "(" * 50 + "1" + ")" * 50,
        "+".join("x" * 200),
    ],
)
def test_refuses(latex: str) -> None:
    with pytest.raises(Unreadable):
        reading(latex)


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"3\cdot 17+4 = 51+4 = \boxed{55}.", [["3\\cdot 17+4", "51+4", "55"]]),
        (r"\begin{aligned} x &= 3+4\\ &= 7\\ y &= 2\cdot 3\end{aligned}", [["x", "3+4", "7"], ["y", "2\\cdot 3"]]),
        (r"2x+1=7 \Rightarrow x=3", [["2x+1", "7"], ["x", "3"]]),
        (r"\left\{\begin{array}{l}x+y=3\\x-y=1\end{array}\right.", [["x+y", "3"], ["x-y", "1"]]),
        (r"a = 3 \text{ and } b = 4", [["a", "3"], ["b", "4"]]),
        (r"= 5+6 = 11", [["5+6", "11"]]),
        (r"3\text{ cm}\cdot 4\text{ cm} = 12\text{ cm}^2", [["3\\cdot 4", "12"]]),
        (r"x < 3 = 2+1", [["3", "2+1"]]),
        (r"x \in A = B", []),
        (
            r"\begin{aligned} x & = 3+4 & & y & = 5+6\\ z &=& 7+8 & \text{by addition} \end{aligned}",
            [["x", "3+4"], ["y", "5+6"], ["z", "7+8"]],
        ),
        (r"\begin{array}{rcl} 2x &+& 3y &=& 5 \end{array}", [["2x &+& 3y", "5"]]),
        (r"\begin{aligned} a & = 3 + 4 & \text{why} \\ & = 7 \end{aligned}", [["a", "3 + 4", "7"]]),
        (r"3+4 \overset{(1)}{=} 7 {}={} 8", [["3+4", "7", "8"]]),
        (r"1 + 4 + 9 = 14 < 20 = 4 \cdot 5", [["1 + 4 + 9", "14"], ["20", "4 \\cdot 5"]]),
        (r"3 < = 4", []),
        (r"{\begin{aligned} x &= 3+4\\&= 7\end{aligned}}", [["x", "3+4", "7"]]),
        (r"\begin{aligned} [0,1) &= y\\ &= 7\\ z &= 3+5\\ &= 8\end{aligned}", [["z", "3+5", "8"]]),
        (r"\begin{matrix} y=3 \\ x=-4 \end{matrix}", [["y", "3"], ["x", "-4"]]),
        (r"\Big{(}3+4\Big{)}^2 = 49", [["(3+4)^2", "49"]]),
        (r"x = 1, 2, 3", [["x", "1, 2, 3"]]),
        (r"x = 3, 4y = 5", [["x", "3, 4y"]]),  # a list, or two statements
        (r"\rightarrow 3 + 4 = 7", [["3 + 4", "7"]]),
        (r"f \rightarrow 3 + 4 = 7", []),
        (r"x = \pm 2", [["x", "\\pm 2"]]),
        (r"x + 1", []),
        (r"x \neq 3", []),
    ],
)
def test_statements(latex: str, expected: list[list[str]]) -> None:
    assert [[member.latex for member in found.members] for found in statements(latex)] == expected


@pytest.mark.parametrize(
    ("latex", "ways"),
    [
        (r"\log 100", [("natural", "log(100)"), ("common", "log(100, 10)")]),
        (r"2\frac{1}{3}", [("mixed", "2 + 1 / 3"), ("product", "2 * 1 / 3")]),
        (
            r"\sum_{k=1}^{3} k + 1",
            [("term", "summation(k, (k, 1, 3)) + 1"), ("everything", "summation(k + 1, (k, 1, 3))")],
        ),
    ],
)
def test_two_ways_to_read(latex: str, ways: list[tuple[str, str]]) -> None:
    with pytest.raises(Ambiguous) as error:
        reading(latex)
    assert error.value.ways == tuple(way for way, _ in ways)
    for way, expected in ways:
        assert ast.unparse(read(parse(tidy(latex)), Scope(choices=frozenset([way])))) == expected


def test_several_units_are_refused() -> None:
    with pytest.raises(Unreadable):
        statements(r"3\text{ feet} \cdot 1 = 36\text{ inches}")


PIECES = r"""
    \frac \sqrt \int \sum \lim \sin \log ^ _ { } ( ) [ ] | ! ' d x y f e i 2 30 1.5 , = + - / \cdot \to \infty
    \begin{pmatrix} \end{pmatrix} \begin{cases} \end{cases} & \\ \left( \right) \% \circ \det \choose \text{m} ³
"""


@given(st.lists(st.sampled_from(PIECES.split()), max_size=14).map(" ".join) | st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_never_raises_anything_else(latex: str) -> None:
    try:
        for statement in statements(latex):
            for member in statement.members:
                check_size(read(member.items, SCOPE))
    except Unreadable:
        pass


def test_a_skeleton_that_the_library_simplifies_is_refused() -> None:
    with pytest.raises(Unreadable, match="otherwise"):
        assemble("a+b-b", [ast.Name("x"), ast.Name("y")])
