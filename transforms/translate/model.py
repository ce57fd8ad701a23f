"""Translation by a served model: the chunks of a document to replies, the replies to computations."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from models.chat.messages import Failure, Reply, Request
from transforms.records import Computation, Document, Dropped, Outcome, Reason, content_id, drop
from transforms.served.asking import Asker, asker
from transforms.served.work import Work
from transforms.translate import prompts
from transforms.translate.calls import Calls, calls_of, loops
from transforms.translate.config import TranslateConfig
from transforms.translate.records import Call
from transforms.translate.replies import Block, parse_reply

Result = Computation | Outcome | Call | Dropped


def make_model(config: TranslateConfig, processes: int) -> Work:
    """The work of the stage in one of so many processes."""
    own = asker(config, processes)
    translator = Translator(calls_of(config), own)
    return own.work(translator.translate)


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: of which chunk, what came back, and what was found in it (nothing, where it was asked again)."""

    chunk: int
    key: str
    answer: Reply | Failure
    blocks: Sequence[Block] = ()
    problems: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Translator:
    """Asks for every chunk of a document at once."""

    calls: Calls
    asker: Asker

    async def translate(self, document: Document) -> list[Result]:
        """Computations with an outcome, or a drop; and a row for each call."""
        chunks = await asyncio.to_thread(self.calls.chunks, document.text)  # tokenizers let go of the interpreter
        asked = await asyncio.gather(*(self._ask(number, chunk) for number, chunk in enumerate(chunks)))
        return outcome(document, [call for calls in asked for call in calls], self.calls.config)

    async def _ask(self, number: int, chunk: str) -> list[Asked]:
        """The calls for a chunk: one, unless its answer was cut off, or the server finds it too long."""
        request = self.calls.request(chunk)
        if not self.calls.fits(chunk):
            return [Asked(number, request.key, Failure("one formula or program fills the prompt", "too_long", 0))]
        answer = await self.asker.ask(request)
        match answer:
            case Failure(kind="too_long") if len(halves := self.calls.halves(chunk)) > 1:
                asked = await asyncio.gather(*(self._ask(number, half) for half in halves))
                return [call for calls in asked for call in calls]
            case Reply() if longer := self.calls.longer(request, answer):
                return await self._ask_longer(number, request, answer, longer)
        return [await self._read(number, request, answer)]

    async def _ask_longer(self, number: int, request: Request, answer: Reply, longer: Request) -> list[Asked]:
        """Once more with more room; of two answers the one counts in which more can be used, mostly the second."""
        first, again = await self._read(number, request, answer), await self.asker.ask(longer)
        if not isinstance(again, Reply):
            return [first, Asked(number, longer.key, again)]
        second = await self._read(number, longer, again)
        if len(first.blocks) > len(second.blocks):
            return [first, replace(second, blocks=(), problems=())]
        return [replace(first, blocks=(), problems=()), second]

    async def _read(self, number: int, request: Request, answer: Reply | Failure) -> Asked:
        if isinstance(answer, Failure):
            return Asked(number, request.key, answer)
        config, cut_off = self.calls.config, {"stop": False, "length": True}.get(answer.finish_reason)
        read = partial(parse_reply, answer.text, config.language, structured=config.structured, cut_off=cut_off)
        blocks, problems = await asyncio.to_thread(read)  # the event loop has other replies to look after
        return Asked(number, request.key, answer, blocks, problems)


def outcome(document: Document, asked: Sequence[Asked], config: TranslateConfig) -> list[Result]:
    """A document's computations and its outcome, or a drop if there is no computation; and a row for each call."""
    rows: list[Result] = [_row(document, call) for call in asked]
    blocks = [block for call in asked for block in call.blocks]
    if not blocks:
        return [*rows, _drop(document, asked)]
    computations = [_computation(document, index, block, config) for index, block in enumerate(blocks)]
    return [*rows, *computations, Outcome(document.id, len(computations))]


def _row(document: Document, asked: Asked) -> Call:
    match asked.answer:
        case Failure(error, kind, attempts):
            return Call(asked.key, document.id, asked.chunk, kind, attempts, error=error)
        case Reply(text, finish, prompt_tokens, completion_tokens, attempts):
            if finish == "length" and loops(text):
                finish = "repetition"
            found = len(asked.blocks), tuple(map(str, asked.problems))
            return Call(asked.key, document.id, asked.chunk, finish, attempts, prompt_tokens, completion_tokens, *found)


def _drop(document: Document, asked: Sequence[Asked]) -> Dropped:
    failures = [call.answer for call in asked if isinstance(call.answer, Failure)]
    problems = Counter(str(problem) for call in asked for problem in call.problems)
    detail: dict[str, Any] = {"calls": len(asked), "failed": len(failures), "malformed": dict(sorted(problems.items()))}
    if failures:
        return drop(document, "translate", Reason.CALL_FAILED, error=failures[0].error, **detail)
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
