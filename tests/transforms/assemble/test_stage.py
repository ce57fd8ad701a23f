"""Assemble in a pipeline: grouped by document, in no order."""

from dataclasses import replace

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from transforms.assemble.config import AssembleConfig
from transforms.assemble.stage import Assemble
from transforms.records import Computation, Document

pytestmark = pytest.mark.pipeline
STEP = Computation(id="a", document_id="d1", code="print(2 + 3)", result="5", verdict="verified")


def test_computations_meet_their_documents() -> None:
    computations = [
        replace(STEP, id="b", index=1),
        STEP,
        replace(STEP, id="c", document_id="d2"),
        replace(STEP, id="e", document_id="gone"),
        replace(STEP, id="f", document_id="d2", verdict="trivial"),
    ]
    documents = [Document(id=name, text="t", url=f"http://{name}/") for name in ("d1", "d2", "d3")]
    with TestPipeline(runner="FnApiRunner") as pipeline:
        inputs = (pipeline | "c" >> beam.Create(computations), pipeline | "d" >> beam.Create(documents))
        split = inputs | Assemble(AssembleConfig())
        rows = split.kept | beam.Map(lambda row: (row.url, [c.id for c in row.computations]))
        wanted = [("http://d1/", ["a", "b"]), ("http://d2/", ["c"]), ("", ["e"])]
        assert_that(rows, equal_to(wanted), label="rows")
        assert_that(split.dropped | "ids" >> beam.Map(lambda row: (row.id, row.reason)), equal_to([("f", "trivial")]))
