"""Calls: of the snippet's own functions, which are followed, and of the libraries', most of which compute."""

import ast
from collections.abc import Sequence

from transforms.execute.origins import library, methods, values
from transforms.execute.origins.expressions import Expressions
from transforms.execute.origins.operations import elements
from transforms.execute.origins.values import (
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
    constant,
    literal,
)

_MOST_CALLS = 12  # within each other


class Frame:
    """What a call of a function gives back."""

    def __init__(self) -> None:
        self.returned: list[Value] = []
        self.produced = Items(kind="iterator")


class Calls(Expressions):
    """Follows calls."""

    def __init__(self) -> None:
        super().__init__()
        self.frames: list[Frame] = []
        self.active: list[ast.AST] = []
        self.seen: dict[ast.AST, set[str]] = {}  # the names in functions
        self.module = Scope({"__name__": Text(("__main__",))})

    def call(self, node: ast.Call, scope: Scope) -> Value:
        """The value of a call."""
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            return _super(scope)
        callee = self.evaluate(node.func, scope)
        if isinstance(node.func, ast.Attribute) and isinstance(callee, Method) and callee.receiver is None:
            self.spoil(node.func.value, scope)
        arguments, unsure = self.expanded(node.args, scope)
        keywords: dict[str, Value] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, scope)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            elif isinstance(value, Table):
                keywords |= {key: one for key, one in value.values.items() if isinstance(key, str)}
        if unsure and not (isinstance(callee, Outside | Method)):
            self._dark(callee, [])
            return None
        return self.follow(callee, arguments, keywords)

    def follow(self, callee: Value, arguments: list[Value], keywords: dict[str, Value] | None = None) -> Value:
        """Calls what belongs to the snippet, and knows some of the libraries; anything else is computed."""
        keywords = keywords or {}
        match callee:
            case Own():
                return self._own(callee, arguments, keywords)
            case Kind():
                return self._new(callee, arguments, keywords)
            case Instance():
                return self.follow(self.attribute(callee, "__call__"), arguments, keywords)
            case Items(values=inner, open=False) if len(arguments) == 1:  # an index, in Octave
                place = constant(arguments[0])
                return inner[place - 1] if isinstance(place, int) and 0 < place <= len(inner) else None
            case Outside(name=name):
                return library.function(self, name, arguments, keywords)
            case Method(receiver=receiver, name=name):
                return methods.method(self, receiver, name, arguments, keywords)
        self._dark(callee, [*arguments, *keywords.values()])
        return None

    def _dark(self, callee: Value, arguments: Sequence[Value]) -> None:
        """A call that nobody can follow: what it prints is lost."""
        for one in (callee, *arguments):
            self.handed(one)

    def handed(self, value: Value) -> None:
        """A function is handed to somebody who may call it any number of times."""
        if not isinstance(value, Own):
            return
        self.undecided += 1
        self._own(value, [None] * len(value.node.args.args), {})
        self.undecided -= 1

    def _own(self, own: Own, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        node = own.node
        local = self._local(own, [*own.bound, *arguments], keywords)
        if self.tired or node in self.active or len(self.active) >= _MOST_CALLS:
            self._pass(own, arguments)
            return None
        outer, self.recurses = self.recurses, getattr(node, "name", None) in self._names(node)
        self.active.append(node)
        self.frames.append(Frame())
        try:
            if isinstance(node, ast.Lambda):
                return self.evaluate(node.body, local)
            ends = self.run(node.body, local)
        finally:
            self.recurses = outer
            self.active.pop()
            frame = self.frames.pop()
        if frame.produced.values or frame.produced.open:
            return frame.produced
        self.thrown = ends == {"raise"} and not self.unsure
        return values.select(frame.returned + ([literal(None)] if "next" in ends else []), [])

    def _pass(self, own: Own, arguments: list[Value]) -> None:
        """A call that is not followed: what the function prints is lost, what it may change is computed."""
        found = self._names(own.node)
        if found & {"print", "pprint", "display"}:
            self.lose()
        holders = [(name, own.scope.find(name)) for name in found]
        for value in (*arguments, *own.bound, *(scope.names[name] for name, scope in holders if scope)):
            values.blur(value)

    def _names(self, node: ast.AST) -> set[str]:
        if node not in self.seen:
            self.seen[node] = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        return self.seen[node]

    def _local(self, own: Own, arguments: list[Value], keywords: dict[str, Value]) -> Scope:
        declared = own.node.args
        parameters = [one.arg for one in (*declared.posonlyargs, *declared.args)]
        names: dict[str, Value] = dict.fromkeys([*parameters, *(one.arg for one in declared.kwonlyargs)])
        names |= own.defaults | dict(zip(parameters, arguments, strict=False))
        extra = {key: value for key, value in keywords.items() if key not in names}
        names |= {key: value for key, value in keywords.items() if key in names}
        if declared.vararg:
            names[declared.vararg.arg] = Items(arguments[len(parameters) :], "tuple")
        if declared.kwarg:
            names[declared.kwarg.arg] = Table(dict(extra))
        return Scope(names, own.scope)

    def _new(self, kind: Kind, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        created = Instance(kind, {"": Items(arguments) if arguments else None} if kind.foreign else {})
        if isinstance(kind.find("__init__"), Own):
            self.follow(self.attribute(created, "__init__"), arguments, keywords)
            return created
        created.attributes |= {name: kind.find(name) for name in kind.fields if name in kind.scope.names}
        created.attributes |= dict(zip(kind.fields, arguments, strict=False)) | keywords
        if isinstance(kind.find("__post_init__"), Own):
            self.follow(self.attribute(created, "__post_init__"), [])
        return created

    def produce(self, node: ast.Yield | ast.YieldFrom, scope: Scope) -> Value:
        """Hands a value out of a generator."""
        value = self.evaluate(node.value, scope) if node.value else literal(None)
        if self.frames:
            produced = self.frames[-1].produced
            found = elements(value) if isinstance(node, ast.YieldFrom) else [value]
            produced.values += found or []
            produced.open |= found is None or self.unsure or len(produced.values) > 1000
        return literal(None)

    def shown(self, value: Value) -> Value:
        """A value as `print` shows it."""
        if isinstance(value, Instance):
            for name in ("__str__", "__repr__"):
                method = self.attribute(value, name)
                if isinstance(method, Own):
                    return self.follow(method, [])
        return value

    def parse(self, source: Text, scope: Scope | None = None) -> Value:
        """The value of an expression that stands in a string; with a scope, one whose names are the snippet's."""
        if source.literal is None:
            return (
                next((one for one in source.pieces if not isinstance(one, str)), None)
                if len(source.pieces) == 1
                else (values.written(source))
            )
        try:
            tree = ast.parse(source.literal.strip()[:5000], mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return values.written(source)
        if scope and any(isinstance(one, ast.Name) and one.id not in scope.names for one in ast.walk(tree)):
            return None
        known = {"true": True, "false": False, "null": None}
        return self.evaluate(tree, scope or Scope({name: literal(value) for name, value in known.items()}))


def _super(scope: Scope) -> Value:
    """The object of a method as one of its base class; its attributes are the same."""
    this = next(iter(scope.names.values()), None)
    if not isinstance(this, Instance):
        return None
    waiting = [this.kind]
    for _ in range(10):
        if not waiting or waiting[0].scope is scope.parent:
            break
        waiting = [*waiting[1:], *waiting[0].bases]
    return Instance(waiting[0].bases[0], this.attributes) if waiting and waiting[0].bases else None
