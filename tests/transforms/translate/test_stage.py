"""The stage in a pipeline: outputs, outcomes and drops."""

from collections.abc import Sequence
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from models.chat import Chat, EndpointError, Failure, Reply
from transforms.records import Document, Outcome
from transforms.translate import prompts
from transforms.translate.config import TranslateConfig
from transforms.translate.stage import Translate

pytestmark = pytest.mark.pipeline

DOCUMENTS = [
    Document("two", "We have $2 \\cdot 3 = 6$ and $4 \\cdot 5 = 20$."),
    Document("none", "Nothing here."),
    Document("one", "And $\\frac{d}{dx} x^2 = 2x$."),
]


def check(config: TranslateConfig, kept: list[tuple[str, str]], outcomes: list[Outcome], dropped: list[Any]) -> None:
    with TestPipeline(runner="FnApiRunner") as pipeline:
        made = pipeline | beam.Create(DOCUMENTS) | Translate(config)
        assert_that(made.kept | beam.Map(lambda c: (c.document_id, c.result)), equal_to(kept), "kept")
        assert_that(made.outcomes, equal_to(outcomes), "outcomes")
        assert_that(made.dropped | beam.Map(lambda d: (d.id, d.reason)), equal_to(dropped), "dropped")


def test_symbolic() -> None:
    check(
        TranslateConfig(),
        [("two", "6"), ("two", "20"), ("one", "2x")],
        [Outcome("two", 2), Outcome("one", 1)],
        [("none", "no_computation")],
    )


@pytest.mark.parametrize("in_flight", [1, 2, 10])
def test_a_model(monkeypatch: pytest.MonkeyPatch, in_flight: int) -> None:
    block = prompts.render(1, "t", [], "1 + 1", "2", "print(1 + 1)", "python")

    def complete(self: Chat, asked: Sequence[str]) -> list[Reply | Failure]:
        answers = {"We have": Reply(block + "\n\n" + block), "Nothing": Reply("NONE"), "And": Failure("down")}
        return [next(reply for words, reply in answers.items() if f"Text:\n{words}" in prompt) for prompt in asked]

    monkeypatch.setattr(Chat, "complete", complete)
    monkeypatch.setattr(Chat, "check", lambda self: None)  # the server is there: it is the prompt that fails
    config = TranslateConfig(translator="vllm", endpoints=("http://localhost:1/v1",), model="m", in_flight=in_flight)
    check(
        config,
        [("two", "2"), ("two", "2")],
        [Outcome("two", 2)],
        [("none", "no_computation"), ("one", "call_failed")],
    )


def test_an_error_that_nobody_expected_drops_the_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    def complete(self: Chat, asked: Sequence[str]) -> list[Reply | Failure]:
        raise OSError("no more sockets")

    monkeypatch.setattr(Chat, "complete", complete)
    config = TranslateConfig(translator="vllm", endpoints=("http://localhost:1/v1",), model="m")
    check(config, [], [], [("two", "error"), ("none", "error"), ("one", "error")])


def test_a_server_that_is_gone_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Chat, "complete", lambda self, asked: [Failure("connection refused") for _ in asked])
    config = TranslateConfig(translator="vllm", endpoints=("http://127.0.0.1:9/v1",), model="m")
    with pytest.raises(EndpointError, match="no model server answers"):
        check(config, [], [], [])
