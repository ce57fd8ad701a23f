"""What our client relies on, of the real server, and builds that it translates.

The answers are a small model's, so only their form is tested, and that nothing is lost or asked twice when server or
build are killed. All in one file, so that one worker starts one server.
"""

import json
import os
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.vllm.builds import IN_FLIGHT, SETTINGS, check, configure, rows
from tests.vllm.environment import Environment
from tests.vllm.server import MAX_MODEL_LEN, MODEL, Server, command, members, variables

pytestmark = pytest.mark.pipeline

LOOPS = "Repeat the word banana forever: banana banana banana banana banana banana"
REPETITION = {"max_pattern_size": 20, "min_pattern_size": 1, "min_count": 6}
RATING = {
    "type": "object",
    "properties": {
        "stars": {"type": "integer", "minimum": 1, "maximum": 5},
        "words": {"type": "array", "items": {"type": "string", "maxLength": 12}, "minItems": 1, "maxItems": 2},
    },
    "required": ["stars", "words"],
    "additionalProperties": False,
}


def choice(body: dict[str, Any]) -> tuple[str, str]:
    """Text and finish reason."""
    (only,) = body["choices"]
    return only["message"]["content"], only["finish_reason"]


def is_rating(text: str) -> bool:
    rating = json.loads(text)
    stars, words = rating.pop("stars"), rating.pop("words")
    return not rating and 1 <= stars <= 5 and 1 <= len(words) <= 2 and all(len(word) <= 12 for word in words)


def test_the_card_names_model_and_context(vllm_server: Server) -> None:
    status, body = vllm_server.get("/v1/models")
    (card,) = json.loads(body)["data"]
    assert status == 200
    assert (card["id"], card["owned_by"], card["max_model_len"]) == (MODEL, "vllm", MAX_MODEL_LEN)


def test_version_is_at_the_root(vllm_server: Server) -> None:
    assert json.loads(vllm_server.get("/version")[1]) == {"version": "0.32.0"}


def test_an_answer_tells_its_usage(vllm_server: Server) -> None:
    before = vllm_server.metrics()
    status, body = vllm_server.chat("What is 2+2?", max_tokens=5, temperature=0)
    text, reason = choice(body)
    assert status == 200
    assert text
    assert reason == "length"
    assert body["usage"]["completion_tokens"] == 5
    after = vllm_server.metrics()
    assert after["request_success:length"] == before["request_success:length"] + 1
    assert after["generation_tokens"] == before["generation_tokens"] + 5


def test_another_model_is_404(vllm_server: Server) -> None:
    status, body = vllm_server.chat("Hello", model="nope")
    assert (status, body["error"]["type"], body["error"]["param"]) == (404, "NotFoundError", "model")


def test_unknown_fields_are_ignored(vllm_server: Server) -> None:
    assert vllm_server.chat("Hello", max_tokens=1, what_is_this=1)[0] == 200


class TestContext:
    def fill(self, server: Server, tokens: int) -> str:
        """A prompt that has so many tokens with the chat template."""
        messages = [{"role": "user", "content": "word"}]
        frame = server.post("/tokenize", {"messages": messages})[1]["count"] - 1
        return "word" + " word" * (tokens - frame - 1)

    def test_a_prompt_that_is_too_long_is_400(self, vllm_server: Server) -> None:
        status, body = vllm_server.chat(self.fill(vllm_server, MAX_MODEL_LEN + 500), max_tokens=10)
        assert (status, body["error"]["param"]) == (400, "input_tokens")
        assert f"maximum context length is {MAX_MODEL_LEN} tokens" in body["error"]["message"]

    def test_a_prompt_that_leaves_no_room_is_400_of_another_kind(self, vllm_server: Server) -> None:
        status, body = vllm_server.chat(self.fill(vllm_server, MAX_MODEL_LEN), max_tokens=10)
        assert (status, body["error"]["param"]) == (400, "max_tokens")
        assert "max_tokens must be at least 1, got 0" in body["error"]["message"]

    def test_an_answer_is_cut_to_what_is_left(self, vllm_server: Server) -> None:
        """No error: only the usage tells that more tokens could not have helped."""
        prompt = self.fill(vllm_server, MAX_MODEL_LEN - 3)
        status, body = vllm_server.chat(prompt, max_tokens=400, ignore_eos=True)
        assert (status, choice(body)[1]) == (200, "length")
        assert body["usage"]["completion_tokens"] == 3
        assert body["usage"]["total_tokens"] == MAX_MODEL_LEN

    def test_more_tokens_than_the_context_is_400(self, vllm_server: Server) -> None:
        status, body = vllm_server.chat("Hello", max_tokens=MAX_MODEL_LEN + 1)
        assert (status, body["error"]["param"]) == (400, "max_tokens")


class TestRepetition:
    def test_it_ends_the_answer(self, vllm_server: Server) -> None:
        status, body = vllm_server.chat(LOOPS, max_tokens=200, temperature=0, repetition_detection=REPETITION)
        assert (status, choice(body)[1]) == (200, "repetition")
        assert body["choices"][0]["stop_reason"] == "repetition_detected"
        assert body["usage"]["completion_tokens"] < 200

    def test_a_count_of_one_is_400(self, vllm_server: Server) -> None:
        status, body = vllm_server.chat(LOOPS, repetition_detection=REPETITION | {"min_count": 1})
        assert status == 400
        assert "min_count" in body["error"]["message"]


class TestStructuredOutputs:
    def test_an_answer_that_ends_obeys_the_schema(self, vllm_server: Server) -> None:
        """One that is cut need not: the spaces between JSON's tokens have no limit."""

        def ask(seed: int) -> tuple[str, str]:
            fields = {"max_tokens": 80, "seed": seed, "structured_outputs": {"json": RATING}}
            return choice(vllm_server.chat("Rate the sea as JSON.", **fields)[1])

        with ThreadPoolExecutor(8) as pool:
            ended = [text for text, reason in pool.map(ask, range(8)) if reason == "stop"]
        assert ended
        assert all(map(is_rating, ended))

    def test_a_pattern(self, vllm_server: Server) -> None:
        schema = {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{2}$"}
        text, _ = choice(vllm_server.chat("A code", max_tokens=40, structured_outputs={"json": schema})[1])
        assert len(json.loads(text)) == 6

    def test_a_schema_that_it_cannot_keep_is_400(self, vllm_server: Server) -> None:
        status, body = vllm_server.chat("Hello", structured_outputs={"json": {"type": "nonsense"}})
        assert status == 400
        assert "grammar" in body["error"]["message"].lower()


def test_a_seed_decides_the_answer(vllm_server: Server) -> None:
    """When it is alone: beside other requests the sums are added in another order."""

    def ask(seed: int) -> str:
        return choice(vllm_server.chat("Write a poem.", max_tokens=20, temperature=1, seed=seed)[1])[0]

    first = ask(1)
    assert ask(1) == first
    assert any(ask(seed) != first for seed in (2, 3))


@pytest.mark.full
def test_a_build_whose_calls_travel_as_files(
    vllm_environment: Environment, run: Callable[..., Any], tmp_path: Path
) -> None:
    """run-batch answers what we export, line by line; lines that it refuses are no failure, of its or of the import."""

    def line(name: str, content: str, url: str = "/v1/chat/completions", **fields: Any) -> str:
        body = {"model": MODEL, "messages": [{"role": "user", "content": content}], "max_tokens": 5} | fields
        return json.dumps({"custom_id": name, "method": "POST", "url": url, "body": body}) + "\n"

    settings = f'context = {MAX_MODEL_LEN}\ntokenizer = "{vllm_environment.model}"\ndrop_unasked = true\n'
    config = configure(tmp_path, SETTINGS.replace("= 64", "= 16") + settings)
    ours = ("--config", config, "--output", tmp_path / "out", "--translator", "vllm", "--model", MODEL)
    exported = run("requests", "export", "--requests", tmp_path / "calls", *ours)
    assert exported.returncode == 0, exported.stderr
    calls = (tmp_path / "calls/requests-00000.jsonl").read_text()

    asked, answers = tmp_path / "in.jsonl", tmp_path / "answers.jsonl"
    asked.write_text(
        line("good", "What is 2+2?", temperature=0)
        + line("loop", LOOPS, max_tokens=200, temperature=0, repetition_detection=REPETITION)
        + line("long", "word " * 3000)
        + line("url", "Hello", url="/v1/nothing")
        + calls
    )
    batch = command(vllm_environment, "run_batch", "-i", asked, "-o", answers)
    done = subprocess.run(batch, env=variables(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    good, loop, long, url, *_ = map(json.loads, answers.read_text().splitlines())
    assert (good["custom_id"], good["error"], good["response"]["status_code"]) == ("good", None, 200)
    assert choice(good["response"]["body"])[1] == "length"
    assert choice(loop["response"]["body"])[1] == "repetition"
    assert (long["response"]["status_code"], long["response"]["body"]) == (400, None)
    assert long["error"]["error"]["param"] == "input_tokens"
    assert (url["response"]["status_code"], url["response"]["body"]) == (400, None)
    assert url["error"].startswith("URL /v1/nothing was used")

    imported = run("requests", "import", "--requests", answers, *ours)
    assert f"{calls.count(chr(10))}  stored" in imported.stdout
    assert "4  a custom_id that is not ours" in imported.stdout
    built = run("build", *ours)
    assert built.returncode == 0, built.stderr
    assert check(tmp_path / "out").total() == calls.count("\n")


def test_it_can_be_killed_and_started_again(vllm_server: Server) -> None:
    """The last test, since a start takes most of a minute."""
    before, url, answered = vllm_server.pid, vllm_server.url, vllm_server.answered()
    assert len(members(before)) > 2
    vllm_server.kill()
    assert not members(before)
    with pytest.raises(OSError, match="refused"):
        vllm_server.chat("Hello", max_tokens=1)
    vllm_server.start()
    assert vllm_server.url == url
    assert vllm_server.metrics()["request_success:length"] == 0
    assert vllm_server.chat("Hello", max_tokens=1)[0] == 200
    assert vllm_server.answered() == answered + 1


TEXTS = [
    "Adding the numbers from one to ten gives $1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 = 55$, and $12 \\cdot 12 = 144$.",
    "A rectangle of the sides $3$ and $7$ has the area $3 \\cdot 7 = 21$ and the perimeter $2 \\cdot (3 + 7) = 20$.",
    "Since $2^{10} = 1024$, we find that $2^{10} - 24 = 1000$ and $\\sqrt{1024} = 32$.",
    "Half of $18$ is $18 / 2 = 9$, whose square is $9^2 = 81$. A third of it is $81 / 3 = 27$.",
]


def answered(server: Server, at_least: int, build: "subprocess.Popen[bytes]", seconds: float = 240) -> None:
    """Waits until the server has answered so often, while the build runs."""
    end = time.monotonic() + seconds
    while server.answered() < at_least:
        assert build.poll() is None, "the build has ended"
        assert time.monotonic() < end, "too few calls are answered"
        time.sleep(0.1)


@pytest.mark.timeout(1800)
def test_a_build_outlives_its_server_and_its_own_death(
    vllm_server: Server, command: Callable[..., list[str]], tmp_path: Path
) -> None:
    """The server is killed and started again; then the build is killed and run again: no finished call is repeated."""
    out, before = tmp_path / "out", vllm_server.answered()
    options = ("--config", configure(tmp_path, SETTINGS), "--endpoint", vllm_server.url, "--model", MODEL)
    line = command("build", "--output", out, "--translator", "vllm", *options)
    with (tmp_path / "log").open("wb") as log:
        build = subprocess.Popen(line, stdout=log, stderr=log, start_new_session=True)
        answered(vllm_server, before + 10, build)
        vllm_server.kill()
        time.sleep(2)
        vllm_server.start()
        answered(vllm_server, before + 40, build)
        os.killpg(build.pid, signal.SIGKILL)
        build.wait()
        assert not list(out.glob("shards/*"))
        assert subprocess.run(line, stdout=log, stderr=log, timeout=900).returncode == 0, (tmp_path / "log").read_text()
    assert "answers again" in (tmp_path / "log").read_text()
    ends = check(out)
    asked = {call["id"] for call in rows(out, "translate", "calls")}
    # What the server had sent in the instant of the kill may not have reached the disk.
    assert vllm_server.answered() - before - len(asked) <= IN_FLIGHT
    stored = sum(call["attempts"] == 0 for call in rows(out, "translate", "calls"))
    assert stored >= 40 - IN_FLIGHT
    print(f"{len(asked)} calls, {stored} of them answered before the kill; they ended {dict(ends)}")
    report = (out / "report.html").read_text()
    assert re.search(r"tokens out</th><td class=\"n\">[1-9]", report)
    count = vllm_server.answered()
    assert subprocess.run(line, capture_output=True, timeout=300).returncode == 0
    assert vllm_server.answered() == count


def test_answers_by_a_schema_are_executed(
    vllm_server: Server, run: Callable[..., Any], write_jsonl: Callable[..., Path], tmp_path: Path
) -> None:
    """The smallest of models gives computations that run, where the server holds it to the schema."""
    config = configure(tmp_path, SETTINGS.replace("= 64", "= 500") + "structured = true\n")
    options = ("--config", config, "--translator", "vllm", "--endpoint", vllm_server.url, "--model", MODEL)
    source = write_jsonl(tmp_path / "rows.jsonl", [{"id": str(n), "text": text} for n, text in enumerate(TEXTS)])
    made, executed = tmp_path / "computations", tmp_path / "executed"
    done = run("stage", "translate", "--input", source, "--output", made, *options)
    assert done.returncode == 0, done.stderr
    done = run("stage", "execute", "--input", made, "--output", executed)
    assert done.returncode == 0, done.stderr
    found = [row for path in executed.glob("part-*.parquet") for row in pq.read_table(path).to_pylist()]
    print(Counter((row["status"], row["verdict"]) for row in found))
    assert found
    assert all(row["status"] for row in found)
