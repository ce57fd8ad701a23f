"""Documents and answers: what becomes of each, with a client that needs no server."""

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from models.chat.messages import EndpointError, Failure, Reply
from models.tokenizer import count_tokens
from tests.serving import Server, reply
from transforms.label import prompts
from transforms.label.config import LabelConfig
from transforms.label.model import excerpt, outcome
from transforms.label.records import Labelled
from transforms.label.stage import Label
from transforms.records import Document, Dropped
from transforms.rows import to_table
from transforms.served.config import Facts

CONFIG = LabelConfig(endpoints=("http://localhost:1/v1",), model="m", in_flight=2)
DOCUMENT = Document("d", "text", url="http://page.test", math_score=0.5, language="en")


@pytest.mark.parametrize(("category", "label"), [(1, "math"), (2, "math"), (3, "nonmath"), (7, "nonmath")])
def test_a_row_keeps_its_columns_and_gets_a_label(category: int, label: str) -> None:
    made = outcome(DOCUMENT, Reply(f"Category: {category}"), CONFIG)
    assert isinstance(made, Labelled)
    assert (made.category, made.label, made.teacher, made.prompt_version) == (category, label, "m", prompts.VERSION)
    assert (made.id, made.text, made.url, made.math_score) == ("d", "text", "http://page.test", 0.5)
    assert to_table([made], Labelled).to_pylist()[0]["label"] == label


def test_the_categories_that_are_math_can_be_chosen() -> None:
    made = outcome(DOCUMENT, Reply("3"), LabelConfig(math=(1, 2, 3)))
    assert isinstance(made, Labelled)
    assert made.label == "math"


@pytest.mark.parametrize(
    ("answer", "reason", "detail"),
    [
        (Failure("down"), "call_failed", {"error": "down"}),
        (Reply("no idea"), "malformed_reply", {"problem": "no_category", "reply": "no idea"}),
        (Reply("well, first", "length"), "malformed_reply", {"problem": "cut_off", "reply": "well, first"}),
    ],
)
def test_what_has_no_answer_is_dropped(answer: Reply | Failure, reason: str, detail: dict[str, str]) -> None:
    made = outcome(DOCUMENT, answer, CONFIG)
    assert isinstance(made, Dropped)
    assert (made.id, made.stage, made.reason) == ("d", "label", reason)
    assert json.loads(made.detail) == detail | {"url": "http://page.test"}


def test_the_prompt_ends_with_the_text_and_begins_the_same_for_all() -> None:
    one, other = prompts.prompt("first text"), prompts.prompt("second")
    assert one.startswith(prompts.shared())
    assert other.startswith(prompts.shared())
    assert one.removeprefix(prompts.shared()).startswith("first text")
    assert all(f"{number}. {what}" in prompts.shared() for number, what in prompts.CATEGORIES.items())


def test_an_excerpt_ends_at_a_paragraph() -> None:
    paragraphs = [f"Paragraph {n} " + "word " * 30 for n in range(10)]
    shown = excerpt("\n\n".join(paragraphs), 100)
    assert shown == "\n\n".join(paragraphs[:3]).strip()
    assert excerpt("short", 100) == "short"
    assert excerpt("", 100) == ""


@pytest.mark.parametrize("text", ["word " * 1_000_000, "x" * 1_000_000, "$" + "x + " * 100_000 + "$", "数" * 100_000])
def test_an_excerpt_is_bounded(text: str) -> None:
    shown = excerpt(text, 100)
    assert 0 < len(shown) <= 1000
    assert count_tokens(shown) <= 1000


def answer(handler: BaseHTTPRequestHandler, prompt: str, _: int) -> None:
    answers = {"theorem": "2", "recipe": "7", "riddle": "who knows"}
    reply(handler, next(answer for word, answer in answers.items() if word in prompt[-40:]))


@pytest.mark.pipeline
def test_pipeline(tmp_path: Path) -> None:
    documents = [Document(str(i), f"a {word}") for i, word in enumerate(("theorem", "recipe", "riddle", "theorem"))]
    server = Server()
    server.answer = answer
    config = LabelConfig(endpoints=(server.url,), model="tiny", facts=Facts(folder=str(tmp_path)))
    try:
        for _ in range(2):
            with TestPipeline(runner="FnApiRunner") as pipeline:
                split = pipeline | beam.Create(documents) | Label(config)
                kept = split.kept | beam.Map(lambda d: (d.id, d.category, d.label))
                assert_that(kept, equal_to([("0", 2, "math"), ("1", 7, "nonmath"), ("3", 2, "math")]), "kept")
                dropped = split.dropped | beam.Map(lambda d: (d.id, d.reason))
                assert_that(dropped, equal_to([("2", "malformed_reply")]))
            assert len(server.asked) == 3  # equal texts are asked about once, in both runs together
    finally:
        server.close()


@pytest.mark.pipeline
def test_a_server_that_is_gone_ends_the_run() -> None:
    config = LabelConfig(endpoints=("http://127.0.0.1:9/v1",), model="m", patience=0.1)
    with (
        pytest.raises(EndpointError, match="no model server answers"),
        TestPipeline(runner="FnApiRunner") as pipeline,
    ):
        pipeline | beam.Create([DOCUMENT]) | Label(config)
