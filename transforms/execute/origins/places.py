"""Places that hold values: names, attributes, elements; what is put there, and what is found there."""

import ast
from collections.abc import Sequence
from typing import Any

from transforms.execute.origins import values
from transforms.execute.origins.operations import elements
from transforms.execute.origins.values import (
    UNKNOWN,
    Instance,
    Items,
    Kind,
    Method,
    Outside,
    Own,
    Scope,
    Table,
    Text,
    Value,
    Written,
    constant,
)
from transforms.execute.origins.walker import Walker


class Places(Walker):
    """Assigns to places and reads them."""

    def bind(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Assigns to whatever stands on the left."""
        match target:
            case ast.Name(id=name):
                self.assign(scope, name, value)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                parts = _dealt(targets, value)
                for one, part in zip(targets, parts, strict=True):
                    self.bind(one, part, scope)
            case ast.Starred(value=inner):
                self.bind(inner, value, scope)
            case ast.Attribute(value=inner, attr=name):
                owner = self.evaluate(inner, scope)
                if isinstance(owner, Instance):
                    old = [owner.attributes[name]] if self.unsure and name in owner.attributes else []
                    owner.attributes[name] = values.select([value], old) if old else value
                elif isinstance(owner, Kind):
                    self.assign(owner.scope, name, value)
                else:
                    self.spoil(inner, scope)
            case ast.Subscript(value=inner, slice=index):
                container = self.evaluate(inner, scope)
                self._store(container, values.key(self.evaluate(index, scope)), value)
                if not isinstance(container, Items | Table):
                    self.spoil(inner, scope)

    def spoil(self, node: ast.expr, scope: Scope) -> None:
        """Something in a container changes, and nobody knows which."""
        root = node
        while isinstance(root, ast.Attribute | ast.Subscript):
            root = root.value
        if not isinstance(root, ast.Name) or scope.find(root.id) is None:
            return
        while isinstance(node, ast.Attribute | ast.Subscript):
            value = self.evaluate(node, scope)
            if isinstance(value, Items | Table | Instance):
                values.blur(value)
                return
            node = node.value
        value = self.evaluate(root, scope)
        values.blur(value)
        if not isinstance(value, Items | Table | Instance | Outside | Kind | Own):
            self.assign(scope, root.id, None)

    def _store(self, owner: Value, key: Any, value: Value) -> None:
        match owner:
            case Table() if key is not UNKNOWN and not self.unsure:
                owner.values[key] = value
            case Items() if isinstance(key, int) and -len(owner.values) <= key < len(owner.values) and not self.unsure:
                owner.values[key] = value
            case Items() | Table():
                owner.open = True

    def attribute(self, owner: Value, name: str) -> Value:
        """What an attribute holds."""
        match owner:
            case Outside(name=_, module=True):
                return Outside(name, module=True)
            case Instance() if name in owner.attributes:
                return owner.attributes[name]
            case Instance(attributes={"": held}) if name == "args":
                return held
            case Instance(kind=kind):
                return self._of_class(kind.find(name), owner)
            case Kind():
                found = owner.find(name)
                return None if found is UNKNOWN else self._of_class(found, owner, on_class=True)
            case Items(kind="Eq", values=[left, right]) if name in ("lhs", "rhs"):
                return left if name == "lhs" else right
            case Items() if name in ("iloc", "loc", "flat", "values", "args", "value", "code"):
                return owner
            case Written() if name in ("value", "real"):
                return owner
        return Method(owner, name)

    def _of_class(self, found: Value, owner: Instance | Kind, on_class: bool = False) -> Value:
        if found is UNKNOWN:
            return None
        if not isinstance(found, Own):
            return found
        if found.role == "property" and not on_class:
            return self.follow(found, [owner])
        if found.role == "staticmethod" or (on_class and found.role != "classmethod"):
            return found
        return Own(found.node, found.scope, found.defaults, (owner,))

    def subscript(self, owner: Value, index: ast.expr, scope: Scope) -> Value:
        """What is found at an index."""
        if isinstance(index, ast.Slice):
            bounds: list[Any] = [
                b and constant(self.evaluate(b, scope)) for b in (index.lower, index.upper, index.step)
            ]
            part = slice(*(end if isinstance(end, int) else None for end in bounds))
            straight = UNKNOWN not in bounds and bounds[2] in (None, 1)
            if isinstance(owner, Items) and not owner.open and straight:
                return Items(owner.values[part], owner.kind)
            return Text((owner.literal[part],)) if isinstance(owner, Text) and owner.literal and straight else None
        place = self.evaluate(index, scope)
        keys = (
            list(map(values.key, place.values))
            if isinstance(index, ast.Tuple) and isinstance(place, Items)
            else [values.key(place)]
        )
        for key in keys:
            match owner:
                case Items(values=inner, open=False) if isinstance(key, int) and -len(inner) <= key < len(inner):
                    owner = inner[key]
                case Table(values=table, open=False) if key is not UNKNOWN and key in table:
                    owner = table[key]
                case Text(literal=str() as known) if isinstance(key, int) and -len(known) <= key < len(known):
                    owner = Text((known[key],))
                case Instance():
                    return self.follow(self.attribute(owner, "__getitem__"), [place])
                case Items(open=False) | Table(open=False) if key is UNKNOWN:
                    found = owner.values if isinstance(owner, Items) else list(owner.values.values())
                    single = len(found) <= 2 and all(isinstance(one, Written | Text) for one in found)
                    return values.select(found, []) if single else None
                case Written(operated=False) | Outside() if key is not UNKNOWN:
                    return owner
                case _:
                    return None
        return owner


def _dealt(targets: Sequence[ast.expr], value: Value) -> list[Value]:
    """The values of the targets that one value is unpacked to."""
    parts = elements(value)
    starred = [position for position, one in enumerate(targets) if isinstance(one, ast.Starred)]
    if parts is not None and starred and len(parts) >= len(targets) - 1:
        rest = len(parts) - len(targets) + 1
        first = starred[0]
        parts = [*parts[:first], Items(parts[first : first + rest]), *parts[first + rest :]]
    if parts is None or len(parts) != len(targets):
        return [value if isinstance(value, Written) else None] * len(targets)
    return parts
