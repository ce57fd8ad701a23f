"""Attacks and accidents: each ends its own snippet with the right status, and the next one runs."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.transforms.execute.watching import servers, soon
from transforms.execute import client, jail
from transforms.execute.client import Sandbox
from transforms.execute.config import ExecuteConfig
from transforms.execute.origins import read_code
from transforms.execute.warm import STEPS

pytestmark = pytest.mark.pipeline

REPO = Path(jail.__file__).parents[2]
INNOCENT = "import sympy\nprint(sympy.integrate(sympy.Symbol('x')**2))"
LIBC = "import ctypes; libc = ctypes.CDLL(None, use_errno=True)\n"

ATTACKS = [
    # network
    ("import socket; socket.create_connection(('127.0.0.1', 22), timeout=1)", "denied"),
    ("import socket; socket.socket(socket.AF_UNIX)", "denied"),
    ("import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)", "denied"),
    ("import urllib.request; urllib.request.urlopen('http://127.0.0.1')", "denied"),
    ("try:\n import socket; socket.socket()\nexcept BaseException: pass\nprint(1)", "denied"),
    (LIBC + "print(libc.socket(2, 1, 0))", "denied"),
    ("import asyncio\nasync def f(): return 1\nprint(asyncio.run(f()))", "denied"),
    # files
    ("print(open('/etc/passwd').read())", "denied"),
    ("import os; print(os.listdir('/root'))", "denied"),
    ("import os; print(os.listdir(os.path.expanduser('~/..')))", "denied"),
    ("print(open('/proc/1/environ', 'rb').read())", "denied"),
    ("print(open('/proc/self/maps').read())", "denied"),
    ("import os; print(os.listdir('/'))", "denied"),
    ("open('/tmp/escape', 'w')", "denied"),
    ("open('/usr/lib/escape', 'w')", "denied"),
    ("import sys, os; open(os.path.dirname(os.__file__) + '/os.py', 'a')", "denied"),
    ("open('/dev/shm/escape', 'w')", "denied"),
    ("open('../escape', 'w')", "denied"),
    ("import os; os.chmod('/etc', 0o777)", "denied"),
    ("import os; os.truncate('/etc/hostname', 0)", "denied"),
    ("import os; os.symlink('/etc/passwd', 'link'); print(open('link').read())", "denied"),
    ("open('big', 'wb').write(bytes(2**25))", "error"),
    ("[open(f'f{i}', 'w') for i in range(100)] and print(1)\nx = [open('f1') for i in range(100)]", "error"),
    # processes and signals
    ("import os\nwhile True: os.fork()", "denied"),
    ("import os; os.system('true')", "denied"),
    ("import subprocess; subprocess.run(['true'])", "denied"),
    ("import os, sys; os.execv(sys.executable, ['python', '-c', 'print(1)'])", "denied"),
    ("import multiprocessing as m; p = m.Process(target=print); p.start()", "denied"),
    ("import os; os.kill(os.getppid(), 9)", "denied"),
    ("import os; os.kill(-1, 9)", "denied"),
    ("import os; os.killpg(0, 9)", "denied"),
    ("import os; os.kill(1, 15)", "denied"),
    ("import signal; signal.pidfd_send_signal(0, 9)", "denied"),
    ("import fcntl, os; fcntl.fcntl(1, fcntl.F_SETOWN, os.getppid())", "denied"),
    ("import os, resource; resource.prlimit(os.getppid(), resource.RLIMIT_AS, (1, 1))", "denied"),
    ("import os; os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)", "denied"),
    (LIBC + "libc.ptrace(16, 1, 0, 0)", "denied"),
    (LIBC + "libc.mount(b'none', b'/', None, 0, None)", "denied"),
    (LIBC + "libc.unshare(0x10000000)", "denied"),
    (LIBC + "libc.syscall(425, 1, 0)", "denied"),  # io_uring_setup
    # how a process ends
    ("import os; os._exit(0)", "crash"),
    ("import os; os._exit(7)", "crash"),
    ("import os; os.kill(os.getpid(), 9)", "crash"),
    ("import os; os.abort()", "crash"),
    ("import ctypes; ctypes.string_at(0)", "crash"),
    ("import signal; signal.raise_signal(signal.SIGSEGV)", "crash"),
    ("import sys; sys.exit(3)", "error"),
    ("import sys; sys.exit('no')", "error"),
    ("raise ValueError", "error"),
    ("x =", "error"),
    ("x = '\\ud800'\nprint(1 +)", "error"),
    ("\0", "error"),
    ("def f(): f()\nf()", "error"),
    ("class E(Exception):\n def __str__(self): raise SystemExit(0)\nraise E", "error"),
    ("class E(Exception):\n def __repr__(self): import os; os._exit(0)\n __str__ = __repr__\nraise E", "error"),
    ("input()", "error"),
    # limits
    ("while True: pass", "timeout"),
    ("import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass", "timeout"),
    ("x = bytearray(2**30)", "memory"),
    ("x = []\nwhile True: x.append(bytearray(10**6))", "memory"),
    ("import numpy; numpy.ones((10**5, 10**5))", "memory"),
    ("import resource as r; r.setrlimit(r.RLIMIT_AS, (2**40, 2**40))", "error"),
    ("while True: print('x' * 1000)", "output"),
    ("import sys\nwhile True: sys.stderr.write('x' * 1000)", "output"),
    (
        "import os\nwhile True:\n for d in range(3, 9):\n  try: os.write(d, b'o' * 999)\n  except OSError: pass",
        "output",
    ),
]


@pytest.mark.parametrize(("code", "status"), ATTACKS, ids=[code[-40:] for code, _ in ATTACKS])
def test_an_attack_ends_itself_alone(sandbox: Sandbox, code: str, status: str) -> None:
    execution = sandbox.run(code)
    assert execution.status == status, execution
    assert len(execution.stdout) <= sandbox.config.output_bytes
    assert sandbox.run("print(6 * 7)").stdout == "42\n"


@pytest.mark.parametrize(
    ("code", "stdout"),
    [
        (INNOCENT, "x**3/3\n"),
        ("import numpy as np; print(np.linalg.det(np.eye(3)))", "1.0\n"),
        ("import scipy.integrate as s; print(round(s.quad(lambda x: x, 0, 1)[0], 6))", "0.5\n"),
        ("open('note', 'w').write('hi'); print(open('note').read())", "hi\n"),
        ("import tempfile; f = tempfile.TemporaryFile(); f.write(b'x'); print(f.tell())", "1\n"),
        ("import threading; t = threading.Thread(target=print, args=('late',)); t.start()", "late\n"),
        ("if __name__ == '__main__': print('main')", "main\n"),
        ("from dataclasses import dataclass\n@dataclass\nclass A: x: int\nprint(A(1))", "A(x=1)\n"),
        ("import sys; print('π'); sys.exit(0)", "π\n"),
        ("print(1); exit()", "1\n"),
        ("import os; print(sorted(os.environ)[:2], os.environ.get('AWS_SECRET'))", "['HOME', 'LANG'] None\n"),
        ("import os; print(os.listdir('.'))", "[]\n"),
        ("x = bytearray(2**27); print(len(x))", f"{2**27}\n"),
    ],
)
def test_innocent_code_runs(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, code: str, stdout: str) -> None:
    monkeypatch.setenv("AWS_SECRET", "secret")
    execution = sandbox.run(code)
    assert (execution.status, execution.stdout) == ("ok", stdout), execution.stderr


def test_no_state_passes_to_the_next_snippet(sandbox: Sandbox) -> None:
    sandbox.run(
        "import math, sympy, builtins, os\nmath.pi = sympy.pi = 3; builtins.print = None; os.environ['A'] = '1'"
    )
    sandbox.run("open('left', 'w').write('x'); import os; os.makedirs('a/b'); os.mkdir('closed', 0)")
    sandbox.run("import random, numpy; random.seed(5); numpy.random.seed(5)")
    seen = sandbox.run("import math, sympy, os; print(math.pi, sympy.pi, os.environ.get('A'), os.listdir('.'))")
    assert seen.stdout == "3.141592653589793 pi None []\n", seen


def test_output_is_the_same_on_every_run(sandbox: Sandbox) -> None:
    code = "import random, numpy\nprint(random.random(), numpy.random.rand(), hash('abc'), {'a', 'b', 'c'})"
    first = sandbox.run(code)
    sandbox.close()
    assert first.stdout
    assert sandbox.run(code).stdout == first.stdout


def test_closed_descriptors_end_nothing(sandbox: Sandbox) -> None:
    sandbox.run("import os\nfor d in range(256):\n try: os.close(d)\n except OSError: pass")
    assert sandbox.run(INNOCENT).stdout == "x**3/3\n"


def test_the_server_is_started_again_after_its_death(sandbox: Sandbox) -> None:
    assert sandbox.run("print(1)").status == "ok"
    assert sandbox.pid is not None
    os.killpg(sandbox.pid, signal.SIGKILL)
    assert sandbox.run("print(2)").stdout == "2\n"


def test_a_snippet_during_which_the_server_dies_has_crashed(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    send = client._send

    def send_and_kill(*given: Any) -> bool:
        taken = send(*given)
        assert sandbox.pid is not None
        os.killpg(sandbox.pid, signal.SIGKILL)
        return taken

    with monkeypatch.context() as patch:
        patch.setattr(client, "_send", send_and_kill)
        assert sandbox.run("while True: pass").status == "crash"
    assert sandbox.run("print(2)").stdout == "2\n"


def test_wall_time_ends_a_sleeper(mode: str) -> None:
    sandbox = Sandbox(ExecuteConfig(wall_seconds=0.5))
    try:
        assert sandbox.run("import time; time.sleep(60)").status == "timeout"
        closing = "import os, time\nfor d in (0, 1, 2, 3): os.close(d)\nwhile True: time.sleep(9)"
        assert sandbox.run(closing).status == "timeout"
    finally:
        sandbox.close()


@pytest.mark.parametrize("snippet", ["while True: pass", "import time; time.sleep(600)"])
def test_nothing_outlives_a_killed_worker(mode: str, snippet: str, tmp_path: Path) -> None:
    mark = 2**26 + os.getpid()  # a scratch size that no other sandbox on this machine has on its command line
    worker = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            dedent(f"""
                from transforms.execute.client import Sandbox
                from transforms.execute.config import ExecuteConfig
                sandbox = Sandbox(ExecuteConfig(scratch_bytes={mark}, cpu_seconds=600, wall_seconds=600))
                sandbox.start()
                print(sandbox._scratch, flush=True)
                sandbox.run({snippet!r})
            """),
        ],
        cwd=Path(jail.__file__).parents[2],
        stdout=subprocess.PIPE,
    )
    assert worker.stdout is not None
    scratch = worker.stdout.readline().decode().strip()
    assert bool(scratch) is (mode != "bubblewrap")
    idle = len(STEPS) + (2 if mode == "bubblewrap" else 1)  # the warm processes, and bubblewrap twice or the guard
    assert soon(lambda: len(servers(mark)) > idle), "the snippet does not run"
    worker.kill()
    worker.wait()
    worker.stdout.close()
    assert soon(lambda: not servers(mark))
    assert not scratch or soon(lambda: not Path(scratch).exists()), "the scratch folder is left"


def test_no_folder_is_left_by_a_worker_that_ends(mode: str) -> None:
    code = "from transforms.execute.client import Sandbox\nfrom transforms.execute.config import ExecuteConfig\n"
    code += 's = Sandbox(ExecuteConfig())\ns.run(\'open("note", "w")\')\nprint(s._scratch)'
    scratch = subprocess.run(
        [sys.executable, "-c", code], cwd=REPO, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()
    assert bool(scratch) is (mode != "bubblewrap")
    assert not scratch or soon(lambda: not Path(scratch).exists())


def test_code_is_read_again_when_the_server_died_over_it(sandbox: Sandbox) -> None:
    assert sandbox.read("print(863.84)") is not None
    assert sandbox.pid is not None
    os.killpg(sandbox.pid, signal.SIGKILL)
    assert sandbox.read("print(863.84)") == read_code("print(863.84)")
    assert sandbox.read("print(") is None


def test_a_comparison_that_explodes_is_stopped(sandbox: Sandbox) -> None:
    assert sandbox.compare("3", "10**10**10", False).status in ("timeout", "memory", "crash")
    assert json.loads(sandbox.compare("3x^2", "3*x**2", False).stdout)["equal"] is True


def test_printed_text_is_never_evaluated(sandbox: Sandbox) -> None:
    execution = sandbox.compare("3", "__import__('os')._exit(0) or 3", False)
    assert json.loads(execution.stdout)["equal"] is None
