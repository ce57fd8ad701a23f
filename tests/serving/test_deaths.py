"""Servers and builds that die: the work goes on, and nothing that was finished is asked again."""

import itertools
import time
from collections.abc import Callable, Sequence

import pytest

from tests.serving.account import asked_again, check, chunk_of
from tests.serving.conftest import Start
from tests.serving.documents import Chunk, documents
from tests.serving.processes import Build, Process

pytestmark = pytest.mark.pipeline

IN_FLIGHT = 16
LAST_INSTANT = 0.2  # seconds: an answer that was sent less before the kill may not have reached the disk
DOCUMENTS = documents(400, ("good", "good", "pair", "none", "malformed", "cut"), long=10)
CHUNKS = {chunk for chunks in DOCUMENTS for chunk in chunks}


def answered(*stubs: Process) -> int:
    return sum(len(stub.journal("answered")) for stub in stubs)


def assert_asked_once(*stubs: Process) -> None:
    """Every chunk was asked for, and nothing after it had been answered."""
    asked, answers = ([event for stub in stubs for event in stub.journal(name)] for name in ("asked", "answered"))
    assert {chunk_of(event) for event in asked} == CHUNKS
    assert asked_again(asked, answers) == []


def test_a_server_that_dies_and_comes_back(start: Start, build: Callable[..., Build]) -> None:
    stub = start("stub", "--latency", "0.2")
    made = build(DOCUMENTS, [stub.url], settings={"in_flight": IN_FLIGHT})
    made.start()
    made.wait_until(lambda: answered(stub) >= 150)
    stub.kill()
    time.sleep(5)
    stub.start()
    status, log = made.wait(120)
    assert status == 0, log
    check(made.output, DOCUMENTS)
    assert_asked_once(stub)


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
    assert {chunk_of(event) for event in stub.journal("asked")} == CHUNKS
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
        assert len(again) <= missing


def test_partitions_side_by_side_ask_nothing_twice(start: Start, build: Callable[..., Build]) -> None:
    stub = start("stub", "--latency", "0.05")
    made = build(DOCUMENTS, [stub.url], workers=2, files=5, settings={"in_flight": IN_FLIGHT})
    done = made.run()
    assert done.returncode == 0, done.stderr
    check(made.output, DOCUMENTS)
    assert_asked_once(stub)
    assert all(asked == 1 for asked, _ in stub.counts()["requests"].values())


def test_two_servers_share_the_work(start: Start, build: Callable[..., Build]) -> None:
    stubs = [start("stub", "--latency", "0.1") for _ in range(2)]
    made = build(DOCUMENTS, [stub.url for stub in stubs], settings={"in_flight": IN_FLIGHT})
    done = made.run()
    assert done.returncode == 0, done.stderr
    check(made.output, DOCUMENTS)
    assert_asked_once(*stubs)
    shares = [answered(stub) for stub in stubs]
    assert min(shares) >= 0.4 * sum(shares), shares


def test_a_server_that_dies_for_good_leaves_its_work_to_the_other(start: Start, build: Callable[..., Build]) -> None:
    stubs = [start("stub", "--latency", "0.1") for _ in range(2)]
    made = build(DOCUMENTS, [stub.url for stub in stubs], settings={"in_flight": IN_FLIGHT})
    made.start()
    made.wait_until(lambda: answered(*stubs) >= 150)
    stubs[0].kill()
    status, log = made.wait(60)
    assert status == 0, log
    check(made.output, DOCUMENTS)
    assert_asked_once(*stubs)


def test_a_server_that_stays_away_ends_the_build_in_one_line(start: Start, build: Callable[..., Build]) -> None:
    """After the patience that the configuration has, and without dropping what was never answered."""
    stub = start("stub", "--latency", "0.1")
    made = build(DOCUMENTS, [stub.url], settings={"in_flight": IN_FLIGHT, "patience": 2.0})
    made.start()
    made.wait_until(lambda: answered(stub) >= 100)
    stub.kill()
    status, log = made.wait(60)
    assert status == 2, log
    assert log.count(f"no model server answers at {stub.url}") == 1
    assert "Traceback" not in log
    stub.start()
    done = made.run()
    assert done.returncode == 0, done.stderr
    check(made.output, DOCUMENTS)
    assert_asked_once(stub)


@pytest.mark.parametrize(
    ("model", "message"), [("tiny", "no model server answers at {url}"), ("huge", "{url} serves tiny, not huge")]
)
def test_mistakes_are_one_line(start: Start, build: Callable[..., Build], model: str, message: str) -> None:
    stubs = [start("stub") for _ in range(2)]
    if model == "tiny":
        for stub in stubs:
            stub.kill()
    made = build([[Chunk(0, 0, "good")]], [stub.url for stub in stubs], model=model, settings={"patience": 2.0})
    done = made.run(timeout=120)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert any(message.format(url=stub.url) in done.stderr for stub in stubs)
    assert not list(made.output.rglob("*.parquet"))
    assert not any(stub.journal("asked") for stub in stubs)
