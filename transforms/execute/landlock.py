"""Landlock: from here on this process and its children open only the named files. Linux 5.13 or newer.

It runs inside the sandbox and needs the standard library only. Numbers are from linux/landlock.h.
"""

import ctypes
import os
import struct
from collections.abc import Iterable

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every architecture
_EXECUTE, _WRITE, _READ, _READ_DIR = 1, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_FILE_RIGHTS = _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL
_ALL_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # ABI: how many of the rights it knows
_MAKE_DEVICES_AND_SOCKETS = 1 << 6 | 1 << 9 | 1 << 10 | 1 << 11


def abi() -> int:
    """The version that this kernel has; 0 where it has none, or has it switched off."""
    return max(0, _syscall(_CREATE, None, ctypes.c_size_t(0), 1))


def restrict(
    readable: Iterable[str], writable: Iterable[str], devices: Iterable[str], executable: Iterable[str] = ()
) -> None:
    """Denies every file but these folders and files, and every TCP port and signal to outside where the ABI can.

    Paths that do not exist are passed over. Raises OSError.
    """
    version = abi()
    rights = (1 << _ALL_RIGHTS.get(version, 16)) - 1
    attributes = struct.pack("QQQ", rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _checked(_CREATE, attributes, ctypes.c_size_t(size), 0)
    try:
        for path in readable:
            _allow(ruleset, path, _READ | _READ_DIR)
        for path in writable:
            _allow(ruleset, path, rights & ~_EXECUTE & ~_IOCTL & ~_MAKE_DEVICES_AND_SOCKETS)
        for path in devices:
            _allow(ruleset, path, _READ | _WRITE | rights & _TRUNCATE)
        for path in executable:
            _allow(ruleset, path, _READ | _EXECUTE)
        ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
        _checked(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            rights &= _FILE_RIGHTS
        _checked(_ADD, ruleset, 1, struct.pack("=Qi", rights, target), 0)
    finally:
        os.close(target)


def _checked(*arguments: object) -> int:
    result = _syscall(*arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), "landlock")
    return result


def _syscall(*arguments: object) -> int:
    return int(ctypes.CDLL(None, use_errno=True).syscall(*arguments))
