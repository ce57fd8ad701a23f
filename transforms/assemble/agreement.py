"""Where a model and the embedded translator read the same computation in a document: whether their results agree."""

import ast
import math
from collections.abc import Sequence

from transforms.records import Computation, Document
from transforms.translate.latex.evaluation import evaluate
from transforms.translate.latex.grammar import read
from transforms.translate.latex.lexer import MAX_LENGTH, Item, Unreadable, parse, tidy
from transforms.translate.latex.reader import Scope
from transforms.translate.latex.statements import statements
from transforms.translate.latex.trees import check_size
from transforms.translate.symbolic import TEACHER, computations

AGREES, DIFFERS, UNKNOWN = "agrees", "differs", ""
_MOST = 200  # computations of the embedded translator that are compared with
_TOLERANCE = 1e-6


def agreements(document: Document | None, made: Sequence[Computation]) -> list[str]:
    """For each computation that a model made of a document: `agrees`, `differs`, or "" where nothing can be compared.

    It is a signal of quality beside the verdict: the embedded translator's result is the text's, not that of a run.
    """
    if document is None or all(computation.teacher == TEACHER for computation in made):
        return [UNKNOWN] * len(made)
    known: dict[str, set[str]] = {}
    for computation in computations(document, _MOST):
        for form in _forms(computation.expression):
            known.setdefault(form, set()).add(computation.result)
    return [_agreement(computation, known) if known else UNKNOWN for computation in made]


def _agreement(computation: Computation, known: dict[str, set[str]]) -> str:
    results = {result for form in _forms(computation.expression) for result in known.get(form, ())}
    if not results:
        return UNKNOWN
    found = {_same(computation.result, result) for result in results}
    return AGREES if True in found else DIFFERS if False in found else UNKNOWN


def _forms(latex: str) -> set[str]:
    """What an expression may be known by: it, or the sides of what is given as an equation."""
    if len(latex) > MAX_LENGTH:
        return set()
    try:
        sides = [member.items for statement in statements(latex) for member in statement.members]
        return {form for items in (sides or [parse(tidy(latex))]) if (form := _form(items))}
    except Unreadable:
        return set()


def _form(items: Sequence[Item]) -> str:
    """An expression in one spelling, "" where it cannot be read or is a mere symbol or number."""
    try:
        tree = read(items, Scope())
    except Unreadable:
        return ""
    return "" if isinstance(tree, ast.Name | ast.Constant) else ast.unparse(tree)


def _same(one: str, other: str) -> bool | None:
    """Whether two results are the same; None where they cannot be compared, such as 14 and `x = 14` or `14 m`."""
    trees = _tree(one), _tree(other)
    if trees[0] is None or trees[1] is None:
        return True if one == other else None
    value, other_value = _value(trees[0]), _value(trees[1])
    if value is not None and other_value is not None:
        return math.isclose(value, other_value, rel_tol=_TOLERANCE)
    neither = value is None and other_value is None
    return ast.unparse(trees[0]) == ast.unparse(trees[1]) if neither else None


def _tree(latex: str) -> ast.expr | None:
    try:
        tree = read([item for item in parse(tidy(latex)) if item.text != r"\approx"], Scope())
        check_size(tree)
    except Unreadable:
        return None
    return tree


def _value(tree: ast.expr) -> float | None:
    try:
        return evaluate(tree, {})
    except (ArithmeticError, ValueError, LookupError, TypeError):
        return None
