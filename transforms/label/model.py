"""Documents to prompts, and a served model's answers to labels."""

import asyncio
from dataclasses import fields

from models.chat.messages import Failure, Reply, Request
from models.tokenizer import token_ends
from transforms.label import prompts
from transforms.label.config import LabelConfig
from transforms.label.records import MATH, NONMATH, Labelled
from transforms.label.replies import parse_reply
from transforms.records import Document, Dropped, Reason, drop
from transforms.served.asking import asker
from transforms.served.work import Work
from transforms.translate.chunks import chunks

_CHARACTERS_PER_TOKEN = 20  # more than any language has: what lies beyond is not looked at
_SHOWN = 500  # characters of an answer that nobody could read


def make_label(config: LabelConfig, processes: int) -> Work:
    """The work of the stage in one of so many processes."""
    ask = asker(config, processes)

    async def label(document: Document) -> list[Labelled | Dropped]:
        call = await asyncio.to_thread(request, config, document.text)
        return [outcome(document, await ask.ask(call), config)]

    return ask.work(label)


def request(config: LabelConfig, text: str) -> Request:
    """The call for a text."""
    return config.request(prompts.prompt(excerpt(text, config.text_tokens)))


def excerpt(text: str, max_tokens: int) -> str:
    """The beginning of a text, up to the last paragraph (or line, or sentence) that fits."""
    pieces = chunks(text[: max_tokens * _CHARACTERS_PER_TOKEN], max_tokens, token_ends)
    return pieces[0][: max_tokens * _CHARACTERS_PER_TOKEN // 2] if pieces else ""


def outcome(document: Document, answer: Reply | Failure, config: LabelConfig) -> Labelled | Dropped:
    """The document with its label; dropped where there is no answer, or none that names one category."""
    if isinstance(answer, Failure):
        return drop(document, "label", Reason.CALL_FAILED, error=answer.error)
    category = parse_reply(answer.text, answer.finish_reason == "length")
    if isinstance(category, str):
        return drop(document, "label", Reason.MALFORMED_REPLY, problem=category, reply=answer.text[-_SHOWN:])
    known = {field.name: getattr(document, field.name) for field in fields(Document)}
    label = MATH if category in config.math else NONMATH
    return Labelled(**known, category=category, label=label, teacher=config.model, prompt_version=prompts.VERSION)
