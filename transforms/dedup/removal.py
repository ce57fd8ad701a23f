"""The last phase: drops the rows that the file of duplicates names."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import lru_cache

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.files import open_file
from transforms.records import Document, Dropped, Reason, drop

STAGE = "dedup"


def make_dedup(path: str) -> Callable[[tuple[str, Document]], Iterable[Document | Dropped]]:
    """The function that keeps or drops a document by its key, as the Parquet file of `Duplicate` rows says.

    The file is held once per process, in Arrow's form (about 150 bytes a duplicate).
    """
    return remover(_load(path))


def remover(duplicates: pa.Table) -> Callable[[tuple[str, Document]], Iterable[Document | Dropped]]:
    """The same for a table of `Duplicate.SCHEMA`, sorted by key."""
    keys = duplicates["key"].combine_chunks()

    def dedup(keyed: tuple[str, Document]) -> Iterable[Document | Dropped]:
        key, document = keyed
        place = bisect_left(keys, key, key=pa.StringScalar.as_py)
        if place == len(keys) or keys[place].as_py() != key:
            return (document,)
        (row,) = duplicates.slice(place, 1).to_pylist()
        similarity = round(row["similarity"], 4)
        return (drop(document, STAGE, Reason(row["reason"]), duplicate_of=row["kept_id"], similarity=similarity),)

    return dedup


@lru_cache(maxsize=1)
def _load(path: str) -> pa.Table:
    with open_file(path) as stream:
        return pq.read_table(stream).combine_chunks()
