"""Documents to calls: chunks in a prompt that fits, answers that were cut off or go in circles, what is missing."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from models import tokenizer
from models.chat.messages import EndpointError, Reply
from transforms.served.completions import Completions
from transforms.served.config import Facts
from transforms.translate.calls import Calls, calls_of, loops, missing, tokenizer_name
from transforms.translate.config import TranslateConfig

CONFIG = TranslateConfig(translator="vllm", endpoints=("http://localhost:1/v1",), model="m")
WORDS = "\n\n".join(f"Paragraph {n} " + "word " * 60 for n in range(40))
FORMULA = "$$" + "x + " * 3_000 + "x$$"


def with_context(context: int | None, **settings: object) -> Calls:
    return calls_of(CONFIG.model_copy(update={"context": context, **settings}))


SHARED = len(tokenizer.many_tokens(str(with_context(None).request("").body["messages"][0]["content"])))


def test_without_a_known_context_the_settings_hold() -> None:
    calls = with_context(None)
    assert (calls.room.chunk, calls.room.answer, calls.longest) == (1500, 2048, None)
    assert calls.fits("x " * 100_000)


@pytest.mark.parametrize("context", [SHARED + 250, SHARED + 1_000, SHARED + 4_000, 128_000])
def test_prompt_and_answer_fit_into_the_context(context: int) -> None:
    calls = with_context(context)
    assert calls.longest is not None
    assert 50 <= calls.room.chunk <= min(1500, calls.longest)
    assert calls.room.answer <= 2048
    for chunk in calls.chunks(WORDS):
        body = calls.request(chunk).body
        used = len(tokenizer.many_tokens(body["messages"][0]["content"])) + body["max_tokens"]
        assert used <= context


@pytest.mark.parametrize("context", [256, SHARED, SHARED + 100])
def test_a_context_that_is_too_small_is_one_clear_line(context: int) -> None:
    with pytest.raises(EndpointError, match=rf"a context of {context:,} tokens is too small for m"):
        with_context(context)


def test_the_server_says_what_the_context_is_unless_the_settings_do() -> None:
    facts = CONFIG.model_copy(update={"facts": Facts(context=SHARED + 1_000)})
    assert calls_of(facts).longest is not None
    assert calls_of(facts).longest != calls_of(facts.model_copy(update={"context": SHARED + 900})).longest


def test_a_formula_that_fills_the_prompt_is_not_asked_about() -> None:
    calls = with_context(SHARED + 1_000)
    [before, formula, after] = calls.chunks(f"Before.\n\n{FORMULA}\n\nAfter.")
    assert (calls.fits(before), calls.fits(formula), calls.fits(after)) == (True, False, True)


def test_halves_are_smaller_and_end_where_nothing_can_be_cut() -> None:
    calls = with_context(None)
    [chunk] = calls.chunks("word " * 1_000)
    halves = calls.halves(chunk)
    assert len(halves) == 2
    assert "".join("".join(halves).split()) == "".join(chunk.split())
    assert calls.halves(FORMULA) == [FORMULA]
    assert calls.halves("a word or two") == ["a word or two"]


def test_a_server_that_refuses_everything_is_not_asked_for_every_word() -> None:
    calls = with_context(None)
    asked, waiting = 0, ["word " * 1_500]
    while waiting:
        chunk = waiting.pop()
        asked += 1
        halves = calls.halves(chunk)
        waiting += halves if len(halves) > 1 else []
    assert asked < 150


def test_the_identity_of_a_call() -> None:
    request = with_context(None).request("a chunk")
    assert request.body["model"] == "m"
    assert "a chunk" in request.body["messages"][0]["content"]
    assert {"repetition_detection", "structured_outputs"}.isdisjoint(request.body)
    for change in ({"seed": 1}, {"temperature": 0.5}, {"max_tokens": 9}, {"model": "n"}, {"language": "lean"}):
        assert with_context(None, **change).request("a chunk").key != request.key
    for speed in ({"in_flight": 1}, {"endpoints": ("http://other:1/v1",)}, {"patience": 1.0}, {"completions": "x"}):
        assert with_context(None, **speed).request("a chunk").key == request.key


def test_repetition_is_detected_by_servers_that_can() -> None:
    vllm = {"facts": Facts(vllm=True)}
    assert "repetition_detection" in with_context(None, **vllm).request("a").body
    assert "repetition_detection" in with_context(None, repetition_detection=True).request("a").body
    assert "repetition_detection" not in with_context(None, **vllm, repetition_detection=False).request("a").body


@pytest.mark.parametrize(
    ("context", "reply", "limit"),
    [
        (None, Reply("text", "stop"), None),
        (None, Reply("text", "length"), 4096),
        (SHARED + 100_000, Reply("text", "length", SHARED), 4096),
        (SHARED + 4_000, Reply("text", "length", SHARED + 1_000), 3000),
        (SHARED + 4_000, Reply("text", "length", SHARED + 1_900), None),  # hardly more than it had
        (SHARED + 4_000, Reply("text", "length", SHARED + 9_000), None),
        (None, Reply("and so on and on " * 30, "length"), None),
    ],
)
def test_an_answer_that_was_cut_off_gets_more_room_if_that_helps(
    context: int | None, reply: Reply, limit: int | None
) -> None:
    calls = with_context(context)
    longer = calls.longer(calls.request("a"), reply)
    assert (longer and longer.body["max_tokens"]) == limit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", False),
        ("A proof. " + "therefore x = 1, " * 4, True),
        ("A proof. " + "therefore x = 1, " * 3, False),
        ("A proof. " + "therefore x = 1, " * 20 + "there", True),
        ("word " * 50, True),
        ("\n".join(f"{n}. and the next is {n + 1}" for n in range(100)), False),
        ("the end" + " " * 500, False),
        ("x" * 400, True),
        ("| 0 | 0 | 0 |\n" * 10, True),
        ("a long loop " + "".join(f"step {n} of many, " for n in range(20)) * 5, True),
        ("The sum of 1, 1, 1, 1 and 1 is 5.", False),
    ],
)
def test_loops(text: str, expected: bool) -> None:
    assert loops(text) is expected


def test_calls_that_are_still_missing() -> None:
    calls = with_context(None, max_chunk_tokens=100)
    store = Completions("memory://missing")
    config = calls.config
    requests = [calls.request(chunk) for chunk in calls.chunks(WORDS)]
    assert [r.key for r in missing(config, WORDS, store)] == [r.key for r in requests]
    store.put([(requests[0].key, Reply("NONE", "stop")), (requests[1].key, Reply("cut off", "length"))])
    longer = requests[1].answering(4096)
    assert [r.key for r in missing(config, WORDS, store)] == [longer.key, *(r.key for r in requests[2:])]
    store.put([(longer.key, Reply("cut off again", "length")), *((r.key, Reply("NONE")) for r in requests[2:])])
    assert list(missing(config, WORDS, store)) == []


def test_what_can_never_be_asked_is_not_missing() -> None:
    config = with_context(SHARED + 1_000).config
    assert list(missing(config, FORMULA, Completions("memory://nothing"))) == []


def test_whose_tokens_are_counted(tmp_path: Path) -> None:
    assert tokenizer_name(CONFIG) == ""
    facts = CONFIG.model_copy(update={"facts": Facts(root=str(tmp_path))})
    assert tokenizer_name(facts) == ""
    (tmp_path / "tokenizer.json").write_text("{}")
    assert tokenizer_name(facts) == str(tmp_path)
    assert tokenizer_name(facts.model_copy(update={"tokenizer": "other"})) == "other"
    with pytest.raises(EndpointError, match=r"no tokenizer at .*see \[translate\] tokenizer") as raised:
        calls_of(facts)
    assert len(str(raised.value).splitlines()) == 1


def test_a_models_own_tokenizer_counts(tmp_path: Path) -> None:
    own = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    own.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    own.save(str(tmp_path / "tokenizer.json"))
    calls = with_context(None, tokenizer=str(tmp_path), max_chunk_tokens=50)
    assert list(calls.tokens("ab cd😀  e")) == [2, 6, 9]
    assert [len(chunk.split()) for chunk in calls.chunks("long-hyphenated-words " * 120)] == [50, 50, 20]
