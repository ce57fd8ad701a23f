"""The fork server: a warm interpreter in a jail that runs each snippet in a fork of its own.

Started by `jail.command` in a fresh process, never in a worker. It speaks length-prefixed JSON over its
standard input and output, answers one request at a time, and ends with its input. The first message it sends says
which layers of protection it has.
"""

import fcntl
import gc
import importlib
import json
import mmap
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from transforms.execute import landlock, namespaces, seccomp, snippet
from transforms.execute.frames import read_frame, write_frame

WARM = (
    *("sympy", "numpy", "scipy", "mpmath", "math", "cmath", "fractions", "decimal", "statistics", "itertools"),
    *("functools", "collections", "random", "re", "string", "operator", "heapq", "bisect", "datetime", "calendar"),
    *("numpy.linalg", "numpy.polynomial", "scipy.special", "scipy.optimize", "scipy.integrate", "scipy.linalg"),
    *("scipy.stats", "scipy.interpolate", "sympy.stats", "sympy.physics.units", "transforms.execute.compare"),
)
_HIGH = 200  # the protocol's own descriptors live from here on


def main() -> None:
    """Takes the settings from the command line, closes itself off, and serves until the input ends."""
    settings = json.loads(sys.argv[1])
    inbox, outbox = _move(0), _move(1)
    null = os.open("/dev/null", os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    null = _move(null)
    layers: dict[str, Any] = {"bubblewrap": settings["mode"] == "bubblewrap", "namespaces": False}
    scratch = settings["scratch"]
    if settings["mode"] != "bubblewrap":
        scratch = tempfile.mkdtemp(prefix="snippet-")
        layers["namespaces"] = settings["mode"] == "own" and namespaces.unshare()
        _stay_outside(scratch, (inbox, outbox))
        if layers["namespaces"]:
            namespaces.mount_scratch(scratch, settings["scratch_bytes"])
    os.environ |= {"HOME": scratch, "TMPDIR": scratch}
    tempfile.tempdir = scratch
    for name in WARM if settings["warm"] else ():
        importlib.import_module(name)
    if settings["warm"]:
        _warm_up()
    sys.path.remove(sys.argv[2])  # our own files, which no snippet may read
    layers |= _lock(settings, scratch)
    jail = snippet.Jail(
        scratch=scratch,
        null=null,
        address_space=_address_space(),
        isolated=settings["mode"] != "none",
        seccomp=layers["seccomp"],
        user_namespace=layers["bubblewrap"] or layers["namespaces"],
    )
    write_frame(outbox, {"layers": layers, "scratch": "" if layers["bubblewrap"] else scratch})
    gc.collect()
    gc.freeze()  # so that a fork's collector does not touch, and copy, every page
    serve(inbox, outbox, jail)


def serve(inbox: int, outbox: int, jail: snippet.Jail) -> None:
    """Answers requests until the client is gone, or the scratch folder could not be emptied."""
    while (request := read_frame(inbox)) is not None:
        write_frame(outbox, {"taken": True})  # from here on the server's death is this request's doing
        reply = _execute(request, jail, inbox)
        reply["last"] = not _wiped(jail.scratch)
        write_frame(outbox, reply)
        if reply["last"]:
            return


def _move(descriptor: int) -> int:
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _HIGH)
    if descriptor > 2:
        os.close(descriptor)
    return moved


def _stay_outside(scratch: str, protocol: tuple[int, int]) -> None:
    """The child goes on; the parent, which is not locked in, waits for its end and removes the scratch folder."""
    inside = os.fork()
    if not inside:
        namespaces.die_with_parent()
        return
    for descriptor in protocol:
        os.close(descriptor)
    os.waitpid(inside, 0)
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(0)


def _lock(settings: Mapping[str, Any], scratch: str) -> dict[str, Any]:
    if settings["mode"] == "none":
        return {"landlock": 0, "seccomp": False}
    version = landlock.abi()
    if version:
        landlock.restrict(settings["readable"], [scratch], ("/dev/null", "/dev/zero", "/dev/urandom"))
    namespaces.drop_privileges()
    return {"landlock": version, "seccomp": seccomp.available()}


def _warm_up() -> None:
    """Lets the libraries build what they build once: tables, grammars and modules that they import late."""
    import sympy
    from latex2sympy2_extended import latex2sympy

    x, y = sympy.symbols("x y")
    sympy.integrate(sympy.exp(x) * sympy.cos(x) + 1 / (x**2 + 3), x)
    sympy.integrate(sympy.exp(-(x**2)), (x, 0, sympy.oo))
    sympy.solve([x**2 + y - 3, x - y], [x, y])
    sympy.limit(sympy.sin(3 * x) / x, x, 0)
    sympy.series(sympy.cos(x), x, 0, 4)
    sympy.simplify(sympy.sin(x) ** 2 + sympy.cos(x) ** 2)
    sympy.summation(1 / x**2, (x, 1, sympy.oo))
    str(sympy.Matrix([[2, 1], [1, 3]]).eigenvals())
    sympy.latex(sympy.factor(x**3 - 1))
    latex2sympy(r"\begin{pmatrix} \frac{1}{2} & \sqrt{x} \\ \sin(2\pi) & -e^{x_1} \end{pmatrix}")


def _address_space() -> int:
    """Bytes of address space that this process takes: where a limit begins to bite (there is no /proc inside)."""
    low, high = 0, 1 << 36
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    try:
        while high - low > 1 << 20:
            middle = (low + high) // 2
            try:
                resource.setrlimit(resource.RLIMIT_AS, (middle, hard))
                mmap.mmap(-1, 1 << 20).close()
                high = middle
            except (OSError, MemoryError):
                low = middle
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    return high


def _execute(request: Mapping[str, Any], jail: snippet.Jail, inbox: int) -> dict[str, Any]:
    pipes = [os.pipe() for _ in range(3)]
    start = time.monotonic()
    child = os.fork()
    if not child:
        snippet.become(request, jail, *(write for _, write in pipes))
    for _, write in pipes:
        os.close(write)
    readers = [read for read, _ in pipes]
    try:
        outputs, ended = _collect(child, readers, request, start + float(request["wall_seconds"]), inbox)
    finally:
        for read in readers:
            os.close(read)
    _, result, usage = ended
    reading, _, report = outputs.pop("report").partition(b"\n")
    timed_out = usage.ru_utime + usage.ru_stime >= int(request["cpu_seconds"]) - 0.1
    return {
        "status": _status(result, report or reading, outputs["stopped"], timed_out),
        "stdout": outputs["stdout"].decode("utf-8", "replace"),
        "stderr": outputs["stderr"].decode("utf-8", "replace"),
        "seconds": time.monotonic() - start,
        "reading": json.loads(reading) if report else {},
    }


def _collect(
    child: int, readers: list[int], request: Mapping[str, Any], deadline: float, inbox: int
) -> tuple[dict[str, Any], tuple[int, int, resource.struct_rusage]]:
    """Reads the child's pipes until it ends, its time is up, or it writes too much; then kills what is left of it."""
    limit = int(request["output_bytes"])
    buffers = {reader: bytearray() for reader in readers}
    handle = os.pidfd_open(child)
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.register(inbox, 0)  # hangs up when the client is gone
    for reader in readers:
        os.set_blocking(reader, False)
        poll.register(reader, select.POLLIN)
    unfinished = set(readers)
    stopped = ""
    running = True
    while running and not stopped:
        ready = {descriptor for descriptor, _ in poll.poll(max(0.0, deadline - time.monotonic()) * 1000)}
        if not ready:
            stopped = "timeout"
        running = handle not in ready
        if inbox in ready:
            _kill(child)
            os._exit(0)
        for reader in list(unfinished if not running else ready & unfinished):
            if not _drain(reader, buffers[reader], limit):
                unfinished.remove(reader)
                poll.unregister(reader)
            if len(buffers[reader]) > limit:
                stopped = "output"
    os.close(handle)
    _kill(child)
    ended = os.wait4(child, 0)
    names = ("stdout", "stderr", "report")
    outputs = {name: bytes(buffers[reader][:limit]) for name, reader in zip(names, readers, strict=True)}
    return {**outputs, "stopped": stopped}, ended


def _drain(reader: int, buffer: bytearray, limit: int) -> bool:
    """Takes what the pipe holds, up to one byte over the limit; False at its end."""
    with suppress(BlockingIOError):
        while len(buffer) <= limit:
            part = os.read(reader, min(65536, limit + 1 - len(buffer)))
            if not part:
                return False
            buffer += part
    return True


def _kill(child: int) -> None:
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)


def _status(result: int, report: bytes, stopped: str, timed_out: bool) -> str:
    signaled = os.WTERMSIG(result) if os.WIFSIGNALED(result) else 0
    known = {snippet.ERROR: "error", snippet.MEMORY: "memory", snippet.DENIED: "denied"}
    if report in known:
        return known[report]
    if stopped:
        return stopped
    if signaled == signal.SIGSYS:
        return "denied"
    if signaled == signal.SIGXCPU or (signaled == signal.SIGKILL and timed_out):
        return "timeout"
    return "ok" if result == 0 and report == snippet.OK else "crash"


def _wiped(scratch: str) -> bool:
    try:
        for entry in os.scandir(scratch):
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.path, 0o700)
                shutil.rmtree(entry.path)
            else:
                os.unlink(entry.path)
    except (OSError, RecursionError):
        return False
    return True


if __name__ == "__main__":
    main()
