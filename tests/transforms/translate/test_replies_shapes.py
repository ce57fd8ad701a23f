"""Replies in many shapes, each with the parse that a careful reader wants, written by someone who knew no parser.

Those whose names begin with `real-` are of a tiny model; what they should be read as was written when the parser was
there. Those that begin with `later-` are by another author, and were first read when the parser was done.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from transforms.translate.config import Language
from transforms.translate.prompts import render
from transforms.translate.replies import Block, parse_reply

REPLIES = [
    json.loads(line) for line in Path(__file__).with_name("replies.jsonl").read_text(encoding="utf-8").splitlines()
]
# Where we say something else than the author of the replies, and why.
OTHERWISE = {
    # Both wanted "no computation". That the model ran out of tokens tells the user what to change.
    "think-never-ends": ["cut off"],
    "json-cut-before-items": ["cut off"],
    "later-nocomp-think-cut": ["cut off"],
    # He wanted nothing to be said of a block that holds the prompt's placeholders.
    "later-echo-template": ["no code"],
}


def block(fields: dict[str, Any]) -> Block:
    return Block(**fields | {"conditions": tuple(fields["conditions"])})


@pytest.mark.parametrize("reply", REPLIES, ids=[reply["name"] for reply in REPLIES])
def test_a_reply_is_read_as_its_reader_wants(reply: dict[str, Any]) -> None:
    cut_off = reply["finish_reason"] == "length"
    found = parse_reply(reply["reply"], reply["language"], structured=reply["structured"], cut_off=cut_off)
    assert found == ([*map(block, reply["blocks"])], OTHERWISE.get(reply["name"], reply["unusable"]))


def test_names_are_unique() -> None:
    names = [reply["name"] for reply in REPLIES]
    assert len(set(names)) == len(names)
    assert OTHERWISE.keys() <= set(names)


BLOCK = Block("Sum", ("a = 1",), "a + 1", "2", "print(1 + 1)\n")


def answer(code: str, language: Language = "python") -> str:
    return render(1, "Sum", ["a = 1"], "a + 1", "2", code, language)


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("mathematica", "(* the sum *) Print[1 + 1]"),
        ("mathematica", "#^2 & /@ Range[3]"),
        ("lean", "#eval 1 + 1"),
        ("matlab", "x = A'; fprintf('%d\\n', x)"),
        ("python", 'print("a\\nb", 1 + 1)'),
        ("python", "# The sum\n\nprint(1 + 1)"),
        ("python", "for x in range(3): print(x)"),
    ],
)
def test_short_programs_stay(language: Language, code: str) -> None:
    written = json.dumps({"computations": [asdict(BLOCK) | {"code": code}]})
    for text, structured in ((answer(code, language), False), (written, True)):
        (found,), problems = parse_reply(text, language, structured=structured)
        assert (found.code, problems) == (code + "\n", [])


@pytest.mark.parametrize(
    ("language", "code"),
    [
        *(("python", text) for text in ("...", "# TODO", "pass", "the whole program", "Computation 2: Sum", "python")),
        *(("matlab", text) for text in ("% the program", "the program works the sum out.")),
        *(("mathematica", text) for text in ("(* the program *)", "...")),
        *(("lean", text) for text in ("-- the program", "/- the program -/")),
    ],
)
def test_what_stands_for_a_program_is_none(language: Language, code: str) -> None:
    assert parse_reply(answer(code, language), language) == ([], ["no code"])


@pytest.mark.parametrize(
    ("text", "cut_off", "problems"),
    [
        (answer("print(1 + 1)").removesuffix("\n```"), True, ["cut off"]),
        (answer("print(1 + 1)").removesuffix("\n```"), None, ["cut off"]),
        (answer("print(1 + 1)").replace("```python\n", "").removesuffix("\n```"), True, ["cut off"]),
        (answer("print(1 + 1)").replace("```python\n", "").replace("\n```", "\n# It is"), True, ["cut off"]),
        (answer("print(1 + 1)").split("Python Code")[0], True, ["cut off"]),
        (answer("print(1 + 1)").split("Python Code")[0], False, ["no code"]),
    ],
)
def test_what_the_end_of_the_reply_tells(text: str, cut_off: bool | None, problems: list[str]) -> None:
    assert parse_reply(text, "python", cut_off=cut_off) == ([], problems)


@pytest.mark.parametrize(
    "text",
    [
        answer("print(1 + 1)").removesuffix("\n```"),
        answer("print(1 + 1)").replace("```python\n", "").removesuffix("\n```"),
        answer("print(1 + 1)").replace("```python", "`````python"),
        answer("print(1 + 1)").replace("Computation Result:\n2", "Result = 2"),
        answer("print(1 + 1)").replace("Computation Result:\n2\n\n", "") + "\n\nResult = 2",
        answer("print(1 + 1)").replace("**C", "## 🧮 **C").replace("Python Code", "- 🐍 Python Code"),
        "<|channel|>analysis<|message|>So.<|end|><|channel|>final<|message|>" + answer("print(1 + 1)") + "<|return|>",
        json.dumps([asdict(BLOCK)]).replace("[{", '{"computations": [{'),
        str({"computations": [asdict(BLOCK)]}),
        f"Here it is:\n```json\n{json.dumps({'computations': [asdict(BLOCK)]}, indent=2)}\n```\nThat is all.",
        answer("!pip install sympy\n\nprint(1 + 1)"),
        answer("    print(1 + 1)"),
    ],
)
def test_shapes_of_a_reply_that_the_model_ended(text: str) -> None:
    assert parse_reply(text, "python", cut_off=False) == ([BLOCK], [])


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("The text has no computations, only a definition of when $f$ is even.", []),
        ("Der Text enthält keine Rechnung: NONE", []),
        ("If the text has no such computation, answer with the single word NONE.", ["no computation"]),
        ("Otherwise answer NONE", ["no computation"]),
        ("<|channel|>analysis<|message|>The text", ["cut off"]),
        ('{"computations": "none"}', []),
        ('{"computations": {"type": "array"}}', ["no computation"]),
    ],
)
def test_replies_without_a_computation(text: str, problems: list[str]) -> None:
    assert parse_reply(text, "python", structured=text.startswith("{")) == ([], problems)


@pytest.mark.parametrize("code", ["a &lt; b", "a & b", "&lt; < &amp;", "print('&eacute;')"])
def test_entities_are_kept_unless_all_is_escaped(code: str) -> None:
    ((found,), _) = parse_reply(answer(f"x = 1\n{code}\nprint(x)"), "python")
    assert found.code == f"x = 1\n{code}\nprint(x)\n".replace("a &lt;", "a <")


def test_installations_alone_are_no_program() -> None:
    text = json.dumps({"computations": [asdict(BLOCK) | {"code": r"pip install a\npip install b\n"}]})
    assert parse_reply(text, "python", structured=True) == ([], ["no code"])
