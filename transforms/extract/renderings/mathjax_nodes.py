"""What single elements of MathJax's output are, in all of its forms; nothing here looks into a formula's structure.

CommonHTML of MathJax 3 and 4 names elements after MathML (`mjx-mfrac`), that of MathJax 2 classes (`mjx-mfrac`); SVG
of 3 and 4 has `data-mml-node`, and HTML-CSS of MathJax 2 the classes `mfrac`, `mi` without a prefix. Characters stand
in classes (`mjx-c1D465`), in `data-c`, or as text.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from lxml.etree import _Element

from transforms.extract.renderings.build import number, visible
from transforms.extract.renderings.glyphs import from_pieces, plain_letters
from transforms.extract.tree import local_name, text_of

TOKENS = frozenset(["mi", "mn", "mo", "mtext", "ms", "mspace"])
NODES = TOKENS | frozenset([
    "math", "mrow", "mstyle", "mpadded", "mphantom", "merror", "texatom", "semantics", "mfenced", "mfrac", "msqrt",
    "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mtable", "mtr",
    "mlabeledtr", "mtd", "menclose", "none", "maction", "mglyph", "inferredmrow",
])  # fmt: skip
# Parts of a node by their role in it, in the names of all versions.
_SLOTS = {
    "num": "num", "numerator": "num", "den": "den", "denominator": "den", "base": "base", "op": "base", "over": "over",
    "under": "under", "sup": "sup", "sub": "sub", "script": "script", "root": "root", "surd": "surd", "box": "box",
    "labels": "labels", "label": "labels", "prescripts": "prescripts", "scripts": "scripts", "presup": "presup",
    "presub": "presub",
}  # fmt: skip
_FONTS = re.compile(
    r"(?:\b(?:TEX|NCM)-|MJXc-TeX-|MathJax_|#?MJX-\d+-(?:TEX|NCM)-)"
    r"(cal-[RB]|Caligraphic|(?:CB?|MI)(?=[-\s\"']|$)|ams-R|AMS|frak-[RB]|Fraktur|sans-[RBI]|SansSerif|type-R|Typewriter|"
    r"script-R|Script|main-[BI]|Main-bold|Main-italic|math-BI|Math-bold-italic|math-I|Math-italic|Math)"
)
_VARIANTS = {
    "cal": "script", "Cal": "script", "C": "script", "CB": "script", "ams": "double-struck", "AMS": "double-struck",
    "fra": "fraktur", "Fra": "fraktur", "san": "sans-serif", "San": "sans-serif", "typ": "monospace",
    "Typ": "monospace", "scr": "script", "Scr": "script", "main-B": "bold", "Main-bold": "bold",
    "math-BI": "bold-italic", "Math-bold-italic": "bold-italic", "math-I": "italic", "main-I": "italic",
    "Main-italic": "italic", "Math-italic": "italic",
    "Math": "italic", "MI": "italic",
}  # fmt: skip
_CODE = re.compile(r"(?:^|\s)mjx-c([0-9A-F]+)(?:\s|$)")
_TRANSLATE = re.compile(r"translate\(\s*(-?[\d.]+)[\s,]+(-?[\d.]+)")
_TOP = re.compile(r"(?:^|[;\s])top:\s*(-?[\d.]+(?:e[-+]?\d+)?)em")
# The first of the pieces of a horizontal brace in MathJax's fonts.
BRACES = {"\ue150": "⏞", "\ue152": "⏟"}


class Part(NamedTuple):
    """A node inside another one, the slot in which it stands ("" for none), and how high it stands."""

    slot: str
    element: _Element
    height: float = 0.0


def kind(element: _Element) -> str:
    """The name of the MathML node, or of the slot, that an element is; "" for any other."""
    return (
        _kind(element.tag, element.get("data-mml-node"), element.get("class")) if isinstance(element.tag, str) else ""
    )


@lru_cache(maxsize=1 << 14)
def _kind(tag: str, node: str | None, class_names: str | None) -> str:
    if node:
        return node.lower()
    if (tag := local_name(tag)).startswith("mjx-"):
        return tag[4:]
    words = (class_names or "").split()
    if prefixed := next((word for word in words if word.startswith("mjx-")), ""):
        return prefixed[4:].lower()
    return next((word for word in words if word in NODES or word == "texatom"), "")


def parts(element: _Element) -> list[Part]:
    """The nodes inside a node, in the page's order, whatever elements without a meaning stand between."""
    found: list[Part] = []
    whole = kind(element)
    todo = [Part("", child) for child in reversed(element)]
    while todo:
        slot, child, up = todo.pop()
        if not isinstance(child.tag, str):
            continue
        what = kind(child)
        if what in NODES and not (slot == "box" and what == "munder" and whole == "munderover"):
            found.append(Part(slot, child, up + height(child)))
            continue
        inner = _SLOTS.get(what) or ("labels" if child.get("data-labels") else _wrapper(child) or slot)
        todo += [Part(inner, one, up + height(child)) for one in reversed(child)]
    return found


def between(element: _Element) -> Iterator[_Element]:
    """The elements inside a node that belong to no node inside it: lines, frames, boxes."""
    todo = list(reversed(element))
    while todo:
        one = todo.pop()
        if isinstance(one.tag, str) and kind(one) not in NODES:
            yield one
            todo.extend(reversed(one))


def _wrapper(element: _Element) -> str:
    """The slot of what stands in a plain `<g>` of SVG."""
    return "box" if local_name(str(element.tag)) == "g" else ""


def height(element: _Element) -> float:
    """How far up an element is moved: in units of SVG, or in em."""
    if transform := element.get("transform"):
        return sum(number(y) for _, y in _TRANSLATE.findall(transform))
    top = _TOP.search(element.get("style") or "")
    return -number(top[1]) if top else 0.0


def characters(element: _Element) -> tuple[str, str]:
    """The text that a token shows, and the `mathvariant` of its font, "" for the upright one."""
    glyphs = list(_glyphs(element))
    glyphs = [glyph for glyph in glyphs if not glyph.stretched] or glyphs
    shown, alphabet = plain_letters(visible("".join(glyph.text for glyph in glyphs)))
    font = next((match[1] for glyph in glyphs if (match := _FONTS.search(glyph.source))), "")
    return shown, alphabet or _VARIANTS.get(font) or _VARIANTS.get(font[:3], "")


class _Glyph(NamedTuple):
    """Characters, what names their font, and whether they are the middle of something, made as long as is needed."""

    text: str
    source: str
    stretched: bool = False


def _glyphs(element: _Element) -> Iterator[_Glyph]:
    """The characters inside a token."""
    todo = [(element, False)]
    while todo:
        one, stretched = todo.pop()
        if not isinstance(one.tag, str):
            continue
        classes = one.get("class") or ""
        what = kind(one)
        stretched = stretched or local_name(one.tag) == "svg"
        code = one.get("data-c") or (match[1] if (match := _CODE.search(classes)) else "")
        if what.startswith("stretchy") or code:
            source = f"{classes} {one.get('href') or one.get('xlink:href') or ''}"
            yield _Glyph(_from_code(code), source, stretched)
        elif what in {"delim-h", "delim-v"}:
            yield _Glyph(from_pieces(text_of(one)), "", stretched)
        else:
            if one.text and one.text.strip("\n\t "):
                yield _Glyph(one.text, f"{classes} {one.get('style') or ''}", stretched)
            todo.extend((child, stretched) for child in reversed(one))


def _from_code(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
