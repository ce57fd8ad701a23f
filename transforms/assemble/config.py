"""The settings of the stage `assemble`."""

from typing import Literal

from pydantic import Field

from transforms.records import Verdict
from transforms.settings import Settings


class AssembleConfig(Settings, frozen=True):
    """Which computations become training text, and in which form."""

    keep: tuple[Verdict, ...] = Field(
        default=(Verdict.VERIFIED,), min_length=1, description="verdicts whose computations are kept"
    )
    layout: Literal["paired", "separated"] = Field(
        default="paired", description="each step with its code in one row per document, or steps and codes as own rows"
    )
