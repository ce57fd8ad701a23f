"""What an attack is, and the few lines of Python that many of them begin with.

A snippet prints BREACH where it got what a promise refuses. Words between at signs are filled in by the runner
(`@SECRET_FILE@`, `@PORT@`, `@PROJECT@`, …), so that no attack aims at a file or a port that is not there.
"""

from collections.abc import Callable
from typing import NamedTuple


class Attack(NamedTuple):
    """One snippet, the statuses it may end with, and what its output must satisfy besides not holding BREACH."""

    id: str
    code: str
    statuses: frozenset[str]
    check: Callable[[str], bool] | None = None
    before: str = ""  # an innocent snippet of somebody else that runs first
    then: str = ""  # a second snippet that looks for what the first one left; it must not print BREACH either


def among(*statuses: str) -> frozenset[str]:
    """The statuses that an attack may end with."""
    return frozenset(statuses)


# A try that the snippet survives, or that the sandbox ends.
TRIED = among("ok", "error", "denied")
# The same for tries that may end in a signal or at a limit, where all that counts is that nothing came of it.
ENDED = among("ok", "error", "denied", "crash", "timeout", "memory", "output")

# `attempt(f, *arguments)`: whatever it gives back is a breach, unless it is None or an error.
ATTEMPT = """
def attempt(function, *arguments, **named):
    try:
        got = function(*arguments, **named)
    except BaseException as error:
        print(type(error).__name__)
        return None
    if got is not None:
        print("BREACH", repr(got)[:200])
    return got
"""

# `raw(number, …)`: a system call by its number (x86-64), the error as a negative number as the kernel gives it.
RAW = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def raw(number, *arguments):
    got = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    return got if got >= 0 else -ctypes.get_errno()
def must_fail(what, number, *arguments):
    got = raw(number, *arguments)
    print("BREACH" if got >= 0 else "refused", what, got)
def shut(what, number, *arguments):  # the kernel must not even look at the arguments: EPERM or ENOSYS
    got = raw(number, *arguments)
    print("refused" if got & 0xFFFFFFFF in (0xFFFFFFFF, 0xFFFFFFDA) else "BREACH", what, got)
"""
