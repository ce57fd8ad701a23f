"""What goes to a model server and what comes back: requests with their identity, replies, failures."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from models.errors import Unavailable
from models.unicode import clean

KEY = re.compile(r"[0-9a-f]{32}")  # of a request
_MAX_TOKENS = 2**31  # of a prompt or an answer
# It only ends answers that would never end, and goes only to servers that know it: their answers are the same call's.
_NOT_IN_KEY = "repetition_detection"
Kind = Literal["failed", "too_long", "unasked"]  # of failures
TOO_LONG: Literal["too_long"] = "too_long"  # a refusal, which is stored like an answer
MAX_ERROR = 500  # characters of an error message that are kept


@dataclass(frozen=True)
class Request:
    """The body of one chat completion; its key is what the answer is stored and found by."""

    body: Mapping[str, Any]

    @cached_property
    def payload(self) -> bytes:
        """The body as it is sent: JSON with its keys in order."""
        return _write(self.body)

    @cached_property
    def key(self) -> str:
        """32 hex digits of everything that decides the answer: model, messages, parameters and seed."""
        decisive = {name: value for name, value in self.body.items() if name != _NOT_IN_KEY}
        return hashlib.blake2b(_write(decisive), digest_size=16).hexdigest()

    def answering(self, max_tokens: int) -> "Request":
        """The same request with another limit to the answer."""
        return Request({**self.body, "max_tokens": max_tokens})

    def trivial(self) -> "Request":
        """A request with the same parameters that no server can find fault with for its prompt."""
        return Request({**self.body, "messages": [{"role": "user", "content": "1 + 1 ="}], "max_tokens": 1})


def _write(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `finish_reason` is "length" where it was cut off. `attempts` were made for it, 0 if it was stored."""

    text: str
    finish_reason: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that got no answer, after all attempts; `too_long` ones were refused for their length."""

    error: str
    kind: Kind = "failed"
    attempts: int = 1


class EndpointError(Unavailable):
    """Model servers cannot be used; the message is one line for the person who named them."""


class AnswerError(ValueError):
    """What came back is no answer to the request."""


def read_reply(data: Any, model: str) -> Reply:
    """The reply in the body of a chat completion.

    Raises AnswerError where it is none, or another model's: a name may be longer than what was asked for, since some
    services answer with the exact version.
    """
    try:
        choice = data["choices"][0]
        text = choice["message"]["content"]
        used = data.get("usage") or {}
        counts = [int(used.get(name) or 0) for name in ("prompt_tokens", "completion_tokens")]
        finish = choice.get("finish_reason") or ""
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise AnswerError(f"no chat completion: {type(error).__name__}: {error}") from None
    if not (text is None or isinstance(text, str)) or not isinstance(finish, str):
        raise AnswerError("no chat completion: content that is no text")
    if not all(0 <= count <= _MAX_TOKENS for count in counts):
        raise AnswerError("no chat completion: a number of tokens that cannot be")
    answered = data.get("model")
    if answered and answered != model and not str(answered).startswith(f"{model}-"):
        raise AnswerError(f"the answer is of the model {answered}, not {model}")
    return Reply(clean(text or ""), clean(finish), *counts)


def one_line(error: BaseException) -> str:
    """An exception and its cause, short, on one line."""
    cause = error.__cause__
    return shorten(f"{type(error).__name__}: {error}" + (f" ({cause})" if cause and str(cause) else ""))


def shorten(text: str) -> str:
    """A message on one line, cut where it is long."""
    return " ".join(text.split())[:MAX_ERROR]
