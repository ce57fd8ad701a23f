"""The fork server: warm interpreters in a jail that run each snippet in a fork of its own.

Started by `jail.launch` in a fresh process, never as a fork of a worker. It has one warm process for each step of
`warm.STEPS`, each with a channel (a SOCK_SEQPACKET socket) of its own:

    client → server   `run`, with four descriptors: the request, and where stdout, stderr and the report go; `kill`;
                      `read`, with the request alone
    server → client   a greeting with the layers of protection; `taken`; how the snippet ended; what was read

A server that runs snippets never sees a request or an output: nothing of one snippet is left in the memory that the
next is forked from. Code is read by the one that compares. It ends with its channel.
"""

import ctypes
import json
import linecache
import mmap
import os
import resource
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from transforms.execute import landlock, namespaces, seccomp, snippet, threads, warm
from transforms.execute import scratch as scratches

_LOOK_SECONDS = 0.05  # how often the scratch folder of a running snippet is measured
# Without Python's hooks: there is one thread, no lock is held, and they would touch and copy some 200 pages.
_fork = ctypes.PyDLL(None).fork


def main() -> None:
    """Takes the settings from the command line, closes itself off, and serves until the channels end."""
    settings = json.loads(sys.argv[1])
    channels = [socket.socket(fileno=threads.move_away(number)) for number in settings["channels"]]
    null = threads.move_away(os.open("/dev/null", os.O_RDWR))
    layers: dict[str, Any] = {"bubblewrap": settings["mode"] == "bubblewrap", "namespaces": False}
    scratch = settings["scratch"]
    if settings["mode"] != "bubblewrap":
        scratch = tempfile.mkdtemp(prefix="snippet-")
        layers["namespaces"] = settings["mode"] == "own" and namespaces.unshare()
        _stay_outside(scratch, channels, layers["namespaces"])
        if layers["namespaces"]:
            namespaces.mount_scratch(scratch, settings["scratch_bytes"])
    os.environ |= {"HOME": scratch, "TMPDIR": scratch}
    tempfile.tempdir = scratch
    for number, channel in enumerate(channels[:-1]):
        warm.warm_up(warm.STEPS[number])
        if not os.fork():
            namespaces.die_with_parent()
            _serve(channel, channels, settings, layers, scratch, null)
        channel.close()
    if settings["warm"]:
        warm.warm_up(warm.STEPS[len(channels) - 1])
    _serve(channels[-1], channels, settings, layers, scratch, null)


def _stay_outside(scratch: str, channels: list[socket.socket], namespaces_held: bool) -> None:
    """The child goes on; the parent, which is not locked in, waits for its end and removes the scratch folder."""
    inside = os.fork()
    if not inside:
        namespaces.die_with_parent()
        return
    for channel in channels:
        channel.close()
    os.waitpid(inside, 0)
    if namespaces_held:  # the end of the first process in a namespace of processes is that of all: nothing can be run
        shutil.rmtree(scratch, ignore_errors=True)  # what was in it is gone with the namespace of mounts
        os._exit(0)
    os.execv(scratches.REMOVE[0], [*scratches.REMOVE, scratch])  # noqa: S606


def _serve(
    channel: socket.socket,
    channels: list[socket.socket],
    settings: Mapping[str, Any],
    layers: dict[str, Any],
    scratch: str,
    null: int,
) -> None:
    """Locks this process in, and runs snippets until the client is gone, or the scratch folder could not be emptied."""
    for other in channels:
        if other is not channel:
            other.close()
    if sys.argv[2] in sys.path:
        sys.path.remove(sys.argv[2])  # our own files, which no snippet may read
    linecache.clearcache()
    layers = layers | _lock(settings, scratch)
    jail = snippet.Jail(
        scratch=scratch,
        null=null,
        address_space=_address_space(),
        isolated=settings["mode"] != "none",
        seccomp=layers["seccomp"],
    )
    post = Post(channel, jail, settings["scratch_bytes"])
    clean = True
    with suppress(OSError):  # the client is gone
        _tell(channel, {"layers": layers, "scratch": "" if layers["bubblewrap"] else scratch})
        while clean and (descriptors := _next(channel)):
            if len(descriptors) == 1:
                _tell(channel, _read(descriptors[0]))
                continue
            ended = post.run(descriptors)
            clean = scratches.wipe(scratch)
            _tell(channel, {**ended, "last": not clean})
    os._exit(0)


def _lock(settings: Mapping[str, Any], scratch: str) -> dict[str, Any]:
    if settings["mode"] == "none":
        return {"landlock": 0, "seccomp": False}
    version = landlock.abi()
    if version:
        devices = ("/dev/null", "/dev/zero", "/dev/urandom")
        landlock.restrict(settings["readable"], [scratch], devices, settings["executable"])
    namespaces.drop_privileges()
    if filtered := seccomp.available():
        seccomp.install_on_server()
    return {"landlock": version, "seccomp": filtered}


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


def _tell(channel: socket.socket, message: Mapping[str, Any]) -> None:
    channel.send(json.dumps(message).encode())


def _next(channel: socket.socket) -> list[int]:
    """The descriptors of the next request; none when the client is gone. A late `kill` is passed over.

    With one descriptor it is code to read; with four, a snippet to run or values to compare.
    """
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, 16, 4)
        if descriptors or not message:
            return descriptors


def _read(request: int) -> dict[str, Any]:
    """Reads code in this process: it is never run, and nothing that runs code is forked from here."""
    from transforms.execute import origins  # loaded where it is asked for, and nowhere else

    with open(request, "rb") as stream:
        job = json.load(stream)
    reading = origins.read_code(job["code"], job["language"])
    return {"reading": reading and reading.to_json()}


class Post:
    """Where one warm process watches over its snippets, one at a time.

    All that it needs is made beforehand: what a process touches while its fork lives is copied.
    """

    def __init__(self, channel: socket.socket, jail: snippet.Jail, scratch_bytes: int) -> None:
        self._channel = channel
        self._jail = jail
        self._scratch_bytes = scratch_bytes
        self._poll = select.epoll()
        self._gate = threads.Gate(self._poll)
        self._poll.register(channel, select.EPOLLIN)

    def run(self, descriptors: list[int]) -> dict[str, Any]:
        """Runs one request in a fork, and says how that ended."""
        child = _fork()
        if not child:
            snippet.become(self._jail, self._gate.porch, *descriptors)
        if child < 0:
            raise OSError("no process can be started")
        _tell(self._channel, {"taken": True})  # from here on the server's death is this request's doing
        for descriptor in descriptors:
            os.close(descriptor)
        handle = os.pidfd_open(child)
        self._poll.register(handle, select.EPOLLIN)
        overrun = self._watch(child, handle)
        _kill(child)
        _, result, usage = os.wait4(child, 0)
        os.close(handle)
        self._gate.close()
        return {"result": result, "cpu_seconds": usage.ru_utime + usage.ru_stime, "overrun": overrun}

    def _watch(self, child: int, handle: int) -> bool:
        """Returns when the child ends or is to be killed; True if it has filled the scratch folder."""
        look = time.monotonic() + _LOOK_SECONDS
        while True:
            ready = dict(self._poll.poll(_LOOK_SECONDS))
            if handle in ready:
                return False
            if self._channel.fileno() in ready:
                if not self._channel.recv(16):  # the client is gone
                    _kill(child)
                    os._exit(0)
                return False
            self._gate.attend(ready)
            if time.monotonic() > look:
                if scratches.is_full(self._jail.scratch, self._scratch_bytes):
                    return True
                look = time.monotonic() + _LOOK_SECONDS


def _kill(child: int) -> None:
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main()
