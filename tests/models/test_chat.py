"""The client against a real HTTP server on loopback, healthy and not."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from models.chat import Chat, EndpointError, Failure, Reply
from tests.serving import Server, raw, reply, send


def ok(handler: BaseHTTPRequestHandler, prompt: str, finish: str = "stop") -> None:
    reply(handler, prompt.upper(), finish)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def chat(server: Server, **settings: Any) -> Chat:
    return Chat([server.url], "tiny", **({"timeout": 20.0, "retries": 1} | settings))


def test_answers_come_in_the_order_of_the_prompts(server: Server) -> None:
    prompts = [f"prompt {n}" for n in range(20)]
    replies = chat(server, max_tokens=7, temperature=0.5, seed=3).complete(prompts)
    assert replies == [Reply(prompt.upper(), "stop", 3, 2) for prompt in prompts]
    assert {(b["model"], b["max_tokens"], b["temperature"], b["seed"]) for b in server.asked} == {("tiny", 7, 0.5, 3)}


def test_several_are_under_way_but_never_more_than_allowed(server: Server) -> None:
    meeting, never = threading.Barrier(4, timeout=20), threading.Event()

    def answer(handler: BaseHTTPRequestHandler, prompt: str, _: int) -> None:
        meeting.wait()  # passes only when four requests are under way together
        never.wait(0.1)  # a fifth would come in now
        ok(handler, prompt)

    server.answer = answer
    assert len(chat(server, in_flight=4).complete([str(n) for n in range(12)])) == 12
    assert server.most_under_way == 4


def test_prompts_are_shared_out_between_endpoints(server: Server) -> None:
    other = Server()
    try:
        both = Chat([server.url, other.url], "tiny", retries=0)
        assert [reply for reply in both.complete(["a", "b", "c", "d"]) if isinstance(reply, Failure)] == []
        assert (len(server.asked), len(other.asked)) == (2, 2)
    finally:
        other.close()


def fails_with_500(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 500, {"error": {"message": "the engine is tired"}})


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


@pytest.mark.parametrize("fault", [fails_with_500, resets])
def test_a_fault_is_tried_again(server: Server, fault: Callable[[BaseHTTPRequestHandler], None]) -> None:
    server.answer = lambda handler, prompt, times: fault(handler) if times == 1 else ok(handler, prompt)
    assert chat(server).complete(["a"]) == [Reply("A", "stop", 3, 2)]
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "fault",
    [
        fails_with_500,
        resets,
        is_cut_off,
        lambda handler: raw(handler, 200, b'{"choices": [tru'),
        lambda handler: raw(handler, 200, b"<html>proxy</html>"),
        lambda handler: send(handler, 200, {"choices": []}),
        lambda handler: send(handler, 200, {"choices": None}),
        lambda handler: send(handler, 200, {"choices": [{"message": None}]}),
        lambda handler: send(handler, 200, [1, 2]),
        lambda handler: send(handler, 200, None),
        lambda handler: send(handler, 400, {"error": {"message": "the context is too long"}}),
        lambda handler: send(handler, 404, {}),
    ],
)
def test_a_prompt_that_fails_is_a_value_and_the_others_are_answered(
    server: Server, fault: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    server.answer = lambda handler, prompt, _: fault(handler) if prompt == "bad" else ok(handler, prompt)
    first, bad, last = chat(server, retries=0).complete(["a", "bad", "b"])
    assert (first, last) == (Reply("A", "stop", 3, 2), Reply("B", "stop", 3, 2))
    assert isinstance(bad, Failure)
    assert bad.error
    assert "\n" not in bad.error


def test_a_server_that_does_not_answer_in_time_is_a_failure(server: Server) -> None:
    done = threading.Event()
    server.answer = lambda handler, prompt, _: (done.wait(20), resets(handler))[1]
    try:
        (reply,) = chat(server, timeout=0.2, retries=0).complete(["a"])
    finally:
        done.set()
    assert isinstance(reply, Failure)


def test_an_answer_that_is_cut_off_says_so(server: Server) -> None:
    server.answer = lambda handler, prompt, _: ok(handler, prompt, finish="length")
    assert chat(server).complete(["a"]) == [Reply("A", "length", 3, 2)]


def test_no_prompts_no_calls(server: Server) -> None:
    assert chat(server).complete([]) == []
    assert server.asked == []


def test_check(server: Server) -> None:
    chat(server).check()
    with pytest.raises(EndpointError, match=r"serves tiny, not huge$"):
        Chat([server.url], "huge").check()
    address = server.url
    server.close()
    with pytest.raises(EndpointError, match=f"no model server answers at {address}") as raised:
        Chat([address], "tiny").check()
    assert "\n" not in str(raised.value)
    server.__init__()  # type: ignore[misc]


def test_the_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    assert "secret" not in repr(Chat(["http://localhost:1/v1"], "m"))
