"""Letters: constants, variables with their labels, and functions that the text defines."""

import ast
from collections.abc import Sequence

from transforms.translate.latex.cursor import Cursor
from transforms.translate.latex.lexer import Group, Item, Unreadable
from transforms.translate.latex.reader import Function, Reader, call

CONSTANTS = {r"\pi": "pi", r"\infty": "oo"}
GREEK = {
    r"\alpha": "alpha", r"\beta": "beta", r"\gamma": "gamma", r"\delta": "delta", r"\epsilon": "epsilon",
    r"\varepsilon": "epsilon", r"\eta": "eta", r"\theta": "theta", r"\kappa": "kappa", r"\mu": "mu", r"\nu": "nu",
    r"\rho": "rho", r"\sigma": "sigma", r"\tau": "tau", r"\phi": "phi", r"\varphi": "phi", r"\omega": "omega",
    r"\lambda": "lamda",  # the word is Python's own
    r"\xi": "xi", r"\psi": "psi", r"\chi": "chi", r"\zeta": "zeta", r"\Delta": "Delta", r"\Omega": "Omega",
    r"\Phi": "Phi", r"\Psi": "Psi", r"\Theta": "Theta", r"\Lambda": "Lambda", r"\ell": "ell",
}  # fmt: skip
# Letters that in front of a sum in parentheses are factors, `x(x+1)`; other letters may well be functions.
_FACTORS = frozenset("abckmnrtxyz")
_SIGNS = ("+", "-", "^", "/", r"\cdot", r"\times")
_MAX_LABEL = 12  # characters of a subscript
_TEXTS = (r"\text", r"\mathrm", r"\rm", r"\textrm", r"\mathit")


def constant(name: str, cursor: Cursor, reader: Reader) -> ast.expr:
    """A number with a name; `\\pi(x)` and `\\pi[0]` are something else."""
    following = cursor.peek()
    if isinstance(following, Group) and following.kind in ("(", "[") and not _is_sum(following, _SIGNS):
        raise Unreadable("a number or a function")
    return ast.Name(name)


def _is_sum(item: Group, signs: tuple[str, ...] = ("+", "-")) -> bool:
    return item.kind == "(" and any(inner.text in signs for inner in item.items[1:])


def symbol(name: str, cursor: Cursor, reader: Reader) -> ast.expr:
    """A letter: a variable, e, a function applied to something, or its derivative."""
    primes = 0
    while cursor.skip("'"):
        primes += 1
    if function := reader.scope.functions.get(name):
        if inner := cursor.group("("):
            return _application(function, reader.read(inner.items), primes)
        if primes:
            return _derivative(function, primes)
    if primes:
        raise Unreadable("a prime")
    if name == "e":
        return ast.Name("E")
    if name in "DEI" or (name == "d" and _is_differential(cursor)):
        raise Unreadable("the letter " + name)
    if name == "i" and "i" not in reader.scope.bound and cursor.text() not in ("_", "'"):
        name = "I"
    name += _subscript(cursor, reader)
    following = cursor.peek()
    applied = isinstance(following, Group) and following.kind in ("(", "[")
    factor = name in _FACTORS or name in reader.scope.matrices
    if applied and not (factor and isinstance(following, Group) and _is_sum(following)):
        raise Unreadable("a product or a function")
    return ast.Name(name)


def _is_differential(cursor: Cursor) -> bool:
    """Whether a letter or a group follows a d: then it may be no variable."""
    following = cursor.peek()
    return following is not None and (following.text[:1].isalpha() or following.text in ("", *GREEK))


def _subscript(cursor: Cursor, reader: Reader) -> str:
    if not cursor.skip("_"):
        return ""
    label = label_of(cursor.argument() if cursor.text() not in _TEXTS else (cursor.take(), cursor.take()))
    if not label or reader.scope.bound & set(label):
        raise Unreadable("a subscript that is no name")
    return "_" + label


def label_of(items: Sequence[Item]) -> str:
    """A subscript of digits and letters, upright or not, as part of a name; "" for others."""
    texts: list[str] = []
    for item in items:
        if isinstance(item, Group) and item.kind == "{":
            texts.append(label_of(item.items))
        elif item.text not in _TEXTS:
            texts.append(item.text)
    texts = [text[1:] if text in (r"\max", r"\min") else text for text in texts]
    label = "".join(texts)
    return label if all(texts) and label.isascii() and label.isalnum() and len(label) <= _MAX_LABEL else ""


def _application(function: Function, argument: ast.expr, primes: int) -> ast.expr:
    """The function's value, or the value of its derivative."""
    if not primes:
        return substitute(function.body, function.parameter, argument)
    derivative = _derivative(function, primes)
    if isinstance(argument, ast.Name) and argument.id == function.parameter:
        return derivative
    return call("subs", derivative, ast.Name(function.parameter), argument)


def _derivative(function: Function, order: int) -> ast.expr:
    times = [ast.Constant(order)] if order > 1 else []
    return call("diff", function.body, ast.Name(function.parameter), *times)


def substitute(body: ast.expr, name: str, value: ast.expr) -> ast.expr:
    """The body with the value in the place of the name."""
    replaced: ast.expr = _Substitution(name, value).visit(ast.parse(ast.unparse(body), mode="eval").body)
    return replaced


class _Substitution(ast.NodeTransformer):
    def __init__(self, name: str, value: ast.expr) -> None:
        self.name = name
        self.value = value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.value if node.id == self.name else node
