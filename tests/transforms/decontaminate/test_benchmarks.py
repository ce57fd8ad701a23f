import gzip
import json
from pathlib import Path

import fsspec
import pytest
import zstandard

from transforms.decontaminate.benchmarks import BenchmarkError, Question, digest_benchmarks, load_benchmarks

ROW = {"benchmark": "gsm8k", "split": "test", "id": 7, "question": "How many?"}
LINE = json.dumps(ROW) + "\n"


def test_reads_a_folder_a_glob_and_every_compression(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINE + "\n" + json.dumps({**ROW, "id": "8", "answer": 1.5}))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(json.dumps({**ROW, "benchmark": "math"}).encode()))
    (tmp_path / "c.jsonl.zst").write_bytes(zstandard.compress(json.dumps({**ROW, "benchmark": "sat"}).encode()))
    (tmp_path / "README.md").write_text("not a benchmark")
    questions = load_benchmarks(str(tmp_path))
    assert [(q.benchmark, q.id, q.answer) for q in questions] == [
        ("gsm8k", "7", ""),
        ("gsm8k", "8", "1.5"),
        ("math", "7", ""),
        ("sat", "7", ""),
    ]
    assert [q.benchmark for q in load_benchmarks(f"{tmp_path}/*.gz")] == ["math"]
    assert len(load_benchmarks(str(tmp_path / "a.jsonl"))) == 2


def test_reads_through_fsspec() -> None:
    fsspec.filesystem("memory").pipe("/decontaminate-test/q.jsonl", LINE.encode())
    assert load_benchmarks("memory://decontaminate-test") == (Question("gsm8k", "test", "7", "How many?"),)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["1", 2], ("1", "2")),
        ("A) $f(-6)=0$ B) $f(6)=-6$", ("$f(-6)=0$", "$f(6)=-6$")),
        ("(A) one (B) two", ("one", "two")),
        (None, ()),
    ],
)
def test_options(tmp_path: Path, options: object, expected: tuple[str, ...]) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({**ROW, "options": options}))
    assert load_benchmarks(str(tmp_path))[0].options == expected


@pytest.mark.parametrize("path", ["", "none"])
def test_no_benchmarks(path: str) -> None:
    assert load_benchmarks(path) == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (LINE + "{broken\n", ":2: no JSON: "),
        ("[1]\n", ":1: no JSON object"),
        (LINE * 2 + '{"benchmark": "x", "split": "", "question": null}\n', ":3: no column id, question"),
        (b"\xff\xfe", "unreadable: "),
    ],
)
def test_a_broken_file_is_one_line_that_names_the_place(tmp_path: Path, content: str | bytes, message: str) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BenchmarkError) as caught:
        load_benchmarks(str(tmp_path))
    assert message in str(caught.value)
    assert f"{file}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_truncated_archive_and_missing_paths(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl.gz").write_bytes(gzip.compress(LINE.encode() * 1000)[:-20])
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "bad.jsonl.gz", tmp_path / "empty", tmp_path / "nothing", "nosuch://bucket/x"):
        with pytest.raises(BenchmarkError, match=str(path)):
            load_benchmarks(str(path))


def test_digest_is_of_the_content(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
    (one / "a.jsonl").write_text(LINE + json.dumps({**ROW, "id": "8"}))
    (other / "z.jsonl.gz").write_bytes(gzip.compress((json.dumps({**ROW, "id": "8"}) + "\n" + LINE).encode()))
    assert digest_benchmarks(str(one)) == digest_benchmarks(str(other)) != digest_benchmarks("none")
    (one / "a.jsonl").write_text(LINE + json.dumps({**ROW, "id": "9"}))
    assert digest_benchmarks(str(one)) != digest_benchmarks(str(other))
