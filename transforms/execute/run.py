"""Annotates computations: runs the code, compares its output with the stated result, and says what came of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from transforms.execute import interpreters, jail, verdict
from transforms.execute.client import Pool
from transforms.execute.config import ExecuteConfig
from transforms.records import Computation, Dropped, Reason, Verdict, drop

_PYTHON = ("python", "python3", "py", "sympy", "")


@dataclass(frozen=True)
class Pools:
    """The sandboxes of one process: Python's, which also compare, and those of each other language that has any."""

    config: ExecuteConfig
    python: Pool
    others: dict[str, Pool]

    def of(self, language: str) -> Pool | None:
        """The sandboxes that run a language; None without an interpreter of it."""
        if language.strip().lower() in _PYTHON:
            return self.python
        found = interpreters.find(language, self.config)
        return self.others.setdefault(found.name, Pool(self.config, found)) if found else None


@lru_cache(maxsize=4)
def make_execute(config: ExecuteConfig) -> Callable[[Computation], Iterable[Computation | Dropped]]:
    """The stage's function, with its own sandboxes in this process. Raises SandboxError if none can be had."""
    jail.check(config)
    pools = Pools(config, Pool(config), {})
    with pools.python.sandbox() as sandbox:
        sandbox.start()  # so that a sandbox that does not start ends the build at once, not every snippet

    def execute(computation: Computation) -> Iterable[Computation | Dropped]:
        if not isinstance(computation.code, str) or not isinstance(computation.result, str):
            return [drop(computation, "execute", Reason.MALFORMED, message="code and result must be text")]
        if not computation.code.strip():
            return [drop(computation, "execute", Reason.MALFORMED, message="no code")]
        return [annotate(computation, pools)]

    return execute


def annotate(computation: Computation, pools: Pools) -> Computation:
    """The computation with status, output, seconds, verdict and reason."""
    pool = pools.of(computation.language)
    if pool is None:
        blank = replace(computation, status="", stdout="", stderr="", seconds=None)
        return replace(blank, verdict=Verdict.UNVERIFIED.value, reason="no interpreter")
    with pool.sandbox() as sandbox:
        execution = sandbox.run(computation.code)
    with pools.python.sandbox() as sandbox:
        judged, reason = verdict.judge(computation, execution, sandbox.read, sandbox.compare)
    return replace(
        computation,
        status=execution.status.value,
        stdout=execution.stdout,
        stderr=execution.stderr,
        seconds=execution.seconds,
        verdict=judged.value,
        reason=reason,
    )
