r"""Pages that attack: each is made to a size, and doubles with it. Sizes are in thousands of the page's own unit.

`BAIT` are texts for whatever searches, pairs or rewrites text; `MARKUP` is for what walks trees.
"""

from collections.abc import Callable

Maker = Callable[[int], str]

PROSE = "This is a sentence of ordinary prose, and it is long enough to count as content. "


def article(body: str, head: str = "") -> str:
    return f"<html><head><title>t</title>{head}</head><body><article><p>{PROSE}</p>{body}<p>{PROSE}</p></article></body></html>"


def repeated(*units: str, inside: str = "<p>%s</p>", end: str = "") -> Maker:
    """The units in turn, so many thousand characters of them."""
    unit = "".join(units)
    return lambda size: article(inside.replace("%s", unit * (size * 1000 // len(unit)) + end))


def elements(unit: str, after: str = "", inside: str = "%s") -> Maker:
    """So many thousand times the unit, then what closes it as often."""
    return lambda size: article(inside.replace("%s", unit * (size * 1000) + after * (size * 1000)))


SCRIPT = "<script>MathJax = {%s}</script>"

# Thousands of characters each.
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

# Thousands of elements each.
MARKUP: dict[str, Maker] = {
    **{
        f"nested {tag}": elements(f"<{tag}>x", f"</{tag}>")
        for tag in (
            *("div", "span", "b", "i", "font", "p", "sup", "sub", "blockquote", "table", "tr", "td", "ul", "ol", "dl"),
            *("li", "a", "pre", "code", "h1", "section", "article", "form", "button", "select", "option", "object"),
            *("svg", "g", "math", "mrow", "msup", "mfrac", "msqrt", "mtable", "semantics", "noscript", "template"),
            *("label", "iframe", "textarea", "title", "q", "em", "details", "figure", "nav", "d-math", "mjx-container"),
        )
    },
    "unclosed div": elements("<div>x"),
    "unclosed b": elements("<b>x"),
    "unclosed formatting": elements("<b><i><u><a href='x'>x"),
    "unclosed a div": elements("<a><div>x"),
    "unclosed p b": elements("<p><b>x"),
    "closed only": elements("</div></b>"),
    "nested lists": elements("<ul><li>x", "</li></ul>"),
    "nested numbered lists": elements("<ol start=1e99><li value=-1>x", "</li></ol>"),
    "nested tables": elements("<table><tr><td>x", "</td></tr></table>"),
    "nested tables of two": elements("<table><tr><td>a<td>x", "</td></tr></table>"),
    "nested definitions": elements("<dl><dt>a<dd>x", "</dd></dl>"),
    "nested quotes": elements("<blockquote><p>x", "</blockquote>"),
    "nested katex": elements("<span class='katex'><span class='katex-html'>x", "</span></span>"),
    "nested vlist": elements(
        "<span class='vlist-t'><span class='vlist'>x", "</span></span>", "<span class='katex'>%s</span>"
    ),
    "nested mathjax": elements("<span class='MathJax'><nobr>x", "</nobr></span>"),
    "nested chtml": elements("<mjx-mrow><mjx-mi>x</mjx-mi>", "</mjx-mrow>", "<mjx-container>%s</mjx-container>"),
    "nested mrow": elements("<mrow><mi>x</mi>", "</mrow>", "<math>%s</math>"),
    "nested mfrac": elements("<mfrac><mi>x</mi>", "<mn>1</mn></mfrac>", "<math>%s</math>"),
    "nested mfenced": elements("<mfenced><mtable><mtr><mtd>x", "", "<math>%s</math>"),
    "nested code": elements("<pre><code>x", "</code></pre>"),
    "nested pre span": elements("<span>x", "</span>", "<pre>%s</pre>"),
    "nested sup i": elements("<i>x<sup>2", "</sup></i>"),
    "nested math class": elements("<div class='math'>x", "</div>"),
    "nested equation tables": elements("<table class='ltx_equation'><tr><td>x", "</table>"),
    "nested wikipedia": elements("<span class='mwe-math-element'>x", "</span>"),
    "nested comments MATH": elements("<!-- MATH x --><div>x", "</div>"),
    "flat mrow": elements("<mi>x</mi>", "", "<math>%s</math>"),
    "flat operators": elements("<mo>(</mo><mo>)</mo>", "", "<math>%s</math>"),
    "flat formulas": elements("<math><mi>x</mi></math>"),
    "flat formulas with alttext": elements("<math alttext='x_1'><mi>x</mi></math>"),
    "flat matrix": elements("<mtr><mtd>1</mtd></mtr>", "", "<math><mo>(</mo><mtable>%s</mtable><mo>)</mo></math>"),
    "flat scripts math": elements("<script type='math/tex'>x_1</script>"),
    "flat scripts": elements("<script>x</script>"),
    "flat styles": elements("<style>x</style>"),
    "flat previews": elements("<span class='MathJax_Preview'>x</span>"),
    "flat renderings": elements("<span class='MathJax'>x</span>"),
    "flat katex": elements("<span class='katex'>x</span>"),
    "flat math class": elements("<span class='math'>\\(x\\)</span>"),
    "flat math blocks": elements("<div class='math'>\\[x\\]</div>"),
    "flat display katex": elements("<span class='katex-display'><span class='katex'>x</span></span>"),
    "flat images": elements("<img src='a.png' alt='$x$'>"),
    "flat images plain": elements("<img src='a.png' alt='x'>"),
    "flat images after comments": elements("<!-- MATH $x$ --><img src='a.png'>"),
    "flat comments": elements("<!-- x -->"),
    "flat comments MATH": elements("<!-- MATH $x$ -->"),
    "flat links": elements("<a name='x'></a>", "<img src='x'>"),
    "flat breaks": elements("<br>"),
    "flat breaks and code": elements("<br>`x`"),
    "flat rules": elements("<hr>"),
    "flat sup": elements("<sup>2</sup>"),
    "flat powers": elements("<i>x</i><sup>2</sup>"),
    "flat sup sub": elements("<sup>2</sup><sub>1</sub>"),
    "flat paragraphs": elements("<p>x</p>"),
    "flat paragraphs with formulas": elements("<p>Let \\(x\\) be.</p>"),
    "flat spans with formulas": elements("<span>x</span> \\(x\\) "),
    "flat spans in a formula": elements("<span>x</span>", "", "<p>\\(%s\\)</p>"),
    "flat spans with dollars": elements("<span>x</span> $ "),
    "flat code": elements("<code>x</code>"),
    "flat pre": elements("<pre>x</pre>"),
    "flat spans in pre": elements("<span>x</span>", "", "<pre>%s</pre>"),
    "flat line numbers": elements("<span class='lineno'>1</span>x\n", "", "<pre>%s</pre>"),
    "flat items": elements("<li>x", "", "<ul>%s</ul>"),
    "flat items with lists": elements("<li>x<ul><li>y</ul>", "", "<ol>%s</ol>"),
    "flat rows": elements("<tr><td>x<td>y", "", "<table>%s</table>"),
    "flat cells": elements("<td>x", "", "<table><tr>%s</table>"),
    "flat cells of all columns": elements(
        "<tr><td colspan=1000000000 rowspan=999999999>x<td>y", "", "<table>%s</table>"
    ),
    "flat tables": elements("<table><tr><td>x<td>y</table>"),
    "flat tables in one": elements("<tr><td><table><tr><td>x<td>y</table><td>z", "", "<table>%s</table>"),
    "flat equation rows": elements(
        "<tr><td><math alttext='x_1'></math></td></tr>", "", "<table class='ltx_equation'>%s</table>"
    ),
    "flat headings": elements("<h2>x</h2>"),
    "flat quotes": elements("<blockquote>x</blockquote>"),
    "flat links with text": elements("<a href='x'>x</a> "),
    "flat paths": elements("<path d='M 0 0'/>", "", "<svg>%s</svg>"),
    "flat uses": elements("<use href='#x'/>", "", "<mjx-container><svg>%s</svg></mjx-container>"),
    "flat chtml": elements(
        "<mjx-mi><mjx-c class='mjx-c1D465'></mjx-c></mjx-mi>", "", "<mjx-container>%s</mjx-container>"
    ),
    "flat vlist": elements(
        "<span class='mord'>x</span>", "", "<span class='katex'><span class='katex-html'>%s</span></span>"
    ),
    "flat data-tex": elements("<span data-tex='x_1'>x</span>"),
    "flat options": elements("<option>x", "", "<select>%s</select>"),
    "flat metas": elements("<meta property='og:title' content=''>"),
    "flat titles": elements("<h1></h1>"),
    "flat spans of a blank": elements("<span> </span>", "", "<p>x%sx</p>"),
    "flat images with blank alts": elements("<img class='tex' alt='x'> <b> </b>"),
    "flat emphasis": elements("<em>x</em>y"),
    "attributes": lambda size: article("<p " + " ".join(f"a{n}='1'" for n in range(size * 1000)) + ">x</p>"),
    "attributes of a formula": lambda size: article(
        "<math " + " ".join(f"a{n}='1'" for n in range(size * 1000)) + "><mi>x</mi></math>"
    ),
    "a long attribute": repeated("x", inside="<p title='%s'>x</p>"),
    "a long class": repeated("x", inside="<p class='%s'>x</p>"),
    "many classes": lambda size: article("".join(f"<p class='c{n}'>x</p>" for n in range(size * 1000))),
    "many tags": lambda size: article("".join(f"<x{n}>x</x{n}>" for n in range(size * 1000))),
    "bodies": elements("<body><html>"),
    "doctype": lambda size: (
        "<!DOCTYPE html ["
        + "".join(f"<!ENTITY a{n} '&a{n - 1};&a{n - 1};'>" for n in range(1, 30))
        + "]>"
        + article("<p>" + "&a29; " * size + "</p>")
    ),
    "only comments": lambda size: "<!-- x -->" * (size * 1000),
    "only breaks": lambda size: "<br>" * (size * 1000),
    "only tags": lambda size: "<p>" * (size * 1000),
    "a comment that never ends": lambda size: article("<!--" + "x" * (size * 1000)),
    "comments that never end": lambda size: article("<!-- " * (size * 1000)),
    "a script that never ends": lambda size: article("<script>" + "x " * (size * 1000)),
    "a tag that never ends": lambda size: article("<p " + "x " * (size * 1000)),
    "quotes that never end": lambda size: article("<p a='" * (size * 1000)),
}
