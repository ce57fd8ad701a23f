r"""Which reading belongs to which LaTeX: the table that a new construct is added to."""

import ast
from collections.abc import Callable, Sequence
from functools import partial

from transforms.translate.latex import calculus, constructs, names
from transforms.translate.latex.cursor import Cursor
from transforms.translate.latex.ellipsis import has_dots, with_dots
from transforms.translate.latex.lexer import Group, Item, Unreadable
from transforms.translate.latex.reader import Reader, Scope

_MAX_LENGTH = 300  # characters of one expression

_COMMANDS: dict[str, Callable[[Cursor, Reader], ast.expr | None]] = {
    r"\frac": calculus.derivative,
    r"\int": calculus.integral,
    r"\sum": partial(calculus.summation, "summation"),
    r"\prod": partial(calculus.summation, "product"),
    r"\lim": calculus.limit,
    r"\binom": constructs.binomial,
    r"\log": constructs.logarithm,
    r"\lg": constructs.common_logarithm,
    r"\det": constructs.determinant,
    r"\Gamma": constructs.gamma,
    r"\underbrace": constructs.braced,
    r"\overbrace": constructs.braced,
    r"\overline": constructs.conjugate,
    r"\bar": constructs.conjugate,
    **{command: partial(names.constant, name) for command, name in names.CONSTANTS.items()},
    **{command: partial(constructs.function, name) for command, name in constructs.FUNCTIONS.items()},
    **{command: partial(constructs.listed, name) for command, name in constructs.LISTS.items()},
    **{command: partial(names.symbol, name) for command, name in names.GREEK.items()},
}


def read(items: Sequence[Item], scope: Scope) -> ast.expr:
    """The expression that the items write down; raises Unreadable for what is not surely understood."""
    if items and items[-1].end - items[0].start > _MAX_LENGTH:
        raise Unreadable("too long an expression")
    reader = Reader(scope, _construct)
    if vector := constructs.vector(items, reader):
        return vector
    return with_dots(items, reader) if has_dots(items) else reader.read(items)


def _construct(item: Item, cursor: Cursor, reader: Reader) -> ast.expr | None:
    if isinstance(item, Group):
        if item.kind == "{" and not item.items and cursor.text() in ("_", "^"):
            item = cursor.take()
        else:
            return constructs.evaluated(item, cursor, reader) or constructs.group(item, reader)
    if item.text in ("_", "^"):
        return constructs.counting(cursor, reader)
    if item.text in _COMMANDS:
        return _COMMANDS[item.text](cursor, reader)
    if item.text.isascii() and item.text.isalpha():
        return names.symbol(item.text, cursor, reader)
    return None
