import dataclasses

import numpy as np
import pytest

from transforms.dedup.config import DedupConfig
from transforms.dedup.links import bands, buckets, collapse, link_bucket
from transforms.dedup.signature import Signature, matrix
from transforms.records import Reason

CONFIG = DedupConfig()
BASE = np.random.default_rng(1).integers(0, 2**32, CONFIG.num_perm, dtype=np.uint32)


def row(number: int, changed: slice = slice(0), **known: object) -> Signature:
    """A signature like all others but for the changed values."""
    values = BASE.copy()
    values[changed] = np.random.default_rng(100 + number).integers(0, 2**32, len(values[changed]), dtype=np.uint32)
    made = Signature(f"k{number:06d}", f"i{number:06d}", f"d{number}", 0, 100, values.tobytes())
    return dataclasses.replace(made, **known)


def pairs(links: list) -> set[tuple[str, str]]:
    return {(link.a_key, link.b_key) for link in links}


@pytest.mark.parametrize(
    ("preferred", "other"),
    [
        ({"rank": 0, "length": 5}, {"rank": 1, "length": 9}),
        ({"length": 9, "id": "z"}, {"length": 5, "id": "a"}),
        ({"id": "a", "key": "z"}, {"id": "b", "key": "a"}),
        ({"id": "a", "key": "a"}, {"id": "a", "key": "z"}),
    ],
)
def test_collapse_prefers_rank_then_length_then_id(preferred: dict, other: dict) -> None:
    same = {"digest": "d"}
    best, worse = row(1, **same | preferred), row(2, **same | other)
    for group in ([best, worse], [worse, best]):
        kept, links = collapse(Reason.EXACT, group)
        assert kept == best
        assert [(link.a_key, link.b_key, link.similarity, link.reason) for link in links] == [
            (best.key, worse.key, 1.0, "exact_duplicate")
        ]


def test_collapse_of_one_row_links_nothing() -> None:
    assert collapse(Reason.SAME_ID, iter([row(1)])) == (row(1), [])


def test_buckets_are_the_bands() -> None:
    num_bands, num_rows = bands(CONFIG.threshold, CONFIG.num_perm, CONFIG.miss_weight)
    assert (num_bands, num_rows) == (16, 8)
    one, other = buckets(CONFIG, row(1)), buckets(CONFIG, row(2, slice(0, 1)))
    assert len(set(one)) == num_bands
    assert one[0] != other[0]
    assert one[1:] == other[1:]


def test_similar_rows_are_linked_and_others_not() -> None:
    similar, different = row(2, slice(0, 20)), row(3, slice(0, 40))  # 0.84 and 0.69 of the values are equal
    assert pairs(link_bucket(CONFIG, [different, row(1), similar])) == {("k000001", "k000002")}


def test_a_chain_is_linked_through_its_middle() -> None:
    """1 and 3 differ too much, 2 is near both: no matter which is preferred, all three are joined."""
    ends = row(1, slice(0, 20)), row(3, slice(100, 120))
    for rank in (0, 9):
        links = link_bucket(CONFIG, [*ends, row(2, rank=rank)])
        assert {frozenset(pair) for pair in pairs(links)} == {
            frozenset(("k000001", "k000002")),
            frozenset(("k000002", "k000003")),
        }


def test_links_do_not_depend_on_the_order() -> None:
    rows = [row(i, slice(i % 50, i % 50 + 15)) for i in range(200)]
    assert link_bucket(CONFIG, rows) == link_bucket(CONFIG, rows[::-1])
    assert len(link_bucket(CONFIG, rows)) < len(rows)


def test_a_bucket_of_the_usual_size_is_searched_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.dedup.links._COMPARISONS", 0)
    unrelated = [row(i, slice(None)) for i in range(100)]
    assert pairs(link_bucket(CONFIG, [*unrelated, row(200, rank=1), row(201, rank=1)])) == {("k000200", "k000201")}


def test_a_huge_bucket_is_linked_at_linear_cost() -> None:
    rows = [row(0)] * 50_000
    rows = [dataclasses.replace(one, key=f"k{i}") for i, one in enumerate(rows)]
    assert len(link_bucket(CONFIG, rows)) == len(rows) - 1


def test_a_huge_bucket_of_unrelated_rows_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.dedup.links._COMPARISONS", 50_000)
    values = np.random.default_rng(5).integers(0, 2**32, (5_000, CONFIG.num_perm), dtype=np.uint32)
    rows = [dataclasses.replace(row(0), key=f"k{i}", minhash=v.tobytes()) for i, v in enumerate(values)]
    copies = [dataclasses.replace(row(0), key=f"copy{i}", rank=0, length=10**6) for i in range(100)]
    assert len(link_bucket(CONFIG, [*rows, *copies])) == len(copies) - 1
    assert matrix([rows[0].minhash]).shape == (1, CONFIG.num_perm)
