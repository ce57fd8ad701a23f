"""One pass over a page's tree: every formula and every piece of code becomes a token that nothing else will touch."""

from collections.abc import Iterator
from functools import lru_cache

from lxml import etree
from lxml.etree import _Element

from transforms.extract import code, kinds, scripts
from transforms.extract.elements import is_formula_attribute
from transforms.extract.plaintext import protect_text
from transforms.extract.raised import protect_raised
from transforms.extract.tree import INLINE, become, classes, local_name, name, text_of
from transforms.extract.vault import Vault

_LEFT_OUT = frozenset(["head", "script", "style", "noscript", "template", "svg", "object", "iframe"])
# Links that themes add to headings and signatures, Wikipedia's `[edit]`, and the `In [1]:` of notebooks.
_LEFT_OUT_CLASSES = frozenset([
    "headerlink", "heading-anchor", "anchorjs-link", "anchor-link", "mw-editsection", "viewcode-link",
    "input_prompt", "output_prompt", "jp-InputPrompt", "jp-OutputPrompt",
])  # fmt: skip
_HOLDERS = frozenset(["body", "div", "section", "article", "main", "center", "blockquote", "figure", "form"])

_SPECIAL_TAGS = _LEFT_OUT | kinds.BY_TAG.keys() | code.BLOCKS | code.INLINES
_SPECIAL_CLASSES = kinds.BY_CLASS.keys() | kinds.RENDERINGS | code.LINE_NUMBERS | code.CONTAINERS | _LEFT_OUT_CLASSES


def protect(tree: _Element, vault: Vault) -> None:
    """Replaces what a page holds of formulas and code by the vault's tokens, and takes out scripts and comments."""
    dialect = scripts.dialect(tree)
    vault.macros.update(dict.fromkeys(scripts.macros(tree)))
    _place_calls(tree, vault)
    for element, token, tag in list(_replacements(tree, vault)):  # first all are read, then the tree is changed
        become(element, token, tag=tag)
    etree.strip_tags(tree, INLINE, etree.Comment)
    protect_raised(tree, vault)
    etree.strip_tags(tree, INLINE)
    protect_text(tree, vault, dialect)


def _place_calls(tree: _Element, vault: Vault) -> None:
    """What a page's own scripts render stands where they render it."""
    for element, found in list(scripts.rendered_calls(tree)):
        token = vault.formula(found)
        if name(element) == "script":
            placed = element.makeelement(INLINE)
            placed.text = token
            element.addprevious(placed)
        else:
            text, tag = _in_place(element, token, block=found.display)
            become(element, text, tag=tag)


def _replacements(tree: _Element, vault: Vault) -> Iterator[tuple[_Element, str, str]]:
    """The elements to replace, each with what comes in its place: a text, and the tag that holds it."""
    walk = etree.iterwalk(tree, events=("start",))
    for _, element in walk:
        attributes = element.keys()
        if not _may_be_special(element.tag, element.get("class") if attributes else None) and not (
            attributes and any(map(is_formula_attribute, attributes))
        ):
            continue
        replacement = _replacement(element, vault)
        if replacement is not None:
            walk.skip_subtree()
            yield element, *replacement


@lru_cache(maxsize=1 << 14)
def _may_be_special(tag: str, class_names: str | None) -> bool:
    """Whether an element with this tag and these classes may be anything but prose; pages repeat few of them."""
    return local_name(tag) in _SPECIAL_TAGS or not _SPECIAL_CLASSES.isdisjoint((class_names or "").split())


def _replacement(element: _Element, vault: Vault) -> tuple[str, str] | None:
    if kinds.is_rendering(element):
        return "", INLINE
    if (found := kinds.recognise(element)) is not None:
        return _in_place(element, vault.formula(found), block=found.display)
    if code.is_block(element):
        return _in_place(element, vault.code(code.source(element), code.language(element)), block=True)
    if code.is_inline(element):
        return _in_place(element, vault.inline_code(text_of(element)), block=False)
    if name(element) == "textarea":
        return "", "textarea"  # without what is typed in it: it tells a form to fill in
    left_out = name(element) in _LEFT_OUT or not _LEFT_OUT_CLASSES.isdisjoint(classes(element))
    return ("", INLINE) if left_out or code.is_line_numbers(element) else None


def _in_place(element: _Element, token: str, *, block: bool) -> tuple[str, str]:
    """A paragraph where paragraphs may stand, else a part of the text."""
    parent = element.getparent()
    return token, "p" if block and token and parent is not None and name(parent) in _HOLDERS else INLINE
