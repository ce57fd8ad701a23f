r"""What is not math stays prose, and what is stays math: on pages without a renderer, with one, and with dollars on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.extract.config import ExtractConfig
from transforms.extract.extract import extract
from transforms.records import Document, Page
from transforms.text_format import formulas

BEFORE = "Here is some prose before it all, which is long enough to be the content of a page."
AFTER = "And here is some more prose after it, which also belongs to the content of the page."
MATHJAX = "<script src='/mathjax.js'></script>"
PARENTHESES = MATHJAX + r"<script>MathJax = {tex: {inlineMath: [['\\(', '\\)']]}}</script>"
DOLLARS = MATHJAX + r"<script>MathJax = {tex: {inlineMath: [['$', '$'], ['\\(', '\\)']]}}</script>"
HEADS = {"no renderer": "", "renderer": MATHJAX, "dollars off": PARENTHESES, "dollars on": DOLLARS}


def document(markup: str, head: str = "") -> str:
    body = f"<article><p>{BEFORE}</p><p>{BEFORE} [[ {markup} ]] {AFTER}</p></article>"
    result = extract(
        Page(id="1", content=f"<html><head>{head}</head><body>{body}</body></html>".encode()), ExtractConfig()
    )
    assert isinstance(result, Document), result
    return result.text


def found(markup: str, head: str = "") -> list[str]:
    return [formula.latex for formula in formulas(document(markup, head))]


NOT_MATH = [
    # money
    "it costs $5 and $10 today", "between $1,000–$2,000", "US$5 or US$10 each", "A$3 to A$4", "R$ 10,00 ou R$ 20,00",
    "5$ or 10$", "I paid 5$, and then 10$ more", "a plan at $20/month or $30/year", "from $5m to $7m", "$5-$10",
    "$1.50, $2.50 and $3.50", "worth $5 million or so, $6 million at most", "$100 (about 90 euros) or $120 in cash",
    "buy $AAPL and $TSLA", "$AAPL, $TSLA, $MSFT", "$5k–$10k a month", "$0.99!", "save $$ and more $$ today",
    "a $$$ restaurant, or $$ at best", "entre $5 y $10", "zwischen 5$ und 10$", "от $5 до $10", "за 5$ или 10$",
    "价格是$5到$10之间", "価格は$5から$10まで", "$5 (five dollars) for $x of these", "only $5", "about 30$",
    "5 $ et 10 $ au Canada", "12,50 $, ou 13 $ la pièce",
    "Revenue was $4.2B vs. $3.9B", "pay $15 for 2 and $25 for 4", "the ratio of $3 to $4", "cost is $5; tax is $1.",
    # shells and programming languages
    "set $HOME and $PATH", "echo $$ and kill $$", "the variables $my_var and $other_var", "if $a = $b then $c",
    "$row['id'] = $id and $x++", "use $this->name and $this->age", "Perl's $_ and @_ and $0", "$1, $2 and $3 in awk",
    "awk '{print $1}' file and $2", "$? is 0 and $# is 2", "$(date) and $(pwd)", "${name}/${file}",
    "hello ${user.name}, ${x}",
    "$('#id').hide() and $(this).show()", "$.ajax() or $.get()", "$(document).ready and $('a')", "in R, df$x and df$y",
    "$x = 5; $y = 6;", "PS1='$ ' and '$ '", "cost=$((1+2)) and $((3))", "$PSVersionTable and $env:PATH",
    # templates, patterns, paths, spreadsheets
    "{{ x }} and {% if y %}", "#{x} and #{y}", "&lt;%= x %&gt; and &lt;% y %&gt;",
    "^[a-z]+$ or ^[0-9]+$", "^abc$ and ^def$",
    r"sed 's/\(.*\)/\1/'", r"the group \([a-z]*\) in grep", r"\(foo\|bar\) in Emacs",
    r"C:\(old)\files and D:\(new)\files",
    "the cell $A$1 and the cell $B$2", "=SUM($A$1:$A$9)", "A$1 and B$2", r"printf(\"%d\\n\", x) costs $5",
    r'{"a": "\\d+", "b": "$5", "c": "$6"}', "email me at a@b.test, $5 for $6",
    # talk about TeX
    "between $ and $ signs", "between $` and `$",
    "use $...$ or $$...$$", r"\begin{align} starts it and \end{align} ends it",
    "the [math] tag and the [/math] tag", r"\begin{align}...\end{align}",
]  # fmt: skip


@pytest.mark.parametrize("head", HEADS.values(), ids=list(HEADS))
@pytest.mark.parametrize("prose", NOT_MATH)
def test_no_math(prose: str, head: str) -> None:
    assert found(prose, head) == []


IN_CODE = [
    "<code>$x$</code>", "<pre>$x$ \\(y\\)</pre>", "<kbd>$x$</kbd>", r"<code>\(x\)</code>", "<tt>$a$</tt>",
    r"<pre><code class='language-latex'>\begin{align}a\end{align}</code></pre>", "<samp>$$x$$</samp>",
    "<textarea>$x_1$</textarea>", "<script>var x = '$a_1$ \\(b\\)';</script>",
    "<style>a::before {content: '$x$'}</style>",
]  # fmt: skip


@pytest.mark.parametrize("head", [HEADS["no renderer"], DOLLARS], ids=["no renderer", "dollars on"])
@pytest.mark.parametrize("markup", IN_CODE)
def test_no_math_in_code(markup: str, head: str) -> None:
    assert found(markup, head) == []


# (text, its formulas) on a page of which nothing more is known
DOLLAR_MATH = {
    "$x$": ["x"], "$n+1$ and $2$": ["n+1", "2"], "let $f(x) = x^2$.": ["f(x) = x^2"], r"$\alpha$-stable": [r"\alpha"],
    "($a$, $b$)": ["a", "b"], "$a$,$b$": ["a", "b"], "$|x| < 1$": ["|x| < 1"],
    "a $2 \\times 2$ matrix": [r"2 \times 2"],
    "$[0, 1)$": ["[0, 1)"], "$x_1, \\dots, x_n$": [r"x_1, \dots, x_n"], "$O(n \\log n)$ time": [r"O(n \log n)"],
    "$p$-value and $t$-test": ["p", "t"], "$A^T$": ["A^T"], "$e^{i\\pi} = -1$": [r"e^{i\pi} = -1"], "$1/2$": ["1/2"],
    "$x \\in \\mathbb{R}$": [r"x \in \mathbb{R}"], "$\\{1, 2\\}$": [r"\{1, 2\}"], "$a = b$; $c$": ["a = b", "c"],
    "costs \\$5 if $x > 3$": ["x > 3"], "$5 for $x$ items": ["x"], "$x$ costs $5 and $6": ["x"],
    "设$x$为整数": ["x"], "若$a>b$，则$c$": ["a>b", "c"], "函数$f(x)$在$[a,b]$上连续": ["f(x)", "[a,b]"],
    "次の$n$個": ["n"], "пусть $x$ и $y$": ["x", "y"], "für alle $x$ gilt $f(x)=0$": ["x", "f(x)=0"],
    "sea $x$ un número y $y$ otro": ["x", "y"], "soit $n \\geq 1$": [r"n \geq 1"], "정수 $n$에 대하여": ["n"],
    "$\\sin x$": [r"\sin x"], "$\\text{area} = bh$": [r"\text{area} = bh"], "$LDL^T = B$": ["LDL^T = B"],
    "$\\frac{1}{2}$, and": [r"\frac{1}{2}"], "“$x$”": [], "$k$th and $n$-th": ["n"], "$$x = 1$$": ["x = 1"],
    "$f'(x)$": ["f'(x)"], "$n!$": ["n!"], "$-1$": ["-1"], "$3.14$": ["3.14"], "$100\\%$": [r"100\%"],
    "$`a_1 + b`$, $`x`$": ["a_1 + b", "x"],
    "$\\lim_{x \\to 0} f$": [r"\lim_{x \to 0} f"], "$a \\bmod b$": [r"a \bmod b"], "$\\$5 + x$": [r"\$5 + x"],
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DOLLAR_MATH.items())
def test_dollars_that_are_math(text: str, expected: list[str]) -> None:
    assert found(text) == expected


# the same where the page turns dollars on: spaces inside and words are no obstacle then
DOLLARS_ON = {
    "$ x $ and $ y $": ["x", "y"], "$it is$": ["it is"], "$k$th": ["k"], "3$\\times$4": [r"\times"],
    "$speed = s / t$": ["speed = s / t"],
    "the$n$-th": ["n"], "$x $, and": ["x"], "$ABC$ and $DEF$": ["ABC", "DEF"], "$面积=长×宽$": ["面积=长×宽"],
    "$x$ costs $5 and $6": ["x"],
    "$\\text{if $y$}$": [r"\text{if \(y\)}"], "$5$ apples and $10$ pears": ["5", "10"],
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DOLLARS_ON.items())
def test_dollars_that_the_page_turns_on(text: str, expected: list[str]) -> None:
    assert found(text, DOLLARS) == expected


AMOUNTS = st.from_regex(r"[1-9]\d{0,2}(,\d{3})?(\.\d\d)?[kmM]?", fullmatch=True)
LINKS = st.sampled_from(
    [" and ", " or ", "–", "-", " to ", ", ", "; ", " vs ", "/", " y ", " und ", " bis ", " (or) ", "\n"]
)
NAMES = st.from_regex(r"[a-z]{2,6}(_[a-z]{2,4})?|[A-Z]{3,6}", fullmatch=True)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(AMOUNTS, LINKS), min_size=2, max_size=4), st.sampled_from(list(HEADS.values())))
def test_prices_are_never_math(prices: list[tuple[str, str]], head: str) -> None:
    assert found("".join(f"${amount}{link}" for amount, link in prices) + "each", head) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, LINKS), min_size=2, max_size=4), st.sampled_from(list(HEADS.values())))
def test_variables_are_never_math(names: list[tuple[str, str]], head: str) -> None:
    assert found("".join(f"${variable}{link}" for variable, link in names) + "more", head) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.from_regex(r"\\[a-z]{3,6}(_\{[a-z0-9]{1,3}\})? [-+=] [a-z]", fullmatch=True), min_size=1, max_size=4)
)
def test_latex_between_dollars_is_math(latex: list[str]) -> None:
    assert found(" and ".join(f"${one}$" for one in latex)) == latex
