"""The rules by which a text holds a benchmark question, as plain functions over the index.

What they find depends on the text and the benchmarks alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from nltk.util import ngrams

from transforms.decontaminate.benchmarks import Question
from transforms.decontaminate.config import DecontaminateConfig
from transforms.decontaminate.index import Index, bits
from transforms.decontaminate.ngrams import Hits
from transforms.decontaminate.tokens import tokenize

RULES = ("exact", "jaccard13", "containment", "short")
_RUN = 3  # tokens: shorter runs occur by chance, longer ones lose more around a changed word
_PIECE = 8192  # tokens looked at together, so that memory is bounded
_ALIGNMENTS = 3  # tried per question of 13 tokens or more: on a page of exercises the same words stand many times
_MISSING_NUMBERS = 0.1  # of a question's numbers: the same template with other numbers is another question
_BITS_WITH_ANSWER, _BITS_ALONE, _TOKENS_ALONE = 18, 45, 8  # a short question must say something to condemn
_OPTIONS_NEAR = 0.75  # of a question's options
_ANSWER_TOKENS = 8  # an answer may be a whole program: its beginning is enough


@dataclass(frozen=True, slots=True)
class Match:
    """Question number `question` found by `rule` in the tokens [start, end) of a text."""

    question: int
    rule: str
    score: float
    start: int
    end: int


def find(index: Index, text: str, config: DecontaminateConfig) -> list[Match]:
    """The questions that `text` holds, each by the first rule that says so; the clearest match first."""
    tokens = tokenize(text)
    matches = [
        *exact(index, tokens),
        *jaccard(index, text.split(), len(tokens), config.jaccard_threshold),
        *inside(index, tokens, config),
    ]
    matches.sort(key=lambda m: (RULES.index(m.rule), -m.score, m.start - m.end, m.question))
    first: dict[int, Match] = {}
    for match in matches:
        first.setdefault(match.question, match)
    return list(first.values())


def exact(index: Index, tokens: Sequence[str]) -> Iterator[Match]:
    """The text is the question, and nothing else."""
    for number in index.whole.get(tuple(tokens), ()):
        yield Match(number, "exact", 1.0, 0, len(tokens))


def jaccard(index: Index, words: Sequence[str], num_tokens: int, threshold: float) -> Iterator[Match]:
    """The paper's rule (MathCoder2, section 2): Jaccard of the two sets of 13-grams of words above the threshold.

    Words are what white space divides, with their case and punctuation.
    """
    candidates = np.unique(index.words.hits(words).sequence).tolist()
    questions = {number: set(ngrams(index.questions[number].question.split(), index.ngram)) for number in candidates}
    grams: set[tuple[str, ...]] = set()
    for gram in ngrams(words, index.ngram) if questions else ():
        grams.add(gram)
        if len(grams) * threshold > max(map(len, questions.values())):
            return  # too long for all of them
    for number, asked in questions.items():
        shared = len(asked & grams)
        score = shared / (len(asked) + len(grams) - shared)
        if score > threshold:
            yield Match(number, "jaccard13", score, 0, num_tokens)


def inside(index: Index, tokens: Sequence[str], config: DecontaminateConfig) -> Iterator[Match]:
    """The questions that stand somewhere in the text; one that stands there often may be given more than once."""
    for begin in range(0, max(1, len(tokens)), _PIECE):
        hits = index.seeds.hits(tokens[begin : begin + _PIECE + 2 * index.longest])
        numbers, counts = np.unique(hits.sequence, return_counts=True)
        for number in numbers[counts >= index.gate[numbers]].tolist():
            starts = [begin + start for start in _alignments(hits, number)]
            if matches := list(_judge(index, tokens, number, starts, config)):
                yield max(matches, key=lambda m: (m.score, m.start - m.end, -m.start))


def _judge(
    index: Index, tokens: Sequence[str], number: int, starts: Sequence[int], config: DecontaminateConfig
) -> Iterator[Match]:
    if len(index.tokens[number]) < index.ngram:
        found = (short(index, tokens, number, start, config.answer_window) for start in starts)
    else:
        share = config.containment_threshold
        found = (containment(index, tokens, number, start, share) for start in starts[:_ALIGNMENTS])
    yield from filter(None, found)


def containment(index: Index, tokens: Sequence[str], number: int, start: int, threshold: float) -> Match | None:
    """Most of the question's tokens in their order, in runs of three or more, and its numbers.

    The score is the share of the question's tokens. One changed word costs at most three of them at either end, one
    elsewhere; in 13-grams it would cost all of a question of up to 25 words.
    """
    question = index.tokens[number]
    slack = max(10, len(question) // 2)  # tokens: a heading or a line between two paragraphs
    begin = max(0, start - slack)
    window = tokens[begin : start + len(question) + slack]
    blocks = SequenceMatcher(None, question, window, autojunk=False).get_matching_blocks()
    runs = [block for block in blocks if block.size >= _RUN]
    score = sum(run.size for run in runs) / len(question)
    if score < threshold:
        return None
    first, last = runs[0].b, runs[-1].b + runs[-1].size
    missing = Counter(index.numbers[number]) - Counter(window[max(0, first - _RUN) : last + _RUN])
    if missing.total() > _MISSING_NUMBERS * len(index.numbers[number]):
        return None
    return Match(number, "containment", score, begin + first, begin + last)


def short(index: Index, tokens: Sequence[str], number: int, start: int, answer_window: int) -> Match | None:
    """The whole question word for word, if it says enough to be told from common words, or its answer follows."""
    question = index.tokens[number]
    end = start + len(question)
    if start < 0 or tuple(tokens[start:end]) != question:
        return None
    information = bits(question)
    alone = information >= _BITS_ALONE and len(question) >= _TOKENS_ALONE and not index.rare.isdisjoint(question)
    if alone or (information >= _BITS_WITH_ANSWER and _answered(index.questions[number], tokens, end, answer_window)):
        return Match(number, "short", 1.0, start, end)
    return None


def _answered(question: Question, tokens: Sequence[str], end: int, window: int) -> bool:
    """Whether the answer, or most of the options, stand soon after the question's end."""
    options = [tokenize(option) for option in question.options]
    after = tokens[end : end + window + sum(map(len, options))]
    if options:
        return sum(_stands_in(option, after) for option in options) >= _OPTIONS_NEAR * len(options)
    return _stands_in(tokenize(question.answer)[:_ANSWER_TOKENS], after)


def _stands_in(few: Sequence[str], many: Sequence[str]) -> bool:
    return bool(few) and any(list(many[i : i + len(few)]) == list(few) for i in range(len(many) - len(few) + 1))


def _alignments(hits: Hits, number: int) -> list[int]:
    """Where the question would begin in the text, by most of its hits, best first; may be negative."""
    of_it = hits.sequence == number
    starts, counts = np.unique(hits.position[of_it] - hits.offset[of_it], return_counts=True)
    best: list[int] = starts[np.argsort(-counts, kind="stable")].tolist()
    return best
