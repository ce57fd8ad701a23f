import hashlib
import io
import random

import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from transforms.records import Document
from transforms.shards.parquet import describe, encode, path_of

IDS = st.lists(st.text(max_size=8), max_size=30)


@given(IDS, st.randoms())
def test_the_order_of_rows_changes_no_byte(ids: list[str], order: random.Random) -> None:
    rows = [Document(i, f"text {n % 3}") for n, i in enumerate(ids)]
    shuffled = rows.copy()
    order.shuffle(shuffled)
    assert encode(rows, Document) == encode(shuffled, Document)


def test_rows_are_in_the_order_of_their_ids() -> None:
    data = encode([Document("b", "2"), Document("a", "1"), Document("c", "3")], Document)
    assert pq.read_table(io.BytesIO(data))["id"].to_pylist() == ["a", "b", "c"]


def test_statistics_are_there_for_readers_that_skip_row_groups() -> None:
    column = pq.ParquetFile(io.BytesIO(encode([Document("b", "2"), Document("a", "1")], Document))).metadata
    assert column.row_group(0).column(0).statistics.min == "a"


@given(st.text(max_size=20), st.integers(1, 50))
def test_the_file_of_a_row_depends_on_its_id_alone(name: str, count: int) -> None:
    paths = [str(k) for k in range(count)]
    assert path_of(Document(name, "x"), paths) == path_of(Document(name, "y", source="other"), paths)


def test_ids_spread_over_the_files() -> None:
    paths = ["a", "b", "c", "d"]
    used = [path_of(Document(str(n), ""), paths) for n in range(400)]
    assert all(60 < used.count(path) < 140 for path in paths)


def test_a_shard_is_described_by_its_place_and_digest() -> None:
    shard = describe("s3://bucket/out/shards/web/part-00000-of-00001.parquet", 3, b"abc")
    assert (shard.id, shard.component, shard.rows, shard.bytes) == (
        "shards/web/part-00000-of-00001.parquet",
        "web",
        3,
        3,
    )
    assert shard.sha256 == hashlib.sha256(b"abc").hexdigest()
