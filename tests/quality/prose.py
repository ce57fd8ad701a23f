"""Text kept and boilerplate left, by a definition that knows nothing of the extractor.

A block is a run of text in one block element, without what stands in formulas and code. It is boilerplate if it stands
in a `nav` or `footer`, in a `header` or `aside` outside the article, in such a role, or if the same words are a block
of three other pages and a fifth of all pages of its source. It is content if it is no boilerplate and has ten words or
more outside links. Shares are of words: of those that stand in the text in the block's order.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml.etree import _Element
from lxml.html import HtmlElement

from tests.quality.pages import RealPage, Texts
from tests.quality.trees import NOT_SHOWN, parsed, tag_of, words_of

_WORD = re.compile(r"[^\W\d_]{2,}|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_BLOCKS = frozenset([
    "html", "body", "div", "p", "section", "article", "main", "nav", "aside", "header", "footer", "ul", "ol",
    "li", "dl", "dt", "dd", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "blockquote",
    "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "form", "fieldset", "details", "summary",
    "center", "address", "br", "hr", "pre",
])  # fmt: skip
_SKIPPED = NOT_SHOWN | {
    "pre",
    "code",
    "kbd",
    "samp",
    "tt",
    "math",
    "mjx-container",
    "d-math",
    "iframe",
    "object",
    "label",
    "rt",
    "rp",
}
_SKIPPED_CLASSES = frozenset([
    "math", "katex", "katex-display", "MathJax", "MathJax_Display", "MathJax_Preview", "mwe-math-element",
    "math-container", "arithmatex", "highlight", "sourceCode",
])  # fmt: skip
_BOILERPLATE = frozenset(["nav", "footer"])
_ROLES = frozenset(["navigation", "contentinfo", "banner", "search"])
_MIN_CONTENT, _REPEATS = 10, 3
_GRAM = 4  # words that must stand together


@dataclass
class Block:
    """A run of text: its pieces between formulas and code, whether it stands among boilerplate, its words in links."""

    among: bool
    pieces: list[list[str]] = field(default_factory=lambda: [[]])
    linked: int = 0

    @property
    def words(self) -> list[str]:
        return [word for piece in self.pieces for word in piece]


@dataclass
class Share:
    """Words found, of all."""

    found: int = 0
    words: int = 0

    @property
    def value(self) -> float:
        return self.found / self.words if self.words else float("nan")


@dataclass
class Prose:
    """By source: content kept, boilerplate left."""

    content: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    boilerplate: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))

    def total(self, shares: dict[str, Share]) -> float:
        return sum(share.found for share in shares.values()) / max(1, sum(share.words for share in shares.values()))


class Labels(NamedTuple):
    """A page's blocks of content and of boilerplate, and the runs of words that stand in no boilerplate."""

    content: list[Block]
    boilerplate: list[Block]
    own: set[str]


Labelled = dict[str, Labels]


def label(pages: Sequence[RealPage]) -> Labelled:
    """For each page its blocks of content and of boilerplate."""
    blocks = {known.page.url: list(blocks_of(parsed(known.page))) for known in pages}
    pages_with: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for known in pages:
        pages_with[known.source].update({tuple(block.words) for block in blocks[known.page.url]})
    sizes = Counter(known.source for known in pages)
    labelled: Labelled = {}
    for known in pages:
        often = max(_REPEATS, sizes[known.source] // 5)
        labels = Labels([], [], set())
        for block in blocks[known.page.url]:
            repeated = pages_with[known.source][tuple(block.words)] > often
            if block.among or repeated:
                labels.boilerplate.append(block)
                continue
            labels.own.update(gram for piece in block.pieces for gram in _grams(piece))
            if len(block.words) - block.linked >= _MIN_CONTENT:
                labels.content.append(block)
        labelled[known.page.url] = labels
    return labelled


def measure(pages: Sequence[RealPage], labelled: Labelled, texts: Texts) -> Prose:
    """What of the blocks stands in the texts; words that stand in boilerplate and elsewhere are not counted."""
    prose = Prose()
    for known in pages:
        labels = labelled[known.page.url]
        grams = _grams(_WORD.findall(texts.text[known.page.url].lower()))
        for block in labels.content:
            _count(block, grams, set(), prose.content[known.source])
        for block in labels.boilerplate:
            _count(block, grams, labels.own, prose.boilerplate[known.source])
    return prose


def _count(block: Block, grams: set[str], common: set[str], share: Share) -> None:
    for piece in block.pieces:
        wanted = _grams(piece)
        if wanted and wanted.isdisjoint(common):
            share.words += len(piece)
            share.found += round(len(piece) * len(wanted & grams) / len(wanted))


def _grams(words: Sequence[str]) -> set[str]:
    """Runs of so many words; of a shorter piece there is none."""
    return {" ".join(words[at : at + _GRAM]) for at in range(len(words) - _GRAM + 1)}


def blocks_of(tree: HtmlElement) -> Iterator[Block]:
    """The runs of text of a page, in order."""
    open_block = Block(False)
    for kind, value, among, linked in _events(tree):
        if kind == "text":
            words = _WORD.findall(value.lower())
            open_block.pieces[-1].extend(words)
            open_block.linked += linked * len(words)
            open_block.among |= among
        elif kind == "gap":
            open_block.pieces.append([])
        elif open_block.words:
            yield open_block
            open_block = Block(False)
        else:
            open_block = Block(False)
    if open_block.words:
        yield open_block


def _events(tree: _Element) -> Iterable[tuple[str, str, bool, bool]]:
    """`text`, `gap` (a formula or code) and `end` (of a block), each with: among boilerplate? in a link?"""
    stack: list[tuple[_Element, bool, bool, bool]] = [(tree, False, False, False)]
    while stack:
        element, among, linked, leaving = stack.pop()
        tag = tag_of(element)
        if leaving:
            if tag in _BLOCKS:
                yield "end", "", among, linked
            if element is not tree and element.tail:
                parent = element.getparent()
                yield "text", element.tail, _among(parent), any(True for _ in element.iterancestors("a"))
            continue
        stack.append((element, among, linked, True))
        if not tag or tag in _SKIPPED or not _SKIPPED_CLASSES.isdisjoint(words_of(element)):
            yield "gap", "", among, linked
            continue
        among, linked = among or _is_boilerplate(element), linked or tag == "a"
        if tag in _BLOCKS:
            yield "end", "", among, linked
        if element.text:
            yield "text", element.text, among, linked
        stack.extend((child, among, linked, False) for child in reversed(element))


def _among(element: _Element | None) -> bool:
    return element is not None and any(map(_is_boilerplate, (element, *element.iterancestors())))


def _is_boilerplate(element: _Element) -> bool:
    tag = tag_of(element)
    if tag in _BOILERPLATE or element.get("role") in _ROLES:
        return True
    return tag in {"header", "aside"} and not any(True for _ in element.iterancestors("article", "main"))
