r"""Sums and products with dots, `1^2 + 2^2 + \cdots + 10^2`: terms of one form in which whole numbers grow evenly."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.translate.latex.lexer import Item, Unreadable
from transforms.translate.latex.reader import Reader, call
from transforms.translate.latex.trees import free_names

DOTS = frozenset([r"\cdots", r"\ldots", r"\dots", r"\dotsb", r"\dotsc", "\u2026", "\u22ef"])
_PRODUCT_SIGNS = frozenset([r"\cdot", r"\times"])
_INDEX = "kjmnt"  # the first letter that the terms do not use


@dataclass(frozen=True, slots=True)
class _Step:
    """A number that grows from term to term: in the first term, by how much, and in the last term."""

    first: int
    by: int
    last: ast.expr


def has_dots(items: Sequence[Item]) -> bool:
    """Whether dots stand on the level of the items."""
    return any(item.text in DOTS for item in items)


def with_dots(items: Sequence[Item], reader: Reader) -> ast.expr:
    """The sum or product; raises Unreadable where the terms do not surely say how it goes on."""
    if reader.scope.bound:
        raise Unreadable("dots within a sum")
    name, terms, last = _terms(items, reader)
    if len(terms) < 2 or any(free_names(term) for term in terms):
        raise Unreadable("dots after what")
    steps = list(_steps(terms, last))
    if not steps or len({_count(step) for step in steps}) > 1:
        raise Unreadable("terms that do not grow evenly")
    index = next((letter for letter in _INDEX if letter not in free_names(last)), "")
    if not index:
        raise Unreadable("no letter is left")
    if len(steps) == 1 and steps[0].by == 1:
        limits = [ast.Constant(steps[0].first), steps[0].last]
        return call(name, _general(terms[0], terms[1], index, from_zero=False), ast.Tuple([ast.Name(index), *limits]))
    highest = ast.parse(_count(steps[0]), mode="eval").body
    body = _general(terms[0], terms[1], index, from_zero=True)
    return call(name, body, ast.Tuple([ast.Name(index), ast.Constant(0), highest]))


def _terms(items: Sequence[Item], reader: Reader) -> tuple[str, list[ast.expr], ast.expr]:
    """`summation` or `product`, the terms before the dots, and the one after them."""
    place = next(place for place, item in enumerate(items) if item.text in DOTS)
    signs = {"+"} if items[place - 1 : place] and items[place - 1].text == "+" else _PRODUCT_SIGNS
    before, after = items[:place], items[place + 1 :]
    if before and before[-1].text in signs:
        before = before[:-1]
    elif "+" in signs or items[place].text != r"\cdots":
        raise Unreadable("dots between what")
    if after and after[0].text in signs:
        after = after[1:]
    elif "+" in signs:
        raise Unreadable("dots between what")
    parts = list(_parts(before, signs))
    if has_dots(after) or len(list(_parts(after, signs))) != 1 or (len(signs) > 1 and _has_sum(items)):
        raise Unreadable("dots between what")
    return "summation" if "+" in signs else "product", [reader.read(part) for part in parts], reader.read(after)


def _has_sum(items: Sequence[Item]) -> bool:
    return any(item.text in ("+", "-") for item in items)


def _parts(items: Sequence[Item], signs: frozenset[str] | set[str]) -> Iterator[list[Item]]:
    part: list[Item] = []
    for item in items:
        if item.text in signs:
            yield part
            part = []
        else:
            part.append(item)
    yield part


def _steps(terms: Sequence[ast.expr], last: ast.expr) -> Iterator[_Step]:
    """The numbers that differ between the terms; raises Unreadable where they differ otherwise."""
    match terms[0], last:
        case ast.Constant(value=int(first)), _ if all(isinstance(term, ast.Constant) for term in terms):
            by = _growth([getattr(term, "value", None) for term in terms])
            if by:
                yield _Step(first, by, last)
            elif ast.dump(last) != ast.dump(terms[0]):
                raise Unreadable("terms that do not grow evenly")
            return
    if len({type(term) for term in (*terms, last)}) > 1:
        raise Unreadable("terms of several forms")
    children = [list(ast.iter_child_nodes(term)) for term in (*terms, last)]
    if len({len(row) for row in children}) > 1 or not children[0]:
        if len({ast.dump(term) for term in (*terms, last)}) > 1:
            raise Unreadable("terms of several forms")
        return
    for column in zip(*children, strict=True):
        if isinstance(column[0], ast.expr):
            yield from _steps(list(column[:-1]), column[-1])
        elif len({ast.dump(node) for node in column}) > 1:
            raise Unreadable("terms of several forms")


def _growth(values: Sequence[object]) -> int:
    """By how much whole numbers grow from one to the next."""
    whole = [value for value in values if isinstance(value, int)]
    by = whole[1] - whole[0] if len(whole) == len(values) else 0
    if len(whole) < len(values) or any(value != whole[0] + by * place for place, value in enumerate(whole)):
        raise Unreadable("terms that do not grow evenly")
    return by


def _count(step: _Step) -> str:
    """How many steps lead from the first to the last term, as source."""
    match step.last:
        case ast.Constant(value=int(last)):
            count, rest = divmod(last - step.first, step.by)
            if rest or count < 2:
                raise Unreadable("a last term that does not fit")
            return str(count)
        case ast.expr() if step.by == 1:
            return f"{ast.unparse(step.last)} - {step.first}"
    raise Unreadable("a last term that does not fit")


def _general(first: ast.expr, second: ast.expr, index: str, *, from_zero: bool) -> ast.expr:
    """The term with the index in the place of the numbers that grow."""
    match first, second:
        case ast.Constant(value=int(a)), ast.Constant(value=int(b)) if a != b:
            if not from_zero:
                return ast.Name(index)
            steps = ast.Name(index) if b - a == 1 else ast.BinOp(ast.Constant(b - a), ast.Mult(), ast.Name(index))
            return ast.BinOp(ast.Constant(a), ast.Add(), steps) if a else steps
        case ast.BinOp(), ast.BinOp():
            left = _general(first.left, second.left, index, from_zero=from_zero)
            return ast.BinOp(left, first.op, _general(first.right, second.right, index, from_zero=from_zero))
        case ast.UnaryOp(), ast.UnaryOp():
            return ast.UnaryOp(first.op, _general(first.operand, second.operand, index, from_zero=from_zero))
        case ast.Call(), ast.Call():
            pairs = zip(first.args, second.args, strict=True)
            return ast.Call(first.func, [_general(a, b, index, from_zero=from_zero) for a, b in pairs], [])
    return first
