from typing import Any

import pytest

FORMATS = [
    "katex-html", "katex16-html", "katex9-html", "katex-mathml", "temml",
    "mathjax4-chtml", "mathjax4-svg", "mathjax4-mathml", "mathjax3-chtml", "mathjax3-svg", "mathjax3-mathml",
    "mathjax2-chtml", "mathjax2-svg", "mathjax2-mathml",
]  # fmt: skip


@pytest.fixture(scope="module")
def rows(render: Any) -> list[dict[str, Any]]:
    named = {"latex": r"\V{x}", "display": True, "macros": {r"\V": r"\mathbf{#1}"}}
    return render(["x^2", r"\frac{", {"latex": "y", "display": True}, named], *FORMATS)


@pytest.mark.parametrize("form", FORMATS)
def test_every_renderer_renders_or_says_why_not(rows: list[dict[str, Any]], form: str) -> None:
    good, bad, *_ = rows
    assert form not in good["errors"]
    assert good[form].startswith("<")
    assert bad[form] is None
    assert bad["errors"][form]


@pytest.mark.parametrize("form", ["katex-mathml", "temml", "mathjax4-mathml", "mathjax3-mathml", "mathjax2-mathml"])
def test_display_is_told(rows: list[dict[str, Any]], form: str) -> None:
    assert 'display="block"' not in rows[0][form]
    assert 'display="block"' in rows[2][form]


@pytest.mark.parametrize("form", FORMATS)
def test_macros_of_a_page(rows: list[dict[str, Any]], form: str) -> None:
    assert rows[3][form]
