"""Rows to Parquet bytes: the same rows give the same bytes, whatever order they come in."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from hashlib import sha256
from typing import Any
from zlib import crc32

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.records import ShardFile
from transforms.rows import to_table

ROW_GROUP = 5_000  # rows; fixed, since the layout of a file is part of its bytes


def path_of(row: Any, paths: Sequence[str]) -> str:
    """The file that a row belongs to: a function of its id alone."""
    return paths[crc32(_identity(row).encode("utf-8", "surrogatepass")) % len(paths)]


def encode(rows: Iterable[Any], record: type[Any]) -> bytes:
    """The records as one Parquet file with statistics, in the order of their ids (ties: of all their fields)."""
    ordered = sorted(rows, key=lambda row: (_identity(row), repr(row)))
    sink = pa.BufferOutputStream()
    pq.write_table(to_table(ordered, record), sink, compression="zstd", row_group_size=ROW_GROUP)
    return bytes(sink.getvalue())


def describe(path: str, rows: int, data: bytes) -> ShardFile:
    """The entry of a written file in the manifest: its component is the folder that it lies in."""
    *_, component, name = path.split("/")
    return ShardFile(f"shards/{component}/{name}", component, rows, len(data), sha256(data).hexdigest())


def _identity(row: Any) -> str:
    """The first field of every record is its id, or what stands for one."""
    return str(getattr(row, fields(row)[0].name))
