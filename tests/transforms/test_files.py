"""Reading and writing on the file systems that need nothing but this process, and on S3 as moto serves it."""

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms import files
from transforms.files import InputError, exists, join, list_names, open_file, read_bytes, remove, write_atomically
from transforms.inputs import list_inputs
from transforms.read.rows import read_rows
from transforms.records import Document
from transforms.rows import to_table


@pytest.fixture(params=["local", "memory"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "local":
        yield str(tmp_path)
    else:
        yield "memory://files-test"
        remove("memory://files-test")


def test_what_is_written_is_read(root: str) -> None:
    path = join(root, "below", "a.parquet")
    assert not exists(path)
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert exists(path)
    assert read_bytes(path) == b"two"
    assert list_names(join(root, "below")) == ("a.parquet",)
    with open_file(path) as stream:
        assert stream.read(1) == b"t"
        stream.seek(0)
        assert stream.read() == b"two"
    remove(root)
    assert not exists(path)
    assert list_names(join(root, "below")) == ()
    remove(root)  # again is no error


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "a")
    write_atomically(path, b"old")

    def full(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"cannot write .*disk full"):
        write_atomically(path, b"new")
    assert read_bytes(path) == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("root", "names", "path"),
    [
        ("/data", ("a", "b.parquet"), "/data/a/b.parquet"),
        ("/data/", ("a",), "/data/a"),
        ("data", ("a/b",), "data/a/b"),
        ("s3://bucket/x", ("a",), "s3://bucket/x/a"),
        ("memory://", ("a",), "memory://a"),
        ("/data", (), "/data"),
    ],
)
def test_join(root: str, names: tuple[str, ...], path: str) -> None:
    assert join(root, *names) == path


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/nowhere/a.warc.gz", "cannot read /nowhere/a.warc.gz: there is no such file"),
        ("nosuch://bucket/a.warc.gz", "known are local paths and the schemes of fsspec"),
    ],
)
def test_what_cannot_be_reached_is_one_clear_line(path: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        read_bytes(path)
    assert "\n" not in str(error.value)
    with pytest.raises(InputError, match=message), open_file(path):
        pass


def test_a_failure_while_reading_is_no_damage_of_the_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 10)
    monkeypatch.setattr(files, "_BUFFER", 4)
    with open_file(str(path)) as stream:
        monkeypatch.setattr("fsspec.implementations.local.LocalFileOpener.read", lambda *_: 1 / 0, raising=False)
        with pytest.raises(InputError, match=r"cannot read .*ZeroDivisionError"):
            stream.read()


@pytest.mark.pipeline
def test_s3(s3: str) -> None:
    path = join(s3, "out", "part-0.parquet")
    assert not exists(path)
    write_atomically(path, b"one")
    write_atomically(path, b"three")
    assert read_bytes(path) == b"three"
    assert list_names(join(s3, "out")) == ("part-0.parquet",)
    with open_file(path) as stream:
        stream.seek(2)
        assert stream.read() == b"ree"
    fsspec.filesystem("s3", skip_instance_cache=True).pipe_file("corpus/out/by-another-process", b"")
    assert list_names(join(s3, "out")) == ("by-another-process", "part-0.parquet")
    remove(join(s3, "out"))
    assert not exists(path)


@pytest.mark.pipeline
def test_s3_inputs_carry_their_etag(s3: str) -> None:
    write_atomically(join(s3, "crawl", "a", "1.warc.gz"), b"1")
    write_atomically(join(s3, "crawl", "b", "2.html"), b"22")
    (first, second) = list_inputs([join(s3, "crawl")])
    assert (first.path, first.origin, first.size) == ("s3://corpus/crawl/a/1.warc.gz", "a/1.warc.gz", 1)
    assert (second.path, second.origin, second.size) == ("s3://corpus/crawl/b/2.html", "b/2.html", 2)
    assert list_inputs([join(s3, "crawl", "*", "1.warc.gz")])[0] == first
    write_atomically(first.path, b"9")
    assert list_inputs([first.path])[0].stamp != first.stamp


@pytest.mark.pipeline
def test_s3_rows_are_read(s3: str) -> None:
    rows = [Document(str(n), f"text {n}", origin="o") for n in range(500)]
    sink = pa.BufferOutputStream()
    pq.write_table(to_table(rows, Document), sink, row_group_size=100)
    write_atomically(join(s3, "rows", "a.parquet"), sink.getvalue().to_pybytes())
    lines = "\n".join(json.dumps(asdict(row)) for row in rows)
    write_atomically(join(s3, "rows", "b.jsonl.gz"), gzip.compress(lines.encode()))
    assert [list(read_rows(file, Document)) for file in list_inputs([join(s3, "rows")])] == [rows, rows]


@pytest.mark.pipeline
@pytest.mark.parametrize("path", ["s3://corpus/nothing.warc.gz", "s3://no-such-bucket/x/*.warc.gz"])
def test_s3_what_is_not_there_is_a_users_mistake(s3: str, path: str) -> None:
    with pytest.raises(InputError):
        list_inputs([path])
