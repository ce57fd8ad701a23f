"""The child's side of the sandbox: becomes a bounded process and runs one snippet or one comparison.

It runs inside the sandbox, in a fork of the server. Nothing here returns to the server.
"""

import errno
import json
import os
import random
import resource
import sys
import threading
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any, NoReturn

from transforms.execute import namespaces, origins, seccomp

OK, ERROR, MEMORY, DENIED = b"o", b"e", b"m", b"d"  # what a child writes last to its report pipe
_REPORT = 3
_TRACEBACK = 20  # innermost calls


@dataclass(frozen=True)
class Jail:
    """What the server found out at its start and every child needs."""

    scratch: str
    null: int  # an open descriptor of /dev/null
    address_space: int  # bytes that the warm interpreter itself takes
    isolated: bool
    seccomp: bool
    user_namespace: bool


def become(request: Mapping[str, Any], jail: Jail, stdout: int, stderr: int, report: int) -> NoReturn:
    """Runs the request in this process, which must be a fresh fork with one thread, and ends it."""
    code = 1
    try:
        _enclose(request, jail, stdout, stderr, report)
        code = _compare(request) if request["job"] == "compare" else _run(request, jail)
    finally:
        os._exit(code)


def _enclose(request: Mapping[str, Any], jail: Jail, stdout: int, stderr: int, report: int) -> None:
    os.setsid()
    namespaces.die_with_parent()
    for number, source in enumerate((jail.null, stdout, stderr, report)):
        os.dup2(source, number)
    os.closerange(_REPORT + 1, 256)
    os.chdir(jail.scratch)
    _limit(request, jail)
    if jail.seccomp:
        seccomp.install(os.getpid())


def _limit(request: Mapping[str, Any], jail: Jail) -> None:
    cpu = int(request["cpu_seconds"])
    limits = [
        (resource.RLIMIT_CPU, cpu, cpu + 1),  # first SIGXCPU, then SIGKILL
        (resource.RLIMIT_AS, *[jail.address_space + int(request["memory_bytes"])] * 2),
        (resource.RLIMIT_FSIZE, *[int(request["file_bytes"])] * 2),
        (resource.RLIMIT_NOFILE, *[int(request["open_files"])] * 2),
        (resource.RLIMIT_CORE, 0, 0),
    ]
    if jail.user_namespace:  # elsewhere the user's other processes count too
        limits.append((resource.RLIMIT_NPROC, *[int(request["threads"])] * 2))
    for name, soft, hard in limits:
        resource.setrlimit(name, (soft, hard))


def _run(request: Mapping[str, Any], jail: Jail) -> int:
    code = request["code"]
    # Before the code has a chance to say anything about itself.
    os.write(_REPORT, origins.read_code(code).to_json().encode() + b"\n")
    main = ModuleType("__main__")
    main.__dict__["__builtins__"] = __builtins__
    sys.modules["__main__"] = main
    sys.argv = [""]
    _seed()
    try:
        exec(compile(code, "<snippet>", "exec"), main.__dict__)  # noqa: S102
        _join_threads()
    except SystemExit as leave:
        return _leave(leave)
    except BaseException as error:
        kind = _kind(error, jail)
        os.write(_REPORT, kind)  # first: printing the traceback may run the snippet's own code
        traceback.print_exception(error, limit=0 if kind == MEMORY else -_TRACEBACK)
        return _flushed(1)
    return _end()


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
    for stream in (sys.stdout, sys.__stdout__, sys.stderr, sys.__stderr__):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError, AttributeError):  # the snippet closed or replaced it: its output is lost
            continue
    return code


def _join_threads() -> None:
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()


def _kind(error: BaseException, jail: Jail) -> bytes:
    if isinstance(error, MemoryError):
        return MEMORY
    if jail.isolated and isinstance(error, OSError):
        outside = isinstance(error, FileNotFoundError) and not _in_scratch(error.filename, jail.scratch)
        if outside or error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return DENIED
    return ERROR


def _in_scratch(path: object, scratch: str) -> bool:
    # With bubblewrap a file outside does not exist, with Landlock alone it may not be opened: one status for both.
    return not isinstance(path, str) or os.path.realpath(path).startswith(scratch)


def _seed() -> None:
    random.seed(0)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(0)
    if sympy_random := sys.modules.get("sympy.core.random"):
        sympy_random.seed(0)


def _compare(request: Mapping[str, Any]) -> int:
    from transforms.execute import compare

    sys.setrecursionlimit(3000)
    outcome = compare.compare(request["stated"], request["printed"], request["rounded"])
    print(json.dumps(asdict(outcome)))
    return _end()
