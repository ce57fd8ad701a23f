"""The status of a snippet, from how its process ended; what is read of its pipes."""

import json
import os
import signal
import socket

import pytest

from transforms.execute.outcome import Ended, collect, receive, status

EXIT = 256  # what `wait` gives for exit code 1


def _ended(result: int = 0, report: bytes = b"", stderr: bytes = b"", cpu: float = 0.1, **more: object) -> Ended:
    return Ended(b"", stderr, report, 0.1, result=result, cpu_seconds=cpu, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (_ended(0, b"o"), "ok"),
        (_ended(0, b""), "crash"),  # os._exit(0)
        (_ended(0, b"oo"), "crash"),  # somebody else wrote to the report
        (_ended(7 * EXIT, b""), "crash"),
        (_ended(EXIT, b"e"), "error"),
        (_ended(EXIT, b"m"), "memory"),
        (_ended(EXIT, b"d"), "denied"),
        (_ended(signal.SIGSEGV), "crash"),
        (_ended(signal.SIGKILL), "crash"),
        (_ended(signal.SIGSYS), "denied"),
        (_ended(signal.SIGXCPU), "timeout"),
        (_ended(signal.SIGKILL, cpu=10.9), "timeout"),
        (_ended(0, b"o", cpu=10.5), "timeout"),  # it caught the signal and went on
        (_ended(signal.SIGKILL, stopped="timeout"), "timeout"),
        (_ended(signal.SIGKILL, b"o", stopped="output"), "output"),
        (_ended(lost=True, last=True), "crash"),
        (_ended(lost=True, last=True, stopped="timeout"), "timeout"),
    ],
)
def test_status(ended: Ended, expected: str) -> None:
    assert status(ended, 10, interpreted=False) == expected


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (_ended(0), "ok"),
        (_ended(3 * EXIT), "error"),
        (_ended(EXIT, stderr=b"error: out of memory or dimension too large for Octave's index type"), "memory"),
        (_ended(signal.SIGSYS), "denied"),
        (_ended(signal.SIGABRT), "crash"),
        (_ended(0, cpu=10.0), "timeout"),
    ],
)
def test_status_of_another_interpreter(ended: Ended, expected: str) -> None:
    assert status(ended, 10, interpreted=True) == expected


@pytest.fixture
def server() -> "Server":
    return Server()


class Server:
    """The other side of a channel, and the writing ends of three pipes."""

    def __init__(self) -> None:
        self.channel, self.mine = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pipes = [os.pipe() for _ in range(3)]
        self.readers, self.writers = [r for r, _ in pipes], [w for _, w in pipes]

    def ends(self, **more: object) -> None:
        message = {"result": 0, "cpu_seconds": 0.5, "overrun": False, "last": False, **more}
        self.mine.send(json.dumps(message).encode())

    def collect(self, output_bytes: int = 100, seconds: float = 5) -> Ended:
        return collect(self.channel, self.readers, output_bytes, seconds, grace=0.2)


def test_collects_all_that_was_written(server: Server) -> None:
    for writer, text in zip(server.writers, (b"out", b"err", b"report"), strict=True):
        os.write(writer, text)
    server.ends()
    ended = server.collect()
    assert (ended.stdout, ended.stderr, ended.report) == (b"out", b"err", b"report")
    assert (ended.stopped, ended.lost, ended.cpu_seconds) == ("", False, 0.5)


@pytest.mark.parametrize(("size", "stopped"), [(100, ""), (101, "output")])
def test_output_has_a_limit(server: Server, size: int, stopped: str) -> None:
    os.write(server.writers[1], b"x" * size)
    server.ends()
    ended = server.collect()
    assert (ended.stopped, len(ended.stderr)) == (stopped, 100)


def test_time_has_a_limit_also_without_a_word_from_the_server(server: Server) -> None:
    ended = server.collect(seconds=0.05)
    assert (ended.stopped, ended.lost) == ("timeout", True)
    assert server.mine.recv(16) == b"kill"


def test_closed_pipes_are_no_end(server: Server) -> None:
    for writer in server.writers:
        os.close(writer)
    ended = server.collect(seconds=0.05)
    assert ended.stopped == "timeout"


def test_a_full_scratch_folder_is_too_much_output(server: Server) -> None:
    server.ends(overrun=True, last=True)
    ended = server.collect()
    assert (ended.stopped, ended.last) == ("output", True)


def test_a_server_that_is_gone_has_no_message(server: Server) -> None:
    server.mine.close()
    assert receive(server.channel, 1) is None
    assert server.collect().lost
