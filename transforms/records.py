"""The records that travel between stages, and their Arrow schemas.

Records are frozen dataclasses on Beam's default coder: a class registered with RowCoder comes out of a worker
process as another type. Every record has one hand-written schema; `to_row` and `from_row` translate.
"""

import hashlib
import json
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

import pyarrow as pa


class Reason(StrEnum):
    """Why a record was dropped: the closed set of `Dropped.reason`."""

    # read
    TRUNCATED = "truncated"
    CORRUPT = "corrupt"
    TOO_LARGE = "too_large"
    BINARY = "binary"
    NOT_HTML = "not_html"
    HTTP_STATUS = "http_status"
    MALFORMED = "malformed"
    EMPTY = "empty"
    # select, filter
    NOT_MATH = "not_math"
    LANGUAGE = "language"
    TOO_SHORT = "too_short"
    TOO_FEW_FORMULAS = "too_few_formulas"
    # select, extract: what the guard stops (also `too_large`, where it is the memory)
    TIMEOUT = "timeout"
    CRASH = "crash"
    # dedup
    SAME_ID = "same_id"
    EXACT = "exact_duplicate"
    NEAR = "near_duplicate"
    # decontaminate
    CONTAMINATED = "contaminated"
    # translate
    NO_COMPUTATION = "no_computation"
    CALL_FAILED = "call_failed"
    MALFORMED_REPLY = "malformed_reply"
    # assemble: the verdicts that the configuration does not keep
    UNVERIFIED = "unverified"
    CONTRADICTED = "contradicted"
    TRIVIAL = "trivial"
    VERIFIED = "verified"
    # any stage: an exception that nobody expected, with the tail of its traceback in `detail`
    ERROR = "error"


class Verdict(StrEnum):
    """Whether a snippet computes the stated result, in the order in which they are judged."""

    UNVERIFIED = "unverified"
    CONTRADICTED = "contradicted"
    TRIVIAL = "trivial"
    VERIFIED = "verified"


class Status(StrEnum):
    """How a snippet ended."""

    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"
    CRASH = "crash"
    DENIED = "denied"


SOURCE = re.compile(r"[a-z][a-z0-9_-]*")  # the names of sources, which are those of components and their folders


@dataclass(frozen=True, slots=True)
class Page:
    """A web page as it was fetched: `content` is the undecoded body."""

    id: str
    content: bytes
    url: str = ""
    content_type: str = ""
    crawl: str = ""
    origin: str = ""
    coarse_score: float | None = None  # select's, absent where select did not run


@dataclass(frozen=True, slots=True)
class Document:
    """A text with inline math as `$…$` and display math as `$$…$$`; scores are None until their stage has run."""

    id: str
    text: str
    source: str = "web"
    url: str = ""
    title: str = ""
    language: str = ""
    coarse_score: float | None = None
    math_score: float | None = None
    num_formulas: int | None = None
    num_tokens: int | None = None
    macros: str = ""
    license: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Computation:
    """A reasoning step with its snippet; from `status` on, the fields are empty until execute has run."""

    id: str
    document_id: str
    code: str
    result: str
    index: int = 0
    title: str = ""
    conditions: tuple[str, ...] = ()
    expression: str = ""
    language: str = "python"
    teacher: str = ""
    prompt_version: str = ""
    agreement: str = ""  # with the embedded translator, where it read the same expression: agrees or differs
    status: str = ""
    stdout: str = ""
    stderr: str = ""
    seconds: float | None = None
    verdict: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What translate made of one document: how many computations."""

    id: str
    num_computations: int


@dataclass(frozen=True, slots=True)
class Translated(Document):
    """A finished row of the component `translated`, with the computations that its text shows."""

    computations: tuple[Computation, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class FileCount:
    """What read found in one input file: the number from which conservation is checked."""

    id: str  # the file, relative to the input's fixed root
    pages: int
    documents: int
    dropped: int


@dataclass(frozen=True, slots=True)
class ShardFile:
    """A finished shard, as the manifest lists it."""

    id: str  # path below the build's folder
    component: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A record that left the build at `stage`; `detail` is a JSON object with what a person needs to check the case."""

    id: str
    stage: str
    reason: str
    detail: str = "{}"


Record: TypeAlias = Page | Document | Computation | Outcome | FileCount | Dropped
R = TypeVar("R", Page, Document, Computation, Outcome, Translated, FileCount, Dropped)

_COMPUTATION = [
    pa.field("id", pa.string(), nullable=False),
    pa.field("document_id", pa.string(), nullable=False),
    pa.field("index", pa.int32(), nullable=False),
    pa.field("title", pa.string()),
    pa.field("conditions", pa.list_(pa.string())),
    pa.field("expression", pa.string()),
    pa.field("result", pa.string()),
    pa.field("language", pa.string()),
    pa.field("code", pa.string()),
    pa.field("teacher", pa.string()),
    pa.field("prompt_version", pa.string()),
    pa.field("agreement", pa.string()),
    pa.field("status", pa.string()),
    pa.field("stdout", pa.string()),
    pa.field("stderr", pa.string()),
    pa.field("seconds", pa.float64()),
    pa.field("verdict", pa.string()),
    pa.field("reason", pa.string()),
]
_DOCUMENT = [
    pa.field("id", pa.string(), nullable=False),
    pa.field("source", pa.string()),
    pa.field("url", pa.string()),
    pa.field("title", pa.string()),
    pa.field("text", pa.string(), nullable=False),
    pa.field("language", pa.string()),
    pa.field("coarse_score", pa.float32()),
    pa.field("math_score", pa.float32()),
    pa.field("num_formulas", pa.int32()),
    pa.field("num_tokens", pa.int32()),
    pa.field("macros", pa.string()),
    pa.field("license", pa.string()),
    pa.field("origin", pa.string()),
]
# Seconds and stderr differ from run to run, so a shard leaves them out: its bytes must not.
_NOT_IN_SHARDS = ("seconds", "stderr")

SCHEMAS: Mapping[type[Any], pa.Schema] = {
    Page: pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field("url", pa.string()),
            pa.field("content", pa.binary(), nullable=False),
            pa.field("content_type", pa.string()),
            pa.field("crawl", pa.string()),
            pa.field("origin", pa.string()),
            pa.field("coarse_score", pa.float32()),
        ]
    ),
    Document: pa.schema(_DOCUMENT),
    Computation: pa.schema(_COMPUTATION),
    Translated: pa.schema(
        [
            *_DOCUMENT,
            pa.field("computations", pa.list_(pa.struct([f for f in _COMPUTATION if f.name not in _NOT_IN_SHARDS]))),
        ]
    ),
    Outcome: pa.schema(
        [pa.field("id", pa.string(), nullable=False), pa.field("num_computations", pa.int32(), nullable=False)]
    ),
    FileCount: pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field("pages", pa.int64(), nullable=False),
            pa.field("documents", pa.int64(), nullable=False),
            pa.field("dropped", pa.int64(), nullable=False),
        ]
    ),
    ShardFile: pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field("component", pa.string(), nullable=False),
            pa.field("rows", pa.int64(), nullable=False),
            pa.field("bytes", pa.int64(), nullable=False),
            pa.field("sha256", pa.string(), nullable=False),
        ]
    ),
    Dropped: pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field("stage", pa.string(), nullable=False),
            pa.field("reason", pa.string(), nullable=False),
            pa.field("detail", pa.string(), nullable=False),
        ]
    ),
}


def content_id(*parts: str | bytes) -> str:
    """A 128-bit hash of the parts in hex, equal on every rerun, machine and runner."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "little"))  # so that ("ab", "c") differs from ("a", "bc")
        digest.update(data)
    return digest.hexdigest()


def drop(record: Record, stage: str, reason: Reason, **detail: object) -> Dropped:
    """The record as a `Dropped` row; its url and origin, where known, are added to the detail."""
    known = {name: value for name in ("url", "origin") if (value := getattr(record, name, ""))}
    return Dropped(record.id, stage, reason, json.dumps(known | detail, ensure_ascii=False, sort_keys=True))


def drop_error(record: Record, stage: str, error: BaseException) -> Dropped:
    """A record that a stage's function raised on: never the end of the build, and never lost."""
    tail = "".join(traceback.format_exception(error)[-3:])[-2000:]
    return drop(record, stage, Reason.ERROR, error=type(error).__name__, message=str(error)[:500], traceback=tail)
