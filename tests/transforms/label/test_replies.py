"""What models really write, and what of it is an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.label.replies import parse_reply


@pytest.mark.parametrize(
    ("reply", "category"),
    [
        ("2", 2),
        (" 2\n", 2),
        ("2.", 2),
        ("(2)", 2),
        ("**2**", 2),
        ("2. An explanation of mathematics", 2),
        ("7: anything else", 7),
        ("Category: 3", 3),
        ("Category 3.", 3),
        ("category: 3 (science that uses mathematics)", 3),
        ("**Label:** 2", 2),
        ("**Category:** `5`", 5),
        ("### Answer\n\nCategory: 1", 1),
        ("The category is 4.", 4),
        ("Answer: category 6", 6),
        ("The final answer is $\\boxed{2}$", 2),
        ('{"category": 2}', 2),
        ("The text has 3 apples in it.\n\nSo the label is 1.", 1),
        ("Category 1 would need a solution. The page defines groups. Category: 2", 2),
        ("2\n\nThe text explains 3 theorems of 1823.", 2),
        ("<think>Is it category 1? No, 7.</think>\n\n2", 2),
        ("reasoning without its opening tag, category 7</think>Category: 1", 1),
        ("Category: 2\n\nThis text explains how 5 and 7 are added.", 2),
    ],
)
def test_answers(reply: str, category: int) -> None:
    assert parse_reply(reply) == category


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("", "no_category"),
        ("I cannot say.", "no_category"),
        ("8", "no_category"),
        ("0", "no_category"),
        ("12", "no_category"),
        ("2.5", "no_category"),
        ("Category: 9", "no_category"),
        ("Category: 15", "no_category"),
        ("3 apples and 4 pears are counted.", "no_category"),
        ("It was published in 2 volumes.", "no_category"),
        ("Category: 1 or 2", "several_categories"),
        ("Category 3, but perhaps category 2", "several_categories"),
        ("<think>It could be category 2", "cut_off"),
    ],
)
def test_what_is_no_answer(reply: str, problem: str) -> None:
    assert parse_reply(reply) == problem


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ("Category: 2\n\nThe text is about the", 2),
        ("2. Theory\nbecause", 2),
        ("Let me see. Category 1 would", "cut_off"),
        ("Category: 1", "cut_off"),
        ("", "cut_off"),
        ("<think>Category: 1\n\nHm", "cut_off"),
    ],
)
def test_a_reply_that_was_cut_off_counts_only_if_it_began_with_its_answer(reply: str, found: int | str) -> None:
    assert parse_reply(reply, cut_off=True) == found


@given(st.text(alphabet="Category123: <think/>.,or \n*", max_size=200), st.booleans())
def test_always_a_category_or_a_reason(reply: str, cut_off: bool) -> None:
    found = parse_reply(reply, cut_off)
    assert found in range(1, 8) or found in ("no_category", "several_categories", "cut_off")


def test_long_replies_take_no_time() -> None:
    assert parse_reply("category " * 100_000 + "2") == 2
    assert parse_reply("category is is is " * 50_000) == "no_category"
    assert parse_reply(" " * 1_000_000 + "x") == "no_category"
