"""Sets of numbers: intervals and their unions, solutions that repeat."""

from collections.abc import Callable
from typing import Any

import sympy

from transforms.execute.compare.values import Group, Leaf, Value

_WINDOW = 25  # members of repeating solutions are compared as far as this
_STEPS = 40
_INDICES = ("n", "k", "m", "N", "K")


def same_regions(a: Any, b: Any, same: Callable[[Any, Any], bool | None]) -> bool | None:
    """Compares unions of intervals and points end by end."""
    if a == b:
        return True
    pieces = [_pieces(side) for side in (a, b)]
    if pieces[0] is None or pieces[1] is None:
        members = [_members(side) for side in (a, b)]
        return None if members[0] is None or members[1] is None else _same_numbers(members[0], members[1])
    if len(pieces[0]) != len(pieces[1]):
        return False
    verdicts = [
        x.left_open == y.left_open and x.right_open == y.right_open and same(x.inf, y.inf) and same(x.sup, y.sup)
        for x, y in zip(pieces[0], pieces[1], strict=True)
    ]
    return False if False in verdicts else None if None in verdicts else True


def _pieces(region: Any) -> list[Any] | None:
    parts: list[Any] = []
    for part in region.args if isinstance(region, sympy.Union) else (region,):
        if isinstance(part, sympy.FiniteSet):
            parts += [_Point(item) for item in part.args]
        elif isinstance(part, sympy.Interval):
            parts.append(part)
        elif part != sympy.S.EmptySet:
            return None
    return sorted(parts, key=lambda part: float(sympy.Max(part.inf, -(10**300))))


class _Point:
    """A single number as a piece."""

    left_open = right_open = False

    def __init__(self, value: Any) -> None:
        self.inf = self.sup = value


def same_members(stated: Value, printed: Any) -> bool | None:
    """Solutions that repeat, as formulas with a whole number in them, against a set that sympy prints."""
    if not isinstance(printed, sympy.Set):
        return None
    items = stated.items if isinstance(stated, Group) else (stated,)
    found: list[float] = []
    for item in items:
        if not isinstance(item, Leaf) or not isinstance(item.expression, sympy.Expr):
            return None
        symbols = list(item.expression.free_symbols)
        if len(symbols) != 1 or symbols[0].name not in _INDICES:
            return None
        found += _values(item.expression, symbols[0])
    others = _members(printed)
    return None if others is None else _same_numbers(found, others)


def _members(region: Any) -> list[float] | None:
    """The members between the bounds of the window; None if they cannot be listed."""
    if isinstance(region, sympy.Union):
        parts = [_members(part) for part in region.args]
        return None if None in parts else [value for part in parts if part for value in part]
    if isinstance(region, sympy.FiniteSet):
        return [float(value) for value in region.args if value.is_real]
    if isinstance(region, sympy.ImageSet) and region.base_sets == (sympy.S.Integers,):
        return _values(region.lamda.expr, region.lamda.variables[0])
    return None


def _values(expression: Any, index: Any) -> list[float]:
    values = (expression.subs(index, n).evalf() for n in range(-_STEPS, _STEPS + 1))
    return [float(value) for value in values if value.is_real and abs(value) <= _WINDOW]


def _same_numbers(a: list[float], b: list[float]) -> bool:
    size = max(map(abs, (*a, *b)), default=0) or 1
    left, right = (sorted({round(value / size, 9) + 0.0 for value in side}) for side in (a, b))
    return len(left) == len(right) and all(abs(x - y) < 1e-8 for x, y in zip(left, right, strict=True))
