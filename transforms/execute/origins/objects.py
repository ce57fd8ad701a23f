"""What makes objects, reaches into them, or runs code: modules, classes, threads, strings of code."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from transforms.execute.origins import values
from transforms.execute.origins.operations import elements
from transforms.execute.origins.values import (
    UNKNOWN,
    Instance,
    Items,
    Kind,
    Outside,
    Own,
    Scope,
    Table,
    Text,
    Value,
    constant,
    literal,
)

if TYPE_CHECKING:
    from transforms.execute.origins.calls import Calls

Keywords = Mapping[str, Value]


def _namespace(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    return Instance(Kind(Scope()), dict(keywords))


def _namedtuple(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    fields = given[1] if len(given) > 1 else None
    known = constant(fields)
    if isinstance(known, str):
        return Kind(Scope(), known.replace(",", " ").split())
    found = [constant(one) for one in elements(fields) or []]
    return Kind(Scope(), [str(one[0] if isinstance(one, list) else one) for one in found])


def _getattr(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    name = constant(given[1]) if len(given) > 1 else UNKNOWN
    return calls.attribute(given[0], name) if isinstance(name, str) else None


def _setattr(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    if len(given) == 3 and isinstance(given[0], Instance) and isinstance(name := constant(given[1]), str):
        given[0].attributes[name] = given[2]
    return literal(None)


def _execute(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    source = given[0].literal if given and isinstance(given[0], Text) else None
    if source is None:
        calls.lose()
    else:
        calls.run_source(source)
    return literal(None)


def _thread(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    target = keywords.get("target")
    if target is not None:
        calls.follow(target, elements(keywords.get("args")) or [])
    return None


def _stream(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    return Items(list(given), "stream")


def _import(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    name = constant(given[0]) if given else None
    return Outside(name.split(".")[0], module=True) if isinstance(name, str) else None


def _where(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    return values.select(given[1:], []) if len(given) == 3 else None


def _type(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    match given:
        case [_, _, Table(values=table)]:
            return Kind(Scope(dict(table)))
    return None


def _partial(calls: "Calls", given: list[Value], keywords: Keywords) -> Value:
    match given:
        case [Own() as own, *bound]:
            return Own(own.node, own.scope, {**own.defaults, **keywords}, (*own.bound, *bound), own.role)
    return None


OBJECTS: dict[str, Callable[["Calls", list[Value], Keywords], Value]] = {
    **{"SimpleNamespace": _namespace, "namedtuple": _namedtuple, "getattr": _getattr, "setattr": _setattr},
    **{"exec": _execute, "Thread": _thread, "partial": _partial, "where": _where},
    **{"StringIO": _stream, "type": _type, "__import__": _import, "import_module": _import},
}
