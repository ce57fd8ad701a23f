"""Expressions: which of them compute, and which only write a value down in another way."""

import ast
from collections.abc import Iterator, Sequence
from functools import partial

from transforms.execute.origins import text, values
from transforms.execute.origins.operations import UNROLLED, as_table, combined, comparison, elements, is_bare, same
from transforms.execute.origins.places import Places
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
    Written,
    constant,
    literal,
)

_BACK = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}


class Expressions(Places):
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
                return self.subscript(self.evaluate(inner, scope), index, scope)
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
            if self.tired and result.values:
                result.open = True
                break
            self.bind(first.target, one, scope)
            taken = [self.decided(self.evaluate(test, scope)) for test in first.ifs]
            if False in taken:
                continue
            result.open |= None in taken and len(source or []) != 1
            inner = self._comprehended(element, others, scope) if others else self.evaluate(element, scope)
            if others and isinstance(inner, Items):
                result.values += inner.values
                result.open |= inner.open
            else:
                result.values.append(inner)
        return result

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
        for one in _without_detours(spine[::-1]):
            self.steps -= 1
            right = self.evaluate(one.right, scope)
            cancels = same(one.left, one.right) and any(isinstance(part, ast.Name) for part in ast.walk(one.left))
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
                truth, says = self.condition(test, (body, other), scope)
                if truth is None:
                    return self._either([body, other], scope)
                found = self.evaluate(body if truth else other, scope)
                return None if says and values.is_verdict(found) else found
            case ast.BoolOp(op=op, values=parts):
                parted: list[Value] = []
                for position, part in enumerate(parts):
                    if parted:  # whether one gets here depends on what was found
                        rest = self._either(parts[position:], scope)
                        return values.select([*parted, rest], [])
                    value = self.evaluate(part, scope)
                    truth = self.decided(value)
                    if truth is None or part is parts[-1] or truth is isinstance(op, ast.Or):
                        parted.append(value)
                    if truth is isinstance(op, ast.Or):
                        break
                return parted[0]
            case ast.Compare(left=first, ops=ops, comparators=others):
                compared = [self.evaluate(one, scope) for one in (first, *others)]
                both = values.operated(compared)
                if len(ops) == 1 and same(first, others[0]) and isinstance(ops[0], ast.Eq | ast.Is | ast.LtE | ast.GtE):
                    return literal(True)
                truth = comparison(ops, compared)
                known = set(map(constant, compared))
                if truth is None or both is None or len(known) == 1 or None in known:
                    return both if truth is None else literal(truth)
                return Written(both.atoms, True, truth)
        return None

    def _either(self, nodes: Sequence[ast.expr], scope: Scope) -> Value:
        """One of these, by a computed condition."""
        found: list[Value] = []

        def way(node: ast.expr) -> frozenset[str]:
            found.append(self.evaluate(node, scope))
            return frozenset({"next"})

        self.branch([partial(way, node) for node in nodes])
        return values.select(found, [])

    def condition(self, test: ast.expr, ways: Sequence[ast.AST], scope: Scope) -> tuple[bool | None, bool]:
        """Whether a condition holds, None if it computes; and whether that says something about what has a name.

        Comparing two named values to go on with one of them computes: that is how a maximum is found. So does what
        ends a recursion.
        """
        value = self.evaluate(test, scope)
        named = {one.id for one in ast.walk(test) if isinstance(one, ast.Name)}
        says = isinstance(value, Written) and value.operated and bool(named)
        used = (one for way in ways for one in ast.walk(way) if says and len(named) > 1)
        picks = any(isinstance(one, ast.Name) and one.id in named for one in used)
        return (None, True) if picks or (says and self.recurses) else (self.decided(value), says)

    def decided(self, value: Value) -> bool | None:
        """Whether a condition holds that says nothing (`True`, `__name__ == "__main__"`); None for any other."""
        match value:
            case Items(values=inner, open=False):
                return bool(inner)
            case Own() | Kind() | Instance():
                return True
        known = values.truth_of(value)
        return None if known is UNKNOWN else bool(known)


def _without_detours(steps: list[ast.BinOp]) -> list[ast.BinOp]:
    """Arithmetic from left to right, without a step that the next one takes back: `+ x - x`, `* x / x`."""
    left: list[ast.BinOp] = []
    for step in steps:
        back = left and _BACK.get(type(left[-1].op)) is type(step.op) and same(left[-1].right, step.right)
        if back and any(isinstance(part, ast.Name) for part in ast.walk(step.right)):
            left.pop()
        else:
            left.append(step)
    return left
