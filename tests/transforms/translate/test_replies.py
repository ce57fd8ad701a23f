"""Answers in the shapes that models write, and what is made of them."""

import json
import re
import time
from itertools import permutations
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.translate.config import Language
from transforms.translate.prompts import render
from transforms.translate.replies import Block, Problem, parse_reply

BLOCK = Block("Area", ("r is 2", "the figure is a circle"), r"\pi r^2", r"4\pi", "print(4)\n")
PLAIN = render(1, "Area", ["r is 2", "the figure is a circle"], r"\pi r^2", r"4\pi", "print(4)", "python")
START = "**Computation 1: Area**"
NAMES = ("Conditions Needed:", "Computation Expression:", "Computation Result:", "Python Code Snippet:")
FENCED = "```python\nprint(4)\n```"
OTHER = Block("Sum", BLOCK.conditions, BLOCK.expression, BLOCK.result, "print(5)\n")
SECOND = PLAIN.replace("1: Area", "2: Sum").replace("print(4)", "print(5)")


def swap(*pairs: tuple[str, str]) -> str:
    text = PLAIN
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def styled(style: str) -> str:
    """The names of the fields in a style: `{}` with the colon, `{bare}` without, `{n}` their number."""
    return swap(*((name, style.format(name, bare=name[:-1], n=n)) for n, name in enumerate(NAMES, 1)))


STYLES = [
    *("**{}**", "**{bare}**:", "*{}*", "__{}__", "### {bare}", "#### **{}**", "{bare}", "{n}. {}", "{n}. **{bare}**:"),
    *("**{n}. {}**", "- {}", "* **{}**", "({n}) {}", "Step {n}: {}", "{bare}：", r"\textbf{{{}}}", "<b>{}</b>"),
    *("> {}", "📌 **{}**", "`{}`", "{bare} (see the text):"),
]


@pytest.mark.parametrize("style", STYLES)
def test_styles_of_headers(style: str) -> None:
    assert parse_reply(styled(style), "python") == ([BLOCK], [])


@pytest.mark.parametrize(
    "start",
    [
        *("Computation 1: Area", "### Computation 1. Area", "## Computation 1 — Area", "**Computation 1:** Area"),
        *("### Computation 1 Area", "#2: Area", "#2 Area", "COMPUTATION ONE: Area", "[Computation 1: Area]"),
        *(
            "**Computation 1 (Area)**",
            "**Computation 1**\n\nArea",
            "Computation 1: Area\n======",
            "**Computation: Area**",
        ),
        *(
            "## Area",
            "**Area**",
            "1. **Area**",
            "1. Area",
            "### **1. Area**",
            "Title: Area",
            r"\section*{Computation 1: Area}",
        ),
        *(
            "Computation #1 of 2: Area",
            "Computation 1.1: Area",
            "## Area ##",
            "**Calculation 1 - *Area***",
            "> **Computation 1: Area**",
            "✅ Computation 1: Area",
        ),
    ],
)
def test_starts_of_a_block(start: str) -> None:
    assert parse_reply(swap((START, start)), "python") == ([BLOCK], [])


@pytest.mark.parametrize(
    "text",
    [
        "Here is what I found.\n\n" + PLAIN + "\n\nI hope this helps!",
        "I see two:\n1. Computation 1: Area\n2. Computation 2: Sum\n\n## Answer\n\n" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN + "<|im_end|>",
        "<think>\n**Computation 1: X**\n```python\n</think>\n\n" + PLAIN,
        "Let me see. Computation 1: X\n</think>\n" + PLAIN,
        PLAIN + "\n\n---\n\n" + PLAIN,
        PLAIN + "\n\n### Summary\n\nResult: 4\n- Computation 1: the area",
        "```markdown\n" + PLAIN + "\n```",
        "````\n" + PLAIN + "\n````\nDone.",
        "\n".join("> " + line for line in PLAIN.split("\n")),
        swap(("Conditions Needed:", "Given:"), ("Computation Result:", "Answer:"), ("Python Code Snippet:", "Code:")),
        swap(("Python Code Snippet:", "Code Snippet (Python):")),
        swap(("Python Code Snippet:\n", "")),
        swap(("1. r", "- r"), ("2. the", "• the")),
        swap(("1. r", "(a) r"), ("2. the", "(b) the")),
        swap(("1. r is 2\n2. the", "The following is given:\nr is 2\n\nthe")).replace("The following is given:\n", ""),
        swap(("Needed:\n1. r is 2\n2.", "Needed: 1. r is 2 2.")),
        swap(("1. r is 2", "Here are they:\n\n1. r\n   is 2\n")),
        swap(("Computation Expression:\n", "Computation Expression: "), ("Snippet:\n", "Snippet: ")),
        swap((r"$\pi r^2$", r"\[ \pi r^2 \]"), ("Result:\n4\\pi", "Result: **$4\\pi$**.")),
        swap((r"$\pi r^2$", "$$\n\\pi r^2\n$$")),
        swap((r"$\pi r^2$", "```latex\n\\pi r^2\n```")),
        swap(("4\\pi", "4\\pi\n\nThe Result: is the area.\nComputation 3 uses it.")),
        swap(("Result:\n", "Result:\nThe result is:\n\n")),
        swap(("Computation Result:\n4\\pi\n\n", "")) + "\n\nComputation Result: 4\\pi",
        swap(("```", "~~~")),
        swap(("```python", "````python title='a.py'"), ("4)\n```", "4)\n````")),
        swap(("```python", "```py")),
        swap(("```python", "```")),
        swap(("```python", "```")) + "\n\nOutput:\n```\n4\n```",
        swap(("```python", "```bash\npip install sympy\n```\n```julia\nprint(3)\n```\n```python")),
        swap(("4)\n```", "4)```")),
        swap((FENCED, "```python print(4)```")),
        swap((FENCED, "   ```python\n   print(4)\n   ```")),
        swap((FENCED, "print(4)")) + "\n\nThis prints the area of it.",
        swap(("```python\n", "")) + "\n\nThis prints the area of it.",
        swap((FENCED, "    print(4)")),
        swap((FENCED, "[PYTHON]\nprint(4)\n[/PYTHON]")),
        PLAIN + "\n\n**Output:**\n```text\n4\n```",
        swap((FENCED, "Here is the code:\n\nprint(4)\nThis prints the area of it.")),
        swap(("1. r", r"\item r"), ("2. the", r"\item the")),
        swap(
            ("Computation Expression:", "computation_expression:"),
            ("Computation Result:", "### Computation Result ###"),
        ),
        PLAIN + "\n\n### Summary\n\n**Computation 1**: the area",
        PLAIN + "\n\nFinal Answer: 5",
        PLAIN + "\n\n**Assumptions:** none.",
        "## Answer\n\nHere they are.\n\n" + swap((START, "### Area")),
        swap(("Result:\n4\\pi", "***Result:*** **$4\\pi$**"), ("Computation ***", "***")),
    ],
)
def test_shapes_of_one_block(text: str) -> None:
    assert parse_reply(text, "python") == ([BLOCK], [])


@pytest.mark.parametrize(
    "text",
    [
        PLAIN + "\n\n" + SECOND,
        PLAIN + SECOND,
        PLAIN.removesuffix("\n```") + "\n\n---\n\n" + SECOND,
        PLAIN.removesuffix("\n```") + "\n\n" + SECOND.replace("```python", "```"),
        PLAIN.removesuffix("\n```") + "\n\nOutput:\n```\n4\n```\n\n" + SECOND,
        PLAIN.replace("```python\n", "") + "\n\n" + SECOND,
        PLAIN.replace(FENCED, "print(4)") + "\n\n" + SECOND,
        PLAIN.replace(START, "## Area") + "\n\n" + SECOND.replace("**Computation 2: Sum**", "## Sum"),
        PLAIN.replace(START, "1. **Area**") + "\n\n" + SECOND.replace("**Computation 2: Sum**", "2. **Sum**"),
    ],
)
def test_two_blocks(text: str) -> None:
    assert parse_reply(text, "python") == ([BLOCK, OTHER], [])


@pytest.mark.parametrize("start", ["**Computation {}: {}**", "## {1}"])
@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_parts_in_any_order(order: tuple[int, ...], start: str) -> None:
    written = []
    for number, (block, text) in enumerate(((BLOCK, PLAIN), (OTHER, SECOND)), 1):
        parts = re.split(r"\n\n(?=[CP]\w+ [\w ]+:\n)", text)[1:]
        written.append("\n\n".join([start.format(number, block.title), *(parts[place] for place in order)]))
    assert parse_reply("\n\n".join(written), "python") == ([BLOCK, OTHER], [])


def test_blocks_without_a_start() -> None:
    text = "\n\n".join(part.split("\n", 1)[1] for part in (PLAIN, SECOND))
    (first, second), problems = parse_reply(text, "python")
    assert (first.title, first.code, second.code, problems) == ("", "print(4)\n", "print(5)\n", [])


def test_a_list_in_a_list() -> None:
    lines = [
        "1. **Area**",
        *("   - **" + line + "**" if line in NAMES else "     " + line for line in PLAIN.split("\n")[2:]),
    ]
    assert parse_reply("\n".join(lines), "python") == ([BLOCK], [])


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["no computation"]),
        ("I cannot help with that.", ["no computation"]),
        (FENCED, ["no computation"]),
        *((none, []) for none in ("NONE", "**None.**", "Answer: NONE", "Computations:\n\nNONE", "```\nNONE\n```")),
        *(
            (none, [])
            for none in (
                "NONE. It only defines.",
                r"\boxed{NONE}",
                '"none"',
                "<think>so</think>NONE</s>",
                "None found.",
            )
        ),
        ("The text contains no complex computations, only definitions.", []),
        ("<think>\n" + PLAIN, ["cut off"]),
        (PLAIN.split("```")[0], ["cut off"]),
        (PLAIN.split("Computation Result")[0], ["cut off"]),
        (PLAIN.removesuffix("\n```"), ["cut off"]),
        (swap((FENCED, "It is left out, as it is easy.")), ["no code"]),
        (swap(("print(4)", "")), ["no code"]),
        (swap(("```python", "```bash")), ["no code"]),
        (swap(("```python\nprint(4)", "```\n4")), ["no code"]),
        (swap(("```python", "```julia")), ["other language"]),
        (swap(("```python", "```"), ("Python Code", "MATLAB Code")), ["other language"]),
        (swap(("4\\pi", "")), ["no result"]),
        (swap(("4\\pi", "N/A")), ["no result"]),
        (swap(("Computation Expression:\n$\\pi r^2$", ""), ("4\\pi", "")), ["no expression"]),
    ],
)
def test_what_cannot_be_used_is_counted(text: str, problems: list[str]) -> None:
    assert parse_reply(text, "python") == ([], problems)


def test_a_bad_block_leaves_the_others() -> None:
    third = PLAIN.split("```")[0] + "\n\n**Computation 4: Same**\n\nAs above."
    blocks, problems = parse_reply("\n\n".join([PLAIN, third, SECOND, "**Computation 5: Ar"]), "python")
    assert (blocks, problems) == ([BLOCK, OTHER], [Problem.NO_CODE, Problem.NO_CODE, Problem.CUT_OFF])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("$x = 1$ and $y = 2$", "$x = 1$ and $y = 2$"),
        (r"$\text{if $x$}$", r"\text{if $x$}"),
        ("$$\n\\text{Result:}\n\n5\n$$", "\\text{Result:}\n5"),
        (r"$\boxed{4}$", r"\boxed{4}"),
        ("-4", "-4"),
        (r"\$5", r"\$5"),
        ("* $4$", "4"),
        ("**Answer: 4**", "4"),
    ],
)
def test_results(written: str, read: str) -> None:
    ((block,), _) = parse_reply(PLAIN.replace("4\\pi", written), "python")
    assert block.result == read


ITEM = {
    "title": "Area",
    "conditions": [*BLOCK.conditions],
    "expression": r"\pi r^2",
    "result": r"4\pi",
    "code": "print(4)",
}
ANSWER = json.dumps({"computations": [ITEM]})
TWO = json.dumps({"computations": [ITEM, ITEM | {"title": "Sum", "code": "print(5)"}]}, indent=2)


@pytest.mark.parametrize(
    "text",
    [
        ANSWER,
        f"Here:\n```json\n{ANSWER}\n```\nDone {{x}}.",
        json.dumps([ITEM, ITEM]),
        json.dumps(ITEM),
        json.dumps({"computation_1": ITEM, "note": "one"}),
        json.dumps({"results": [ITEM]}),
        ANSWER.replace("\\\\", "\\"),
        ANSWER.replace("}]}", "},]}"),
        ANSWER.replace('"title"', '"Title"').replace('"conditions"', '"Conditions Needed"'),
        ANSWER.replace('"code"', '"id": 1, "python_code"').replace(r"\\pi r^2", r"$\\pi r^2$"),
        json.dumps({"computations": [ITEM | {"code": ["", "print(4)\n"]}]}),
        json.dumps({"computations": [ITEM | {"code": FENCED}]}),
        json.dumps({"computations": [ITEM | {"conditions": "1. r is 2\n2. the figure is a circle"}]}),
        PLAIN,
        swap(("print(4)", 'print({"a": [4]})')).replace('{"a": [4]}', "4"),
    ],
)
def test_structured_answers(text: str) -> None:
    assert parse_reply(text, "python", structured=True) == ([BLOCK], [])


@pytest.mark.parametrize(
    ("text", "blocks", "problems"),
    [
        ('{"computations": []}', [], []),
        ("[]", [], []),
        ("NONE", [], []),
        ("nothing", [], ["no computation"]),
        (TWO[:-40], [BLOCK], ["cut off"]),
        (TWO[:-4], [BLOCK, OTHER], []),
        (TWO.replace('"print(4)"', "null"), [OTHER], ["no code"]),
        (TWO.replace('"print(4)"', '"print("4")"'), [OTHER], ["no code"]),
        (ANSWER.replace("print(4)", "```julia\\nprint(4)\\n```"), [], ["other language"]),
        (ANSWER.replace(r"4\\pi", ""), [], ["no result"]),
    ],
)
def test_structured_answers_in_part(text: str, blocks: list[Block], problems: list[str]) -> None:
    assert parse_reply(text, "python", structured=True) == (blocks, problems)


def test_latex_that_json_misreads() -> None:
    text = ANSWER.replace(r"\\pi r^2", r"\begin{matrix}1\\2\end{matrix}\alpha").replace(
        r"4\\pi", r"\frac{\theta}{\nu}\rho"
    )
    ((block,), _) = parse_reply(text, "python", structured=True)
    assert (block.expression, block.result) == (r"\begin{matrix}1\\2\end{matrix}\alpha", r"\frac{\theta}{\nu}\rho")


# Properties

PIECES = st.lists(
    st.sampled_from(
        [
            *"xyz07+-=<>é→∑中",
            r"\frac{1}{2}",
            r"\text{if $a$ Result: b}",
            r"\$",
            " ",
            "^2",
            "_{ij}",
            r" \\ ",
            "`a`",
            " * b",
        ]
    ),
    max_size=12,
).map("".join)
WORDS = PIECES.map(lambda text: f"w{text}w")
LINES = [
    *(
        'print("Result: 4")',
        "# Conditions Needed:",
        "# Computation 2: x",
        "x = '```'",
        "``` # no end",
        "```python",
        "Result: 4",
    ),
    *(
        '"""',
        "    y = 2",
        "\tz = 3",
        "",
        "  ",
        "~~~",
        "é = '$x$'",
        "# Python Code Snippet:",
        "---",
        "None",
        "</s>",
        "> 3",
    ),
]


def codes(lines: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(lines), max_size=8).map(lambda body: "\n".join(["x = 1", *body, "print(x)"]) + "\n")


def all_blocks(code: st.SearchStrategy[str], most: int = 3) -> st.SearchStrategy[list[Block]]:
    block = st.builds(Block, WORDS, st.lists(WORDS, max_size=4).map(tuple), WORDS, WORDS, code)
    return st.lists(block, min_size=1, max_size=most, unique=True)


BLOCKS = all_blocks(codes([*LINES, "**Computation 7: Z**", "Conditions Needed:", "Python Code Snippet:", "NONE"]))
LANGUAGES = st.sampled_from(get_args(Language))


def write(blocks: list[Block], language: Language) -> str:
    return "\n\n".join(
        render(n, one.title, [*one.conditions], one.expression, one.result, one.code.rstrip("\n"), language)
        for n, one in enumerate(blocks, 1)
    )


def write_json(blocks: list[Block], *, ascii_only: bool = False) -> str:
    keys = ("title", "conditions", "expression", "result", "code")
    items = [{key: getattr(one, key) for key in keys} for one in blocks]
    return json.dumps({"computations": items}, ensure_ascii=ascii_only)


@given(BLOCKS, LANGUAGES)
@settings(deadline=None)
def test_rendering_then_parsing_is_the_identity(blocks: list[Block], language: Language) -> None:
    assert parse_reply(write(blocks, language), language) == (blocks, [])


@given(BLOCKS, LANGUAGES, st.booleans())
@settings(deadline=None)
def test_json_is_read_as_it_was_written(blocks: list[Block], language: Language, ascii_only: bool) -> None:
    text = write_json(blocks, ascii_only=ascii_only)
    assert parse_reply(text, language, structured=True) == (blocks, [])


@given(all_blocks(codes(LINES)), LANGUAGES, st.booleans(), st.floats(0, 1))
@settings(deadline=None)
def test_a_reply_that_is_cut_off(blocks: list[Block], language: Language, structured: bool, where: float) -> None:
    text = write_json(blocks) if structured else write(blocks, language)
    found, problems = parse_reply(text[: int(where * len(text))], language, structured=structured)
    assert found == blocks[: len(found)]
    assert len(problems) <= 1


def choice(*options: str) -> st.SearchStrategy[str]:
    return st.sampled_from(options)


DECORATIONS: dict[str, st.SearchStrategy[str]] = {
    "header": st.sampled_from(STYLES),
    "start": choice(
        "**Computation {}: {}**", "### Computation {} - {}", "Computation {}: {}", "## {}. {}", "**#{}: {}**"
    ),
    "bullet": choice("{}. ", "- ", "* ", "• ", "({}) ", "{}) "),
    "math": choice("${}$", "$${}$$", r"\[ {} \]", r"\({}\)", "**${}$**", "$$\n{}\n$$"),
    "fence": choice("```", "~~~", "`````"),
    "before": choice("", "Sure!\n\n", "## Computations\n\n", "<think>No.\n</think>\n", "I found these:\n- one\n\n"),
    "between": choice("\n", "\n\n", "\n\n---\n\n", "\n\nNext one.\n\n", "\n\n**Output:**\n```\n7\n```\n\n"),
    "end": choice("\n", "\r\n"),
}


def decorated(blocks: list[Block], how: dict[str, str]) -> str:
    """The blocks as a model may write them."""
    heads = [how["header"].format(name, bare=name[:-1], n=n) for n, name in enumerate(NAMES, 1)]
    parts = []
    for number, block in enumerate(blocks, 1):
        items = "".join(f"{how['bullet'].format(n)}{one}\n" for n, one in enumerate(block.conditions, 1))
        formula = how["math"].replace("{}", block.expression)
        fields = (items, f"{formula}\n", f"{block.result}\n", f"{how['fence']}py\n{block.code}{how['fence']}\n")
        body = "\n".join(f"{head}\n{field}" for head, field in zip(heads, fields, strict=True))
        parts.append(how["start"].format(number, block.title) + "\n\n" + body.rstrip("\n"))
    return (how["before"] + how["between"].join(parts) + "\n\nThat is all.").replace("\n", how["end"])


@given(all_blocks(st.sampled_from(["print(1)\n", "x = 2\n\nprint(x)\n"])), st.fixed_dictionaries(DECORATIONS))
@settings(deadline=None)
def test_decoration_changes_nothing(blocks: list[Block], how: dict[str, str]) -> None:
    assert parse_reply(decorated(blocks, how), "python") == (blocks, [])


SCRAPS = [
    *PLAIN.splitlines(),
    *LINES,
    *ANSWER.split(" "),
    "**",
    "$",
    "\\",
    "<think>",
    "</think>",
    "1. x",
    "Code: `",
    "\ud800",
]


@given(
    st.text(max_size=200) | st.lists(st.sampled_from(SCRAPS), max_size=25).map("\n".join),
    LANGUAGES,
    st.booleans(),
)
@settings(deadline=None)
def test_never_raises(text: str, language: Language, structured: bool) -> None:
    blocks, problems = parse_reply(text, language, structured=structured)
    assert all(block.code.strip() and block.expression and block.result for block in blocks)
    assert all(isinstance(problem, Problem) for problem in problems)
    assert len(set(blocks)) == len(blocks)
    repr(blocks).encode()


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "Computation 1:\n",
            "`",
            "```\n",
            "```a\n**Computation 2**\n",
            "$",
            "*",
            "* ",
            "> ",
            "\n",
            " ",
            "1. x\n",
            "[",
            "{",
        ),
        *('{"a":', '"a",', "\\", "<think>\n", "</think>", "Conditions Needed:\n", "Code:\n1. x\n", "print(", "</s>"),
    ],
)
@pytest.mark.parametrize("before", ["", "```python\n", "Computation 1: a\nComputation Expression: "])
def test_time_is_linear(unit: str, before: str) -> None:
    text = before + unit * (100_000 // len(unit))
    begun = time.process_time()
    parse_reply(text, "python", structured=not before)
    assert time.process_time() - begun < 1.5


@pytest.mark.parametrize("unit", ["Computation 1:\n", "`", "$ *", "```\n"])
def test_a_megabyte_takes_seconds(unit: str) -> None:
    begun = time.process_time()
    parse_reply(unit * (1_000_000 // len(unit)), "python")
    assert time.process_time() - begun < 5
