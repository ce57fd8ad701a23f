"""Identity of requests, and what a server's answer is read as, whatever it holds."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.chat.messages import KEY, MAX_ERROR, AnswerError, Reply, Request, one_line, read_reply

BODY: dict[str, Any] = {
    "model": "m",
    "messages": [{"role": "user", "content": "one"}],
    "max_tokens": 5,
    "temperature": 0.0,
    "seed": 0,
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def completion(**changes: Any) -> dict[str, Any]:
    choice = {"message": {"content": "text"}, "finish_reason": "stop"}
    return {"choices": [choice], "usage": {"prompt_tokens": 3, "completion_tokens": 2}} | changes


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.text(max_size=5), json_values, max_size=5), st.randoms())
def test_the_order_of_a_body_is_no_part_of_its_identity(body: dict[str, Any], random: Any) -> None:
    items = list(body.items())
    random.shuffle(items)
    assert Request(body).key == Request(dict(items)).key
    assert KEY.fullmatch(Request(body).key)


@pytest.mark.parametrize(
    "change",
    [
        {"model": "n"},
        {"messages": [{"role": "user", "content": "One"}]},
        {"messages": [{"role": "user", "content": "one "}]},
        {"messages": [{"role": "user", "content": "one\ud800"}]},
        {"max_tokens": 6},
        {"temperature": 0.1},
        {"seed": 1},
        {"structured_outputs": {"json": {}}},
    ],
)
def test_whatever_decides_the_answer_is_part_of_the_identity(change: dict[str, Any]) -> None:
    assert Request(BODY).key != Request(BODY | change).key


@settings(deadline=None, max_examples=50)
@given(json_values, json_values)
def test_different_values_have_different_keys(one: object, other: object) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (Request({"x": one}).key == Request({"x": other}).key) == same


def test_what_only_ends_endless_answers_is_none() -> None:
    """Else a second endpoint that is no vLLM, or says so, would have every call made again."""
    guarded = Request(BODY | {"repetition_detection": {"min_count": 24}})
    assert guarded.key == Request(BODY).key
    assert b"repetition_detection" in guarded.payload


def test_the_key_stays_what_it_is() -> None:
    """Or every call that was ever paid for is made again."""
    assert Request(BODY).key == "4991f9bb948000d04ed521d6d74b22a1"


def test_another_limit_is_another_request() -> None:
    longer = Request(BODY).answering(10)
    assert longer.body == BODY | {"max_tokens": 10}
    assert longer.key != Request(BODY).key


def test_a_completion() -> None:
    assert read_reply(completion(), "m") == Reply("text", "stop", 3, 2)
    assert read_reply(completion(usage=None), "m") == Reply("text", "stop")
    assert read_reply(completion(choices=[{"message": {"content": None}}]), "m") == Reply("", "", 3, 2)


@pytest.mark.parametrize(
    ("answered", "right"),
    [("m", True), ("m-2024-08-06", True), (None, True), ("", True), ("mm", False), ("other", False), (7, False)],
)
def test_another_models_answer_is_none(answered: object, right: bool) -> None:
    if right:
        assert read_reply(completion(model=answered), "m").text == "text"
    else:
        with pytest.raises(AnswerError, match="of the model"):
            read_reply(completion(model=answered), "m")


@pytest.mark.parametrize("count", [-1, 2**63, 1e300, float("inf"), float("nan"), "many", [1]])
def test_numbers_of_tokens_that_cannot_be(count: object) -> None:
    with pytest.raises(AnswerError):
        read_reply(completion(usage={"prompt_tokens": count}), "m")


def test_a_text_can_always_be_written() -> None:
    [choice] = completion()["choices"]
    reply = read_reply(completion(choices=[choice | {"message": {"content": "a\ud800b\x00"}}]), "m")
    assert reply.text == "a\ufffdb\x00"


def check_read(data: object) -> None:
    try:
        reply = read_reply(data, "m")
    except AnswerError:
        return
    assert isinstance(reply, Reply)
    (reply.text + reply.finish_reason).encode()
    assert 0 <= reply.prompt_tokens < 2**63 > reply.completion_tokens >= 0


@settings(deadline=None, max_examples=50)
@given(json_values)
def test_anything_is_a_reply_or_none(data: object) -> None:
    check_read(data)


@settings(deadline=None, max_examples=50)
@given(
    st.fixed_dictionaries(
        {
            "choices": st.lists(
                st.fixed_dictionaries(
                    {"message": st.fixed_dictionaries({"content": st.text() | json_values}) | json_values},
                    optional={"finish_reason": st.text() | json_values},
                )
                | json_values,
                max_size=2,
            )
        },
        optional={
            "model": st.sampled_from(["m", None]) | json_values,
            "usage": st.fixed_dictionaries(
                {}, optional={"prompt_tokens": json_values, "completion_tokens": json_values}
            )
            | json_values,
        },
    )
)
def test_anything_like_a_completion_is_a_reply_or_none(data: object) -> None:
    check_read(data)


@settings(deadline=None, max_examples=50)
@given(st.text(), st.text())
def test_errors_are_one_short_line(text: str, cause: str) -> None:
    error = ValueError(text)
    error.__cause__ = OSError(cause)
    line = one_line(error)
    assert len(line) <= MAX_ERROR
    assert len(line.splitlines()) == 1
