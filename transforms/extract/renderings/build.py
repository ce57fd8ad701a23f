"""Presentation MathML that the readers of renderings build, and what they share."""

import re
import unicodedata
from collections.abc import Sequence

from lxml import etree
from lxml.etree import _Element

from transforms.extract.renderings.glyphs import NOT, PRIVATE
from transforms.extract.tree import name

MAX_DEPTH = 200  # elements around each other in one rendering; libxml2 stops at 256 for a page, Python at 1,000 calls

_TOKENS = re.compile(r"\d+(?:\.\d+)*|\s+|.", re.DOTALL)
_WIDTH = re.compile(r"(?:margin-right|margin-left|width|padding-left):\s*(-?\d*\.?\d+(?:e[-+]?\d+)?)em")
_ZERO_WIDTH = str.maketrans("", "", "\u200b\u2061\u2062\u2063\u2064\u2060\ufeff")
_VARIANT = "mathvariant"


def node(tag: str, *children: _Element, text: str = "", **attributes: str) -> _Element:
    """A MathML element with these children or this text."""
    element = etree.Element(tag, attributes)
    element.text = text or None
    element.extend(children)
    return element


def group(items: Sequence[_Element]) -> _Element:
    """One element for a sequence: itself if it is alone, else an `mrow`."""
    return items[0] if len(items) == 1 else node("mrow", *items)


def is_too_deep(element: _Element) -> bool:
    """Whether elements are nested more deeply than a reader, which is recursive, can follow."""
    depth = 0
    for event, _ in etree.iterwalk(element, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def number(text: str | None) -> float:
    """A number of CSS or SVG, 0 for what is none."""
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def em_width(element: _Element) -> float:
    """The width in em that the style of a blank states, 0 if it states none."""
    match = _WIDTH.search(element.get("style") or "")
    return number(match[1]) if match else 0.0


def visible(text: str | None) -> str:
    """The text without characters that nobody sees, private ones of the fonts replaced by public ones."""
    if not text or text.isascii():
        return text or ""
    return text.translate(_ZERO_WIDTH).translate(PRIVATE)


def tokens(text: str, variant: str = "") -> list[_Element]:
    """`mi`, `mn` and `mo` for the characters of a run of mathematics in one font."""
    found = []
    for token in _TOKENS.findall(text):
        if token.isspace():
            continue
        tag = "mn" if token[0].isdigit() else "mi" if token[0].isalpha() else "mo"
        plain = not variant or tag == "mo" or (tag == "mn" and variant == "normal")
        font = {} if plain else {_VARIANT: variant}
        found.append(node(tag, text=token, **font))
    return found


def operators(text: str) -> list[_Element]:
    """One `mi` for a name (`sin`, `lim sup`, `mod`), else one `mo` for each character."""
    words = text.split()
    if words and words[0][0].isalpha() and (len(words[0]) > 1 or words[0].isascii()):
        name = " ".join(words)
        return [node("mi", text=name, **({_VARIANT: "normal"} if len(name) == 1 else {}))]
    return [node("mo", text=char) for word in words for char in word]


def joined(items: list[_Element]) -> list[_Element]:
    """Neighbours that are one: digits of a number, letters of an upright word, a slash and what it negates."""
    result: list[_Element] = []
    for item in items:
        previous = result[-1] if result else None
        if previous is None or not _join(previous, item):
            result.append(item)
    return [item for item in result if item.tag != "mo" or item.text]


def _join(previous: _Element, item: _Element) -> bool:
    """Takes an element into the one before it, if they are one."""
    tag, before, after = item.tag, previous.text or "", item.text or ""
    if previous.tag == "mo" and before == NOT and after != NOT and tag in {"mo", "mi"} and after:
        previous.tag, previous.text = tag, unicodedata.normalize("NFC", after + NOT)
        return True
    if tag == previous.tag == "mo" and after == NOT and before:
        previous.text = unicodedata.normalize("NFC", before + NOT)
        return True
    if tag == "mtext" and previous.tag == "mtext" and previous.get(_VARIANT) == item.get(_VARIANT):
        previous.text = before + after
        return True
    if tag != previous.tag or previous.get(_VARIANT) != item.get(_VARIANT) or tag not in {"mn", "mi"}:
        return False
    if tag == "mi" and (not item.get(_VARIANT) or not after.isalpha() or not before.isalpha()):
        return False
    previous.text = before + after
    return True


def math(items: Sequence[_Element]) -> _Element | None:
    """A `<math>` element of these, None if there is nothing to see in it."""
    return node("math", *items) if any(name(item) != "mspace" for item in items) else None
