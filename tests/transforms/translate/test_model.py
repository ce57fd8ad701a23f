"""Documents and answers: what becomes of each, with an asker that needs no server."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from models.chat.messages import EndpointError, Failure, Reply, Request
from transforms.records import Computation, Document, Dropped, Outcome
from transforms.rows import to_table
from transforms.translate import prompts
from transforms.translate.calls import calls_of
from transforms.translate.config import TranslateConfig
from transforms.translate.model import Asked, Translator, outcome
from transforms.translate.records import Call
from transforms.translate.replies import parse_reply

CONFIG = TranslateConfig(translator="vllm", endpoints=("http://localhost:1/v1",), model="m", max_chunk_tokens=50)
BLOCK = prompts.render(1, "Sum", ["a = 1"], "a + 1", "2", "print(1 + 1)", "python")
GOOD = Reply(BLOCK, "stop", 100, 20)
DOCUMENT = Document("d", "text", url="http://page.test")
TOO_LONG = Failure("the context is too long", "too_long")
FORMULA = "$$" + "x + " * 3_000 + "x$$"
Answer = Callable[[str, Request], Reply | Failure]


class Asker:
    """Stands for the asker: answers by the chunk in the prompt, and remembers what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def ask(self, request: Request) -> Reply | Failure:
        prompt = request.body["messages"][0]["content"]
        chunk = prompt.rpartition("Text:\n")[2].rpartition("\n\nComputations:")[0]
        self.asked.append(chunk)
        await asyncio.sleep(0)
        return self.answer(chunk, request)


def translate(text: str, answer: Answer, **settings: Any) -> tuple[list[Any], list[str]]:
    config = CONFIG.model_copy(update=settings)
    asker = Asker(answer)
    translator = Translator(calls_of(config), asker)  # type: ignore[arg-type]
    return asyncio.run(translator.translate(Document("d", text))), asker.asked


def of(kind: type[Any], made: list[Any]) -> list[Any]:
    return [record for record in made if isinstance(record, kind)]


def asked(*answers: Reply | Failure) -> list[Asked]:
    read = [parse_reply(a.text, "python", structured=False) if isinstance(a, Reply) else ((), ()) for a in answers]
    return [Asked(n, f"{n}", answer, *read[n]) for n, answer in enumerate(answers)]


def test_a_document_with_blocks_gives_them_an_outcome_and_a_row_for_each_call() -> None:
    made = outcome(DOCUMENT, asked(GOOD, Failure("down"), Reply("NONE"), GOOD), CONFIG)
    first, second = of(Computation, made)
    assert (first.index, second.index, of(Outcome, made)) == (0, 1, [Outcome("d", 2)])
    assert (first.teacher, first.prompt_version, first.language) == ("m", prompts.VERSION, "python")
    assert (first.code, first.result, first.expression) == ("print(1 + 1)\n", "2", "a + 1")
    assert first.id != second.id
    assert of(Dropped, made) == []
    assert [(call.chunk, call.finish, call.computations) for call in of(Call, made)] == [
        (0, "stop", 1),
        (1, "failed", 0),
        (2, "", 0),
        (3, "stop", 1),
    ]


@pytest.mark.parametrize(
    ("answers", "reason", "detail"),
    [
        ([Reply("NONE")], "no_computation", {"calls": 1, "failed": 0, "malformed": {}}),
        ([Failure("x"), Reply("?")], "call_failed", {"calls": 2, "error": "x", "failed": 1}),
        ([Failure("no endpoint", "unasked", 0)], "call_failed", {"calls": 1, "error": "no endpoint", "failed": 1}),
        ([], "no_computation", {"calls": 0, "failed": 0, "malformed": {}}),
    ],
)
def test_a_document_without_blocks_is_dropped(
    answers: list[Reply | Failure], reason: str, detail: dict[str, object]
) -> None:
    made = outcome(DOCUMENT, asked(*answers), CONFIG)
    [dropped] = of(Dropped, made)
    assert (dropped.id, dropped.stage, dropped.reason) == ("d", "translate", reason)
    assert json.loads(dropped.detail).items() >= (detail | {"url": "http://page.test"}).items()
    assert len(of(Call, made)) == len(answers)
    assert not of(Outcome, made)


def test_answers_that_nobody_can_read_are_counted_by_cause() -> None:
    [dropped] = of(Dropped, outcome(DOCUMENT, asked(Reply("?"), Reply("!")), CONFIG))
    assert dropped.reason == "malformed_reply"
    assert sum(json.loads(dropped.detail)["malformed"].values()) == 2


def test_rows_of_calls_can_be_written() -> None:
    made = of(Call, outcome(DOCUMENT, asked(GOOD, Failure("down", attempts=6), Reply("?", "length", 2**31)), CONFIG))
    rows = to_table(made, Call).to_pylist()
    assert [row["finish"] for row in rows] == ["stop", "failed", "length"]
    assert [(row["attempts"], row["error"]) for row in rows] == [(1, ""), (6, "down"), (1, "")]
    assert (rows[0]["prompt_tokens"], rows[0]["completion_tokens"]) == (100, 20)
    assert rows[2]["problems"]


def test_every_chunk_is_asked_once_and_answers_keep_their_order() -> None:
    long = "\n\n".join(f"chunk {n} {'word ' * 30}" for n in range(5))

    def answer(chunk: str, _: Request) -> Reply:
        return Reply(BLOCK.replace("Sum", chunk.split()[1]), "stop")

    made, chunks = translate(long, answer)
    assert len(chunks) == len(set(chunks)) == 5
    assert [computation.title for computation in of(Computation, made)] == ["0", "1", "2", "3", "4"]
    assert [call.chunk for call in of(Call, made)] == [0, 1, 2, 3, 4]
    assert len({call.id for call in of(Call, made)}) == 5


def test_an_empty_document_asks_nothing() -> None:
    made, chunks = translate(" \n\n ", lambda *_: GOOD)
    assert chunks == []
    assert [(type(record), record.reason) for record in made] == [(Dropped, "no_computation")]


def test_an_answer_that_was_cut_off_is_asked_for_once_more_with_more_room() -> None:
    def answer(_: str, request: Request) -> Reply:
        return Reply("it is", "length") if request.body["max_tokens"] == CONFIG.max_tokens else GOOD

    made, chunks = translate("text", answer)
    assert chunks == ["text", "text"]
    first, last = of(Call, made)
    assert (first.finish, first.computations, last.finish, last.computations) == ("length", 0, "stop", 1)
    assert (first.chunk, last.chunk) == (0, 0)
    assert first.id != last.id
    assert of(Outcome, made) == [Outcome("d", 1)]


def test_one_that_is_cut_off_again_is_kept_as_it_is_and_flagged() -> None:
    made, chunks = translate("text", lambda *_: Reply(BLOCK + "\n\n**Computation 2: cut", "length"))
    assert len(chunks) == 2
    first, last = of(Call, made)
    assert [first.finish, last.finish] == ["length", "length"]
    assert (first.computations, last.computations) == (0, 1)  # what was in both is counted once
    assert len(of(Computation, made)) == 1


@pytest.mark.parametrize("failure", [Failure("down"), TOO_LONG, Failure("nobody to ask", "unasked", 0)])
def test_one_that_cannot_be_had_again_is_kept_as_it_is(failure: Failure) -> None:
    def answer(_: str, request: Request) -> Reply | Failure:
        return Reply(BLOCK, "length") if request.body["max_tokens"] == CONFIG.max_tokens else failure

    made, _ = translate("text", answer)
    first, last = of(Call, made)
    assert (first.finish, first.computations) == ("length", 1)
    assert (last.finish, last.computations, last.attempts) == (failure.kind, 0, failure.attempts)
    assert of(Outcome, made) == [Outcome("d", 1)]


def test_an_answer_that_goes_round_in_circles_is_not_asked_for_again() -> None:
    made, chunks = translate("text", lambda *_: Reply(BLOCK + "\n\nand so on and on" * 50, "length"))
    assert len(chunks) == 1
    assert [call.finish for call in of(Call, made)] == ["repetition"]
    made, chunks = translate("text", lambda *_: Reply(BLOCK, "repetition"))  # vLLM has seen it itself
    assert len(chunks) == 1
    assert [call.finish for call in of(Call, made)] == ["repetition"]


def test_a_chunk_that_is_refused_for_its_length_is_cut_again() -> None:
    text = " ".join(f"word{n}" for n in range(400))

    def answer(chunk: str, _: Request) -> Reply | Failure:
        return TOO_LONG if len(chunk) > 1_000 else GOOD

    made, chunks = translate(text, answer, max_chunk_tokens=5_000)
    accepted = [chunk for chunk in chunks if len(chunk) <= 1_000]
    assert Counter(" ".join(accepted).split()) == Counter(text.split())
    calls = of(Call, made)
    assert len(calls) == len(accepted)
    assert {call.finish for call in calls} == {"stop"}
    assert {call.chunk for call in calls} == {0}
    assert len(of(Computation, made)) == len(accepted)


def test_what_cannot_be_cut_is_one_failure() -> None:
    made, chunks = translate(FORMULA, lambda *_: TOO_LONG)
    assert len(chunks) == 1
    assert [(call.finish, call.error) for call in of(Call, made)] == [("too_long", TOO_LONG.error)]
    assert [dropped.reason for dropped in of(Dropped, made)] == ["call_failed"]


def test_a_server_that_refuses_everything_is_asked_a_bounded_number_of_times() -> None:
    made, chunks = translate("word " * 1_500, lambda *_: TOO_LONG, max_chunk_tokens=1_500)
    assert len(chunks) < 200
    assert {call.finish for call in of(Call, made)} == {"too_long"}


def test_what_fills_the_prompt_is_not_asked_about() -> None:
    made, chunks = translate(f"Before.\n\n{FORMULA}\n\nAfter.", lambda *_: GOOD, context=4_000)
    assert chunks == ["Before.", "After."]
    assert [(call.chunk, call.finish, call.attempts) for call in of(Call, made)] == [
        (0, "stop", 1),
        (1, "too_long", 0),
        (2, "stop", 1),
    ]
    assert of(Outcome, made) == [Outcome("d", 2)]


def test_one_prompt_that_fails_costs_the_others_nothing() -> None:
    def answer(chunk: str, _: Request) -> Reply | Failure:
        return Failure("it always fails", attempts=6) if "bad" in chunk else GOOD

    made, _ = translate("\n\n".join(f"{word} {'word ' * 30}" for word in ("good", "bad", "fine")), answer)
    assert [(call.finish, call.attempts) for call in of(Call, made)] == [("stop", 1), ("failed", 6), ("stop", 1)]
    assert of(Outcome, made) == [Outcome("d", 2)]


def test_servers_that_are_gone_are_nobodys_fault() -> None:
    def answer(*_: object) -> Reply:
        raise EndpointError("gone")

    with pytest.raises(EndpointError):
        translate("a\n\nb", answer)


@pytest.mark.parametrize(
    "settings",
    [
        {"language": "lean"},
        {"translator": "vllm", "endpoints": ["http://localhost:1/v1"]},
        {"translator": "gpt"},
        {"max_calls": -1},
        {"in_flight": 0},
        {"timeout": 0},
        {"retries": -1},
        {"patience": -1},
        {"backoff": 0},
        {"context": 100},
    ],
)
def test_settings_that_make_no_sense(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TranslateConfig.model_validate(settings)
