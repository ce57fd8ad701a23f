"""Whether two values are the same to a mathematician."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import sympy

from transforms.execute import plain
from transforms.execute.compare import regions
from transforms.execute.compare.habits import shown
from transforms.execute.compare.leaves import is_truth, same_leaves
from transforms.execute.compare.measures import is_time, totals
from transforms.execute.compare.python import symbol_name
from transforms.execute.compare.sets import interval
from transforms.execute.compare.values import Group, Leaf, Value


def same(stated: Value, printed: Value, rounded: bool) -> bool | None:
    """Whether two values are equal; None where that cannot be decided."""
    if (sorted_ := _by_name(stated, printed)) is not None:
        tuple_ = _unwrapped(printed)
        orders = (stated, sorted_) if tuple_ is printed else (sorted_, stated)
        likely, other = (_same(order, tuple_, rounded) for order in orders)
        return likely or (None if other else likely)
    verdict: bool | None = None
    for a, b in _readings(_unwrapped(stated), _unwrapped(printed)):
        found = _same(a, _unwrapped(b), rounded)
        if found:
            return True
        verdict = found if verdict is None else verdict
    return verdict


def _by_name(stated: Value, printed: Value) -> Value | None:
    """The stated values by the names of their unknowns, as sympy orders them in a set of solutions, if that differs."""
    match stated, _unwrapped(printed):
        case Group(items=items), Group(kind="tuple") as solution:
            names = [_key_of(item) for item in items]
            unnamed = len(solution.items) == len(items) and not any(item.name for item in solution.items)
            if unnamed and len(set(names)) == len(names) and "" not in names and names != sorted(names):
                return replace(stated, items=tuple(sorted(items, key=_key_of)))
    return None


def _readings(stated: Value, printed: Value) -> Iterator[tuple[Value, Value]]:
    """What the two may be, beside each other: pairs as intervals, what a mapping shows."""
    sets = [isinstance(side, Leaf) and isinstance(side.expression, sympy.Set) for side in (stated, printed)]
    kinds = [side.kind for side in (stated, printed) if isinstance(side, Group)]
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
    elif "quantity" in kinds or ("ratio" in kinds and (is_time(stated) or is_time(printed))):
        yield from product(totals(stated), totals(printed))
    elif "ratio" in kinds:
        yield _as_ratio(stated), _as_ratio(printed)
    elif isinstance(stated, Group) and stated.kind == "dict":
        yield stated, printed
    else:
        if not (isinstance(printed, Group) and printed.kind == "dict"):
            yield stated, printed
        yield from ((stated, other) for other in shown(printed))


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


def _unwrapped(value: Value) -> Value:
    while isinstance(value, Group) and len(value.items) == 1 and not value.dots:
        if value.kind == "dict" and plain.number(value.items[0].name):
            break
        value = replace(value.items[0], name=value.items[0].name or value.name)
    return value


def _same(stated: Value, printed: Value, rounded: bool) -> bool | None:
    match stated, printed:
        case Group(kind="dict"), _:
            return _same_mappings(stated, printed, rounded)
        case Group(), Group():
            return _same_groups(stated, printed, rounded)
        case Leaf(), Leaf():
            return same_leaves(stated, printed, rounded)
        case Leaf(), Group():
            chosen = [item for item in printed.items if item.name and _key_of(item) == _key_of(stated)]
            if len(chosen) == 1:
                return same(stated, chosen[0], rounded)
            return None if stated.number is None and stated.expression is None else _leaf_and_group(stated, printed)
        case Group(), Leaf(expression=expression):
            if printed.number is None and (expression is None or not expression.is_number):
                return regions.same_members(stated, expression)
            if stated.kind == "tuple" and re.fullmatch("[A-Z]", stated.name):
                return None  # `C(5, 2)` need not be a point
    return False


def _leaf_and_group(stated: Leaf, printed: Group) -> bool | None:
    return None if isinstance(stated.expression, sympy.Set) or is_truth(stated.expression) else False


def _key_of(value: Value) -> str:
    return re.sub(r"\(.*", "", symbol_name(value.name))


def _same_mappings(stated: Group, printed: Value, rounded: bool) -> bool | None:
    """Key by key; what is no mapping may be one of names to values."""
    numbers = any(plain.number(item.name) for item in stated.items)
    if not isinstance(printed, Group) or printed.kind != "dict":
        return None if numbers else same(replace(stated, kind="list"), printed, rounded)
    left, right = ({_key(item.name): item for item in group.items} for group in (stated, printed))
    if not left.keys() <= right.keys() or (len(left) < len(right) and not stated.dots):
        return False
    return _all(same(left[key], right[key], rounded) for key in left)


def _key(name: str) -> Any:
    number = plain.number(name)
    return number.value if number else symbol_name(name.strip("'\" "))


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
    if stated.dots or printed.dots:
        return _same_beginnings(stated, printed, rounded)
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


def _same_beginnings(stated: Group, printed: Group, rounded: bool) -> bool | None:
    """Values with dots among them: what is written must be there, at the beginning and at the end."""
    size, hidden = len(stated.items), len(printed.items) - len(stated.items)
    if not stated.dots or (printed.dots and stated.tail != printed.tail) or size < 2 + bool(stated.tail):
        return None
    if hidden < 0:
        return None if printed.dots else False
    head = size - stated.tail
    others = (*printed.items[:head], *printed.items[head + hidden :])
    return _all(same(a, b, rounded) for a, b in zip(stated.items, others, strict=False))


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
