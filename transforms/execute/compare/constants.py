"""Constants: compared as far as the decimals that they are written with let them be known."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy

from transforms.execute import plain
from transforms.execute.compare.values import Leaf

_DIGITS = 80  # of the numbers that are compared as exact ones
_EXACT = Fraction(1, 10**60)
_FLOAT = Fraction(1, 10**13)
_DECIMAL = re.compile(r"(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?")


def same_constants(stated: Leaf, printed: Leaf, a: Any, b: Any, rounded: bool) -> bool | None:
    """Whether two values without unknowns, which stand in the texts of the two leaves, are equal."""
    if a.is_infinite or b.is_infinite or (a.is_Rational and b.is_Rational and not (stated.number and printed.number)):
        exact = [leaf.number is None or leaf.number.place is None for leaf in (stated, printed)]
        if a == b or a.is_infinite or b.is_infinite or all(exact):
            return bool(a == b)
    parts = [(_number(stated, a, i), _number(printed, b, i)) for i in (0, 1)]
    if any(x is None or y is None for x, y in parts):
        return None
    size = max(abs(x.value) for x, _ in parts if x)
    return all(_close(x, y, size, rounded) for x, y in parts if x and y)


def _close(stated: plain.Number, printed: plain.Number, size: Fraction, rounded: bool) -> bool:
    """Whether a real or imaginary part is the same; beside the other part, of that `size`, it may vanish."""
    exact = stated.place is None and printed.place is None
    if abs(stated.value - printed.value) <= (_EXACT if exact else _FLOAT) * size:
        return True
    return not exact and plain.same_number(stated, printed, rounded)


def _number(leaf: Leaf, expression: Any, part: int) -> plain.Number | None:
    """The real (0) or imaginary (1) part as a number, known as far as the decimals in the text let it be."""
    if leaf.number and expression.is_Rational:
        return leaf.number if part == 0 else plain.Number(Fraction(0))
    value = _part(expression, part)
    if value is None:
        return None
    if expression.is_Rational:
        return plain.Number(Fraction(int(expression.p), int(expression.q)) if part == 0 else Fraction(0))
    exact = Fraction(str(value))
    if not expression.has(sympy.Float):
        return plain.Number(exact)
    decimals = [plain.number(found) for found in _DECIMAL.findall(leaf.text)]
    place, digits = _reach(expression, part, value, [number for number in decimals if number and number.place])
    return plain.Number(exact, place, digits)


def _part(expression: Any, part: int) -> Any:
    value = evaluated(expression, _DIGITS)
    value = sympy.re(value) if part == 0 else sympy.im(value)
    return sympy.Float(value, _DIGITS) if value.is_comparable and value.is_finite else None


def evaluated(expression: Any, digits: int) -> Any:
    """The value in decimals: zero, and not noise of any size, where the terms cancel out."""
    value = expression.evalf(digits)
    return sympy.Integer(0) if value.is_Float and value._prec == 1 else value


def _step(exact: Fraction, decimals: Sequence[plain.Number]) -> Fraction | None:
    """One unit in the last digit of a decimal as it is written; of one that was reckoned, as far off in proportion."""
    known = [(number.place, abs(number.value)) for number in decimals if number.place is not None]
    for place, value in known:
        if abs(value - abs(exact)) <= place / 2:
            return place
    return max((place / (value or 1) * abs(exact) for place, value in known), default=None)


def _reach(expression: Any, part: int, value: Any, decimals: Sequence[plain.Number]) -> tuple[Fraction | None, int]:
    """How much the value moves when each decimal in it moves by one unit of its last digit, and their digits."""
    digits = max((number.digits for number in decimals), default=15)
    place = Fraction(0)
    for atom in expression.atoms(sympy.Float):
        exact = Fraction(str(atom))
        step = _step(exact, decimals)
        if step is None:
            return None, digits
        shifted = sympy.Rational(*(exact + step).as_integer_ratio())
        moved = _part(expression.xreplace({atom: shifted}), part)
        if moved is not None:
            place += abs(Fraction(str(moved)) - Fraction(str(value)))
    return place or None, digits
