"""What one partition of each stage runs: short Beam chains from input files to the rows that are written.

A flow maps the root of a pipeline and its input files, one tuple for each upstream, to `Outputs`: folder below the
stage's own → record type and rows. The empty name is the stage's folder itself.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import apache_beam as beam

from pipelines.config import CorpusConfig
from transforms.assemble.stage import Assemble
from transforms.classify.stage import Classify
from transforms.decontaminate.stage import Decontaminate
from transforms.dedup.links import Link
from transforms.dedup.signature import Signature
from transforms.dedup.stage import Dedup, LinkSimilar, Sign
from transforms.execute.stage import Execute
from transforms.extract.stage import Extract
from transforms.files import InputFile
from transforms.filter.stage import Filter
from transforms.label.records import Labelled
from transforms.label.stage import Label
from transforms.read.stage import Read, ReadKeyed, ReadRecords
from transforms.records import (
    Computation,
    Document,
    Dropped,
    FileCount,
    Outcome,
    Page,
    Reason,
    ShardFile,
    Translated,
    drop,
)
from transforms.select.stage import Select
from transforms.shards.stage import WriteShards
from transforms.shells import Split
from transforms.translate.records import Call
from transforms.translate.stage import Translate

Files: TypeAlias = tuple[InputFile, ...]
Outputs: TypeAlias = Mapping[str, tuple[type[Any], beam.PCollection[Any]]]


def read_to_classify(root: beam.Pipeline, files: Files, config: CorpusConfig, source: str) -> Outputs:
    """Web pages and text rows to classified documents, in one pipeline: raw HTML is not written again."""
    read = root | beam.Create(files) | "read" >> Read(config.read, source)
    select = read.pages | "select" >> Select(config.select)
    extract = select.kept | "extract" >> Extract(config.extract)
    extracted = extract.kept | "source" >> beam.Map(replace, source=source)
    documents = (extracted, read.documents) | "documents" >> beam.Flatten()
    classify = documents | "classify" >> Classify(config.classify)
    dropped = (read.dropped, select.dropped, extract.dropped, classify.dropped) | "dropped" >> beam.Flatten()
    return {"": (Document, classify.kept), "dropped": (Dropped, dropped), "read": (FileCount, read.counts)}


def pages(root: beam.Pipeline, files: Files, config: CorpusConfig, name: str) -> Outputs:
    """`select` or `extract` alone, on pages of every kind."""
    read = root | beam.Create(files) | "read" >> Read(config.read)
    stage = Select(config.select) if name == "select" else Extract(config.extract)
    split = read.pages | name >> stage
    record = Page if name == "select" else Document
    without = read.documents | "without content" >> beam.Map(drop, "read", Reason.MALFORMED, error="no content")
    dropped = (read.dropped, without, split.dropped) | "dropped" >> beam.Flatten()
    return {"": (record, split.kept), "dropped": (Dropped, dropped), "read": (FileCount, read.counts)}


def rows(root: beam.Pipeline, files: Files, config: CorpusConfig, name: str) -> Outputs:
    """A stage that maps rows of one kind to rows, or drops them."""
    record: type[Any]
    match name:
        case "classify":
            record, stage = Document, Classify(config.classify)
        case "filter":
            record, stage = Document, Filter(config.filter)
        case "decontaminate":
            record, stage = Document, Decontaminate(config.decontaminate)
        case "decontaminate_final":
            record, stage = Translated, Decontaminate(config.decontaminate, stage=name)
        case "execute":
            record, stage = Computation, Execute(config.execute)
        case _:
            raise ValueError(f"{name} is not a stage from rows to rows")
    read = root | beam.Create(files) | "read" >> ReadRecords(record)
    return _split(record, read, read.kept | name >> stage)


def sign(root: beam.Pipeline, files: Files, config: CorpusConfig) -> Outputs:
    """Dedup, first phase: a MinHash signature for each document."""
    read = root | beam.Create(files) | "read" >> ReadKeyed(Document)
    return {"": (Signature, read.kept | "sign" >> Sign(config.dedup)), "dropped": (Dropped, read.dropped)}


def link(root: beam.Pipeline, files: Files, config: CorpusConfig) -> Outputs:
    """Dedup, second phase: an edge for each pair of equal or similar documents that LSH finds."""
    signatures = root | beam.Create(files) | "read" >> ReadRecords(Signature)
    return {"": (Link, signatures.kept | "link" >> LinkSimilar(config.dedup))}


def dedup(root: beam.Pipeline, files: Files, duplicates: str) -> Outputs:
    """Dedup, last phase: drops the members of each cluster but one, as the file `duplicates` says."""
    read = root | beam.Create(files) | "read" >> ReadKeyed(Document)
    return _split(Document, read, read.kept | "dedup" >> Dedup(duplicates))


def label(root: beam.Pipeline, files: Files, config: CorpusConfig, processes: int) -> Outputs:
    """Documents to the same documents with the category that a model puts them in."""
    read = root | beam.Create(files) | "read" >> ReadRecords(Document)
    return _split(Labelled, read, read.kept | "label" >> Label(config.label, processes))


def translate(root: beam.Pipeline, files: Files, config: CorpusConfig, processes: int) -> Outputs:
    """Documents to computations, with an outcome row for each document that gave any, and one for each call."""
    read = root | beam.Create(files) | "read" >> ReadRecords(Document)
    made = read.kept | "translate" >> Translate(config.translate, processes)
    dropped = (read.dropped, made.dropped) | "dropped" >> beam.Flatten()
    rows: Outputs = {"": (Computation, made.kept), "outcomes": (Outcome, made.outcomes), "dropped": (Dropped, dropped)}
    return {**rows, "calls": (Call, made.calls)} if config.translate.translator == "vllm" else rows


def assemble(root: beam.Pipeline, computations: Files, documents: Files = (), *, config: CorpusConfig) -> Outputs:
    """Computations to one document each; `documents` give the url, title and licence."""
    read = root | beam.Create(computations) | "read" >> ReadRecords(Computation)
    origins = root | "files" >> beam.Create(documents) | "read documents" >> ReadRecords(Document)
    return _split(Translated, read, (read.kept, origins.kept) | "assemble" >> Assemble(config.assemble))


def shards(root: beam.Pipeline, documents: Files, translated: Files, folder: str, sizes: dict[str, int]) -> Outputs:
    """Finished rows to the shards of their component; `sizes` says how many each component has."""
    written = []
    for record, files in ((Document, documents), (Translated, translated)):
        sized = {c: n for c, n in sizes.items() if (c == "translated") == (record is Translated)}
        read = (
            root | f"files {record.__name__}" >> beam.Create(files) | f"read {record.__name__}" >> ReadRecords(record)
        )
        written.append(read.kept | f"write {record.__name__}" >> WriteShards(folder, record, sized))
    return {"": (ShardFile, written | "shards" >> beam.Flatten())}


def _split(record: type[Any], read: Split, split: Split) -> Outputs:
    dropped = (read.dropped, split.dropped) | "dropped" >> beam.Flatten()
    return {"": (record, split.kept), "dropped": (Dropped, dropped)}
