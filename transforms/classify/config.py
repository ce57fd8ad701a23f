"""Settings of classify."""

from typing import ClassVar

from pydantic import Field

from transforms.settings import Settings


class ClassifyConfig(Settings):
    """The model that judges extracted texts."""

    VERSION: ClassVar[int] = 2

    model: str = Field("", description="a model of train-classifier --for classify; empty for the one that is shipped")
