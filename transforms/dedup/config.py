"""Settings of dedup."""

from pydantic import Field

from transforms.settings import Settings


class DedupConfig(Settings, frozen=True):
    """From where on two texts count as the same, and which of them stays."""

    threshold: float = Field(0.8, gt=0, lt=1, description="estimated Jaccard of two texts' shingles, drop from here on")
    shingle: int = Field(5, ge=1, description="words per shingle; characters in texts without blanks")
    num_perm: int = Field(128, ge=16, le=1024, description="MinHash values per text")
    miss_weight: float = Field(
        0.95, gt=0, lt=1, description="how much worse a missed pair is than a needless comparison; decides the bands"
    )
    source_order: tuple[str, ...] = Field(
        ("web", "openwebmath", "code", "textbook", "synthetic"),
        description="of equal texts that of the earlier source stays, then the longer one, then the smaller id",
    )
