"""The worker's side of the sandbox: one server process, its life and death, and a pool of them for many threads."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, Any

from transforms.execute import jail
from transforms.execute.config import ExecuteConfig
from transforms.execute.frames import read_frame, write_frame
from transforms.execute.origins import Reading
from transforms.records import Status

_START_SECONDS = 120.0
_GRACE_SECONDS = 10.0  # the server keeps a snippet's time itself; this is for a server that hangs


@dataclass(frozen=True, slots=True)
class Execution:
    """How a snippet ended: its output, cut at the limit, and seconds on the clock."""

    status: Status
    stdout: str = ""
    stderr: str = ""
    seconds: float = 0.0
    reading: Reading = field(default_factory=Reading)


class Sandbox:
    """One server in its jail, started when it is first needed and again when it died. For one thread at a time."""

    def __init__(self, config: ExecuteConfig) -> None:
        self.config = config
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._errors: IO[bytes] | None = None
        self._scratch = ""  # on the machine's own disk, where there is no bubblewrap

    def start(self) -> None:
        """Starts the server if none is alive. Raises SandboxError with what it said last."""
        if self._process and self._process.poll() is None and self._owner == os.getpid():
            return
        self.close()
        how = jail.mode(self.config)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(  # noqa: S603
            jail.command(how, self.config),
            env=jail.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )
        self._owner = os.getpid()
        hello = self._receive(_START_SECONDS)
        if hello is None:
            self._errors.seek(0)
            said = self._errors.read()[-500:].decode("utf-8", "replace").strip().splitlines()
            self.close()
            raise jail.SandboxError(f"the sandbox ({how}) does not start: {said[-1] if said else 'no message'}")
        self._scratch = hello["scratch"]

    def run(self, code: str, stated: str = "") -> Execution:
        """Runs a Python snippet under the limits; never hangs, and no snippet can end the worker.

        `stated` is the result that it should show, from which `prints` is judged.

        Raises SandboxError if no server can be started.
        """
        limits = self._limits(self.config.cpu_seconds, self.config.wall_seconds)
        return self._ask({"job": "run", "code": code} | limits)

    def compare(self, stated: str, printed: str, rounded: bool) -> Execution:
        """Compares inside the sandbox; stdout is JSON with `equal` (true, false or null), `how` and `line`."""
        seconds = self.config.compare_seconds
        job = {"job": "compare", "stated": stated, "printed": printed, "rounded": rounded}
        return self._ask(job | self._limits(seconds, 3.0 * seconds))

    def close(self) -> None:
        """Ends the server, and with it everything in its jail."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout, self._errors):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        if self._owner != os.getpid():  # a fork's copy: the server belongs to the parent
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)  # its input has ended, so it goes by itself and takes its scratch folder along
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if self._scratch:  # the server removes it, unless it was killed
            shutil.rmtree(self._scratch, ignore_errors=True)

    @property
    def pid(self) -> int | None:
        """Process id of the jail, while one is alive."""
        return self._process.pid if self._process else None

    def _limits(self, cpu_seconds: int, wall_seconds: float) -> dict[str, Any]:
        names = ("memory_bytes", "output_bytes", "file_bytes", "open_files", "threads")
        limits = {name: getattr(self.config, name) for name in names}
        return limits | {"cpu_seconds": cpu_seconds, "wall_seconds": wall_seconds}

    def _ask(self, job: Mapping[str, Any]) -> Execution:
        self._send(job)
        start = time.monotonic()
        reply = self._receive(job["wall_seconds"] + _GRACE_SECONDS)
        if reply is None or reply["last"]:
            self.close()
        if reply is None:  # the server died, or hung, while it ran this very snippet
            late = time.monotonic() - start > job["wall_seconds"]
            return Execution(Status.TIMEOUT if late else Status.CRASH)
        return Execution(
            Status(reply["status"]),
            reply["stdout"],
            reply["stderr"],
            reply["seconds"],
            Reading.from_json(json.dumps(reply["reading"])),
        )

    def _send(self, job: Mapping[str, Any]) -> None:
        """Hands the job to a living server: one that died, or dies before it takes the job, is replaced."""
        for _ in range(2):
            self.start()
            assert self._process is not None  # noqa: S101
            assert self._process.stdin is not None  # noqa: S101
            with suppress(OSError):
                write_frame(self._process.stdin.fileno(), job)
                if self._receive(_GRACE_SECONDS) is not None:
                    return
            self.close()
        raise jail.SandboxError("the sandbox's server dies before it takes a snippet")

    def _receive(self, seconds: float) -> dict[str, Any] | None:
        """The next message; None if the server is gone, or silent for that long."""
        assert self._process is not None  # noqa: S101
        assert self._process.stdout is not None  # noqa: S101
        return read_frame(self._process.stdout.fileno(), seconds)


class Pool:
    """As many sandboxes as threads use at the same time; an idle one is used again."""

    def __init__(self, config: ExecuteConfig) -> None:
        self._config = config
        self._idle: list[Sandbox] = []
        self._lock = threading.Lock()

    @contextmanager
    def sandbox(self) -> Iterator[Sandbox]:
        """A sandbox that no other thread uses meanwhile."""
        with self._lock:
            sandbox = self._idle.pop() if self._idle else Sandbox(self._config)
        try:
            yield sandbox
        finally:
            with self._lock:
                self._idle.append(sandbox)
