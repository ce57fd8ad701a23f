"""Attacks on the limits: CPU and wall time, memory, output, and how deep a program may nest."""

from tests.transforms.execute.attacks.attack import RAW, Attack, among

_TIME = among("timeout")
_MEMORY = among("memory")
_OUTPUT = among("output")
_HANDLED_CPU = """
import signal
def ignore(*_): pass
for name in ("SIGXCPU", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1", "SIGUSR2"):
    signal.signal(getattr(signal, name), ignore)
while True: pass
"""
_BLOCKED_CPU = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass"
_CAUGHT_CPU = "while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass"
_STOPPED_TIMERS = """
import signal
for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
    signal.setitimer(timer, 0)
signal.alarm(0)
while True: pass
"""
_THREADED_CPU = """
import threading, hashlib
for _ in range(4):
    threading.Thread(target=hashlib.pbkdf2_hmac, args=("sha512", b"a", b"b", 10**9), daemon=True).start()
hashlib.pbkdf2_hmac("sha512", b"a", b"b", 10**9)
"""
_FINALIZER = """
class Again:
    def __del__(self):
        Again()
        while True: pass
Again()
"""
_EXIT_LOOP = "import atexit\n@atexit.register\ndef f():\n    while True: pass\nprint('done')"
_TRICKLE = """
import time
while True:
    print("still here", flush=True)
    time.sleep(0.2)
"""
_MEMORY_CAUGHT = """
kept = []
while True:
    try:
        kept.append(bytearray(10_000_000))
    except MemoryError:
        print("caught", len(kept) < 1000)
        break
"""
_MEMORY_AGAIN = """
kept = []
while True:
    try:
        kept.append(bytearray(1_000_000))
    except MemoryError:
        pass
"""
_MEMORY_SMALL = "kept = []\nwhile True:\n    kept.append([0] * 100)"
_MEMORY_FORKED = """
import os, time
kids = 0
for _ in range(16):
    try:
        pid = os.fork()
    except OSError:
        break
    if pid == 0:
        kept = bytearray(200_000_000)
        time.sleep(5)
        os._exit(0)
    kids += 1
print("BREACH 3 GB" if kids == 16 else "bounded", kids)
"""
_MEMORY_STACKS = """
import threading, time
threading.stack_size(256 << 20)
for _ in range(64):
    threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
print("started")
"""
_MEMORY_MAPPED = """
import mmap
kept = []
while True:
    m = mmap.mmap(-1, 16 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    m.write(b"x" * (16 << 20))
    kept.append(m)
"""
_BREAK = """
libc.sbrk.restype = ctypes.c_long
total = 0
for _ in range(1000):
    if libc.sbrk(16 << 20) == -1:
        break
    total += 16
print("BREACH" if total > 1024 else "bounded", total)
"""
_STDIO = """
for i in range(2_000_000):
    libc.puts(b"x" * 100)
libc.fflush(None)
print("BREACH")
"""
_WRITEV = """
import os
chunk = [b"y" * 65536] * 16
while True:
    os.writev(1, chunk)
"""
_PRINT_CAUGHT = """
while True:
    try:
        print("x" * 1000)
    except BaseException:
        pass
"""
_PRINT_THEN_SLEEP = "import time\nprint('x' * 1_000_000, flush=True)\ntime.sleep(1000)"
_CIRCLE = "def f(n):\n    return f(n + 1)\nf(0)"
_RAISED_LIMIT = "import sys\nsys.setrecursionlimit(10**9)\ndef f(n):\n    return f(n + 1)\nf(0)"
_C_STACK = """
import sys
sys.setrecursionlimit(10**9)
class A:
    def __getattr__(self, name):
        return getattr(self, name + "x")
class B(dict):
    def __repr__(self):
        return repr([self])
repr(B())
"""
_NESTED = "import sys\nsys.setrecursionlimit(10**9)\nx = []\nfor _ in range(10**6):\n    x = [x]\n"
_NESTED_REPR = _NESTED + "print(repr(x)[:10])"
_NESTED_DEL = "x = None\nfor _ in range(10**6):\n    x = (x,)\ndel x\nprint('freed')"
_C_RECURSION = """
kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)
import sys
sys.setrecursionlimit(10**9)
f = kind(lambda n: f(n + 1))
f(0)
"""
_PICKLE = """
import pickle, sys
sys.setrecursionlimit(10**9)
x = []
for _ in range(200_000):
    x = [x]
pickle.loads(pickle.dumps(x))
print("done")
"""
_GENERATORS = "g = iter([1])\nfor _ in range(10**6):\n    g = map(abs, g)\nprint(next(g))"


def _time(name: str, code: str) -> Attack:
    return Attack(name, code, _TIME)


ATTACKS = [
    _time("cpu-loop", "while True: pass"),
    _time("cpu-power", "print(len(str(7 ** 10**9)) if 7 ** 10**9 else 0)"),
    _time("cpu-shift", "x = 3\nwhile True:\n    x = x * x % (1 << 4_000_000)"),
    _time("cpu-regex", "import re\nre.match(r'(a+)+b', 'a' * 60)"),
    _time("cpu-sum-in-c", "sum(iter(int, 1))"),
    _time("cpu-list-in-c", "import itertools, collections\ncollections.deque(itertools.count(), 0)"),
    _time("cpu-sympy", "import sympy\nsympy.factorint((2**521 - 1) * (2**607 - 1))"),
    _time("cpu-numpy", "import numpy\na = numpy.ones((1000, 1000))\nwhile True:\n    a = a @ a % 7"),
    _time("cpu-signals-handled", _HANDLED_CPU),
    _time("cpu-signals-blocked", _BLOCKED_CPU),
    _time("cpu-caught", _CAUGHT_CPU),
    _time("cpu-timers-stopped", _STOPPED_TIMERS),
    _time("cpu-threads", _THREADED_CPU),
    _time("cpu-finalizer", _FINALIZER),
    _time("cpu-at-exit", _EXIT_LOOP),
    _time("cpu-compile", "compile('x = ' + '+'.join(['1'] * 40_000_000), '', 'exec')")._replace(
        statuses=among("timeout", "memory", "error", "crash")
    ),
    _time("wall-sleep", "import time\ntime.sleep(1000)"),
    _time("wall-lock", "import threading\nl = threading.Lock()\nl.acquire()\nl.acquire()"),
    _time("wall-select", "import select\nselect.select([], [], [])"),
    _time("wall-pause", "import signal\nsignal.pause()")._replace(statuses=among("timeout", "denied")),
    _time("wall-trickle", _TRICKLE),
    Attack("wall-input", "input()", among("error")),
    Attack("wall-stdin-read", "import sys, os\nprint(repr(sys.stdin.read()), os.read(0, 10))", among("ok", "error")),
    Attack("memory-bytearray", "x = bytearray(10**12)", _MEMORY),
    Attack("memory-list", "x = [0] * 10**11", _MEMORY),
    Attack("memory-string", "x = 'a'\nwhile True:\n    x += x", _MEMORY),
    Attack("memory-integer", "x = 1 << (1 << 36)", among("memory", "error")),
    Attack("memory-numpy", "import numpy\nx = numpy.ones((100_000, 100_000))\nprint(x.sum())", _MEMORY),
    Attack("memory-small-pieces", _MEMORY_SMALL, among("memory", "timeout")),
    Attack("memory-mapped", _MEMORY_MAPPED, among("memory", "error")),
    Attack("memory-caught", _MEMORY_CAUGHT, among("ok"), lambda out: out == "caught True\n"),
    Attack("memory-caught-again", _MEMORY_AGAIN, among("timeout", "memory")),
    Attack("memory-forked", _MEMORY_FORKED, among("ok", "denied", "error", "timeout", "memory")),
    Attack("memory-thread-stacks", _MEMORY_STACKS, among("ok", "error", "memory", "denied")),
    Attack("memory-break", RAW + _BREAK, among("ok", "memory", "error")),
    Attack("memory-raised-by-hand", "raise MemoryError('mine')", _MEMORY),
    Attack("output-print", "while True: print('x' * 1000)", _OUTPUT),
    Attack("output-print-slow", "for i in range(10**9): print(i)", _OUTPUT),
    Attack("output-os-write", "import os\nwhile True: os.write(1, b'x' * 65536)", _OUTPUT),
    Attack("output-writev", _WRITEV, _OUTPUT),
    Attack("output-stderr", "import sys\nwhile True: sys.stderr.write('x' * 1000)", _OUTPUT),
    Attack("output-stdio", RAW + _STDIO, _OUTPUT),
    Attack("output-caught", _PRINT_CAUGHT, _OUTPUT),
    Attack("output-one-line", "print('x' * 10_000_000)", _OUTPUT),
    Attack("output-then-sleep", _PRINT_THEN_SLEEP, _OUTPUT),
    Attack("output-traceback", "raise ValueError('x' * 10_000_000)", among("output", "error")),
    Attack("output-bytes", "import os\nos.write(1, bytes(range(256)))", among("ok")),
    Attack("output-surrogates", "print('\\ud800')", among("error", "ok")),
    Attack("depth-recursion", _CIRCLE, among("error")),
    Attack("depth-limit-raised", _RAISED_LIMIT, among("error", "crash", "memory", "timeout")),
    Attack("depth-c-stack", _C_STACK, among("error", "crash", "memory", "timeout")),
    Attack("depth-ctypes", RAW + _C_RECURSION, among("error", "crash", "memory", "timeout")),
    Attack("depth-nested-repr", _NESTED_REPR, among("error", "crash", "memory", "timeout", "ok")),
    Attack("depth-nested-free", _NESTED_DEL, among("ok")),
    Attack("depth-pickle", _PICKLE, among("error", "crash", "memory", "timeout", "ok")),
    Attack("depth-iterators", _GENERATORS, among("crash", "ok", "error")),
    Attack("depth-parser", "(" * 1000 + ")" * 1000, among("error")),
    Attack("depth-parser-minus", "x = " + "-" * 100_000 + "1", among("error", "crash", "memory")),
    Attack("depth-parser-attributes", "x" + ".a" * 100_000, among("error", "crash", "memory")),
    Attack("depth-parser-sum", "print(" + "+".join(["1"] * 50_000) + ")", among("ok", "error", "crash")),
    Attack("depth-eval", "eval('+'.join(['(' * 90 + '1' + ')' * 90] * 10))\nprint(1)", among("ok", "error")),
]
