"""System calls that no snippet needs, one attack each: the first that ends a snippet would hide the others.

`must_fail` tries a call with arguments that could succeed; `shut` only asks whether the kernel looks at it at all.
Numbers are those of x86-64.
"""

from tests.transforms.execute.attacks.attack import RAW, TRIED, Attack

_BUFFER = "ctypes.create_string_buffer(256)"
_NAMESPACES = (
    *(("mounts", 0x20000), ("cgroup", 0x2000000), ("host-name", 0x4000000), ("ipc", 0x8000000), ("user", 0x10000000)),
    *(("processes", 0x20000000), ("network", 0x40000000), ("time", 0x80)),
)
# Name, number, arguments: what would reach files, namespaces, other processes or shared memory if it were let through.
_MUST_FAIL = (
    ("name_to_handle_at", 303, rf"-100, b'@SECRET_FILE@', b'\x80\0\0\0' + bytes(200), {_BUFFER}, 0"),
    ("open_by_handle_at", 304, r"-100, b'\x80\0\0\0' + bytes(200), 0"),
    ("openat2", 437, "-100, b'@SECRET_FILE@', bytes(24), 24"),
    ("open_tree", 428, "-100, b'/', 1"),
    ("open_tree-clone", 428, "-100, b'/', 1 | 0x80000"),
    ("fsopen", 430, "b'proc', 0"),
    ("mount", 165, "b'proc', b'/tmp', b'proc', 0, None"),
    ("move_mount", 429, "-100, b'/', -100, b'/tmp', 0"),
    ("pivot_root", 155, "b'.', b'.'"),
    ("chroot", 161, "b'/tmp'"),
    ("umount2", 166, "b'/', 2"),
    *((f"unshare-{name}", 272, str(flag)) for name, flag in _NAMESPACES),
    ("setns", 308, "0, 0"),
    *((f"ptrace-attach-{pid}", 101, f"16, {pid}, 0, 0") for pid in ("1", "os.getppid()", "@WORKER_PID@")),
    *((f"ptrace-seize-{pid}", 101, f"0x4206, {pid}, 0, 0") for pid in ("1", "os.getppid()", "@WORKER_PID@")),
    ("process_vm_readv", 310, f"os.getppid(), {_BUFFER}, 1, {_BUFFER}, 1, 0"),
    ("process_vm_writev", 311, f"os.getppid(), {_BUFFER}, 1, {_BUFFER}, 1, 0"),
    ("pidfd_open", 434, "os.getpid(), 0"),
    ("kcmp", 312, "os.getpid(), os.getpid(), 0, 0, 0"),
    ("inotify_init", 294, "0"),
    ("fanotify_init", 300, "0, 0"),
    ("perf_event_open", 298, f"{_BUFFER}, 0, -1, -1, 0"),
    ("userfaultfd", 323, "1"),
    *((f"tgkill-{pid}", 234, f"{pid}, {pid}, 0") for pid in ("os.getppid()", "@WORKER_PID@")),
    *((f"tkill-{pid}", 200, f"{pid}, 0") for pid in ("os.getppid()", "@WORKER_PID@")),
    ("rt_sigqueueinfo", 129, r"os.getppid(), 0, b'\0\0\0\0\0\0\0\0\xff\xff\xff\xff' + bytes(116)"),
    ("rt_tgsigqueueinfo", 297, r"os.getppid(), os.getppid(), 0, b'\0\0\0\0\0\0\0\0\xff\xff\xff\xff' + bytes(116)"),
    ("prlimit-parent", 302, "os.getppid(), 0, bytes(16), None"),
    ("prlimit-worker", 302, "@WORKER_PID@, 0, bytes(16), None"),
    ("sched_setaffinity-parent", 203, r"os.getppid(), 8, b'\1' + bytes(7)"),
    ("setpriority-parent", 141, "0, os.getppid(), 19"),
    ("setpriority-user", 141, "2, 0, 19"),
    ("ioprio_set-parent", 251, "1, os.getppid(), 0x6000"),
    ("sched_setscheduler-parent", 144, "os.getppid(), 5, bytes(4)"),
    ("setpgid-parent", 109, "os.getppid(), 0"),
    ("add_key", 248, "b'user', b'breach-left', b'x', 1, -4"),
    ("keyctl", 250, "0, -3, 1"),
    ("request_key", 249, "b'user', b'breach-left', None, 0"),
    ("shmget", 29, "0x6272, 1 << 20, 0o1666"),
    ("semget", 64, "0x6272, 1, 0o1666"),
    ("msgget", 68, "0x6272, 0o1666"),
    ("mq_open", 240, "b'breach-left', 0o102, 0o666, None"),
    ("memfd_secret", 447, "0"),
    ("io_setup", 206, f"65000, {_BUFFER}"),
    ("prctl-dumpable", 157, "4, 1, 0, 0, 0"),
    ("listmount", 458, rf"b'\x18\0\0\0\0\0\0\0' + b'\xff' * 8 + bytes(8), {_BUFFER}, 10, 0"),
)
# Name and number: shared memory and queues of others by their number, mounts, and kernel code that has had its holes.
_SHUT = (
    *(("shmat", 30), ("shmctl", 31), ("semop", 65), ("semctl", 66), ("msgsnd", 69), ("msgrcv", 70), ("msgctl", 71)),
    *(("semtimedop", 220), ("mq_unlink", 241), ("mq_timedsend", 242), ("mq_timedreceive", 243), ("statmount", 457)),
    *(("io_submit", 209), ("io_getevents", 208), ("io_destroy", 207), ("io_pgetevents", 333), ("io_uring_enter", 426)),
    *(("io_uring_register", 427), ("modify_ldt", 154), ("vmsplice", 278), ("splice", 275), ("tee", 276)),
    *(("process_mrelease", 448), ("mbind", 237), ("set_mempolicy", 238), ("set_mempolicy_home_node", 450)),
    *(("quotactl_fd", 443), ("open_tree_attr", 467), ("get_robust_list", 274), ("sync", 162), ("syncfs", 306)),
)


def _attack(name: str, call: str) -> Attack:
    return Attack(f"call-{name}", f"{RAW}{call}", TRIED)


_SHARED = """
libc.shmat.restype = ctypes.c_long
for number in range(3000):  # the numbers of segments are small ones
    at = libc.shmat(number, None, 0o10000)
    if at > 0:
        print("BREACH", ctypes.string_at(at, 16))
"""


def _words(name: str) -> str:
    return name.replace("os.getppid()", "parent").replace("@WORKER_PID@", "worker")


ATTACKS = [
    *(_attack(_words(name), f"must_fail('', {number}, {arguments})") for name, number, arguments in _MUST_FAIL),
    *(_attack(f"{name}-shut", f"shut('{name}', {number}, -1, 0, 0, 0, 0)") for name, number in _SHUT),
    _attack("shmat-of-others", _SHARED),
]
