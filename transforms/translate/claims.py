"""Which statements of a text are computations: something to compute on the left, its value on the right."""

import ast
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from transforms.translate.equality import (
    agree,
    equal_at_whole_numbers,
    identical,
    is_complex,
    needs_imaginary,
    surely_agree,
)
from transforms.translate.forms import has_lone_e, is_mere_fraction, is_reduced, names_of, states_decimals
from transforms.translate.latex.grammar import read
from transforms.translate.latex.lexer import Group, Item, Unreadable
from transforms.translate.latex.reader import Ambiguous, Scope, called
from transforms.translate.latex.shapes import check_shapes
from transforms.translate.latex.statements import APPROXIMATE, CONGRUENT, Member, Statement
from transforms.translate.latex.trees import (
    CALCULUS,
    calls,
    check_size,
    differentiated,
    free_names,
    operations,
)
from transforms.translate.residues import residues
from transforms.translate.snippets import Task
from transforms.translate.titles import Claim, is_indefinite, title

_WORTH = 2  # operations of a later member of a chain
_ROUNDED, _ROUGHLY = 0.01, 0.1  # relative differences; 2^{20} is about 10^6
_MAX_MEMBERS = 20  # of a chain that are looked at: the work grows with their square
_MAX_CHOICES = 2  # of ambiguous things in one member
_WITH_E = CALCULUS | {"subs", "exp", "log"}
# Two of these may be equal at a few points by chance.
_NO_IDENTITY = frozenset(["Matrix", "vector", "Mod", "floor", "ceiling", "gcd", "lcm"])


@dataclass(frozen=True, slots=True)
class _Side:
    """A member and its readings: more than one where it is ambiguous."""

    member: Member
    tree: ast.expr
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Known:
    """The values that the text gives to symbols, and the letters of functions that it defines."""

    values: Mapping[str, ast.expr]
    functions: frozenset[str] = frozenset()


def claims(statement: Statement, scope: Scope, values: Mapping[str, ast.expr]) -> Iterator[Claim]:
    """The computations that a statement makes in its context, () if it makes none that is surely understood.

    Of a chain, its first member that can be computed, and each later one that is a computation of its own.
    """
    if CONGRUENT in statement.relations or any(item.text == r"\pmod" for item in statement.members[-1].items):
        yield from residues(statement)
        return
    sides = [
        (place, side)
        for place, member in enumerate(statement.members[:_MAX_MEMBERS])
        if (side := _readings(member, scope))
    ]
    made = 0
    known = _Known(values, frozenset(scope.functions))
    for place, left in sides:
        if max(operations(side.tree) for side in left) < (_WORTH if made else 1):
            continue
        for last, right in reversed(sides):
            if last <= place:
                break
            if found := _resolved(left, right, known, APPROXIMATE in statement.relations[place:last]):
                yield found
                made += 1
                break
    if not made and sides and (found := _reversed(sides)):
        yield found


def _reversed(sides: list[tuple[int, list[_Side]]]) -> Claim | None:
    r"""`364 = 1 + 3 + 9 + \ldots`: a number, and right after it how it is computed."""
    (first, left), *others = sides
    match [side.tree for side in left]:
        case [ast.Constant()] if others and others[0][0] == first + 1:
            right = others[0][1]
            if (
                len(right) == 1
                and right[0].sure
                and operations(right[0].tree) >= _WORTH
                and not free_names(right[0].tree)
            ):
                numeric = states_decimals(left[0].tree)
                return _judge(right[0], left[0], _Known({}), numeric=numeric)
    return None


def _readings(member: Member, scope: Scope) -> list[_Side]:
    """The ways to read a member; one where it is clear, none where it is refused."""
    try:
        tree = read(member.items, scope)
        check_size(tree)
        check_shapes(tree, scope.matrices)
    except Ambiguous as error:
        if len(scope.choices) >= _MAX_CHOICES:
            return []
        ways = [replace(scope, choices=scope.choices | {way}) for way in error.ways]
        return [replace(side, sure=False) for way in ways for side in _readings(member, way)]
    except Unreadable:
        return []
    return [_Side(member, tree)]


def _resolved(left: list[_Side], right: list[_Side], known: _Known, approximate: bool) -> Claim | None:
    """The claim of two sides; of ambiguous ones, in the only reading that makes it true."""
    if known.functions and _applies(right[0].member.items, known.functions):
        return None  # f(b) - f(a) is no value
    made: dict[str, Claim] = {}
    for a, b in itertools.product(left, right):
        numeric = approximate or states_decimals(b.tree)
        if ((a.sure and b.sure) or _fit(a, b, known)) and (found := _judge(a, b, known, numeric=numeric)):
            about = numeric and not states_decimals(b.tree)
            found = replace(found, result=rf"\approx {found.result}") if about else found
            made[ast.unparse(a.tree) + "=" + ast.unparse(b.tree)] = found
    return next(iter(made.values())) if len(made) == 1 else None


def _applies(items: Sequence[Item], functions: frozenset[str]) -> bool:
    """Whether one of the functions is applied to something, or has a prime."""
    for item, after in itertools.zip_longest(items, items[1:]):
        if isinstance(item, Group):
            if _applies(item.items, functions):
                return True
        elif (
            item.text in functions and after and (after.text == "'" or (isinstance(after, Group) and after.kind == "("))
        ):
            return True
    return False


def _fit(left: _Side, right: _Side, known: _Known) -> bool:
    names = free_names(left.tree) | free_names(right.tree)
    if names <= set(known.values):
        return surely_agree(left.tree, right.tree, {name: known.values[name] for name in names})
    return identical(left.tree, right.tree, names)


def _judge(left: _Side, right: _Side, known: _Known, *, numeric: bool) -> Claim | None:
    names, given, derived = free_names(left.tree), free_names(right.tree), differentiated(left.tree)
    used = calls(left.tree)
    if ("degrees" in used) != ("degrees" in calls(right.tree)):
        return None
    if ast.unparse(left.tree) == ast.unparse(right.tree) or calls(right.tree) & (CALCULUS | {"subs", "det"}):
        return None
    if (has_lone_e(left.tree) or has_lone_e(right.tree)) and not used & _WITH_E:
        return None
    if "Gamma" in used and "gamma" in names:
        return None  # both are `gamma` in sympy
    if is_complex(left.tree, right.tree) and (used & CALCULUS or not needs_imaginary(left.tree, right.tree, names)):
        return None
    if not given and names <= set(known.values) - derived and not (names and identical(left.tree, right.tree, names)):
        used_values = _Known({name: known.values[name] for name in sorted(names)}, known.functions)
        return _numeric_claim(left, right, used_values, numeric=numeric)
    if used & (CALCULUS | {"subs"}):
        return _symbolic_claim(left, right)
    return _identity(left, right)


def _numeric_claim(left: _Side, right: _Side, known: _Known, *, numeric: bool) -> Claim | None:
    if not is_reduced(right.tree) or is_mere_fraction(left.tree, right.tree):
        return None
    roughly = _ROUGHLY if numeric and not known.values else _ROUNDED
    if not agree(left.tree, right.tree, known.values, roughly):
        return None  # misread, or mistaken: neither is worth running
    finish = _finish(left.tree, *known.values.values())
    return _claim(left, right, Task(left.tree, known.values, numeric=numeric, finish=finish))


def _symbolic_claim(left: _Side, right: _Side) -> Claim | None:
    """A derivative, an integral, a sum or a limit whose value is an expression."""
    names, given = free_names(left.tree), free_names(right.tree)
    constant = ""
    if called(left.tree) == "integrate" and is_indefinite(left.tree):
        constant = next(iter(sorted(given & {"C", "c"} - names)), "")
    if not given - {constant} <= names:
        return None
    if called(left.tree) == "diff":
        if not identical(left.tree, right.tree, names):
            return None  # f'(x) = 0 is an equation
    elif not given or not _may_be_sum(left.tree, right.tree, names):
        return None
    return _claim(left, right, Task(left.tree, constant=constant))


def _may_be_sum(left: ast.expr, right: ast.expr, names: set[str]) -> bool:
    """Whether a sum or product up to something finite has the stated value; of others it is not known here."""
    if called(left) not in ("summation", "product") or "oo" in names_of(left):
        return True
    return equal_at_whole_numbers(left, right, names)


def _identity(left: _Side, right: _Side) -> Claim | None:
    """Two ways to write one expression."""
    names, given = free_names(left.tree), free_names(right.tree)
    if not names or not given <= names or operations(left.tree) < 2 or calls(left.tree) & _NO_IDENTITY:
        return None
    if not identical(left.tree, right.tree, names):
        return None
    finish = _rewriting(left.tree, right.tree)
    if not finish:
        return None
    return _claim(left, right, Task(left.tree, finish=finish))


def _rewriting(left: ast.expr, right: ast.expr) -> str:
    """The sympy function that leads from the left side to the right one; "" if the right side is no result."""
    sums = (ast.Add, ast.Sub)
    if not _has_more_than_letters(left):
        return ""  # a law of arithmetic
    if not calls(left):
        closed_left, closed_right = (any(map(_has_sum_inside, ast.walk(side))) for side in (left, right))
        if closed_left and not closed_right and _is_binary(right, *sums):
            return "expand"
        if closed_right and not closed_left and _is_binary(right, *sums):
            return ""  # a square completed: another form, not a simpler one
        if _is_binary(left, *sums) and _is_binary(right, ast.Mult, ast.Pow, ast.Div):
            return "factor"
    if operations(right) >= operations(left):
        return ""
    return "combsimp" if calls(left) & {"factorial", "binomial"} else "simplify"


def _has_more_than_letters(node: ast.AST) -> bool:
    """Whether a number or a function occurs, other than the -1 of an inverse: letters alone may be no numbers."""
    match node:
        case ast.Constant() | ast.Call():
            return True
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.UnaryOp(operand=ast.Constant(value=1))):
            return _has_more_than_letters(left)
    return any(map(_has_more_than_letters, ast.iter_child_nodes(node)))


def _is_binary(node: ast.AST, *operators: type[ast.operator]) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, operators)


def _has_sum_inside(node: ast.AST) -> bool:
    """Whether the node is a product or a power of a sum."""
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else ()
    return _is_binary(node, ast.Mult, ast.Pow, ast.Div) and any(_is_binary(s, ast.Add, ast.Sub) for s in sides)


def _claim(left: _Side, right: _Side, task: Task) -> Claim:
    return Claim(title(left.tree, task), left.member.latex, right.member.latex, task)


def _finish(*trees: ast.expr) -> str:
    """`simplify` where sympy would print a number's roots and angles back as they are."""
    if is_complex(*trees):
        return "expand_complex"
    used = set().union(*map(calls, trees))
    return "simplify" if not used & (CALCULUS | {"Matrix", "subs", "vector"}) else ""
