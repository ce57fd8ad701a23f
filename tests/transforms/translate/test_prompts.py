"""The prompt's examples are right, and what the model is asked to write can be read."""

import json
import subprocess
import sys
from shutil import which
from typing import get_args

import pytest

from models.tokenizer import count_tokens
from transforms.translate.config import Language
from transforms.translate.prompts import VERSION, prompt, schema, shared
from transforms.translate.replies import Block, parse_reply

LANGUAGES = get_args(Language)


def examples(language: Language, structured: bool) -> list[Block]:
    """The answers in the prompt; the last one is that there is none."""
    first, last = (
        part.split("\n\nText:")[0].split("\n\nNow do")[0]
        for part in shared(language, structured=structured).split("\nComputations:\n")[1:]
    )
    assert parse_reply(last, language, structured=structured) == ([], [])
    blocks, problems = parse_reply(first, language, structured=structured)
    assert problems == []
    return blocks


@pytest.mark.parametrize("structured", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_prompts_begin_alike_and_their_examples_can_be_read(language: Language, structured: bool) -> None:
    assert prompt("one", language, structured=structured).startswith(shared(language, structured=structured) + "one")
    blocks = examples(language, structured)
    assert [(block.title, block.result) for block in blocks] == [
        ("The greatest height", "80"),
        ("The mean height", r"\frac{160}{3}"),
    ]
    assert not any(literal in block.code for block in blocks for literal in ("80", "160", "53"))
    assert count_tokens(shared(language, structured=structured)) < 700
    assert VERSION == "2"


def run(command: list[str], code: str) -> float:
    done = subprocess.run([*command, code], capture_output=True, text=True, timeout=60, check=False)
    over, _, under = done.stdout.strip().partition("/")
    return float(over) / float(under or 1)


def test_the_python_examples_print_their_results() -> None:
    found = [run([sys.executable, "-c"], block.code) for block in examples("python", False)]
    assert found == pytest.approx([80, 160 / 3])


@pytest.mark.skipif(which("octave-cli") is None, reason="no octave-cli")
def test_the_matlab_examples_print_their_results() -> None:
    found = [run(["octave-cli", "--norc", "--eval"], block.code) for block in examples("matlab", False)]
    assert found == pytest.approx([80, 160 / 3])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_schema_has_the_keys_of_the_example_in_their_order_and_bounds_all(language: Language) -> None:
    ((name, outer),) = schema(language)["properties"].items()
    item = outer["items"]
    keys = ["title", "conditions", "expression", "result", "code"]
    assert (name, list(item["properties"]), item["required"], item["additionalProperties"]) == (
        "computations",
        keys,
        keys,
        False,
    )
    answer = shared(language, structured=True).split("\nComputations:\n")[1].split("\n\nText:")[0]
    assert [list(one) for one in json.loads(answer)["computations"]] == [keys, keys]
    assert outer["maxItems"] < 20
    bounded = [one if one["type"] == "string" else one["items"] for one in item["properties"].values()]
    assert all(one["maxLength"] <= 3000 for one in bounded)
