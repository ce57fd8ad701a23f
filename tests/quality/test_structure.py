from collections.abc import Callable
from typing import Any

import pytest

from tests.quality.structure import compared

SAME = [
    ("x^2", "x^{2}"), ("x_i^2", "x^2_i"), ("(x)^2", "{(x)}^{2}"), (r"\frac12", r"\frac{1}{2}"), ("f'", r"f^{\prime}"),
    (r"\sin x", r"\operatorname{sin}x"), (r"\mathrm{sin}\,x", r"\text{sin}x"), (r"\left(x\right)", "(x)"),
    (r"\displaystyle\sum_{i}i", r"\sum\limits_i i"), (r"\le\to\ne", r"\leq\rightarrow\neq"), ("1,000", "1{,}000"),
    (r"\bar{AB}", r"\overline{AB}"), (r"\color{red}x\quad y", "xy"), (r"\begin{aligned}x\end{aligned}", "x"),
    (r"\begin{pmatrix}1&2\end{pmatrix}", r"\left(\begin{array}{rl}1&2\\\end{array}\right)"), (r"\label{a}x", "x"),
    ("a<b", r"a\lt b"), (r"\dots,", r"\ldots,"), (r"\vec{AB}", r"\overrightarrow{AB}"),
    (r"\mathbf{ab}", r"\mathbf{a}\mathbf{b}"),
]  # fmt: skip
DIFFERENT = [
    ("x^2", "x_2"), ("x^2", "x2"), ("x^{ab}", "x^ab"), ("{x^a}^b", "x^{a^b}"), ("x^{a}{}^{b}", "x^{ab}"), ("xy", "yx"),
    (r"\frac{a}{b}", r"\frac{b}{a}"), (r"\frac{a}{b}", "a/b"), (r"\frac{a}{b}", r"\genfrac{}{}{0pt}{}{a}{b}"),
    (r"\sqrt{x}", "x"), (r"\sqrt{x}y", r"\sqrt{xy}"), (r"\sqrt[3]{x}", r"3\sqrt{x}"), (r"\hat{x}", r"\bar{x}"),
    (r"\hat{x}", "x"), (r"\mathbb{R}", "R"), (r"\mathbf{x}", "x"), (r"\mathcal{A}", r"\mathfrak{A}"),
    (r"\mathrm{d}", "d"),
    (r"\sin", "sin"), (r"\phi", r"\varphi"), (r"\epsilon", r"\varepsilon"), (r"\sum", r"\Sigma"), (r"\in", r"\ni"),
    (r"\begin{matrix}a&b\end{matrix}", "ab"), (r"\begin{matrix}a&b\end{matrix}", r"\begin{matrix}a\\b\end{matrix}"),
    (r"\begin{array}{c|c}a&b\end{array}", r"\begin{array}{cc}a&b\end{array}"), (r"\underset{a}{b}", "b_a"),
    (r"\overset{a}{b}", r"\underset{a}{b}"), (r"\boxed{x}", "x"), (r"\cancel{x}", r"\bcancel{x}"), ("f'", "f"),
    ("(x", "x"), (r"\binom{n}{k}", r"\frac{n}{k}"), (r"T^a{}_b", "T^a_b"), (r"\alpha", "a"), ("x", ""),
]  # fmt: skip
Verdicts = list[tuple[bool, float] | None]


@pytest.fixture(scope="module")
def verdicts(render: Callable[..., list[dict[str, Any]]]) -> Callable[[list[tuple[str, str]]], Verdicts]:
    return lambda pairs: compared(render, pairs)


def test_what_a_reader_does_not_tell_apart(verdicts: Callable[..., Verdicts]) -> None:
    assert [pair for pair, verdict in zip(SAME, verdicts(SAME), strict=True) if verdict != (True, 1.0)] == []


def test_what_a_reader_tells_apart(verdicts: Callable[..., Verdicts]) -> None:
    found = zip(DIFFERENT, verdicts(DIFFERENT), strict=True)
    assert [pair for pair, verdict in found if verdict is None or verdict[0]] == []


def test_every_formula_is_itself(verdicts: Callable[..., Verdicts]) -> None:
    formulas = [latex for pair in SAME + DIFFERENT for latex in pair]
    assert set(verdicts([(latex, latex) for latex in formulas])) == {(True, 1.0)}


def test_equivalence_has_no_sides(verdicts: Callable[..., Verdicts]) -> None:
    pairs = SAME + DIFFERENT
    assert verdicts(pairs) == verdicts([(b, a) for a, b in pairs])


def test_what_cannot_be_rendered(verdicts: Callable[..., Verdicts]) -> None:
    assert verdicts([("x", r"\frac{"), (r"\frac{", "x"), (r"\own x", r"\mathbb{R}x")]) == [(False, 0.0), None, None]


def test_macros_of_a_page(render: Callable[..., list[dict[str, Any]]]) -> None:
    assert compared(render, [(r"\own x", r"\mathbb{R}x")], {r"\own": r"\mathbb{R}"}) == [(True, 1.0)]


def test_similarity_is_graded(verdicts: Callable[..., Verdicts]) -> None:
    truth = r"\frac{a+b}{c}=\sqrt{d}"
    scores = [verdict[1] for verdict in verdicts([(truth, ours) for ours in (
        truth, r"\frac{a+b}{c}=\sqrt{e}", r"a+b/c=\sqrt{e}", "z")]) if verdict]  # fmt: skip
    assert scores == sorted(scores, reverse=True)
    assert (scores[0], scores[-1]) == (1.0, 0.0)
    assert 0.5 < scores[1] < 1
