r"""The text format of `Document.text`: where its formulas and its code stand, and how to write them.

Inline math is `$…$`, display math `$$…$$`; code is fenced, or stands between backticks on one line.
Outside code every `$` that does not follow a backslash is a delimiter, and so is every backtick; in prose they are
`\$` and `` \` ``.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in a text: `text[start:end]` includes the delimiters, `latex` does not."""

    latex: str
    display: bool
    start: int
    end: int


class Span(NamedTuple):
    """A piece of code or a formula at `text[start:end]`, with its fences, backticks or dollar signs."""

    kind: Literal["code", "inline", "display"]
    start: int
    end: int


# Patterns that begin with a character, not with a look behind it, are several times as fast to search for.
_OPENER = re.compile(r"(?P<ticks>`+)|(?P<dollars>\$\$?)|\\+[$`]")
_TICKS = re.compile("`+")
_DISPLAY_END = re.compile(r"\$(?<!\\\$)\$")
_INLINE_END = re.compile(r"\$(?<!\\\$)|\n[ \t]*\n")
_UNESCAPED_DOLLAR = re.compile(r"(?<!\\)\$")
_UNESCAPED_TICK = re.compile(r"(?<!\\)`")
_LANGUAGE = re.compile(r"[\w+#.-]{1,40}")


def formulas(text: str) -> list[Formula]:
    """All formulas outside code, in order; linear in the length of the text."""
    return [
        Formula(text[span.start + width : span.end - width], width == 2, span.start, span.end)
        for span in spans(text)
        if (width := {"code": 0, "inline": 1, "display": 2}[span.kind])
    ]


def code_spans(text: str) -> list[tuple[int, int]]:
    """`(start, end)` of each fenced block (with its fences) and each inline code (with its backticks), in order."""
    return [(span.start, span.end) for span in spans(text) if span.kind == "code"]


def escape_dollars(prose: str) -> str:
    r"""Prose in which no `$` delimits a formula: `$5` becomes `\$5`, and `\$5` stays."""
    return _UNESCAPED_DOLLAR.sub(r"\\$", prose)


def escape_prose(prose: str) -> str:
    r"""Prose in which neither `$` nor a backtick delimits anything."""
    return _UNESCAPED_TICK.sub(r"\\`", escape_dollars(prose))


def fence(code: str, language: str = "") -> str:
    """A fenced block without line break at its ends; the fence is longer than any run of backticks in the code."""
    ticks = "`" * max(3, _longest_run(code) + 1)
    language = language if _LANGUAGE.fullmatch(language) else ""
    return f"{ticks}{language}\n{code.strip(chr(10))}\n{ticks}"


def inline_code(code: str) -> str:
    """Code on one line between backticks, "" for blank code."""
    code = " ".join(code.split("\n")).strip()
    if not code:
        return ""
    ticks = "`" * (_longest_run(code) + 1)
    pad = " " if len(ticks) > 1 else ""
    return f"{ticks}{pad}{code}{pad}{ticks}"


def delimit(latex: str, *, display: bool) -> str:
    r"""The formula between dollar signs, "" for blank LaTeX.

    What would end it too early is put otherwise, with the same meaning: blank lines go, `$x$` inside the `\text` of an
    inline formula becomes `\(x\)`, and a backslash at the end gets a space.
    """
    latex = re.sub(r"\n\s*\n", "\n", latex.replace("\r\n", "\n")).strip()
    dollars = len(_UNESCAPED_DOLLAR.findall(latex))
    if not display or dollars % 2 or "$$" in latex or "$" in (latex[:1], latex[-1:]):
        latex = _without_inner_dollars(latex)
    if not latex:
        return ""
    tail = " " if latex.endswith("\\") else ""
    mark = "$$" if display else "$"
    return f"{mark}{latex}{tail}{mark}"


def spans(text: str) -> Iterator[Span]:
    """Code and formulas from left to right: what opens first hides what would open inside it."""
    ticks = _Ticks(text)
    at = 0
    while opener := _OPENER.search(text, at):
        start = opener.start()
        if opener["ticks"]:
            start, end = _fence(text, at, opener) or (start, ticks.closed(opener))
            span = Span("code", start, end)
        elif opener["dollars"]:
            span = _formula_span(text, start, opener["dollars"])
        else:
            at = opener.end()  # an escaped character
            continue
        if span.end > start:
            yield span
        at = max(span.end, opener.end())


def _fence(text: str, at: int, opener: re.Match[str]) -> tuple[int, int] | None:
    """Start and end of a fenced block, to its closing fence or the end of the text; None if no fence stands here."""
    start, width = opener.start(), len(opener["ticks"])
    while start > at and text[start - 1] in " \t":
        start -= 1
    line_end = text.find("\n", opener.end())
    line_end = line_end if line_end >= 0 else len(text)
    if width < 3 or text[start - 1 : start] not in ("", "\n") or text.find("`", opener.end(), line_end) >= 0:
        return None
    closer = re.compile(rf"^[ \t]*`{{{width},}}[ \t]*$", re.MULTILINE).search(text, opener.end())
    return start, closer.end() if closer else len(text)


class _Ticks:
    """The runs of backticks of the line that was looked at last, by their length; each line is read once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line_end = -1
        self._runs: dict[int, deque[int]] = {}

    def closed(self, opener: re.Match[str]) -> int:
        """The end of the next run of the same length on the same line, or -1."""
        if opener.end() > self._line_end:
            line_end = self._text.find("\n", opener.end())
            self._line_end = line_end if line_end >= 0 else len(self._text)
            self._runs = {}
            for run in _TICKS.finditer(self._text, opener.end(), self._line_end):
                self._runs.setdefault(len(run[0]), deque()).append(run.end())
        ends = self._runs.get(len(opener["ticks"]), deque())
        while ends and ends[0] <= opener.end():
            ends.popleft()
        return ends[0] if ends else -1


def _formula_span(text: str, start: int, mark: str) -> Span:
    """The formula that a mark opens; its end is -1 if nothing closes it, or nothing but blanks is inside."""
    kind: Literal["inline", "display"] = "display" if mark == "$$" else "inline"
    content = start + len(mark)
    closer = (_DISPLAY_END if kind == "display" else _INLINE_END).search(text, content + 1)
    if closer is None or "$" not in closer[0] or not text[content : closer.start()].strip():
        return Span(kind, start, -1)
    return Span(kind, start, closer.end())


def _without_inner_dollars(latex: str) -> str:
    parts = _UNESCAPED_DOLLAR.split(latex)
    if len(parts) % 2 == 0:  # an odd number of dollars: they delimit nothing
        return r"\$".join(parts)
    return "".join(rf"\({part}\)" if i % 2 else part for i, part in enumerate(parts))


def _longest_run(code: str) -> int:
    return max(map(len, re.findall("`+", code)), default=0)
