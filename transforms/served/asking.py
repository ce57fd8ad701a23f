"""The calls of one process: answered from disk where they have finished before, else made and kept."""

import asyncio
import atexit
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, TypeVar

from models.chat.client import Client
from models.chat.messages import TOO_LONG, Failure, Reply, Request
from transforms.served.completions import Completions, StoreError
from transforms.served.config import Served
from transforms.served.work import Work

T = TypeVar("T")
_MAKING = threading.Lock()  # Beam sets up the DoFns of a process in several threads
_END = 5.0  # seconds


class Asker:
    """Makes calls on an event loop in a thread of its own; where the settings name a folder, answers are kept there.

    Equal requests are made once, also while they are under way.
    """

    def __init__(self, served: Served, processes: int = 1) -> None:
        self._store = Completions(served.facts.folder) if served.facts.folder else None
        self._client = Client(served.chat(processes)) if served.endpoints else None
        self._disk = ThreadPoolExecutor(1, "completions")  # one thread: the store is used by one at a time
        self._under_way: dict[str, asyncio.Task[Reply | Failure]] = {}
        self._waiting: list[tuple[str, Reply]] = []
        self._writing = asyncio.Lock()
        self._loop = _loop()
        self.refresh()

    def start(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Runs a coroutine that asks."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def work(self, begin: Callable[[Any], Coroutine[Any, Any, list[Any]]]) -> Work:
        """A stage's work: `begin` makes of a record the coroutine that asks about it."""
        return Work(lambda record: self.start(begin(record)), self.refresh, self.close)

    async def ask(self, request: Request) -> Reply | Failure:
        """The answer, or why there is none.

        Raises models.errors.Unavailable where servers are gone for too long or the answer cannot be kept.
        """
        if task := self._under_way.get(request.key):
            answer = await task
            return replace(answer, attempts=0)
        task = asyncio.ensure_future(self._answer(request))
        self._under_way[request.key] = task
        try:
            return await task
        finally:
            del self._under_way[request.key]

    def refresh(self) -> None:
        """Takes up what other processes have finished."""
        if self._store:
            self._disk.submit(self._store.refresh).result()

    def close(self) -> None:
        """Packs what this process has finished; it may go on afterwards."""
        if self._store:
            self._disk.submit(self._store.pack).result()

    def end(self) -> None:
        """Closes all connections, when the process ends."""
        if self._client:
            self.start(self._client.close()).result(_END)

    async def _answer(self, request: Request) -> Reply | Failure:
        if self._store and (stored := await self._on_disk(partial(self._store.get, request.key))):
            if stored.finish_reason == TOO_LONG:
                return Failure("the server has refused it before for its length", TOO_LONG, attempts=0)
            return stored
        if self._client is None:
            return Failure("there is no endpoint to ask", "unasked", attempts=0)
        answer = await self._client.complete(request)
        final = Reply("", TOO_LONG) if isinstance(answer, Failure) and answer.kind == TOO_LONG else answer
        if self._store and isinstance(final, Reply):
            await self._keep(self._store, request.key, final)
        return answer

    async def _keep(self, store: Completions, key: str, reply: Reply) -> None:
        """Returns when the answer is on disk. What comes while others are written is written together, after them."""
        self._waiting.append((key, reply))
        async with self._writing:
            if group := self._waiting:
                self._waiting = []
                try:
                    await self._on_disk(partial(store.put, group))
                except StoreError:
                    self._waiting = [*group, *self._waiting]  # whoever waits for one of them tries, and fails, itself
                    raise

    async def _on_disk(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, work)


def asker(served: Served, processes: int = 1) -> Asker:
    """The one asker of this process for these settings."""
    with _MAKING:
        return _asker(served, processes)


@lru_cache(maxsize=4)
def _asker(served: Served, processes: int) -> Asker:
    own = Asker(served, processes)
    atexit.register(own.end)
    return own


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="calls", daemon=True).start()
    return loop
