"""JSONL and Parquet files to records, row by row; a row never raises."""

import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any, BinaryIO, TypeAlias, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import types

from transforms.files import InputError, InputFile, open_file
from transforms.inputs import ending
from transforms.read.body import STAGE
from transforms.read.config import ReadConfig
from transforms.read.members import DamagedError, packing_of, unpacked
from transforms.records import Computation, Document, Dropped, Page, Reason, Translated, content_id, drop
from transforms.rows import RowError, from_row

T = TypeVar("T")
Flaw: TypeAlias = tuple[Reason, str]  # why something is no row, and what exactly was wrong
Row: TypeAlias = Mapping[str, Any]

DEFAULT = ReadConfig()
_BATCH = 100  # rows of a Parquet file that are Python objects at once
# The column that a row is about: where the row has no id, it is made of this.
_CONTENT: Mapping[type[Any], str] = {Page: "content", Document: "text", Translated: "text", Computation: "code"}


def read_rows(file: InputFile, record: type[T], config: ReadConfig = DEFAULT) -> Iterator[T | Dropped]:
    """Each row as a record of the type, or as a `Dropped` that says what is wrong with it."""
    for item in read_keyed(file, record, config):
        yield item[1] if isinstance(item, tuple) else item


def read_keyed(file: InputFile, record: type[T], config: ReadConfig = DEFAULT) -> Iterator[tuple[str, T] | Dropped]:
    """Like `read_rows`, each record with a key that no other row of any file has: the file's path and its number."""
    names = frozenset(field.name for field in fields(record))  # type: ignore[arg-type]
    for number, row in iterate(file, names, config):
        made = row if isinstance(row, Dropped) else make_record(record, row, f"{file.origin}:{number}")
        yield made if isinstance(made, Dropped) else (f"{file.path}:{number}", made)


def iterate(file: InputFile, names: frozenset[str], config: ReadConfig) -> Iterator[tuple[int, Row | Dropped]]:
    """The rows of a file, numbered from 1; of a Parquet file only the named columns.

    One `Dropped` stands for a line that is no JSON object, for each row of a damaged row group, for a file that is
    not Parquet, and for all that follows the damage in a compressed file.
    """
    for number, row in _parquet(file, names) if _is_parquet(file) else _jsonl(file, config):
        yield number, _dropped(f"{file.origin}:{number}", *row) if isinstance(row, tuple) else row


def make_record(record: type[T], row: Row, origin: str) -> T | Dropped:
    """The row as a record; a missing id is made of its origin and content, so that it is the same on every run."""
    content = _CONTENT.get(record)
    values = {name: value for name, value in row.items() if value is not None}
    if content:
        values = {"id": "", "document_id": "", **values}
        values["origin"] = values.get("origin") or origin
    try:
        made: Any = from_row(record, values)
    except RowError as error:
        return _dropped(origin, Reason.MALFORMED, str(error))
    if not content:
        return made
    value = getattr(made, content)
    if record is not Computation and not value.strip():
        return _dropped(origin, Reason.EMPTY, f"{content} is blank")
    made = made if made.id else replace(made, id=content_id(origin, value))
    if record is Computation and not made.document_id:  # of nobody's document: else all such would become one
        made = replace(made, document_id=made.id)
    return made


def count_rows(file: InputFile, config: ReadConfig = DEFAULT) -> int:
    """How many records and drops together `read_rows` makes of the file, without making them."""
    if not _is_parquet(file):
        return sum(1 for _ in _lines(file, config))
    with _opened_parquet(file) as parquet:
        return 1 if isinstance(parquet, tuple) else sum(_group_sizes(parquet))


def columns(file: InputFile, config: ReadConfig = DEFAULT) -> frozenset[str]:
    """The columns of a file: of its schema, or the keys of the first row; empty where no row can be read."""
    if not ending(file.path).startswith((".jsonl", ".parquet")):
        return frozenset(field.name for field in fields(Page))
    if not _is_parquet(file):
        return next((frozenset(row) for _, row in _jsonl(file, config) if isinstance(row, Mapping)), frozenset())
    with _opened_parquet(file) as parquet:
        return frozenset() if isinstance(parquet, tuple) else frozenset(parquet.schema_arrow.names)


def _is_parquet(file: InputFile) -> bool:
    return ending(file.path) == ".parquet"


def _dropped(origin: str, reason: Reason, error: str) -> Dropped:
    return drop(Page(content_id(origin), b"", origin=origin), STAGE, reason, error=error)


def _jsonl(file: InputFile, config: ReadConfig) -> Iterator[tuple[int, Row | Flaw]]:
    for number, line in _lines(file, config):
        yield number, line if isinstance(line, tuple) else _parsed(line)


def _parsed(line: bytes) -> Row | Flaw:
    try:
        row = json.loads(line.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        return Reason.MALFORMED, f"no JSON: {error}"
    return row if isinstance(row, dict) else (Reason.MALFORMED, f"a JSON {type(row).__name__}, not an object")


def _lines(file: InputFile, config: ReadConfig) -> Iterator[tuple[int, bytes | Flaw]]:
    """The lines that are not blank, with their numbers."""
    number = 0
    with open_file(file.path) as raw:
        packing = packing_of(raw, file.path)
        stream = unpacked(raw, packing) if packing else raw
        try:
            while line := stream.readline(config.max_row_bytes + 1):
                number += 1
                if len(line) > config.max_row_bytes:
                    _skip_line(stream, config.max_row_bytes)
                    yield number, (Reason.TOO_LARGE, f"a line of more than {config.max_row_bytes} bytes")
                elif line.strip():
                    yield number, line
        except DamagedError as error:
            yield number + 1, (error.reason, str(error))


def _skip_line(stream: BinaryIO, size: int) -> None:
    while (rest := stream.readline(size)) and not rest.endswith(b"\n"):
        pass


def _parquet(file: InputFile, names: frozenset[str]) -> Iterator[tuple[int, Row | Flaw]]:
    with _opened_parquet(file) as parquet:
        if isinstance(parquet, tuple):
            yield 1, parquet
            return
        wanted = [name for name in dict.fromkeys(parquet.schema_arrow.names) if name in names]
        start = 1
        for group, size in enumerate(_group_sizes(parquet)):
            lost = ((Reason.CORRUPT, f"row group {group} cannot be read") for _ in range(size))
            rows = itertools.islice(itertools.chain(_group(parquet, group, wanted), lost), size)
            yield from enumerate(rows, start)
            start += size


def _group(parquet: pq.ParquetFile, group: int, wanted: list[str]) -> Iterator[Row]:
    """The rows of a row group as far as they can be read."""
    try:
        for batch in parquet.iter_batches(_BATCH, row_groups=[group], columns=wanted):
            values = [_values(batch.column(name)) for name in wanted]
            rows = zip(*values, strict=True) if values else [()] * batch.num_rows
            yield from (dict(zip(wanted, row, strict=True)) for row in rows)
    except InputError:
        raise
    except Exception:  # pyarrow raises errors of many kinds on damaged bytes
        return


def _values(column: pa.Array) -> list[Any]:
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:  # text that is not UTF-8, which Parquet does not forbid writers to write
        return list(column.cast(pa.large_binary() if types.is_large_string(column.type) else pa.binary()).to_pylist())


def _group_sizes(parquet: pq.ParquetFile) -> list[int]:
    return [parquet.metadata.row_group(group).num_rows for group in range(parquet.metadata.num_row_groups)]


@contextmanager
def _opened_parquet(file: InputFile) -> Iterator[pq.ParquetFile | Flaw]:
    with open_file(file.path) as stream:
        try:
            parquet = pq.ParquetFile(stream)
        except InputError:
            raise
        except Exception as error:
            yield Reason.CORRUPT, f"no Parquet file: {error}"
        else:
            yield parquet
