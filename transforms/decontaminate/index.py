"""The index over all benchmark questions, built once per process."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np

from transforms.decontaminate.benchmarks import Question
from transforms.decontaminate.ngrams import NgramIndex
from transforms.decontaminate.tokens import tokenize

_SEED = 4  # tokens: one changed word in 13 leaves a run of 6, two leave one of 4 in most places
_GATE = 0.3  # share of a question's seeds that a text must hold; one changed word in 13 leaves 6 of 10 or more
_RARE = 0.002  # a token in no more than this share of the questions, or in three of them, is rare
# Information of a text, roughly. Bits per letter of English: Shannon 1951; per digit: log2(10); per Chinese character:
# half of the 9.6 bits that single ones have (Chen and others 1993), as for English.
_BITS_PER_LETTER, _BITS_PER_DIGIT, _BITS_PER_CJK = 1.3, 3.3, 5.0


class Index:
    """The questions in the forms that the rules look up; every list is by the question's number."""

    def __init__(self, questions: Sequence[Question], ngram: int) -> None:
        self.questions = questions
        self.ngram = ngram
        self.tokens = [tuple(tokenize(question.question)) for question in questions]
        self.longest = max(map(len, self.tokens), default=0)
        self.numbers = [[token for token in tokens if token.isdecimal()] for tokens in self.tokens]
        self.words = NgramIndex([question.question.split() for question in questions], ngram)
        self.seeds = NgramIndex(self.tokens, _SEED)
        share = np.array([_GATE if len(tokens) >= ngram else 1.0 for tokens in self.tokens])
        self.gate = np.maximum(1, np.ceil(share * self.seeds.num_ngrams))
        self.rare = _rare_tokens(self.tokens)
        self.whole: dict[tuple[str, ...], list[int]] = {}
        for number, tokens in enumerate(self.tokens):
            if tokens:
                self.whole.setdefault(tokens, []).append(number)


@lru_cache(maxsize=2)
def build_index(questions: tuple[Question, ...], ngram: int) -> Index:
    """The index of these questions, the same one for all stages of a process."""
    return Index(questions, ngram)


def bits(tokens: Iterable[str]) -> float:
    """About how much the tokens say, in bits."""
    return sum(len(token) * _bits_per_character(token) for token in tokens)


def _bits_per_character(word: str) -> float:
    if word.isdecimal():
        return _BITS_PER_DIGIT
    return _BITS_PER_LETTER if word < "\u3000" else _BITS_PER_CJK


def _rare_tokens(sequences: Sequence[Sequence[str]]) -> frozenset[str]:
    """The tokens that few of the sequences hold."""
    counts = Counter(chain.from_iterable(map(set, sequences)))
    return frozenset(token for token, count in counts.items() if count <= max(3, _RARE * len(sequences)))
