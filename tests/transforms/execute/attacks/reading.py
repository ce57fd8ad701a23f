"""Attacks on the promise "no reading beyond the interpreter's and libraries' files"."""

from tests.transforms.execute.attacks.attack import ATTEMPT, ENDED, RAW, TRIED, Attack

_DIRECTORY_DESCRIPTORS = """
import os
for name in os.listdir("/proc/self/fd") if os.path.exists("/proc/self/fd") else map(str, range(1024)):
    for up in ("", "../", "../../../../../../../.."):
        attempt(lambda: os.read(os.open(up + "@SECRET_FILE@", os.O_RDONLY, dir_fd=int(name)), 100))
"""
_INHERITED = """
import os, stat
for fd in range(3, 4096):
    try:
        kind = os.fstat(fd).st_mode
    except OSError:
        continue
    print("open", fd, oct(kind))
    if stat.S_ISREG(kind) or stat.S_ISDIR(kind):
        print("BREACH", fd)
"""
_SYMLINK = """
import os
os.symlink("@SECRET_FILE@", "link")
attempt(lambda: open("link").read())
"""
_HARDLINK = """
import os
attempt(lambda: os.link("@SECRET_FILE@", "link") or open("link").read())
"""
_WALK = """
import os
allowed = ("/usr", "/lib", "/etc", "/proc", "/dev", "/sys", "/tmp", "/opt", "/bin", "/sbin", "@LIBRARY@")
def look(folder, deep):
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        path = os.path.join(folder, name)
        if "@PROJECT_NAME@" in path and not path.startswith("@LIBRARY@") and not "@LIBRARY@".startswith(path):
            print("BREACH", path)
        if deep and not path.startswith(("/usr", "/proc", "/sys", "@LIBRARY@")):
            look(path, deep - 1)
look("/", 4)
"""
_LISTINGS = """
import os
for folder in ("/home", "/root", "/work", "/srv", "/mnt", "/media", "/var/log", "/var/lib", "/run", "/boot", "/data"):
    try:
        print("BREACH" if os.listdir(folder) else "empty", folder)
    except OSError as error:
        print(type(error).__name__)
"""
_SECRETS = """
import glob, os
for pattern in ("/root/.*", "/home/*/.*", "/etc/shadow", "/etc/ssh/*", "/etc/machine-id", "/run/secrets/*",
                "/var/run/secrets/*", "/etc/ssl/private/*", "@PROJECT@/.git/*", "@PROJECT@/*", "/.dockerenv"):
    for path in glob.glob(pattern):
        attempt(lambda: os.path.isfile(path) and open(path, "rb").read(10) or None)
"""
_METADATA = """
import os
for call in (os.stat, os.lstat, os.listdir, os.readlink, os.statvfs, os.listxattr):
    attempt(call, "@SECRET_FILE@")
    attempt(call, os.path.dirname("@SECRET_FILE@"))
"""
_ENVIRONMENT = """
import os, ctypes
seen = [k + "=" + v for k, v in os.environ.items()]
pointer = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
i = 0
while pointer and pointer[i]:
    seen.append(pointer[i].decode(errors="replace"))
    i += 1
word = "@ENV_SECRET_REVERSED@"[::-1]
print("BREACH" if any(word in line for line in seen) else "nothing", len(seen))
"""
# The kernel puts the environment of the exec at the top of the stack, where it stays whatever os.environ says.
_STACK = """
import ctypes
word = b"@ENV_SECRET_REVERSED@"[::-1]
libc = ctypes.CDLL(None)
libc.getauxval.restype = ctypes.c_ulong
at = libc.getauxval(31)  # AT_EXECFN lies above the environment
text = ctypes.string_at(at - 3000, 3000) if at else b""
print("BREACH" if word in text else "nothing", len(text))
"""
_PROC_OTHERS = """
import os
mine = {os.getpid()}
for name in os.listdir("/proc"):
    if name.isdigit() and int(name) not in mine:
        for file in ("environ", "cmdline", "maps", "mem", "root/etc/passwd", "cwd/.", "fd/0", "status", "stat"):
            path = f"/proc/{name}/{file}"
            attempt(lambda: os.listdir(path) if path.endswith(".") else open(path, "rb").read(64))
"""
_PROC_HOST = """
for name in ("self/environ", "1/environ", "self/mountinfo", "self/mounts", "net/tcp", "net/unix", "kallsyms", "kcore",
             "cmdline", "keys", "sysvipc/shm", "sys/kernel/hostname", "partitions", "modules", "self/cgroup"):
    attempt(lambda: open("/proc/" + name, "rb").read(4096) or None)
"""
_PROC_MEMORY = "attempt(lambda: open('/proc/self/mem', 'rb') and 'opened')\nattempt(open, '/proc/self/maps')"
_DEVICES = """
import os
for name in ("mem", "kmem", "kmsg", "sda", "vda", "nvme0n1", "fuse", "kvm", "tty", "ptmx", "loop0", "net/tun", "port",
             "vsock", "vhost-vsock", "input/event0", "nvidia0", "userfaultfd", "hwrng"):
    attempt(lambda: os.open("/dev/" + name, os.O_RDONLY))
"""
_SYS = """
import os
for name in ("class/net", "class/dmi/id/product_name", "fs/cgroup", "block", "kernel/mm", "devices/system/cpu/online"):
    attempt(lambda: os.listdir("/sys/" + name) if os.path.isdir("/sys/" + name) else open("/sys/" + name).read())
"""
_EXECUTE = """
import os
for program in ("/bin/cat", "/usr/bin/env", "/bin/sh", "/usr/bin/python3"):
    pid = os.fork()
    if pid == 0:
        os.execve(program, [program, "@SECRET_FILE@"], {})
    os.waitpid(pid, 0)
"""
_REPLACED = """
import os, sys
os.execve(sys.executable, [sys.executable, "-c", "print('BREACH', open('@SECRET_FILE@').read())"], {})
"""
_PLUGINS = """
import importlib.machinery, linecache, codecs, io, zipfile, sqlite3, tokenize, numpy
path = "@SECRET_FILE@"
attempt(lambda: importlib.machinery.SourceFileLoader("x", path).get_data(path))
attempt(lambda: linecache.getlines(path) or None)
attempt(lambda: codecs.open(path).read())
attempt(lambda: io.FileIO(path).read())
attempt(lambda: numpy.fromfile(path, dtype="u1"))
attempt(lambda: numpy.memmap(path, dtype="u1"))
attempt(lambda: sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute("select 1 from sqlite_master").fetchall())
attempt(lambda: open(path, opener=lambda p, flags: __import__("os").open(p, flags)).read())
"""
# NULL flags with CLONE_NEWUSER: a new user namespace would have every capability.
_CLONE_USER = """
pid = raw(56, 0x10000000 | 17, 0, 0, 0, 0)
if pid == 0:
    os._exit(0)
print("BREACH" if pid > 0 else "refused", pid)
args = (ctypes.c_uint64 * 11)(0x10000000, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)
pid = raw(435, args, 88)
if pid == 0:
    os._exit(0)
print("BREACH" if pid > 0 else "refused", pid)
"""
_SELECTION = """
import os
attempt(lambda: os.listdir("/tmp") and [n for n in os.listdir("/tmp") if "secret" in n or "bash" in n] or None)
attempt(lambda: os.listdir("/dev/shm") or None)
attempt(lambda: os.listdir("/var/tmp") or None)
"""
_WHO = """
import os, pwd, socket, getpass, platform
attempt(lambda: [n for n in pwd.getpwall() if n.pw_uid >= 1000 and n.pw_name != "nobody"] or None)
attempt(lambda: os.getlogin())
print("BREACH" if "@HOSTNAME@" and "@HOSTNAME@" in (platform.node(), os.uname().nodename) else "unnamed")
"""
_IMPORT = """
import sys
import inspect
for name, module in list(sys.modules.items()):
    if name.startswith(("transforms", "pipelines", "models")):
        attempt(inspect.getsource, module)
for entry in sys.path:
    print("BREACH" if entry and "@PROJECT@" in entry and "@LIBRARY@" not in entry else "fine")
"""


def _try(name: str, code: str) -> Attack:
    return Attack(name, ATTEMPT + code, TRIED)


def _raw(name: str, code: str) -> Attack:
    return Attack(name, RAW + code, TRIED)


ATTACKS = [
    _try("read-file", "attempt(lambda: open('@SECRET_FILE@').read())"),
    _try("read-dot-dot", "attempt(lambda: open('../' * 30 + '@SECRET_FILE@').read())"),
    _try("read-plugins", _PLUGINS),
    _try("read-directory-descriptors", _DIRECTORY_DESCRIPTORS),
    Attack("read-inherited-descriptors", _INHERITED, TRIED),
    _try("read-symlink", _SYMLINK),
    _try("read-hardlink", _HARDLINK),
    Attack("read-walk", _WALK, ENDED),
    _try("read-listings", _LISTINGS),
    _try("read-secrets", _SECRETS),
    _try("read-metadata", _METADATA),
    Attack("read-environment", _ENVIRONMENT, TRIED),
    Attack("read-environment-on-stack", _STACK, ENDED),
    _try("read-proc-of-others", _PROC_OTHERS),
    _try("read-proc-of-host", _PROC_HOST),
    _try("read-proc-memory", _PROC_MEMORY),
    _try("read-devices", _DEVICES),
    _try("read-sys", _SYS),
    Attack("read-by-programs", _EXECUTE, ENDED),
    Attack("read-by-new-interpreter", _REPLACED, ENDED),
    _try("read-passwords", "attempt(lambda: open('/etc/shadow').read())\nattempt(lambda: open('/etc/passwd').read())"),
    _raw("read-clone-namespaces", _CLONE_USER),
    _try("read-temporary-folders", _SELECTION),
    _try("read-who-runs-this", _WHO),
    _try("read-project-modules", _IMPORT),
    _try("read-chroot", "import os\nattempt(lambda: os.chroot('/proc/1/root') or 'chrooted')"),
    _try("read-chdir", "import os\nattempt(lambda: os.chdir('@PROJECT@') or os.listdir('.'))"),
]
