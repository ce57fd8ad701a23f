"""How many threads a snippet may start: seccomp asks the server each time, since no limit counts them for root.

It runs inside the sandbox and needs the standard library only. Source: seccomp_unotify(2), linux/seccomp.h.
"""

import errno
import fcntl
import os
import select
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress

_RECEIVE, _SEND = 0xC0502100, 0xC0182101  # SECCOMP_IOCTL_NOTIF_…
_NOTICE_BYTES = 80
_CONTINUE = 1  # SECCOMP_USER_NOTIF_FLAG_CONTINUE


def hand_over(porch: socket.socket, listener: int, allowance: int) -> None:
    """The snippet's side: gives the server what seccomp asks through, and the number of threads to admit."""
    socket.send_fds(porch, [struct.pack("I", allowance)], [listener])


class Gate:
    """The server's side: admits threads as they are asked for, up to the allowance."""

    def __init__(self, porch: socket.socket) -> None:
        self._porch = porch
        self._listeners: list[int] = []
        self._allowance = 0

    def attend(self, ready: Mapping[int, int], poll: select.epoll) -> None:
        """Takes the listener that has arrived, or answers the thread that asks."""
        if self._porch.fileno() in ready:
            message, self._listeners, _, _ = socket.recv_fds(self._porch, 4, 1)
            poll.unregister(self._porch)
            if self._listeners:
                (self._allowance,) = struct.unpack("I", message)
                poll.register(self._listeners[0], select.EPOLLIN)
        for listener in self._listeners:
            if ready.get(listener, 0) & select.EPOLLIN:
                self._allowance -= 1
                with suppress(OSError):  # whoever asked is gone
                    _answer(listener, self._allowance >= 0)
            elif listener in ready:  # nobody is left to ask
                poll.unregister(listener)

    def close(self) -> None:
        """Whoever asks from now on is refused by the kernel."""
        for listener in self._listeners:
            os.close(listener)


def _answer(listener: int, admitted: bool) -> None:
    notice = bytearray(_NOTICE_BYTES)
    fcntl.ioctl(listener, _RECEIVE, notice)
    (identity,) = struct.unpack_from("Q", notice)
    error, flags = (0, _CONTINUE) if admitted else (-errno.EAGAIN, 0)
    fcntl.ioctl(listener, _SEND, struct.pack("QqiI", identity, 0, error, flags))
