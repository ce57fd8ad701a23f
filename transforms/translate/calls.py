"""From documents to the calls that translate makes: chunks of the model's own tokens, in a prompt that fits."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from models import tokenizer
from models.chat.messages import TOO_LONG, EndpointError, Reply, Request
from models.tokenizer import Ends
from transforms.served.completions import Completions
from transforms.translate import prompts
from transforms.translate.chunks import chunks
from transforms.translate.config import TranslateConfig

_MARGIN = 64  # tokens of a chat template, and what a text has more in a prompt than alone
_MIN_CHUNK = 50  # tokens
_STOP = "\n\nText:\n"  # a model that goes on with a text of its own has said what it found in ours
_LOOPS = 4  # times that the end of a reply must come again, one after the other
_LOOP_LENGTH = 400  # characters that come again, at most


@dataclass(frozen=True, slots=True)
class Room:
    """How a model's context is divided, in tokens: the longest chunk, and the longest answer to it."""

    chunk: int
    answer: int


@dataclass(frozen=True, slots=True)
class Calls:
    """What a configuration makes of a text; `longest` is the most tokens that a prompt's own part may have."""

    config: TranslateConfig
    tokens: Ends
    room: Room
    longest: int | None

    def chunks(self, text: str) -> list[str]:
        """A document's text in pieces."""
        return chunks(text, self.room.chunk, self.tokens)

    def halves(self, chunk: str) -> list[str]:
        """A chunk that the server refused for its length, in smaller pieces: only itself if it should not be cut."""
        half = len(self.tokens(chunk)) // 2
        return chunks(chunk, half, self.tokens) if half >= _MIN_CHUNK else [chunk]

    def fits(self, chunk: str) -> bool:
        """Whether a chunk can be asked about at all: one formula or program may be too long for any prompt."""
        return self.longest is None or len(self.tokens(chunk)) <= self.longest

    def request(self, chunk: str) -> Request:
        """The call for a chunk."""
        config = self.config
        prompt = prompts.prompt(chunk, config.language, structured=config.structured)
        schema = prompts.schema(config.language) if config.structured else None
        return config.request(prompt, self.room.answer, _STOP, schema)

    def longer(self, request: Request, reply: Reply) -> Request | None:
        """The call again with twice the room for an answer that was cut off; None where that would not help."""
        if reply.finish_reason != "length" or loops(reply.text):
            return None
        asked = int(request.body["max_tokens"])
        context = _context(self.config)
        most = 2 * asked if context is None else min(2 * asked, context - reply.prompt_tokens)
        return request.answering(most) if most >= asked * 1.25 else None


@lru_cache(maxsize=4)
def calls_of(config: TranslateConfig) -> Calls:
    """The calls by a configuration; raises EndpointError where its tokenizer or its context will not do."""
    tokens = _tokens(config)
    shared = len(tokens(prompts.prompt("", config.language, structured=config.structured))) + _MARGIN
    context = _context(config)
    if context is None:
        return Calls(config, tokens, Room(config.max_chunk_tokens, config.max_tokens), None)
    left = context - shared
    answer = min(config.max_tokens, left * 2 // 3)
    chunk = min(config.max_chunk_tokens, left - answer)
    if chunk < _MIN_CHUNK:
        raise EndpointError(
            f"a context of {context:,} tokens is too small for {config.model}: the prompt alone has {shared:,}"
        )
    return Calls(config, tokens, Room(chunk, answer), left - answer)


def missing(config: TranslateConfig, text: str, done: Completions) -> Iterator[Request]:
    """The calls for a document that have not been made, as far as they can be known before they are."""
    calls = calls_of(config)
    for chunk in calls.chunks(text):
        yield from _missing(calls, chunk, done)


def _missing(calls: Calls, chunk: str, done: Completions) -> Iterator[Request]:
    if not calls.fits(chunk):
        return
    request = calls.request(chunk)
    answer = done.get(request.key)
    if answer is None:
        yield request
    elif answer.finish_reason == TOO_LONG:
        halves = calls.halves(chunk)
        for half in halves if len(halves) > 1 else ():
            yield from _missing(calls, half, done)
    elif (longer := calls.longer(request, answer)) and longer.key not in done:
        yield longer


def loops(text: str) -> bool:
    """Whether a text ends in something that comes again and again."""
    longest = min(_LOOP_LENGTH, len(text) // _LOOPS)
    return any(
        text[-size * (_LOOPS - 1) :] == text[-size * _LOOPS : -size] and text[-size:].strip()
        for size in range(10, longest + 1)
    )


def tokenizer_name(config: TranslateConfig) -> str:
    """The tokenizer that counts; "" where the model's own is not known."""
    root = config.facts.root  # a path that is not absolute is the server's own affair
    return config.tokenizer or (root if root.startswith("/") and tokenizer.has_file(root) else "")


def _tokens(config: TranslateConfig) -> Ends:
    if name := tokenizer_name(config):
        try:
            return tokenizer.load(name)
        except ValueError as error:
            raise EndpointError(f"{error}: see [translate] tokenizer") from None
    return tokenizer.many_tokens


def _context(config: TranslateConfig) -> int | None:
    return config.context or config.facts.context
