"""Whether the two sides of a statement have the same value: what shows that it was read as it was meant."""

import ast
from collections.abc import Iterable, Mapping

from transforms.translate.forms import names_of
from transforms.translate.latex.evaluation import Value, close, evaluate
from transforms.translate.latex.reader import called
from transforms.translate.latex.trees import CALCULUS, calls

# Where an identity must hold to be one: an equation to be solved holds at none of these points.
_POINTS = ((1.3, 0.37), (2.7, 0.21), (0.45, 0.83))
_NEGATIVE = (-73.0, 0.41)  # where |x| = x shows that it is none
_WHOLE = ((3.0, 2.0), (6.0, 1.0), (4.0, 3.0))  # for what has no value but at whole numbers
_TOLERANCE = 1e-9
_ROUNDED = 0.01
_NO_VALUE = (ArithmeticError, ValueError, LookupError, TypeError, AttributeError)
_BEYOND_FLOATS = CALCULUS | {"subs", "Mod", "gcd", "lcm", "rref"}


def agree(left: ast.expr, right: ast.expr, values: Mapping[str, ast.expr], tolerance: float = _ROUNDED) -> bool:
    """Whether the sides are about equal with the values that the text gives: a check that these belong together."""
    try:
        numbers = {name: evaluate(value, {}) for name, value in values.items()}
        return close(evaluate(left, numbers), evaluate(right, {}), tolerance, 1e-6)
    except _NO_VALUE:
        return bool(calls(left) & _BEYOND_FLOATS)


def surely_agree(left: ast.expr, right: ast.expr, values: Mapping[str, ast.expr]) -> bool:
    """Whether the sides have values with what the text gives, and these are about equal."""
    try:
        numbers = {name: evaluate(value, {}) for name, value in values.items()}
        return close(evaluate(left, numbers), evaluate(right, numbers), _ROUNDED, 1e-6)
    except _NO_VALUE:
        return False


def identical(left: ast.expr, right: ast.expr, names: set[str]) -> bool:
    """Whether the sides are equal wherever they both have a value, and have one at three points."""
    if not all(_agree_at(left, right, names, *point) for point in _POINTS):
        return False
    return called(left) == "diff" or _agree_at(left, right, names, *_NEGATIVE) is not False


def equal_at_whole_numbers(left: ast.expr, right: ast.expr, names: set[str]) -> bool:
    """Whether a sum or a product is seen to have the stated value for some whole numbers, and for none another."""
    seen = [_agree_at(left, right, names, *point) for point in _WHOLE]
    return True in seen and False not in seen


def needs_imaginary(left: ast.expr, right: ast.expr, names: Iterable[str]) -> bool:
    """Whether the sides are equal only if the letter i is the imaginary unit, and not any number."""
    trees = [_WithoutUnit().visit(ast.parse(ast.unparse(side), mode="eval").body) for side in (left, right)]
    return not _agree_at(trees[0], trees[1], set(names), 1.3, 0.37)


class _WithoutUnit(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Some number for `I`."""
        return ast.Constant(0.7137) if node.id == "I" else node


def is_complex(*trees: ast.expr) -> bool:
    """Whether the imaginary unit occurs."""
    return any("I" in names_of(tree) for tree in trees)


def _agree_at(left: ast.expr, right: ast.expr, names: set[str], start: float, step: float) -> bool | None:
    """Whether the sides are equal at a point, None where one of them has no value."""
    point: dict[str, Value] = {name: start + step * number for number, name in enumerate(sorted(names))}
    try:
        a, b = evaluate(left, point), evaluate(right, point)
        return close(a, b, _TOLERANCE if called(left) != "diff" else 1e-5, 1.0)
    except _NO_VALUE:
        return None
