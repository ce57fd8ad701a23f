r"""Where a snippet's printed values come from: computed, or written into the code.

A value has an origin when nothing but literals, symbols and elementary notation leads to it: the numbers and names in
it are then its atoms. A snippet that prints an origin with the atoms of the stated answer (`print(863.84)`,
`x = 55; print(x)`, `print(3*x**2)` for `3x^2`, `return 1/3` for `\frac{1}{3}`) has computed nothing. The code is only
read, never run. It runs inside the sandbox and needs the standard library only.
"""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from transforms.execute import vocabulary
from transforms.execute.origins.atoms import atoms_of_text, number
from transforms.execute.origins.reading import Origin, Reading

_MOST_PRINTS = 100
_DEEPEST = 6  # calls of the snippet's own functions within each other


def read_code(code: str, language: str = "python") -> Reading:
    """Reads a snippet. Code that cannot be read counts as computing."""
    if language != "python":
        return Reading()
    try:
        tree = ast.parse(code)
        flow = _Flow()
        flow.run(tree.body, {}, decided=True)
        return Reading(tuple(flow.prints[:_MOST_PRINTS]), any(map(_rounds, ast.walk(tree))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Reading()


def _rounds(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in vocabulary.ROUNDERS
        case ast.FormattedValue(format_spec=spec):
            return spec is not None
        case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod()):
            return True
    return False


@dataclass
class _Flow:
    """Follows the assignments of a snippet in the order of its text."""

    prints: list[Origin | None] = field(default_factory=list)
    functions: dict[str, ast.FunctionDef | ast.Lambda] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)
    depth: int = 0

    def run(self, body: Iterable[ast.stmt], names: dict[str, Origin | None], decided: bool) -> Origin | None:
        """Runs through statements; `decided` is False where a computed condition leads. Gives what is returned."""
        returned: Origin | None = Origin()
        for statement in body:
            match statement:
                case ast.Import() | ast.ImportFrom():
                    if isinstance(statement, ast.Import):
                        self.modules |= {alias.asname or alias.name.split(".")[0] for alias in statement.names}
                case ast.FunctionDef(name=name):
                    self.functions[name] = statement
                case ast.ClassDef(body=inner):
                    self.run(inner, names, decided)
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        self._assign(target, value, names, decided)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._assign(target, value, names, decided)
                case ast.AugAssign(target=ast.Name(id=name), value=value):
                    both = _joined([names.get(name, Origin((name,))), self.origin(value, names)])
                    names[name] = Origin(both.atoms, True) if both and decided else None
                case ast.Return(value=value):
                    found = self.origin(value, names) if value else Origin()
                    return found if decided else None
                case ast.Expr(value=value):
                    self._expression(value, names, decided)
                case ast.If(test=test) | ast.While(test=test):
                    fixed = decided and _is_fixed(test)
                    found = self.run([*statement.body, *statement.orelse], names, fixed)
                    if fixed and (found is None or found.atoms):
                        return found
                    returned = returned if found and not found.atoms else None
                case ast.For(target=target):
                    names |= {node.id: None for node in ast.walk(target) if isinstance(node, ast.Name)}
                    if self.run([*statement.body, *statement.orelse], names, False) is None:
                        returned = None
                case ast.With(body=inner):
                    self.run(inner, names, decided)
                case ast.Try():
                    self.run([*statement.body, *statement.orelse, *statement.finalbody], names, decided)
        return returned

    def _assign(self, target: ast.expr, value: ast.expr, names: dict[str, Origin | None], decided: bool) -> None:
        match target, value:
            case ast.Name(id=name), ast.Lambda():
                self.functions[name] = value
            case ast.Name(id=name), _:
                found = self.origin(value, names)
                names[name] = found if decided else None
            case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
                for one, its in zip(targets, values, strict=True):
                    self._assign(one, its, names, decided)
            case ast.Tuple(elts=targets), _:
                found = self.origin(value, names)
                symbols = isinstance(value, ast.Call) and _called(value) in vocabulary.SYMBOLS
                for one in targets:
                    if isinstance(one, ast.Name):
                        names[one.id] = Origin((one.id,)) if symbols else found
            case ast.Subscript(value=ast.Name(id=name)) | ast.Attribute(value=ast.Name(id=name)), _:
                names[name] = _joined([names.get(name, Origin()), self.origin(value, names)])

    def _expression(self, value: ast.expr, names: dict[str, Origin | None], decided: bool) -> None:
        match value:
            case ast.Call(func=ast.Name(id="print" | "pprint" | "display") | ast.Attribute(attr="write")):
                if value.args:
                    shown = self._shown(value.args, names)
                    self.prints.append(shown if decided else None)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name)), args=arguments) if name in names:
                names[name] = _joined([names[name], *(self.origin(one, names) for one in arguments)])  # list.append
            case _:
                self.origin(value, names)

    def _shown(self, arguments: Sequence[ast.expr], names: dict[str, Origin | None]) -> Origin | None:
        """What one print shows beside its labels."""
        labels = [one for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        values = [one for one in arguments if one not in labels] or labels
        return _joined([self.origin(one, names) for one in values])

    def origin(self, node: ast.expr, names: dict[str, Origin | None]) -> Origin | None:
        """The origin of an expression; None if it is computed."""
        match node:
            case ast.Constant(value=value):
                return Origin(atoms_of_text(str(value)) if isinstance(value, str) else (number(str(value)),))
            case ast.Name(id=name):
                return names[name] if name in names else Origin((vocabulary.SPELLINGS.get(name, name),))
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in self.modules:
                return Origin((vocabulary.SPELLINGS.get(name, name),))
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Starred(value=inner):
                return self.origin(inner, names)
            case ast.UnaryOp(operand=inner):
                return self.origin(inner, names)
            case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod(), right=inner):  # "%.2f" % x
                return self.origin(inner, names)
            case ast.BinOp(left=left, right=right):
                return self._operated([left, right], names)
            case ast.Compare(left=left, comparators=others):
                return self._operated([left, *others], names)
            case ast.BoolOp(values=values):
                return self._operated(values, names)
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                return _joined([self.origin(item, names) for item in items])
            case ast.Dict(values=items):
                return _joined([self.origin(item, names) for item in items])
            case ast.JoinedStr(values=parts):
                values = [part.value for part in parts if isinstance(part, ast.FormattedValue)]
                text = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
                return _joined([self.origin(one, names) for one in values]) if values else Origin(atoms_of_text(text))
            case ast.Call():
                return self._call(node, names)
        return None

    def _operated(self, values: Sequence[ast.expr], names: dict[str, Origin | None]) -> Origin | None:
        both = _joined([self.origin(value, names) for value in values])
        return Origin(both.atoms, True) if both else None

    def _call(self, node: ast.Call, names: dict[str, Origin | None]) -> Origin | None:
        match node.func:
            case ast.Name(id=name):
                arguments = list(node.args)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in self.modules:
                arguments = list(node.args)
            case ast.Attribute(value=receiver, attr=name):
                arguments = [receiver, *node.args]
            case _:
                return None
        if name in self.functions:
            return self._own(self.functions[name], list(node.args), names)
        if name in vocabulary.SYMBOLS:
            return Origin(tuple(str(one.value) for one in node.args if isinstance(one, ast.Constant)))
        if name in vocabulary.ROUNDING:
            arguments = arguments[1:] if _is_format(node) else arguments[:1]
        if name in vocabulary.TRANSPARENT:
            return self._transparent(arguments, names)
        if name in vocabulary.REWRITING:
            return self._operated(arguments, names)
        if name in vocabulary.ELEMENTARY:
            inner = self._operated(arguments, names)
            return Origin((vocabulary.SPELLINGS.get(name, name), *inner.atoms), True) if inner else None
        return None

    def _transparent(self, arguments: Sequence[ast.expr], names: dict[str, Origin | None]) -> Origin | None:
        found = []
        for one in arguments:
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                try:  # sympify("3*17 + 4")
                    found.append(self.origin(ast.parse(one.value.strip(), mode="eval").body, {}))
                    continue
                except SyntaxError:
                    pass
            found.append(self.origin(one, names))
        return _joined(found)

    def _own(
        self, function: ast.FunctionDef | ast.Lambda, arguments: Sequence[ast.expr], names: dict[str, Origin | None]
    ) -> Origin | None:
        """A call of one of the snippet's own functions, followed into its body."""
        if self.depth >= _DEEPEST:
            return None
        parameters = [one.arg for one in function.args.args if one.arg not in ("self", "cls")]
        given = [self.origin(one, names) for one in arguments]
        inner = {**names, **dict.fromkeys(parameters), **dict(zip(parameters, given, strict=False))}
        self.depth += 1
        try:
            if isinstance(function, ast.Lambda):
                return self.origin(function.body, inner)
            return self.run(function.body, inner, decided=True)
        finally:
            self.depth -= 1


def _joined(origins: Iterable[Origin | None]) -> Origin | None:
    found = list(origins)
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return None
    return Origin(tuple(atom for one in known for atom in one.atoms), any(one.operated for one in known))


def _is_fixed(test: ast.expr) -> bool:
    """Whether a condition says nothing: a constant, or `__name__ == "__main__"`."""
    return isinstance(test, ast.Constant) or any(
        isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(test)
    )


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_format(node: ast.Call) -> bool:
    """`"{:.2f}".format(x)`, not `format(x, ".2f")`."""
    return isinstance(node.func, ast.Attribute) and node.func.attr == "format"
