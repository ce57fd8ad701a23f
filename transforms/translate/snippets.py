"""From an expression tree to a Python snippet that computes it and prints one result."""

import ast
import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from transforms.translate.latex.reader import call, called
from transforms.translate.latex.trees import CONSTANTS, bound_names, calls, free_names

_MATH = {
    "factorial": "factorial", "binomial": "comb", "gcd": "gcd", "lcm": "lcm", "floor": "floor", "ceiling": "ceil",
    "sqrt": "sqrt", "sin": "sin", "cos": "cos", "tan": "tan", "asin": "asin", "acos": "acos", "atan": "atan",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "exp": "exp", "log": "log", "radians": "radians",
}  # fmt: skip
_BUILTIN = {"Abs": "abs", "Max": "max", "Min": "min"}
_EXACT = frozenset(
    ["factorial", "binomial", "gcd", "lcm", "floor", "ceiling", "Abs", "Max", "Min", "Mod", "pow", "degrees"]
)
_NUMERIC = _EXACT | frozenset(_MATH) | {"root"}
_METHODS = frozenset(["det", "transpose", "subs"])
_LOGARITHMS = {2: "log2", 10: "log10"}


@dataclass(frozen=True, slots=True)
class Task:
    """What a snippet has to compute.

    `values` are the numbers that the text gives to symbols, `finish` is a sympy function around the result, `numeric`
    asks for a decimal number, `constant` for a constant of integration by that name.
    """

    tree: ast.expr
    values: Mapping[str, ast.expr] = field(default_factory=dict)
    numeric: bool = False
    finish: str = ""
    constant: str = ""


@dataclass(frozen=True, slots=True)
class Equations:
    """Equations to solve, as pairs of sides, and the unknowns."""

    sides: tuple[tuple[ast.expr, ast.expr], ...]
    unknowns: tuple[str, ...]


def snippet(task: Task | Equations) -> str:
    """The snippet: imports, symbols, values, one print."""
    if isinstance(task, Equations):
        return _solving_snippet(task)
    if _symbolic(task):
        return _sympy_snippet(task)
    trees = [task.tree, *task.values.values()]
    floats = task.numeric or any(_has_float(tree) for tree in trees) or any(calls(t) - _EXACT for t in trees)
    writer = (
        _Floats()
        if floats
        else _Fractions(frozenset(name for name, value in task.values.items() if _is_fraction(value, frozenset())))
    )
    lines = [f"{name} = {writer.source(value)}" for name, value in task.values.items()]
    lines.append(f"print({writer.source(task.tree)})")
    return _join(_plain_imports(writer.modules), lines)


def is_rational(tree: ast.expr) -> bool:
    """Whether the tree has nothing but rational numbers and what maps them to rational numbers."""
    return not (calls(tree) - _EXACT) and not _has_float(tree) and not _names(tree) and _integer_powers(tree)


def _symbolic(task: Task) -> bool:
    """Whether plain Python cannot give the result as exactly as it is asked for."""
    trees = [task.tree, *task.values.values()]
    used = set().union(*map(calls, trees))
    if free_names(task.tree) - set(task.values) or used - _NUMERIC or "oo" in _names(task.tree):
        return True
    if task.numeric or any(map(_has_float, trees)):
        return False
    return bool(used - _EXACT) or any(_names(t) & set(CONSTANTS) or not _integer_powers(t) for t in trees)


def _sympy_snippet(task: Task) -> str:
    writer = _Sympy()
    symbols = _symbol_lines(task)
    values = [f"{name} = {writer.source(value)}" for name, value in task.values.items()]
    tree = task.tree
    if task.constant:
        tree = ast.BinOp(tree, ast.Add(), ast.Name(task.constant))
    result = writer.source(tree)
    finish = "N" if task.numeric and not (free_names(tree) - set(task.values)) else task.finish
    printed = f"{finish}({result})" if finish else result
    names = sorted(writer.used | ({finish} - {""}) | ({"symbols"} if symbols else set()), key=str.lower)
    return _join([f"from sympy import {', '.join(names)}"], [*symbols, *values, f"print({printed})"])


def _solving_snippet(task: Equations) -> str:
    """The roots of one equation, or a tuple with the value of each unknown of a system."""
    writer = _Sympy()
    equations = [writer.source(call("Eq", left, right)) for left, right in task.sides]
    names = ", ".join(task.unknowns)
    lines = [f'{names} = symbols("{" ".join(task.unknowns)}")']
    if len(equations) == 1:
        lines.append(f'print(*solve({equations[0]}, {names}), sep=", ")')
    else:
        lines.append(f"solution = solve([{', '.join(equations)}], [{names}])")
        lines.append(f"print(({', '.join(f'solution[{name}]' for name in task.unknowns)}))")
    imports = sorted({"solve", "symbols"} | writer.used, key=str.lower)
    return _join([f"from sympy import {', '.join(imports)}"], lines)


def _symbol_lines(task: Task) -> list[str]:
    """The declarations: bounds of sums are whole numbers, parameters of definite integrals positive ones."""
    bound = {name for node in ast.walk(task.tree) if isinstance(node, ast.Call) for name in bound_names(node)}
    names = (free_names(task.tree) | bound | ({task.constant} - {""})) - set(task.values)
    free = free_names(task.tree) - set(task.values)
    whole = free & _in_limits(task.tree, ("summation", "product"))
    definite = any(len(getattr(n, "elts", ())) == 3 for n in ast.walk(task.tree) if isinstance(n, ast.Tuple))
    positive = (free - whole) if definite else set()
    groups = [
        (names - whole - positive, ""),
        (whole, ", integer=True, positive=True"),
        (positive, ", positive=True"),
    ]
    return [
        f'{", ".join(sorted(group))} = symbols("{" ".join(sorted(group))}"{assumptions})'
        for group, assumptions in groups
        if group
    ]


def _in_limits(tree: ast.expr, names: Sequence[str]) -> set[str]:
    limits = [node.args[1] for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) in names]
    return set().union(*map(_names, limits))


class _Writer(ast.NodeTransformer):
    """Rewrites a tree into the source of one kind of snippet, and collects what that needs."""

    def __init__(self) -> None:
        self.modules: set[str] = set()

    def source(self, tree: ast.expr) -> str:
        return ast.unparse(ast.fix_missing_locations(self.visit(copy.deepcopy(tree))))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        arguments = [self.visit(argument) for argument in node.args]
        name = called(node)
        match name:
            case "Mod":
                return ast.BinOp(arguments[0], ast.Mod(), arguments[1])
            case "degrees":
                return arguments[0]
            case "pow":
                return call("pow", *arguments)
            case "root" if getattr(arguments[1], "value", None) == 3:
                return self._math("cbrt", arguments[:1])
            case "root":
                return ast.BinOp(arguments[0], ast.Pow(), ast.BinOp(ast.Constant(1), ast.Div(), arguments[1]))
            case "log" if len(arguments) == 2 and (base := getattr(arguments[1], "value", None)) in _LOGARITHMS:
                return self._math(_LOGARITHMS[base], arguments[:1])
        if name in _BUILTIN:
            return call(_BUILTIN[name], *arguments)
        return self._math(_MATH[name], arguments)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        constants = {"pi": "pi", "E": "e"}
        return self._attribute(constants[node.id]) if node.id in constants else node

    def _math(self, name: str, arguments: list[ast.expr]) -> ast.expr:
        return ast.Call(self._attribute(name), arguments, [])

    def _attribute(self, name: str) -> ast.expr:
        self.modules.add("math")
        return ast.Attribute(ast.Name("math"), name)


class _Floats(_Writer):
    """Decimal results with `math`."""


class _Fractions(_Writer):
    """Exact results with whole numbers and `Fraction`."""

    def __init__(self, fractions: frozenset[str]) -> None:
        super().__init__()
        self.fractions = fractions  # the symbols whose values are fractions

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        exact = [_is_fraction(side, self.fractions) for side in (node.left, node.right)]
        if isinstance(node.op, ast.Div) and not any(exact):
            return self._fraction(left, right)
        if isinstance(node.op, ast.Pow) and not exact[0] and _may_be_negative(node.right):
            return ast.BinOp(self._fraction(left), node.op, right)
        return ast.BinOp(left, node.op, right)

    def _fraction(self, *arguments: ast.expr) -> ast.expr:
        self.modules.add("Fraction")
        return call("Fraction", *arguments)


def _is_fraction(node: ast.expr, fractions: frozenset[str]) -> bool:
    """Whether the node's value is a Fraction once it is written with `_Fractions`."""
    match node:
        case ast.BinOp(op=ast.Div()):
            return True
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _is_fraction(left, fractions) or _may_be_negative(right)
        case ast.BinOp(left=left, right=right):
            return _is_fraction(left, fractions) or _is_fraction(right, fractions)
        case ast.UnaryOp(operand=operand):
            return _is_fraction(operand, fractions)
        case ast.Name(id=name):
            return name in fractions
        case ast.Call() if called(node) == "Abs":
            return _is_fraction(node.args[0], fractions)
    return False


def _may_be_negative(exponent: ast.expr) -> bool:
    return not (isinstance(exponent, ast.Constant) or (isinstance(exponent, ast.BinOp) and not _has_minus(exponent)))


def _has_minus(node: ast.expr) -> bool:
    return any(isinstance(child, ast.USub | ast.Sub | ast.Name) for child in ast.walk(node))


class _Sympy(_Writer):
    """Exact and symbolic results with sympy."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = called(node)
        arguments = [self.visit(argument) for argument in node.args]
        if name == "degrees":
            return arguments[0]
        if name in _METHODS:
            return ast.Call(ast.Attribute(arguments[0], name), arguments[1:], [])
        if name == "root" and not free_names(node):
            name = "real_root"  # of -8, -2 is meant
        name = {"radians": "rad"}.get(name, name)
        self.used.add(name)
        return call(name, *arguments)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in CONSTANTS:
            self.used.add(node.id)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        plain = not (_is_sympy(node.left) or _is_sympy(node.right))
        if isinstance(node.op, ast.Div) and plain:
            self.used.add("Rational")
            return call("Rational", left, right)
        if isinstance(node.op, ast.Pow) and plain and _may_be_negative(node.right):
            self.used.add("Integer")
            return ast.BinOp(call("Integer", left), node.op, right)
        return ast.BinOp(left, node.op, right)


def _is_sympy(node: ast.expr) -> bool:
    """Whether the node's value is sympy's own once it is written with `_Sympy`."""
    return any(
        isinstance(child, ast.Name | ast.Call | ast.Div)
        or (isinstance(child, ast.Constant) and isinstance(child.value, float))
        for child in ast.walk(node)
    ) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and _may_be_negative(node.right))


def _has_float(tree: ast.expr) -> bool:
    return any(isinstance(node, ast.Constant) and isinstance(node.value, float) for node in ast.walk(tree))


def _names(tree: ast.AST) -> set[str]:
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in functions}


def _integer_powers(tree: ast.expr) -> bool:
    """Whether no exponent holds a division."""
    return not any(
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and _is_fraction(node.right, frozenset())
        for node in ast.walk(tree)
    )


def _plain_imports(modules: set[str]) -> list[str]:
    lines = {"math": "import math", "Fraction": "from fractions import Fraction"}
    return [lines[module] for module in ("math", "Fraction") if module in modules]


def _join(imports: list[str], lines: list[str]) -> str:
    return "\n".join([*imports, *([""] if imports else []), *lines]) + "\n"
