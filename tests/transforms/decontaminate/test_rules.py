import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.decontaminate.benchmarks import Question
from transforms.decontaminate.config import DecontaminateConfig
from transforms.decontaminate.index import Index
from transforms.decontaminate.rules import Match, find, jaccard
from transforms.decontaminate.tokens import tokenize

CONFIG = DecontaminateConfig()
LONG = (
    r"A wholesaler packs 144 lemons into crates of $\frac{36}{4}$ lemons each, and sells every crate for 7 dollars. "
    "How many dollars does the wholesaler take for all of the crates together?"
)
TEMPLATE = "A farmer packs 250 melons into crates of 10 melons each. How many crates does the farmer need for them?"
SHORT = "Find the remainder when 4807 is divided by 39."
CHOICE = "Which of the following numbers is irrational?"
TRIVIAL = "What is 2 + 2?"
QUESTIONS = (
    Question("bench", "test", "long", LONG, answer="112"),
    Question("bench", "test", "template", TEMPLATE, answer="25"),
    Question("bench", "test", "short", SHORT, answer="10"),
    Question("bench", "test", "choice", CHOICE, answer="B", options=("0.25", r"\sqrt{3}", "22/7", "1.5")),
    Question("bench", "test", "trivial", TRIVIAL, answer="4"),
    Question("cmath", "test", "zh", "芳芳买了一本书有99页，看了90页，她还剩多少页没有看？", answer="9"),
    Question("bench", "test", "empty", "?!"),
)
INDEX = Index(QUESTIONS, CONFIG.ngram)
FILLER = ["river", "stone", "under", "bright", "walked", "seven", "of", "the", "a", "number", "green", "until"]


def filler(words: int, seed: int = 0) -> str:
    rng = random.Random(seed)
    return " ".join(rng.choice(FILLER) for _ in range(words))


def found(text: str) -> list[tuple[str, str]]:
    return [(QUESTIONS[match.question].id, match.rule) for match in find(INDEX, text, CONFIG)]


def changed(text: str, number: int, word: str = "quux") -> str:
    words = text.split()
    words[number] = word
    return " ".join(words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LONG, ("long", "exact")),
        (LONG.upper().replace("FRAC", "dfrac"), ("long", "exact")),
        (LONG + " I do not know.", ("long", "jaccard13")),
        (f"{filler(100)} {LONG} {filler(100)}", ("long", "containment")),
        (f"{filler(9000)} {LONG} {filler(9000)}", ("long", "containment")),
        ("\n".join([*filler(50).split(), *LONG.split(), *filler(50).split()]), ("long", "containment")),
        (f"{filler(50)} {changed(LONG, 14)} {filler(50)}", ("long", "containment")),
        (f"{filler(50)} {changed(LONG, 1)} {filler(50)}", ("long", "containment")),
        (f"{filler(50)} {LONG[:107]}\n\nSee also below.\n\n{LONG[107:]} {filler(50)}", ("long", "containment")),
        (f"{filler(50)} | {LONG.replace('. ', ' | ')} | {filler(50)}", ("long", "containment")),
        (f"{filler(20)}\n# " + "\n# ".join(LONG.split(", ")), ("long", "containment")),
        (f"{filler(50)} {changed(TEMPLATE, 12)} {filler(50)}", ("template", "containment")),
        (SHORT, ("short", "exact")),
        (f"{filler(50)} {SHORT} {filler(50)}", ("short", "short")),
        (TRIVIAL, ("trivial", "exact")),
        (f"{filler(50)} {CHOICE} (A) 0.25 (B) $\\sqrt3$ (C) 22/7 (D) 1.5 {filler(50)}", ("choice", "short")),
        (f"{filler(50)} 芳芳买了一本书有99页,看了90页,她还剩多少页没有看 {filler(50)}", ("zh", "containment")),
    ],
)
def test_a_leak_is_found(text: str, expected: tuple[str, str]) -> None:
    assert found(text)[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!",
        filler(500),
        f"{filler(50)} What is 2 + 2? It is 4, as everybody knows. {filler(50)}",
        f"{filler(50)} {CHOICE} The number pi is. {filler(50)}",
        f"{filler(50)} Find the remainder when 4807 is divided by 38. 10 {filler(50)}",
        # the same template with other numbers, the same words in another order, a half of a question
        f"{filler(50)} {TEMPLATE.replace('250', '480').replace('10', '16')} {filler(50)}",
        f"{filler(50)} {' '.join(sorted(LONG.split()))} {filler(50)}",
        f"{filler(50)} {' '.join(LONG.split()[:16])} {filler(50)}",
        f"{filler(50)} {TEMPLATE.split('.')[0]} {filler(50)}",
    ],
)
def test_a_clean_text_is_kept(text: str) -> None:
    assert found(text) == []


def test_a_short_question_needs_information_or_its_answer() -> None:
    questions = (Question("b", "t", "1", "Solve 3*x + 5 = 26 for x.", answer="x = 7"),)
    index = Index(questions, CONFIG.ngram)
    assert not find(index, f"{filler(20)} Solve 3x + 5 = 26 for x. {filler(90)} x = 7", CONFIG)
    assert find(index, f"{filler(20)} Solve $3x + 5 = 26$ for $x$. Solution: subtract 5, then $x = 7$.", CONFIG)


def test_the_answer_may_follow_any_of_many_occurrences() -> None:
    text = f"{CHOICE} {filler(60)} " * 6
    assert found(text) == []
    assert found(f"{text} {CHOICE} 0.25, $\\sqrt{{3}}$, 22/7 or 1.5?") == [("choice", "short")]


def test_all_questions_are_named_the_clearest_first() -> None:
    text = f"{SHORT} {filler(30)} {changed(TEMPLATE, 12)} {filler(30)} {LONG}"
    assert found(text) == [("long", "containment"), ("template", "containment"), ("short", "short")]


def test_equal_questions_of_two_benchmarks_are_both_named() -> None:
    index = Index([Question(b, "t", "1", LONG) for b in ("a", "b")], CONFIG.ngram)
    assert find(index, LONG, CONFIG)[:2] == [Match(n, "exact", 1.0, 0, len(tokenize(LONG))) for n in (0, 1)]


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(0, 300), st.sampled_from([0, 1, 2]), st.integers(0, 10**6))
def test_a_planted_question_is_found_where_it_stands(before: int, after: int, which: int, seed: int) -> None:
    left, right = filler(before, seed), filler(after, seed + 1)
    matches = find(INDEX, f"{left} {QUESTIONS[which].question} {right}", CONFIG)
    place = len(tokenize(left))
    best = next(match for match in matches if match.question == which)
    if best.rule != "jaccard13":
        assert (best.start, best.end) == (place, place + len(INDEX.tokens[which]))


@pytest.mark.parametrize(("words", "score"), [(24, None), (25, 13 / 20), (32, 1.0)])
def test_the_papers_threshold_is_exclusive(words: int, score: float | None) -> None:
    """A question of 32 words has 20 13-grams; 12 of them are a Jaccard of 0.6, which is not enough."""
    question = [f"Word{i}," for i in range(32)]
    index = Index([Question("b", "t", "1", " ".join(question))], 13)
    assert [match.score for match in jaccard(index, question[:words], 0, 0.6)] == ([score] if score else [])


WORDS = st.lists(st.sampled_from(["a", "b", "A", "c,", "1", "+"]), max_size=60)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=4), st.data())
def test_the_papers_rule_agrees_with_brute_force(asked: list[list[str]], data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([*asked, []])) + data.draw(st.lists(st.sampled_from(["b", "x"]), max_size=12))
    index = Index([Question("b", "t", str(i), " ".join(words)) for i, words in enumerate(asked)], 13)
    expected = {}
    grams = {tuple(text[i : i + 13]) for i in range(len(text) - 12)}
    for number, words in enumerate(asked):
        others = {tuple(words[i : i + 13]) for i in range(len(words) - 12)}
        if grams | others and len(grams & others) / len(grams | others) > 0.6:
            expected[number] = len(grams & others) / len(grams | others)
    assert {m.question: m.score for m in jaccard(index, text, 0, 0.6)} == expected


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert find(INDEX, text, CONFIG) == find(INDEX, text, CONFIG)
