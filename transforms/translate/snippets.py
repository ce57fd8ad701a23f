"""From an expression tree to a Python snippet that computes it and prints one result."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from transforms.translate.forms import EXACT, has_float, integer_powers, is_fraction, names_of
from transforms.translate.latex.evaluation import CONSTANTS
from transforms.translate.latex.reader import call, called
from transforms.translate.latex.trees import bound_names, calls, free_names
from transforms.translate.writers import MATH, Floats, Fractions, Sympy

_NUMERIC = EXACT | frozenset(MATH) | {"root"}


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
    floats = task.numeric or any(has_float(tree) for tree in trees) or any(calls(t) - EXACT for t in trees)
    writer = (
        Floats()
        if floats
        else Fractions(frozenset(name for name, value in task.values.items() if is_fraction(value, frozenset())))
    )
    lines = [f"{name} = {writer.source(value)}" for name, value in task.values.items()]
    lines.append(f"print({writer.source(task.tree)})")
    return _join(_plain_imports(writer.modules), lines)


def _symbolic(task: Task) -> bool:
    """Whether plain Python cannot give the result as exactly as it is asked for."""
    trees = [task.tree, *task.values.values()]
    used = set().union(*map(calls, trees))
    if free_names(task.tree) - set(task.values) or used - _NUMERIC or {"oo", "I"} & names_of(task.tree):
        return True
    if task.numeric or any(map(has_float, trees)):
        return False
    return bool(used - EXACT) or any(names_of(t) & set(CONSTANTS) or not integer_powers(t) for t in trees)


def _sympy_snippet(task: Task) -> str:
    writer = Sympy()
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
    writer = Sympy()
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
    whole = free & (_in_limits(task.tree, ("summation", "product")) | _inside(task.tree, ("factorial", "binomial")))
    definite = any(len(getattr(n, "elts", ())) == 3 for n in ast.walk(task.tree) if isinstance(n, ast.Tuple))
    positive = (free - whole) if definite else set()
    real = ", real=True" if calls(task.tree) & {"sqrt", "log", "Abs"} else ""
    groups = [
        (names - whole - positive, real),
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
    return set().union(*map(names_of, limits))


def _inside(tree: ast.expr, names: Sequence[str]) -> set[str]:
    return set().union(*(names_of(node) for node in ast.walk(tree) if called(node) in names))


def _plain_imports(modules: set[str]) -> list[str]:
    lines = {"math": "import math", "Fraction": "from fractions import Fraction"}
    return [lines[module] for module in ("math", "Fraction") if module in modules]


def _join(imports: list[str], lines: list[str]) -> str:
    return "\n".join([*imports, *([""] if imports else []), *lines]) + "\n"
