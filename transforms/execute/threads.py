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
_HIGH = 200
_CONTINUE = 1  # SECCOMP_USER_NOTIF_FLAG_CONTINUE


def hand_over(porch: socket.socket, listener: int, allowance: int) -> None:
    """The snippet's side: gives the server what seccomp asks through, and the number of threads to admit."""
    socket.send_fds(porch, [struct.pack("I", allowance)], [listener])


class Gate:
    """The server's side: admits threads as they are asked for, up to the snippet's allowance."""

    def __init__(self, poll: select.epoll) -> None:
        self._poll = poll
        here, porch = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._here, self.porch = (socket.socket(fileno=move_away(end.detach())) for end in (here, porch))
        self._listener = -1
        self._allowance = 0
        poll.register(self._here, select.EPOLLIN)

    def attend(self, ready: Mapping[int, int]) -> None:
        """Takes the listener that has arrived, or answers the thread that asks."""
        if self._here.fileno() in ready:
            self.close()
            message, (self._listener,), _, _ = socket.recv_fds(self._here, 4, 1)
            (self._allowance,) = struct.unpack("I", message)
            self._poll.register(self._listener, select.EPOLLIN)
        elif ready.get(self._listener, 0) & select.EPOLLIN:
            self._allowance -= 1
            with suppress(OSError):  # whoever asked is gone
                _answer(self._listener, self._allowance >= 0)
        elif self._listener in ready:  # nobody is left to ask
            self.close()

    def close(self) -> None:
        """Forgets the snippet: whoever asks for it from now on is refused by the kernel."""
        if self._listener >= 0:
            os.close(self._listener)
        self._listener = -1


def move_away(descriptor: int) -> int:
    """Moves a descriptor of the server to where no snippet has any; `snippet` closes up to 255."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _HIGH)
    os.close(descriptor)
    return moved


def _answer(listener: int, admitted: bool) -> None:
    notice = bytearray(_NOTICE_BYTES)
    fcntl.ioctl(listener, _RECEIVE, notice)
    (identity,) = struct.unpack_from("Q", notice)
    error, flags = (0, _CONTINUE) if admitted else (-errno.EAGAIN, 0)
    fcntl.ioctl(listener, _SEND, struct.pack("QqiI", identity, 0, error, flags))
