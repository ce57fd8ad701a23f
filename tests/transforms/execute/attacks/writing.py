"""Attacks on the promise "no writing but to a small private scratch that vanishes"."""

from tests.transforms.execute.attacks.attack import ATTEMPT, ENDED, TRIED, Attack, among

_OUTSIDE = """
import os, sys
for folder in ("/", "/home", "/root", "/usr", "/usr/lib", "/etc", "/var/tmp", "/run", "/proc/self", "/sys", "@PROJECT@",
               "@LIBRARY@", sys.prefix, os.path.dirname(os.__file__), os.path.dirname("@SECRET_FILE@")):
    attempt(lambda: os.open(folder + "/breach-file", os.O_WRONLY | os.O_CREAT))
    attempt(lambda: os.mkdir(folder + "/breach-folder") or "made")
"""
_TEMPORARY = """
import os, tempfile
for folder in ("/tmp", "/dev/shm", "/var/tmp", tempfile.gettempdir(), os.getcwd(), os.path.expanduser("~")):
    try:
        open(folder + "/breach-left", "w").write("left")
        print("wrote", folder)
    except OSError as error:
        print(type(error).__name__)
"""
_TEMPORARY_LOOK = """
import os, tempfile
for folder in ("/tmp", "/dev/shm", "/var/tmp", tempfile.gettempdir(), os.getcwd(), os.path.expanduser("~")):
    print("BREACH" if os.path.exists(folder + "/breach-left") else "clean")
print("BREACH" if os.listdir(".") else "empty")
"""
_HIDDEN = """
import os
os.makedirs("a/b/c/.d")
open("a/b/c/.d/breach-left", "w").write("x")
os.symlink("/", "a/up")
os.mkfifo("a/fifo")
os.chmod("a/b/c", 0)
os.chmod("a", 0o500)
os.chmod(".", 0)
print("hid")
"""
_LOOK_EMPTY = "import os\nprint('BREACH' if os.listdir('.') else 'empty')\nopen('mine', 'w').write('x')\nprint('wrote')"
_REMOVED = "import os, shutil\nd = os.getcwd()\nos.chdir('/')\nshutil.rmtree(d, True)\nprint(1)"
_MOVED = "import os\nd = os.getcwd()\ntry:\n    os.rename(d, d + '-breach')\nexcept OSError as e:\n    print(e.errno)"
# A folder that its owner may fill but not list, two levels down: who wipes the scratch has to change its mode first.
_UNREADABLE = """
import os
os.mkdir("a")
os.mkdir("a/b", 0o300)
open("a/b/breach-left", "w").write("x" * 1000)
"""
# A short link takes no page of a tmpfs, but a kilobyte of the kernel's memory.
_MANY_LINKS = """
import os
made = 0
try:
    while made < 50_000:
        os.symlink("x" * 100, "n" * 200 + str(made))
        made += 1
except OSError as error:
    print(type(error).__name__, error.errno)
print("BREACH links" if made >= 50_000 else "bounded", made)
"""
# Whoever opens a file under a lease waits until its holder gives it back or is killed.
_LEASE = """
import bisect, fcntl, os, signal
signal.signal(signal.SIGIO, signal.SIG_IGN)
held = os.open(bisect.__file__, os.O_RDONLY), os.open(os.path.dirname(os.__file__), os.O_RDONLY)
for descriptor, command, what in zip(held, (fcntl.F_SETLEASE, fcntl.F_NOTIFY), (fcntl.F_WRLCK, fcntl.DN_ACCESS)):
    try:
        fcntl.fcntl(descriptor, command, what)
        print("BREACH", command)
    except OSError as error:
        print(error.errno)
"""
_FLAGS = """
import fcntl, os, struct
fd = os.open(os.__file__, os.O_RDONLY)
try:
    flags = fcntl.ioctl(fd, 0x80086601, bytes(8))
    fcntl.ioctl(fd, 0x40086602, flags)
    print("BREACH the flags of a file were set")
except OSError as error:
    print(error.errno)
"""
_METADATA = """
import os
path = os.__file__
def times():
    s = os.stat(path)
    return os.utime(path, ns=(s.st_atime_ns, s.st_mtime_ns)) or "utime"
attempt(times)
attempt(lambda: os.chmod(path, 0o644) or "chmod")
attempt(lambda: os.chown(path, os.getuid(), os.getgid()) or "chown")
attempt(lambda: os.setxattr(path, "user.breach", b"1") or "setxattr")
attempt(lambda: os.rename(path, path) or "rename")
attempt(lambda: os.truncate(path, os.stat(path).st_size) or "truncate")
attempt(lambda: os.open(path, os.O_WRONLY))
attempt(lambda: os.open(os.path.dirname(path), os.O_TMPFILE | os.O_RDWR))
attempt(lambda: os.link(path, "copy") or "linked")
"""
_FOREIGN = """
import os
path = "@WRITABLE_FILE@"
attempt(lambda: os.open(path, os.O_WRONLY | os.O_TRUNC))
attempt(lambda: os.truncate(path, 0) or "truncated")
attempt(lambda: os.unlink(path) or "unlinked")
attempt(lambda: os.chmod(path, 0o777) or "chmod")
attempt(lambda: os.utime(path, (0, 0)) or "utime")
attempt(lambda: os.rename(path, path + "2") or "renamed")
attempt(lambda: os.setxattr(path, "user.breach", b"1") or "setxattr")
"""
_BIG = """
with open("big", "wb") as f:
    for _ in range(2000):
        f.write(b"x" * 1_000_000)
print("BREACH 2 GB on disk")
"""
_SPARSE = """
import os
f = open("sparse", "wb")
attempt(lambda: f.truncate(1 << 40))
attempt(lambda: os.posix_fallocate(f.fileno(), 0, 1 << 33) or "allocated")
"""
_MANY = """
made = 0
try:
    for i in range(50_000):
        open(f"f{i}", "w").close()
        made += 1
except OSError as error:
    print(type(error).__name__, error.errno)
print("BREACH files" if made >= 50_000 else "bounded", made)
"""
_MANY_FOLDERS = """
import os
made = 0
try:
    for i in range(50_000):
        os.mkdir(f"d{i}")
        made += 1
except OSError as error:
    print(type(error).__name__, error.errno)
print("BREACH folders" if made >= 50_000 else "bounded", made)
"""
_MANY_BIG = """
total = 0
try:
    for i in range(3000):
        with open(f"f{i}", "wb") as f:
            total += f.write(b"x" * 1_000_000)
except OSError as error:
    print(type(error).__name__, error.errno)
print("BREACH" if total > 4 * 67_108_864 else "bounded", total)
"""
_DEEP_FOLDERS = """
import os
deep = 0
try:
    while deep < 20_000:
        os.mkdir("d")
        os.chdir("d")
        deep += 1
except OSError as error:
    print(type(error).__name__)
print("deep", deep)
"""
_SIGXFSZ = """
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
f = open("big", "wb", buffering=0)
for _ in range(2000):
    f.write(b"x" * 1_000_000)
print("BREACH")
"""
# Memory of the kernel that no RLIMIT_AS counts: files without a name, and what waits in pipes and sockets.
_MEMFD = """
import os
total = 0
try:
    for i in range(100):
        fd = os.memfd_create(f"m{i}")
        for _ in range(50):
            total += os.write(fd, b"x" * 1_000_000)
except OSError as error:
    print(type(error).__name__, error.errno)
print("BREACH" if total > 1 << 28 else "bounded", total)
"""
_SHARED = """
import mmap
kept = []
try:
    for _ in range(100):
        m = mmap.mmap(-1, 64 << 20)
        m.write(b"x" * (64 << 20))
        kept.append(m)
except (OSError, MemoryError, ValueError) as error:
    print(type(error).__name__)
print("BREACH" if len(kept) > 16 else "bounded", len(kept))
"""
_PIPES = """
import os, fcntl
held = 0
try:
    for _ in range(1000):
        r, w = os.pipe2(os.O_NONBLOCK)
        try:
            fcntl.fcntl(w, 1031, 1 << 20)
        except OSError:
            pass
        held += os.write(w, b"x" * (1 << 20))
except OSError as error:
    print(type(error).__name__, error.errno)
print("BREACH" if held > 256 << 20 else "bounded", held)
"""
_SHM_MODULE = """
from multiprocessing import shared_memory
attempt(lambda: shared_memory.SharedMemory("breach-left", create=True, size=1 << 20).name and None)
"""
_SHM_LOOK = "from multiprocessing import shared_memory\nattempt(lambda: shared_memory.SharedMemory('breach-left'))"
_LOCKS = """
import fcntl, os
fd = os.open(os.__file__, os.O_RDONLY)
fcntl.flock(fd, fcntl.LOCK_EX)
print("locked")
"""
_SPECIAL = """
import os, stat
attempt(lambda: os.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(254, 0)) or os.open("disk", os.O_RDONLY))
attempt(lambda: os.mknod("mem", 0o600 | stat.S_IFCHR, os.makedev(1, 1)) or os.open("mem", os.O_RDONLY))
"""
_SETUID = """
import os, shutil
shutil.copy("/bin/true", "true")
os.chmod("true", 0o6755)
print(oct(os.stat("true").st_mode))
attempt(lambda: os.setuid(0) or "root" if os.getuid() else None)
"""


def _try(name: str, code: str, **more: str) -> Attack:
    return Attack(name, ATTEMPT + code, TRIED, **more)  # type: ignore[arg-type]


ATTACKS = [
    _try("write-outside", _OUTSIDE),
    Attack("write-left-behind", _TEMPORARY, TRIED, then=_TEMPORARY_LOOK),
    Attack("write-hidden", _HIDDEN, TRIED, then=_LOOK_EMPTY),
    Attack("write-scratch-removed", _REMOVED, TRIED, then=_LOOK_EMPTY),
    Attack("write-scratch-moved", _MOVED, TRIED, then=_LOOK_EMPTY),
    Attack("write-scratch-unreadable", _UNREADABLE, TRIED, then=_LOOK_EMPTY),
    Attack("write-folders-2000-deep", _DEEP_FOLDERS.replace("20_000", "2_000"), ENDED, then=_LOOK_EMPTY),
    Attack("write-many-links", _MANY_LINKS, ENDED, then=_LOOK_EMPTY),
    Attack("write-lease", _LEASE, ENDED),
    Attack("write-file-flags", _FLAGS, TRIED),
    Attack(
        "write-scratch-is-usable",
        "open('a', 'w').write('x' * 1000)\nprint(len(open('a').read()))",
        among("ok"),
        lambda out: out == "1000\n",
    ),
    _try("write-metadata", _METADATA),
    _try("write-foreign-file", _FOREIGN),
    Attack("write-big-file", _BIG, ENDED),
    Attack("write-big-file-signal", _SIGXFSZ, ENDED),
    _try("write-sparse", _SPARSE),
    Attack("write-many-files", _MANY, ENDED, then=_LOOK_EMPTY),
    Attack("write-many-folders", _MANY_FOLDERS, ENDED, then=_LOOK_EMPTY),
    Attack("write-many-big-files", _MANY_BIG, ENDED, then=_LOOK_EMPTY),
    Attack("write-deep-folders", _DEEP_FOLDERS, ENDED, then=_LOOK_EMPTY),
    Attack("write-memfd", _MEMFD, ENDED),
    Attack("write-shared-mappings", _SHARED, ENDED),
    Attack("write-pipes", _PIPES, ENDED),
    Attack("write-shared-memory", ATTEMPT + _SHM_MODULE, ENDED, then=ATTEMPT + _SHM_LOOK),
    Attack("write-locks", _LOCKS, TRIED, then=_LOCKS),
    _try("write-device-nodes", _SPECIAL),
    _try("write-setuid", _SETUID),
]
