"""The main content of a page: trafilatura's choice, or the element around it where that loses formulas."""

import logging
from collections.abc import Set

from lxml import etree
from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura.core import bare_extraction
from trafilatura.settings import Document, Extractor

from transforms.extract.config import ExtractConfig
from transforms.extract.render import render
from transforms.extract.tree import classes, name, remove, text_of, texts
from transforms.extract.vault import Vault

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it warns of every page without text

_FEW_FORMULAS = 3  # so many may be lost with a menu or a footer
_TOKENS = etree.XPath("//text()[contains(., $key)]")
_BOILERPLATE = frozenset(["nav", "header", "footer", "aside", "button", "select"])
_BOILERPLATE_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "complementary", "dialog"])
_BOILERPLATE_CLASSES = frozenset([
    "nav", "navbar", "navigation", "sidebar", "menu", "toc", "footer", "header", "breadcrumb", "breadcrumbs",
    "cookie", "banner", "related", "sphinxsidebar", "chlinktop", "chlinktopbot", "chlinkprevnexttop",
    "chlinkprevnextbot", "headertop", "headerlink", "prevnext", "pagination",
])  # fmt: skip


def main_text(tree: HtmlElement, vault: Vault, config: ExtractConfig) -> str:
    """The text of the page's main content, with the vault's tokens in it; "" where there is none."""
    total = vault.formulas(text_of(tree))
    body = _main_content(tree, config)
    text = render(body, vault.has_block) if body is not None else ""
    kept = total & vault.formulas(text)
    lost = len(total) - len(kept)
    if text and (lost < _FEW_FORMULAS or len(kept) >= config.min_kept_formulas * len(total)):
        return text
    region = _holder(tree, kept, vault)
    if len(vault.formulas(text_of(region))) < config.min_kept_formulas * len(total):
        region = tree
    return render(_without_boilerplate(region), vault.has_block) or text


def _holder(tree: HtmlElement, tokens: Set[str], vault: Vault) -> _Element:
    """The smallest element that holds all these tokens: around what trafilatura chose, but nothing cut out of it."""
    common: list[_Element] = []
    for text, owner in texts(tree, _TOKENS, key=vault.key):
        if tokens.isdisjoint(vault.formulas(text)):
            continue
        path = [owner, *owner.iterancestors()][::-1]
        common = [one for one, other in zip(common, path, strict=False) if one is other] if common else path
    return common[-1] if common else tree


def _main_content(tree: HtmlElement, config: ExtractConfig) -> _Element | None:
    options = Extractor(
        output_format="txt",
        fast=True,
        recall=config.favor_recall,
        comments=config.include_comments,
        tables=True,
        formatting=False,
    )
    document = bare_extraction(tree, options=options)  # works on a copy of the tree
    if not isinstance(document, Document):
        return None
    body = document.body
    if document.commentsbody is not None:
        body.extend(list(document.commentsbody))
    return body


def _without_boilerplate(tree: _Element) -> _Element:
    """The tree without what surely is navigation."""
    for element in list(tree.iterdescendants(etree.Element)):
        if (
            name(element) in _BOILERPLATE
            or element.get("role") in _BOILERPLATE_ROLES
            or not _BOILERPLATE_CLASSES.isdisjoint(word.lower() for word in classes(element))
        ) and name(element) != "body":
            remove(element)
    return tree
