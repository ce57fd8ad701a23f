r"""Numbers: plain ones, ratios, other bases; the unit behind one, the only one of a sentence."""

import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

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
_CLOCK = ("h", "min", "s")
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)")
_QUANTITY = re.compile(rf"{_PART.pattern}(?:(?:\s*,)?(?:\s*and)?\s*{_PART.pattern})+")
_REMARK = re.compile(r"\s(?:in|after|within|every|over|during)\s+\d[\d.]*\s+[a-z]+[.!]?$")
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
    """A plain number, a ratio, a quantity in several units, a number in another base; None for other texts."""
    if number := plain.number(text):
        return Leaf(text, None, number)
    if _RATIO.fullmatch(text):
        return Group("ratio", tuple(Leaf(part, None, plain.number(part)) for part in text.split(":")))
    if parts := _quantity(text):
        return parts
    if found := _BASED.fullmatch(text):
        digits, base = found["digits"], int(found["base"])
        if 2 <= base <= 36 and all(int(digit, 36) < base for digit in digits):
            return Leaf(digits, sympy.Integer(int(digits, base)))
    if re.fullmatch(r"0[xb][0-9a-fA-F]{1,60}", text):
        return Leaf(text, sympy.Integer(int(text, 16 if text[1] == "x" else 2)))
    if _GROUPED.fullmatch(text):
        return Leaf(text, None, plain.number(text.replace(" ", "")))
    return None


def _quantity(text: str) -> Group | None:
    """`2 h 20 min`, `5 feet, 3 inches`: numbers in smaller and smaller units of the same kind."""
    text = re.sub(rf"{_TEXT}\{{([^{{}}]*)\}}", r" \1 ", text).strip(" .")
    text = re.sub(r"(?<=, )(\d+):(\d\d):(\d\d)", r"\1 h \2 min \3 s", text)  # a timedelta
    whole = re.fullmatch(rf"(?:[A-Za-z' ]+\s)?({_QUANTITY.pattern})(?:\s[A-Za-z' ]+)?", text)
    if not whole:
        return None
    items: list[Leaf] = []
    for found in _PART.finditer(whole[1]):
        unit = "min" if found[2] == "m" and items and items[-1].unit == "h" else units.canonical(found[2])
        items.append(Leaf(found[0], None, plain.number(found[1]), "", unit))
    kinds, sizes = zip(*(units.measure(item.unit) or ("", Fraction(0)) for item in items), strict=True)
    falling = all(above > below > 0 for above, below in pairwise(sizes))
    return Group("quantity", tuple(items)) if len(set(kinds)) == 1 and falling else None


def totals(value: Value) -> list[Value]:
    """A quantity added up, in each of its units, also one of time as a clock shows it; any other value as it is."""
    if isinstance(value, Group) and value.kind == "ratio":
        starts = range(len(_CLOCK) - len(value.items) + 1)
        clocks = (zip(value.items, _CLOCK[start:], strict=False) for start in starts)
        parts = [tuple(replace(item, unit=unit) for item, unit in clock if isinstance(item, Leaf)) for clock in clocks]
        return [total for items in parts for total in totals(replace(value, kind="quantity", items=items))]
    if not isinstance(value, Group) or value.kind != "quantity":
        return [value]
    return [replace(_total(value, item.unit), name=value.name) for item in value.items if isinstance(item, Leaf)]


def is_time(value: Value) -> bool:
    """Whether it may stand beside what a clock shows."""
    if isinstance(value, Leaf):
        return (units.measure(units.canonical(value.unit)) or ("",))[0] == "time^1"
    return value.kind == "quantity"


def _total(quantity: Group, unit: str) -> Leaf:
    parts = [
        scaled(item.number, units.ratio(unit, item.unit) or Fraction(1))
        for item in quantity.items
        if isinstance(item, Leaf) and item.number
    ]
    place = max((part.place for part in parts if part.place), default=None)
    number = plain.Number(sum((part.value for part in parts), Fraction(0)), place, max(part.digits for part in parts))
    return Leaf(f"{number.value} {unit}", None, number, "", unit)


def scaled(number: plain.Number, factor: Fraction) -> plain.Number:
    """The number in a unit that is smaller by a factor."""
    return replace(number, value=number.value * factor, place=number.place and number.place * factor)


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


def share(value: Leaf) -> Leaf:
    """The number as one of per cent."""
    number = value.number
    if number is None and isinstance(value.expression, sympy.Rational):
        number = plain.Number(Fraction(int(value.expression.p), int(value.expression.q)))
    return replace(value, expression=None, number=replace(number, percent=True)) if number else value


def lone_number(text: str, fewest_words: int) -> tuple[str, str] | None:
    """The only number in a sentence, and what stands behind it; None if it is the subject, or counts steps.

    Another one may stand in a remark at the end: `180 miles in 3 hours`.
    """
    remark = found.start() if (found := _REMARK.search(text)) else len(text)
    numbers = list(_SOME_NUMBER.finditer(text, 0, remark))
    if len(numbers) != 1 or len(text.split()) < fewest_words:
        return None
    before, after = text[: numbers[0].start()].strip(), text[numbers[0].end() :]
    if re.search(r"\d", text[numbers[0].end() : remark]) or _COUNTED.search(before) or _PREDICATE.match(after):
        return None
    return numbers[0][0], after
