"""The generic shell: what it keeps, drops and survives, in process and in worker processes."""

import json
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.utils.windowed_value import WindowedValue

from transforms.execute.jail import SandboxError
from transforms.records import Computation, Document, Dropped, Page, Reason, Translated, drop
from transforms.served.asking import Work
from transforms.shells import Apply, ApplyAhead

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


class Watched:
    """Work in threads, which counts how much of it is under way."""

    def __init__(self, function: Callable[[Document], list[Any]]) -> None:
        self.function = function
        self.pool = ThreadPoolExecutor(32)
        self.lock = threading.Lock()
        self.under_way = self.most = self.refreshed = self.closed = 0
        self.begun: list[str] = []

    def work(self) -> Work:
        return Work(self.start, self.refresh, self.close)

    def start(self, document: Document) -> "Future[list[Any]]":
        with self.lock:
            self.begun.append(document.id)
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        return self.pool.submit(self.run, document)

    def run(self, document: Document) -> list[Any]:
        try:
            return self.function(document)
        finally:
            with self.lock:
                self.under_way -= 1

    def refresh(self) -> None:
        self.refreshed += 1

    def close(self) -> None:
        self.closed += 1


def drive(watched: Watched, documents: Sequence[Document], ahead: int) -> list[Any]:
    """A bundle as Beam runs it."""
    fn = ApplyAhead("judge", watched.work, ahead).fn
    fn.setup()
    fn.start_bundle()
    made = [result for document in documents for result in fn.process(document)]
    made += fn.finish_bundle()
    fn.teardown()
    untagged = [result.value if isinstance(result, beam.pvalue.TaggedOutput) else result for result in made]
    return [result.value if isinstance(result, WindowedValue) else result for result in untagged]


def judged(document: Document) -> list[Document | Dropped]:
    if document.text == "boom":
        raise RuntimeError("unforeseen")
    return [document]


@pytest.mark.parametrize("ahead", [1, 2, 5, 100])
def test_a_window_slides_over_the_records_and_is_never_exceeded(ahead: int) -> None:
    meeting = threading.Barrier(min(ahead, 20), timeout=20)

    def judge(document: Document) -> list[Document]:
        if int(document.id) < min(ahead, 20):
            meeting.wait()  # passes only when so many are under way together
        return [document]

    watched = Watched(judge)
    made = drive(watched, [Document(str(n), "text") for n in range(20)], ahead)
    assert sorted(int(document.id) for document in made) == list(range(20))
    assert watched.most <= ahead
    assert (watched.refreshed, watched.closed) == (1, 1)


def test_records_leave_as_they_are_done() -> None:
    last = threading.Event()

    def judge(document: Document) -> list[Document]:
        if document.id == "0":
            last.wait(20)
        if document.id == "9":
            last.set()
        return [document]

    made = drive(Watched(judge), [Document(str(n), "text") for n in range(10)], 3)
    assert int(made[0].id) > 0
    assert {document.id for document in made} == {str(n) for n in range(10)}


def test_a_bundle_that_was_given_up_leaves_nothing_in_the_next() -> None:
    watched = Watched(judged)
    fn = ApplyAhead("judge", watched.work, 4).fn
    fn.setup()
    fn.start_bundle()
    assert list(fn.process(Document("lost", "text"))) == []
    fn.start_bundle()
    list(fn.process(Document("found", "text")))
    assert [result.value.id for result in fn.finish_bundle()] == ["found"]


def in_threads(function: Callable[[Document], list[Any]]) -> Work:
    return Watched(function).work()


def test_an_exception_costs_no_other_record_under_way() -> None:
    documents = [Document(str(n), "boom" if n == 3 else "fine") for n in range(9)]
    with TestPipeline(runner="FnApiRunner") as root:
        split = root | beam.Create(documents) | ApplyAhead("judge", partial(in_threads, judged), 4)
        assert_that(split.kept | beam.Map(lambda d: d.id), equal_to([str(n) for n in range(9) if n != 3]))
        assert_that(split.dropped | beam.Map(lambda d: (d.id, d.reason)), equal_to([("3", "error")]), label="dropped")


def lose_the_sandbox(document: Document) -> Iterable[Document]:
    raise SandboxError("no sandbox")


@pytest.mark.parametrize(
    "shell",
    [Apply("judge", lambda: lose_the_sandbox), ApplyAhead("judge", partial(in_threads, lose_the_sandbox), 2)],
)
def test_what_all_records_need_ends_the_run_when_it_is_gone(shell: beam.PTransform) -> None:
    with pytest.raises(SandboxError, match="no sandbox"), TestPipeline(runner="FnApiRunner") as root:
        root | beam.Create([Document("a", "fine")]) | shell
