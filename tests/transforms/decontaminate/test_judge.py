import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.decontaminate.benchmarks import BenchmarkError
from transforms.decontaminate.config import DecontaminateConfig
from transforms.decontaminate.judge import make_decontaminate
from transforms.records import Computation, Document, Dropped, Translated

QUESTION = (
    r"A train of $\dfrac{1}{2}$ kilometre crosses a bridge of 1,500 metres in 80 seconds; what is its speed in "
    "kilometres per hour, if it never slows down?"
)
PAGE = "Exercises for the winter. " * 12
LEAK = f"{PAGE}A TRAIN of $\\frac12$ kilometre crosses a bridge of 1500 metres\nin 80 seconds; what is its speed in\
 kilometres per hour, if it never slows down? {PAGE}"


@pytest.fixture
def config(tmp_path: Path) -> DecontaminateConfig:
    rows = [{"benchmark": name, "split": "test", "id": "3", "question": QUESTION} for name in ("physics", "trains")]
    (tmp_path / "bench.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return DecontaminateConfig(benchmarks=str(tmp_path))


def only(function: Callable[[Any], Any], row: Any) -> Any:
    (result,) = function(row)
    return result


def test_a_leak_is_dropped_with_its_evidence(config: DecontaminateConfig) -> None:
    dropped = only(make_decontaminate(config), Document("1", LEAK, url="http://u", origin="f:3"))
    assert (dropped.id, dropped.stage, dropped.reason) == ("1", "decontaminate", "contaminated")
    detail = json.loads(dropped.detail)
    matched = LEAK[len(PAGE) : -len(PAGE) - 2]
    assert detail == {
        "url": "http://u",
        "origin": "f:3",
        "benchmark": "physics",
        "question_id": "3",
        "rule": "containment",
        "score": 1.0,
        "span": [len(PAGE), len(PAGE) + len(matched)],
        "matched": matched,
        "others": [{"benchmark": "trains", "question_id": "3"}],
    }


def test_a_clean_row_is_kept_as_it_is(config: DecontaminateConfig) -> None:
    document = Document("1", PAGE)
    assert only(make_decontaminate(config), document) is document


def test_without_benchmarks_all_is_kept() -> None:
    for none in ("", "none"):
        assert only(make_decontaminate(DecontaminateConfig(benchmarks=none)), Document("1", LEAK)).text == LEAK


def test_missing_benchmarks_raise(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="gone"):
        make_decontaminate(DecontaminateConfig(benchmarks=str(tmp_path / "gone")))


def test_code_of_a_finished_row_is_judged_too(config: DecontaminateConfig) -> None:
    decontaminate = make_decontaminate(config, "decontaminate_final")
    codes = ("print(1)", "# " + "\n# ".join(QUESTION.split(" in ")) + "\nprint(90)")
    computations = tuple(Computation(str(i), "1", code, "") for i, code in enumerate(codes))
    row = Translated("1", PAGE, source="translated", computations=computations)
    dropped = only(decontaminate, row)
    assert dropped.stage == "decontaminate_final"
    assert json.loads(dropped.detail)["computation"] == 1
    clean = dataclasses.replace(row, computations=computations[:1])
    assert only(decontaminate, clean) is clean
    shown = dataclasses.replace(row, text=f"{PAGE}\n{codes[1]}")
    assert "computation" not in json.loads(only(decontaminate, shown).detail)


def test_a_verdict_does_not_depend_on_the_rows_before(config: DecontaminateConfig) -> None:
    decontaminate = make_decontaminate(config)
    rows = [Document("1", LEAK), Document("2", PAGE), Document("3", QUESTION)]
    verdicts = [only(decontaminate, row) for row in rows]
    assert verdicts[::-1] == [only(make_decontaminate(config), row) for row in rows[::-1]]


@given(st.text())
def test_any_text_is_kept_or_dropped(text: str) -> None:
    config = DecontaminateConfig(benchmarks="memory://judge-test/q.jsonl")
    row = Document("1", text)
    assert only(make_decontaminate(config), row) == row


@pytest.fixture(autouse=True, scope="module")
def _in_memory() -> None:
    line = json.dumps({"benchmark": "b", "split": "t", "id": "1", "question": QUESTION})
    fsspec.filesystem("memory").pipe("/judge-test/q.jsonl", line.encode())


def test_the_whole_text_is_the_span_where_nothing_is_left_of_it(tmp_path: Path) -> None:
    signs = " ".join("+-*/=<>") + " + - + * / ; : ! ?"
    (tmp_path / "q.jsonl").write_text(json.dumps({"benchmark": "b", "split": "t", "id": "1", "question": signs}))
    dropped = only(make_decontaminate(DecontaminateConfig(benchmarks=str(tmp_path))), Document("1", signs))
    assert isinstance(dropped, Dropped)
    assert json.loads(dropped.detail)["span"] == [0, len(signs)]
