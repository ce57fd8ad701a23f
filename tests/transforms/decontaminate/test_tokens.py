import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.decontaminate.tokens import spans, tokenize


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Find the VALUE", "find the\n  value?"),
        (r"$\dfrac{1}{2}$", r"\(\tfrac12\)"),
        (r"\left( x \right)^{2}", "(x)^2"),
        (r"5\,\text{cm if }x>2", "5 cm if x > 2"),
        (r"$10{,}000$ and 10\,000", "10,000 and 10000"),
        (r"$x \le 3 \cdot y$", "x ≤ 3·y"),
        (r"\pi r^2 \sqrt{2}", "πr² √2"),
        (r"\begin{array}{cl} a & b \\ c \end{array}", "a b c"),
        (r"\begin{align*}a=b\end{align*}", "$a = b$"),
        ("Janet’s “ducks” – twice", 'janet\'s "ducks" - twice'),
        ("café ﬁnite １２", "cafe\u0301 finite 12"),
        ("in\u00adfinite zero\u200bwidth", "infinite zerowidth"),
        ("| a | b |\n# c", "a b c"),
        (r"45^\circ \mathbb{R}", "45° ℝ"),
        (r"\displaystyle\operatorname{lcm}(4,6)", "lcm(4, 6)"),
    ],
)
def test_spellings_of_the_same(one: str, other: str) -> None:
    assert tokenize(one) == tokenize(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("solve 3x = 12", "solve 3x = 13"),
        (r"\sin x", r"\cos x"),
        ("the left side", "the side"),
        (r"\alpha", r"\beta"),
        ("1 000", "1000"),
    ],
)
def test_what_keeps_its_difference(one: str, other: str) -> None:
    assert tokenize(one) != tokenize(other)


def test_chinese_comes_by_character() -> None:
    assert tokenize("买了99页，看了x页") == ["买", "了", "99", "页", "看", "了", "x", "页"]


def test_spans_point_to_the_text() -> None:
    text = r"İ Find $\dfrac{1,000}{x²}$ in \left(芳\right)"
    words = [text[start:end] for start, end in spans(text)]
    assert tokenize(text)[1:] == ["find", "frac", "1000", "x", "2", "in", "芳"]
    assert words[1:] == ["Find", "dfrac", "1,000", "x²", "x²", "in", "芳"]


LATEX = st.lists(
    st.sampled_from(["\\frac", "\\left", "\\text", "{", "}", "$", "12", "1,000", "x", "İ", "ß", "ﬁ", "½", "ς", "́"])
).map("".join)


@given(st.text() | LATEX)
@example("ǰ①ﬀ\u00ad\u0345Ⅳ")
def test_normal_form_of_any_text(text: str) -> None:
    tokens, places = tokenize(text), spans(text)
    assert tokenize(" ".join(tokens)) == tokens
    assert len(places) == len(tokens)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)
    for token, (start, end) in zip(tokens, places, strict=True):
        assert token in tokenize(text[start:end]) or "frac" in text.lower()[:start]
