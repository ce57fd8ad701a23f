r"""Operands that are no plain arithmetic: groups, matrices, functions, binomials, logarithms."""

import ast
import itertools
from collections.abc import Sequence

from transforms.translate.latex.cursor import Cursor, two_arguments
from transforms.translate.latex.ellipsis import has_dots, with_dots
from transforms.translate.latex.lexer import Group, Item, Unreadable
from transforms.translate.latex.names import substitute
from transforms.translate.latex.reader import Reader, call, called, is_matrix
from transforms.translate.latex.trees import CALCULUS, calls, free_names

FUNCTIONS = {
    r"\sin": "sin", r"\cos": "cos", r"\tan": "tan", r"\cot": "cot", r"\sec": "sec", r"\csc": "csc",
    r"\arcsin": "asin", r"\arccos": "acos", r"\arctan": "atan",
    r"\sinh": "sinh", r"\cosh": "cosh", r"\tanh": "tanh", r"\ln": "log", r"\exp": "exp",
}  # fmt: skip
LISTS = {r"\gcd": "gcd", r"\lcm": "lcm", r"\max": "Max", r"\min": "Min"}
_OF_ANGLES = ("sin", "cos", "tan", "cot", "sec", "csc")
_INVERSES = {"sin": "asin", "cos": "acos", "tan": "atan"}
_MATRICES = ("pmatrix", "bmatrix", "matrix", "smallmatrix", "array", "vmatrix")
_MAX_ROWS = 8
_MAX_ENTRIES = 4  # of a point or vector
_COUNTS = {"C": "binomial", "P": "ff"}  # combinations, permutations
_ENDS_ARGUMENT = frozenset(["+", "-", "*", "=", ",", r"\cdot", r"\times", r"\log", r"\int", r"\sum", r"\lim"])


def group(item: Group, reader: Reader) -> ast.expr:
    """Parentheses, braces, bars, floors, ceilings and matrices."""
    match item.kind:
        case r"\lfloor":
            return call("floor", reader.read(item.items))
        case r"\lceil":
            return call("ceiling", reader.read(item.items))
        case "|":
            inner = reader.read(item.items)
            square = is_matrix(inner) or (isinstance(inner, ast.Name) and inner.id in reader.scope.matrices)
            return call("det" if square else "Abs", inner)
        case "{" | "(" | "[":
            return _parentheses(item, reader)
        case "vmatrix":
            return call("det", _matrix(item, reader))
        case "pmatrix" | "bmatrix" | "smallmatrix":
            return _matrix(item, reader)
    raise Unreadable("unknown " + item.kind)


def _parentheses(item: Group, reader: Reader) -> ast.expr:
    first = item.items[0] if item.items else None
    if len(item.items) == 1 and isinstance(first, Group) and first.kind in ("matrix", "array", "smallmatrix"):
        return _matrix(first, reader)
    for place, inner in enumerate(item.items):
        if inner.text == r"\choose":
            return call("binomial", reader.read(item.items[:place]), reader.read(item.items[place + 1 :]))
        if inner.text == r"\over":
            return ast.BinOp(reader.read(item.items[:place]), ast.Div(), reader.read(item.items[place + 1 :]))
    return with_dots(item.items, reader) if has_dots(item.items) else reader.read(item.items)


def vector(items: Sequence[Item], reader: Reader) -> ast.expr | None:
    """`(a, b)` with nothing around it, of two to four entries."""
    if len(items) != 1 or not isinstance(items[0], Group) or items[0].kind != "(":
        return None
    entries = split(items[0].items, ",")
    return call("vector", *map(reader.read, entries)) if 2 <= len(entries) <= _MAX_ENTRIES else None


def _matrix(item: Group, reader: Reader) -> ast.expr:
    items = item.items[1:] if item.kind == "array" else item.items
    rows = [split(row, "&") for row in split(items, r"\\")]
    if rows and rows[-1] == [[]]:
        rows.pop()
    if not rows or len(rows) > _MAX_ROWS or len({len(row) for row in rows}) > 1 or len(rows[0]) > _MAX_ROWS:
        raise Unreadable("no matrix")
    return call("Matrix", ast.List([ast.List([reader.read(entry) for entry in row]) for row in rows]))


def split(items: Sequence[Item], separator: str) -> list[Sequence[Item]]:
    """The items between the separators."""
    cuts = [-1, *(place for place, item in enumerate(items) if item.text == separator), len(items)]
    return [items[start + 1 : end] for start, end in itertools.pairwise(cuts)]


def function(name: str, cursor: Cursor, reader: Reader) -> ast.expr:
    r"""A function with its exponent (`\sin^2 x`) and its argument, with parentheses or without."""
    power: Sequence[Item] = ()
    if cursor.skip("^"):
        power = cursor.argument()
        if [item.text for item in power] == ["-", "1"]:
            if name not in _INVERSES:
                raise Unreadable("an inverse or a reciprocal")
            name, power = _INVERSES[name], ()
    argument = _argument(cursor, reader)
    if name in _OF_ANGLES:
        argument = _InRadians().visit(argument)
    value = call(name, argument)
    return ast.BinOp(value, ast.Pow(), reader.read(power)) if power else value


def _argument(cursor: Cursor, reader: Reader) -> ast.expr:
    if inner := cursor.group("(") or cursor.group("[") or cursor.group("{"):
        if cursor.text() in ("^", "!", "'"):
            raise Unreadable("a script after an argument")
        return reader.read(inner.items)
    start = cursor.at
    while (item := cursor.peek()) and item.text not in _ENDS_ARGUMENT and item.text not in FUNCTIONS:
        if item.text in ("/", r"\div", "!") or (isinstance(item, Group) and item.kind == "("):
            raise Unreadable("where the argument ends is not clear")
        cursor.take()
        if item.text in ("^", r"\frac", "_"):
            cursor.argument()
    return reader.read(cursor.items[start : cursor.at])


def listed(name: str, cursor: Cursor, reader: Reader) -> ast.expr:
    """A function of several arguments between parentheses."""
    inner = cursor.group("(")
    arguments = split(inner.items, ",") if inner else []
    if not 2 <= len(arguments) <= _MAX_ROWS:
        raise Unreadable("arguments are missing")
    return call(name, *map(reader.read, arguments))


def binomial(cursor: Cursor, reader: Reader) -> ast.expr:
    r"""`\binom{n}{k}`."""
    above, below = two_arguments(cursor)
    return call("binomial", reader.read(above), reader.read(below))


def logarithm(cursor: Cursor, reader: Reader) -> ast.expr:
    r"""`\log_b x`; without a base it is 10 for some authors and e for others."""
    base: list[ast.expr] = []
    if cursor.skip("_"):
        base = [reader.read(cursor.argument())]
    elif reader.scope.choose("natural", "common") == "common":
        base = [ast.Constant(10)]
    if cursor.text() == "^":
        raise Unreadable("a script on a logarithm")
    return call("log", _argument(cursor, reader), *base)


def braced(cursor: Cursor, reader: Reader) -> ast.expr:
    r"""`\underbrace{3 + 4}_{\text{so many}}`, where what stands under the brace only explains."""
    inner = reader.read(cursor.argument())
    if cursor.skip("_") or cursor.skip("^"):
        cursor.argument()
    return inner


def gamma(cursor: Cursor, reader: Reader) -> ast.expr:
    r"""`\Gamma(x)`."""
    inner = cursor.group("(")
    if not inner or cursor.text() in ("^", "!", "'"):
        raise Unreadable("a gamma without an argument")
    return call("Gamma", reader.read(inner.items))


def counting(cursor: Cursor, reader: Reader) -> ast.expr | None:
    r"""`^5C_2`, `{}_5P_2` and the like, from the script on; None for a script that begins nothing of this kind."""
    start = cursor.at
    above = reader.read(cursor.argument())
    letter = _text_of(cursor.take())
    if letter not in _COUNTS or not cursor.skip("_"):
        cursor.at = start
        return None
    return call(_COUNTS[letter], above, reader.read(cursor.argument()))


def _text_of(item: Item) -> str:
    return item.items[0].text if isinstance(item, Group) and len(item.items) == 1 else item.text


def evaluated(item: Group, cursor: Cursor, reader: Reader) -> ast.expr | None:
    r"""`[x^2]_0^1`: the difference of an expression in one letter between two places; None without both limits."""
    if item.kind not in ("[", "(") or not cursor.skip("_"):
        return None
    low = cursor.argument()
    if not cursor.skip("^"):
        raise Unreadable("a bracket with one limit")
    limits = [reader.read(part) for part in (cursor.argument(), low)]
    body = reader.read(item.items)
    names = free_names(body)
    if len(names) != 1 or calls(body) & CALCULUS:
        raise Unreadable("a bracket of what")
    high_value, low_value = (substitute(body, next(iter(names)), limit) for limit in limits)
    return ast.BinOp(high_value, ast.Sub(), low_value)


def conjugate(cursor: Cursor, reader: Reader) -> ast.expr:
    r"""`\overline{3 + 4i}`, of numbers only: over letters a bar has other meanings."""
    inner = reader.read(cursor.argument())
    if not any(isinstance(node, ast.Name) and node.id == "I" for node in ast.walk(inner)) or free_names(inner):
        raise Unreadable("a bar over what is no complex number")
    return call("conjugate", inner)


def common_logarithm(cursor: Cursor, reader: Reader) -> ast.expr:
    r"""`\lg x`."""
    return call("log", _argument(cursor, reader), ast.Constant(10))


def determinant(cursor: Cursor, reader: Reader) -> ast.expr:
    r"""`\det` of a matrix that is written out or has a name."""
    matrix = reader.operand(cursor)
    if not is_matrix(matrix) and not (isinstance(matrix, ast.Name) and matrix.id in reader.scope.matrices):
        raise Unreadable("a determinant of what")
    return call("det", matrix)


class _InRadians(ast.NodeTransformer):
    """Degrees under a trigonometric function; elsewhere they are a unit."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """`degrees(30)` becomes `radians(30)`."""
        self.generic_visit(node)
        return call("radians", *node.args) if called(node) == "degrees" else node
