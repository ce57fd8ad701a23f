"""Translation by a served model: documents to prompts, answers to computations."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from models.chat import Failure, Reply
from models.tokenizer import count_tokens
from transforms.records import Computation, Document, Dropped, Outcome, Reason, content_id, drop
from transforms.served import open_chat
from transforms.translate import prompts
from transforms.translate.chunks import chunks
from transforms.translate.config import TranslateConfig
from transforms.translate.replies import Block, parse_reply

Result = Computation | Outcome | Dropped


def make_model(config: TranslateConfig) -> Callable[[Sequence[Document]], list[Result]]:
    """The function from documents to what each became, in order."""
    chat = open_chat(config)
    return _Model(config, chat.complete, chat.check).translate


class _Model:
    """Asks for every chunk of every document at once."""

    def __init__(
        self,
        config: TranslateConfig,
        complete: Callable[[Sequence[str]], list[Reply | Failure]],
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self.config = config
        self.complete = complete
        self.check = check

    def translate(self, documents: Sequence[Document]) -> list[Result]:
        pieces = [chunks(document.text, self.config.max_chunk_tokens, count_tokens) for document in documents]
        asked = [prompts.prompt(piece, self.config.language) for own in pieces for piece in own]
        given = self.complete(asked)
        if all(isinstance(answer, Failure) for answer in given):
            self.check()  # a server that is gone ends the build, which goes on later, rather than drop all that is left
        answers = iter(given)
        results: list[Result] = []
        for document, own in zip(documents, pieces, strict=True):
            results += outcome(document, [next(answers) for _ in own], self.config)
        return results


def outcome(document: Document, answers: Sequence[Reply | Failure], config: TranslateConfig) -> list[Result]:
    """A document's computations and its outcome; a dropped record if there is no computation."""
    blocks: list[Block] = []
    problems: list[str] = []
    for answer in answers:
        if isinstance(answer, Reply):
            found, wrong = parse_reply(answer.text, config.language)
            blocks += found
            problems += wrong
    if blocks:
        computations = [_computation(document, index, block, config) for index, block in enumerate(blocks)]
        return [*computations, Outcome(document.id, len(computations))]
    return [
        _drop(document, [answer.error for answer in answers if isinstance(answer, Failure)], problems, len(answers))
    ]


def _drop(document: Document, failures: Sequence[str], problems: Sequence[str], calls: int) -> Dropped:
    detail: dict[str, Any] = {
        "calls": calls,
        "failed": len(failures),
        "malformed": dict(sorted(Counter(problems).items())),
    }
    if failures:
        return drop(document, "translate", Reason.CALL_FAILED, error=failures[0], **detail)
    return drop(document, "translate", Reason.MALFORMED_REPLY if problems else Reason.NO_COMPUTATION, **detail)


def _computation(document: Document, index: int, block: Block, config: TranslateConfig) -> Computation:
    return Computation(
        id=content_id(document.id, str(index), block.code),
        document_id=document.id,
        index=index,
        title=block.title,
        conditions=block.conditions,
        expression=block.expression,
        result=block.result,
        language=config.language,
        code=block.code,
        teacher=config.model,
        prompt_version=prompts.VERSION,
    )
