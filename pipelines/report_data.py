"""What the report shows of a build: read from its manifest and its Parquet files, in bounded memory."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import BaseModel, ValidationError

from models.chat.messages import Kind
from pipelines.counts import StageCount
from pipelines.errors import UserError
from transforms.files import exists, join, list_names, open_file, read_bytes

Row: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[str, str]
EXAMPLES = 3  # of each kind
BINS = 20  # of the histogram over scores in [0, 1]
_CALL = ("finish", "attempts", "prompt_tokens", "completion_tokens", "computations", "problems")
_NO_ANSWER = get_args(Kind)  # how such calls finish
_VERDICT = "computations.list.element.verdict"
_COMPUTATION = (
    "id",
    "document_id",
    "conditions",
    "expression",
    "result",
    "code",
    "stdout",
    "status",
    "verdict",
    "reason",
)


class Stage(BaseModel, frozen=True):
    """A stage of a build, as the manifest lists it."""

    name: str
    fingerprint: str
    folder: str
    seconds: float
    identity: dict[str, Any] = {}


class Manifest(BaseModel, frozen=True, extra="ignore"):
    """`manifest.json`, as far as the report reads it."""

    created: str
    packages: dict[str, str] = {}
    sandbox: Any = ""
    inputs: tuple[dict[str, Any], ...] = ()
    stages: tuple[Stage, ...] = ()
    funnel: tuple[StageCount, ...] = ()
    shards: tuple[dict[str, Any], ...] = ()
    config: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Component:
    """A component of the corpus; the means are per document, None where the rows have no such column filled."""

    name: str
    documents: int
    bytes: int
    shards: int
    tokens: int
    formulas: int
    mean_tokens: float | None
    mean_formulas: float | None
    computations: int
    languages: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Bin:
    """Documents with a math score from `low` up to the next bin's: kept by filter, and dropped by it."""

    low: float
    kept: int
    dropped: int


@dataclass
class Tally:
    """How often each pair occurs, with the first rows of each as examples."""

    counts: Counter[Key] = field(default_factory=Counter)
    examples: dict[Key, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, key: Key, row: Row) -> None:
        """Counts one row."""
        self.counts[key] += 1
        if len(self.examples[key]) < EXAMPLES:
            self.examples[key].append(row)


def read_manifest(root: str) -> dict[str, Any]:
    """The manifest of a finished build; raises `UserError` where there is none, or not one of ours."""
    path = join(root, "manifest.json")
    if not exists(path):
        raise UserError(f"{root} holds no finished build: there is no manifest.json in it")
    try:
        manifest: dict[str, Any] = json.loads(read_bytes(path))
        Manifest.model_validate(manifest)
    except (ValueError, ValidationError):
        raise UserError(f"{path} is not a manifest of ours") from None
    return manifest


def components(root: str, manifest: Manifest) -> list[Component]:
    """The components with their sizes, by name."""
    files: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for shard in manifest.shards:
        files[shard["component"]].append(shard)
    return [_component(root, name, shards) for name, shards in sorted(files.items())]


def histogram(root: str, manifest: Manifest) -> list[Bin]:
    """The math scores of what classify wrote, divided into what filter kept and what not."""
    classified, kept = (_scores(root, manifest, stage) for stage in ("classify", "filter"))
    return [Bin(i / BINS, int(k), max(0, int(n - k))) for i, (n, k) in enumerate(zip(classified, kept, strict=True))]


def drop_examples(root: str, manifest: Manifest) -> dict[Key, list[Row]]:
    """The first dropped rows of each (stage, reason); reads no further than it must."""
    missing = {(c.stage, reason): min(EXAMPLES, n) for c in manifest.funnel for reason, n in c.dropped.items() if n}
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in _dropped(root, manifest.stages):
        key = row["stage"], row["reason"]
        if missing.get(key):
            missing[key] -= 1
            found[key].append(row)
        if not any(missing.values()):
            break
    return found


def contamination(root: str, manifest: Manifest) -> Tally:
    """Documents dropped for a benchmark's question, by (benchmark, rule)."""
    tally = Tally()
    stages = [stage for stage in manifest.stages if stage.name in ("decontaminate", "decontaminate_final")]
    for row in _dropped(root, stages):
        if (detail := row["detail"]).get("benchmark"):
            tally.add((str(detail["benchmark"]), str(detail.get("rule", ""))), row)
    return tally


@dataclass
class Executions:
    """What execute found: counts by (status, verdict), and by (verdict, reason) with examples."""

    outcomes: Counter[Key] = field(default_factory=Counter)
    reasons: Tally = field(default_factory=Tally)


def executions(root: str, manifest: Manifest) -> Executions:
    """Every executed computation, counted."""
    found = Executions()
    for stage in (s for s in manifest.stages if s.name == "execute"):
        for row in _rows(parts(root, stage), _COMPUTATION):
            found.outcomes[row["status"], row["verdict"]] += 1
            found.reasons.add((row["verdict"], row["reason"] or ""), row)
    return found


@dataclass
class Calls:
    """What a model was asked, and what came of it; calls that were stored cost nothing in this build."""

    finishes: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    agreements: Counter[Key] = field(default_factory=Counter)  # by (agreement, verdict)

    def add(self, row: Row) -> None:
        """Counts one call."""
        self.finishes[row["finish"]] += 1
        self.problems.update(row["problems"])
        stored = "calls without an answer" if row["finish"] in _NO_ANSWER else "calls already stored"
        made = "calls made" if row["attempts"] else stored
        self.numbers.update(
            {
                made: 1,
                "attempts beyond the first": max(0, row["attempts"] - 1),
                "tokens in": row["prompt_tokens"],
                "tokens out": row["completion_tokens"],
                "computations found": row["computations"],
            }
        )


def calls(root: str, manifest: Manifest) -> Calls:
    """Every call of a model that translated, counted, and where its results agree with the embedded translator's."""
    found = Calls()
    for stage in (s for s in manifest.stages if s.name == "translate"):
        for row in _rows(parts(root, stage, "calls"), _CALL):
            found.add(row)
    for stage in (s for s in manifest.stages if s.name == "assemble" and found.numbers):
        for row in _rows(parts(root, stage), ("computations.list.element.agreement", _VERDICT)):
            found.agreements.update((c["agreement"], c["verdict"]) for c in row["computations"] if c["agreement"])
        for row in _dropped(root, [stage]):
            if agreement := row["detail"].get("agreement"):
                found.agreements[agreement, row["reason"]] += 1
    return found


def parts(root: str, stage: Stage, below: str = "") -> list[str]:
    """The Parquet files in a stage's folder, or in one below it."""
    folder = join(root, *(["stages"] if stage.name != "shards" else []), stage.folder, *filter(None, [below]))
    return [join(folder, name) for name in list_names(folder) if name.startswith("part-") and name.endswith(".parquet")]


def _component(root: str, name: str, shards: Sequence[Mapping[str, Any]]) -> Component:
    sums, filled, languages = Counter[str](), Counter[str](), Counter[str]()
    for shard in shards:
        columns = ["language", "num_tokens", "num_formulas"]
        for batch in _batches([join(root, shard["id"])], [*columns, "computations.list.element.index"]):
            languages.update({v["values"] or "": v["counts"] for v in batch["language"].value_counts().to_pylist()})
            for column in columns[1:]:
                sums[column] += pc.sum(batch[column]).as_py() or 0
                filled[column] += len(batch) - batch[column].null_count
            if "computations" in batch.schema.names:
                sums["computations"] += pc.sum(pc.list_value_length(batch["computations"])).as_py() or 0
    return Component(
        name=name,
        documents=sum(shard["rows"] for shard in shards),
        bytes=sum(shard["bytes"] for shard in shards),
        shards=len(shards),
        tokens=sums["num_tokens"],
        formulas=sums["num_formulas"],
        mean_tokens=sums["num_tokens"] / filled["num_tokens"] if filled["num_tokens"] else None,
        mean_formulas=sums["num_formulas"] / filled["num_formulas"] if filled["num_formulas"] else None,
        computations=sums["computations"],
        languages=sorted(languages.items(), key=lambda item: (-item[1], item[0])),
    )


def _scores(root: str, manifest: Manifest, name: str) -> "np.ndarray[Any, np.dtype[np.int64]]":
    bins = np.zeros(BINS, dtype=np.int64)
    for stage in (s for s in manifest.stages if s.name == name):
        for batch in _batches(parts(root, stage), ["math_score"]):
            scores = batch["math_score"].drop_null().to_numpy(zero_copy_only=False)
            # Stored as float32 with four digits: in whole ten-thousandths, 0.8 begins its bin.
            slots = np.rint(scores * 10_000).astype(np.int64) * BINS // 10_000
            bins += np.bincount(np.clip(slots, 0, BINS - 1), minlength=BINS)
    return bins


def _dropped(root: str, stages: Iterable[Stage]) -> Iterator[Row]:
    for stage in stages:
        for row in _rows(parts(root, stage, "dropped"), ("id", "stage", "reason", "detail")):
            yield {**row, "detail": _detail(row["detail"])}


def _detail(text: str) -> dict[str, Any]:
    try:
        detail = json.loads(text)
    except ValueError:
        return {"detail": text}
    return detail if isinstance(detail, dict) else {"detail": detail}


def _rows(paths: Iterable[str], columns: Sequence[str]) -> Iterator[Row]:
    for batch in _batches(paths, columns):
        yield from batch.to_pylist()


def _batches(paths: Iterable[str], columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    for path in paths:
        with open_file(path) as stream:
            yield from pq.ParquetFile(stream).iter_batches(batch_size=10_000, columns=list(columns))
