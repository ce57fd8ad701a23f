"""The verdict on a computation: unverified, contradicted, trivial or verified, judged in this order."""

import json
import re
from collections.abc import Callable

from transforms.execute import plain
from transforms.execute.client import Execution
from transforms.execute.origins import Reading, computed
from transforms.records import Computation, Status, Verdict

# Reads (code, language) inside the sandbox.
Read = Callable[[str, str], Reading | None]
# Compares (stated, printed, rounded) inside the sandbox; stdout is JSON with `equal`, `how` and `line`.
Compare = Callable[[str, str, bool], Execution]

_APPROXIMATELY = re.compile(r"^\s*\$?\s*(?:\\approx|\\simeq|≈)\s*")


def judge(computation: Computation, execution: Execution, read: Read, compare: Compare) -> tuple[Verdict, str]:
    """The verdict and its reason: what is missing, or how the comparison ended."""
    if execution.status is not Status.OK:
        return Verdict.UNVERIFIED, f"status {execution.status}"
    if not execution.stdout.strip():
        return Verdict.UNVERIFIED, "no output"
    if not computation.result.strip():
        return Verdict.UNVERIFIED, "no stated result"
    reading = read(computation.code, computation.language)
    if reading is None:  # it may only print what is written in it
        return Verdict.UNVERIFIED, "code cannot be read"
    equal, reason, line = _compared(computation.result, execution.stdout, reading.rounded, compare)
    if equal is None:
        return Verdict.UNVERIFIED, reason
    if not equal:
        return Verdict.CONTRADICTED, reason
    if not computed(reading.candidates(line, len(plain.lines(execution.stdout))), computation.result):
        return Verdict.TRIVIAL, "prints what is written in the code"
    return Verdict.VERIFIED, reason


def _compared(stated: str, stdout: str, rounded: bool, compare: Compare) -> tuple[bool | None, str, int | None]:
    """Equal or not (None: cannot be said), the reason, and the number of the line that is equal."""
    lines = plain.lines(stdout)
    last = len(lines) - 1
    number = _APPROXIMATELY.sub("", stated)
    equal = plain.quick(number, lines[-1], rounded, approximate=number != stated)
    if equal or (equal is False and not last):
        return equal, "equal" if equal else "different", last
    outcome = compare(stated, stdout, rounded)
    if outcome.status is not Status.OK:
        timed_out = outcome.status is Status.TIMEOUT
        return None, "comparison timed out" if timed_out else f"comparison failed: {outcome.status}", None
    found = json.loads(outcome.stdout)
    return found["equal"], found["how"], found["line"]
