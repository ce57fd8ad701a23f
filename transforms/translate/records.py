"""The row that translate writes for each call of a model."""

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Call:
    """One call: for which chunk of a document, what it cost, and how much of its answer could be used.

    `finish` is the server's reason to stop (`stop`, `length`, `repetition`), or why there is no answer: `failed`,
    `too_long`, `unasked`. `attempts` were made for it in this run: none where the answer was stored.
    """

    SCHEMA: ClassVar[pa.Schema] = pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field("document_id", pa.string(), nullable=False),
            pa.field("chunk", pa.int32(), nullable=False),
            pa.field("finish", pa.string(), nullable=False),
            pa.field("attempts", pa.int32(), nullable=False),
            pa.field("prompt_tokens", pa.int64(), nullable=False),
            pa.field("completion_tokens", pa.int64(), nullable=False),
            pa.field("computations", pa.int32(), nullable=False),
            pa.field("problems", pa.list_(pa.string()), nullable=False),
            pa.field("error", pa.string(), nullable=False),
        ]
    )
    id: str  # the key of the completion
    document_id: str
    chunk: int
    finish: str
    attempts: int
    prompt_tokens: int = 0
    completion_tokens: int = 0
    computations: int = 0
    problems: tuple[str, ...] = ()  # of the answer's other computations
    error: str = ""
