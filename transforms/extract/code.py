"""Code on web pages: which element is code, and in which language."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.etree import _Element

from transforms.extract.tree import classes, name, text_of

BLOCKS = frozenset(["pre", "listing", "xmp"])
INLINES = frozenset(["code", "kbd", "samp", "tt"])
_LANGUAGE = re.compile(r"(?:language|lang|highlight-source|highlight-text|highlight|brush)[-:]\s*([\w+#.-]+)")
# Words beside a language, or in its place, in the classes of code.
_NOT_LANGUAGES = frozenset([
    "default", "none", "plain", "plaintext", "text", "notranslate", "literal", "docutils", "wrapper", "block",
    "container", "html-basic", "table", "box",
])  # fmt: skip
# The class of these elements says "code", and the next one the language: pandoc, highlight.js, Rouge.
_MARKERS = frozenset(["sourceCode", "hljs", "src", "highlighter-rouge", "prettyprint", "code"])
LINE_NUMBERS = frozenset([
    "linenos", "linenodiv", "lineno", "gutter", "rouge-gutter", "hljs-ln-numbers", "line-numbers-rows",
    "line-number", "ln-num",
])  # fmt: skip


def is_block(element: _Element) -> bool:
    """Whether an element is a block of code."""
    return name(element) in BLOCKS


def is_inline(element: _Element) -> bool:
    """Whether an element is code within a line."""
    return name(element) in INLINES


def is_line_numbers(element: _Element) -> bool:
    """Whether an element holds nothing but the numbers of a listing's lines."""
    return not LINE_NUMBERS.isdisjoint(classes(element)) and not text_of(element).strip(" \n\t0123456789")


def source(element: _Element) -> str:
    """The code inside an element; a `<br>` is a line break, and numbers of lines are left out."""
    parts: list[str] = [element.text or ""]
    for child in element.iterchildren():
        if isinstance(child.tag, str) and not is_line_numbers(child):
            parts.append("\n" if name(child) == "br" else source(child))
        parts.append(child.tail or "")
    return "".join(parts)


def language(element: _Element) -> str:
    """The language that the classes of a block, of its only child or of the nearest ancestors name; "" if none does."""
    for candidate in _around(element):
        stated = candidate.get("data-lang") or candidate.get("data-language") or ""
        words = classes(candidate)
        named = _LANGUAGE.search(candidate.get("class") or "")
        if named and named[1] not in _NOT_LANGUAGES:
            stated = stated or named[1]
        elif words and words[0] in _MARKERS and len(words) > 1:
            stated = stated or words[1]
        elif "doctest" in words:
            stated = "pycon"
        stated = stated.strip().lower()
        if stated and stated not in _NOT_LANGUAGES and re.fullmatch(r"[\w+#.-]{1,30}", stated):
            return stated
    return ""


def _around(element: _Element) -> Iterator[_Element]:
    yield element
    yield from (child for child in list(element)[:1] if isinstance(child.tag, str))
    yield from islice(element.iterancestors("div", "figure", "td", "tr", "tbody", "table"), 6)
