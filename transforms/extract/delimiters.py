r"""Formulas in plain text: `\(…\)`, `$$…$$`, AMS environments, BBCode, and `$…$` where it is not a price or a variable.

A text is one run of text nodes. Between two of them stands `BREAK` for an element that a formula may run across (what
Markdown made of the author's underscores, a line break), or `WALL` for any other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from transforms.extract.asciimath.parse import from_asciimath
from transforms.extract.latex import Found, cleaned, has_tex, untypeset
from transforms.extract.mathml_source import from_source
from transforms.extract.plausible import dollar, is_pattern, is_prose, is_sentence, plausible

BREAK, WALL = "\ufdd0", "\ufdd1"
MAX_LENGTH = 20_000  # characters of one formula; a longer one is an opener that nothing closes
_MAX_NESTING = 8  # environments of one name in each other

# Environments that are formulas wherever they stand; where a renderer is at work, all but those of `_PROSE` are.
_ENVIRONMENTS = frozenset([
    "equation", "align", "alignat", "aligned", "alignedat", "flalign", "gather", "gathered", "multline", "eqnarray",
    "displaymath", "math", "dmath", "dgroup", "xalignat", "cases", "dcases", "rcases", "array", "matrix", "pmatrix",
    "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "split", "subequations", "subeqnarray", "numcases",
    "subnumcases", "darray", "IEEEeqnarray", "CD", "multlined",
])  # fmt: skip
_PROSE = frozenset([
    "document", "enumerate", "itemize", "description", "figure", "table", "tabular", "tabularx", "longtable",
    "verbatim", "lstlisting", "minted", "quote", "quotation", "center", "flushleft", "flushright", "minipage",
    "abstract", "theorem", "lemma", "proof", "definition", "corollary", "proposition", "example", "remark",
    "exercise", "solution", "frame", "block", "tikzpicture", "thebibliography", "comment", "macrocode", "code",
    "algorithm", "algorithmic", "letter", "list", "trivlist", "titlepage", "verse", "picture", "thm", "lem", "prop",
    "defn", "cor", "rem",
])  # fmt: skip
# Opener → (closer, display). A `$` is tried last, and only where `dollar` agrees.
_PAIRS = {
    r"\(": (r"\)", False),
    r"\[": (r"\]", True),
    r"\\(": (r"\\)", False),
    r"\\[": (r"\\]", True),
    "$$": ("$$", True),
    "$`": ("`$", False),  # GitLab, GitHub
    "$": ("$", False),
    "\u00abmath": ("\u00ab/math\u00bb", False),  # Wiris
}
_BBCODE = "tex|itex|imath|dmath|math|latex|eqn|katex|mathjax|displaymath|inlinemath"
_TAGS = "math|tex|latex|itex|amsmath|asciimath"  # written `&lt;math&gt;`
_DISPLAY_NAMES = frozenset(["dmath", "eqn", "displaymath"])
_DISPLAY = re.compile(r"display\s*=\s*[\"']?(?:true|block|1)|\bblock\b|^[ =]display\b", re.IGNORECASE)
_WORDPRESS_OPTIONS = re.compile(r"(?:\s*&(?:amp;)?(?:s|bg|fg)=[-\w]*)+\s*$")


@dataclass(frozen=True)
class Dialect:
    """What a page's own scripts say about its delimiters.

    `renderer`: it loads one that turns LaTeX into formulas. `dollars`: whether single dollars are turned on; None if
    the page does not say. `pairs`: opener, closer and display of all that it configures; `asciimath`: the openers and
    closers of AsciiMath.
    """

    renderer: bool = False
    dollars: bool | None = None
    pairs: tuple[tuple[str, str, bool], ...] = ()
    asciimath: tuple[tuple[str, str], ...] = ()


class Match(NamedTuple):
    """A formula at `text[start:end]`, delimiters included."""

    start: int
    end: int
    found: Found


class Grammar(NamedTuple):
    """The delimiters of a dialect: what opens a formula, and what closes which opener."""

    opener: re.Pattern[str]
    pairs: dict[str, tuple[str, bool]]


def find(text: str, dialect: Dialect) -> Iterator[Match]:
    """The formulas of a text from left to right, in time linear in its length."""
    grammar = grammar_of(dialect)
    closers = _Closers(text)
    at = 0
    while opener := grammar.opener.search(text, at):
        match = _formula(text, opener, closers, dialect)
        if match:
            yield match
        at = match.end if match else opener.end()


@lru_cache(maxsize=256)
def grammar_of(dialect: Dialect) -> Grammar:
    """The delimiters of a dialect, compiled."""
    configured = {left: (right, display) for left, right, display in dialect.pairs if left != "$"}
    ascii_pairs = {left: (right, False) for left, right in dialect.asciimath}
    pairs = _PAIRS | configured | ascii_pairs
    marks = "|".join(re.escape(mark) for mark in sorted(pairs, key=len, reverse=True))
    opener = (
        r"(?<!\\)(?:\\begin\s*\{(?P<env>[A-Za-z]{1,20}\*?)\}"
        r"|(?P<wordpress>\$latex(?:[\s\xa0]|(?=\\)))"
        rf"|(?P<bbcode>\[(?P<bb>{_BBCODE})(?P<bbset>[ =][^\]\[\n]{{0,40}})?\])"
        rf"|(?P<element><(?P<tag>{_TAGS})(?P<tagset>\s[^<>]{{0,80}})?>)"
        rf"|(?P<mark>{marks}))"
    )
    return Grammar(re.compile(opener, re.IGNORECASE), pairs)


class _Closers:
    """The next of each closer; it is searched for once, not again from every opener before it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next: dict[str, re.Match[str] | None] = {}

    def after(self, closer: str, start: int) -> re.Match[str] | None:
        if closer not in self._next or ((known := self._next[closer]) and known.start() < start):
            self._next[closer] = _pattern(closer).search(self._text, start)
        return self._next[closer]


@lru_cache(maxsize=1024)
def _pattern(closer: str) -> re.Pattern[str]:
    guard = "" if closer[0] in "[<" or closer.startswith(r"\end") else r"(?<!\\)"
    return re.compile(rf"{WALL}|{guard}{re.escape(closer)}", re.IGNORECASE)


def _formula(text: str, opener: re.Match[str], closers: _Closers, dialect: Dialect) -> Match | None:
    if opener["env"]:
        return _environment(text, opener, dialect)
    mark = opener["mark"] or ""
    right, display = grammar_of(dialect).pairs.get(mark, ("$", False))
    if opener["bbcode"] or opener["element"]:
        kind = (opener["bb"] or opener["tag"]).lower()
        right = f"[/{kind}]" if opener["bb"] else f"</{kind}>"
        display = kind in _DISPLAY_NAMES or bool(_DISPLAY.search(opener["bbset"] or opener["tagset"] or ""))
    closer = _balanced_closer(text, opener, right, closers)
    if closer is None or closer[0] == WALL or closer.start() - opener.end() > MAX_LENGTH:
        return None
    start, end, inner = opener.start(), closer.end(), text[opener.end() : closer.start()]
    if not inner.strip() or WALL in inner or (opener[0] != right and opener[0] in inner):
        return None
    if mark == "$":
        accepted = dollar(text, start, closer.start(), dialect.dollars)
    else:
        accepted = _accepted(text, opener, inner, dialect)
    found = _read(opener, inner, display, dialect) if accepted else None
    return Match(start, end, found) if found and found.latex else None


def _accepted(text: str, opener: re.Match[str], inner: str, dialect: Dialect) -> bool:
    """Whether what stands between two delimiters other than single dollars is a formula."""
    if opener["wordpress"] or opener["bbcode"] or opener["element"]:
        return not is_sentence(inner)
    mark = opener["mark"]
    if mark.startswith("\u00ab"):
        return True
    before = text[opener.start() - 1 : opener.start()]
    if mark in {"$$", "$`"}:
        lone = "$" in (before, inner[0]) or text.startswith("$", opener.end() + len(inner) + 2)
        return not lone and not is_sentence(inner) and (dialect.renderer or plausible(inner))
    if any(mark == left for left, _ in dialect.asciimath):
        return BREAK not in inner and not is_prose(inner) and not is_sentence(inner)
    if mark.startswith(r"\\"):
        return r"\\" not in inner and plausible(inner) and not is_pattern(inner)
    if dialect.renderer:
        meant = not is_sentence(inner) if mark not in _PAIRS else any(char not in " .\u2026\n" for char in inner)
        return meant and not is_pattern(inner)
    end = opener.end() + len(inner) + 2
    slashes = before == text[end : end + 1] == "/"  # `s/\[x\]/y/`
    path = before == ":" or slashes or (before.isascii() and before.isalnum())
    return plausible(inner) and not is_sentence(inner) and not is_pattern(inner) and (not path or has_tex(inner))


def _read(opener: re.Match[str], inner: str, display: bool, dialect: Dialect) -> Found | None:
    mark, tag = opener["mark"], (opener["tag"] or "").lower()
    if tag == "asciimath" or any(mark == left for left, _ in dialect.asciimath):
        return from_asciimath(inner, display=display)
    if mark and mark.startswith("\u00ab"):
        return from_source(f"\u00abmath{inner}\u00ab/math\u00bb")
    if tag == "math" and re.match(r"\s*<m", inner):
        return from_source(f"<math>{inner}</math>")
    if opener["wordpress"]:
        inner = _WORDPRESS_OPTIONS.sub("", inner)
    return cleaned(untypeset(inner), display=display)


def _environment(text: str, opener: re.Match[str], dialect: Dialect) -> Match | None:
    """An environment with all that it holds, others of its name too."""
    name = opener["env"]
    bare = name.rstrip("*")
    if bare not in _ENVIRONMENTS and (not dialect.renderer or bare.lower() in _PROSE):
        return None
    end = _environment_end(text, opener.start(), name)
    inner = text[opener.end() : end - len(rf"\end{{{name}}}")]
    if end < 0 or WALL in inner or is_sentence(inner) or (is_prose(inner) and not re.search(r"[=&^_]|\\\\", inner)):
        return None
    return Match(opener.start(), end, cleaned(untypeset(text[opener.start() : end]), display=name != "math"))


def _environment_end(text: str, start: int, name: str) -> int:
    if text.find(rf"\end{{{name}}}", start, start + MAX_LENGTH) < 0:
        return -1
    depth = 0
    for mark in _boundaries(name).finditer(text, start, start + MAX_LENGTH):
        depth += 1 if mark[1] == "begin" else -1
        if depth == 0:
            return mark.end()
        if depth > _MAX_NESTING:
            break
    return -1


@lru_cache(maxsize=1024)
def _boundaries(name: str) -> re.Pattern[str]:
    return re.compile(rf"\\(begin|end)\s*\{{{re.escape(name)}\}}")


def _balanced_closer(text: str, opener: re.Match[str], right: str, closers: _Closers) -> re.Match[str] | None:
    r"""The first closer outside braces, as MathJax reads `$\text{if $x$}$`; the first of all if braces never match."""
    first = closer = closers.after(right, opener.end())
    for _ in range(8):
        if closer is None or closer[0] == WALL or closer.start() - opener.end() > MAX_LENGTH:
            break
        inner = text[opener.end() : closer.start()]
        if inner.count("{") - inner.count(r"\{") <= inner.count("}") - inner.count(r"\}"):
            return closer
        closer = _pattern(right).search(text, closer.end(), opener.end() + MAX_LENGTH)
    return first
