import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dedup.config import DedupConfig
from transforms.dedup.signature import Signature, matrix, minhash, normalize, shingles, sign
from transforms.records import Document
from transforms.rows import from_row, to_table

CONFIG = DedupConfig()
TEXT = "Let $f$ be a continuous function on the closed interval from zero to one, then $f$ is bounded."

PINNED_VALUES = [242590466, 343933172, 972044781, 15773815]
PINNED_DIGEST = "d8c6abd9cf02c409"


def signed(text: str, key: str = "k", source: str = "web") -> Signature:
    return sign(CONFIG, (key, Document("id", text, source=source)))


def test_values_are_pinned() -> None:
    """datasketch changed its values between versions: signatures on disk would silently stop matching."""
    values = matrix([signed(TEXT).minhash])[0]
    assert values[:4].tolist() == PINNED_VALUES
    assert hashlib.sha256(values.tobytes()).hexdigest()[:16] == PINNED_DIGEST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A Set  is\nopen", "a set is open"),
        ("ﬁnite ①", "finite 1"),
        ("x", "x "),
    ],
)
def test_digest_ignores_case_blanks_and_unicode_forms(one: str, other: str) -> None:
    assert signed(one).digest == signed(other).digest
    assert signed(one).digest != signed(one + " not").digest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b c", ["a b", "b c"]),
        ("a b", ["a b"]),
        ("a", ["a"]),
        ("+ - +", ["+ - +"]),
        ("", [""]),
        ("求函数", ["求 函", "函 数"]),
        ("x=1, y=2", ["x 1", "1 y", "y 2"]),
    ],
)
def test_shingles(text: str, expected: list[str]) -> None:
    assert shingles(text, 2) == expected


def test_texts_without_words_differ() -> None:
    assert signed("+++").minhash != signed("---").minhash


def test_rank_follows_the_source_order() -> None:
    ranks = [signed(TEXT, source=source).rank for source in (*CONFIG.source_order, "unknown", "another")]
    assert ranks == [0, 1, 2, 3, 4, 5, 5]


def test_estimate_is_near_the_exact_jaccard() -> None:
    words = [f"w{i}" for i in range(400)]
    one, other = words[:300], words[100:]
    exact = len(set(shingles(" ".join(one), 5)) & set(shingles(" ".join(other), 5))) / 396
    a, b = matrix([signed(" ".join(one)).minhash, signed(" ".join(other)).minhash])
    assert np.mean(a == b) == pytest.approx(exact, abs=0.1)


def test_long_texts_are_hashed_in_batches() -> None:
    runs = [f"{i} a b c d" for i in range(20_000)]
    parts = matrix([minhash(runs[:10_000], 64), minhash(runs[10_000:], 64)])
    assert minhash(runs, 64) == parts.min(axis=0).tobytes()


def test_rows_survive_their_schema() -> None:
    (row,) = to_table([signed(TEXT)], Signature).to_pylist()
    assert from_row(Signature, row) == signed(TEXT)


@given(st.text(max_size=200))
def test_any_text_has_a_signature(text: str) -> None:
    one = signed(text)
    assert len(one.minhash) == 4 * CONFIG.num_perm
    assert one == signed(text)
    assert normalize(normalize(text)) == normalize(text) or not text.isascii()
