"""The page as an lxml tree, and small helpers to read and change it."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, cast

from lxml import etree, html
from lxml.etree import _Element

from transforms.extract.shallow import Shallow

# trafilatura wants HtmlElement; lxml.html's own lookup asks Python for the class of each element again and again.
_ALL_HTML = etree.ElementDefaultClassLookup(element=html.HtmlElement, comment=html.HtmlComment)
_STRING = etree.XPath("string()")
# The tag of what stands for an inline formula, or code, until it is merged into the text.
INLINE = "formula-inline"


def parse(text: str) -> html.HtmlElement | None:
    """The tree of a page, None if there is nothing in it; no deeper than 256 elements, but with all that it holds."""
    content = text.encode("utf-8")
    parser = _parser()
    try:
        tree = html.document_fromstring(content, parser=parser)
        if (error := parser.error_log.last_error) is not None and error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
            tree = html.document_fromstring(content, parser=_parser(huge_tree=True, target=Shallow(parser.makeelement)))
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return tree


def _parser(**more: Any) -> etree.HTMLParser:
    parser = etree.HTMLParser(encoding="utf-8", remove_pis=True, collect_ids=False, default_doctype=False, **more)  # type: ignore[call-arg]
    parser.set_element_class_lookup(_ALL_HTML)
    return parser


def name(element: _Element) -> str:
    """The element's name without a prefix such as `mml:`, "" for comments."""
    return local_name(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=4096)
def local_name(tag: str) -> str:
    """A tag without prefix or namespace, in lower case."""
    return re.split("[:}]", tag)[-1].lower()


def classes(element: _Element) -> list[str]:
    """The class names of an element."""
    return (element.get("class") or "").split()


def own_children(element: _Element) -> list[_Element]:
    """Child elements, without comments."""
    return [child for child in element if isinstance(child.tag, str)]


def text_of(element: _Element) -> str:
    """The text inside an element, without comments."""
    return str(_STRING(element))


def texts(tree: _Element, query: etree.XPath, **variables: str) -> Iterator[tuple[str, _Element]]:
    """The text nodes that a query finds, each with the element whose content it is part of."""
    for text in cast("list[Any]", query(tree, **variables)):
        before = text.getparent()
        owner = before.getparent() if text.is_tail else before
        if owner is not None:
            yield str(text), owner


def become(element: _Element, text: str, *, tag: str) -> None:
    """Turns the element, in its place, into one of another kind that holds nothing but a text."""
    element.clear(keep_tail=True)  # type: ignore[call-arg]
    element.tag, element.text = tag, text


def remove(element: _Element) -> None:
    """Takes an element out and leaves the text that follows it."""
    parent, previous, tail = element.getparent(), element.getprevious(), element.tail
    if parent is None:
        return
    if tail and previous is not None:
        previous.tail = (previous.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
