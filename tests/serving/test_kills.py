"""Builds that are killed, interrupted or run again: nothing that was finished is asked again."""

import itertools
import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from tests.serving.account import answered, asked_again, assert_asked_once, check, chunk_of, read
from tests.serving.conftest import Start
from tests.serving.documents import Chunk, documents
from tests.serving.processes import Build, Process

pytestmark = pytest.mark.pipeline

IN_FLIGHT = 16
LAST_INSTANT = 0.2  # seconds: an answer that was sent less before the kill may not have reached the disk
DOCUMENTS = documents(400, ("good", "good", "pair", "none", "malformed", "cut"), long=10)


@pytest.mark.parametrize(("workers", "files"), [(1, 1), (2, 4)])
def test_a_build_that_is_killed_repeats_no_call(
    start: Start, build: Callable[..., Build], workers: int, files: int
) -> None:
    stub = start("stub", "--latency", "0.1")
    settings = {"in_flight": IN_FLIGHT}
    made = build(DOCUMENTS, [stub.url], workers=workers, files=files, settings=settings)
    kills = []
    for goal in (60, 200):  # twice, the second time in what the first has left
        made.start()
        made.wait_until(lambda goal=goal: answered(stub) >= goal)
        kills.append(made.kill())
        assert not (made.output / "_SUCCESS").exists(), "killed too late to test anything"
    made.start()
    status, log = made.wait(120)
    assert status == 0, log
    check(made.output, DOCUMENTS)
    assert_no_repeats(stub, kills)


def assert_no_repeats(stub: Process, kills: Sequence[float]) -> None:
    """No run repeats a call of its own, and none what was answered before a kill, but for the last instant.

    A client that had as many requests under way as it may when it was killed has read every answer but those of the
    last instant. For each that was missing there, it may not have come to read one, if the machine was busy.
    """
    asked, answers = stub.journal("asked"), stub.journal("answered")
    for begin, end in itertools.pairwise([0.0, *kills, float("inf")]):
        own = [event for event in answers if begin < event["since"] and event["at"] < end]
        assert asked_again([event for event in asked if begin < event["at"] < end], own) == []
    for kill in kills:
        missing = IN_FLIGHT - sum(1 if e["event"] == "asked" else -1 for e in stub.journal() if e["at"] < kill)
        early = [event for event in answers if event["at"] < kill - LAST_INSTANT]
        again = asked_again([event for event in asked if event["at"] > kill], early)
        assert len(again) <= missing, f"{len(again)} answered calls were made again"


@pytest.mark.parametrize(("workers", "files"), [(1, 1), (2, 4)])
def test_an_interrupt_ends_it_soon_and_keeps_what_is_finished(
    start: Start, build: Callable[..., Build], workers: int, files: int
) -> None:
    stub = start("stub", "--latency", "0.2")
    made = build(DOCUMENTS, [stub.url], workers=workers, files=files, settings={"in_flight": IN_FLIGHT})
    process = made.start()
    made.wait_until(lambda: answered(stub) >= 40)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    status, log = made.wait(20)
    ended = time.monotonic()
    assert status == 130
    assert "Traceback" not in log
    assert "the same command goes on" in log
    done = made.run()
    assert done.returncode == 0, done.stderr
    check(made.output, DOCUMENTS)
    assert_no_repeats(stub, [ended])  # it may give up what is under way, as many calls as fit into the window


def test_partitions_side_by_side_ask_nothing_twice(start: Start, build: Callable[..., Build]) -> None:
    stub = start("stub", "--latency", "0.05")
    made = build(DOCUMENTS, [stub.url], workers=2, files=5, settings={"in_flight": IN_FLIGHT})
    done = made.run()
    assert done.returncode == 0, done.stderr
    check(made.output, DOCUMENTS)
    assert_asked_once(DOCUMENTS, stub)
    assert all(asked == 1 for asked, _ in stub.counts()["requests"].values())


def test_equal_texts_are_asked_about_once(start: Start, build: Callable[..., Build]) -> None:
    stub = start("stub", "--latency", "0.1")
    made = build([], [stub.url], settings={"in_flight": 16})
    (made.folder / "in").mkdir()
    rows = [{"id": str(n), "text": Chunk(n // 20, 0, "good").text} for n in range(200)]
    (made.folder / "in" / "0.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = made.run()
    assert done.returncode == 0, done.stderr
    assert Counter(map(chunk_of, stub.journal("asked"))) == {Chunk(n, 0, "good"): 1 for n in range(10)}
    found = {row["document_id"]: row["title"] for row in read(made.output)}
    assert found == {str(n): f"Points of case {n // 20}.0, count 1" for n in range(200)}


def test_what_is_done_needs_no_server(start: Start, build: Callable[..., Build]) -> None:
    stub = start("stub")
    made = build(documents(8), [stub.url])
    assert made.run().returncode == 0
    stub.kill()
    done = made.run()
    assert done.returncode == 0, done.stderr
