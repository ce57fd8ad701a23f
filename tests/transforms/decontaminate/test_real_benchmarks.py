"""Recall on planted questions of the real benchmarks, and the questions that must not condemn one another."""

import gzip
import json
import random
from pathlib import Path

import pytest

from transforms.decontaminate.benchmarks import Question, load_benchmarks
from transforms.decontaminate.config import DecontaminateConfig
from transforms.decontaminate.index import Index
from transforms.decontaminate.rules import find
from transforms.decontaminate.tokens import tokenize

CONFIG = DecontaminateConfig()


@pytest.fixture(scope="module")
def index(shared_data: Path) -> Index:
    """A fifth of the questions, so that the test takes seconds."""
    return Index(load_benchmarks(str(shared_data / "benchmarks"))[::5], CONFIG.ngram)


@pytest.fixture(scope="module")
def clean(shared_data: Path) -> list[str]:
    with gzip.open(shared_data / "train" / "gsm8k_train.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines][::15]
    return [f"{row['question']}\n{row['solution']}" for row in rows]


def recall(index: Index, clean: list[str], *, edit: bool) -> float:
    rng = random.Random(1)
    numbers = [n for n, tokens in enumerate(index.tokens) if len(tokens) >= CONFIG.ngram]
    numbers = [n for n in numbers if any(map(str.isalpha, index.questions[n].question.split(" ")))]  # not Chinese
    caught = 0
    for number in (sample := rng.sample(numbers, 300)):
        text = index.questions[number].question
        if edit:
            words = text.split(" ")
            words[rng.choice([i for i, word in enumerate(words) if word.isalpha()])] = "quux"
            text = " ".join(words)
        page = f"{rng.choice(clean)}\n\n{text}\n\n{rng.choice(clean)}"
        caught += number in {match.question for match in find(index, page, CONFIG)}
    return caught / len(sample)


def test_questions_inside_pages_are_found(index: Index, clean: list[str]) -> None:
    assert recall(index, clean, edit=False) >= 0.99
    assert recall(index, clean, edit=True) >= 0.97


def test_short_questions_with_their_answer_are_found(index: Index, clean: list[str]) -> None:
    short = [q for q, tokens in zip(index.questions, index.tokens, strict=True) if 4 <= len(tokens) < CONFIG.ngram]
    caught = [bool(find(index, f"{clean[0]}\n{q.question}\n{answer(q)}\n{clean[1]}", CONFIG)) for q in short]
    assert sum(caught) / len(caught) >= 0.95


def answer(question: Question) -> str:
    options = [f"({letter}) {option}" for letter, option in zip("ABCDEFGH", question.options, strict=False)]
    return "\n".join(options) or f"Answer: {question.answer}"


def test_other_questions_of_the_same_kind_are_kept(index: Index, clean: list[str]) -> None:
    assert [find(index, text, CONFIG) for text in clean if tokenize(text)] == [[]] * len(clean)
