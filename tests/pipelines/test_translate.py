"""`stage translate` with a model from the command line: what the user sees when something happens in the middle."""

import json
import signal
import subprocess
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.serving import Server, reply

pytestmark = pytest.mark.pipeline
COUNT = 60


@pytest.fixture
def call(tmp_path: Path, server: Server) -> tuple[object, ...]:
    rows = [{"id": f"{n}", "text": f"We have text number {n}."} for n in range(COUNT)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "c.toml").write_text("[translate]\npatience = 1\nretries = 1\nbackoff = 0.1\nin_flight = 8\n")
    files = ("--input", tmp_path / "rows.jsonl", "--output", tmp_path / "out", "--config", tmp_path / "c.toml")
    return ("stage", "translate", *files, "--translator", "vllm", "--model", "tiny", "--endpoint", server.url)


def stops(server: Server, after: int, fault: Callable[[BaseHTTPRequestHandler], object]) -> threading.Event:
    """The server answers so many requests; the event comes with the first one after them."""
    reached, answered = threading.Event(), []

    def answer(handler: BaseHTTPRequestHandler, prompt: str, _: int) -> None:
        with server.lock:
            answered.append(prompt)
            late = len(answered) > after
        if late:
            reached.set()
            fault(handler)
        else:
            reply(handler, "NONE")

    server.answer = answer
    return reached


def test_servers_that_go_in_the_middle_are_one_line_and_the_rest_is_asked_later(
    server: Server, call: tuple[object, ...], run: Any
) -> None:
    gone = threading.Event()

    def vanish(handler: BaseHTTPRequestHandler) -> None:
        if not gone.is_set():
            gone.set()
            server.models = lambda handler: handler.connection.close()
        handler.connection.close()

    models = server.models
    stops(server, 30, vanish)
    failed = run(*call)
    assert failed.returncode == 2
    waits, end = failed.stderr.splitlines()  # that it waits, and that it does not any more
    assert waits.endswith("waiting up to 1 s for it")
    assert end.startswith(f"mathcode-pile: no model server answers at {server.url}")
    server.models, server.answer = models, lambda handler, *_: reply(handler, "NONE")
    server.asked.clear()
    done = run(*call)
    assert done.returncode == 0, done.stderr
    assert len(server.asked) == COUNT - 30


def test_who_interrupts_is_heard_and_nothing_that_was_answered_is_lost(
    server: Server, call: tuple[object, ...], run: Any, command: Any
) -> None:
    release = threading.Event()
    reached = stops(server, 30, lambda _: release.wait(60))
    process = subprocess.Popen(command(*call), stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    try:
        assert reached.wait(120)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        release.set()
    assert (process.returncode, said) == (130, "mathcode-pile: interrupted; the same command goes on from here\n")
    server.answer = lambda handler, *_: reply(handler, "NONE")
    server.asked.clear()
    assert run(*call).returncode == 0
    assert COUNT - 30 <= len(server.asked) <= COUNT - 30 + 8  # those on their way when it was interrupted
