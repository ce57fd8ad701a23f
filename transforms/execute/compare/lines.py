"""What of a snippet's output may be its answer: named lines, the last one, or all of them together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from transforms.execute.compare.pretty import block
from transforms.execute.compare.words import labelled

_MOST_LINES = 200
_LONGEST = 10_000  # characters of a line: longer ones are not read
_ANSWER = re.compile(r"\b(?:answer|result|solution|final|therefore|thus|hence|conclusion)s?\b", re.IGNORECASE)
_CHECK = re.compile(
    r"\b(?:check|checks|checking|verif\w*|verify|correct|match|matches|test|passed|difference|error|residual|numeric\w*|"
    r"approx\w*|expected|assert\w*|equal|close|consistent|done|finished|time|elapsed|seconds)\b|^-+$|^=+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """A part of the output: the number of its (only) line, the words before the value, and the value's text."""

    line: int | None
    label: str
    text: str

    @property
    def is_answer(self) -> bool:
        """Whether it says of itself that it is the answer."""
        return bool(_ANSWER.search(self.label))

    @property
    def is_check(self) -> bool:
        """Whether it only says that something else is right, or that the code has ended."""
        return bool(_CHECK.search(self.label or self.text))


def parts(printed: str) -> list[Part]:
    """The parts of an output in order; lines of one matrix, list or formula belong together."""
    rows = [row.rstrip()[:_LONGEST] for row in printed.splitlines()]
    numbers = list(accumulate((bool(row.strip()) for row in rows), initial=0))  # of the line, blank ones not counted
    found: list[Part] = []
    start, heading = max(0, len(rows) - _MOST_LINES), ""
    while start < len(rows):
        if not rows[start].strip("-=*#~─ \t"):
            start += 1
            continue
        text, size = block(rows[start:]) or _bracket(rows[start:])
        label, value = labelled(text)
        if value:
            found.append(Part(numbers[start] if size == 1 else None, label or heading, value))
        heading = "" if value else label  # a heading names what comes next
        start += size
    return found


def _bracket(rows: Sequence[str]) -> tuple[str, int]:
    """A line, with those that follow while its brackets are open."""
    depth = 0
    for i, row in enumerate(rows):
        depth += sum(map(row.count, "([{")) - sum(map(row.count, ")]}"))
        if depth <= 0:
            return " ".join(rows[: i + 1]).strip(), i + 1
    return rows[0].strip(), 1


def together(found: Sequence[Part], size: int) -> Iterator[tuple[str, ...]]:
    """The texts of the last parts, as many as there are values to look for, if what is before is called otherwise.

    And the texts of all parts.
    """
    if 1 < size < len(found) and _called(found[-size - 1]) not in map(_called, found[-size:]):
        yield tuple(part.text for part in found[-size:])
    if len(found) > 1:
        yield tuple(part.text for part in found)


def _called(part: Part) -> str:
    """How a part is called: `x` for `x1 = 2`, `root` for `Root 1: 2`."""
    name = re.match(r"\s*([A-Za-z_]+)[\w']*\s*=", part.text)
    return re.sub(r"[\d_#]", "", name[1] if name else part.label).strip().casefold()
