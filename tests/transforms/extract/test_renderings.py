r"""Renderings without LaTeX, made from our own formulas by KaTeX and MathJax (renderings.json), and hostile ones.

renderings.json: LaTeX → renderer and version → what it writes. The SVG there has no drawings of its glyphs.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from lxml.etree import _Element

from transforms.extract.config import ExtractConfig
from transforms.extract.extract import extract
from transforms.extract.kinds import recognise
from transforms.extract.mathml import presentation
from transforms.extract.renderings import katex, mathjax
from transforms.records import Document, Page

RENDERINGS = json.loads((Path(__file__).parent / "renderings.json").read_text(encoding="utf-8"))
# What is read where it is not the LaTeX that was rendered, but for braces and blanks.
READ_AS = {
    r"\left(\begin{matrix}a&b\\c&d\end{matrix}\right)": r"\begin{pmatrix}a&b\\c&d\end{pmatrix}",
    r"\left\{\begin{matrix}a\\b\\c\\d\\e\end{matrix}\right.": r"\begin{cases}a\\b\\c\\d\\e\end{cases}",
    r"a\ne b\notin C": r"a\neq b\notin C",
}
READERS: dict[str, Callable[[_Element], _Element | None]] = {"katex": katex.read, "mathjax": mathjax.read}


def bare(latex: str) -> str:
    return "".join(char for char in latex if char not in "{} ")


@pytest.mark.parametrize(
    ("latex", "renderer"), [(latex, renderer) for latex, made in RENDERINGS.items() for renderer in made]
)
def test_each_construct_of_each_renderer(latex: str, renderer: str) -> None:
    element = html.fragment_fromstring(RENDERINGS[latex][renderer])
    math = READERS[renderer.partition("-")[0]](element)
    assert math is not None
    assert bare(presentation(math)) == bare(READ_AS.get(latex, latex))


def text_of_page(markup: str) -> str:
    prose = "Some prose before the formula, long enough to be the content of a page."
    page = f"<html><body><article><p>{prose} [[ {markup} ]] {prose}</p></article></body></html>"
    result = extract(Page(id="1", content=page.encode()), ExtractConfig())
    assert isinstance(result, Document)
    return result.text.partition("[[")[2].partition("]]")[0].strip()


def test_a_rendering_in_a_page_comes_out_once() -> None:
    made = RENDERINGS[r"\frac{a}{b+1}"]
    for renderer, markup in made.items():
        assert text_of_page(markup) == r"$$\frac{a}{b+1}$$", renderer


def test_katex_without_its_outer_spans() -> None:
    inner = (
        RENDERINGS[r"\frac{a}{b+1}"]["katex-0.19"]
        .split('aria-hidden="true">', 1)[1]
        .removesuffix("</span></span></span>")
    )
    assert text_of_page(f"<span class='katex-html'>{inner}</span>") == r"$\frac{a}{b+1}$"


MATHML = "<math><msup><mi>x</mi><mn>2</mn></msup></math>".replace("<", "&lt;")
SPAN = "<span class='mi' style='font-family: MathJax_Math-italic'>{}</span>"
MATHJAX_2 = {
    "data-mathml": (f"<span class='MathJax' data-mathml='{MATHML}'><nobr>x2</nobr></span>", "$x^{2}$"),
    "data-mathml, display": (
        f"<div class='MathJax_SVG_Display'><span class='MathJax_SVG' data-mathml='{MATHML}'><svg></svg></span></div>",
        "$$x^{2}$$",
    ),
    "assistive": (
        "<span class='MathJax'><nobr>x2</nobr><span class='MJX_Assistive_MathML'><math><mi>y</mi></math></span></span>",
        "$y$",
    ),
    "NativeMML": ("<span class='MathJax_MathML'><math><mi>y</mi><mo>=</mo><mn>1</mn></math></span>", "$y=1$"),
    "preview and rendering": (
        f"<span class='MathJax_Preview'>x2</span><span class='MathJax' data-mathml='{MATHML}'></span>",
        "$x^{2}$",
    ),
    "title of a server": (
        "<svg><title id='MathJax-SVG-1-Title'>\\frac{a}{b}</title><g><use/></g></svg>",
        r"$\frac{a}{b}$",
    ),
    "HTML-CSS": (
        "<span class='MathJax'><nobr><span class='math'><span><span><span class='mrow'><span class='msubsup'>"
        f"<span><span style='top: -4em'>{SPAN.format('x')}</span>"
        "<span style='top: -4.4em'><span class='mn'>2</span></span>"
        f"<span style='top: -3.8em'>{SPAN.format('i')}</span></span></span></span></span></span></span></nobr></span>",
        "$x_{i}^{2}$",
    ),
    "nothing that can be read": ("<span class='MathJax'><b>x 2</b></span>", "x 2"),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "expected"), MATHJAX_2.values(), ids=list(MATHJAX_2))
def test_mathjax_2(markup: str, expected: str) -> None:
    assert text_of_page(markup) == expected


def test_latex_of_the_root_is_preferred_but_never_that_of_a_part() -> None:
    part = "<mjx-mi data-latex='\\alpha'><mjx-c class='mjx-c1D6FC'></mjx-c></mjx-mi>"
    plus = "<mjx-mo><mjx-c class='mjx-c2B'></mjx-c></mjx-mo>"
    whole = f"<mjx-container><mjx-math{{}}><mjx-mrow>{part}{plus}{part}</mjx-mrow></mjx-math></mjx-container>"
    assert text_of_page(whole.format(" data-latex='\\alpha + \\alpha'")) == r"$\alpha + \alpha$"
    assert bare(text_of_page(whole.format(""))) == r"$\alpha+\alpha$"


WORDS = (
    "katex katex-html base strut mord mbin mrel mop mopen mclose minner mspace msupsub vlist-t vlist-r vlist pstrut"
    " mfrac frac-line sqrt root hide-tail accent accent-body overline overline-line delimsizing mtable col-align-c"
    " arraycolsep vertical-separator hline tag text op-limits x-arrow stretchy fbox rlap llap thinbox inner newline"
    " nulldelimiter mjx-math mjx-mfrac mjx-num mjx-den mjx-msubsup mjx-script mjx-munderover mjx-over mjx-base mjx-box"
    " mjx-mtable mjx-mtr mjx-mtd mjx-labels mjx-mmultiscripts mjx-prescripts mjx-menclose mjx-mi mjx-mo mjx-c1D465"
    " mjx-cFFFFFFFFF mi mo msubsup mfrac munderover mtable mtd mroot msqrt mjx-delim-v mjx-stretchy-v"
)
NAMES = WORDS.split()
STYLES = ["", "top:-3em", "top:1e999em", "top:-em", "height:3em;top:2.5e-17em", "width:1em", "color:transparent"]
LEAVES = st.builds(
    lambda name, style, text: (name, style, text, []),
    st.sampled_from(NAMES),
    st.sampled_from(STYLES),
    st.text(max_size=3),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda name, style, text, children: (name, style, text, children),
        st.sampled_from(NAMES), st.sampled_from(STYLES), st.sampled_from(["", "x", "2"]), st.lists(inner, max_size=4),
    ),
    max_leaves=30,
)  # fmt: skip


def built(tree: tuple[str, str, str, list]) -> _Element:
    name, style, text, children = tree
    element = etree.Element("span", {"class": name, "style": style})
    element.text = "".join(char for char in text if char.isprintable())
    element.extend([built(child) for child in children])
    return element


@given(TREES)
def test_no_tree_of_spans_raises(tree: tuple[str, str, str, list]) -> None:
    for read in READERS.values():
        math = read(built(tree))
        if math is not None:
            presentation(math)
    recognise(built(tree))


@pytest.mark.parametrize(
    "names", ["mord", "mfrac vlist", "mop op-limits", "tag", "mjx-mrow", "mjx-mfrac", "mtable", "sqrt"]
)
def test_depth_does_no_harm(names: str) -> None:
    element = root = etree.Element("span", {"class": names})
    for _ in range(3_000):
        element = etree.SubElement(element, "span", {"class": names})
    element.text = "x"
    assert [read(root) for read in READERS.values()] == [None, None]


@pytest.mark.parametrize(
    "names",
    ["mord", "tag", "mop", "sqrt", "mfrac", "vlist-t", "accent", "mjx-mrow", "mjx-mfrac", "mjx-mtable", "mjx-menclose"],
)
def test_nesting_as_deep_as_is_read_takes_linear_time(names: str) -> None:
    def seconds(depth: int) -> float:
        element = root = etree.Element("span", {"class": names})
        for level in range(depth):
            element = etree.SubElement(
                element, "span", {"class": "vlist" if names == "vlist-t" and level % 2 else names}
            )
        for _ in range(5_000):
            etree.SubElement(element, "span", {"class": "mord mjx-mi"}).text = "x"
        start = time.process_time()
        for read in READERS.values():
            read(root)
        return time.process_time() - start

    seconds(1)
    assert seconds(150) < 10 * seconds(1) + 0.5


def test_many_formulas_take_linear_time() -> None:
    markup = RENDERINGS[r"x_i^2+y'"]["mathjax-3-chtml"]

    def seconds(count: int) -> float:
        body = html.fragment_fromstring(
            f"<div><mjx-container><mjx-math>{markup * count}</mjx-math></mjx-container></div>"
        )
        start = time.process_time()
        assert recognise(body[0])
        return time.process_time() - start

    seconds(10)
    assert seconds(2_000) < 20 * seconds(400) + 0.2
