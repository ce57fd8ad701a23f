"""`make bench`, third table: snippets per CPU-second in the sandbox, in a warm pool, and in an interpreter each.

The mix is fixed: numbers, fractions, equations and integrals with sympy, linear algebra with numpy, each snippet with
coefficients of its own. Nothing was warmed with them: the sandbox warms its libraries with other work
(`transforms.execute.warm`), the pool's process imports the same libraries. That process has no isolation and no
limits, and keeps what sympy has cached from one snippet to the next, which a fork for each snippet cannot. All in one
run, one snippet at a time; CPU time is that of all processes that take part.
"""

import io
import multiprocessing
import random
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from pipelines.bench import cpu_seconds
from transforms.execute import warm
from transforms.execute.client import Sandbox
from transforms.execute.config import ExecuteConfig

_PER_KIND = 40
_FRESH = 4  # every so many snippets for the slow peer, evenly over the kinds

_NUMBERS = (
    "import math\nr, h = {a}, {b}\nprint(round(math.pi * r**2 * h, 2))",
    "total = 0\nfor k in range(1, {a} * 100):\n    total += k**2 % {b}\nprint(total)",
    "p, rate, years = {a} * 100, {b} / 100, {c}\nprint(f'{{p * (1 + rate) ** years:.2f}}')",
    "from statistics import mean, stdev\nx = [{a}, {b}, {c}, 7]\nprint(mean(x), stdev(x))",
)
_FRACTIONS = (
    "from fractions import Fraction\nprint(Fraction({a}, {b}) + Fraction({c}, 7))",
    "from fractions import Fraction\nprint(sum(Fraction(1, k * {a}) for k in range(1, {b})))",
    "from sympy import Rational\nprint(Rational({a}, {b}) ** 3 - Rational({c}, 11))",
)
_EQUATIONS = (
    "from sympy import symbols, solve\nx = symbols('x')\nprint(solve({a}*x**2 + {b}*x - {c}, x))",
    "from sympy import *\nx, y = symbols('x y')\nprint(solve([{a}*x + {b}*y - {c}, x - y + 1], [x, y]))",
    "import sympy as sp\nx = sp.symbols('x')\nprint(sp.solve(sp.Eq(({a}*x + {b}) / (x + {c}), 3), x))",
    "from sympy import *\nx = symbols('x')\nprint(factor(expand((x + {a}) * (x - {b}) * (x**2 + {c}))))",
)
_CALCULUS = (
    "from sympy import *\nx = symbols('x')\nprint(integrate({a}*x**3 + {b}*x - {c}, (x, 0, 2)))",
    "from sympy import *\nx = symbols('x')\nprint(integrate(x * exp({a}*x) + {b}, x))",
    "from sympy import *\nx = symbols('x')\nprint(integrate(sin({a}*x) * cos({b}*x), x))",
    "from sympy import *\nx = symbols('x')\nprint(diff(sin({a}*x) * exp(x) / (x + {b}), x))",
    "from sympy import *\nx = symbols('x')\nprint(limit((sqrt({a}*x + {b}) - 1) / (x + {c}), x, oo))",
)
_MATRICES = (
    "import numpy as np\nA = np.array([[{a}, {b}], [{c}, 30]])\nprint(np.linalg.det(A), np.linalg.inv(A))",
    "import numpy as np\nA = np.array([[{a}, 2, 3], [2, {b}, 1], [3, 1, {c}]])\nprint(np.linalg.eigvalsh(A))",
    "import numpy as np\nprint(np.linalg.solve([[{a}, 1], [1, {b} + 20]], [{c}, 2]))",
    "from sympy import Matrix\nA = Matrix([[{a}, {b}], [1, {c}]])\nprint(A.inv(), A.det())",
)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many snippets, and the CPU seconds that they took."""

    name: str
    snippets: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Snippets per CPU-second."""
        return self.snippets / self.seconds


def mix(per_kind: int = _PER_KIND, seed: int = 0) -> list[str]:
    """The snippets, kinds in turn."""
    rng = random.Random(seed)  # noqa: S311
    kinds = (_NUMBERS, _FRACTIONS, _EQUATIONS, _CALCULUS, _MATRICES)
    codes = []
    for number in range(per_kind):
        for templates in kinds:
            a, b, c = rng.sample(range(2, 20), 3)
            codes.append(templates[number % len(templates)].format(a=a, b=b, c=c))
    return codes


def main() -> None:
    """Measures, and prints the table."""
    codes = mix()
    ours, answers = sandboxed(codes)
    rates = [ours, pooled(codes, answers), fresh(codes[::_FRESH], answers[::_FRESH])]
    Console().print(table(rates))


def sandboxed(codes: Sequence[str]) -> tuple[Rate, list[str]]:
    """One fork each in the sandbox, under its default limits; and what the snippets printed."""
    with Sandbox(ExecuteConfig()) as sandbox:
        sandbox.start()
        seconds, printed = cpu_seconds(lambda: [sandbox.run(code).stdout for code in codes])
    return Rate("sandbox", len(codes), seconds), printed


def pooled(codes: Sequence[str], answers: Sequence[str]) -> Rate:
    """`exec` in the one process of a pool that has imported the same libraries: no isolation, no limits."""
    with multiprocessing.get_context("spawn").Pool(1, _import_libraries) as pool:
        pool.apply(_execute, ("pass",))
        seconds, printed = cpu_seconds(lambda: [pool.apply(_execute, (code,)) for code in codes])
    _compare(printed, answers)
    return Rate("warm pool, no isolation", len(codes), seconds)


def _import_libraries() -> None:
    for step in warm.STEPS:
        for name in step.libraries:
            __import__(name)


def _execute(code: str) -> str:
    with redirect_stdout(io.StringIO()) as output:
        exec(compile(code, "<snippet>", "exec"), {"__name__": "__main__"})  # noqa: S102
    return output.getvalue()


def fresh(codes: Sequence[str], answers: Sequence[str]) -> Rate:
    """A new interpreter for each."""
    seconds, printed = cpu_seconds(lambda: [_interpret(code) for code in codes])
    _compare(printed, answers)
    return Rate("fresh interpreter", len(codes), seconds)


def _interpret(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout  # noqa: S603


def _compare(printed: Sequence[str], answers: Sequence[str]) -> None:
    """Raises ValueError if a peer has computed something else: its time would say nothing."""
    for one, other in zip(printed, answers, strict=True):
        if one != other:
            raise ValueError(f"two ways to run a snippet disagree: {one!r}, {other!r}")


def table(rates: Sequence[Rate]) -> Table:
    """Snippets per CPU-second, and the sandbox's rate as a multiple of each."""
    result = Table(box=None, pad_edge=False)
    result.add_column("snippets run in", no_wrap=True)
    for name in ("snippets", "CPU-seconds", "per second", "sandbox x"):
        result.add_column(name, justify="right", no_wrap=True)
    for rate in rates:
        ratio = rates[0].per_second / rate.per_second
        result.add_row(
            rate.name, f"{rate.snippets:,}", f"{rate.seconds:,.2f}", f"{rate.per_second:,.1f}", f"{ratio:,.2f}"
        )
    return result


if __name__ == "__main__":
    main()
