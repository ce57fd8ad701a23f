"""Attacks on the promise "no process outlives the snippet", and signals to others."""

from tests.transforms.execute.attacks.attack import ATTEMPT, ENDED, RAW, TRIED, Attack, among

_LOITER = "\n    import time\n    while True:\n        time.sleep(1)\n"
_FORK = "import os\nif os.fork() == 0:" + _LOITER + "print('parent')"
_TWICE = "import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork():\n        os._exit(0)"
_DAEMON = _TWICE + _LOITER + "print('parent')"
_DAEMON_CLOSED = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    os.closerange(0, 4096)
    time.sleep(1000)
print("parent")
"""
_IGNORING = """
import os, signal, time
if os.fork() == 0:
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    time.sleep(1000)
print("parent")
"""
_RAW_FORKS = """
import time
for name, call in (("fork", lambda: raw(57)), ("vfork", lambda: raw(58)), ("clone", lambda: raw(56, 17, 0, 0, 0, 0)),
                   ("clone parent", lambda: raw(56, 17 | 0x8000, 0, 0, 0, 0))):
    pid = call()
    if pid == 0:
        time.sleep(1000)
        os._exit(0)
    print(name, pid > 0)
"""
_CLONE3 = """
import time
args = (ctypes.c_uint64 * 11)(0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)
pid = raw(435, args, 88)
if pid == 0:
    time.sleep(1000)
print("cloned" if pid > 0 else "refused", pid)
"""
_SPAWN = """
import os, sys
attempt(lambda: os.posix_spawn(sys.executable, [sys.executable, "-c", "import time; time.sleep(1000)"], {}) and None)
attempt(lambda: __import__("subprocess").Popen(["sleep", "1000"]) and None)
"""
_BOMB = "import os\nwhile True:\n    os.fork()"
_BOMB_CAUGHT = "import os\nwhile True:\n    try:\n        os.fork()\n    except BaseException:\n        pass"
_POOL = "import multiprocessing as m\nwith m.Pool(4) as p:\n    print(p.map(abs, [-1, -2, -3]))"
_EXECUTOR = """
from concurrent.futures import ProcessPoolExecutor
with ProcessPoolExecutor(2) as pool:
    print(list(pool.map(abs, [-1])))
"""
_THREADS = """
import threading, time
started = 0
try:
    for _ in range(5000):
        threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
        started += 1
except RuntimeError as error:
    print(type(error).__name__)
print("BREACH" if started >= 1000 else "bounded", started)
"""
_SMALL_THREADS = """
import _thread, threading, time
threading.stack_size(32768)
started = 0
try:
    while started < 1000:
        _thread.start_new_thread(time.sleep, (3,))
        started += 1
except (RuntimeError, MemoryError) as error:
    print(type(error).__name__)
print("BREACH" if started >= 500 else "bounded", started)
"""
_THREADS_OK = """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(abs, range(-10, 0))))
"""
_THREAD_STAYS = "import threading, time\nthreading.Thread(target=time.sleep, args=(99,)).start()\nprint('main done')"
_THREAD_PRINTS = """
import threading, time
def chatter():
    while True:
        print("after", flush=True)
        time.sleep(0.01)
threading.Thread(target=chatter, daemon=True).start()
print("main is done")
"""
_SIGNALS = """
import os, signal
for pid in (os.getppid(), 1, -1, 0, -os.getppid(), 2, 3):
    for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
        if pid in (0, -1) and number != 0:
            continue
        try:
            os.kill(pid, number)
            print("sent", pid)
        except OSError as error:
            print(type(error).__name__)
"""
_OWNER = """
import fcntl, os, signal
r, w = os.pipe()
for pid in (os.getppid(), 1, -os.getppid()):
    try:
        fcntl.fcntl(r, fcntl.F_SETOWN, pid)
        fcntl.fcntl(r, 10, signal.SIGKILL)  # F_SETSIG
        fcntl.fcntl(r, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        os.write(w, b"x")
        print("armed")
    except OSError as error:
        print(type(error).__name__)
"""
_DEATH_SIGNAL = """
libc.prctl(1, 9, 0, 0, 0)
libc.prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
libc.prctl(4, 1, 0, 0, 0)
print("set")
"""
_PARENT_STOPPED = "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nprint('sent')"
_RAISED = """
import resource
for name in ("RLIMIT_CPU", "RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE"):
    soft, hard = resource.getrlimit(getattr(resource, name))
    bigger = resource.RLIM_INFINITY if hard != resource.RLIM_INFINITY else None
    if bigger is not None:
        attempt(lambda: resource.setrlimit(getattr(resource, name), (bigger, bigger)) or "raised " + name)
    print(name, soft, hard)
"""
_FORKED_PRINTS = """
import os, time
pid = os.fork()
if pid == 0:
    time.sleep(0.2)
    print("child", flush=True)
    os._exit(0)
os.waitpid(pid, 0)
print("parent")
"""
_CPU_SHARED = """
import os
for _ in range(20):
    try:
        if os.fork() == 0:
            while True:
                pass
    except OSError as error:
        print(error.errno)
        break
while True:
    pass
"""
_RELAY = """
import os
while True:  # each child begins with fresh CPU time and ends its parent
    if os.fork():
        os._exit(0)
    for _ in range(100_000):
        pass
"""
_STOP_SELF = "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nprint('woken')"


def _raw(name: str, code: str) -> Attack:
    return Attack(name, RAW + code, TRIED)


def _kill(name: str, call: str) -> Attack:
    return Attack(name, f"import os, signal\n{call}\nprint('alive')", ENDED)


ATTACKS = [
    Attack("process-fork", _FORK, ENDED),
    Attack("process-daemon", _DAEMON, ENDED),
    Attack("process-daemon-closed", _DAEMON_CLOSED, ENDED),
    Attack("process-ignores-signals", _IGNORING, ENDED),
    Attack("process-raw-forks", RAW + _RAW_FORKS, ENDED),
    Attack("process-clone3", RAW + _CLONE3, ENDED),
    Attack("process-spawn", ATTEMPT + _SPAWN, ENDED),
    Attack("process-fork-bomb", _BOMB, ENDED),
    Attack("process-fork-bomb-caught", _BOMB_CAUGHT, ENDED),
    Attack("process-relay", _RELAY, ENDED),
    Attack("process-cpu-shared", _CPU_SHARED, ENDED - {"ok"}),
    Attack("process-pool", _POOL, ENDED),
    Attack("process-executor", _EXECUTOR, ENDED),
    Attack("process-child-prints", _FORKED_PRINTS, ENDED),
    Attack("threads-bomb", _THREADS, ENDED),
    Attack("threads-with-small-stacks", _SMALL_THREADS, ENDED),
    Attack("threads-pool-works", _THREADS_OK, among("ok"), lambda out: out == "55\n"),
    Attack("threads-stay", _THREAD_STAYS, among("ok", "timeout")),
    Attack("threads-print-after", _THREAD_PRINTS, among("ok"), lambda out: "main is done" in out),
    Attack("signal-everyone-by-kill", _SIGNALS, ENDED),
    Attack("signal-by-owner", _OWNER, ENDED),
    Attack("signal-parent-stop", _PARENT_STOPPED, ENDED),
    _kill("signal-parent-kill", "os.kill(os.getppid(), signal.SIGKILL)"),
    _kill("signal-parent-interrupt", "os.kill(os.getppid(), signal.SIGINT)"),
    _kill("signal-parent-child", "os.kill(os.getppid(), signal.SIGCHLD)"),
    _kill("signal-group-kill", "os.killpg(0, signal.SIGKILL)"),
    _kill("signal-own-group-kill", "os.kill(0, signal.SIGKILL)"),
    _kill("signal-parents-group-kill", "os.killpg(os.getpgid(os.getppid()), signal.SIGKILL)"),
    _kill("signal-all-kill", "os.kill(-1, signal.SIGKILL)"),
    _kill("signal-first-kill", "os.kill(1, signal.SIGKILL)"),
    _kill("signal-server-kill", "os.kill(@SERVER_PID@, signal.SIGKILL)"),
    _kill("signal-worker-kill", "os.kill(@WORKER_PID@, signal.SIGKILL)"),
    _kill("signal-worker-group-kill", "os.killpg(os.getpgid(@WORKER_PID@), signal.SIGKILL)"),
    _kill(
        "signal-first-hundred",
        "for p in range(1, 100):\n    try:\n        p != os.getpid() and os.kill(p, 9)\n"
        "    except OSError:\n        pass",
    ),
    Attack("signal-stop-self", _STOP_SELF, ENDED),
    Attack("limits-raised", ATTEMPT + _RAISED, TRIED),
    Attack("process-death-signal", RAW + _DEATH_SIGNAL, TRIED),
    Attack("process-new-session", "import os\nos.setsid()\nos.setpgid(0, 0)\nprint('alone')", ENDED),
]
