"""The stub, the fault proxy and builds as processes: started, killed, and started again."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.serving.documents import MAX_CHUNK_TOKENS, Chunk, rows

REPO = Path(__file__).resolve().parents[2]


# Where that is allowed (else it says so and goes on): what is timed is not the other load of the machine.
URGENT = ("nice", "-n", "-10")


class Process:
    """A server of this folder (`stub` or `proxy`) on a port of its own, with its journal."""

    def __init__(self, module: str, journal: Path, *options: object, urgent: bool = False) -> None:
        python = [*(URGENT if urgent else ()), sys.executable, "-m", f"tests.serving.{module}"]
        self.command = [*python, "--journal", str(journal), *map(str, options)]
        self.path = journal
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        """The endpoint."""
        return f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> None:
        """Starts it, at the same port as before."""
        command = [*self.command, "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=REPO, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    def kill(self) -> None:
        """Kills it with SIGKILL, and waits until it is gone."""
        self.process.kill()
        self.process.wait()

    def restart(self, *options: object) -> None:
        """Starts it anew, with some options changed."""
        self.kill()
        self.command += map(str, options)
        self.start()

    def journal(self, event: str = "") -> list[dict[str, Any]]:
        """What happened so far, in order; only `event`, if that is named."""
        text = self.path.read_text() if self.path.exists() else ""
        lines = map(json.loads, text[: text.rfind("\n") + 1].splitlines())
        return [line for line in lines if event in ("", line["event"])]

    def counts(self) -> dict[str, Any]:
        """What it says of itself."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/counts", timeout=10) as answer:
            return json.load(answer)


@dataclass
class Build:
    """`stage translate` over these documents in `folder`, asked of the endpoints; run as often as one likes.

    Attributes:
        files: how many files, each a partition, the documents are written to.
        urgent: goes before all else that the machine does.
    """

    folder: Path
    documents: Sequence[Sequence[Chunk]]
    endpoints: Iterable[str]
    model: str = "tiny"
    workers: int = 1
    files: int = 1
    urgent: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
    started: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def output(self) -> Path:
        """The folder that the stage writes."""
        return self.folder / "out"

    def command(self) -> list[str]:
        """The command line, after its input is written."""
        source = self.folder / "in"
        if not source.exists():
            source.mkdir()
            for i in range(self.files):
                lines = (json.dumps(row) + "\n" for row in rows(self.documents[i :: self.files]))
                (source / f"{i}.jsonl").write_text("".join(lines))
        settings = {"max_chunk_tokens": MAX_CHUNK_TOKENS, **self.settings}
        table = "".join(f"{key} = {value}\n" for key, value in settings.items())
        (self.folder / "config.toml").write_text(f"[partition]\nbytes = 1\n[translate]\n{table}")
        options = ["--config", self.folder / "config.toml", "--translator", "vllm", "--workers", self.workers]
        asked = ["--endpoint", *self.endpoints, "--model", self.model]
        stage = ["-m", "pipelines", "stage", "translate", "--input", source, "--output", self.output]
        return [*(URGENT if self.urgent else ()), sys.executable, *map(str, [*stage, *options, *asked])]

    def run(self, timeout: float = 900) -> "subprocess.CompletedProcess[str]":
        """Runs it to its end."""
        return subprocess.run(self.command(), cwd=REPO, capture_output=True, text=True, timeout=timeout)

    def start(self) -> "subprocess.Popen[bytes]":
        """Starts it as a process group of its own."""
        with (self.folder / "log").open("wb") as log:
            process = subprocess.Popen(self.command(), cwd=REPO, stdout=log, stderr=log, start_new_session=True)
        self.started.append(process)
        return process

    def wait(self, seconds: float) -> tuple[int, str]:
        """The exit status of the one that was started last, and what it said."""
        try:
            status = self.started[-1].wait(seconds)
        except subprocess.TimeoutExpired:
            status = -1
        log = (self.folder / "log").read_text()
        assert status != -1, f"the build has not ended after {seconds} s: {log[-2000:]}"
        return status, log

    def wait_until(self, reached: Callable[[], bool], seconds: float = 120) -> None:
        """Waits until it is so, while the build goes on."""
        end = time.monotonic() + seconds
        while not reached():
            assert self.started[-1].poll() is None, "the build ended before it came so far"
            assert time.monotonic() < end, "the build does not come so far"
            time.sleep(0.01)

    def kill(self) -> float:
        """Kills it with all that it started; returns when, on the machine's monotonic clock."""
        at = time.monotonic()
        os.killpg(self.started[-1].pid, signal.SIGKILL)
        self.started[-1].wait()
        return at

    def close(self) -> None:
        """Kills what still runs."""
        for process in self.started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
