"""What is said in words: truth, nothing, everything, dates, labels before a value, and all other words."""

import re
from datetime import datetime
from typing import Any

import sympy

from transforms.execute.compare.notation import outermost
from transforms.execute.compare.signs import names
from transforms.execute.compare.values import Group, Leaf, Value

_TEXT = re.compile(r"\\(?:text|mathrm|mbox)\s*\{([^{}]*)\}")
_SUBJECT = (
    r"(?:(?:the|this|it|there|is|are|has|have|we|so|thus|an?|equation|system|series|integral|limit|sequence|sum|function)"
    r"\s+)*"
)
_TRUTH = re.compile(r"(?:np\.|numpy\.)?(true|yes|false|no)_?(?:$|[,.;:!]\s.*)", re.IGNORECASE | re.DOTALL)
_NOTHING = re.compile(
    rf"{_SUBJECT}(?:no|not have|does not have|doesn't have|not)(?: any)? (?:\w+ ){{0,2}}(?:solutions?|roots?)"
    r"(?: exists?| found)?"
    r"|(?:the )?(?:empty|null) set|\\(?:emptyset|varnothing)|EmptySet|set\(\)|\[\]|\{\s*\}|\(\)",
    re.IGNORECASE,
)
_EVERYTHING = re.compile(r"(?:all|every) real(?: numbers?|s)?|\\mathbb\s*\{?R\}?|\\R|Reals|S\.Reals", re.IGNORECASE)
_ENDLESS = re.compile(rf"{_SUBJECT}(?:diverges?|divergent|infinite|infinity|unbounded)(?: to infinity)?", re.IGNORECASE)
_UNDEFINED = re.compile(rf"{_SUBJECT}(?:does not exist|doesn't exist|DNE|undefined|not defined)", re.IGNORECASE)
_LABEL = re.compile(
    r":(?=\s|$)|\b(?:is|are|equals|was|were|gives|becomes|yields)\b"
    r"(?:\s+(?:equal to|given by|therefore|then|at|about|exactly))?:?(?=\s)"
    r"|(?<![<>=!:])(?:=>|->|→|⇒)(?=\s)"
)
_LEADING = re.compile(
    r"(?:(?:=>|->|→|⇒|>>>?|=)\s+|(?:therefore|thus|hence|so|then|finally)[,:]?\s+(?!the\b))", re.IGNORECASE
)
_MOMENTS = (
    *(("%Y-%m-%d", "%Y-%m-%d"), ("%B %d, %Y", "%Y-%m-%d"), ("%B %d %Y", "%Y-%m-%d"), ("%d %B %Y", "%Y-%m-%d")),
    *(("%b %d, %Y", "%Y-%m-%d"), ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d"), ("%I:%M %p", "%H:%M"), ("%I %p", "%H:%M")),
)
_PROSE = re.compile(r"(?<![\\A-Za-z_])[A-Za-z]{3,}(?![A-Za-z_(\d])")
_KNOWN = frozenset(
    names("""
    sin cos tan cot sec csc sinh cosh tanh asin acos atan arcsin arccos arctan exp log sqrt abs oo pi mod gcd lcm min
    max inf alpha beta gamma delta theta lambda sigma omega epsilon zeta eta iota kappa rho tau upsilon phi chi psi
    zoo nan
""")
)
_AFFIXES = re.compile(rf"^(?:option|choice|case)\s+|^{_SUBJECT}|[.!*\"'()]+", re.IGNORECASE)


def plain_words(text: str) -> str:
    r"""The text without `\text{…}` around its words."""
    return _TEXT.sub(r"\1", text).strip(" .!")


def said(text: str) -> Value | None:
    """The value that is said in words; None for other texts."""
    words = plain_words(text)
    if found := _TRUTH.fullmatch(words):
        return Leaf(text, sympy.true if found[1].lower() in ("true", "yes") else sympy.false)
    if _NOTHING.fullmatch(words):
        return Group("set", ())
    if _EVERYTHING.fullmatch(words):
        return Leaf(text, sympy.S.Reals)
    for read, write in _MOMENTS if re.match(r"\w+[\s:,-]", words) and words[-1].isalnum() else ():
        try:
            return Leaf(datetime.strptime(words, read).strftime(write))
        except ValueError:
            continue
    return None


def is_prose(text: str) -> bool:
    """Whether there are words in it that are neither commands nor functions."""
    text = re.sub(r"\\(?:begin|end)\{[^{}]*\}(?:\{[lcr|]*\})?|\\operatorname\*?", "", _TEXT.sub(r" \1 ", text))
    found = (word for word in _PROSE.findall(text) if word not in _KNOWN)
    return any(re.search("[aeiouy]|.{5}", word, re.IGNORECASE) for word in found)


def words(text: str) -> Leaf:
    """Words that are their own value: without case, quotes, and the subject they are said of."""
    return Leaf(_AFFIXES.sub("", re.sub(r"\s+", " ", plain_words(text)).strip()).strip().casefold())


def same_words(words: Leaf, other: Any) -> bool | None:
    """Words against a sympy value: `diverges` for infinity, `undefined` for what is none."""
    if _ENDLESS.fullmatch(words.text) or _UNDEFINED.fullmatch(words.text):
        endless = bool(_ENDLESS.fullmatch(words.text))
        if other in (sympy.oo, -sympy.oo):
            return True if endless else None
        if other in (sympy.zoo, sympy.nan) or isinstance(other, sympy.AccumBounds):
            return None if endless else True
        return False if isinstance(other, sympy.Expr) and other.is_number else None
    return True if isinstance(other, sympy.Symbol) and other.name.casefold() == words.text else None


def labelled(line: str) -> tuple[str, str]:
    """The words before a value (`The area is`, `Result:`), and the value; no words where it is a value alone."""
    line = line[found.end() :] if (found := _LEADING.match(line)) else line
    if _TRUTH.fullmatch(line):
        return "", line
    signs = [sign for sign in outermost(line, _LABEL) if re.search(r"[A-Za-z]", line[: sign.start()])]
    if not signs:
        return "", line
    colon = next((sign for sign in signs if sign[0] == ":"), None)
    sign = colon or signs[-1]
    label, value = line[: sign.start()].strip(), line[sign.end() :].strip()
    if colon and value and (rest := labelled(value))[0]:
        return f"{label} {rest[0]}", rest[1]
    return label, value
