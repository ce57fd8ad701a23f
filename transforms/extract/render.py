"""A content tree to text: paragraphs, headings, lists, tables and quotes in Markdown's manner, nothing else marked."""

import re
from collections.abc import Callable, Iterator

from lxml.etree import _Element

from transforms.extract import lists, tables

HasBlock = Callable[[str], bool]

_BLANKS = re.compile(r"[ \t\n\f\r\u00a0\u200b]+")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset([
    "p", "div", "section", "article", "main", "body", "html", "center", "figure", "figcaption", "details",
    "summary", "address", "fieldset", "legend", "form", "dd", "dt", "header", "footer", "aside", "nav", "hgroup", "tbody",
    "thead", "tfoot", "caption", "li", "td", "th", "tr", "hr", "menu", "dir", "multicol", "amp-accordion",
])  # fmt: skip
_LEFT_OUT = frozenset([
    "script", "style", "noscript", "template", "title", "meta", "link", "button", "select", "option",
    "input", "iframe", "rp", "rt", "audio", "video", "canvas", "map", "noframes",
])  # fmt: skip
_OWN_FORM = frozenset(["ul", "ol", "dl", "dir", "menu", "table", "blockquote", "q", "br", *_HEADINGS])


def render(tree: _Element, has_block: HasBlock) -> str:
    """The text of a tree; `has_block` tells text that must keep its own lines, so that its table is not drawn."""
    return tidy(_Writer(has_block).content(tree))


class _Writer:
    """Writes elements; each kind of block that has a form of its own is a method."""

    def __init__(self, has_block: HasBlock) -> None:
        self._has_block = has_block

    def content(self, element: _Element) -> str:
        return "".join(self._parts(element))

    def _parts(self, element: _Element) -> Iterator[str]:
        if element.text:
            yield _BLANKS.sub(" ", element.text)
        for child in element:
            tag = child.tag
            if tag in _OWN_FORM:
                yield self._formed(child, str(tag))
            elif tag in _BLOCKS:
                yield "\n\n"
                yield from self._parts(child)
                yield "\n\n"
            elif isinstance(tag, str) and tag not in _LEFT_OUT:
                yield from self._parts(child)
            if child.tail:
                yield _BLANKS.sub(" ", child.tail)

    def _formed(self, element: _Element, tag: str) -> str:
        match tag:
            case "br":
                return "\n"
            case "table":
                return f"\n\n{self._table(element)}\n\n"
            case "ul" | "ol" | "dir" | "menu":
                return f"\n\n{lists.items(element, self._tidied)}\n\n"
            case "dl":
                return f"\n\n{lists.definitions(element, self._tidied)}\n\n"
            case "blockquote":
                return f"\n\n{self._quote(element)}\n\n"
            case "q":
                return f"“{self.content(element).strip()}”"
            case _:
                title = " ".join(self.content(element).split())
                return f"\n\n{'#' * _HEADINGS[tag]} {title}\n\n" if title else ""

    def _tidied(self, element: _Element) -> str:
        return tidy(self.content(element))

    def _quote(self, element: _Element) -> str:
        """Lines after `>`; not those of a block of code, whose fence must begin its line."""
        text = self._tidied(element)
        lines = (line if self._has_block(line) else f"> {line}".rstrip() for line in text.split("\n"))
        return "\n".join(lines) if text else ""

    def _table(self, element: _Element) -> str:
        """Drawn where it is a grid of short cells, else as the paragraphs that stand in it."""
        rows = tables.rows(element)
        if rows is None:
            return self.content(element)
        grid = [[(self._tidied(cell), span) for cell, span in row] for row in rows]
        drawn = "" if any(self._has_block(text) for row in grid for text, _ in row) else tables.draw(grid)
        return drawn or "\n\n".join(text for row in grid for text, _ in row if text)


def tidy(text: str) -> str:
    """Without blanks at the ends of lines, or the single one that HTML leaves at the beginning of a paragraph."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?m)[ \t]+$|^ (?! )", "", text)).strip("\n").rstrip()
