"""JSONL and Parquet files, row by row."""

import gzip
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.files import InputFile, remove, write_atomically
from transforms.inputs import list_inputs
from transforms.read.config import ReadConfig
from transforms.read.rows import columns, count_rows, read_keyed, read_rows
from transforms.records import Computation, Document, Dropped, Outcome, Page, Translated, content_id
from transforms.rows import to_table

Write = Callable[[str, bytes], InputFile]


@pytest.fixture(scope="module")
def memory() -> Iterator[Write]:
    def write(name: str, data: bytes) -> InputFile:
        write_atomically(f"memory://rows-test/{name}", data)
        return list_inputs([f"memory://rows-test/{name}"])[0]

    yield write
    remove("memory://rows-test")


def jsonl(*rows: Any) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def parquet(table: pa.Table, **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def reasons(items: list[Any]) -> list[str]:
    return [item.reason if isinstance(item, Dropped) else "" for item in items]


PACKINGS = {"a.jsonl": bytes, "a.jsonl.gz": gzip.compress, "a.jsonl.zst": zstandard.compress}


@pytest.mark.parametrize("name", PACKINGS)
def test_the_least_that_a_row_needs(written: Write, name: str) -> None:
    file = written(name, PACKINGS[name](jsonl({"text": "one"}, {"text": "two", "id": 5, "origin": "here"})))
    assert list(read_rows(file, Document)) == [
        Document(content_id(f"{name}:1", "one"), "one", origin=f"{name}:1"),
        Document("5", "two", origin="here"),
    ]
    assert count_rows(file) == 2
    assert columns(file) == {"text"}


def test_each_kind_of_record(written: Write) -> None:
    page = list(read_rows(written("a.jsonl", jsonl({"content": "<p>é", "url": "u"})), Page))
    assert page == [Page(content_id("a.jsonl:1", "<p>é"), "<p>é".encode(), "u", origin="a.jsonl:1")]
    made = list(read_rows(written("b.jsonl", jsonl({"code": "print(1)", "result": 1})), Computation))
    own = content_id("b.jsonl:1", "print(1)")
    assert made == [Computation(own, own, "print(1)", "1")]
    assert list(read_rows(written("c.jsonl", jsonl({"id": "i", "num_computations": 2})), Outcome)) == [Outcome("i", 2)]
    dropped = written("d.jsonl", jsonl({"id": "i", "stage": "filter", "reason": "too_short"}))
    assert list(read_rows(dropped, Dropped)) == [Dropped("i", "filter", "too_short")]


def test_finished_rows_are_read_back(written: Write) -> None:
    made = Computation("c", "i", "x", "1", conditions=("a", "b"))
    row = Translated("i", "t", "translated", origin="here:1", computations=(made,))
    assert list(read_rows(written("a.parquet", parquet(to_table([row], Translated))), Translated)) == [row]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "cut', "malformed"),
        (b"[1, 2]", "malformed"),
        (b"null", "malformed"),
        (b"\xff\xfe\x00", "malformed"),
        (b"[" * 100_000, "malformed"),
        (b'{"text": ' + b"9" * 5000 + b"}", "malformed"),
        (b'{"title": "no text"}', "malformed"),
        (b'{"text": null}', "malformed"),
        (b'{"text": ["a"]}', "malformed"),
        (b'{"text": "t", "math_score": "high"}', "malformed"),
        (b'{"text": "  \\n "}', "empty"),
        (b'{"text": "' + b"x" * 300_000 + b'"}', "too_large"),
        (b'{"text": "NaN", "math_score": NaN}', ""),
        (b'\xef\xbb\xbf{"text": "after a mark"}', ""),
        (b'{"text": "not UTF-8: \xff"}', ""),
        (b'{"text": "half a pair: \\ud835"}', ""),
    ],
)
def test_a_row_never_raises(written: Write, line: bytes, reason: str) -> None:
    file = written("a.jsonl", b'{"text": "first"}\n\n' + line + b'\n{"text": "last"}')
    items = list(read_rows(file, Document, ReadConfig(max_row_bytes=200_000)))
    assert reasons(items) == ["", reason, ""]
    assert count_rows(file) == 3
    to_table([item for item in items if isinstance(item, Document)], Document)
    for item in items:
        if isinstance(item, Dropped):
            assert item.stage == "read"
            assert json.loads(item.detail)["origin"] == "a.jsonl:3"
            assert json.loads(item.detail)["error"]


def test_a_whole_pair_of_surrogates_is_a_character(written: Write) -> None:
    (row,) = read_rows(written("a.jsonl", b'{"text": "\\ud835\\udc65"}'), Document)
    assert isinstance(row, Document)
    assert row.text == "\U0001d465"


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_what_follows_the_damage_in_a_compressed_file_is_one_drop(written: Write, name: str) -> None:
    rows = [jsonl({"text": f"row {n} {n * 7919 % 10007}"}) for n in range(300)]
    first, second = (PACKINGS[name](b"".join(part)) for part in (rows[:100], rows[100:]))
    cut = written(name, first + second[: len(second) // 2])
    items = list(read_rows(cut, Document))
    assert reasons(items)[:100] == [""] * 100
    assert reasons(items)[-1] == "truncated"
    assert reasons(items).count("truncated") == 1
    assert count_rows(cut) == len(items)
    broken = written(name, first + b"garbage" + second)
    assert reasons(list(read_rows(broken, Document))) == [""] * 100 + ["corrupt"]
    assert count_rows(broken) == 101


def test_parquet_columns_of_other_types(written: Write) -> None:
    table = pa.table(
        {
            "id": pa.array([1, 2], pa.int64()),
            "text": pa.array(["a", "b"]).dictionary_encode(),
            "num_tokens": pa.array([1.0, None], pa.float64()),
            "metadata": [{"deep": 1}, None],
        }
    )
    file = written("a.parquet", parquet(table))
    assert list(read_rows(file, Document)) == [
        Document("1", "a", num_tokens=1, origin="a.parquet:1"),
        Document("2", "b", origin="a.parquet:2"),
    ]
    assert columns(file) == {"id", "text", "num_tokens", "metadata"}
    assert count_rows(file) == 2


def test_parquet_content_may_be_text_or_bytes(written: Write) -> None:
    for kind in (pa.string(), pa.large_string(), pa.binary(), pa.large_binary()):
        table = pa.table({"content": pa.array([b"<p>x"], pa.binary()).cast(kind)})
        (page,) = read_rows(written("a.parquet", parquet(table)), Page)
        assert isinstance(page, Page)
        assert page.content == b"<p>x"


def test_parquet_text_that_is_not_utf8(written: Write) -> None:
    lie = pa.array([b"good", b"bad \xff"], pa.binary())
    table = pa.table({"text": pa.Array.from_buffers(pa.string(), 2, lie.buffers())})
    rows = list(read_rows(written("a.parquet", parquet(table)), Document))
    assert [row.text for row in rows if isinstance(row, Document)] == ["good", "bad \ufffd"]


def test_parquet_without_a_known_column(written: Write) -> None:
    file = written("a.parquet", parquet(pa.table({"other": [1, 2, 3]})))
    assert reasons(list(read_rows(file, Document))) == ["malformed"] * 3
    assert count_rows(file) == 3


@pytest.mark.parametrize("data", [b"", b"no parquet", b"PAR1" + b"x" * 100 + b"PAR1"])
def test_a_file_that_is_not_parquet_is_one_drop(written: Write, data: bytes) -> None:
    file = written("a.parquet", data)
    (dropped,) = read_rows(file, Document)
    assert isinstance(dropped, Dropped)
    assert dropped.reason == "corrupt"
    assert json.loads(dropped.detail)["origin"] == "a.parquet:1"
    assert count_rows(file) == 1
    assert columns(file) == frozenset()


def test_a_damaged_row_group_is_dropped_alone(written: Write) -> None:
    table = pa.table({"text": [f"row {n} {n * 7919 % 10007}" for n in range(300)]})
    data = bytearray(parquet(table, row_group_size=100, compression="zstd", use_dictionary=False))
    meta = pq.ParquetFile(io.BytesIO(bytes(data))).metadata.row_group(1).column(0)
    middle = meta.data_page_offset + meta.total_compressed_size // 2
    data[middle : middle + 40] = b"\xff" * 40
    file = written("a.parquet", bytes(data))
    items = list(read_rows(file, Document))
    assert reasons(items) == [""] * 100 + ["corrupt"] * 100 + [""] * 100
    assert count_rows(file) == 300
    assert [item.origin for item in items if isinstance(item, Document)][100] == "a.parquet:201"


def test_keys_tell_all_rows_apart(written: Write) -> None:
    files = [written(name, jsonl(*[{"text": "same", "id": "same"}] * 2)) for name in ("a.jsonl", "b.jsonl")]
    keyed = [item for file in files for item in read_keyed(file, Document)]
    expected = [f"{file.path}:{number}" for file in files for number in (1, 2)]
    assert [item[0] for item in keyed if isinstance(item, tuple)] == expected


def test_columns_of_pages_and_of_nothing(written: Write) -> None:
    assert "content" in columns(written("a.warc.gz", b""))
    assert "text" not in columns(written("a.html", b""))
    assert columns(written("a.jsonl", b"\nbroken\n[]\n" + jsonl({"b": 1, "a": 2}, {"c": 3}))) == {"a", "b"}
    assert columns(written("b.jsonl", b"")) == frozenset()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["code", "x"]), inner, max_size=2),
    max_leaves=5,
)
NAMES = ["id", "text", "content", "code", "result", "origin", "num_tokens", "math_score", "conditions", "computations"]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), JSON) | JSON, max_size=4), st.binary(max_size=30))
def test_whatever_the_rows_hold_they_are_read_and_can_be_written(memory: Write, rows: list[Any], junk: bytes) -> None:
    file = memory("a.jsonl", jsonl(*rows) + junk)
    for record in (Page, Document, Computation, Translated):
        items = list(read_rows(file, record))
        assert len(items) == count_rows(file)
        to_table([item for item in items if isinstance(item, record)], record)
        to_table([item for item in items if isinstance(item, Dropped)], Dropped)
