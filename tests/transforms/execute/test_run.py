"""The stage: every computation is annotated, only malformed ones are dropped."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from transforms.execute.config import ExecuteConfig
from transforms.execute.run import make_execute
from transforms.execute.stage import Execute
from transforms.records import Computation, Dropped

pytestmark = pytest.mark.pipeline
SYMPY = "from sympy import *\nx, y = symbols('x y')\n"
Function = Callable[[Computation], Iterable[Computation | Dropped]]


@pytest.fixture(scope="module")
def execute(limits: ExecuteConfig) -> Function:
    return make_execute(limits)


def _computation(code: str, result: str = "5", language: str = "python") -> Computation:
    return Computation(id="c", document_id="d", code=code, result=result, language=language, title="t", index=3)


@pytest.mark.parametrize(
    ("code", "result", "status", "verdict", "reason"),
    [
        ("print(3*17 + 4)", "55", "ok", "verified", "equal"),
        ("print(55)", "55", "ok", "trivial", "prints what is written in the code"),
        ("print(3*17)", "55", "ok", "contradicted", "different"),
        (SYMPY + "print(diff(x**3, x))", "3x^2", "ok", "verified", "equal"),
        (SYMPY + "print(3*x**2)", "3x^2", "ok", "trivial", "prints what is written in the code"),
        (SYMPY + "print(solve([x + y - 5, x - y + 1]))", "x = 2, y = 3", "ok", "verified", "equal"),
        (SYMPY + "print(integrate(cos(x), x))", r"\sin x + C", "ok", "verified", "equal"),
        (SYMPY + "print(limit(sin(x)/x, x, 0))", "2", "ok", "contradicted", "different"),
        ("print('no idea')", "55", "ok", "unverified", "not comparable"),
        ("print(10**10**8 % 7)", "55", "timeout", "unverified", "status timeout"),
        ("x = 5", "5", "ok", "unverified", "no output"),
        ("print(5)", "", "ok", "unverified", "no stated result"),
        ("1/0", "5", "error", "unverified", "status error"),
        ("import os; os._exit(0)", "5", "crash", "unverified", "status crash"),
        ("print('10**10**10')", "5", "ok", "unverified", "comparison timed out"),
    ],
)
def test_status_and_verdict(execute: Function, code: str, result: str, status: str, verdict: str, reason: str) -> None:
    before = _computation(code, result)
    (after,) = execute(before)
    assert isinstance(after, Computation)
    assert (after.status, after.verdict, after.reason) == (status, verdict, reason)
    assert after.seconds is not None
    assert type(after.status) is type(after.verdict) is str
    cleared = replace(after, status="", stdout="", stderr="", seconds=None, verdict="", reason="")
    assert cleared == before


def test_other_languages_have_no_interpreter(execute: Function) -> None:
    (after,) = execute(_computation("#eval 5", language="lean"))
    assert isinstance(after, Computation)
    assert (after.status, after.verdict, after.reason) == ("", "unverified", "no interpreter")


def test_a_computation_without_code_is_dropped(execute: Function) -> None:
    (dropped,) = execute(_computation(" \n"))
    assert isinstance(dropped, Dropped)
    assert (dropped.id, dropped.stage, dropped.reason) == ("c", "execute", "malformed")
    assert json.loads(dropped.detail)["message"] == "no code"


def test_in_a_pipeline(limits: ExecuteConfig) -> None:
    codes = {"a": "print(2 + 3)", "b": "import os; os._exit(0)", "c": "", "d": "print(5)", "e": "print(3 + 3)"}
    with TestPipeline(runner="FnApiRunner") as pipeline:
        rows = pipeline | beam.Create([replace(_computation(code), id=name) for name, code in codes.items()])
        split = rows | Execute(limits)
        verdicts = split.kept | beam.Map(lambda row: (row.id, row.status, row.verdict))
        wanted = [
            ("a", "ok", "verified"),
            ("b", "crash", "unverified"),
            ("d", "ok", "trivial"),
            ("e", "ok", "contradicted"),
        ]
        assert_that(verdicts, equal_to(wanted), label="kept")
        assert_that(split.dropped | "ids" >> beam.Map(lambda row: (row.id, row.reason)), equal_to([("c", "malformed")]))
