"""Thousands of requests through the fault proxy: every document ends as a record or a drop, none is asked in vain."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from tests.serving.account import Event, asked_again, check, chunk_of, unanswered
from tests.serving.conftest import Start
from tests.serving.documents import Chunk, documents, name
from tests.serving.processes import Build, Process

pytestmark = pytest.mark.pipeline

KINDS = ("good",) * 8 + ("pair", "none", "malformed", "cut")
TIMEOUT, RETRIES = 2.0, 6
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


def whole(proxy: Process, within: float = 0.5 * TIMEOUT) -> list[Event]:
    """The answers that were sent whole, and so soon that the client cannot have given them up."""
    return [event for event in proxy.journal("ended") if event["whole"] and event["seconds"] < within]


@pytest.mark.parametrize("count", [500, pytest.param(5000, marks=pytest.mark.full)])
def test_every_document_ends_and_no_answer_is_lost(start: Start, build: Callable[..., Build], count: int) -> None:
    stub = start("stub", "--latency", "0.05")
    options = ["--faults", json.dumps(FAULTS), "--seed", 7, "--calm", 6, "--storm", 1.5]
    proxy = start("proxy", "--to", stub.port, *options)
    own = [*documents(count, KINDS, long=count // 50), [Chunk(99_999, 0, "poison")]]
    made = build(own, [proxy.url], settings={"retries": RETRIES})

    done = made.run()

    assert done.returncode == 0, done.stderr
    reasons = check(made.output, own, failed=unanswered(own, whole(proxy)))
    assert_drops_are_explained(reasons, own, proxy)
    assert asked_again(proxy.journal("asked"), whole(proxy)) == []
    assert_nobody_waited_too_long(proxy)
    assert set(Counter(event["fault"] for event in proxy.journal("ended"))) >= {*FAULTS, "pass", "storm"}
    assert_nothing_is_asked_again(made, own, proxy, reasons)


def assert_drops_are_explained(reasons: dict[str, str], own: Sequence[Sequence[Chunk]], proxy: Process) -> None:
    """Only what had no answer in any of all the attempts is dropped for it; and that is little."""
    attempts = Counter(map(chunk_of, proxy.journal("asked")))
    lost = unanswered(own, whole(proxy))
    failed = [chunks for chunks in own if reasons.get(name(chunks[0].document)) == "call_failed"]
    for chunks in failed:
        assert any(attempts[chunk] > RETRIES for chunk in lost.intersection(chunks)), "given up too early"
    assert reasons[name(99_999)] == "call_failed"
    assert len(failed) <= 1 + len(own) / 100


def assert_nobody_waited_too_long(proxy: Process) -> None:
    """The timeout is one for the whole answer, however it trickles."""
    assert max(event["seconds"] for event in proxy.journal("ended")) < TIMEOUT + 1.5


def assert_nothing_is_asked_again(
    made: Build, own: Sequence[Sequence[Chunk]], proxy: Process, reasons: dict[str, str]
) -> None:
    """Neither by the same command, which is done at once, nor by the stage when only the completions are left."""
    before = len(proxy.journal())
    assert made.run().returncode == 0
    assert len(proxy.journal()) == before
    for path in made.output.iterdir():
        if path.name != "completions":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert made.run().returncode == 0
    again = {name(chunk_of(event).document) for event in proxy.journal()[before:]}
    may = {own for own, reason in reasons.items() if reason == "call_failed"}
    may |= {name(chunk.document) for chunk in unanswered(own, whole(proxy))}
    assert again <= may
    assert asked_again(proxy.journal("asked"), whole(proxy)) == []
    check(made.output, own, failed=unanswered(own, whole(proxy)))


def test_a_prompt_that_always_fails_is_one_drop(start: Start, build: Callable[..., Build]) -> None:
    stub = start("stub")
    own = documents(64)
    own[20] = [Chunk(20, 0, "poison")]
    made = build(own, [stub.url], settings={"retries": 3, "in_flight": 16})
    done = made.run()
    assert done.returncode == 0, done.stderr
    assert check(made.output, own, failed=own[20]) == {name(20): "call_failed"}
    times = Counter(map(chunk_of, stub.journal("asked")))
    assert times.pop(own[20][0]) == 4
    assert set(times.values()) == {1}


def test_a_model_that_is_not_there_any_more_is_not_asked_in_silence(start: Start, build: Callable[..., Build]) -> None:
    """Answers of another model are none: all of them dropped would be a build that lies."""
    stub = start("stub")
    proxy = start("proxy", "--to", stub.port, "--faults", '{"impostor": 1.0}')
    own = documents(8)
    made = build(own, [proxy.url], settings={"retries": 1})
    made.run()
    for path in made.output.rglob("*.parquet"):
        assert b"impostor" not in path.read_bytes()
    assert not (made.output / "_SUCCESS").exists() or check(made.output, own, failed=unanswered(own, []))
