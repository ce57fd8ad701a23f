"""Models behind OpenAI-compatible endpoints: the settings that all stages which ask one share, and their client."""

from typing import ClassVar

from pydantic import Field

from models.chat import Chat
from transforms.settings import Settings


class Served(Settings):
    """Which model is asked, where and how."""

    SPEED: ClassVar[frozenset[str]] = frozenset({"endpoints", "in_flight", "timeout", "retries", "max_calls"})

    endpoints: tuple[str, ...] = Field((), description="base URLs of the servers, such as http://localhost:8000/v1")
    model: str = Field("", description="the name under which the servers serve the model")
    max_tokens: int = Field(2048, ge=1, description="longest answer, in tokens")
    temperature: float = Field(0.0, ge=0, le=2)
    seed: int = Field(0, ge=0)
    in_flight: int = Field(64, ge=1, description="requests that a worker has under way at once")
    timeout: float = Field(600.0, gt=0, description="seconds until a request is given up, retries apart")
    retries: int = Field(4, ge=0, description="attempts after the first, for timeouts, resets and server errors")
    max_calls: int | None = Field(None, ge=0, description="refuse to start where more calls would be made")


def open_chat(served: Served) -> Chat:
    """A client of the model."""
    return Chat(
        served.endpoints,
        served.model,
        max_tokens=served.max_tokens,
        temperature=served.temperature,
        seed=served.seed,
        in_flight=served.in_flight,
        timeout=served.timeout,
        retries=served.retries,
    )


def check_served(served: Served) -> None:
    """Raises models.chat.EndpointError if the model cannot be asked."""
    open_chat(served).check()
