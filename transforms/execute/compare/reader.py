r"""Reads what is stated (LaTeX or plain) and what was printed (Python, sympy, numpy, LaTeX, sentences) as values.

It runs inside the sandbox. No text is ever evaluated as code.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import sympy

from transforms.execute import plain
from transforms.execute.compare import formula, units
from transforms.execute.compare.measures import lone_number, measured, numeral, scaled, share
from transforms.execute.compare.notation import closing, cut, tidy
from transforms.execute.compare.python import flat, from_sympy, read_array, read_python, symbol_name
from transforms.execute.compare.sets import allowed, as_set, combined, is_condition, members, solved
from transforms.execute.compare.signs import NotReadable
from transforms.execute.compare.values import Group, Leaf, Value
from transforms.execute.compare.words import is_prose, said, words

_LONGEST = 10_000  # characters that are read
_TEXT = r"\\(?:text|mathrm|mbox)\s*"
_SEPARATOR = re.compile(
    rf"{_TEXT}\{{\s*,?\s*(?:or|and|,|;)\s*\}}|\\qquad|\\quad|\b(?:or|and)\b|\\(?:land|wedge|lor|vee)(?![a-z])|;|\n|\\\\"
    r"|,(?!\d{3}(?!\d))|(?<!\d),"
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
_SET_OPERATION = re.compile(r"\\(?:cup|cap|setminus|backslash)(?![a-z])|\bU\b|\bunion\b")
_OPERATIONS = {r"\cap": sympy.Intersection, r"\setminus": sympy.Complement, r"\backslash": sympy.Complement}
_REMARK = (
    "for|if|where|when|since|because|with|as|double|by|using|rounded|to|multiplicity|repeated|nearest|approx|mod|in"
)
_ASIDE = re.compile(
    rf"\s*(?:{_TEXT}\{{\s*[(\[]?\s*(?:{_REMARK})\b[^{{}}]*\}}.*|\((?:{_REMARK}|approximately|about)\b[^()]*\)"
    r"|\\p?mod\s*(?:\{[^{}]*\}|\w+)|\(\\?mod\s*\w+\)|\\pmod\s*\w|\(\s*(?:\\approx|\\text)[^()]*\)"
    r"|\b(?:where|for all|for any|rounded to|to the nearest|with multiplicity|correct to"
    r"|to \w+ (?:decimal|significant))\b.*)$",
    re.DOTALL,
)
_REMARKED = re.compile(r"(?P<value>.*\S)\s+\((?P<remark>[^()]*)\)", re.DOTALL)
_NUMPY = re.compile(r"(?=.*[\s\]])(?:[-+\d.ej\[\]\s]|nan|inf|True|False)+", re.DOTALL)
_ROW = re.compile(r"[-+]?\d+(?:[./]\d*)?(?:[eE][-+]?\d+)?(?:\s+[-+]?\d+(?:[./]\d*)?(?:[eE][-+]?\d+)?)+")
_COLON = re.compile(":(?!=)")
_SUCH_THAT = re.compile(r"\\mid(?![a-z])|\||(?<!:):(?!=)")
_POINT = re.compile(r"([A-Z]'?(?:_\{?\w\}?)?)\s*(\(.*\))")
_ANY = re.compile(r"\s*(?:\\text\s*\{[^{}]*\}\s*)?\w+\s*\\in\s*\\(?:mathbb\s*\{?[ZN]|N|Z)")
_PAIRS = re.compile(r"(?:[A-Za-z]\w?\s*=\s*[^\s=,]+\s+)+[A-Za-z]\w?\s*=\s*[^\s=,]+")
_DEFINES = re.compile(r"\\?[A-Za-z]+'*(?:_\{?\w+\}?)?'*(?:\([^()]*\))?")


def read(text: str, stated: bool) -> Value:
    """The value of a text. Raises NotReadable."""
    text = tidy(text) if len(text) < _LONGEST else ""
    if not text:
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
    if (spoken := said(text)) is not None:
        return spoken
    return numeral(text)


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
    parts = [
        part for part in pieces[::2] if (part.strip(" ,{}") not in ("", ".") or "{" in part) and not _ANY.match(part)
    ]
    parts, dots, tail = _undotted(parts)
    values = [_related(part.strip(), stated) for part in parts]
    either = any(re.search(r"\bor\b|\\lor|\\vee", sign) for sign in pieces[1::2])
    ranges = [isinstance(value, Leaf) and is_condition(value.expression) for value in values]
    if any(ranges) and not all(ranges) and not either:
        values = [value for value, is_range in zip(values, ranges, strict=True) if not is_range]  # `x + 1, x > 0`
    elif any(ranges):
        return combined(values, either)
    if len(values) == 1:
        return values[0]
    return Group("list", _named_alike(values), dots=dots, tail=tail)


def _undotted(parts: list[str]) -> tuple[list[str], bool, int]:
    """The parts without dots among them, whether there were any, and how many stand behind them."""
    at = [i for i, part in enumerate(parts) if re.fullmatch(r"\s*(?:\\[lcv]?dots|\.\.\.)\s*", part)]
    if len(at) != 1 or at == [0]:
        return parts, False, 0
    return [*parts[: at[0]], *parts[at[0] + 1 :]], True, len(parts) - at[0] - 1


def _named_alike(values: Sequence[Value]) -> tuple[Value, ...]:
    """`x = 1, 2` names both."""
    name = values[0].name
    if name and not any(value.name for value in values[1:]):
        values = [replace(value, name=name) for value in values]
    return tuple(values)


def _related(text: str, stated: bool) -> Value:
    """A value after `x =`, after a chain of equalities, alone, or a range given by `<` or `\\in`."""
    if not stated and _PAIRS.fullmatch(text):
        pairs = re.split(r"\s+(?=[A-Za-z]\w?\s*=)", text)
        return Group("list", tuple(_related(pair, stated) for pair in pairs))
    if not stated and "\\" not in text and re.search(r"\s[&|]\s", text):
        return solved(read_python(text))
    pieces = cut(text, _RELATION)
    signs = pieces[1::2]
    if any(sign in _ORDER for sign in signs):
        return _range(text, pieces)
    if r"\in" in signs and len(signs) == 1:
        value = _single(pieces[2].strip(), stated, False)
        value = value if isinstance(value, Group) and value.kind == "set" else as_set(value)
        return replace(value, name=_name(pieces[0]))
    if not signs:
        return _single(text, stated, False)
    approximate = signs[-1] in _APPROXIMATE
    if approximate and not stated and not (len(pieces) == 3 and _DEFINES.fullmatch(pieces[0].strip())):
        pieces, approximate = pieces[:-2], False  # `5/6 ≈ 0.833` shows an exact value
    if len(pieces) == 1:
        return _single(pieces[0].strip(), stated, False)
    value = _last(pieces[2::2], stated, approximate)
    left = pieces[0].strip()
    if isinstance(value, Leaf) and not value.name and len(signs) == 1 and not _DEFINES.fullmatch(left):
        return replace(value, name=left)
    return replace(value, name=value.name or _name(left))


def _last(parts: Sequence[str], stated: bool, approximate: bool) -> Value:
    """The last part of a chain that can be read."""
    *before, part = parts
    try:
        return read(part, stated) if "," in part else _single(part.strip(), stated, approximate)
    except NotReadable:
        if not before:
            raise
        return _last(before, stated, approximate)


def _name(text: str) -> str:
    return re.sub(rf"{_TEXT}|[{{}}]", "", text).strip() if text.count("=") == 0 else ""


def _range(text: str, pieces: Sequence[str]) -> Leaf:
    """`x > 3`, `1 < x \\le 2` as the set of numbers; with several unknowns, as the relation itself."""
    relation = formula.condition(text)
    symbols = relation.free_symbols
    if len(symbols) == 1:
        return Leaf(text, allowed(relation), None, str(next(iter(symbols))))
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
    if (remark := _REMARKED.fullmatch(shorter)) and is_prose(remark["remark"]):
        shorter = remark["value"]
    if shorter and shorter != text:
        return read(shorter, stated)
    if not stated and _ROW.fullmatch(text):
        return Group("list", tuple(read_python(part) for part in text.split()))
    if cut(text, _SET_OPERATION)[1:]:
        return _operated(text, stated)
    point = _POINT.fullmatch(text)
    if (group := _bracketed(point[2] if point else text, stated)) is not None:
        return replace(group, name=point[1]) if point else group
    if (measured := _measured(text, stated, approximate)) is not None:
        return measured
    return _formula(text, stated)


def _operated(text: str, stated: bool) -> Leaf:
    """Unions, intersections and differences of sets."""
    pieces = cut(text, _SET_OPERATION)
    values = [members(_single(part.strip(), stated, False)) for part in pieces[::2]]
    result = values[0]
    for sign, other in zip(pieces[1::2], values[1:], strict=True):
        operation = _OPERATIONS.get(sign, sympy.Union)
        result = operation(result, other)
    return Leaf(text, result)


def _bracketed(text: str, stated: bool) -> Value | None:
    r"""`(1, 2)`, `[1, 2]`, `{1, 2}`, `{x: 1, y: 2}`, `[1. 2.]`, `[1, 2)`; None where the brackets hold no list."""
    text = re.sub(r"\s*\^\s*(?:\{\s*)?(?:\\top|\\?T|\\text\{T\})\s*\}?$", "", text)
    if not text or text[0] not in "([{" or closing(text) != len(text) - 1:
        return None
    inner, ends = text[1:-1].strip(), text[0] + text[-1]
    condition = cut(inner, _SUCH_THAT)
    if text[0] == "{" and len(condition) == 3 and re.search(r"[<>]|\\[lg]e|\\ne|\\in", condition[2]):
        return _related(condition[2].strip(), stated)
    if ends == "[]" and _NUMPY.fullmatch(inner):
        return read_array(inner)
    if not stated and ends in ("()", "[]", "{}") and not re.search(r"\\|\^", inner):
        return read_python(text)
    pieces = cut(inner, _COMMAS)
    parts = [part.strip() for part in pieces[::2] if part.strip()]
    if ends == "()" and len(pieces) == 1:
        return _related(inner, stated) if any(sign in _ORDER for sign in cut(inner, _RELATION)[1::2]) else None
    kind = {"()": "tuple", "[]": "list", "{}": "set", "(]": "(]", "[)": "[)"}.get(ends)
    if kind is None:
        raise NotReadable(text[:60])
    parts, dots, tail = _undotted(parts)
    if ends == "{}" and (pairs := _pairs(parts, stated)):
        return Group("dict", pairs, dots=dots, tail=tail)
    items = tuple(_related(part, stated) for part in parts)
    if kind == "list" and all(isinstance(item, Group) for item in items):
        return flat(Group("tuple", items)) if len(items) > 1 else Group("list", items)
    return Group(kind, items, dots=dots, tail=tail)


def _pairs(parts: Sequence[str], stated: bool) -> tuple[Value, ...]:
    """The values of `x: 1, y: 2`, named by their keys; none where that is no mapping."""
    pairs = [cut(part, _COLON) for part in parts]
    if not all(len(pair) == 3 and not cut(pair[2], _RELATION)[1:] and not is_prose(pair[2]) for pair in pairs):
        return ()
    return tuple(replace(_single(pair[2].strip(), stated, False), name=pair[0].strip()) for pair in pairs)


def _measured(text: str, stated: bool, approximate: bool) -> Value | None:
    """A number or formula with a unit or other words behind it, or a sign of currency before it."""
    found = measured(text)
    if found is None:
        return None
    value = _single(found[0], stated, approximate)
    power, unit = units.scale(found[1])
    if not isinstance(value, Leaf):
        return None
    unit = f"{value.unit}{unit}"
    if percent := re.match(r"(?:%|percent\b|per cent\b)\s*", unit):
        value, unit = share(value), unit[percent.end() :]
    if power and value.number:
        value = replace(value, number=scaled(value.number, Fraction(10**power)))
    return replace(value, unit=unit.strip())


def _formula(text: str, stated: bool) -> Value:
    if re.fullmatch(rf"[A-Za-z' -]{{3,}}|{_TEXT}\{{[^{{}}]*\}}", text) and (is_prose(text) or text[0] == "\\"):
        return words(text)
    if not stated and "\\" not in text and "^" not in text:
        try:
            return solved(read_python(text))
        except NotReadable:
            pass
    if is_prose(text):
        found = lone_number(text, 2 if stated else 3)
        return (found and (_measured("".join(found), stated, False) or _whole(found[0]))) or words(text)
    if re.search(r"\\(?:pm|mp)(?![a-z])", text):
        both = tuple(_parsed(text, upper) for upper in (True, False))
        return Group("set", both)
    return _parsed(text, True)


def _parsed(text: str, upper: bool) -> Value:
    value = formula.parse(text, upper)
    if isinstance(value, sympy.Basic):
        names = {symbol: sympy.Symbol(symbol_name(symbol.name)) for symbol in value.free_symbols}
        value = value.xreplace(names)
    return from_sympy(text, value)
