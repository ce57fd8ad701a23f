"""What a line of a reply announces: a computation, a part of one, or something with a heading of its own."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["title", "conditions", "expression", "result", "code", "aside"]
KINDS: tuple[Kind, ...] = ("title", "conditions", "expression", "result", "code", "aside")

_LOOKED_AT = 240  # characters at the beginning of a line; no header is longer

# What stands before the words: heading, list items, emphasis in Markdown, HTML or LaTeX, numbers.
_DRESS = (
    r"(?P<heading>\#{1,6}\s*)?(?P<marker>(?:(?:[-*+•·▪◦–]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])\s+){0,2})"
    r"(?P<emphasis>(?:[*_`=~\[【]|<(?:b|strong|u|i|em|h\d)>|\\(?:textbf|textit|underline|(?:sub)*section|paragraph)\*?\{)*)"
    r"\s*(?:(?:\(?\d{1,3}[.)]|(?:step|part) \d{1,2}[:.)]?)[*_\s]*)?"
)
_UNDRESS = r"(?:[*_`=~\]】}]|</(?:b|strong|u|i|em|h\d)>)*"

_LANGUAGES = r"python|matlab|octave|mathematica|wolfram|lean|sympy|julia|sage|java|javascript|c\+\+|haskell|ruby|rust"
_STRONG = {
    "conditions": r"(?:conditions?|assumptions?|givens?|facts|information|data|values)\s+(?:needed|required|used|given)"
    r"|(?:needed|required|necessary)\s+(?:conditions?|information|data|values|facts)"
    r"|conditions?\s+(?:needed\s+)?(?:for|of)\s+(?:the\s+)?computation|所需条件|已知条件"
    r"|(?:benötigte|notwendige|gegebene)\s+(?:bedingungen|angaben|werte)|condiciones\s+(?:necesarias|requeridas)"
    r"|conditions\s+(?:nécessaires|requises)|condições\s+necessárias|condizioni\s+necessarie",
    "expression": r"(?:comput(?:e|ation(?:al)?|ed|ing)|calculation)\s+(?:\#?\d{1,3}\s+)?(?:expression|formula)"
    r"|(?:mathematical|math|latex|symbolic)\s+expression"
    r"|expression\s+(?:to\s+(?:be\s+)?computed?|needed|of\s+(?:the\s+)?computation|in\s+latex)|计算表达式"
    r"|expresión\s+del\s+cálculo|expression\s+du\s+calcul|expressão\s+do\s+cálculo|espressione\s+del\s+calcolo",
    "result": r"(?:comput(?:ation(?:al)?|ed)|calculation)\s+(?:\#?\d{1,3}\s+)?(?:result|answer|value|output)s?"
    r"|(?:final|numerical|numeric|stated)\s+(?:result|answer)"
    r"|results?\s+of\s+(?:the\s+)?(?:computation|calculation)|计算结果"
    r"|resultado\s+d[eo]l?\s+cálculo|résultat\s+du\s+calcul|risultato\s+del\s+calcolo",
    "code": r"(?:[\w+#/&.-]{1,20}\s+){0,4}(?:code|program|script)\s+snippet"
    rf"|(?:{_LANGUAGES})(?:\s+(?:3|4|language)|/\w+)*\s+(?:code|snippet|program|script|implementation)"
    r"(?:\s+(?:block|example|implementation))?|python\s*代码(?:片段|段)?|代码片段"
    rf"|(?:{_LANGUAGES})-code|c(?:ó|o)d(?:igo|ice|e)\s+(?:(?:en|em|in)\s+)?(?:{_LANGUAGES})",
}
_WEAK = {
    "title": r"title|computation\s+(?:title|name)",
    "conditions": r"conditions|condition|givens?|assumptions?|premises?|knowns?|prerequisites?|条件"
    r"|bedingungen|voraussetzungen|gegeben|condiciones|datos|données|condições|condizioni|dati",
    "expression": r"expressions?|formula|equation|表达式|ausdruck|formel|expresión|fórmula|formule|expressão"
    r"|espressione",
    "result": r"resultado|results?|answer|结果|答案|ergebnis|résultat|risultato",
    "code": r"(?:[\w+#/-]{1,20}\s+){0,2}(?:code|program|script|snippet|implementation)(?:\s+(?:block|example))?"
    rf"|(?:{_LANGUAGES})(?:\s+(?:3|4|language|solution))?|代码",
    "aside": r"(?:the\s+)?(?:(?:expected|sample|program|code|console|actual|printed|python)\s+)?output"
    r"(?:\s+of\s+[\w ]{1,30})?|(?:code\s+)?explanation|notes?|remarks?|verification|reasoning|steps|comments?",
}
_NAMES = "|".join(
    f"(?P<{strength}_{kind}>{pattern})"
    for strength, kinds in (("strong", _STRONG), ("weak", _WEAK))
    for kind, pattern in kinds.items()
)
_FIELD = re.compile(
    rf"{_DRESS}(?P<name>{_NAMES})(?P<digits>\s*\#?\d{{1,3}}(?!\w))?"
    r"(?:\s+(?:in|for|to|using|with|of|that)\s[^:：\n]{1,80}(?=[:：]))?"
    rf"\s*(?P<closed>{_UNDRESS}\s*(?:\([^()\n]{{0,60}}\)\s*)?{_UNDRESS})\s*(?P<colon>[:：])?",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?:\(?(?:no\.?\s*|number\s*|\#\s*)?\d{1,4}(?:\.\d{1,2}|[a-h])?\)?(?:\s*(?:/|of)\s*\d{1,4})?"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|[ivx]{1,4}|[a-h])(?!\w)"
)
_CLOSING = {"[": "]", "{": "}", "【": "】"}
_LETTERED = re.compile(r"\(?(?:[a-h]|[ivx]+)\)?", re.IGNORECASE)
_START = re.compile(
    rf"{_DRESS}(?:(?:computation|calculation|计算|berechnung|cálculo|calcolo|calcul\b)\s*(?P<place>{_NUMBER})?"
    rf"|(?P<ordinal>first|second|third|fourth|fifth)\s+computation)\s*(?P<closed>{_UNDRESS})\s*(?P<separator>[:：.)|—–-]*)(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
_HEADING = re.compile(r"(?:\d{1,3}[.)]\s+)?(?:\#{2,6}\s*\S.*|\#(?:\s+\S|\d).*|\*\*(?:[^*]|\*(?!\*))+\*\*[\s:：]*)")
_ITEM = re.compile(r"\d{1,3}[.)]\s+\S.*")
_PICTURES = re.compile(r"\A((?:\#{1,6}|[-*+>])?[\s*_]*)[\u2190-\u21ff\u2600-\u27bf\U0001f000-\U0001faff\ufe0f\s]+")
_HINT = re.compile(
    r"comput|calcul|condition|given|assum|fact|inform|data|value|need|requir|necess|express|formula|equation|math|latex"
    r"|symbolic|result|answer|final|numeric|stated|code|program|script|snippet|implement|title|premise|known|prereq"
    rf"|output|explan|note|remark|verif|reason|steps|comment|[条表结答代计所已]|{_LANGUAGES}"
    r"|rechn|cálcul|calcol|bedingung|voraussetz|gegeben|condi|dat[oi]|donn|ausdruck|formel|fórmul|expres|espres"
    r"|ergebnis|résult|risult|c[óo]di",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Header:
    """A part begins: its kind and what stands after the colon. A strong name is one that prose does not use."""

    kind: Kind
    name: str
    rest: str
    strong: bool
    marked: bool  # it is an item of a list
    emphatic: bool
    equals: bool = False  # `Result = 5`, which may be a line of code


@dataclass(frozen=True, slots=True)
class Start:
    """A computation begins."""

    title: str
    place: str  # its number as written, "" without one
    marked: bool
    emphatic: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that may be the title of a computation, if the parts of one follow."""

    line: str
    hash: bool
    loose: bool  # a mere list item


@lru_cache(maxsize=256)  # lines are looked at more than once, and models repeat them
def recognise(line: str) -> Header | Start | Heading | None:
    """What the line announces."""
    line = line.strip().lstrip("> \t").replace(r"\*", "*")
    if not line.isascii():
        line = _PICTURES.sub(r"\1", line)
    if line.startswith("#"):
        line = line.rstrip("# ")
    if line.startswith("```") or line == "Copy code":  # a fence; a button of web pages
        return None
    if _HINT.search(line, 0, _LOOKED_AT) and (found := _field(line) or _start(line)):
        return found
    if len(line) <= _LOOKED_AT:
        if _HEADING.fullmatch(line):
            return Heading(line, line.startswith("#"), False)
        if _ITEM.fullmatch(line):
            return Heading(line, False, True)
    return None


def named(key: str) -> Kind | None:
    """The kind of part that a JSON key names."""
    found = _FIELD.fullmatch(key.replace("_", " ").strip()[:_LOOKED_AT])
    return _kind(found) if found else None


def _field(line: str) -> Header | None:
    head = line[:_LOOKED_AT]
    if "_" in head:  # `computation_result` counts as words; the length stays
        head = re.sub(r"(?<=[a-z])_(?=[a-z])", " ", head)
    found = _FIELD.match(head)
    if not found:
        return None
    kind, name = _kind(found), found["name"].lower()
    strong = kind in _STRONG and found[f"strong_{kind}"] is not None
    rest = line[found.end() :].strip()
    emphatic = _is_emphatic(found)
    if found["digits"] and not (strong or kind in ("result", "code") or name.startswith("expression")):
        return None  # "Condition 1: ..." is an item
    equals = found["closed"].strip() == "=" and kind in ("expression", "result") and found["name"][0].isupper()
    if not found["colon"] and not (equals and rest):
        if not _ends_without_colon(found, kind, rest, strong, emphatic):
            return None
        rest = rest.lstrip("-–—").strip() if re.match(r"[-–—](?:\s|\Z)", rest) else rest
    return Header(kind, name, _rest(rest, found), strong, bool(found["marker"]), emphatic, equals)


def _ends_without_colon(found: re.Match[str], kind: Kind, rest: str, strong: bool, emphatic: bool) -> bool:
    """Whether words without a colon after them are a header all the same."""
    if not rest:
        return emphatic or strong or (kind not in ("aside", "title") and found["name"][0].isupper())
    if re.match(r"[-–—](?:\s|\Z)", rest):
        return strong or emphatic
    closed = found["emphasis"] and found["closed"]
    return bool(closed) and (strong or not rest[0].isalpha())


def _rest(rest: str, found: re.Match[str]) -> str:
    """What follows the colon, without the end of the emphasis that began before the words."""
    emphasis = found["emphasis"]
    if not emphasis or found["closed"]:
        return rest
    marks = re.findall(r"[*_`=~\[【{]", emphasis)
    closing = "".join(_CLOSING.get(mark, mark) for mark in reversed(marks))
    if html := re.match(r"(?:</\w{1,6}>)+\s*", rest):
        return rest[html.end() :]
    return (
        rest[len(closing) :].lstrip() if closing and rest.startswith(closing) else rest.removesuffix(closing).rstrip()
    )


def _start(line: str) -> Start | None:
    found = _START.match(line)
    if not found:
        return None
    place, emphatic = found["place"] or found["ordinal"] or "", _is_emphatic(found)
    title, separator, closed = found["title"].strip(), found["separator"], found["closed"]
    # "**Computation E" and "**Computation" may be the beginning of a header that is cut off.
    sure = place and not _LETTERED.fullmatch(place)
    ended = not title.strip("*_ ") and (sure or closed or (found["heading"] and not place))
    if not (separator or ended or (sure and emphatic)):
        return None
    for _ in range(len(re.findall(r"[\[【{]", found["emphasis"]))):
        title = title[:-1] if title.endswith(("]", "】", "}")) else title
    return Start(title, place.lower(), bool(found["marker"]), emphatic)


def _is_emphatic(found: re.Match[str]) -> bool:
    return bool(found["heading"] or found["emphasis"].strip("[【"))


def _kind(found: re.Match[str]) -> Kind:
    return next(kind for kind in KINDS if found[f"weak_{kind}"] or (kind in _STRONG and found[f"strong_{kind}"]))
