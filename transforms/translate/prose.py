"""Arithmetic that stands in plain words, outside formulas and code: 12 * (3 + 4) = 84."""

import re
from collections.abc import Iterator

from transforms.text_format import spans
from transforms.translate.equations import Stated
from transforms.translate.latex.lexer import Unreadable
from transforms.translate.latex.statements import statements

_MAX_LENGTH = 200  # characters of one computation
_NUMBER = r"(?:\\?\$ ?)?\d[\d,]{0,20}(?:\.\d{1,20})?%?"
_SIGN = r"[-+*/\u00d7\u00f7\u2212\u00b7\u22c5]"
# No letter, digit or sign may touch either end: what is cut out of something longer may mean something else.
_OPEN, _CLOSE = r"[( ]{0,6}", r"[) ]{0,6}"
_POWER = r"(?:!|(?:\^|\*\*)\d{1,3}|[\u00b2\u00b3])?"
_OPERAND = rf"{_NUMBER}{_POWER}{_CLOSE}{_POWER} ?"
_ARITHMETIC = re.compile(
    rf"(?<![^\s(:=>])[(]{{0,6}}{_OPERAND}(?:(?:{_SIGN}|\bx\b){_OPEN}{_OPERAND}){{1,24}}[=\u2248] ?-?{_NUMBER}"
    rf"(?![\w!/^*+=%$\\\u00d7\u00f7\u00b2\u00b3]|[.,]\d| ?{_SIGN}| *[=(])"
)
_BEFORE = re.compile(r"[-+*/^\u00d7\u00f7\u2212\u00b7\u22c5]\s*$")
_LATEX = {"\u2212": "-", "*": r"\cdot ", "\u00b7": r"\cdot ", "x": r"\times ", "%": r"\%"}
_DATE = re.compile(r"\d{4}[-/]\d\d?[-/]\d\d?|\d\d?[-/]\d\d?[-/]\d{4}")


def stated_in_prose(text: str) -> Iterator[Stated]:
    """The statements of arithmetic in the prose of a text, in order."""
    start = 0
    for span in spans(text):
        yield from _in_part(text, start, span.start)
        start = span.end
    yield from _in_part(text, start, len(text))


def _in_part(text: str, start: int, end: int) -> Iterator[Stated]:
    if not any(sign in text[start:end] for sign in "=\u2248"):
        return
    for match in _ARITHMETIC.finditer(text, start, end):
        before = text[max(start, match.start() - 8) : match.start()]
        if len(match[0]) > _MAX_LENGTH or _DATE.search(match[0]) or _BEFORE.search(before):
            continue
        try:
            found = statements(_latex(match[0]))
        except Unreadable:
            continue
        yield from (Stated(statement, match.start()) for statement in found)


def _latex(arithmetic: str) -> str:
    arithmetic = re.sub(r"(?:\^|\*\*)(\d+)", r"^{\1}", arithmetic)
    signs = re.sub(r"[\u2212*\u00b7x%]", lambda sign: _LATEX[sign[0]], re.sub(r"\\?\$ ?", "", arithmetic))
    return re.sub(" {2,}", " ", signs)
