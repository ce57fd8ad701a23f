"""Labelled comparisons, through the same judgement as in a build: how many right ones are kept, wrong ones accepted."""

import json
from collections.abc import Iterable
from dataclasses import asdict

import pytest

from tests.transforms.execute.comparisons.dressing import Case
from tests.transforms.execute.comparisons.table import drawn, handwritten
from transforms.execute.client import Execution
from transforms.execute.compare import compare
from transforms.execute.origins import Reading
from transforms.execute.verdict import judge
from transforms.records import Computation, Status, Verdict


def _here(stated: str, printed: str, rounded: bool) -> Execution:
    """The comparison that the sandbox makes, in this process."""
    return Execution(Status.OK, json.dumps(asdict(compare(stated, printed, rounded))))


def _accepted(case: Case) -> bool:
    computation = Computation(id="c", document_id="d", code="", result=case.stated)
    reading = Reading(rounded=case.rounded)
    return judge(computation, Execution(Status.OK, case.printed), lambda *_: reading, _here)[0] is Verdict.VERIFIED


def _failures(cases: Iterable[Case]) -> tuple[dict[str, list[Case]], dict[str, int]]:
    failed: dict[str, list[Case]] = {"right": [], "wrong": [], "none": []}
    counts = dict.fromkeys(failed, 0)
    for case in cases:
        counts[case.label] += 1
        if _accepted(case) != (case.label == "right"):
            failed[case.label].append(case)
    return failed, counts


@pytest.mark.pipeline  # takes long
@pytest.mark.parametrize("source", ["by hand", "drawn"])
def test_right_is_kept_and_wrong_is_not_accepted(source: str) -> None:
    failed, counts = _failures(handwritten() if source == "by hand" else drawn(1500, seed=20))
    print({label: f"{len(cases)} of {counts[label]}" for label, cases in failed.items()})
    assert len(failed["right"]) <= 0.03 * counts["right"], failed["right"]
    assert len(failed["wrong"]) <= 0.01 * counts["wrong"], failed["wrong"]
    assert not failed["none"]
    assert min(counts.values()) > 30
