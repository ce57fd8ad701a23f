"""Snippets in MATLAB, by GNU Octave, under the same limits."""

import os
import shutil
from collections.abc import Iterator

import pytest

from transforms.execute import interpreters
from transforms.execute.client import Sandbox
from transforms.execute.config import ExecuteConfig
from transforms.execute.interpreters import Interpreter
from transforms.execute.run import make_execute
from transforms.records import Computation

pytestmark = pytest.mark.pipeline
PROGRAM = shutil.which("octave-cli")  # before a test empties PATH


@pytest.fixture(scope="module")
def octave() -> Interpreter:
    if PROGRAM is None:
        lacking = pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip
        lacking("Octave is missing: apt install octave")
    found = interpreters.find("matlab", ExecuteConfig(octave=PROGRAM))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def sandbox(mode: str, octave: Interpreter, limits: ExecuteConfig) -> Iterator[Sandbox]:
    sandbox = Sandbox(limits, octave)
    yield sandbox
    sandbox.close()


@pytest.mark.parametrize(
    ("code", "stdout"),
    [
        ("x = 3*4", "x = 12\n"),
        ("printf('%d\\n', det([1 2; 3 4]))", "-2\n"),
        ("function y = f(x)\n  y = x^2;\nend\ndisp(f(3))", "9\n"),
        ("% a comment\n%{\nmore\n%}\ndisp(pi)", "3.141592653589793\n"),
        ("x = quad(@(t) t.^2, 0, 3); printf('%.6f\\n', x)", "9.000000\n"),
        ("disp(sum(primes(100)))", "1060\n"),
        ("f = fopen('note', 'w'); fputs(f, 'hi'); fclose(f); disp(fileread('note'))", "hi\n"),
        ("disp(5); exit(0)", "5\n"),
        ("disp('π')", "π\n"),
    ],
)
def test_runs(sandbox: Sandbox, code: str, stdout: str) -> None:
    execution = sandbox.run(code)
    assert (execution.status, execution.stdout) == ("ok", stdout), execution.stderr


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("error('no')", "error"),
        ("x = [1 2", "error"),
        ("exit(3)", "error"),
        ("disp(undefined_name)", "error"),
        ("while true, end", "timeout"),
        ("pause(60)", "timeout"),
        ("x = ones(1e5, 1e5);", "memory"),
        ("while true, disp('x'), end", "output"),
        ("system('true')", "denied"),
        ("fork()", "denied"),
        ("popen('true', 'r')", "denied"),
        ("kill(getppid(), 9)", "denied"),
        ("kill(getpid(), 9)", "crash"),
        ("urlread('http://127.0.0.1')", "denied"),
        ("disp(fgetl(fopen('/etc/passwd')))", "error"),
        ("f = fopen('big', 'w'); while true, fwrite(f, zeros(1, 1e6)); end", "timeout"),  # in vain
    ],
)
def test_ends_with_the_right_status(sandbox: Sandbox, code: str, status: str) -> None:
    execution = sandbox.run(code)
    assert execution.status == status, execution
    assert sandbox.run("disp(6 * 7)").stdout == "42\n"


def test_no_other_program_can_be_executed(sandbox: Sandbox) -> None:
    assert sandbox.run("disp(exec('/bin/sh')); disp(exec('/usr/bin/python3'))").stdout == "-1\n-1\n"


@pytest.mark.parametrize(
    ("code", "result", "verdict", "reason"),
    [
        ("A = [2 1; 1 3];\ndisp(det(A))", "5", "verified", "equal"),
        ("x = 2*pi*4.5", "28.27", "verified", "equal"),
        ("disp(2*3)", "7", "contradicted", "different"),
        ("x = 55;\ndisp(x)", "55", "trivial", "prints what is written in the code"),
        ("error('no')", "55", "unverified", "status error"),
    ],
)
def test_is_judged_like_python(octave: Interpreter, code: str, result: str, verdict: str, reason: str) -> None:
    execute = make_execute(ExecuteConfig(octave=octave.program))
    (after,) = execute(Computation(id="c", document_id="d", code=code, result=result, language="matlab"))
    assert isinstance(after, Computation)
    assert (after.verdict, after.reason) == (verdict, reason), after


def test_without_it_there_is_no_interpreter() -> None:
    execute = make_execute(ExecuteConfig(octave="no-such-program"))
    (after,) = execute(Computation(id="c", document_id="d", code="disp(5)", result="5", language="matlab"))
    assert isinstance(after, Computation)
    assert (after.status, after.verdict, after.reason) == ("", "unverified", "no interpreter")
