r"""LaTeX as a tree of tokens and groups, with spacing, sizes and other looks removed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

MAX_LENGTH = 2_000  # characters of one formula; longer ones are proofs or tables
MAX_DEPTH = 8  # of nested groups: ten is beyond what anybody writes by hand in one term


class Unreadable(ValueError):
    """LaTeX that is not surely understood; the message says what stopped the reading."""


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a letter, a command or a sign, at `[start, end)` of the tidied LaTeX."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Group:
    r"""What stands between two delimiters; `kind` is the opening one, or the name of the environment."""

    kind: str
    items: tuple["Item", ...]
    start: int
    end: int

    @property
    def text(self) -> str:
        """Never equal to any token's text, so that groups and tokens can be compared alike."""
        return ""


Item: TypeAlias = Token | Group

_FUNCTIONS = "arccos|arcsin|arctan|cosh|cos|cot|csc|det|exp|gcd|lcm|lim|ln|log|max|min|sec|sinh|sin|tanh|tan"
_UNIT = r"\\(?:text|mathrm|mbox|textrm|rm)\s*\{[\s~]*[A-Za-z][A-Za-z. ]*(?:/\s*[A-Za-z]+)?\s*\}(?:\s*\^\s*\{?[23]\}?)?"
_TEXT = r"\\(?:text|mathrm|mbox|textrm)\s*"
_WORDS = "and|or|so|thus|hence|therefore|where|with|since|because|then|which gives|we get|giving"
_RULES: list[tuple[str, str]] = [
    (r"(?<!\\)%[^\n]*", ""),
    (r"\\(?:tag|label|vspace|hspace|phantom|hphantom)\*?\s*\{[^{}]*\}", ""),
    (r",\\!", ","),
    (r"(?<=\d)(?:\{,\}|\\,|~|\\ )(?=\d{3}(?!\d))", ""),
    (r"\\left\s*\|", r"\\lvert "),
    (r"\\right\s*\|", r"\\rvert "),
    (r"\\(?:left|right)\s*\.", r"\\evaluated "),
    (r"\\[bB]igg?[lrm]?\s*\{\s*(\\?[()\[\]{}|])\s*\}", r"\1"),
    (r"\\(?:left|right|[bB]igg?[lrm]?)(?![A-Za-z])", ""),
    (r"\\(?:displaystyle|textstyle|limits|nolimits|nonumber|notag|boxed|fbox|hfill|hline|space|null)(?![A-Za-z])", ""),
    (r"\\(?:text|mathbf|mathrm|textbf|bm|underline|mathit)\s*\{\s*(-?\d+(?:\.\d+)?)\s*\}", r" \1 "),
    (r"\\(?:operatorname\*?|mathrm|mathop|text|rm)\s*\{\s*(" + _FUNCTIONS + r")\s*\}", r"\\\1 "),
    (r"\\(?:mathrm|text|rm)\s*\{\s*([de])\s*\}", r"\1 "),
    (r"\\(?:text|mathrm|operatorname|mbox|rm)\s*\{[\s~]*mod[\s~]*\}", r"\\bmod "),
    (_TEXT + r"\{[\s,]*(?:" + _WORDS + r")[\s,]*\}", r"\\qquad "),
    (r"(?<=[\d}])\s*" + _UNIT + r"(?=\s*(?:$|[=+\-*/.,;&)]|\\(?:cdot|times|div|approx|\\|end)))", ""),
    (r"\\[dtc]frac(?![A-Za-z])", r"\\frac"),
    (r"\\[dt]binom(?![A-Za-z])", r"\\binom"),
    (r"\.\s*\.\s*\.", r"\\ldots "),
    (r"\\(?:overset|stackrel|mathrel)\s*(?:\{[^{}]*\}\s*)?\{\s*=\s*\}|\{\}\s*=\s*\{\}", "="),
    (r"\\(?:textcolor|color)\s*\{[^{}]*\}", ""),
    (r"\\(?:lbrack)(?![A-Za-z])", "["),
    (r"\\(?:rbrack)(?![A-Za-z])", "]"),
    (r"\\\$", ""),
    ("\u2212", "-"),
    ("\u00d7", r"\\times "),
    ("\u00b7", r"\\cdot "),
    ("\u2248", r"\\approx "),
    ("[\u22c5\u2219\u2022\u2217]", r"\\cdot "),
    ("\u00f7", r"\\div "),
    ("\u2264", r"\\le "),
    ("\u2265", r"\\ge "),
    ("\u2260", r"\\ne "),
    ("\u221e", r"\\infty "),
    ("\u00b0", r"^{\\circ} "),
    ("\u00b2", "^{2} "),
    ("\u00b3", "^{3} "),
    (r"\\cr(?![A-Za-z])", r"\\\\ "),
    (r"\\\\\s*\[[\d.]+\s*[a-z]+\]", r"\\\\ "),
    (r"(?<!\\)\\[,;:!> ]|~", " "),
    (r"\\quad(?![A-Za-z])", r"\\qquad"),
]
_TIDY = [(re.compile(pattern, re.ASCII), replacement) for pattern, replacement in _RULES]
_UNIT_NAME = re.compile(r"(?<=[\d}])\s*(?:\\[,;: ])*\\(?:text|mathrm|mbox|textrm|rm)\s*\{([^{}]*)\}", re.ASCII)
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d,]|\.\d)", re.ASCII)
_TOKEN = re.compile(
    r"\\begin\s*\{([A-Za-z]+\*?)\}|\\end\s*\{([A-Za-z]+\*?)\}|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\.\d+|\S",
    re.DOTALL | re.ASCII,
)
_CLOSING = {"(": ")", "[": "]", "{": "}", r"\lvert": r"\rvert", r"\lfloor": r"\rfloor", r"\lceil": r"\rceil"}
_CLOSERS = frozenset(_CLOSING.values())


def tidy(latex: str) -> str:
    """The LaTeX without looks, units and separators of thousands; raises Unreadable for several units."""
    if len(latex) > MAX_LENGTH:
        raise Unreadable("too long")
    _check_units(latex)
    for pattern, replacement in _TIDY:
        latex = pattern.sub(replacement, latex)
    latex = _THOUSANDS.sub(_without_commas, latex)
    return latex.strip().rstrip(".,;").strip()


def _check_units(latex: str) -> None:
    """Refuses a formula with several units (feet and inches): left out, they would make it wrong."""
    units = {match[1].strip(" .~").removesuffix("s") for match in _UNIT_NAME.finditer(latex)}
    if len(units) > 1 and not any("/" in unit for unit in units):
        raise Unreadable("several units")


def _without_commas(match: re.Match[str]) -> str:
    return match[0] if _in_parentheses(match) else match[0].replace(",", "")


def _in_parentheses(match: re.Match[str]) -> bool:
    before = match.string[: match.start()]
    return any(before.count(opening) > before.count(closing) for opening, closing in ("()", "[]"))


def letters_of(latex: str) -> set[str]:
    """The single letters in a formula, without those of its commands."""
    return set(re.findall(r"[A-Za-z]", re.sub(r"\\[A-Za-z]+", "", latex)))


def parse(latex: str) -> tuple[Item, ...]:
    """The tidied LaTeX as a tree; raises Unreadable for unbalanced delimiters and for too deep nesting."""
    tokens = _tokens(latex)
    items, closer = _items(tokens, None, 0)
    if closer:
        raise Unreadable("unbalanced " + closer.text)
    return items


def _tokens(latex: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(latex):
        yield Token(match[0], match.start(), match.end())


def _items(tokens: Iterator[Token], until: str | None, depth: int) -> tuple[tuple[Item, ...], Token | None]:
    """The items up to the delimiter `until`, and that delimiter (None at the end of the LaTeX)."""
    if depth > MAX_DEPTH:
        raise Unreadable("nested too deep")
    items: list[Item] = []
    for token in tokens:
        if token.text == until:
            return tuple(items), token
        if token.text in _CLOSERS or token.text.startswith(r"\end"):
            raise Unreadable("unbalanced " + token.text)
        closing = _closing(token.text, until)
        if closing is None:
            items.append(token)
            continue
        inner, closer = _items(tokens, closing, depth + 1)
        if closer is None:
            raise Unreadable("unclosed " + token.text)
        items.append(Group(_kind(token.text), inner, token.start, closer.end))
    return tuple(items), None


def _closing(text: str, until: str | None) -> str | None:
    """The delimiter that closes what `text` opens, None if it opens nothing."""
    if text.startswith(r"\begin"):
        return text.replace(r"\begin", r"\end", 1)
    if text == "|" and until != "|":
        return "|"
    return _CLOSING.get(text)


def _kind(text: str) -> str:
    if text.startswith(r"\begin"):
        return text[text.index("{") + 1 : -1]
    return {r"\lvert": "|"}.get(text, text)
