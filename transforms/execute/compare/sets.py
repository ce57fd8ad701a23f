"""Several values as sets of numbers: pairs as intervals, conditions that hold together."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sympy

from transforms.execute.compare.signs import NotReadable
from transforms.execute.compare.values import Group, Leaf, Value


def is_condition(expression: Any) -> bool:
    """Whether a sympy value says which numbers are meant, instead of being one."""
    return isinstance(expression, sympy.Set | sympy.core.relational.Relational | sympy.And | sympy.Or)


def combined(values: Sequence[Value], either: bool) -> Value:
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


def as_set(value: Value) -> Leaf:
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


def members(value: Value) -> Any:
    """The set of a value, which may list its members."""
    if isinstance(value, Group) and value.kind == "set":
        return sympy.FiniteSet(*map(_exact, value.items))
    return as_set(value).expression


def solved(value: Value) -> Value:
    """A condition on one unknown as the set of numbers that it allows."""
    relation = value.expression if isinstance(value, Leaf) else None
    if relation is None or not is_condition(relation) or isinstance(relation, sympy.Eq | sympy.Set):
        return value
    return replace(value, expression=allowed(relation)) if len(relation.free_symbols) == 1 else value


def allowed(relation: Any) -> Any:
    """The set of numbers that a condition on one unknown allows."""
    if isinstance(relation, sympy.And | sympy.Or):
        combine = sympy.Intersection if isinstance(relation, sympy.And) else sympy.Union
        return combine(*map(allowed, relation.args))
    if not isinstance(relation, sympy.core.relational.Relational):
        return relation.as_set()
    left, right = relation.args
    if right.is_Symbol and left.is_extended_real:
        left, right, relation = right, left, relation.reversed
    if not left.is_Symbol or not right.is_extended_real:
        return relation.as_set()
    match relation:
        case sympy.Lt() | sympy.Le():
            return sympy.Interval(-sympy.oo, right, True, isinstance(relation, sympy.Lt))
        case sympy.Gt() | sympy.Ge():
            return sympy.Interval(right, sympy.oo, isinstance(relation, sympy.Gt), True)
        case sympy.Ne():
            return sympy.Complement(sympy.S.Reals, sympy.FiniteSet(right))
    return relation.as_set()
