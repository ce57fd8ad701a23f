from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text_format import code_spans, delimit, escape_dollars, escape_prose, fence, formulas, inline_code

TEX = st.text(st.sampled_from("ab \\{}$^_\n`&|0"), max_size=30)


def found(text: str) -> list[tuple[str, bool]]:
    return [(formula.latex, formula.display) for formula in formulas(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a $x$ b", [("x", False)]),
        ("$$x$$", [("x", True)]),
        ("$a$$b$", [("a", False), ("b", False)]),
        ("$a$$$b$$", [("a", False), ("b", True)]),
        ("$$a \\text{if $x$} b$$", [("a \\text{if $x$} b", True)]),
        ("$$\n\\begin{align}\na &= b\n\\end{align}\n$$", [("\n\\begin{align}\na &= b\n\\end{align}\n", True)]),
        (r"costs \$5 and \$6", []),
        (r"$\$5 + x$", [(r"\$5 + x", False)]),
        ("`$x$` $y$", [("y", False)]),
        ("```sh\necho $A $B\n```\n$y$", [("y", False)]),
        ("  ```\n  $a$\n  ```\n$y$", [("y", False)]),
        ("````\n```\n$a$\n````\n$y$", [("y", False)]),
        ("```\n$a$", []),
        ("$a ` b$ `c $d$ e`", [("a ` b", False)]),
        ("`` $a$ ` `` $y$", [("y", False)]),
        ("` alone $y$", [("y", False)]),
        (r"\`$y$\`", [("y", False)]),
        ("a $ b", []),
        ("a $b\n\nc$ $d$", [("d", False)]),
        ("$$", []),
        ("", []),
    ],
)
def test_formulas(text: str, expected: list[tuple[str, bool]]) -> None:
    assert found(text) == expected


def test_spans_are_those_of_the_text() -> None:
    text = "a $x$ and $$y$$ `c`\n```py\n1\n```\n"
    assert [text[f.start : f.end] for f in formulas(text)] == ["$x$", "$$y$$"]
    assert [text[start:end] for start, end in code_spans(text)] == ["`c`", "```py\n1\n```"]


@pytest.mark.parametrize(
    ("code", "language", "expected"),
    [
        ("x = 1\n", "python", "```python\nx = 1\n```"),
        ("a\n```\nb", "", "````\na\n```\nb\n````"),
        ("x", "not a language", "```\nx\n```"),
        ("  indented", "c++", "```c++\n  indented\n```"),
    ],
)
def test_fence(code: str, language: str, expected: str) -> None:
    assert fence(code, language) == expected


@pytest.mark.parametrize(
    ("code", "expected"), [("a b", "`a b`"), ("a\nb", "`a b`"), ("a`b", "`` a`b ``"), (" \n", ""), ("", "")]
)
def test_inline_code(code: str, expected: str) -> None:
    assert inline_code(code) == expected


@pytest.mark.parametrize(
    ("latex", "display", "expected"),
    [
        (" x^2 ", False, "$x^2$"),
        ("a\n\n b", True, "$$a\n b$$"),
        ("a \\", False, "$a \\ $"),
        (r"\text{if $x$}", False, r"$\text{if \(x\)}$"),
        (r"\text{if $x$}", True, r"$$\text{if $x$}$$"),
        ("a $ b", False, r"$a \$ b$"),
        (r"\$5", False, r"$\$5$"),
        (" ", True, ""),
    ],
)
def test_delimit(latex: str, display: bool, expected: str) -> None:
    assert delimit(latex, display=display) == expected


@given(TEX, st.booleans())
def test_what_is_delimited_is_found_again(latex: str, display: bool) -> None:
    text = delimit(latex, display=display)
    if text:
        assert [(f.display, f.start, f.end) for f in formulas(f"a {text} b")] == [(display, 2, 2 + len(text))]


@given(st.text(st.sampled_from("ab \\$`\n"), max_size=40))
def test_escaped_prose_holds_nothing(prose: str) -> None:
    assert formulas(escape_dollars(prose)) == [] or "`" in prose
    assert formulas(escape_prose(prose)) == []
    assert code_spans(escape_prose(prose)) == []
    assert escape_prose(escape_prose(prose)) == escape_prose(prose)


@given(st.text(st.sampled_from("ab$`\n\\"), max_size=40), st.sampled_from(["", "python"]))
def test_a_fence_hides_what_it_holds(code: str, language: str) -> None:
    text = f"$x$\n{fence(code, language)}\n$y$"
    assert found(text) == [("x", False), ("y", False)]


@given(st.text(st.sampled_from("$` \\\na"), max_size=80))
def test_any_text_is_read(text: str) -> None:
    spans = sorted([(f.start, f.end) for f in formulas(text)] + code_spans(text))
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(0 <= start < end <= len(text) for start, end in spans)


def test_long_texts_take_linear_time() -> None:
    for bait in ("$", "$ ", "$$ a", "` ", "``` ", "$a\n\n", "\\$"):
        formulas(bait * 50_000)
    assert formulas(" ".join("`" * length for length in range(1, 3000))) == []  # runs that nothing closes
