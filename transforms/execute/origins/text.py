"""Strings put together: concatenation, templates, `format`, `join`; their known parts stay known."""

import ast
import re
import string
from collections.abc import Mapping, Sequence
from typing import Any

from transforms.execute.origins import values
from transforms.execute.origins.values import UNKNOWN, Items, Table, Text, Value, constant

_PERCENT = re.compile(r"%(?:\((\w+)\))?[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[a-zA-Z%]")
_DOLLAR = re.compile(r"\$\{?(\w+)\}?")
_LONGEST = 100_000
# Methods that only clean or lay out; all else that a method does to a literal is computing.
CASE = ("upper", "lower", "title", "capitalize")
LAYOUT = (*CASE, "replace", "strip", "lstrip", "rstrip", "ljust", "rjust", "center", "zfill", "encode", "decode")


def laid_out(source: Text, method: str, given: Sequence[Value]) -> Value:
    """A method that only lays a string out: its case, its margin, one letter for another."""
    known = source.literal
    if method in CASE and known is not None:
        return Text((getattr(known, method)(),))
    if method != "replace":
        return source
    old, new = [*map(constant, given), UNKNOWN, UNKNOWN][:2]
    if known is None or not isinstance(old, str) or not isinstance(new, str):
        return source if known is None else None
    return Text((known[:1000].replace(old, new[:10]),))


def pieces(value: Value) -> tuple[str | Value, ...]:
    """A value as it is shown."""
    match value:
        case Text():
            return value.pieces
        case Items(kind="exception", values=[one]):
            return pieces(one)
    return (value,)


def operation(kind: type[ast.operator], left: Text, right: Value) -> Value:
    """`+` and `%` with a string on the left."""
    if kind is ast.Add and isinstance(right, Text):
        return shortened(Text(left.pieces + right.pieces))
    if kind is ast.Mod and left.literal is not None:
        return percent(left.literal, right)
    return values.operated([left, right]) if right is not None else None


def shortened(text: Text) -> Text:
    """The text, without its known parts if it has grown beyond all measure."""
    if sum(len(piece) for piece in text.pieces if isinstance(piece, str)) <= _LONGEST and len(text.pieces) < 1000:
        return text
    return Text((values.written(text),))


def percent(template: str, right: Value) -> Text:
    """`"%d of %d" % (a, b)`."""
    given = right.values if isinstance(right, Items) and right.kind in ("list", "tuple") else [right]
    named = right.values if isinstance(right, Table) else {}
    return filled(template, _PERCENT, given, named)


def filled(template: str, pattern: re.Pattern[str], given: Sequence[Value], named: Mapping[Any, Value]) -> Text:
    """A template, with values at the places that a pattern finds."""
    waiting = list(given)
    found: list[str | Value] = []
    end = 0
    for place in pattern.finditer(template):
        found.append(template[end : place.start()])
        end = place.end()
        if place[0] == "%%":
            found.append("%")
        elif place[1] and (named or place[1].isidentifier()):
            found += pieces(named.get(place[1]))
        else:
            found += pieces(waiting.pop(0) if waiting else None)
    return Text((*found, template[end:]))


def dollars(template: str, named: Mapping[str, Value]) -> Text:
    """`Template("$a").substitute(a=1)`."""
    return filled(template, _DOLLAR, [], named)


def formatted(template: str, given: Sequence[Value], named: Mapping[str, Value]) -> Text:
    """`"{} of {n:.2f}".format(a, n=b)`."""
    found: list[str | Value] = []
    waiting = list(given)
    try:
        for before, name, _, _ in string.Formatter().parse(template):
            found.append(before)
            if name is None:
                continue
            if name == "":
                found += pieces(waiting.pop(0) if waiting else None)
            elif name.isdigit() and len(name) < 5:
                found += pieces(given[int(name)] if int(name) < len(given) else None)
            else:
                found += pieces(named.get(name))
    except ValueError:
        return Text((None,))
    return Text(tuple(found))


def join(separator: Text, parts: Sequence[Value]) -> Text:
    """`", ".join(parts)`."""
    found: list[str | Value] = []
    for position, part in enumerate(parts):
        found += (*(separator.pieces if position else ()), *pieces(part))
    return shortened(Text(tuple(found)))
