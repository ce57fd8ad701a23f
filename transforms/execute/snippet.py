"""The child's side of the sandbox: becomes a bounded process and runs one snippet or one comparison.

It runs inside the sandbox, in a fork of the server. Nothing here returns to the server.
"""

import atexit
import errno
import json
import os
import random
import resource
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any, NoReturn

from transforms.execute import namespaces, seccomp, threads

OK, ERROR, MEMORY, DENIED = b"o", b"e", b"m", b"d"  # what a child writes last to its report
_REPORT = 3
_HIGHEST = 256  # the server has no descriptor from here on
_TRACEBACK = 20  # innermost calls


@dataclass(frozen=True)
class Jail:
    """What the server found out at its start and every child needs."""

    scratch: str
    null: int  # an open descriptor of /dev/null
    address_space: int  # bytes that the warm interpreter itself takes
    isolated: bool
    seccomp: bool


def become(jail: Jail, porch: socket.socket, request: int, stdout: int, stderr: int, report: int) -> NoReturn:
    """Does what the request (JSON in a file) asks for in this process, a fresh fork with one thread, and ends it."""
    code = 1
    try:
        with open(request, "rb") as stream:
            job = json.load(stream)
        _enclose(job, jail, porch, stdout, stderr, report)
        code = {"run": _run, "compare": _compare, "interpret": _interpret}[job["job"]](job, jail)
    finally:
        os._exit(code)


def _enclose(job: Mapping[str, Any], jail: Jail, porch: socket.socket, stdout: int, stderr: int, report: int) -> None:
    os.setsid()
    namespaces.die_with_parent()
    for number, source in enumerate((jail.null, stdout, stderr, report)):
        os.dup2(source, number, inheritable=number < _REPORT)
    os.chdir(jail.scratch)
    _limit(job, jail)
    if jail.seccomp:
        listener = seccomp.install_on_snippet(os.getpid(), interpreter=job["job"] == "interpret")
        if listener is not None:
            threads.hand_over(porch, listener, int(job["threads"]))
    os.closerange(_REPORT + 1, _HIGHEST)


def _limit(job: Mapping[str, Any], jail: Jail) -> None:
    cpu = int(job["cpu_seconds"])
    address_space = int(job.get("address_space", jail.address_space))
    limits = [
        (resource.RLIMIT_CPU, cpu, cpu + 1),  # first SIGXCPU, then SIGKILL
        (resource.RLIMIT_AS, *[address_space + int(job["memory_bytes"])] * 2),
        (resource.RLIMIT_FSIZE, *[int(job["file_bytes"])] * 2),
        (resource.RLIMIT_NOFILE, *[int(job["open_files"])] * 2),
        (resource.RLIMIT_CORE, 1, 1),  # 0 would not stop a dump into a pipe
    ]
    for name, soft, hard in limits:
        highest = resource.getrlimit(name)[1]  # a machine may have a lower one
        if highest != resource.RLIM_INFINITY:
            soft, hard = min(soft, highest), min(hard, highest)
        resource.setrlimit(name, (soft, hard))


def _run(job: Mapping[str, Any], jail: Jail) -> int:
    main = ModuleType("__main__")
    main.__dict__["__builtins__"] = __builtins__
    sys.modules["__main__"] = main
    sys.argv = [""]
    atexit._clear()  # what the libraries have registered in the server
    _seed()
    try:
        exec(compile(job["code"], "<snippet>", "exec"), main.__dict__)  # noqa: S102
    except SystemExit as leave:
        return _leave(leave)
    except BaseException as error:
        kind = _kind(error, jail)
        os.write(_REPORT, kind)  # first: printing the traceback may run the snippet's own code
        traceback.print_exception(error, limit=0 if kind == MEMORY else -_TRACEBACK)
        return _flushed(1)
    return _end()


def _interpret(job: Mapping[str, Any], jail: Jail) -> int:
    """Becomes the interpreter of another language, whose exit code is its report."""
    with open(job["file"], "w", encoding="utf-8", errors="replace") as stream:
        stream.write(job["preface"] + job["code"])
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them, and a program would inherit that
        signal.signal(number, signal.SIG_DFL)
    os.execve(job["program"], [job["program"], *job["arguments"], job["file"]], dict(os.environ))  # noqa: S606


def _leave(leave: SystemExit) -> int:
    if leave.code in (None, 0):
        return _end()
    os.write(_REPORT, ERROR)
    if not isinstance(leave.code, int):
        print(leave.code, file=sys.stderr)
    return _flushed(1)


def _end() -> int:
    _flushed(0)
    os.write(_REPORT, OK)
    return 0


def _flushed(code: int) -> int:
    """What Python does at its end: it waits for threads, runs what was registered for it, and writes output."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.__stdout__, sys.stderr, sys.__stderr__):
        with suppress(BaseException):  # the snippet closed or replaced it: its output is lost
            if stream is not None:
                stream.flush()
    return code


def _kind(error: BaseException, jail: Jail) -> bytes:
    if isinstance(error, MemoryError):
        return MEMORY
    with suppress(BaseException):  # the error's attributes may be the snippet's own code
        if jail.isolated and isinstance(error, OSError):
            outside = isinstance(error, FileNotFoundError) and not _in_scratch(error.filename, jail.scratch)
            if outside or error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
                return DENIED
    return ERROR


def _in_scratch(path: object, scratch: str) -> bool:
    # With bubblewrap a file outside does not exist, with Landlock alone it may not be opened: one status for both.
    return not isinstance(path, str) or f"{os.path.realpath(path)}/".startswith(f"{scratch}/")


def _seed() -> None:
    random.seed(0)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(0)
    if sympy_random := sys.modules.get("sympy.core.random"):
        sympy_random.seed(0)


def _compare(job: Mapping[str, Any], jail: Jail) -> int:
    from transforms.execute import compare

    sys.setrecursionlimit(3000)
    outcome = compare.compare(job["stated"], job["printed"], job["rounded"])
    print(json.dumps(asdict(outcome)))
    return _end()
