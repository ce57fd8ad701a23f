"""What an expression tree says about itself: its names, its operations, its size."""

import ast
import math

import numpy

from transforms.translate.latex.evaluation import CONSTANTS, evaluate
from transforms.translate.latex.lexer import Unreadable
from transforms.translate.latex.reader import called

CALCULUS = frozenset(["diff", "integrate", "summation", "product", "limit"])
MAX_DIGITS = 2_000  # of any number that a snippet may meet on its way
_MAX_ARGUMENT = 1_000  # of a factorial or a binomial


def free_names(node: ast.AST) -> set[str]:
    """The variables of the expression, without those that an integral, a sum or a limit binds."""
    name = called(node)
    if isinstance(node, ast.Name):
        return set() if node.id in CONSTANTS else {node.id}
    if not isinstance(node, ast.Call):
        return set().union(*map(free_names, ast.iter_child_nodes(node)))
    names = set().union(*map(free_names, node.args))
    return names - bound_names(node) if name != "diff" else names


def bound_names(node: ast.Call) -> set[str]:
    """The variables that this very node binds."""
    match called(node), node.args:
        case "integrate" | "summation" | "product", [_, ast.Tuple(elts=[ast.Name(id=variable), *_])]:
            return {variable}
        case "limit", [_, ast.Name(id=variable), *_]:
            return {variable}
        case "subs", [_, ast.Name(id=variable), _]:
            return {variable}
    return set()


def calls(node: ast.AST) -> set[str]:
    """The functions that the expression uses."""
    return {called(child) for child in ast.walk(node)} - {""}


def operations(node: ast.AST) -> int:
    """How many operations and functions the expression has; signs, commas and the entries of a matrix are none."""
    if called(node) == "Matrix":
        return 0
    own = isinstance(node, ast.BinOp) or called(node) not in ("", "vector")
    return own + sum(map(operations, ast.iter_child_nodes(node)))


def check_size(node: ast.AST) -> None:
    """Raises Unreadable if a power or a factorial of numbers would be too large to compute."""
    for child in ast.walk(node):
        if isinstance(child, ast.BinOp) and isinstance(child.op, ast.Pow) and not free_names(child):
            _check_power(child)
        if called(child) in ("factorial", "binomial", "ff") and not free_names(child):
            assert isinstance(child, ast.Call)  # noqa: S101 -- for the type checker
            if any(_bounded(argument) > _MAX_ARGUMENT for argument in child.args):
                raise Unreadable("too large a factorial")


def _check_power(power: ast.BinOp) -> None:
    base, exponent = _bounded(power.left), _bounded(power.right)
    if abs(exponent) * max(1.0, math.log10(abs(base) + 1)) > MAX_DIGITS:
        raise Unreadable("too large a power")


def _bounded(node: ast.expr) -> float:
    """The value as a float; Unreadable where it has none, so that nothing unknown passes for small."""
    try:
        value = evaluate(node, {})
    except (ArithmeticError, ValueError, LookupError, TypeError) as error:
        if called(node) in ("Matrix", "transpose"):
            return 10.0
        raise Unreadable("a size that is not known") from error
    if isinstance(value, numpy.ndarray):
        value = float(numpy.abs(value).max())
    if not math.isfinite(abs(value)):
        raise Unreadable("too large a number")
    return abs(value) if isinstance(value, complex) else float(value)


def differentiated(node: ast.AST) -> set[str]:
    """The variables of the derivatives in the expression that are left as functions."""
    if called(node) == "subs":
        return set()
    match node:
        case ast.Call(args=[_, ast.Name(id=variable), *_]) if called(node) == "diff":
            return {variable}
    return set().union(*map(differentiated, ast.iter_child_nodes(node)))
