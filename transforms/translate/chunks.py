"""Cutting a document into pieces that fit into a prompt."""

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.tokenizer import Ends
from transforms.text_format import spans

_BREAKS = (
    re.compile(r"\n[ \t]*\n\s*"),  # paragraphs
    re.compile(r"\n+"),  # lines
    re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])"),
    re.compile(r"\s+"),  # words, of what has no sentences
    re.compile(r"(?s)."),  # a file in base 64
)


def chunks(text: str, max_tokens: int, tokens: Ends) -> list[str]:
    """The text in pieces of at most `max_tokens` tokens each, in order; `tokens` says where its tokens end.

    A piece ends between paragraphs; inside one only if that paragraph alone is too long, then between lines, sentences
    or words. Nothing is cut inside a formula or code: a longer one is a piece of its own, over the limit.
    """
    cut = _Cut(text, max_tokens, tokens(text), tuple((span.start, span.end) for span in spans(text)))
    pieces = (text[start:end].strip() for start, end in cut.pieces(0, len(text), 0))
    return [piece for piece in pieces if piece]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text with the ends of its tokens and the formulas and code in it, as positions in order."""

    text: str
    max_tokens: int
    ends: Sequence[int]
    whole: Sequence[tuple[int, int]]

    def pieces(self, start: int, end: int, level: int) -> Iterator[tuple[int, int]]:
        """Neighbouring parts joined as long as they fit; a part that is too long is cut at the next level."""
        if self.fits(start, end) or level == len(_BREAKS):
            yield start, end
            return
        held = start
        for part, part_end in self.parts(start, end, level):
            if not self.fits(held, part_end) and held < part:
                yield held, part
                held = part
            if not self.fits(part, part_end):
                *whole, (held, _) = self.pieces(part, part_end, level + 1)
                yield from whole
        yield held, end

    def fits(self, start: int, end: int) -> bool:
        """Whether few enough tokens end in this part."""
        return bisect_right(self.ends, end) - bisect_right(self.ends, start) <= self.max_tokens

    def parts(self, start: int, end: int, level: int) -> Iterator[tuple[int, int]]:
        """The part cut after every break that stands outside formulas and code."""
        cuts = [start]
        at = bisect_right(self.whole, start, key=lambda span: span[1])
        for match in _BREAKS[level].finditer(self.text, start, end):
            while at < len(self.whole) and self.whole[at][1] <= match.start():
                at += 1
            inside = at < len(self.whole) and self.whole[at][0] < match.end()
            if not inside and cuts[-1] < match.end() < end:
                cuts.append(match.end())
        return itertools.pairwise([*cuts, end])
