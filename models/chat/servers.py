"""The servers of one model: which of them is asked next, which are gone, and what they say of themselves."""

import asyncio
import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, TCPConnector

from models.chat.messages import EndpointError, one_line

_CHECK_TIMEOUT = 10.0  # seconds for the list of models, which is no work for a server
_CHECK_ATTEMPTS = 3
_PROBE_EVERY = 1.0  # seconds between two looks at a server that is gone
_REST, _MAX_REST = 0.2, 10.0  # seconds that a server which fails is passed over for, doubled each time it fails again
_KEEP_ALIVE = 4.0  # seconds; vLLM closes idle connections after 5, and one that is being closed costs an attempt
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Card:
    """What a server says of the model: its context in tokens, and where its files are, where it says so."""

    context: int | None = None
    root: str = ""
    owner: str = ""


@dataclass(eq=False)
class Server:
    """One endpoint, and how it has behaved."""

    url: str
    in_flight: int = 0
    failures: int = 0  # in a row
    rests_until: float = 0.0
    gone: str = ""  # why it is not asked, while that is so

    def failed(self) -> None:
        """Another server is asked first for a while: one that fails at once would draw all requests."""
        rest = min(_MAX_REST, _REST * 2.0 ** min(self.failures, 10))
        self.failures += 1
        self.rests_until = time.monotonic() + rest

    def answered(self) -> None:
        """It works."""
        self.failures, self.rests_until = 0, 0.0


@dataclass
class Servers:
    """The endpoints (base URLs that end in /v1) of a model; lives in one event loop.

    `patience` is how many seconds requests wait while every server is gone, before EndpointError ends the run.
    """

    urls: Sequence[str]
    model: str
    key: str
    patience: float
    all: list[Server] = field(init=False)
    _session: ClientSession | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _watches: set["asyncio.Task[None]"] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.all = [Server(url.rstrip("/")) for url in self.urls]

    async def post(self, server: Server, payload: bytes, timeout: float) -> tuple[int, bytes, float]:
        """The status and the body of the answer to a chat completion, and the seconds to wait if the server names any.

        Raises what aiohttp raises, and TimeoutError where the last byte does not come in time.
        """
        limit = ClientTimeout(total=timeout)
        async with self._http().post(f"{server.url}/chat/completions", data=payload, timeout=limit) as answer:
            return answer.status, await answer.read(), _seconds(answer.headers.get("Retry-After", ""))

    async def pick(self) -> Server:
        """The server to ask: of those that do not rest the one with the fewest requests under way."""
        start = time.monotonic()
        while not (there := [server for server in self.all if not server.gone]):
            self._changed.clear()
            if (left := start + self.patience - time.monotonic()) <= 0:
                raise EndpointError("; ".join(server.gone for server in self.all))
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                continue
        now = time.monotonic()
        return min(there, key=lambda server: (server.rests_until > now, server.in_flight))

    def lost(self, server: Server, why: str) -> None:
        """The server does not answer: nothing is sent to it until it lists the model again."""
        if not server.gone:
            server.gone = why
            _LOG.warning("%s; waiting up to %g s for it", why, self.patience)
            watch = asyncio.get_running_loop().create_task(self._watch(server))
            self._watches.add(watch)
            watch.add_done_callback(self._watches.discard)

    async def verify(self, server: Server) -> None:
        """Asks the server for its models; one that does not answer, or not with this model, is gone."""
        try:
            await self.card(server)
        except EndpointError as error:
            self.lost(server, str(error))

    async def alive(self) -> bool:
        """Whether any server still lists the model."""
        await asyncio.gather(*(self.verify(server) for server in self.all if not server.gone))
        return any(not server.gone for server in self.all)

    async def card(self, server: Server) -> Card:
        """What the server says of the model; raises EndpointError where it does not answer or does not serve it."""
        try:
            limit = ClientTimeout(total=_CHECK_TIMEOUT)
            async with self._http().get(f"{server.url}/models", timeout=limit) as answer:
                answer.raise_for_status()
                cards = {str(card["id"]): card for card in _models(json.loads(await answer.read()))}
        except (ClientError, OSError, TimeoutError, ValueError, TypeError, LookupError, RecursionError) as error:
            raise no_answer(server, error) from error
        if self.model not in cards:
            raise EndpointError(f"{server.url} serves {', '.join(cards) or 'no model'}, not {self.model}")
        card = cards[self.model]
        context = card.get("max_model_len")
        known = context if isinstance(context, int) and context > 0 else None
        return Card(known, str(card.get("root") or ""), str(card.get("owned_by") or ""))

    async def close(self) -> None:
        """Ends all connections."""
        for watch in self._watches:
            watch.cancel()
        if self._session:
            await self._session.close()

    def _http(self) -> ClientSession:
        """The connection pool, made where the event loop runs."""
        if self._session is None:
            # No limit to connections: the number of requests under way is limited by the client itself.
            pool = TCPConnector(limit=0, keepalive_timeout=_KEEP_ALIVE)
            headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
            self._session = ClientSession(connector=pool, headers=headers, trust_env=True)
        return self._session

    async def _watch(self, server: Server) -> None:
        while server.gone:
            await asyncio.sleep(_PROBE_EVERY)
            try:
                await self.card(server)
            except EndpointError as error:
                server.gone = str(error)
            else:
                _LOG.warning("%s answers again", server.url)
                server.gone = ""
                server.answered()
                self._changed.set()


async def check(urls: Sequence[str], model: str, key: str) -> list[Card]:
    """What each server says of the model.

    Raises EndpointError where one does not answer, after a few attempts, or does not serve the model.
    """
    servers = Servers(urls, model, key, patience=0)
    try:
        return [await _card(servers, server) for server in servers.all]
    finally:
        await servers.close()


async def _card(servers: Servers, server: Server) -> Card:
    for attempt in range(1, _CHECK_ATTEMPTS + 1):
        try:
            return await servers.card(server)
        except EndpointError as error:
            if error.__cause__ is None or attempt == _CHECK_ATTEMPTS:
                raise
            await asyncio.sleep(0.2 * attempt)
    raise AssertionError("unreachable")


def no_answer(server: Server, error: BaseException) -> EndpointError:
    """What is said of a server that does not answer."""
    cause = error.os_error if isinstance(error, ClientConnectorError) else error
    return EndpointError(f"no model server answers at {server.url}: {one_line(cause)}")


def _models(answer: Any) -> Sequence[Mapping[str, Any]]:
    models = answer["data"]
    if not isinstance(models, list):
        raise TypeError("the list of models is none")
    return models


def _seconds(text: str) -> float:
    """The value of a Retry-After header; 0 for a date, or none."""
    try:
        return max(0.0, float(text))
    except ValueError:
        return 0.0
