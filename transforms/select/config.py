"""Settings of select."""

from pydantic import Field

from transforms.settings import Settings


class SelectConfig(Settings):
    """What a page must show to be extracted."""

    threshold: float = Field(
        0.2, ge=0, le=1, description="least coarse score of a page without formula markup; 0 keeps every page"
    )
    model: str = Field("", description="a model of train-classifier --for select; empty for the one that is shipped")
    max_bytes: int = Field(1_000_000, gt=0, description="how much of a page is looked at")
