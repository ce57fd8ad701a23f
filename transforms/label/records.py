"""The row that label writes."""

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from transforms.records import SCHEMAS, Document

MATH, NONMATH = "math", "nonmath"  # the values of `label`, which train-classifier reads


@dataclass(frozen=True, slots=True)
class Labelled(Document):
    """A document with the category that a model put it in."""

    SCHEMA: ClassVar[pa.Schema] = pa.schema(
        [
            *SCHEMAS[Document],
            pa.field("category", pa.int8(), nullable=False),
            pa.field("label", pa.string(), nullable=False),
            pa.field("teacher", pa.string()),
            pa.field("prompt_version", pa.string()),
        ]
    )

    category: int = 0  # 1 to 7, see prompts.CATEGORIES
    label: str = ""
    teacher: str = ""
    prompt_version: str = ""
