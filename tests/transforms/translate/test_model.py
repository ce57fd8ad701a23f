"""Documents and answers: what becomes of each, with a client that needs no server."""

import json
from collections.abc import Sequence

import pytest
from pydantic import ValidationError

from models.chat import Failure, Reply
from transforms.records import Computation, Document, Dropped, Outcome
from transforms.translate import prompts
from transforms.translate.config import TranslateConfig
from transforms.translate.model import _Model, outcome

CONFIG = TranslateConfig(translator="vllm", endpoints=("http://localhost:1/v1",), model="m", max_chunk_tokens=50)
GOOD = Reply(prompts.render(1, "Sum", ["a = 1"], "a + 1", "2", "print(1 + 1)", "python"))
DOCUMENT = Document("d", "text", url="http://page.test")


def test_a_document_with_blocks_gives_them_and_an_outcome() -> None:
    first, second, last = outcome(DOCUMENT, [GOOD, Failure("down"), Reply("NONE"), GOOD], CONFIG)
    assert isinstance(first, Computation)
    assert isinstance(second, Computation)
    assert (first.index, second.index, last) == (0, 1, Outcome("d", 2))
    assert (first.teacher, first.prompt_version, first.language) == ("m", prompts.VERSION, "python")
    assert (first.code, first.result, first.expression) == ("print(1 + 1)\n", "2", "a + 1")
    assert first.id != second.id


@pytest.mark.parametrize(
    ("answers", "reason", "detail"),
    [
        ([Reply("NONE")], "no_computation", {"calls": 1, "failed": 0, "malformed": {}}),
        ([Failure("x"), Reply("?")], "call_failed", {"calls": 2, "error": "x", "failed": 1}),
        ([Reply("?"), Reply("!")], "malformed_reply", {"calls": 2, "malformed": {"no computation": 2}}),
    ],
)
def test_a_document_without_blocks_is_dropped(
    answers: list[Reply | Failure], reason: str, detail: dict[str, object]
) -> None:
    (dropped,) = outcome(DOCUMENT, answers, CONFIG)
    assert isinstance(dropped, Dropped)
    assert (dropped.id, dropped.stage, dropped.reason) == ("d", "translate", reason)
    assert json.loads(dropped.detail).items() >= (detail | {"url": "http://page.test"}).items()


def test_every_chunk_is_asked_once_and_answers_find_their_document() -> None:
    asked: list[str] = []

    def complete(texts: Sequence[str]) -> list[Reply | Failure]:
        asked.extend(texts)
        return [GOOD if "good" in text else Reply("NONE") for text in texts]

    long = "\n\n".join(["good " * 40, "other " * 40])
    made = _Model(CONFIG, complete).translate([Document("a", long), Document("b", "nothing"), Document("c", "good")])
    assert len(asked) == 4
    assert [(type(record), record.id) for record in made if not isinstance(record, Computation)] == [
        (Outcome, "a"),
        (Dropped, "b"),
        (Outcome, "c"),
    ]


@pytest.mark.parametrize(
    "settings",
    [
        {"language": "lean"},
        {"translator": "vllm", "model": "m"},
        {"translator": "vllm", "endpoints": ["http://localhost:1/v1"]},
        {"translator": "gpt"},
        {"max_calls": -1},
    ],
)
def test_settings_that_make_no_sense(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TranslateConfig.model_validate(settings)
