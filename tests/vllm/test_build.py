"""Whole builds that a real model translates: nothing is lost or asked twice when the server or the build is killed."""

import os
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.vllm.server import MODEL, Server

pytestmark = pytest.mark.pipeline

SAMPLE = Path(__file__).resolve().parents[2] / "pipelines" / "sample"
IN_FLIGHT = 16
SETTINGS = f"[translate]\nin_flight = {IN_FLIGHT}\nmax_tokens = 96\nmax_chunk_tokens = 400\npatience = 240\n"

TEXTS = [
    "Adding the numbers from one to ten gives $1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 = 55$, and $12 \\cdot 12 = 144$.",
    "A rectangle of the sides $3$ and $7$ has the area $3 \\cdot 7 = 21$ and the perimeter $2 \\cdot (3 + 7) = 20$.",
    "Since $2^{10} = 1024$, we find that $2^{10} - 24 = 1000$ and $\\sqrt{1024} = 32$.",
    "Half of $18$ is $18 / 2 = 9$, whose square is $9^2 = 81$. A third of it is $81 / 3 = 27$.",
]


def rows(folder: Path, stage: str, below: str = "") -> list[dict[str, Any]]:
    """All rows of a stage, or of a folder below it."""
    [found] = folder.glob(f"stages/{stage}-*")
    return [row for path in sorted((found / below).glob("part-*.parquet")) for row in pq.read_table(path).to_pylist()]


def configure(folder: Path, settings: str) -> Path:
    """The sample's configuration with these settings for the model."""
    config = folder / "corpus.toml"
    config.write_text((SAMPLE / "corpus.toml").read_text() + "\n" + settings)
    for name in ("pages", "texts.jsonl", "benchmarks"):  # paths are relative to the file
        (folder / name).symlink_to(SAMPLE / name)
    return config


def check(out: Path) -> Counter[str]:
    """Asserts that calls, their outcomes and documents add up; returns how the last calls of the chunks ended."""
    calls = rows(out, "translate", "calls")
    outcomes, dropped = rows(out, "translate", "outcomes"), rows(out, "translate", "dropped")
    documents = [row["id"] for row in [*outcomes, *dropped]]
    assert sorted(documents) == sorted(row["id"] for row in rows(out, "decontaminate"))
    assert {call["document_id"] for call in calls} == set(documents)
    last: dict[tuple[str, int], dict[str, Any]] = {}
    for call in sorted(calls, key=lambda call: call["completion_tokens"]):
        last[call["document_id"], call["chunk"]] = call
    for document in set(documents):  # chunks are numbered without a gap
        chunks = sorted(chunk for owner, chunk in last if owner == document)
        assert chunks == list(range(len(chunks)))
    found = rows(out, "translate")
    assert len(found) == sum(row["num_computations"] for row in outcomes) == sum(c["computations"] for c in calls)
    assert not [call for call in calls if call["error"]]
    return Counter(call["finish"] for call in last.values())


def answered(server: Server, at_least: int, build: "subprocess.Popen[bytes]", seconds: float = 240) -> None:
    """Waits until the server has answered so often, while the build runs."""
    end = time.monotonic() + seconds
    while server.answered() < at_least:
        assert build.poll() is None, "the build has ended"
        assert time.monotonic() < end, "too few calls are answered"
        time.sleep(0.1)


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
    config = configure(tmp_path, SETTINGS.replace("96", "400") + "structured = true\n")
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
