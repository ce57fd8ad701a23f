"""Fast plain text, traces of formulas, and the coarse score of a page."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache, partial

from resiliparse.extract.html2text import extract_plain_text

from models import classifier
from transforms.extract.decode import decode
from transforms.guard import Guard, KilledError, Limits
from transforms.records import Dropped, Page, Reason, drop
from transforms.select.config import SelectConfig

# What stands in the markup of formulas and hardly anywhere else, in lower case, by a key that it holds: the rest is
# looked for around the places where the key stands.
_FORMULAS: Mapping[bytes, tuple[bytes, ...]] = {
    b"math": (
        *(b"<math", b":math>", b":math ", b"math/tex", b"math/mml", b"math/asciimath", b"<d-math", b"mwe-math"),
        *(b'class="math', b"class='math", b"math-container", b"mathjax_", b"mathjax-element", b"<mathjax"),
        *(b"mathtex.cgi", b"data-math", b"[math]", b"\\mathbb", b"\\mathcal", b"\\mathrm", b"\\mathbf"),
    ),
    b"atex": (
        *(b'class="katex', b"class=katex", b"katex-html", b"katex-mathml", b"data-latex", b"latex.php", b".latex?"),
        *(b"latex.codecogs", b"[latex]", b"$latex ", b"quicklatex"),
    ),
    b"tex=": (b"data-tex=", b"?tex="),
    b"tex]": (b"[tex]", b"[itex]"),
    b"formula": (b"wirisformula", b"data-formula="),
    b"\\frac": (b"\\frac",),
    b"\\begin{": (b"\\begin{",),
    b"\\sqrt": (b"\\sqrt",),
    b"\\sum": (b"\\sum",),
    b'alt="\\': (b'alt="\\',),
    b'alt="$': (b'alt="$',),
    b"mimetex": (b"mimetex",),
    b"texhtml": (b"texhtml",),
    b"mjx-": (b"mjx-",),
    b"data-expr=": (b"data-expr=",),
    b"cht=tx": (b"cht=tx",),
}
_RARE = (b"\\", b"$", b"x", b"th", b"rm")  # each key holds one of these


def _gates() -> Iterator[tuple[re.Pattern[bytes], list[bytes]]]:
    """One scan of a page takes some 40 µs: so there is one for all keys with the same rare byte in them."""
    for index, rare in enumerate(_RARE):
        keys = [key for key in _FORMULAS if rare in key and not any(rarer in key for rarer in _RARE[:index])]
        parts = (key.partition(rare) for key in keys)
        rest = b"|".join(b"(?<=%s)%s" % (re.escape(before + rare), re.escape(after)) for before, _, after in parts)
        yield re.compile(re.escape(rare) + b"(?:" + rest + b")"), keys


_GATES = tuple(_gates())
_AROUND = 16  # bytes before and after a key; no mark is longer on either side
# What a page holds that loads a renderer of formulas, on every page of its site or for formulas of its own.
_HINTS = (b"mathjax", b"katex", b"latex", b"asciimath", b"mathml")
# Formulas for those that render text between delimiters.
_RENDERERS = (b"mathjax", b"katex")
_DELIMITERS = (b"\\(", b"\\[", b"$$")
_ENOUGH = 2_000  # characters of text
# The parser takes time that grows with the square of the number of attributes of one element, or of elements nested in
# links, and worse: at this size less than a second, at a megabyte minutes (resiliparse 2.0.1).
_SMALL = 1 << 17
_LIMITS = Limits(cpu_seconds=10, memory_bytes=1 << 31)


class Trace(StrEnum):
    """What in a page's markup speaks for formulas."""

    FORMULA = "formula"
    HINT = "hint"
    NONE = "none"


@lru_cache(maxsize=4)
def make_select(config: SelectConfig) -> Callable[[Page], Iterable[Page | Dropped]]:
    """The stage's function; loads the model once for each worker process."""
    model = classifier.load(config.model or classifier.shipped("select"))
    return partial(_select, model, partial(_safely, Guard(_all_text, _LIMITS)), config)


def _select(
    model: classifier.Classifier, read: Callable[[bytes, str], str], config: SelectConfig, page: Page
) -> Iterable[Page | Dropped]:
    content = page.content[: config.max_bytes]
    try:
        score = model.score(plain_text(content, page.content_type, config.text_bytes, read))
    except KilledError as killed:
        return [drop(page, "select", killed.reason, **killed.detail)]
    found = trace(content)
    threshold = {Trace.FORMULA: 0.0, Trace.HINT: config.threshold_hint, Trace.NONE: config.threshold}[found]
    if score >= threshold:
        return [replace(page, coarse_score=score)]
    return [drop(page, "select", Reason.NOT_MATH, coarse_score=score, threshold=threshold, trace=found)]


def _safely(guard: Guard[[bytes, str], str], content: bytes, content_type: str) -> str:
    return guard(content, content_type) if len(content) > _SMALL else _all_text(content, content_type)


def trace(content: bytes) -> Trace:
    """The strongest trace of formulas in a page, by plain substrings; some hundred megabytes a second."""
    lower = content.lower()
    named = b""
    for key in (key for gate, keys in _GATES if gate.search(lower) for key in keys):
        around = _around(lower, key)
        if any(mark in around for mark in _FORMULAS[key]):
            return Trace.FORMULA
        named += around
    if not any(hint in named for hint in _HINTS):
        return Trace.NONE
    renders = any(name in named for name in _RENDERERS) and any(mark in lower for mark in _DELIMITERS)
    return Trace.FORMULA if renders else Trace.HINT


def _around(content: bytes, key: bytes) -> bytes:
    """What stands around each place where the key is found."""
    found = []
    at = content.find(key)
    while at >= 0:
        found.append(content[max(0, at - _AROUND) : at + len(key) + _AROUND])
        at = content.find(key, at + len(key))
    return b"\n".join(found)


def _all_text(content: bytes, content_type: str) -> str:
    return str(extract_plain_text(decode(content, content_type), preserve_formatting=False))


def plain_text(
    content: bytes, content_type: str, text_bytes: int, read: Callable[[bytes, str], str] = _all_text
) -> str:
    """The visible text of a page's beginning, boilerplate included, whatever bytes it is given.

    That of the first `text_bytes` bytes, up to a tag, so that no character is cut; or of all where scripts and styles
    leave little text in them.
    """
    if len(content) > text_bytes:
        text = read(content[: content.rfind(b"<", 0, text_bytes)], content_type)
        if len(text) >= _ENOUGH:
            return text
    return read(content, content_type)
