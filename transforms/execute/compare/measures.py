r"""Numbers: plain ones, ratios, other bases; the unit behind one, the only one of a sentence."""

import re

import sympy

from transforms.execute import plain
from transforms.execute.compare import units
from transforms.execute.compare.values import Group, Leaf, Value
from transforms.execute.compare.words import is_prose

_RATIO = re.compile(r"\d+(?:\.\d+)?(?:\s*:\s*\d+(?:\.\d+)?)+")
_BASED = re.compile(r"(?:\\text\s*\{|\()?(?P<digits>[0-9A-F]+)[})]?_\{?(?P<base>\d+)\}?")
_GROUPED = re.compile(r"-?\d{1,3}(?: \d{3})+")
_PREDICATE = re.compile(r"\s*(?:is|are|was|has|can|does|isn't|will)\b")
_COUNTED = re.compile(r"(?:step|test|case|iteration|line|example|part|problem|question|figure)\s*#?$", re.IGNORECASE)
_SOME_NUMBER = re.compile(r"(?<![\w.^_{])-?[€£$]?\d[\d,.]*(?<=\d)(?![\w(])%?")
_TEXT = r"\\(?:text|mathrm|mbox)\s*"
_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)?(?:\.\d+|(?<=\d)\.)?(?:[eE][+-]?\d+)?"
_POWER_OF_TEN = r"(?:\s*(?:\\times|\\cdot|\*|x)\s*10\s*(?:\^|\*\*)\s*(?:\{[+-]?\d+\}|\(?[+-]?\d+\)?))?"
_LONG_UNITS = r"(?:kg|cm|mm|km|ms|ft|in|mi|lb|oz|yd|Hz|Pa|kPa|kJ|kW|kN|mol|ml|mL|min|hr|rad|eV|sec)"
_LETTER_UNITS = rf"(?:[mgsLNJWVAKCFhlt]|{_LONG_UNITS})"
_WORD_UNIT = re.compile(rf"(?P<value>.*[\w}})])\s+(?P<unit>{_LETTER_UNITS}|[a-z]{{3,}}(?:\s[a-z/^{{}}\d]+)*)")
_UNIT = re.compile(
    rf"(?P<value>.*[\w}})!])\s*(?P<unit>{_TEXT}\{{\s*(?!or\b|and\b)[^{{}}]*\}}.*|\^\s*\{{?\s*\\circ\s*\}}?\s*(?:[CFK]|\\text\{{\s*[CFK]\s*\}})?|%)",
    re.DOTALL,
)
_BARE_UNIT = re.compile(
    rf"(?P<value>{_NUMBER}{_POWER_OF_TEN}|{_NUMBER}\s*/\s*\d+)(?P<unit>%?(?:\s+[a-zA-Z]{{2,}}|\s+{_LETTER_UNITS}\b"
    rf"|(?:{_LONG_UNITS}|deg\w*|percent|cents?|miles?|mph)\b)(?![({{_])(?:[\w\s/{{}},.'()·]|\^(?=\{{?-?[1-4]))*|%|[€£$¢])"
)
_PREFIX_UNIT = re.compile(r"(?P<unit>[€£$]|USD|EUR|Rs\.?)\s*(?P<value>-?\d.*)")


def numeral(text: str) -> Value | None:
    """A plain number, a ratio, a number in another base; None for other texts."""
    if number := plain.number(text):
        return Leaf(text, None, number)
    if _RATIO.fullmatch(text):
        return Group("ratio", tuple(Leaf(part, None, plain.number(part)) for part in text.split(":")))
    if found := _BASED.fullmatch(text):
        digits, base = found["digits"], int(found["base"])
        if 2 <= base <= 36 and all(int(digit, 36) < base for digit in digits):
            return Leaf(digits, sympy.Integer(int(digits, base)))
    if re.fullmatch(r"0[xb][0-9a-fA-F]{1,60}", text):
        return Leaf(text, sympy.Integer(int(text, 16 if text[1] == "x" else 2)))
    if _GROUPED.fullmatch(text):
        return Leaf(text, None, plain.number(text.replace(" ", "")))
    return None


def measured(text: str) -> tuple[str, str] | None:
    """The text of a number or formula, and the unit or other words behind it, or the sign of currency before it."""
    for pattern in (_PREFIX_UNIT, _BARE_UNIT, _UNIT, _WORD_UNIT):
        found = pattern.fullmatch(text)
        if found and _is_measure(found["value"], found["unit"], spaced=pattern is _WORD_UNIT):
            unit = re.sub(rf"{_TEXT}|[{{}}]", " ", found["unit"])
            return found["value"].strip(), re.sub(r"\s+(?=\^)", "", unit).strip()
    return None


def _is_measure(value: str, unit: str, spaced: bool) -> bool:
    if not re.search(r"\d|\\pi", value) or is_prose(value) or _PREDICATE.match(unit):
        return False
    if "circ" in unit and not re.fullmatch(r"[-\d.,\s]*", value) and not re.search(r"[CFK]", unit):
        return False  # an angle in a formula
    if not spaced:
        return True
    names = re.sub(r"\\[a-zA-Z]+", "", value)
    known = is_prose(unit) or units.measure(units.canonical(unit)) is not None
    product = re.search(r"[a-zA-Z]", names) or (len(unit) == 1 and re.search(r"[^\s({]\s*[-+]", value))
    return known and not product  # `2x m`, `1 - 6 t`


def lone_number(text: str, fewest_words: int) -> tuple[str, str] | None:
    """The only number in a sentence, and what stands behind it; None if it is the subject, or counts steps."""
    numbers = list(_SOME_NUMBER.finditer(text))
    if len(numbers) != 1 or len(text.split()) < fewest_words:
        return None
    before, after = text[: numbers[0].start()].strip(), text[numbers[0].end() :]
    if re.search(r"\d", after) or _COUNTED.search(before) or _PREDICATE.match(after):
        return None
    return numbers[0][0], after
