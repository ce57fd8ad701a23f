"""Rows to records and back."""

import io
import math
from dataclasses import asdict, replace
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.unicode import clean
from transforms.records import SCHEMAS, Computation, Document, Dropped, FileCount, Outcome, Page, Translated
from transforms.rows import RowError, from_row, to_table

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
INT = st.integers(-(2**31), 2**31 - 1)
SCORE = st.none() | st.floats(width=32, allow_nan=False)
DOCUMENT = {
    **dict.fromkeys(["id", "text", "source", "url", "title", "language", "macros", "license", "origin"], TEXT),
    **{"coarse_score": SCORE, "math_score": SCORE, "num_formulas": st.none() | INT, "num_tokens": st.none() | INT},
}
COMPUTATION = st.builds(
    Computation,
    *[TEXT] * 4,
    INT,
    TEXT,
    st.lists(TEXT, max_size=3).map(tuple),
    *[TEXT] * 7,
    TEXT,
    st.none() | st.floats(),
    TEXT,
    TEXT,
)
RECORDS = st.one_of(
    st.builds(Page, TEXT, st.binary(max_size=50), TEXT, TEXT, TEXT, TEXT, SCORE),
    st.builds(Document, **DOCUMENT),
    COMPUTATION.filter(lambda c: c.seconds is None or not math.isnan(c.seconds)),
    st.builds(
        Translated,
        **DOCUMENT,
        computations=st.lists(COMPUTATION.map(lambda c: replace(c, seconds=None, stderr="")), max_size=3).map(tuple),
    ),
    st.builds(Outcome, TEXT, INT),
    st.builds(FileCount, TEXT, *[st.integers(0, 2**62)] * 3),
    st.builds(Dropped, TEXT, TEXT, TEXT, TEXT),
)


def through_parquet(records: list[Any], record: type[Any]) -> list[Any]:
    sink = io.BytesIO()
    pq.write_table(to_table(records, record), sink)
    return [from_row(record, row) for row in pq.read_table(sink).to_pylist()]


@settings(deadline=None)
@given(RECORDS)
def test_parquet_and_back(record: Any) -> None:
    assert through_parquet([record], type(record)) == [record]


@settings(deadline=None)
@given(RECORDS.filter(lambda record: not isinstance(record, Page)))
def test_plain_values_and_back(record: Any) -> None:
    assert from_row(type(record), asdict(record)) == record


@pytest.mark.parametrize("record", SCHEMAS)
def test_no_rows_still_have_the_schema(record: type[Any]) -> None:
    assert to_table([], record).schema == SCHEMAS[record]


def test_the_computations_of_a_shard_have_neither_seconds_nor_stderr() -> None:
    row = Translated("i", "t", computations=(Computation("c", "i", "1", "1", stderr="trace", seconds=0.3),))
    (kept,) = through_parquet([row], Translated)
    assert kept.computations[0] == Computation("c", "i", "1", "1")


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        ({}, {}),
        ({"title": None, "num_tokens": None, "unknown": object()}, {}),
        ({"id": 7, "num_tokens": 3.0}, {"id": "7", "num_tokens": 3}),
        ({"text": b"caf\xc3\xa9 \xff"}, {"text": "café \ufffd"}),
        ({"title": "a\ud800b", "url": "\udc00"}, {"title": "a\ufffdb", "url": "\ufffd"}),
        ({"math_score": 1}, {"math_score": 1.0}),
    ],
)
def test_what_a_column_may_hold(row: dict[str, Any], changes: dict[str, Any]) -> None:
    made = from_row(Document, {"id": "i", "text": "t"} | row)
    assert made == replace(Document("i", "t"), **changes)


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        ({"result": 55}, {"result": "55"}),
        ({"result": 0.5}, {"result": "0.5"}),
        ({"result": True}, {"result": "True"}),
        ({"conditions": "x > 0"}, {"conditions": ("x > 0",)}),
        ({"conditions": ["x > 0", None, 3]}, {"conditions": ("x > 0", "3")}),
    ],
)
def test_what_a_computation_may_hold(row: dict[str, Any], changes: dict[str, Any]) -> None:
    made = from_row(Computation, {"id": "i", "document_id": "d", "code": "c", "result": "r"} | row)
    assert made == replace(Computation("i", "d", "c", "r"), **changes)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"text": None}, "no value for text"),
        ({"text": ["a"]}, r"text: expected text, got list"),
        ({"text": {"a": 1}}, "text: expected text, got dict"),
        ({"math_score": "high"}, "math_score: expected a number"),
        ({"math_score": True}, "math_score: expected a number"),
        ({"math_score": 10**400}, "math_score: .*too large"),
        ({"num_tokens": 1.5}, "num_tokens: expected an integer"),
        ({"num_tokens": False}, "num_tokens: expected an integer"),
        ({"num_tokens": 2**31}, "num_tokens: 2147483648 is out of range"),
    ],
)
def test_what_is_no_record_names_the_column(row: dict[str, Any], message: str) -> None:
    with pytest.raises(RowError, match=message):
        from_row(Document, {"id": "i", "text": "t"} | row)


def test_wrong_computations_are_named() -> None:
    with pytest.raises(RowError, match="computations: no value for document_id, code"):
        from_row(Translated, {"id": "i", "text": "t", "computations": [{"id": "c", "result": "1"}]})
    with pytest.raises(RowError, match="computations: expected a computation"):
        from_row(Translated, {"id": "i", "text": "t", "computations": ["x"]})


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=30))
def test_clean_text_can_be_written_and_good_text_stays(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert clean(cleaned) == cleaned
    if not any(0xD800 <= ord(char) < 0xE000 for char in text):
        assert cleaned == text


def test_lone_surrogates_made_by_a_stage_do_not_stop_the_writing() -> None:
    rows = [Document("1", "fine"), Document("2", "bad \ud800 end", title="\udfff")]
    assert through_parquet(rows, Document) == [rows[0], Document("2", "bad \ufffd end", title="\ufffd")]
    row = Translated("i", "t", computations=(Computation("c", "i", "print('\ud800')", "1", conditions=("\udc01",)),))
    (kept,) = through_parquet([row], Translated)
    assert kept.computations == (Computation("c", "i", "print('\ufffd')", "1", conditions=("\ufffd",)),)
