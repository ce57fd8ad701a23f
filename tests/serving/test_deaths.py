"""Servers and builds that die: the work goes on, and nothing that was finished is asked again."""

from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from tests.serving.account import Event, asked_again, check, chunk_of
from tests.serving.conftest import Start
from tests.serving.documents import Chunk, documents
from tests.serving.processes import Build, Process, kill_group, wait_until

pytestmark = pytest.mark.pipeline

LAST_INSTANT = 0.2  # seconds: an answer that was sent less before the kill may not have reached the disk
DOCUMENTS = documents(400, ("good", "good", "pair", "none", "malformed", "cut"), long=10)


def answers(*stubs: Process) -> int:
    return sum(len(stub.journal("answered")) for stub in stubs)


def finished(stubs: Sequence[Process], before: float = float("inf")) -> list[Event]:
    """The answers that were sent whole by then."""
    return [event for stub in stubs for event in stub.journal("answered") if event["at"] < before]


def repeated(stubs: Sequence[Process], before: float = float("inf")) -> list[Event]:
    """The requests whose answer had been sent by then."""
    return asked_again([event for stub in stubs for event in stub.journal("asked")], finished(stubs, before))


def test_a_server_that_dies_and_comes_back(start: Start, build: Callable[..., Build]) -> None:
    stub = start("stub", "--latency", "0.2")
    made = build(DOCUMENTS, [stub.url], settings={"in_flight": 16})
    process = made.start()
    wait_until(lambda: answers(stub) >= 150, process)
    stub.kill()
    with pytest.raises(AssertionError, match="does not come so far"):
        wait_until(lambda: False, process, seconds=5)
    stub.start()
    assert process.wait(timeout=120) == 0, (made.folder / "log").read_text()
    assert check(made.output, DOCUMENTS)
    assert repeated([stub]) == []


@pytest.mark.parametrize(("workers", "files"), [(1, 1), (2, 4)])
def test_a_build_that_is_killed_repeats_no_call(
    start: Start, build: Callable[..., Build], workers: int, files: int
) -> None:
    stub = start("stub", "--latency", "0.1")
    made = build(DOCUMENTS, [stub.url], workers=workers, files=files, settings={"in_flight": 16})
    for goal in (60, 200):  # twice, the second time in what the first has left
        process = made.start()
        wait_until(lambda goal=goal: answers(stub) >= goal, process)
        killed = kill_group(process)
        assert not (made.output / "_SUCCESS").exists(), "killed too late to test anything"
        assert repeated([stub], killed - LAST_INSTANT) == []
        last = killed
    done = made.run()
    assert done.returncode == 0, done.stderr
    check(made.output, DOCUMENTS)
    assert repeated([stub], last - LAST_INSTANT) == []
    asked = Counter(map(chunk_of, stub.journal("asked")))
    assert asked.keys() == {chunk for chunks in DOCUMENTS for chunk in chunks}


def test_partitions_side_by_side_ask_nothing_twice(start: Start, build: Callable[..., Build]) -> None:
    stub = start("stub", "--latency", "0.05")
    made = build(DOCUMENTS, [stub.url], workers=2, files=5, settings={"in_flight": 16})
    done = made.run()
    assert done.returncode == 0, done.stderr
    check(made.output, DOCUMENTS)
    assert repeated([stub]) == []
    assert all(count[0] == 1 for count in stub.counts()["requests"].values())


def test_two_servers_share_the_work(start: Start, build: Callable[..., Build]) -> None:
    stubs = [start("stub", "--latency", "0.1") for _ in range(2)]
    made = build(DOCUMENTS, [stub.url for stub in stubs], settings={"in_flight": 16})
    done = made.run()
    assert done.returncode == 0, done.stderr
    check(made.output, DOCUMENTS)
    shares = [answers(stub) for stub in stubs]
    assert min(shares) >= 0.4 * sum(shares), shares
    assert repeated(stubs) == []


def test_a_server_that_dies_for_good_leaves_its_work_to_the_other(start: Start, build: Callable[..., Build]) -> None:
    stubs = [start("stub", "--latency", "0.1") for _ in range(2)]
    made = build(DOCUMENTS, [stub.url for stub in stubs], settings={"in_flight": 16})
    process = made.start()
    wait_until(lambda: answers(*stubs) >= 150, process)
    stubs[0].kill()
    assert process.wait(timeout=120) == 0, (made.folder / "log").read_text()
    check(made.output, DOCUMENTS)
    assert repeated(stubs) == []


@pytest.mark.parametrize(
    ("model", "message"), [("tiny", "no model server answers at {url}"), ("huge", "{url} serves tiny, not huge")]
)
def test_mistakes_are_one_line(start: Start, build: Callable[..., Build], model: str, message: str) -> None:
    stubs = [start("stub") for _ in range(2)]
    if model == "tiny":
        for stub in stubs:
            stub.kill()
    own = [[Chunk(0, 0, "good")]]
    made = build(own, [stub.url for stub in stubs], model=model)
    done = made.run(timeout=60)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert any(message.format(url=stub.url) in done.stderr for stub in stubs)
    assert not list(made.output.rglob("*.parquet"))
    assert not any(stub.journal("asked") for stub in stubs)


def test_a_server_that_stays_away_ends_the_build_in_one_line(start: Start, build: Callable[..., Build]) -> None:
    """After the patience that the configuration has, and without dropping what was never answered."""
    stub = start("stub", "--latency", "0.1")
    made = build(DOCUMENTS, [stub.url], settings={"in_flight": 16, "patience": 2.0})
    process = made.start()
    wait_until(lambda: answers(stub) >= 100, process)
    stub.kill()
    assert process.wait(timeout=60) == 2
    log = (made.folder / "log").read_text()
    assert f"no model server answers at {stub.url}" in log
    assert "Traceback" not in log
    stub.start()
    done = made.run()
    assert done.returncode == 0, done.stderr
    check(made.output, DOCUMENTS)
    assert repeated([stub]) == []
