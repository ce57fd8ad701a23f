import gzip
import io
import json
from pathlib import Path
from typing import Any

import fsspec
import pyarrow.parquet as pq
import pytest
from rich.console import Console
from zstandard import ZstdCompressor

from pipelines.errors import UserError
from pipelines.show import show
from transforms.records import Computation, Document, Dropped, Page, Reason, Translated, drop
from transforms.rows import to_table

COMPUTATION = Computation(
    "c1",
    "d1",
    "print(3 * 4)",
    "12",
    conditions=("$a = 3$", "$b = 4$"),
    expression="a b",
    status="ok",
    stdout="12\n",
    stderr="a warning\n",
    verdict="verified",
)
DOCUMENT = Document("d1", "One $x$.", url="https://example.org/a", language="en", math_score=0.875, num_tokens=12345)


def write(path: Path, record: type[Any], *rows: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(to_table(rows, record), path)


def shown(target: object, **options: Any) -> str:
    stream = io.StringIO()
    show(str(target), Console(file=stream, width=80), **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("record", "row", "pieces"),
    [
        (Document, DOCUMENT, ["d1", "source web", "language en", "math_score 0.875", "12,345", "One $x$.", "/a\n"]),
        (
            Translated,
            Translated("t1", "Row.", source="translated", computations=(COMPUTATION,)),
            ["t1", "Row.", "computation c1", "verdict: verified", "    print(3 * 4)"],
        ),
        (
            Computation,
            COMPUTATION,
            ["c1", "document_id d1", "conditions: $a = 3$; $b = 4$", "expression: a b", "result: 12", "status: ok"],
        ),
        (
            Computation,
            COMPUTATION,
            ["code: python\n    print(3 * 4)\n", "stdout: \n    12\n", "stderr: \n    a warning"],
        ),
        (
            Dropped,
            drop(DOCUMENT, "decontaminate", Reason.CONTAMINATED, benchmark="gsm8k", span=[3, 9], matched="One duck."),
            ["d1", "dropped by decontaminate: contaminated", "benchmark: gsm8k", "span: [3, 9]", "matched: One duck."],
        ),
        (
            Page,
            Page("p1", b"<p>caf\xc3\xa9</p>", "https://example.org/p"),
            ["p1", "<p>café</p>", "https://example.org/p"],
        ),
    ],
)
def test_each_kind_of_record_is_readable(tmp_path: Path, record: type[Any], row: Any, pieces: list[str]) -> None:
    write(tmp_path / "rows.parquet", record, row)
    text = shown(tmp_path / "rows.parquet")
    for piece in pieces:
        assert piece in text


def test_limit_id_and_full(tmp_path: Path) -> None:
    rows = [Document(f"{i:02d}", f"first {i}\n" + "line\n" * 100 + "last") for i in range(20)]
    write(tmp_path / "rows.parquet", Document, *rows)
    assert shown(tmp_path / "rows.parquet", limit=3).count("source web") == 3
    cut = shown(tmp_path / "rows.parquet", id="07")
    assert "first 7\n" in cut
    assert "first 8\n" not in cut
    assert "last" not in cut
    assert "--full" in cut
    full = shown(tmp_path / "rows.parquet", id="07", full=True)
    assert "last" in full
    assert "--full" not in full


def test_computations_are_found_by_their_document(tmp_path: Path) -> None:
    write(tmp_path / "rows.parquet", Computation, COMPUTATION)
    assert "c1" in shown(tmp_path / "rows.parquet", id="d1")


def test_a_build_means_its_shards_and_with_an_id_its_drops_too(tmp_path: Path) -> None:
    write(tmp_path / "shards" / "web" / "part-00000-of-00001.parquet", Document, DOCUMENT)
    write(tmp_path / "shards" / "_files" / "part-00000-000.parquet", Document, Document("hidden", "x"))
    dropped = drop(Document("d2", "x"), "filter", Reason.TOO_SHORT, value=1)
    write(tmp_path / "stages" / "filter-0123" / "dropped" / "part-00000-000.parquet", Dropped, dropped)
    everything = shown(tmp_path)
    assert "d1" in everything
    assert "d2" not in everything
    assert "hidden" not in everything
    assert "dropped by filter: too_short" in shown(tmp_path, id="d2")


def test_a_stage_means_its_own_parts_and_dropped_can_be_named(tmp_path: Path) -> None:
    write(tmp_path / "part-00000-000.parquet", Document, DOCUMENT)
    dropped = drop(Document("d2", "x"), "filter", Reason.TOO_SHORT, value=1)
    write(tmp_path / "dropped" / "part-00000-000.parquet", Dropped, dropped)
    assert "d2" not in shown(tmp_path)
    assert "too_short" in shown(tmp_path / "dropped")


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz", "jsonl.zst"])
def test_jsonl(tmp_path: Path, ending: str) -> None:
    data = b'{"id": "a", "text": "tick \\ud800"}\n\n{"other": [1, {"deep": true}]}\n'
    pack = {"jsonl": bytes, "jsonl.gz": gzip.compress, "jsonl.zst": ZstdCompressor().compress}[ending]
    (tmp_path / f"rows.{ending}").write_bytes(pack(data))
    text = shown(tmp_path / f"rows.{ending}")
    assert "tick ?" in text
    assert 'other: [1, {"deep": true}]' in text


def test_every_file_system() -> None:
    memory = fsspec.filesystem("memory")
    with memory.open("/show/part-0.parquet", "wb") as stream:
        pq.write_table(to_table([DOCUMENT], Document), stream)
    assert "One $x$." in shown("memory://show")


def test_a_page_cannot_steer_the_terminal(tmp_path: Path) -> None:
    write(
        tmp_path / "rows.parquet", Document, Document("d", "a\x1b[2Jb\x9bc\u202ed [red]e[/red]", title="\x1b]0;t\x07")
    )
    text = shown(tmp_path / "rows.parquet")
    assert not set(text) & {"\x1b", "\x9b", "\x07", "\u202e"}
    assert "[red]e[/red]" in text


def test_no_rows(tmp_path: Path) -> None:
    write(tmp_path / "part-0.parquet", Document)
    assert "no records" in shown(tmp_path)


def _nothing(folder: Path) -> Path:
    return folder / "nothing"


def _unknown(folder: Path) -> Path:
    (folder / "a.csv").write_text("1,2")
    return folder / "a.csv"


def _empty(folder: Path) -> Path:
    return folder


def _unfinished(folder: Path) -> Path:
    (folder / "stages").mkdir()
    return folder


def _damaged(folder: Path) -> Path:
    (folder / "a.parquet").write_bytes(b"PAR1 no")
    return folder / "a.parquet"


def _no_objects(folder: Path) -> Path:
    (folder / "a.jsonl").write_text(json.dumps([1]))
    return folder / "a.jsonl"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_nothing, "there is no"),
        (_unknown, "known are .parquet"),
        (_empty, "neither a build nor"),
        (_unfinished, "no shards yet"),
        (_damaged, "cannot read"),
        (_no_objects, "not a JSON object"),
    ],
)
def test_mistakes(tmp_path: Path, make: Any, says: str) -> None:
    target = make(tmp_path)
    with pytest.raises(UserError, match=says):
        shown(target)


def test_an_id_that_nothing_has(tmp_path: Path) -> None:
    write(tmp_path / "rows.parquet", Document, DOCUMENT)
    with pytest.raises(UserError, match="begins with zzz"):
        shown(tmp_path / "rows.parquet", id="zzz")
