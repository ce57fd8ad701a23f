"""Congruences whose right side is the remainder of the left one."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from transforms.translate.forms import is_rational
from transforms.translate.latex.evaluation import evaluate
from transforms.translate.latex.grammar import read
from transforms.translate.latex.lexer import Item, Unreadable
from transforms.translate.latex.reader import Scope, call
from transforms.translate.latex.statements import CONGRUENT, EQUAL, Member, Statement
from transforms.translate.latex.trees import check_size, free_names, operations
from transforms.translate.snippets import Task
from transforms.translate.titles import Claim

_EXACT = 2.0**53  # below it floats are exact
_WORTH = 2  # operations of a later member of a chain


def residues(statement: Statement) -> Iterator[Claim]:
    r"""`17 \equiv 2 \pmod 5`, where the right side is the remainder itself; so are steps in between, if computed."""
    *lefts, last = statement.members
    texts = [item.text for item in last.items]
    if r"\pmod" not in texts or set(statement.relations) - {CONGRUENT, EQUAL}:
        return
    place = texts.index(r"\pmod")
    least = 1
    for left in lefts:
        if found := _residue(left, last.items[:place], last.items[place + 1 :], least):
            result = last.latex[: last.latex.index(r"\pmod")].strip()
            yield replace(found, result=result.removeprefix("{").removesuffix("}") if result[:1] == "{" else result)
            least = _WORTH


def _residue(member: Member, remainder: Sequence[Item], modulus: Sequence[Item], least: int) -> Claim | None:
    try:
        left, value, by = (read(items, Scope()) for items in (member.items, remainder, modulus))
        match by, value:
            case ast.Constant(value=int(m)), ast.Constant(value=int(r)) if (
                0 <= r < m and operations(left) + (r > 0 and least == 1) >= least
            ):
                task = Task(_remainder(left, by))
                if not _may_leave(task.tree, r):
                    return None
            case _:
                return None
    except Unreadable:
        return None
    is_sum = isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add | ast.Sub)
    expression = f"({member.latex})" if is_sum else member.latex
    return Claim("Remainder", rf"{expression} \bmod {m}", "", task)


def _may_leave(tree: ast.expr, remainder: int) -> bool:
    """Whether a power or a small number leaves this remainder; of larger numbers it is not known here."""
    match tree:
        case ast.Call(
            args=[ast.Constant(value=int(base)), ast.Constant(value=int(exponent)), ast.Constant(value=int(m))]
        ):
            return pow(base, exponent, m) == remainder
        case ast.Call(args=[number, ast.Constant(value=int(m))]):
            try:
                value = evaluate(number, {})
            except (ArithmeticError, ValueError, LookupError, TypeError):
                return True
            return abs(value) >= _EXACT or value % m == remainder
    return True


def _remainder(left: ast.expr, modulus: ast.expr) -> ast.expr:
    match left:
        case ast.BinOp(left=ast.Constant(value=int()), op=ast.Pow(), right=ast.Constant() | ast.UnaryOp() as exponent):
            return call("pow", left.left, exponent, modulus)
    check_size(left)
    if free_names(left) or not is_rational(left) or any(isinstance(node, ast.Div) for node in ast.walk(left)):
        raise Unreadable("a remainder of what is no whole number")
    return call("Mod", left, modulus)
