"""From a computation as it is written to a block, or to what is wrong with it."""

from collections.abc import Sequence

from transforms.translate.config import Language
from transforms.translate.replies import fields
from transforms.translate.replies.block import Block, Problem
from transforms.translate.replies.drafts import Draft
from transforms.translate.replies.headers import Kind
from transforms.translate.replies.program import program


def finish(draft: Draft, language: Language, cut_off: bool | None = None) -> Block | Problem:
    """The block, or the first `Problem` of it."""
    expression, result = fields.formula(_lines(draft, "expression")), fields.formula(_lines(draft, "result"))
    conditions = fields.conditions(_lines(draft, "conditions"))
    code = program(draft, language, result, cut_off)
    return block_or_problem(_title(draft), conditions, expression, result, code)


def block_or_problem(
    title: str, conditions: tuple[str, ...], expression: str, result: str, code: str | Problem
) -> Block | Problem:
    """Cut off and bad code come before a missing expression, and that before a missing result."""
    if isinstance(code, Problem):
        return code
    if not expression:
        return Problem.NO_EXPRESSION
    return Block(title, conditions, expression, result, code) if result else Problem.NO_RESULT


def _lines(draft: Draft, kind: Kind) -> Sequence[str]:
    """What stands under the header, or in the first fence there."""
    lines = draft.parts.get(kind, [])
    if any(map(str.strip, lines)):
        return lines
    return next((one.fence.code.split("\n") for one in draft.fences if one.under == kind), lines)


def _title(draft: Draft) -> str:
    """The title, which may have a line of its own."""
    found = fields.title(draft.title, generic=False)
    lines = [line for line in draft.before if line.strip()]
    if found or len(lines) != 1 or len(lines[0]) > fields.LONGEST_TITLE:
        return found
    return fields.title(lines[0], generic=True)
