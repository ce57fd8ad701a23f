"""Whether two formulas with unknowns say the same: compared at fixed points, families of solutions as spaces."""

import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

import sympy
from sympy.core.function import AppliedUndef

from transforms.execute.compare.constants import evaluated

_DIGITS = 40
# Points to try formulas at: a row gives the symbols their values, in order of their names.
_POSITIVE = ((Fraction(7, 5), Fraction(13, 11), Fraction(3, 7)), (Fraction(19, 8), Fraction(5, 9), Fraction(23, 13)))
_MIXED = ((Fraction(-9, 7), Fraction(11, 6), Fraction(-4, 9)), (Fraction(-12, 5), Fraction(-7, 3), Fraction(8, 3)))
_WHOLE = tuple(tuple(map(Fraction, row)) for row in ((3, 4, 7), (6, 5, 2), (2, 9, 5), (5, 1, 4)))
_INDICES = frozenset("nkmNijr")
_CONSTANT = re.compile(r"[CcKk]\d*|[ABD]\d?|const(?:ant)?")
_CONSTANT_OF_SYMPY = re.compile(r"C\d*")


def same_formulas(a: Any, b: Any) -> bool | None:
    """Whether two expressions are equal as functions of their symbols, or as families with free constants."""
    if a == b or sympy.expand(a - b) == 0:
        return True
    free = [[s for s in side.free_symbols if _CONSTANT.fullmatch(s.name)] for side in (a, b)]
    alone = [s for s in {*free[0], *free[1]} if s.name[0] in "CcKk" and (s in free[0]) != (s in free[1])]
    if len(alone) == 1 and not (a + b).diff(alone[0]).free_symbols:
        sides = [side.subs(alone[0], 0) for side in (a, b)]
        if sides[0].free_symbols == sides[1].free_symbols:
            return _same_up_to_constant(*sides)
    if a.has(AppliedUndef) or b.has(AppliedUndef):
        return True if sympy.simplify(a - b) == 0 else None
    found = _agree(a, b)
    if found or not free[0] or not any(_CONSTANT_OF_SYMPY.fullmatch(s.name) for s in free[1]):
        return found
    free[1] = [s for s in free[1] if _CONSTANT_OF_SYMPY.fullmatch(s.name)]
    free[0] = [s for s in free[0] if s not in b.free_symbols or s in free[1]]
    families = _same_families(a, b, free[0], free[1]) if a.free_symbols - set(free[0]) else None
    return found if families is None else families


def _logs_of_sizes(side: Any) -> Any:
    """In the reals `ln |x|` and `ln x` are the same antiderivative."""
    return side.replace(
        lambda e: isinstance(e, sympy.log) and e.args[0].has(sympy.Abs),
        lambda e: e.replace(sympy.Abs, lambda inner: inner),
    )


def _same_up_to_constant(a: Any, b: Any) -> bool | None:
    """Two antiderivatives."""
    a, b = _logs_of_sizes(a), _logs_of_sizes(b)
    symbols = sorted(a.free_symbols | b.free_symbols, key=str)
    verdicts = [_agree(a.diff(symbol), b.diff(symbol)) for symbol in symbols]
    return False if False in verdicts else None if None in verdicts or not verdicts else True


def _agree(a: Any, b: Any) -> bool | None:
    """Compares two formulas at fixed points: an identity that holds at all of them is taken for one."""
    symbols = sorted(a.free_symbols | b.free_symbols, key=str)
    if not symbols:
        return _at(a, b, (), ())
    positive = [_at(a, b, symbols, row) for row in _POSITIVE]
    if False in positive:
        whole = [_at(a, b, symbols, row) for row in _WHOLE]
        between_integers = all(whole)
        return (True if all(s.name in _INDICES for s in symbols) else None) if between_integers else False
    if True not in positive:
        return None
    mixed = [_at(a, b, symbols, row, in_reals=not a.has(sympy.I) and not b.has(sympy.I)) for row in _MIXED]
    return None if False in mixed else True  # perhaps an identity between positive numbers


def _at(a: Any, b: Any, symbols: Sequence[Any], row: Sequence[Fraction], in_reals: bool = False) -> bool | None:
    points = [row[i % len(row)] + i // len(row) for i in range(len(symbols))]
    values = {s: sympy.Rational(p.numerator, p.denominator) for s, p in zip(symbols, points, strict=True)}
    left, right = (evaluated(side.subs(values), _DIGITS) for side in (a, b))
    if not (left.is_number and right.is_number and left.is_finite and right.is_finite):
        return None
    if in_reals and not (left.is_real and right.is_real):
        return None  # `ln x^2` and `2 ln x` are the same to those who know real numbers only
    reach = 1e-8 if any(side.has(sympy.Float) for side in (a, b)) else 1e-25
    return bool(abs(left - right) <= reach * max(abs(left), abs(right)))


def proportional(a: Any, b: Any, positive: bool = False) -> bool | None:
    """Whether two expressions are zero at the same places because one is a multiple of the other."""
    symbols = sorted(a.free_symbols, key=str)
    if a.free_symbols != b.free_symbols:
        return False
    ratios = []
    for row in (*_POSITIVE, *_MIXED):
        values = {s: sympy.Rational(*(row[i % 3] + i // 3).as_integer_ratio()) for i, s in enumerate(symbols)}
        left, right = (side.subs(values).evalf(_DIGITS) for side in (a, b))
        if not (left.is_number and right.is_number) or right == 0 or not (left / right).is_finite:
            return None
        ratios.append(left / right)
    size = max(map(abs, ratios))
    return all(abs(ratio - ratios[0]) <= 1e-8 * size for ratio in ratios) and (not positive or ratios[0] > 0)


def _same_families(a: Any, b: Any, free_a: Sequence[Any], free_b: Sequence[Any]) -> bool | None:
    """General solutions with free constants: spaces if they are linear in them, else any renaming that fits."""
    if len(free_a) != len(free_b):
        return None
    linear = [_basis(side, free) for side, free in ((a, free_a), (b, free_b))]
    if linear[0] and linear[1]:
        return _same_spaces(linear[0], linear[1])
    for order in permutations(free_b):
        for change in _CHANGES:
            renamed = b.xreplace({old: change(new) for old, new in zip(order, free_a, strict=True)})
            if _agree(a, renamed):
                return True
    return None


_CHANGES: tuple[Callable[[Any], Any], ...] = (
    *(lambda c: c, lambda c: -c, lambda c: 2 * c, lambda c: c / 2, lambda c: -2 * c, lambda c: -c / 2),
    *(sympy.log, sympy.exp, lambda c: c**2, lambda c: 1 / c, lambda c: -1 / c, lambda c: 3 * c, lambda c: c / 3),
)


def _basis(side: Any, free: Sequence[Any]) -> list[Any] | None:
    """What each constant is multiplied with, and last what stands without one; None if it is not linear in them."""
    parts = [side.diff(constant) for constant in free]
    if any(part.has(*free) for part in parts):
        return None
    return [*parts, side.subs(dict.fromkeys(free, 0))]


def _same_spaces(a: Sequence[Any], b: Sequence[Any]) -> bool | None:
    """Whether the two spaces, and the particular solutions modulo them, are the same: by rank at many points."""
    symbols = sorted(set().union(*(part.free_symbols for part in (*a, *b))), key=str)
    size = len(a) - 1
    rows = []
    for step in range(2 * size + 3):
        row = {s: sympy.Rational(5 + 3 * step + 2 * i, 7 + i) for i, s in enumerate(symbols)}
        rows.append([part.subs(row).evalf(_DIGITS) for part in (*a[:-1], *b[:-1], a[-1] - b[-1])])
    if not all(value.is_number and value.is_finite for row in rows for value in row):
        return None
    matrix = sympy.Matrix(rows)
    return all(_rank(matrix[:, columns]) == size for columns in _columns(size))


def _columns(size: int) -> Iterable[list[int]]:
    return list(range(size)), list(range(size, 2 * size)), list(range(2 * size + 1))


def _rank(matrix: Any) -> int:
    """By elimination with the largest pivot, each column scaled to one."""
    rows = [list(matrix.row(i)) for i in range(matrix.rows)]
    scales = [max((abs(row[j]) for row in rows), default=0) or 1 for j in range(matrix.cols)]
    rows = [[value / scale for value, scale in zip(row, scales, strict=True)] for row in rows]
    rank = 0
    for column in range(matrix.cols):
        pivot = max(range(rank, len(rows)), key=lambda i: abs(rows[i][column]), default=None)
        if pivot is None or abs(rows[pivot][column]) < 1e-20:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for i in range(rank + 1, len(rows)):
            factor = rows[i][column] / rows[rank][column]
            rows[i] = [x - factor * y for x, y in zip(rows[i], rows[rank], strict=True)]
        rank += 1
    return rank
