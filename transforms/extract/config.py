"""Settings of the stage extract."""

from typing import ClassVar

from pydantic import Field

from transforms.settings import Settings


class ExtractConfig(Settings):
    """What extract keeps of a page, and the sizes above which it drops one."""

    VERSION: ClassVar[int] = 2

    max_characters: int = Field(10_000_000, ge=1, description="drop pages whose decoded HTML is longer")
    max_elements: int = Field(500_000, ge=1, description="drop pages with more elements than this")
    max_prose_elements: int = Field(
        100_000, ge=1, description="drop pages with more elements than this outside formulas and code"
    )
    max_seconds: float = Field(20.0, gt=0, description="drop pages that take more CPU time than this")
    max_memory_bytes: int = Field(
        1 << 31, ge=1 << 29, description="address space of the process that extracts; a page that needs more is dropped"
    )
    include_comments: bool = Field(True, description="keep comments and forum answers")
    min_kept_formulas: float = Field(
        0.95,
        ge=0,
        le=1,
        description="where the main content holds a smaller share of the page's formulas, keep all around them",
    )
