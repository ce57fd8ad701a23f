"""Ways to end: each ends its snippet alone, with the right status."""

from tests.transforms.execute.attacks.attack import ENDED, RAW, Attack, among

OK = among("ok")
ERROR = among("error")
CRASH = among("crash")
# Closing what the sandbox listens to may cost the snippet its output or its status, never somebody else's.
OWN_LOSS = among("ok", "error", "crash")
_SUB_EXIT = "class Leave(SystemExit):\n    pass\nraise Leave"
_LYING_EXIT = """
class Code:
    def __eq__(self, other): return True
    def __int__(self): return 0
    def __index__(self): return 0
    def __bool__(self): return False
    def __str__(self): raise SystemExit(0)
    __repr__ = __str__
raise SystemExit(Code())
"""
_REPR_RAISES = """
class Bad(Exception):
    def __repr__(self): raise Bad()
    __str__ = __repr__
raise Bad()
"""
_REPR_EXITS = """
import os
class Bad(Exception):
    def __repr__(self): os._exit(0)
    __str__ = __repr__
raise Bad()
"""
_REPR_SYSTEM_EXIT = _REPR_EXITS.replace("os._exit(0)", "raise SystemExit(0)")
_REPR_LOOPS = _REPR_EXITS.replace("os._exit(0)", "all(iter(lambda: 1, 0))")
_REPR_PRINTS = _REPR_EXITS.replace("os._exit(0)", "print('from repr'); return 'x'")
_REPR_WRONG = _REPR_EXITS.replace("os._exit(0)", "return 7")
_META = """
class Meta(type):
    def __getattribute__(self, name):
        if name in ("__name__", "__qualname__", "__module__"):
            raise SystemExit(0)
        return type.__getattribute__(self, name)
    def __instancecheck__(self, other): return True
    def __subclasscheck__(self, other): return True
class Bad(Exception, metaclass=Meta): pass
raise Bad()
"""
_NOTES = "e = ValueError(1)\nclass N:\n    def __iter__(self): raise SystemExit(0)\ne.__notes__ = N()\nraise e"
_CAUSE_LOOP = "a, b = ValueError(1), ValueError(2)\na.__cause__, b.__cause__ = b, a\nraise a"
_CAUSE_DEEP = "e = None\nfor i in range(100_000):\n    n = ValueError(i)\n    n.__cause__ = e\n    e = n\nraise e"
_GROUP = "raise ExceptionGroup('all', [ValueError(1), ExceptionGroup('in', [TypeError(2)])])"
_GROUP_EXIT = "raise BaseExceptionGroup('all', [SystemExit(0), KeyboardInterrupt()])"
_DEL = "class D:\n    def __del__(self): raise SystemExit(3)\nd = D()\nprint('fine')"
_DEL_EXIT = "import os\nclass D:\n    def __del__(self): os._exit(0)\nd = D()\nprint('fine', flush=True)"
_DEL_ENDLESS = "class D:\n    def __del__(self): self.__class__.kept = D()\nD.kept = D()\nprint('fine')"
_HOOK = "import sys, os\nsys.excepthook = lambda *a: os._exit(0)\nraise ValueError"
_HOOK_PRINTS = "import sys\nsys.excepthook = lambda *a: print('mine')\nraise ValueError"
_TRACE = "import sys\ndef t(*a): raise SystemExit(0)\nsys.settrace(t)\ndef f(): pass\nf()"
_AT_EXIT = "import atexit, os\natexit.register(os._exit, 0)\nprint('fine', flush=True)\nraise ValueError"
_AT_EXIT_PRINTS = "import atexit\natexit.register(print, 'last')\nprint('first')"
_EXIT_LOST = "import sys\nsys.exit = lambda *a: None\nsys.exit(3)\nprint('still')"
_THREAD_RAISES = "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start()\nt.join()\nprint('fine')"
_THREAD_EXITS = "import threading, os, time\nthreading.Thread(target=os._exit, args=(0,)).start()\ntime.sleep(1)"
_CLOSE_ALL = "import os\nprint('before', flush=True)\nos.closerange(0, 65536)"
_CLOSE_RAISE = _CLOSE_ALL + "\nraise ValueError"
_CLOSE_HIGH = "import os\nos.closerange(3, 65536)\nprint('after')"
_GARBAGE = """
import os
for fd in range(3, 1024):
    try:
        os.set_blocking(fd, False)
        os.write(fd, b"\\xff" * 5000 + b'{"status": "ok"}\\n' + b"\\0" * 5000)
    except OSError:
        pass
print("after")
"""
_DRAIN = """
import os
for fd in range(3, 1024):
    try:
        os.set_blocking(fd, False)
        os.read(fd, 65536)
    except OSError:
        pass
print("after")
"""
_DUP_OVER = """
import os
for fd in range(3, 256):
    try:
        os.dup2(1, fd)
    except OSError:
        pass
print("after")
"""
_DUP_NULL = "import os\nr, w = os.pipe()\nos.dup2(w, 1)\nos.dup2(w, 2)\nprint('lost')"
_NONBLOCKING = "import os\nfor fd in (0, 1, 2):\n    os.set_blocking(fd, False)\nprint('x' * 10_000)"
_BLOCK_REPORT = """
import os
for fd in range(3, 1024):
    try:
        os.set_blocking(fd, True)
        os.write(fd, b"\\0\\0\\0\\x01" * 1_000_000)
    except OSError:
        pass
print("after")
"""
_HOLD = """
import os, time
if os.fork() == 0:
    time.sleep(1000)
os._exit(0)
"""
_STDOUT_RAISES = """
import sys
class Out:
    def write(self, text): raise SystemExit(0)
    def flush(self): raise SystemExit(0)
sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Out()
1 / 0
"""
_STDOUT_BUFFER = "import sys\nsys.stdout.detach()\nraise ValueError"
_ALARM_HANDLED = (
    "import signal, time\nsignal.signal(signal.SIGALRM, lambda *a: print('rang'))\nsignal.alarm(1)\ntime.sleep(2)\n"
    "print(1)"
)
_XCPU = "import signal, os\nsignal.signal(signal.SIGXCPU, lambda *a: os._exit(0))\nwhile True: pass"
_PATCHED_EXIT = """
import os, sys
os._exit = os.kill = sys.exit = os.write = os.close = lambda *a, **k: None
import builtins
builtins.BaseException = builtins.SystemExit = builtins.MemoryError = builtins.isinstance = int
raise ValueError("after all")
"""
_FORGED_MEMORY = "import os, signal\nos.kill(os.getpid(), signal.SIGXCPU)"
_FILE_NAME = "class Bad(FileNotFoundError):\n    filename = property(lambda self: 1 / 0)\nraise Bad()"
_EXECUTOR = """
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(2)
print(pool.submit(pow, 2, 3).result())
"""
_THREAD_CHAIN = """
import threading, time
def second():
    time.sleep(0.2)
    print("second")
def first():
    time.sleep(0.1)
    threading.Thread(target=second).start()
threading.Thread(target=first).start()
"""
_SECCOMP = "libc.prctl(22, 1, 0, 0, 0)\nprint('strict')"
_MAIN_GONE = "import threading, time\nthreading.Thread(target=time.sleep, args=(2,)).start()\nraw(60, 0)"
_SIGSYS = "import os, signal\nos.kill(os.getpid(), signal.SIGSYS)"


def _kill(name: str, number: int) -> Attack:
    return Attack(name, f"import os\nos.kill(os.getpid(), {number})\nimport time\ntime.sleep(1)", CRASH)


ATTACKS = [
    Attack("end-file-name-raises", _FILE_NAME, ERROR),
    Attack("end-file-name-exits", _FILE_NAME.replace("1 / 0", "__import__('os')._exit(0)"), ERROR | CRASH),
    Attack("end-executor-open", _EXECUTOR, OK, lambda out: out == "8\n"),
    Attack("end-thread-of-thread", _THREAD_CHAIN, OK, lambda out: out == "second\n"),
    Attack("end-nothing", "", OK, lambda out: out == ""),
    Attack("end-print", "print(6 * 7)", OK, lambda out: out == "42\n"),
    Attack("end-no-newline", "print('x', end='')", OK, lambda out: out == "x"),
    Attack("end-syntax", "def f(:", ERROR),
    Attack("end-indentation", "  x = 1\n y = 2", ERROR),
    Attack("end-null-byte", "print(1)\0", ERROR),
    Attack("end-surrogate", "print('\ud800')", ERROR | OK),
    Attack("end-encoding", "# -*- coding: nonsense -*-\nprint(1)", OK | ERROR),
    Attack("end-exception", "1 / 0", ERROR),
    Attack("end-printed-then-exception", "print(1)\n1 / 0", ERROR, lambda out: out == "1\n"),
    Attack("end-exit", "exit()", OK),
    Attack("end-sys-exit", "import sys\nprint(1)\nsys.exit()", OK, lambda out: out == "1\n"),
    Attack("end-sys-exit-0", "import sys\nsys.exit(0)", OK),
    Attack("end-sys-exit-false", "import sys\nsys.exit(False)", OK),
    Attack("end-sys-exit-3", "import sys\nsys.exit(3)", ERROR),
    Attack("end-sys-exit-256", "import sys\nsys.exit(256)", ERROR | OK),
    Attack("end-sys-exit-huge", "import sys\nsys.exit(1 << 70)", ERROR),
    Attack("end-sys-exit-text", "import sys\nsys.exit('bad')", ERROR),
    Attack("end-sys-exit-tuple", "import sys\nsys.exit((0, 1))", ERROR),
    Attack("end-exit-subclass", _SUB_EXIT, OK),
    Attack("end-exit-lying", _LYING_EXIT, ENDED),
    Attack("end-exit-replaced", _EXIT_LOST, OK, lambda out: out == "still\n"),
    Attack("end-os-exit-0", "import os\nprint(1, flush=True)\nos._exit(0)", CRASH),
    Attack("end-os-exit-3", "import os\nos._exit(3)", CRASH),
    Attack("end-libc-exit", RAW + "libc.exit(0)", CRASH),
    Attack("end-raw-exit", RAW + "raw(60, 0)", CRASH | among("timeout")),
    Attack("end-raw-exit-group", RAW + "raw(231, 0)", CRASH),
    Attack("end-abort", "import os\nos.abort()", CRASH),
    Attack("end-segmentation", "import ctypes\nctypes.string_at(0)", CRASH),
    Attack("end-illegal-call", RAW + "ctypes.CFUNCTYPE(None)(1)()", CRASH),
    Attack("end-faulthandler", "import faulthandler\nfaulthandler._sigsegv()", CRASH),
    Attack("end-fatal", "import ctypes\nctypes.pythonapi.Py_FatalError(b'x')", CRASH),
    _kill("end-signal-term", 15),
    _kill("end-signal-kill", 9),
    _kill("end-signal-segv", 11),
    _kill("end-signal-hup", 1),
    _kill("end-signal-usr1", 10),
    _kill("end-signal-pipe", 13)._replace(statuses=CRASH | OK),
    _kill("end-signal-realtime", 40),
    Attack("end-signal-xcpu", _FORGED_MEMORY, CRASH | among("timeout")),
    Attack("end-signal-sys", _SIGSYS, CRASH | among("denied")),
    Attack("end-interrupt", "raise KeyboardInterrupt", ERROR),
    _kill("end-interrupt-signal", 2)._replace(statuses=ERROR | CRASH),
    Attack("end-generator-exit", "raise GeneratorExit", ERROR),
    Attack("end-base-exception", "raise BaseException('x')", ERROR),
    Attack("end-group", _GROUP, ERROR),
    Attack("end-group-of-exits", _GROUP_EXIT, ERROR),
    Attack("end-repr-raises", _REPR_RAISES, ERROR),
    Attack("end-repr-exits", _REPR_EXITS, CRASH | ERROR),
    Attack("end-repr-system-exit", _REPR_SYSTEM_EXIT, ERROR),
    Attack("end-repr-loops", _REPR_LOOPS, among("timeout", "error")),
    Attack("end-repr-prints", _REPR_PRINTS, ERROR),
    Attack("end-repr-wrong-type", _REPR_WRONG, ERROR),
    Attack("end-metaclass", _META, ERROR),
    Attack("end-notes", _NOTES, ERROR),
    Attack("end-cause-loop", _CAUSE_LOOP, ERROR),
    Attack("end-cause-deep", _CAUSE_DEEP, ERROR | CRASH | among("output")),
    Attack("end-del-raises", _DEL, OK, lambda out: out == "fine\n"),
    Attack("end-del-exits", _DEL_EXIT, OK | CRASH),
    Attack("end-del-endless", _DEL_ENDLESS, OK, lambda out: out == "fine\n"),
    Attack("end-hook-exits", _HOOK, ERROR | CRASH),
    Attack("end-hook-prints", _HOOK_PRINTS, ERROR),
    Attack("end-trace-exits", _TRACE, ERROR | OK),
    Attack("end-at-exit-exits", _AT_EXIT, ERROR | CRASH),
    Attack("end-at-exit-prints", _AT_EXIT_PRINTS, OK, lambda out: out == "first\nlast\n"),
    Attack("end-thread-raises", _THREAD_RAISES, OK, lambda out: out == "fine\n"),
    Attack("end-thread-exits", _THREAD_EXITS, CRASH),
    Attack("end-close-all", _CLOSE_ALL, OWN_LOSS, lambda out: out == "before\n"),
    Attack("end-close-all-then-raise", _CLOSE_RAISE, among("error", "crash")),
    Attack("end-close-0", "import os\nos.close(0)\nprint('x')", OK, lambda out: out == "x\n"),
    Attack("end-close-1", "import os\nos.close(1)\nprint('x')", OWN_LOSS),
    Attack("end-close-2", "import os\nos.close(2)\nprint('x')", OK, lambda out: out == "x\n"),
    Attack("end-close-2-raise", "import os\nos.close(2)\nraise ValueError", ERROR | CRASH),
    Attack("end-close-stdout", "import sys\nsys.stdout.close()", OWN_LOSS),
    Attack("end-close-high", _CLOSE_HIGH, OWN_LOSS),
    Attack("end-garbage-to-all", _GARBAGE, ENDED),
    Attack("end-drain-all", _DRAIN, ENDED),
    Attack("end-fill-all", _BLOCK_REPORT, ENDED),
    Attack("end-dup-over-all", _DUP_OVER, OWN_LOSS),
    Attack("end-dup-over-output", _DUP_NULL, OWN_LOSS),
    Attack("end-nonblocking", _NONBLOCKING, OK, lambda out: len(out) == 10_001),
    Attack("end-child-holds-output", _HOLD, ENDED),
    Attack("end-stdout-none", "import sys\nsys.stdout = None\nprint(1)\nsys.stderr = None\n1 / 0", ERROR),
    Attack("end-stdout-raises", _STDOUT_RAISES, ERROR),
    Attack("end-stdout-detached", _STDOUT_BUFFER, ERROR | CRASH),
    Attack("end-alarm", "import signal, time\nsignal.alarm(1)\ntime.sleep(3)", CRASH),
    Attack("end-alarm-handled", _ALARM_HANDLED, OK, lambda out: out == "rang\n1\n"),
    Attack("end-cpu-handler-exits", _XCPU, among("timeout", "crash")),
    Attack("end-everything-patched", _PATCHED_EXIT, ERROR | CRASH),
    Attack("end-strict-seccomp", RAW + _SECCOMP, ENDED),
    Attack("end-exec-into-nothing", "import os\nos.execv('/nonexistent', ['x'])", ERROR | among("denied")),
    Attack("end-main-thread-gone", RAW + _MAIN_GONE, CRASH | among("timeout", "ok")),
    Attack(
        "end-output-invalid-utf8",
        "import os\nos.write(1, b'\\xff\\xfe\\n')\nprint('x')",
        OK,
        lambda out: out.endswith("x\n"),
    ),
]
