r"""Reads what is stated (LaTeX or plain) and what was printed (Python, sympy, numpy, LaTeX, sentences) as values.

It runs inside the sandbox. No text is ever evaluated as code.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy

from transforms.execute import plain
from transforms.execute.compare import formula, units
from transforms.execute.compare.formula import NotReadable
from transforms.execute.compare.notation import closing, cut, tidy
from transforms.execute.compare.python import flat, from_sympy, read_python, symbol_name
from transforms.execute.compare.values import Group, Leaf, Value
from transforms.execute.compare.words import is_prose, said, words

_TEXT = r"\\(?:text|mathrm|mbox)\s*"
_SEPARATOR = re.compile(
    rf"{_TEXT}\{{\s*,?\s*(?:or|and|,|;)\s*\}}|\\qquad|\\quad|\b(?:or|and)\b|\\(?:land|wedge|lor|vee)(?![a-z])|;|\n|\\\\"
    r"|,(?!\d{3}(?!\d))|(?<!\d),|,(?=\d{3},\s)"
)
_COMMAS = re.compile(r"[,;]|\\\\|\n")
_RELATION = re.compile(
    r"<=>|<=|>=|!=|==|:=|~=|=>|->|-->|<|>|=|\\(?:le|ge|ne|approx|simeq|doteq|cong|sim|equiv|in|to|rightarrow|Rightarrow"
    r"|implies|coloneqq)(?![a-zA-Z])"
)
_ORDER = {"<": "<", ">": ">", "<=": "<=", ">=": ">=", r"\le": "<=", r"\ge": ">=", r"\ne": "!=", "!=": "!="}
_APPROXIMATE = (r"\approx", r"\simeq", r"\doteq", r"\cong", r"\sim", "~=")
_ABOUT = re.compile(
    r"^(?:\\approx|\\sim|~|≈|(?:is\s+)?(?:approximately|approx\.?|about|roughly|around)(?:\s+equal to)?\b)\s*"
)
_RATIO = re.compile(r"\d+(?:\.\d+)?(?:\s*:\s*\d+(?:\.\d+)?)+")
_BASED = re.compile(r"(?:\\text\s*\{|\()?(?P<digits>[0-9A-F]+)[})]?_\{?(?P<base>\d+)\}?")
_GROUPED = re.compile(r"-?\d{1,3}(?: \d{3})+")
_SET_OPERATION = re.compile(r"\\(?:cup|cap|setminus|backslash)(?![a-z])|\bU\b|\bunion\b")
_OPERATIONS = {r"\cap": sympy.Intersection, r"\setminus": sympy.Complement, r"\backslash": sympy.Complement}
_ASIDE = re.compile(
    rf"\s*(?:{_TEXT}\{{\s*[(\[]?\s*(?:for|if|where|when|since|because|with|as|double|by|using|rounded|to|multiplicity|repeated)\b[^{{}}]*\}}.*"
    r"|\((?:approx|approximately|rounded|double|multiplicity|to|since|because|where|for|if|nearest|about|mod|using|by|in)\b[^()]*\)"
    r"|\\p?mod\s*(?:\{[^{}]*\}|\w+)|\(\\?mod\s*\w+\)|\\pmod\s*\w|\(\s*(?:\\approx|\\text)[^()]*\)"
    r"|\b(?:where|for all|for any|rounded to|to the nearest|with multiplicity|correct to|to \w+ (?:decimal|significant))\b.*)$",
    re.DOTALL,
)
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
_NUMPY = re.compile(r"(?=.*[\s\]])(?:[-+\d.ej\[\]\s]|nan|inf|True|False)+", re.DOTALL)
_ROW = re.compile(r"[-+]?\d+(?:[./]\d*)?(?:[eE][-+]?\d+)?(?:\s+[-+]?\d+(?:[./]\d*)?(?:[eE][-+]?\d+)?)+")
_PREFIX_UNIT = re.compile(r"(?P<unit>[€£$]|USD|EUR|Rs\.?)\s*(?P<value>-?\d.*)")
_ANY = re.compile(r"\s*(?:\\text\s*\{[^{}]*\}\s*)?\w+\s*\\in\s*\\(?:mathbb\s*\{?[ZN]|N|Z)")
_PAIRS = re.compile(r"(?:[A-Za-z]\w?\s*=\s*[^\s=,]+\s+)+[A-Za-z]\w?\s*=\s*[^\s=,]+")
_DEFINES = re.compile(r"\\?[A-Za-z]+'*(?:_\{?\w+\}?)?'*(?:\([^()]*\))?")


def read(text: str, stated: bool) -> Value:
    """The value of a text. Raises NotReadable."""
    text = tidy(text)
    if not text or len(text) > 20_000:
        raise NotReadable("empty, or too long")
    if whole := _whole(text):
        return whole
    if system := _system(text, stated):
        return system
    pieces = cut(text, _SEPARATOR)
    if len(pieces) > 1:
        return _several(pieces, stated)
    return _related(text, stated)


def _whole(text: str) -> Value | None:
    """What is said in words, a plain number, a ratio, a number in another base."""
    if found := said(text):
        return found
    if number := plain.number(text):
        return Leaf(text, None, number)
    if _RATIO.fullmatch(text):
        return Group("ratio", tuple(Leaf(part, None, plain.number(part)) for part in text.split(":")))
    if found := _BASED.fullmatch(text):
        digits, base = found["digits"], int(found["base"])
        if 2 <= base <= 36 and all(int(digit, 36) < base for digit in digits):
            return Leaf(text, sympy.Integer(int(digits, base)))
    if _GROUPED.fullmatch(text):
        return Leaf(text, None, plain.number(text.replace(" ", "")))
    return None


def _system(text: str, stated: bool) -> Value | None:
    """The rows of a system of equations in braces; None for functions given by cases."""
    found = re.fullmatch(
        r"\{?\s*\\begin\{(?:cases|aligned|array|align)\*?\}(?:\{[lcr]*\})?(.*)\\end\{\w+\*?\}", text, re.DOTALL
    )
    if not found or not all("=" in row for row in found[1].split(r"\\") if row.strip()):
        return None
    rows = [row.replace("&", " ").strip(" ,") for row in found[1].split(r"\\")]
    return Group("list", tuple(_related(row, stated) for row in rows if row))


def _several(pieces: Sequence[str], stated: bool) -> Value:
    parts = [part for part in pieces[::2] if (part.strip(" ,.{}") or "{" in part) and not _ANY.match(part)]
    dots = len(parts) > 1 and re.fullmatch(r"\s*(?:\\[lc]?dots|\.\.\.)\s*", parts[-1]) is not None
    values = [_related(part.strip(), stated) for part in (parts[:-1] if dots else parts)]
    either = any(re.search(r"\bor\b|\\lor|\\vee", sign) for sign in pieces[1::2])
    ranges = [isinstance(value, Leaf) and _is_condition(value.expression) for value in values]
    if any(ranges) and not all(ranges) and not either:
        values = [value for value, is_range in zip(values, ranges, strict=True) if not is_range]  # `x + 1, x > 0`
    elif any(ranges):
        return _combined(values, either)
    if len(values) == 1:
        return values[0]
    return Group("list", _named_alike(values), dots=dots)


def _named_alike(values: Sequence[Value]) -> tuple[Value, ...]:
    """`x = 1, 2` names both."""
    name = values[0].name
    if name and not any(value.name for value in values[1:]):
        values = [replace(value, name=name) for value in values]
    return tuple(values)


def _is_condition(expression: Any) -> bool:
    return isinstance(expression, sympy.Set | sympy.core.relational.Relational | sympy.And | sympy.Or)


def _combined(values: Sequence[Value], either: bool) -> Value:
    """Conditions that hold together, or one of which holds; a plain value is a point."""
    sets = [value.expression if isinstance(value, Leaf) else None for value in values]
    if not all(isinstance(found, sympy.Set) for found in sets) and not either:
        relations = [found for found in sets if isinstance(found, sympy.Basic)]
        if len(relations) == len(sets):
            return Leaf("", sympy.And(*relations))
        raise NotReadable("conditions of several kinds")
    points = [
        found if isinstance(found, sympy.Set) else sympy.FiniteSet(_exact(value))
        for value, found in zip(values, sets, strict=True)
    ]
    union = sympy.Union(*points) if either else sympy.Intersection(*points)
    return Leaf(" ".join(value.text for value in values if isinstance(value, Leaf)), union, None, values[0].name)


def _exact(value: Value) -> Any:
    if isinstance(value, Leaf) and value.number:
        return sympy.Rational(value.number.value.numerator, value.number.value.denominator)
    if isinstance(value, Leaf) and isinstance(value.expression, sympy.Expr):
        return value.expression
    raise NotReadable("no number")


def _related(text: str, stated: bool) -> Value:
    """A value after `x =`, after a chain of equalities, alone, or a range given by `<` or `\\in`."""
    if not stated and _PAIRS.fullmatch(text):
        pairs = re.split(r"\s+(?=[A-Za-z]\w?\s*=)", text)
        return Group("list", tuple(_related(pair, stated) for pair in pairs))
    if not stated and "\\" not in text and re.search(r"\s[&|]\s", text):
        return _as_set(read_python(text))
    pieces = cut(text, _RELATION)
    signs = pieces[1::2]
    if any(sign in _ORDER for sign in signs):
        return _range(text, pieces)
    if r"\in" in signs and len(signs) == 1:
        value = _single(pieces[2].strip(), stated, False)
        value = value if isinstance(value, Group) and value.kind == "set" else _as_leaf_of_sets(value)
        return replace(value, name=_name(pieces[0]))
    if not signs:
        return _single(text, stated, False)
    approximate = signs[-1] in _APPROXIMATE
    value = None
    for last in range(len(pieces) - 1, 0, -2):  # the last part that can be read
        try:
            value = (
                read(pieces[last], stated)
                if "," in pieces[last]
                else _single(pieces[last].strip(), stated, approximate)
            )
            break
        except NotReadable:
            if last == 2:
                raise
    assert value is not None  # noqa: S101
    left = pieces[0].strip()
    if isinstance(value, Leaf) and not value.name and len(signs) == 1 and not _DEFINES.fullmatch(left):
        return replace(value, name=left)
    return replace(value, name=value.name or _name(left))


def _name(text: str) -> str:
    return re.sub(rf"{_TEXT}|[{{}}]", "", text).strip() if text.count("=") == 0 else ""


def _as_leaf_of_sets(value: Value) -> Leaf:
    """`(1, 2)` and `[1, 2]` as intervals, numbers alone as points."""
    if isinstance(value, Leaf) and isinstance(value.expression, sympy.Set):
        return value
    found = interval(value)
    if found is None:
        raise NotReadable("no set")
    return found


def interval(value: Value) -> Leaf | None:
    """The interval that a pair in brackets may mean; None for other values."""
    if not isinstance(value, Group) or value.kind not in ("tuple", "list", "(]", "[)") or len(value.items) != 2:
        return None
    low, high = (_exact_or_none(item) for item in value.items)
    if low is None or high is None:
        return None
    opens = (value.kind in ("tuple", "(]"), value.kind in ("tuple", "[)"))
    text = " ".join(item.text for item in value.items if isinstance(item, Leaf))
    return Leaf(text, sympy.Interval(low, high, *opens), None, value.name)


def _exact_or_none(value: Value) -> Any:
    try:
        found = _exact(value)
    except NotReadable:
        return None
    if isinstance(value, Leaf) and value.number and value.number.place is not None:
        found = sympy.Float(str(sympy.Float(found, 17)))
    return found if found.is_extended_real else None


def _range(text: str, pieces: Sequence[str]) -> Leaf:
    """`x > 3`, `1 < x \\le 2` as the set of numbers; with several unknowns, as the relation itself."""
    relation = formula.condition(text)
    symbols = relation.free_symbols
    if len(symbols) == 1:
        return Leaf(text, relation.as_set(), None, str(next(iter(symbols))))
    if not symbols:
        raise NotReadable("numbers alone")
    return Leaf(text, relation)


def _single(text: str, stated: bool, approximate: bool) -> Value:
    if found := _ABOUT.match(text):
        text, approximate = text[found.end() :], True
    if (number := plain.number(text, approximate)) is not None:
        return Leaf(text, None, number)
    if whole := _whole(text):
        return whole
    shorter = _ASIDE.sub("", text).strip()
    if shorter and shorter != text:
        return read(shorter, stated)
    if not stated and _ROW.fullmatch(text):
        return Group("list", tuple(read_python(part) for part in text.split()))
    if cut(text, _SET_OPERATION)[1:]:
        return _operated(text, stated)
    if (group := _bracketed(text, stated)) is not None:
        return group
    if (measured := _measured(text, stated, approximate)) is not None:
        return measured
    return _formula(text, stated)


def _operated(text: str, stated: bool) -> Leaf:
    """Unions, intersections and differences of sets."""
    pieces = cut(text, _SET_OPERATION)
    values = [_set(_single(part.strip(), stated, False)) for part in pieces[::2]]
    result = values[0]
    for sign, other in zip(pieces[1::2], values[1:], strict=True):
        operation = _OPERATIONS.get(sign, sympy.Union)
        result = operation(result, other)
    return Leaf(text, result)


def _set(value: Value) -> Any:
    if isinstance(value, Group) and value.kind == "set":
        return sympy.FiniteSet(*map(_exact, value.items))
    return _as_leaf_of_sets(value).expression


def _bracketed(text: str, stated: bool) -> Value | None:
    r"""`(1, 2)`, `[1, 2]`, `{1, 2}`, `{x: 1, y: 2}`, `[1. 2.]`, `[1, 2)`; None where the brackets hold no list."""
    text = re.sub(r"\s*\^\s*(?:\{\s*)?(?:\\top|\\?T|\\text\{T\})\s*\}?$", "", text)
    if not text or text[0] not in "([{" or closing(text) != len(text) - 1:
        return None
    inner, ends = text[1:-1].strip(), text[0] + text[-1]
    if text[0] == "{" and (condition := cut(inner, re.compile(r"\\mid(?![a-z])|\||(?<!:):(?!=)")))[1:]:
        if not (not stated or "mid" in text or "|" in text or re.search("[<>]|\\\\[lg]e|\\\\in", condition[2])):
            return None
        if re.search(r"[<>]|\\[lg]e|\\ne|\\in", condition[2]):
            return _related(condition[2].strip(), stated)
    if ends == "[]" and _NUMPY.fullmatch(inner):
        return _array(inner)
    if not stated and ends in ("()", "[]", "{}") and not re.search(r"\\|\^", inner):
        return read_python(text)
    pieces = cut(inner, _COMMAS)
    parts = [part.strip() for part in pieces[::2] if part.strip()]
    if ends == "()" and len(pieces) == 1:
        return None
    kind = {"()": "tuple", "[]": "list", "{}": "set", "(]": "(]", "[)": "[)"}.get(ends)
    if kind is None:
        raise NotReadable(text[:60])
    dots = len(parts) > 1 and re.fullmatch(r"\\[lc]?dots|\.\.\.", parts[-1]) is not None
    items = tuple(_related(part, stated) for part in (parts[:-1] if dots else parts))
    if kind == "list" and all(isinstance(item, Group) for item in items):
        return flat(Group("tuple", items)) if len(items) > 1 else Group("list", items)
    return Group(kind, items, dots=dots)


def _array(inner: str) -> Value:
    """What numpy prints between brackets."""
    rows, at = [], 0
    if "[" in inner:
        while (start := inner.find("[", at)) >= 0:
            end = start + closing(inner[start:])
            if end < start:
                raise NotReadable(inner[:60])
            rows.append(_array(inner[start + 1 : end]))
            at = end + 1
        return Group("tuple", tuple(rows))
    return Group("list", tuple(read_python(part) for part in inner.split()))


def _measured(text: str, stated: bool, approximate: bool) -> Value | None:
    """A number or formula with a unit or other words behind it, or a sign of currency before it."""
    for pattern in (_PREFIX_UNIT, _BARE_UNIT, _UNIT, _WORD_UNIT):
        found = pattern.fullmatch(text)
        if not found or not re.search(r"\d|\\pi", found["value"]) or is_prose(found["value"]):
            continue
        if re.match(r"\s*(?:is|are|was|has|can|does|isn't|will)\b", found["unit"]):
            continue  # said of the number
        bare = re.sub(r"\\[a-zA-Z]+", "", found["value"])
        if pattern is _WORD_UNIT and re.search(r"[a-zA-Z]", bare):
            continue  # `2x m` is a product
        if (
            "circ" in found["unit"]
            and not re.fullmatch(r"[-\d.,\s]*", found["value"])
            and not re.search(r"[CFK]", found["unit"])
        ):
            continue  # an angle in a formula
        if (
            pattern is _WORD_UNIT
            and not is_prose(found["unit"])
            and units.measure(units.canonical(found["unit"])) is None
        ):
            continue
        power, unit = units.scale(re.sub(r"\s+(?=\^)", "", re.sub(rf"{_TEXT}|[{{}}]", " ", found["unit"])).strip())
        value = _single(found["value"].strip(), stated, approximate)
        if not isinstance(value, Leaf):
            return None
        unit = f"{value.unit}{unit}"
        if found := re.match(r"(?:%|percent\b|per cent\b)\s*", unit):
            value, unit = _share(value), unit[found.end() :]
        if power and value.number:
            place = value.number.place and value.number.place * 10**power
            value = replace(value, number=replace(value.number, value=value.number.value * 10**power, place=place))
        return replace(value, unit=unit.strip())
    return None


def _share(value: Leaf) -> Leaf:
    """The number as one of per cent."""
    number = value.number
    if number is None and isinstance(value.expression, sympy.Rational):
        number = plain.Number(Fraction(int(value.expression.p), int(value.expression.q)))
    return replace(value, expression=None, number=replace(number, percent=True)) if number else value


def _formula(text: str, stated: bool) -> Value:
    if re.fullmatch(rf"[A-Za-z' -]{{3,}}|{_TEXT}\{{[^{{}}]*\}}", text) and (is_prose(text) or text[0] == "\\"):
        return words(text)
    if not stated and "\\" not in text and "^" not in text:
        try:
            return _as_set(read_python(text))
        except NotReadable:
            pass
    if is_prose(text):
        return _lone(text, stated) or words(text)
    if re.search(r"\\(?:pm|mp)(?![a-z])", text):
        both = tuple(_parsed(text, upper) for upper in (True, False))
        return Group("set", both)
    return _parsed(text, True)


def _lone(text: str, stated: bool) -> Value | None:
    """The only number in a sentence, with its unit."""
    numbers = list(re.finditer(r"(?<![\w.^_{])-?[€£$]?\d[\d,.]*(?<=\d)(?![\w(])%?", text))
    if len(numbers) != 1 or re.search(r"\d", text[numbers[0].end() :]) or len(text.split()) < (2 if stated else 3):
        return None
    if re.search(
        r"(?:step|test|case|iteration|line|example|part|problem|question|figure)\s*#?$",
        text[: numbers[0].start()].strip(),
        re.IGNORECASE,
    ):
        return None
    rest = text[numbers[0].start() :]
    if re.match(r"\S+\s+(?:is|are|was|has|can|does|isn't|will)\b", rest):
        return None  # said of the number
    return _measured(rest, stated, False) or _whole(numbers[0][0])


def _as_set(value: Value) -> Value:
    """A condition on one unknown as the set of numbers that it allows."""
    if isinstance(value, Leaf) and isinstance(
        value.expression, sympy.And | sympy.Or | sympy.core.relational.Relational
    ):
        if len(value.expression.free_symbols) == 1 and not isinstance(value.expression, sympy.Eq):
            return replace(value, expression=value.expression.as_set())
    return value


def _parsed(text: str, upper: bool) -> Value:
    value = formula.parse(text, upper)
    axes = [sympy.Symbol(f"unit{axis}") for axis in "ijk"]
    if isinstance(value, sympy.Expr) and value.has(*axes):
        expanded = sympy.expand(value)
        parts = [expanded.coeff(axis) for axis in axes[: 3 if value.has(axes[2]) else 2]]
        return Group("tuple", tuple(Leaf(str(part), part) for part in parts))
    if isinstance(value, sympy.Basic):
        names = {symbol: sympy.Symbol(symbol_name(symbol.name)) for symbol in value.free_symbols}
        value = value.xreplace(names)
    return from_sympy(text, value)
