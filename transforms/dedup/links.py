"""Which rows are the same: links between rows with one id, one digest, or similar MinHashes in one LSH bucket."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
import pyarrow as pa
from datasketch import MinHashLSH

from transforms.dedup.config import DedupConfig
from transforms.dedup.signature import Signature, matrix
from transforms.records import Reason

_WHOLE = 2048  # members of a bucket up to which no similar pair is overlooked
_COMPARISONS = 5_000_000  # of signatures in one bucket, about two seconds; decides only above _WHOLE


@dataclass(frozen=True, slots=True)
class Link:
    """The row `b_key` is the same as the row `a_key`, which is preferred where the reason is not `near_duplicate`."""

    SCHEMA: ClassVar[pa.Schema] = pa.schema(
        [
            pa.field("a_key", pa.string(), nullable=False),
            pa.field("b_key", pa.string(), nullable=False),
            pa.field("similarity", pa.float32(), nullable=False),
            pa.field("reason", pa.string(), nullable=False),
        ]
    )

    a_key: str
    b_key: str
    similarity: float  # estimated Jaccard
    reason: str

    @property
    def id(self) -> str:
        """What orders and places the row among others of its file."""
        return self.a_key


def equal(reason: Reason, signature: Signature) -> str:
    """What rows have in common that are the same for this reason, `same_id` or `exact_duplicate`."""
    return signature.id if reason is Reason.SAME_ID else signature.digest


def collapse(reason: Reason, group: Iterable[Signature]) -> tuple[Signature, list[Link]]:
    """The preferred one of rows with the same id or digest, and a link from it to each other one.

    Only the preferred one goes on to the next kind of comparison: 100,000 copies are one row there.
    """
    best, *others = sorted(group, key=lambda signature: signature.preference)
    values = matrix([best.minhash, *(other.minhash for other in others)])
    similarity = np.mean(values[1:] == values[0], axis=1).tolist()
    return best, [Link(best.key, other.key, s, reason.value) for other, s in zip(others, similarity, strict=True)]


def buckets(config: DedupConfig, signature: Signature) -> list[bytes]:
    """The LSH buckets of a row, one for each band: the band's number and its MinHash values."""
    num_bands, num_rows = bands(config.threshold, config.num_perm, config.miss_weight)
    width = 4 * num_rows  # bytes
    return [band.to_bytes(2, "big") + signature.minhash[band * width : (band + 1) * width] for band in range(num_bands)]


@lru_cache(maxsize=4)
def bands(threshold: float, num_perm: int, miss_weight: float) -> tuple[int, int]:
    """Number of bands, and of MinHash values in each, that datasketch finds best for the weights."""
    lsh = MinHashLSH(threshold=threshold, num_perm=num_perm, weights=(1 - miss_weight, miss_weight))
    return lsh.b, lsh.r


def link_bucket(config: DedupConfig, bucket: Iterable[Signature]) -> list[Link]:
    """Links that join all rows of a bucket which similar rows connect: at most one less than there are rows.

    In a bucket of more than 2,048 rows, rows are joined to the preferred ones only, to as many as the budget allows.
    """
    rows = sorted(bucket, key=lambda signature: signature.preference)
    values = matrix([row.minhash for row in rows])
    links: list[Link] = []
    reached: deque[int] = deque()  # joined to something, not yet compared with those left
    left = np.arange(len(rows))
    comparisons = 0
    while len(left) and (len(rows) <= _WHOLE or comparisons < _COMPARISONS):
        if reached:
            here = reached.popleft()
        else:
            here, left = int(left[0]), left[1:]
        similarity = np.mean(values[left] == values[here], axis=1)
        near = similarity >= config.threshold
        comparisons += len(left)
        links += [
            Link(rows[here].key, rows[there].key, float(s), Reason.NEAR.value)
            for there, s in zip(left[near].tolist(), similarity[near], strict=True)
        ]
        if len(rows) <= _WHOLE:
            reached.extend(left[near].tolist())
        left = left[~near]
    return links
