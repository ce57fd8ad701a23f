"""Which statements of a text are computations: something to compute on the left, its value on the right."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from transforms.translate.latex.grammar import read
from transforms.translate.latex.lexer import Unreadable
from transforms.translate.latex.reader import Scope, call, called
from transforms.translate.latex.statements import APPROXIMATE, CONGRUENT, Member, Statement
from transforms.translate.latex.trees import CALCULUS, calls, check_size, evaluate, free_names, operations
from transforms.translate.snippets import Task, is_rational

# Where an identity must hold to be one: an equation to be solved holds at none of these points.
_POINTS = ((1.3, 0.37), (2.7, 0.21), (0.45, 0.83))
_TOLERANCE = 1e-9
_MEMBER_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Claim:
    """A computation that the text states: `expression` has the value `result`, both as the author wrote them."""

    title: str
    expression: str
    result: str
    task: Task


@dataclass(frozen=True, slots=True)
class _Side:
    member: Member
    tree: ast.expr


@dataclass(frozen=True, slots=True)
class _Known:
    """The values that the text gives to symbols, and whether a function that it defines may have been used."""

    values: Mapping[str, ast.expr]
    functions: bool


def claim(statement: Statement, scope: Scope, values: Mapping[str, ast.expr]) -> Claim | None:
    """The computation that a statement makes in its context, None if it makes none that is surely understood."""
    if CONGRUENT in statement.relations:
        return _residue(statement)
    sides = [_side(member, scope) for member in statement.members]
    last = max((place for place, side in enumerate(sides) if side), default=0)
    right = sides[last]
    for place, left in enumerate(sides[:last]):
        if left and right and operations(left.tree):
            numeric = APPROXIMATE in statement.relations[place:last] or _has_decimals(right.tree)
            known = _Known(values, any(name in left.member.latex for name in scope.functions))
            if found := _judge(left, right, known, numeric=numeric):
                return found
    return None


def _side(member: Member, scope: Scope) -> _Side | None:
    if len(member.latex) > _MEMBER_LENGTH:
        return None
    try:
        tree = read(member.items, scope)
        check_size(tree)
    except Unreadable:
        return None
    return _Side(member, tree)


def _judge(left: _Side, right: _Side, known: _Known, *, numeric: bool) -> Claim | None:
    names, given = free_names(left.tree), free_names(right.tree)
    if ("degrees" in calls(left.tree)) != ("degrees" in calls(right.tree)):
        return None
    if ast.unparse(left.tree) == ast.unparse(right.tree) or calls(right.tree) & (CALCULUS | {"subs", "det"}):
        return None
    if not given and names <= set(known.values):
        used = _Known({name: known.values[name] for name in sorted(names)}, known.functions)
        return _numeric_claim(left, right, used, numeric=numeric)
    if calls(left.tree) & (CALCULUS | {"subs"}):
        return _symbolic_claim(left, right)
    return _identity(left, right)


def _numeric_claim(left: _Side, right: _Side, known: _Known, *, numeric: bool) -> Claim | None:
    if not _is_reduced(right.tree) or _is_mere_fraction(left.tree, right.tree):
        return None
    if (known.values or known.functions) and not _agree(left.tree, right.tree, known.values):
        return None
    return _claim(left, right, Task(left.tree, known.values, numeric=numeric, finish=_finish(left.tree)))


def _symbolic_claim(left: _Side, right: _Side) -> Claim | None:
    """A derivative, an integral, a sum or a limit whose value is an expression."""
    names, given = free_names(left.tree), free_names(right.tree)
    constant = ""
    if called(left.tree) == "integrate" and _is_indefinite(left.tree):
        constant = next(iter(sorted(given & {"C", "c"} - names)), "")
    if not given or not given - {constant} <= names:
        return None
    return _claim(left, right, Task(left.tree, constant=constant))


def _identity(left: _Side, right: _Side) -> Claim | None:
    """Two ways to write one expression."""
    names, given = free_names(left.tree), free_names(right.tree)
    if not names or not given <= names or operations(left.tree) < 2 or calls(left.tree) & {"Matrix", "Mod"}:
        return None
    if not all(_agree_at(left.tree, right.tree, names, start, step) for start, step in _POINTS):
        return None
    finish = _rewriting(left.tree, right.tree)
    if not finish:
        return None
    return _claim(left, right, Task(left.tree, finish=finish))


def _rewriting(left: ast.expr, right: ast.expr) -> str:
    """The sympy function that leads from the left side to the right one; "" if the right side is no result."""
    sums = (ast.Add, ast.Sub)
    if not any(isinstance(node, ast.Constant | ast.Call) for node in ast.walk(left)):
        return ""  # a law of arithmetic
    if not calls(left):
        if _is_binary(right, *sums) and any(_has_sum_inside(node) for node in ast.walk(left)):
            return "expand"
        if _is_binary(left, *sums) and _is_binary(right, ast.Mult, ast.Pow, ast.Div):
            return "factor"
    return "simplify" if operations(right) < operations(left) else ""


def _is_binary(node: ast.AST, *operators: type[ast.operator]) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, operators)


def _has_sum_inside(node: ast.AST) -> bool:
    """Whether the node is a product or a power of a sum."""
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else ()
    return _is_binary(node, ast.Mult, ast.Pow, ast.Div) and any(_is_binary(s, ast.Add, ast.Sub) for s in sides)


def _residue(statement: Statement) -> Claim | None:
    r"""`17 \equiv 2 \pmod 5`, where the right side is the remainder itself."""
    last = statement.members[-1]
    texts = [item.text for item in last.items]
    if r"\pmod" not in texts or set(statement.relations) - {CONGRUENT, "="}:
        return None
    place = texts.index(r"\pmod")
    try:
        modulus = read(last.items[place + 1 :], Scope())
        remainder = read(last.items[:place], Scope())
        left = read(statement.members[0].items, Scope())
        match left, modulus, remainder:
            case _, ast.Constant(value=int(m)), ast.Constant(value=int(r)) if 0 <= r < m and operations(left) + (r > 0):
                task = Task(_remainder(left, modulus))
            case _:
                return None
    except Unreadable:
        return None
    result = last.latex[: last.latex.index(r"\pmod")].strip()
    return Claim("Remainder", rf"{statement.members[0].latex} \bmod {m}", result, task)


def _remainder(left: ast.expr, modulus: ast.expr) -> ast.expr:
    match left:
        case ast.BinOp(left=ast.Constant(value=int()), op=ast.Pow(), right=ast.Constant(value=int())):
            return call("pow", left.left, left.right, modulus)
    check_size(left)
    if free_names(left) or not is_rational(left) or any(isinstance(node, ast.Div) for node in ast.walk(left)):
        raise Unreadable("a remainder of what is no whole number")
    return call("Mod", left, modulus)


def _claim(left: _Side, right: _Side, task: Task) -> Claim:
    return Claim(title(left.tree, task), left.member.latex, right.member.latex, task)


def title(tree: ast.expr, task: Task) -> str:
    """A heading that says what is computed."""
    used = calls(tree)
    match called(tree):
        case "integrate":
            return "Indefinite integral" if _is_indefinite(tree) else "Definite integral"
        case "diff" | "subs":
            return "Derivative"
        case "summation":
            return "Sum"
        case "product":
            return "Product"
        case "limit":
            return "Limit"
        case "det":
            return "Determinant"
    if "integrate" in used:
        return "Expression with an integral"
    if "Matrix" in used:
        return "Matrix calculation"
    if free_names(tree) - set(task.values):
        return {"expand": "Expansion", "factor": "Factorization"}.get(task.finish, "Simplification")
    return "Value of an expression" if task.values else "Numerical calculation"


def _is_indefinite(tree: ast.expr) -> bool:
    return called(tree) == "integrate" and isinstance(tree, ast.Call) and isinstance(tree.args[1], ast.Name)


def _finish(tree: ast.expr) -> str:
    """`simplify` where sympy would print a number's roots and angles back as they are."""
    return "simplify" if not calls(tree) & (CALCULUS | {"Matrix", "subs"}) else ""


def _has_decimals(tree: ast.expr) -> bool:
    """Whether the value is stated as a decimal number or as a percentage."""
    return any(_is_percentage(node) for node in ast.walk(tree)) or any(
        isinstance(node, ast.Constant) and isinstance(node.value, float) for node in ast.walk(tree)
    )


def _is_percentage(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.right, ast.Constant) and node.right.value == 100


def _is_mere_fraction(left: ast.expr, right: ast.expr) -> bool:
    """Whether a fraction of two numbers is only written otherwise: neither divided out nor reduced."""
    match left, right:
        case ast.BinOp(left=ast.Constant(), op=ast.Div(), right=ast.Constant(value=int(m))), _:
            match right:
                case ast.BinOp(left=ast.Constant(), op=ast.Div(), right=ast.Constant(value=int(n))):
                    return n >= m
            return not isinstance(right, ast.Constant | ast.UnaryOp)
    return False


def _is_reduced(tree: ast.expr) -> bool:
    """Whether nothing is left to work out between plain numbers: a value, not a step on the way to one."""
    match tree:
        case ast.Constant() | ast.Name():
            return True
        case ast.Call(args=[ast.Constant()]) if called(tree) == "degrees":
            return True
        case ast.UnaryOp(operand=operand):
            return _is_reduced(operand)
        case ast.BinOp(left=ast.Constant(), op=ast.Div() | ast.Pow(), right=ast.Constant()):
            return True
        case ast.BinOp(left=ast.Constant(), op=ast.Mult(), right=ast.BinOp(left=ast.Constant(value=10), op=ast.Pow())):
            return True
        case ast.BinOp(left=left, right=right):
            return not (is_rational(left) and is_rational(right)) and _is_reduced(left) and _is_reduced(right)
        case ast.Call(args=arguments) if called(tree) in ("sqrt", "root", "log", "exp"):
            return all(map(_is_reduced, arguments))
        case ast.Call(args=[ast.List(elts=rows)]) if called(tree) == "Matrix":
            return all(_is_reduced(entry) for row in rows if isinstance(row, ast.List) for entry in row.elts)
    return False


def _agree(left: ast.expr, right: ast.expr, values: Mapping[str, ast.expr]) -> bool:
    """Whether the sides are about equal with the values that the text gives: a check that these belong together."""
    try:
        numbers = {name: evaluate(value, {}) for name, value in values.items()}
        a, b = evaluate(left, numbers), evaluate(right, {})
    except (ArithmeticError, ValueError, LookupError, TypeError):
        return bool(calls(left) & (CALCULUS | {"subs", "Mod", "gcd", "lcm", "Matrix"}))  # not floats' business
    return abs(a - b) <= 0.01 * max(abs(b), 1e-6)


def _agree_at(left: ast.expr, right: ast.expr, names: set[str], start: float, step: float) -> bool:
    point = {name: start + step * number for number, name in enumerate(sorted(names))}
    try:
        a, b = evaluate(left, point), evaluate(right, point)
    except (ArithmeticError, ValueError, LookupError, TypeError):
        return False
    return abs(a - b) <= _TOLERANCE * max(1.0, abs(a), abs(b))
