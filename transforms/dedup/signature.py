"""What stands for a document in dedup: a hash of its normal form and a MinHash of its shingles."""

import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from datasketch import MinHash
from nltk.util import ngrams

from transforms.dedup.config import DedupConfig
from transforms.records import Document, content_id

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")
_SEED = 1
_SCHEME = "affine32"  # of datasketch 2; a MinHash of another scheme cannot be compared
_BATCH = 8192  # shingles hashed at once: 4 MB at 128 permutations


@dataclass(frozen=True, slots=True)
class Signature:
    """A row of the input: `key` names its place, so it is unique even where ids repeat."""

    SCHEMA: ClassVar[pa.Schema] = pa.schema(
        [
            pa.field("key", pa.string(), nullable=False),
            pa.field("id", pa.string(), nullable=False),
            pa.field("digest", pa.string(), nullable=False),
            pa.field("rank", pa.int32(), nullable=False),
            pa.field("length", pa.int64(), nullable=False),
            pa.field("minhash", pa.binary(), nullable=False),
        ]
    )

    key: str
    id: str
    digest: str  # equal for texts that differ in case, blanks and Unicode forms alone
    rank: int  # place of the source in the stated order
    length: int  # characters
    minhash: bytes  # little-endian uint32, one for each permutation

    @property
    def preference(self) -> tuple[int, int, str, str, str]:
        """The smallest of a cluster stays; the key decides between rows that are equal in everything else."""
        return self.rank, -self.length, self.id, self.digest, self.key


def sign(config: DedupConfig, keyed: tuple[str, Document]) -> Signature:
    """The signature of a document under its key."""
    key, document = keyed
    normal = normalize(document.text)
    order = config.source_order
    return Signature(
        key=key,
        id=document.id,
        digest=content_id(normal),
        rank=order.index(document.source) if document.source in order else len(order),
        length=len(document.text),
        minhash=minhash(shingles(normal, config.shingle), config.num_perm),
    )


def normalize(text: str) -> str:
    """The text without its case, Unicode forms and amount of white space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def shingles(normal: str, size: int) -> list[str]:
    """Each run of `size` words (or Chinese characters); of a shorter text the whole, of one without words its signs."""
    words = _WORD.findall(normal)
    if len(words) <= size:
        return [" ".join(words) or normal]
    return [" ".join(run) for run in ngrams(words, size)]


def minhash(shingled: Sequence[str], num_perm: int) -> bytes:
    """The MinHash values, as little-endian uint32."""
    sketch = _empty(num_perm).copy()
    for start in range(0, len(shingled), _BATCH):
        sketch.update_batch([shingle.encode("utf-8", "replace") for shingle in shingled[start : start + _BATCH]])
    return bytes(sketch.hashvalues.astype("<u4").tobytes())


def matrix(minhashes: Sequence[bytes]) -> npt.NDArray[np.uint32]:
    """One row of values for each MinHash."""
    return np.frombuffer(b"".join(minhashes), dtype="<u4").reshape(len(minhashes), -1)


@lru_cache(maxsize=4)
def _empty(num_perm: int) -> MinHash:
    # CRC-32 takes a sixth of the time of datasketch's SHA-1; the scheme mixes it before it permutes.
    return MinHash(num_perm=num_perm, seed=_SEED, scheme=_SCHEME, hashfunc=zlib.crc32)
