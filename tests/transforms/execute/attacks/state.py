"""Attacks on the promise "one snippet cannot see or change another's state"."""

from tests.transforms.execute.attacks.attack import ATTEMPT, ENDED, RAW, TRIED, Attack, among

OK = among("ok")


_LOOK = "import os, sys\nprint('BREACH' if {} else 'clean')"


def _left(name: str, plant: str, look: str) -> Attack:
    """What one snippet plants, and the expression by which the next one would see it."""
    return Attack(name, plant + "\nprint('planted')", ENDED, then=_LOOK.format(look))


_BUILTINS = "import builtins as b\nb.print = lambda *a: None\nb.len = lambda x: 7\nb.int = str\nb.breach = 1"
_POISON = """
import sympy, gc
x, y = sympy.symbols("x y")
from sympy.core.cache import clear_cache
type(sympy.Integer(2)).__add__ = lambda self, other: sympy.Integer(41)
sympy.Integer.__str__ = lambda self: "poison"
sympy.S.Half.p = 7
"""
_C_PATCH = """
import ctypes
small = ctypes.c_int.from_address(id(7) + 24)
small.value = 8
"""
_DICT_PATCH = """
import ctypes, gc
inside = gc.get_referents(str.__dict__)[0]
inside["upper"] = lambda self: "poison"
ctypes.pythonapi.PyType_Modified(ctypes.py_object(str))
"""
_CODE_PATCH = """
import ctypes, math, mmap
libc = ctypes.CDLL(None)
address = ctypes.cast(libc.abs, ctypes.c_void_p).value
libc.mprotect(ctypes.c_void_p(address & ~4095), 8192, 7)
ctypes.memset(address, 0xc3, 1)
"""
_PTMX = "import os\nprint('BREACH' if hasattr(os, 'breach') else 'clean')"
_HASHES = "print(hash('a'), list({'a', 'b', 'c', 'd', 'e'}))"
_SEEDS = "import random, numpy\nrandom.seed(42)\nnumpy.random.seed(42)\nprint(random.random(), numpy.random.rand())"
_PICKLE = "import pickle\nclass P: pass\nprint(type(pickle.loads(pickle.dumps(P()))).__name__)"
_ABSTRACT = "import socket\ns = socket.socket(socket.AF_UNIX)\ns.bind('\\0breach-left')\ns.listen()"
_ENDLESS_CHILD = """
import os, time
if os.fork() == 0:
    while True:
        try:
            open("/tmp/breach-child", "w").write("x")
        except OSError:
            pass
        time.sleep(0.01)
"""
_PRIORITY = "import os\nos.nice(19)\nos.sched_setaffinity(0, {0})\nos.umask(0o777)\nos.chdir('/')"
_PRIORITY_LOOK = "os.getpriority(0, 0) == 19 or os.getcwd() == '/' or os.umask(0o22) == 0o777"
_PERSONALITY = "must_fail('personality', 135, 0x0040000)\nlibc.prctl(15, b'breach-left')\nprint('planted')"
_MODULE_FILE = "open('math.py', 'w').write('pi = 3')\nopen('sitecustomize.py', 'w').write('')"
_STEAL = """
import sys
main = sys.modules["__main__"]
print(sorted(n for n in vars(main) if not n.startswith("__")))
main.breach = 1
sys.modules["breach"] = sys
"""

ATTACKS = [
    _left("state-pi", "import math\nmath.pi = 3", "__import__('math').pi == 3"),
    _left("state-builtins", _BUILTINS, "len('ab') == 7 or 'breach' in dir(__builtins__)"),
    _left(
        "state-modules",
        "import sys\nsys.modules['sympy'] = None\nsys.modules['breach'] = sys",
        "'breach' in sys.modules",
    ),
    _left(
        "state-path",
        "import sys\nsys.path[:] = ['/breach']\nsys.meta_path.clear()\nsys.path_hooks.clear()",
        "'/breach' in sys.path or not sys.meta_path",
    ),
    _left(
        "state-environment", "import os\nos.environ['BREACH'] = '1'\nos.putenv('LANG', 'x')", "'BREACH' in os.environ"
    ),
    _left(
        "state-locale",
        "import os, time\nos.environ['TZ'] = 'X+11'\ntime.tzset()",
        "__import__('time').tzname[0] == 'X'",
    ),
    _left(
        "state-decimal",
        "import decimal\ndecimal.getcontext().prec = 2\ndecimal.DefaultContext.prec = 2",
        "__import__('decimal').getcontext().prec == 2",
    ),
    _left(
        "state-mpmath", "import mpmath\nmpmath.mp.dps = 3\nmpmath.mp.pretty = True", "__import__('mpmath').mp.dps == 3"
    ),
    _left(
        "state-numpy-print",
        "import numpy\nnumpy.set_printoptions(precision=1)\nnumpy.seterr(all='raise')",
        "__import__('numpy').get_printoptions()['precision'] == 1",
    ),
    _left(
        "state-seed",
        "import random, numpy\nrandom.seed(1)\nnumpy.random.seed(1)",
        "__import__('random').random() == 0.13436424411240122 or "
        "__import__('numpy').random.rand() == 0.417022004702574",
    ),
    _left("state-sympy", _POISON, "str(__import__('sympy').Integer(2) + 3) != '5'"),
    _left(
        "state-sympy-assumptions",
        "from sympy import *\nassumptions.global_assumptions.add(Q.positive(Symbol('x')))",
        "__import__('sympy').assumptions.global_assumptions",
    ),
    _left(
        "state-sympy-printing",
        "import sympy\nsympy.init_printing()\nsympy.Basic.__str__ = lambda s: 'p'",
        "str(__import__('sympy').Symbol('x') + 1) != 'x + 1'",
    ),
    _left("state-small-integer", _C_PATCH, "3 + 4 != 14 // 2 or str(3 + 4) != '7'"),
    _left("state-type-dictionary", _DICT_PATCH, "'a'.upper() != 'A'"),
    _left("state-machine-code", _CODE_PATCH, "abs(-1) != 1"),
    _left("state-recursion-limit", "import sys\nsys.setrecursionlimit(50)", "sys.getrecursionlimit() == 50"),
    _left("state-digits", "import sys\nsys.set_int_max_str_digits(640)", "sys.get_int_max_str_digits() == 640"),
    _left("state-switch-interval", "import sys\nsys.setswitchinterval(1000)", "sys.getswitchinterval() == 1000"),
    _left(
        "state-hooks",
        "import sys\nsys.excepthook = print\nsys.displayhook = print\nsys.settrace(lambda *a: None)\n"
        "sys.setprofile(lambda *a: None)",
        "sys.gettrace() or sys.getprofile()",
    ),
    _left(
        "state-audit",
        "import sys\nsys.addaudithook(lambda *a: sys.modules.setdefault('breach', sys))",
        "'breach' in sys.modules",
    ),
    _left(
        "state-collector",
        "import gc\ngc.disable()\ngc.callbacks.append(print)\ngc.set_threshold(0)",
        "__import__('gc').callbacks",
    ),
    _left(
        "state-signals",
        "import signal\nsignal.signal(signal.SIGUSR1, signal.SIG_IGN)\nsignal.alarm(1)",
        "__import__('signal').getsignal(10) == __import__('signal').SIG_IGN",
    ),
    _left(
        "state-warnings",
        "import warnings\nwarnings.simplefilter('error')",
        "__import__('warnings').filters[0][0] == 'error'",
    ),
    _left("state-logging", "import logging\nlogging.disable(99)", "__import__('logging').root.manager.disable == 99"),
    _left(
        "state-at-exit",
        "import atexit\natexit.register(open, '/tmp/breach-at-exit', 'w')",
        "os.path.exists('/tmp/breach-at-exit')",
    ),
    _left("state-priority", _PRIORITY, _PRIORITY_LOOK),
    _left("state-module-files", _MODULE_FILE, "__import__('math').pi == 3 or os.path.exists('math.py')"),
    _left("state-main", _STEAL, "'breach' in dir(sys.modules['__main__']) or 'breach' in sys.modules"),
    _left("state-child", _ENDLESS_CHILD, "os.path.exists('/tmp/breach-child')"),
    _left("state-streams", "import sys\nsys.stdout = sys.__stdout__ = sys.stderr = None", "sys.stdout is None"),
    _left("state-frozen-fork", "import os\nos.register_at_fork(before=lambda: os._exit(1))", "False"),
    _left(
        "state-class-patches",
        "import fractions, itertools\nfractions.Fraction.__new__ = itertools.count = None",
        "__import__('itertools').count is None",
    ),
    _left(
        "state-pages",
        "import os, sys\nfor name in list(sys.modules):\n    vars(sys.modules[name]).clear()",
        "not hasattr(os, 'path')",
    ),
    Attack("state-personality", RAW + _PERSONALITY, TRIED),
    Attack(
        "state-abstract-socket",
        _ABSTRACT,
        TRIED,
        then=ATTEMPT + "import socket\n"
        "attempt(lambda: socket.socket(socket.AF_UNIX).connect('\\0breach-left') or 'connected')",
    ),
    Attack("state-hash-order", _HASHES, OK, then=_HASHES + "\n" + _PTMX),
    Attack("state-seeded", _SEEDS, OK, lambda out: out == "0.6394267984578837 0.3745401188473625\n"),
    Attack("state-main-module", "print(__name__)", OK, lambda out: out == "__main__\n"),
    Attack(
        "state-future", "from __future__ import annotations\nx: nothing = 1\nprint(x)", OK, lambda out: out == "1\n"
    ),
    Attack("state-no-future", "x: nothing = 1\nprint(x)", among("error")),
    Attack(
        "state-dataclass",
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\nprint(P(1))",
        OK,
        lambda out: out == "P(x=1)\n",
    ),
    Attack("state-pickle-main", _PICKLE, OK, lambda out: out == "P\n"),
]
