r"""What a page's scripts say about its math, and what its `<sup>` and `<sub>` say about its text."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from lxml.etree import _Element

from transforms.extract.delimiters import Dialect
from transforms.extract.macros import configured
from transforms.extract.symbols import to_latex
from transforms.extract.tree import name, own_children, text_of

_RENDERER = re.compile(r"mathjax|katex|temml|jsmath|asciimath|\bmml\b", re.IGNORECASE)
_DOLLARS = re.compile(r"""["']\$["']\s*,\s*["']\$["']|left["']?\s*:\s*["']\$["']""")
_MATH_SCRIPT = re.compile(r"[\dn+\-*/=()\[\]{},.'′*†−–∞\sA-Za-zα-ωΑ-Ω]{1,24}")
_ORDINALS = frozenset([
    "st", "nd", "rd", "th", "er", "ère", "e", "ème", "o", "a", "os", "as", "te", "ter", "tm", "®", "©", "sm",
    "me", "mme", "r", "re",
])  # fmt: skip


def dialect(tree: _Element) -> Dialect:
    """Which delimiters the page's renderer reads, if it loads one."""
    sources = list(_sources(tree))
    renderer = any(map(_RENDERER.search, sources))
    return Dialect(renderer, dollars=renderer and any(map(_DOLLARS.search, sources)))


def macros(tree: _Element) -> list[str]:
    r"""The macros of the page's MathJax or KaTeX configuration, as `\newcommand` lines."""
    return [line for script in tree.iter("script") if script.text for line in configured(script.text)]


class Raised(NamedTuple):
    """A `<sup>` or `<sub>` as text: with its base and the scripts beside it a formula, without a base `^2` or `_2`."""

    text: str
    base: _Element | None
    others: list[_Element]  # elements that the text holds too, the base among them


def read(script: _Element) -> Raised | None:
    """What a `<sup>` or `<sub>` means; None where it is no math: footnotes, ordinals, what holds links or tokens."""
    if not _is_math(script):
        return None
    base = script.getprevious()
    if base is None or base.tail or not _is_variable(base):
        return Raised(_notation(script), None, [])
    parts = [script]
    while not parts[-1].tail and (following := parts[-1].getnext()) is not None and name(following) in {"sup", "sub"}:
        if not _is_math(following) or name(following) in map(name, parts):
            break
        parts.append(following)
    latex = to_latex(text_of(base).strip()).strip() + "".join(_notation(part, to_latex) for part in parts)
    return Raised(latex, base, [base, *parts[1:]])


def _sources(tree: _Element) -> Iterator[str]:
    """What names a renderer or configures it: scripts and style sheets."""
    for element in tree.iter("script", "link"):
        yield element.get("src") or element.get("href") or ""
        yield element.text or ""


def _is_math(script: _Element) -> bool:
    text = text_of(script).strip()
    if any(name(child) not in {"i", "em", "var", "b", "strong", "span"} for child in own_children(script)):
        return False
    return bool(_MATH_SCRIPT.fullmatch(text)) and text.lower() not in _ORDINALS and not text.startswith(("[", "*", "†"))


def _is_variable(element: _Element) -> bool:
    text = text_of(element).strip()
    return name(element) in {"i", "em", "var"} and len(text) in (1, 2) and text.isalpha() and not own_children(element)


def _notation(script: _Element, write: Callable[[str], str] = str) -> str:
    mark, text = "^" if name(script) == "sup" else "_", write(text_of(script).strip()).strip()
    return f"{mark}{text}" if len(text) == 1 else f"{mark}{{{text}}}"
