"""Equations and systems whose solution the text states a little later."""

import ast
import bisect
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy

from transforms.translate.context import symbol
from transforms.translate.latex.constructs import split
from transforms.translate.latex.evaluation import evaluate
from transforms.translate.latex.grammar import read
from transforms.translate.latex.lexer import Group, Item, Token, Unreadable
from transforms.translate.latex.names import substitute
from transforms.translate.latex.reader import Scope
from transforms.translate.latex.statements import EQUAL, Member, Statement
from transforms.translate.latex.trees import calls, check_size, free_names, operations
from transforms.translate.snippets import Equations

REACH = 500  # characters between an equation and its solution
_TOGETHER = 40  # characters between two roots, or two equations of a system
_MAX_UNKNOWNS = 4
_MAX_BEFORE = 20  # assignments before an equation that may give values to it


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement, and where it stands in the text."""

    statement: Statement
    at: int


@dataclass(frozen=True, slots=True)
class Solution:
    """Equations and the values that the text gives to their unknowns; `at` is where the equations stand."""

    expression: str
    result: str
    at: int
    task: Equations
    given: tuple[str, ...] = ()  # the values of other letters, as the author wrote them


@dataclass(frozen=True, slots=True)
class _Equation:
    latex: str
    left: ast.expr
    right: ast.expr
    names: frozenset[str]
    at: int
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Assignment:
    name: str
    latex: str
    value: ast.expr
    at: int


def solutions(stated: Sequence[Stated]) -> list[Solution]:
    """Every equation in one unknown, and every linear system, that the values stated after it satisfy."""
    equations = [equation for item in stated if (equation := _equation(item))]
    assignments = [assignment for item in stated for assignment in _assignments(item)]
    return [*_single(equations, assignments), *_systems(equations, assignments)]


def _equation(item: Stated) -> _Equation | None:
    members = item.statement.members
    if len(members) != 2 or item.statement.relations != (EQUAL,):
        return None
    try:
        left, right = (read(member.items, Scope()) for member in members)
        for side in (left, right):
            check_size(side)
    except Unreadable:
        return None
    names = frozenset(free_names(left) | free_names(right))
    if not 1 <= len(names) <= _MAX_UNKNOWNS or operations(left) + operations(right) == 0:
        return None
    equation = _Equation(f"{members[0].latex} = {members[1].latex}", left, right, names, item.at)
    if _assignments(item) or calls(left) | calls(right) or _satisfied(equation, _somewhere(names)):
        return None
    return equation


def _somewhere(names: Iterable[str]) -> dict[str, ast.expr]:
    """A point at which identities hold and equations do not."""
    return {name: ast.Constant(1.37 + 0.61 * number) for number, name in enumerate(sorted(names))}


def _assignments(item: Stated) -> list[_Assignment]:
    r"""The value that the statement gives to a symbol, or the two of `x = 1 \pm \sqrt{2}`."""
    first, last = item.statement.members[0], item.statement.members[-1]
    name = symbol(first.items)
    if set(item.statement.relations) != {EQUAL}:
        return []
    if not name:
        return _pairwise(first, last, item.at)
    signs = [place for place, part in enumerate(last.items) if part.text in (r"\pm", r"\mp")]
    if not signs:
        return [_Assignment(name, last.latex, value, item.at) for value in _values([last.items])]
    if len(signs) > 1 or last.items[signs[0]].text == r"\mp":
        return []
    before, sign, after = last.items[: signs[0]], last.items[signs[0]], last.items[signs[0] + 1 :]
    plus, minus = ([Token(text, sign.start, sign.end)] for text in "+-")
    items = [[*before, *(plus if before else []), *after], [*before, *minus, *after]]
    values = _values(items)
    both = zip("+-", values, strict=False) if len(values) == len(items) else ()
    return [_Assignment(name, _one_sign(last.latex, sign), value, item.at) for sign, value in both]


def _pairwise(left: Member, right: Member, at: int) -> list[_Assignment]:
    """The values that `(x, y) = (1, 2)` gives to x and y."""
    groups = [m.items[0] for m in (left, right) if len(m.items) == 1 and isinstance(m.items[0], Group)]
    if len(groups) < 2 or any(group.kind != "(" for group in groups):
        return []
    names, parts = [symbol(part) for part in split(groups[0].items, ",")], split(groups[1].items, ",")
    values = _values(parts)
    if not all(names) or not 2 <= len(names) == len(parts) == len(values):
        return []
    start = right.items[0].start
    latex = [right.latex[part[0].start - start : part[-1].end - start] for part in parts]
    return [_Assignment(*row, at) for row in zip(names, latex, values, strict=True)]


def _one_sign(latex: str, sign: str) -> str:
    return re.sub(r"\\pm(?![A-Za-z])", lambda _: sign, latex).removeprefix("+").strip()


def _values(alternatives: Iterable[Sequence[Item]]) -> list[ast.expr]:
    """The values that can be read; those of numbers and roots alone."""
    found: list[ast.expr] = []
    for items in alternatives:
        try:
            value = read(items, Scope())
            check_size(value)
        except Unreadable:
            continue
        if not (free_names(value) or calls(value) - {"sqrt"}):
            found.append(value)
    return found


def _single(equations: Sequence[_Equation], assignments: Sequence[_Assignment]) -> Iterator[Solution]:
    """Equations in one unknown; the steps between an equation and its solution are no equations of their own."""
    done = -1
    for written in equations:
        equation = written if len(written.names) == 1 else _with_values(written, assignments)
        if equation is None or equation.at <= done:
            continue
        (name,) = equation.names
        roots = _roots(name, equation.at, assignments)
        if roots and _degree(equation) == len(roots) and all(_satisfied(equation, {name: r.value}) for r in roots):
            done = roots[-1].at
            task = Equations(((equation.left, equation.right),), (name,))
            yield Solution(equation.latex, ", ".join(root.latex for root in roots), equation.at, task, equation.given)


def _with_values(equation: _Equation, assignments: Sequence[_Assignment]) -> _Equation | None:
    """The equation in the one unknown that is left once the values stated before it are put in; None if others are."""
    end = bisect.bisect_left(assignments, equation.at, key=lambda a: a.at)
    near = [a for a in assignments[max(0, end - _MAX_BEFORE) : end] if equation.at - a.at <= REACH]
    known = {assignment.name: assignment for assignment in near if assignment.name in equation.names}
    if len(equation.names - set(known)) != 1 or len({(a.name, a.latex) for a in near if a.name in known}) > len(known):
        return None
    left, right = equation.left, equation.right
    if isinstance(left, ast.Name) or isinstance(right, ast.Name):
        return None  # a formula for the unknown: nothing to solve
    for name, assignment in known.items():
        left, right = (substitute(side, name, assignment.value) for side in (left, right))
    given = tuple(f"${a.name} = {a.latex}$" for a in known.values() if len(a.name) == 1)
    if len(given) < len(known):
        return None
    return _Equation(equation.latex, left, right, equation.names - set(known), equation.at, given)


def _roots(name: str, at: int, assignments: Sequence[_Assignment]) -> list[_Assignment]:
    """The first values of the unknown that are stated after a position, side by side."""
    roots: list[_Assignment] = []
    for assignment in _after(at, assignments):
        if assignment.name == name and (not roots or assignment.at - roots[-1].at <= _TOGETHER):
            roots.append(assignment)
    values: dict[str, _Assignment] = {}
    for root in roots:
        values.setdefault(ast.unparse(root.value), root)
    return list(values.values())


def _systems(equations: Sequence[_Equation], assignments: Sequence[_Assignment]) -> Iterator[Solution]:
    """Linear equations side by side in as many unknowns, with a value for each stated after them."""
    at = 0
    while at < len(equations):
        system = _system(equations[at:])
        names = tuple(sorted(system[0].names)) if system else ()
        values = {name: _first(name, system[-1].at, assignments) for name in names}
        known = {name: value for name, value in values.items() if value}
        if system and len(known) == len(names):
            trees = {name: value.value for name, value in known.items()}
            if all(_satisfied(equation, trees) for equation in system):
                task = Equations(tuple((equation.left, equation.right) for equation in system), names)
                result = f"({', '.join(known[name].latex for name in names)})"
                yield Solution(r",\quad ".join(e.latex for e in system), result, system[0].at, task)
        at += max(1, len(system))


def _system(equations: Sequence[_Equation]) -> Sequence[_Equation]:
    """The linear system that begins with the first equation, () if none does."""
    names = equations[0].names
    system = equations[: len(names)]
    if len(names) < 2 or len(system) < len(names):
        return ()
    close = all(b.at - a.at <= _TOGETHER + len(a.latex) for a, b in itertools.pairwise(system))
    linear = close and all(e.names <= names and _degree(e) == 1 for e in system)
    return system if linear and _independent(system, sorted(names)) else ()


def _independent(system: Sequence[_Equation], names: Sequence[str]) -> bool:
    """Whether linear equations have one solution: their coefficients make a matrix of full rank."""
    zero = dict.fromkeys(names, 0.0)
    try:
        rows = [[_residual(e, zero | {name: 1.0}) - _residual(e, zero) for name in names] for e in system]
    except ArithmeticError:
        return False
    return int(numpy.linalg.matrix_rank(rows)) == len(names)


def _residual(equation: _Equation, values: Mapping[str, float]) -> float:
    return evaluate(equation.left, values) - evaluate(equation.right, values)


def _first(name: str, at: int, assignments: Sequence[_Assignment]) -> _Assignment | None:
    return next((a for a in _after(at, assignments) if a.name == name), None)


def _after(at: int, assignments: Sequence[_Assignment]) -> Sequence[_Assignment]:
    """The assignments within reach after a position."""
    start = bisect.bisect_left(assignments, at, key=lambda a: a.at)
    return assignments[start : bisect.bisect_right(assignments, at + REACH, lo=start, key=lambda a: a.at)]


def _satisfied(equation: _Equation, values: Mapping[str, ast.expr]) -> bool:
    """Whether the values solve the equation: a check that the text means them as its solution."""
    try:
        numbers = {name: evaluate(value, {}) for name, value in values.items()}
        a, b = evaluate(equation.left, numbers), evaluate(equation.right, numbers)
    except (ArithmeticError, ValueError, LookupError, TypeError):
        return False
    return abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))


def _degree(equation: _Equation) -> int | None:
    """The degree of a polynomial equation, None if it is none."""
    degrees = [_degree_of(side) for side in (equation.left, equation.right)]
    known = [degree for degree in degrees if degree is not None]
    return max(known) if len(known) == 2 else None


def _degree_of(node: ast.expr) -> int | None:
    match node:
        case ast.Constant() | ast.Name(id="pi" | "E" | "I"):
            return 0
        case ast.Name():
            return 1
        case ast.UnaryOp(operand=operand):
            return _degree_of(operand)
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int(power))):
            degree = _degree_of(left)
            return None if degree is None else degree * power
        case ast.BinOp(left=left, op=operator, right=right):
            a, b = _degree_of(left), _degree_of(right)
            match operator:
                case _ if a is None or b is None:
                    return None
                case ast.Mult():
                    return a + b
                case ast.Add() | ast.Sub():
                    return max(a, b)
                case ast.Div() if b == 0:
                    return a
    return None
