import pytest
from lxml import html

from transforms.extract.latex import Found
from transforms.extract.mathml import from_math

X, Y, N = "<mi>x</mi>", "<mi>y</mi>", "<mn>2</mn>"


def converted(markup: str) -> Found | None:
    return from_math(html.fragment_fromstring(f"<math>{markup}</math>"))


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"<mfrac>{X}{Y}</mfrac>", r"\frac{x}{y}"),
        (f"<msup><mrow><mo>(</mo>{X}<mo>)</mo></mrow>{N}</msup>", "{(x)}^{2}"),
        (f"<msub>{X}{N}</msub>", "x_{2}"),
        (f"<msubsup>{X}{Y}{N}</msubsup>", "x_{y}^{2}"),
        (f"<msqrt>{X}<mo>+</mo>{N}</msqrt>", r"\sqrt{x+2}"),
        (f"<mroot>{X}<mn>3</mn></mroot>", r"\sqrt[3]{x}"),
        (f"<munderover><mo>∑</mo>{X}{N}</munderover>", r"\sum_{x}^{2}"),
        ("<munder><mi>lim</mi><mrow><mi>n</mi><mo>→</mo><mi>∞</mi></mrow></munder>", r"\lim_{n\to \infty}"),
        (f"<mover>{X}<mo>→</mo></mover>", r"\vec{x}"),
        (f"<mover><mrow>{X}{Y}</mrow><mo>¯</mo></mover>", r"\overline{xy}"),
        (f"<munder>{X}<mo>_</mo></munder>", r"\underline{x}"),
        (f"<msup>{X}<mo>′</mo></msup>", "x'"),
        (f"<mfenced open='[' close=')'>{X}{Y}</mfenced>", r"\left[x,y\right)"),
        (
            f"<mrow><mo>(</mo><mtable><mtr><mtd>{X}</mtd><mtd>{Y}</mtd></mtr><mtr><mtd>{N}</mtd><mtd>{N}</mtd></mtr></mtable>"
            "<mo>)</mo></mrow>",
            r"\begin{pmatrix} x & y \\ 2 & 2 \end{pmatrix}",
        ),
        (f"<mtable><mtr><mtd>{X}</mtd></mtr></mtable>", r"\begin{matrix} x \end{matrix}"),
        ("<mi>sin</mi><mi>α</mi>", r"\sin \alpha"),
        ("<mi>Var</mi>", r"\operatorname{Var}"),
        ("<mi mathvariant='double-struck'>R</mi>", r"\mathbb{R}"),
        ("<mi>ℝ</mi><mo>⊂</mo><mi>𝔤</mi>", r"\mathbb{R}\subset \mathfrak{g}"),
        ("<mi>𝑥</mi><mo>≤</mo><mi>Γ</mi>", r"x\leq \Gamma"),
        (f"{X}<mtext> if </mtext>{Y}", r"x\text{ if }y"),
        (f"{N}<mo>⁢</mo>{X}<mo>−</mo><mn>1</mn>", "2x-1"),
    ],
)
def test_presentation(markup: str, expected: str) -> None:
    found = converted(markup)
    assert found is not None
    assert found.latex == expected


def test_an_empty_formula_is_none() -> None:
    assert converted("") is None
    assert converted("<mrow><mspace width='1'></mspace></mrow>") is None


@pytest.mark.parametrize(
    "markup", ["<mfrac><mi>x</mi></mfrac>", "<msup></msup>", "<mtable><mtr></mtr></mtable>", "<mover>a</mover>"]
)
def test_broken_markup_does_not_raise(markup: str) -> None:
    converted(markup)
