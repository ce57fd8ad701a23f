"""Writing records as Parquet files whose names and bytes depend on the rows alone."""

from collections.abc import Iterable
from typing import Any

import apache_beam as beam

from transforms.files import write_atomically
from transforms.records import ShardFile
from transforms.shards.parquet import describe, encode, path_of


class WriteParts(beam.PTransform):
    """Writes `<prefix>-<k>.parquet` for k in [0, num_files); every file is written, also one without rows.

    Beam's own WriteToParquet starts its shards at random: a retry would leave other bytes under other names.
    """

    def __init__(self, prefix: str, record: type[Any], num_files: int) -> None:
        super().__init__()
        self.paths = [f"{prefix}-{k:03d}.parquet" for k in range(num_files)]
        self.record = record

    def expand(self, rows: beam.PCollection[Any]) -> beam.PCollection[ShardFile]:
        """What was written."""
        keyed = rows | beam.Map(lambda row, paths: (path_of(row, paths), row), self.paths)
        return keyed | _Write(self.paths, self.record)


class WriteShards(beam.PTransform):
    """Writes `<root>/<component>/part-<k>-of-<n>.parquet`; `num_shards` maps each component to its n."""

    def __init__(self, root: str, record: type[Any], num_shards: dict[str, int]) -> None:
        super().__init__()
        self.record = record
        self.paths = {
            component: [f"{root}/{component}/part-{k:05d}-of-{n:05d}.parquet" for k in range(n)]
            for component, n in num_shards.items()
        }

    def expand(self, rows: beam.PCollection[Any]) -> beam.PCollection[ShardFile]:
        """What was written."""
        keyed = rows | beam.Map(lambda row, paths: (path_of(row, paths[row.source]), row), self.paths)
        return keyed | _Write([path for paths in self.paths.values() for path in paths], self.record)


class _Write(beam.PTransform):
    def __init__(self, paths: list[str], record: type[Any]) -> None:
        super().__init__()
        self.paths = paths
        self.record = record

    def expand(self, keyed: beam.PCollection[tuple[str, Any]]) -> beam.PCollection[ShardFile]:
        every = keyed.pipeline | beam.Create(self.paths) | beam.Map(lambda path: (path, None))
        return (keyed, every) | beam.Flatten() | beam.GroupByKey() | beam.ParDo(_WriteFn(self.record))


class _WriteFn(beam.DoFn):
    def __init__(self, record: type[Any]) -> None:
        self.record = record

    def process(self, group: tuple[str, Iterable[Any]]) -> Iterable[ShardFile]:
        path, with_none = group
        rows = [row for row in with_none if row is not None]
        data = encode(rows, self.record)
        write_atomically(path, data)
        yield describe(path, len(rows), data)
