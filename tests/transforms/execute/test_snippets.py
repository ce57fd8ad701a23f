"""Snippets that others wrote and labelled, through the real sandbox: how many of each label get which verdict."""

import json
from collections import Counter
from pathlib import Path

import pytest

from transforms.execute.config import ExecuteConfig
from transforms.execute.run import make_execute
from transforms.records import Computation

pytestmark = pytest.mark.pipeline
ROWS = [json.loads(line) for line in (Path(__file__).parent / "snippets.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def verdicts() -> Counter[tuple[str, str]]:
    execute = make_execute(ExecuteConfig())
    rows = [Computation(row["id"], "d", row["code"], result=row["result"]) for row in ROWS]
    found = [after.verdict for row in rows for after in execute(row) if isinstance(after, Computation)]
    return Counter(zip((row["label"] for row in ROWS), found, strict=True))


def test_right_and_computed_ones_are_kept(verdicts: Counter[tuple[str, str]]) -> None:
    assert verdicts["verified", "verified"] >= 0.94 * sum(row["label"] == "verified" for row in ROWS)


@pytest.mark.parametrize("label", ["contradicted", "unverified", "trivial"])
def test_no_others_are_verified(verdicts: Counter[tuple[str, str]], label: str) -> None:
    assert verdicts[label, "verified"] <= 0.01 * sum(row["label"] == label for row in ROWS)
