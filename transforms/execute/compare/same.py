"""Whether two values are the same to a mathematician."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy

from transforms.execute import plain
from transforms.execute.compare import formula, regions, units
from transforms.execute.compare.formulas import proportional, same_formulas
from transforms.execute.compare.python import symbol_name
from transforms.execute.compare.reader import interval
from transforms.execute.compare.values import Group, Leaf, Value
from transforms.execute.compare.words import same_words

_SYMBOL_LENGTH = 2  # longer names are words: `area = 12`
_DIGITS = 40  # of the numbers that are compared as exact ones
_EXACT = Fraction(1, 10**25)
_FLOAT = Fraction(1, 10**13)
_DEGREE = Fraction("57.295779513082320876798154814105170332405472466564")


def same(stated: Value, printed: Value, rounded: bool) -> bool | None:
    """Whether two values are equal; None where that cannot be decided."""
    verdict: bool | None = None
    for a, b in _readings(_unwrapped(stated), _unwrapped(printed)):
        found = _same(a, _unwrapped(b), rounded)
        if found:
            return True
        verdict = found if verdict is None else verdict
    return verdict


def _readings(stated: Value, printed: Value) -> Iterator[tuple[Value, Value]]:
    """What the two may be, beside each other: pairs as intervals, what a mapping shows."""
    sets = [isinstance(side, Leaf) and isinstance(side.expression, sympy.Set) for side in (stated, printed)]
    halves = [isinstance(side, Group) and side.kind in ("(]", "[)") for side in (stated, printed)]
    if any(sets) or any(halves):
        yield _as_region(stated), _as_region(printed)
    elif (
        isinstance(stated, Leaf)
        and isinstance(printed, Group)
        and printed.kind == "list"
        and len(set(printed.items)) == 1
    ):
        yield stated, printed.items[0]  # a root that is there twice
    elif isinstance(stated, Leaf) and isinstance(printed, Group) and _is_quadrature(printed):
        yield stated, printed.items[0]
    elif "ratio" in [side.kind for side in (stated, printed) if isinstance(side, Group)]:
        yield _as_ratio(stated), _as_ratio(printed)
    elif isinstance(printed, Group) and printed.kind == "dict":
        yield from ((stated, other) for other in _mapping(printed))
    else:
        yield stated, printed


def _is_quadrature(group: Group) -> bool:
    """A number and how far it may be off, as scipy's integrals give them."""
    numbers = [item.number for item in group.items if isinstance(item, Leaf) and item.number]
    if group.kind != "tuple" or len(numbers) != len(group.items) or len(numbers) != 2:
        return False
    value, error = numbers
    return value.digits > 6 and 0 < error.value < Fraction(1, 10**6) * max(1, abs(value.value)) and error.digits > 6


def _as_ratio(value: Value) -> Value:
    """`6:4` as a number; with more than two parts, each in parts of the first."""
    if not isinstance(value, Group) or not all(isinstance(item, Leaf) and item.number for item in value.items):
        return value
    numbers = [item.number.value for item in value.items if isinstance(item, Leaf) and item.number]
    if len(numbers) == 2 and numbers[1]:
        return Leaf(value.name, None, plain.Number(numbers[0] / numbers[1]), value.name)
    parts = (Leaf("", None, plain.Number(number / (numbers[0] or 1))) for number in numbers)
    return Group("tuple", tuple(parts), value.name)


def _as_region(value: Value) -> Value:
    return interval(value) or value


def _mapping(group: Group) -> Iterator[Value]:
    """A mapping shows named values, or the roots or factors that are its keys, as often as its values say."""
    keys = [plain.number(item.name) for item in group.items]
    if not any(keys):
        yield replace(group, kind="list")
    counts = [item.number for item in group.items if isinstance(item, Leaf)]
    yield Group(
        "set", tuple(Leaf(item.name, _key(item.name), key) for item, key in zip(group.items, keys, strict=True))
    )
    if all(keys) and len(counts) == len(keys) and all(count and 0 < count.value < 1000 for count in counts):
        product = Fraction(1)
        for key, count in zip(keys, counts, strict=True):
            assert key is not None  # noqa: S101
            assert count is not None  # noqa: S101
            product *= key.value ** int(count.value)
        yield Leaf(str(product), None, plain.Number(product))


def _key(name: str) -> Any:
    try:
        return formula.parse(name)
    except formula.NotReadable:
        return None


def _unwrapped(value: Value) -> Value:
    while isinstance(value, Group) and len(value.items) == 1 and not value.dots:
        if value.kind == "dict" and plain.number(value.items[0].name):
            break
        value = replace(value.items[0], name=value.items[0].name or value.name)
    return value


def _same(stated: Value, printed: Value, rounded: bool) -> bool | None:
    match stated, printed:
        case Group(), Group():
            return _same_groups(stated, printed, rounded)
        case Leaf(), Leaf():
            return _same_leaves(stated, printed, rounded)
        case Leaf(), Group():
            chosen = [item for item in printed.items if item.name and _key_of(item) == _key_of(stated)]
            if len(chosen) == 1:
                return same(stated, chosen[0], rounded)
            return None if stated.number is None and stated.expression is None else _leaf_and_group(stated, printed)
        case Group(), Leaf(expression=expression):
            if printed.number is None and (expression is None or not expression.is_number):
                return regions.same_members(stated, expression)
    return False


def _leaf_and_group(stated: Leaf, printed: Group) -> bool | None:
    return None if isinstance(stated.expression, sympy.Set) or _is_truth(stated.expression) else False


def _key_of(value: Value) -> str:
    return re.sub(r"\(.*", "", symbol_name(value.name))


def _same_groups(stated: Group, printed: Group, rounded: bool) -> bool | None:
    names, others = ([_key_of(item) for item in group.items] for group in (stated, printed))
    if (
        all(names)
        and len(set(names)) == len(names) > 0
        and set(names) <= set(others)
        and len(set(others)) == len(others)
    ):
        by_name = dict(zip(others, printed.items, strict=True))
        return _all(same(item, by_name[name], rounded) for name, item in zip(names, stated.items, strict=True))
    if stated.dots and len(printed.items) >= len(stated.items) >= 2:
        return _all(same(a, b, rounded) for a, b in zip(stated.items, printed.items, strict=False))
    bases = [{re.sub(r"\d", "", name) for name in side} for side in (names, others)]
    alike = len(bases[0]) == 1
    if alike and names[0] and len(bases[1]) > 1 and "" not in bases[1]:
        return None
    if alike and len(bases[1]) == 1:
        if "" not in bases[0] | bases[1] and bases[0] != bases[1]:
            return None
        stated, printed = (
            replace(group, items=tuple(replace(item, name="") for item in group.items)) for group in (stated, printed)
        )
    if {"set", "dict"} & {stated.kind, printed.kind} or (alike and names[0]):
        return _same_sets(_distinct(stated), _distinct(printed), rounded)
    if stated.kind == "list" and alike:
        return _same_sets(list(stated.items), list(printed.items), rounded)
    if len(stated.items) != len(printed.items):
        return False
    return _all(same(a, b, rounded) for a, b in zip(stated.items, printed.items, strict=True))


def _all(verdicts: Iterable[bool | None]) -> bool | None:
    found = list(verdicts)
    return False if False in found else None if None in found else True


def _distinct(group: Group) -> list[Value]:
    return list({repr(item): item for item in group.items}.values())


def _same_sets(stated: Sequence[Value], printed: Sequence[Value], rounded: bool) -> bool | None:
    if len(stated) != len(printed):
        return False
    unsure = False
    left = list(printed)
    for item in stated:
        verdicts = [same(item, other, rounded) for other in left]
        if True in verdicts:
            left.pop(verdicts.index(True))
        elif None in verdicts:
            unsure = True
        else:
            return False
    return None if unsure else True


def _same_leaves(stated: Leaf, printed: Leaf, rounded: bool) -> bool | None:
    if (equations := _same_equations(stated, printed)) is not None:
        return equations or None
    if _other_names(stated.name, printed.name):
        return None
    if stated.number and printed.number:
        return _same_measures(stated, printed, rounded)
    a, b = _expression(stated), _expression(printed)
    if stated.unit and isinstance(b, sympy.Expr) and sympy.Symbol(stated.unit) in b.free_symbols and a is not None:
        a = a * sympy.Symbol(stated.unit)  # `5 m` may be a product
    if stated.text == printed.text and stated.text and not stated.number:
        return True
    if a is None or b is None:
        if a is not None or b is not None:
            return same_words(stated, b) if a is None else same_words(printed, a)
        return True if stated.text == printed.text else None
    if isinstance(a, sympy.Set) and isinstance(b, sympy.Set):
        return regions.same_regions(a, b, lambda x, y: _same_constants(stated, printed, x, y, rounded))
    if _is_truth(a) or _is_truth(b):
        return _same_truths(a, b)
    if not (isinstance(a, sympy.Expr) and isinstance(b, sympy.Expr)):
        return regions.same_members(stated, b)
    verdicts = [_same_expressions(stated, printed, x, y, rounded) for x, y in _meanings(a, b)]
    return True if True in verdicts else verdicts[0]


def _is_truth(value: Any) -> bool:
    """A truth value or a relation; sympy takes a symbol for one too."""
    return isinstance(value, sympy.logic.boolalg.Boolean) and not isinstance(value, sympy.Expr)


def _other_names(stated: str, printed: str) -> bool:
    """Whether both are called by symbols, and not by the same; `y` and `f(x)` may be the same."""
    names = [symbol_name(name) for name in (stated, printed)]
    if any("(" in name for name in names):
        names = [name if "(" in name and name.count("(") == 1 else "" for name in names]
    short = all(0 < len(name) <= _SYMBOL_LENGTH or "(" in name for name in names)
    bases = [re.sub(r"\d", "", name) for name in names]
    return short and names[0] != names[1] and (bases[0] != bases[1] or bases[0] not in names and bases[1] not in names)


def _same_measures(stated: Leaf, printed: Leaf, rounded: bool) -> bool | None:
    assert stated.number is not None  # noqa: S101
    assert printed.number is not None  # noqa: S101
    factor = units.ratio(stated.unit, printed.unit)
    if factor is None or (stated.unit and printed.number.percent) or (printed.unit and stated.number.percent):
        return None
    number = printed.number
    if factor != 1:
        number = replace(number, value=number.value * factor, place=number.place and number.place * factor)
    found = plain.same_number(stated.number, number, rounded)
    if not found and units.canonical(stated.unit) == "deg" and not printed.unit and number.digits > 3:
        radians = replace(number, value=number.value * _DEGREE, place=number.place and number.place * _DEGREE)
        return plain.same_number(stated.number, radians, rounded)
    return found


def _same_equations(stated: Leaf, printed: Leaf) -> bool | None:
    """Two equations with unknowns on both sides; None if they are not such."""
    sides = [_zero(leaf) for leaf in (stated, printed)]
    explicit = [isinstance(leaf.expression, sympy.Eq) or not _is_name(leaf.name) for leaf in (stated, printed)]
    if sides[0] is None or sides[1] is None or not any(explicit):
        return None
    if not sides[0].free_symbols or not sides[1].free_symbols:
        return None
    return proportional(sides[0], sides[1]) or (False if all(explicit) else None)


def _is_name(text: str) -> bool:
    return not text or re.fullmatch(r"\\?[A-Za-z]+'*(?:_\{?\w+\}?)?(?:\([^()]*\))?", text) is not None


def _zero(leaf: Leaf) -> Any:
    """What an equation says to be zero."""
    if isinstance(leaf.expression, sympy.Eq):
        return leaf.expression.lhs - leaf.expression.rhs
    value = _expression(leaf)
    if not leaf.name or not isinstance(value, sympy.Expr):
        return None
    try:
        left = formula.parse(leaf.name)
    except Exception:  # sympy raises all kinds at odd input
        return None
    return left - value if isinstance(left, sympy.Expr) else None


def _expression(leaf: Leaf) -> Any:
    if leaf.number:
        return sympy.Rational(leaf.number.value.numerator, leaf.number.value.denominator)
    return leaf.expression


def _same_truths(a: Any, b: Any) -> bool | None:
    if a in (True, False) and b in (True, False):
        return bool(a == b)
    if isinstance(a, sympy.And) and isinstance(b, sympy.And) and len(a.args) == len(b.args):
        left = list(b.args)
        for item in a.args:
            match = next((other for other in left if _same_truths(item, other)), None)
            if match is None:
                return False
            left.remove(match)
        return True
    relations = [side for side in (a, b) if isinstance(side, sympy.core.relational.Relational)]
    if len(relations) < 2:
        return None
    if all(isinstance(side, sympy.Eq) for side in relations):
        return proportional(a.lhs - a.rhs, b.lhs - b.rhs)
    if not all(hasattr(side, "gts") for side in relations):
        return True if a == b else None
    strict = [isinstance(side, sympy.Lt | sympy.Gt) for side in relations]
    return strict[0] == strict[1] and proportional(a.gts - a.lts, b.gts - b.lts, positive=True)


def _meanings(a: Any, b: Any) -> Iterator[tuple[Any, Any]]:
    r"""In formulas `i` and `e` are the constants, unless the other side has unknowns of that name; `\log` has two bases."""
    names = [{symbol.name for symbol in side.free_symbols} for side in (a, b)]
    constants = {"i": sympy.I, "e": sympy.E}
    a, b = (
        side.subs({s: constants[s.name] for s in side.free_symbols if s.name in constants.keys() - others})
        for side, others in ((a, names[1]), (b, names[0]))
    )
    if a.has(formula.CommonLog) or b.has(formula.CommonLog):
        for base in ((), (10,)):
            yield tuple(side.replace(formula.CommonLog, lambda x, base=base: sympy.log(x, *base)) for side in (a, b))
    else:
        yield a, b


def _same_expressions(stated: Leaf, printed: Leaf, a: Any, b: Any, rounded: bool) -> bool | None:
    if sympy.nan in (a, b) or sympy.zoo in (a, b):
        return None
    if not a.free_symbols and not b.free_symbols:
        return _same_constants(stated, printed, a, b, rounded)
    if a.has(sympy.Float) or b.has(sympy.Float):
        terms = _same_terms(stated, printed, a, b, rounded)
        if terms is not None:
            return terms
    return same_formulas(a, _with_argument_of(stated.name, b))


def _with_argument_of(name: str, b: Any) -> Any:
    """Of `f(t) = …` the unknown may have any name."""
    found = re.fullmatch(r"\s*\w+'*\((\\?\w+)\)", name)
    if found and len(b.free_symbols) == 1:
        return b.xreplace({next(iter(b.free_symbols)): sympy.Symbol(symbol_name(found[1]))})
    return b


def _same_terms(stated: Leaf, printed: Leaf, a: Any, b: Any, rounded: bool) -> bool | None:
    """Sums with decimals: coefficient by coefficient, rounded as they are written; None if the terms are others."""
    left, right = (sympy.expand(side).as_coefficients_dict() for side in (a, b))
    if left.keys() != right.keys():
        return None
    return _all(_same_constants(stated, printed, left[term], right[term], rounded) for term in left)


def _same_constants(stated: Leaf, printed: Leaf, a: Any, b: Any, rounded: bool) -> bool | None:
    if a.is_infinite or b.is_infinite or (a.is_Rational and b.is_Rational and not (stated.number and printed.number)):
        exact = [leaf.number is None or leaf.number.place is None for leaf in (stated, printed)]
        if a == b or a.is_infinite or b.is_infinite or all(exact):
            return bool(a == b)
    parts = [(_number(stated, a, i), _number(printed, b, i)) for i in (0, 1)]
    if any(x is None or y is None for x, y in parts):
        return None
    return all(_close(x, y, rounded) for x, y in parts if x and y)


def _close(stated: plain.Number, printed: plain.Number, rounded: bool) -> bool:
    if stated.place is None and printed.place is None:
        scale = max(abs(stated.value), abs(printed.value), _EXACT)
        return abs(stated.value - printed.value) <= _EXACT * scale
    if abs(stated.value - printed.value) <= _FLOAT * max(abs(stated.value), 1):
        return True  # also the part of a complex number that is not there
    return plain.same_number(stated, printed, rounded)


def _number(leaf: Leaf, expression: Any, part: int) -> plain.Number | None:
    """The real (0) or imaginary (1) part as a number, known as far as the decimals in the text let it be."""
    if leaf.number and expression.is_Rational:
        return leaf.number if part == 0 else plain.Number(Fraction(0))
    value = _part(expression, part)
    if value is None:
        return None
    if expression.is_Rational:
        return plain.Number(Fraction(int(expression.p), int(expression.q)) if part == 0 else Fraction(0))
    exact = Fraction(str(sympy.Float(value, _DIGITS)))
    if not expression.has(sympy.Float):
        return plain.Number(exact)
    decimals = [plain.number(found) for found in _DECIMAL.findall(leaf.text)]
    place, digits = _reach(expression, part, value, [number for number in decimals if number and number.place])
    return plain.Number(exact, place, digits)


def _part(expression: Any, part: int) -> Any:
    value = expression.evalf(_DIGITS)
    value = sympy.re(value) if part == 0 else sympy.im(value)
    return value if value.is_comparable and value.is_finite else None


def _reach(expression: Any, part: int, value: Any, decimals: Sequence[plain.Number]) -> tuple[Fraction | None, int]:
    """How much the value moves when each decimal in it moves by one unit of its last digit, and their digits."""
    digits = max((number.digits for number in decimals), default=15)
    place = Fraction(0)
    for atom in expression.atoms(sympy.Float):
        exact = Fraction(str(atom))
        written = min(decimals, key=lambda number: abs(abs(number.value) - abs(exact)), default=None)
        if written is None or written.place is None or abs(abs(written.value) - abs(exact)) > written.place / 2:
            if not decimals:
                return None, digits
            written = max(decimals, key=lambda number: (number.place or 0) / (abs(number.value) or 1))
            step = (written.place or 0) / (abs(written.value) or 1) * abs(exact)  # as far off in proportion
        else:
            step = written.place
        moved = _part(expression.xreplace({atom: atom + sympy.Rational(step.numerator, step.denominator)}), part)
        place += (
            abs(Fraction(str(sympy.Float(moved, _DIGITS))) - Fraction(str(sympy.Float(value, _DIGITS))))
            if moved is not None
            else 0
        )
    return place or None, digits


_DECIMAL = re.compile(r"(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?")
