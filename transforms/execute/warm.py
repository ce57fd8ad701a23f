"""The libraries that snippets find loaded, in steps: a server has a warm process for each, forked from the one before.

The fewer libraries a process holds, the less a fork of it costs: 0.3 ms for the standard library alone, 2.5 ms with
all of scipy. Which step a snippet gets changes its speed, never its outcome: what is not loaded, it can import.
"""

import ctypes
import gc
import importlib
import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_FEW_COLLECTIONS = 20_000
_COLLAPSE, _HUGE = 25, 21  # MADV_COLLAPSE (linux/mman.h, since 6.1); huge pages have 2**21 bytes


_SNIPPET = """import math
from fractions import Fraction


def f(x):
    return [x**k for k in range(3)]


total = 0
for k in f(2):
    total += k if k else -k
print(f'{total:.2f}', math.pi * Fraction(1, 3))"""


@dataclass(frozen=True)
class Step:
    """What a warm process loads beyond the step before it; `words` in a snippet's code ask for it."""

    name: str
    words: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    exercise: Callable[[], None] = lambda: None


def _exercise_python() -> None:
    """What every snippet needs: the compiler, and a traceback."""
    compile(_SNIPPET, "<snippet>", "exec")
    try:
        raise ValueError
    except ValueError:
        traceback.format_exc()


def _exercise_sympy() -> None:
    """Lets sympy build what it builds once, by a round through textbooks: tables, caches, modules imported late."""
    import sympy as sp

    x, y = sp.symbols("x y")
    for exercise in (_integrals, _limits, _equations):
        exercise(sp, x, y)
    for expression in (sp.sin(x) ** 2 + sp.cos(x) ** 2, (x**2 - 1) / (x - 1), sp.sqrt(8) + sp.sqrt(18), x / y + y / x):
        sp.simplify(expression)
    str([sp.apart(1 / (x**2 - x)), sp.trigsimp(sp.sin(x) * sp.cos(x)), sp.factor(x**4 + 20 * x**3 - 105 * x**2)])
    matrix = sp.Matrix([[2, 1, 0], [1, 3, 1], [0, 1, 4]])
    str([matrix.inv(), matrix.det(), matrix.rref(), sp.Matrix([[2, 1], [1, 2]]).eigenvects(), matrix * matrix.T])
    str([sp.nsimplify(0.125), sp.N(sp.E**sp.pi, 20), sp.factorint(360360), sp.isprime(97), sp.binomial(10, 3)])
    sp.latex(sp.pi * sp.sqrt(x) / 3)
    sp.lambdify(x, x**2 + sp.sin(x))(1.0)


def _integrals(sp: Any, x: Any, y: Any) -> None:
    for integrand in (
        *(5 * x**4 - 21 * x + 6, x**2 * sp.exp(-x), x * sp.exp(6 * x) - 1, sp.exp(-x) * sp.sin(2 * x), x * sp.cos(x)),
        *(sp.sin(5 * x) * sp.cos(2 * x), sp.sin(x) ** 2, sp.cos(x) ** 3, sp.tan(x), sp.log(x) / x, x * sp.log(x)),
        *(1 / (x**2 + 3), 1 / (x**2 - 5 * x + 6), x / (x**2 + 1), sp.sqrt(4 - x**2), x * sp.sqrt(x + 1), 1 / x**2),
    ):
        sp.integrate(integrand, x)
    for integrand, low, high in (
        *((sp.exp(-(x**2)), 0, sp.oo), (x**5 - x, -1, 1), (sp.cos(x) ** 2, 0, sp.pi), (1 / (1 + x**2), 0, sp.oo)),
        *((sp.sqrt(x), 1, 4), (x * sp.sin(x), 0, sp.pi / 2)),
    ):
        sp.integrate(integrand, (x, low, high))
    sp.integrate(x * y, (x, 0, y), (y, 0, 1))


def _limits(sp: Any, x: Any, y: Any) -> None:
    """And derivatives, series, sums."""
    for function, where in (
        *((sp.sin(3 * x) / x, 0), ((1 - sp.cos(x)) / x**2, 0), ((x**2 - 9) / (x - 3), 3), ((1 + 1 / x) ** x, sp.oo)),
        *((sp.sqrt(x**2 + x) - x, sp.oo), ((3 * x**2 + 1) / (2 * x**2 - x), sp.oo), (sp.sqrt(21 * x) / (x + 6), sp.oo)),
    ):
        sp.limit(function, x, where)
    for function in (sp.exp(x) * sp.atan(x) / (1 + x**2), sp.sin(6 * x) ** 2 / x, x**x, sp.log(sp.cos(x)), sp.sqrt(x)):
        sp.diff(function, x, 2)
    sp.series(sp.log(1 + x) * sp.cos(x), x, 0, 5)
    k, n = sp.symbols("k n", integer=True)
    for term, last in ((1 / n**2, sp.oo), (n**3, k), (sp.Rational(1, 2) ** n, sp.oo), (n * 2**n, 21)):
        sp.summation(term, (n, 1, last))


def _equations(sp: Any, x: Any, y: Any) -> None:
    for equation in (
        *(x**3 - 6 * x**2 + 11 * x - 6, 6 * x**2 - 5 * x - 21, x**2 + x + 5, sp.Eq(x / 3 + 1 / x, 2)),
        *(sp.Eq((2 * x + 21) / (x - 22), 5), 2 ** (x + 1) - 9, sp.log(x) - 2, sp.sin(x) - sp.Rational(1, 2)),
        *(sp.sqrt(x + 6) - x, x**4 - 5 * x**2 + 4),
    ):
        sp.solve(equation, x)
    t, f = sp.symbols("t"), sp.Function("f")
    for system in ([x**2 + y - 3, x - y], [2 * x + 3 * y - 7, x - 5 * y - 1], [x + y + t - 6, x - y, 2 * t - y]):
        sp.solve(system, [x, y, t][: len(system)])
    sp.solveset(x**4 - 16, x, sp.S.Complexes)
    sp.solve_univariate_inequality(x**2 - 4 > 0, x)
    sp.dsolve(f(t).diff(t) + 2 * f(t), f(t))


def _exercise_numpy() -> None:
    import numpy as np

    matrix = np.array([[2.0, 1.0], [1.0, 3.0]])
    str([np.linalg.inv(matrix), np.linalg.eig(matrix), np.linalg.solve(matrix, [1.0, 2.0]), np.roots([1, -3, 2])])


def _exercise_comparison() -> None:
    """One comparison for each of the readers; and the reader of code, which no snippet's process needs."""
    from transforms.execute.compare import compare
    from transforms.execute.origins import read_code

    read_code(_SNIPPET)
    for stated, printed in (
        (r"\frac{x^2}{2} + C", "x**2/2"),
        (r"\begin{pmatrix}1 & \frac12\\3&4\end{pmatrix}", "Matrix([[1, 1/2], [3, 4]])"),
        (r"x \in (-\infty, 2) \cup [3, \infty)", "(x < 2) | (3 <= x)"),
        (r"\frac{1 + \sqrt{5}}{2} \text{ cm}", "1.618033988749895"),
        ("y = C_1 e^{2x}", "Eq(y(x), C1*exp(2*x))"),
        (r"\sin 2x", "2*sin(x)*cos(x)"),
        ("3 + 4i", "(3+4j)"),
    ):
        compare(stated, printed, False)


STEPS = (
    Step(
        "standard library",
        libraries=(
            *("math", "cmath", "fractions", "decimal", "statistics", "itertools", "functools", "collections", "random"),
            *("re", "string", "operator", "heapq", "bisect", "datetime", "calendar", "json", "time", "typing", "copy"),
            *("dataclasses", "traceback", "contextlib", "textwrap", "numbers", "array", "enum", "abc", "io"),
        ),
        exercise=_exercise_python,
    ),
    Step("numpy", ("numpy",), ("numpy", "numpy.linalg", "numpy.polynomial", "numpy.random"), _exercise_numpy),
    Step(
        "sympy",
        ("sympy", "mpmath"),
        ("sympy", "mpmath", "sympy.stats", "sympy.physics.units", "sympy.abc"),
        _exercise_sympy,
    ),
    Step(
        "comparison",
        libraries=("transforms.execute.compare", "transforms.execute.origins"),
        exercise=_exercise_comparison,
    ),
    Step(
        "scipy",
        ("scipy",),
        (
            *("scipy", "scipy.special", "scipy.optimize", "scipy.integrate", "scipy.linalg", "scipy.stats"),
            "scipy.interpolate",
        ),
    ),
)
COMPARISON = next(number for number, step in enumerate(STEPS) if step.name == "comparison")


def step_for(code: str) -> int:
    """The number of the first step whose process has the libraries that the code names."""
    words = set(re.findall(r"\b(?:numpy|sympy|mpmath|scipy)\b", code))
    return max((number for number, step in enumerate(STEPS) if words.intersection(step.words)), default=0)


def warm_up(step: Step) -> None:
    """Loads a step's libraries into this process, which will then be forked."""
    for name in step.libraries:
        importlib.import_module(name)
    step.exercise()
    gc.collect()
    _gather()
    gc.freeze()  # so that a fork's collector does not touch, and copy, every page
    gc.set_threshold(_FEW_COLLECTIONS)  # a snippet lives for milliseconds


def _gather() -> None:
    """Gathers the heap into huge pages where the kernel can: a fork then copies far fewer entries of page tables."""
    libc = ctypes.CDLL(None)
    for region in {id(thing) >> _HUGE for thing in gc.get_objects()}:
        libc.madvise(ctypes.c_void_p(region << _HUGE), ctypes.c_size_t(1 << _HUGE), _COLLAPSE)
