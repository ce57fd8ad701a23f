"""`label` from the command line, against a server on loopback: labels, drops, resumes, and the two rounds."""

import json
import shutil
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from models.classifier import Classifier
from tests.serving import Server, reply

pytestmark = pytest.mark.pipeline

THEOREMS = ("theorem", "integral", "polynomial", "eigenvalue")


def categorise(handler: BaseHTTPRequestHandler, prompt: str, _: int) -> None:
    """A model that calls a text mathematics if it names one of a few notions."""
    text = prompt.rpartition("Text:\n")[2]
    if "riddle" in text:
        reply(handler, "I would rather not say.")
    elif any(word in text for word in THEOREMS):
        reply(handler, "**Category:** 2")
    else:
        reply(handler, "The text is about 3 things.\n7")


@pytest.fixture
def server(server: Server) -> Server:
    server.answer = categorise
    return server


def math(i: int) -> str:
    return (
        f"Number {i}: by the {THEOREMS[i % 4]} of the course the {THEOREMS[i // 4 % 4]} is bounded, as we prove. " * 4
    )


def other(i: int) -> str:
    things = ("garden", "kitchen", "railway", "harbour", "holiday")
    return f"Number {i}: the {things[i % 5]} was closed, and the {things[i // 5 % 5]} is open on Sunday for all. " * 4


def rows(count: int) -> list[dict[str, str]]:
    """Texts of both kinds on many sites, one that the model cannot place, and one line that is no row."""
    kinds = (math, other)
    return [
        {"id": f"{i}", "url": f"https://site{i % 10}.example/{i}", "text": kinds[i % 2](i)} for i in range(count)
    ] + [{"id": "r", "url": "https://riddles.example/", "text": "a riddle without an answer"}]


def parts(folder: Path) -> list[dict[str, Any]]:
    return ds.dataset(sorted(map(str, folder.glob("part-*.parquet")))).to_table().to_pylist()


def test_labels_every_row_or_drops_it(server: Server, run: Any, write_jsonl: Any, tmp_path: Path) -> None:
    source, out = write_jsonl(tmp_path / "rows.jsonl", rows(20)), tmp_path / "labels"
    call = ("label", "--input", source, "--output", out, "--endpoint", server.url, "--model", "tiny")
    done = run(*call)
    assert done.returncode == 0, done.stderr
    found = {row["id"]: (row["category"], row["label"], row["teacher"]) for row in parts(out)}
    assert found == {f"{i}": (7, "nonmath", "tiny") if i % 2 else (2, "math", "tiny") for i in range(20)}
    [dropped] = parts(out / "dropped")
    assert (dropped["id"], dropped["stage"], dropped["reason"]) == ("r", "label", "malformed_reply")
    assert json.loads(dropped["detail"])["reply"] == "I would rather not say."
    assert len(server.asked) == 21
    assert run(*call).returncode == 0
    assert len(server.asked) == 21  # nothing that was asked is asked again


def test_goes_on_after_the_partitions_that_are_done(server: Server, run: Any, write_jsonl: Any, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, start in (("a", 0), ("b", 6)):
        write_jsonl(tmp_path / f"in/{name}.jsonl", rows(12)[start : start + 6])
    config = tmp_path / "small.toml"
    config.write_text("partition.bytes = 10\n[label]\nmath = [2, 7]\n")
    call = ("label", "--input", tmp_path / "in", "--output", tmp_path / "out", "--config", config)
    served = ("--endpoint", server.url, "--model", "tiny")
    assert run(*call, *served).returncode == 0
    assert {row["label"] for row in parts(tmp_path / "out")} == {"math"}
    server.asked.clear()

    def lose() -> None:
        (tmp_path / "out/_SUCCESS").unlink()
        (tmp_path / "out/_partitions/00001.json").unlink()

    lose()
    assert run(*call, *served, "--max-calls", "0").returncode == 0
    assert server.asked == []  # the answers are kept
    lose()
    shutil.rmtree(tmp_path / "out/completions")
    assert run(*call, *served, "--max-calls", "6").returncode == 0
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "label needs a served model: give --endpoint URL and --model NAME"),
        (["--endpoint", "URL", "--model", "huge"], "serves tiny, not huge"),
        (
            ["--endpoint", "http://127.0.0.1:9/v1", "--model", "tiny"],
            "no model server answers at http://127.0.0.1:9/v1",
        ),
        (
            ["--endpoint", "URL", "--model", "tiny", "--max-calls", "3"],
            "more than 3 model calls would be made",
        ),
    ],
)
def test_mistakes_are_one_line(
    server: Server, run: Any, write_jsonl: Any, tmp_path: Path, options: list[str], message: str
) -> None:
    source = write_jsonl(tmp_path / "rows.jsonl", rows(4))
    options = [server.url if option == "URL" else option for option in options]
    done = run("label", "--input", source, "--output", tmp_path / "out", *options)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert message in done.stderr
    assert not list(tmp_path.glob("out/part-*"))
    assert server.asked == []


def test_two_rounds(server: Server, run: Callable[..., Any], write_jsonl: Any, tmp_path: Path) -> None:
    """Round one on a guess, its survivors labelled, round two on the labels: it drops what round one let in."""
    guess = [{"text": math(i) if i % 3 else other(i)} for i in range(60)]  # a third of the positives are none
    positive = write_jsonl(tmp_path / "positive.jsonl", guess)
    negative = write_jsonl(tmp_path / "negative.jsonl", [{"text": other(i) + " shop basket"} for i in range(60, 120)])
    crawl = write_jsonl(tmp_path / "crawl.jsonl", rows(60))
    config = tmp_path / "rounds.toml"
    config.write_text(f'[classify]\nmodel = "{tmp_path}/one.ftz"\n[filter]\nmin_math_score = 0\n')
    served = ("--endpoint", server.url, "--model", "tiny")
    labels = tmp_path / "labels"
    for command in (
        ("train-classifier", "--positive", positive, "--negative", negative, "--output", tmp_path / "one.ftz"),
        ("stage", "classify", "--input", crawl, "--output", tmp_path / "classified", "--config", config),
        ("stage", "filter", "--input", tmp_path / "classified", "--output", tmp_path / "one", "--config", config),
        ("label", "--input", tmp_path / "one", "--output", labels, *served),
        ("train-classifier", "--positive", labels, "--negative", labels, "--output", tmp_path / "two.ftz"),
    ):
        done = run(*command)
        assert done.returncode == 0, done.stderr
    one, two = (Classifier.load(str(tmp_path / f"{name}.ftz")) for name in ("one", "two"))
    assert all(one.score(other(i)) > 0.3 for i in range(1, 60, 6))
    assert all(two.score(other(i)) < 0.3 for i in range(200, 260))
    assert all(two.score(math(i)) > 0.7 for i in range(200, 260))
