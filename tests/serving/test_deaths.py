"""Servers that die, come back, or are not there: the work goes on, or ends with what was finished kept."""

import time
from collections.abc import Callable

import pytest

from tests.serving.account import answered, assert_asked_once, check
from tests.serving.conftest import Start
from tests.serving.documents import Chunk, documents
from tests.serving.processes import Build

pytestmark = pytest.mark.pipeline

IN_FLIGHT = 16
DOCUMENTS = documents(400, ("good", "good", "pair", "none", "malformed", "cut"), long=10)


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
    assert_asked_once(DOCUMENTS, stub)


def test_two_servers_share_the_work(start: Start, build: Callable[..., Build]) -> None:
    stubs = [start("stub", "--latency", "0.1") for _ in range(2)]
    made = build(DOCUMENTS, [stub.url for stub in stubs], settings={"in_flight": IN_FLIGHT})
    done = made.run()
    assert done.returncode == 0, done.stderr
    check(made.output, DOCUMENTS)
    assert_asked_once(DOCUMENTS, *stubs)
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
    assert_asked_once(DOCUMENTS, *stubs)


def test_a_server_that_stays_away_ends_the_build_in_one_line(start: Start, build: Callable[..., Build]) -> None:
    """After the patience that the configuration has, and without dropping what was never answered."""
    stub = start("stub", "--latency", "0.1")
    made = build(DOCUMENTS, [stub.url], settings={"in_flight": IN_FLIGHT, "patience": 2.0})
    made.start()
    made.wait_until(lambda: answered(stub) >= 100)
    stub.kill()
    status, log = made.wait(60)
    assert status == 2, log
    said = f"no model server answers at {stub.url}"
    assert [line.partition(said)[0] for line in log.splitlines() if said in line] == [
        "models.chat.servers: ",  # when it went
        "mathcode-pile: ",  # when it had stayed away for too long
    ]
    assert "Traceback" not in log
    stub.start()
    done = made.run()
    assert done.returncode == 0, done.stderr
    check(made.output, DOCUMENTS)
    assert_asked_once(DOCUMENTS, stub)


def test_a_server_that_comes_back_with_another_model(start: Start, build: Callable[..., Build]) -> None:
    stub = start("stub", "--latency", "0.1")
    made = build(DOCUMENTS, [stub.url], settings={"in_flight": 8, "patience": 3.0})
    made.start()
    made.wait_until(lambda: answered(stub) >= 50)
    stub.restart("--model", "large")
    status, log = made.wait(60)
    assert status == 2, log
    assert log.count(f"{stub.url} serves large, not tiny") >= 1
    assert "Traceback" not in log
    stub.restart("--model", "tiny")
    done = made.run()
    assert done.returncode == 0, done.stderr
    check(made.output, DOCUMENTS)
    assert_asked_once(DOCUMENTS, stub)


def test_two_servers_gone_and_one_comes_back(start: Start, build: Callable[..., Build]) -> None:
    stubs = [start("stub", "--latency", "0.1") for _ in range(2)]
    made = build(DOCUMENTS, [stub.url for stub in stubs], settings={"in_flight": 8, "patience": 30.0})
    made.start()
    made.wait_until(lambda: answered(*stubs) >= 50)
    for stub in stubs:
        stub.kill()
    time.sleep(3)
    stubs[1].start()
    status, log = made.wait(60)
    assert status == 0, log
    check(made.output, DOCUMENTS)
    assert_asked_once(DOCUMENTS, *stubs)


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
