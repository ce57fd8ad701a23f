"""Why the embedded translator finds nothing in a statement, counted by cause."""

import re
from collections.abc import Iterator

from transforms.text_format import formulas
from transforms.translate.claims import claims
from transforms.translate.context import Context
from transforms.translate.latex.grammar import read
from transforms.translate.latex.lexer import MAX_LENGTH, Unreadable
from transforms.translate.latex.reader import Scope
from transforms.translate.latex.statements import Member, Statement, statements
from transforms.translate.latex.trees import free_names, operations

_RELATION = re.compile(r"=|\\approx|\\equiv|\\simeq|\u2248")
_SKELETON = re.compile(r" in .*|: .*")  # what follows names one formula


def causes(text: str) -> Iterator[str]:
    """One cause for each formula, and for each statement of two members or more, that yields nothing."""
    context = Context()
    for formula in formulas(text):
        if not _RELATION.search(formula.latex):
            continue
        if len(formula.latex) > MAX_LENGTH:
            yield "formula: too long"
            continue
        try:
            found = statements(formula.latex)
        except Unreadable as error:
            yield f"formula: {_kind(error)}"
            continue
        if not found:
            yield "formula: no statement of equality"
        for statement in found:
            scope, values = context.scope(formula.start), context.values(formula.start)
            if not any(claims(statement, scope, values)):
                yield _cause(statement, scope, set(values))
            context.learn(statement, formula.start)


def _cause(statement: Statement, scope: Scope, known: set[str]) -> str:
    """The first thing that keeps a statement from being a computation."""
    if not _has_number(statement):
        return "statement: nothing but symbols"
    trees = []
    for member in statement.members:
        try:
            trees.append(read(member.items, scope))
        except Unreadable as error:
            if _arithmetic(member):
                return f"member: {_kind(error)}"
    if len(trees) < 2:
        return "statement: one readable side"
    if not any(operations(tree) for tree in trees[:-1]):
        return "statement: nothing to compute (a definition)"
    free = [free_names(tree) for tree in trees]
    if not free[-1] and any(names - known for names in free[:-1]):
        return "statement: symbols without a value (an equation)"
    return "statement: symbols on both sides" if free[-1] else "statement: another reason"


def _has_number(statement: Statement) -> bool:
    return any(character.isdigit() for member in statement.members for character in member.latex)


def _arithmetic(member: Member) -> bool:
    return any(character.isdigit() for character in member.latex)


def _kind(error: Unreadable) -> str:
    return _SKELETON.sub("", str(error))
