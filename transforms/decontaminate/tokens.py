"""The normal form in which a document and a question are compared: tokens, each with its place in the text.

It is blind to case, white space, punctuation, operators, Unicode forms and the spelling of LaTeX, and keeps words,
digits and the names of LaTeX commands. Chinese, Japanese and Greek come out character by character.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import chain

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"  # soft hyphen, zero-width blanks and joiners
_GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi"
_SYMBOLS = {
    **dict(zip("αβγδεζηθικλμνξπρστυφχψω", [*_GREEK.split(), "omega"], strict=True)),
    **{"√": "sqrt", "∞": "infty", "∑": "sum", "∏": "prod", "∫": "int", "∂": "partial", "∇": "nabla", "∆": "delta"},
    **{"∅": "emptyset", "∠": "angle", "⊥": "perp", "∥": "parallel", "△": "triangle", "ς": "sigma"},
}
_LETTERS = rf"[^\W\d_{_CJK}α-ω]+"
# LaTeX commands that only lay out, or whose Unicode twin is punctuation and so leaves no token either.
_LAYOUT = (
    "left right middle bigg?[lrm]? limits nolimits displaystyle textstyle scriptstyle q?quad d?text"
    " text(?:rm|bf|it|sf|tt|normal) mbox hbox emph math(?:rm|bf|it|sf|tt|bb|cal|frak|scr) boldsymbol bm bf rm it"
    " operatorname ensuremath notag hline item c?dots? ldots dots[cbm] [vd]dots times div pm mp leq? leqslant geq?"
    " geqslant neq? lt gt approx equiv sim simeq cong to (?:long)?rightarrow implies iff mapsto in notin su[bp]seteq?"
    " cup cap setminus circ degree prime [lr](?:floor|ceil|angle|vert) vert mid colon"
).replace(" ", "|")
_TOKEN = re.compile(
    rf"\\(?:{_LAYOUT})(?![a-z])"
    r"|\\(?:begin|end)\s*\{[a-z]*\*?\}(?:\{[clr|\s]*\})?"
    r"|\\[hv]space\*?\s*\{[^{}]{0,40}\}"
    # the tokens: one digit after \frac (which may lack its braces), a number with its thousands, a word, a symbol
    r"|((?<=frac)\d"
    r"|\d+(?:(?:,|\{,\}|\\,|,\\!)\d{3}(?!\d))*"
    rf"|{_LETTERS}(?:[\u0300-\u036f{_INVISIBLE}]+(?:{_LETTERS})?)*"
    rf"|[{_CJK}{''.join(_SYMBOLS)}])"
)
_SPELLING = {
    **_SYMBOLS,
    **{"dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "dbinom": "binom", "tbinom": "binom"},
    **{"varphi": "phi", "varepsilon": "epsilon", "vartheta": "theta", "varnothing": "emptyset"},
}
_NOT_DIGIT = re.compile(r"\D")
_UNSEEN = re.compile(f"[{_INVISIBLE}]")


def tokenize(text: str) -> list[str]:
    """The tokens of `text` in order; none contains a blank, and `tokenize(" ".join(tokens))` is `tokens` again."""
    return list(chain.from_iterable(map(_fold, _TOKEN.findall(_lower(text)))))


def spans(text: str) -> list[tuple[int, int]]:
    """For each token of `tokenize(text)` its place [start, end) in characters of `text`."""
    return [match.span(1) for match in _TOKEN.finditer(_lower(text)) for _ in _fold(match[1] or "")]


def _lower(text: str) -> str:
    """The text in lower case, character by character where the whole would change its length (İ)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


@lru_cache(maxsize=1 << 16)
def _fold(raw: str) -> tuple[str, ...]:
    """The tokens of one match: itself as a rule, more for x² (x, 2), none for a layout command."""
    if raw.isascii():
        return (_spell(raw),) if raw else ()
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", unicodedata.normalize("NFKC", raw)).casefold())
    return tuple(_spell(token) for token in _TOKEN.findall(plain) if token)


def _spell(token: str) -> str:
    return _NOT_DIGIT.sub("", token) if token[0].isdecimal() else _SPELLING.get(token, token)
