"""Requests to a model's servers, with retries: a request that fails is a value, never an exception."""

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from aiohttp import ClientConnectorError, ClientError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from models.chat.messages import EndpointError, Failure, Reply, Request, one_line, read_reply, shorten
from models.chat.servers import Card, Server, Servers, check, no_answer

_TRANSIENT = {408, 409, 425, 429}  # and everything from 500 on
_FORBIDDEN = 403  # some firewalls say so of a prompt
_LOST = {401, _FORBIDDEN, 404}  # the server does not know us, or not the model any more
_IN_A_ROW = 20  # requests that fail one after the other before a trivial one shows whether the servers work at all
# How servers say that a prompt does not fit, for example "This model's maximum context length is 2048 tokens".
_TOO_LONG = (
    "context length",
    "context_length",
    "maximum context",
    "longer than the maximum",
    "input tokens",
    "prompt is too long",
)


@dataclass(frozen=True, slots=True)
class Chat:
    """A model served at one or several endpoints (base URLs that end in /v1).

    `in_flight` requests are under way at once. `timeout` is in seconds for one attempt, to the last byte of its answer;
    `retries` counts attempts after the first, for timeouts, broken connections and answers, 429 and 5xx, after waits
    of a random part of `backoff` seconds, doubled each time, up to `max_backoff`. Where no server can be reached,
    requests wait up to `patience` seconds.
    """

    endpoints: Sequence[str]
    model: str
    in_flight: int = 64
    timeout: float = 600.0
    retries: int = 5
    backoff: float = 1.0
    max_backoff: float = 60.0
    patience: float = 900.0
    # vLLM asks for no key; other services read the usual variable.
    key: str = field(default_factory=lambda: os.environ.get("OPENAI_API_KEY") or "none", repr=False)

    def check(self) -> list[Card]:
        """What each server says of the model; raises EndpointError for one that does not answer or serve it."""
        return asyncio.run(check(self.endpoints, self.model, self.key))


class _Transient(Exception):
    """An attempt that may succeed when it is made again, after `wait` seconds where the server says so."""

    def __init__(self, error: str, wait: float = 0.0) -> None:
        super().__init__(error)
        self.wait = wait


class _Refused(_Transient):
    """An attempt that ended in what is no fault of its prompt: if it stays, all others would end so too."""


class Client:
    """Makes the requests of a process; to be used in one event loop."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.servers = Servers(chat.endpoints, chat.model, chat.key, chat.patience)
        self._room = asyncio.Semaphore(chat.in_flight)
        self._wait = wait_random_exponential(chat.backoff, chat.max_backoff)
        self._failed = 0  # in a row

    async def complete(self, request: Request) -> Reply | Failure:
        """The answer, or why there is none.

        Raises EndpointError when all servers are gone for too long, or answer nothing at all.
        """
        async with self._room:
            answer = await self._tried(request)
            if isinstance(answer, Failure) and answer.kind == "failed" and not await self.servers.alive():
                again = await self._tried(request)  # it failed with its server, and waits for another
                answer = replace(again, attempts=answer.attempts + again.attempts)
            if isinstance(answer, Reply):
                self._failed = 0
            elif answer.kind == "failed":
                await self._suspect(request)
        return answer

    async def close(self) -> None:
        """Ends all connections."""
        await self.servers.close()

    async def _suspect(self, request: Request) -> None:
        """Of servers that list the model and refuse everything: else all documents would be dropped for them."""
        self._failed += 1
        if self._failed % _IN_A_ROW:
            return
        trial = await self._tried(request.trivial())
        if isinstance(trial, Reply):
            self._failed = 0
        elif self._failed >= _IN_A_ROW:  # nothing was answered meanwhile
            raise EndpointError(
                f"the model server lists {self.chat.model} but answers nothing, "
                f"neither {self._failed} requests in a row nor a trivial one: {trial.error}"
            )

    async def _tried(self, request: Request) -> Reply | Failure:
        attempts = AsyncRetrying(
            stop=stop_after_attempt(self.chat.retries + 1),
            wait=self._pause,
            retry=retry_if_exception_type(_Transient),
            reraise=True,
        )
        made = 0
        try:
            async for attempt in attempts:
                with attempt:
                    made = attempt.retry_state.attempt_number
                    answer = await self._attempt(request)
            return replace(answer, attempts=made)
        except _Refused as error:
            raise EndpointError(f"the model server lists {self.chat.model} but does not answer: {error}") from None
        except _Transient as error:
            return Failure(str(error), attempts=made)

    async def _attempt(self, request: Request) -> Reply | Failure:
        """One attempt at one server; servers that cannot be reached at all are no attempt."""
        while True:
            server = await self.servers.pick()
            server.in_flight += 1
            try:
                status, body, wait = await self.servers.post(server, request.payload, self.chat.timeout)
                if status != 200:
                    return await self._refused(server, status, body, wait)
                reply = read_reply(json.loads(body), self.chat.model)
                server.answered()
                return reply
            except ClientConnectorError as error:  # it is down, and no answer was begun
                self.servers.lost(server, str(no_answer(server, error)))
            except (ClientError, TimeoutError, OSError, ValueError, RecursionError) as error:
                server.failed()
                raise _Transient(one_line(error)) from error
            finally:
                server.in_flight -= 1

    async def _refused(self, server: Server, status: int, body: bytes, wait: float) -> Failure:
        """What an answer with a status other than 200 means for its request."""
        said = f"status {status}: {_said(body)}"
        if status >= 500 or status in _TRANSIENT:
            server.failed()
            raise _Transient(said, wait)
        if status in _LOST:
            await self.servers.verify(server)
            if server.gone:
                raise _Transient(said)
            if status != _FORBIDDEN:
                server.failed()
                raise _Refused(said)
        return Failure(said, "too_long" if any(sign in said.lower() for sign in _TOO_LONG) else "failed")

    def _pause(self, state: RetryCallState) -> float:
        """Seconds until the next attempt: jitter, so that requests which failed together do not return together."""
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, _Transient) else 0.0
        return min(self.chat.max_backoff, asked + self._wait(state))


def _said(body: bytes) -> str:
    """The message in the body of an error, or the body as it is."""
    try:
        data = json.loads(body)
        return shorten(str((data.get("error") or data)["message"]))
    except (ValueError, LookupError, TypeError, AttributeError):
        return shorten(body.decode("utf-8", "replace"))
