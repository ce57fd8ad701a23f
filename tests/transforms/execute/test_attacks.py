"""Several hundred attacks and accidents: each ends itself alone, gets and leaves nothing, and the next one runs."""

import os
import secrets
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.transforms.execute.attacks.attack import Attack
from tests.transforms.execute.attacks.attacks import ATTACKS
from transforms.execute import jail
from transforms.execute.client import Sandbox

INNOCENT = """
import math, os, sys, decimal, sympy, numpy, fractions
open("note", "w").write("1")
print(math.pi, len("abc"), sympy.factor(sympy.Symbol("x")**2 - 1), numpy.linalg.det(numpy.eye(3) * 2), hash("a"))
print(fractions.Fraction(1, 3) + 1, decimal.Decimal(1) / 3, sorted(os.environ), sys.getrecursionlimit())
print(os.listdir("."))
print(len(sys.modules), os.getpriority(0, 0), sum(i * i for i in range(1000)), sys.getswitchinterval(), __name__)
"""
SEEN_WITHOUT_BUBBLEWRAP = ("read-metadata", "read-who-runs-this")
REPO = Path(jail.__file__).parents[2]


@pytest.fixture(scope="module", autouse=True)
def secret() -> Iterator[str]:
    """A secret of the worker, in its environment."""
    with pytest.MonkeyPatch.context() as patch:
        value = secrets.token_hex(12)
        patch.setenv("SECRET_OF_THE_WORKER", value)
        yield value


@pytest.fixture(scope="module")
def truth(sandbox: Sandbox) -> str:
    """What an innocent snippet prints before anything has happened."""
    sandbox.start()
    execution = sandbox.run(INNOCENT)
    assert execution.status == "ok", execution
    return execution.stdout


@pytest.fixture(scope="module")
def targets(secret: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What the words between at signs stand for: files, ports and processes that are there to be attacked."""
    folder = tmp_path_factory.mktemp("targets")
    (folder / "secret").write_text(secrets.token_hex(12))
    (folder / "writable").write_text("untouched")
    (folder / "writable").chmod(0o666)
    tcp, abstract, named = (
        socket.create_server(("127.0.0.1", 0)),
        socket.socket(socket.AF_UNIX),
        socket.socket(socket.AF_UNIX),
    )
    name, path = f"attack-{secrets.token_hex(4)}", f"/tmp/{secrets.token_hex(6)}"
    abstract.bind("\0" + name)
    named.bind(path)
    with tcp, abstract, named:
        for server in (tcp, abstract, named):
            server.listen()
        yield {
            "SECRET_FILE": str(folder / "secret"),
            "WRITABLE_FILE": str(folder / "writable"),
            "PROJECT": str(REPO),
            "PROJECT_NAME": REPO.name,
            "LIBRARY": sysconfig.get_path("purelib"),
            "PORT": str(tcp.getsockname()[1]),
            "ABSTRACT": name,
            "UNIX_PATH": path,
            "ENV_SECRET_REVERSED": secret[::-1],
            "WORKER_PID": str(os.getpid()),
            "HOSTNAME": socket.gethostname(),
            **{key: value for word in ("CANARY", "STATED") for key, value in _both_ways(word).items()},
        }
        for server in (tcp, abstract, named):
            server.setblocking(False)
            with pytest.raises(BlockingIOError):
                server.accept()
    os.unlink(path)


def _both_ways(word: str) -> dict[str, str]:
    value = secrets.token_hex(12)
    return {word: value, f"{word}_REVERSED": value[::-1]}


@pytest.mark.pipeline
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_gets_nothing_and_leaves_nothing(
    attack: Attack, mode: str, sandbox: Sandbox, truth: str, targets: dict[str, str]
) -> None:
    if attack.id in SEEN_WITHOUT_BUBBLEWRAP and mode != "bubblewrap":
        pytest.xfail("without bubblewrap the names and sizes of files can be seen, as doctor says")
    sandbox.start()  # wholly: a server that was replaced starts its processes one by one
    idle = _descendants(sandbox)
    before, code, then = (_filled(text, sandbox, targets) for text in (attack.before, attack.code, attack.then))
    if before:
        sandbox.run(before)
    start = time.monotonic()
    execution = sandbox.run(code)
    assert time.monotonic() - start < sandbox.config.wall_seconds + 10
    assert execution.status in attack.statuses, execution
    assert "BREACH" not in execution.stdout
    if attack.check and execution.status in ("ok", "error"):
        assert attack.check(execution.stdout), execution
    if then:
        assert "BREACH" not in sandbox.run(then).stdout
    assert sandbox.run(INNOCENT).stdout == truth
    sandbox.start()
    assert _descendants(sandbox) <= idle
    assert Path(targets["WRITABLE_FILE"]).read_text() == "untouched"
    folders = ("/tmp", "/dev/shm", "/", str(REPO))
    assert not [name for folder in folders for name in os.listdir(folder) if "breach" in name]


def _filled(code: str, sandbox: Sandbox, targets: dict[str, str]) -> str:
    for name, value in (targets | {"SERVER_PID": str(sandbox.pid)}).items():
        code = code.replace(f"@{name}@", value)
    return code


def _descendants(sandbox: Sandbox) -> int:
    """The number of living processes of the sandbox."""
    listed = subprocess.run(
        ["/bin/ps", "-e", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    ).stdout
    parents = {int(pid): int(parent) for pid, parent, state in map(str.split, listed.splitlines()) if state[0] != "Z"}
    family = {sandbox.pid}
    for pid in sorted(parents):
        if parents[pid] in family:
            family.add(pid)
    return len(family)
