"""Compares a stated result with what was printed, as a mathematician would. It runs inside the sandbox."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from transforms.execute import plain
from transforms.execute.values import Group, Leaf, Value, read, symbol_name

_FEW_LINES = 8
_SYMBOL_LENGTH = 2  # longer names are words: `area = 12`
_DIGITS = 40  # of the numbers that are compared as exact ones
_EXACT = Fraction(1, 10**25)
# Points to try formulas at: a row gives the symbols their values, in order of their names.
_POSITIVE = ((Fraction(7, 5), Fraction(13, 11), Fraction(3, 7)), (Fraction(19, 8), Fraction(5, 9), Fraction(23, 13)))
_MIXED = ((Fraction(-9, 7), Fraction(11, 6), Fraction(-4, 9)), (Fraction(-12, 5), Fraction(-7, 3), Fraction(8, 3)))
_WHOLE = ((Fraction(3), Fraction(4), Fraction(7)), (Fraction(6), Fraction(5), Fraction(2)))
_BLANK = r"(?:\\[,;: ]|~|\s)\s*"
_UNIT = re.compile(
    r"(?P<number>.*?\d)\s*(?:\\(?:text|mathrm|mbox|textrm)\s*\{[^{}]*\}.*|\^\{?\\circ\}?|°.*"
    rf"|{_BLANK}[a-zA-Z]{{2}}[\w/^]*|{_BLANK}[mgsLNJWVAKChl](?:/[a-z]+)?(?:\^\{{?[23]\}}?|²|³)?)"
)


@dataclass(frozen=True)
class Outcome:
    """Equal, different, or (None) not comparable; by what that was found; the number of the line that is equal."""

    equal: bool | None
    how: str
    line: int | None = None


def compare(stated: str, printed: str, rounded: bool) -> Outcome:
    """Compares a stated result with all of a snippet's output; `rounded` says that the code rounds what it prints."""
    try:
        value = read(stated, stated=True)
    except Exception:  # sympy raises all kinds at odd input
        return Outcome(None, "not comparable")
    different = False
    for line, text in _readings(value, plain.lines(printed)):
        verdict = _compare_text(value, text, rounded)
        if verdict:
            return Outcome(True, "equal", line)
        different |= verdict is False
    return Outcome(False, "different") if different else Outcome(None, "not comparable")


def _readings(stated: Value, lines: list[str]) -> Iterator[tuple[int | None, str]]:
    """What may be the answer, likeliest first: the last line, all lines together, the others if they are few."""
    for line in range(len(lines) - 1, -1, -1):
        yield from ((line, text) for text in dict.fromkeys((lines[line], plain.without_label(lines[line]))))
        if line == len(lines) - 1 and isinstance(stated, Group) and line:
            yield None, " ".join(lines) if lines[0][0] in "[(" else ", ".join(map(plain.without_label, lines))
        if len(lines) > _FEW_LINES:
            return


def _compare_text(stated: Value, text: str, rounded: bool) -> bool | None:
    try:
        return same(stated, read(text, stated=False), rounded)
    except Exception:
        return None


def same(stated: Value, printed: Value, rounded: bool) -> bool | None:
    """Whether two values are equal; None where that cannot be decided."""
    stated, printed = _unwrapped(stated), _unwrapped(printed)
    match stated, printed:
        case Group(), Group():
            return _same_groups(stated, printed, rounded)
        case Leaf(), Leaf():
            return _same_leaves(stated, printed, rounded)
        case Leaf(expression=expression), Group() if isinstance(expression, sympy.Set):
            return None
        case Group(), Leaf(expression=expression) if expression is not None and not expression.is_number:
            return None
    return False


def _unwrapped(value: Value) -> Value:
    while isinstance(value, Group) and len(value.items) == 1:
        value = value.items[0]
    return value


def _same_groups(stated: Group, printed: Group, rounded: bool) -> bool | None:
    names = [item.name for item in stated.items]
    others = [item.name for item in printed.items]
    if all(names) and all(others) and set(names) == set(others) and len(set(names)) == len(names):
        by_name = {item.name: item for item in printed.items}
        return _all(same(item, by_name[item.name], rounded) for item in stated.items)
    without_order = "set" in (stated.kind, printed.kind) or (
        stated.kind == "list" and len({re.sub(r"[_{}\d]", "", name) for name in names}) == 1
    )
    if without_order:
        return _same_sets(_distinct(stated), _distinct(printed), rounded)
    if len(stated.items) != len(printed.items):
        return False
    return _all(same(a, b, rounded) for a, b in zip(stated.items, printed.items, strict=True))


def _all(verdicts: Any) -> bool | None:
    found = list(verdicts)
    return False if False in found else None if None in found else True


def _distinct(group: Group) -> list[Value]:
    return list({repr(item): item for item in group.items}.values())


def _same_sets(stated: list[Value], printed: list[Value], rounded: bool) -> bool | None:
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
    names = [symbol_name(leaf.name) for leaf in (stated, printed)]
    if names[0] != names[1] and all(0 < len(name) <= _SYMBOL_LENGTH for name in names):
        return None
    if stated.number and printed.number:
        return plain.same_number(stated.number, printed.number, rounded)
    without_unit = _without_unit(stated, printed)
    if without_unit is not None:
        return plain.same_number(without_unit[0], without_unit[1], rounded)
    a, b = _expression(stated), _expression(printed)
    if a is None or b is None:
        return None
    a = _letters_as_constants(a, b)
    if isinstance(a, sympy.logic.boolalg.Boolean) or isinstance(b, sympy.logic.boolalg.Boolean):
        return bool(a == b) if a in (True, False) and b in (True, False) else True if a == b else None
    if isinstance(a, sympy.Set) or isinstance(b, sympy.Set):
        return True if a == b else False if type(a) is type(b) else None
    if not (isinstance(a, sympy.Expr) and isinstance(b, sympy.Expr)) or sympy.nan in (a, b) or sympy.zoo in (a, b):
        return None
    if not a.free_symbols and not b.free_symbols:
        return _same_constants(stated, printed, a, b, rounded)
    return _same_formulas(a, b)


def _without_unit(stated: Leaf, printed: Leaf) -> tuple[plain.Number, plain.Number] | None:
    """The two numbers, where one side has a unit behind it (`5 \\text{ cm}`) and the other is bare or has one too."""

    def bare(leaf: Leaf) -> plain.Number | None:
        found = _UNIT.fullmatch(leaf.text)
        return leaf.number or (plain.number(found["number"]) if found else None)

    a, b = bare(stated), bare(printed)
    return (a, b) if a and b else None


def _expression(leaf: Leaf) -> Any:
    if leaf.number:
        return sympy.Rational(leaf.number.value.numerator, leaf.number.value.denominator)
    return leaf.expression


def _letters_as_constants(stated: Any, printed: Any) -> Any:
    """In LaTeX `i` and `e` are the constants, unless the output has variables of that name."""
    others = {symbol.name for symbol in printed.free_symbols}
    constants = {"i": sympy.I, "e": sympy.E, "mathrm{e}": sympy.E}
    return stated.subs({s: constants[s.name] for s in stated.free_symbols if s.name in constants.keys() - others})


def _same_constants(stated: Leaf, printed: Leaf, a: Any, b: Any, rounded: bool) -> bool | None:
    if a.is_infinite or b.is_infinite:
        return bool(a == b)
    parts = [(_number(stated, a, i), _number(printed, b, i)) for i in (0, 1)]
    if any(x is None or y is None for x, y in parts):
        return None
    return all(_close(x, y, rounded) for x, y in parts if x and y)


def _close(stated: plain.Number, printed: plain.Number, rounded: bool) -> bool:
    if stated.place is None and printed.place is None:
        scale = max(abs(stated.value), abs(printed.value), _EXACT)
        return abs(stated.value - printed.value) <= _EXACT * scale
    if not stated.value and abs(printed.value) < Fraction(1, 10**12):
        return True  # the part of a complex number that is not there
    return plain.same_number(stated, printed, rounded)


def _number(leaf: Leaf, expression: Any, part: int) -> plain.Number | None:
    """The real (0) or imaginary (1) part as a number; its places are those of the decimals in the text."""
    if leaf.number:
        return leaf.number if part == 0 else plain.Number(Fraction(0))
    value = expression.evalf(_DIGITS)
    value = sympy.re(value) if part == 0 else sympy.im(value)
    if not value.is_comparable or not value.is_finite:
        return None
    exact = Fraction(str(sympy.Float(value, _DIGITS)))
    decimals = re.findall(r"\d*\.(\d*)(?:[eE]([+-]?\d+))?", leaf.text)
    if not decimals:
        return plain.Number(exact)
    place = max(Fraction(10) ** (int(power or 0) - len(digits)) for digits, power in decimals)
    return plain.Number(exact, place, max(len(digits) for digits, _ in decimals))


def _same_formulas(a: Any, b: Any) -> bool | None:
    constant = next((s for s in a.free_symbols - b.free_symbols if s.name in ("C", "c", "K", "C1", "C0")), None)
    if constant is not None and not a.diff(constant).free_symbols:
        return _same_up_to_constant(a.subs(constant, 0), b)
    a, b = (side.xreplace({s: sympy.Symbol(symbol_name(s.name)) for s in side.free_symbols}) for side in (a, b))
    if a == b:
        return True
    if not a.free_symbols or not b.free_symbols or a.has(sympy.core.function.AppliedUndef):
        return True if sympy.simplify(a - b) == 0 else None if a.has(sympy.core.function.AppliedUndef) else False
    return _agree(a, b)


def _same_up_to_constant(a: Any, b: Any) -> bool | None:
    """Two antiderivatives: in the reals `ln |x|` and `ln x` are the same one."""
    a, b = (side.replace(sympy.Abs, lambda inner: inner) for side in (a, b))
    symbols = sorted(a.free_symbols | b.free_symbols, key=str)
    return _all(_agree(a.diff(symbol), b.diff(symbol)) for symbol in symbols)


def _agree(a: Any, b: Any) -> bool | None:
    """Compares two formulas at fixed points: an identity that holds at all of them is taken for one."""
    symbols = sorted(a.free_symbols | b.free_symbols, key=str)
    positive, mixed, whole = ([_at(a, b, symbols, row) for row in rows] for rows in (_POSITIVE, _MIXED, _WHOLE))
    if any(verdict is False for verdict in positive):
        return None if all(whole) else False  # perhaps an identity between integers
    if True not in positive:
        return None
    return None if False in mixed else True  # perhaps an identity between positive numbers


def _at(a: Any, b: Any, symbols: list[Any], row: tuple[Fraction, ...]) -> bool | None:
    points = [row[i % len(row)] + i // len(row) for i in range(len(symbols))]
    values = {s: sympy.Rational(p.numerator, p.denominator) for s, p in zip(symbols, points, strict=True)}
    left, right = (side.subs(values).evalf(_DIGITS) for side in (a, b))
    if not (left.is_number and right.is_number and left.is_finite and right.is_finite):
        return None
    floats = any(side.has(sympy.Float) for side in (a, b))
    reach = 1e-8 if floats else 1e-25
    return bool(abs(left - right) <= reach * max(abs(left), abs(right), sympy.Float(1e-12)))
