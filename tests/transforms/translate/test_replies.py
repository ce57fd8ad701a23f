"""Answers in the shapes that models write, and what is made of them."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.translate.config import Language
from transforms.translate.prompts import VERSION, prompt, render, shared
from transforms.translate.replies import Block, parse_reply

BLOCK = Block("Area", ("r is 2", "the figure is a circle"), r"\pi r^2", r"4\pi", "print(4)\n")
PLAIN = render(1, "Area", ["r is 2", "the figure is a circle"], r"\pi r^2", r"4\pi", "print(4)", "python")


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "Here is what I found.\n\n" + PLAIN + "\n\nI hope this helps!",
        PLAIN.replace("**", ""),
        PLAIN.replace("**Computation 1: Area**", "### Computation 1. Area"),
        PLAIN.replace("**Computation 1: Area**", "**Computation 1:** Area"),
        PLAIN.replace("Conditions Needed:", "**Conditions Needed:**"),
        PLAIN.replace("Conditions Needed:", "1. **Conditions Needed**:").replace("Computation Result:", "3. Result:"),
        PLAIN.replace("1. r", "- r").replace("2. the", "* the"),
        PLAIN.replace("Computation Expression:\n", "Computation Expression: "),
        PLAIN.replace(r"$\pi r^2$", r"\[ \pi r^2 \]").replace("Result:\n4\\pi", "Result: $4\\pi$"),
        PLAIN.replace(r"$\pi r^2$", r"$$\pi r^2$$"),
        PLAIN.replace("```python", "```py"),
        PLAIN.replace("```python", "```"),
        PLAIN.replace("```python\nprint(4)\n```", "print(4)"),
        PLAIN.replace("```python", "```bash\npip install sympy\n```\n```python"),
        PLAIN + "\n\n```\n4\n```",
        PLAIN.replace("\n", "\r\n").replace("\r\n", "\n"),
    ],
)
def test_shapes_of_one_block(text: str) -> None:
    assert parse_reply(text, "python") == ([BLOCK], [])


def test_one_block_without_a_title() -> None:
    ((block,), problems) = parse_reply(PLAIN.split("\n", 1)[1], "python")
    assert (block.title, block.code, problems) == ("", "print(4)\n", [])


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["no computation"]),
        ("I cannot help with that.", ["no computation"]),
        ("NONE", []),
        ("**None.**", []),
        (PLAIN.split("```")[0], ["no code"]),
        (PLAIN.removesuffix("\n```"), ["cut off"]),
        (PLAIN.replace("print(4)", ""), ["no code"]),
        (PLAIN.replace("```python", "```julia"), ["no code"]),
        (PLAIN.replace("4\\pi", ""), ["no result"]),
        (PLAIN.replace("Computation Expression:\n$\\pi r^2$", ""), ["no expression"]),
    ],
)
def test_what_cannot_be_used_is_counted(text: str, problems: list[str]) -> None:
    assert parse_reply(text, "python") == ([], problems)


def test_a_bad_block_leaves_the_others() -> None:
    second = PLAIN.replace("Computation 1", "Computation 2").replace("print(4)", "print(5)")
    third = PLAIN.replace("Computation 1", "Computation 3").split("```")[0]
    blocks, problems = parse_reply("\n\n".join([PLAIN, third, second]), "python")
    assert ([block.code for block in blocks], problems) == (["print(4)\n", "print(5)\n"], ["no code"])


WORDS = st.text(alphabet="abcxyz019 +=^.", min_size=1, max_size=20).map(lambda text: "w" + text.strip() + "w")


@given(WORDS, st.lists(WORDS, max_size=4), WORDS, WORDS, WORDS)
def test_rendering_then_parsing_is_the_identity(
    title: str, conditions: list[str], expression: str, result: str, code: str
) -> None:
    text = render(3, title, conditions, expression, result, code, "python")
    assert parse_reply(text, "python") == ([Block(title, tuple(conditions), expression, result, code + "\n")], [])


LINES = st.sampled_from([*PLAIN.splitlines(), "```", "``", "**", "$", "Computation 2:", "Result", "code:", "NONE", ""])


@given(st.text(max_size=200) | st.lists(LINES, max_size=20).map("\n".join), st.sampled_from(get_args(Language)))
def test_never_raises(text: str, language: Language) -> None:
    blocks, problems = parse_reply(text, language)
    assert all(block.code.strip() and block.expression and block.result for block in blocks)
    assert all(problems)


@pytest.mark.parametrize("language", get_args(Language))
def test_the_prompt_begins_alike_and_its_example_parses(language: Language) -> None:
    assert prompt("one", language).startswith(shared(language))
    assert prompt("one", language)[len(shared(language)) :].startswith("one")
    blocks, problems = parse_reply(shared(language).split("An example.")[1], language)
    assert ([block.title for block in blocks], problems) == (["The speed of the ball", "The greatest height"], [])
    assert VERSION == "1"
