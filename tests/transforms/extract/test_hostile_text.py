r"""Texts that bait whatever searches, pairs or rewrites text: twice the text takes about twice the time.

To add one, add a row: it is made to so many thousand characters.
"""

import time
from collections.abc import Callable

import pytest

from transforms.extract.config import ExtractConfig
from transforms.extract.extract import extract
from transforms.records import Document, Dropped, Page, Reason

pytestmark = pytest.mark.pipeline  # slow, not that Beam runs

Maker = Callable[[int], str]
SIZE = 50  # thousand characters
PROSE = "This is a sentence of ordinary prose, and it is long enough to count as content. "


def article(body: str) -> str:
    return (
        f"<html><head><title>t</title></head><body><article><p>{PROSE}</p>{body}<p>{PROSE}</p></article></body></html>"
    )


def repeated(*units: str, inside: str = "<p>%s</p>", end: str = "") -> Maker:
    """The units in turn, so many thousand characters of them."""
    unit = "".join(units)
    return lambda size: article(inside.replace("%s", unit * (size * 1000 // len(unit)) + end))


SCRIPT = "<script>MathJax = {%s}</script>"

BAIT: dict[str, Maker] = {
    "dollars": repeated("$"),
    "dollar pairs": repeated("$x"),
    "dollar blanks": repeated("$ "),
    "dollar lines": repeated("$\n"),
    "double dollars": repeated("$$ "),
    "double dollars and text": repeated("$$x"),
    "escaped dollars": repeated("\\$"),
    "dollar brace": repeated("${"),
    "dollar with braces open": repeated("$x{$ "),
    "opened parentheses": repeated("\\("),
    "opened brackets": repeated("\\["),
    "closed parentheses": repeated("\\)"),
    "open far close": repeated("\\(x ", end="\\)"),
    "openers of all kinds": repeated("\\( \\[ $$ [tex] [math] [itex] $latex \\begin{align} $x "),
    "closers of all kinds": repeated("\\) \\] $$ [/tex] [/math] [/itex] \\end{align} $x "),
    "backticks": repeated("`"),
    "backtick words": repeated("`x "),
    "backtick runs": lambda size: article(
        "<p>" + " ".join("`" * n for n in range(1, int((2000 * size) ** 0.5))) + "</p>"
    ),
    "backtick lines": repeated("`x\n"),
    "begin": repeated("\\begin{align}"),
    "begin and ends of others": repeated("\\begin{align}x\\end{align*}"),
    "begin of all kinds": repeated("\\begin{equation}\\begin{align*}\\begin{gather}\\begin{math}"),
    "begin unknown": repeated("\\begin{"),
    "tex": repeated("[tex]"),
    "tex ends": repeated("[/tex]"),
    "latex": repeated("$latex "),
    "braces": repeated("{"),
    "closed braces": repeated("}"),
    "braces in a formula": repeated("{", inside="<p>\\(%s\\)</p>"),
    "braces in math": repeated("{", inside="<script type='math/tex'>%s</script>"),
    "displaystyle braces": repeated("{\\displaystyle ", inside="<script type='math/tex'>%s</script>"),
    "left": repeated("\\left(", inside="<p>\\(%s\\)</p>"),
    "text groups": repeated("\\text ", inside="<p>$%s$</p>"),
    "text groups open": repeated("\\text{", inside="<p>$%s$</p>"),
    "mathrm words": repeated("\\mathrm", inside="<p>$%s$</p>"),
    "text in a script": repeated("\\text{", inside="<script type='math/tex'>%s</script>"),
    "backslashes": repeated("\\"),
    "backslashes in a formula": repeated("\\", inside="<script type='math/tex'>%s</script>"),
    "percent lines": repeated("%\n", inside="<script type='math/tex'>%s x</script>"),
    "percents": repeated("%", inside="<script type='math/tex'>%s x</script>"),
    "percent blanks": repeated("% ", inside="<script type='math/tex'>%s x</script>"),
    "cdata": repeated("<![CDATA[", inside="<script type='math/tex'>%s</script>"),
    "cdata in the page": repeated("<![CDATA[x", inside="%s"),
    "dollars in a formula": repeated("$", inside="<script type='math/tex'>x%sx</script>"),
    "blank lines in a formula": repeated("\n \n", inside="<script type='math/tex'>x%sx</script>"),
    "blanks in a formula": repeated(" ", inside="<script type='math/tex'>x%sx</script>"),
    "newlines in a formula": repeated("\n", inside="<script type='math/tex'>x%sx</script>"),
    "definitions": repeated("\\def\\a{}", inside="<script type='math/tex'>%s x</script>"),
    "definitions open": repeated("\\def\\a{", inside="<script type='math/tex'>%s x</script>"),
    "definitions of parameters": repeated("#1", inside="<script type='math/tex'>\\def\\a%s{x}</script>"),
    "definition brackets": repeated("[", inside="<script type='math/tex'>\\newcommand{\\a}%s{x}</script>"),
    "definition blanks": repeated(" ", inside="<script type='math/tex'>\\newcommand%s{x}</script>"),
    "definitions that never end": repeated("\\def\\a{\n", inside="<script src='mathjax.js'></script><p>%s</p>"),
    "newcommands": repeated("\\newcommand{\\R}[1]{\\mathbb{R}}", inside="<p>\\(%s x\\)</p>"),
    "lets": repeated("\\let\\a=\\b", inside="<script type='math/tex'>%s x</script>"),
    "macro tables": repeated("macros: {", inside=SCRIPT),
    "macro entries": repeated("a: 'x',", inside=SCRIPT.replace("%s", "macros: {%s}")),
    "macro arrays": repeated("a: ['x', 1,", inside=SCRIPT.replace("%s", "macros: {%s}")),
    "macro array tails": repeated("x", inside=SCRIPT.replace("%s", "macros: {a: ['x', 1, %s")),
    "macro tables with an open array": repeated("macros: {a: ['x', 1, ", inside=SCRIPT),
    "macro tables with an open string": repeated("macros: {a: \"x' ", inside=SCRIPT),
    "macro strings": repeated("\\\\", inside=SCRIPT.replace("%s", "macros: {a: '%s")),
    "macro quotes": repeated("'", inside=SCRIPT.replace("%s", "macros: {a: %s")),
    "macro blanks": repeated(" ", inside=SCRIPT.replace("%s", "macros: {%s")),
    "macro words": repeated("macros ", inside=SCRIPT),
    "macro blanks before": repeated("macros: ", inside=SCRIPT),
    "macros and blanks": repeated(" ", inside=SCRIPT.replace("%s", "macros%s x macros%s x")),
    "dollars in the configuration": repeated("'$' ", inside=SCRIPT),
    "dollars of delimiters": repeated("'$','$'", inside=SCRIPT),
    "left in the configuration": repeated("left", inside=SCRIPT),
    "left and blanks": repeated(" ", inside=SCRIPT.replace("%s", "'$'%s")),
    "image junk": repeated("\\inline", inside="<img src='https://latex.codecogs.com/gif.latex?%s'>"),
    "image dpi": repeated("\\dpi{", inside="<img src='https://latex.codecogs.com/gif.latex?%s'>"),
    "image sizes": repeated("\\large ", inside="<img src='https://latex.codecogs.com/gif.latex?%s'>"),
    "image backgrounds": repeated("\\bg_", inside="<img src='https://latex.codecogs.com/gif.latex?%s'>"),
    "image queries": repeated("&latex=", inside="<img src='/latex.php?x=%s'>"),
    "image percents": repeated("%5C", inside="<img src='/latex.php?latex=%s'>"),
    "image alt": repeated("$", inside="<img class='tex' alt='%s'>"),
    "image alt open": repeated("\\(", inside="<img class='tex' alt='%s'>"),
    "alttext": repeated("x_", inside="<math alttext='%s'><mi>x</mi></math>"),
    "alttext words": repeated("abc ", inside="<math alttext='%s'><mi>x</mi></math>"),
    "class names": repeated("language-", inside="<pre class='%s'>x</pre>"),
    "class words": repeated("math ", inside="<span class='%s'>x</span>"),
    "class blanks": repeated(" ", inside="<pre class='language%s'>x</pre>"),
    "scripts of a letter": repeated("a", inside="<i>x</i><sup>%s</sup>"),
    "digits": repeated("1"),
    "a word": repeated("x"),
    "letters and scripts": repeated("x_"),
    "carets": repeated("^"),
    "a word in a formula": repeated("x", inside="<p>$%s$</p>"),
    "tokens of the vault": repeated("Mzq"),
    "tokens of the vault that grow": lambda size: article("<p>" + "Mzq" + "x" * (size * 1000) + "</p>"),
    "tokens made up": repeated("Mzqf0Q"),
    "tokens half": repeated("Mzqf1"),
    "bars": repeated("| "),
    "hashes": repeated("# "),
    "bars before tokens": repeated("| \\(x\\) "),
    "blanks": repeated(" "),
    "no-break spaces": repeated("&nbsp;"),
    "newlines": repeated("\n"),
    "tabs and words": repeated("\t x"),
    "blanks and words in pre": repeated("   \n", inside="<pre>%s</pre>"),
    "breaks": repeated("<br>"),
    "breaks in a formula": repeated("x<br>", inside="<p>\\(%s\\)</p>"),
    "emphasis in a formula": repeated("x<em>y</em>", inside="<p>\\(%s\\)</p>"),
    "walls in formulas": repeated("\\(<b><u>x</u></b>"),
    "numbers as list marks": repeated("1. "),
    "dashes": repeated("- "),
    "colons": repeated(":"),
    "quotes": repeated("\"'"),
    "ampersands": repeated("&"),
    "angles": repeated("<"),
    "entities": repeated("&amp;"),
    "numeric entities": repeated("&#120;"),
    "escaped tags": repeated("&lt;sub&gt;"),
    "sentences": repeated("a. "),
    "addresses": repeated("http://a.b/"),
    "addresses that go on": repeated("http://"),
    "mail": repeated("a@"),
    "dates": repeated("2020-01-01 "),
    "asciimath": repeated("sum_(i=1)^n i^3 ", inside="<p>`%s`</p>"),
    "blanks in a query": repeated("%20", inside="<img src='https://latex.codecogs.com/gif.latex?x%sx'>"),
    "asciimath open": repeated("(", inside="<p>`%s`</p>"),
    "asciimath fractions": repeated("1/", inside="<p>`%s`</p>"),
    "asciimath scripts": repeated("x_", inside="<p>`%s`</p>"),
    "commands": repeated("\\frac"),
    "sentences with formulas": repeated("Let \\(x_1\\) be $y_2$ and \\[z_3\\] for \\$5. "),
}


def seconds(html: str) -> float:
    """CPU time, of two attempts the better."""
    taken = []
    for _ in range(2):
        start = time.process_time()
        result = extract(Page("id", html.encode()), ExtractConfig())
        taken.append(time.process_time() - start)
        assert isinstance(result, Document) or result.reason in (Reason.TOO_LARGE, Reason.EMPTY)
    return min(taken)


@pytest.mark.parametrize("name", BAIT)
def test_twice_the_text_takes_twice_the_time(name: str) -> None:
    once, twice = (seconds(BAIT[name](size)) for size in (SIZE, 2 * SIZE))
    assert twice < 2.6 * once + 0.1


@pytest.mark.full
@pytest.mark.parametrize("name", BAIT)
def test_a_megabyte_and_more(name: str) -> None:
    start = time.process_time()
    assert isinstance(extract(Page("id", BAIT[name](2000).encode()), ExtractConfig()), Document | Dropped)
    assert time.process_time() - start < ExtractConfig().max_seconds
