"""A model's reply, read as the computations in it, with what could not be used by cause.

The reply is read line by line, in time linear in its length: `clean` takes the thinking away, `fences` finds what is
code, `headers` tells what a line announces, `drafts` gathers the parts of each computation, `program` and `fields`
make a block of them. `structured` reads JSON.
"""

from collections.abc import Iterable

from transforms.translate.config import Language
from transforms.translate.replies.block import Block, Problem
from transforms.translate.replies.clean import clean, says_none
from transforms.translate.replies.drafts import drafts
from transforms.translate.replies.finish import finish
from transforms.translate.replies.structured import is_json, parse_structured

__all__ = ["Block", "Problem", "parse_reply"]


def parse_reply(
    text: str, language: Language, *, structured: bool = False, cut_off: bool | None = None
) -> tuple[list[Block], list[str]]:
    """The usable computations in order, each once, and the `Problem` of each one that is not.

    Both are empty if the model answers that there is no computation. With `structured` the reply is JSON after
    `prompts.schema`; one that is not is read like any other, as is JSON that was not asked for. `cut_off` tells whether
    the reply ended at its limit or where the model ended it; without it, the text has to tell.
    """
    answer, thinking = clean(text)
    found = parse_structured(answer, language) if structured else None
    if found is None:
        found = [finish(draft, language, cut_off) for draft in drafts(answer)] or None
    if found is None and not structured and is_json(answer):
        found = parse_structured(answer, language)
    if found is None:
        whole = Problem.CUT_OFF if thinking else Problem.NO_COMPUTATION
        found = [] if says_none(answer) else [whole]
    return _once(item for item in found if isinstance(item, Block)), [
        item for item in found if isinstance(item, Problem)
    ]


def _once(blocks: Iterable[Block]) -> list[Block]:
    """Without repetitions: a model that loops says the same again and again."""
    return list(dict.fromkeys(blocks))
