"""A real vLLM server on loopback, which a test may kill and start again on the same port."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.vllm.environment import OFFLINE, Environment

MODEL, MAX_MODEL_LEN = "smollm2", 2048
# The server becomes the shell's process; what it leaves beside it ends the server when our end of its input is closed,
# as the death of the tests does too.
WRAPPER = 'exec 3<&0; (cat <&3; kill $$) >/dev/null 2>&1 & exec "$@" </dev/null 3<&-'
NO_BLANKS = '{"backend": "xgrammar", "disable_any_whitespace": true}'  # as our README says
COUNTER = re.compile(r"^vllm:(\w+)_total\{(.*)\} (\S+)$", re.MULTILINE)


class Server:
    """Serves `model` at `url` from `start` to `stop` or `kill`; `log` grows over all starts."""

    def __init__(self, environment: Environment, log: Path) -> None:
        self.environment, self.log = environment, log
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    model = MODEL

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.root}/v1"

    @property
    def pid(self) -> int:
        """Of the process that listens, which leads the group of all of the server's processes."""
        assert self.process, "not started"
        return self.process.pid

    def start(self, seconds: float = 300) -> None:
        """Start, and return when it answers."""
        assert self.process is None, "runs already"
        where = ("--host", "127.0.0.1", "--port", str(self.port))
        serve = command(self.environment, "api_server", *where, "--structured-outputs-config", NO_BLANKS)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["sh", "-c", WRAPPER, "sh", *serve],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=variables(),
                cwd=self.environment.root,
                start_new_session=True,
            )
        end = time.monotonic() + seconds
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise RuntimeError(f"vLLM does not start:\n{self.log_tail()}")
            time.sleep(0.2)

    def answers(self) -> bool:
        try:
            return self.get("/health")[0] == 200
        except OSError:
            return False

    def kill(self) -> None:
        """SIGKILL for all its processes, as if its machine had lost power."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._gone(10)

    def stop(self) -> None:
        """Let it end as it does when asked to; kill what is left."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
        self.kill()

    def _gone(self, seconds: float) -> None:
        assert self.process
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(seconds)
        end = time.monotonic() + seconds
        while left := members(self.process.pid):
            assert time.monotonic() < end, f"still there: {left}"
            time.sleep(0.02)
        self.process = None

    def get(self, path: str) -> tuple[int, str]:
        """Status and body."""
        return exchange(urllib.request.Request(self.root + path))

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Status and decoded body; `model` is added."""
        data = json.dumps({"model": MODEL} | body).encode()
        request = urllib.request.Request(self.root + path, data, {"Content-Type": "application/json"})
        status, text = exchange(request)
        return status, json.loads(text)

    def chat(self, prompt: str, **fields: Any) -> tuple[int, Any]:
        """Status and decoded body of a completion of one message."""
        return self.post("/v1/chat/completions", {"messages": [{"role": "user", "content": prompt}], **fields})

    def metrics(self) -> dict[str, float]:
        """Its counters since this start, as `prompt_tokens`, `generation_tokens`, `prefix_cache_hits` …

        Requests that ended well are counted by reason: `request_success:stop`, `:length`, `:abort`, `:repetition`.
        """
        found = {}
        for name, labels, value in COUNTER.findall(self.get("/metrics")[1]):
            reason = re.search(r'reason="(\w+)"', labels)
            found[f"{name}:{reason[1]}" if reason else name] = float(value)
        return found

    def answered(self) -> int:
        """How many completions it sent with status 200, over all its starts."""
        return len(re.findall(r'"POST /v1/chat/completions HTTP/1.1" 200', self.log.read_text(errors="replace")))

    def log_tail(self, characters: int = 6000) -> str:
        return self.log.read_text(errors="replace")[-characters:]


def command(environment: Environment, entrypoint: str, *options: str | Path) -> list[str | Path]:
    """How one of vLLM's entry points is run with our model."""
    model = ["--model", environment.model, "--served-model-name", MODEL, "--max-model-len", str(MAX_MODEL_LEN)]
    start = [environment.python, "-m", f"vllm.entrypoints.openai.{entrypoint}"]
    return [*start, *model, "--enforce-eager", "--distributed-executor-backend", "uni", *options]


def variables() -> dict[str, str]:
    """The environment variables that it is run with: the caller's, without the way to the caller's packages."""
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    # with the executor "uni": no worker process, which would take another 13 s of CPU to import what the engine has
    one_engine = {"VLLM_ENABLE_V1_MULTIPROCESSING": "0", "OMP_NUM_THREADS": "1"}
    return ours | OFFLINE | one_engine | {"VLLM_CPU_KVCACHE_SPACE": "2"}  # GiB


def exchange(request: urllib.request.Request) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def free_port() -> int:
    """A port below those that the kernel gives to clients, so that it stays free while the server is down."""
    for port in random.sample(range(20000, 30000), 50):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


def members(group: int) -> list[int]:
    """The processes of a process group that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of = stat.read_text().rpartition(") ")[2].split()[:3]
        except OSError:
            continue
        if int(of) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found
