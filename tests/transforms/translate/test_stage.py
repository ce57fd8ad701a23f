"""The stage in a pipeline: outputs, outcomes and drops."""

from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from models.chat.messages import EndpointError
from tests.serving import Server, reply, send
from transforms.files import list_names
from transforms.records import Document, Outcome
from transforms.served.completions import StoreError
from transforms.served.config import Facts
from transforms.translate import prompts
from transforms.translate.config import TranslateConfig
from transforms.translate.stage import Translate

pytestmark = pytest.mark.pipeline

DOCUMENTS = [
    Document("two", "We have $2 \\cdot 3 = 6$ and $4 \\cdot 5 = 20$."),
    Document("none", "Nothing here."),
    Document("one", "And $\\frac{d}{dx} x^2 = 2x$."),
]


def check(
    config: TranslateConfig,
    kept: list[tuple[str, str]],
    outcomes: list[Outcome],
    dropped: list[Any],
    calls: list[Any] | None = None,
) -> None:
    with TestPipeline(runner="FnApiRunner") as pipeline:
        made = pipeline | beam.Create(DOCUMENTS) | Translate(config)
        assert_that(made.kept | beam.Map(lambda c: (c.document_id, c.result)), equal_to(kept), "kept")
        assert_that(made.outcomes, equal_to(outcomes), "outcomes")
        assert_that(made.dropped | beam.Map(lambda d: (d.id, d.reason)), equal_to(dropped), "dropped")
        if calls is not None:
            rows = made.calls | beam.Map(lambda c: (c.document_id, c.finish, c.attempts, c.computations))
            assert_that(rows, equal_to(calls), "calls")


def test_symbolic() -> None:
    check(
        TranslateConfig(),
        [("two", "6"), ("two", "20"), ("one", "2x")],
        [Outcome("two", 2), Outcome("one", 1)],
        [("none", "no_computation")],
        [],
    )


@pytest.fixture
def server(server: Server) -> Server:
    """A model that finds something in the first document, nothing in the second, and never ends with the third."""
    block = prompts.render(1, "t", [], "1 + 1", "2", "print(1 + 1)", "python")
    other = prompts.render(2, "u", [], "3 + 1", "4", "print(3 + 1)", "python")

    def answer(handler: BaseHTTPRequestHandler, prompt: str, _: int) -> None:
        text = prompt.rpartition("Text:\n")[2]
        if text.startswith("And"):
            send(handler, 500, {"error": {"message": "down"}})
        else:
            reply(handler, block + "\n\n" + other if text.startswith("We have") else "NONE")

    server.answer = answer
    return server


def served(server: Server, **settings: Any) -> TranslateConfig:
    quick = {"backoff": 0.01, "max_backoff": 0.02, "retries": 1, "patience": 0.2}
    return TranslateConfig(translator="vllm", model="tiny", **({"endpoints": (server.url,)} | quick | settings))


MADE = (
    [("two", "2"), ("two", "4")],
    [Outcome("two", 2)],
    [("none", "no_computation"), ("one", "call_failed")],
)


@pytest.mark.parametrize("in_flight", [1, 2, 10])
def test_a_model(server: Server, in_flight: int, tmp_path: Path) -> None:
    config = served(server, in_flight=in_flight, facts=Facts(folder=str(tmp_path)))
    calls = [("none", "stop", 1, 0), ("one", "failed", 2, 0), ("two", "stop", 1, 2)]
    check(config, *MADE, calls)
    assert server.most_under_way <= in_flight
    assert [name.partition("-")[0] for name in list_names(str(tmp_path))] == ["pack"]  # the stage was closed
    asked = len(server.asked)
    check(config, *MADE, [(document, finish, 0 if made == 1 else 2, n) for document, finish, made, n in calls])
    assert len(server.asked) == asked + 2  # only the call that has no answer is made again


def test_without_an_endpoint_what_was_not_asked_is_dropped() -> None:
    config = TranslateConfig(translator="vllm", model="tiny", facts=Facts(folder="memory://nothing-here"))
    check(
        config,
        [],
        [],
        [("two", "call_failed"), ("none", "call_failed"), ("one", "call_failed")],
        [(document.id, "unasked", 0, 0) for document in DOCUMENTS],
    )


def test_an_error_that_nobody_expected_drops_the_document(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(text: str, *_: Any, **__: Any) -> Any:
        raise OSError("nobody expected this")

    monkeypatch.setattr("transforms.translate.model.parse_reply", parse)
    check(served(server, retries=0), [], [], [("two", "error"), ("none", "error"), ("one", "call_failed")])


def test_servers_that_are_gone_end_the_run(server: Server) -> None:
    config = served(server, endpoints=("http://127.0.0.1:9/v1",))
    with pytest.raises(EndpointError, match="no model server answers"):
        check(config, [], [], [])


def test_answers_that_cannot_be_kept_end_the_run(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="Not a directory"):
        check(served(server, facts=Facts(folder=str(tmp_path / "file" / "calls"))), [], [], [])


def test_a_context_that_is_too_small_ends_the_run(server: Server) -> None:
    with pytest.raises(EndpointError, match="is too small for tiny"):
        check(served(server, context=300), [], [], [])


def test_worker_processes_share_what_may_be_under_way_and_lose_nothing(server: Server, tmp_path: Path) -> None:
    documents = [Document(f"{n}", f"We have {n}.") for n in range(60)]
    options = PipelineOptions(["--direct_running_mode=multi_processing", "--direct_num_workers=2"])
    for _ in range(2):
        with TestPipeline(runner="FnApiRunner", options=options) as pipeline:
            read = pipeline | beam.Create(documents) | beam.Reshuffle()
            made = read | Translate(served(server, in_flight=4, facts=Facts(folder=str(tmp_path))), 2)
            ids = made.outcomes | beam.Map(lambda outcome: outcome.id)
            assert_that(ids, equal_to([document.id for document in documents]))
        assert len(server.asked) == 60
    assert server.most_under_way <= 4
