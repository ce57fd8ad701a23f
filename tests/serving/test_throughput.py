"""How near the ideal the servers are kept busy, seen from the stub."""

from collections.abc import Callable

import pytest

from tests.serving.account import check
from tests.serving.conftest import Start
from tests.serving.documents import documents
from tests.serving.processes import Build, Process

pytestmark = pytest.mark.pipeline

IN_FLIGHT, LATENCY = 64, 1.0
SETTINGS = {"in_flight": IN_FLIGHT, "timeout": 60.0}
TRIES = 3  # what else the machine does can only make it slower


def span(stub: Process) -> float:
    """Seconds from the first request to the last answer."""
    return stub.journal("answered")[-1]["at"] - stub.journal("asked")[0]["at"]


def test_the_window_stays_full(start: Start, build: Callable[..., Build]) -> None:
    own = documents(20 * IN_FLIGHT)
    ideal = len(own) / IN_FLIGHT * LATENCY
    reached: list[float] = []
    while len(reached) < TRIES and max(reached, default=0) < 0.95:
        stub = start("stub", "--latency", LATENCY, urgent=True)
        made = build(own, [stub.url], urgent=True, settings=SETTINGS)
        done = made.run()
        assert done.returncode == 0, done.stderr
        check(made.output, own)
        assert stub.counts()["most_in_flight"] == IN_FLIGHT
        reached.append(ideal / span(stub))
    assert max(reached) >= 0.95, f"of the ideal throughput: {reached}"


def test_workers_share_one_window(start: Start, build: Callable[..., Build]) -> None:
    own = documents(6 * IN_FLIGHT)
    stub = start("stub", "--latency", LATENCY)
    made = build(own, [stub.url], workers=2, files=4, settings=SETTINGS)
    done = made.run()
    assert done.returncode == 0, done.stderr
    check(made.output, own)
    most = stub.counts()["most_in_flight"]
    assert most <= IN_FLIGHT, "the window is one for all workers"
    assert most > IN_FLIGHT / 2, "one worker alone has asked"
