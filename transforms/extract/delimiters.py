r"""Formulas in plain text: `\(…\)`, `$$…$$`, AMS environments, and `$…$` where it is not a price or a variable.

A text is one run of text nodes. Between two of them stands `BREAK` for an element that a formula may run across (what
Markdown made of the author's underscores, a line break), or `WALL` for any other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from transforms.extract.latex import Found, cleaned, has_tex

BREAK, WALL = "\ufdd0", "\ufdd1"
MAX_LENGTH = 20_000  # characters of one formula; a longer one is an opener that nothing closes

_ENVIRONMENTS = "equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|dmath"
# Opener → (closer, display). A `$` is tried last, and only where `dollar` below agrees.
_PAIRS = {
    r"\(": (r"\)", False),
    r"\[": (r"\]", True),
    "$$": ("$$", True),
    "$latex ": ("$", False),
    "[tex]": ("[/tex]", False),
    "[itex]": ("[/itex]", False),
    "[math]": ("[/math]", False),
    "[latex]": ("[/latex]", False),
    "$": ("$", False),
}
_EXPLICIT = frozenset(mark for mark in _PAIRS if mark.endswith(("]", " ")))  # nothing else is written so
OPENER = re.compile(
    rf"(?<!\\)(?:\\begin\{{(?P<env>(?:{_ENVIRONMENTS})\*?)\}}|(?P<mark>"
    + "|".join(re.escape(mark) for mark in sorted(_PAIRS, key=len, reverse=True))
    + "))"
)
_CLOSER = {
    mark: re.compile(rf"{WALL}|" + (r"(?<!\\)" if closer[0] != "[" else "") + re.escape(closer))
    for mark, (closer, _) in _PAIRS.items()
}
_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")
_TEXT_GROUP = re.compile(r"\\(?:text\w*|mbox|hbox|operatorname\*?|math\w+|rm|label|tag)\s*\{[^{}]*\}")
# What a formula without any command may be made of: short names, numbers, operators.
_PLAIN = re.compile(r"[\w\s.,:;!|'/()\[\]<>=+*%&-\u2032\u00d7\u2013\u2212]*")
_NAMES = frozenset(["sin", "cos", "tan", "log", "exp", "lim", "max", "min", "gcd", "lcm", "det", "mod", "dim", "ker"])


@dataclass(frozen=True)
class Dialect:
    """What a page's own scripts say about its delimiters.

    `renderer`: it loads one that turns LaTeX into formulas; `dollars`: and has turned single dollars on.
    """

    renderer: bool = False
    dollars: bool = False


class Match(NamedTuple):
    """A formula at `text[start:end]`, delimiters included."""

    start: int
    end: int
    found: Found


def find(text: str, dialect: Dialect) -> Iterator[Match]:
    """The formulas of a text from left to right, in time linear in its length."""
    closers = _Closers(text)
    at = 0
    while opener := OPENER.search(text, at):
        match = _formula(text, opener, closers, dialect)
        if match:
            yield match
        at = match.end if match else opener.end()


class _Closers:
    """The next closer of each kind; it is searched for once, not again from every opener before it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next: dict[str, re.Match[str] | None] = {}

    def after(self, opener: re.Match[str], start: int) -> re.Match[str] | None:
        mark = opener["mark"] or opener["env"]
        if mark not in self._next or ((known := self._next[mark]) and known.start() < start):
            pattern = _CLOSER[mark] if opener["mark"] else re.compile(re.escape(rf"\end{{{mark}}}"))
            self._next[mark] = pattern.search(self._text, start)
        return self._next[mark]


def _formula(text: str, opener: re.Match[str], closers: _Closers, dialect: Dialect) -> Match | None:
    closer = _balanced_closer(text, opener, closers)
    if closer is None or closer[0] == WALL or closer.start() - opener.end() > MAX_LENGTH:
        return None
    start, end, inner = opener.start(), closer.end(), text[opener.end() : closer.start()]
    if not inner.strip() or WALL in inner or (opener[0] != closer[0] and opener[0] in inner):
        return None
    if opener["env"]:
        return Match(start, end, cleaned(text[start:end], display=True))
    mark = opener["mark"]
    accepted = (
        dollar(text, start, closer.start(), dialect)
        if mark == "$"
        else mark in _EXPLICIT or dialect.renderer or plausible(inner)
    )
    return Match(start, end, cleaned(inner, display=_PAIRS[mark][1])) if accepted else None


def _balanced_closer(text: str, opener: re.Match[str], closers: _Closers) -> re.Match[str] | None:
    r"""The first closer outside braces, as MathJax reads `$\text{if $x$}$`; the first of all if braces never match."""
    first = closer = closers.after(opener, opener.end())
    if opener["env"]:
        return first
    for _ in range(8):
        if closer is None or closer[0] == WALL or closer.start() - opener.end() > MAX_LENGTH:
            break
        inner = text[opener.end() : closer.start()]
        if inner.count("{") - inner.count(r"\{") <= inner.count("}") - inner.count(r"\}"):
            return closer
        closer = _CLOSER[opener["mark"]].search(text, closer.end(), opener.end() + MAX_LENGTH)
    return first


def dollar(text: str, start: int, end: int, dialect: Dialect) -> bool:
    r"""Whether the dollars at `start` and `end` delimit a formula: not prices, shell variables, jQuery, templates."""
    inner = text[start + 1 : end]
    if "\n\n" in inner or text[start - 1 : start] == "$" or inner[:1] in "$":
        return False
    if dialect.dollars:
        return plausible(inner) or not _is_prose(inner)
    glued = text[start - 1 : start].isalnum() or text[end + 1 : end + 2].isalnum()
    spaced = inner[0].isspace() != inner[-1].isspace()  # `$5 and $6`: a blank before the second, none after the first
    return not glued and not spaced and plausible(inner)


def plausible(inner: str) -> bool:
    """Whether a text looks like a formula by itself."""
    if has_tex(inner):
        return not _is_prose(inner)
    return len(inner) <= 60 and bool(_PLAIN.fullmatch(inner)) and not _words(inner)


def _is_prose(inner: str) -> bool:
    r"""Whether most of it is words: a pair of dollars that belong to two prices, or to two formulas."""
    words = _words(_TEXT_GROUP.sub("", inner))
    return len(words) >= 3 and 2 * sum(map(len, words)) > len(inner)


def _words(inner: str) -> list[str]:
    return [word for word in _WORD.findall(inner) if word not in _NAMES]
