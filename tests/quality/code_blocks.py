"""Code kept: the text of each `<pre>`, in a fence or at all, and its language."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lxml.etree import _Element

from tests.quality.pages import RealPage, Texts
from tests.quality.trees import parsed, tag_of, words_of

_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|highlight(?:-source)?|brush:)[-\s]([a-z][\w+#.-]*)", re.IGNORECASE)
_NO_LANGUAGE = frozenset(["default", "none", "text", "plaintext", "plain", "notranslate", "math", "output"])
_FENCE = re.compile(r"^[ \t>]*(`{3,})([\w+#.-]*)\n(.*?)^[ \t>]*\1[ \t]*$", re.DOTALL | re.MULTILINE)
_NUMBERS = frozenset(["linenos", "lineno", "linenodiv", "gutter", "line-numbers-rows", "linenumber"])


class Block(NamedTuple):
    """A `<pre>`: its lines without blanks at their ends, and the language that its classes name."""

    code: str
    language: str


@dataclass
class Code:
    """Blocks, those whose text came out whole, those in a fence; those with a language, and with it on the fence."""

    blocks: int = 0
    verbatim: int = 0
    fenced: int = 0
    named: int = 0
    named_right: int = 0


def measure(pages: Sequence[RealPage], texts: Texts) -> Code:
    total = Code()
    for known in pages:
        text = texts.text[known.page.url]
        fences: dict[str, set[str]] = {}
        for _, language, code in _FENCE.findall(text):
            fences.setdefault(_lines(code), set()).add(language.lower())
        flat = " ".join(text.split())
        for block in blocks_of(parsed(known.page)):
            languages = fences.get(block.code)
            total.blocks += 1
            total.verbatim += " ".join(block.code.split()) in flat
            total.fenced += languages is not None
            total.named += bool(block.language)
            total.named_right += bool(block.language) and block.language in (languages or ())
    return total


def blocks_of(tree: _Element) -> Iterator[Block]:
    """The blocks of code of a page, without empty ones, numbers of lines and what is math."""
    for pre in tree.iter("pre"):
        if {"math", "MATH"} & set(words_of(pre)) or any(
            tag_of(e) in {"nav", "footer", "pre"} for e in pre.iterancestors()
        ):
            continue
        if any(tag_of(e) in {"math", "script", "mjx-container"} for e in pre.iter()):
            continue
        code = _lines("".join(_text(pre)))
        if code and not re.fullmatch(r"[\d\s]*", code):
            yield Block(code, _language(pre))


def _text(element: _Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag != "button" and not _NUMBERS & set(words_of(child)):
            yield from ["\n"] if child.tag == "br" else _text(child)
        yield child.tail or ""


def _lines(code: str) -> str:
    """Without blanks at the ends of lines, without blank lines around it, and without what indents the whole."""
    lines = [line.rstrip() for line in code.replace("\xa0", " ").strip("\n").split("\n")]
    indents = [len(line) - len(line.lstrip()) for line in lines if line]
    margin = min(indents, default=0)
    return "\n".join(line[margin:] for line in lines).strip("\n")


def _language(pre: _Element) -> str:
    for element in [pre, *pre.iterchildren("code"), *list(pre.iterancestors("div", "figure"))[:2]]:
        words = words_of(element)
        if "sourceCode" in words and len(words) > 1 and words[-1] != "sourceCode":
            return words[-1].lower()
        named = _LANGUAGE.search(element.get("class") or "")
        if named and named[1].lower() not in _NO_LANGUAGE:
            return named[1].lower()
    return ""
