"""Calls of a function in a process of its own, under limits of time and memory: it may hang, bloat or crash there.

The process is started by `exec` when it is first needed, never by a fork of a worker's threads; it is used again by
later calls, bundles and partitions, replaced when it dies, and ends with its worker, whose death closes its input.

A limit of time is kept by the kernel. The one that decides is that of CPU time, which hardly depends on what else the
machine does, so that a page ends the same way on every run; the one on the clock is for what sleeps.
"""

import os
import pickle
import resource
import signal
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar

from transforms.records import Reason

P = ParamSpec("P")
T = TypeVar("T")

_WALL = 6  # seconds on the clock for each second of CPU time
_GRACE_SECONDS = 10.0  # after which a child that even the kernel's alarm did not end is killed
_BLOATED = 0.25  # share of the memory that a child may still hold after a call: beyond it, the next call gets a new one
_ALARMS = (signal.SIGALRM, signal.SIGPROF)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may take: seconds of CPU time, and bytes of address space of its whole process."""

    cpu_seconds: float
    memory_bytes: int


class KilledError(Exception):
    """A call did not come to its end: `reason` is `timeout`, `too_large` (the memory) or `crash`."""

    def __init__(self, reason: Reason, **detail: object) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Guard(Generic[P, T]):
    """A function of a module, or a `partial` of one, that is called in a child process; any number of threads may call.

    A call returns what the function returns, and raises what it raises, or `KilledError`. A crash counts when it comes
    twice: a child that something else has ended costs no page.
    """

    def __init__(self, function: Callable[P, T], limits: Limits) -> None:
        self._function = function
        self._limits = limits
        self._idle: deque[_Child] = deque()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Calls the function. Raises OSError where no process can be started."""
        try:
            return self._call(args, kwargs)
        except KilledError as killed:
            if killed.reason != Reason.CRASH:
                raise
            return self._call(args, kwargs)

    def close(self) -> None:
        """Ends the idle children and waits for them."""
        while self._idle:
            self._idle.pop().close()

    def _call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        with self._child() as child:
            result: T = child.call(args, kwargs)
        return result

    @contextmanager
    def _child(self) -> Iterator["_Child"]:
        """A child that no other thread uses meanwhile."""
        child = None
        with suppress(IndexError):
            child = self._idle.pop()
        if child is None or child.owner != os.getpid():  # a fork's copy: it belongs to the parent
            child = _Child(self._function, self._limits)
        try:
            yield child
        finally:
            if child.fit:
                self._idle.append(child)
            else:
                child.close()


class _Child:
    """One process and the pipe to it."""

    def __init__(self, function: Callable[..., Any], limits: Limits) -> None:
        self.owner = os.getpid()
        self.fit = False  # for another call
        self._limits = limits
        self._pipe, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-m", "transforms.guard", str(theirs.fileno())],
                env=os.environ | {"PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # an interrupt in the terminal is for the worker
            )
        try:
            self._pipe.send((function, limits))
            self._pipe.recv()
        except (EOFError, OSError):
            self.close()
            raise ChildProcessError("a guarded process does not start, or cannot import what it is to call") from None
        except Exception:  # a function that pickle does not take
            self.close()
            raise

    def call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The function's result. Raises what it raises, or `KilledError`."""
        self.fit = False
        try:
            self._pipe.send((args, kwargs))
            if not self._pipe.poll(self._limits.cpu_seconds * _WALL + _GRACE_SECONDS):
                raise KilledError(Reason.TIMEOUT, cpu_seconds=self._limits.cpu_seconds)
            result, error, self.fit = self._pipe.recv()
        except (EOFError, OSError):
            raise self._obituary() from None
        if isinstance(error, MemoryError):
            raise KilledError(Reason.TOO_LARGE, memory_bytes=self._limits.memory_bytes) from error
        if error is not None:
            raise error
        return result

    def close(self) -> None:
        """Ends the process, whatever it does."""
        self._pipe.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)  # its input has ended, so it goes by itself
        self._process.kill()
        self._process.wait()

    def _obituary(self) -> KilledError:
        status = self._process.wait()
        if -status in _ALARMS:
            return KilledError(Reason.TIMEOUT, cpu_seconds=self._limits.cpu_seconds)
        return KilledError(Reason.CRASH, exit_status=status)


def main(descriptor: int) -> None:
    """The child: answers calls until the worker is gone."""
    pipe = Connection(descriptor)
    with suppress(EOFError, OSError):
        function, limits = pipe.recv()
        _prepare(limits.memory_bytes)
        pipe.send("ready")
        while True:
            args, kwargs = pipe.recv()
            _set_alarms(limits.cpu_seconds)
            result, error = _try(function, args, kwargs)
            _set_alarms(0)
            bloated = isinstance(error, MemoryError) or _resident_bytes() > _BLOATED * limits.memory_bytes
            _send(pipe, result, error, not bloated)


def _prepare(memory_bytes: int) -> None:
    """Sets what holds for all calls; what the worker ignores or blocks of signals is inherited."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for alarm in _ALARMS:
        signal.signal(alarm, signal.SIG_DFL)  # ends the process
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ALARMS)


def _set_alarms(cpu_seconds: float) -> None:
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    signal.setitimer(signal.ITIMER_REAL, cpu_seconds * _WALL)


def _try(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Exception | None]:
    try:
        return function(*args, **kwargs), None
    except Exception as error:
        tail = "".join(traceback.format_exception(error)[-3:])
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301
        except Exception:
            error = RuntimeError(f"{type(error).__name__}: {error}")
        error.add_note(tail)
        return None, error


def _send(pipe: Connection, result: Any, error: Exception | None, fit: bool) -> None:
    """Sends what a call came to; of a result that cannot be sent, or not in the memory that is left, why."""
    try:
        pipe.send((result, error, fit))
    except OSError:  # the worker is gone
        raise
    except MemoryError:
        pipe.send((None, MemoryError(), False))
    except Exception as unsent:
        pipe.send((None, RuntimeError(f"{type(unsent).__name__}: {unsent}"), fit))


def _resident_bytes() -> int:
    """Of this process; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


if __name__ == "__main__":
    main(int(sys.argv[1]))
