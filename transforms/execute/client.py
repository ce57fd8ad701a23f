"""The worker's side of the sandbox: one server, its life and death, and a pool of them for many threads."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any

from transforms.execute import jail, warm
from transforms.execute.config import ExecuteConfig
from transforms.execute.interpreters import Interpreter
from transforms.execute.origins import Reading
from transforms.execute.outcome import Ended, collect, receive, status
from transforms.execute.scratch import REMOVE
from transforms.records import Status

_START_SECONDS = 120.0
_GRACE_SECONDS = 10.0  # for a server that hangs


@dataclass(frozen=True, slots=True)
class Execution:
    """How a snippet ended: its output, cut at the limit, and seconds on the clock."""

    status: Status
    stdout: str = ""
    stderr: str = ""
    seconds: float = 0.0


class Sandbox:
    """One server in its jail, started when it is first needed and again when it died. For one thread at a time."""

    def __init__(self, config: ExecuteConfig, interpreter: Interpreter | None = None) -> None:
        self.config = config
        self._interpreter = interpreter
        self._process: subprocess.Popen[bytes] | None = None
        self._channels: list[socket.socket] = []
        self._greeted: set[int] = set()
        self._owner = 0
        self._errors: IO[bytes] | None = None
        self._scratch = ""  # on the machine's own disk, where there is no bubblewrap

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Starts the server, wholly, if none is alive. Raises SandboxError with what it said last."""
        for number in range(1 if self._interpreter else len(warm.STEPS)):
            self._ready(number)

    def run(self, code: str) -> Execution:
        """Runs a snippet under the limits, in Python or in the sandbox's other language.

        Never hangs, and no snippet can end the worker. Raises SandboxError if no server can be started.
        """
        limits = self._limits(self.config.cpu_seconds, self.config.wall_seconds)
        if self._interpreter is None:
            return self._ask(warm.step_for(code), {"job": "run", "code": code} | limits)
        return self._ask(0, self._interpreter.job(code) | limits)

    def read(self, code: str, language: str = "python") -> Reading | None:
        """What the code's prints show, read in the sandbox without running it; None where it cannot be read."""
        for _ in range(2):  # the server may have died for another reason
            channel = self._ready(warm.COMPARISON)
            with _request({"code": code, "language": language}) as request, suppress(OSError):
                socket.send_fds(channel, [b"read"], [request])
            answer = receive(channel, _GRACE_SECONDS)
            if answer is not None:
                return Reading.from_json(answer["reading"]) if answer["reading"] else None
            self.close()
        return None

    def compare(self, stated: str, printed: str, rounded: bool) -> Execution:
        """Compares inside the sandbox; stdout is JSON with `equal` (true, false or null), `how` and `line`."""
        seconds = self.config.compare_seconds
        job = {"job": "compare", "stated": stated, "printed": printed, "rounded": rounded}
        return self._ask(warm.COMPARISON, job | self._limits(seconds, 3.0 * seconds))

    def close(self) -> None:
        """Ends the server, and with it everything in its jail."""
        process, self._process = self._process, None
        for channel in self._channels:
            channel.close()
        self._channels, self._greeted = [], set()
        if self._errors is not None:
            self._errors.close()
        if process is None or self._owner != os.getpid():  # a fork's copy: the server belongs to the parent
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)  # its channels have ended, so it goes by itself and takes its scratch folder along
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if self._scratch:  # the server removes it, unless it was killed
            subprocess.run([*REMOVE, self._scratch], check=False)  # noqa: S603

    @property
    def pid(self) -> int | None:
        """Process id of the jail, while one is alive."""
        return self._process.pid if self._process else None

    def _limits(self, cpu_seconds: int, wall_seconds: float) -> dict[str, Any]:
        names = ("memory_bytes", "output_bytes", "file_bytes", "open_files", "threads")
        limits = {name: getattr(self.config, name) for name in names}
        return limits | {"cpu_seconds": cpu_seconds, "wall_seconds": wall_seconds}

    def _ready(self, step: int) -> socket.socket:
        """The channel of a warm process that has greeted."""
        if self._process is None or self._process.poll() is not None or self._owner != os.getpid():
            self.close()
            self._launch()
        if step not in self._greeted:
            hello = receive(self._channels[step], _START_SECONDS)
            if hello is None:
                said = self._last_words()
                self.close()
                raise jail.SandboxError(f"the sandbox does not start: {said}")
            self._scratch = hello["scratch"]
            self._greeted.add(step)
        return self._channels[step]

    def _launch(self) -> None:
        how = jail.mode(self.config)
        num_channels = 1 if self._interpreter else len(warm.STEPS)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._owner = os.getpid()
        self._process, self._channels = jail.launch(
            how, self.config, self._errors, num_channels, warm=not self._interpreter, interpreter=self._interpreter
        )

    def _last_words(self) -> str:
        assert self._errors is not None  # noqa: S101
        self._errors.seek(0)
        said = self._errors.read()[-500:].decode("utf-8", "replace").strip().splitlines()
        return said[-1] if said else "no message"

    def _ask(self, step: int, job: Mapping[str, Any]) -> Execution:
        for _ in range(2):  # a server that died, or dies before it takes the job, is replaced
            channel = self._ready(step)
            pipes = [os.pipe() for _ in range(3)]
            readers = [reader for reader, _ in pipes]
            try:
                taken = _send(channel, job, [writer for _, writer in pipes])
                if taken:
                    ended = collect(channel, readers, job["output_bytes"], job["wall_seconds"], _GRACE_SECONDS)
            finally:
                for reader in readers:
                    os.close(reader)
            if not taken or ended.lost or ended.last:
                self.close()
            if taken:
                return _execution(ended, job)
        raise jail.SandboxError("the sandbox's server dies before it takes a snippet")


def _send(channel: socket.socket, job: Mapping[str, Any], writers: list[int]) -> bool:
    """Hands over the request and the pipes; whether the server has taken them."""
    try:
        with _request(job) as request, suppress(OSError):
            socket.send_fds(channel, [b"run"], [request, *writers])
            return receive(channel, _GRACE_SECONDS) is not None
        return False
    finally:
        for writer in writers:
            os.close(writer)


@contextmanager
def _request(job: Mapping[str, Any]) -> Iterator[int]:
    """A file without a name that holds the request: the server passes it on unread."""
    with open(os.memfd_create("request"), "w+b") as stream:
        stream.write(json.dumps(job).encode())
        stream.seek(0)
        yield stream.fileno()


def _execution(ended: Ended, job: Mapping[str, Any]) -> Execution:
    return Execution(
        Status(status(ended, job["cpu_seconds"], interpreted=job["job"] == "interpret")),
        ended.stdout.decode("utf-8", "replace"),
        ended.stderr.decode("utf-8", "replace"),
        ended.seconds,
    )


class Pool:
    """As many sandboxes as threads use at the same time; an idle one is used again."""

    def __init__(self, config: ExecuteConfig, interpreter: Interpreter | None = None) -> None:
        self._config = config
        self._interpreter = interpreter
        self._idle: list[Sandbox] = []
        self._lock = threading.Lock()

    @contextmanager
    def sandbox(self) -> Iterator[Sandbox]:
        """A sandbox that no other thread uses meanwhile."""
        with self._lock:
            sandbox = self._idle.pop() if self._idle else Sandbox(self._config, self._interpreter)
        try:
            yield sandbox
        finally:
            with self._lock:
                self._idle.append(sandbox)

    def close(self) -> None:
        """Ends the sandboxes that are idle."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()
