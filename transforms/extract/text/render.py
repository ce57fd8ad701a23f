"""A content tree to text: paragraphs, headings, lists, tables and quotes in Markdown's manner, nothing else marked."""

import re
from collections.abc import Callable

from lxml.etree import _Element

from transforms.extract.text import lists
from transforms.extract.text.tables import draw, is_grid, rows, span

HasBlock = Callable[[str], bool]

_BLANKS = re.compile(r"[ \t\n\f\r\u00a0\u200b]+")
_BLOCKS = frozenset([
    "p", "div", "section", "article", "main", "body", "html", "center", "figure", "figcaption", "details",
    "summary", "address", "fieldset", "legend", "form", "dd", "dt", "header", "footer", "aside", "nav", "hgroup",
    "tbody",    "thead", "tfoot", "caption", "li", "td", "th", "tr", "hr", "menu", "dir", "h1", "h2", "h3", "h4",
    "h5", "h6", "ul", "ol", "dl", "dir", "blockquote", "table",
])  # fmt: skip
_LEFT_OUT = frozenset([
    "script", "style", "noscript", "template", "title", "meta", "link", "button", "select", "option",
    "input", "iframe", "rp", "rt", "audio", "video", "canvas", "map", "noframes",
])  # fmt: skip
_MAX_DEPTH = 30  # of lists, quotes and grids in one another; deeper ones are paragraphs


def render(tree: _Element, has_block: HasBlock) -> str:
    """The text of a tree; `has_block` tells text that must keep its own lines, so that its table is not drawn."""
    return _Writer(has_block).tidied(tree)


class _Writer:
    """Writes elements; each kind of block that has a form of its own is a method."""

    def __init__(self, has_block: HasBlock) -> None:
        self._has_block = has_block
        self._depth = 0

    def tidied(self, element: _Element) -> str:
        """What an element holds, as text by itself."""
        out: list[str] = []
        self._write(element, out)
        return tidy("".join(out))

    def _write(self, element: _Element, out: list[str]) -> None:
        if element.text:
            _add(element.text, out)
        for child in element:
            tag = child.tag
            if tag == "br":
                out.append("\n")
            elif (
                (form := _FORMS.get(tag))
                and self._depth < _MAX_DEPTH
                and (form is not _Writer._table or is_grid(child))
            ):
                self._depth += 1
                out += ("\n\n", form(self, child), "\n\n")
                self._depth -= 1
            elif tag in _BLOCKS:
                out.append("\n\n")
                self._write(child, out)
                out.append("\n\n")
            elif isinstance(tag, str) and tag not in _LEFT_OUT:
                self._write(child, out)
            if child.tail:
                _add(child.tail, out)

    def _heading(self, element: _Element) -> str:
        title = " ".join(self.tidied(element).split())
        return f"{'#' * int(element.tag[1])} {title}" if title else ""

    def _list(self, element: _Element) -> str:
        return lists.items(element, self.tidied)

    def _definitions(self, element: _Element) -> str:
        return lists.definitions(element, self.tidied)

    def _quote(self, element: _Element) -> str:
        """Lines after `>`; not those of a block of code, whose fence must begin its line."""
        text = self.tidied(element)
        lines = (line if self._has_block(line) else f"> {line}".rstrip() for line in text.split("\n"))
        return "\n".join(lines) if text else ""

    def _table(self, element: _Element) -> str:
        """Drawn where it is a grid of short cells, else the paragraphs that stand in it."""
        grid = [[(self.tidied(cell), span(cell)) for cell in row] for row in rows(element)]
        drawn = "" if any(self._has_block(text) for row in grid for text, _ in row) else draw(grid)
        caption = next(element.iterchildren("caption"), None)
        title = self.tidied(caption) if caption is not None else ""
        return "\n\n".join(filter(None, [title, drawn or "\n\n".join(text for row in grid for text, _ in row if text)]))


_FORMS: dict[object, Callable[[_Writer, _Element], str]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _Writer._heading),
    **dict.fromkeys(("ul", "ol", "dir", "menu"), _Writer._list),
    "dl": _Writer._definitions,
    "blockquote": _Writer._quote,
    "table": _Writer._table,
}


def _add(text: str, out: list[str]) -> None:
    """Appends a run of text; of blanks on both sides of an element one is enough."""
    text = _BLANKS.sub(" ", text)
    if text[0] == " " and out and out[-1][-1:] in " \n":
        text = text[1:]
    if text:
        out.append(text)


def tidy(text: str) -> str:
    """Without blanks at the ends of lines, or the single one that HTML leaves at the beginning of a paragraph."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?m)(?<![ \t])[ \t]+$|^ (?! )", "", text)).strip("\n").rstrip()
