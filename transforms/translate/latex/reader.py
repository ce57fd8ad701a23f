r"""From items of LaTeX to a Python expression tree that says the same.

The reader walks over the operands of one level (numbers, fractions, roots, and what the grammar's `construct` knows)
and writes down the skeleton between them; `skeleton.assemble` gives the arithmetic. Names in the tree are single
letters, Greek letters spelled out, and `pi`, `E`, `oo`. Whatever could mean two things raises Unreadable.
"""

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from transforms.translate.latex.cursor import Cursor, two_arguments
from transforms.translate.latex.lexer import Group, Item, Token, Unreadable
from transforms.translate.latex.skeleton import LETTERS, assemble

_OPERATORS = {"+": "+", "-": "-", r"\cdot": r"\cdot ", r"\times": r"\cdot ", "*": r"\cdot ", "/": "/", r"\div": "/"}
_NO_LETTERS = frozenset([r"\frac", r"\sqrt", r"\cdot", r"\times", r"\div", r"\pi", r"\circ"])
_MAX_DIGITS = 15
_MAX_OPERANDS = 24  # of one level: the parsing time of a skeleton grows with them, to 50 ms


class Ambiguous(Unreadable):
    """LaTeX that can be read in these two ways, named as `Scope.choices` has them."""

    def __init__(self, *ways: str) -> None:
        super().__init__(f"ambiguous: {' or '.join(ways)}")
        self.ways = ways


@dataclass(frozen=True, slots=True)
class Function:
    """A function defined in the text: its parameter and its value."""

    parameter: str
    body: ast.expr


@dataclass(frozen=True, slots=True)
class Scope:
    """What the text around has defined, and the indices of the sums and integrals that we are in.

    `matrices` are the names that stand for matrices, with their rows and columns; `choices` say how what can be read
    in two ways is to be read.
    """

    functions: Mapping[str, Function] = field(default_factory=dict)
    bound: frozenset[str] = frozenset()
    matrices: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    choices: frozenset[str] = frozenset()

    def choose(self, *ways: str) -> str:
        """The way that is chosen; raises Ambiguous where none of them is."""
        chosen = self.choices & set(ways)
        if len(chosen) != 1:
            raise Ambiguous(*ways)
        return next(iter(chosen))


Construct = Callable[[Item, Cursor, "Reader"], ast.expr | None]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads in a scope; `construct` reads the operands that are no plain arithmetic, None where it knows none."""

    scope: Scope
    construct: Construct

    def read(self, items: Sequence[Item]) -> ast.expr:
        """The expression that the items write down."""
        for place, item in enumerate(items):
            if item.text in (r"\bmod", r"\mod"):
                left, right = (self.read(_without_sum(part)) for part in (items[:place], items[place + 1 :]))
                return call("Mod", left, right)
        return _Level(self).read(Cursor(items))

    def operand(self, cursor: Cursor) -> ast.expr:
        """The next operand with its scripts."""
        level = _Level(self)
        level.operand(cursor)
        return level.assemble()

    def within(self, names: Iterable[str]) -> "Reader":
        """The reader inside a sum or an integral over these names."""
        return replace(self, scope=replace(self.scope, bound=self.scope.bound | set(names)))


def call(name: str, *arguments: ast.expr) -> ast.Call:
    """A call of a function of the vocabulary."""
    return ast.Call(ast.Name(name), list(arguments), [])


def called(node: ast.AST) -> str:
    """The name of the function that the node calls, "" if it calls none."""
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def is_matrix(node: ast.expr) -> bool:
    """Whether the node writes a matrix out."""
    return called(node) in ("Matrix", "transpose")


def _without_sum(items: Sequence[Item]) -> Sequence[Item]:
    """The items, unless they are a sum: 17 + 3 mod 5 means two things."""
    if any(item.text in ("+", "-") for item in items[1:]):
        raise Unreadable("a sum beside mod")
    return items


@dataclass(slots=True)
class _Operand:
    """An operand's piece of the skeleton, and what its neighbours must know of it."""

    piece: str
    node: ast.expr
    literal: bool = False  # a number in digits
    fraction: bool = False


class _Level:
    """The skeleton of one level, as it grows from left to right."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.pieces: list[str] = []
        self.operands: list[ast.expr] = []

    def assemble(self) -> ast.expr:
        return assemble("".join(self.pieces), self.operands)

    def read(self, cursor: Cursor) -> ast.expr:
        left: _Operand | None = None
        operator = ""
        while item := cursor.peek():
            if item.text in _OPERATORS:
                if left is None and (operator or item.text not in "+-"):
                    raise Unreadable("an operator without an operand before it")
                cursor.take()
                operator, left = _OPERATORS[item.text], None
                self.pieces.append(operator)
                continue
            place = len(self.pieces)
            if left and (_is_application(cursor) or _is_power_applied(cursor)):
                raise Unreadable("a product or a function")
            right = self.operand(cursor)
            if left:
                self._check_product(left, right, operator)
                self.pieces.insert(place, r"\cdot ")
            left = right
        if left is None:
            raise Unreadable("an operand is missing")
        return self.assemble()

    def operand(self, cursor: Cursor) -> _Operand:
        """Reads an operand with its factorial sign and exponent, and adds it to the skeleton."""
        operand = self._bare_operand(cursor)
        if operand.fraction and cursor.text() in ("!", "^"):
            raise Unreadable("a script on a fraction")
        if cursor.skip("!"):
            self._replace(operand, call("factorial", operand.node))
        if cursor.skip("^"):
            self._power(cursor.argument(), operand)
        if cursor.text() in ("^", "_", "'", "!"):
            raise Unreadable("a script too many")
        self.pieces.append(operand.piece)
        return operand

    def _check_product(self, left: _Operand, right: _Operand, operator: str) -> None:
        """Refuses operands side by side whose product is not surely meant."""
        if operator == "/":
            raise Unreadable("a product without a sign after a slash")
        if right.literal:
            raise Unreadable("a number after an operand")
        mixed = left.literal and right.fraction and not any(isinstance(node, ast.Name) for node in ast.walk(right.node))
        if mixed and "product" not in self.reader.scope.choices:
            raise Unreadable("a mixed number")

    def _bare_operand(self, cursor: Cursor) -> _Operand:
        item = cursor.take()
        if node := self.reader.construct(item, cursor, self.reader):
            return _Operand(self._letter(node), node)
        if item.text == r"\frac":
            above, below = map(self.reader.read, two_arguments(cursor))
            piece = rf"\frac{{{self._letter(above)}}}{{{self._letter(below)}}}"
            return _Operand(piece, ast.BinOp(above, ast.Div(), below), fraction=True)
        if item.text == r"\sqrt":
            return self._root(cursor)
        if item.text[-1:].isdecimal() and item.text.isascii() and not item.text.startswith("\\"):
            number = _number(item.text)
            if (fraction := _proper_fraction(cursor)) and self.reader.scope.choose("mixed", "product") == "mixed":
                cursor.at += 3
                mixed = ast.BinOp(number, ast.Add(), ast.BinOp(fraction[0], ast.Div(), fraction[1]))
                return _Operand(self._letter(mixed), mixed, fraction=True)
            if cursor.skip(r"\%"):
                number = ast.BinOp(number, ast.Div(), ast.Constant(100))
            return _Operand(self._letter(number), number, literal=isinstance(number, ast.Constant))
        raise Unreadable("unknown " + item.text)

    def _letter(self, node: ast.expr) -> str:
        """The letter that stands for the node in the skeleton."""
        if len(self.operands) == _MAX_OPERANDS:
            raise Unreadable("too many operands")
        self.operands.append(node)
        return LETTERS[len(self.operands) - 1]

    def _replace(self, operand: _Operand, node: ast.expr) -> None:
        """Puts the node in the place of an operand of one letter."""
        if len(operand.piece) > 1:
            raise Unreadable("a script on a root")
        self.operands[-1] = operand.node = node
        operand.literal = False

    def _root(self, cursor: Cursor) -> _Operand:
        degree = cursor.group("[")
        radicand = self.reader.read(cursor.argument())
        if degree is None:
            return _Operand(rf"\sqrt{{{self._letter(radicand)}}}", radicand)
        root = self._letter(self.reader.read(degree.items))
        return _Operand(rf"\sqrt[{root}]{{{self._letter(radicand)}}}", radicand)

    def _is_matrix(self, node: ast.expr) -> bool:
        return is_matrix(node) or (isinstance(node, ast.Name) and node.id in self.reader.scope.matrices)

    def _power(self, exponent: Sequence[Item], operand: _Operand) -> None:
        texts = [item.text for item in exponent]
        if r"\circ" in texts:
            if texts != [r"\circ"] or not operand.literal:
                raise Unreadable("degrees of what")
            self._replace(operand, call("degrees", operand.node))
        elif isinstance(operand.node, ast.Name) and operand.node.id == "E":
            self._replace(operand, call("exp", self.reader.read(exponent)))
        elif self._is_matrix(operand.node) and texts in (["T"], [r"\top"], [r"\intercal"], ["t"]):
            self._replace(operand, call("transpose", operand.node))
        else:
            power = self._letter(self.reader.read(exponent))
            operand.piece = rf"{operand.piece}^{{{power}}}"
            operand.literal = False


def _is_application(cursor: Cursor) -> bool:
    """Whether a group of letters stands before a group of one thing: (f + g)(x)."""
    left, right = cursor.items[cursor.at - 1], cursor.peek()
    if not (isinstance(left, Group) and isinstance(right, Group) and left.kind == right.kind == "("):
        return False
    return len(right.items) == 1 and not all(
        isinstance(item, Token) and not item.text[-1].isalpha() for item in left.items
    )


def _is_power_applied(cursor: Cursor) -> bool:
    """Whether a power stands before letters in parentheses that are no sum: f^{-1}(x), or (A B)^{-1}(x)."""
    right, before = cursor.peek(), cursor.items[max(0, cursor.at - 2) : cursor.at]
    if not (isinstance(right, Group) and right.kind == "(" and before and before[0].text == "^"):
        return False
    return _has_letter(right.items) and not any(item.text in ("+", "-") for item in right.items[1:])


def _has_letter(items: Sequence[Item]) -> bool:
    return any(
        _has_letter(item.items) if isinstance(item, Group) else item.text[-1].isalpha() and item.text not in _NO_LETTERS
        for item in items
    )


def _proper_fraction(cursor: Cursor) -> tuple[ast.expr, ast.expr] | None:
    r"""The numbers of a `\frac{1}{3}` that comes next, if it may be the second half of a mixed number."""
    after = [item.items for item in cursor.items[cursor.at + 1 : cursor.at + 3] if isinstance(item, Group)]
    texts = [inner[0].text for inner in after if len(inner) == 1 and inner[0].text.isdecimal()]
    if cursor.text() != r"\frac" or len(texts) != 2 or not 0 < int(texts[0]) < int(texts[1]):
        return None
    return _number(texts[0]), _number(texts[1])


def _number(text: str) -> ast.expr:
    if len(text) > _MAX_DIGITS:
        raise Unreadable("a long number")
    if "." in text:
        return ast.Constant(float(text))
    if text[0] == "0" and len(text) > 1:
        raise Unreadable("a number with a leading zero")
    return ast.Constant(int(text))
