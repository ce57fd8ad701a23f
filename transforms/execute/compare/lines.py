"""What of a snippet's output may be its answer: named lines, the last one, or all of them together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.execute import plain
from transforms.execute.compare.words import labelled

_MOST_LINES = 200
_ANSWER = re.compile(r"\b(?:answer|result|solution|final|therefore|thus|hence|conclusion)s?\b", re.IGNORECASE)
_CHECK = re.compile(
    r"\b(?:check|checks|checking|verif\w*|verify|correct|match|matches|test|passed|difference|error|residual|numeric\w*|"
    r"approx\w*|expected|assert\w*|equal|close|consistent|done|finished|time|elapsed|seconds)\b|^-+$|^=+$",
    re.IGNORECASE,
)
_TABLE = str.maketrans(dict.fromkeys("⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠│[]", " "))


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
    """The parts of an output in order; lines of one matrix or list belong together."""
    lines = plain.lines(printed)
    found: list[Part] = []
    start = max(0, len(lines) - _MOST_LINES)
    heading = ""
    while start < len(lines):
        end = _block_end(lines, start)
        text = lines[start] if end == start + 1 else _joined(lines[start:end])
        label, value = labelled(text)
        if not value:  # a heading: what it names comes next
            heading = label
        else:
            found.append(Part(start if end == start + 1 else None, label or heading, value))
            heading = ""
        start = end
    return found


def _block_end(lines: Sequence[str], start: int) -> int:
    """The line behind a value that is spread over several."""
    if lines[start][0] in "⎡⎛":
        ends = (i + 1 for i in range(start, len(lines)) if lines[i][0] in "⎣⎝")
        return next(ends, start + 1)
    depth = 0
    for i in range(start, len(lines)):
        depth += sum(lines[i].count(sign) for sign in "([{") - sum(lines[i].count(sign) for sign in ")]}")
        if depth <= 0:
            return i + 1 if i > start and depth == 0 or i == start else start + 1
    return start + 1


def _joined(lines: Sequence[str]) -> str:
    if lines[0][0] in "⎡⎛":
        rows = (line.translate(_TABLE).split() for line in lines)
        return "[" + ", ".join("[" + ", ".join(row) + "]" for row in rows if row) + "]"
    return " ".join(lines)


def together(found: Sequence[Part], size: int) -> Iterator[tuple[str, ...]]:
    """The texts of the last parts, as many as there are values to look for, and of all parts."""
    for count in dict.fromkeys((size, len(found))):
        if 1 < count <= len(found):
            yield tuple(part.text for part in found[-count:])
