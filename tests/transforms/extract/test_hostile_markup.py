r"""Trees that are deep, wide, or endless, behind the guard: each page ends as one row, in bounded time and memory.

To add one, add a row: it is made of so many thousand units.
"""

from collections.abc import Callable

import pytest

from transforms.extract.config import ExtractConfig
from transforms.extract.extract import make_extract
from transforms.records import Document, Dropped, Page, Reason

pytestmark = pytest.mark.pipeline  # slow, not that Beam runs

Maker = Callable[[int], str]
PROSE = "This is a sentence of ordinary prose, and it is long enough to count as content. "
CONFIG = ExtractConfig(max_seconds=10, max_memory_bytes=1 << 30)
GOOD = Page("good", f"<article><p>{PROSE}</p><p>{PROSE} \\(x_1\\)</p></article>".encode())


def article(body: str) -> str:
    return (
        f"<html><head><title>t</title></head><body><article><p>{PROSE}</p>{body}<p>{PROSE}</p></article></body></html>"
    )


def repeated(*units: str, inside: str = "<p>%s</p>", end: str = "") -> Maker:
    """The units in turn, so many thousand characters of them."""
    unit = "".join(units)
    return lambda size: article(inside.replace("%s", unit * (size * 1000 // len(unit)) + end))


def elements(unit: str, after: str = "", inside: str = "%s") -> Maker:
    """So many thousand times the unit, then what closes it as often."""
    return lambda size: article(inside.replace("%s", unit * (size * 1000) + after * (size * 1000)))


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
    "nested fractions": elements("<span class='frac'>"),
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


@pytest.mark.parametrize("name", MARKUP)
@pytest.mark.parametrize("size", [5, pytest.param(100, marks=pytest.mark.full)])
def test_every_page_ends(name: str, size: int) -> None:
    [result] = make_extract(CONFIG)(Page("id", MARKUP[name](size).encode()))
    if isinstance(result, Dropped):
        assert result.reason in (Reason.TOO_LARGE, Reason.EMPTY, Reason.MALFORMED, *([Reason.TIMEOUT] * (size > 5)))
    [good] = make_extract(CONFIG)(GOOD)
    assert isinstance(good, Document)
    assert good.text.endswith("$x_1$")
