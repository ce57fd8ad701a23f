r"""What the text around a formula says: numbers given to symbols, functions defined, the words before."""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from transforms.translate.latex.grammar import read
from transforms.translate.latex.lexer import Group, Item, Token, Unreadable, letters_of
from transforms.translate.latex.names import GREEK, label_of
from transforms.translate.latex.reader import Function, Scope, called
from transforms.translate.latex.shapes import check_shapes
from transforms.translate.latex.statements import EQUAL, Member, Statement
from transforms.translate.latex.trees import CALCULUS, calls, check_size, free_names, operations

REACH = 800  # characters over which a number that the text gives is remembered
MATRIX_REACH = 3_000  # and a matrix
FUNCTION_REACH = 3_000  # and a definition of a function
_AT_ONCE = 100  # characters in which two values of one name are alternatives
_MAX_OPERATIONS = 3  # of a value: 3/4, -\sqrt{2}
_MAX_LENGTH = 400  # characters of the words before a formula
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+|\n|\$\$[^$]*\$\$")
_PARAGRAPH = re.compile(r"\n\s*\n[\s>*#-]*$")
_MIN_WORDS = 4


@dataclass(frozen=True, slots=True)
class Given:
    """A number or a function that the text gives to a name, at a position of the text."""

    latex: str
    at: int
    value: ast.expr | None = None
    function: Function | None = None


@dataclass(slots=True)
class Context:
    """The definitions met so far, in the order of the text."""

    _values: dict[str, Given] = field(default_factory=dict)
    _functions: dict[str, Given] = field(default_factory=dict)

    def scope(self, at: int) -> Scope:
        """The functions that hold at this position."""
        recent = {name: given.function for name, given in self._functions.items() if at - given.at <= FUNCTION_REACH}
        shapes = {name: check_shapes(value) for name, value in self.values(at).items() if called(value) == "Matrix"}
        return Scope(
            {name: function for name, function in recent.items() if function},
            matrices={name: shape for name, shape in shapes.items() if shape},
        )

    def values(self, at: int) -> dict[str, ast.expr]:
        """The numbers that hold at this position."""
        self._values = {name: given for name, given in self._values.items() if at - given.at <= _reach(given)}
        return {name: given.value for name, given in self._values.items() if given.value}

    def describe(self, values: Mapping[str, ast.expr], tree: ast.expr, expression: str, at: int) -> tuple[str, ...]:
        """The definitions that a computation needs, as the author wrote them: those that its tree has used up."""
        letters = letters_of(expression) - set(values) - free_names(tree)
        used = [self._functions[name] for name in self.scope(at).functions if name in letters]
        used += [self._values[name] for name in values]
        return tuple(f"${given.latex}$" for given in sorted(used, key=lambda given: given.at))

    def learn(self, statement: Statement, at: int) -> None:
        """Remembers what the statement defines, if it defines something."""
        if statement.relations[0] != EQUAL:
            return
        match statement.members[0].items:
            case (Token(name), Group("(", (Token(parameter),))) if _is_name(name) and _is_name(parameter):
                self._learn_function(name, parameter, statement, at)
            case items:
                if name := symbol(items):
                    self._learn_value(name, statement, at)

    def _learn_function(self, name: str, parameter: str, statement: Statement, at: int) -> None:
        body = _read(statement.members[1])
        known = body is not None and free_names(body) == {parameter}
        function = Function(parameter, body) if known and body is not None else None
        self._functions[name] = Given(_definition(statement, 1), at, function=function)

    def _learn_value(self, name: str, statement: Statement, at: int) -> None:
        value = _read(statement.members[-1])
        if value is None or calls(value) & (CALCULUS | {"vector"}):
            self._values.pop(name, None)
        elif not free_names(value) and operations(value) <= _MAX_OPERATIONS:
            self._learn_number(name, Given(_definition(statement, -1), at, value))
        elif name == "y" and free_names(value) in ({"x"}, {"t"}):
            function = Function(free_names(value).pop(), value)
            self._functions[name] = Given(_definition(statement, -1), at, function=function)
        else:
            self._values.pop(name, None)

    def _learn_number(self, name: str, given: Given) -> None:
        before = self._values.get(name)
        near = before is not None and given.at - before.at < _AT_ONCE
        if near and before and before.value and given.value and ast.dump(before.value) != ast.dump(given.value):
            given = Given(given.latex, given.at)  # "x = 2 or x = 3" gives no value
        self._values[name] = given


def _reach(given: Given) -> int:
    return MATRIX_REACH if given.value and called(given.value) == "Matrix" else REACH


def words_before(text: str, start: int) -> str:
    """The sentence that leads to a formula, up to it; "" if that is too short to say something."""
    before = text[max(0, start - _MAX_LENGTH) : start]
    ended = before.rstrip().endswith("?") or (_PARAGRAPH.search(before) and text[start : start + 2] != "$$")
    if ended and not before.rstrip().endswith(":"):
        return ""  # what was said before is another matter
    before = before.rstrip().rstrip(":")
    parts = _SENTENCE_END.split(before)
    if len(parts) == 1 and start > _MAX_LENGTH:
        return ""
    sentence = parts[-1].lstrip("-*#> ").rstrip(" :,(")
    if len(sentence.split()) < _MIN_WORDS or sentence.count("$") % 2 or "`" in sentence or sentence[0] == "|":
        return ""
    return sentence


def _definition(statement: Statement, member: int) -> str:
    return f"{statement.members[0].latex} = {statement.members[member].latex}"


def _read(member: Member) -> ast.expr | None:
    try:
        tree = read(member.items, Scope())
        check_size(tree)
    except Unreadable:
        return None
    return tree


def _is_name(text: str) -> bool:
    return len(text) == 1 and text.isascii() and text.isalpha() and text not in "eiDEI"


def symbol(items: Sequence[Item]) -> str:
    """The name, if the items are one symbol and nothing else."""
    match items:
        case [Token(name)] if _is_name(name):
            return name
        case [Token(name), Token("_"), *label] if (_is_name(name) or name in GREEK) and (text := label_of(label)):
            return f"{GREEK.get(name, name)}_{text}"
        case [Token(name)]:
            return GREEK.get(name, "")
    return ""
