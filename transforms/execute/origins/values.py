"""The values that the reader follows through a snippet. None stands for a value that is computed."""

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from transforms.execute.origins import names
from transforms.execute.origins.atoms import MOST_ATOMS, TELLING, atoms_of_text, number, spelled, weight, weight_of_text

UNKNOWN: Any = object()
LIGHT = 2  # weight up to which a literal may be an answer that a condition chooses
_MOST_PARTS = 2000


@dataclass(frozen=True, slots=True)
class Written:
    """A value that literals, symbols and notation lead to, with its Python value where that is known."""

    atoms: tuple[str, ...] = ()
    operated: bool = False  # it is the stated answer only where it has the same atoms
    constant: Any = UNKNOWN
    sum: bool = False  # the last operation was an addition or a subtraction
    several: bool = False  # one of those that a loop goes over: a condition that chooses it computes


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A string: its known parts, and the values between them."""

    pieces: tuple["str | Value", ...] = ()

    @property
    def literal(self) -> str | None:
        """The whole string, where it is known."""
        parts = [piece for piece in self.pieces if isinstance(piece, str)]
        return "".join(parts) if len(parts) == len(self.pieces) else None


@dataclass(slots=True, eq=False)
class Items:
    """A list, tuple, set, matrix or equation; `open` if nobody knows what else is in it."""

    values: list["Value"] = field(default_factory=list)
    kind: str = "list"
    open: bool = False


@dataclass(slots=True, eq=False)
class Table:
    """A dictionary with constant keys."""

    values: dict[Any, "Value"] = field(default_factory=dict)
    open: bool = False


@dataclass(frozen=True, slots=True)
class Outside:
    """A name that the snippet does not define: a module, a library's function, a constant, or a symbol."""

    name: str
    module: bool = False


@dataclass(eq=False)
class Scope:
    """The names of a module, a function or a class."""

    names: dict[str, "Value"] = field(default_factory=dict)
    parent: "Scope | None" = None
    outer: set[str] = field(default_factory=set)  # declared global or nonlocal

    def find(self, name: str) -> "Scope | None":
        """The scope that holds a name."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.parent
        return scope


@dataclass(slots=True, eq=False)
class Own:
    """A function of the snippet, with what is bound to it."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    defaults: dict[str, "Value"] = field(default_factory=dict)
    bound: tuple["Value", ...] = ()
    role: str = ""  # property, staticmethod, classmethod


@dataclass(slots=True, eq=False)
class Kind:
    """A class of the snippet."""

    scope: Scope
    fields: list[str] = field(default_factory=list)
    bases: list["Kind"] = field(default_factory=list)
    foreign: bool = False  # it extends a class of which the reader knows nothing, as `list`

    def find(self, name: str, depth: int = 5) -> "Value":
        """A class attribute, UNKNOWN if there is none."""
        if name in self.scope.names:
            return self.scope.names[name]
        found = (base.find(name, depth - 1) for base in self.bases if depth)
        return next((value for value in found if value is not UNKNOWN), UNKNOWN)


@dataclass(slots=True, eq=False)
class Instance:
    """An object of such a class."""

    kind: Kind
    attributes: dict[str, "Value"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """An attribute of a value that is not the snippet's own."""

    receiver: "Value"
    name: str


Value: TypeAlias = Written | Text | Items | Table | Outside | Own | Kind | Instance | Method | None


def constant(value: Value) -> Any:
    """The Python value of a literal, else UNKNOWN."""
    match value:
        case Written(operated=False, constant=known):
            return known
        case Text():
            return UNKNOWN if value.literal is None else value.literal
    return UNKNOWN


def truth_of(value: Value) -> Any:
    """What a literal, or an operation that only restates one, is as a condition or a neutral operand."""
    return value.constant if isinstance(value, Written) else constant(value)


def key(value: Value) -> Any:
    """A literal or a symbol as the key of a dictionary, else UNKNOWN."""
    return value if isinstance(value, Outside) else constant(value)


def of_key(key: Any) -> Value:
    """The value of such a key."""
    return Text((key,)) if isinstance(key, str) else key if isinstance(key, Outside) else literal(key)


def echo(given: Sequence[Value]) -> Value:
    """What an unknown function makes of a number: computed, unless the stated answer is that very number."""
    number = given[0] if given else None
    telling = isinstance(number, Written) and constant(number) is not UNKNOWN and weight(number.atoms) >= TELLING
    return Written(number.atoms, True) if telling and isinstance(number, Written) else None


def one_of(value: Value) -> Value:
    """An element of several that a loop goes over."""
    match value:
        case Written():
            return replace(value, several=True)
        case Items(values=inner, open=False) if all(isinstance(one, Written | Text) for one in inner):
            return Items([one_of(one) for one in inner], value.kind)
    return value


def blur(value: Value) -> None:
    """Nobody knows any more what is in a container."""
    match value:
        case Items() | Table():
            value.open = True
        case Instance():
            value.attributes = dict.fromkeys(value.attributes)


def literal(value: Any) -> Written:
    """The value of a literal that is not a string."""
    if isinstance(value, complex) and not value.real:
        return Written((number(str(value.imag)), "i"), constant=value)
    return Written((number(str(value)[:100]),), constant=value)


def written(value: Value) -> Written | None:
    """The atoms of a value with all its parts; None if any part is computed, or there are too many of them."""
    found: list[Written] = []
    waiting: list[Value] = [value]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return joined(found)
        match waiting.pop():
            case Written() as one:
                found.append(one)
            case Outside(name=name):
                found.append(Written((spelled(name),), spelled(name) in names.CONSTANTS))
            case Text() as text if text.literal is not None:
                found.append(Written(atoms_of_text(text.literal)))
            case Text(pieces=pieces):
                waiting += reversed([piece for piece in pieces if not isinstance(piece, str)])
            case Items(values=values, open=False):
                waiting += reversed(values)
            case Table(values=table, open=False):
                waiting += reversed(table.values())
            case Instance(attributes=attributes):
                waiting += reversed(attributes.values())
            case _:
                return None
    return None


def joined(parts: Iterable[Written | None]) -> Written | None:
    """Values side by side."""
    atoms: list[str] = []
    known: list[Written] = []
    for part in parts:
        if part is None:
            return None
        known.append(part)
        atoms += part.atoms[: MOST_ATOMS + 1 - len(atoms)]
    if len(known) == 1:
        return known[0]
    operated = any(part.operated for part in known)
    several = any(part.several for part in known)
    return (
        None if operated and len(atoms) > MOST_ATOMS else Written(tuple(atoms[:MOST_ATOMS]), operated, several=several)
    )


def is_verdict(value: Value) -> bool:
    """Whether this is what a condition may be put into: a word, or a truth value."""
    known = constant(value)
    return isinstance(known, bool) or (
        isinstance(known, str) and weight_of_text(known) <= LIGHT and not re.search(r"\d", known)
    )


def operated(values: Iterable[Value], *more: str) -> Written | None:
    """Arithmetic over values, with the name of the operation if it has one."""
    both = joined([Written(more), *map(written, values)])
    return Written(both.atoms, True) if both and len(both.atoms) < MOST_ATOMS else None


def weigh(value: Written | None, text: str | None = None) -> Written | None:
    """A value that a condition chose: a light one is computed thereby, a heavy one was known beforehand."""
    if value is None or value.several or (weight(value.atoms) if text is None else weight_of_text(text)) <= LIGHT:
        return None
    return Written(value.atoms, True)


def select(introduced: list[Value], before: list[Value]) -> Value:
    """One of several values, by a condition: those written in its branches, and that from before."""
    everything = introduced + before
    if not everything:
        return None
    if all(value is everything[0] for value in everything):
        return everything[0]
    known = [written(value) for value in everything]
    if None not in known and len({(one.atoms, one.operated, one.constant) for one in known if one}) == 1:
        return everything[0]
    heavy = {
        weigh(one, value.literal if isinstance(value, Text) else None)
        for one, value in zip(known, everything, strict=True)
        if not isinstance(value, Items | Table | Instance)
    }
    heavy.discard(None)
    return heavy.pop() if len(heavy) == 1 else None
