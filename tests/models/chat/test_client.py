"""The client against real HTTP servers on loopback, healthy and not."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from models.chat.client import Chat, Client
from models.chat.messages import EndpointError, Failure, Reply, Request
from models.chat.servers import Card
from tests.serving import Server, drip, raw, reply, send, some

Fault = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def other() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def chat(*servers: Server, **settings: Any) -> Chat:
    quick = {"timeout": 20.0, "retries": 1, "backoff": 0.01, "max_backoff": 0.05, "patience": 0.0}
    return Chat([server.url for server in servers], "tiny", **(quick | settings))


def ask(prompt: str) -> Request:
    return Request({"model": "tiny", "messages": [{"role": "user", "content": prompt}], "max_tokens": 7})


def complete(chat: Chat, prompts: Sequence[str]) -> list[Reply | Failure]:
    """All at once, on a loop and a client of their own."""

    async def run() -> list[Reply | Failure]:
        client = Client(chat)
        try:
            return await asyncio.gather(*(client.complete(ask(prompt)) for prompt in prompts))
        finally:
            await client.close()

    return asyncio.run(run())


def answers_with(fault: Fault, when: Callable[[str, int], bool]) -> Callable[[BaseHTTPRequestHandler, str, int], None]:
    def answer(handler: BaseHTTPRequestHandler, prompt: str, times: int) -> None:
        fault(handler) if when(prompt, times) else reply(handler, prompt.upper())

    return answer


def fails_with(status: int, message: str = "the engine is tired", **headers: str) -> Fault:
    def fault(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        handler.wfile.write(b'{"error": {"message": "%s"}}' % message.encode())

    return fault


def resets(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


def is_cut_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "1", "choi')
    handler.wfile.flush()
    handler.connection.close()


def is_of_another_model(handler: BaseHTTPRequestHandler) -> None:
    choice = {"message": {"content": "mine"}, "finish_reason": "stop"}
    send(handler, 200, {"model": "huge", "choices": [choice]})


TRANSIENT = {
    "reset": resets,
    "500": fails_with(500),
    "502": fails_with(502),
    "503": fails_with(503),
    "429": fails_with(429),
    "408": fails_with(408),
    "cut off": is_cut_off,
    "half a JSON": lambda handler: raw(handler, 200, b'{"choices": [tru'),
    "a proxy's page": lambda handler: raw(handler, 200, b"<html>proxy</html>"),
    "no UTF-8": lambda handler: raw(handler, 200, b'{"choices": "\xff\xfe"}'),
    "deep JSON": lambda handler: raw(handler, 200, b"[" * 100_000),
    "no choices": lambda handler: send(handler, 200, {"choices": []}),
    "null choices": lambda handler: send(handler, 200, {"choices": None}),
    "null message": lambda handler: send(handler, 200, {"choices": [{"message": None}]}),
    "a list": lambda handler: send(handler, 200, [1, 2]),
    "null": lambda handler: send(handler, 200, None),
    "another model": is_of_another_model,
}
FINAL = {"400": fails_with(400, "no such parameter"), "413": fails_with(413), "422": fails_with(422)}


def test_each_prompt_has_its_answer(server: Server) -> None:
    prompts = [f"prompt {n}" for n in range(20)]
    assert complete(chat(server), prompts) == [Reply(prompt.upper(), "stop", 3, 2) for prompt in prompts]
    assert {(body["model"], body["max_tokens"]) for body in server.asked} == {("tiny", 7)}


def test_several_are_under_way_but_never_more_than_allowed(server: Server) -> None:
    meeting, never = threading.Barrier(4, timeout=20), threading.Event()

    def answer(handler: BaseHTTPRequestHandler, prompt: str, _: int) -> None:
        meeting.wait()  # passes only when four requests are under way together
        never.wait(0.05)  # a fifth would come in now
        reply(handler, prompt)

    server.answer = answer
    assert len(complete(chat(server, in_flight=4), [str(n) for n in range(12)])) == 12
    assert server.most_under_way == 4


@pytest.mark.pipeline
def test_retries_are_within_the_limit_too(server: Server) -> None:
    server.answer = answers_with(fails_with(500), lambda _, times: times == 1)
    answers = complete(chat(server, in_flight=3), [str(n) for n in range(12)])
    assert [answer.attempts for answer in answers] == [2] * 12
    assert server.most_under_way <= 3


@pytest.mark.pipeline
def test_prompts_are_shared_out_between_endpoints(server: Server, other: Server) -> None:
    assert not any(isinstance(a, Failure) for a in complete(chat(server, other), [str(n) for n in range(20)]))
    assert len(server.asked) + len(other.asked) == 20
    assert min(len(server.asked), len(other.asked)) >= 5


@pytest.mark.parametrize("fault", some(TRANSIENT, 2))
def test_a_fault_is_tried_again_and_one_that_stays_is_a_value(server: Server, fault: Fault) -> None:
    server.answer = answers_with(fault, lambda prompt, times: prompt == "bad" or (prompt == "once" and times == 1))
    first, bad, once = complete(chat(server, retries=2), ["a", "bad", "once"])
    assert first == Reply("A", "stop", 3, 2)
    assert once == Reply("ONCE", "stop", 3, 2, attempts=2)
    assert isinstance(bad, Failure)
    assert (bad.kind, bad.attempts) == ("failed", 3)
    assert bad.error
    assert "\n" not in bad.error


@pytest.mark.parametrize("fault", some(FINAL, 1))
def test_a_request_that_is_refused_is_not_made_again(server: Server, fault: Fault) -> None:
    server.answer = answers_with(fault, lambda prompt, _: prompt == "bad")
    first, bad = complete(chat(server, retries=5), ["a", "bad"])
    assert isinstance(first, Reply)
    assert isinstance(bad, Failure)
    assert (bad.kind, bad.attempts, len(server.asked)) == ("failed", 1, 2)


@pytest.mark.parametrize(
    "said",
    [
        "This model's maximum context length is 2048 tokens. However, you requested 3000 tokens",
        "The decoder prompt (length 3000) is longer than the maximum model length of 2048.",
        "context_length_exceeded",
    ],
)
def test_what_is_too_long_is_told_apart(server: Server, said: str) -> None:
    server.answer = answers_with(fails_with(400, said), lambda *_: True)
    [answer] = complete(chat(server), ["a"])
    assert isinstance(answer, Failure)
    assert (answer.kind, answer.attempts) == ("too_long", 1)
    assert said[:40] in answer.error


def test_a_server_that_says_when_to_come_back_is_heard(server: Server) -> None:
    server.answer = answers_with(fails_with(503, Retry_After="0.3"), lambda _, times: times == 1)
    start = time.monotonic()
    assert complete(chat(server, max_backoff=10.0), ["a"])[0].attempts == 2
    assert 0.3 <= time.monotonic() - start < 5


@pytest.mark.parametrize(
    "after", some({after: after for after in ("86400", "inf", "nan", "-5", "Wed, 21 Oct 2099 07:28:00 GMT", "soon")}, 1)
)
def test_but_not_for_longer_than_we_wait(server: Server, after: str) -> None:
    server.answer = answers_with(fails_with(503, Retry_After=after), lambda _, times: times == 1)
    start = time.monotonic()
    assert complete(chat(server), ["a"])[0].attempts == 2
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("data", [b"", b" "], ids=["silent", "drips"])
def test_an_answer_that_does_not_come_in_time_is_given_up(server: Server, data: bytes) -> None:
    done = threading.Event()
    server.answer = lambda handler, prompt, _: drip(handler, data, done)
    start = time.monotonic()
    try:
        [answer_] = complete(chat(server, timeout=0.2, retries=0), ["a"])
    finally:
        done.set()
    assert isinstance(answer_, Failure)
    assert time.monotonic() - start < 5


def test_what_was_cut_off_says_so(server: Server) -> None:
    server.answer = lambda handler, prompt, _: reply(handler, prompt, "length")
    assert complete(chat(server), ["a"]) == [Reply("a", "length", 3, 2)]


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def test_servers_that_are_gone_end_the_run_when_patience_does() -> None:
    gone = Chat([f"http://127.0.0.1:{free_port()}/v1"], "tiny", patience=0.3)
    start = time.monotonic()
    with pytest.raises(EndpointError, match=r"^no model server answers at http://127\.0\.0\.1") as raised:
        complete(gone, ["a", "b"])
    assert 0.3 <= time.monotonic() - start < 5
    assert "\n" not in str(raised.value)


@pytest.mark.pipeline
def test_requests_wait_for_a_server_without_using_up_attempts() -> None:
    port = free_port()
    started: list[Server] = []
    timer = threading.Timer(1.5, lambda: started.append(Server(port)))
    timer.start()
    try:
        waiting = Chat([f"http://127.0.0.1:{port}/v1"], "tiny", retries=0, backoff=0.01, patience=60)
        answers = complete(waiting, ["a", "b", "c"])
    finally:
        timer.join()
        started[0].close()
    assert [(a.text, a.attempts) for a in answers if isinstance(a, Reply)] == [("A", 1), ("B", 1), ("C", 1)]


@pytest.mark.pipeline
def test_requests_that_fail_with_their_server_wait_for_it(server: Server) -> None:
    """A proxy says 502 until the server behind it is there: attempts are used up, patience is not."""
    healthy = threading.Event()
    fault = fails_with(502)
    server.answer = answers_with(fault, lambda *_: not healthy.is_set())
    models = server.models
    server.models = lambda handler: models(handler) if healthy.is_set() else fault(handler)
    timer = threading.Timer(1.0, healthy.set)
    timer.start()
    [answer] = complete(chat(server, patience=60.0), ["a"])
    timer.join()
    assert isinstance(answer, Reply)
    assert answer.attempts == 3  # two before, and one when it was there


@pytest.mark.pipeline
def test_one_of_two_endpoints_that_is_gone_costs_nothing(server: Server) -> None:
    both = Chat([f"http://127.0.0.1:{free_port()}/v1", server.url], "tiny", retries=0, patience=0)
    answers = complete(both, [str(n) for n in range(30)])
    assert [a.attempts for a in answers if isinstance(a, Reply)] == [1] * 30


@pytest.mark.pipeline
def test_an_endpoint_that_fails_at_once_does_not_draw_all_requests(server: Server, other: Server) -> None:
    other.answer = answers_with(fails_with(500), lambda *_: True)
    server.answer = lambda handler, prompt, _: (time.sleep(0.01), reply(handler, prompt))[1]
    answers = complete(chat(server, other, in_flight=8, retries=3), [str(n) for n in range(100)])
    assert not [a for a in answers if isinstance(a, Failure)]
    assert len(other.asked) <= 40


def test_an_endpoint_that_does_not_serve_the_model_any_more_is_not_asked(server: Server, other: Server) -> None:
    other.models = lambda handler: send(handler, 200, {"data": [{"id": "huge"}]})
    other.answer = answers_with(fails_with(404, "The model tiny does not exist."), lambda *_: True)
    answers = complete(chat(server, other, in_flight=4, retries=2), [str(n) for n in range(40)])
    assert not [a for a in answers if isinstance(a, Failure)]
    assert len(other.asked) <= 4


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_ends_the_run(server: Server, status: int) -> None:
    server.models = fails_with(status, "bad key")
    server.answer = answers_with(fails_with(status, "bad key"), lambda *_: True)
    with pytest.raises(EndpointError, match=str(status)):
        complete(chat(server), ["a"])


@pytest.mark.parametrize("status", [401, 404])
def test_servers_that_list_the_model_and_answer_nobody_end_the_run(server: Server, status: int) -> None:
    """Many gateways show their models to everybody: else all documents would be dropped for a missing key."""
    server.answer = answers_with(fails_with(status, "who are you"), lambda *_: True)
    with pytest.raises(EndpointError, match=f"lists tiny but does not answer: .*{status}.*who are you"):
        complete(chat(server), ["a"])
    assert len(server.asked) == 2


def test_a_prompt_that_a_firewall_forbids_is_a_failure_of_its_own(server: Server) -> None:
    server.answer = answers_with(fails_with(403, "blocked"), lambda prompt, _: prompt == "bad")
    first, bad = complete(chat(server), ["a", "bad"])
    assert isinstance(first, Reply)
    assert isinstance(bad, Failure)
    assert bad.attempts == 1


@pytest.mark.parametrize("status", [400, 500])
def test_servers_that_fail_whatever_they_are_asked_end_the_run(server: Server, status: int) -> None:
    """A wedged engine, or a parameter that the server does not know: else all documents would be dropped for it."""
    server.answer = answers_with(fails_with(status, "wedged"), lambda *_: True)
    with pytest.raises(EndpointError, match=f"answers nothing, .*a trivial one: .*{status}.*wedged"):
        complete(chat(server, in_flight=1, retries=0), [str(n) for n in range(30)])
    assert len(server.asked) == 21


def test_many_bad_prompts_in_a_row_are_failures_of_their_own(server: Server) -> None:
    server.answer = answers_with(fails_with(400, "blocked"), lambda prompt, _: prompt.startswith("bad"))
    answers = complete(chat(server, in_flight=1), [f"bad {n}" for n in range(50)])
    assert all(isinstance(answer, Failure) for answer in answers)
    assert len(server.asked) == 52


def test_a_server_that_fails_for_hours_is_still_a_value(server: Server) -> None:
    async def run() -> list[Reply | Failure]:
        client = Client(chat(server, retries=0))
        client.servers.all[0].failures = 2_000
        try:
            return [await client.complete(ask("a")), await client.complete(ask("b"))]
        finally:
            await client.close()

    server.answer = answers_with(fails_with(500), lambda prompt, _: prompt == "a")
    failed, answered = asyncio.run(run())
    assert isinstance(failed, Failure)
    assert isinstance(answered, Reply)


def test_check(server: Server) -> None:
    server.card |= {"max_model_len": 4096, "root": "/models/tiny", "owned_by": "vllm"}
    assert chat(server).check() == [Card(4096, "/models/tiny", "vllm")]
    with pytest.raises(EndpointError, match=r"serves tiny, not huge$"):
        Chat([server.url], "huge").check()


def test_the_key_is_sent_and_not_shown(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    sent: list[str | None] = []
    server.answer = lambda handler, prompt, _: (sent.append(handler.headers["Authorization"]), reply(handler, "A"))[1]
    made = chat(server)
    complete(made, ["a"])
    assert sent == ["Bearer secret"]
    assert "secret" not in repr(made)
