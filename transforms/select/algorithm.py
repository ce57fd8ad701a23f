"""Fast plain text, formula markup, and the coarse score of a page."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache, partial

from resiliparse.extract.html2text import extract_plain_text

from models import classifier
from transforms.extract.decode import decode
from transforms.guard import Guard, KilledError, Limits
from transforms.records import Dropped, Page, Reason, drop
from transforms.select.config import SelectConfig

# The parser takes time that grows with the square of the number of attributes of one element, or of elements nested in
# links, and worse: at this size less than a second, at a megabyte minutes (resiliparse 2.0.1).
_SMALL = 1 << 17
_LIMITS = Limits(cpu_seconds=10, memory_bytes=1 << 31)
# What pages with formulas hold somewhere, and other pages hardly ever; lower case. A page that loads MathJax on every
# page of its site passes too: classify, which sees the formulas themselves, is the judge.
_MARKUP = (
    b"<math",
    b":math",
    b"mathjax",
    b"katex",
    b"math/",  # script types
    b"x-tex",
    b"alttext=",
    b'class="math',
    b"latex",  # image services and classes, LaTeXML, LaTeX2HTML
    b'alt="$',
    b"mimetex",
    b"mathtex",
    b"<d-math",
    b"asciimath",
    b"texhtml",
    b"\\frac",
    b"\\begin{",
    b"[tex]",
    b"[math]",
)


@lru_cache(maxsize=4)
def make_select(config: SelectConfig) -> Callable[[Page], Iterable[Page | Dropped]]:
    """The stage's function; loads the model once for each worker process."""
    model = classifier.load(config.model or classifier.shipped("select"))
    return partial(_select, model, partial(_safely, Guard(plain_text, _LIMITS)), config)


def _select(
    model: classifier.Classifier, read: Callable[[bytes, str], str], config: SelectConfig, page: Page
) -> Iterable[Page | Dropped]:
    content = page.content[: config.max_bytes]
    try:
        score = model.score(read(content, page.content_type))
    except KilledError as killed:
        return [drop(page, "select", killed.reason, **killed.detail)]
    if score >= config.threshold or has_math_markup(content):
        return [replace(page, coarse_score=score)]
    return [drop(page, "select", Reason.NOT_MATH, coarse_score=score, threshold=config.threshold)]


def has_math_markup(content: bytes) -> bool:
    """Whether the page holds a trace of formulas in any common markup; some hundred megabytes a second."""
    lower = content.lower()
    return any(mark in lower for mark in _MARKUP)


def _safely(guard: Guard[[bytes, str], str], content: bytes, content_type: str) -> str:
    return guard(content, content_type) if len(content) > _SMALL else plain_text(content, content_type)


def plain_text(content: bytes, content_type: str) -> str:
    """All visible text of a page, boilerplate included, whatever bytes it is given."""
    return str(extract_plain_text(decode(content, content_type), preserve_formatting=False))
