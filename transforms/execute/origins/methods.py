"""What methods do to strings, lists, dictionaries and numbers that are written down; one not named here computes."""

from typing import TYPE_CHECKING

from transforms.execute.origins import names, text, values
from transforms.execute.origins.library import SPECIAL, dictionary, function, ordered, reversed_
from transforms.execute.origins.objects import Keywords
from transforms.execute.origins.operations import elements
from transforms.execute.origins.values import UNKNOWN, Items, Method, Outside, Table, Text, Value, constant, literal

if TYPE_CHECKING:
    from transforms.execute.origins.calls import Calls

# What changes a list or an array in a way that is not followed.
_CHANGING = ("appendleft", "extendleft", "rotate", "resize", "partition", "put", "itemset", "row_swap", "__setitem__")


def method(calls: "Calls", receiver: Value, name: str, given: list[Value], keywords: Keywords) -> Value:
    """A call of a method of a value that is not the snippet's own."""
    match receiver:
        case Text():
            return _of_text(calls, receiver, name, given, keywords)
        case Items():
            return _of_items(calls, receiver, name, given, keywords)
        case Table():
            return _of_table(calls, receiver, name, given)
        case Method(name="stdout"):
            return function(calls, name, given, keywords)
        case None | Method() if name == "print":
            return function(calls, name, given, keywords)
        case None | Method():
            for one in given:
                calls.handed(one)
            return None
        case Outside() if name == "subs":
            return _substituted(receiver, given)
        case Outside(name="stdout" | "stderr" | "buffer"):
            return function(calls, name, given, keywords) if receiver.name != "stderr" else literal(None)
    if name in names.PRINTERS | names.WRITERS | SPECIAL.keys() - {"abs", "pow", "factor"}:
        return None
    return function(calls, name, [receiver, *given], keywords)


def _substituted(receiver: Outside, given: list[Value]) -> Value:
    match given:
        case [Outside(name=name), value] if name == receiver.name:
            return value
        case [Table(values=table)] if receiver in table:
            return table[receiver]
    return None


def _of_text(calls: "Calls", receiver: Text, name: str, given: list[Value], keywords: Keywords) -> Value:
    if name == "join" and given:
        parts = elements(given[0])
        return None if parts is None else text.join(receiver, parts)
    if name == "format" and receiver.literal is not None:
        return text.formatted(receiver.literal, given, keywords)
    if name in ("substitute", "safe_substitute") and receiver.literal is not None:
        named = {**(given[0].values if given and isinstance(given[0], Table) else {}), **keywords}
        return text.dollars(receiver.literal, named)
    if name in text.LAYOUT:
        return text.laid_out(receiver, name, given)
    if name in ("split", "splitlines") and receiver.literal is not None:
        separators = [one for one in map(constant, given) if isinstance(one, str) and one]
        return Items([Text((part,)) for part in receiver.literal[:5000].split(separators[0] if separators else None)])
    return None


def _of_items(calls: "Calls", receiver: Items, name: str, given: list[Value], keywords: Keywords) -> Value:
    if name in ("append", "add", "extend", "update", "insert", "write") and given:
        found = elements(given[0]) if name in ("extend", "update") else given[-1:]
        twice = receiver.kind == "set" and not {*map(constant, found or [])}.isdisjoint(map(constant, receiver.values))
        if calls.unsure or found is None or twice or name == "insert" or len(receiver.values) > 1000:
            receiver.open = True
        else:
            receiver.values += found
        return literal(None)
    if name in ("pop", "popleft") and receiver.values and not receiver.open and not calls.unsure:
        place = constant(given[0]) if given else -1 if name == "pop" else 0
        if isinstance(place, int) and -len(receiver.values) <= place < len(receiver.values):
            return receiver.values.pop(place)
    if name in ("sort", "reverse"):
        changed = ordered(calls, [receiver], {}) if name == "sort" else reversed_(calls, [receiver], {})
        receiver.values = changed.values if isinstance(changed, Items) else [None]
        return literal(None)
    if name in ("pop", "popleft", "remove", "clear", "discard", "fill", *_CHANGING):
        receiver.open = True
        return None
    if name in ("tolist", "copy", "flatten", "ravel", "squeeze", "reshape", "astype", "as_mutable"):
        return Items(list(receiver.values), receiver.kind, receiver.open)
    if name in names.AGGREGATES or (name in names.SAME and name != "format"):
        return function(calls, name, [receiver, *given], keywords)
    for one in given:
        calls.handed(one)
    return None


def _of_table(calls: "Calls", receiver: Table, name: str, given: list[Value]) -> Value:
    known = values.key(given[0]) if given else UNKNOWN
    match name:
        case "get" if known is not UNKNOWN and not receiver.open:
            return receiver.values.get(known, given[1] if len(given) > 1 else literal(None))
        case "setdefault" if known is not UNKNOWN and not receiver.open and not calls.unsure:
            return receiver.values.setdefault(known, given[1] if len(given) > 1 else literal(None))
        case "pop" if known in receiver.values and not receiver.open and not calls.unsure:
            return receiver.values.pop(known)
        case "setdefault" | "pop" | "popitem" | "clear":
            receiver.open = True
        case "items" | "values" | "keys" if receiver.open:
            return None
        case "items":
            return Items([Items([values.of_key(key), value]) for key, value in receiver.values.items()])
        case "values":
            return Items(list(receiver.values.values()))
        case "keys":
            return Items([values.of_key(key) for key in receiver.values])
        case "copy":
            return Table(dict(receiver.values), receiver.open)
        case "update":
            other = dictionary(calls, given, {})
            if isinstance(other, Table) and not calls.unsure:
                receiver.values |= other.values
            else:
                receiver.open = True
    return None
