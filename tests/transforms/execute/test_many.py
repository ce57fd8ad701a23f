"""Ten thousand snippets with attacks among them: every innocent one gives the same answer as alone."""

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.bench_snippets import mix
from tests.transforms.execute.test_sandbox import ATTACKS
from transforms.execute.client import Pool
from transforms.execute.config import ExecuteConfig

NUM_SNIPPETS, NUM_THREADS = 10_000, 3
QUICK = {"denied", "crash", "error", "memory", "output"}  # of the attacks; those that wait for a limit are few
STATEFUL = (
    "import math, builtins, sympy, numpy\nmath.pi = 3; sympy.pi = 3; numpy.linalg.det = None; builtins.print = None",
    "import sys\nsys.modules.clear(); sys.path.clear(); sys.setrecursionlimit(50)",
    "import random, numpy, decimal\nrandom.seed(5); numpy.random.seed(5); decimal.getcontext().prec = 3",
    "import fractions\nfractions.Fraction.__add__ = lambda a, b: 7",
    "import numpy as np\nnp.set_printoptions(precision=1)\nimport sympy\nsympy.init_printing(order='rev-lex')",
)


@pytest.mark.full
def test_innocents_among_attackers() -> None:
    innocents = mix(per_kind=20, seed=1)
    alone = dict(zip(innocents, map(_alone, innocents), strict=True))
    rng = random.Random(0)
    attacks = [code for code, status in ATTACKS if status in QUICK] + list(STATEFUL)
    slow = [code for code, status in ATTACKS if status == "timeout"]
    codes = [rng.choice(attacks) if rng.random() < 0.03 else rng.choice(innocents) for _ in range(NUM_SNIPPETS)]
    codes[:: NUM_SNIPPETS // 5] = rng.choices(slow, k=5)
    pool = Pool(ExecuteConfig(cpu_seconds=2, wall_seconds=60, memory_bytes=2**28))

    def wrong(code: str) -> str:
        with pool.sandbox() as sandbox:
            execution = sandbox.run(code)
        same = execution.status == "ok" and execution.stdout == alone.get(code)
        return "" if same or code not in alone else f"{code}\n{alone[code]}{execution}"

    with ThreadPoolExecutor(NUM_THREADS) as threads:
        disagreements = [text for text in threads.map(wrong, codes) if text]
    pool.close()
    assert sum(code in alone for code in codes) > 0.9 * NUM_SNIPPETS
    assert not disagreements, disagreements[0]


def _alone(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
