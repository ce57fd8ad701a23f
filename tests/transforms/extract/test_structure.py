"""Lists, tables, quotes and code keep their structure in the text."""

# ruff: noqa: E501 (the rows of the tables are markup)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.extract.config import ExtractConfig
from transforms.extract.extract import extract
from transforms.records import Document, Page
from transforms.text_format import code_spans

PROSE = "This is a sentence of ordinary prose, and it is long enough to count as content. "
MORE = "Another sentence ends the article, so that what stands between the two is within it."


def text(body: str) -> str:
    html = f"<html><body><article><p>{PROSE}</p>{body}<p>{MORE}</p></article></body></html>"
    result = extract(Page("id-1", html.encode(), content_type="text/html; charset=utf-8"), ExtractConfig())
    assert isinstance(result, Document)
    return result.text.removeprefix(PROSE.strip()).removesuffix(MORE).strip("\n")


LISTS = {
    "start": ("<ol start=3><li>c<li>d</ol>", "3. c\n4. d"),
    "value": ("<ol><li>a<li value=7>g<li>b</ol>", "1. a\n7. g\n3. b"),
    "letters": ("<ol type=a><li>x<li>y</ol>", "a. x\nb. y"),
    "roman": ("<ol type=i start=4><li>x<li>y</ol>", "iv. x\nv. y"),
    "reversed": ("<ol reversed><li>x<li>y</ol>", "2. x\n1. y"),
    "huge start": ("<ol start=99999999999999><li>x</ol>", "1. x"),
    "nested": ("<ul><li>a<ol><li>b<ul><li>c</ul><li>d</ol></ul>", "- a\n  1. b\n     - c\n  2. d"),
    "list beside its item": ("<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>", "- a\n  - b\n- c"),
    "paragraphs": ("<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>", "- a\n\n  b\n- c"),
    "code in an item": ("<ol><li>run<pre>x = 1\n\n  y</pre>then</ol>", "1. run\n   ```\n   x = 1\n\n     y\n   ```\n   then"),
    "formula in an item": (r"<ul><li>we have \[a\] and</ul>", "- we have\n  $$a$$\n  and"),
    "definitions": ("<dl><dt>ring</dt><dd>a set</dd><dd>with two laws</dd><dt>field</dt><dd>a ring</dd></dl>", "ring\n: a set\n: with two laws\n\nfield\n: a ring"),
    "wrapped definitions": ("<dl><div><dt>a</dt><dd>b</dd></div></dl>", "a\n: b"),
    "quotes": ("<blockquote><p>one<p>two</blockquote>", "> one\n>\n> two"),
    "quoted quote": ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"),
    "lines": ("<p>roses<br>are red<br><br>violets</p>", "roses\nare red\n\nviolets"),
    "rule": ("<p>a</p><hr><p>b</p>", "a\n\nb"),
    "caption": ("<figure><img src=x.png alt='a dog'><figcaption>Figure 1: a dog</figcaption></figure>", "Figure 1: a dog"),
    "footnote": ("<p>so it is<sup>[1]</sup>.</p>", "so it is[1]."),
    "theorem": ("<div class=theorem><span>Theorem 2.</span> <em>All is well.</em></div>", "Theorem 2. All is well."),
    "details": ("<details><summary>Solution</summary>It is four.</details>", "Solution\n\nIt is four."),
    "heading": ("<h3>A <b>bold</b><br>claim</h3>", "### A bold claim"),
}  # fmt: skip

TABLES = {
    "header": ("<table><thead><tr><th>n<th>p</thead><tbody><tr><td>1<td>2</table>", "| n | p |\n|---|---|\n| 1 | 2 |"),
    "colspan": ("<table><tr><th colspan=2>both<th>c<tr><td>1<td>2<td>3</table>", "| both |  | c |\n|---|---|---|\n| 1 | 2 | 3 |"),
    "rowspan": ("<table><tr><th rowspan=2>a<th>b<tr><td>1<tr><td>2<td>3</table>", "| a | b |\n|---|---|\n|  | 1 |\n| 2 | 3 |"),
    "wild spans": ("<table><tr><td colspan=99999>a<td rowspan=-1>b<tr><td>c<td>d</table>", "| a | b |\n|---|---|\n| c | d |"),
    "pipes": ("<table><tr><td>a|b<td>c<tr><td>d<td>$|x|$</table>", "| a\\|b | c |\n|---|---|\n| d | $|x|$ |"),
    "lines in cells": ("<table><tr><td>a<br>b<td>c<tr><td>d<td><p>e<p>f</table>", "| a b | c |\n|---|---|\n| d | e f |"),
    "ragged": ("<table><tr><td>a<td>b<td>c<tr><td>d</table>", "| a | b | c |\n|---|---|---|\n| d |  |  |"),
    "empty columns": ("<table><tr><td>a<td>&nbsp;<td>b<tr><td>c<td><td>d</table>", "| a | b |\n|---|---|\n| c | d |"),
    "display formula": (r"<table><tr><th>a<th>b<tr><td>\[x_1\]<td>1</table>", "| a | b |\n|---|---|\n| $$x_1$$ | 1 |"),
    "caption": ("<table><caption>Powers</caption><tr><th>n<th>p<tr><td>1<td>2</table>", "Powers\n\n| n | p |\n|---|---|\n| 1 | 2 |"),
    "numbered equation": (r"<table><tr><td>\[x_1\]<td>(3)</table>", "$$x_1$$\n(3)"),
    "one column": ("<table><tr><td>a<tr><td>b</table>", "a\n\nb"),
    "layout": ("<table><tr><td><p>a</p><table><tr><th>n<th>p<tr><td>1<td>2</table><td>b</table>", "a\n\n| n | p |\n|---|---|\n| 1 | 2 |\n\nb"),
    "code in a cell": ("<table><tr><td><pre>a\n b</pre><td>c</table>", "```\na\n b\n```\n\nc"),
    "table in a table without a cell": ("<table><tr><td>a<td>x<tr></tr><table><tr><td>b<td>y<tr><td>c<td>z</table></table>", "a\n\nx\n\n| b | y |\n|---|---|\n| c | z |"),
}  # fmt: skip

CODE = {
    "pygments": ("<div class='highlight-python3 notranslate'><div class=highlight><pre><span></span><span class=k>def</span> f():\n    <span class=k>pass</span>\n</pre></div></div>", "python3", "def f():\n    pass"),
    "highlight.js": ("<pre><code class='hljs language-cpp'>int x;\n\n  y;</code></pre>", "cpp", "int x;\n\n  y;"),
    "highlight.js, old": ("<pre><code class='python hljs'>x</code></pre>", "python", "x"),
    "prism": ("<pre class='language-rust line-numbers'><code class='language-rust'>let x;\nlet y;<span class='line-numbers-rows'><span></span></span></code></pre>", "rust", "let x;\nlet y;"),
    "rouge": ("<div class='language-ruby highlighter-rouge'><div class=highlight><pre class=highlight><code>puts 1\n</code></pre></div></div>", "ruby", "puts 1"),
    "rouge with numbers": ("<figure class=highlight><pre><code class='language-c' data-lang=c><table class=rouge-table><tbody><tr><td class='gutter gl'><pre class=lineno>1\n2\n</pre></td><td class=code><pre>int a;\nint b;\n</pre></td></tr></tbody></table></code></pre></figure>", "c", "int a;\nint b;"),
    "shiki": ("<pre class='shiki nord' data-language=ts><code><span class=line><span>let a</span></span>\n<span class=line>  b</span></code></pre>", "ts", "let a\n  b"),
    "shiki without line breaks": ("<pre class=shiki><code class='language-js'><span class=line>a</span><span class=line></span><span class=line>  b</span></code></pre>", "js", "a\n\n  b"),
    "codemirror": ("<div class='CodeMirror cm-s-default'><div class='CodeMirror-code'><div><div class='CodeMirror-gutter-wrapper'><div class='CodeMirror-linenumber'>1</div></div><pre class='CodeMirror-line'><span>x = 1</span></pre></div><div><pre class='CodeMirror-line'>  y</pre></div></div></div>", "", "x = 1\n  y"),
    "prettify": ("<pre class='prettyprint lang-py'><ol class=linenums><li class=L0>a</li><li class=L1>  b</li></ol></pre>", "py", "a\n  b"),
    "syntaxhighlighter": ("<div class='syntaxhighlighter python'><table><tr><td class=gutter><div class='line number1'>1</div><div class='line number2'>2</div></td><td class=code><div class=container><div class='line number1'><code class='python keyword'>def</code> <code class='python plain'>f():</code></div><div class='line number2'><code class='python spaces'>&nbsp;&nbsp;</code><code>pass</code></div></div></td></tr></table></div>", "python", "def f():\n  pass"),
    "github table": ("<table class='highlight js-file-line-container'><tr><td class='blob-num' data-line-number=1></td><td class='blob-code'>a</td></tr><tr><td class='blob-num'></td><td class='blob-code'>  b</td></tr></table>", "", "a\n  b"),
    "jupyter": ("<div class=input><div class='prompt input_prompt'>In&nbsp;[1]:</div><div class=input_area><div class='highlight hl-ipython3'><pre><span></span>1 + 1\n</pre></div></div></div>", "ipython3", "1 + 1"),
    "doctest": ("<pre class=doctest>&gt;&gt;&gt; 1 + 1\n2</pre>", "pycon", ">>> 1 + 1\n2"),
    "r markdown": ("<pre class=r><code>x &lt;- 1\ny</code></pre>", "r", "x <- 1\ny"),
    "pandoc": ("<div class=sourceCode id=cb1><pre class='sourceCode r'><code class='sourceCode r'><span id=cb1-1><a href='#cb1-1'></a>f(x)</span>\n<span id=cb1-2>g</span></code></pre></div>", "r", "f(x)\ng"),
    "copy button": ("<div><pre class='language-go'><button class=copy>Copy</button><code>a\n\tb</code></pre></div>", "go", "a\n\tb"),
    "code without pre": ("<div><code>for x:<br>&nbsp;&nbsp;y<br></code></div>", "", "for x:\n  y"),
    "textarea": ("<div><textarea rows=4>x = 1\nif x:\n    y</textarea></div>", "", "x = 1\nif x:\n    y"),
    "ascii art": ("<pre>  1     x\n --- = ---\n  2     4</pre>", "", "  1     x\n --- = ---\n  2     4"),
}  # fmt: skip


@pytest.mark.parametrize("kind", LISTS)
def test_lists_and_paragraphs(kind: str) -> None:
    assert text(LISTS[kind][0]) == LISTS[kind][1]


@pytest.mark.parametrize("kind", TABLES)
def test_tables(kind: str) -> None:
    assert text(TABLES[kind][0]) == TABLES[kind][1]


@pytest.mark.parametrize("kind", CODE)
def test_code(kind: str) -> None:
    markup, language, code = CODE[kind]
    assert text(markup) == f"```{language}\n{code}\n```"


def test_an_alt_text_that_is_no_formula_is_dropped() -> None:
    assert text("<p>Look <img src=cat.png alt='A grey cat'> here.</p>") == "Look here."


def test_code_in_a_quote_is_still_code() -> None:
    written = text("<blockquote><p>see</p><pre>cost = $x\ny = $z</pre></blockquote>")
    assert [written[start:end] for start, end in code_spans(written)] == ["```\ncost = $x\ny = $z\n```"]


@pytest.mark.parametrize("tag", ["ul><li", "blockquote", "table><tr><td", "dl><dd", "ol><li", "div", "table"])
def test_deep_nesting(tag: str) -> None:
    assert "deep" in text(f"<{tag}>" * (200 // (tag.count("<") + 1)) + "deep")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.sampled_from("ab \t#=(){}$`\\_"), max_size=12), min_size=1, max_size=8))
def test_lines_of_code_are_kept_exactly(lines: list[str]) -> None:
    code = "\n".join(lines)
    escaped = code.replace("&", "&amp;").replace("<", "&lt;")
    assert not code.strip() or code.strip("\n") in text(f"<pre><code>{escaped}</code></pre>")
