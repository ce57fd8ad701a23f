"""Replies in many shapes, each with the parse that a careful reader wants, written by someone who knew no parser."""

import json
from pathlib import Path
from typing import Any

import pytest

from transforms.translate.replies import Block, parse_reply

REPLIES = [
    json.loads(line) for line in Path(__file__).with_name("replies.jsonl").read_text(encoding="utf-8").splitlines()
]
# Where we say something else than the author of the replies, and why.
OTHERWISE = {
    # Both wanted "no computation". That the model ran out of tokens tells the user what to change.
    "think-never-ends": ["cut off"],
    "json-cut-before-items": ["cut off"],
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
