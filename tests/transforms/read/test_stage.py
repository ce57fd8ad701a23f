"""The Beam shell of read."""

import json
from collections.abc import Callable
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from transforms.inputs import list_inputs
from transforms.read.config import ReadConfig
from transforms.read.stage import Read, ReadKeyed, ReadRecords
from transforms.records import Computation, Document, FileCount

pytestmark = pytest.mark.pipeline


def test_read(tmp_path: Path, record: Callable[..., bytes]) -> None:
    (tmp_path / "a.warc").write_bytes(
        record("http://a/1") + record("http://a/2", status="500 No") + record("http://a/3")
    )
    (tmp_path / "b.jsonl").write_text('{"text": "a document"}\nbroken\n')
    (tmp_path / "c.html").write_text("<p>A page")
    with TestPipeline(runner="FnApiRunner") as pipeline:
        read = pipeline | beam.Create(list_inputs([str(tmp_path)])) | "read" >> Read(ReadConfig(), "textbook")
        urls = read.pages | "url" >> beam.Map(lambda page: page.url)
        assert_that(urls, equal_to(["http://a/1", "http://a/3", "c.html"]), "pages")
        documents = read.documents | "source" >> beam.Map(lambda document: (document.text, document.source))
        assert_that(documents, equal_to([("a document", "textbook")]), "documents")
        dropped = read.dropped | "reason" >> beam.Map(lambda row: (row.stage, row.reason))
        assert_that(dropped, equal_to([("read", "http_status"), ("read", "malformed")]), "dropped")
        counts = [FileCount("a.warc", 2, 0, 1), FileCount("b.jsonl", 0, 1, 1), FileCount("c.html", 1, 0, 0)]
        assert_that(read.counts, equal_to(counts), "counts")


def test_records(tmp_path: Path) -> None:
    rows = [{"id": "1", "code": "x", "result": "y"}, {"id": "2", "code": "x"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with TestPipeline(runner="FnApiRunner") as pipeline:
        read = pipeline | beam.Create(list_inputs([str(tmp_path)])) | ReadRecords(Computation)
        assert_that(read.kept, equal_to([Computation("1", "1", "x", "y")]), "kept")
        assert_that(read.dropped | beam.Map(lambda row: row.reason), equal_to(["malformed"]), "dropped")


def test_keyed_records(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "t", "id": "i"}\n{"text": "t", "id": "i"}\n{}\n')
    document = Document("i", "t", origin="a.jsonl:1")
    with TestPipeline(runner="FnApiRunner") as pipeline:
        read = pipeline | beam.Create(list_inputs([str(tmp_path)])) | ReadKeyed(Document)
        kept = read.kept | "first" >> beam.Filter(lambda pair: pair[0].endswith(":1")) | beam.Values()
        assert_that(kept, equal_to([document]), "kept")
        keys = read.kept | beam.Keys() | beam.Map(lambda key: key.rpartition("/")[2])
        assert_that(keys, equal_to(["a.jsonl:1", "a.jsonl:2"]), "keys")
        assert_that(read.dropped | "reason" >> beam.Map(lambda row: row.reason), equal_to(["malformed"]), "dropped")
