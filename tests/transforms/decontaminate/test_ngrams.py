import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.decontaminate.ngrams import NgramIndex

SEQUENCES = st.lists(st.lists(st.sampled_from("abcde"), max_size=12), max_size=8)


def brute_force(sequences: list[list[str]], tokens: list[str], size: int) -> list[tuple[int, int, int]]:
    return [
        (i, number, offset)
        for i in range(len(tokens) - size + 1)
        for number, sequence in enumerate(sequences)
        for offset in range(len(sequence) - size + 1)
        if sequence[offset : offset + size] == tokens[i : i + size]
    ]


@given(SEQUENCES, st.lists(st.sampled_from("abcdef"), max_size=20), st.integers(1, 4))
def test_hits_are_those_of_a_search(sequences: list[list[str]], tokens: list[str], size: int) -> None:
    index = NgramIndex(sequences, size, max_places=1000)
    assert list(zip(*(a.tolist() for a in index.hits(tokens)), strict=True)) == brute_force(sequences, tokens, size)
    assert index.num_ngrams.tolist() == [max(0, len(sequence) - size + 1) for sequence in sequences]


def test_flags_save_time_and_decide_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.decontaminate.ngrams._SHIFT", np.uint64(63))
    index = NgramIndex([list("abcdefgh")], 2)
    assert index.hits(list("abzcdyefxghw")).position.tolist() == [0, 3, 6, 9]


def test_ngrams_of_too_many_places_are_left_out() -> None:
    index = NgramIndex([list("abc")] * 3 + [list("bcd")], 2, max_places=3)
    assert index.hits(list("ab")).sequence.tolist() == [0, 1, 2]
    assert index.hits(list("bc")).sequence.tolist() == []
    assert index.num_ngrams.tolist() == [1, 1, 1, 1]
