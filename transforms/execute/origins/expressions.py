"""Expressions: which of them compute, and which only write a value down in another way."""

import ast
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from transforms.execute.origins import text, values
from transforms.execute.origins.operations import UNROLLED, as_table, combined, comparison, elements, is_bare, same
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
    literal,
)
from transforms.execute.origins.walker import Walker


class Expressions(Walker):
    """Evaluates expressions as far as they are written down."""

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """The value of an expression."""
        with self.deeper() as shallow:
            return self._evaluate(node, scope) if shallow else None

    def _evaluate(self, node: ast.expr, scope: Scope) -> Value:
        match node:
            case ast.Constant(value=str() as string):
                return Text((string,))
            case ast.Constant(value=bytes() as raw):
                return Text((raw.decode("latin-1"),))
            case ast.Constant(value=value):
                return literal(value)
            case ast.Name(id=name):
                holder = scope.find(name)
                return holder.names[name] if holder else Outside(name)
            case ast.Call():
                return self.call(node, scope)
            case ast.Attribute(value=inner, attr=name):
                return self.attribute(self.evaluate(inner, scope), name)
            case ast.Subscript(value=inner, slice=index):
                return self._subscript(self.evaluate(inner, scope), index, scope)
            case ast.BinOp():
                return self._chain(node, scope)
            case ast.UnaryOp(op=op, operand=inner):
                return self._unary(op, self.evaluate(inner, scope))
            case ast.Compare() | ast.BoolOp() | ast.IfExp():
                return self._condition(node, scope)
            case ast.JoinedStr():
                return text.shortened(Text(tuple(self._pieces(node, scope))))
            case ast.Lambda():
                return Own(node, scope, self.defaults(node.args, scope))
            case ast.NamedExpr(target=target, value=inner):
                named = self.evaluate(inner, scope)
                self.assign(scope, target.id, named)
                return named
            case ast.Await(value=inner) | ast.Starred(value=inner) | ast.FormattedValue(value=inner):
                return self.evaluate(inner, scope)
            case ast.Yield() | ast.YieldFrom():
                return self.produce(node, scope)
        return self._collection(node, scope)

    def _collection(self, node: ast.expr, scope: Scope) -> Value:
        match node:
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                found, unsure = self.expanded(parts, scope)
                return Items(found, "list", unsure)
            case ast.Set(elts=parts):
                found, unsure = self.expanded(parts, scope)
                return Items(found, "set", unsure)
            case ast.Dict(keys=keys, values=inner):
                table = Table()
                for key, one in zip(keys, inner, strict=True):
                    value = self.evaluate(one, scope)
                    known = UNKNOWN if key is None else values.key(self.evaluate(key, scope))
                    if key is None and isinstance(value, Table):
                        table.values |= value.values
                    elif key is not None and known is not UNKNOWN:
                        table.values[known] = value
                    else:
                        table.open = True
                return table
            case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
                return self._comprehended(element, node.generators, Scope(parent=scope))
            case ast.DictComp(key=key, value=value):
                pairs = self._comprehended(ast.Tuple([key, value], ast.Load()), node.generators, Scope(parent=scope))
                return as_table(pairs)
        return None

    def produce(self, node: ast.Yield | ast.YieldFrom, scope: Scope) -> Value:
        """Hands a value out of a generator."""
        raise NotImplementedError

    def defaults(self, arguments: ast.arguments, scope: Scope) -> dict[str, Value]:
        """The parameters that have a default, with its value."""
        given = [*arguments.posonlyargs, *arguments.args]
        pairs = [*zip(given[len(given) - len(arguments.defaults) :], arguments.defaults, strict=True)]
        pairs += [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None]
        return {parameter.arg: self.evaluate(default, scope) for parameter, default in pairs}

    def expanded(self, nodes: Sequence[ast.expr], scope: Scope) -> tuple[list[Value], bool]:
        """Values with the starred ones taken apart; and whether any could not be taken apart."""
        found: list[Value] = []
        unsure = False
        for node in nodes:
            value = self.evaluate(node, scope)
            if isinstance(node, ast.Starred):
                inner = elements(value)
                unsure |= inner is None
                found += [None] if inner is None else inner
            else:
                found.append(value)
        return found, unsure

    def _comprehended(self, element: ast.expr, generators: list[ast.comprehension], scope: Scope) -> Value:
        first, *others = generators
        source = elements(self.evaluate(first.iter, scope))
        known = source is not None and len(source) <= UNROLLED and not self.tired
        result = Items(kind="list", open=not known)
        for one in source if known and source is not None else [None]:
            self.bind(first.target, one, scope)
            taken = [self.decided(self.evaluate(test, scope)) for test in first.ifs]
            if False in taken:
                continue
            result.open |= None in taken
            inner = self._comprehended(element, others, scope) if others else self.evaluate(element, scope)
            if others and isinstance(inner, Items):
                result.values += inner.values
                result.open |= inner.open
            else:
                result.values.append(inner)
        return result

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
                    old = [owner.attributes[name]] if self.undecided and name in owner.attributes else []
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
        while True:
            value = self.evaluate(node, scope)
            if isinstance(value, Items | Table | Instance):
                values.blur(value)
                return
            match node:
                case ast.Attribute(value=inner) | ast.Subscript(value=inner):
                    node = inner
                case ast.Name(id=name) if scope.find(name):
                    self.assign(scope, name, None)
                    return
                case _:
                    return

    def _store(self, owner: Value, key: Any, value: Value) -> None:
        match owner:
            case Table() if key is not UNKNOWN and not self.undecided:
                owner.values[key] = value
            case Items() if (
                isinstance(key, int) and -len(owner.values) <= key < len(owner.values) and not self.undecided
            ):
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
            case Instance(kind=kind):
                return self._of_class(kind.find(name), owner)
            case Kind():
                found = owner.find(name)
                return None if found is UNKNOWN else self._of_class(found, owner, on_class=True)
            case Items(kind="Eq", values=[left, right]) if name in ("lhs", "rhs"):
                return left if name == "lhs" else right
            case Table() if name in owner.values and name not in ("get", "items", "keys", "values"):
                return owner.values[name]
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

    def _subscript(self, owner: Value, index: ast.expr, scope: Scope) -> Value:
        if isinstance(index, ast.Slice):
            bounds = [b and constant(self.evaluate(b, scope)) for b in (index.lower, index.upper, index.step)]
            if isinstance(owner, Items) and not owner.open and UNKNOWN not in bounds and bounds[2] in (None, 1):
                return Items(owner.values[slice(*(b if isinstance(b, int) else None for b in bounds))], owner.kind)
            return None
        place = self.evaluate(index, scope)
        keys = list(map(values.key, place.values)) if isinstance(place, Items) else [values.key(place)]
        for key in keys:
            match owner:
                case Items(values=inner, open=False) if isinstance(key, int) and -len(inner) <= key < len(inner):
                    owner = inner[key]
                case Table(values=table) if key is not UNKNOWN and key in table:
                    owner = table[key]
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

    def _pieces(self, node: ast.JoinedStr, scope: Scope) -> Iterator[str | Value]:
        for part in node.values:
            value = self.shown(self.evaluate(part, scope))
            yield from value.pieces if isinstance(value, Text) else (value,)

    def _chain(self, node: ast.BinOp, scope: Scope) -> Value:
        """Arithmetic, whose left operands may be thousands deep."""
        spine = [node]
        while isinstance(spine[-1].left, ast.BinOp):
            spine.append(spine[-1].left)
        value = self.evaluate(spine[-1].left, scope)
        for one in reversed(spine):
            self.steps -= 1
            right = self.evaluate(one.right, scope)
            cancels = same(one.left, one.right)
            value = combined(one.op, value, right, is_bare(one.left), is_bare(one.right), cancels)
        return value

    def _unary(self, op: ast.unaryop, inner: Value) -> Value:
        known = constant(inner)
        if isinstance(op, ast.Not):
            truth = self.decided(inner)
            restated = isinstance(inner, Written) and inner.operated
            both = values.operated([inner], "not") if truth is None or restated else literal(not truth)
            return both if truth is None or both is None else Written(both.atoms, both.operated, not truth)
        if isinstance(op, ast.USub) and isinstance(known, int | float) and isinstance(inner, Written):
            return Written(inner.atoms, constant=-known)
        return inner if isinstance(inner, Written | Items) else values.written(inner)

    def _condition(self, node: ast.Compare | ast.BoolOp | ast.IfExp, scope: Scope) -> Value:
        match node:
            case ast.IfExp(test=test, body=body, orelse=other):
                truth = self.decided(self.evaluate(test, scope))
                if truth is not None:
                    return self.evaluate(body if truth else other, scope)
                return self._either([body, other], scope)
            case ast.BoolOp(op=op, values=parts):
                found: list[Value] = []
                for position, part in enumerate(parts):
                    if found:  # whether one gets here depends on what was found
                        rest = self._either(parts[position:], scope)
                        return values.select([*found, rest], [])
                    value = self.evaluate(part, scope)
                    truth = self.decided(value)
                    if truth is None or part is parts[-1] or truth is isinstance(op, ast.Or):
                        found.append(value)
                    if truth is isinstance(op, ast.Or):
                        break
                return found[0]
            case ast.Compare(left=first, ops=ops, comparators=others):
                compared = [self.evaluate(one, scope) for one in (first, *others)]
                bare = all(map(is_bare, (first, *others)))
                truth = (
                    comparison(ops[0], constant(compared[0]), constant(compared[1]), bare) if len(ops) == 1 else None
                )
                if truth is None and len(ops) == 1 and same(first, others[0]):
                    truth = isinstance(ops[0], ast.Eq | ast.Is | ast.LtE | ast.GtE) or None
                both = values.operated(compared)
                if truth is None or both is None:
                    return both if truth is None else literal(truth)
                bare = bare and len({constant(one) for one in compared}) > 1
                return Written(both.atoms, True, truth) if bare else literal(truth)
        return None

    def _either(self, nodes: Sequence[ast.expr], scope: Scope) -> Value:
        """One of these, by a computed condition."""
        found: list[Value] = []

        def way(node: ast.expr) -> frozenset[str]:
            found.append(self.evaluate(node, scope))
            return frozenset({"next"})

        self.branch([partial(way, node) for node in nodes])
        return values.select(found, [])

    def decided(self, value: Value) -> bool | None:
        """Whether a condition holds that says nothing (`True`, `__name__ == "__main__"`); None for any other."""
        match value:
            case Items(values=inner, open=False):
                return bool(inner)
            case Own() | Kind() | Instance():
                return True
        known = values.truth_of(value)
        return None if known is UNKNOWN else bool(known)


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
