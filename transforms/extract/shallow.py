"""The tree of a page that is nested too deeply, or holds too long a text, for libxml2: built here, and flatter."""

from collections.abc import Callable

from lxml import etree
from lxml.etree import _Comment, _Element
from lxml.html import HtmlElement

MAX_DEPTH = 200  # below libxml2's limit of 256, so that what recurses over such a page goes no deeper than elsewhere


class Shallow:
    """A target for lxml's parsers: an element deeper than `MAX_DEPTH` follows its parent instead of standing in it.

    All text is kept, in its order, and so are all elements.
    """

    def __init__(self, make_element: Callable[..., _Element]) -> None:
        self._builder = etree.TreeBuilder(element_factory=make_element, comment_factory=_comment)
        self._open: list[tuple[int, str]] = []  # depth in the page, and tag
        self._depth = 0

    def start(self, tag: str, attributes: dict[str | bytes, str | bytes]) -> None:
        """An element begins."""
        self._depth += 1
        if len(self._open) == MAX_DEPTH:
            self._builder.end(self._open.pop()[1])
        try:
            self._builder.start(tag, attributes)
        except ValueError:  # a name that lxml reads but does not write
            tag = "span"
            self._builder.start(tag, {})
        self._open.append((self._depth, tag))

    def end(self, tag: str) -> None:
        """An element ends, unless its children have taken its place."""
        if self._open and self._open[-1][0] == self._depth:
            self._builder.end(self._open.pop()[1])
        self._depth -= 1

    def data(self, text: str) -> None:
        """A piece of text."""
        self._builder.data(text)

    def comment(self, text: str) -> None:
        """A comment: LaTeX2HTML keeps formulas in them."""
        self._builder.comment(text)

    def close(self) -> HtmlElement:
        """The tree; what the page leaves open ends here."""
        while self._open:
            self._builder.end(self._open.pop()[1])
        return self._builder.close()


def _comment(text: str | bytes) -> _Comment:
    """A comment, also one with two dashes in it, which lxml refuses to make but not to change."""
    comment = etree.Comment("")
    comment.text = text.decode() if isinstance(text, bytes) else text
    return comment
