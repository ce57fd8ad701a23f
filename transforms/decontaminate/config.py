"""Settings of decontaminate and decontaminate_final."""

from typing import ClassVar

from pydantic import Field

from transforms.settings import Settings


class DecontaminateConfig(Settings, frozen=True):
    """Which benchmarks, and from where on a document counts as holding one of their questions."""

    # The path decides nothing: what stands in the files is hashed into the fingerprint.
    SPEED: ClassVar[frozenset[str]] = frozenset({"benchmarks"})

    benchmarks: str = Field("", description='a JSONL file, a folder of these or a glob; "" or "none": no benchmark')
    ngram: int = Field(13, ge=5, description="words per n-gram of the paper's rule; a shorter question is a short one")
    jaccard_threshold: float = Field(0.6, ge=0, le=1, description="the paper's rule: drop above this 13-gram Jaccard")
    containment_threshold: float = Field(
        0.75, gt=0, le=1, description="drop from this share of a question's tokens on, found in one place"
    )
    answer_window: int = Field(40, ge=0, description="tokens after a short question in which its answer counts as near")
