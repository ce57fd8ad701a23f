"""What a function may do in the guard: hang, bloat, crash. The caller goes on, and nothing outlives it."""

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from transforms.guard import Guard, KilledError, Limits

REPO = Path(__file__).resolve().parents[2]
PID = "__import__('os').getpid()"
SPIN = "sum(iter(int, 1))"  # in C, where no signal handler of Python's ever runs


@pytest.fixture
def guard() -> Iterator[Guard[..., object]]:
    guard: Guard[..., object] = Guard(eval, Limits(0.4, 1 << 30))
    yield guard
    guard.close()


def test_results_and_errors_come_back(guard: Guard[..., object]) -> None:
    assert guard("['x'] * n", {"n": 3}) == ["x", "x", "x"]
    with pytest.raises(ZeroDivisionError) as caught:
        guard("1 / 0")
    assert "division by zero" in caught.value.__notes__[0]
    with pytest.raises(RuntimeError, match="UnicodeError: odd"):  # an error that pickle cannot make again
        guard("(_ for _ in ()).throw(type('UnicodeError', (Exception,), {})('odd'))")
    with pytest.raises(RuntimeError, match="PicklingError"):  # a result that pickle does not take
        guard("lambda: 1")
    assert guard("2") == 2


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (SPIN, "timeout"),
        ("__import__('re').match('(a+)+$', 'a' * 50 + 'b')", "timeout"),
        ("__import__('time').sleep(99)", "timeout"),
        ("bytearray(1 << 31)", "too_large"),
        ("[bytes(10**7) for _ in iter(int, 1)]", "too_large"),
        ("__import__('ctypes').string_at(0)", "crash"),
        ("__import__('os').abort()", "crash"),
        ("__import__('os')._exit(0)", "crash"),
        ("__import__('os').kill(0, 9)", "crash"),
        ("exit(3)", "crash"),
    ],
)
def test_an_attack_ends_its_own_call_alone(guard: Guard[..., object], code: str, reason: str) -> None:
    start = time.monotonic()
    with pytest.raises(KilledError) as caught:
        guard(code)
    assert caught.value.reason == reason
    assert time.monotonic() - start < 30
    assert guard("6 * 7") == 42


def test_blocked_and_ignored_alarms_end_a_call_all_the_same() -> None:
    worker = (
        "import signal; from transforms.guard import *\n"
        "signal.signal(signal.SIGPROF, signal.SIG_IGN)\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF, signal.SIGALRM])\n"
        f"try: Guard(eval, Limits(0.2, 1 << 30))({SPIN!r})\n"
        "except KilledError as killed: print(killed.reason)"
    )
    assert _python(worker).communicate(timeout=60)[0] == "timeout\n"


def test_one_process_serves_all_calls_until_it_dies(guard: Guard[..., object]) -> None:
    first = guard(PID)
    assert guard(PID) == first != os.getpid()
    with pytest.raises(KilledError):
        guard("__import__('os').abort()")
    assert guard(PID) != first


def test_a_process_that_dies_while_idle_costs_nothing(guard: Guard[..., object]) -> None:
    os.kill(int(str(guard(PID))), signal.SIGKILL)
    assert guard("1") == 1


def test_a_process_that_has_grown_is_replaced(guard: Guard[..., object]) -> None:
    first = guard(PID)
    assert guard("globals().update(kept=b'x' * (300 << 20))") is None
    assert guard(PID) != first


def test_a_fork_starts_its_own(guard: Guard[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    first = guard(PID)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert guard(PID) != first


def test_threads_do_not_share(guard: Guard[..., object]) -> None:
    with ThreadPoolExecutor(4) as threads:
        codes = [f"({n}, {PID}, __import__('time').sleep(0.02))" for n in range(40)]
        results = list(threads.map(guard, codes))
    assert [result[0] for result in results] == list(range(40))  # type: ignore[index]
    assert 1 < len({result[1] for result in results}) <= 4  # type: ignore[index]


def test_a_process_that_does_not_start_is_told_from_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(OSError, match="does not start"):
        Guard(eval, Limits(1, 1 << 30))("1")


def test_a_function_that_cannot_be_sent_leaves_no_process() -> None:
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    before = children.read_text()
    with pytest.raises((pickle.PicklingError, AttributeError)):
        Guard(lambda: 1, Limits(1, 1 << 30))()
    assert children.read_text() == before


@pytest.mark.parametrize("busy", ["0", SPIN])
def test_nothing_outlives_a_killed_worker(busy: str, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = f"(__import__('pathlib').Path({str(note)!r}).write_text(str({PID})), {busy})"
    worker = _python(
        f"import time; from transforms.guard import *\nGuard(eval, Limits(2, 1 << 30))({code!r})\ntime.sleep(99)"
    )
    assert _wait_for(lambda: note.exists() and note.read_text() != "")
    worker.kill()
    worker.communicate()
    assert _wait_for(lambda: not _alive(int(note.read_text())))


def _python(code: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", code], cwd=REPO, stdout=subprocess.PIPE, text=True)


def _alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def _wait_for(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()
