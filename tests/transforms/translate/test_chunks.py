import re
import time
from bisect import bisect_right
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.tokenizer import Ends, many_tokens, token_ends
from transforms.text_format import code_spans, formulas, spans
from transforms.translate.chunks import chunks

PARTS = ("a b. ", "\n", "\n\n", "$x = 1$", "$$\n\ny\n\n$$", "`c. d`", "```\nx\n\ny\n```\n", "$", "数学。", "\u2028")
PARTS += ("\r\n", "😀", "e\u0301", " \t", "| a | b |\n", "\x00", "$$\n\\begin{align}\na &= b \\\\\n\\end{align}\n$$")
TEXTS = st.lists(st.sampled_from(PARTS)).map("".join)


def words(text: str) -> list[int]:
    return [match.end() for match in re.finditer(r"\S+", text)]


def in_bytes(text: str) -> list[int]:
    """As byte-level tokenizers do: several tokens end with one character."""
    return [end for end, character in enumerate(text, 1) for _ in character.encode()]


def test_a_short_text_is_one_chunk() -> None:
    assert chunks("a b\n\nc", 10, words) == ["a b\n\nc"]
    assert chunks(" \n\n ", 10, words) == []
    assert chunks("", 10, words) == []


def test_cuts_between_paragraphs_and_fills_the_chunks() -> None:
    assert chunks("a b c\n\nd e\n\nf g h\n\ni", 5, words) == ["a b c\n\nd e", "f g h\n\ni"]


def test_a_long_paragraph_is_cut_between_lines_then_sentences_then_words() -> None:
    assert chunks("a b\nc d\n\ne", 3, words) == ["a b", "c d\n\ne"]
    assert chunks("One two. Three four. Five six.", 4, words) == ["One two. Three four.", "Five six."]
    assert chunks("one two three four five", 2, words) == ["one two", "three four", "five"]
    assert chunks("x" * 10, 4, in_bytes) == ["xxxx", "xxxx", "xx"]


def test_never_cuts_inside_formulas_or_code() -> None:
    formula = "$$a = b + c\n\n+ d + e. F + g$$"
    code = "```python\na = 1\n\nb = 2\n\nc = 3\n```"
    assert chunks(f"Words here.\n\n{formula}\n\n{code}\n\nMore words.", 3, words) == [
        "Words here.",
        formula,
        code,
        "More words.",
    ]


def check(text: str, limit: int, tokens: Ends) -> list[str]:
    made = chunks(text, limit, tokens)
    assert "".join("".join(made).split()) == "".join(text.split())
    assert all(piece and piece == piece.strip() for piece in made)
    whole = {text[f.start : f.end] for f in formulas(text)} | {text[start:end] for start, end in code_spans(text)}
    for span in whole:
        assert any(span.strip() in piece for piece in made)
    return made


def place(text: str, pieces: Sequence[str]) -> list[tuple[int, int]]:
    """Where each piece stands in the text."""
    found, at = [], 0
    for piece in pieces:
        start = text.index(piece, at)
        at = start + len(piece)
        found.append((start, at))
    return found


@settings(deadline=None, max_examples=50)
@given(TEXTS, st.integers(1, 9), st.sampled_from([words, token_ends, many_tokens]))
def test_nothing_is_lost_and_no_chunk_is_longer_than_it_must_be(text: str, limit: int, tokens: Ends) -> None:
    ends = tokens(text)
    for start, end in place(text, check(text, limit, tokens)):
        if bisect_right(ends, end) - bisect_right(ends, start) > limit:  # then one formula or program is in it
            inside = [text[span.start : span.end] for span in spans(text) if start <= span.start < end]
            around = text[start:end]
            for span in inside:
                around = around.replace(span.strip(), "", 1)
            assert inside or len(around) == 1
            assert len(around.strip()) <= 1


@settings(deadline=None, max_examples=50)
@given(TEXTS, st.integers(1, 9), st.lists(st.integers(0, 200)))
def test_tokens_may_end_anywhere(text: str, limit: int, ends: list[int]) -> None:
    check(text, limit, lambda _: sorted(ends))
    check(text, limit, lambda _: ends)


@settings(deadline=None, max_examples=50)
@given(TEXTS, st.integers(1, 9))
def test_neighbours_are_joined_where_they_fit(text: str, limit: int) -> None:
    ends = words(text)
    places = place(text, check(text, limit, words))
    for (start, _), (_, end) in zip(places, places[2:], strict=False):
        assert bisect_right(ends, end) - bisect_right(ends, start) > limit  # three pieces never fit into one


@pytest.mark.parametrize(
    "text",
    [
        "word " * 200_000,
        "x" * 300_000,
        "$" + "x + " * 100_000 + "$",
        "a $x$\n\n" * 40_000,
        "$" * 100_000,
        "`" * 100_000,
    ],
    ids=["words", "base 64", "a formula", "formulas", "dollars", "ticks"],
)
@pytest.mark.pipeline
def test_long_texts_take_seconds(text: str) -> None:
    start = time.process_time()
    check(text, 500, many_tokens)
    assert time.process_time() - start < 20
