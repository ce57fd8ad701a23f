"""Whether a build accounts for every document and asked nothing twice, read from its Parquet files and the journals."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.serving.documents import Chunk, name

Event = dict[str, Any]
REASONS = {"no_computation", "malformed_reply", "call_failed"}
FIELDS = ("document_id", "title", "expression", "result", "code")


def read(folder: Path) -> list[dict[str, Any]]:
    """All rows of the folder's Parquet files."""
    return [row for path in sorted(folder.glob("part-*.parquet")) for row in pq.read_table(path).to_pylist()]


def check(output: Path, documents: Sequence[Sequence[Chunk]], failed: Iterable[Chunk] = ()) -> dict[str, str]:
    """Asserts that the folder holds what it should, where the calls for the chunks `failed` had no answer.

    Every document is an outcome or dropped, and that once; all its computations are its own, and all that the answers
    hold are there; what has none is dropped for the right reason. Returns the reasons of those that are dropped.
    """
    computations, outcomes, dropped = read(output), read(output / "outcomes"), read(output / "dropped")
    ids = Counter(row["id"] for row in [*outcomes, *dropped])
    assert ids == Counter(name(chunks[0].document) for chunks in documents), "a document is lost, or there twice"
    assert {(row["stage"], row["reason"]) for row in dropped} <= {("translate", reason) for reason in REASONS}
    assert {(row["teacher"], row["language"]) for row in computations} <= {("tiny", "python")}
    assert len({row["id"] for row in computations}) == len(computations)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(computations, key=lambda row: row["index"]):
        found[row["document_id"]].append(row)
    numbers = {row["id"]: row["num_computations"] for row in outcomes}
    reasons = {row["id"]: row["reason"] for row in dropped}
    assert {own: len(rows) for own, rows in found.items()} == {own: n for own, n in numbers.items() if n}
    lost = set(failed)
    for chunks in documents:
        check_document(chunks, found[name(chunks[0].document)], reasons.get(name(chunks[0].document)), lost)
    return reasons


def check_document(chunks: Sequence[Chunk], found: list[dict[str, Any]], reason: str | None, lost: set[Chunk]) -> None:
    """Asserts that it has what its answered chunks hold, in their order, or is dropped for the right reason."""
    assert [row["index"] for row in found] == list(range(len(found)))
    due = [block.fields for chunk in chunks if chunk not in lost for block in chunk.computations]
    here = [{key: row[key] for key in FIELDS} for row in found]
    if lost.isdisjoint(chunks):
        assert here == due
        kinds = {chunk.kind for chunk in chunks}
        assert reason == (None if due else "malformed_reply" if "malformed" in kinds else "no_computation")
    else:  # what becomes of a document of which a part has no answer is the stage's own affair
        assert here == due or (here == [] and reason == "call_failed")
        assert here or reason == "call_failed"


def chunk_of(event: Event) -> Chunk:
    """What the request was about."""
    return Chunk(*event["chunk"])


def call(event: Event) -> object:
    """What may be asked once: a chunk, or, where its answer may be found wanting, these words about it."""
    chunk = chunk_of(event)
    return (chunk, event["digest"]) if chunk.kind in ("malformed", "cut") else chunk


def asked_again(asked: Iterable[Event], answered: Iterable[Event]) -> list[Event]:
    """The requests that came after the same had been answered."""
    first: dict[object, float] = {}
    for event in answered:
        first.setdefault(call(event), event["at"])
    return [event for event in asked if event["at"] > first.get(call(event), float("inf"))]


def unanswered(documents: Iterable[Iterable[Chunk]], answered: Iterable[Event]) -> set[Chunk]:
    """The chunks without an answer."""
    return {chunk for chunks in documents for chunk in chunks} - {chunk_of(event) for event in answered}
