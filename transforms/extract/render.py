"""A content tree to text: paragraphs, headings, lists, tables and quotes in Markdown's manner, nothing else marked.

It reads HTML as well as what trafilatura makes of it (`head`, `list`, `item`, `row`, `cell`, `lb`, `quote`).
"""

import re
from collections.abc import Callable

from lxml.etree import _Element

from transforms.extract.tree import name, own_children

HasBlock = Callable[[str], bool]

_BLANKS = re.compile(r"[ \t\n\f\u00a0]+")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset([
    "p", "div", "section", "article", "main", "body", "html", "center", "figure", "figcaption", "details",
    "summary", "address", "fieldset", "form", "dd", "dt", "header", "footer", "aside", "nav", "hgroup", "tbody",
    "thead", "tfoot", "caption", "li", "item", "td", "th", "cell", "tr", "row", "comments", "doc",
])  # fmt: skip
_LEFT_OUT = frozenset([
    "script", "style", "noscript", "template", "title", "meta", "link", "button", "select", "option",
    "input", "label", "iframe",
])  # fmt: skip


def render(tree: _Element, has_block: HasBlock) -> str:
    """The text of a tree; `has_block` tells text that must keep its own lines, so that its table is not drawn."""
    return _tidy(_element(tree, has_block))


def _content(element: _Element, has_block: HasBlock) -> str:
    parts = [_squeezed(element.text)]
    for child in own_children(element):
        parts.append(_element(child, has_block))
        parts.append(_squeezed(child.tail))
    return "".join(parts)


def _element(element: _Element, has_block: HasBlock) -> str:
    tag = name(element)
    if tag in {"lb", "br", "hr"}:
        return "\n"
    if tag in {"list", "ul", "ol", "dl"}:
        return f"\n\n{_list(element, has_block)}\n\n"
    if tag == "table":
        return f"\n\n{_table(element, has_block)}\n\n"
    content = "" if tag in _LEFT_OUT else _content(element, has_block)
    if level := _HEADINGS.get(tag) or (_HEADINGS.get(element.get("rend") or "", 2) if tag == "head" else 0):
        title = " ".join(content.split())
        return f"\n\n{'#' * level} {title}\n\n" if title else ""
    if tag in {"quote", "blockquote"}:
        lines = [f"> {line}".rstrip() for line in _tidy(content).split("\n")]
        return "\n\n" + "\n".join(lines) + "\n\n" if content.strip() else ""
    return f"\n\n{content}\n\n" if tag in _BLOCKS else content


def _list(element: _Element, has_block: HasBlock) -> str:
    numbered = "ol" in (name(element), element.get("rend"))
    lines = []
    for number, item in enumerate(own_children(element), 1):
        text = _tidy(_element(item, has_block))
        if re.match(r"- |\d+\. ", text):  # nothing but a list inside: its own marks are enough
            lines.append("  " + text.replace("\n", "\n  "))
        elif text:
            marker = f"{number}. " if numbered else "- "
            lines.append(marker + re.sub(r"\n+", "\n" + " " * len(marker), text))
    return "\n".join(lines)


def _table(element: _Element, has_block: HasBlock) -> str:
    """Rows between bars; a table with one column, or with blocks in its cells, is layout and comes as paragraphs."""
    rows = [
        [_tidy(_content(cell, has_block)) for cell in own_children(row)]
        for row in element.iter("tr", "row")
        if next(row.iterancestors("table"), None) is element
    ]
    rows = [row for row in rows if any(row)]
    width = max(map(len, rows), default=0)
    if width < 2 or any(has_block(cell) or cell.count("\n") > 4 for row in rows for cell in row):
        return "\n\n".join(cell for row in rows for cell in row if cell)
    drawn = ["| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) + " |" for row in rows]
    drawn.insert(1, "|" + "---|" * width)
    return "\n".join(drawn)


def _tidy(text: str) -> str:
    """Without blanks at the ends of lines, or the single one that HTML leaves at the beginning of a paragraph."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?m)(?<![ \t])[ \t]+$|^ (?! )", "", text)).strip()


def _squeezed(text: str | None) -> str:
    return _BLANKS.sub(" ", text) if text else ""
