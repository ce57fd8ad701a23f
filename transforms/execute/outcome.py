"""What comes of a snippet: its output as far as it may go, how its process ended, and the status that follows."""

import json
import os
import select
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from transforms.execute import snippet

_OUT_OF_MEMORY = (b"out of memory", b"std::bad_alloc")  # what interpreters say that then exit by themselves
_REPORT_BYTES = 64


@dataclass(frozen=True, slots=True)
class Ended:
    """Output, cut at the limit; `result` is what `wait` gave; `stopped` says which limit ended it from outside."""

    stdout: bytes
    stderr: bytes
    report: bytes
    seconds: float
    stopped: str = ""
    result: int = 0
    cpu_seconds: float = 0.0
    lost: bool = False  # the server died, or hung, while it ran this very snippet
    last: bool = False  # the server runs no other


def receive(channel: socket.socket, seconds: float) -> dict[str, Any] | None:
    """The next message; None if the server is gone, or silent for that long."""
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    with suppress(OSError):
        if poll.poll(max(0.0, seconds) * 1000) and (message := channel.recv(1 << 18)):
            return dict(json.loads(message))
    return None


def collect(channel: socket.socket, readers: list[int], output_bytes: int, seconds: float, grace: float) -> Ended:
    """Reads stdout, stderr and report until the snippet ends, its time is up, or it writes too much."""
    start = time.monotonic()
    limits = dict(zip(readers, (output_bytes, output_bytes, _REPORT_BYTES), strict=True))
    buffers = {reader: bytearray() for reader in readers}
    stopped = _read_all(channel, buffers, limits, start + seconds)
    if stopped:
        with suppress(OSError):
            channel.send(b"kill")
    message = receive(channel, grace)
    for reader in readers:  # what was written last
        stopped = stopped or _drain(reader, buffers[reader], limits[reader])
    stdout, stderr, report = (bytes(buffers[reader][: limits[reader]]) for reader in readers)
    ended = Ended(stdout, stderr, report, time.monotonic() - start, stopped)
    if message is None:
        return replace(ended, lost=True, last=True)
    return replace(
        ended,
        stopped="output" if message["overrun"] else stopped,
        result=message["result"],
        cpu_seconds=message["cpu_seconds"],
        last=message["last"],
    )


def _read_all(channel: socket.socket, buffers: dict[int, bytearray], limits: dict[int, int], deadline: float) -> str:
    """Reads until the channel has a message; or says why the snippet is to be stopped."""
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    for reader in buffers:
        os.set_blocking(reader, False)
        poll.register(reader, select.POLLIN)
    open_readers = set(buffers)
    while True:
        ready = dict(poll.poll(max(0.0, deadline - time.monotonic()) * 1000))
        if not ready:
            return "timeout"
        if channel.fileno() in ready:
            return ""
        for reader in open_readers & ready.keys():
            before = len(buffers[reader])
            if _drain(reader, buffers[reader], limits[reader]):
                return "output"
            if len(buffers[reader]) == before:  # its end
                open_readers.remove(reader)
                poll.unregister(reader)


def _drain(reader: int, buffer: bytearray, limit: int) -> str:
    """Takes what the pipe holds, up to one byte over the limit; `output` if it is more."""
    with suppress(BlockingIOError):
        while len(buffer) <= limit and (part := os.read(reader, min(65536, limit + 1 - len(buffer)))):
            buffer += part
    return "output" if len(buffer) > limit else ""


def status(ended: Ended, cpu_seconds: int, interpreted: bool) -> str:
    """The status of a snippet, as in the table of `records.Status`."""
    signaled = os.WTERMSIG(ended.result) if os.WIFSIGNALED(ended.result) else 0
    if ended.stopped:
        return ended.stopped
    if ended.lost:
        return "crash"
    if ended.cpu_seconds >= cpu_seconds or signaled == signal.SIGXCPU:
        return "timeout"
    if signaled:
        return "denied" if signaled == signal.SIGSYS else "crash"
    if interpreted:
        return _status_by_exit(ended)
    known = {snippet.ERROR: "error", snippet.MEMORY: "memory", snippet.DENIED: "denied"}
    return known.get(ended.report, "ok" if ended.result == 0 and ended.report == snippet.OK else "crash")


def _status_by_exit(ended: Ended) -> str:
    if ended.result == 0:
        return "ok"
    return "memory" if any(words in ended.stderr for words in _OUT_OF_MEMORY) else "error"
