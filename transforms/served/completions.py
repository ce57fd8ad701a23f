"""Finished calls on disk: a call that a model was paid for is never made again.

A folder on any file system, which many processes and builds may share. Each process writes files of its own: answers
first into a log (a file that grows, or, where files cannot grow, one small object after the other), and many of them
then into a Parquet file, `pack-*.parquet`, after which their logs go.
"""

import json
import logging
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from models.chat.messages import KEY, Reply
from models.errors import Unavailable
from transforms.files import (
    InputError,
    append,
    can_append,
    exists,
    join,
    list_sizes,
    open_file,
    read_bytes,
    read_range,
    remove_files,
    write_atomically,
)

_LOG = logging.getLogger(__name__)
PACK_ROWS = 20_000  # answers to a pack: some 20 MB
_PACK_LOGS = 200  # objects, where files cannot grow: each is a request to whoever reads them
_GROUP_ROWS = 500  # answers to a row group, which is read as a whole to find one of them
_NAMES = ("text", "finish_reason", "prompt_tokens", "completion_tokens")
_SCHEMA = pa.schema(
    [(name, pa.int64() if name.endswith("_tokens") else pa.string()) for name in ("key", *_NAMES)],
)


class StoreError(Unavailable):
    """Finished calls cannot be kept or read, so that the run would pay for them again."""


class _Line(NamedTuple):
    """Where an answer stands in a log, in bytes."""

    path: str
    name: str
    start: int
    end: int


class _Index(NamedTuple):
    """The first 64 bits of the keys in some packs, in order, with the pack and row of each: 16 bytes for an answer."""

    keys: npt.NDArray[np.uint64]
    packs: npt.NDArray[np.uint32]
    rows: npt.NDArray[np.uint32]

    def find(self, key: str) -> Iterator[tuple[int, int]]:
        """The packs and rows that may be this key's: mostly none, else one."""
        short = np.uint64(int(key[:16], 16))
        for place in range(int(np.searchsorted(self.keys, short)), len(self.keys)):
            if self.keys[place] != short:
                return
            yield int(self.packs[place]), int(self.rows[place])

    @classmethod
    def of(cls, *parts: "_Index") -> "_Index":
        """Several as one."""
        keys, packs, rows = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], packs[order], rows[order])


class Completions:
    """The finished calls in a folder, as far as this process knows them; one thread may use it at a time."""

    def __init__(self, folder: str, pack_rows: int = PACK_ROWS) -> None:
        self.folder = folder
        self.pack_rows = pack_rows
        self._appends = can_append(folder)
        self._own: dict[str, Reply] = {}  # written by this process and not packed yet
        self._logs: list[str] = []
        self._name = self._new_name()
        self._packs: list[str] = []  # paths, which the indexes name by number
        self._known: set[str] = set()  # names of the packs
        self._indexes: list[_Index] = []
        self._lines: dict[str, _Line] = {}
        self._seen: dict[str, int] = {}  # log → bytes that were read

    def refresh(self) -> None:
        """Takes up what other processes have written since the last time; raises StoreError where it cannot be read."""
        try:
            while not self._take_up(list_sizes(self.folder)):
                pass  # a log was packed meanwhile: its answers are in a file that may not have been listed yet
        except InputError as error:
            raise StoreError(f"finished model calls cannot be read: {error}") from error

    def get(self, key: str) -> Reply | None:
        """The answer to a finished call; raises StoreError where it is there and cannot be read."""
        try:
            return self._get(key)
        except InputError as error:
            raise StoreError(f"finished model calls cannot be read: {error}") from error

    def _get(self, key: str) -> Reply | None:
        if (own := self._own.get(key)) is not None:
            return own
        if (line := self._lines.get(key)) is not None:
            if found := _read_line(line, self._appends):
                return _reply(found)
            self.refresh()  # packed meanwhile
        for pack, at in self._packed(key):
            if (row := _rows(self._packs[pack], at // _GROUP_ROWS)[at % _GROUP_ROWS])["key"] == key:
                return _reply(row)
        return None

    def _packed(self, key: str) -> Iterator[tuple[int, int]]:
        return (place for index in self._indexes for place in index.find(key))

    def __contains__(self, key: str) -> bool:
        return key in self._own or key in self._lines or any(self._packed(key))

    def put(self, answers: Sequence[tuple[str, Reply]]) -> None:
        """Keeps answers, which are on disk when this returns; raises StoreError where they cannot be written."""
        if not answers:
            return
        # The empty line ends one that a full disk may have cut short.
        data = "\n".join(["", *(json.dumps(_row(key, reply)) for key, reply in answers), ""]).encode()
        try:
            if self._appends:
                self._logs = [join(self.folder, f"log-{self._name}.jsonl")]
                append(self._logs[0], data)
            else:
                self._logs.append(join(self.folder, f"log-{self._name}-{len(self._logs):06d}.jsonl"))
                write_atomically(self._logs[-1], data)
        except InputError as error:
            raise StoreError(f"finished model calls cannot be kept: {error}") from error
        self._own.update((key, replace(reply, attempts=0)) for key, reply in answers)
        if len(self._own) >= self.pack_rows or len(self._logs) >= _PACK_LOGS:
            self.pack()

    def pack(self) -> None:
        """Turns the logs of this process into a pack; where that fails they stay, and nothing is lost."""
        try:
            self._pack()
        except InputError as error:
            _LOG.warning("finished calls stay in their logs: %s", error)

    def _pack(self) -> None:
        if not self._own:
            return
        rows = [_row(key, reply) for key, reply in self._own.items()]
        sink = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_pylist(rows, _SCHEMA), sink, compression="zstd", row_group_size=_GROUP_ROWS)
        name = f"pack-{self._name}.parquet"
        write_atomically(join(self.folder, name), sink.getvalue().to_pybytes())
        self._take_up_pack(name)
        remove_files(self.folder, {log.rpartition("/")[2] for log in self._logs})
        self._own, self._logs, self._name = {}, [], self._new_name()

    def _take_up(self, there: dict[str, int]) -> bool:
        """Reads what is new; whether all that was known or listed was still there."""
        if gone := self._seen.keys() - there.keys():
            self._seen = {name: size for name, size in self._seen.items() if name not in gone}
            self._lines = {key: line for key, line in self._lines.items() if line.name not in gone}
        for name, size in there.items():
            path = join(self.folder, name)
            grown = size > self._seen.get(name, 0) and path not in self._logs
            try:
                if name.startswith("pack-") and name.endswith(".parquet") and name not in self._known:
                    self._take_up_pack(name)
                elif name.startswith("log-") and name.endswith(".jsonl") and grown:
                    self._read_log(name, path)
            except InputError:
                if exists(path):
                    raise
                return False
        return not gone

    def _take_up_pack(self, name: str) -> None:
        path = join(self.folder, name)
        keys = _read_keys(path)
        packs, rows = np.full(len(keys), len(self._packs), np.uint32), np.arange(len(keys), dtype=np.uint32)
        self._indexes.append(_Index.of(_Index(keys, packs, rows)))
        self._packs.append(path)
        self._known.add(name)
        # Each is at least twice as long as the next, so that there are few to look in.
        while len(self._indexes) > 1 and 2 * len(self._indexes[-1].keys) > len(self._indexes[-2].keys):
            self._indexes[-2:] = [_Index.of(*self._indexes[-2:])]

    def _read_log(self, name: str, path: str) -> None:
        start = self._seen.get(name, 0)
        for line in read_range(path, start, None).splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break  # it is being written, or its process was killed over it
            if row := _parse(line):
                self._lines[row["key"]] = _Line(path, name, start, start + len(line))
            start += len(line)
        self._seen[name] = start

    @staticmethod
    def _new_name() -> str:
        return uuid.uuid4().hex


def _read_keys(path: str) -> npt.NDArray[np.uint64]:
    try:
        with open_file(path) as stream:
            column = pq.read_table(stream, columns=["key"])["key"].to_pylist()
        return np.array([int(key[:16], 16) for key in column], np.uint64)
    except (pa.ArrowException, LookupError, ValueError, TypeError, OSError) as error:
        raise InputError(f"{path} is damaged, remove it to make its calls again ({type(error).__name__})") from error


@lru_cache(maxsize=16)  # neighbours in a pack were asked for one after the other, and will be again
def _rows(path: str, group: int) -> list[dict[str, Any]]:
    try:
        with open_file(path) as stream:
            return pq.ParquetFile(stream).read_row_group(group).to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path} is damaged, remove it to make its calls again ({type(error).__name__})") from error


@lru_cache(maxsize=16)
def _object(path: str) -> bytes:
    return read_bytes(path)


def _read_line(line: _Line, grows: bool) -> dict[str, Any] | None:
    try:
        if grows:
            return _parse(read_range(line.path, line.start, line.end))
        return _parse(_object(line.path)[line.start : line.end])  # a request for all of its lines
    except InputError:
        return None  # packed meanwhile


def _parse(line: bytes) -> dict[str, Any] | None:
    """The row of a log's line; None where it is damaged, and its call has to be made again."""
    try:
        row = json.loads(line)
        return row if KEY.fullmatch(row["key"]) and _reply(row) else None
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _row(key: str, reply: Reply) -> dict[str, Any]:
    return {"key": key, **{name: getattr(reply, name) for name in _NAMES}}


def _reply(row: dict[str, Any]) -> Reply:
    return Reply(**{name: row[name] for name in _NAMES}, attempts=0)
