"""The main content of a page: where trafilatura's rules find it, and what stands outside it but is no boilerplate.

A page is a tree of which parts are taken out: what trafilatura's rules discard, what we know to be the furniture of
forums and manuals, and what is mostly links. A part that holds formulas or code of its own, outside links, comes back
unless it surely is furniture. Then the frame of the content is chosen, and made wider until it holds the formulas, the
code and most of the prose that are left. Nothing is copied, and so nothing can come out twice.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple, cast

from lxml import etree
from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura.htmlprocessing import link_density_test, link_density_test_tables

from transforms.extract.config import ExtractConfig
from transforms.extract.content.chrome import Chrome, chrome
from transforms.extract.content.selection import FRAMES, NOTHING, judge
from transforms.extract.text.render import render
from transforms.extract.text.tables import is_grid
from transforms.extract.tree import name, remove, text_of
from transforms.extract.vault import Vault

_FEW_FORMULAS = 3  # so many may be lost with a menu or a footer
_MIN_FRAME = 250  # characters; trafilatura's `min_extracted_size`
_MIN_POST = 200  # characters of prose: below it, an element like the frame is a teaser
_MIN_COMMENT = 40
_MIN_SHARE = 0.6  # of the prose that is left, in the frame
_MIN_PROSE = 60  # characters around links
_LINK = "ref"  # trafilatura's name of a link, for which its tests of density ask
_PLAIN = frozenset(["p", "div", "span", "li", "ul", "ol", "dl", "dt", "dd", "td", "tr", "table", "br", "b", "i", "em"])
_BODIES = ("div", "section", "article", "main")
_NEVER_OUT = frozenset(["html", "body", "main"])
_LINK_LISTS = frozenset(["div", "ul", "ol", "dl", "p"])
_KEPT_PARAGRAPHS = frozenset(["li", "dd", "dt", "td", "th"])
_BODY_OF_TEXT = 1  # the bit of the first of these expressions: `article-body`, `post-content`
_SUSPECT = frozenset([Chrome.LIKELY, Chrome.SURE, Chrome.LABEL])
_MAX_LABEL = 200  # characters


class _Marked(NamedTuple):
    """The candidates for the frame by trafilatura's expressions, the lists of comments, and what to take out."""

    frames: list[list[_Element]]
    comments: list[_Element]
    out: list[_Element]


def main_text(tree: HtmlElement, vault: Vault, config: ExtractConfig) -> str:
    """The text of the page's main content, with the vault's tokens in it; "" where there is none."""
    body = next(tree.iter("body"), tree)
    for link in tree.iter("a"):
        if link.get("href"):
            link.tag = _LINK
    for title in body.iterfind(".//div[@class='headertitle']/div[@class='title']"):
        title.tag = "h1"  # Doxygen's heading of a page
    marked = _marked(body, vault)
    for element in marked.out if config.include_comments else [*marked.out, *marked.comments]:
        remove(element)
    _without_link_lists(body, vault)
    frame = _frame(body, marked.frames, marked.comments if config.include_comments else [])
    frame = _widened(frame, body, vault, config)
    parts = [render(part, vault.has_block) for part in (*_heading_above(frame, body), frame)]
    if not any(parts):  # better what only may be boilerplate than nothing
        parts = [render(part, vault.has_block) for part in marked.out if chrome(part) is not Chrome.SURE]
    return "\n\n".join(filter(None, parts))


def _marked(body: _Element, vault: Vault) -> _Marked:
    marked = _Marked([[] for _ in FRAMES], [], [])
    prose = _prose(body)
    pending = [body]
    while pending:  # what is suspected and then kept is looked into after that
        suspects = list(_suspects(pending.pop(), marked))
        lengths = {element: _prose(element) for element, _ in suspects}
        common = _common_classes(lengths, prose)
        for element, kind in suspects:
            needed = lengths[element] > (_MAX_LABEL if kind is Chrome.LABEL else prose / 2)
            doubtful = kind is not Chrome.SURE and (element.get("class") in common or _own_tokens(element, vault))
            if needed or doubtful or (lengths[element] >= _MIN_POST and _holds_article(element, kind)):
                pending.append(element)
            else:
                marked.out.append(element)
    return marked


def _suspects(tree: _Element, marked: _Marked) -> Iterator[tuple[_Element, Chrome]]:
    """The outermost elements below this one that may be boilerplate, each with what its names say."""
    walk = etree.iterwalk(tree, events=("start",))
    for _, element in walk:
        if element.tag in _PLAIN and not element.keys():
            continue
        kind, verdict = chrome(element), judge(element)
        if kind is Chrome.NO and verdict is NOTHING:
            continue
        for index in range(len(FRAMES)):
            if verdict.frames >> index & 1:
                marked.frames[index].append(element)
        if verdict.comments:
            marked.comments.append(element)
        if verdict.discard and kind is Chrome.NO:
            kind = Chrome.LIKELY
        named = name(element) in _NEVER_OUT or verdict.frames & _BODY_OF_TEXT
        if kind in _SUSPECT and element is not tree and not named:
            walk.skip_subtree()
            yield element, kind


def _holds_article(element: _Element, kind: Chrome) -> bool:
    """Whether it is around the article: has a heading of the first rank, or what surely is the body of the text."""
    if next(element.iter("h1"), None) is not None:
        return True
    return kind is not Chrome.SURE and any(judge(inner).frames & _BODY_OF_TEXT for inner in element.iter(*_BODIES))


def _common_classes(lengths: dict[_Element, int], prose: int) -> set[str | None]:
    """Classes of which three elements or more hold a quarter of the page's prose, as the slides of a talk do."""
    number, total = Counter[str](), Counter[str]()
    for element, length in lengths.items():
        if class_names := element.get("class"):
            number[class_names] += 1
            total[class_names] += length
    return {class_names for class_names in number if number[class_names] >= 3 and 4 * total[class_names] > prose}


def _prose(element: _Element) -> int:
    """Characters outside links."""
    return len(text_of(element)) - sum(len(text_of(link)) for link in element.iter(_LINK))


def _own_tokens(element: _Element, vault: Vault) -> set[str]:
    """Tokens of formulas and blocks of code outside links."""
    tokens = vault.substance(text_of(element))
    if tokens:
        tokens = tokens.difference(*(vault.substance(text_of(link)) for link in element.iter(_LINK)))
    return tokens


def _without_link_lists(body: _Element, vault: Vault) -> None:
    """Takes out what trafilatura finds too dense with links."""
    holders: dict[_Element, None] = {}
    for link in body.iter(_LINK):
        for holder in link.iterancestors():
            if holder in holders or holder is body:
                break
            holders[holder] = None
    grids: dict[_Element, bool] = {}
    short = _prose(body) < _MIN_FRAME  # a table of contents is all that such a page holds
    for holder in sorted(holders, key=lambda holder: name(holder) == "p"):  # a paragraph's holder goes first
        tag = name(holder)
        if tag == "table":
            dense = link_density_test_tables(cast(HtmlElement, holder))
        elif tag == "td":
            dense = _is_menu(holder, grids)
        elif tag in _LINK_LISTS:
            dense = not _is_prose(holder) and link_density_test(cast(HtmlElement, holder))[0]
        else:
            continue
        parent = holder.getparent()
        kept = tag == "p" and parent is not None and name(parent) in _KEPT_PARAGRAPHS
        if dense and not kept and not _holds_content(holder, vault, short):
            remove(holder)


def _is_prose(holder: _Element) -> bool:
    """Whether most of it stands outside links; trafilatura's test only asks how short the links are."""
    prose = _prose(holder)
    return prose >= _MIN_PROSE and 2 * prose > len(text_of(holder))


def _holds_content(holder: _Element, vault: Vault, short: bool) -> bool:
    """Whether it holds formulas or code outside links (or at all, on a short page), or the page's heading."""
    tokens = vault.substance(text_of(holder)) if short else _own_tokens(holder, vault)
    return bool(tokens) or next(holder.iter("h1"), None) is not None


def _is_menu(cell: _Element, grids: dict[_Element, bool]) -> bool:
    """Whether a cell of a table of layout holds nothing but links."""
    if len(list(islice(cell.iter(_LINK), 3))) < 3 or _prose(cell) * 4 > len(text_of(cell)):
        return False
    table = next(cell.iterancestors("table"), None)
    if table is not None and table not in grids:
        grids[table] = is_grid(table) and next(table.iter("hr", "center", "h1", "h2", "h3"), None) is None
    return table is not None and not grids[table]


def _frame(body: _Element, frames: list[list[_Element]], comments: Iterable[_Element]) -> _Element:
    """The smallest element around the posts of a page: the surest frames with prose, and the comments on them."""
    talk = [element for element in _inside(body, comments) if _prose(element) >= _MIN_COMMENT]
    for candidates in frames:
        inside = list(_inside(body, candidates))
        long = {element.get("class") for element in inside if _prose(element) >= _MIN_POST}
        posts = [element for element in inside if element.get("class") in long]
        if posts and sum(map(_prose, posts)) >= _MIN_FRAME:
            return _common([*posts, *talk])
    return _common(next(filter(None, (list(_inside(body, candidates)) for candidates in reversed(frames))), [body]))


def _inside(body: _Element, elements: Iterable[_Element]) -> Iterator[_Element]:
    """Those elements that are still part of the page."""
    return (element for element in elements if element is body or body in element.iterancestors("body", "html"))


def _common(elements: list[_Element]) -> _Element:
    """The smallest element that holds all of these."""
    common: list[_Element] = []
    for element in elements:
        path = [element, *element.iterancestors()][::-1]
        common = [one for one, other in zip(common, path, strict=False) if one is other] if common else path
    return common[-1]


def _widened(frame: _Element, body: _Element, vault: Vault, config: ExtractConfig) -> _Element:
    """The frame, or the smallest element around it that holds the page's formulas and code, and most of its prose."""
    tokens = len(_own_tokens(body, vault))
    needed = min(config.min_kept_formulas * tokens, tokens - _FEW_FORMULAS + 1)
    prose = _MIN_SHARE * _prose(body)
    while frame is not body and (len(_own_tokens(frame, vault)) < needed or _prose(frame) < prose):
        parent = frame.getparent()
        if parent is None:
            break
        frame = parent
    return frame


def _heading_above(frame: _Element, body: _Element) -> list[HtmlElement]:
    """The only heading of its rank outside the frame, and above it: it may be half of a question."""
    headings = [cast(HtmlElement, heading) for heading in islice(body.iter("h1"), 2)]
    if not headings or frame in (headings[0], *headings[0].iterancestors()):
        return []
    alone = len(headings) == 1 or frame in headings[1].iterancestors()
    return [_boxed(headings[0])] if alone and len(text_of(headings[0]).split()) > 2 else []


def _boxed(element: HtmlElement) -> HtmlElement:
    """An element that holds this one, taken from its place, and nothing else."""
    remove(element)
    element.tail = None
    box = cast(HtmlElement, etree.Element("div"))
    box.append(element)
    return box
