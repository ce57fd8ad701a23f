"""How many rows went into a stage, came out and were dropped: counted from Parquet files, never from metrics."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import pyarrow.parquet as pq
from pydantic import BaseModel

from pipelines.errors import ConservationError
from pipelines.partition import Partition
from transforms.files import exists, open_file
from transforms.read.rows import count_rows

Parts: TypeAlias = Callable[[str], list[str]]  # from a folder below the stage's to the partition's files in it


class StageCount(BaseModel, frozen=True):
    """The account of one stage: every row in is a row out, or dropped for one of the reasons."""

    stage: str
    rows_in: int
    rows_out: int
    dropped: dict[str, int] = {}

    def __add__(self, other: "StageCount") -> "StageCount":
        reasons = Counter(self.dropped) + Counter(other.dropped)
        return StageCount(
            stage=self.stage,
            rows_in=self.rows_in + other.rows_in,
            rows_out=self.rows_out + other.rows_out,
            dropped=dict(sorted(reasons.items())),
        )


def account(
    chain: Sequence[str], entering: Mapping[str, int], dropped: Mapping[tuple[str, str], int], leaving: int
) -> list[StageCount]:
    """The accounts of the stages of one flow.

    Args:
        chain: the stages in order.
        entering: rows that come from outside, by the stage where they enter (negative: that pass it by).
        dropped: rows dropped, by (stage, reason).
        leaving: rows that left the last stage.

    Raises:
        ConservationError: where rows were lost or invented.
    """
    counts = []
    rows = 0
    for stage in chain:
        rows_in = rows + entering.get(stage, 0)
        reasons = {reason: n for (s, reason), n in sorted(dropped.items()) if s == stage}
        rows = rows_in - sum(reasons.values())
        counts.append(StageCount(stage=stage, rows_in=rows_in, rows_out=rows, dropped=reasons))
    if rows != leaving:
        raise ConservationError(f"{chain[-1]}: {rows} rows should have come out, but {leaving} did: {counts}")
    if strange := {stage for stage, _ in dropped} - set(chain):
        raise ConservationError(f"{chain[-1]}: rows were dropped by stages that it does not have: {sorted(strange)}")
    return counts


def total(accounts: Iterable[Sequence[StageCount]]) -> list[StageCount]:
    """The accounts of several partitions of one flow, added up stage by stage."""
    sums: dict[str, StageCount] = {}
    for counts in accounts:
        for count in counts:
            sums[count.stage] = sums[count.stage] + count if count.stage in sums else count
    return list(sums.values())


def count_partition(chain: Sequence[str], folder: str, partition: Partition, num_files: int) -> list[StageCount]:
    """The account of a partition that has just been written; raises `ConservationError` like `account`."""
    if not chain:
        return []

    def parts(name: str) -> list[str]:
        return ["/".join(filter(None, (folder, name, file))) for file in partition.names(num_files)]

    dropped = Counter(read_columns(_existing(parts("dropped")), "stage", "reason"))
    counts = account(chain, _entering(chain, partition, parts), dropped, _leaving(chain[-1], parts))
    reads_pages = bool(_existing(parts("read")))
    return [count for count in counts if count.stage != "read" or count.dropped or reads_pages]


def read_columns(paths: Iterable[str], *columns: str) -> list[tuple[Any, ...]]:
    """The named columns of Parquet files, row by row."""
    rows: list[tuple[Any, ...]] = []
    for path in paths:
        with open_file(path) as stream:
            table = pq.read_table(stream, columns=list(columns))
        rows += zip(*(table[name].to_pylist() for name in columns), strict=True)
    return rows


def _entering(chain: Sequence[str], partition: Partition, parts: Parts) -> dict[str, int]:
    if not _existing(parts("read")):
        inputs = partition.inputs if chain[-1] == "shards" else partition.inputs[:1]
        return {chain[0]: sum(count_rows(file) for files in inputs for file in files)}
    pages, documents, dropped = (
        sum(column)
        for column in zip((0, 0, 0), *read_columns(parts("read"), "pages", "documents", "dropped"), strict=True)
    )
    everything = {"read": pages + documents + dropped}
    if "classify" not in chain:
        return everything
    # Rows that hold text already pass by what works on pages, and enter at classify.
    return everything | {chain[1]: -documents, "classify": documents}


def _leaving(stage: str, parts: Parts) -> int:
    match stage:
        case "translate":
            children = [n for (n,) in read_columns(parts("outcomes"), "num_computations")]
            if sum(children) != (made := len(read_columns(parts(""), "id"))):
                raise ConservationError(
                    f"translate: outcomes tell of {sum(children)} computations, {made} were written"
                )
            return len(children)
        case "assemble":
            return sum(len(used) for (used,) in read_columns(parts(""), "computations"))
        case "shards":
            return sum(rows for (rows,) in read_columns(parts(""), "rows"))
        case _:
            return len(read_columns(parts(""), "id"))


def _existing(paths: Iterable[str]) -> list[str]:
    return [path for path in paths if exists(path)]
