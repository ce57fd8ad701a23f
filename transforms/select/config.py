"""Settings of select."""

from typing import ClassVar

from pydantic import Field

from transforms.settings import Settings


class SelectConfig(Settings):
    """What a page must show to be extracted; one that holds formula markup always is.

    The defaults lose 1 % of the math pages of sites that the model has not seen (tests/quality/classifiers.py).
    """

    VERSION: ClassVar[int] = 3

    threshold: float = Field(
        0.5, ge=0, le=1, description="least coarse score of a page without a trace of formulas; 0 keeps every page"
    )
    threshold_hint: float = Field(
        0.05, ge=0, le=1, description="least coarse score of a page that loads a renderer of formulas or names one"
    )
    model: str = Field("", description="a model of train-classifier --for select; empty for the one that is shipped")
    max_bytes: int = Field(1_000_000, gt=0, description="how much of a page is searched for formula markup")
    text_bytes: int = Field(
        50_000, gt=0, description="how much of a page the model reads, unless that is hardly any text"
    )
