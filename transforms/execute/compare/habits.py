"""What else the ways in which Python and sympy print may show than what stands there."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy

from transforms.execute import plain
from transforms.execute.compare import formula
from transforms.execute.compare.signs import NotReadable
from transforms.execute.compare.values import Group, Leaf, Value

_MANY = 1000


def shown(printed: Value) -> Iterator[Value]:
    """What a printed value may be there to show."""
    match printed:
        case Group(kind="dict"):
            yield from _mapping(printed)
        case Group(kind="tuple", items=(value, _)) if _is_quadrature(printed):
            yield value
        case Group(kind="tuple", items=(Group(items=rows) as matrix, Group(items=pivots))) if _are_pivots(pivots, rows):
            yield matrix
        case Group(kind="list", items=items) if items and all(map(_is_eigenspace, items)):
            yield Group("set", tuple(item.items[0] for item in items if isinstance(item, Group)))
        case Group(items=(value, Leaf(number=plain.Number() as count), _)) if _is_eigenspace(printed):
            yield from (value, Group("list", (value,) * int(count.value)))
        case Leaf(expression=sympy.Piecewise() as cases):
            yield from (
                replace(printed, expression=value) for value, where in cases.args if isinstance(where, sympy.Ne)
            )


def _are_pivots(found: tuple[Value, ...], rows: tuple[Value, ...]) -> bool:
    """The columns with leading ones, which sympy prints behind a matrix in row echelon form."""
    columns = [item.number.value for item in found if isinstance(item, Leaf) and item.number]
    widths = {len(row.items) for row in rows if isinstance(row, Group)}
    return (
        len(columns) == len(found) <= len(rows)
        and all(isinstance(row, Group) for row in rows)
        and len(widths) == 1
        and columns == sorted(set(columns) & set(map(Fraction, range(min(widths)))))
    )


def _is_eigenspace(item: Value) -> bool:
    """An eigenvalue, how often it is there, and its vectors."""
    match item:
        case Group(
            kind="tuple", items=(Leaf(), Leaf(number=plain.Number() as count), Group(kind="list", items=vectors))
        ):
            return 0 < len(vectors) <= count.value < _MANY and all(isinstance(vector, Group) for vector in vectors)
    return False


def _is_quadrature(group: Group) -> bool:
    """A number and how far it may be off, as scipy's integrals give them."""
    numbers = [item.number for item in group.items if isinstance(item, Leaf) and item.number]
    if group.kind != "tuple" or len(numbers) != len(group.items) or len(numbers) != 2:
        return False
    value, error = numbers
    return (
        value.digits > 6
        and 0 < error.value < Fraction(1, 10**6) * max(Fraction(1), abs(value.value))
        and error.digits > 6
    )


def _mapping(group: Group) -> Iterator[Value]:
    """A mapping shows named values, or the roots or factors that are its keys, as often as its values say."""
    keys = [plain.number(item.name) for item in group.items]
    if not any(keys):
        yield replace(group, kind="list")
    counts = [item.number for item in group.items if isinstance(item, Leaf)]
    yield Group(
        "set", tuple(Leaf(item.name, _key(item.name), key) for item, key in zip(group.items, keys, strict=True))
    )
    if all(keys) and len(counts) == len(keys) and all(count and 0 < count.value < _MANY for count in counts):
        whole = Fraction(1)
        for key, count in zip(keys, counts, strict=True):
            assert key is not None  # noqa: S101
            assert count is not None  # noqa: S101
            whole *= key.value ** int(count.value)
        yield Leaf(str(whole), None, plain.Number(whole))


def _key(name: str) -> Any:
    try:
        return formula.parse(name)
    except NotReadable:
        return None
