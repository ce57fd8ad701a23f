"""The generic shell: what it keeps, drops and survives, in process and in worker processes."""

import json
import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from transforms.execute.jail import SandboxError
from transforms.records import Computation, Document, Dropped, Page, Reason, Translated, drop
from transforms.shells import Apply, ApplyToMany

pytestmark = pytest.mark.pipeline

RECORDS = [
    Page("p", b"\x00\xff"),
    Document("d", "text", language="en", math_score=0.5),
    Computation("c", "d", "print(1)", "1", conditions=("a = 1",)),
    Translated("t", "text", computations=(Computation("c", "d", "print(1)", "1"),)),
    Dropped("x", "read", "empty"),
]


def keep_short(limit: int) -> Callable[[Document], Iterable[Document | Dropped]]:
    def judge(document: Document) -> Iterable[Document | Dropped]:
        if document.text == "boom":
            yield document
            raise RuntimeError("unforeseen")
        yield document if len(document.text) <= limit else drop(document, "judge", Reason.TOO_SHORT, limit=limit)

    return judge


def describe(main: int, record: object) -> tuple[str, bool, str]:
    """The record as a worker sees it, and whether that worker is a process of its own."""
    return type(record).__name__, os.getpid() != main, repr(record)


def test_an_exception_drops_its_record_alone_and_leaves_no_children() -> None:
    documents = [Document("a", "fine"), Document("b", "boom", url="u"), Document("c", "too long")]
    with TestPipeline(runner="FnApiRunner") as root:
        split = root | beam.Create(documents) | Apply("judge", partial(keep_short, 5))
        assert_that(split.kept | beam.Map(lambda d: d.id), equal_to(["a"]))
        dropped = split.dropped | beam.Map(lambda d: (d.id, d.stage, d.reason, json.loads(d.detail).get("message")))
        expected = [("b", "judge", "error", "unforeseen"), ("c", "judge", "too_short", None)]
        assert_that(dropped, equal_to(expected), label="dropped")


def test_records_survive_worker_processes_with_their_types() -> None:
    options = PipelineOptions(["--direct_running_mode=multi_processing", "--direct_num_workers=2"])
    with TestPipeline(runner="FnApiRunner", options=options) as root:
        seen = root | beam.Create(RECORDS) | beam.Reshuffle() | beam.Map(partial(describe, os.getpid()))
        assert_that(seen, equal_to([(type(record).__name__, True, repr(record)) for record in RECORDS]))


def join(documents: Sequence[Document]) -> Iterable[Document]:
    if any(document.text == "boom" for document in documents):
        raise RuntimeError("unforeseen")
    return documents


def test_an_exception_costs_no_other_record_that_was_asked_with_it() -> None:
    documents = [Document(str(n), "boom" if n == 3 else "fine") for n in range(9)]
    with TestPipeline(runner="FnApiRunner") as root:
        split = root | beam.Create(documents) | ApplyToMany("judge", lambda: join, size=4)
        assert_that(split.kept | beam.Map(lambda d: d.id), equal_to([str(n) for n in range(9) if n != 3]))
        assert_that(split.dropped | beam.Map(lambda d: (d.id, d.reason)), equal_to([("3", "error")]), label="dropped")


def lose_the_sandbox(document: Document) -> Iterable[Document]:
    raise SandboxError("no sandbox")


@pytest.mark.parametrize(
    "shell", [Apply("judge", lambda: lose_the_sandbox), ApplyToMany("judge", lambda: lose_the_sandbox, 2)]
)
def test_what_all_records_need_ends_the_run_when_it_is_gone(shell: beam.PTransform) -> None:
    with pytest.raises(SandboxError, match="no sandbox"), TestPipeline(runner="FnApiRunner") as root:
        root | beam.Create([Document("a", "fine")]) | shell
