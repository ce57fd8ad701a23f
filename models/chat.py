"""A client of OpenAI-compatible servers such as vLLM: a failed prompt is a value, never an exception."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle

from openai import AsyncOpenAI, OpenAIError

from models.errors import Unavailable

_CHECK_TIMEOUT = 10.0  # seconds for the list of models, which is no work for a server


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `finish_reason` is "length" where it was cut off."""

    text: str
    finish_reason: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """A prompt that got no answer, after all retries."""

    error: str


class EndpointError(Unavailable):
    """An endpoint cannot be used; the message is one line for the person who named it."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A model served at one or several endpoints (base URLs that end in /v1), which take prompts in turn.

    `timeout` is in seconds for one attempt; `retries` counts attempts after the first, for timeouts, broken
    connections, 429 and 5xx, with the openai package's own backoff.
    """

    endpoints: Sequence[str]
    model: str
    max_tokens: int = 2048
    temperature: float = 0.0
    seed: int = 0
    in_flight: int = 64
    timeout: float = 600.0
    retries: int = 4
    # vLLM asks for no key; other services read the usual variable.
    key: str = field(default_factory=lambda: os.environ.get("OPENAI_API_KEY") or "none", repr=False)

    def complete(self, prompts: Sequence[str]) -> list[Reply | Failure]:
        """One answer or failure for each prompt, in their order; at most `in_flight` are under way at once."""
        return asyncio.run(self._complete(prompts))

    def check(self) -> None:
        """Raises EndpointError if an endpoint does not answer or does not serve the model."""
        asyncio.run(self._check())

    async def _complete(self, prompts: Sequence[str]) -> list[Reply | Failure]:
        clients = [self._client(endpoint, self.timeout, self.retries) for endpoint in self.endpoints]
        room = asyncio.Semaphore(self.in_flight)
        try:
            asked = (self._ask(client, prompt, room) for client, prompt in zip(cycle(clients), prompts, strict=False))
            return await asyncio.gather(*asked)
        finally:
            for client in clients:
                await client.close()

    async def _ask(self, client: AsyncOpenAI, prompt: str, room: asyncio.Semaphore) -> Reply | Failure:
        async with room:
            try:
                answer = await client.chat.completions.create(
                    model=self.model,
                    messages=[{"role": "user", "content": prompt}],
                    max_tokens=self.max_tokens,
                    temperature=self.temperature,
                    seed=self.seed,
                )
                choice = answer.choices[0]
                used = answer.usage
                return Reply(
                    choice.message.content or "",
                    choice.finish_reason or "",
                    used.prompt_tokens if used else 0,
                    used.completion_tokens if used else 0,
                )
            # Beside its own errors, the package lets through what a broken body makes it stumble over.
            except (OpenAIError, ValueError, TypeError, AttributeError, LookupError) as error:
                return Failure(_one_line(error))

    async def _check(self) -> None:
        for endpoint in self.endpoints:
            client = self._client(endpoint, _CHECK_TIMEOUT, 0)
            try:
                served = [model.id async for model in client.models.list()]
            except (OpenAIError, ValueError, TypeError, AttributeError) as error:
                raise EndpointError(f"no model server answers at {endpoint}: {_one_line(error)}") from error
            finally:
                await client.close()
            if self.model not in served:
                raise EndpointError(f"{endpoint} serves {', '.join(served) or 'no model'}, not {self.model}")

    def _client(self, endpoint: str, timeout: float, retries: int) -> AsyncOpenAI:
        return AsyncOpenAI(base_url=endpoint, api_key=self.key, timeout=timeout, max_retries=retries)


def _one_line(error: BaseException) -> str:
    cause = error.__cause__
    text = f"{type(error).__name__}: {error}" + (f" ({cause})" if cause and str(cause) else "")
    return " ".join(text.split())[:500]
