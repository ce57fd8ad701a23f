"""Attacks on the promise "no network of any family"."""

from tests.transforms.execute.attacks.attack import ATTEMPT, RAW, TRIED, Attack

_UNIX_ABSTRACT = """
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
attempt(lambda: s.connect("\\0@ABSTRACT@") or "connected")
"""
_UNIX_PATH = """
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
attempt(lambda: s.connect("@UNIX_PATH@") or "connected")
"""
_FAMILIES = """
import socket
for family in range(1, 46):
    for kind in (1, 2, 3, 4, 5, 10):
        try:
            s = socket.socket(family, kind, 0)
        except (OSError, ValueError):
            continue
        print("BREACH family", family, kind)
print("tried")
"""
_RAW_FAMILIES = """
for family in range(0, 46):
    for kind in (1, 2, 3, 5, 2 | 0o2000000, 1 | 0o4000):
        for protocol in (0, 1, 6, 15, 17, 255):
            if raw(41, family, kind, protocol) >= 0:
                print("BREACH family", family, kind, protocol)
print("tried")
"""
# `int 0x80` enters the kernel by the table of i386, which a filter for x86-64 alone would let through.
_INT80 = """
import mmap
def machine(code):
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
# push rbx; mov eax, 359 (socket); mov ebx, 2; mov ecx, 1; xor edx, edx; int 0x80; pop rbx; ret
got = machine(bytes.fromhex("53 b867010000 bb02000000 b901000000 31d2 cd80 5b c3"))
print("BREACH" if got >= 0 else "refused", got)
"""
_TCP = "import socket\nattempt(socket.create_connection, ('127.0.0.1', @PORT@), 2)"
_TCP6 = "import socket\nattempt(socket.create_connection, ('::1', @PORT@), 2)"
_UDP = """
import socket
def send():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    return s.sendto(b"x", ("127.0.0.1", @PORT@))
attempt(send)
"""
_LISTEN = "import socket\nattempt(socket.create_server, ('127.0.0.1', 0))"
_URL = "import urllib.request\nattempt(urllib.request.urlopen, 'http://127.0.0.1:@PORT@/', timeout=2)"
_DNS = "import socket\nattempt(socket.getaddrinfo, 'example.com', 80)"
_ASYNC = """
import asyncio
async def go():
    return await asyncio.open_connection("127.0.0.1", @PORT@)
attempt(asyncio.run, go())
"""
_MULTIPROCESSING = "from multiprocessing.connection import Listener\nattempt(Listener, family='AF_UNIX')"
_SHELL = "import os\nprint('BREACH' if os.system('exec 3<>/dev/tcp/127.0.0.1/@PORT@') == 0 else 'refused')"
_BASH = """
import subprocess
attempt(subprocess.check_output, ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/@PORT@; echo in"])
"""
_VSOCK = """
import socket
def go():
    s = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
    s.settimeout(1)
    return s.connect((2, 22)) or "connected"
attempt(go)
"""
_NETLINK = "import socket\nattempt(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).bind((0, 0)) or 1)"
_INHERITED = """
import os, socket, stat
for fd in range(0, 1024):
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        continue
    if stat.S_ISSOCK(mode) and fd > 2:
        try:
            os.write(fd, b"BREACH? garbage of a snippet")
        except OSError as error:
            print(fd, error)
print("tried")
"""
_INTERFACES = """
import socket
names = [name for _, name in socket.if_nameindex()]
print("BREACH" if set(names) - {"lo"} else "tried", names)
"""


def _raw(name: str, code: str) -> Attack:
    return Attack(name, RAW + code, TRIED)


def _try(name: str, code: str) -> Attack:
    return Attack(name, ATTEMPT + code, TRIED)


ATTACKS = [
    _try("network-every-family", _FAMILIES),
    _raw("network-every-family-raw", _RAW_FAMILIES),
    _raw("network-int80", _INT80),
    _raw("network-x32", "must_fail('x32 socket', 0x40000000 | 41, 2, 1, 0)"),
    _raw("network-io-uring", "p = ctypes.create_string_buffer(256)\nmust_fail('io_uring', 425, 8, p)"),
    _raw("network-io-uring-register", "must_fail('io_uring_register', 427, -1, 0, None, 0)"),
    _raw("network-bpf", "b = ctypes.create_string_buffer(256)\nmust_fail('bpf', 321, 0, b, 128)"),
    _raw("network-socketpair-inet", "p = (ctypes.c_int * 2)()\nmust_fail('socketpair', 53, 2, 1, 0, p)"),
    _raw("network-raw-unix", "must_fail('unix', 41, 1, 1, 0)"),
    _try("network-tcp", _TCP),
    _try("network-tcp6", _TCP6),
    _try("network-udp", _UDP),
    _try("network-listen", _LISTEN),
    _try("network-url", _URL),
    _try("network-dns", _DNS),
    _try("network-asyncio", _ASYNC),
    _try("network-multiprocessing-listener", _MULTIPROCESSING),
    _try("network-shell", _SHELL),
    _try("network-bash", _BASH),
    _try("network-vsock", _VSOCK),
    _try("network-netlink", _NETLINK),
    _try("network-unix-abstract", _UNIX_ABSTRACT),
    _try("network-unix-path", _UNIX_PATH),
    _try("network-inherited-sockets", _INHERITED),
    _try("network-interfaces", _INTERFACES),
]
