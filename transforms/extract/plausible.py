r"""Whether the text between two delimiters is a formula: not prices, shell variables, jQuery, templates, patterns.

What a formula looks like is judged by the text alone; `dollar` also looks at what stands around it, because dollars are
the delimiters that prose and programs use as well.
"""

import re

from transforms.extract.latex import has_tex

_WORD = re.compile(r"(?<![\\A-Za-z])[^\W\d_]{3,}")
_TEXT_GROUP = re.compile(r"\\(?:text\w*|mbox|hbox|operatorname\*?|math\w+|rm|label|tag|begin|end)\s*\{[^{}]*\}")
# What a formula without any command may be made of: short names, numbers, operators.
_PLAIN = re.compile(
    r"(?:[\w\s.,:;!?|'/()\[\]{}<>=+*%&^~@\u2190-\u22ff\u2019\u2032\u2033\u00b0-\u00b3\u00b7\u00d7\u00f7\u2013\u2212\u2026"
    r"\u27e8\u27e9\ufdd0-]|\\[%$#&_{}])*"
)
_NAMES = frozenset([
    "sin", "cos", "tan", "log", "exp", "lim", "max", "min", "gcd", "lcm", "det", "mod", "dim", "ker",
])  # fmt: skip
_JOINING = frozenset([
    "an", "and", "as", "at", "by", "each", "for", "from", "in", "is", "of", "on", "or", "per", "than", "the", "to",
    "vs", "was", "with", "ou", "et", "und", "oder", "bis", "von", "de", "или", "до", "million", "billion", "thousand",
])  # fmt: skip
_ONLY_WORDS = re.compile(r"[^\W\d_]+(?:[\s,.;:'\"!?\u2019-]+[^\W\d_]+)+[\s,.;:'\"!?-]*")
_CONTENT = re.compile(r"[^\s.,;:\u2026\ufdd0]")
# `.*`, `[a-z`, `\|`, `\1`, `[^`: what the groups `\(…\)` of a regular expression hold.
_PATTERN = re.compile(r"\.\*|\.\+|\[\^[^\]{(]+\]|\[[a-z0A-Z]-[a-z9A-Z]\w*(?:-\w)?\][*+?]|\\[dwsDWS][*+?]|\\[1-9]")
_ALTERNATIVES = re.compile(r"(?<=\w)\\\|(?=\w)")
_CALL = re.compile(
    r"\(\s*(?:[\"'#]|\.[A-Za-z]|this\b|document\b|window\b|function\b)|\.[A-Za-z]{2,}|[A-Za-z_]\w+(?:->|::)"
)
_TEMPLATE = re.compile(r"\{\s*[A-Za-z_][\w.]{2,}\s*\}|\{[#%$]")
_CURRENCY_BEFORE = re.compile(r"(?:US|AU|CA|NZ|HK|SG|NT|MX|[ACSR])\Z")
_AMOUNT = re.compile(r"\d\s\Z")  # `5 $ et 10 $`
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+|[a-z]{2,}(?:_[a-z]+)+|_\w*")
_NEXT = re.compile(r"[\w({\[#@*~%+<>=/&\\]|\.[A-Za-z]|->|::")
_QUOTES = ('"', "'", "\u201c", "\u201d", "\u2018", "\u2019", "`")
_UNFINISHED = "=+-*/<,([{:&|~^\u2013"


def plausible(inner: str) -> bool:
    """Whether a text looks like a formula by itself."""
    if has_tex(inner):
        return not is_prose(inner)
    return len(inner) <= 60 and bool(_PLAIN.fullmatch(inner)) and not _words(inner)


def is_prose(inner: str) -> bool:
    r"""Whether most of it is words: a pair of dollars that belong to two prices, or to two formulas."""
    words = _words(_TEXT_GROUP.sub("", inner))
    long = "\\" not in inner and any(len(word) > 7 and not word.isascii() for word in words)  # no blanks between words
    return long or (len(words) >= 3 and 2 * sum(map(len, words)) > len(inner))


def is_sentence(inner: str) -> bool:
    """Whether it is nothing but words, or dots and commas: what stands between two delimiters that are talked about."""
    text = inner.strip()
    if not _CONTENT.search(text) or (text.lower() in _JOINING and text != inner):
        return True
    return not has_tex(text) and bool(_ONLY_WORDS.fullmatch(text)) and len(max(text.split(), key=len)) > 2


def is_pattern(inner: str) -> bool:
    r"""Whether `\(…\)` around it is the group of a regular expression."""
    return bool(_PATTERN.search(inner)) or inner.count(r"\|") == len(_ALTERNATIVES.findall(inner)) > 0


def dollar(text: str, start: int, end: int, dollars: bool | None) -> bool:
    r"""Whether the dollars at `start` and `end` delimit a formula.

    `dollars`: the page's renderer reads them (True), reads others (False), or says nothing of them (None).
    """
    inner, before, after = text[start + 1 : end], text[max(0, start - 3) : start], text[end + 1 : end + 3]
    if "\n\n" in inner or before.endswith("$") or after.startswith("$") or inner[:1] in "$":
        return False
    if is_sentence(inner) and (not dollars or inner != inner.strip() or not _CONTENT.search(inner)):
        return False
    if _is_program(inner, before, after) or _is_price(inner, before, after):
        return False
    if dollars:
        return plausible(inner) or not is_prose(inner)
    command = "\\" in inner
    if before[-1:] in _QUOTES and after[:1] in _QUOTES and not command:  # `"$2y$"` is the mark of a hash
        return False
    glued = _is_ascii_word(before[-1:]) or _is_ascii_word(after[:1])
    spaced = inner[0].isspace() != inner[-1].isspace()  # `$5 and $6`: a blank before the second, none after the first
    if not plausible(inner) or (not command and (glued or spaced)):
        return False
    return dollars is None or has_tex(inner)


def _is_program(inner: str, before: str, after: str) -> bool:
    """Two variables, calls, anchors of patterns or placeholders, and what stands between them."""
    if _CALL.match(inner) or ("\\" not in inner and (_TEMPLATE.match(inner) or _VARIABLE.fullmatch(inner))):
        return True
    if " " in inner and "\\" not in inner and _is_ascii_word(before[-1:]) and _is_ascii_word(after[:1]):
        return True
    begins, ends = not inner[0].isspace(), not inner[-1].isspace()
    if begins and _NEXT.match(after) and (not ends or inner[-1] in _UNFINISHED):
        return True
    return not begins and ends and before[-1:] not in ("", " ", "\n", "\xa0", "(", "[", "-")


def _is_price(inner: str, before: str, after: str) -> bool:
    if "\\" in inner:
        return False
    number = inner[:1].isdigit()
    if after[:1].isdigit() and (number or not has_tex(inner)):
        return True
    if before[-1:].isdigit() and (inner[0].isspace() or inner[0] in ",.;:)/-\u2013"):
        return True
    if _AMOUNT.search(before) and _AMOUNT.search(inner) and (inner[0].isspace() or inner[0] in ",.;:)"):
        return True
    words = {word.lower() for word in re.findall(r"[^\W\d_]+", inner)}
    return number and (bool(_CURRENCY_BEFORE.search(before)) or not words.isdisjoint(_JOINING))


def _is_ascii_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _words(inner: str) -> list[str]:
    return [word for word in _WORD.findall(inner) if word not in _NAMES]
