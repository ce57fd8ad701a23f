"""Cutting a document into pieces that fit into a prompt."""

import itertools
import re
from collections.abc import Callable, Iterator

from transforms.text_format import code_spans, formulas

_BREAKS = (
    re.compile(r"\n[ \t]*\n\s*"),  # paragraphs
    re.compile(r"\n+"),  # lines
    re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])"),
)


def chunks(text: str, max_tokens: int, count: Callable[[str], int]) -> list[str]:
    """The text in pieces of at most `max_tokens` tokens each, in order; `count` says how many tokens a text has.

    A piece ends between paragraphs; inside one only if that paragraph alone is too long, then between lines or
    sentences. Nothing is cut inside a formula or code: a longer one is a piece of its own, over the limit.
    """
    return [piece.strip() for piece in _pieces(text, max_tokens, count, 0) if piece.strip()]


def _pieces(text: str, max_tokens: int, count: Callable[[str], int], level: int) -> Iterator[str]:
    """Neighbouring parts of the text joined as long as they fit, a part that is too long cut at the next level."""
    if level == len(_BREAKS) or count(text) <= max_tokens:
        yield text
        return
    held, size = "", 0
    for part in _parts(text, _BREAKS[level]):
        tokens = count(part)
        if held and size + tokens > max_tokens:
            yield held
            held, size = "", 0
        if tokens > max_tokens:
            *whole, held = _pieces(part, max_tokens, count, level + 1)
            yield from whole
            size = count(held)
        else:
            held, size = held + part, size + tokens
    yield held


def _parts(text: str, break_: re.Pattern[str]) -> list[str]:
    """The text cut after every break that stands outside formulas and code."""
    spans = sorted([(formula.start, formula.end) for formula in formulas(text)] + code_spans(text))
    cuts = [0]
    for match in break_.finditer(text):
        while spans and spans[0][1] <= match.start():
            spans.pop(0)
        if not (spans and spans[0][0] < match.end()) and cuts[-1] < match.end() < len(text):
            cuts.append(match.end())
    return [text[start:end] for start, end in itertools.pairwise([*cuts, len(text)])]
