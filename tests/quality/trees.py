"""Pages as lxml trees, parsed without any of the project's extraction code."""

from functools import lru_cache

from lxml import etree, html
from lxml.html import HtmlElement

from transforms.extract.decode import decode
from transforms.records import Page

NOT_SHOWN = frozenset(
    ["script", "style", "noscript", "template", "head", "textarea", "select", "option", "button", "svg"]
)


@lru_cache(maxsize=1024)
def parsed(page: Page) -> HtmlElement:
    """The tree of a page, not to be changed."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False)
    tree = html.document_fromstring(decode(page.content, page.content_type).encode() or b"<html/>", parser=parser)
    return tree


def tag_of(element: etree._Element) -> str:
    return element.tag.lower().rpartition(":")[2] if isinstance(element.tag, str) else ""


def words_of(element: etree._Element) -> list[str]:
    return (element.get("class") or "").split()
