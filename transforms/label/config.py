"""Settings of label."""

from typing import Annotated

from pydantic import Field

from transforms.served.config import Served

Category = Annotated[int, Field(ge=1, le=7)]


class LabelConfig(Served):
    """Which model is asked, what it is shown of a text, and which of its categories count as mathematics."""

    max_tokens: int = Field(512, ge=1, description="longest answer, in tokens: some models reason before they answer")
    text_tokens: int = Field(2000, ge=50, description="how much of the beginning of a text is shown, in tokens")
    math: tuple[Category, ...] = Field((1, 2), min_length=1, description="categories that are labelled math")
