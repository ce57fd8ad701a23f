"""Settings of the stage translate."""

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from transforms.settings import Settings

Language = Literal["python", "matlab", "mathematica", "lean"]


class TranslateConfig(Settings, frozen=True):
    """Who translates, and for a model how it is asked."""

    SPEED: ClassVar[frozenset[str]] = frozenset({"endpoints", "in_flight", "timeout", "retries", "max_calls"})

    translator: Literal["symbolic", "vllm", "none"] = Field(
        "symbolic",
        description="symbolic needs no model, vllm asks any OpenAI-compatible endpoint, none translates nothing",
    )
    endpoints: tuple[str, ...] = Field((), description="base URLs of the servers, such as http://localhost:8000/v1")
    model: str = Field("", description="the name under which the servers serve the model")
    language: Language = Field("python", description="the language of the snippets; symbolic writes Python only")
    max_tokens: int = Field(2048, ge=1, description="longest answer to a chunk, in tokens")
    temperature: float = Field(0.0, ge=0, le=2)
    seed: int = Field(0, ge=0)
    in_flight: int = Field(64, ge=1, description="requests that a worker has under way at once")
    timeout: float = Field(600.0, gt=0, description="seconds until a request is given up, retries apart")
    retries: int = Field(4, ge=0, description="attempts after the first, for timeouts, resets and server errors")
    max_chunk_tokens: int = Field(1500, ge=50, description="longest piece of a document in one prompt, in tokens")
    max_calls: int | None = Field(None, ge=0, description="refuse to start where more calls would be made")
    max_computations: int = Field(200, ge=1, description="computations that symbolic takes from one document")

    @model_validator(mode="after")
    def _complete(self) -> "TranslateConfig":
        if self.translator == "symbolic" and self.language != "python":
            raise ValueError(f"the translator symbolic writes python, not {self.language}")
        if self.translator == "vllm" and not (self.endpoints and self.model):
            raise ValueError("the translator vllm needs endpoints and a model")
        return self
