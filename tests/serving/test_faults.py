"""Thousands of requests through the fault proxy: every document ends as a record or a drop, none is asked in vain."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from tests.serving.account import Answers, Event, asked_again, check, chunk_of, read
from tests.serving.conftest import Start
from tests.serving.documents import Chunk, documents, name
from tests.serving.processes import Build, Process

pytestmark = pytest.mark.pipeline

KINDS = ("good",) * 8 + ("pair", "none", "malformed", "cut")
TIMEOUT, RETRIES = 2.0, 8
FAULTS = {
    "latency": 0.08,
    "close": 0.04,
    "unavailable": 0.03,
    "error": 0.03,
    "busy": 0.02,
    "reset": 0.03,
    "half": 0.03,
    "truncated": 0.03,
    "impostor": 0.03,
    "drip": 0.01,
    "silence": 0.01,
    "html": 0.02,
    "empty": 0.02,
}
POISON = Chunk(99_999, 0, "poison")


def whole(proxy: Process) -> list[Event]:
    """The answers that were sent whole, and so soon that the client cannot have given them up."""
    return [event for event in proxy.journal("ended") if event["whole"] and event["seconds"] < TIMEOUT / 2]


def answers(proxy: Process) -> Answers:
    """What may have reached the client."""
    return Answers(
        frozenset(map(chunk_of, whole(proxy))),
        frozenset(chunk_of(event) for event in proxy.journal("ended") if event["whole"]),
    )


@pytest.mark.parametrize("count", [500, pytest.param(5000, marks=pytest.mark.full)])
def test_every_document_ends_and_no_answer_is_lost(start: Start, build: Callable[..., Build], count: int) -> None:
    stub = start("stub", "--latency", "0.05")
    options = ["--faults", json.dumps(FAULTS), "--seed", 7, "--calm", 2.5, "--storm", 1]
    proxy = start("proxy", "--to", stub.port, *options)
    own = [*documents(count, KINDS, long=count // 50), [POISON]]
    made = build(own, [proxy.url], settings={"retries": RETRIES, "timeout": TIMEOUT})

    done = made.run()

    assert done.returncode == 0, done.stderr
    assert proxy.counts().keys() >= {*FAULTS, "pass", "storm"}, "not every fault was met"
    reasons = check(made.output, own, answers(proxy))
    assert_drops_are_explained(reasons, own, proxy)
    assert asked_again(proxy.journal("asked"), whole(proxy)) == []
    slowest = max(event["seconds"] for event in proxy.journal("ended"))
    assert slowest < 5 * TIMEOUT, "the timeout is one for the whole answer, however it trickles"
    assert_nothing_is_asked_again(made, own, proxy, reasons)


def assert_drops_are_explained(reasons: dict[str, str], own: Sequence[Sequence[Chunk]], proxy: Process) -> None:
    """Only what had no answer in any of all the attempts is dropped for it, and that is little."""
    attempts = Counter(map(chunk_of, proxy.journal("asked")))
    sure = answers(proxy).sure
    failed = [chunks for chunks in own if reasons.get(name(chunks[0].document)) == "call_failed"]
    for chunks in failed:  # the proxy does not see an attempt on a connection that it has closed
        assert any(attempts[chunk] >= RETRIES for chunk in chunks if chunk not in sure), "given up too early"
    assert [POISON] in failed
    assert len(failed) <= 1 + len(own) / 100


def assert_nothing_is_asked_again(
    made: Build, own: Sequence[Sequence[Chunk]], proxy: Process, reasons: dict[str, str]
) -> None:
    """Neither by the same command, which is done at once, nor by the stage when only the completions are left."""
    proxy.restart("--storm", 0)  # in a storm no build begins
    before = len(proxy.journal())
    assert made.run().returncode == 0
    assert len(proxy.journal()) == before
    answered = whole(proxy)
    for path in made.output.iterdir():
        if path.name != "completions":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert made.run().returncode == 0
    assert asked_again([event for event in proxy.journal()[before:] if event["event"] == "asked"], answered) == []
    failed = {key for key, reason in reasons.items() if reason == "call_failed"}
    anew = check(made.output, own, answers(proxy))
    assert {key: reasons[key] for key in reasons.keys() - failed} == {key: anew[key] for key in anew.keys() - failed}


def test_a_prompt_that_always_fails_is_one_drop(start: Start, build: Callable[..., Build]) -> None:
    stub = start("stub")
    own = documents(64)
    own[20] = [Chunk(20, 0, "poison")]
    made = build(own, [stub.url], settings={"retries": 3, "in_flight": 16})
    done = made.run()
    assert done.returncode == 0, done.stderr
    good = frozenset(chunk for chunks in own for chunk in chunks) - set(own[20])
    assert check(made.output, own, Answers(good)) == {name(20): "call_failed"}
    times = Counter(map(chunk_of, stub.journal("asked")))
    assert times.pop(own[20][0]) == 4
    assert set(times.values()) == {1}


def test_another_model_s_answers_are_none(start: Start, build: Callable[..., Build]) -> None:
    stub = start("stub")
    proxy = start("proxy", "--to", stub.port, "--faults", '{"impostor": 1.0}')
    made = build(documents(8), [proxy.url], settings={"retries": 1, "patience": 1.0})
    done = made.run()
    assert read(made.output) == []
    if done.returncode == 0:
        check(made.output, documents(8), Answers(frozenset()))
    else:
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_a_server_that_names_a_time_is_left_alone_until_then(start: Start, build: Callable[..., Build]) -> None:
    stub = start("stub")
    proxy = start("proxy", "--to", stub.port, "--faults", '{"busy": 0.5}')
    own = documents(24)
    done = (made := build(own, [proxy.url])).run()
    assert done.returncode == 0, done.stderr
    check(made.output, own)
    refused: dict[Chunk, float] = {}
    for event in proxy.journal():
        if event["event"] == "asked":
            assert event["at"] > refused.get(chunk_of(event), 0.0) + 0.95, "Retry-After is a second"
        elif event["fault"] == "busy":
            refused[chunk_of(event)] = event["at"]
    assert refused


def test_a_server_that_always_fails_beside_one_that_works(start: Start, build: Callable[..., Build]) -> None:
    stub = start("stub", "--latency", "0.1")
    broken = start("proxy", "--to", stub.port, "--faults", '{"error": 1.0}')
    own = documents(200, KINDS, long=5)
    made = build(own, [broken.url, stub.url], settings={"in_flight": 16, "retries": 3})
    done = made.run()
    assert done.returncode == 0, done.stderr
    check(made.output, own)
    assert len(broken.journal("asked")) < len(stub.journal("asked")) / 2
