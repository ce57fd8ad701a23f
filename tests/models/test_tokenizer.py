import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.tokenize import wordpunct_tokenize

from models import tokenizer


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        (" \n\t", 0),
        ("two words", 2),
        ("don't stop.", 5),
        ("$x^2$", 5),  # $ x ^ 2 $
        ("数学は楽しい", 6),
        ("设函数 f 连续", 6),
        ("naïve Füße", 2),
    ],
)
def test_counts(text: str, tokens: int) -> None:
    assert tokenizer.count_tokens(text) == tokens


@given(st.text(st.characters(max_codepoint=0x2FFF, exclude_categories=["Cs"])))
def test_is_wordpunct_but_for_scripts_without_spaces(text: str) -> None:
    assert tokenizer.count_tokens(text) == len(wordpunct_tokenize(text))


def test_names_itself() -> None:
    assert tokenizer.name() == "nltk-wordpunct-1"
