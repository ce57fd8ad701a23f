from hypothesis import given
from hypothesis import strategies as st

from transforms.text_format import code_spans, formulas
from transforms.translate.chunks import chunks


def count(text: str) -> int:
    return len(text.split())


def test_a_short_text_is_one_chunk() -> None:
    assert chunks("a b\n\nc", 10, count) == ["a b\n\nc"]
    assert chunks(" \n\n ", 10, count) == []


def test_cuts_between_paragraphs_and_fills_the_chunks() -> None:
    assert chunks("a b c\n\nd e\n\nf g h\n\ni", 5, count) == ["a b c\n\nd e", "f g h\n\ni"]


def test_a_long_paragraph_is_cut_between_lines_then_sentences() -> None:
    assert chunks("a b\nc d\n\ne", 3, count) == ["a b", "c d\n\ne"]
    assert chunks("One two. Three four. Five six.", 4, count) == ["One two. Three four.", "Five six."]


def test_never_cuts_inside_formulas_or_code() -> None:
    formula = "$$a = b + c\n\n+ d + e. F + g$$"
    code = "```python\na = 1\n\nb = 2\n\nc = 3\n```"
    assert chunks(f"Words here.\n\n{formula}\n\n{code}\n\nMore words.", 3, count) == [
        "Words here.",
        formula,
        code,
        "More words.",
    ]


@given(
    st.lists(
        st.sampled_from(["a b. ", "\n", "\n\n", "$x = 1$", "$$\n\ny\n\n$$", "`c. d`", "```\nx\n\ny\n```\n", "$"])
    ).map("".join),
    st.integers(1, 9),
)
def test_nothing_is_lost_and_no_chunk_is_longer_than_it_must_be(text: str, limit: int) -> None:
    made = chunks(text, limit, count)
    assert "".join("".join(made).split()) == "".join(text.split())
    whole = {text[f.start : f.end] for f in formulas(text)} | {text[start:end] for start, end in code_spans(text)}
    for span in whole:
        assert any(span.strip() in piece for piece in made)
    for piece in made:
        pieces = len(formulas(piece)) + len(code_spans(piece))
        assert count(piece) <= limit or pieces or "." not in piece.rstrip(". ")
