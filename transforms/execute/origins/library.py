"""What the functions and methods of Python and its libraries do to values that are written down.

A function that is not named here computes.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from transforms.execute.origins import names, text, values
from transforms.execute.origins.atoms import SUM, TELLING, significant
from transforms.execute.origins.objects import OBJECTS, Keywords
from transforms.execute.origins.operations import UNROLLED, as_table, elements
from transforms.execute.origins.values import (
    UNKNOWN,
    Items,
    Outside,
    Table,
    Text,
    Value,
    Written,
    constant,
    literal,
)

if TYPE_CHECKING:
    from transforms.execute.origins.calls import Calls


def function(calls: "Calls", name: str, given: list[Value], keywords: Keywords) -> Value:
    """A call of a library's function by its name, whatever module it is from."""
    if name in names.PRINTERS:
        _print(calls, given, keywords, octave=name == "disp")
        return literal(None)
    if name in names.FORMATTERS:
        return _formatted(calls, name, given)
    if name in names.WRITERS:
        calls.emit([piece for one in given for piece in text.pieces(one)])
        return literal(None)
    if name in SPECIAL:
        return SPECIAL[name](calls, given, keywords)
    for one in (*given, *keywords.values()):
        calls.handed(one)
    if name in names.SYMBOLS:
        return _symbols(given)
    if name in names.CONTAINERS:
        return _container(name, given, keywords)
    if name in names.MUTATORS:
        for one in given:
            values.blur(one)
        return None
    if name in names.RECORDS:
        return Items(given, "record")
    if name.endswith(("Error", "Exception", "StopIteration", "SystemExit")):
        return Items(given, "exception")
    if name in names.AGGREGATES and (found := _single(name, given)) is not None:
        return found
    if name in names.PARSED and given:
        return _parsed(calls, name, given)
    if name in names.SAME:
        return _same(given)
    if name in names.REWRITING:
        return values.operated(given[:1])
    if name in names.ELEMENTARY:
        return values.operated(given, names.SPELLINGS.get(name, name))
    if name in names.LOGGERS:
        with calls.loosely():
            calls.emit([*(piece for one in given[:1] for piece in text.pieces(one)), "\n"])
    return None if name in names.AGGREGATES else values.echo(given)


def _formatted(calls: "Calls", name: str, given: list[Value]) -> Value:
    """Octave's `printf` and its kin."""
    template, *values_ = (
        given[1:] if name == "fprintf" and given and not isinstance(given[0], Text) else given or [None]
    )
    known = constant(template)
    shown = text.percent(known, Items(values_)) if isinstance(known, str) else Text((template, *values_))
    if name != "sprintf":
        calls.emit(shown.pieces)
    return shown


def _print(calls: "Calls", given: list[Value], keywords: Keywords, octave: bool = False) -> None:
    target = keywords.get("file", Outside("stdout"))
    if isinstance(target, Items):
        target.values += given
    if target is None:  # it may be the standard output by another name
        with calls.loosely():
            calls.emit([*(piece for one in given for piece in text.pieces(one)), "\n"])
    if not isinstance(target, Outside) or "stdout" not in target.name:
        return
    separator, end = (
        text.pieces(keywords[key]) if key in keywords else (usual,) for key, usual in (("sep", " "), ("end", "\n"))
    )
    for position, one in enumerate(given):
        parts = one.values if isinstance(one, Items) and any(isinstance(part, Text) for part in one.values) else [one]
        for part in parts if octave else [one]:
            calls.emit((*(separator if position else ()), *text.pieces(calls.shown(part))))
    calls.emit(end)


def _symbols(given: Sequence[Value]) -> Value:
    known = constant(given[0]) if given else UNKNOWN
    found = known.replace(",", " ").split() if isinstance(known, str) else []
    if not found or len(found) > UNROLLED or ":" in known:
        return None
    return Outside(found[0]) if len(found) == 1 else Items([Outside(one) for one in found], "tuple")


def _container(name: str, given: list[Value], keywords: Keywords) -> Value:
    kind = name if name in ("list", "tuple", "set") else "array"
    if not given:
        return Items([], kind)
    if name in ("FiniteSet", "Tuple"):
        return Items(list(given), kind)
    source = given[-1] if name in ("Matrix", "ImmutableMatrix") else given[0]
    found = elements(source)
    if found is None:
        return values.written(source)
    known = [constant(one) for one in found]
    if name in ("set", "frozenset") and UNKNOWN not in known and len(set(known)) < len(known):
        return None
    return Items(found, kind)


def _single(name: str, given: list[Value]) -> Value:
    """The greatest, sum or mean of one value is that value."""
    parts: list[Value] | None = given[1:2] if name == "reduce" else given
    while parts and len(parts) == 1 and isinstance(parts[0], Items | Table):
        parts = elements(parts[0])
    if parts and name in ("sum", "fsum", "nansum") and len(parts) > 1:
        parts = [one for one in parts if constant(one) not in (0, 0.0)]
    known = set(map(constant, parts or []))
    alike = len(known) == 1 and UNKNOWN not in known and name not in names.SUMS
    whole = parts[0] if parts and (alike or len(parts) == 1) else None
    return whole if isinstance(whole, Outside) or constant(whole) is not UNKNOWN else None


def _parsed(calls: "Calls", name: str, given: list[Value]) -> Value:
    first = given[0]
    if isinstance(first, Text) and (name != "int" or len(given) == 1):
        first = calls.parse(first, calls.module if name == "eval" else None)
    if name in ("Fraction", "Rational", "mpq") and len(given) == 2:
        return values.operated(given)
    if name in names.RATIONAL and not isinstance(constant(first), int):  # 0.5 becomes 1/2
        return values.operated([first])
    if name in ("int", "Integer"):
        known = constant(first)
        if len(given) > 1 or (isinstance(known, float) and known != int(known if abs(known) < 1e300 else 0)):
            return None
    return first


def _same(given: list[Value]) -> Value:
    return given[0] if given else None


def _string(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    return Text(text.pieces(calls.shown(given[0]))) if given else Text(("",))


def _concatenated(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    return text.join(Text(("",)), given)


def _pow(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    return given[0] if len(given) == 2 and constant(given[1]) == 1 else values.operated(given, "pow")


def _length(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    """Counting computes, but says nothing new to a condition."""
    match given:
        case [Items(values=inner, kind=kind, open=False)] if kind != "set":
            counted, both = values.operated(given, "len"), values.written(given[0])
            return counted and both and replace(counted, constant=UNKNOWN if both.several else len(inner))
    return values.echo(given)


def _factored(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    """A sum that comes back as it was is found to be irreducible."""
    found = given[0] if given else None
    return None if isinstance(found, Written) and found.sum else values.operated(given[:1])


def _absolute(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    return given[0] if given and constant(given[0]) is not UNKNOWN else values.operated(given)


def ordered(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    """`sorted`: of what is in order already, the same; else computed."""
    found = elements(given[0]) if given else None
    if found is None:
        return None
    known = [constant(one) for one in found]
    ordered = all(isinstance(one, int | float) for one in known) and known == sorted(known)
    return Items(found) if ordered or len(found) < 2 else Items([None] * len(found))


def _range(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    bounds = [constant(one) for one in given]
    if not bounds or len(bounds) > 3 or not all(isinstance(one, int) for one in bounds):
        return Items([None], open=True)
    if len(bounds) == 3 and not bounds[2]:
        return None
    found = range(*bounds)
    if len(found[:2]) == 1:
        return Items([literal(found[0])])
    return Items([None] * len(found)) if len(found[: UNROLLED + 1]) <= UNROLLED else Items([None], "range", open=True)


def _enumerate(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    found = elements(given[0]) if given else None
    return None if found is None else Items([Items([None, one]) for one in found])


def _zip(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    columns = [found for one in given if (found := elements(one)) is not None]
    return Items([Items(list(row)) for row in zip(*columns, strict=False)]) if len(columns) == len(given) else None


def _map(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    found = elements(given[1]) if len(given) == 2 else None
    if found is None or len(found) > UNROLLED:
        calls.handed(given[0] if given else None)
        return None
    return Items([calls.follow(given[0], [one]) for one in found])


def reversed_(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    """`reversed`."""
    found = elements(given[0]) if given else None
    return None if found is None else Items(found if len(found) < 2 else [None] * len(found))


def _next(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    found = elements(given[0]) if given else None
    if isinstance(given[0] if given else None, Items) and found is None:  # the first that meets a condition
        return None
    if found and isinstance(given[0], Items) and given[0].kind == "iterator":
        given[0].values = found[1:]
        given[0].open = calls.unsure
    return found[0] if found else values.written(given[0]) if given else None


def _iter(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    found = elements(given[0]) if given else None
    return Items([None], open=True) if found is None else Items(found, "iterator")


def _equation(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    return Items(list(given), "Eq") if len(given) == 2 else None


def _solve(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    """Solving `x = 5` for x finds what is written."""
    match given:
        case [Items(kind="Eq", values=[Outside(), right]), *_] if constant(right) is not UNKNOWN:
            return Items([right])
        case [Items(values=[Items(kind="Eq", values=[Outside(), right])]), *_] if constant(right) is not UNKNOWN:
            return Items([right])
        case [Written(atoms=atoms), *_] if len(atoms) == 3 and SUM in atoms:  # 863.84 - x
            telling: list[Value] = [Written((atom,), True) for atom in atoms if significant(atom) >= TELLING]
            return Items(telling) if telling else None
    return None


def dictionary(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    """`dict`."""
    table = as_table(given[0]) if given else Table()
    return Table({**table.values, **keywords}, table.open) if isinstance(table, Table) else None


SPECIAL: dict[str, Callable[["Calls", list[Value], Keywords], Value]] = {
    **OBJECTS,
    "OrderedDict": dictionary,
    **{"str": _string, "repr": _string, "pow": _pow, "abs": _absolute, "fabs": _absolute, "sorted": ordered},
    **{"range": _range, "arange": _range, "enumerate": _enumerate, "zip": _zip, "map": _map, "reversed": reversed_},
    **{"next": _next, "iter": _iter, "Eq": _equation, "solve": _solve, "solveset": _solve, "dict": dictionary},
    **{"len": _length, "numel": _length, "factor": _factored},
    **{"num2str": _string, "mat2str": _string, "int2str": _string, "strcat": _concatenated},
    **{"dumps": _string, "pformat": _string},
}
