"""Whether a build accounts for every document and asked nothing twice, read from its Parquet files and the journals."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.serving.documents import Chunk, name
from tests.serving.processes import Process

Event = dict[str, Any]
REASONS = {"no_computation", "malformed_reply", "call_failed"}
FIELDS = ("document_id", "title", "expression", "result", "code")


def read(folder: Path) -> list[dict[str, Any]]:
    """All rows of the folder's Parquet files."""
    return [row for path in sorted(folder.glob("part-*.parquet")) for row in pq.read_table(path).to_pylist()]


@dataclass(frozen=True)
class Answers:
    """The chunks whose answer reached the client, and those where nobody can say: it may have come too late."""

    sure: frozenset[Chunk]
    maybe: frozenset[Chunk] = frozenset()


def check(output: Path, documents: Sequence[Sequence[Chunk]], answers: Answers | None = None) -> dict[str, str]:
    """Asserts that the folder holds what it should, where `answers` reached the client (None: all did).

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
    answers = answers or Answers(frozenset(chunk for chunks in documents for chunk in chunks))
    for chunks in documents:
        own = name(chunks[0].document)
        check_document(chunks, found[own], reasons.get(own), answers)
    return reasons


def check_document(chunks: Sequence[Chunk], found: list[dict[str, Any]], reason: str | None, answers: Answers) -> None:
    """Asserts that it has what its answered chunks hold, in their order, or is dropped for the right reason."""
    here = [{key: row[key] for key in FIELDS} for row in found]
    used = [chunk for chunk in chunks if any(block.fields in here for block in chunk.computations)]
    assert here == [block.fields for chunk in used for block in chunk.computations], "parts of answers, or others'"
    assert [row["index"] for row in found] == list(range(len(found)))
    assert set(used) <= answers.sure | answers.maybe, "computations from nowhere"
    unsure = [chunk for chunk in chunks if chunk not in answers.sure]
    if reason == "call_failed":
        assert unsure, f"{chunks} were answered, and yet dropped as failed"
        return
    lost = [chunk for chunk in chunks if chunk.computations and chunk not in used]
    assert set(lost) <= set(unsure), f"the answers to {lost} are lost"
    if not here:
        assert set(chunks) <= answers.sure | answers.maybe, f"{unsure} had no answer, and yet the reason is {reason}"
        assert reason == ("malformed_reply" if any(chunk.kind == "malformed" for chunk in chunks) else "no_computation")


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


def answered(*stubs: Process) -> int:
    """How many answers they have sent whole."""
    return sum(len(stub.journal("answered")) for stub in stubs)


def assert_asked_once(documents: Sequence[Sequence[Chunk]], *stubs: Process) -> None:
    """Every chunk was asked about, and nothing after it had been answered."""
    asked, answers = ([event for stub in stubs for event in stub.journal(name)] for name in ("asked", "answered"))
    assert {chunk_of(event) for event in asked} == {chunk for chunks in documents for chunk in chunks}
    assert asked_again(asked, answers) == []
