r"""AsciiMath to LaTeX: the grammar's constructs, and that nothing that is written makes the parser fail or linger."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.extract.asciimath import symbols
from transforms.extract.asciimath.parse import from_asciimath


def converted(source: str) -> str:
    found = from_asciimath(source)
    return "" if found is None else "".join(found.latex.split())


CASES = {
    "p^2/q": r"\frac{p^{2}}{q}",
    "sum_(i=1)^n i^3=((n(n+1))/2)^2": r"\sum_{i=1}^{n}i^{3}=\left(\frac{n(n+1)}{2}\right)^{2}",
    "x_(i+1)^2": "x_{i+1}^{2}",
    "a/b/c": r"\frac{a}{b}/c",
    "sqrt2/2": r"\frac{\sqrt{2}}{2}",
    "root(3)(x)": r"\sqrt[3]{x}",
    "frac(a)(b)": r"\frac{a}{b}",
    "[[a,b],[c,d]]": r"\begin{bmatrix}a&b\\c&d\end{bmatrix}",
    "((x),(y))": r"\begin{pmatrix}x\\y\end{pmatrix}",
    "|(a,b),(c,d)|": r"\begin{vmatrix}a&b\\c&d\end{vmatrix}",
    '{(x,"if "x>0),(-x,"else"):}': r"\begin{cases}x&\text{if}x>0\\-x&\text{else}\end{cases}",
    "{(1,2),(3,4)}": r"\{(1,2),(3,4)\}",
    "(x,y)": "(x,y)",
    "stackrel(a)(=)": r"\overset{a}{=}",
    "underset(n)(x)": r"\underset{n}{x}",
    'obrace(1+2)^"two"': r"\overbrace{1+2}^{\text{two}}",
    "color(red)(x)": "x",
    "lim_(x->oo) 1/x": r"\lim_{x\to\infty}\frac{1}{x}",
    "int_0^1 f(x)dx": r"\int_{0}^{1}f(x)dx",
    "f(x)/2": r"\frac{f(x)}{2}",
    "sin^2(x)": r"\sin^{2}(x)",
    "sin(x)/x": r"\frac{\sin(x)}{x}",
    "abs(x)+norm(y)+floor(z)": r"|x|+\|y\|+\lfloorz\rfloor",
    "|x|+|y|": "|x|+|y|",
    "hat(ab)": r"\widehat{ab}",
    "vec x": r"\vec{x}",
    "dot x": r"\dot{x}",
    "bb(A)": r"\mathbf{A}",
    "bbb R": r"\mathbb{R}",
    "RR": r"\mathbb{R}",
    "alpha+beta!=gamma": r"\alpha+\beta\neq\gamma",
    "AA x in RR": r"\forallx\in\mathbb{R}",
    "a<=b": r"a\leqb",
    "x=>y": r"x\Rightarrowy",
    "x''": "x''",
    "text(a b)": r"\text{ab}",
    "5 xx 10^-3": r"5\times10^{-}3",
    "x!": "x!",
    r"\frac{1}{2}": r"\frac{1}{2}",
}  # fmt: skip


@pytest.mark.parametrize(("source", "latex"), CASES.items())
def test_construct(source: str, latex: str) -> None:
    assert converted(source) == latex


@pytest.mark.parametrize("blank", ["", " ", "``", "\n"])
def test_blank(blank: str) -> None:
    assert from_asciimath(blank) is None


WORDS = st.lists(st.sampled_from([*sorted(symbols.SYMBOLS), "x", "2", " ", '"', "\\", "é"]), max_size=30).map("".join)


@given(st.one_of(st.text(max_size=60), WORDS))
def test_it_never_fails_and_braces_match(source: str) -> None:
    found = from_asciimath(source)
    if found and "\\" not in source and not {"{", "}"} & set(source):
        latex = found.latex.replace(r"\{", "").replace(r"\}", "")
        assert latex.count("{") == latex.count("}")


@pytest.mark.parametrize("bait", ["(", "|", "a/", "a^", "sqrt ", "((a,b),", "{", '"', "text(", "|(", "[["])
def test_bait_takes_linear_time(bait: str) -> None:
    start = time.process_time()
    from_asciimath(bait * (4_900 // len(bait)))
    assert time.process_time() - start < 1
