"""Builds of the sample by a real model: their configuration, their rows, and whether calls and documents add up."""

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

SAMPLE = Path(__file__).resolve().parents[2] / "pipelines" / "sample"
IN_FLIGHT = 16
SETTINGS = f"[translate]\nin_flight = {IN_FLIGHT}\nmax_tokens = 64\nmax_chunk_tokens = 400\npatience = 240\n"


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
    assert {call["finish"] for call in calls if call["error"]} <= {"unasked"}  # for more room, where no server is
    return Counter(call["finish"] for call in last.values())
