"""Attacks from inside the process: frames, the collector, memory, and the sandbox's own descriptors and code.

The runner lets somebody else's snippet print the word @CANARY@ first, and states @STATED@ for the attack itself; an
attack knows both only backwards, so that it cannot find its own text.
"""

from tests.transforms.execute.attacks.attack import ENDED, RAW, TRIED, Attack

_WORDS = "canary, stated = '@CANARY_REVERSED@'[::-1], '@STATED_REVERSED@'[::-1]\n"
_BEFORE = "secret = '@CANARY@'\nprint(secret, 17 * 3)\nraise ValueError(secret)"
_FRAMES = """
import sys, inspect, traceback
frame = sys._getframe()
own = frame.f_code
outer = []
while frame:
    for names in (frame.f_locals, frame.f_globals):
        for name, value in list(names.items()):
            try:
                text = repr(value)[:100_000]
            except Exception:
                continue
            if (canary in text or stated in text) and frame.f_code is not own:
                print("BREACH", name, frame.f_code.co_name)
    outer.append(frame.f_code.co_qualname)
    frame = frame.f_back
print(outer)
"""
_RAISED_FRAMES = """
import sys
try:
    1 / 0
except ZeroDivisionError as error:
    f = error.__traceback__.tb_frame
    while f:
        print(f.f_code.co_name)
        for name, value in list(f.f_locals.items()):
            if isinstance(value, (str, bytes)) and (stated in str(value)) and name != "stated":
                print("BREACH", name)
        f = f.f_back
"""
_OBJECTS = """
import gc, types
seen = 0
for thing in gc.get_objects():
    kids = gc.get_referents(thing)
    for kid in kids:
        seen += 1
        if isinstance(kid, (str, bytes, bytearray)) and 24 < len(kid) < 10**6:
            if not isinstance(kid, str):
                kid = bytes(kid).decode("latin-1")
            if kid not in (canary, stated) and (canary in kid or stated in kid):
                print("BREACH", kid[:100])
print("seen", seen > 0)
"""
_MEMORY = """
import ctypes, os, re
class Vec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]
libc = ctypes.CDLL(None, use_errno=True)
r, w = os.pipe()
def mapped():
    try:
        for line in open("/proc/self/maps"):
            low, high = line.split()[0].split("-")
            if "r" in line.split()[1]:
                yield int(low, 16), int(high, 16)
    except OSError:  # without a map: every page near what we can name
        for near in {id(x) >> 24 for x in (object(), [], os, {}, "x" * 3, b"y" * 600, bytearray(10**6))}:
            yield (near - 2) << 24, (near + 3) << 24
        libc.malloc.restype = ctypes.c_void_p
        for size in (10, 1000, 100_000, 200_000):
            at = libc.malloc(size) or 0
            yield (at >> 24 << 24) - (8 << 24), (at >> 24 << 24) + (8 << 24)
def page(at):  # the kernel says EFAULT where there is nothing
    libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
    if libc.write(w, at, 4096) == 4096:
        return os.read(r, 4096)
    return None
found = {}
words = {"canary": canary, "stated": stated}
pages = 0
seen = set()
for low, high in mapped():
    last = b""
    for at in range(low & ~4095, high, 4096):
        if at in seen or pages > 400_000:
            continue
        seen.add(at)
        got = page(at)
        pages += got is not None
        got = got or b""
        for name, word in words.items():
            for coded in (word.encode(), word.encode("utf-16-le"), word.encode("utf-32-le")):
                whole = last[-200:] + got
                where = whole.find(coded)
                if where >= 0:
                    found.setdefault(name, []).append((hex(at), whole[max(0, where - 60):where + 40]))
        last = got
"""
# The words themselves lie in this process; what betrays somebody else is the text that stood around them.
_MEMORY_TELL = """
for name, places in found.items():
    for at, around in places:
        if "MARK".lower().encode() in around:
            print("BREACH", name, at, around)
print("pages", pages)
"""
_DESCRIPTORS = """
import os, stat
for fd in range(0, 300):
    try:
        s = os.fstat(fd)
    except OSError:
        continue
    kind = [n for n in ("S_ISREG", "S_ISDIR", "S_ISFIFO", "S_ISSOCK", "S_ISCHR") if getattr(stat, n)(s.st_mode)]
    try:
        os.set_blocking(fd, False)
        got = os.read(fd, 65536)
    except OSError as error:
        got = error.errno
    print(fd, kind, got if fd else "")
    if isinstance(got, bytes) and (canary.encode() in got or stated.encode() in got):
        print("BREACH")
"""
_FORGE = """
import os, sys, json, struct, pickle
print("the wrong answer")
reports = [{"status": "ok", "stdout": "forged", "stderr": "", "seconds": 0.0}, ["ok", "forged", "", 0.0], "ok"]
for report in reports:
    for text in (json.dumps(report).encode(), pickle.dumps(report), repr(report).encode()):
        for head in (b"", struct.pack("<I", len(text)), struct.pack(">I", len(text)), struct.pack("<Q", len(text)),
                     struct.pack(">Q", len(text)), b"%d\\n" % len(text)):
            for fd in range(3, 64):
                try:
                    os.set_blocking(fd, False)
                    os.write(fd, head + text + b"\\n")
                except OSError:
                    pass
os._exit(7)
"""
_FORGE_PICKLE = """
import os, pickle, struct
class Run:
    def __reduce__(self):
        return (open, ("/tmp/breach-pickle", "w"))
text = pickle.dumps(Run())
for fd in range(3, 64):
    for head in (b"", struct.pack("<I", len(text)), struct.pack(">I", len(text)), struct.pack(">Q", len(text))):
        try:
            os.set_blocking(fd, False)
            os.write(fd, head + text)
        except OSError:
            pass
"""
_UNWIND = """
import sys
frame = sys._getframe().f_back
names = []
while frame:
    for name, value in list(frame.f_globals.items()):
        if callable(value) and getattr(value, "__module__", "").startswith(("transforms", "snippet", "server")):
            names.append(name)
            frame.f_globals[name] = lambda *a, **k: 0
    for name in list(frame.f_locals):
        names.append(name)
    frame = frame.f_back
print(names)
raise ValueError("must be an error")
"""
_RETURN_EARLY = """
import ctypes, sys
frame = sys._getframe().f_back
while frame:
    for name in list(frame.f_locals):
        try:
            ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
        except Exception:
            pass
    frame = frame.f_back
import os, threading
os._exit(0)
"""
_LIVE = """
import gc, types
for thing in gc.get_objects():
    if isinstance(thing, types.FunctionType) and thing.__module__ and thing.__module__.startswith("transforms"):
        print(thing.__module__, thing.__qualname__)
        thing.__code__ = (lambda *a, **k: 0).__code__
1 / 0
"""
_SENDS = """
import array, os, socket
for fd in range(3, 64):
    try:
        s = socket.socket(fileno=os.dup(fd))
        s.setblocking(False)
        s.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))])
        print("BREACH sent over", fd)
    except OSError as error:
        print(error.errno)
    except Exception as error:
        print(type(error).__name__)
        break
"""
_DEBUGGER = "import pdb\npdb.set_trace()"
_LIBRARY_STATE = """
import sys
for name, module in list(sys.modules.items()):
    for key, value in list(getattr(module, "__dict__", {}).items()):
        if isinstance(value, str) and name != "__main__" and (canary in value or stated in value):
            print("BREACH", name, key)
    file = getattr(module, "__file__", "") or ""
    if "@PROJECT@" in file and "@LIBRARY@" not in file:
        print("project path", name)
print("looked")
"""
_ARGUMENTS = """
import sys
text = " ".join(map(str, [sys.argv, sys.orig_argv, sys.executable, sys.flags]))
print("BREACH" if canary in text or stated in text else text)
"""
_EMPTY_READS = """
import os
for fd in range(3, 64):
    for whence in (0, 1, 2):
        try:
            os.lseek(fd, 0, whence)
            print(fd, os.read(fd, 100))
        except OSError:
            pass
print("tried")
"""
_UNINITIALISED = """
import numpy, ctypes
for size in (100, 1000, 4096, 10_000, 100_000, 1_000_000, 5_000_000):
    for _ in range(20):
        got = numpy.empty(size, dtype="u1").tobytes()
        if canary.encode() in got or stated.encode() in got:
            print("BREACH", size)
print("tried")
"""


def _look(name: str, code: str) -> Attack:
    return Attack(name, _WORDS + code, TRIED, before=_BEFORE)


ATTACKS = [
    _look("inside-frames", _FRAMES),
    _look("inside-traceback-frames", _RAISED_FRAMES),
    _look("inside-objects", _OBJECTS),
    Attack("inside-memory", _WORDS + _MEMORY + _MEMORY_TELL, ENDED, before=_BEFORE),
    _look("inside-descriptors", _DESCRIPTORS),
    _look("inside-descriptors-seek", _EMPTY_READS),
    _look("inside-modules", _LIBRARY_STATE),
    _look("inside-arguments", _ARGUMENTS),
    _look("inside-uninitialised", _UNINITIALISED),
    Attack("forge-report", _FORGE, ENDED - {"ok"}),
    # Says no more than an end like any other would: what counts is that it speaks for this snippet alone.
    Attack(
        "forge-ok-then-exit",
        "import os\nfor fd in range(3, 256):\n    try:\n        os.write(fd, b'o')\n"
        "    except OSError:\n        pass\nos._exit(0)",
        ENDED,
    ),
    Attack("forge-pickle", _FORGE_PICKLE, ENDED),
    Attack("forge-by-frames", _UNWIND, ENDED - {"ok"}),
    Attack("forge-by-locals", _RETURN_EARLY, ENDED - {"ok"}),
    Attack("forge-by-functions", _LIVE, ENDED - {"ok"}),
    Attack("forge-descriptor-passing", _SENDS, ENDED),
    Attack("forge-debugger", _DEBUGGER, ENDED - {"ok"}),
    Attack(
        "forge-raw-report", RAW + "for fd in range(3, 64):\n    raw(1, fd, b'ok\\n', 3)\nos._exit(1)", ENDED - {"ok"}
    ),
]
