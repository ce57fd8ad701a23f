"""The Beam shell of read: input files to pages, documents and rows."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import apache_beam as beam

from transforms.files import InputFile
from transforms.read.config import ReadConfig
from transforms.read.pages import read_file
from transforms.read.rows import DEFAULT, read_keyed, read_rows
from transforms.records import Document, Dropped, FileCount, Page
from transforms.shells import Split
from transforms.ticks import Ticks

_OUTPUTS = {Document: "documents", Dropped: "dropped", FileCount: "counts"}


class ReadOutput(NamedTuple):
    """What input files hold."""

    pages: beam.PCollection[Page]
    documents: beam.PCollection[Document]
    dropped: beam.PCollection[Dropped]
    counts: beam.PCollection[FileCount]


class Read(beam.PTransform):
    """Files of every kind to pages and documents; `source` is that of documents that name none."""

    def __init__(self, config: ReadConfig, source: str = "web") -> None:
        super().__init__()
        self.config = config
        self.source = source

    def expand(self, files: beam.PCollection[InputFile]) -> ReadOutput:
        """Files are spread over the workers; each is read by one."""
        read = beam.ParDo(_ReadFn(self.config, self.source)).with_outputs(*_OUTPUTS.values(), main="pages")
        outputs = files | beam.Reshuffle() | read
        return ReadOutput(outputs.pages, outputs.documents, outputs.dropped, outputs.counts)


class ReadRecords(beam.PTransform):
    """Files of rows to records of one type; rows that are none are dropped."""

    def __init__(self, record: type[Any], config: ReadConfig = DEFAULT) -> None:
        super().__init__()
        self.record = record
        self.config = config

    def expand(self, files: beam.PCollection[InputFile]) -> Split:
        """One input, two outputs."""
        split: Split = files | _ReadWith(_RowsFn(read_rows, self.record, self.config))
        return split


class ReadKeyed(beam.PTransform):
    """Like `ReadRecords`, but what it keeps are pairs of a row's key, the same on every reading, and its record."""

    def __init__(self, record: type[Any], config: ReadConfig = DEFAULT) -> None:
        super().__init__()
        self.record = record
        self.config = config

    def expand(self, files: beam.PCollection[InputFile]) -> Split:
        """One input, two outputs."""
        split: Split = files | _ReadWith(_RowsFn(read_keyed, self.record, self.config))
        return split


class _ReadFn(beam.DoFn):
    def __init__(self, config: ReadConfig, source: str) -> None:
        self.config = config
        self.source = source

    def setup(self) -> None:
        self.ticks = Ticks()

    def process(self, file: InputFile) -> Iterable[Any]:
        for item in read_file(file, self.config, self.source):
            if not isinstance(item, FileCount):
                self.ticks.tick("read", int(isinstance(item, Dropped)))
            tag = _OUTPUTS.get(type(item))
            yield beam.pvalue.TaggedOutput(tag, item) if tag else item


class _RowsFn(beam.DoFn):
    def __init__(self, read: Callable[..., Iterable[Any]], record: type[Any], config: ReadConfig) -> None:
        self.read = read
        self.record = record
        self.config = config

    def process(self, file: InputFile) -> Iterable[Any]:
        for item in self.read(file, self.record, self.config):
            yield beam.pvalue.TaggedOutput("dropped", item) if isinstance(item, Dropped) else item


class _ReadWith(beam.PTransform):
    def __init__(self, rows: _RowsFn) -> None:
        super().__init__()
        self.rows = rows

    def expand(self, files: beam.PCollection[InputFile]) -> Split:
        outputs = files | beam.Reshuffle() | beam.ParDo(self.rows).with_outputs("dropped", main="kept")
        return Split(outputs.kept, outputs.dropped)
