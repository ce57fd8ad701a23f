"""From links to clusters: connected components, of which one row stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from transforms.dedup.links import Link
from transforms.dedup.signature import Signature, matrix
from transforms.files import InputFile, open_file, write_atomically
from transforms.records import Reason

_COMPARED = 10_000  # rows at once, 5 MB a side at 128 permutations
_PREFERENCE = [
    (name, "descending" if name == "length" else "ascending") for name in ("rank", "length", "id", "digest", "key")
]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that is dropped, and the one that stays for it."""

    SCHEMA: ClassVar[pa.Schema] = pa.schema(
        [
            pa.field("key", pa.string(), nullable=False),
            pa.field("id", pa.string(), nullable=False),
            pa.field("kept_id", pa.string(), nullable=False),
            pa.field("kept_key", pa.string(), nullable=False),
            pa.field("reason", pa.string(), nullable=False),
            pa.field("similarity", pa.float32(), nullable=False),
        ]
    )

    key: str
    id: str
    kept_id: str
    kept_key: str
    reason: str
    similarity: float  # estimated Jaccard with the row that stays; chains may bring it below the threshold


def write_duplicates(path: str, signatures: Iterable[InputFile], links: Iterable[InputFile]) -> None:
    """Writes the `Duplicate` rows of these signatures and links to a Parquet file, which is never seen half-written."""
    linked = [batch for file in links for batch in _batches(file.path)]
    found = clusters(
        (batch for file in signatures for batch in _batches(file.path)),
        pa.Table.from_batches(linked, schema=Link.SCHEMA),
    )
    sink = pa.BufferOutputStream()
    pq.write_table(found, sink, compression="zstd")
    write_atomically(path, sink.getvalue().to_pybytes())


def clusters(signatures: Iterable[pa.RecordBatch], links: pa.Table) -> pa.Table:
    """The rows to drop as a table of `Duplicate.SCHEMA`, sorted by key.

    Takes `Signature.SCHEMA` in batches and `Link.SCHEMA` as a whole; holds the signatures of linked rows only. The
    result does not depend on the order of either.
    """
    keys = pc.unique(pa.concat_arrays([*links["a_key"].chunks, *links["b_key"].chunks, pa.array([], pa.string())]))
    held = [batch.filter(pc.is_in(batch["key"], value_set=keys)) for batch in signatures]
    rows = pa.Table.from_batches(held, schema=Signature.SCHEMA).sort_by(_PREFERENCE)
    component = _components(_positions(links["a_key"], rows), _positions(links["b_key"], rows), len(rows))
    _, first, of = np.unique(component, return_index=True, return_inverse=True)  # rows are in order of preference
    kept = first[of]
    dropped = np.flatnonzero(kept != np.arange(len(rows)))
    table = pa.table(
        {
            "key": rows["key"].take(dropped),
            "id": rows["id"].take(dropped),
            "kept_id": rows["id"].take(kept[dropped]),
            "kept_key": rows["key"].take(kept[dropped]),
            "reason": pa.array(_reasons(links, rows)[dropped], pa.string()),
            "similarity": pa.array(_similarity(rows["minhash"], dropped, kept[dropped]), pa.float32()),
        },
        schema=Duplicate.SCHEMA,
    )
    return table.sort_by("key")


def _batches(path: str) -> Iterable[pa.RecordBatch]:
    with open_file(path) as stream:
        yield from pq.ParquetFile(stream).iter_batches()


def _positions(keys: pa.ChunkedArray, rows: pa.Table) -> npt.NDArray[np.int64]:
    return np.asarray(pc.index_in(keys, value_set=rows["key"]).to_numpy())


def _components(a: npt.NDArray[np.int64], b: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1])


def _reasons(links: pa.Table, rows: pa.Table) -> npt.NDArray[np.object_]:
    """By which comparison each row left: after the one with its equals, a row takes part in no other."""
    reasons = np.full(len(rows), Reason.NEAR.value, dtype=object)
    for reason in (Reason.EXACT, Reason.SAME_ID):
        left = links.filter(pc.equal(links["reason"], reason.value))
        reasons[_positions(left["b_key"], rows)] = reason.value
    return reasons


def _similarity(
    minhashes: pa.ChunkedArray, some: npt.NDArray[np.int64], others: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    parts = [np.empty(0)]
    for start in range(0, len(some), _COMPARED):
        one, other = (matrix(minhashes.take(index[start : start + _COMPARED]).to_pylist()) for index in (some, others))
        parts.append(np.mean(one == other, axis=1))
    return np.concatenate(parts)
