r"""One test for each kind of math markup: a page with it, and the text that comes out between "before" and "after"."""

import pytest

from transforms.extract.config import ExtractConfig
from transforms.extract.extract import extract
from transforms.records import Document, Page

CONFIG = ExtractConfig()
BEFORE = "Some prose before the formula, long enough to be the content of a page."
AFTER = "And some more prose after it, which also belongs to the content of the page."
MATHJAX = "<script src='https://cdn.test/mathjax.js'></script>"
DOLLARS = MATHJAX + "<script>MathJax = {tex: {inlineMath: [['$', '$'], ['\\\\(', '\\\\)']]}}</script>"
TEX = "<annotation encoding='application/x-tex'>%s</annotation>"
FRAC = "<mfrac><mi>p</mi><mi>q</mi></mfrac>"


def document(html: str, **known: str) -> Document:
    result = extract(Page(id="1", content=html.encode(), **known), CONFIG)
    assert isinstance(result, Document), result
    return result


def between(markup: str, head: str = "") -> str:
    """What a markup becomes inside a paragraph."""
    page = f"<html><head>{head}</head><body><article><p>{BEFORE} [[ {markup} ]] {AFTER}</p></article></body></html>"
    text = document(page).text
    return text.partition("[[")[2].partition("]]")[0].strip()


KINDS = {
    "mathml annotation": (
        f"<math><semantics>{FRAC}{TEX % 'p/q'}</semantics></math>",
        "$p/q$",
    ),
    "mathml annotation, display": (
        f"<math display='block'><semantics>{FRAC}{TEX % 'p_1'}</semantics></math>",
        "$$p_1$$",
    ),
    "mathml annotation LaTeX": (
        f"<math><semantics>{FRAC}<annotation encoding='LaTeX'>p_2</annotation></semantics></math>",
        "$p_2$",
    ),
    "mathml alttext": (f"<math alttext='\\displaystyle\\frac{{p}}{{q}}'>{FRAC}</math>", r"$\frac{p}{q}$"),
    "mathml alttext in words": (f"<math alttext='fraction without text'>{FRAC}</math>", r"$\frac{p}{q}$"),
    "mathml presentation": (f"<math><mrow><mi>x</mi><mo>=</mo>{FRAC}</mrow></math>", r"$x=\frac{p}{q}$"),
    "mathml prefixed": ("<m:math><m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup></m:math>", "$x^{2}$"),
    "wikipedia": (
        "<span class='mwe-math-element'><span class='mwe-math-mathml-inline' style='display: none;'>"
        "<math alttext='{\\displaystyle x^{2}}'><semantics><mi>x</mi><annotation encoding='application/x-tex'>"
        "{\\displaystyle x^{2}}</annotation></semantics></math></span>"
        "<img src='x.svg' class='mwe-math-fallback-image-inline' alt='{\\displaystyle x^{2}}'></span>",
        "$x^{2}$",
    ),
    "wikipedia image": (
        "<img class='mwe-math-fallback-image-inline' src='x.svg' alt='{\\displaystyle x^{2}}'>",
        "$x^{2}$",
    ),
    "wikipedia old": ("<img class='tex' alt='\\alpha+1' src='a.png'>", r"$\alpha+1$"),
    "katex": (
        f"<span class='katex'><span class='katex-mathml'><math><mi>x</mi>{TEX % 'x_1'}</math></span>"
        "<span class='katex-html' aria-hidden='true'>x1</span></span>",
        "$x_1$",
    ),
    "katex display": (
        "<span class='katex-display'><span class='katex'><span class='katex-mathml'><math><semantics><mi>x</mi>"
        "<annotation encoding='application/x-tex'>x_1</annotation></semantics></math></span></span></span>",
        "$$x_1$$",
    ),
    "katex data-expr": ("<span class='tex' data-expr='\\sqrt{2}'>rendering</span>", r"$\sqrt{2}$"),
    "zhihu data-tex": ("<span class='ztext-math' data-eeimg='1' data-tex='a_i'>a i</span>", "$a_i$"),
    "mathjax 2 script": (
        "<span class='MathJax_Preview'>x2</span><span class='MathJax' id='f'><nobr>x2</nobr></span>"
        "<script type='math/tex'>x^2</script>",
        "$x^2$",
    ),
    "mathjax 2 display script": (
        "<div class='MathJax_Display'><span class='MathJax'>x2</span></div>"
        "<script type='math/tex; mode=display'>x<2</script>",
        "$$x<2$$",
    ),
    "kramdown script": ("<script type='math/tex'>% <![CDATA[\nx<2 %]]></script>", "$x<2$"),
    "mathjax 3": (
        "<mjx-container class='MathJax' jax='CHTML'><mjx-math aria-hidden='true'><mjx-mi>x</mjx-mi></mjx-math>"
        f"<mjx-assistive-mml><math>{FRAC}</math></mjx-assistive-mml></mjx-container>",
        r"$\frac{p}{q}$",
    ),
    "mathjax 4 data-latex": (
        "<mjx-container display='true'><mjx-math data-latex='1 \\sim N'><mjx-mn>1</mjx-mn></mjx-math></mjx-container>",
        r"$$1 \sim N$$",
    ),
    "mathjax 2 label": ("<span class='mjx-chtml'><span aria-label='\\alpha_1'>a1</span></span>", r"$\alpha_1$"),
    "stack exchange": ("<span class='math-container'>a_1</span>", "$a_1$"),
    "sphinx": ("<span class='math notranslate'>\\(a_1\\)</span>", "$a_1$"),
    "pandoc inline": ("<span class='math inline'>\\(a + b\\)</span>", "$a + b$"),
    "pandoc display": ("<span class='math display'>\\[a + b\\]</span>", "$$a + b$$"),
    "pandoc rendered": ("<span class='math inline'><em>x</em><sup>2</sup></span>", "$x^2$"),
    "github": ("<math-renderer>$a_1$</math-renderer>", "$a_1$"),
    "gitlab": ("<code class='code math js-render-math'>a_1</code>", "$a_1$"),
    "distill": ("<d-math>a_1</d-math>", "$a_1$"),
    "distill block": ("<d-math block=''>a_1</d-math>", "$$a_1$$"),
    "wordpress image": (
        "<img src='https://s0.wp.com/latex.php?latex=%5Cfrac%7B1%7D%7B2%7D+x&bg=fff' alt=''>",
        r"$\frac{1}{2} x$",
    ),
    "codecogs": (
        "<img src='https://latex.codecogs.com/gif.latex?\\dpi{120}&space;\\large&space;x^2&space;+1'>",
        "$x^2 +1$",
    ),
    "mathtex": ("<img src='/cgi-bin/mathtex.cgi?x^{2}'>", "$x^{2}$"),
    "mimetex": ("<img src='/cgi-bin/mimetex.cgi?%5Calpha'>", r"$\alpha$"),
    "google charts": ("<img src='https://chart.googleapis.com/chart?cht=tx&chl=x%5E2%2B1'>", "$x^2+1$"),
    "zhihu image": ("<img src='https://www.zhihu.com/equation?tex=a%2Bb' alt='a+b'>", "$a+b$"),
    "aops": ("<img class='latex' alt='$x^2$' src='x.png'>", "$x^2$"),
    "latex2html": ("<img alt='$ x^2$' src='img1.png'>", "$x^2$"),
    "latex2html comment": ("<!-- MATH\n $x^2 + y$\n --><img alt='$ x^2 ...$' src='img1.png'>", "$x^2 + y$"),
    "doxygen": ("<img class='formulaDsp' alt='\\[ r(t) \\]' src='form_1.png'>", "$$r(t)$$"),
    "moodle": ("<img class='texrender' title='x^2' alt='' src='x.png'>", "$x^2$"),
    "parentheses": ("\\(a_1\\)", "$a_1$"),
    "brackets": ("\\[a_1 + b\\]", "$$a_1 + b$$"),
    "double dollars": ("$$a_1 &lt; b$$", "$$a_1 < b$$"),
    "dollars": ("$a_1 &lt; b$", "$a_1 < b$"),
    "align": (
        "\\begin{align}a &amp;= b \\tag{1}\\\\ c &amp;= d \\label{x}\\end{align}",
        "$$\\begin{align}a &= b \\tag{1}\\\\ c &= d \\label{x}\\end{align}$$",
    ),
    "equation": ("\\begin{equation*}a\\end{equation*}", "$$\\begin{equation*}a\\end{equation*}$$"),
    "wordpress text": ("$latex x^2$", "$x^2$"),
    "bbcode": ("[tex]x^2[/tex]", "$x^2$"),
    "superscript": ("<i>x</i><sup>2</sup> and <i>a</i><sub>n</sub><sup>2</sup>", "$x^2$ and $a_n^2$"),
    "powers of numbers": ("10<sup>3</sup> and 2<sup>n+1</sup>", "10^3 and $2^{n+1}$"),
}


@pytest.mark.parametrize(("markup", "expected"), KINDS.values(), ids=list(KINDS))
def test_kind(markup: str, expected: str) -> None:
    assert between(markup) == expected


DOLLARS_ON = {
    "a word": ("$n$", "$n$"),
    "blanks inside": ("$ x $", "$x$"),
    "text inside": ("$x \\text{ if $y$} z$", "$x \\text{ if \\(y\\)} z$"),
    "split by Markdown": ("$x<em>1 + x</em>2$", "$x_1 + x_2$"),
    "line break": ("\\[a\\\\<br>b\\]", "$$a\\\\\nb$$"),
    "code": ("<code>$x$</code> and <code>$y$</code>", "`$x$` and `$y$`"),
}


@pytest.mark.parametrize(("markup", "expected"), DOLLARS_ON.values(), ids=list(DOLLARS_ON))
def test_dollars_where_the_page_turns_them_on(markup: str, expected: str) -> None:
    assert between(markup, DOLLARS) == expected


NOT_MATH = {
    "prices": "costs $5 and then $10, or $15.99 for two",
    "ranges": "from $10-$20 to $1,000",
    "shell": "set $HOME and $PATH, then ${name}/${file}",
    "snake case": "the variables $my_var and $other_var are set",
    "jquery": "call $('#id').hide() and $(this).show() or $.ajax()",
    "php": "if $a = $b then $c",
    "brackets of a pattern": r"the pattern \[a-zA-Z words of prose here\]",
    "three dollars": "a $$$ restaurant, or $$$ two",
    "one": "only $5",
}


@pytest.mark.parametrize("prose", NOT_MATH.values(), ids=list(NOT_MATH))
def test_what_is_no_math(prose: str) -> None:
    assert between(prose) == prose.replace("$", r"\$")


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("the 1<sup>st</sup> of", "the 1st of"),
        ("fact<sup><a href='#n'>[1]</a></sup> is", "fact[1] is"),
    ],
)
def test_superscripts_that_are_no_math(markup: str, expected: str) -> None:
    assert between(markup) == expected


def test_latexml_equation_table() -> None:
    cells = "<td><math alttext='\\displaystyle a'></math></td><td><math alttext='\\displaystyle=b'></math></td>"
    number = "<td><span class='ltx_tag ltx_tag_equation'>(1.2)</span></td>"
    one = f"<table class='ltx_equation ltx_eqn_table'><tr class='ltx_equation'>{cells}{number}</tr></table>"
    two = f"<table class='ltx_equationgroup ltx_eqn_table'><tr>{cells}{number}</tr><tr>{cells}</tr></table>"
    text = document(f"<article><p>{BEFORE}</p>{one}{two}<p>{AFTER}</p></article>").text
    assert "$$a =b \\tag{1.2}$$" in text
    assert "$$\\begin{align*}\na & =b \\tag{1.2} \\\\\na & =b\n\\end{align*}$$" in text


def test_display_formulas_stand_on_lines_of_their_own() -> None:
    text = document(f"<p>{BEFORE}</p><div>\\[x_1\\]</div><p>a \\[x_2\\] b {AFTER}</p>").text
    assert text.startswith(f"{BEFORE}\n\n$$x_1$$\n\na\n$$x_2$$\nb")
