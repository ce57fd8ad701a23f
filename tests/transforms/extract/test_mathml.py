import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from transforms.extract.latex import Found
from transforms.extract.mathml import from_math, presentation
from transforms.extract.tree import name, parse

X, Y, N = "<mi>x</mi>", "<mi>y</mi>", "<mn>2</mn>"
HALF = f"<mfrac>{X}{N}</mfrac>"
SUM = "<mo>∑</mo>"


def table(*rows: str, attributes: str = "") -> str:
    cells = ("".join(f"<mtd>{cell}</mtd>" for cell in row.split("&")) for row in rows)
    return f"<mtable {attributes}>" + "".join(f"<mtr>{row}</mtr>" for row in cells) + "</mtable>"


SQUARE = table(f"{X}&{Y}", f"{N}&{N}")
BODY = r"x & y \\ 2 & 2"


def converted(markup: str) -> Found | None:
    return from_math(html.fragment_fromstring(f"<math>{markup}</math>"))


def check(cases: list[tuple[str, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("markup", "expected"), cases, ids=[expected or "nothing" for _, expected in cases])


@check(
    [
        ("<mi>sin</mi><mi>α</mi>", r"\sin \alpha"),
        ("<mi mathvariant='normal'>sin</mi><mo>&#x2061;</mo><mi>x</mi>", r"\sin x"),
        ("<mi>lim sup</mi>", r"\limsup"),
        ("<mi>Var</mi>", r"\operatorname{Var}"),
        ("<mi>arg\u2009max</mi>", r"\operatorname{arg\,max}"),
        ("<mi mathvariant='normal'>abc</mi>", r"\mathrm{abc}"),
        ("<mi mathvariant='normal'>a</mi><mi mathvariant='normal'>b</mi>", r"\mathrm{ab}"),
        ("<mi mathvariant='normal'>d</mi><mi>x</mi>", r"\mathrm{d}x"),
        ("<mi mathvariant='italic'>diff</mi>", r"\mathit{diff}"),
        ("<mi mathvariant='normal'>π</mi><mi mathvariant='normal'>∞</mi>", r"\pi \infty"),
        ("<mi mathvariant='double-struck'>R</mi>", r"\mathbb{R}"),
        ("<mi mathvariant='bold'>x</mi><mi mathvariant='bold'>α</mi>", r"\mathbf{x}\boldsymbol{\alpha}"),
        ("<mstyle mathvariant='bold'><mi>x</mi></mstyle>", r"\mathbf{x}"),
        ("<mi mathvariant='script'>L</mi><mi mathvariant='fraktur'>g</mi>", r"\mathcal{L}\mathfrak{g}"),
        ("<mi mathvariant='sans-serif'>P</mi><mi mathvariant='monospace'>t</mi>", r"\mathsf{P}\mathtt{t}"),
        ("<mi>ℝ</mi><mo>⊂</mo><mi>𝔤</mi>", r"\mathbb{R}\subset \mathfrak{g}"),
        ("<mi mathvariant='bold'>𝐱</mi>", r"\mathbf{x}"),
        ("<mi>𝑥</mi><mo>≤</mo><mi>Γ</mi>", r"x\leq \Gamma"),
        ("<mi>𝑑𝑖𝑓𝑓</mi>", r"\mathit{diff}"),
        ("<mi>x\u0302</mi><mi>v\u20d7</mi>", r"\hat{x}\vec{v}"),
        ("<mi>é</mi>", r"\acute{e}"),
        ("<mi>速度</mi>", r"\text{速度}"),
        ("<mi>🙂</mi><mo>⋮</mo><mi>⦅</mi>", r"🙂\vdots⦅"),
        ("<mi><mglyph alt='ξ'/></mi>", r"\xi"),
        ("<mn>3.14</mn><mo>%</mo>", r"3.14\%"),
        ("<mn mathvariant='bold'>0</mn>", r"\mathbf{0}"),
        ("<mn>90</mn><mo>°</mo>", r"90^{\circ}"),
        ("<mi>x²</mi>", "x^{2}"),
        ("<mi>x</mi><mo>⁻¹</mo>", "x^{-1}"),
        ("<mo>&amp;InvisibleTimes;</mo><mo>&amp;PlusMinus;</mo>", r"\pm"),
        (f"{N}<mo>⁢</mo>{X}<mo>−</mo><mn>1</mn>", "2x-1"),
        ("<mo>≠≠∉</mo>", r"\neq \neq \notin"),
        ("<mo>∤</mo>", r"\nmid"),
        ("<mo>|̸</mo>", r"\not|"),
        ("<mo>mod</mo><mo>lim</mo><mo>and</mo>", r"\bmod \lim \operatorname{and}"),
        ("<mo largeop='true'>⊕</mo>", r"\bigoplus"),
        ("<mo minsize='1.2em' maxsize='1.2em'>(</mo>", r"\big("),
        ("<mi>∣</mi><mo>∣</mo>", r"\mid \mid"),
        ("<mo>{</mo><mo>_</mo><mo>#</mo><mo>&amp;</mo><mo>$</mo><mo>\\</mo>", r"\{\_\#\&\$\backslash"),
        (f"{X}<mtext> if </mtext>{Y}", r"x\text{ if }y"),
        (
            "<mtext>5% of $3 &amp; a_b^c {~}</mtext>",
            r"\text{5\% of \$3 \& a\_b\textasciicircum c \{\textasciitilde \}}",
        ),
        ("<mtext>a ≤ b</mtext>", r"\text{a }\leq \text{ b}"),
        ("<mtext mathvariant='bold'>Note</mtext>", r"\textbf{Note}"),
        ("<mtext>𝐎𝐑</mtext>", r"\textbf{OR}"),
        ("<mtext>a</mtext><mtext>b</mtext>", r"\text{ab}"),
        ("<mtext>if <math><mi>x</mi></math> holds</mtext>", r"\text{if}x\text{holds}"),
        ("<mtext>\\foo</mtext>", r"\foo"),
        ("<ms>ab</ms>", r'\text{"ab"}'),
        (f"{X}<mspace width='1em'/>{Y}<mspace width='thinmathspace'/>{X}<mspace width='-0.1667em'/>", r"x\quad y\,x\!"),
    ]
)
def test_tokens(markup: str, expected: str) -> None:
    assert (found := converted(markup)) is not None
    assert found.latex == expected


@check(
    [
        (f"<msup><mrow><mo>(</mo>{X}<mo>)</mo></mrow>{N}</msup>", "(x)^{2}"),
        (f"<msup><mrow>{X}<mo>+</mo>{Y}</mrow>{N}</msup>", "{x+y}^{2}"),
        (f"<msub>{X}{N}</msub>", "x_{2}"),
        (f"<msup><msub>{X}{Y}</msub>{N}</msup>", "{x_{y}}^{2}"),
        (f"<msubsup>{X}{Y}{N}</msubsup>", "x_{y}^{2}"),
        (f"<msubsup>{X}<mrow/>{N}</msubsup>", "x^{2}"),
        (f"<msup><mrow/>{N}</msup>{X}", "{}^{2}x"),
        (f"<msup><mi mathvariant='double-struck'>R</mi>{N}</msup>", r"\mathbb{R}^{2}"),
        (f"<msup><mi>sin</mi>{N}</msup>{X}", r"\sin^{2}x"),
        (f"<msup>{X}<mo>′</mo></msup>", "x'"),
        (f"<msup>{X}<mrow><mo>′</mo><mo>′</mo></mrow></msup>", "x''"),
        (f"<msup>{X}<mo>‴</mo></msup>", "x'''"),
        (f"<msup>{X}<mrow><mo>′</mo>{N}</mrow></msup>", r"x^{\prime 2}"),
        (f"<msup>{X}<msup>{Y}<mo>′</mo></msup></msup>", "x^{y'}"),
        (f"{X}<mo>'</mo><mo>(</mo>{Y}<mo>)</mo>", "x'(y)"),
        (f"<msup>{X}{N}</msup><mo>'</mo>", "x^{2}{}'"),
        (f"<msubsup>{X}{N}<mo>′</mo></msubsup>", "x_{2}'"),
        ("<msup><mn>45</mn><mo>°</mo></msup>", r"45^{\circ}"),
        (f"<mmultiscripts>{X}{Y}{N}<mprescripts/>{N}<none/></mmultiscripts>", "{}_{2}x_{y}^{2}"),
        (f"<mmultiscripts>{X}<none/>{N}{Y}<none/></mmultiscripts>", "x^{2}{}_{y}"),
        (f"<mmultiscripts>{X}<mprescripts/>{Y}{N}</mmultiscripts>", "{}_{y}^{2}x"),
    ]
)
def test_scripts(markup: str, expected: str) -> None:
    assert (found := converted(markup)) is not None
    assert found.latex == expected


@check(
    [
        (f"<munderover>{SUM}{X}{N}</munderover>", r"\sum_{x}^{2}"),
        (f"<munderover><mo>∫</mo>{X}{N}</munderover>", r"\int\limits_{x}^{2}"),
        (f"<munderover><mo>⊕</mo>{X}{N}</munderover>", r"\bigoplus_{x}^{2}"),
        ("<munder><mi>lim</mi><mrow><mi>n</mi><mo>→</mo><mi>∞</mi></mrow></munder>", r"\lim_{n\to \infty}"),
        (f"<munder><mrow><mi>argmax</mi><mo>&#x2061;</mo></mrow>{X}</munder>", r"\operatorname*{argmax}_{x}"),
        (
            f"<munder><mrow><mi>arg</mi><mspace width='0.167em'/><mi>max</mi></mrow>{X}</munder>",
            r"\operatorname*{arg\,max}_{x}",
        ),
        (f"<munder><mover><mi>lim</mi><mo>¯</mo></mover>{X}</munder>", r"\varlimsup_{x}"),
        (f"<munder>{SUM}{table(X, Y, attributes='rowspacing=0.1em')}</munder>", r"\sum_{\substack{x \\ y}}"),
        (f"<mover>{X}<mo>→</mo></mover>", r"\vec{x}"),
        (f"<mover accent='true'>{X}<mo>^</mo></mover><mover>{X}<mo>\u0302</mo></mover>", r"\hat{x}\hat{x}"),
        (f"<mover><mrow>{X}{Y}</mrow><mo>¯</mo></mover>", r"\overline{xy}"),
        (f"<mover><mrow>{X}{Y}</mrow><mo>^</mo></mover>", r"\widehat{xy}"),
        (f"<mover><mrow>{X}{Y}</mrow><mo>→</mo></mover>", r"\overrightarrow{xy}"),
        (f"<mover>{X}<mo>˙</mo></mover><mover>{X}<mo>..</mo></mover>", r"\dot{x}\ddot{x}"),
        (f"<munder>{X}<mo>_</mo></munder>", r"\underline{x}"),
        (f"<mover><mover>{X}<mo>⏞</mo></mover>{N}</mover>", r"\overbrace{x}^{2}"),
        (f"<munder><munder>{X}<mo>⏟</mo></munder><mtext>n</mtext></munder>", r"\underbrace{x}_{\text{n}}"),
        (f"<msup><munder>{X}<mo>⏟</mo></munder>{N}</msup>", r"{\underbrace{x}}^{2}"),
        ("<mover><mo>=</mo><mtext>def</mtext></mover>", r"\overset{\text{def}}{=}"),
        (f"<munder><mo>∼</mo>{X}</munder>", r"\underset{x}{\sim}"),
        ("<mover><mo>=</mo><mo>^</mo></mover>", r"\overset{\text{\textasciicircum}}{=}"),
        (f"<mover><mo>→</mo>{X}</mover>", r"\xrightarrow{x}"),
        (f"<munderover><mo>→</mo>{X}{Y}</munderover>", r"\xrightarrow[x]{y}"),
        (f"<mover><mo stretchy='false'>→</mo>{X}</mover>", r"\overset{x}{\to}"),
        (f"<munderover>{X}{Y}{N}</munderover>", r"\underset{y}{\overset{2}{x}}"),
    ]
)
def test_limits_and_accents(markup: str, expected: str) -> None:
    assert (found := converted(markup)) is not None
    assert found.latex == expected


@check(
    [
        (f"<mfrac>{X}{Y}</mfrac>", r"\frac{x}{y}"),
        (f"<mfrac bevelled='true'>{X}{Y}</mfrac>", "x/y"),
        (f"<mfrac bevelled='true'><mrow>{X}<mo>+</mo>{Y}</mrow>{Y}</mfrac>", r"\frac{x+y}{y}"),
        (f"<mfrac linethickness='0'>{X}{Y}</mfrac>", r"\genfrac{}{}{0pt}{}{x}{y}"),
        (f"<mrow><mo>(</mo><mfrac linethickness='0pt'>{X}{Y}</mfrac><mo>)</mo></mrow>", r"\binom{x}{y}"),
        (f"<mfenced><mfrac linethickness='0.0em'>{X}{Y}</mfrac></mfenced>", r"\binom{x}{y}"),
        (f"<mfrac linethickness='0.1em'>{X}{Y}</mfrac>", r"\frac{x}{y}"),
        (f"<msqrt>{X}<mo>+</mo>{N}</msqrt>", r"\sqrt{x+2}"),
        (f"<mroot>{X}<mn>3</mn></mroot>", r"\sqrt[3]{x}"),
        (f"<mroot>{X}<mo>]</mo></mroot>", r"\sqrt[{]}]{x}"),
        (f"<mfenced open='[' close=')'>{X}{Y}</mfenced>", "[x,y)"),
        (f"<mfenced>{X}</mfenced>", "(x)"),
        (f"<mfenced separators=''>{X}{Y}</mfenced>", "(xy)"),
        (f"<mfenced separators=' ; | '>{X}{Y}{N}{X}</mfenced>", "(x;y|2|x)"),
        (f"<mfenced open='|' close='|'>{HALF}</mfenced>", r"\left|\frac{x}{2}\right|"),
        (f"<mfenced open='⟨' close='⟩' separators='|'>{X}{Y}</mfenced>", r"\langle x|y\rangle"),
        (f"<mrow><mo>(</mo>{HALF}<mo>)</mo></mrow>", r"\left(\frac{x}{2}\right)"),
        (f"<mrow><mo stretchy='false'>(</mo>{HALF}<mo stretchy='false'>)</mo></mrow>", r"(\frac{x}{2})"),
        (f"<mo>(</mo>{X}<mo>)</mo>", "(x)"),
        (f"<mo>(</mo><mo>(</mo>{HALF}<mo>)</mo>", r"(\left(\frac{x}{2}\right)"),
        (f"<mo>]</mo>{HALF}<mo>[</mo>", r"]\frac{x}{2}["),
        (f"<mrow><mo>|</mo>{HALF}<mo>|</mo></mrow>", r"\left|\frac{x}{2}\right|"),
        (f"<mo>|</mo>{X}<mo>|</mo><mo>|</mo>{HALF}<mo>|</mo>", r"|x||\frac{x}{2}|"),
        (f"<mrow>{HALF}<mo fence='true'>∣</mo></mrow>", r"\left.\frac{x}{2}\right|"),
        (f"<mrow><mo fence='true'></mo>{HALF}<mo fence='true'>|</mo></mrow>", r"\left.\frac{x}{2}\right|"),
        (
            f"<mo fence='true'>(</mo>{HALF}<mo fence='true'>|</mo>{X}<mo fence='true'>)</mo>",
            r"\left(\frac{x}{2}\middle|x\right)",
        ),
        (f"<menclose notation='box'>{X}</menclose>", r"\boxed{x}"),
        (f"<menclose notation='top bottom left right'>{X}</menclose>", r"\boxed{x}"),
        (f"<menclose notation='updiagonalstrike'>{X}</menclose>", r"\cancel{x}"),
        (f"<menclose notation='updiagonalstrike downdiagonalstrike'>{X}</menclose>", r"\xcancel{x}"),
        (
            f"<menclose notation='top'>{X}</menclose><menclose notation='radical'>{X}</menclose>",
            r"\overline{x}\sqrt{x}",
        ),
        (f"<menclose>{X}</menclose>", r"\enclose{longdiv}{x}"),
        (f"<menclose notation='circle'>{X}</menclose>", r"\enclose{circle}{x}"),
        (f"<menclose notation='unheard-of'>{X}</menclose>", "x"),
        (f"<mphantom>{X}</mphantom>{Y}", r"\phantom{x}y"),
        (f"<mpadded width='0'><mstyle displaystyle='true'>{X}</mstyle></mpadded>", "x"),
        (f"<maction selection='2'>{X}{Y}</maction>", "y"),
        ("<merror><mtext>bad</mtext></merror>", r"\text{bad}"),
        (f"<semantics>{X}<annotation encoding='StarMath 5.0'>x over</annotation></semantics>", "x"),
        (f"<semantics><mrow>{X}</mrow><annotation-xml><ci>q</ci></annotation-xml></semantics>", "x"),
        ("<mrow>5</mrow><mtd>y</mtd>", "5y"),
        (
            f"<mstack><msrow>{N}</msrow><msline/><msrow>{X}</msrow></mstack>",
            r"\begin{array}{r} 2 \\ \hline x \\ \end{array}",
        ),
    ]
)
def test_layout(markup: str, expected: str) -> None:
    assert (found := converted(markup)) is not None
    assert found.latex == expected


@check(
    [
        (SQUARE, rf"\begin{{matrix}} {BODY} \end{{matrix}}"),
        (f"<mo>(</mo>{SQUARE}<mo>)</mo>", rf"\begin{{pmatrix}} {BODY} \end{{pmatrix}}"),
        (f"{X}<mo>=</mo><mo>[</mo>{SQUARE}<mo>]</mo>{Y}", rf"x=\begin{{bmatrix}} {BODY} \end{{bmatrix}}y"),
        (f"<mo>|</mo>{SQUARE}<mo>|</mo>", rf"\begin{{vmatrix}} {BODY} \end{{vmatrix}}"),
        (f"<mfenced open='‖' close='‖'>{SQUARE}</mfenced>", rf"\begin{{Vmatrix}} {BODY} \end{{Vmatrix}}"),
        (
            f"<mfenced open='{{' close='}}'><mrow>{SQUARE}</mrow></mfenced>",
            rf"\begin{{Bmatrix}} {BODY} \end{{Bmatrix}}",
        ),
        (f"<mfenced open='{{' close=''>{SQUARE}</mfenced>", rf"\begin{{cases}} {BODY} \end{{cases}}"),
        (f"<mo>{{</mo>{SQUARE}<mo>.</mo>", rf"\begin{{cases}} {BODY} \end{{cases}}."),
        (f"<mo>⟨</mo>{SQUARE}<mo>⟩</mo>", rf"\left\langle \begin{{matrix}} {BODY} \end{{matrix}}\right\rangle"),
        (table(X, Y, attributes="columnalign='left'"), r"\begin{array}{l} x \\ y \end{array}"),
        (
            table(f"{X}&<mo>=</mo>{Y}", f"&<mo>=</mo>{N}", attributes="columnalign='right left'"),
            r"\begin{aligned} x & =y \\  & =2 \end{aligned}",
        ),
        (
            table(f"{X}&{Y}", f"{N}&{N}", attributes="columnlines='solid' rowlines='solid'"),
            r"\begin{array}{c|c} x & y \\ \hline 2 & 2 \end{array}",
        ),
        (
            table(f"{X}&{Y}", attributes="frame='solid'"),
            r"\begin{array}{|cc|} \hline x & y \\ \hline \end{array}",
        ),
        (
            f"<mtable><mtr><mtd columnalign='right'>{X}</mtd><mtd class='ltx_align_left'>{Y}</mtd></mtr></mtable>",
            r"\begin{aligned} x & y \end{aligned}",
        ),
        (
            f"<mtable><mtr><mtd columnspan='2'>{X}</mtd><mtd>{Y}</mtd></mtr></mtable>",
            r"\begin{matrix} x &  & y \end{matrix}",
        ),
        (table(X), "x"),
        (table(X, "<mo>[</mo>"), r"\begin{matrix} x \\ {}[ \end{matrix}"),
        (f"<mtable><mlabeledtr><mtd><mtext>(1)</mtext></mtd><mtd>{X}</mtd></mlabeledtr></mtable>", r"x \tag{1}"),
        (
            f"<mtable><mlabeledtr><mtd><mtext>(a)</mtext></mtd><mtd>{X}</mtd><mtd>{Y}</mtd></mlabeledtr>"
            f"<mtr><mtd>{X}</mtd><mtd>{N}</mtd></mtr></mtable>",
            r"\begin{align*} x & y \tag{a} \\ x & 2 \end{align*}",
        ),
        (
            f"<msup><mrow><mo>(</mo>{SQUARE}<mo>)</mo></mrow>{N}</msup>",
            rf"\begin{{pmatrix}} {BODY} \end{{pmatrix}}^{{2}}",
        ),
        (f"<mtable>{X}{Y}</mtable>", r"\begin{matrix} x \\ y \end{matrix}"),
    ]
)
def test_tables(markup: str, expected: str) -> None:
    assert (found := converted(markup)) is not None
    assert found.latex == expected


def test_prefixes() -> None:
    markup = "<mml:math><mml:mfrac><mml:mi>a</mml:mi><mml:mi>b</mml:mi></mml:mfrac></mml:math>"
    assert presentation(html.fragment_fromstring(markup)) == r"\frac{a}{b}"
    namespaced = '<m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:msqrt><m:mi>a</m:mi></m:msqrt></m:math>'
    assert presentation(etree.fromstring(namespaced)) == r"\sqrt{a}"


def test_what_the_author_wrote_comes_first() -> None:
    annotation = "<annotation encoding='application/x-tex'>\\dfrac ab</annotation>"
    assert converted(f"<semantics>{HALF}{annotation}</semantics>") == Found(r"\dfrac ab")
    math = html.fragment_fromstring(f"<math display='block' alttext='\\alpha^2'>{X}</math>")
    assert from_math(math) == Found(r"\alpha^2", True)
    spoken = html.fragment_fromstring(f"<math alttext='Alternative text not available'>{X}</math>")
    assert from_math(spoken) == Found("x")


@pytest.mark.parametrize(
    "markup", ["", "<mrow><mspace width='1'></mspace></mrow>", "<mi> </mi>", "<mtext>&nbsp;</mtext>"]
)
def test_an_empty_formula_is_none(markup: str) -> None:
    assert converted(markup) is None


@pytest.mark.parametrize(
    "markup",
    ["<mfrac><mi>x</mi></mfrac>", "<msup></msup>x", "<mtable><mtr></mtr></mtable>x", "<mover>x</mover>",
     "<msub>x</msub>", "<mtr>x</mtr>", "<mfrac>x</mfrac>", "<mmultiscripts>x</mmultiscripts>",
     "<unknown><mi>x</mi></unknown>"],
)  # fmt: skip
def test_broken_markup_keeps_what_it_shows(markup: str) -> None:
    assert (found := converted(markup)) is not None
    assert "x" in found.latex


NAMES = [
    "mrow", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts",
    "mtable", "mtr", "mlabeledtr", "mtd", "mfenced", "menclose", "mstyle", "mphantom", "maction", "semantics",
    "merror", "mpadded", "span",
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(
        ["x", "sin", "(", ")", "{", "}", "|", "\\", "∑", "→", "′", "^", "_", "&", "%", "$", "#", "~", "", "2", "ℝ"]
    ),
    st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), max_size=4),
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["mathvariant", "fence", "stretchy", "form", "open", "close", "separators", "linethickness",
                     "notation", "columnalign", "rowlines", "columnspan", "minsize", "maxsize", "bevelled"]),
    st.sampled_from(["true", "false", "bold", "normal", "prefix", "", "0", "2", "left right", "solid", "1.2em", "{"]),
    max_size=3,
)  # fmt: skip


@st.composite
def leaves(draw: st.DrawFn) -> etree._Element:
    element = etree.Element(draw(st.sampled_from(["mi", "mn", "mo", "mtext", "ms", "mspace", "none", "mprescripts"])))
    element.text = draw(TEXTS)
    element.attrib.update(draw(ATTRIBUTES))
    return element


@st.composite
def nodes(draw: st.DrawFn, inner: st.SearchStrategy[etree._Element]) -> etree._Element:
    element = etree.Element(draw(st.sampled_from(NAMES)))
    element.extend(draw(st.lists(inner, max_size=4)))
    element.attrib.update(draw(ATTRIBUTES))
    return element


def is_balanced(latex: str) -> bool:
    depth = 0
    for token in re.findall(r"\\.|[{}]", latex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if depth < 0:
            return False
    return depth == 0


@given(st.recursive(leaves(), nodes, max_leaves=12))
def test_any_tree_gives_balanced_latex(tree: etree._Element) -> None:
    math = etree.Element("math")
    math.append(tree)
    latex = presentation(math)
    assert is_balanced(latex)
    assert latex.count(r"\left") - latex.count(r"\leftarrow") - latex.count(r"\leftharpoon") >= 0
    assert len(re.findall(r"\\left(?![a-z])", latex)) == len(re.findall(r"\\right(?![a-z])", latex))
    assert not re.search(r"(?<!\\)[$#%]", latex)


def test_depth_does_not_matter() -> None:
    math = inner = etree.Element("math")
    for level in range(3000):
        inner = etree.SubElement(inner, ("mrow", "msqrt", "mstyle")[level % 3])
    etree.SubElement(inner, "mi").text = "x"
    latex = presentation(math)
    assert latex.count("\\sqrt") == 1000
    assert "x" in latex


def test_time_is_linear() -> None:
    def seconds(times: int) -> float:
        markup = f"<math>{'<mo>(</mo><mi mathvariant=normal>d</mi>' * times}{HALF}{'<mo>)</mo>' * times}</math>"
        page = parse(markup)
        assert page is not None
        math = next(element for element in page.iter() if name(element) == "math")
        start = time.process_time()
        presentation(math)
        return time.process_time() - start

    small = min(seconds(2000) for _ in range(3))
    assert min(seconds(16000) for _ in range(2)) < 24 * small
