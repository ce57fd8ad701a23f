"""Which model is asked, where and how: the settings that all stages which ask one share."""

from typing import Any, ClassVar

from pydantic import Field

from models.chat.client import Chat
from models.chat.messages import Request
from transforms.settings import Settings

# Tokens, and how often they come again: more often than the zeros of a matrix or the dashes of a table.
_LOOP = {"max_pattern_size": 60, "min_pattern_size": 1, "min_count": 24}


class Facts(Settings):
    """What is known when a run starts: what the servers say of the model, and where finished calls are."""

    folder: str = Field("", description="finished calls; none are kept where it is empty")
    context: int | None = Field(None, ge=1, description="tokens of prompt and answer together")
    root: str = Field("", description="where the server says that the model's files are")
    vllm: bool = False


class Served(Settings):
    """Settings of a served model; sampling and model are part of each call's identity, the others are not."""

    SPEED: ClassVar[frozenset[str]] = frozenset(
        {"endpoints", "in_flight", "timeout", "retries", "backoff", "max_backoff", "patience", "max_calls"}
        | {"completions", "facts"}
    )

    endpoints: tuple[str, ...] = Field((), description="base URLs of the servers, such as http://localhost:8000/v1")
    model: str = Field("", description="the name under which the servers serve the model")
    max_tokens: int = Field(2048, ge=1, description="longest answer, in tokens")
    temperature: float = Field(0.0, ge=0, le=2)
    seed: int = Field(0, ge=0)
    repetition_detection: bool | None = Field(
        None, description="the server ends answers that go round in circles (default: where it says that it is a vLLM)"
    )
    in_flight: int = Field(256, ge=1, description="requests under way at once, in all processes of a build together")
    timeout: float = Field(600.0, gt=0, description="seconds until an attempt is given up")
    retries: int = Field(5, ge=0, description="attempts after the first, for timeouts, resets and server errors")
    backoff: float = Field(
        1.0, gt=0, description="seconds before the second attempt, on average half of it; it doubles"
    )
    max_backoff: float = Field(60.0, gt=0, description="seconds before any attempt, at most")
    patience: float = Field(900.0, ge=0, description="seconds to wait for servers that are gone, before the run ends")
    max_calls: int | None = Field(None, ge=0, description="refuse to start where more calls would be made")
    drop_unasked: bool = Field(False, description="without endpoints: go on without calls that are not stored")
    completions: str = Field("", description="folder of finished calls, which builds may share (default: in --output)")

    facts: Facts = Field(Facts(), exclude=True, description="found out when a run starts")

    def ahead(self, processes: int = 1) -> int:
        """Records that one of so many processes takes up at once: twice what is under way, so that none waits."""
        return 2 * max(1, self.in_flight // processes)

    def chat(self, processes: int = 1) -> Chat:
        """The client of one of so many processes, which share what may be under way."""
        return Chat(
            self.endpoints,
            self.model,
            in_flight=max(1, self.in_flight // processes),
            timeout=self.timeout,
            retries=self.retries,
            backoff=self.backoff,
            max_backoff=self.max_backoff,
            patience=self.patience,
        )

    def request(
        self, prompt: str, max_tokens: int | None = None, stop: str = "", schema: dict[str, Any] | None = None
    ) -> Request:
        """The call for a prompt: the answer ends where it says `stop`, and is JSON where a schema is given."""
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": "user", "content": prompt}],
            "max_tokens": max_tokens or self.max_tokens,
            "temperature": self.temperature,
            "seed": self.seed,
        }
        if self.facts.vllm if self.repetition_detection is None else self.repetition_detection:
            body["repetition_detection"] = _LOOP
        if stop:
            body["stop"] = [stop]
        if schema is not None:
            body["structured_outputs"] = {"json": schema}
        return Request(body)
