"""Settings of classify."""

from pydantic import Field

from transforms.settings import Settings


class ClassifyConfig(Settings):
    """The model that judges extracted texts."""

    model: str = Field("", description="a model of train-classifier --for classify; empty for the one that is shipped")
