"""Settings of the stage translate."""

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from transforms.served.config import Served

Language = Literal["python", "matlab", "mathematica", "lean"]


class TranslateConfig(Served):
    """Who translates, and for a model how it is asked."""

    VERSION: ClassVar[int] = 2

    translator: Literal["symbolic", "vllm", "none"] = Field(
        "symbolic",
        description="symbolic needs no model, vllm asks any OpenAI-compatible endpoint, none translates nothing",
    )
    language: Language = Field("python", description="the language of the snippets; symbolic writes Python only")
    max_tokens: int = Field(2048, ge=1, description="longest answer to a chunk, in tokens; less in a small context")
    max_chunk_tokens: int = Field(1500, ge=50, description="longest piece of a document in one prompt, in tokens")
    tokenizer: str = Field(
        "",
        description="the model's tokenizer.json, a folder with one or a name on the Hugging Face Hub (default: that in "
        "the folder which the server names; where there is none, tokens are counted too high rather than too low)",
    )
    context: int | None = Field(None, ge=256, description="the model's context in tokens (default: as the server says)")
    structured: bool = Field(False, description="answers in JSON by a schema (vLLM's structured_outputs)")
    max_computations: int = Field(200, ge=1, description="computations that symbolic takes from one document")

    @model_validator(mode="after")
    def _complete(self) -> "TranslateConfig":
        if self.translator == "symbolic" and self.language != "python":
            raise ValueError(f"the translator symbolic writes python, not {self.language}")
        if self.translator == "vllm" and not self.model:
            raise ValueError("the translator vllm needs a model: the name under which the endpoints serve it")
        return self
