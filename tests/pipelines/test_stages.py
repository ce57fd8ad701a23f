"""Each stage alone, from the command line, on JSONL and Parquet with only the columns that it needs."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

pytestmark = pytest.mark.pipeline

CODE = "from sympy import *\nx = symbols('x')\nprint(diff(x**3, x))"
COMPUTED = {"document_id": "d", "code": CODE, "result": "3x^2", "expression": r"\frac{d}{dx} x^3"}
QUESTION = "A farmer has seventeen sheep and buys twice as many goats as sheep; how many has he now?"


def inputs(math_rows: Any, sample: Path) -> dict[str, tuple[list[dict[str, Any]], int]]:
    """For each stage the rows that it is given, with the least columns, and how many it should keep."""
    texts = [{"text": row["text"]} for row in math_rows(3)]
    page = next((sample / "pages").glob("*lecture*.html"), next((sample / "pages").glob("*.html"))).read_text()
    return {
        "extract": ([{"content": page}], 1),
        "select": ([{"content": f"<html><body><p>{row['text']}</p></body></html>"} for row in texts], 3),
        "classify": (texts, 3),
        "filter": (texts, 3),
        "dedup": ([*texts, texts[0]], 3),
        "decontaminate": ([*texts, {"text": f"Here is one. {QUESTION} Think about it for a while."}], 3),
        "translate": ([{"id": str(i), **row} for i, row in enumerate(texts)], 3),
        "execute": ([{"code": "print(1 + 2)", "result": "3"}, {"code": "import nothing", "result": "3"}], 2),
        "assemble": ([{**COMPUTED, "verdict": v} for v in ("verified", "trivial")], 1),
    }


STAGES = ("extract", "select", "classify", "filter", "dedup", "decontaminate", "translate", "execute", "assemble")


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
@pytest.mark.parametrize("stage", STAGES)
def test_stage_alone(run: Any, math_rows: Any, sample: Path, tmp_path: Path, stage: str, kind: str) -> None:
    rows, kept = inputs(math_rows, sample)[stage]
    source = tmp_path / f"rows.{kind}"
    if kind == "jsonl":
        source.write_text("".join(json.dumps(row) + "\n" for row in rows) + "this is no JSON\n")
    else:
        pq.write_table(pa.Table.from_pylist(rows), source)
    options: list[object] = []
    if stage == "decontaminate":
        (tmp_path / "benchmark").mkdir()
        question = {"benchmark": "own", "split": "test", "id": "1", "question": QUESTION}
        (tmp_path / "benchmark" / "own.jsonl").write_text(json.dumps(question) + "\n")
        options = ["--benchmarks", tmp_path / "benchmark"]

    done = run("stage", stage, "--input", source, "--output", tmp_path / "out", *options)

    assert done.returncode == 0, done.stderr
    summary = json.loads((tmp_path / "out" / "_SUCCESS").read_text())
    counts = {count["stage"]: count for count in summary["counts"]}
    for count in counts.values():
        assert count["rows_in"] == count["rows_out"] + sum(count["dropped"].values())
    if kind == "jsonl":
        assert counts["read"]["dropped"] == {"malformed": 1}
    assert counts[stage]["rows_in"] == len(rows)
    written = ds.dataset(sorted(map(str, (tmp_path / "out").glob("part-*.parquet")))).to_table().to_pylist()
    if stage == "translate":
        assert counts[stage]["rows_out"] == kept
        assert len(written) >= kept
    else:
        assert len(written) == kept


def test_stages_chain_through_their_folders(run: Any, sample: Path, tmp_path: Path) -> None:
    chain = ("extract", "classify", "filter", "dedup", "translate", "execute", "assemble")
    source: object = sample / "pages"
    for stage in chain:
        done = run("stage", stage, "--input", source, "--output", tmp_path / stage)
        assert done.returncode == 0, f"{stage}: {done.stderr}"
        source = tmp_path / stage
    assert ds.dataset(sorted(map(str, (tmp_path / "assemble").glob("part-*.parquet")))).count_rows() > 5


def test_unknown_columns_are_named_once(run: Any, math_rows: Any, write_jsonl: Any, tmp_path: Path) -> None:
    rows = write_jsonl(tmp_path / "rows.jsonl", [{**row, "perplexity": 3} for row in math_rows(3)])
    done = run("stage", "filter", "--input", rows, "--output", tmp_path / "out")
    assert done.stdout.count("perplexity") == 1


def test_an_unfinished_folder_is_no_input(run: Any, tmp_path: Path) -> None:
    (tmp_path / "half").mkdir()
    pq.write_table(pa.table({"text": ["a"]}), tmp_path / "half" / "part-00000-000.parquet")
    done = run("stage", "filter", "--input", tmp_path / "half", "--output", tmp_path / "out")
    assert done.returncode == 2
    assert "_SUCCESS" in done.stderr


def test_rows_that_a_stage_cannot_take_are_dropped_and_counted(run: Any, write_jsonl: Any, tmp_path: Path) -> None:
    page = {"content": "<html><body><p>A page about the ring of integers and its ideals.</p></body></html>"}
    rows = write_jsonl(tmp_path / "rows.jsonl", [page, {"text": "no page"}, {"content": None, "text": "nor this"}])
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no PAR1")
    done = run(
        "stage",
        "extract",
        "--input",
        rows,
        tmp_path / "empty.jsonl",
        tmp_path / "broken.parquet",
        "--output",
        tmp_path / "out",
    )
    assert done.returncode == 0, done.stderr
    counts = json.loads((tmp_path / "out" / "_SUCCESS").read_text())["counts"]
    assert [(c["stage"], c["rows_in"], c["rows_out"], c["dropped"]) for c in counts] == [
        ("read", 4, 1, {"corrupt": 1, "malformed": 2}),
        ("extract", 1, 1, {}),
    ]
