"""Statements: follows a snippet from top to bottom, into its functions, and both ways where a condition computes."""

import ast
from collections.abc import Sequence
from functools import partial

from transforms.execute.origins import values
from transforms.execute.origins.calls import Calls
from transforms.execute.origins.operations import UNROLLED, combined, elements
from transforms.execute.origins.values import Items, Kind, Outside, Own, Scope, Value, constant, literal

_NEXT = frozenset({"next"})
_MOST_SOURCES = 3
_LONGEST_SOURCE = 20_000
_PLAIN_BASES = ("object", "ABC", "Enum", "IntEnum", "NamedTuple", "Generic", "Protocol", "TypedDict")
_EXITS = ("exit", "quit", "_exit")


class Flow(Calls):
    """Runs statements. How they may end is a set of `next`, `return`, `break`, `continue` and `raise`."""

    def run(self, body: Sequence[ast.stmt], scope: Scope) -> frozenset[str]:
        """Runs statements; what follows a statement that may leave is undecided."""
        ends: set[str] = set()
        with self.deeper() as shallow:
            if not shallow:
                self.lose()
                return _NEXT
            before = self.undecided
            for statement in body:
                found = self._statement(statement, scope)
                if self.thrown:
                    found, self.thrown = frozenset({"raise"}), False
                ends |= found - _NEXT
                if "next" not in found:
                    break
                if len(found) > 1:
                    self.undecided = before + 1
            else:
                ends.add("next")
            self.undecided = before
        return frozenset(ends)

    def run_source(self, source: str) -> None:
        """Runs code that stands in a string."""
        self.sources += 1
        try:
            if self.tired or self.sources > _MOST_SOURCES:
                self.lose()
            else:
                self.run(ast.parse(source[:_LONGEST_SOURCE]).body, self.module)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self.lose()
        finally:
            self.sources -= 1

    def _statement(self, statement: ast.stmt, scope: Scope) -> frozenset[str]:
        self.steps -= 1
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))) if name in _EXITS:
                return frozenset({"return"})
            case ast.Expr(value=value):
                self.evaluate(value, scope)
            case ast.Assign(targets=targets, value=value):
                found = self.evaluate(value, scope)
                for target in targets:
                    self.bind(target, found, scope)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.bind(target, self.evaluate(value, scope), scope)
            case ast.AugAssign():
                self._augment(statement, scope)
            case ast.Return(value=value):
                returned = self.evaluate(value, scope) if value else literal(None)
                if self.frames:
                    self.frames[-1].returned.append(None if self.says and values.is_verdict(returned) else returned)
                return frozenset({"return"})
            case ast.Break():
                return frozenset({"break"})
            case ast.Continue():
                return frozenset({"continue"})
            case ast.Raise(exc=exception):
                self.raised.append(self.evaluate(exception, scope) if exception else None)
                return frozenset({"raise"})
            case _:
                return self._compound(statement, scope)
        return _NEXT

    def _compound(self, statement: ast.stmt, scope: Scope) -> frozenset[str]:
        match statement:
            case ast.If(test=test, body=body, orelse=other):
                truth, says = self.condition(test, (*body, *other), scope)
                if truth is not None:
                    with self.saying(says):
                        return self.run(body if truth else other, scope)
                return self.branch([partial(self.run, body, scope), partial(self.run, other, scope)])
            case ast.For() | ast.AsyncFor():
                return self._for(statement, scope)
            case ast.While():
                return self._while(statement, scope)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for item in items:
                    value = self.evaluate(item.context_expr, scope)
                    if item.optional_vars:
                        self.bind(item.optional_vars, value, scope)
                return self.run(body, scope)
            case ast.Try() | ast.TryStar():
                return self._try(statement, scope)
            case ast.Match(subject=subject, cases=cases):
                self.evaluate(subject, scope)
                for pattern in ast.walk(statement):
                    if isinstance(pattern, ast.MatchAs | ast.MatchStar) and pattern.name:
                        self.assign(scope, pattern.name, None)
                return self.branch([partial(self.run, case.body, scope) for case in cases] + [lambda: _NEXT])
            case _:
                self._define(statement, scope)
        return _NEXT

    def _define(self, statement: ast.stmt, scope: Scope) -> None:
        match statement:
            case ast.Import(names=aliases):
                for alias in aliases:
                    name = alias.asname or alias.name.split(".")[0]
                    self.assign(scope, name, Outside(name, module=True))
            case ast.ImportFrom(names=aliases):
                for alias in aliases:
                    if alias.name != "*":
                        self.assign(scope, alias.asname or alias.name, Outside(alias.name))
            case ast.Global(names=declared) | ast.Nonlocal(names=declared):
                scope.outer |= set(declared)
                self.module.names = dict.fromkeys(declared) | self.module.names
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                value: Value = Own(statement, scope, self.defaults(statement.args, scope))
                for decorator in reversed(statement.decorator_list):
                    value = self._decorated(value, self.evaluate(decorator, scope))
                self.assign(scope, name, value)
            case ast.ClassDef(name=name):
                self._class(statement, scope)

    def _decorated(self, value: Value, decorator: Value) -> Value:
        if isinstance(decorator, Outside) and isinstance(value, Own):
            if decorator.name in ("property", "cached_property", "staticmethod", "classmethod"):
                value.role = decorator.name.removeprefix("cached_")
            return value
        return self.follow(decorator, [value]) if isinstance(decorator, Own | Kind) else value

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        inner = Scope(parent=scope)
        self.run(node.body, inner)
        found = [self.evaluate(one, scope) for one in node.bases]
        bases = [base for base in found if isinstance(base, Kind)]
        foreign = any(
            not isinstance(base, Outside) or base.name not in _PLAIN_BASES for base in found if base not in bases
        )
        fields = [
            one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        ]
        inherited = [name for base in bases for name in base.fields]
        self.assign(
            scope, node.name, Kind(inner, inherited + fields, bases, foreign or any(base.foreign for base in bases))
        )

    def _augment(self, node: ast.AugAssign, scope: Scope) -> None:
        value = self.evaluate(node.value, scope)
        old = self.evaluate(node.target, scope)
        if isinstance(old, Items) and old.kind == "list" and isinstance(node.op, ast.Add):
            found = elements(value)
            if found is None or self.unsure or len(old.values) > 1000:
                old.open = True
            else:
                old.values += found
            return
        start = constant(old) if isinstance(node.op, ast.Add | ast.Mult) else None
        self.bind(node.target, combined(node.op, old, value, start in (0, 1), True), scope)

    def _for(self, node: ast.For | ast.AsyncFor, scope: Scope) -> frozenset[str]:
        over = self.evaluate(node.iter, scope)
        found = elements(over)
        if found is None or len(found) > UNROLLED or self.tired:
            return self._loop(node, scope, surely=bool(found) or (isinstance(over, Items) and over.kind == "range"))
        left: set[str] = set()
        for position, one in enumerate(found):
            self.bind(node.target, values.one_of(one) if len(found) > 1 else one, scope)
            ends = self.run(node.body, scope)
            left |= ends & {"return"}
            if not ends & {"next", "continue"}:
                return frozenset(left or ends & {"raise"} or _NEXT)
            if (self.tired or ends & {"break", "return"}) and position < len(found) - 1:
                return frozenset(left | self._loop(node, scope))
        return frozenset(left | self.run(node.orelse, scope))

    def _while(self, node: ast.While, scope: Scope) -> frozenset[str]:
        truth = self.decided(self.evaluate(node.test, scope))
        if truth is False:
            return self.run(node.orelse, scope)
        if truth and not self.tired and any(isinstance(one, ast.Break | ast.Return) for one in node.body):
            ends = self.run(node.body, scope)
            if "continue" not in ends:
                return frozenset((ends - {"break"}) | (_NEXT if "break" in ends else frozenset()))
        return self._loop(node, scope, surely=bool(truth))

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, scope: Scope, surely: bool = False) -> frozenset[str]:
        """A loop that goes round nobody knows how often: what it assigns may come from any round before."""
        for name in _assigned(node):
            self.assign(scope, name, None)
        if surely:  # at least once
            with self.loosely():
                ends = self.run(node.body, scope)
            if ends == {"return"}:
                return ends
        else:
            ends = self.branch([partial(self.run, node.body, scope), lambda: _NEXT])
        return frozenset(ends - {"break", "continue"}) | self.run(node.orelse, scope)

    def _try(self, node: ast.Try | ast.TryStar, scope: Scope) -> frozenset[str]:
        outer, self.raised = self.raised, []
        ends = self.run(node.body, scope)
        raised, self.raised = self.raised, outer
        for handler in node.handlers:
            if handler.name:
                self.assign(scope, handler.name, values.select(raised, []))
        if ends == {"raise"} and node.handlers:
            ends = self.run(node.handlers[0].body, scope)
        else:
            if "next" in ends:
                ends = (ends - _NEXT) | self.run(node.orelse, scope)
            handlers = [partial(self.run, handler.body, scope) for handler in node.handlers]
            other = self.branch([lambda: _NEXT, *handlers]) if handlers else _NEXT
            ends |= other - _NEXT
        last = self.run(node.finalbody, scope)
        return ends if "next" in last else last


def _assigned(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
