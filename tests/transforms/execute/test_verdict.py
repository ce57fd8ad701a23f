"""The order in which a computation is judged, without a sandbox."""

import json

import pytest

from transforms.execute.client import Execution
from transforms.execute.origins import Origin, Reading
from transforms.execute.verdict import judge
from transforms.records import Computation, Status, Verdict

WRITTEN = Origin(("5",))


def _computation(result: str) -> Computation:
    return Computation(id="c", document_id="d", code="", result=result)


def _answer(equal: bool | None, line: int | None = 0) -> Execution:
    how = {True: "equal", False: "different", None: "not comparable"}[equal]
    return Execution(Status.OK, json.dumps({"equal": equal, "how": how, "line": line}))


def _never_read(code: str, language: str) -> Reading:
    raise AssertionError("read code whose output says nothing")


def _never(stated: str, printed: str, rounded: bool) -> Execution:
    raise AssertionError("compared in the sandbox what is plain")


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.OK])
def test_what_did_not_end_well_is_unverified(status: Status) -> None:
    judged = judge(_computation("5"), Execution(status, "5\n"), _never_read, _never)
    assert judged == (Verdict.UNVERIFIED, f"status {status.value}")


@pytest.mark.parametrize(
    ("result", "stdout", "prints", "verdict", "reason"),
    [
        ("5", " \n", (), "unverified", "no output"),
        (" ", "5\n", (None,), "unverified", "no stated result"),
        ("5", "6\n", (None,), "contradicted", "different"),
        ("5", "6\n", (WRITTEN,), "contradicted", "different"),
        ("5", "5\n", (WRITTEN,), "trivial", "prints what is written in the code"),
        ("5", "5\n", (None,), "verified", "equal"),
        ("28.27", "28.2743\n", (None,), "verified", "equal"),
        ("3x^2", "3x^2\n", (None,), "verified", "equal"),
        (r"\approx 28", "28.27\n", (None,), "verified", "equal"),
        ("5", "7\n5\n", (None, WRITTEN), "trivial", "prints what is written in the code"),
        ("5", "7\n5\n", (WRITTEN, None), "verified", "equal"),
        ("5", "7\n8\n5\n", (None, WRITTEN), "trivial", "prints what is written in the code"),  # a matrix, then 5
        ("5", "7\n8\n5\n", (WRITTEN, None), "verified", "equal"),
        ("5", "5\n", (), "verified", "equal"),  # written by something other than print
    ],
)
def test_plain_texts_are_judged_at_once(
    result: str, stdout: str, prints: tuple[Origin | None, ...], verdict: str, reason: str
) -> None:
    judged = judge(_computation(result), Execution(Status.OK, stdout), lambda *_: Reading(prints), _never)
    assert judged == (verdict, reason)


@pytest.mark.parametrize(
    ("answer", "verdict", "reason"),
    [
        (_answer(True), "verified", "equal"),
        (_answer(False), "contradicted", "different"),
        (_answer(None), "unverified", "not comparable"),
        (Execution(Status.TIMEOUT), "unverified", "comparison timed out"),
        (Execution(Status.MEMORY), "unverified", "comparison failed: memory"),
    ],
)
def test_the_rest_is_compared_in_the_sandbox(answer: Execution, verdict: str, reason: str) -> None:
    execution = Execution(Status.OK, "3*x**2\n")
    assert judge(_computation("3x^2"), execution, lambda *_: Reading((None,)), lambda *_: answer) == (verdict, reason)


def test_the_line_that_is_equal_decides_whether_it_was_computed() -> None:
    execution, reading = Execution(Status.OK, "3*x**2\ndone\n"), Reading((WRITTEN, None))
    judged, _ = judge(_computation("3x^2"), execution, lambda *_: reading, lambda *_: _answer(True, line=0))
    assert judged is Verdict.TRIVIAL


def test_where_a_loop_prints_any_of_its_lines_may_be_the_one() -> None:
    execution, reading = Execution(Status.OK, "7\n8\n5\n"), Reading(loose=(None, WRITTEN))
    assert judge(_computation("5"), execution, lambda *_: reading, _never)[0] is Verdict.VERIFIED


def test_code_that_cannot_be_read_is_not_verified() -> None:
    judged = judge(_computation("5"), Execution(Status.OK, "5\n"), lambda *_: None, _never)
    assert judged == (Verdict.UNVERIFIED, "code cannot be read")
