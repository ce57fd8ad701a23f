r"""The embedded translator: finds computations in a text and writes the Python that computes them, without a model.

A computation is a statement `left = right` (or `\approx`, or a chain) whose left side can be computed and whose right
side is its value, or an equation and its solution; the code is made of the left side alone. What the LaTeX does not
surely say is left out.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from transforms.records import Computation, Document, Dropped, Outcome, Reason, content_id, drop
from transforms.text_format import Formula, formulas
from transforms.translate.claims import claims
from transforms.translate.config import TranslateConfig
from transforms.translate.context import Context, words_before
from transforms.translate.equations import Stated, solutions
from transforms.translate.latex.lexer import MAX_LENGTH, Unreadable
from transforms.translate.latex.statements import Statement, statements
from transforms.translate.latex.trees import operations
from transforms.translate.prose import stated_in_prose
from transforms.translate.snippets import snippet

TEACHER = f"symbolic-{TranslateConfig.VERSION}"
_MAX_STATEMENTS = 3_000  # read from one document, so that a hostile one takes minutes at most
_RELATIONS = ("=", r"\approx", r"\equiv", r"\simeq", "\u2248")


@dataclass(frozen=True, slots=True)
class _Found:
    at: int
    title: str
    conditions: tuple[str, ...]
    expression: str
    result: str
    code: str


def make_symbolic(config: TranslateConfig) -> Callable[[Document], Iterable[Computation | Outcome | Dropped]]:
    """The function from a document to its computations and its outcome; a document without any is dropped."""
    return partial(_translate, config)


def _translate(config: TranslateConfig, document: Document) -> Iterable[Computation | Outcome | Dropped]:
    found = computations(document, config.max_computations)
    if not found:
        return [drop(document, "translate", Reason.NO_COMPUTATION)]
    return [*found, Outcome(document.id, len(found))]


def computations(document: Document, limit: int) -> list[Computation]:
    """The first computations of a document in order of position, each snippet once."""
    stated = list(itertools.islice(_stated(document.text), _MAX_STATEMENTS))
    prose = list(itertools.islice(stated_in_prose(document.text), _MAX_STATEMENTS))
    found = sorted(
        [*_claims(document.text, stated), *_claims(document.text, prose, least=2), *_solved(document.text, stated)],
        key=lambda item: item.at,
    )
    unique = {item.code: item for item in reversed(found)}
    ordered = sorted(unique.values(), key=lambda item: item.at)[:limit]
    return [_computation(document.id, index, item) for index, item in enumerate(ordered)]


def _computation(document_id: str, index: int, found: _Found) -> Computation:
    return Computation(
        id=content_id(document_id, str(index), found.code),
        document_id=document_id,
        index=index,
        title=found.title,
        conditions=found.conditions,
        expression=found.expression,
        result=found.result,
        code=found.code,
        teacher=TEACHER,
    )


def _stated(text: str) -> Iterator[Stated]:
    """Every statement of every formula that may hold one; nothing is parsed that has no relation."""
    for formula in joined(text):
        if len(formula.latex) <= MAX_LENGTH and any(relation in formula.latex for relation in _RELATIONS):
            yield from (Stated(statement, formula.start) for statement in _statements(formula))


def joined(text: str) -> Iterator[Formula]:
    """The formulas of a text, those in one where one begins with the relation to the one right before it."""
    whole: Formula | None = None
    for formula in formulas(text):
        between = text[whole.end : formula.start] if whole else ""
        short = whole is not None and len(whole.latex) <= MAX_LENGTH
        if whole and short and (relation := _relation_between(whole.latex, between, formula.latex)):
            latex = f"{whole.latex}{relation}{formula.latex}"
            whole = Formula(latex, whole.display, whole.start, formula.end)
            continue
        if whole:
            yield whole
        whole = formula
    if whole:
        yield whole


def _relation_between(before: str, between: str, after: str) -> str:
    """What joins two formulas to one, "" if nothing does: a sign between them, or one at the inner end of either."""
    between = between.strip(" ")
    if between in ("=", "\u2248"):
        return between
    touching = not between.strip() and "\n\n\n" not in between
    starts, ends = (latex.strip().strip("&").strip() for latex in (after, before))
    if touching and (starts.startswith(("=", r"\approx")) or ends.endswith(("=", r"\approx"))):
        return " "
    return ""


def _statements(formula: Formula) -> Iterable[Statement]:
    try:
        return statements(formula.latex)
    except Unreadable:
        return ()


def _claims(text: str, stated: Iterable[Stated], least: int = 1) -> Iterator[_Found]:
    """What is stated and can be computed, of so many operations at least."""
    context = Context()
    for item in stated:
        values = context.values(item.at)
        for found in claims(item.statement, context.scope(item.at), values):
            if operations(found.task.tree) < least:
                continue
            conditions = [
                words_before(text, item.at),
                *context.describe(found.task.values, found.task.tree, found.expression, item.at),
            ]
            yield _Found(
                item.at,
                found.title,
                tuple(filter(None, conditions)),
                found.expression,
                found.result,
                snippet(found.task),
            )
        context.learn(item.statement, item.at)


def _solved(text: str, stated: list[Stated]) -> Iterator[_Found]:
    for found in solutions(stated):
        title = "Solution of an equation" if len(found.task.sides) == 1 else "Solution of a system of equations"
        conditions = (*filter(None, [words_before(text, found.at)]), *found.given)
        yield _Found(found.at, title, conditions, found.expression, found.result, snippet(found.task))
