"""An inverted index in numpy: n-gram → the places where it stands in a fixed set of token sequences."""

from collections.abc import Sequence
from itertools import repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
_Hashes = npt.NDArray[np.uint64]
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, so that multiplying by it loses nothing modulo 2**64
_BITS = 22  # of a hash: a table of flags that saves most n-grams the search among the keys
_SHIFT = np.uint64(64 - _BITS)


class Hits(NamedTuple):
    """Equal n-grams: where in the tokens asked about, in which sequence, and where in that; one entry for each."""

    position: Ints
    sequence: Ints
    offset: Ints


class NgramIndex:
    """About 24 bytes for each n-gram of the sequences, and the dictionary of their distinct tokens.

    An n-gram with more than `max_places` places is left out: it names no sequence, and would only cost time.
    Two n-grams are taken as equal when their 64-bit hashes are: false once in 10^13 lookups at a million n-grams.
    """

    def __init__(self, sequences: Sequence[Sequence[str]], size: int, max_places: int = 256) -> None:
        self.size = size
        self._number = {token: i for i, token in enumerate(dict.fromkeys(t for s in sequences for t in s), 1)}
        self._code = _mix(np.arange(len(self._number) + 1, dtype=np.uint64))  # [0] is every token not in the sequences
        hashes = [self._hashes(sequence) for sequence in sequences]
        lengths = np.array([len(h) for h in hashes], dtype=np.int64)
        sequence = np.repeat(np.arange(len(hashes)), lengths)
        offset = np.arange(len(sequence)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        _, inverse, counts = np.unique(np.concatenate(hashes or [_EMPTY]), return_inverse=True, return_counts=True)
        keep = np.flatnonzero(counts[inverse] <= max_places)
        order = keep[np.argsort(inverse[keep], kind="stable")]
        self._keys, self._first = np.unique(np.concatenate(hashes or [_EMPTY])[order], return_index=True)
        self._last = np.append(self._first[1:], len(order))
        self._maybe = np.zeros(1 << _BITS, dtype=bool)
        self._maybe[self._keys >> _SHIFT] = True
        self._sequence, self._offset = sequence[order].astype(np.int32), offset[order].astype(np.int32)
        self.num_ngrams: Ints = np.bincount(self._sequence, minlength=len(hashes))  # indexed ones of each sequence

    def hits(self, tokens: Sequence[str]) -> Hits:
        """Every place of every n-gram of `tokens`, in the order of the tokens."""
        hashes = self._hashes(tokens)
        position = np.flatnonzero(self._maybe[hashes >> _SHIFT])
        if not len(position):
            return Hits(_NONE, _NONE, _NONE)
        slot = np.minimum(np.searchsorted(self._keys, hashes[position]), len(self._keys) - 1)
        found = self._keys[slot] == hashes[position]
        position, slot = position[found], slot[found]
        first, counts = self._first[slot], self._last[slot] - self._first[slot]
        place = np.arange(counts.sum()) + np.repeat(first - (np.cumsum(counts) - counts), counts)
        return Hits(np.repeat(position, counts), self._sequence[place], self._offset[place])

    def _hashes(self, tokens: Sequence[str]) -> _Hashes:
        """The hash of each n-gram in order: a polynomial of its tokens' codes, modulo 2**64."""
        count = len(tokens) - self.size + 1
        if count <= 0:
            return _EMPTY
        codes = self._code[np.fromiter(map(self._number.get, tokens, repeat(0)), dtype=np.int64, count=len(tokens))]
        hashes = np.zeros(count, dtype=np.uint64)
        for j in range(self.size):
            hashes = hashes * _FACTOR + codes[j : j + count]
        return hashes


_EMPTY: _Hashes = np.empty(0, dtype=np.uint64)
_NONE: Ints = np.empty(0, dtype=np.int64)


def _mix(numbers: _Hashes) -> _Hashes:
    """The finalizer of SplitMix64 (Steele, Lea and Flood 2014): neighbouring numbers become unrelated codes."""
    mixed = (numbers + np.uint64(1)) * _FACTOR
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
