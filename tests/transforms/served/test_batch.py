"""Calls as lines of OpenAI batch files."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.chat.messages import AnswerError, Reply, Request
from transforms.served.batch import read_answer, write_request
from transforms.served.config import Served

REQUEST = Served(model="tiny").request("a prompt with\na line break, \u2028 and ∫")


def answered(**changes: Any) -> bytes:
    """A line as `vllm run-batch` writes it."""
    choice = {"index": 0, "message": {"role": "assistant", "content": "text"}, "finish_reason": "stop"}
    body = {"id": "c", "model": "tiny", "choices": [choice], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}
    response = {"status_code": 200, "request_id": "r", "body": body}
    return json.dumps({"id": "b", "custom_id": REQUEST.key, "response": response, "error": None} | changes).encode()


def test_a_request_is_one_line_with_all_that_a_server_needs() -> None:
    line = write_request(REQUEST)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    read = json.loads(line)
    assert (read["custom_id"], read["method"], read["url"]) == (REQUEST.key, "POST", "/v1/chat/completions")
    assert Request(read["body"]).key == REQUEST.key


def test_an_answer() -> None:
    assert read_answer(answered(), "tiny") == (REQUEST.key, Reply("text", "stop", 3, 2))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"", "no line of a batch's output"),
        (b"{", "no line of a batch's output"),
        (b"[]", "no line of a batch's output"),
        (b"[" * 100_000, "no line of a batch's output"),
        (b"\xff", "no line of a batch's output"),
        (b"{}", "no line of a batch's output"),
        (write_request(REQUEST), "an error of the server"),
        (answered(custom_id="request-1"), "a custom_id that is not ours"),
        (answered(custom_id="z" * 32), "a custom_id that is not ours"),
        (answered(custom_id=7), "a custom_id that is not ours"),
        (answered(error={"message": "no"}), "an error of the server"),
        (answered(response=None), "an error of the server"),
        (answered(response={"status_code": 400, "body": {}}), r"an error of the server \(status 400\)"),
        (answered(response={"status_code": 200, "body": None}), "no chat completion"),
        (answered(response={"status_code": 200}), "no chat completion"),
    ],
)
def test_what_is_no_answer_says_why(line: bytes, says: str) -> None:
    with pytest.raises(AnswerError, match=says):
        read_answer(line, "tiny")


def test_the_answer_of_another_model_is_none() -> None:
    with pytest.raises(AnswerError, match="of the model tiny, not huge"):
        read_answer(answered(), "huge")


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=60))
def test_any_line_is_an_answer_or_none(line: bytes) -> None:
    with pytest.raises(AnswerError):
        read_answer(line, "tiny")
