"""One page to one document: decode, parse, protect formulas and code, find the main content, write it as text."""

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from transforms.extract.config import ExtractConfig
from transforms.extract.content.frame import main_text
from transforms.extract.decode import decode
from transforms.extract.protect import protect
from transforms.extract.tree import parse
from transforms.extract.vault import Vault
from transforms.guard import Guard, KilledError, Limits
from transforms.records import Document, Dropped, Page, Reason, drop

STAGE = "extract"
_COUNT = etree.XPath("count(//*)")


@lru_cache(maxsize=4)
def make_extract(config: ExtractConfig) -> Callable[[Page], Iterable[Document | Dropped]]:
    """The stage's function: one page in, one document or one dropped record out, whatever the page does."""
    limits = Limits(config.max_seconds, config.max_memory_bytes)
    return partial(_guarded, Guard(partial(extract, config=config), limits))


def extract(page: Page, config: ExtractConfig) -> Document | Dropped:
    """The page as a document, or why there is none: `empty`, `malformed`, or `too_large`."""
    html = decode(page.content, page.content_type)
    if len(html) > config.max_characters:
        return drop(page, STAGE, Reason.TOO_LARGE, characters=len(html), limit=config.max_characters)
    if not html.strip():
        return drop(page, STAGE, Reason.EMPTY)
    tree = parse(html)
    if tree is None:
        return drop(page, STAGE, Reason.MALFORMED)
    if (elements := _num_elements(tree)) > config.max_elements:
        return drop(page, STAGE, Reason.TOO_LARGE, elements=elements, limit=config.max_elements)
    title = _title(tree)
    vault = Vault(html)
    protect(tree, vault)
    if (elements := _num_elements(tree)) > config.max_prose_elements:
        return drop(page, STAGE, Reason.TOO_LARGE, prose_elements=elements, limit=config.max_prose_elements)
    text = vault.restore(main_text(tree, vault, config))
    if not text:
        return drop(page, STAGE, Reason.EMPTY)
    return Document(
        id=page.id,
        text=text,
        url=page.url,
        title=title,
        coarse_score=page.coarse_score,
        macros="\n".join(vault.macros),
        origin=page.origin,
    )


def _guarded(guard: Guard[[Page], Document | Dropped], page: Page) -> Iterable[Document | Dropped]:
    try:
        return [guard(page)]
    except KilledError as killed:
        return [drop(page, STAGE, killed.reason, **killed.detail)]


def _num_elements(tree: HtmlElement) -> int:
    return int(cast(float, _COUNT(tree)))


def _title(tree: HtmlElement) -> str:
    """The title that a page gives itself for sharing, else the one of its window, else its first heading."""
    shared = (meta.get("content") or "" for meta in tree.iter("meta") if meta.get("property") == "og:title")
    named = (element.text_content() for tag in ("title", "h1") for element in tree.iter(tag))
    return next((title for text in (*shared, *named) if (title := " ".join(text.split()))), "")
