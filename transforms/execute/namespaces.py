"""Namespaces of our own, for machines without bubblewrap, and the privileges that a snippet must not have.

It runs inside the sandbox and needs the standard library only. Numbers are from linux/sched.h, linux/prctl.h,
linux/mount.h and linux/capability.h.
"""

import ctypes
import os
import struct
from pathlib import Path

_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
_NOSUID, _NODEV, _NOEXEC, _REC, _PRIVATE = 2, 4, 8, 0x4000, 1 << 18
_KILLED = 9
_libc = ctypes.CDLL(None, use_errno=True)


def unshare() -> bool:
    """Own user, network, IPC, UTS and (for the children) process namespaces; False where they are refused.

    The process must have one thread. Its user and group keep their numbers.
    """
    user, group = os.geteuid(), os.getegid()
    if _libc.unshare(_NEWUSER | _NEWNET | _NEWIPC | _NEWUTS | _NEWPID):
        return False
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except OSError:
        return False  # the namespaces stay, but without a mapped user they can do nothing
    _libc.sethostname(b"sandbox", 7)
    return True


def mount_scratch(path: str, num_bytes: int) -> bool:
    """A mount namespace in which `path` is a small tmpfs; False where that is refused."""
    options = f"size={num_bytes},nr_inodes=1024,mode=0700".encode()
    return not (
        _libc.unshare(_NEWNS)
        or _libc.mount(b"none", b"/", None, ctypes.c_ulong(_REC | _PRIVATE), None)
        or _libc.mount(b"tmpfs", path.encode(), b"tmpfs", ctypes.c_ulong(_NOSUID | _NODEV | _NOEXEC), options)
    )


def drop_privileges() -> None:
    """No capability is left, none comes back, and no other process of this user may look into this one."""
    _libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    _libc.capset(struct.pack("Ii", 0x20080522, 0), bytes(24))
    _libc.prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def die_with_parent() -> None:
    """This process is killed when its parent ends (a parent with one thread)."""
    _libc.prctl(1, _KILLED, 0, 0, 0)  # PR_SET_PDEATHSIG
