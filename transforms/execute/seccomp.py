"""Two seccomp filters: no network, no other process, no signals to others, no kernel interfaces.

The first is put on a server for all its snippets, since it takes the kernel a while to compile it; the second, with
what a server itself must be able to do, on each snippet. They run inside the sandbox and need the standard library
only. Python and its libraries keep every other call: a list of what is allowed would break with each new C library.
"""

import ctypes
import errno
import platform
import struct
from functools import lru_cache

_ALLOW, _KILL, _ERRNO, _NOTIFY = 0x7FFF0000, 0x80000000, 0x00050000, 0x7FC00000  # linux/seccomp.h
_EPERM, _ENOSYS = _ERRNO | 1, _ERRNO | 38
_ARCHES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # linux/audit.h; column in the tables below

# Calls that end the snippet (SIGSYS): name, number on x86_64, on aarch64 ("-": none). Source: asm/unistd_64.h and
# asm-generic/unistd.h.
_ENDS = """
connect 42 203, bind 49 200, listen 50 201, accept 43 202, accept4 288 242,
fork 57 -, vfork 58 -, execveat 322 281, ptrace 101 117, process_vm_readv 310 270,
process_vm_writev 311 271, process_madvise 440 440, kcmp 312 272, tkill 200 130, rt_sigqueueinfo 129 138,
rt_tgsigqueueinfo 297 240, pidfd_send_signal 424 424, pidfd_getfd 438 438, mount 165 40, umount2 166 39,
move_mount 429 429, open_tree 428 428, fsopen 430 430, fsmount 432 432, fsconfig 431 431, fspick 433 433,
mount_setattr 442 442, pivot_root 155 41, chroot 161 51, unshare 272 97, setns 308 268, bpf 321 280,
perf_event_open 298 241, userfaultfd 323 282, io_uring_setup 425 425, add_key 248 217, request_key 249 218,
keyctl 250 219, init_module 175 105, finit_module 313 273, delete_module 176 106, kexec_load 246 104,
kexec_file_load 320 294, reboot 169 142, swapon 167 224, swapoff 168 225, open_by_handle_at 304 265,
name_to_handle_at 303 264, settimeofday 164 170, clock_settime 227 112, adjtimex 159 171, clock_adjtime 305 266,
quotactl 179 60, acct 163 89, sethostname 170 161, setdomainname 171 162, iopl 172 -, ioperm 173 -, syslog 103 116,
quotactl_fd 443 443, open_tree_attr 467 467
"""
# Calls that fail with EPERM: what Landlock does not see (modes, owners, times and attributes of any file by its path),
# memory that no limit counts or that is shared with other processes, and settings of other processes.
_FAILS = """
chmod 90 -, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452, chown 92 -, lchown 94 -, fchown 93 55, fchownat 260 54,
setxattr 188 5, lsetxattr 189 6, fsetxattr 190 7, removexattr 197 14, lremovexattr 198 15, fremovexattr 199 16,
setxattrat 463 463, removexattrat 466 466, file_setattr 469 469, utime 132 -, utimes 235 -, futimesat 261 -,
utimensat 280 88, truncate 76 45, inotify_init 253 -, inotify_init1 294 26, fanotify_init 300 262, shmget 29 194,
msgget 68 186, semget 64 190, mq_open 240 180, setpriority 141 140, ioprio_set 251 30, migrate_pages 256 238,
move_pages 279 239, personality 135 92, sched_setscheduler 144 119, sched_setparam 142 118,
sched_setattr 314 274, memfd_create 319 279, memfd_secret 447 447, process_mrelease 448 448, statmount 457 457,
listmount 458 458, sysfs 139 -, shmat 30 196, shmctl 31 195, semop 65 193, semctl 66 191, semtimedop 220 192,
msgsnd 69 189, msgrcv 70 188, msgctl 71 187, mq_unlink 241 181, mq_timedsend 242 182, mq_timedreceive 243 183,
io_setup 206 0, io_destroy 207 1, io_submit 209 2, io_cancel 210 3, io_getevents 208 4, io_pgetevents 333 292,
io_uring_enter 426 426, io_uring_register 427 427, splice 275 76, tee 276 77, vmsplice 278 75, mbind 237 235,
set_mempolicy 238 237, set_mempolicy_home_node 450 450, get_robust_list 274 100, sync 162 81, syncfs 306 267,
modify_ldt 154 -
"""
# Calls that a filter cannot look into: the C library falls back to the older one.
_ABSENT = "clone3 435 435, openat2 437 437"

_SOCKET, _SOCKETPAIR, _EXECVE = (41, 198), (53, 199), (59, 221)
_CLONE, _KILL_CALL, _TGKILL, _PRLIMIT, _AFFINITY = (56, 220), (62, 129), (234, 131), (302, 261), (203, 122)
_FCNTL, _PRCTL, _OPEN, _OPENAT, _PIDFD_OPEN = (72, 25), (157, 167), (2, None), (257, 56), (434, 434)
_IOCTL = (16, 29)
_CLONE_THREAD = 0x10000
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX, _F_SETLEASE, _F_NOTIFY = 8, 10, 15, 1024, 1026
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
# What a terminal or a pipe is asked: TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX.
_HARMLESS = [0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451]
_libc = ctypes.CDLL(None, use_errno=True)
_AF_UNIX = 1
_CALL = {"x86_64": 317, "aarch64": 277}  # seccomp
_LISTENER = 1 << 3  # SECCOMP_FILTER_FLAG_NEW_LISTENER
_ANY_PID = 0xFEEDFACE  # stands in the program for the process's own number
_O_TRUNC, _O_ACCMODE = 0x200, 3


def available() -> bool:
    """Whether this kernel and processor can run the filters."""
    if platform.machine() not in _ARCHES:
        return False
    actions = [ctypes.c_uint32(_KILL), ctypes.c_uint32(_NOTIFY)]
    call = _CALL[platform.machine()]
    return all(_libc.syscall(call, 2, 0, ctypes.byref(action)) == 0 for action in actions)  # SECCOMP_GET_ACTION_AVAIL


def install_on_server() -> None:
    """Puts the first filter on this process and all its forks, for good. Raises OSError."""
    _install(b"".join((_head(), _tables(), _instruction(0x06, _ALLOW))))
    for interpreter in (False, True):
        _for_snippet(interpreter)  # is built here, so that no fork need do that


def install_on_snippet(pid: int, interpreter: bool = False) -> int | None:
    """Puts the second filter on this process, for good; `pid` is its own, the only one it may signal. Raises OSError.

    Gives what `threads` needs to admit threads, of which none starts otherwise; None where somebody else, such as a
    container's runtime, listens already: then memory alone limits their number. An `interpreter` is a program that this
    process will then become: it may be executed, and may ask in vain for a UNIX socket, since the C library does so
    when it looks up a user.
    """
    program = _for_snippet(interpreter).replace(struct.pack("I", _ANY_PID), struct.pack("I", pid))
    try:
        return _install(program, _LISTENER)
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
    _install(program.replace(_instruction(0x06, _NOTIFY), _instruction(0x06, _ALLOW)))
    return None


@lru_cache(maxsize=2)
def _for_snippet(interpreter: bool) -> bytes:
    return b"".join((_head(), _judged(), _entrance(interpreter), _instruction(0x06, _ALLOW)))


def _install(program: bytes, flags: int = 0) -> int:
    buffer = ctypes.create_string_buffer(program, len(program))
    fprog = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    _libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    result = int(_libc.syscall(_CALL[platform.machine()], 1, flags, fprog))  # SECCOMP_SET_MODE_FILTER
    if result < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return result


def _instruction(code: int, k: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, k)


def _numbers(table: str) -> list[int]:
    column = _ARCHES[platform.machine()][1]
    numbers = [entry.split()[1 + column] for entry in table.split(",")]
    return [int(number) for number in numbers if number != "-"]


def _head() -> bytes:
    """Loads the number of a call of this architecture."""
    load, equal, at_least, leave = 0x20, 0x15, 0x35, 0x06
    program = [
        _instruction(load, 4),
        _instruction(equal, _ARCHES[platform.machine()][0], 1, 0),
        _instruction(leave, _KILL),
        _instruction(load, 0),
    ]
    if platform.machine() == "x86_64":  # the x32 twins of the calls
        program += [_instruction(at_least, 0x40000000, 0, 1), _instruction(leave, _KILL)]
    return b"".join(program)


def _tables() -> bytes:
    """Calls judged by their number."""
    program = []
    for table, action in ((_ENDS, _KILL), (_FAILS, _EPERM), (_ABSENT, _ENOSYS)):
        for number in _numbers(table):
            program += [_instruction(0x15, number, 0, 1), _instruction(0x06, action)]
    return b"".join(program)


def _entrance(interpreter: bool) -> bytes:
    if interpreter:
        return _judge(_SOCKET, 0, [_AF_UNIX], _EPERM, _KILL)
    return _always(_SOCKET, _KILL) + _always(_EXECVE, _KILL)


def _judged() -> bytes:
    """Calls judged by an argument too."""
    return b"".join(
        (
            _judge(_CLONE, 0, [_CLONE_THREAD], _NOTIFY, _KILL, mask=_CLONE_THREAD),
            _judge(_KILL_CALL, 0, [_ANY_PID], _ALLOW, _KILL),
            _judge(_TGKILL, 0, [_ANY_PID], _ALLOW, _KILL),
            _judge(_PRLIMIT, 0, [0, _ANY_PID], _ALLOW, _EPERM),
            _judge(_AFFINITY, 0, [0, _ANY_PID], _ALLOW, _EPERM),
            _judge(_FCNTL, 1, [_F_SETOWN, _F_SETSIG, _F_SETOWN_EX, _F_SETLEASE, _F_NOTIFY], _EPERM, _ALLOW),
            _judge(_PRCTL, 0, [_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE], _EPERM, _ALLOW),
            _judge(_IOCTL, 1, _HARMLESS, _ALLOW, _EPERM),
            _always(_PIDFD_OPEN, _EPERM),
            _always(_SOCKETPAIR, _KILL),
            # Before ABI 3 Landlock lets a file that may be read be truncated.
            _judge(_OPEN, 1, [_O_TRUNC], _EPERM, _ALLOW, mask=_O_TRUNC | _O_ACCMODE),
            _judge(_OPENAT, 2, [_O_TRUNC], _EPERM, _ALLOW, mask=_O_TRUNC | _O_ACCMODE),
        )
    )


def _always(call: tuple[int, int | None], then: int) -> bytes:
    return _judge(call, 0, [], then, then)


def _judge(
    call: tuple[int, int | None], argument: int, values: list[int], then: int, otherwise: int, mask: int = 0xFFFFFFFF
) -> bytes:
    """If the call's argument (its low 32 bits, masked) is one of the values: `then`, else `otherwise`."""
    number = call[_ARCHES[platform.machine()][1]]
    if number is None:
        return b""
    body = [_instruction(0x20, 16 + 8 * argument), _instruction(0x54, mask)]
    body += [_instruction(0x15, value, len(values) - i, 0) for i, value in enumerate(values)]
    body += [_instruction(0x06, otherwise), _instruction(0x06, then)]
    return b"".join([_instruction(0x15, number, 0, len(body)), *body])
