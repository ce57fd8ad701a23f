r"""Derivatives, integrals, sums, products and limits."""

import ast
from collections.abc import Sequence

from transforms.translate.latex.cursor import Cursor
from transforms.translate.latex.lexer import Group, Item, Token, Unreadable
from transforms.translate.latex.names import GREEK
from transforms.translate.latex.reader import Reader, call
from transforms.translate.latex.trees import CALCULUS, calls, free_names

_MAX_ORDER = 9
_FUNCTION_LETTERS = frozenset("fghuvwyzFGH")
_ONE = Token("1", 0, 0)


def derivative(cursor: Cursor, reader: Reader) -> ast.expr | None:
    r"""`\frac{d}{dx}` with what it applies to, or `\frac{dy}{dx}` of a y that is defined; None for other fractions."""
    above, below = cursor.peek(), cursor.items[cursor.at + 1 : cursor.at + 2]
    if not isinstance(above, Group) or not below or not isinstance(below[0], Group):
        return None
    signs = [item.text for item in above.items]
    if not signs or signs[0] not in ("d", r"\partial") or below[0].items[:1] == ():
        return None
    variable, order = _variable(below[0].items, signs[0])
    cursor.take(), cursor.take()
    applied = _after_order(above.items[1:], order)
    if not applied:
        body = reader.read(_differentiated(cursor, variable))
    elif len(applied) == 1 and (function := reader.scope.functions.get(applied[0].text)):
        if function.parameter != variable:
            raise Unreadable("a derivative by another variable")
        body = function.body
    else:
        raise Unreadable("a derivative of what")
    _check_body(body, variable, reader, partial=signs[0] != "d")
    return call("diff", body, ast.Name(variable), *([ast.Constant(order)] if order > 1 else []))


def _check_body(body: ast.expr, variable: str, reader: Reader, *, partial: bool = False) -> None:
    """Refuses a body that may depend on the variable through a letter that stands for a function."""
    names = free_names(body)
    if names and variable not in names:
        raise Unreadable("a body without its variable")
    if not partial and {name[0] for name in names - {variable} - reader.scope.bound} & _FUNCTION_LETTERS:
        raise Unreadable("a letter that may be a function")


def _variable(items: Sequence[Item], sign: str) -> tuple[str, int]:
    """The variable and the order in the denominator of a derivative."""
    texts = [item.text for item in items]
    match texts:
        case [first, name] if first == sign and _is_letter(name):
            return _name(name), 1
        case [first, name, "^", _] if first == sign and _is_letter(name):
            return _name(name), _order(items[3])
    raise Unreadable("a derivative by what")


def _after_order(items: Sequence[Item], order: int) -> Sequence[Item]:
    """What follows `d` or `d^2` in the numerator of a derivative of this order."""
    if items and items[0].text == "^" and len(items) > 1:
        if _order(items[1]) != order:
            raise Unreadable("two orders")
        return items[2:]
    if order != 1:
        raise Unreadable("two orders")
    return items


def _order(item: Item) -> int:
    text = item.items[0].text if isinstance(item, Group) and len(item.items) == 1 else item.text
    if not text.isdecimal() or not 1 <= int(text) <= _MAX_ORDER:
        raise Unreadable("an order that is no number")
    return int(text)


def _differentiated(cursor: Cursor, variable: str) -> Sequence[Item]:
    term = cursor.term()
    grouped = term and isinstance(term[0], Group) and len(term) in (1, 3)
    command = next((command for command, name in GREEK.items() if name == variable), variable)
    if not grouped and _mentions(cursor.rest(), command):
        raise Unreadable("where the derivative ends is not clear")
    return term


def integral(cursor: Cursor, reader: Reader) -> ast.expr:
    r"""`\int_a^b … dx`, where the differential may stand in the numerator of a fraction."""
    lower, upper = _limits(cursor)
    body, variable = _integrand(cursor)
    variable = _name(variable)
    inner = reader.within([variable])
    integrand = inner.read(body) if body else ast.Constant(1)
    _check_body(integrand, variable, reader)
    if lower is None and upper is None:
        return call("integrate", integrand, ast.Name(variable))
    if lower is None or upper is None:
        raise Unreadable("an integral with one limit")
    return call("integrate", integrand, ast.Tuple([ast.Name(variable), reader.read(lower), reader.read(upper)]))


def _limits(cursor: Cursor) -> tuple[Sequence[Item] | None, Sequence[Item] | None]:
    """The subscript and the superscript that follow, in either order."""
    lower = upper = None
    while cursor.text() in ("_", "^"):
        if cursor.take().text == "_":
            lower = cursor.argument()
        else:
            upper = cursor.argument()
    return lower, upper


def _integrand(cursor: Cursor) -> tuple[list[Item], str]:
    """What is integrated, and over which variable; consumes the differential."""
    body: list[Item] = []
    depth = 0
    while (item := cursor.peek()) is not None:
        if item.text == "d" and _is_letter(_text(cursor.items, cursor.at + 1)) and not _scripted(body):
            if depth == 0:
                cursor.take()
                return body, cursor.take().text
            depth -= 1
        elif item.text == r"\int":
            depth += 1
        elif item.text == r"\frac" and depth == 0 and (variable := _differential_above(cursor)):
            return [*body, *_fraction_without_differential(cursor)], variable
        body.append(cursor.take())
    raise Unreadable("an integral without differential")


def _scripted(body: Sequence[Item]) -> bool:
    return bool(body) and body[-1].text in ("^", "_")


def _differential_above(cursor: Cursor) -> str:
    above = cursor.items[cursor.at + 1] if cursor.at + 1 < len(cursor.items) else None
    if not isinstance(above, Group) or len(above.items) < 2 or above.items[-2].text != "d":
        return ""
    return above.items[-1].text if _is_letter(above.items[-1].text) else ""


def _fraction_without_differential(cursor: Cursor) -> list[Item]:
    fraction, above, below = cursor.take(), cursor.take(), cursor.take()
    assert isinstance(above, Group)  # noqa: S101 -- what _differential_above has seen
    one = tuple(above.items[:-2]) or (_ONE,)
    return [fraction, Group("{", one, above.start, above.end), below]


def summation(name: str, cursor: Cursor, reader: Reader) -> ast.expr:
    r"""`\sum_{k=1}^{n} …` or `\prod`, up to the end of the term."""
    lower, upper = _limits(cursor)
    if lower is None or upper is None or len(lower) < 3 or lower[1].text != "=" or not _is_letter(lower[0].text):
        raise Unreadable("a sum without limits")
    index = lower[0].text
    body = cursor.term()
    if cursor.peek() and reader.scope.choose("term", "everything") == "everything":
        body = (*body, *cursor.items[cursor.at :])
        cursor.at = len(cursor.items)
    index = _name(index)
    limits = ast.Tuple([ast.Name(index), reader.read(lower[2:]), reader.read(upper)])
    term = reader.within([index]).read(body)
    if free_names(term) and index not in free_names(term):
        raise Unreadable("a sum of what does not change")
    return call(name, term, limits)


def limit(cursor: Cursor, reader: Reader) -> ast.expr:
    r"""`\lim_{x \to a} …`, one-sided with `a^+` or `a^-`."""
    under, above = _limits(cursor)
    if under is None or above is not None or len(under) < 3 or under[1].text not in (r"\to", r"\rightarrow"):
        raise Unreadable("a limit of what")
    variable, (target, side) = under[0].text, _side(under[2:])
    if not _is_letter(variable):
        raise Unreadable("a limit over what")
    body = [*cursor.term()]
    if _mentions(cursor.rest(), variable):
        while cursor.peek():
            body.append(cursor.take())
    variable = _name(variable)
    point = reader.read(target)
    sided = [] if "oo" in ast.unparse(point) else [ast.Constant(side)]
    expression = reader.within([variable]).read(body)
    if calls(expression) & CALCULUS:
        raise Unreadable("a limit of an integral or a sum")  # a theorem, not a computation
    return call("limit", expression, ast.Name(variable), point, *sided)


def _side(items: Sequence[Item]) -> tuple[Sequence[Item], str]:
    if len(items) >= 3 and items[-2].text == "^":
        last = items[-1]
        text = last.items[0].text if isinstance(last, Group) and len(last.items) == 1 else last.text
        if text in ("+", "-"):
            return items[:-2], text
    return items, "+-"


def _mentions(items: Sequence[Item], name: str) -> bool:
    return any(item.text == name or (isinstance(item, Group) and _mentions(item.items, name)) for item in items)


def _is_letter(text: str) -> bool:
    return text in GREEK or (len(text) == 1 and text.isascii() and text.isalpha() and text not in "deDEI")


def _name(text: str) -> str:
    """The name of a variable in the tree."""
    return GREEK.get(text, text)


def _text(items: Sequence[Item], at: int) -> str:
    return items[at].text if at < len(items) else ""
