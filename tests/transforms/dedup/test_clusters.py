from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from transforms.dedup.clusters import Duplicate, clusters, write_duplicates
from transforms.dedup.links import Link
from transforms.dedup.removal import make_dedup
from transforms.dedup.signature import Signature
from transforms.files import InputFile
from transforms.records import Document, Dropped
from transforms.rows import to_table


def row(key: str, length: int = 1) -> Signature:
    return Signature(key, f"id-{key}", f"digest-{key}", 0, length, b"abcd")


def found(signatures: list[Signature], links: list[Link]) -> list[dict]:
    return clusters(to_table(signatures, Signature).to_batches(), to_table(links, Link)).to_pylist()


def near(a: str, b: str) -> Link:
    return Link(a, b, 0.9, "near_duplicate")


def test_a_chain_is_one_cluster_with_one_row_kept() -> None:
    signatures = [row("a"), row("b"), row("c", length=9), row("d")]
    rows = found(signatures, [near("a", "b"), near("b", "c")])
    assert [(r["key"], r["kept_key"], r["kept_id"], r["reason"]) for r in rows] == [
        ("a", "c", "id-c", "near_duplicate"),
        ("b", "c", "id-c", "near_duplicate"),
    ]


def test_the_reason_is_the_comparison_by_which_a_row_left() -> None:
    signatures = [row("a", 9), row("b", 8), row("c", 7), row("d", 6)]
    links = [Link("a", "b", 1.0, "same_id"), Link("a", "c", 1.0, "exact_duplicate"), near("a", "d")]
    assert [r["reason"] for r in found(signatures, links)] == ["same_id", "exact_duplicate", "near_duplicate"]


def test_no_links_no_duplicates() -> None:
    assert found([row("a")], []) == []
    assert found([], []) == []


@given(st.data())
def test_clusters_are_the_connected_components_in_any_order(data: st.DataObject) -> None:
    keys = "abcdefgh"
    signatures = [row(key, length=data.draw(st.integers(1, 3))) for key in keys]
    edges = data.draw(st.lists(st.tuples(st.sampled_from(keys), st.sampled_from(keys)).filter(lambda e: e[0] != e[1])))
    group = {key: {key} for key in keys}
    for a, b in edges:
        union = group[a] | group[b]
        group.update(dict.fromkeys(union, union))
    best = {key: min((s for s in signatures if s.key in group[key]), key=lambda s: s.preference).key for key in keys}
    expected = [(key, best[key]) for key in keys if best[key] != key]
    links = [near(a, b) for a, b in edges]
    rows = found(signatures, links)
    assert [(r["key"], r["kept_key"]) for r in rows] == expected
    assert rows == found(data.draw(st.permutations(signatures)), data.draw(st.permutations(links)))


def test_files_to_duplicates_to_drops(tmp_path: Path) -> None:
    one, two, links, out = (str(tmp_path / f"{name}.parquet") for name in ("one", "two", "links", "out"))
    pq.write_table(to_table([row("p:0", 9), row("p:1")], Signature), one)
    pq.write_table(to_table([row("q:0")], Signature), two)
    pq.write_table(to_table([near("p:0", "q:0")], Link), links)
    write_duplicates(out, [InputFile(f, f, 0, "") for f in (one, two)], [InputFile(links, links, 0, "")])
    assert pq.read_schema(out) == Duplicate.SCHEMA
    dedup = make_dedup(out)
    documents = {key: Document(f"id-{key}", "text", url="http://u") for key in ("p:0", "p:1", "q:0", "zzz")}
    results = {key: next(iter(dedup((key, document)))) for key, document in documents.items()}
    dropped = results.pop("q:0")
    assert results == {key: documents[key] for key in ("p:0", "p:1", "zzz")}
    assert dropped == Dropped(
        "id-q:0",
        "dedup",
        "near_duplicate",
        '{"duplicate_of": "id-p:0", "similarity": 1.0, "url": "http://u"}',
    )


def test_signatures_of_rows_without_links_are_not_held() -> None:
    batches = [pa.RecordBatch.from_pylist([row_dict(f"k{i}")], schema=Signature.SCHEMA) for i in range(50)]
    assert len(clusters(iter(batches), to_table([near("k1", "k2")], Link))) == 1


def row_dict(key: str) -> dict:
    return to_table([row(key)], Signature).to_pylist()[0]
