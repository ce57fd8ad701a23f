"""Benchmark files: reading, checking, digest."""

import json
import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass

import fsspec

from transforms.records import content_id

NONE = ("", "none")
_COLUMNS = ("benchmark", "split", "id", "question")
_ENDINGS = (".jsonl", ".jsonl.gz", ".jsonl.zst")
_OPTION = re.compile(r"(?:^|\s)\(?[A-H][).:]\s+")  # in options that are one string: "A) 1 B) 2", "(A) 1 (B) 2"


class BenchmarkError(ValueError):
    """The benchmarks that the user named cannot be used; the message is one line that names the thing."""


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """One benchmark question; `answer`, `options` and `solution` are empty where the file has none."""

    benchmark: str
    split: str
    id: str
    question: str
    answer: str = ""
    options: tuple[str, ...] = ()
    solution: str = ""


def load_benchmarks(path: str) -> tuple[Question, ...]:
    """The questions of a file, a folder or a glob that fsspec opens, in an order that no file name changes.

    Raises `BenchmarkError` where a file is missing or unreadable, a line is no JSON object or a column is missing.
    """
    if path in NONE:
        return ()
    return tuple(sorted(question for file in _files(path) for question in _read(file)))


def digest_benchmarks(path: str) -> str:
    """A hash of the questions' content, for the fingerprint; raises as `load_benchmarks` does."""
    return content_id(json.dumps([astuple(question) for question in load_benchmarks(path)]))


def _files(path: str) -> list[str]:
    """The benchmark files that `path` stands for, each with its protocol."""
    try:
        fs, root = fsspec.url_to_fs(path)
        if fs.isdir(root):
            found = [name for name in fs.ls(root, detail=False) if name.endswith(_ENDINGS)]
        else:
            found = fs.glob(root)
    except (OSError, ValueError, ImportError) as error:
        raise BenchmarkError(f"benchmarks {path}: {_line(error)}") from error
    if not found:
        raise BenchmarkError(f"benchmarks {path}: no such file, or a folder without {', '.join(_ENDINGS)}")
    return [fs.unstrip_protocol(name) for name in sorted(found)]


def _read(file: str) -> Iterator[Question]:
    try:
        with fsspec.open(file, "rt", encoding="utf-8", compression="infer") as stream:
            lines = stream.readlines()
    except Exception as error:  # gzip, zstandard and the file systems raise each their own
        raise BenchmarkError(f"benchmark {file}: unreadable: {_line(error)}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _question(line, f"{file}:{number}")


def _question(line: str, place: str) -> Question:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BenchmarkError(f"benchmark {place}: no JSON: {_line(error)}") from error
    if not isinstance(row, dict):
        raise BenchmarkError(f"benchmark {place}: no JSON object")
    if missing := [name for name in _COLUMNS if row.get(name) is None]:
        raise BenchmarkError(f"benchmark {place}: no column {', '.join(missing)} (needed: {', '.join(_COLUMNS)})")
    return Question(
        benchmark=_text(row["benchmark"]),
        split=_text(row["split"]),
        id=_text(row["id"]),
        question=_text(row["question"]),
        answer=_text(row.get("answer")),
        options=_options(row.get("options")),
        solution=_text(row.get("solution")),
    )


def _options(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(map(_text, value))
    return tuple(option.strip() for option in _OPTION.split(_text(value)) if option.strip())


def _text(value: object) -> str:
    """Numbers and lists as people write them; nothing for None."""
    if value is None or isinstance(value, str):
        return value or ""
    return ", ".join(map(_text, value)) if isinstance(value, list) else str(value)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
