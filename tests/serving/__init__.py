"""An OpenAI-compatible server on loopback, whose answers a test decides."""

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from _pytest.mark import ParameterSet

Answer = Callable[[BaseHTTPRequestHandler, str, int], None]


class _Http(ThreadingHTTPServer):
    request_queue_size = 1024  # else the kernel turns away some of those that come together


class Server:
    """Serves one model; `answer` gets the prompt and how often it was asked, and may break what it likes."""

    def __init__(self, port: int = 0) -> None:
        self.card: dict[str, Any] = {"id": "tiny", "object": "model"}
        self.models: Callable[[BaseHTTPRequestHandler], None] = lambda handler: send(
            handler, 200, {"object": "list", "data": [self.card]}
        )
        self.answer: Callable[[BaseHTTPRequestHandler, str, int], None] = lambda handler, prompt, _: reply(
            handler, prompt.upper()
        )
        self.asked: list[dict[str, Any]] = []
        self.under_way = self.most_under_way = 0
        self.lock = threading.Lock()
        self.http = _Http(("127.0.0.1", port), self._handler())
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    @property
    def port(self) -> int:
        return int(self.http.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def close(self) -> None:
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()

    def _handler(server: "Server") -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.models(self)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                prompt = body["messages"][0]["content"]
                with server.lock:
                    server.asked.append(body)
                    times = sum(other["messages"] == body["messages"] for other in server.asked)
                    server.under_way += 1
                    server.most_under_way = max(server.most_under_way, server.under_way)
                try:
                    server.answer(self, prompt, times)
                finally:
                    with server.lock:
                        server.under_way -= 1

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def some(cases: Mapping[str, object], quick: int) -> list[ParameterSet]:
    """The cases as parameters of a test, of which only the first few are quick enough for `make check`."""
    return [
        pytest.param(case, id=name, marks=() if number < quick else pytest.mark.pipeline)
        for number, (name, case) in enumerate(cases.items())
    ]


def send(handler: BaseHTTPRequestHandler, status: int, body: object) -> None:
    raw(handler, status, json.dumps(body).encode())


def raw(handler: BaseHTTPRequestHandler, status: int, data: bytes) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def reply(handler: BaseHTTPRequestHandler, text: str, finish: str = "stop") -> None:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    send(handler, 200, {"id": "1", "object": "chat.completion", "choices": [choice], "usage": usage})


def drip(handler: BaseHTTPRequestHandler, data: bytes, done: threading.Event) -> None:
    """An answer that begins and never ends, until the test is done or the client has gone."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    while not done.wait(0.02):
        try:
            handler.wfile.write(data)
            handler.wfile.flush()
        except OSError:
            return
