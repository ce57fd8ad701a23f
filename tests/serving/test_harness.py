"""The stub and the fault proxy do what their names say, seen by a client without any ideas of its own."""

import http.client
import json
import socket
import time
from collections.abc import Iterator

import pytest

from tests.serving.conftest import Start
from tests.serving.documents import KINDS, Chunk
from tests.serving.processes import Process
from tests.serving.proxy import FAULTS, WHOLE

pytestmark = pytest.mark.pipeline


def post(server: Process, chunk: Chunk, model: str = "tiny", timeout: float = 5) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout)
    body = {"model": model, "messages": [{"role": "user", "content": chunk.text}]}
    try:
        connection.request("POST", "/v1/chat/completions", json.dumps(body))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def text(body: bytes) -> str:
    return json.loads(body)["choices"][0]["message"]["content"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "poison"])
def test_the_stub_answers_as_the_text_says(start: Start, kind: str) -> None:
    chunk = Chunk(3, 1, kind)
    status, body = post(start("stub"), chunk)
    assert status == 200
    assert (text(body), json.loads(body)["choices"][0]["finish_reason"]) == chunk.answer


def test_the_stub_counts_beyond_its_death(start: Start) -> None:
    stub = start("stub")
    for _ in range(2):
        post(stub, Chunk(1, 0, "good"))
    with pytest.raises(ConnectionError):
        post(stub, Chunk(2, 0, "poison"))
    assert post(stub, Chunk(3, 0, "good"), model="huge")[0] == 404
    stub.kill()
    with pytest.raises(ConnectionError):
        post(stub, Chunk(1, 0, "good"))
    stub.start()
    post(stub, Chunk(4, 0, "good"))
    counts = stub.counts()
    assert (counts["asked"], counts["answered"], counts["most_in_flight"]) == (5, 3, 1)
    assert sorted(counts["requests"].values()) == [[1, 0], [1, 0], [1, 1], [2, 2]]
    assert [event["event"] for event in stub.journal()] == [
        *["asked", "answered"] * 2,
        *["asked", "reset", "asked", "refused", "asked", "answered"],
    ]


def test_the_stub_lists_its_model(start: Start) -> None:
    stub = start("stub", "--model", "large")
    connection = http.client.HTTPConnection("127.0.0.1", stub.port, timeout=5)
    connection.request("GET", "/v1/models")
    (card,) = json.load(connection.getresponse())["data"]
    connection.close()
    assert (card["id"], card["owned_by"], card["max_model_len"]) == ("large", "vllm", 8192)


def observe(server: Process, chunk: Chunk) -> str:
    """What a client gets that waits for a second."""
    right = chunk.answer[0]
    start = time.monotonic()
    try:
        status, body = post(server, chunk, timeout=1)
    except http.client.IncompleteRead as error:
        return "half" if error.partial else "nothing"
    except TimeoutError:
        return "silence"
    except ConnectionError:
        return "reset"
    if status != 200:
        return str(status)
    if not body:
        return "empty"
    try:
        return "late" if time.monotonic() - start > 1 else "right" if text(body) == right else "wrong"
    except ValueError:
        return "no JSON"


SEEN = {
    "pass": {"right"},
    "latency": {"right", "silence"},
    "close": {"right"},
    "unavailable": {"503"},
    "error": {"500"},
    "busy": {"429"},
    "reset": {"reset"},
    "half": {"half", "reset"},
    "truncated": {"no JSON"},
    "impostor": {"wrong"},
    "silence": {"silence"},
    "html": {"no JSON"},
    "empty": {"empty"},
    "drip": {"silence"},
}


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest) -> Iterator[str]:
    return request.param


def test_the_proxy_does_what_it_is_told(start: Start, fault: str) -> None:
    stub = start("stub")
    faults = {} if fault == "pass" else {fault: 1.0}
    proxy = start("proxy", "--to", stub.port, "--faults", json.dumps(faults))
    if fault == "drip":
        assert drips(proxy)
    else:
        assert observe(proxy, Chunk(3, 1, "good")) in SEEN[fault]
    end = time.monotonic() + 20
    while not proxy.journal("ended"):  # it sees a client leave a little later
        assert time.monotonic() < end
        time.sleep(0.02)
    (ended,) = proxy.journal("ended")
    assert ended["fault"] == fault
    assert fault in WHOLE or not ended["whole"]
    assert fault not in ("pass", "close") or ended["whole"]
    assert proxy.counts() == {fault: 1}


def drips(proxy: Process) -> bool:
    """Whether an answer comes so slowly that a second is not enough, and yet something comes all the time."""
    body = json.dumps({"model": "tiny", "messages": [{"role": "user", "content": Chunk(3, 1, "good").text}]})
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=0.5) as connection:
        connection.sendall(f"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        end, received = time.monotonic() + 1, 0
        while time.monotonic() < end:
            received += len(connection.recv(100))
        return 5 <= received <= 25


def test_storms_come_and_go(start: Start) -> None:
    stub = start("stub")
    proxy = start("proxy", "--to", stub.port, "--calm", "0.3", "--storm", "0.3")
    changes = [""]
    end = time.monotonic() + 30
    while len(changes) < 5 and time.monotonic() < end:
        if (seen := observe(proxy, Chunk(3, 1, "good"))) != changes[-1]:
            changes.append(seen)
    assert changes == ["", "right", "503", "right", "503"]


def test_the_schedule_is_the_seed_s(start: Start) -> None:
    stub = start("stub")

    def seen(seed: int) -> list[str]:
        proxy = start("proxy", "--to", stub.port, "--seed", seed, "--faults", '{"error": 0.3, "busy": 0.3}')
        return [observe(proxy, Chunk(n, 0, "good")) for n in range(20)]

    first, again, other = seen(1), seen(1), seen(2)
    assert first == again != other
    assert {"right", "500", "429"} == set(first)


def test_a_server_behind_the_proxy_that_is_gone_is_a_reset(start: Start) -> None:
    stub = start("stub")
    proxy = start("proxy", "--to", stub.port)
    stub.kill()
    assert observe(proxy, Chunk(3, 1, "good")) == "reset"
    assert not proxy.journal("ended")[0]["whole"]
