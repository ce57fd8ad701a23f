"""Arithmetic, comparisons and what a loop goes over: on values, without the code that they stand in."""

import ast
import operator
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from transforms.execute.origins import text, values
from transforms.execute.origins.atoms import SUM
from transforms.execute.origins.values import UNKNOWN, Items, Table, Text, Value, Written, constant, literal

_LONGEST = 100_000
_LONGEST_PRODUCT = 1000
UNROLLED = 50  # elements of a loop that are followed one by one
# The right operand that changes nothing; and the left one.
_NEUTRAL_RIGHT: dict[type[ast.operator], int] = {
    **{ast.Add: 0, ast.Sub: 0, ast.BitOr: 0, ast.BitXor: 0, ast.LShift: 0, ast.RShift: 0},
    **{ast.Mult: 1, ast.Div: 1, ast.FloorDiv: 1, ast.Pow: 1},
}
_NEUTRAL_LEFT: dict[type[ast.operator], int] = {ast.Add: 0, ast.Mult: 1, ast.BitOr: 0}
_COMPARISONS: dict[type[ast.cmpop], Any] = {
    **{ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt},
    **{ast.GtE: operator.ge, ast.Is: operator.eq, ast.IsNot: operator.ne},
}


def combined(
    op: ast.operator, left: Value, right: Value, bare_left: bool, bare_right: bool, cancels: bool = False
) -> Value:
    """One operation. A neutral operand counts as such only where it is bare: written on the spot."""
    kind = type(op)
    if cancels and kind in (ast.Sub, ast.Div, ast.FloorDiv):
        nothing = literal(0 if kind is ast.Sub else 1)
        both = values.operated([left, right])
        return nothing if both is None else Written(both.atoms, True, nothing.constant)
    known_left, known_right = values.truth_of(left), values.truth_of(right)
    if bare_right and kind in _NEUTRAL_RIGHT and _is(known_right, _NEUTRAL_RIGHT[kind]):
        fraction = kind is ast.FloorDiv and not isinstance(known_left, int)
        return None if fraction else left
    if bare_left and kind in _NEUTRAL_LEFT and _is(known_left, _NEUTRAL_LEFT[kind]):
        return right
    lost = (bare_left and _is(known_left, 0)) or (bare_right and _is(known_right, 0))
    if kind is ast.Mult and lost and (left is None or right is None):
        return literal(0)
    if isinstance(left, Text):
        return text.operation(kind, left, right)
    if isinstance(left, Items) and left.kind == "set":
        return None
    if isinstance(left, Items) and left.kind == "list":
        return _of_lists(kind, left, right)
    if kind in (ast.Add, ast.Sub):
        both = values.operated([left, right], SUM)
        return both and replace(both, sum=True)
    return values.operated([left, right])


def comparison(ops: Sequence[ast.cmpop], compared: Sequence[Value]) -> bool | None:
    """The outcome of comparing literals, without those that a loop goes over; None if it is not known."""
    known = list(map(values.truth_of, compared))
    several = any(isinstance(one, Written) and one.several for one in compared)
    if several or UNKNOWN in known or not all(type(op) in _COMPARISONS for op in ops):
        return None
    try:
        return all(_COMPARISONS[type(op)](left, right) for op, left, right in zip(ops, known, known[1:], strict=False))
    except TypeError:
        return None


def _is(known: Any, wanted: int) -> bool:
    return isinstance(known, int | float) and known == wanted


def is_bare(node: ast.expr) -> bool:
    """Whether a value is written on the spot, not behind a name."""
    return not isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call)


def same(left: ast.expr, right: ast.expr) -> bool:
    """Whether two expressions are the same one; cheap for those that differ in length."""
    sizes = {(one.end_lineno or 0, (one.end_col_offset or 0) - one.col_offset) for one in (left, right)}
    return len(sizes) == 1 and ast.dump(left) == ast.dump(right)


def _of_lists(kind: type[ast.operator], left: Items, right: Value) -> Value:
    times = constant(right)
    if len(left.values) > _LONGEST:
        return None
    if kind is ast.Add and isinstance(right, Items) and right.kind == "list":
        return Items(left.values + right.values, open=left.open or right.open)
    if kind is ast.Mult and isinstance(times, int):
        short = len(left.values) * times <= _LONGEST_PRODUCT
        return Items(left.values * (times if short else 1), open=left.open or not short)
    return values.operated([left, right])


def elements(value: Value) -> list[Value] | None:
    """What a loop goes over; None if nobody knows."""
    match value:
        case Items(values=inner, open=False):
            return list(inner)
        case Table(values=table, open=False):
            return [values.of_key(key) for key in table]
        case Text() if value.literal is not None and len(value.literal) <= UNROLLED:
            return [Text((letter,)) for letter in value.literal]
    return None


def as_table(pairs: Value) -> Value:
    """A dictionary of pairs."""
    if not isinstance(pairs, Items):
        return pairs if isinstance(pairs, Table) else None
    table = Table(open=pairs.open)
    for pair in pairs.values:
        key = values.key(pair.values[0]) if isinstance(pair, Items) and len(pair.values) == 2 else UNKNOWN
        if key is UNKNOWN or not isinstance(pair, Items):
            table.open = True
        else:
            table.values[key] = pair.values[1]
    return table
